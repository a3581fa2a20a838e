"""The noise of the seed, the block of the replicate, and tests of effects against the noise.

Model (``factorial.md``): y_cr = μ + f(c) + b_r + ε_cr. The replicate's effect b_r is shared by all
configurations (same split, initial weights and minibatch order); ε is the noise effects are judged by.
The F tests are exact for normal ε of equal variance. Real noise is larger near the edge of divergence; there
they are approximations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse, stats
from scipy.sparse import csgraph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.measures.cells import CellTable, Floats, Integers


@dataclass(frozen=True)
class Noise:
    """Variance components of the noise.

    Attributes
    ----------
    seed
        σ² pooled over configurations, with ``df`` degrees of freedom; NaN without replicates.
    replicate
        σ_b², unclipped, so it may be negative; NaN without replicates.
    local
        σ_c² of each configuration, shape (C,): a poor estimate each, unbiased in any sum over many of them;
        zeros without replicates, so that nothing is taken off.
    """

    seed: float
    replicate: float
    df: int
    local: Floats

    @property
    def known(self) -> bool:
        """Whether there were replicates to estimate it from."""
        return self.df > 0


def estimate(values: Floats) -> Noise:
    """Noise of a balanced table of shape (configurations, replicates).

    σ̂² = Σ (y_cr − ȳ_c. − ȳ_.r + ȳ)² / ((C − 1)(R − 1)); σ̂_b² = Var_r(ȳ_.r) − σ̂²/C with the sample variance.
    Locally, s_c = Σ_r (…)² / (R − 1) has the mean σ_c² (1 − 2/C) + σ²/C, which is solved for σ_c².
    """
    configurations, replicates = values.shape
    df = (configurations - 1) * (replicates - 1)
    if df < 1:
        return Noise(np.nan, np.nan, 0, np.zeros(configurations))
    block = values.mean(axis=0) - values.mean()
    residual = values - values.mean(axis=1, keepdims=True) - block
    seed = float((residual**2).sum() / df)
    local = np.full(configurations, seed)
    if configurations > 2:
        spread = (residual**2).sum(axis=1) / (replicates - 1)
        local = (spread - seed / configurations) / (1 - 2 / configurations)
    return Noise(seed, float(np.var(block, ddof=1)) - seed / configurations, df, local)


@dataclass(frozen=True)
class FTest:
    """An F test: degrees of freedom of the effect, statistic and p; p is NaN where nothing can be tested."""

    df: int
    statistic: float
    p: float


def f_test(mean_square: float, df: int, noise: Noise, smallest: float) -> FTest:
    """Test of an effect's mean square (per trial) against the noise.

    Parameters
    ----------
    smallest
        Below this, a mean square is rounding: responses can agree exactly where everything sits at the cap.
    """
    if df < 1 or not noise.known:
        return FTest(df, np.nan, np.nan)
    if noise.seed <= smallest:
        return FTest(df, np.inf if mean_square > smallest else 0.0, 0.0 if mean_square > smallest else 1.0)
    statistic = mean_square / noise.seed
    return FTest(df, statistic, float(stats.f.sf(statistic, df, noise.df)))


def rounding(table: CellTable) -> float:
    """Mean square that rounding alone can make, a long way below any real one."""
    return float(1e-24 * np.mean(table.values**2))


def main_effect_test(table: CellTable, means: Floats, axis: int, noise: Noise) -> FTest:
    """Wald F test that all levels of one axis have the same mean over the rest.

    The marginal means m have covariance (σ²/R) G, G_ab = Σ_c w_c(a) w_c(b), w_c(a) = v_rest(c) where level
    a is in the box of c. With centred m: F = R mᵀ G⁺ m / (df σ²), df = rank G. For a plain balanced factor
    this is the F test of the analysis of variance.
    """
    rest = tuple(other for other in table.axes if other != axis)
    marginal = means.mean(axis=rest) if rest else means
    marginal = marginal - marginal.mean()
    gram = _gram(table, axis)
    scale = float(np.trace(gram)) or 1.0
    df = int(np.linalg.matrix_rank(gram, tol=1e-9 * scale, hermitian=True))
    inverse = np.linalg.pinv(gram / scale, rcond=1e-9, hermitian=True) / scale
    mean_square = table.replicates * float(marginal @ inverse @ marginal) / max(df, 1)
    return f_test(mean_square, df, noise, rounding(table))


def _gram(table: CellTable, axis: int) -> Floats:
    """Covariance of the centred marginal means for σ²/R = 1, shape (levels, levels)."""
    positions = np.arange(table.sizes[axis])
    start, stop = table.start[:, axis, None], (table.start + table.length)[:, axis, None]
    rest = np.prod(np.delete(table.coverage, axis, axis=1), axis=1)
    weights = ((positions >= start) & (positions < stop)) * rest[:, None]
    weights = weights - weights.mean(axis=1, keepdims=True)
    gram: Floats = weights.T @ weights
    return gram


def total_effect_test(table: CellTable, axis: int, noise: Noise) -> FTest:
    """F test that the response does not depend on one axis at all: no term it takes part in.

    Under the hypothesis all configurations met along the axis, everything else equal, have one mean; so do
    those linked through a chain of such meetings (sgd meets every β of adam). With groups g of linked
    configurations: F = R Σ_c (ȳ_c − ȳ_g)² / (df σ²), df = C − number of groups.
    """
    groups = linked(table, axis)
    cell = table.values.mean(axis=1) - table.values.mean()
    count = np.bincount(groups)
    residual = cell - (np.bincount(groups, cell) / count)[groups]
    df = len(cell) - len(count)
    mean_square = table.replicates * float((residual**2).sum()) / max(df, 1)
    return f_test(mean_square, df, noise, rounding(table))


def linked(table: CellTable, axis: int) -> Integers:
    """Group number of each configuration, shape (C,): linked when they meet along ``axis``."""
    columns = np.moveaxis(table.index(), axis, 0).reshape(table.sizes[axis], -1)
    first = np.broadcast_to(columns[0], columns.shape).ravel()
    size = len(table.values)
    graph = sparse.coo_matrix((np.ones(first.size, dtype=bool), (first, columns.ravel())), shape=(size, size))
    groups: Integers = csgraph.connected_components(graph, directed=False)[1]
    return groups


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's step-down adjustment; NaN stays NaN and does not count as a test."""
    adjusted = [np.nan] * len(p_values)
    tested = sorted((p, place) for place, p in enumerate(p_values) if not np.isnan(p))
    largest = 0.0
    for rank, (p, place) in enumerate(tested):
        largest = max(largest, min(1.0, (len(tested) - rank) * p))
        adjusted[place] = largest
    return adjusted
