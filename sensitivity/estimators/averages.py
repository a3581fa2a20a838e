"""Means of configurations over their replicates, with the replicate's block taken off first.

Model y_cr = μ + f(c) + b_r + ε_cr: b_r is fitted in turns with the configurations and taken off as far as
replicates share configurations. Where some configurations lack a replicate, a plain mean over easier
replicates would look better than it is.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

if TYPE_CHECKING:
    from sensitivity.arrays import Floats, Integers

_SWEEPS: Final = 200


def averaged(
    response: Floats, configuration: Integers, replicate: Integers
) -> tuple[Floats, Integers, float]:
    """Average replicates with the block taken off.

    Parameters
    ----------
    response
        Shape (trials,).
    configuration, replicate
        Numbers from 0, shape (trials,).

    Returns
    -------
    tuple
        Means and replicates of each configuration, shape (C,); σ² of the noise, NaN without replicates.
    """
    counts = np.bincount(configuration)
    per_replicate = np.bincount(replicate)
    if len(per_replicate) < 2:
        return np.bincount(configuration, response) / np.maximum(counts, 1), counts, math.nan
    block = np.zeros(len(per_replicate))
    for _ in range(_SWEEPS):  # backfitting: configurations and replicates in turn, until nothing moves
        means = np.bincount(configuration, response - block[replicate]) / counts
        step = np.bincount(replicate, response - means[configuration]) / per_replicate
        step -= step.mean()
        moved = float(np.abs(step - block).max())
        block = step
        if moved <= 1e-12 * float(np.abs(response).max()):
            break
    residual = response - means[configuration] - block[replicate]
    df = len(response) - len(counts) - len(per_replicate) + _parts(configuration, replicate)
    return means, counts, float((residual**2).sum() / df) if df > 0 else math.nan


def _parts(configuration: Integers, replicate: Integers) -> int:
    """Count connected parts of configurations and replicates: each costs one parameter less."""
    configurations = int(configuration.max()) + 1
    size = configurations + int(replicate.max()) + 1
    ends = (configuration, replicate + configurations)
    graph = sparse.coo_matrix((np.ones(len(configuration), dtype=bool), ends), shape=(size, size))
    return int(csgraph.connected_components(graph, directed=False)[0])
