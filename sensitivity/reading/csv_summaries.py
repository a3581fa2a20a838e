"""Rows at the end of a table that sum up the columns above them and do not say so: means, deviations, ends.

A summary is known by its numbers: they are what somebody computes of the columns above, as precisely as they
are written. The ends and quartiles of a column are values of trials too, and the middle of a design is a
mean; so a proof is the mean, deviation, sum or count of a column of many values, which a trial would hardly
have. One will do where the row stands apart: below an empty line, with a word of its own among numbers or
levels, or without a text where all others have one.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.reading.cells import FEW, is_missing, number, without_dots

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sensitivity.arrays import Floats

MOST: Final = 8  # rows of summaries, as many as pandas describes a table with
BROAD: Final = 100  # columns that are looked at
LEAST: Final = 3  # trials above them
CHANCE: Final = 0.01  # part of the range of a column within which a number is the same, as it is written
_MEAN: Final = "mean"
_COMPUTED: Final = (_MEAN, "standard deviation", "sum", "count")
_ENDS: Final = ("minimum", "maximum")
_OFF: Final = "no level"  # but between the few values that were tried
_FRACTION: Final = re.compile(r"[.,](\d+)(?=$|[eE %])")
_EXPONENT: Final = re.compile(r"[eE]([+-]?\d{1,9})")


@dataclass(frozen=True)
class _Summary:
    """What a row sums up by, and whether it is a summary whatever stands beside it."""

    words: str
    sure: bool


def summaries(rows: Sequence[tuple[int, list[str]]], *, comma: bool) -> list[str]:
    """What each of the last rows sums the others up by, in their order; empty where the last is a trial.

    Parameters
    ----------
    rows
        Number in the file, and cells, one per column.
    comma
        Whether a single comma in a number is a decimal one.
    """
    if len({len(cells) for _, cells in rows}) != 1:
        return []
    looked_at = (row[:BROAD] for _, row in rows)
    cells = [list(map(str.strip, column)) for column in zip(*looked_at, strict=True)]
    columns = [_Column(column, comma) for column in (without_dots(cells) if comma else cells)]
    for count in range(min(MOST, len(rows) - LEAST), 0, -1):
        end = len(rows) - count
        even = rows[end - 1][0] - rows[0][0] == end - 1
        apart = even and rows[end][0] - rows[end - 1][0] > 1
        found = []
        for row in range(len(rows) - 1, end - 1, -1):
            if (one := _summary(columns, row, end, apart=apart)) is None:
                break
            found.append(one)
        if len(found) == count and any(one.sure for one in found):
            return [one.words for one in reversed(found)]
    return []


class _Column:
    """A column of stripped cells."""

    def __init__(self, cells: list[str], comma: bool) -> None:
        self.cells = cells
        self.comma = comma

    def number(self, row: int) -> float | None:
        """Number of a cell."""
        return number(self.cells[row], comma=self.comma)

    @cached_property
    def numbers(self) -> Floats:
        """Number of each cell, NaN where it is none."""
        found = [self.number(row) for row in range(len(self.cells))]
        return np.array([np.nan if each is None else each for each in found], dtype=np.float64)

    def is_text(self, end: int) -> bool:
        """Whether there is a text, and no number, in every row before ``end``."""
        above = self.cells[:end]
        return not any(map(is_missing, above)) and bool(np.isnan(self.numbers[:end]).all())

    def has_numbers(self, end: int) -> bool:
        """Whether there is a number in some row before ``end``."""
        return bool(np.isfinite(self.numbers[:end]).any())

    def what(self, row: int, end: int) -> tuple[set[str], bool]:
        """All that a number is of those before ``end``, and whether a trial would hardly have it."""
        above = self.numbers[:end][np.isfinite(self.numbers[:end])]
        if len(above) < LEAST:
            return set(), False
        value, low, high = self.numbers[row], above.min(), above.max()
        few = len(np.unique(above)) <= min(FEW, len(above) / 2)
        own = _step(self.cells[row]) / 2 * (1 + 1e-9)
        rounded = own + min(map(_step, self.cells[: min(end, MOST)])) / 2  # what stands above is rounded, too
        with np.errstate(over="ignore", invalid="ignore"):
            off = {name: min(abs(value - one) for one in each) for name, each in _statistics(above).items()}
        near = own if min(off[name] for name in _COMPUTED) <= own else rounded
        names = {name for name, distance in off.items() if distance <= rounded}
        rare = not low <= value <= high or 2 * near <= CHANCE * (high - low)
        same = int((np.abs(above - value) <= near).sum())
        if not names and few and low < value < high and value not in above:
            return {_OFF}, False
        return names, not names.isdisjoint(_COMPUTED) and not few and rare and same * 20 <= len(above)


def _summary(columns: Sequence[_Column], row: int, end: int, *, apart: bool) -> _Summary | None:
    """What a row sums up those before ``end`` by; None where it does not, as far as it goes."""
    given = [column for column in columns if not is_missing(column.cells[row])]
    texts = [column for column in given if column.number(row) is None]
    if len(texts) > 1 or len(texts) == len(given) or any(c.cells[row] in c.cells[:end] for c in texts):
        return None
    blank = any(is_missing(column.cells[row]) and column.is_text(end) for column in columns)
    word = any(len(set(column.cells[:end])) <= end / 2 or column.has_numbers(end) for column in texts)
    set_off = blank or apart or word
    most = (len(given) - len(texts)) // 4 if set_off else 0
    found: list[set[str]] = []
    proofs = 0
    for column in given:
        if column not in texts:
            names, proof = column.what(row, end)
            found.append(names)
            proofs += proof
            if found.count(set()) > most:
                return None
    return _judged(found, proofs, blank=blank, set_off=set_off)


def _judged(found: list[set[str]], proofs: int, *, blank: bool, set_off: bool) -> _Summary | None:
    """A summary: sure by its proofs, or one and the same statistic of all columns, beside one that is."""
    counts = Counter(name for names in found for name in names - {_OFF})
    words, times = max(counts.items(), key=lambda one: one[1], default=(_MEAN, 0))
    computed = all(names & {*_COMPUTED} for names in found)
    ends = blank and words in _ENDS and times == len(found) > 2
    sure = ends or (proofs > 0 if set_off else proofs > 1 and computed)
    return _Summary(words, sure) if sure or times == len(found) else None


def _statistics(above: Floats) -> Mapping[str, Sequence[float]]:
    """What people write beneath a column of numbers."""
    low, first, median, third, high = np.quantile(above, [0, 0.25, 0.5, 0.75, 1])
    return {
        _MEAN: [above.mean()],
        "standard deviation": [above.std(), above.std(ddof=1)],
        "minimum": [low],
        "maximum": [high],
        "median": [median],
        "quartile": [first, third],
        "sum": [above.sum()],
        "count": [len(above)],
    }


def _step(cell: str) -> float:
    """The unit of the last digit of a number as it is written: 0.01 of ``0,25``, 0.0001 of ``84,25 %``."""
    fraction, exponent = _FRACTION.search(cell), _EXPONENT.search(cell)
    places = (len(fraction[1]) if fraction else 0) + (2 if cell.endswith("%") else 0)
    return float(f"1e{int(exponent[1] if exponent else 0) - places}")  # as text: none is too large
