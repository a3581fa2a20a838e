"""How the values of a column are spread, and whether those of two go together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import scipy

from sensitivity.reading.cells import FEW
from sensitivity.words import exact

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from sensitivity.arrays import Floats, Integers
    from sensitivity.reading.cells import Column

Bits: TypeAlias = "npt.NDArray[np.uint64]"
MANY: Final = 5  # rows from which "all different" or "counting up" says something
GROUPS: Final = 4  # that numbers of many values are sorted into before they are compared
ENOUGH: Final = 200  # different numbers, drawn from all, that show how many digits a column has
FIT: Final = 0.01  # p of Kolmogorov and Smirnov below which a spread is not a plan's


def levelled(column: Column) -> bool:
    """Whether few values come again and again: at most ten, or a third of the rows."""
    rows, tried = len(column.given), column.tried
    return 2 * tried <= rows and (tried <= FEW or 3 * tried <= rows)


def digits(column: Column) -> int:
    """Significant digits of its numbers, in the median: people plan round ones."""
    return column.once(_digits)


def _digits(column: Column) -> int:
    if not column.numeric:
        return 0
    different = np.unique(np.array(column.given, dtype=np.float64))
    if len(different) > ENOUGH:  # drawn: every tenth of an even scale would be rounder than the rest
        different = np.random.default_rng(0).choice(different, ENOUGH, replace=False)
    counts = []
    for value in different.tolist():
        mantissa = exact(value).partition("e")[0].lstrip("-").replace(".", "").strip("0")
        counts.append(len(mantissa))
    return sorted(counts)[len(counts) // 2]


def ranks_of(column: Column) -> Floats:
    """Ranks of the numbers that are there, shape (given,); for `Column.once`."""
    found: Floats = scipy.stats.rankdata(np.array(column.given, dtype=np.float64))
    return found


def groups(column: Column) -> Integers:
    """Group of each row's value: its level, or for many numbers the quarter of its rank; −1: none."""
    codes = column.codes.copy()
    if column.numeric and column.tried > GROUPS + 2:
        ranks = column.once(ranks_of)
        quarters = (GROUPS * (ranks - 0.5) / len(ranks)).astype(np.int64)
        codes[codes >= 0] = np.minimum(quarters, GROUPS - 1)
    return codes


def dependence(one: Integers, other: Integers) -> float:
    """P of "independent" by Pearson's χ² over the rows that have both; 1 where nothing can be told."""
    both = (one >= 0) & (other >= 0)
    if both.sum() < MANY:
        return 1.0
    width = int(other.max()) + 1
    counts = np.bincount(one[both] * width + other[both], minlength=(int(one.max()) + 1) * width)
    return float(_independent(counts.reshape(1, -1, width))[0])


def packed(codes: Integers) -> Bits:
    """Rows of each group as bits, shape (groups, words)."""
    rows = codes == np.arange(int(codes.max(initial=-1)) + 1)[:, None]
    filled = np.pad(rows, ((0, 0), (0, -len(codes) % 64)))
    bits: Bits = np.packbits(filled, axis=1).view(np.uint64)
    return bits


def dependences(one: Bits, others: Sequence[Bits]) -> Floats:
    """`dependence` of one column on each of many, all `packed`, shape (others,)."""
    found = np.ones(len(others))
    sizes = np.array([len(other) for other in others], dtype=np.int64)
    for size in np.unique(sizes):
        alike = np.flatnonzero(sizes == size)
        stacked = np.stack([others[place] for place in alike.tolist()])
        counts = [np.bitwise_count(stacked & group).sum(axis=2, dtype=np.int64) for group in one]
        if counts and size:
            found[alike] = _independent(np.stack(counts, axis=1))
    return found


def _independent(counts: Integers) -> Floats:
    """P of "independent" of tables of counts by Pearson's χ², shape (tables, one, other) → (tables,)."""
    rows, columns = counts.sum(axis=2), counts.sum(axis=1)
    total = rows.sum(axis=1)
    expected = rows[:, :, None] * columns[:, None, :] / np.maximum(total, 1)[:, None, None]
    terms = np.divide((counts - expected) ** 2, expected, out=np.zeros(counts.shape), where=expected > 0)
    freedom = ((rows > 0).sum(axis=1) - 1) * ((columns > 0).sum(axis=1) - 1)
    told = (total >= MANY) & (freedom > 0)
    p: Floats = np.where(told, scipy.special.chdtrc(np.maximum(freedom, 1), terms.sum(axis=(1, 2))), 1.0)
    return p


def correlation(column: Column, result: Floats) -> float:
    """Rank correlation with the result, in absolute value."""
    numbers = column.numbers
    both = np.isfinite(numbers) & np.isfinite(result)
    if both.sum() < MANY or np.ptp(numbers[both]) == 0 or np.ptp(result[both]) == 0:
        return 0.0
    ranks = column.once(ranks_of) if both.all() else scipy.stats.rankdata(numbers[both])
    return abs(float(np.corrcoef(ranks, scipy.stats.rankdata(result[both]))[1, 0]))


def left_over(column: Column, result: Floats) -> Floats:
    """What a smooth curve along the column leaves of the result, a cubic of its ranks; NaN where none is."""
    numbers = column.numbers
    both = np.isfinite(numbers) & np.isfinite(result)
    rest = np.full(len(numbers), np.nan)
    place = scipy.stats.rankdata(numbers[both]) / max(int(both.sum()), 1)
    rest[both] = result[both] - np.polynomial.Polynomial.fit(place, result[both], 3)(place)
    return rest


def goes_up(column: Column) -> bool:
    """Whether it rises from row to row and nobody planned it so: a clock or a counter of steps."""
    numbers = np.array(column.given, dtype=np.float64)
    steps = np.diff(numbers)
    return len(numbers) >= 2 * MANY and bool((steps > 0).all()) and digits(column) > 2


def is_spread(column: Column) -> bool:
    """Whether the values are spread like a plan's: uniform or log-uniform between the ends seen."""
    numbers = np.sort(np.array(column.given, dtype=np.float64))
    low, high = float(numbers[0]), float(numbers[-1])
    fits = [(numbers - low) / (high - low)]
    if low > 0:
        fits.append((np.log(numbers) - np.log(low)) / (np.log(high) - np.log(low)))
    inner = [fit[1:-1] for fit in fits]
    return any(len(fit) < 3 or scipy.stats.kstest(fit, "uniform").pvalue >= FIT for fit in inner)
