"""Where what stands in a column speaks against its name.

A column called like a setting may have been measured (a ``rank`` by the result, an ``epsilon`` reached), one
called like a result may have been planned (the ``iou`` above which boxes are merged). A name is believed
unless the values say more: what follows the result and depends on other settings was measured; so was what
depends on two settings that do not depend on each other, for nothing planned knows of both. What depends on
no setting and is spread like a plan was planned, or at least nobody can tell.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Final

import numpy as np
import scipy

from sensitivity.reading.association import (
    correlation,
    dependence,
    digits,
    groups,
    is_spread,
    levelled,
    ranks_of,
)
from sensitivity.reading.by_column import Why, counts_up
from sensitivity.reading.cells import FEW, Column

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sensitivity.arrays import Floats

ENOUGH: Final = 20  # rows without which values do not speak against a name
DEPENDENT: Final = 0.003
INDEPENDENT: Final = 0.01  # p from which two settings are taken to know nothing of each other
DECIDED: Final = 0.6  # of the variance, from which settings decide a number that none of them is
ALIKE: Final = 0.9  # rank correlation with the result from which a column follows it
EVEN: Final = 0.05  # p of "every level was as likely" below which levels were not drawn
MOVED: Final = 0.05  # p of "no setting moves the result" below which one does


def measured(columns: Mapping[str, Column], settings: Sequence[str], result: Floats) -> dict[str, Why]:
    """Numbers called like settings that were measured → what they are."""
    known = {name: columns[name] for name in settings if columns[name].tried > 1}
    many = [name for name, column in known.items() if column.numeric and not levelled(column)]
    many = [name for name in many if len(columns[name].given) >= ENOUGH]
    many.sort(key=lambda name: (is_spread(columns[name]), -digits(columns[name])))
    found = {name: Why.RESULT for name in many if _follows(name, known, result)}
    for name in many:
        left = {other: column for other, column in known.items() if other not in found}
        if name in left and _knows_of_two(name, left):
            found[name] = Why.DOUBT
    return found


def _follows(name: str, known: Mapping[str, Column], result: Floats) -> bool:
    """Whether a column goes with the result as no setting does: by its ranks, or depending on others, too."""
    if correlation(known[name], result) < ALIKE:
        return False
    return counts_up(known[name]) or bool(_dependent(name, known))


def _dependent(name: str, known: Mapping[str, Column], level: float = DEPENDENT) -> list[str]:
    """Settings that a column depends on."""
    others = [other for other in known if other != name]
    return [each for each in others if _p(known[name], known[each]) < level / len(others)]


def _p(one: Column, other: Column) -> float:
    """P of "independent": by groups, and for numbers by their ranks."""
    by_groups = dependence(one.once(groups), other.once(groups))
    if not one.numeric or not other.numeric:
        return by_groups
    by_ranks = _p_of_ranks(one, other)
    return by_groups if by_ranks is None else min(1.0, 2 * min(by_groups, by_ranks))


def _p_of_ranks(one: Column, other: Column) -> float | None:
    """The same by Spearman's correlation; None where too few rows have both, or one of them does not vary.

    Ranks of a column without gaps are made once, whatever it is laid beside.
    """
    if len(one.given) == len(one.values) and len(other.given) == len(other.values):
        first, second = _centred(one.once(ranks_of)), _centred(other.once(ranks_of))
    else:
        pairs = zip(one.values, other.values, strict=True)
        both = np.array([pair for pair in pairs if None not in pair], dtype=np.float64).reshape(-1, 2)
        first, second = (_centred(scipy.stats.rankdata(each)) for each in both.T)
    scale, freedom = math.sqrt(float(first @ first) * float(second @ second)), len(first) - 2
    if len(first) < ENOUGH or scale == 0:
        return None
    rho = min(max(float(first @ second) / scale, -1.0), 1.0)
    if abs(rho) == 1:
        return 0.0
    return 2 * float(scipy.special.stdtr(freedom, -abs(rho) * math.sqrt(freedom / (1 - rho**2))))


def _centred(ranks: Floats) -> Floats:
    return ranks - ranks.mean() if len(ranks) else ranks


def _knows_of_two(name: str, known: Mapping[str, Column]) -> bool:
    """Whether two settings decide it that are independent of each other.

    A search that learns makes its settings depend on each other, too, but never by as much.
    """
    deciding = _dependent(name, known)
    pairs = itertools.combinations(deciding, 2)
    apart = any(_p(known[one], known[other]) >= INDEPENDENT for one, other in pairs)
    return apart and _explained(known[name], [known[each] for each in deciding]) >= DECIDED


def _explained(column: Column, deciding: Sequence[Column]) -> float:
    """Share of the variance of its ranks that parabolas of the others explain, adjusted; 0: no rows."""
    numeric = [each for each in deciding if each.numeric]
    rows = [row for row in zip(*(each.values for each in (column, *numeric)), strict=True) if None not in row]
    count, terms = len(rows), 2 * len(numeric)
    if count <= terms + 1:
        return 0.0
    ranks = scipy.stats.rankdata(np.array(rows, dtype=np.float64), axis=0)
    ranks -= ranks.mean(axis=0)
    design = np.column_stack([np.ones(count), ranks[:, 1:], ranks[:, 1:] ** 2 / count])
    rest = ranks[:, 0] - design @ np.linalg.lstsq(design, ranks[:, 0])[0]
    return 1 - float(rest @ rest / (ranks[:, 0] @ ranks[:, 0])) * (count - 1) / (count - terms - 1)


def planned(
    columns: Mapping[str, Column], settings: Sequence[str], results: Sequence[str], result: Floats
) -> dict[str, bool]:
    """Numbers called like results that depend on no setting as the result does → whether they are settings.

    False: nobody can tell. A drawn level is a setting; a number spread like a plan may be noise.
    """
    known = {name: columns[name] for name in settings if columns[name].tried > 1}
    outcome = Column([None if np.isnan(each) else float(each) for each in result])
    if len(outcome.given) < ENOUGH or not _dependent("", {**known, "": outcome}, MOVED):
        return {}
    found: dict[str, bool] = {}
    for name in results:
        column = columns[name]
        if len(column.given) < len(result) or correlation(column, result) >= ALIKE:
            continue
        if not _dependent(name, {**known, name: column}):
            if _drawn(column):
                found[name] = True
            elif not levelled(column) and is_spread(column):
                found[name] = False
    return found


def _drawn(column: Column) -> bool:
    """Whether a few round levels come about equally often."""
    counts = column.times
    few = levelled(column) and 1 < column.tried <= FEW and digits(column) <= 2
    return few and float(scipy.stats.chisquare(counts).pvalue) >= EVEN
