"""Draws of what other seeds would have given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sensitivity.estimators.correlation import MOST, WHOLE
from sensitivity.estimators.noise import widening

if TYPE_CHECKING:
    from sensitivity.arrays import Floats, Integers
    from sensitivity.estimators.curves.responses import Responses


def by_configuration(response: Floats, replicate: Integers, configuration: Integers) -> Floats:
    """Responses as a table of shape (C, R), NaN where there is no trial."""
    _, column = np.unique(replicate, return_inverse=True)
    values = np.full((int(configuration.max(initial=-1)) + 1, int(column.max(initial=-1)) + 1), np.nan)
    values[configuration, column] = response
    return values


def stabilised(means: Floats, sd: Floats, noise: Floats) -> Floats:
    """Means moved by ``noise`` standard deviations along the scale on which the deviation is 1.

    Parameters
    ----------
    means, sd
        Shape (C,).
    noise
        Shape (draws, C), in standard deviations.

    Returns
    -------
    Array, shape (draws, C)
        g⁻¹(g(mean) + noise), g' = 1/σ by the trapezoid rule between neighbouring means; below the lowest and
        above the highest mean the deviation stays as it is there.
    """
    order = np.argsort(means, kind="stable")
    m, s = means[order], np.maximum(sd[order], 1e-9 * max(float(np.ptp(means)), 1e-300))
    g = np.concatenate([[0.0], np.cumsum(np.diff(m) / ((s[1:] + s[:-1]) / 2))])
    of = np.empty_like(g)
    of[order] = g
    moved = of + noise
    drawn = np.interp(moved, g, m)
    drawn += np.minimum(moved - g[0], 0.0) * s[0] + np.maximum(moved - g[-1], 0.0) * s[-1]
    return drawn


def stretch(found: Responses) -> float:
    """How much wider an interval is for the few deviations of one place than for those of a whole sweep.

    What a replicate does to all configurations of an optimizer, or of a rate, is told by one deviation or two
    of each replicate (`correlation.MOST`); draws are widened for those of a sweep (`correlation.WHOLE`).
    With it, two optimizers that are the same and whose cells correlate by .5 to .7 are told apart in 1 to 5 %
    of simulated sweeps of two and three replicates.
    """
    if found.together is None or found.together.none:
        return 1.0
    more = found.observed.shape[1] - 1
    return float(widening(MOST * more) / widening(WHOLE * more))


def stretched(draws: Floats, factor: float) -> Floats:
    """Draws further from their mean by a factor, shape (draws, …)."""
    if factor == 1 or not len(draws):
        return draws
    centre: Floats = draws.mean(axis=0)
    return centre + factor * (draws - centre)
