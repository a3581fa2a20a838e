"""Rules that scale the step of every weight by itself, one after the other as in a textbook.

Running averages are kept without their factor 1 − β, see `sweeps.optimizer`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from sweeps.optimizer import UpdateRule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Array = NDArray[Any]
    Column = NDArray[np.float64]


class AdaGrad(UpdateRule):
    """AdaGrad (Duchi et al. 2011)."""

    summary = "AdaGrad (Duchi et al. 2011): s ← s + g²; θ ← θ − η g / (√s + ε)."
    coefficients_used: ClassVar[tuple[str, ...]] = ("epsilon", "initial_accumulator")
    defaults: ClassVar[Mapping[str, float]] = {"epsilon": 1e-10}
    states: ClassVar[tuple[str, ...]] = ("s",)

    def prepare(self) -> None:
        """s₀."""
        self.state["s"] += self.cast(self.c["initial_accumulator"])

    def coefficients(self) -> tuple[Any, ...]:
        """ε."""
        return self.c["epsilon"], 1.0

    def direction(self, gradient: Array, scratch: Array) -> tuple[Array, Column | float]:
        """G / (√s + ε)."""
        s = self.state["s"]
        np.multiply(gradient, gradient, out=scratch)
        s += scratch
        np.sqrt(s, out=scratch)
        scratch += self.k["epsilon"]
        np.divide(gradient, scratch, out=scratch)
        return scratch, 1.0


class RMSProp(UpdateRule):
    """RMSProp (Tieleman & Hinton 2012).

    Centered: √(s − m²) in place of √s, m the running mean of g. With momentum μ: b ← μ b + g/(√s + ε),
    θ ← θ − η b.
    """

    summary = (
        "RMSProp (Tieleman & Hinton 2012): s ← ρ s + (1−ρ) g²; θ ← θ − η g / (√s + ε); ρ is the setting β."
    )
    coefficients_used: ClassVar[tuple[str, ...]] = ("beta", "epsilon", "centered", "rmsprop_momentum")
    moves_with_schedule: ClassVar[bool] = False  # its β is ρ, no momentum
    states: ClassVar[tuple[str, ...]] = ("s", "m", "b")

    @classmethod
    def variant(cls, configuration: Mapping[str, Any]) -> tuple[bool, ...]:
        """Centering and momentum are lines of their own."""
        flags = (bool(configuration["centered"]), bool(configuration["rmsprop_momentum"]))
        return (*super().variant(configuration), *flags)

    def coefficients(self) -> tuple[Any, ...]:
        """ρ, 1 − ρ, ε/√(1−ρ), μ; with s kept as s/(1−ρ) the common factor 1/√(1−ρ) is the scale."""
        rho = self.c["beta"]
        rest = 1 - rho
        root = np.sqrt(rest)
        return rho, rest, self.c["epsilon"] / root, self.c["rmsprop_momentum"], 1 / root

    def direction(self, gradient: Array, scratch: Array) -> tuple[Array, Column | float]:
        """G / (√s + ε), or B."""
        _, rest, epsilon, _, scale = self.coefficients()
        np.multiply(gradient, gradient, out=scratch)
        s = self.average("s", "beta", scratch)
        if self.c["centered"].any():
            m = self.average("m", "beta", gradient)
            np.multiply(m, m, out=scratch)
            scratch *= self.cast(rest)
            np.subtract(s, scratch, out=scratch)
            np.maximum(scratch, 0, out=scratch)  # rounding can leave s − m² below zero
            np.sqrt(scratch, out=scratch)
        else:
            np.sqrt(s, out=scratch)
        scratch += self.cast(epsilon)
        np.divide(gradient, scratch, out=scratch)
        if self.c["rmsprop_momentum"].any():
            return self.average("b", "rmsprop_momentum", scratch), scale
        return scratch, scale


class Adam(UpdateRule):
    """Adam (Kingma & Ba 2015, Algorithm 1).

    m ← β₁ m + (1−β₁) g; s ← β₂ s + (1−β₂) g²; m̂ = m/(1−β₁ᵗ); ŝ = s/(1−β₂ᵗ). With ``amsgrad`` the largest
    s so far stands in its place (Reddi et al. 2018, by PyTorch's reading: before the bias correction).
    Without ``adam_bias_correction`` m and s stand for m̂ and ŝ: the first steps are then too long, by
    (1−β₁ᵗ)/√(1−β₂ᵗ), 3 for the default β, and with AMSGrad it is the rule of Reddi et al. to the letter.
    """

    summary = "Adam (Kingma & Ba 2015, Algorithm 1): m̂ / (√ŝ + ε) with bias-corrected averages of g and g²."
    coefficients_used: ClassVar[tuple[str, ...]] = (
        *("beta", "beta2", "epsilon", "amsgrad", "adam_bias_correction"),
    )
    averages_by_beta: ClassVar[tuple[str, ...]] = ("m",)
    states: ClassVar[tuple[str, ...]] = ("m", "s", "largest")

    @classmethod
    def variant(cls, configuration: Mapping[str, Any]) -> tuple[bool, ...]:
        """AMSGrad is a line of its own."""
        return (*super().variant(configuration), bool(configuration["amsgrad"]))

    def coefficients(self) -> tuple[Any, ...]:
        """β₁, β₂, ε / factor; the scale makes m̂ of m and √ŝ of √s."""
        beta, factor = self.c["beta"], self.root_factor()
        scale = (1 - beta) / self.correction("beta") / factor
        return beta, self.c["beta2"], self.c["epsilon"] / factor, scale

    def direction(self, gradient: Array, scratch: Array) -> tuple[Array, Column | float]:
        """M̂ / (√ŝ + ε)."""
        _, _, epsilon, *_, scale = self.coefficients()
        m = self.average("m", "beta", gradient)
        np.divide(m, self.root_mean_square(gradient, epsilon, scratch), out=scratch)
        return scratch, scale

    def root_factor(self) -> Column:
        """√((1−β₂)/(1−β₂ᵗ)): what √s lacks to be √ŝ."""
        return np.asarray(np.sqrt((1 - self.c["beta2"]) / self.correction("beta2")))

    def correction(self, beta: str) -> Column:
        """1 − βᵗ, or 1 where bias correction is switched off."""
        rest = 1 - self.c[beta] ** self.t
        corrected = self.c.get("adam_bias_correction")
        return rest if corrected is None else np.where(corrected, rest, 1.0)

    def root_mean_square(self, gradient: Array, epsilon: Column, scratch: Array) -> Array:
        """√s + ε / factor, given the latter: (√ŝ + ε) / factor."""
        np.multiply(gradient, gradient, out=scratch)
        s = self.average("s", "beta2", scratch)
        if "amsgrad" in self.c and self.c["amsgrad"].any():
            s = np.maximum(self.state["largest"], s, out=self.state["largest"])
        np.sqrt(s, out=scratch)
        scratch += self.cast(epsilon)
        return scratch


class AdaMax(UpdateRule):
    """AdaMax (Kingma & Ba 2015, Algorithm 2)."""

    summary = "AdaMax (Kingma & Ba 2015, Algorithm 2): s ← max(β₂ s, |g| + ε); θ ← θ − η m̂ / s."
    coefficients_used: ClassVar[tuple[str, ...]] = ("beta", "beta2", "epsilon")
    averages_by_beta: ClassVar[tuple[str, ...]] = ("m",)
    states: ClassVar[tuple[str, ...]] = ("m", "s")

    def coefficients(self) -> tuple[Any, ...]:
        """β₁, β₂, ε; the scale makes m̂ of m."""
        beta = self.c["beta"]
        return beta, self.c["beta2"], self.c["epsilon"], (1 - beta) / (1 - beta**self.t)

    def direction(self, gradient: Array, scratch: Array) -> tuple[Array, Column | float]:
        """M̂ / s. The paper has no ε and is 0/0 where a gradient was always 0; PyTorch and optax add it."""
        m = self.average("m", "beta", gradient)
        s = self.state["s"]
        s *= self.k["beta2"]
        np.abs(gradient, out=scratch)
        scratch += self.k["epsilon"]
        np.maximum(s, scratch, out=s)
        np.divide(m, s, out=scratch)
        return scratch, self.coefficients()[-1]


class AdamW(Adam):
    """AdamW (Loshchilov & Hutter 2019)."""

    summary = "AdamW (Loshchilov & Hutter 2019): Adam with decoupled weight decay, by default 0.01."
    defaults: ClassVar[Mapping[str, float]] = {"weight_decay": 0.01}


class Nadam(Adam):
    """Nadam (Dozat 2016)."""

    summary = (
        "Nadam (Dozat 2016): Adam with Nesterov's look-ahead; β₁ warms up as μ_t = β₁ (1 − 0.5 · 0.96^(ψt))."
    )
    coefficients_used: ClassVar[tuple[str, ...]] = ("beta", "beta2", "epsilon", "momentum_decay")
    states: ClassVar[tuple[str, ...]] = ("m", "s", "ahead")

    def prepare(self) -> None:
        """Empty product of the μ."""
        self.product = np.ones_like(self.c["beta"])

    @classmethod
    def variant(cls, configuration: Mapping[str, Any]) -> tuple[bool, ...]:
        """No AMSGrad here."""
        return UpdateRule.variant(configuration)

    def keep(self, members: NDArray[np.bool_]) -> None:
        """Drop all but the marked members."""
        super().keep(members)
        self.product = self.product[members]

    def coefficients(self) -> tuple[Any, ...]:
        """β₁, β₂, ε / factor, the factors of m and of g; takes the μ of its steps into their product."""
        now, following, factor = self._mu(self.t), self._mu(self.t + 1), self.root_factor()
        product = self.product * np.cumprod(now, axis=1)
        self.product = product[:, -1:]
        m_factor = (1 - self.c["beta"]) * following / (1 - product * following)
        g_factor = (1 - now) / (1 - product)
        return self.c["beta"], self.c["beta2"], self.c["epsilon"] / factor, m_factor, g_factor, 1 / factor

    def direction(self, gradient: Array, scratch: Array) -> tuple[Array, Column | float]:
        """(μ_{t+1} m / (1 − Π_{i≤t+1} μ_i) + (1 − μ_t) g / (1 − Π_{i≤t} μ_i)) / (√ŝ + ε)."""
        _, _, epsilon, m_factor, g_factor, scale = self.coefficients()
        m, ahead = self.average("m", "beta", gradient), self.state["ahead"]
        np.multiply(m, self.cast(m_factor), out=ahead)
        np.multiply(gradient, self.cast(g_factor), out=scratch)
        ahead += scratch
        ahead /= self.root_mean_square(gradient, epsilon, scratch)
        return ahead, scale

    def _mu(self, t: int) -> Column:
        """μ_t."""
        return np.asarray(self.c["beta"] * (1 - 0.5 * 0.96 ** (t * self.c["momentum_decay"])))


class AdamThenSGD(Adam):
    """Adam first, SGD after. ``switch`` is a part of the run here; `sweeps.tasks` makes it of epochs."""

    summary = "Adam up to a part of the run or an epoch, from then on plain SGD with a rate of its own."
    coefficients_used: ClassVar[tuple[str, ...]] = ("beta", "beta2", "epsilon", "switch", "sgd_learning_rate")
    states: ClassVar[tuple[str, ...]] = ("m", "s")

    @classmethod
    def variant(cls, configuration: Mapping[str, Any]) -> tuple[bool, ...]:
        """No AMSGrad here."""
        return UpdateRule.variant(configuration)

    @classmethod
    def rate(cls, configuration: Mapping[str, Any], steps: int) -> Column | float:
        """Adam's learning_rate for steps up to switch · T, then sgd_learning_rate."""
        rates = np.full(steps, float(configuration["learning_rate"]))
        rates[round(configuration["switch"] * steps) :] = configuration["sgd_learning_rate"]
        return rates

    def switched(self) -> NDArray[np.bool_]:
        """Whether the step is SGD's."""
        return np.asarray(self.t > np.round(self.c["switch"] * self.steps))

    def coefficients(self) -> tuple[Any, ...]:
        """Adam's, and 1 where the step is SGD's, whose scale is 1."""
        *adam, scale = super().coefficients()
        switched = self.switched()
        return *adam, switched.astype(np.float64), np.where(switched, 1.0, scale)

    def direction(self, gradient: Array, scratch: Array) -> tuple[Array, Column | float]:
        """Adam's for steps up to switch · T, then G."""
        switched = self.switched()
        if switched.all():
            return gradient, 1.0
        adam, scale = super().direction(gradient, scratch)
        np.copyto(adam, gradient, where=switched)
        return adam, scale


class Lion(UpdateRule):
    """Lion (Chen et al. 2023)."""

    summary = "Lion (Chen et al. 2023): θ ← θ − η sign(β₁ m + (1−β₁) g); then m ← β₂ m + (1−β₂) g."
    coefficients_used: ClassVar[tuple[str, ...]] = ("beta", "beta2")
    defaults: ClassVar[Mapping[str, float]] = {"beta2": 0.99}
    states: ClassVar[tuple[str, ...]] = ("m",)

    def coefficients(self) -> tuple[Any, ...]:
        """Factors of g and of m ahead, β₂, with m kept as m/(1−β₂)."""
        beta, beta2 = self.c["beta"], self.c["beta2"]
        return 1 - beta, beta * (1 - beta2), beta2, 1.0

    def direction(self, gradient: Array, scratch: Array) -> tuple[Array, Column | float]:
        """Sign(β₁ m + (1−β₁) g)."""
        g_factor, m_factor, _, _ = self.coefficients()
        ahead = gradient * self.cast(g_factor)
        np.multiply(self.state["m"], self.cast(m_factor), out=scratch)
        ahead += scratch
        np.sign(ahead, out=scratch)
        self.average("m", "beta2", gradient)
        return scratch, 1.0
