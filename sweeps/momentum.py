"""Gradient descent and its momentum, one rule after the other as in a textbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from sweeps.optimizer import UpdateRule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Array = NDArray[Any]
    Column = NDArray[np.float64]


class SGD(UpdateRule):
    """Plain gradient descent."""

    summary = "Plain gradient descent: θ ← θ − η g."

    def direction(self, gradient: Array, scratch: Array) -> tuple[Array, Column | float]:  # noqa: ARG002 (not needed)
        """The gradient itself."""
        return gradient, 1.0


class Momentum(UpdateRule):
    """Momentum (Polyak 1964)."""

    summary = "Momentum (Polyak 1964): v ← β v + g; θ ← θ − η v."
    coefficients_used: ClassVar[tuple[str, ...]] = ("beta",)
    states: ClassVar[tuple[str, ...]] = ("v",)

    def coefficients(self) -> tuple[Any, ...]:
        """β."""
        return self.c["beta"], 1.0

    def direction(self, gradient: Array, scratch: Array) -> tuple[Array, Column | float]:  # noqa: ARG002 (not needed)
        """The velocity."""
        return self.average("v", "beta", gradient), 1.0


class MomentumEMA(Momentum):
    """Momentum as an average."""

    summary = "Momentum as an average: v ← β v + (1−β) g; θ ← θ − η v, optionally v / (1−βᵗ)."
    coefficients_used: ClassVar[tuple[str, ...]] = ("beta", "bias_correction")
    averages_by_beta: ClassVar[tuple[str, ...]] = ("v",)

    @classmethod
    def variant(cls, configuration: Mapping[str, Any]) -> tuple[bool, ...]:
        """Bias correction is a line of its own."""
        return (*super().variant(configuration), bool(configuration["bias_correction"]))

    def coefficients(self) -> tuple[Any, ...]:
        """β; 1 − β, bias-corrected where asked."""
        beta = self.c["beta"]
        correction = np.where(self.c["bias_correction"], 1 - beta**self.t, 1)
        return beta, (1 - beta) / correction

    def direction(self, gradient: Array, scratch: Array) -> tuple[Array, Column | float]:
        """(1 − β) V, bias-corrected where asked."""
        v, _ = super().direction(gradient, scratch)
        return v, self.coefficients()[-1]


class Nesterov(UpdateRule):
    """Nesterov momentum."""

    summary = "Nesterov momentum: v ← β v + g; θ ← θ − η (g + β v), the gradient taken at θ (Sutskever 2013)."
    coefficients_used: ClassVar[tuple[str, ...]] = ("beta",)
    states: ClassVar[tuple[str, ...]] = ("v",)

    def coefficients(self) -> tuple[Any, ...]:
        """β."""
        return self.c["beta"], 1.0

    def direction(self, gradient: Array, scratch: Array) -> tuple[Array, Column | float]:
        """G + β V."""
        v = self.average("v", "beta", gradient)
        np.multiply(v, self.k["beta"], out=scratch)
        scratch += gradient
        return scratch, 1.0
