"""Tunability: what tuning each setting alone gains over its default, and what mistuning it costs.

Probst, Boulesteix & Bischl (2019): d_i = f(x⁰) − min_{x_i} f(x_i, x⁰_-i), x⁰ the default configuration;
jointly d = f(x⁰) − min f. Isolation curves and the expected best after k trials: `isolation`, `best_after_k`.

The default of a setting is what the caller gives, else the tool's own (`sweeps.settings`) where the trials
are of its settings and it lies inside the range, else the middle of the prior; of these, the nearest level
that was tried. A default that the plan did not train has no response: so it is in every plan that is no grid,
unless a surrogate fills in.

A gain or a cost is above the noise of the seed where some level differs by more, in units of its own standard
deviation, than the largest of pure noise would in 95 % of cases: the largest of many is never 0. Where none
does, 0 is a value that the trials allow, and the interval begins there. Where one does, its lower end allows
for the rivals of the level that gives it (`sensitivity.estimators.chosen`).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sensitivity.axis import common_scale, places
from sensitivity.branch import OPTIMIZER
from sensitivity.coding import all_numbers, distinct_codes, key
from sensitivity.estimators.chosen import lowest_of_largest
from sensitivity.estimators.curves.costs import costs
from sensitivity.estimators.curves.curves import retuned, too_few_along
from sensitivity.estimators.curves.differences import levels_differ, stands_out
from sensitivity.estimators.curves.drawing import stretch
from sensitivity.estimators.curves.intervals import interval
from sensitivity.estimators.curves.remarks import IN_BINS, NO_INTERVAL, TOO_FEW_ALONG, few
from sensitivity.estimators.curves.responses import ALL
from sensitivity.estimators.curves.virtual_grid import Predicted, reachable
from sensitivity.measures import measure as m
from sensitivity.measures.possible import agreed
from sensitivity.remarks import JUDGEMENT, REMARKS, Judgement, Remark, Remarks
from sweeps.settings import KNOWN_SETTINGS
from sweeps.settings import default as known_default
from sweeps.space import Choices

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sensitivity.arrays import Floats
    from sensitivity.estimators.curves.responses import Mask, Responses
    from sensitivity.remarks import Said
    from sensitivity.study import Study
    from sweeps.space import Configuration, Domain, Space, Value

GAIN: Final = "gain"
COST: Final = "cost at default"
COST_RETUNED: Final = "cost re-tuned"
TOGETHER: Final = "all together"
ROUNDING: Final = 1e-13  # of the largest response
UNTRAINED: Final = Remark("default_untrained")
INACTIVE: Final = Remark("default_inactive")
COLUMNS: Final = (
    m.Column("branch", "``all`` (the default optimizer is part of x⁰) or ``optimizer=adam``."),
    m.Column("setting", "The setting, or ``all together`` for the joint gain."),
    m.Column("default", "Its value in x⁰; empty where it is inactive.", title="default-column"),
    m.Column(
        "kind",
        "``gain``: from tuning it alone; ``cost at default``: its worst level against its default, "
        "everything else at default; ``cost re-tuned``: worst level with everything else re-tuned, "
        "against the best one, less the luck of both: the cost of the worst value.",
    ),
    *m.estimate(
        "amount", "In units of the response, with the 95 % interval (none of these can be negative)."
    ),
    m.Column("level", "Value that gives it; empty where a surrogate cannot tell which.", title="at-level"),
    m.JUDGEMENT_COLUMN,
    m.REMARKS_COLUMN,
    m.VERDICT_COLUMN,
)


def tunability(study: Study, defaults: Mapping[str, Value] | None = None) -> pd.DataFrame:
    """Gain of tuning each setting and cost of mistuning it, per branch.

    Parameters
    ----------
    study
        The plan's trials are used.
    defaults
        Values that take the place of the tool's own defaults.

    Three rows per branch and setting that varies there, and the joint gain.
    """
    found = reachable(study)
    row_of: dict[bytes, int] = {}  # of 200 settings, numbers would be objects by the million
    for row, codes in enumerate(np.ascontiguousarray(found.codes, dtype=np.int64)):
        row_of.setdefault(codes.tobytes(), row)
    rows: list[dict[str, object]] = []
    for branch, mask in found.branches():
        given = dict(defaults or {})
        if branch != ALL:
            given[found.branch] = found.levels[found.branch][int(found.column(found.branch)[mask][0])]
        start = _Start(found, given, row_of, own=study.read is None and study.of_networks)
        origin = start.row({})
        for name in found.varied(mask):
            default = start.configuration.get(name)
            common = {"branch": branch, "setting": name, "default": default}
            rows += [
                common | row for row in (*_alone(start, origin, name, mask), _retuned_cost(found, name, mask))
            ]
        rows.append({"branch": branch, "setting": TOGETHER} | _joint(found, origin, mask))
    if isinstance(found, Predicted):
        rows = [row | {"level": row["level"] if row[JUDGEMENT] == Judgement.ABOVE else None} for row in rows]
    least = ROUNDING * float(np.nanmax(np.abs(found.means), initial=0.0))
    rows = [_without_rounding(row, least) for row in rows]
    rows = [row | {REMARKS: Remarks(few(found.configurations), found.source, *row[REMARKS])} for row in rows]  # type: ignore[misc]
    return pd.DataFrame(rows, columns=m.names(COLUMNS)).astype({"default": "object", "level": "object"})


def _without_rounding(row: dict[str, object], least: float) -> dict[str, object]:
    """Row with 0 for what is smaller than the rounding of the responses."""
    small = [name for name in ("amount", "low", "high") if abs(float(str(row[name]))) <= least]
    return row | dict.fromkeys(small, 0.0)


class _Start:
    """Default configuration and the configurations around it, as rows of the responses."""

    def __init__(
        self,
        found: Responses,
        given: Mapping[str, Value],
        row_of: Mapping[bytes, int],
        *,
        own: bool,
    ) -> None:
        self.found, self.given, self.row_of, self.own = found, given, row_of, own
        self.configuration = default_configuration(found.space, found, given, own=own)

    def row(self, change: Mapping[str, Value]) -> int | None:
        """Row of the default configuration with some values changed; None where it was not trained."""
        wanted = default_configuration(self.found.space, self.found, {**self.given, **change}, own=self.own)
        of = self.found.coded.code
        codes = [of(name, wanted[name]) if name in wanted else -1 for name in self.found.names]
        if any(key(wanted.get(name)) != key(value) for name, value in change.items()):
            return None
        if None in codes:
            return None
        return self.row_of.get(np.array(codes, dtype=np.int64).tobytes())


def default_configuration(
    space: Space, found: Responses, given: Mapping[str, Value], *, own: bool = True
) -> Configuration:
    """Default of every active setting, parents first, as the nearest level that was tried.

    Parameters
    ----------
    given
        Values that win over the tool's own.
    own
        Whether the settings are the tool's; somebody else's ``batch_size`` of 32 is nobody's default.
    """
    chosen: Configuration = {}
    for setting in space.settings:
        domain = setting.domain({**space.fixed, **chosen})
        if domain is None or setting.name not in found.names or not found.levels[setting.name]:
            continue
        optimizer = chosen.get(OPTIMIZER, space.fixed.get(OPTIMIZER, KNOWN_SETTINGS[OPTIMIZER].default))
        wanted = given.get(setting.name)
        if wanted is None and own and setting.name in KNOWN_SETTINGS:
            wanted = known_default(setting.name, str(optimizer))  # type: ignore[assignment]
        chosen[setting.name] = _nearest(found, setting.name, domain, wanted)
    return chosen


def _tried(found: Responses, name: str, domain: Domain) -> list[int]:
    """Codes of the levels tried of a setting where this domain holds; of all levels where it nowhere does."""
    number = found.domains[name].index(domain) if domain in found.domains[name] else -1
    column = found.column(name)[found.domain[:, found.names.index(name)] == number]
    codes: list[int] = distinct_codes(column).tolist()
    return codes or list(range(len(found.levels[name])))


def _nearest(found: Responses, name: str, domain: Domain, wanted: Value | None) -> Value:
    """Level nearest to ``wanted`` where that is inside the range, otherwise to the middle of the prior."""
    codes = _tried(found, name, domain)
    same = None if wanted is None else found.coded.code(name, wanted)
    if same is not None and same in codes:
        return found.levels[name][same]
    levels = found.levels[name]
    tried = levels if len(codes) == len(levels) else tuple(levels[code] for code in codes)
    numbers = found.coded.numeric(name) or all_numbers(tried)
    inside = numbers and isinstance(wanted, int | float) and float(min(tried)) <= wanted <= float(max(tried))
    if inside and isinstance(domain, Choices):
        return min(tried, key=lambda level: abs(float(level) - float(wanted)))  # type: ignore[arg-type]
    scale = domain if not isinstance(domain, Choices) else common_scale([domain], tried)
    goal = float(places(scale, [wanted])[0]) if inside and wanted is not None else 0.5
    # On the setting's own scale places are known: there may be as many levels as trials.
    place = found.position(name)[codes] if scale == found.scales[name] else places(scale, tried)
    return tried[int(np.argmin(np.abs(place - goal)))]


def _alone(start: _Start, origin: int | None, name: str, mask: Mask) -> list[dict[str, object]]:
    """Gain and cost of moving one setting from the default, everything else at default."""
    found = start.found
    if name not in start.configuration:
        return [_row(kind, excuse=INACTIVE) for kind in (GAIN, COST)]
    if origin is None:  # so it is where every trial has values of its own, and looking for them is quadratic
        return [_row(kind, excuse=UNTRAINED) for kind in (GAIN, COST)]
    levels = [found.levels[name][code] for code in np.unique(found.column(name)[mask]).tolist() if code >= 0]
    rows = {level: row for level in levels if (row := start.row({name: level})) is not None}
    if len(rows) < 2:
        return [_row(kind, excuse=UNTRAINED) for kind in (GAIN, COST)]
    places, levels = list(rows.values()), list(rows)
    means = found.means[places] - found.means[origin]
    draws = found.draws[:, places] - found.draws[:, [origin]]
    return [
        _largest(kind, sign * means, sign * draws, levels, found.second_centre((sign * draws).max(axis=1)))
        for kind, sign in ((GAIN, -1), (COST, 1))
    ]


def _largest(
    kind: str, amounts: Floats, draws: Floats, levels: list[Value], honest: Floats
) -> dict[str, object]:
    """Largest of several differences, and whether it stands out from the noise of all of them."""
    best = int(np.argmax(amounts))
    above = stands_out(amounts, draws) if len(draws) else None
    low, high = interval(float(amounts[best]), draws.max(axis=1), float(honest), 0.0)
    least = max(lowest_of_largest(amounts, draws), 0.0) if above else 0.0
    ends = low if above is None else min(low, least), high
    return _row(kind, float(amounts[best]), ends, above, levels[best])


def _retuned_cost(found: Responses, name: str, mask: Mask) -> dict[str, object]:
    """Worst level with everything else re-tuned, less the best and the luck of both; see `curves.costs`.

    Judged over all pairs of levels.
    """
    if scarce := too_few_along(found, name, mask):
        return _row(COST_RETUNED, excuse=TOO_FEW_ALONG(scarce))
    curve = retuned(found, name, mask)
    told = costs(found, curve)
    amount, low, high = told.worst
    # Bins differ in how well the rest happens to be tuned there: also those of a setting without effect.
    above = None if curve.binned or not len(curve.draws) else levels_differ(curve, stretch(found))
    said = IN_BINS if len(curve.draws) else NO_INTERVAL
    return _row(COST_RETUNED, amount, (float(np.maximum(low, 0.0)), high), above, curve.levels[told.at], said)


def _joint(found: Responses, origin: int | None, mask: Mask) -> dict[str, object]:
    """Gain of tuning everything."""
    if origin is None:
        return _row(GAIN, excuse=UNTRAINED)
    rows = np.flatnonzero(mask)
    draws = found.draws[:, [origin]] - found.draws[:, rows]
    amounts = found.means[origin] - found.means[rows]
    honest = found.held_out(rows, np.zeros(len(rows), dtype=np.int64))[0]
    row = _largest(GAIN, amounts, draws, list(rows), np.array(found.means[origin] - honest))
    return row | {"level": None}


def _row(
    kind: str,
    amount: float = math.nan,
    ends: tuple[float, float] = (math.nan, math.nan),
    above: bool | None = None,
    level: Value | None = None,
    excuse: Said | Remark = NO_INTERVAL,
) -> dict[str, object]:
    """Row of one amount, whose judgement its interval bears out."""
    judged, said = Judgement.UNKNOWN, Remarks(excuse)
    if above is not None:
        judged, said = Judgement.ABOVE if above else Judgement.NOT_ABOVE, Remarks()
    judgement, remarks = agreed(judged, said, ends, 0.0, math.inf, math.inf)
    row = {"kind": kind, "amount": amount + 0.0, "low": ends[0], "high": ends[1], "level": level}  # no −0
    return row | {JUDGEMENT: judgement, REMARKS: remarks}


MEASURE: Final = m.Measure(
    "tunability",
    (
        m.Table(
            "tunability",
            COLUMNS,
            tunability,
            m.WHOLE,
        ),
    ),
)
