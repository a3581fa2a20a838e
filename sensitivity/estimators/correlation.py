"""How the noise of the seed moves the configurations of a replicate together.

All configurations of a replicate share initial weights, order and split, so their deviations ε_cr resemble
each other: neighbouring rates, two schedules, adam and rmsprop correlate by .5 to .75 on digits. A share is a
sum over thousands of cells; taken as independent, their noise seems to average out, and two thirds of the
intervals of another sweep's shares miss.

Model, separable over the axes of the factorial (a Kronecker product, as in Genton 2007):

    Cov(ε_c, ε_c') = σ_c σ_c' Π_a K_a[level_a(c), level_a(c')]

K_a is the uncentred correlation of the deviations at two levels of axis a, everything else alike, over all
other cells in which its setting is active and all replicates: a matrix of levels × levels with 1 on its
diagonal. Where a setting is inactive its axis repeats the cell (`sensitivity.estimators.cells`), which would
pass for a correlation of 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np
import scipy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
    Each axis has its different *boxes*, single positions and runs of them, and configurations stand in the
    array of boxes, one in a place: a product over axes there is exact, of correlations as of their squares.

    Attributes
    ----------
    index
        Configuration at each position of the array, shape ``sizes``.
    matrices
        K_a of each axis, shape (sizes[a], sizes[a]).
    place
        Flat place of each configuration in the array of boxes, shape (C,).
    boxes
        Correlation of the means over the boxes of each axis, shape (boxes, boxes).
    """

    index: Integers
    matrices: tuple[Floats, ...]
    place: Integers
    boxes: tuple[Floats, ...]

    @property
    def none(self) -> bool:
        """Whether nothing speaks against independence."""
        return all(np.array_equal(matrix, np.eye(len(matrix))) for matrix in self.matrices)

    def covariance(self, one: Floats, other: Floats) -> Floats:
        """Σ_cc' a_c b_c' Corr(ε_c, ε_c') of K pairs of vectors, shape (K, C) each; shape (K,)."""
        return self._product(one, other, self.boxes)

    def squared(self, one: Floats) -> Floats:
        """Σ_cc' a_c a_c' Corr(ε_c, ε_c')² of K vectors, shape (K, C); shape (K,)."""
        return self._product(one, one, tuple(matrix**2 for matrix in self.boxes))

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
        return self.shaped(rng.standard_normal((count, *self.shape), dtype=np.float32))  # half the time

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of boxes of each axis."""
        return tuple(map(len, self.boxes))

    def shaped(self, normals: NDArray[np.float32]) -> Floats:
        """Independent normal numbers of shape (count, *`shape`) as such deviations, shape (count, C)."""
        roots = [_root(matrix) for matrix in self.boxes]
        found: Floats = _along(roots, normals.astype(np.float64)).reshape(len(normals), -1)[:, self.place]
        return found

    def _product(self, one: Floats, other: Floats, boxes: tuple[Floats, ...]) -> Floats:
        array = np.zeros((len(other), math.prod(map(len, boxes))))
        array[:, self.place] = other
        moved = _along(boxes, array.reshape(len(other), *map(len, boxes))).reshape(array.shape)
        found: Floats = (one * moved[:, self.place]).sum(axis=1)
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
    matrices = [_shrunk(matrix, behind) for matrix, behind in _observed(table, index)]
    return Correlation(index, tuple(matrices), *_boxed(table, matrices))


def independent(table: CellTable, index: Integers) -> float:
    """P value of independence along all axes at once: the smallest of their χ² tests, times their number.

    `correlation` tests every axis by itself: of a hundred tables of four axes and independent noise it finds
    a small correlation in four.
    """
    found = []
    for matrix, behind in _observed(table, index):
        pairs = len(matrix) * (len(matrix) - 1) // 2
        if pairs:
            found.append(float(scipy.stats.chi2.sf(behind * (np.triu(matrix, 1) ** 2).sum(), pairs)))
    return min(1.0, min(found, default=1.0) * len(found))


def _observed(table: CellTable, index: Integers) -> Iterator[tuple[Floats, float]]:
    """Correlation of the levels of each axis as it is seen, and the number of products behind an entry."""
    values = table.values
    deviations = values - values.mean(axis=1, keepdims=True)
    for axis, size in enumerate(index.shape):
        # A configuration that covers the whole axis would look like two levels that are equal.
        inside = table.length[:, axis] < max(size, 2)
        rows = np.moveaxis((deviations * inside[:, None])[index], axis, 0).reshape(size, -1)
        yield _correlated(rows @ rows.T), inside.sum() / size * (values.shape[1] - 1)


def assumed(table: CellTable, index: Integers, alike: float) -> Correlation:
    """Correlation by ρ^lag along numeric settings, none between choices, for want of replicates to show any.

    Parameters
    ----------
    alike
        ρ, of neighbours.
    """
    matrices = tuple(_by_lag(table, axis, size, alike) for axis, size in enumerate(index.shape))
    return Correlation(index, matrices, *_boxed(table, matrices))


def decaying(table: CellTable, alike: Sequence[float]) -> Correlation:
    """Correlation by ρ_a^lag along the numeric settings, the lag in levels, by ρ_a between any two choices.

    Parameters
    ----------
    alike
        ρ_a of each axis, from 0 on.
    """
    index, matrices = table.index(), []
    for axis, size in enumerate(index.shape):
        numeric = np.isfinite(table.place[:, axis]).any()
        same = np.where(np.eye(size, dtype=bool), 1.0, alike[axis])
        matrices.append(_by_lag(table, axis, size, alike[axis]) if numeric else same)
    return Correlation(index, tuple(matrices), *_boxed(table, matrices))


def _by_lag(table: CellTable, axis: int, size: int, alike: float) -> Floats:
    """Matrix of ρ^lag, the lag in levels of those that have the most; the identity for choices."""
    numeric = np.isfinite(table.place[:, axis])
    if not alike or not numeric.any():
        return np.eye(size)
    lag = np.abs(np.subtract.outer(np.arange(size), np.arange(size))) / table.length[numeric, axis].min()
    found: Floats = alike**lag
    return found


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
    alone = behind * square * pairs <= scipy.stats.chi2.ppf(0.99, max(pairs, 1))
    kept = 0.0 if alone else 1 - 1 / (behind * square)
    found: Floats = np.where(beside, kept * matrix, 1.0)
    return found


def _boxed(table: CellTable, matrices: Sequence[Floats]) -> tuple[Integers, tuple[Floats, ...]]:
    """Place of each configuration in the array of boxes, and the correlation of the boxes of each axis."""
    places, boxes = [], []
    for axis, matrix in enumerate(matrices):
        runs = np.column_stack([table.start[:, axis], table.length[:, axis]]).astype(np.int64)
        which, mean = _runs(runs.tobytes(), len(matrix))
        places.append(which)
        boxes.append(_correlated(mean @ matrix @ mean.T))
    flat: Integers = np.ravel_multi_index(places, [len(box) for box in boxes])
    return flat, tuple(boxes)


@lru_cache(maxsize=64)
def _runs(runs: bytes, size: int) -> tuple[Integers, Floats]:
    """Which box of an axis each configuration is in, and the mean over each box, shape (boxes, size).

    Kept for the many responses of one table: their boxes are the same.
    """
    different, which = np.unique(np.frombuffer(runs, np.int64).reshape(-1, 2), axis=0, return_inverse=True)
    mean = np.array([np.bincount(np.arange(at, at + n), minlength=size) / n for at, n in different])
    which = which.ravel()
    which.flags.writeable = mean.flags.writeable = False
    return which, mean


def _along(matrices: Sequence[NDArray[_Real]], arrays: NDArray[_Real]) -> NDArray[_Real]:
    """Each matrix applied along its axis of K arrays, shape (K, *sizes)."""
    for axis, matrix in enumerate(matrices, 1):
        if np.array_equal(matrix, np.eye(len(matrix))):
            continue
        arrays = np.moveaxis(np.tensordot(matrix, arrays, axes=(1, axis)), 0, axis)
    return arrays


def _root(matrix: Floats) -> Floats:
    """The symmetric L with L L = K: whatever order the levels have, the same one."""
    values, vectors = np.linalg.eigh(matrix)
    root: Floats = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    return root
