"""Numbers as a person writes them: 0.003 for 0.00317, and never inside of the range that they bound."""

from __future__ import annotations

import math
from typing import Final

_MANTISSAS: Final = (1, 2, 3, 5, 10)


def below(number: float, *, log: bool, width: float) -> float:
    """Largest round number at or below a number.

    Parameters
    ----------
    log
        Whether it bounds a logarithmic range: then it is 1, 2, 3 or 5 times a power of ten.
    width
        Of a linear range: it is rounded to a twentieth of that, itself rounded.
    """
    return _rounded(number, log=log, width=width, up=False)


def above(number: float, *, log: bool, width: float) -> float:
    """Smallest round number at or above a number; see `below`."""
    return _rounded(number, log=log, width=width, up=True)


def outward(bound: float, *, up: bool) -> float:
    """Bound of a range as a person would type it: one drawn values to three digits.

    What has four digits or fewer was typed, and stays; so does a whole number.
    """
    if isinstance(bound, int) or bound == float(f"{bound:.4g}"):
        return bound
    step = 10.0 ** (math.floor(math.log10(abs(bound))) - 2)
    return float(f"{(math.ceil if up else math.floor)(bound / step) * step:.3g}")


def _rounded(number: float, *, log: bool, width: float, up: bool) -> float:
    if log:
        power = math.floor(math.log10(number) + 1e-9)
        every = [float(f"{m}e{power + shift}") for shift in (-1, 0) for m in _MANTISSAS]
        fits = [
            each for each in every if (each >= number * (1 - 1e-9) if up else each <= number * (1 + 1e-9))
        ]
        return min(fits) if up else max(fits)
    step = below(width / 20, log=True, width=0) if width > 0 else 1.0
    count = math.ceil(number / step - 1e-9) if up else math.floor(number / step + 1e-9)
    return float(f"{count * step:.12g}")
