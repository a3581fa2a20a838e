"""Where the best learning rate stops growing with the batch: the critical batch size.

McCandlish, Kaplan & Amodei (2018), eq. 2.9: the best rate of stochastic gradient descent is
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

FEWEST: Final = 3  # batch sizes: two parameters leave nothing to see with two
_BEYOND: Final = 1.0  # decades beyond the batch sizes tried: further off nothing tells one bend from another
_STEPS: Final = 200


@dataclass(frozen=True)
class Bend:
    """Critical batch size, NaN where none can be told; what bend and power law leave, rms in decades."""

    value: float = math.nan
    low: float = math.nan
    high: float = math.nan
    misfit: float = math.nan
    misfit_of_line: float = math.nan

    @property
    def seen(self) -> bool:
        """Whether a bend describes the best rates better than a power law."""
        return self.misfit < self.misfit_of_line


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
    line = np.polyval(np.polyfit(places, heights, 1), places) - heights
    misfit = math.sqrt(max(float(squares[0]), 0.0) / len(places))
    return Bend(value, low, high, misfit, float(np.sqrt((line**2).mean())))


def _fitted(grid: Floats, places: Floats, heights: Floats) -> tuple[Floats, Floats]:
    """log10 of the B_noise that fits each row of heights best, ε_max free, and the squares left; (n,)."""
    models = -np.log10(1 + 10 ** (grid[:, None] - places))
    models -= models.mean(axis=1, keepdims=True)
    seen = heights - heights.mean(axis=1, keepdims=True)
    squares = (models**2).sum(axis=1) - 2 * seen @ models.T + (seen**2).sum(axis=1, keepdims=True)
    return grid[np.argmin(squares, axis=1)], squares.min(axis=1)
