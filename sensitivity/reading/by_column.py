"""What a column says by itself, by its name and its cells, before it is judged beside the others."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity import vocabulary as names_
from sensitivity.reading.association import MANY, digits, levelled
from sensitivity.reading.cells import FEW

if TYPE_CHECKING:
    from sensitivity.arrays import Floats
    from sensitivity.reading.cells import Column

_DAY: Final = r"(0?[1-9]|[12]\d|3[01])"
_YEAR: Final = r"(19\d\d|20[0-3]\d)"  # 16-8-2048 are three layers
_MONTH: Final = (  # English, German, French, Spanish, Italian: "March", "Mar.", "März", "août"
    r"(jan|feb|fév|mar|mär|apr|avr|may|mai|jun|jui|jul|aug|aoû|sep|oct|okt|nov|dec|dez|déc|ene|abr|ago|dic"
    r"|gen|mag|giu|lug|set|ott)[^\W\d_]*\.?"
)
_DATE: Final = re.compile(
    rf"({_YEAR}[-/.]{_DAY}[-/.]{_DAY}"  # 2024-03-05
    rf"|{_DAY}[-/.]{_DAY}[-/.]{_YEAR}|{_DAY}[/.]{_DAY}[/.]\d\d"  # 05.03.2024, 03/05/2024, 5.3.24
    rf"|{_DAY}(\.|-| de)? ?{_MONTH}(-| de)? ?{_YEAR}|{_MONTH} {_DAY},? {_YEAR})"  # 5. März 2024, Mar 5, 2024
    r"([T _,].*)?"
    r"|(\d+ days? )?\d+:\d\d(:\d\d)?(\.\d+)?( ?[AP]M)?",
    re.IGNORECASE,
)
_SOFT: Final = names_.words_of("name version row no group config node project user experiment state outcome")
_STAMPS: Final = (1e9, 2e10)  # seconds since 1970


class Why(StrEnum):
    """Why a column is no setting."""

    EMPTY = "empty"
    CONSTANT = "never varies"
    IDENTITY = "says which row it is"
    STATE = "says how the trial ended"
    CLOCK = "time or resources"
    RESULT = "another result"
    COMPOUND = "made up of other settings"
    TWIN = "goes one to one with another setting"
    DOUBT = "in doubt"
    FORMAT = "no setting by its place in the file"
    BUDGET = "how much a trial was given"
    IGNORED = "as told"


def is_setting(name: str) -> bool:
    """Whether its name is a setting's and no result's."""
    return names_.is_setting(name) and not names_.is_result(name) and not names_.is_of_a_split(name)


def by_name(name: str, column: Column) -> Why | None:
    """What the name says, where the values allow it; None: nothing."""
    plain = " ".join(names_.tokens(name))
    planned = levelled(column)
    if names_.is_identity(name) and not (planned and plain in _SOFT and plain != "state"):
        return Why.IDENTITY
    if names_.is_clock(name) and not (
        planned and column.numeric and digits(column) <= 2 and not _ticks(column)
    ):
        return Why.CLOCK
    if column.numeric and names_.is_result(name) and not (_few_and_whole(column) or _crossed(column)):
        return Why.RESULT
    if column.numeric and names_.is_of_a_split(name) and not planned:
        return Why.RESULT
    return None


def by_cells(column: Column, *, counts: bool) -> Why | None:
    """What the cells alone say: dates, names of the rows, a counter, seconds since 1970."""
    several = len(column.given) >= MANY
    if not column.numeric:
        texts = [value for value in column.given if isinstance(value, str)]
        if texts and all(_DATE.fullmatch(text) for text in texts):
            return Why.CLOCK
        all_differ = several and column.tried == len(column.given)
        if texts and all_differ and not all(text[:1] in {"[", "("} for text in texts):
            return Why.IDENTITY
        return None
    numbers = column.numbers[~np.isnan(column.numbers)]
    if counts and several and counts_up(column):
        return Why.IDENTITY
    if several and numbers.min() > _STAMPS[0] and numbers.max() < _STAMPS[1]:
        return Why.CLOCK
    return None


def counts_up(column: Column) -> bool:
    """Whether its values are 0 … n − 1 or 1 … n, wherever the rows stand."""
    return column.numeric and len(column.given) == len(column.values) and _counts(column.numbers)


def _counts(numbers: Floats) -> bool:
    """Whether they are 0 … n − 1 or 1 … n, wherever the rows stand."""
    ordered, whole = np.sort(numbers), np.arange(len(numbers))
    return bool(np.array_equal(ordered, whole) or np.array_equal(ordered, whole + 1))


def _ticks(column: Column) -> bool:
    """Whether its levels are all the steps of a clock between the ends seen: 0.001, 0.002, … 0.008."""
    levels = np.array(sorted(set(column.given)), dtype=np.float64)
    steps = np.diff(levels)
    return len(levels) >= MANY and bool(np.allclose(steps, steps.min(), rtol=1e-6))


def _few_and_whole(column: Column) -> bool:
    """Whether a number called like a result takes planned values: a precision of 16 or 32 bits."""
    return levelled(column) and all(isinstance(value, int) for value in column.given) and column.tried <= 5


def _crossed(column: Column) -> bool:
    """Whether a few numbers come equally often, as the levels of a grid do and results do not."""
    counts = set(column.times)
    return levelled(column) and 1 < column.tried <= FEW and len(counts) == 1
