"""The cells of a column of text → numbers, truth values or texts; a cell that is none of it is named.

A column is numeric where at least half of its cells that are not empty are numbers. What else stands there
is a level like the others where it comes as often as a number does (``auto`` beside 0.1, ``None`` beside
3), else a bad cell (``#DIV/0!``): its trial cannot be placed, the column stays.
"""

from __future__ import annotations

import ast
import math
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np

from sensitivity.coding import coded_numbers, key
from sensitivity.reading.labels import LARGEST_EXACT
from sensitivity.words import exact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sensitivity.arrays import Floats, Integers
    from sweeps.space import Value

Made = TypeVar("Made")

_MULTIPLES: Final = {"k": 1e3, "K": 1e3, "M": 1e6, "B": 1e9}
FEW: Final = 10  # different numbers up to which they may be levels
TRUTH: Final = {"true": True, "false": False}
MISSING: Final = frozenset({"", "nan", "na", "n/a", "<na>", "null", "-", "--", "–"})
NONE: Final = "none"  # missing beside numbers, a level beside texts
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_PLAIN: Final = frozenset("0123456789.eE+-")  # of which ``float`` reads what `_NUMBER` matches, no more
_DECIMAL_COMMA: Final = re.compile(r"[+-]?\d*,\d+([eE][+-]?\d+)?|[+-]?\d{1,3}(\.\d{3})+,\d+")
_THOUSANDS: Final = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
_SPACED: Final = re.compile(r"[+-]?[1-9]\d{0,2}([ '’\u00a0\u202f]\d{3})+([.,]\d+)?")
_POWER: Final = re.compile(r"(?:(\d+\.?\d*) ?[x*·×] ?)?(\d+\.?\d*) ?(?:\^|\*\*) ?\(?([+-]?\d{1,3})\)?")
_SPREAD: Final = re.compile(
    r"(.*\d) ?(%?) ?(?:±|\+/-|\+-|\\pm) ?\d[^%±]*(%?)|(.*\d%?) \(± ?\d.*\)|(.*\d%?) \(\d[\d.,]*\)"
)
_MEASURED: Final = re.compile(r"([^a-zA-Zµ°%]*\d[\d.]*(?:[eE][+-]?\d+)?) ?([a-zA-Zµ°]{1,8})")
_DOTTED: Final = re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+")
_PARTS: Final = re.compile(r"(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)")


@dataclass(frozen=True)
class Column:
    """Values per row.

    Attributes
    ----------
    values
        Per row; None where the cell is empty, or bad.
    bad
        Row → what stands there, though it is no value of this column.
    nones
        Rows in which the word ``None`` stands for a missing number.
    """

    values: list[Value | None]
    bad: dict[int, str] = field(default_factory=dict)
    nones: frozenset[int] = frozenset()

    @cached_property
    def given(self) -> list[Value]:
        """Values that are there; not to be changed, as it may be the column itself."""
        found = [value for value in self.values if value is not None]
        return self.values if len(found) == len(self.values) else found  # type: ignore[return-value]

    @cached_property
    def codes(self) -> Integers:
        """Number of each row's value, equal for those that compare equal, from 0; −1 where there is none."""
        if self._plain:
            return coded_numbers(self.numbers)
        distinct: dict[object, int] = {}
        codes = [
            -1 if value is None else distinct.setdefault(key(value), len(distinct)) for value in self.values
        ]
        return np.array(codes, dtype=np.int64)

    @cached_property
    def _plain(self) -> bool:
        """Whether there is nothing but numbers, none of which is a zero with a sign."""
        return {*map(type, self.values)} <= {int, float, type(None)} and not bool(
            np.signbit(self.numbers[self.numbers == 0]).any()
        )

    @cached_property
    def numbers(self) -> Floats:
        """Values of a column of numbers, shape (rows,); NaN where there is none."""
        return np.array(self.values, dtype=np.float64)

    @cached_property
    def tried(self) -> int:
        """How many different values there are."""
        return int(self.codes.max(initial=-1)) + 1

    @property
    def times(self) -> list[int]:
        """How often each value comes; of what has none, too, where that is so."""
        found: list[int] = np.unique(self.codes, return_counts=True)[1].tolist()
        return found

    @cached_property
    def _made(self) -> dict[object, Any]:
        return {}

    def once(self, make: Callable[[Column], Made]) -> Made:
        """What a function makes of the column, made once."""
        if make not in self._made:
            self._made[make] = make(self)
        found: Made = self._made[make]
        return found

    @property
    def numeric(self) -> bool:
        """Whether the values are numbers."""
        given = self.given
        return bool(given) and not isinstance(given[0], str | bool)


def is_missing(text: str) -> bool:
    """Whether a stripped cell says that there is no number."""
    return text.lower() in MISSING or text.lower() == NONE


def number(text: str, *, comma: bool = False) -> float | None:
    """Finite number that a stripped cell is; None where it is none. ``10 %`` is 0.1.

    Parameters
    ----------
    comma
        Whether a single comma is a decimal one, as where cells are not separated by commas.
    """
    text = _without_spread(text.replace("−", "-"))
    percent = text.endswith("%")
    plain = text[:-1].rstrip() if percent else text
    if (power := _POWER.fullmatch(plain)) is not None:
        return _power(*power.groups())
    if _SPACED.fullmatch(plain):
        plain = re.sub(r"[ '’\u00a0\u202f]", "", plain)
    if comma and _DECIMAL_COMMA.fullmatch(plain):
        plain = plain.replace(".", "").replace(",", ".")
    elif _THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "")
    elif _DECIMAL_COMMA.fullmatch(plain):  # quoted in a file that separates by commas
        plain = plain.replace(".", "").replace(",", ".")
    if not _NUMBER.fullmatch(plain):
        return None
    found = float(plain)
    if percent:
        found = float(f"{found / 100:.15g}")
    return found if math.isfinite(found) else None


def _without_spread(text: str) -> str:
    """Mean of ``0.91 ± 0.02``, and of ``0.91 (0.02)``; any other text as it is."""
    found = _SPREAD.fullmatch(text) if "±" in text or "(" in text or "+" in text or "pm" in text else None
    if found is None:
        return text
    mean, before, after, framed, bracketed = found.groups()
    return f"{mean}{before or after}" if mean else framed or bracketed


def _power(factor: str | None, base: str, exponent: str) -> float | None:
    """``2^-5``, ``10**3``, ``3 x 10^-4``."""
    try:
        found = float(f"{float(factor or 1) * float(base) ** int(exponent):.15g}")
    except (OverflowError, ZeroDivisionError):
        return None
    return found if math.isfinite(found) else None


def without_unit(texts: Sequence[str]) -> list[str]:
    """Numbers of cells that all have the same unit behind them (``0.4 s``); any others as they are.

    Thousands, millions, billions (``2k``, ``1.5M``) are multiplied out, also beside numbers without.
    """
    parts = [None if is_missing(text) else _MEASURED.fullmatch(text) for text in texts]
    given = [part for part, text in zip(parts, texts, strict=True) if not is_missing(text)]
    units = {part[2] if part else "" for part in given}
    if units <= {"", *_MULTIPLES} and units != {""} and all(map(_plain_number, texts)):
        return [
            exact(float(part[1]) * _MULTIPLES[part[2]]) if part else text
            for part, text in zip(parts, texts, strict=True)
        ]
    if len(units) != 1 or not all(given) or units <= {"e", "E"}:
        return list(texts)
    return [part[1].strip() if part else text for part, text in zip(parts, texts, strict=True)]


def _plain_number(text: str) -> bool:
    """Whether a cell is empty, a number, or one with a multiple behind it."""
    return is_missing(text) or number(text.rstrip("".join(_MULTIPLES)).rstrip()) is not None


def without_dots(columns: list[list[str]]) -> list[list[str]]:
    """Cells without the dots of thousands, where commas are decimal and no dot is."""
    cells = [cell.strip() for column in columns for cell in column]
    plain = [cell.rstrip("% ") for cell in cells if cell[-1:].isdigit() or cell.endswith("%")]
    dots = [cell for cell in plain if "." in cell and "," not in cell and number(cell) is not None]
    commas = any("," in cell and number(cell, comma=True) is not None for cell in plain)
    if not commas or not all(_DOTTED.fullmatch(cell) for cell in dots):
        return columns
    return [
        [cell.replace(".", "") if _DOTTED.fullmatch(cell.strip()) else cell for cell in column]
        for column in columns
    ]


def column(cells: Sequence[str], *, comma: bool = False) -> Column:
    """Read a column: truth values, numbers or texts, whichever most cells are."""
    if (plainly := _plain_numbers(cells)) is not None:
        return Column(_whole(plainly))
    texts = [cell.strip() for cell in cells]
    if (plainly := _plain_numbers(texts)) is not None:
        return Column(_whole(plainly))
    if len(set(plain := without_unit(texts))) > FEW or any(text[-1:] in _MULTIPLES for text in texts):
        texts = plain  # a few of them are levels, and show their unit
    given = [text for text in texts if text.lower() not in MISSING]
    if given and all(text.lower() in TRUTH for text in given):
        return Column([TRUTH.get(text.lower()) for text in texts])
    numbers = [number(text, comma=comma) for text in texts]
    words = [
        text for text, found in zip(texts, numbers, strict=True) if found is None and not is_missing(text)
    ]
    count = sum(found is not None for found in numbers)
    if not count or count < len(words) or _are_levels(words, numbers):
        return Column([plain_text(text) if text.lower() not in MISSING else None for text in texts])
    bad = {
        row: text
        for row, (text, found) in enumerate(zip(texts, numbers, strict=True))
        if found is None and not is_missing(text)
    }
    nones = frozenset(row for row, text in enumerate(texts) if text.lower() == NONE)
    return Column(_whole(numbers), bad, nones)


def _plain_numbers(texts: Sequence[str]) -> list[float | None] | None:
    """Numbers of cells that are all blank or plain ones, as in most columns; None: look at each."""
    signs = set("".join(texts))
    if not signs or not signs <= _PLAIN:
        return None
    try:
        found: list[float | None] = (
            list(map(float, texts)) if all(texts) else [float(text) if text else None for text in texts]
        )
    except ValueError:  # a date
        return None
    return found if all(map(math.isfinite, filter(None, found))) else None


def _whole(numbers: Sequence[float | None]) -> list[Value | None]:
    """Whole numbers where all are."""
    given = [found for found in numbers if found is not None]
    if all(found.is_integer() and abs(found) <= LARGEST_EXACT for found in given):
        return [None if found is None else int(found) for found in numbers]
    return list(numbers)


def _are_levels(words: Sequence[str], numbers: Sequence[float | None]) -> bool:
    """Whether the texts beside numbers are levels: few numbers come again and again, and so do the texts."""
    counts = Counter(found for found in numbers if found is not None)
    if not words or len(counts) > FEW or any(word.startswith("#") for word in words):
        return False
    if max(counts.values()) < 2 and len(words) < 2:
        return False
    usual = sorted(counts.values())[len(counts) // 2]
    return all(2 * count >= usual for count in Counter(words).values())


def plain_text(text: str) -> str:
    """Text without the blanks around it; a list or tuple as Python writes it, however it was spaced."""
    if text[:1] not in {"(", "[", "{"}:
        return text
    try:
        return repr(ast.literal_eval(text))
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return text


def natural(text: object) -> tuple[tuple[int, float, str], ...]:
    """Key by which texts sort as people do: ``2`` before ``10``, ``[64]`` before ``[128]``."""
    parts = _PARTS.split(str(text).casefold())
    return tuple(
        (0, float(part), "") if place % 2 else (1, 0.0, part) for place, part in enumerate(parts) if part
    )


def in_order(values: Iterable[Value]) -> tuple[Value, ...]:
    """Distinct values in their order: truth values and numbers by size, texts as people sort them."""
    distinct = dict.fromkeys(values)
    if any(isinstance(value, str) for value in distinct):
        return tuple(sorted(distinct, key=lambda value: (natural(value), str(value))))
    return tuple(sorted(distinct))


def text_of(value: Any) -> str:  # noqa: ANN401 (whatever a file holds)
    """Cell of a value: a number with all its digits, nothing for what is not there."""
    if value is None or value is np.ma.masked:
        return ""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return "nan" if math.isnan(value) else repr(value)
    if isinstance(value, np.ndarray | list):
        return repr(list(value))
    return str(value)
