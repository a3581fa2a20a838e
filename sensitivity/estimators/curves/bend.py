"""Where the best learning rate stops growing with the batch: the critical batch size.

McCandlish, Kaplan & Amodei (2018), eq. 2.6: the best rate of stochastic gradient descent is
ε(B) = ε_max / (1 + B_noise / B), in proportion to B below B_noise and constant above it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.estimators.curves.intervals import spanned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.arrays import Floats

FEWEST: Final = 4  # batch sizes: with three a bend follows the noise of a line
_BEYOND: Final = 1.0  # decades beyond the batch sizes tried: further off nothing tells one bend from another
_STEPS: Final = 200


@dataclass(frozen=True)
class Bend:
    """Critical batch size, NaN where none can be told; what bend and power law leave, rms in decades.

    ``seen``: the bend leaves less than the power law; ``certain``: in three quarters of the draws too.
    """

    value: float = math.nan
    low: float = math.nan
    high: float = math.nan
    misfit: float = math.nan
    misfit_of_line: float = math.nan
    seen: bool = False
    certain: bool = False


def bend(places: Floats, heights: Floats, worlds: Sequence[Floats]) -> Bend:
    """Critical batch size with its 95 % interval; NaN for an end at which no bend can be told.

    Parameters
    ----------
    places
        log10 of the batch sizes, shape (K,).
    heights
        log10 of the best rates, shape (K,).
    worlds
        Their draws (see `intervals`), each of shape (draws, K).
    """
    if len(places) < FEWEST:
        return Bend()
    grid = np.linspace(places.min() - _BEYOND, places.max() + _BEYOND, _STEPS)
    at, squares = _fitted(grid, places, heights[None])
    ends = spanned(float(at[0]), [_fitted(grid, places, draws)[0] for draws in worlds])
    value, low, high = (10**one if grid[0] < one < grid[-1] else math.nan for one in (float(at[0]), *ends))
    line = _off_the_line(places, heights[None])
    drawn = [_off_the_line(places, draws) - _fitted(grid, places, draws)[1] for draws in worlds if len(draws)]
    seen = bool(squares[0] < line[0])
    certain = seen and all(bool(np.quantile(gain, 0.25) > 0) for gain in drawn)
    misfit, of_line = (math.sqrt(max(float(left[0]), 0.0) / len(places)) for left in (squares, line))
    return Bend(value, low, high, misfit, of_line, seen, certain)


def _off_the_line(places: Floats, heights: Floats) -> Floats:
    """Squares that a straight line leaves of each row of heights, shape (n,)."""
    fitted = np.polynomial.polynomial.polyval(places, np.polynomial.polynomial.polyfit(places, heights.T, 1))
    found: Floats = ((heights - fitted) ** 2).sum(axis=1)
    return found


def _fitted(grid: Floats, places: Floats, heights: Floats) -> tuple[Floats, Floats]:
    """log10 of the B_noise that fits each row of heights best, ε_max free, and the squares left; (n,)."""
    models = -np.log10(1 + 10 ** (grid[:, None] - places))
    models -= models.mean(axis=1, keepdims=True)
    seen = heights - heights.mean(axis=1, keepdims=True)
    squares = (models**2).sum(axis=1) - 2 * seen @ models.T + (seen**2).sum(axis=1, keepdims=True)
    return grid[np.argmin(squares, axis=1)], squares.min(axis=1)
