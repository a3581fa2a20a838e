"""Configuration + block of the replicate by least squares, for tables that have gaps."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import scipy

if TYPE_CHECKING:
    from sensitivity.arrays import Floats, Integers


FEWEST_LEFT: Final = 3


@dataclass(frozen=True)
class TwoWay:
    """Trials as configuration + block + noise, in a table that may have gaps.

    Attributes
    ----------
    means, counts
        Mean over replicates with the block taken off, and replicates, of each configuration, shape (C,).
    residual
        What is left of each trial, shape (trials,).
    seed, df
        σ̂² pooled over configurations and its degrees of freedom; NaN and 0 without replicates.
    block
        σ̂_b², unclipped; NaN without replicates.
    """

    means: Floats
    counts: Integers
    residual: Floats
    seed: float
    df: int
    block: float


def two_way(response: Floats, configuration: Integers, replicate: Integers) -> TwoWay:
    """Least squares of configuration + block; the block is taken off as far as replicates are shared.

    Where some configurations lack a replicate, a plain mean over easier replicates would look better than it
    is. Each connected part of the table costs one degree of freedom less; blocks have a mean of 0 over the
    trials of their part. σ̂_b² is Henderson's (1953, method 3): the sum of squares that blocks explain beyond
    configurations, σ² (R − parts) + σ_b² (n − Σ n_cr² / n_c) in the mean.

    Where blocks would take more than two thirds of the degrees of freedom there are none: configurations
    were repeated, but not under shared seeds.

    Parameters
    ----------
    response
        Shape (trials,).
    configuration, replicate
        Numbers from 0, shape (trials,).
    """
    counts = np.bincount(configuration)
    table = scipy.sparse.csr_array((np.ones(len(response)), (configuration, replicate)))
    parts, part = _parts(table)
    per_replicate = np.bincount(replicate)
    centre = float(response.mean())
    plain = response - (np.bincount(configuration, response) / np.maximum(counts, 1))[configuration]
    df = len(response) - len(counts) - len(per_replicate) + parts
    if df * FEWEST_LEFT < len(response) - len(counts):
        # Replicates that hardly two configurations share: their blocks would take the noise for their own.
        per_replicate, parts, df = per_replicate[:0], 0, len(response) - int((counts > 0).sum())
        block = np.zeros(int(replicate.max()) + 1)
    else:
        block = _blocks(table, response - centre, configuration, replicate, part)
    taken = response - block[replicate]
    means = np.bincount(configuration, taken) / np.maximum(counts, 1)
    residual = taken - means[configuration]
    if df < 1:
        return TwoWay(means, counts, residual, math.nan, 0, math.nan)
    seed = float((residual**2).sum() / df)
    explained = float((plain**2).sum()) - df * seed - seed * (len(per_replicate) - parts)
    told = len(response) - float((table.multiply(table).sum(axis=1) / np.maximum(counts, 1)).sum())
    return TwoWay(
        means, counts, residual, seed, df, explained / told if len(per_replicate) > parts else math.nan
    )


def _parts(table: scipy.sparse.csr_array) -> tuple[int, Integers]:
    """Connected parts of a table of counts (C, R): how many, and that of each replicate, shape (R,)."""
    graph = scipy.sparse.block_array([[None, table], [table.T, None]])
    count, part = scipy.sparse.csgraph.connected_components(graph, directed=False)
    return int(count), part[table.shape[0] :]


def _blocks(
    table: scipy.sparse.csr_array,
    centred: Floats,
    configuration: Integers,
    replicate: Integers,
    part: Integers,
) -> Floats:
    """Effects of the replicates, shape (R,), from the normal equations of the smaller factor.

    One replicate of each part is held at 0, so that the equations have full rank.
    """
    per_replicate = np.bincount(replicate)
    if table.shape[1] <= table.shape[0]:
        block = _reduced(table, centred, configuration, replicate, part)
    else:
        of_configuration = np.zeros(table.shape[0], dtype=np.int64)
        of_configuration[configuration] = part[replicate]
        effect = _reduced(table.T.tocsr(), centred, replicate, configuration, of_configuration)
        block = np.bincount(replicate, centred - effect[configuration]) / per_replicate
    middle = np.bincount(part, block * per_replicate) / np.maximum(np.bincount(part, per_replicate), 1)
    found: Floats = block - middle[part]
    return found


def _reduced(
    table: scipy.sparse.csr_array, centred: Floats, first: Integers, second: Integers, part: Integers
) -> Floats:
    """Effects of the second factor once the first is eliminated: (D₂ − Nᵀ D₁⁻¹ N) b = y₂ − Nᵀ D₁⁻¹ y₁."""
    counts = np.maximum(np.bincount(first), 1)
    share = scipy.sparse.diags_array(1 / counts) @ table
    matrix = (scipy.sparse.diags_array(np.bincount(second).astype(np.float64)) - table.T @ share).tocsc()
    right = np.bincount(second, centred - (np.bincount(first, centred) / counts)[first])
    free = np.ones(len(right), dtype=bool)
    free[np.unique(part, return_index=True)[1]] = False
    effect = np.zeros(len(right))
    if free.any():
        effect[free] = scipy.sparse.linalg.spsolve(matrix[free][:, free], right[free])
    return effect
