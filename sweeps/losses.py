"""What networks are trained to make small, each with its derivative by their outputs.

Both keep their working arrays for the next batch of the same size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]


@dataclass
class _Softmax:
    """Working arrays for logits (K, B, C)."""

    z: Array  # (C, K, B)
    largest: Array  # (K, B), as the two below
    total: Array
    right: Array
    first: NDArray[np.int64]  # place of each example's first class in the flat z
    delta: Array  # (K, B, C)

    @classmethod
    def like(cls, outputs: Array) -> _Softmax:
        members, rows, classes = outputs.shape
        z = np.empty((classes, members, rows), outputs.dtype)
        largest, total, right = np.empty((3, members, rows), outputs.dtype)
        first = np.arange(members * rows).reshape(members, rows)
        return cls(z, largest, total, right, first, np.empty_like(outputs, order="C"))


class SoftmaxCrossEntropy:
    """Softmax and −log of the probability of the right class, mean over the batch (nats).

    Works on a copy with the classes first, (C, K, B): there every operation runs along long rows.
    """

    def __init__(self) -> None:
        self._kept: dict[int, _Softmax] = {}

    def _arrays(self, outputs: Array) -> _Softmax:
        kept = self._kept.get(outputs.shape[1])
        if kept is None or kept.delta.shape != outputs.shape or kept.delta.dtype != outputs.dtype:
            kept = self._kept[outputs.shape[1]] = _Softmax.like(outputs)
        return kept

    def loss(self, outputs: Array, targets: Array) -> Array:
        """Loss per member (K,) for logits (K, B, C) and one-hot targets (B, C); keeps what `delta` needs."""
        self._last = kept = self._arrays(outputs)
        self._targets, z = targets, kept.z
        np.copyto(z, outputs.transpose(2, 0, 1))
        np.maximum.reduce(z, axis=0, out=kept.largest)
        z -= kept.largest
        places = kept.first + targets.argmax(axis=1) * kept.first.size
        np.take(z.reshape(-1), places, out=kept.right, mode="clip")
        np.exp(z, out=z)
        _add_classes(z, kept.total)
        losses = np.log(kept.total, out=kept.largest)
        losses -= kept.right
        return np.asarray(losses.mean(axis=1))

    def delta(self) -> Array:
        """Derivative (K, B, C) of the last loss by the logits: (softmax − target) / B.

        May be asked for once; the next loss of the same batch size overwrites it.
        """
        z, total, delta = self._last.z, self._last.total, self._last.delta
        part = z.dtype.type(1 / z.shape[2])
        np.divide(part, total, out=total)
        z *= total
        z -= np.multiply(self._targets.T, part, order="C")[:, None, :]
        # A view would have strides that depend on the size of the population, and BLAS would round by them.
        np.copyto(delta, z.transpose(1, 2, 0))
        return delta

    @staticmethod
    def error(outputs: Array, targets: Array) -> NDArray[np.float64]:
        """1 − accuracy per member (K,)."""
        return np.asarray((outputs.argmax(axis=2) != targets.argmax(axis=1)).mean(axis=1))


def _add_classes(exponentials: Array, total: Array) -> None:
    """Sum over the classes of (C, K, B), one after the other: the order must not depend on K and B."""
    if total.size > 1:
        np.add.reduce(exponentials, axis=0, out=total)
        return
    total[:] = exponentials[0]  # NumPy's own sum of a single row takes another order
    for own in exponentials[1:]:
        total += own


class SquaredError:
    """Mean of the squared error over batch and outputs."""

    def __init__(self) -> None:
        self._kept: dict[int, Array] = {}

    def loss(self, outputs: Array, targets: Array) -> Array:
        """Loss per member (K,) for outputs (K, B, O) and targets (B, O); keeps what `delta` needs."""
        kept = self._kept.get(outputs.shape[1])
        if kept is None or kept.shape[1:] != outputs.shape or kept.dtype != outputs.dtype:
            kept = self._kept[outputs.shape[1]] = np.empty((2, *outputs.shape), outputs.dtype)
        self._difference, squares = kept
        np.subtract(outputs, targets, out=self._difference)
        np.multiply(self._difference, self._difference, out=squares)
        return np.asarray(squares.reshape(len(squares), -1).mean(axis=1))

    def delta(self) -> Array:
        """Derivative (K, B, O) of the last loss by the outputs: 2 (output − target) / (B · O).

        May be asked for once; the next loss of the same batch size overwrites it.
        """
        size = self._difference[0].size
        self._difference *= self._difference.dtype.type(2 / size)
        difference: Array = self._difference
        return difference

    @staticmethod
    def error(outputs: Array, targets: Array) -> NDArray[np.float64]:
        """1 − R² per member (K,), averaged over the outputs.

        As scikit-learn's r2_score: R² compares with the mean of these very targets; where they do not vary
        it is 1 for a perfect prediction and 0 otherwise.
        """
        residual = np.square(outputs.astype(np.float64) - targets).sum(axis=1)
        total = np.square(targets - targets.mean(axis=0, dtype=np.float64)).sum(axis=0)
        shares = np.where(total > 0, residual / np.where(total > 0, total, 1), residual > 0)
        return np.asarray(shares.mean(axis=1))


Loss = SoftmaxCrossEntropy | SquaredError
