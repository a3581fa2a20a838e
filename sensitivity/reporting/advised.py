"""The tables `advice` and `tolerance` → one row per setting, in the order of what to do.

A setting whose advice differs by branch has that of the branch to fix; where none is fixed, it is to be tuned
where it is in any of the branches that are shown. What to do in the others stands in the same row.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sensitivity.branch import ALL, label, level_of
from sensitivity.estimators.curves.goals import OWN, RETUNED
from sensitivity.estimators.curves.remarks import TOO_FEW_ALONG
from sensitivity.estimators.effects import FEW_HAVE_IT
from sensitivity.measures import advice as a
from sensitivity.measures import ranking as r
from sensitivity.measures import tolerance as t
from sensitivity.remarks import JUDGEMENT, REMARKS, Judgement, Remarks
from sensitivity.reporting.cautions.edges import last_tried, outgrown
from sensitivity.reporting.cautions.kinds import rows_of
from sensitivity.reporting.leading import share_of
from sensitivity.reporting.setting_rows import Cost, Drawn, Place, Row
from sensitivity.words import level_text
from sweeps.space import Choices

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    import pandas as pd

    from sensitivity.remarks import Said
    from sensitivity.study import Study

    Cells = Mapping[Hashable, Any]
    Tables = Mapping[str, pd.DataFrame]
    Estimate = tuple[float, float, float]

MOST_PLACES: Final = 3  # that are told one by one
FEW: Final = (FEW_HAVE_IT, a.TOO_FEW)
JUDGED: Final = (Judgement.ABOVE, Judgement.NOT_ABOVE)  # of too few trials it is missing
ORDER: Final = (a.TUNE, a.FIX, a.UNKNOWN)


@dataclass(frozen=True)
class _Facts:
    """What rows are made of.

    Attributes
    ----------
    order
        Branches worth going on with → their place.
    fixed
        Whether the first of them is to be fixed.
    """

    study: Study
    fixed: bool
    order: Mapping[str, int]
    ends: set[tuple[str, str, str]]
    free: set[tuple[str, str]]
    shares: Mapping[str, tuple[Estimate, object]]
    best: Mapping[str, object]
    apart: tuple[str, ...]


def rows(study: Study, tables: Tables, best: Mapping[str, object]) -> tuple[Row, ...]:
    """What to do about each setting: tuned first, then fixed, then what cannot be judged; each by rank.

    Parameters
    ----------
    best
        The best configuration, setting → value; empty where there is none.
    """
    cells: dict[str, list[Cells]] = {}
    for row in tables["advice"].to_dict("records"):
        if row[a.SETTING] and isinstance(row[a.ADVICE], str):
            cells.setdefault(str(row[a.SETTING]), []).append(row)
    bands = rows_of(tables, "tolerance", method=RETUNED, against=OWN)
    bands = bands[bands["fraction"] >= 1]
    facts = _Facts(
        study,
        _is_fixed(cells.get(study.branch, [])),
        _branches(study, tables, best),
        outgrown(study, tables),
        set(zip(bands["branch"], bands["setting"], strict=True)),
        _shares(tables["ranking"]),
        best,
        tuple(name for name, own in cells.items() if _differs(own)),
    )
    found = [_row(name, own, facts) for name, own in cells.items()]
    return tuple(sorted(found, key=lambda row: (ORDER.index(row.advice), row.rank)))


def _is_fixed(cells: Sequence[Cells]) -> bool:
    """Whether the branches are a setting to fix."""
    return bool(cells) and all(row[a.ADVICE] == a.FIX for row in cells)


def _differs(cells: Sequence[Cells]) -> bool:
    """Whether a setting is to be tuned, and elsewhere in one branch than in another."""
    found = {(level_text(row["good"]), level_text(row["best_at"])) for row in cells}
    return len(found) > 1 and any(row[a.ADVICE] == a.TUNE for row in cells)


def tolerances(tables: Tables, found: Sequence[Row]) -> tuple[float, ...]:
    """How much worse than the best is still good: least and most of the places shown; none of none."""
    sizes = []
    for row in found:
        for place in row.places if row.advice != a.UNKNOWN else ():
            for branch in place.branches if place.value != t.ANY else ():
                bars = rows_of(
                    tables, "tolerance", branch=branch, setting=row.setting, method=RETUNED, against=OWN
                )
                curve = rows_of(tables, "isolation_curves", branch=branch, setting=row.setting)
                sizes += [float(bar) - float(curve["best"].min()) for bar in bars[t.BAR]]
    known = [size for size in sizes if size > 0]  # not NaN
    return (min(known), max(known)) if known else ()


def _shares(ranking: pd.DataFrame) -> dict[str, tuple[Estimate, object]]:
    """Share of each setting over all trials, as the ranking has it, and its judgement."""
    every = ranking[ranking[r.RANK].notna()].to_dict("records")
    return {str(row[r.SETTING]): (share_of(row, r.kind_of(row)).share, row[JUDGEMENT]) for row in every}


def _branches(study: Study, tables: Tables, best: Mapping[str, object]) -> dict[str, int]:
    """Branches worth going on with, first that of the value to take; `ALL` is none.

    The one to fix, and where any will do the others behind it, the best first; else the good ones.
    """
    by = study.branch
    told = next(iter(rows_of(tables, "advice", branch=ALL, setting=by).to_dict("records")), None)
    curve = rows_of(tables, "isolation_curves", branch=ALL, setting=by).sort_values("best", kind="stable")
    levels = [level_text(level) for level in curve["level"]]
    good = rows_of(tables, "tolerance", branch=ALL, setting=by, method=RETUNED, against=OWN)
    first = level_text(best.get(by))
    if told is not None and told[a.ADVICE] == a.FIX:
        first = level_text(told["best_at"]) if isinstance(told["best_at"], str) else first
    idle = told is not None and told[a.ADVICE] == a.FIX and told[JUDGEMENT] != Judgement.ABOVE
    if told is not None and told[a.ADVICE] != a.UNKNOWN and not idle and len(good):
        levels = levels[: int(good["intervals"].max())] or levels  # names are as many intervals as are good
    ordered = sorted(levels, key=lambda level: level != first)
    return {ALL: 0} | {label(by, level): place + 1 for place, level in enumerate(ordered)}


def _row(name: str, cells: Sequence[Cells], facts: _Facts) -> Row:
    """A setting's row, from its rows of the advice."""
    last = len(facts.order)
    kept = [row for row in cells if row["branch"] in facts.order] or list(cells)
    kept = sorted(kept, key=lambda row: facts.order.get(str(row["branch"]), last))
    places = _places([_place(row, facts) for row in kept])[:MOST_PLACES]
    advice = places[0].advice if facts.fixed else min((place.advice for place in places), key=ORDER.index)
    places = [place for place in places if place.advice == advice or not facts.fixed]
    shown = {branch for place in places for branch in place.branches}
    share, judgement = facts.shares[name]
    unknown = [row for row in cells if row[JUDGEMENT] not in JUDGED or row[a.ADVICE] == a.UNKNOWN]
    judged = len(unknown) < len(cells)
    unread = _unread(cells)
    alone = facts.fixed and kept[0][JUDGEMENT] != Judgement.UNKNOWN
    idle = [str(row["branch"]) for row in cells if row[JUDGEMENT] == Judgement.NOT_ABOVE]
    return Row(
        name,
        advice,
        int(cells[0][r.RANK]),
        share,
        judgement,
        (unread[0] if unread else None) if judged else _reason(unknown, advice),
        tuple(places),
        _largest(kept[:1] if alone else [row for row in kept if row["branch"] in shown]),
        (ALL,) if len(idle) == len(cells) else tuple(idle),
        len(cells) - len(shown),
        None if judged and not unread else _drawn(name, cells, facts),
        tuple(one for one in facts.apart if one != name) if name == facts.study.branch else (),
    )


def _unread(cells: Sequence[Cells]) -> Remarks:
    """Why nothing says which values of a setting to tune are good, where that is so everywhere."""
    said = [row[REMARKS].only(TOO_FEW_ALONG) for row in cells if isinstance(row[REMARKS], Remarks)]
    return said[0] if len(said) == len(cells) and all(said) else Remarks()


def _reason(unknown: Sequence[Cells], advice: str) -> Said | None:
    """Why a setting is not judged; of one to tune how few trials it has stands beside the values tried."""
    few = _few(unknown) if advice == a.TUNE else {}
    found = [row[REMARKS] for row in unknown if str(row["branch"]) not in few]
    return found[0][0] if found and isinstance(found[0], Remarks) and found[0] else None


def _few(cells: Sequence[Cells]) -> dict[str, int]:
    """Branches with too few trials → how many."""
    found = [row for row in cells if isinstance(row[REMARKS], Remarks) and row[REMARKS].has(*FEW)]
    return {str(row["branch"]): int(row["trials"]) for row in found}


def _place(row: Cells, facts: _Facts) -> Place:
    branch, name, told = str(row["branch"]), str(row[a.SETTING]), str(row[a.ADVICE])
    beyond = sorted(end for of, one, end in facts.ends if one == name and of in {branch, ALL})
    good = str(row["good"]) if told == a.TUNE and isinstance(row["good"], str) else ""
    by = facts.study.branch
    own = branch == ALL or level_of(branch) == level_text(facts.best.get(by))
    value = row["best_at"]
    if (told == a.UNKNOWN or (told == a.TUNE and not good)) and own and name in facts.best:
        value = facts.best[name]  # beside it stands the best configuration
    free = (branch, name) in facts.free
    level = told == a.FIX and (row[JUDGEMENT] == Judgement.NOT_ABOVE or a.not_worse(row))
    return Place((branch,), told, good, value, free, beyond[0] if good and beyond else "", level)


def _places(every: Sequence[Place]) -> list[Place]:
    """Places that say the same together, in the order of the first of them."""
    found: dict[tuple[object, ...], Place] = {}
    for one in every:
        value = "" if one.good else level_text(one.value)
        key = (one.advice, one.good, value, one.free and one.advice == a.FIX, one.beyond, one.not_worse)
        known = found.get(key)
        branches = one.branches if known is None else known.branches + one.branches
        found[key] = replace(one, branches=branches)
    return list(found.values())


def _largest(cells: Sequence[Cells]) -> Cost:
    """What the worst value costs in the branch where it costs most."""
    known = [row for row in cells if not math.isnan(float(row["worst_cost"]))]
    if not known:
        return Cost((math.nan, math.nan, math.nan), None, ALL)
    row = max(known, key=lambda row: float(row["worst_cost"]))
    blind = row[a.ADVICE] == a.TUNE and float(row["worst_low"]) <= 0 < float(row["cost_low"])
    of = ("cost", "cost_low", "cost_high") if blind else ("worst_cost", "worst_low", "worst_high")
    cost, low, high = (float(row[name]) for name in of)
    return Cost((cost, low, high), None if blind else row["worst_at"], str(row["branch"]))


def _drawn(name: str, cells: Sequence[Cells], facts: _Facts) -> Drawn:
    """What to draw the next trials of a setting from."""
    study, best = facts.study, facts.best.get(name)
    axis = study.axes[name]
    is_range = not isinstance(axis.scale, Choices)
    scale = axis.scale
    values = scale.level_values() if isinstance(scale, Choices) else (scale.low, scale.high)
    end = last_tried(study, name, best)
    return Drawn(tuple(values), is_range, best, end, _few(cells))
