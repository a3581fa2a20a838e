"""Numbers whose best value is the lowest or highest tried: the optimum may lie beyond the range."""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Final

from sensitivity.estimators.effects import ALL, BRANCH, SETTING, VERDICT
from sensitivity.measures import ranking as r
from sensitivity.measures.tolerance import OWN, RETUNED
from sensitivity.numerals import short
from sensitivity.reading.names import listed, named
from sensitivity.retuning.curves import AT_EDGE
from sensitivity.trials import planned
from sweeps.settings import KNOWN_SETTINGS
from sweeps.space import Choices

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from sensitivity.reading.source import Source

LOWEST: Final = "lowest"
HIGHEST: Final = "highest"
OUTER: Final = 0.05  # of a range without levels counts as its end
FEW_NAMES: Final = 3
_ENDS: Final = {LOWEST: "low end", HIGHEST: "high end"}  # in the words of `edge_words`


@dataclass(frozen=True)
class Edge:
    """A sentence about a setting at the end of its range."""

    text: str
    setting: str
    branch: str


def edges(source: Source, tables: Mapping[str, pd.DataFrame]) -> Iterator[Edge]:
    """Ends of ranges that hold the best value: in the whole study first, then by optimizer, merged.

    Parameters
    ----------
    source
        Trials, at least one.
    tables
        The ranking and the tolerance are looked at.
    """
    flat, ends = _tolerances(tables.get("tolerance"))
    ranking = tables.get("ranking")
    idle = []
    for row in [] if ranking is None else ranking.to_dict("records"):
        name, best = str(row[r.SETTING]), row[r.BEST_VALUE]
        if name not in source.space.names or not _is_number(best):
            continue
        end = _end(source, name, float(best))
        if not end or not _goes_further(name, float(best), end):
            continue
        what = f"{named(name)} is {short(float(best), 3)}, the {end} tried"
        if name in flat:
            idle.append((name, what))
        else:
            yield Edge(f"The best {what}: the optimum may lie beyond; widen the range.", name, ALL)
    for (name, end), found in ends.items():
        yield _of_optimizers(name, end, found)
    if idle:
        yield Edge(
            f"The best {', and the best '.join(what for _, what in idle)}; but with the rest tuned every "
            "value tried comes within the tolerance of the best, so there is little to gain beyond.",
            idle[0][0] if len(idle) == 1 else "",
            ALL,
        )


def _end(source: Source, name: str, best: float) -> str:
    """Which end of its range a value is at; empty where at neither, or where branches have other ranges."""
    setting = next(setting for setting in source.space.settings if setting.name == name)
    domains = {variant.domain for variant in setting.variants}
    column = planned(source.trials)[name].dropna()
    if len(domains) > 1 or column.nunique() < 2 or not all(_is_number(value) for value in column.unique()):
        return ""
    (domain,) = domains
    low, high = float(column.min()), float(column.max())
    if not isinstance(domain, Choices) and not domain.levels and domain.low < domain.high:
        place = domain.to_unit(best)
        return LOWEST if place <= OUTER else HIGHEST if place >= 1 - OUTER else ""
    return LOWEST if best <= low else HIGHEST if best >= high else ""


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)


def _goes_further(name: str, value: float, end: str) -> bool:
    """Whether a setting can have values beyond; a stranger's that ends at 0 cannot be told to go below."""
    known = KNOWN_SETTINGS.get(name)
    if known is None:
        return end == HIGHEST or value != 0
    return value > known.low if end == LOWEST else value < known.high


_Ends = dict[tuple[str, str], "list[tuple[str, int]]"]


def _tolerances(table: pd.DataFrame | None) -> tuple[set[str], _Ends]:
    """Settings whose whole range is good in the branch "all"; by setting and end, optimizers at that end."""
    if table is None:
        return set(), {}
    rows = table[(table["method"] == RETUNED) & (table["against"] == OWN)]
    flat = set(rows[SETTING][(rows[BRANCH] == ALL) & (rows["fraction"] >= 1)])
    ends: _Ends = {}
    inside = rows[rows[BRANCH] != ALL]
    sizes = inside[SETTING].value_counts()
    for row in inside.to_dict("records"):
        name, best = str(row[SETTING]), row["best_at"]
        for end, words in _ENDS.items():
            at_end = f"{AT_EDGE} ({words})" in str(row[VERDICT]) and row["fraction"] < 1
            if at_end and _is_number(best) and _goes_further(name, float(best), end):
                optimizer = str(row[BRANCH]).partition("=")[2]
                ends.setdefault((name, end), []).append((optimizer, int(sizes[name])))
    return flat, ends


def _of_optimizers(name: str, end: str, found: list[tuple[str, int]]) -> Edge:
    """One sentence for all optimizers whose best value is at the same end."""
    who = listed(optimizer for optimizer, _ in found)
    if len(found) > FEW_NAMES:
        who = f"{len(found)} of {found[0][1]} optimizers"
    branch = f"optimizer={found[0][0]}" if len(found) == 1 else ""
    return Edge(
        f"For {who} the best {named(name)} is the {end} tried: the optimum may lie beyond; widen the range.",
        name,
        branch,
    )
