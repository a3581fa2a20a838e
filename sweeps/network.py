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

    def matrices(self, parameters: Array) -> list[Array]:
        """Per layer the matrix (K, fan_in or one more, fan_out) of ``parameters`` (K, P), a view.

        Where a layer has a bias it is the last row: it follows the weights.
        """
        found, start = [], 0
        for layer, (fan_in, fan_out) in enumerate(self.sizes):
            normalised = self.batch_norm and layer < len(self.hidden)
            rows = fan_in if normalised else fan_in + 1
            block = parameters[:, start : start + rows * fan_out]
            found.append(block.reshape(len(parameters), rows, fan_out))
            start += (fan_in + (2 if normalised else 1)) * fan_out
        return found

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
        self._matrices = self.architecture.matrices(self.parameters)
        self._gradient_matrices = self.architecture.matrices(self.gradients)
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
        buffers.x[:, : x.shape[1]] = x
        for layer, matrix in enumerate(self._matrices):
            z = buffers.z[layer]
            np.matmul(buffers.below[layer], matrix, out=z)
            if layer == len(self.architecture.hidden):
                return z
            if self.norms:
                blocks = self._layers[layer]
                self.norms[layer].forward(z, blocks["gamma"], blocks["shift"], training, averaging)
            self._activation.forward(buffers.before[layer], buffers.after[layer])
            buffers.ones[layer + 1][:] = 1
        raise AssertionError("a network has an output layer")

    def backward(self, x: Array, delta: Array) -> None:
        """Gradients of the loss, given its derivative ``delta`` (K, B, outputs) by the outputs.

        Must follow ``forward(x, training=True)`` with the same ``x``, once; writes ``gradients``.
        """
        buffers = self._buffers_for(len(x))
        for layer in reversed(range(len(self._layers))):
            if "gamma" in self._layers[layer]:
                gradients = self._gradient_layers[layer]
                self.norms[layer].backward(delta, gradients["gamma"], gradients["shift"])
            np.matmul(buffers.below[layer].swapaxes(-1, -2), delta, out=self._gradient_matrices[layer])
            if layer == 0:
                return
            below = buffers.delta[layer - 1]
            np.matmul(delta, self._matrices[layer][:, : below.shape[2]].transpose(0, 2, 1), out=below)
            self._activation.backward(below, buffers.after[layer - 1], buffers.before[layer - 1])
            delta = below[:, :, : self.architecture.hidden[layer - 1]]

    def _buffers_for(self, rows: int) -> _Buffers:
        if rows not in self._buffers:
            self._buffers[rows] = _Buffers(
                self.architecture, self.parameters, rows, self._activation.needs_input
            )
        return self._buffers[rows]


class _Buffers:
    """Arrays that a pass over a batch of one size writes to, made once.

    What a layer with a bias multiplies has a column of ones at its end: the bias is the last row of its
    matrix, so one product adds it, and one gives its gradient. Activations work on that column too, because
    whole arrays are quicker than parts of rows; it is then set to one again.

    Attributes
    ----------
    x
        Inputs, (B, inputs or one more).
    below
        What each layer multiplies: ``x``, or (K, B, width or one more).
    ones
        The column of ones of each, empty where it has none.
    z
        Result of each layer's product, (K, B, width).
    before, after
        What the activation of each hidden layer reads and writes. Most know their derivative from their
        result: then both are the same.
    delta
        Derivative of the loss by ``before``.
    """

    def __init__(self, architecture: Architecture, parameters: Array, rows: int, separate: bool) -> None:
        def zeros(*shape: int) -> Array:
            return np.zeros((*shape[:-1], rows, shape[-1]), parameters.dtype)

        members, widths, normalised = len(parameters), architecture.hidden, architecture.batch_norm
        biased = [not normalised] * len(widths) + [True]
        self.x = zeros(architecture.inputs + biased[0])
        self.below, self.z, self.before, self.after, self.delta = [self.x], [], [], [], []
        for width, bias in zip(widths, biased[1:], strict=True):
            below = zeros(members, width + bias)
            # Batch normalisation wants rows without the column of ones.
            after = below[:, :, :width] if normalised else below
            apart = separate or (normalised and bias)
            before = zeros(members, after.shape[2]) if apart else after
            self.below.append(below)
            self.z.append(before[:, :, :width])
            self.before.append(before)
            self.after.append(after)
            self.delta.append(zeros(members, after.shape[2]))
        self.z.append(zeros(members, architecture.outputs))
        sizes = (architecture.inputs, *widths)
        self.ones = [below[..., size:] for below, size in zip(self.below, sizes, strict=True)]
        self.ones[0][:] = 1
