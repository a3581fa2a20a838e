"""95 % intervals from draws of what other seeds would have given.

A minimum over noisy means is too low: the best of many looks is lucky. Draws, which add noise to means that
hold noise already, are too low twice over; plain percentiles cover the truth in as little as 3 % of sweeps.
So the draws are used for their spread only, and centred in two places:

- at the estimate, whose expectation is too low, and
- at its *held-out* counterpart: for each replicate the best configuration according to the other replicates,
  judged by that replicate. It is a configuration's honest mean, but not always the best configuration's, so
  its expectation is too high.

The interval spans both. Where there is no held-out counterpart, the second centre is the estimate less the
bias that the draws show. Coverage in simulated sweeps: ``tests/sensitivity/test_practical_coverage.py``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.arrays import Floats

LEVEL: Final = 0.95


def unbiased(estimate: Floats, draws: Floats, held_out: Floats | None = None) -> list[Floats]:
    """Draws around the estimate and around its held-out counterpart; none where there are no draws.

    Parameters
    ----------
    estimate
        Shape (…): one number or the points of a curve.
    draws
        Shape (draws, …).
    held_out
        Shape (…): configurations chosen by all replicates but one and judged by that one. None, or NaN
        in it: the estimate less its bias, as the draws show it.
    """
    if not len(draws):
        return []
    centre = draws.mean(axis=0)
    other = 2 * estimate - centre
    if held_out is not None:
        other = np.where(np.isfinite(held_out), held_out, other)
    return [draws - centre + estimate, draws - centre + other]


def spanned(
    estimate: float, worlds: Sequence[Floats], bottom: float = -math.inf, top: float = math.inf
) -> tuple[float, float]:
    """Span of the estimate and the central 95 % of each set of draws, clipped to what is possible.

    NaN without draws.
    """
    ends = [np.quantile(draws, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]) for draws in worlds if len(draws)]
    if not ends or not np.isfinite(ends).all():
        return math.nan, math.nan
    low, high = (min(estimate, *(end[0] for end in ends)), max(estimate, *(end[1] for end in ends)))
    return float(np.clip(low, bottom, top)) + 0.0, float(np.clip(high, bottom, top)) + 0.0


def interval(
    estimate: float,
    draws: Floats,
    held_out: float = math.nan,
    bottom: float = -math.inf,
    top: float = math.inf,
) -> tuple[float, float]:
    """95 % interval of one number from its draws, shape (draws,)."""
    return spanned(estimate, unbiased(np.array(estimate), draws, np.array(held_out)), bottom, top)
