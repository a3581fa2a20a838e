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
from scipy import sparse
from scipy.sparse import csgraph

from sensitivity.axis import key
from sensitivity.trials import REPLICATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from sensitivity.arrays import Floats, Integers

_SWEEPS = 200


@dataclass(frozen=True)
class Responses:
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
        """Whether every trial gave the same, to rounding."""
        return self.variance <= 1e-24 * float(np.mean(self.mean**2))

    def rows(self, chosen: Integers) -> Responses:
        """Some of the draws; the noise stays that of all."""
        columns = ("first", "group", "mean", "spread", "replicates")
        return replace(self, **{name: getattr(self, name)[chosen] for name in columns})


def responses(trials: pd.DataFrame, names: Sequence[str], value: str) -> Responses:
    """Draws of a table of trials with finite responses.

    Model y_cr = μ + f(c) + b_r + ε_cr: b_r is fitted in turns with the draws and taken off
    as far as replicates share configurations. Without replicate numbers, equal configurations with unequal
    responses tell of the noise.
    """
    columns = [list(map(key, trials[name].tolist())) for name in names if name in trials]
    cells = list(zip(*columns, strict=True)) if columns else [()] * len(trials)
    replicate = np.unique(trials[REPLICATE].to_numpy(), return_inverse=True)[1].astype(np.int64)
    draw, group = _draws(cells, replicate.tolist())
    response = trials[value].to_numpy(dtype=np.float64)
    counts = np.bincount(draw)
    block = _block(response, draw, replicate, counts)
    centred = response - block[replicate]
    mean = np.bincount(draw, centred) / counts
    residual = centred - mean[draw]
    first = np.unique(draw, return_index=True)[1]
    seed, df = _noise(residual, draw, replicate)
    if df < 1:
        seed, df = _noise_of_equals(mean, group[first])
    per_replicate = np.bincount(replicate)
    of_block = math.nan
    if len(block) > 1 and df > 0:
        of_block = float(np.var(block, ddof=1) - seed * np.mean(1 / per_replicate))
    spread = np.bincount(draw, residual**2) / counts
    return Responses(first, group[first], mean, spread, counts.astype(np.float64), seed, df, of_block)


def _draws(cells: Sequence[tuple[object, ...]], replicate: Sequence[int]) -> tuple[Integers, Integers]:
    """Draw and group of each trial: the k-th appearance of a configuration in its replicate is draw k."""
    seen: dict[tuple[object, ...], int] = {}
    groups: dict[tuple[object, ...], int] = {}
    draws: dict[tuple[object, ...], int] = {}
    draw, group = [], []
    for cell, number in zip(cells, replicate, strict=True):
        appearance = seen[number, cell] = seen.get((number, cell), 0) + 1
        group.append(groups.setdefault(cell, len(groups)))
        draw.append(draws.setdefault((appearance, cell), len(draws)))
    return np.array(draw, dtype=np.int64), np.array(group, dtype=np.int64)


def _block(response: Floats, draw: Integers, replicate: Integers, counts: Integers) -> Floats:
    """Effect b_r of each replicate, mean 0 over trials: draws and replicates fitted in turns."""
    per_replicate = np.bincount(replicate)
    block = np.zeros(len(per_replicate))
    for _ in range(_SWEEPS if len(block) > 1 else 0):
        means = np.bincount(draw, response - block[replicate]) / counts
        step: Floats = np.bincount(replicate, response - means[draw]) / per_replicate
        step -= float(step @ per_replicate) / len(response)
        moved = float(np.abs(step - block).max())
        block = step
        if moved <= 1e-12 * float(np.abs(response).max()):
            break
    return block


def _noise(residual: Floats, draw: Integers, replicate: Integers) -> tuple[float, int]:
    """σ̂² within draws and its degrees of freedom; each connected part of the table costs one less."""
    draws, replicates = int(draw.max()) + 1, int(replicate.max()) + 1
    size = draws + replicates
    graph = sparse.coo_matrix((np.ones(len(draw), dtype=bool), (draw, replicate + draws)), shape=(size, size))
    parts = int(csgraph.connected_components(graph, directed=False)[0])
    df = len(residual) - draws - replicates + parts
    return (float((residual**2).sum() / df), df) if df > 0 else (math.nan, 0)


def _noise_of_equals(mean: Floats, group: Integers) -> tuple[float, int]:
    """σ̂² within equal configurations, unless all agree (the same trial twice says nothing of the seed)."""
    counts = np.bincount(group)
    residual = mean - (np.bincount(group, mean) / counts)[group]
    df = len(mean) - len(counts)
    total = float((residual**2).sum())
    return (total / df, df) if df > 0 and total > 0 else (math.nan, 0)
