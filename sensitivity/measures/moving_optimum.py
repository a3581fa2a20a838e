"""Moving optimum: where the best learning rate lies, as a function of each other setting.

For every value of the other setting the best rate is that of the re-tuned curve (everything else free): the
middle, on the prior's axis (logarithmic for a rate), of the rates that cannot be told from the best one, or
the vertex of a parabola where that is a single level (`sensitivity.estimators.curves.optimum`).

The slope is the least squares slope of log10(best) over places of the other setting's log axis. A law is
named where the interval holds it, no other, and it is the nearest. Beside it stands the bend of the best rate
over the batch size (`sensitivity.estimators.curves.bend`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sensitivity.coding import distinct_codes
from sensitivity.estimators.curves.bend import Bend, bend
from sensitivity.estimators.curves.curves import Curve, retuned, too_few_along
from sensitivity.estimators.curves.intervals import spanned
from sensitivity.estimators.curves.optimum import Optimum, log_value, optimum, value_at
from sensitivity.estimators.curves.optimum import ends as optimum_ends
from sensitivity.estimators.curves.remarks import AT_EDGE, edge, how_known
from sensitivity.estimators.curves.responses import RELIABLE_FROM
from sensitivity.estimators.curves.virtual_grid import reachable
from sensitivity.measures import measure as m
from sensitivity.measures.rate_and_beta import rate_of
from sensitivity.measures.scaling_laws import bends, held, log_axis, told
from sensitivity.remarks import REMARKS, Remark, Remarks
from sensitivity.vocabulary import is_batch_size
from sensitivity.words import short
from sweeps.space import Choices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sensitivity.arrays import Floats
    from sensitivity.estimators.curves.responses import Responses
    from sensitivity.remarks import Said
    from sensitivity.study import Study
    from sweeps.space import Value

ROUNDING: Final = 1e-9  # decades per decade
RATE: Final = "learning_rate"
FEW_TRIALS: Final = Remark("few_trials")
BOUND: Final = Remark(AT_EDGE.name, message="best_at_edge-bound")
FLAT: Final = Remark("flat")
FLAT_BELOW: Final = Remark("flat_below")
FLAT_ABOVE: Final = Remark("flat_above")
EDGES: Final = Remark("edges")
_END: Final = 1e-9
_OF: Final = m.Column(
    "of", "Setting whose best value is followed: ``learning_rate`` where there is one.", title="best-value-of"
)
COLUMNS: Final = (
    m.BRANCH_COLUMN,
    _OF,
    m.Column("setting", "The other setting.", title="at-setting"),
    m.Column("level", "Value of the other setting."),
    *m.estimate("best", "Best value of ``of`` there, with its 95 % interval."),
    m.Column("response", "Response reached there.", m.RESPONSE, "reaches"),
    m.hidden(
        "at_edge",
        "Whether the best level is the first or last: then ``best`` is a bound, not an estimate.",
        m.FLAG,
    ),
    m.REMARKS_COLUMN,
    m.VERDICT_COLUMN,
)
SLOPE_COLUMNS: Final = (
    m.BRANCH_COLUMN,
    _OF,
    m.hidden(
        "setting",
        "The other; settings on a log axis only: positive numbers, and 1 − β of numbers that crowd below 1.",
        m.TEXT,
    ),
    m.Column("axis", "What the slope is over, ``log10(batch_size)`` or ``log10(1 − beta)``.", title="over"),
    *m.estimate("slope", "Least squares slope of log10(best) on the axis, with its 95 % interval."),
    *m.estimate(
        "critical",
        "Critical batch size B of ε / (1 + B / batch size), in examples: the value at which the best rate is "
        "half of its limit, with its 95 % interval. Empty for other settings, fewer than four batch sizes, "
        "and where no bend can be told within a decade of them.",
        title="critical-batch-size",
        ends=("critical_low", "critical_high"),
    ),
    m.hidden("misfit_of_bend", "What it leaves of log10(best), root mean square; empty likewise."),
    m.hidden(
        "misfit_of_slope", "What the slope leaves there, root mean square in log10(best); empty likewise."
    ),
    m.Column("levels", "Levels of the other setting that the slope is fitted to.", m.COUNT),
    m.Column(
        "at_edge",
        "How many of their best values are at an edge of the range.",
        m.COUNT,
        "levels-at-an-edge",
    ),
    m.hidden(
        "laws",
        "Which of ``flat`` (0), ``square-root`` (½) and ``linear`` (1) the interval holds; without one the "
        "nearest.",
        m.TEXT,
    ),
    m.REMARKS_COLUMN,
    m.VERDICT_COLUMN,
)


def moving_optimum(study: Study) -> pd.DataFrame:
    """Best value of the learning rate, or of what takes its place, at each value of every other setting.

    One row per branch, other setting and level at which the followed setting is active. No rows where
    nothing can be followed: fewer than two numeric values, or a single setting.
    """
    rows = []
    found = reachable(study)
    for branch, setting, name, curves in _followed(found):
        for level, curve in curves:
            best = optimum(curve)
            low, high = best.interval
            rows.append(
                {
                    "branch": branch,
                    "of": setting,
                    "setting": name,
                    "level": level,
                    "best": value_at(curve, best.place),
                    "low": value_at(curve, low),
                    "high": value_at(curve, high),
                    "response": float(curve.best.min()),
                    "at_edge": bool(edge(curve)),
                    REMARKS: _remarks(found, curve, best, len(study.trials)),
                }
            )
    return pd.DataFrame(rows, columns=m.names(COLUMNS)).astype({"level": "object"})


def slopes(study: Study) -> pd.DataFrame:
    """Slope of the best rate on log axes, flat, square-root or linear, with the columns `SLOPE_COLUMNS`."""
    rows, rate = [], rate_of(study)
    for branch, setting, name, curves in _followed(reachable(study)):
        axis, places = log_axis(name, [level for level, _ in curves])
        if len(places) < 2 or any(curve.levels[0] <= 0 for _, curve in curves):  # type: ignore[operator]
            continue
        heights, worlds = _heights([curve for _, curve in curves])
        slope, low, high = _slope(places, heights, worlds)
        bent = bend(places, heights, worlds) if setting == rate and is_batch_size(name) else Bend()
        edges = sum(bool(edge(curve)) for _, curve in curves)
        laws = held(slope, low, high)
        rows.append(
            {
                "branch": branch,
                "of": setting,
                "setting": name,
                "axis": axis,
                "slope": slope,
                "low": low,
                "high": high,
                "critical": bent.value,
                "critical_low": bent.low,
                "critical_high": bent.high,
                "misfit_of_bend": bent.misfit,
                "misfit_of_slope": bent.misfit_of_line,
                "levels": len(places),
                "at_edge": edges,
                "laws": ", ".join(laws),
                REMARKS: Remarks(*told(slope, laws, low, high), bends(bent), EDGES(edges) if edges else None),
            }
        )
    return pd.DataFrame(rows, columns=m.names(SLOPE_COLUMNS))


def _heights(curves: list[Curve]) -> tuple[Floats, list[Floats]]:
    """log10 of the optimum of each curve, shape (K,), and the draws of all by world, (draws, K)."""
    optima = [optimum(curve) for curve in curves]
    pairs = list(zip(curves, optima, strict=True))
    worlds = [
        np.array([log_value(curve, best.worlds[k]) for curve, best in pairs]).T
        for k in range(len(optima[0].worlds))
    ]
    return np.array([float(log_value(curve, np.array(best.place))) for curve, best in pairs]), worlds


def _slope(places: Floats, heights: Floats, worlds: list[Floats]) -> tuple[float, float, float]:
    """Least squares slope of log10(optimum) over places of the axis, and its interval."""
    weights = (places - places.mean()) / ((places - places.mean()) ** 2).sum()
    slope, *draws = (_whole(each @ weights) for each in (heights, *worlds))
    return float(slope), *spanned(float(slope), draws)


def _whole(slopes: Floats) -> Floats:
    """Slopes without what is rounding alone: the same optimum everywhere has none."""
    return np.where(np.abs(slopes) < ROUNDING, 0.0, slopes)


def _followed(found: Responses) -> Iterator[tuple[str, str, str, list[tuple[Value, Curve]]]]:
    """Branch, followed setting, other setting, and the curve of the one at each level of the other."""
    setting = followed_setting(found)
    if setting is None:
        return
    for branch, mask in found.branches():
        active = mask & (found.column(setting) >= 0)
        varied = list(found.varied(active))
        for name in varied if setting in varied else []:
            column = found.column(name)
            if name == setting or len(distinct_codes(column[active])) > RELIABLE_FROM:
                continue
            curves = [
                (found.levels[name][code], retuned(found, setting, active & (column == code)))
                for code in distinct_codes(column[active]).tolist()
                if not too_few_along(found, setting, active & (column == code))
            ]
            usable = [(level, curve) for level, curve in curves if len(curve) > 1]
            if usable:
                yield branch, setting, name, usable


def followed_setting(found: Responses) -> str | None:
    """The learning rate where it varies, or the numeric setting (log if any) that moves means most."""
    everywhere = np.ones(len(found.means), dtype=bool)
    varied = [name for name in found.varied(everywhere) if found.coded.numeric(name)]
    if found.rate in varied:
        return found.rate
    log = [n for n in varied if not isinstance(d := found.scales[n], Choices) and d.log]
    spread = {}
    for name in log or varied:
        column = found.column(name)
        place = np.minimum((found.position(name)[column] * 8).astype(np.int64), 7)[column >= 0]
        counts = np.bincount(place)
        means = np.bincount(place, found.means[column >= 0])[counts > 0] / counts[counts > 0]
        spread[name] = float(np.var(means))
    return max(spread, key=lambda name: spread[name]) if spread else None


def _remarks(found: Responses, curve: Curve, best: Optimum, trials: int) -> Remarks:
    side = edge(curve)
    return Remarks(
        FEW_TRIALS(trials) if trials < RELIABLE_FROM else None,
        BOUND(side) if side else None,
        _flat(curve, best),
        *how_known(found, curve),
    )


def _touches(curve: Curve, best: Optimum) -> tuple[bool, bool]:
    """Whether the lowest and the highest value of the range cannot be told from the best one."""
    ends = optimum_ends(curve)
    return best.band[0] <= ends[0] + _END, best.band[1] >= ends[1] - _END


def _flat(curve: Curve, best: Optimum) -> Remark | Said | None:
    """What it means that an end of the range where the best is not cannot be told from it."""
    lowest = int(np.argmin(curve.best))
    at_low, at_high = _touches(curve, best)
    if at_low and at_high:
        return FLAT
    if at_low and lowest > 0:
        return FLAT_BELOW(short(value_at(curve, best.band[1])))
    if at_high and lowest < len(curve) - 1:
        return FLAT_ABOVE(short(value_at(curve, best.band[0])))
    return None


MEASURE: Final = m.Measure(
    "moving-optimum",
    (
        m.Table(
            "moving_optimum",
            COLUMNS,
            moving_optimum,
            m.Excerpt(m.of_setting("batch_size")),
        ),
        m.Table(
            "moving_optimum_slopes",
            SLOPE_COLUMNS,
            slopes,
        ),
    ),
)
