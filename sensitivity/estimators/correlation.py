"""How the noise of the seed moves the configurations of a replicate together.

All configurations of a replicate share initial weights, order and split, so their deviations ε_cr resemble
each other: neighbouring rates, two schedules, adam and rmsprop correlate by .5 to .75 on digits. A share is a
sum over thousands of cells; taken as independent, their noise seems to average out, and two thirds of the
intervals of another sweep's shares miss.

Model, separable over the axes of the factorial (a Kronecker product, as in Genton 2007):

    Cov(ε_c, ε_c') = σ_c σ_c' Π_a K_a[level_a(c), level_a(c')]

K_a is the uncentred correlation of the deviations at two levels of axis a, everything else alike, over all
other cells and all replicates: a matrix of levels × levels with 1 on its diagonal. Where a setting is
inactive its axis repeats the cell (`sensitivity.estimators.cells`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np
from scipy import stats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sensitivity.arrays import Floats, Integers
    from sensitivity.estimators.cells import CellTable


_Real = TypeVar("_Real", np.float32, np.float64)
# What 40 replicates of digits showed: 2.0 to 3.2 inside an optimizer, 4.8 over four; K_a alone says 3 to 11,
# because it does not see that some replicates are wild everywhere.
MOST: Final = 2.0
WHOLE: Final = 5.0  # of a whole sweep


@dataclass(frozen=True)
class Correlation:
    """Correlation of the deviations of a factorial's configurations.

    A configuration that covers several positions of the array deviates as their mean does, with variance 1.

    Attributes
    ----------
    index
        Configuration at each position of the array, shape ``sizes``.
    matrices
        K_a of each axis, shape (sizes[a], sizes[a]).
    sizes
        Standard deviation of the mean over the positions of each configuration, shape (C,).
    """

    index: Integers
    matrices: tuple[Floats, ...]
    sizes: Floats

    @property
    def none(self) -> bool:
        """Whether nothing speaks against independence."""
        return all(np.array_equal(matrix, np.eye(len(matrix))) for matrix in self.matrices)

    @cached_property
    def _count(self) -> Integers:
        """Positions of each configuration, shape (C,)."""
        count: Integers = np.bincount(self.index.ravel())
        return count

    def covariance(self, one: Floats, other: Floats) -> Floats:
        """Σ_cc' a_c b_c' Corr(ε_c, ε_c') of K pairs of vectors, shape (K, C) each; shape (K,)."""
        return self._product(one, other, self.matrices)

    def squared(self, one: Floats) -> Floats:
        """Σ_cc' a_c a_c' Corr(ε_c, ε_c')² of K vectors, shape (K, C); shape (K,)."""
        return self._product(one, one, tuple(matrix**2 for matrix in self.matrices))

    def components(self, variance: Floats) -> Floats:
        """Effective number of deviations, (Σ σ_c²)² / Σ σ_c² σ_c'² Corr², at least 1; shape (K,).

        Parameters
        ----------
        variance
            Weight times σ_c² of each configuration, shape (K, C), not negative.
        """
        whole, squares = variance.sum(axis=1) ** 2, self.squared(variance)
        found: Floats = np.divide(whole, squares, out=np.ones_like(whole), where=squares > 0)
        return np.maximum(found, 1.0)

    def wild(self, variance: Floats) -> float:
        """The same for how much noise there is, which some replicates have more of everywhere; see `MOST`.

        Parameters
        ----------
        variance
            Weight times σ_c² of each configuration, shape (C,), not negative.
        """
        found = float(self.components(variance[None])[0])
        return found if self.none else min(found, MOST)

    def draws(self, rng: np.random.Generator, count: int) -> Floats:
        """Normal deviations of variance 1 with this correlation, shape (count, C)."""
        return self.shaped(rng.standard_normal((count, *self.index.shape), dtype=np.float32))  # half the time

    def shaped(self, normals: NDArray[np.float32]) -> Floats:
        """Independent normal numbers of shape (count, *sizes) as such deviations, shape (count, C)."""
        roots = [_root(matrix).astype(np.float32) for matrix in self.matrices]
        loose = _along(roots, normals).reshape(len(normals), -1)
        found = np.empty((len(loose), len(self.sizes)))
        if self.index.size == found.shape[1]:  # a position each: nothing to add up, which takes long
            found[:, self.index.ravel()] = loose
        else:
            found[:] = [np.bincount(self.index.ravel(), row) for row in loose]
        found /= self._count
        found /= self.sizes
        return found

    def _product(self, one: Floats, other: Floats, matrices: tuple[Floats, ...]) -> Floats:
        per_position = 1 / (self._count * self.sizes)
        a, b = ((vectors * per_position)[:, self.index] for vectors in (one, other))
        found: Floats = (a * _along(matrices, b)).sum(axis=tuple(range(1, a.ndim)))
        return found


def correlation(table: CellTable, index: Integers) -> Correlation:
    """Correlation of the deviations of each configuration from its mean over replicates.

    Where the squares of K_a off the diagonal could be the scatter of correlations of 0 (χ² test, 1 %) it is
    the identity. Otherwise it is shrunk towards it by 1 − 1 / (n · mean square), as James & Stein do; n is
    the number of products behind an entry.

    Parameters
    ----------
    table
        With two replicates or more.
    index
        Its index.
    """
    values = table.values
    deviations = values - values.mean(axis=1, keepdims=True)
    matrices = []
    for axis, size in enumerate(index.shape):
        rows = np.moveaxis(deviations[index], axis, 0).reshape(size, -1)
        behind = len(values) / size * (values.shape[1] - 1)
        matrices.append(_shrunk(_correlated(rows @ rows.T), behind))
    return Correlation(index, tuple(matrices), _sizes(table, matrices))


def _correlated(products: Floats) -> Floats:
    """Matrix of products scaled to a diagonal of 1."""
    scale = np.sqrt(np.maximum(np.diag(products), 0))
    scale[scale == 0] = 1.0
    found: Floats = products / scale[:, None] / scale
    np.fill_diagonal(found, 1.0)
    return found


def _shrunk(matrix: Floats, behind: float) -> Floats:
    beside = ~np.eye(len(matrix), dtype=bool)
    pairs = beside.sum() // 2
    square = float((matrix[beside] ** 2).mean()) if pairs else 0.0
    alone = behind * square * pairs <= stats.chi2.ppf(0.99, max(pairs, 1))
    kept = 0.0 if alone else 1 - 1 / (behind * square)
    found: Floats = np.where(beside, kept * matrix, 1.0)
    return found


def _sizes(table: CellTable, matrices: Sequence[Floats]) -> Floats:
    """Standard deviation of the mean over each configuration's box, shape (C,)."""
    variance = np.ones(len(table.configurations))
    for axis, matrix in enumerate(matrices):
        boxes = np.column_stack([table.start[:, axis], table.length[:, axis]])
        different, which = np.unique(boxes, axis=0, return_inverse=True)
        means = [matrix[at : at + n, at : at + n].mean() for at, n in different.tolist()]
        variance *= np.array(means)[which.ravel()]
    return np.sqrt(np.maximum(variance, 1e-12))


def _along(matrices: Sequence[NDArray[_Real]], arrays: NDArray[_Real]) -> NDArray[_Real]:
    """Each matrix applied along its axis of K arrays, shape (K, *sizes)."""
    for axis, matrix in enumerate(matrices, 1):
        if np.array_equal(matrix, np.eye(len(matrix))):
            continue
        arrays = np.moveaxis(np.tensordot(matrix, arrays, axes=(1, axis)), 0, axis)
    return arrays


def _root(matrix: Floats) -> Floats:
    """L with L Lᵀ = K."""
    values, vectors = np.linalg.eigh(matrix)
    root: Floats = vectors * np.sqrt(np.maximum(values, 0))
    return root
