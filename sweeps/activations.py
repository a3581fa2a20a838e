"""Activations of hidden layers, each with its derivative."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

LEAK = 0.01
# √(2/π) / 2, the normal density at zero.
_DENSITY_AT_ZERO = 1 / math.sqrt(2 * math.pi)


class Activation(ABC):
    """A function of each element, and its derivative.

    ``needs_input``: the derivative is computed from z; otherwise z and the result share one buffer.
    """

    needs_input = False

    @abstractmethod
    def forward(self, z: Array, out: Array) -> None:
        """Write the activation of ``z`` to ``out`` (the same array unless ``needs_input``)."""

    @abstractmethod
    def backward(self, delta: Array, a: Array, z: Array) -> None:
        """Multiply ``delta`` in place by the derivative, given the result ``a`` (and ``z`` if needed).

        Both are free to use: nobody reads them again.
        """


class Identity(Activation):
    """Z itself."""

    def forward(self, z: Array, out: Array) -> None:
        """Z."""
        if out is not z:
            out[:] = z

    def backward(self, delta: Array, a: Array, z: Array) -> None:
        """1."""


class ReLU(Activation):
    """max(z, 0); the derivative at 0 is 0."""

    def forward(self, z: Array, out: Array) -> None:
        """max(z, 0)."""
        # Three times as quick as np.maximum with a number, which has no vector instructions.
        np.clip(z, z.dtype.type(0), z.dtype.type(np.inf), out=out)

    def backward(self, delta: Array, a: Array, z: Array) -> None:  # noqa: ARG002 (a tells)
        """[a > 0]."""
        np.greater(a, a.dtype.type(0), out=a)
        delta *= a


class LeakyReLU(Activation):
    """z where positive, 0.01 z elsewhere."""

    def forward(self, z: Array, out: Array) -> None:
        """max(z, 0.01 z)."""
        np.maximum(z, z.dtype.type(LEAK) * z, out=out)

    def backward(self, delta: Array, a: Array, z: Array) -> None:  # noqa: ARG002 (a tells)
        """1 or 0.01."""
        delta *= np.where(a > 0, a.dtype.type(1), a.dtype.type(LEAK))


class ELU(Activation):
    """z where positive, eᶻ − 1 elsewhere (Clevert et al. 2016, α = 1)."""

    def forward(self, z: Array, out: Array) -> None:
        """max(z, 0) + exp(min(z, 0)) − 1."""
        negative = np.expm1(np.minimum(z, 0))
        np.maximum(z, z.dtype.type(0), out=out)
        out += negative

    def backward(self, delta: Array, a: Array, z: Array) -> None:  # noqa: ARG002 (a tells)
        """1 or eᶻ = a + 1."""
        np.clip(a, a.dtype.type(-np.inf), a.dtype.type(0), out=a)
        a += a.dtype.type(1)
        delta *= a


class Tanh(Activation):
    """Hyperbolic tangent."""

    def forward(self, z: Array, out: Array) -> None:
        """Tanh z."""
        np.tanh(z, out=out)

    def backward(self, delta: Array, a: Array, z: Array) -> None:  # noqa: ARG002 (a tells)
        """1 − a²."""
        np.multiply(a, a, out=a)
        np.subtract(a.dtype.type(1), a, out=a)
        delta *= a


class Sigmoid(Activation):
    """1 / (1 + e⁻ᶻ), computed as (1 + tanh(z/2)) / 2, which never overflows."""

    def forward(self, z: Array, out: Array) -> None:
        """(1 + tanh(z/2)) / 2."""
        half = z.dtype.type(0.5)
        np.multiply(z, half, out=out)
        np.tanh(out, out=out)
        out += z.dtype.type(1)
        out *= half

    def backward(self, delta: Array, a: Array, z: Array) -> None:  # noqa: ARG002 (a tells)
        """A (1 − a)."""
        delta *= a
        np.subtract(a.dtype.type(1), a, out=a)
        delta *= a


class GELU(Activation):
    """z Φ(z) with the exact normal distribution function (Hendrycks & Gimpel 2016)."""

    needs_input = True

    def forward(self, z: Array, out: Array) -> None:
        """Z Φ(z)."""
        from scipy.special import ndtr  # noqa: PLC0415 (only networks with GELU pay for the import)

        np.multiply(z, ndtr(z), out=out)

    def backward(self, delta: Array, a: Array, z: Array) -> None:  # noqa: ARG002 (z tells)
        """Φ(z) + z φ(z)."""
        from scipy.special import ndtr  # noqa: PLC0415 (only networks with GELU pay for the import)

        density = np.exp(z * z * z.dtype.type(-0.5)) * z.dtype.type(_DENSITY_AT_ZERO)
        delta *= ndtr(z) + z * density


ACTIVATIONS: dict[str, Activation] = {
    "identity": Identity(),
    "relu": ReLU(),
    "leaky_relu": LeakyReLU(),
    "elu": ELU(),
    "tanh": Tanh(),
    "sigmoid": Sigmoid(),
    "gelu": GELU(),
}
