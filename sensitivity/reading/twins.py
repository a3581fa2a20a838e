"""Columns that always change together: of each such family one is a setting, what each does cannot be told.

Judged over configurations, not rows: with two seeds every value comes twice, and two numbers that were drawn
on their own then look as paired as a rate and its logarithm. Two columns are twins where the values of one
give those of the other and back, and that says something: levels that come again in several configurations,
or numbers in the same (or just the opposite) order, to rounding.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import scipy

from sensitivity.coding import same_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sensitivity.arrays import Floats, Integers
    from sensitivity.reading.cells import Column

ENOUGH: Final = 8  # configurations without which two orders may agree by chance: p = 2 / 8!
ROUNDED: Final = 0.9  # share of the different pairs that a column must still tell apart
ALIKE: Final = 0.95  # rank correlation that two columns in the same order have at least, ties included


def twins_among(columns: Mapping[str, Column], names: Sequence[str], rows: Sequence[int]) -> list[str]:
    """Those of the names that go one to one with an earlier one.

    Parameters
    ----------
    rows
        One row of each configuration.
    """
    places = np.array(rows, dtype=np.int64)
    codes = {name: columns[name].codes[places] for name in names}
    numbers = {name: _numbers(columns[name], places) for name in names if columns[name].numeric}
    alike = _in_the_same_order(numbers)
    seen: dict[bytes, str] = {}
    found: list[str] = []
    for name in names:
        # Values are numbered by first appearance: paired columns have the same numbers.
        copy = _come_again(codes[name]) and seen.setdefault(codes[name].tobytes(), name) != name
        earlier = (other for other in alike.get(name, ()) if other not in found)
        if copy or any(_told_apart(codes[name], codes[other]) for other in earlier):
            found.append(name)
    return found


def _numbers(column: Column, rows: Integers) -> Floats:
    found = column.numbers[rows]
    return np.where(np.isnan(found), -np.inf, found)


def _come_again(codes: Integers) -> bool:
    """Whether there are levels, two at least, that come twice each in the mean."""
    levels = len(np.unique(codes[codes >= 0]))
    return 2 <= levels <= len(codes) / 2


def _in_the_same_order(numbers: Mapping[str, Floats]) -> dict[str, list[str]]:
    """Each column → the earlier ones that rise where it rises, or fall there."""
    names = list(numbers)
    ranks = np.array([scipy.stats.rankdata(numbers[name]) for name in names])
    if len(names) < 2 or ranks.shape[1] < ENOUGH:
        return {}
    with np.errstate(invalid="ignore", divide="ignore"):
        near = np.abs(np.corrcoef(ranks)) >= ALIKE
    return {
        name: [
            names[at] for at in np.flatnonzero(near[place, :place]) if _same_order(ranks[place], ranks[at])
        ]
        for place, name in enumerate(names)
    }


def _same_order(one: Floats, other: Floats) -> bool:
    """Whether one never falls where the other rises, or never rises where it does."""
    orders = [np.lexsort((sign * other, one)) for sign in (1.0, -1.0)]
    return any(
        bool((np.diff(sign * other[order]) >= 0).all()) for order, sign in zip(orders, (1, -1), strict=True)
    )


def _told_apart(one: Integers, other: Integers) -> bool:
    """Whether each of two columns tells nearly all pairs apart that both tell, in the same rows."""
    if not np.array_equal(one < 0, other < 0):
        return False
    pairs = _pairs(one, other)
    return pairs >= ENOUGH and min(len(np.unique(one)), len(np.unique(other))) >= ROUNDED * pairs


def compounds_among(columns: Mapping[str, Column], names: Sequence[str]) -> list[str]:
    """Those of the names whose levels are the combinations of two others or more: a "3x64-relu".

    The others are crossed, and each level of the compound has one value of each.
    """
    codes = {name: columns[name].codes for name in names}
    found: list[str] = []
    for name in sorted(names, key=lambda name: -columns[name].tried):
        levels = columns[name].tried
        if 2 * levels > len(codes[name]) or (codes[name] < 0).any():
            continue
        inside = [
            other
            for other in names
            if other not in {name, *found}
            and 1 < columns[other].tried < levels
            and _pairs(codes[name], codes[other]) == levels
        ]
        whole = math.prod(columns[other].tried for other in inside)
        if len(inside) < 2 or whole != levels:
            continue
        together = same_rows(np.column_stack([codes[other] for other in inside]))
        if len(np.unique(together)) == levels:
            found.append(name)
    return found


def _pairs(one: Integers, other: Integers) -> int:
    """Different pairs of values."""
    return len(np.unique(one * (other.max() + 2) + other))
