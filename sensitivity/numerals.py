"""How a number is written: the same bytes every time in files, few digits for people."""

from __future__ import annotations

import math

import numpy as np

_FLOAT32_MAX = float(np.finfo(np.float32).max)


def exact(number: float) -> str:
    """Shortest text that gives the number back, to the last bit. Whole floats keep their ``.0``.

    A number that single precision holds exactly is written as the shortest text that gives the same single
    back: 0.1 in float32 reads ``0.1``, not ``0.10000000149011612``.
    """
    value = float(number)
    if abs(value) <= _FLOAT32_MAX and float(np.float32(value)) == value:
        return repr(float(str(np.float32(value))))
    return repr(value)


def short(number: float, digits: int = 2) -> str:
    """Text for an axis or a table: at most ``digits`` significant digits, 1e-5 without a padded exponent."""
    value = float(number)
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    if abs(value) * (1 + 1e-9) >= 1e-3 and abs(value) < 1e5:
        places = max(0, digits - 1 - math.floor(math.log10(abs(value)) + 1e-9))
        text = f"{value:.{places}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{mantissa}e{int(exponent)}"


def distinct(numbers: list[float]) -> list[str]:
    """`short` texts of different numbers, two digits or as many as it takes to tell them apart.

    Rounding moves a number by at most a tenth of its distance to the next: 0.999 beside 0.99 is not 1.
    """
    nearest = [
        min((abs(one - other) for other in numbers if other != one), default=math.inf) for one in numbers
    ]
    for digits in range(2, 9):
        texts = [short(number, digits) for number in numbers]
        moved = [abs(float(text) - number) for text, number in zip(texts, numbers, strict=True)]
        if all(error <= space / 10 for error, space in zip(moved, nearest, strict=True)):
            return texts
    return [exact(number) for number in numbers]


def percent(share: float) -> str:
    """Share as a percentage with one decimal; a dash where there is none; 0.0 without a minus."""
    if math.isnan(share):
        return "–"
    text = f"{100 * share:.1f}"
    return f"{'0.0' if text == '-0.0' else text} %"


def interval(share: float, low: float, high: float) -> str:
    """Share with its interval, both in percent; the share alone where there is none."""
    if math.isnan(share) or math.isnan(low):
        return percent(share)
    return f"{percent(share)} [{percent(low)[:-2]}, {percent(high)[:-2]}]"
