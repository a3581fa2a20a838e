"""Numbers whose best value is the lowest or highest tried: the optimum may lie beyond the range.

The lowest of a few noisy numbers is often the first or the last. So nothing is said of a setting that is not
above the noise of the seed, nor where the end is no better than what lies inside the range. The end has to
beat every other value, each with the rest tuned, by more than the noise of the two: the halves of their 95 %
intervals in `isolation_curves` that face each other, added as independent errors are. Where nothing tells
an effect from noise there is no interval: then anything but a tie is told of a setting with a share of the
variance that counts.
"""

from __future__ import annotations

import math
from numbers import Real
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.branch import in_sentence, level_of
from sensitivity.estimators.curves.goals import OWN, RETUNED
from sensitivity.estimators.curves.remarks import HIGH, LOW
from sensitivity.estimators.effects import ALL, BRANCH, KIND, MAIN, SETTING, SHARE, TOTAL
from sensitivity.language import say
from sensitivity.measures import ranking as r
from sensitivity.measures import tolerance as t
from sensitivity.measures.advice import FIX, TUNE, not_worse
from sensitivity.remarks import JUDGEMENT, Judgement
from sensitivity.reporting.cautions.kinds import EDGE, Caution, rows_of
from sensitivity.words import enumerated, short
from sweeps.settings import KNOWN_SETTINGS
from sweeps.space import Choices

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from sensitivity.study import Study

LOWEST: Final = "lowest"
HIGHEST: Final = "highest"
SAME: Final = 1e-9  # relative difference of two means that counts as a tie
OUTER: Final = 0.05  # of a range without levels counts as its end
FEW_NAMES: Final = 3
FEWEST_TRIED: Final = 3  # numbers, for the first or last of them to be a direction
COUNTS: Final = 0.1  # share of the variance of a setting that cannot be told from noise
_ENDS: Final = {LOWEST: LOW, HIGHEST: HIGH}  # as the table `tolerance` says it


def edges(study: Study, tables: Mapping[str, pd.DataFrame]) -> Iterator[Caution]:
    """Ends of ranges that hold the best value: in the whole study first, then by optimizer, merged.

    Parameters
    ----------
    study
        Trials, at least one.
    tables
        The ranking, the decomposition, the tolerance, the isolation curves and the advice are looked at.
    """
    flat, ends = _tolerances(study, tables)
    idle = []
    for name, end, best in _whole(study, tables):
        place = "last" if best == _last(study, name, end) else "near"
        what = {"name": in_sentence(name), "best": short(best, 3), "end": end, "place": place}
        advised = _advised(tables, name)
        if name in flat:
            idle.append((name, what))
        elif advised == Judgement.NOT_ABOVE:
            continue
        elif advised:
            text = say("cautions.edge-alone", name=in_sentence(name), best=short(best, 3), end=end)
            yield Caution(EDGE, text, name, ALL)
        else:
            yield Caution(EDGE, say("cautions.edge", **what), name, ALL)
    for (name, end), found in ends.items():
        yield _of_optimizers(name, end, found)
    if idle:
        yield Caution(EDGE, _idle([what for _, what in idle]), idle[0][0] if len(idle) == 1 else "", ALL)


def _idle(every: list[dict[str, str]]) -> str:
    """That the best of settings lies at an end where nothing is to be gained."""
    first, *others = (say("cautions.edge-what", **what) for what in every)
    for other in others:
        first = say("cautions.edge-two", first=first, second=other)
    return say("cautions.edge-idle", what=first)


def _advised(tables: Mapping[str, pd.DataFrame], name: str) -> object:
    """Judgement of a setting that the advice is to fix; None where it is not: the two must agree.

    One of which no value is shown to be worse has nothing to gain beyond its range, as one that is idle.
    """
    rows = rows_of(tables, "advice", branch=ALL, setting=name).to_dict("records")
    fixed = next((row for row in rows if row["advice"] == FIX), None)
    if fixed is None:
        return None
    return Judgement.NOT_ABOVE if not_worse(fixed) else fixed[JUDGEMENT]


def outgrown(study: Study, tables: Mapping[str, pd.DataFrame]) -> set[tuple[str, str, str]]:
    """Branch, setting and end of every range that the best value lies at the end of, as data."""
    flat, ends = _tolerances(study, tables)
    found = {(branch, name, end) for (name, end), every in ends.items() for branch, _ in every}
    found |= {(ALL, name, end) for name, end, _ in _whole(study, tables) if name not in flat}
    return found | set(_only_last(study, tables))


def _only_last(study: Study, tables: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, str, str]]:
    """Where the only good value of a setting to tune is the last one tried: what else is there to search."""
    for row in rows_of(tables, "advice").to_dict("records"):
        best = row["best_at"]
        if row["advice"] == TUNE and _is_number(best) and row["good"] == short(float(best), 3):
            name = str(row[SETTING])
            if end := last_tried(study, name, best):
                yield str(row[BRANCH]), name, end


def _whole(study: Study, tables: Mapping[str, pd.DataFrame]) -> Iterator[tuple[str, str, float]]:
    """Setting, end and best value where that is at the end in the whole study."""
    for row in rows_of(tables, "ranking").to_dict("records"):
        name, best = str(row[r.SETTING]), row[r.BEST_VALUE]
        if name not in study.space.names or not _is_number(best):
            continue
        end = _end(study, name, float(best))
        if end and goes_further(study, name, end) and _stands_out(tables, ALL, name, end):
            yield name, end, float(best)


def _end(study: Study, name: str, best: float) -> str:
    """Which end of its range a value is at; empty where at neither, or where branches have other ranges."""
    setting = next(setting for setting in study.space.settings if setting.name == name)
    domains = {variant.domain for variant in setting.variants}
    column = study.plan[name].dropna()
    if len(domains) > 1 or not _all_finite(column):
        return ""
    (domain,) = domains
    low, high = float(column.min()), float(column.max())
    if low == high:
        return ""
    if not isinstance(domain, Choices) and not domain.levels and domain.low < domain.high:
        place = domain.to_unit(best)
        return LOWEST if place <= OUTER else HIGHEST if place >= 1 - OUTER else ""
    return LOWEST if best <= low else HIGHEST if best >= high else ""


def _all_finite(column: pd.Series) -> bool:
    """Whether there are values, all of them finite numbers."""
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "fiu":
        return bool(len(column)) and bool(np.isfinite(column.to_numpy()).all())
    return bool(len(column)) and all(_is_number(value) for value in column.unique())


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)


def _last(study: Study, name: str, end: str) -> float:
    """Lowest or highest value tried."""
    column = study.plan[name].dropna()
    return float(column.min() if end == LOWEST else column.max())


def last_tried(study: Study, name: str, best: object) -> str:
    """End of the numbers tried at which a value lies, where there are three or more; else empty."""
    tried = study.axes[name].tried
    if not _is_number(best) or len(tried) < FEWEST_TRIED or not all(map(_is_number, tried)):
        return ""
    end = LOWEST if best == tried[0] else HIGHEST if best == tried[-1] else ""
    return end if end and goes_further(study, name, end) else ""


def goes_further(study: Study, name: str, end: str) -> bool:
    """Whether a setting can have values beyond those tried; a stranger's that end at 0 are not told to."""
    known, last = KNOWN_SETTINGS.get(name), _last(study, name, end)
    if known is None:
        return end == HIGHEST or last != 0
    return last > known.low if end == LOWEST else last < known.high


def _stands_out(tables: Mapping[str, pd.DataFrame], branch: str, name: str, end: str) -> bool:
    """Whether the end of a range is better than its inside for certain, as far as that can be judged."""
    if not _matters(tables, branch, name):
        return False
    curve = rows_of(tables, "isolation_curves", branch=branch, setting=name)
    curve = curve[curve["level"].map(_is_number) & curve["best"].notna()]
    if len(curve) < 2:
        return True
    level, best, low, high = (curve[name].to_numpy(float) for name in ("level", "best", "low", "high"))
    last = int(level.argmin() if end == LOWEST else level.argmax())
    rest = np.arange(len(level)) != last
    noise = np.hypot(high[last] - best[last], best[rest] - low[rest])
    least = SAME * abs(best[last])
    return bool((best[rest] - best[last] > np.fmax(noise, least)).all())


def _matters(tables: Mapping[str, pd.DataFrame], branch: str, name: str) -> bool:
    """Whether a setting is above the noise, or has a share that counts where that cannot be judged."""
    shares = rows_of(tables, "variance_decomposition", branch=branch)
    rows = shares[shares[KIND].isin([TOTAL, MAIN]) & (shares[SETTING] == name)]
    if rows.empty:
        return True
    row = rows.sort_values(KIND, ascending=False).iloc[0]  # the total, where there is one
    if row[JUDGEMENT] == Judgement.UNKNOWN:
        return bool(row[SHARE] >= COUNTS)
    return bool(row[JUDGEMENT] != Judgement.NOT_ABOVE)


_Ends = dict[tuple[str, str], "list[tuple[str, int]]"]


def _tolerances(study: Study, tables: Mapping[str, pd.DataFrame]) -> tuple[set[str], _Ends]:
    """Settings whose whole range is good in the branch "all"; by setting and end, branches at that end."""
    rows = rows_of(tables, "tolerance", method=RETUNED, against=OWN)
    flat = set(rows[SETTING][(rows[BRANCH] == ALL) & (rows["fraction"] >= 1)])
    ends: _Ends = {}
    inside = rows[rows[BRANCH] != ALL]
    sizes = inside[SETTING].value_counts()
    for row in inside.to_dict("records"):
        branch, name = str(row[BRANCH]), str(row[SETTING])
        for end, side in _ENDS.items():
            at_end = row[t.EDGE] == side and row["fraction"] < 1
            further = at_end and _is_number(row["best_at"]) and goes_further(study, name, end)
            if further and _stands_out(tables, branch, name, end):
                ends.setdefault((name, end), []).append((branch, int(sizes[name])))
    return flat, ends


def _of_optimizers(name: str, end: str, found: list[tuple[str, int]]) -> Caution:
    """One sentence for all optimizers whose best value is at the same end."""
    who = enumerated((level_of(branch) for branch, _ in found), in_sentence)
    if len(found) > FEW_NAMES:
        who = say("cautions.edge-optimizers", count=len(found), all=found[0][1])
    branch = found[0][0] if len(found) == 1 else ""
    return Caution(EDGE, say("cautions.edge-of", who=who, name=in_sentence(name), end=end), name, branch)
