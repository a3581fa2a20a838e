"""Batch normalisation (Ioffe & Szegedy 2015) of one hidden layer of a population.

PyTorch's conventions: ε = 1e-5; the biased variance normalises, the unbiased one enters the running
average; running ← 0.9 running + 0.1 batch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

    Array = NDArray[Any]

EPSILON = 1e-5
MOMENTUM = 0.1


class _Kept:
    """Working arrays for a batch of one size."""

    def __init__(self, z: Array) -> None:
        members, rows, width = z.shape
        self.ones = np.ones((1, rows), z.dtype)
        self.centred, self.product = np.empty((2, members, rows, width), z.dtype)  # z − mean; scratch
        self.mean, self.variance, self.inverse, self.factor = np.empty((4, members, 1, width), z.dtype)


class BatchNorm:
    """Running averages of one layer, shape (K, 1, width), and the two passes.

    A batch of one example has no variance: it normalises to zero and leaves the running variance alone.
    """

    def __init__(self, members: int, width: int, dtype: DTypeLike) -> None:
        self.mean = np.zeros((members, 1, width), dtype)
        self.variance = np.ones((members, 1, width), dtype)
        self._kept: dict[int, _Kept] = {}

    def keep(self, members: NDArray[np.bool_]) -> None:
        """Drop all but the marked members."""
        self.mean, self.variance = self.mean[members], self.variance[members]
        self._kept.clear()

    def forward(self, z: Array, gamma: Array, shift: Array, training: bool, averaging: float) -> None:
        """Replace ``z`` (K, B, width) by γ ẑ + shift.

        In ``training`` statistics come from the batch, which enters the running ones with the weight
        ``averaging``; else they are the running ones. Sums over the batch are products with ones.
        """
        if not training:
            z -= self.mean
            z *= gamma / np.sqrt(self.variance + z.dtype.type(EPSILON))
            z += shift
            return
        if z.shape[1] not in self._kept:
            self._kept[z.shape[1]] = _Kept(z)
        self._last = kept = self._kept[z.shape[1]]
        rows = z.dtype.type(z.shape[1])
        np.matmul(kept.ones, z, out=kept.mean)
        kept.mean /= rows
        np.subtract(z, kept.mean, out=kept.centred)
        np.multiply(kept.centred, kept.centred, out=kept.product)
        np.matmul(kept.ones, kept.product, out=kept.variance)
        kept.variance /= rows
        np.add(kept.variance, z.dtype.type(EPSILON), out=kept.inverse)
        np.sqrt(kept.inverse, out=kept.inverse)
        np.divide(z.dtype.type(1), kept.inverse, out=kept.inverse)
        np.multiply(gamma, kept.inverse, out=kept.factor)
        np.multiply(kept.centred, kept.factor, out=z)
        z += shift
        if averaging:
            self._update(kept.mean, kept.variance, z.shape[1], averaging)

    def _update(self, mean: Array, variance: Array, rows: int, weight: float) -> None:
        kind = mean.dtype.type
        self.mean += kind(weight) * (mean - self.mean)
        if rows > 1:
            self.variance += kind(weight) * (variance * kind(rows / (rows - 1)) - self.variance)

    def backward(self, delta: Array, gamma_gradient: Array, shift_gradient: Array) -> None:
        """Replace ``delta`` (derivative by the last result) by the derivative by z; write the two gradients.

        dz = γ/σ · (d − mean(d) − ẑ · mean(d ẑ)) over the batch (Ioffe & Szegedy 2015, section 3), here with
        ẑ = (z − mean)/σ.
        """
        kept, rows = self._last, delta.dtype.type(delta.shape[1])
        np.multiply(delta, kept.centred, out=kept.product)
        np.matmul(kept.ones, delta, out=shift_gradient)
        np.matmul(kept.ones, kept.product, out=gamma_gradient)
        gamma_gradient *= kept.inverse
        np.multiply(kept.centred, gamma_gradient * kept.inverse / rows, out=kept.product)
        delta -= shift_gradient / rows
        delta -= kept.product
        delta *= kept.factor
