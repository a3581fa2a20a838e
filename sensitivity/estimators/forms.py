"""Quadratic forms in the cell means: what a factorial's variance is made of.

The *closed index* τ²_u is the variance over the axes u of the mean over all other axes,
τ²_u = Var(E[m | x_u]) (Sobol' 1993); every share is a signed sum of closed indices, a `Term`. As a form
τ²_u = mᵀ T_u m in the C cell means m, with

    T_u[c, c'] = v_rest(c) v_rest(c') overlap_u(c, c') − w_c w_c'

for boxes of coverage v and weight w (`sensitivity.estimators.cells`).
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from sensitivity.arrays import Floats, Integers
    from sensitivity.estimators.cells import CellTable
    from sensitivity.estimators.correlation import Correlation

Axes = tuple[int, ...]
_ELEMENTS = 500_000
_DRAWS = 512


@dataclass(frozen=True)
class Term:
    """A part of the variance: ``signs`` says how often each closed index counts in it.

    ``axes`` are those of the settings it is named after; none for all that three or more do.
    """

    kind: str
    setting: str
    signs: Mapping[Axes, int]
    axes: Axes = ()


def pure(axes: Sequence[int]) -> dict[Axes, int]:
    """Effect of ``axes`` together without its parts: Σ_w⊆u (−1)^(|u|−|w|) τ²_w; one axis: its main effect."""
    return {
        subset: (-1) ** (len(axes) - size)
        for size in range(1, len(axes) + 1)
        for subset in itertools.combinations(axes, size)
    }


def total(axis: int, count: int) -> dict[Axes, int]:
    """Every term that ``axis`` takes part in: V − τ² of all other axes."""
    everything = tuple(range(count))
    others = tuple(other for other in everything if other != axis)
    return {everything: 1, others: -1} if others else {everything: 1}


def beyond_pairs(count: int) -> dict[Axes, int]:
    """V less all main effects and all pairs: with |u| = 2, Σ_u τ²_u counts each main effect d − 1 times."""
    signs = {tuple(range(count)): 1}
    signs |= {(axis,): count - 2 for axis in range(count)}
    signs |= dict.fromkeys(itertools.combinations(range(count), 2), -1)
    return signs


@dataclass(frozen=True)
class Forms:
    """K forms evaluated at the cell means of a table.

    Attributes
    ----------
    value
        mᵀ A m, noise still in it, shape (K,).
    gradient
        A m, half the gradient, shape (K, C).
    diagonal
        A[c, c], shape (K, C): a cell mean of variance d_c adds Σ A[c, c] d_c to the form.
    spread
        Covariance of the forms of pure noise, less 2 Σ_c A_j[c, c] A_k[c, c] d_c², shape (K, K).
    expected
        Forms of pure noise in the mean, tr(A Σ), shape (K,): Σ A[c, c] d_c where cells are independent.
    """

    value: Floats
    gradient: Floats
    diagonal: Floats
    spread: Floats
    expected: Floats


def evaluate(
    table: CellTable,
    terms: Sequence[Mapping[Axes, int]],
    variance: Floats,
    together: Correlation | None = None,
) -> Forms:
    """Evaluate forms at the cell means.

    Parameters
    ----------
    terms
        Signed closed indices of each form, K of them.
    variance
        Variance d_c of each cell mean, shape (C,); negative ones count as zero.
    together
        How cell means deviate together; None: not at all.

    Notes
    -----
    ``spread`` is a mean over up to 512 drawn vectors (fixed seed). Its standard error is 6 % of a variance
    with 512 draws, so 3 % of a width, and only where an effect is near zero.
    """
    subsets = sorted({subset for term in terms for subset in term})
    signs = np.array([[term.get(subset, 0) for subset in subsets] for term in terms], dtype=np.float64)
    index, means = table.index() if together is None else together.index, table.means()
    gradient = np.stack([_gradient(index, means, subset) for subset in subsets])
    diagonal = np.stack([noise_weights(table, subset) for subset in subsets])
    draws = int(min(_DRAWS, max(_ELEMENTS // index.size, 64)))
    variance, slope = np.maximum(variance, 0), np.asarray(signs @ gradient)
    own = signs @ diagonal
    if together is None:
        # For signs the diagonal of a form is constant: their covariance is that of the off-diagonal.
        noisy = np.sqrt(variance) * _signs((draws, len(means)))
        spread = np.atleast_2d(np.cov(signs @ _closed(index, noisy, subsets)))
        return Forms(slope @ means, slope, own, spread, own @ variance)
    noisy = np.sqrt(variance) * together.shaped(_arranged(table, together, draws))
    drawn = signs @ _closed(index, noisy, subsets)
    spread = np.atleast_2d(np.cov(drawn)) - 2 * (own * variance) @ (own * variance).T
    np.fill_diagonal(spread, np.maximum(np.diag(spread), 0))
    return Forms(slope @ means, slope, own, spread, own @ variance if together.none else drawn.mean(axis=1))


def _arranged(table: CellTable, together: Correlation, draws: int) -> NDArray[np.float32]:
    """Normal numbers for each box, shape (draws, *boxes), that follow the data when settings or levels move.

    Settings stand in the order of their boxes' number and scatter, boxes in that of their means: an interval
    must not depend on the order of names.
    """
    means = table.means()
    digits = np.round(means / max(float(np.abs(means).max()), 1e-300), 9)
    boxes = np.unravel_index(together.place, together.shape)
    ranks, keys = [], []
    for box, size in zip(boxes, together.shape, strict=True):
        moments = [np.round(np.bincount(box, digits**power, size), 7) for power in (3, 2, 1)]
        ranks.append(np.argsort(np.lexsort(moments), kind="stable"))
        keys.append((size, *(round(float((moment**2).sum()), 6) for moment in moments[::-1])))
    order = sorted(range(len(keys)), key=keys.__getitem__)
    sizes = [together.shape[axis] for axis in order]
    places = np.arange(math.prod(sizes)).reshape(sizes)
    places = places.transpose([order.index(axis) for axis in range(len(order))])[np.ix_(*ranks)]
    found: NDArray[np.float32] = np.take(_normals((draws, places.size)), places.ravel(), axis=1)
    return found.reshape(draws, *places.shape)


@lru_cache(maxsize=1)
def _normals(shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Standard normal numbers, the same ones for every response of a table; nobody can change them."""
    found = np.random.default_rng(0).standard_normal(shape, dtype=np.float32)
    found.flags.writeable = False
    return found


@lru_cache(maxsize=1)
def _signs(shape: tuple[int, int]) -> Floats:
    """Random signs, likewise."""
    found = np.random.default_rng(0).choice([-1.0, 1.0], size=shape)
    found.flags.writeable = False
    return found


def noise_weights(table: CellTable, axes: Sequence[int]) -> Floats:
    """T_u[c, c]: how much the noise of each cell mean adds to τ²_u, shape (C,).

    The mean over the rest at position x_u weighs configuration c with v_rest(c) where x_u is in its box:
    v_u v_rest² − w_c². For a plain balanced effect the sum of the weights is df / C.
    """
    coverage = table.coverage
    inside = np.prod(coverage[:, [axis for axis in table.axes if axis in axes]], axis=1)
    outside = np.prod(coverage[:, [axis for axis in table.axes if axis not in axes]], axis=1)
    weights: Floats = inside * outside**2 - (inside * outside) ** 2
    return weights


def _closed(index: Integers, vectors: Floats, subsets: Sequence[Axes]) -> Floats:
    """τ²_u of several vectors over the configurations (draws, C), shape (subsets, draws)."""
    array = vectors.T[index]  # sizes, draws
    grand = array.reshape(-1, len(vectors)).mean(axis=0)
    rows = []
    for subset in subsets:
        rest = tuple(axis for axis in range(index.ndim) if axis not in subset)
        marginal = (array.mean(axis=rest) if rest else array) - grand
        rows.append((marginal**2).reshape(-1, len(vectors)).mean(axis=0))
    return np.stack(rows)


def _gradient(index: Integers, means: Floats, subset: Axes) -> Floats:
    """T_u m: mean over the box of each configuration of the marginal mean, less the grand mean, times w_c."""
    array = means[index]
    rest = tuple(axis for axis in range(index.ndim) if axis not in subset)
    marginal = np.broadcast_to(array.mean(axis=rest, keepdims=True), array.shape) - array.mean()
    slope: Floats = np.bincount(index.ravel(), marginal.ravel(), len(means)) / index.size
    return slope
