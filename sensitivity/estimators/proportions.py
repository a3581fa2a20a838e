"""Proportions of trials with intervals that know that replicates of one configuration are alike.

Wilson's score interval (1927) with the *effective* number of trials in place of the number: n divided by the
design effect Σ m_c (1 + (m_c − 1) ρ) / Σ m_c for configurations c of m_c trials (Donner & Klar 2000). ρ, the
correlation of two replicates of one configuration at the same level, is the analysis-of-variance estimate
within levels, pooled over them, between 0 and 1; where it cannot be told (nothing or everything diverged) it
is 1, so that a configuration counts once.

The configurations at a level are treated as a sample from the prior over everything else. On a grid, which
covers the rest more evenly than a sample does, the interval is wider than it need be. What all configurations
of a replicate have in common (the split) is not in it: two replicates cannot tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import scipy

from sensitivity.estimators.noise import widening
from sensitivity.estimators.projections import Z

if TYPE_CHECKING:
    from sensitivity.arrays import Floats, Integers

TRIALS: Final = "trials"
CONFIGURATIONS: Final = "configurations"


@dataclass(frozen=True)
class Clusters:
    """Trials in cells (levels), clustered by configuration; every configuration lies in one cell.

    Attributes
    ----------
    cell
        Cell of each trial, 0 … ``size`` − 1, shape (n,).
    cluster
        Configuration of each trial, any whole numbers, shape (n,).
    size
        Number of cells; some may be empty.
    """

    cell: Integers
    cluster: Integers
    size: int

    @cached_property
    def trials(self) -> Integers:
        """Trials per cell, shape (cells,)."""
        counts: Integers = np.bincount(self.cell, minlength=self.size)
        return counts

    @cached_property
    def grouped(self) -> tuple[Integers, Integers, Integers]:
        """Cluster of each trial, counted from 0; each cluster's cell and its number of trials."""
        first, number = np.unique(self.cluster, return_index=True, return_inverse=True)[1:]
        return number, self.cell[first], np.bincount(number)


def wilson(clusters: Clusters, success: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Proportion of successes in each cell.

    Parameters
    ----------
    success
        0 or 1 per trial, shape (n,), or (n, K) for K of them, the last of which gives ρ.

    Returns
    -------
    proportion, low, high: shape (cells,) or (cells, K), NaN in empty cells
    effective
        Effective number of trials of each cell, shape (cells,).
    """
    flat = success.astype(np.float64) if success.ndim > 1 else success.astype(np.float64)[:, None]
    trials = clusters.trials
    _, cell, counts = clusters.grouped
    correlation = replicate_correlation(clusters, flat[:, -1])
    inflated = np.bincount(cell, counts * (1 + (counts - 1) * correlation), minlength=clusters.size)
    hits = np.column_stack([np.bincount(clusters.cell, column, minlength=clusters.size) for column in flat.T])
    with np.errstate(invalid="ignore", divide="ignore"):
        effective = trials**2 / inflated
        proportion = hits / trials[:, None]
        low, high = score_interval(proportion, effective[:, None])
    shape = (clusters.size, *success.shape[1:])
    return proportion.reshape(shape), low.reshape(shape), high.reshape(shape), effective


def score_interval(proportion: Floats, count: Floats) -> tuple[Floats, Floats]:
    """Wilson's 95 % interval; the ends are exactly 0 and 1 where the proportion is."""
    centre = (proportion + Z**2 / (2 * count)) / (1 + Z**2 / count)
    half = Z / (1 + Z**2 / count) * np.sqrt(proportion * (1 - proportion) / count + (Z / (2 * count)) ** 2)
    low = np.where(proportion == 0, 0.0, centre - half)
    high = np.where(proportion == 1, 1.0, centre + half)
    return low, high


def replicate_correlation(clusters: Clusters, success: Floats) -> float:
    """Correlation ρ of two trials of one configuration within a cell, between 0 and 1.

    ρ = (MSB − MSW) / (MSB + (m₀ − 1) MSW), between and within configurations, inside cells (Fleiss 1981);
    1 where the data cannot tell.
    """
    number, cell, counts = clusters.grouped
    trials = clusters.trials
    cells, within_df = int((trials > 0).sum()), len(success) - len(counts)
    between_df = len(counts) - cells
    if within_df < 1 or between_df < 1:
        return 1.0
    mean = np.bincount(number, success) / counts
    of_cell = np.bincount(clusters.cell, success, minlength=clusters.size) / np.maximum(trials, 1)
    between = float((counts * (mean - of_cell[cell]) ** 2).sum()) / between_df
    within = float((counts * mean * (1 - mean)).sum()) / within_df
    squares = np.bincount(cell, counts**2, minlength=clusters.size) / np.maximum(trials, 1)
    typical = (len(success) - squares.sum()) / between_df
    whole = between + (typical - 1) * within
    return 1.0 if whole <= 0 else float(np.clip((between - within) / whole, 0, 1))


def mean_interval(
    clusters: Clusters, response: Floats, replicate: Integers | None = None
) -> tuple[Floats, Floats, Floats]:
    """Mean of a response in each cell with a 95 % interval; configurations are the sample, and replicates.

    Variance of the ratio Σ_c Σ_r y / Σ_c m_c by linearisation, Student's t with k − 1 degrees of freedom for
    k configurations; NaN ends for k = 1. Beside it, at right angles, what the means of the replicates tell:
    where nothing has trained yet, all configurations of a replicate are at the error of its weights and
    split, and however many there are, they are as one. Where two replicates are all that tells it, and it is
    most of the interval, there is none.

    Parameters
    ----------
    replicate
        Replicate of each trial, shape (n,); None: nothing is known to be shared.
    """
    number, cell, counts = clusters.grouped
    trials = clusters.trials
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(clusters.cell, response, minlength=clusters.size) / trials
        excess = np.bincount(number, response) - counts * mean[cell]
        of_cell = np.bincount(cell, minlength=clusters.size)
        square = np.bincount(cell, excess**2, minlength=clusters.size)
        error = np.sqrt(square * of_cell / (of_cell - 1)) / trials
        half = np.where(of_cell > 1, scipy.stats.t.ppf(0.975, np.maximum(of_cell - 1, 1)) * error, np.nan)
    if replicate is not None:
        shared, seen = _of_replicates(clusters, response - mean[clusters.cell], replicate)
        half = np.where((seen == 2) & (shared > half), np.nan, np.hypot(half, shared))
    return mean, mean - half, mean + half


def _of_replicates(clusters: Clusters, excess: Floats, replicate: Integers) -> tuple[Floats, Integers]:
    """Half the 95 % interval of each cell's mean over replicates, 0 for one; how many, shape (cells,)."""
    count = int(replicate.max(initial=0)) + 1
    at = clusters.cell * count + replicate
    trials = np.bincount(at, minlength=clusters.size * count).reshape(clusters.size, count)
    sums = np.bincount(at, excess, minlength=clusters.size * count).reshape(clusters.size, count)
    there: Integers = (trials > 0).sum(axis=1)
    scatter = ((sums / np.maximum(trials, 1)) ** 2).sum(axis=1) / np.maximum(there - 1, 1)
    half = Z * widening(there - 1) * np.sqrt(scatter / np.maximum(there, 1))
    return np.where(there > 1, half, 0.0), there
