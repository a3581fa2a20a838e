"""Forward and backward pass of a population of multi-layer perceptrons.

Array axes, everywhere: (population, batch, features); weights (population, fan_in, fan_out). The K members
of a population have equal shape and stand in one array of parameters (K, P) with a view per layer;
gradients are written into a twin. ``np.matmul`` treats the members one by one, so a member's numbers do not
depend on its neighbours, to the last bit.

Hidden layer: z = a W + b, activation; with batch normalisation z = a W, then γ ẑ + β, then the activation.
The output layer is linear; the loss is softmax cross-entropy (mean over the batch) or squared error (mean
over batch and outputs, without ½).
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sweeps.activations import ACTIVATIONS
from sweeps.batch_norm import MOMENTUM, BatchNorm

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Array = NDArray[Any]

NORMAL_INITIALISER_SD = 0.05


def _he(fan_in: int, fan_out: int) -> float:  # noqa: ARG001 (all initialisers are called alike)
    """√(2 / fan_in) (He et al. 2015)."""
    return math.sqrt(2 / fan_in)


def _glorot(fan_in: int, fan_out: int) -> float:
    """√(2 / (fan_in + fan_out)) (Glorot & Bengio 2010)."""
    return math.sqrt(2 / (fan_in + fan_out))


def _lecun(fan_in: int, fan_out: int) -> float:  # noqa: ARG001 (all initialisers are called alike)
    """√(1 / fan_in) (LeCun et al. 1998)."""
    return math.sqrt(1 / fan_in)


def _normal(fan_in: int, fan_out: int) -> float:  # noqa: ARG001 (all initialisers are called alike)
    """0.05, whatever the size of the layer."""
    return NORMAL_INITIALISER_SD


# Standard deviation of the normal distribution that a weight is drawn from.
INITIALISERS = {"he": _he, "glorot": _glorot, "lecun": _lecun, "normal": _normal}


@dataclass(frozen=True)
class Architecture:
    """Shape of a perceptron. ``hidden`` may be empty: then the network is linear."""

    inputs: int
    hidden: tuple[int, ...]
    outputs: int
    activation: str = "relu"
    batch_norm: bool = False

    @property
    def sizes(self) -> list[tuple[int, int]]:
        """(fan_in, fan_out) of every layer."""
        widths = [self.inputs, *self.hidden, self.outputs]
        return list(itertools.pairwise(widths))

    @property
    def blocks(self) -> list[tuple[str, int, tuple[int, int]]]:
        """(name, layer, shape) of every block of parameters in the order they are stored.

        A normalised layer has ``gamma`` and ``shift`` where others have ``bias``.
        """
        blocks: list[tuple[str, int, tuple[int, int]]] = []
        for layer, (fan_in, fan_out) in enumerate(self.sizes):
            blocks.append(("weights", layer, (fan_in, fan_out)))
            if self.batch_norm and layer < len(self.hidden):
                blocks += [("gamma", layer, (1, fan_out)), ("shift", layer, (1, fan_out))]
            else:
                blocks.append(("bias", layer, (1, fan_out)))
        return blocks

    @property
    def parameter_count(self) -> int:
        """P, the number of parameters of one member."""
        return sum(rows * columns for _, _, (rows, columns) in self.blocks)

    @property
    def hidden_count(self) -> int:
        """Parameters of the hidden layers, which come first: all but the output layer's."""
        return self.parameter_count - (self.sizes[-1][0] + 1) * self.outputs

    def decayed(self) -> NDArray[np.bool_]:
        """Mask (P,): True for weights, which decay; False for biases, γ and shifts, which do not."""
        return self._filled(lambda name, *_: name == "weights")

    def _filled(self, value: Callable[[str, int, int], float]) -> NDArray[Any]:
        """Array (P,) with one value for each block, by its name, rows and columns."""
        blocks = ((name, *shape) for name, _, shape in self.blocks)
        return np.concatenate([np.full(math.prod(block[1:]), value(*block)) for block in blocks])

    def views(self, parameters: Array) -> list[dict[str, Array]]:
        """Per layer, views of ``parameters`` (K, P) by block name, each (K, rows, columns)."""
        layers: list[dict[str, Array]] = [{} for _ in self.sizes]
        start = 0
        for name, layer, (rows, columns) in self.blocks:
            stop = start + rows * columns
            layers[layer][name] = parameters[:, start:stop].reshape(len(parameters), rows, columns)
            start = stop
        return layers

    def initial_parameters(
        self, rng: np.random.Generator, initialiser: str, scale: float = 1.0
    ) -> NDArray[np.float64]:
        """Draw initial parameters (P,): normal weights, zero biases, unit γ.

        Members with another initialiser get the same draws on another scale (common random numbers).
        """
        centre, spread = self.initial_distribution(initialiser, scale)
        weights, drawn = self.decayed(), np.zeros_like(centre)
        drawn[weights] = rng.standard_normal(int(weights.sum()))
        return np.asarray(centre + spread * drawn)

    def initial_distribution(self, initialiser: str, scale: float = 1.0) -> tuple[Array, Array]:
        """Mean and standard deviation of the initial parameters, float64 (P,) each; only weights vary."""
        factor = INITIALISERS[initialiser]
        spread = self._filled(lambda name, *shape: scale * factor(*shape) if name == "weights" else 0.0)
        return self._filled(lambda name, *_: float(name == "gamma")), spread


class Perceptrons:
    """A population of K perceptrons.

    Parameters
    ----------
    architecture
        Common shape.
    parameters
        Initial parameters (K, P) in the precision to compute in; owned and changed in place from here on.
    """

    def __init__(self, architecture: Architecture, parameters: Array) -> None:
        self.architecture = architecture
        self._activation = ACTIVATIONS[architecture.activation]
        widths = architecture.hidden if architecture.batch_norm else ()
        self.norms = [BatchNorm(len(parameters), width, parameters.dtype) for width in widths]
        self._adopt(parameters)

    def _adopt(self, parameters: Array) -> None:
        self.parameters = parameters
        self.gradients = np.zeros_like(parameters)
        self._layers = self.architecture.views(self.parameters)
        self._gradient_layers = self.architecture.views(self.gradients)
        self._buffers: dict[int, _Buffers] = {}

    def keep(self, members: NDArray[np.bool_]) -> None:
        """Drop all but the marked members."""
        self._adopt(self.parameters[members])
        for norm in self.norms:
            norm.keep(members)

    def forward(self, x: Array, *, training: bool, averaging: float = MOMENTUM) -> Array:
        """Outputs (K, B, outputs) for inputs (B, inputs) common to all members.

        The result lives in a buffer that the next call of the same batch size overwrites. ``training``
        normalises by the batch and gives it the weight ``averaging`` in the running averages.
        """
        buffers = self._buffers_for(len(x))
        below: Array = x
        for layer, blocks in enumerate(self._layers):
            z = buffers.z[layer]
            np.matmul(below, blocks["weights"], out=z)
            if layer == len(self._layers) - 1:
                z += blocks["bias"]
                return z
            if self.norms:
                normalised = buffers.normalised[layer] if training else None
                self.norms[layer].forward(z, blocks["gamma"], blocks["shift"], normalised, averaging)
            else:
                z += blocks["bias"]
            below = buffers.a[layer]
            self._activation.forward(z, below)
        raise AssertionError("a network has an output layer")

    def backward(self, x: Array, delta: Array) -> None:
        """Gradients of the loss, given its derivative ``delta`` (K, B, outputs) by the outputs.

        Must follow ``forward(x, training=True)`` with the same ``x``; writes ``gradients``.
        """
        buffers = self._buffers_for(len(x))
        for layer in reversed(range(len(self._layers))):
            blocks, gradients = self._layers[layer], self._gradient_layers[layer]
            below = x.T if layer == 0 else buffers.a[layer - 1].transpose(0, 2, 1)
            if "gamma" in blocks:
                normalised = buffers.normalised[layer]
                self.norms[layer].backward(
                    delta, normalised, blocks["gamma"], gradients["gamma"], gradients["shift"]
                )
            else:
                np.matmul(buffers.ones, delta, out=gradients["bias"])
            np.matmul(below, delta, out=gradients["weights"])
            if layer == 0:
                return
            above, delta = delta, buffers.delta[layer - 1]
            np.matmul(above, blocks["weights"].transpose(0, 2, 1), out=delta)
            self._activation.backward(delta, buffers.a[layer - 1], buffers.z[layer - 1])

    def _buffers_for(self, rows: int) -> _Buffers:
        if rows not in self._buffers:
            self._buffers[rows] = _Buffers(
                self.architecture, self.parameters, rows, self._activation.needs_input
            )
        return self._buffers[rows]


class _Buffers:
    """Arrays that a pass over a batch of one size writes to, made once."""

    def __init__(self, architecture: Architecture, parameters: Array, rows: int, separate: bool) -> None:
        def empty(width: int) -> Array:
            return np.empty((len(parameters), rows, width), parameters.dtype)

        self.ones = np.ones((1, rows), parameters.dtype)
        self.z = [empty(width) for width in (*architecture.hidden, architecture.outputs)]
        # Most activations know their derivative from their result: then it replaces z.
        self.a = [empty(width) for width in architecture.hidden] if separate else self.z[:-1]
        self.delta = [empty(width) for width in architecture.hidden]
        self.normalised = [empty(width) for width in architecture.hidden] if architecture.batch_norm else []


class SoftmaxCrossEntropy:
    """Softmax and −log of the probability of the right class, mean over the batch (nats).

    Works on a copy with the classes first, (classes, K, B): there every operation runs along long rows.
    """

    def loss(self, outputs: Array, targets: Array) -> Array:
        """Loss per member (K,) for logits (K, B, C) and one-hot targets (B, C); keeps what `delta` needs."""
        z = np.ascontiguousarray(outputs.transpose(2, 0, 1))
        self._targets = np.ascontiguousarray(targets.T)[:, None, :]
        z -= z.max(axis=0)
        right = (z * self._targets).sum(axis=0)
        self._exponentials = np.exp(z, out=z)
        # One class after the other: for a single example NumPy's own sum would add in another order.
        self._sum = self._exponentials[0].copy()
        for exponentials in self._exponentials[1:]:
            self._sum += exponentials
        return np.asarray((np.log(self._sum) - right).mean(axis=1))

    def delta(self) -> Array:
        """Derivative (K, B, C) of the last loss by the logits: (softmax − target) / B."""
        delta = self._exponentials
        delta /= self._sum
        delta -= self._targets
        delta *= delta.dtype.type(1 / delta.shape[2])
        # A view would have strides that depend on the size of the population, and BLAS would round by them.
        return np.ascontiguousarray(delta.transpose(1, 2, 0))

    @staticmethod
    def error(outputs: Array, targets: Array) -> NDArray[np.float64]:
        """1 − accuracy per member (K,)."""
        return np.asarray((outputs.argmax(axis=2) != targets.argmax(axis=1)).mean(axis=1))


class SquaredError:
    """Mean of the squared error over batch and outputs."""

    def loss(self, outputs: Array, targets: Array) -> Array:
        """Loss per member (K,) for outputs (K, B, O) and targets (B, O); keeps what `delta` needs."""
        self._difference = outputs - targets
        squares = self._difference * self._difference
        return np.asarray(squares.reshape(len(squares), -1).mean(axis=1))

    def delta(self) -> Array:
        """Derivative (K, B, O) of the last loss by the outputs: 2 (output − target) / (B · O)."""
        size = self._difference[0].size
        self._difference *= self._difference.dtype.type(2 / size)
        return self._difference

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
