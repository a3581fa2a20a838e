"""Intervals from draws of what other seeds would have given."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from sensitivity.measures.cells import Floats

LEVEL: Final = 0.95


def interval(
    estimate: float, draws: Floats, bottom: float = -math.inf, top: float = math.inf
) -> tuple[float, float]:
    """95 % interval; NaN where there are no draws."""
    usable = draws[np.isfinite(draws)]
    if not len(usable) or math.isnan(estimate):
        return math.nan, math.nan
    low, high = np.quantile(usable, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
