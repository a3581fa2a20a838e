"""A column of text → values, range and scale: what a CSV file does not say, guessed and said.

Truth values, whole numbers and numbers are recognised where *every* cell reads so; an empty cell means that
the setting is inactive. A number with few different values is a list, any other a range from the least to
the greatest value seen. The scale is logarithmic where the numbers are positive, span two decades and lie
nearer to log-uniform than to uniform.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.reading.labels import LARGEST_EXACT
from sensitivity.words import named, short
from sweeps.space import Choices, FloatRange, IntegerRange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sweeps.space import Domain, Value

FEW: Final = 10  # different numbers up to which they are a list
DECADES: Final = 2.0
TRUTH: Final = {"true": True, "false": False}
MISSING: Final = frozenset({"", "nan", "na", "n/a", "<na>", "null"})


@dataclass(frozen=True)
class Guess:
    """Values per row (None: inactive), their domain, and what was guessed."""

    values: list[Value | None]
    domain: Domain
    notes: list[str]


def parsed(cells: Sequence[str]) -> list[Value | None]:
    """Cells as truth values, whole numbers or numbers where all of them read so, otherwise as text."""
    texts = [cell.strip() for cell in cells]
    given = [text for text in texts if text.lower() not in MISSING]
    if given and all(text.lower() in TRUTH for text in given):
        return [TRUTH.get(text.lower()) for text in texts]
    try:
        numbers = [float(text) for text in given]
    except ValueError:
        return [cell if cell.strip() else None for cell in cells]
    if not all(
        math.isfinite(number) and "_" not in text for number, text in zip(numbers, given, strict=True)
    ):
        return [cell if cell.strip() else None for cell in cells]
    whole = all(number.is_integer() and abs(number) <= LARGEST_EXACT for number in numbers)
    return [None if text.lower() in MISSING else int(float(text)) if whole else float(text) for text in texts]


def guess(name: str, cells: Sequence[str], log: bool | None = None) -> Guess:
    """Guess a setting from its column.

    Parameters
    ----------
    log
        Whether its scale is logarithmic; None: to be guessed.
    """
    values = parsed(cells)
    given = [value for value in values if value is not None]
    if not given or isinstance(given[0], str | bool):
        return Guess(values, Choices(tuple(sorted(set(given)))), [])
    numbers = np.array(given, dtype=np.float64)
    distinct = sorted(set(given))
    if len(distinct) <= FEW and log is None:
        return Guess(values, Choices(tuple(distinct)), [])
    guessed = log is None and looks_logarithmic(numbers)
    scale = bool((guessed or log) and numbers.min() > 0)
    low, high = distinct[0], distinct[-1]
    whole = isinstance(low, int)
    domain: Domain = (
        IntegerRange(int(low), int(high), scale) if whole else FloatRange(float(low), float(high), scale)
    )
    return Guess(values, domain, [_scale_note(name, float(low), float(high))] if guessed else [])


def looks_logarithmic(numbers: np.ndarray[tuple[int], np.dtype[np.float64]]) -> bool:
    """Whether positive numbers span two decades and lie nearer to log-uniform than to uniform.

    Nearer: by the largest distance of the distribution functions (Kolmogorov–Smirnov).
    """
    low, high = float(numbers.min()), float(numbers.max())
    if low <= 0 or high / low < 10**DECADES:
        return False
    place = (np.arange(len(numbers)) + 0.5) / len(numbers)
    ordered = np.sort(numbers)
    uniform = np.abs((ordered - low) / (high - low) - place).max()
    log_uniform = np.abs(np.log(ordered / low) / math.log(high / low) - place).max()
    return bool(log_uniform < uniform)


def _scale_note(name: str, low: float, high: float) -> str:
    return (
        f"{named(name)} runs from {short(low)} to {short(high)} and is read on a logarithmic scale; "
        f"--linear {named(name)} says otherwise."
    )
