"""Replicates to one mean per draw, the replicate's block taken off, the noise of the seed kept beside it.

A *draw* is one configuration drawn from the design; its trials in different replicates belong together. A
random design may draw the same configuration again: within one replicate these are different draws, or the
configuration would lose its weight, but they share a *group* and so a fold.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sensitivity.coding import coded, configurations_of, same_rows
from sensitivity.estimators.effects import CONSTANT, NO_DIFFERENCE
from sensitivity.estimators.two_way import two_way
from sensitivity.trials import REPLICATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from sensitivity.arrays import Floats, Integers
    from sensitivity.remarks import Remark


@dataclass(frozen=True)
class Observed:
    """One entry per draw, n of them.

    Attributes
    ----------
    first
        Row of the table that holds the draw's settings, shape (n,).
    group
        Number of the configuration, shape (n,): equal for draws of the same configuration.
    mean
        Response averaged over the draw's replicates, block taken off, shape (n,).
    spread
        Mean squared deviation of the draw's trials from ``mean``, shape (n,).
    replicates
        Trials behind each mean, shape (n,).
    seed
        σ̂², pooled within draws; NaN without replicates.
    df
        Its degrees of freedom.
    block
        σ_b² of the replicate's block, unclipped; NaN without replicates.
    """

    first: Integers
    group: Integers
    mean: Floats
    spread: Floats
    replicates: Floats
    seed: float
    df: int
    block: float

    def __len__(self) -> int:
        """N."""
        return len(self.mean)

    @property
    def variance(self) -> float:
        """Variance of one trial's response, every draw with the same weight."""
        return float(np.var(self.mean) + np.mean(self.spread))

    @property
    def constant(self) -> bool:
        """Whether every trial gave the same, to rounding; what a whole replicate shares aside."""
        return self.variance <= self._rounding

    @property
    def sameness(self) -> Remark:
        """What is said where `constant`: that all agree, or all but whole replicates."""
        return NO_DIFFERENCE if self.block > self._rounding else CONSTANT

    @property
    def _rounding(self) -> float:
        return 1e-24 * float(np.mean(self.mean**2))

    def rows(self, chosen: Integers) -> Observed:
        """Some of the draws; the noise stays that of all."""
        columns = ("first", "group", "mean", "spread", "replicates")
        return replace(self, **{name: getattr(self, name)[chosen] for name in columns})


def observe(trials: pd.DataFrame, names: Sequence[str], value: str) -> Observed:
    """Draws of a table of trials with finite responses.

    The replicate's block is taken off as `sensitivity.estimators.two_way.two_way` does. Without replicate
    numbers, equal configurations with unequal responses tell of the noise.
    """
    columns = [coded(trials[name])[0] for name in names if name in trials]
    codes = np.column_stack([np.zeros((len(trials), 0), dtype=np.int64), *columns])
    return observed_of(codes, trials[REPLICATE].to_numpy(), trials[value].to_numpy(dtype=np.float64))


def observed_of(codes: Integers, labels: Integers, response: Floats) -> Observed:
    """The same from values of the settings as numbers, shape (trials, settings), and replicates."""
    replicate = np.unique(labels, return_inverse=True)[1].astype(np.int64)
    draw, group = configurations_of(codes, replicate), same_rows(codes)
    fit = two_way(response, draw, replicate)
    first = np.unique(draw, return_index=True)[1]
    seed, df = (fit.seed, fit.df) if fit.df else _noise_of_equals(fit.means, group[first])
    spread = np.bincount(draw, fit.residual**2) / fit.counts
    replicates = fit.counts.astype(np.float64)
    return Observed(first, group[first], fit.means, spread, replicates, seed, df, fit.block)


def _noise_of_equals(mean: Floats, group: Integers) -> tuple[float, int]:
    """σ̂² within equal configurations, unless all agree (the same trial twice says nothing of the seed)."""
    counts = np.bincount(group)
    residual = mean - (np.bincount(group, mean) / counts)[group]
    df = len(mean) - len(counts)
    total = float((residual**2).sum())
    return (total / df, df) if df > 0 and total > 0 else (math.nan, 0)
