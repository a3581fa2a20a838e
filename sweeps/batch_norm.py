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


class BatchNorm:
    """Running averages of one layer, shape (K, 1, width), and the two passes.

    A batch of one example has no variance: it normalises to zero and leaves the running variance alone.
    """

    def __init__(self, members: int, width: int, dtype: DTypeLike) -> None:
        self.mean = np.zeros((members, 1, width), dtype)
        self.variance = np.ones((members, 1, width), dtype)

    def keep(self, members: NDArray[np.bool_]) -> None:
        """Drop all but the marked members."""
        self.mean, self.variance = self.mean[members], self.variance[members]

    def forward(
        self, z: Array, gamma: Array, shift: Array, normalised: Array | None, averaging: float
    ) -> None:
        """Replace ``z`` (K, B, width) by γ ẑ + shift.

        With ``normalised`` (training) statistics come from the batch, which enters the running ones with the
        weight ``averaging``, and ẑ is left there; without (inference) they are the running ones.
        """
        if normalised is None:
            z -= self.mean
            z *= gamma / np.sqrt(self.variance + z.dtype.type(EPSILON))
            z += shift
            return
        mean = z.mean(axis=1, keepdims=True)
        np.subtract(z, mean, out=normalised)
        variance = (normalised * normalised).mean(axis=1, keepdims=True)
        self._inverse = 1 / np.sqrt(variance + z.dtype.type(EPSILON))
        normalised *= self._inverse
        np.multiply(normalised, gamma, out=z)
        z += shift
        if averaging:
            self._update(mean, variance, z.shape[1], averaging)

    def _update(self, mean: Array, variance: Array, rows: int, weight: float) -> None:
        kind = mean.dtype.type
        self.mean += kind(weight) * (mean - self.mean)
        if rows > 1:
            self.variance += kind(weight) * (variance * kind(rows / (rows - 1)) - self.variance)

    def backward(
        self, delta: Array, normalised: Array, gamma: Array, gamma_gradient: Array, shift_gradient: Array
    ) -> None:
        """Replace ``delta`` (derivative by the result) by the derivative by z; write the two gradients.

        dz = γ/σ · (d − mean(d) − ẑ · mean(d ẑ)) over the batch (Ioffe & Szegedy 2015, section 3).
        """
        rows = delta.dtype.type(delta.shape[1])
        np.sum(delta, axis=1, keepdims=True, out=shift_gradient)
        np.sum(delta * normalised, axis=1, keepdims=True, out=gamma_gradient)
        delta -= shift_gradient / rows
        delta -= normalised * (gamma_gradient / rows)
        delta *= gamma * self._inverse
