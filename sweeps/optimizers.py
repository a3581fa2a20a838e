"""Update rules, one after the other as in a textbook.

A rule turns gradients into a direction; `UpdateRule.step` then moves θ ← θ − η_t · direction. The learning
rate η_t stands outside every velocity, so a drop of the rate acts at once (PyTorch and optax agree; Keras
multiplies each gradient by the rate it arrived with). Conventions are those of the papers and of PyTorch.

Rules work on k members at once: parameters and gradients have shape (k, parameters), coefficients (k, 1).

To spare passes over memory, running averages are kept without their factor: where the papers write
m ← β m + (1 − β) g, the rules keep m/(1 − β), that is m ← β m + g, and put the factor (1 − β) into the
scale of the direction and into ε. The numbers are the same up to rounding.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Array = NDArray[Any]
    Column = NDArray[np.float64]


class UpdateRule(ABC):
    """One update rule for k members.

    ``summary`` says in a line what it does, for somebody who chooses. ``coefficients_used`` names the
    settings that the rule reads beside ``weight_decay`` and ``l2``: those are active where it is the
    optimizer. ``defaults`` are its own for settings that a definition leaves open, ``states`` the arrays it
    remembers from step to step; of these ``averages_by_beta`` are kept without their factor 1 − β. A schedule
    may move β where it is a momentum (``moves_with_schedule``).

    Parameters
    ----------
    coefficients
        float64 arrays of shape (k, 1) by setting: those named in ``coefficients_used``, ``weight_decay``
        and ``l2``.
    parameters
        Array of shape (k, P) like the parameters; gives the shape and type of the state.
    decayed
        Shape (P,), 1 where weight decay and L2 apply (weights), 0 elsewhere (biases).
    steps
        Length of the run in steps.
    """

    summary: ClassVar[str] = ""
    averages_by_beta: ClassVar[tuple[str, ...]] = ()
    moves_with_schedule: ClassVar[bool] = True
    coefficients_used: ClassVar[tuple[str, ...]] = ()
    defaults: ClassVar[Mapping[str, float]] = {}
    states: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self, coefficients: Mapping[str, Column], parameters: Array, decayed: Array, steps: int
    ) -> None:
        self.c = {name: coefficients[name] for name in (*self.coefficients_used, "weight_decay", "l2")}
        self.dtype = parameters.dtype
        self.decayed = decayed.astype(self.dtype)
        self.steps = steps
        self.t = 0  # counts steps from 1, as the papers do
        self.state = {name: np.zeros_like(parameters) for name in self.states}
        self._cast_all()
        self.prepare()

    def _cast_all(self) -> None:
        """What every step needs of the coefficients, computed once: a step is a few short operations."""
        self.k = {name: self.cast(values) for name, values in self.c.items()}
        self._has_l2 = bool(self.c["l2"].any())
        self._has_decay = bool(self.c["weight_decay"].any())

    @classmethod
    def variant(cls, configuration: Mapping[str, Any]) -> tuple[bool, ...]:
        """What makes members run different lines of code: they do not share an instance."""
        return (bool(configuration["weight_decay"]), bool(configuration["l2"]))

    def prepare(self) -> None:  # noqa: B027 (most rules need nothing)
        """Rule's own initial state, if zeros are not enough."""

    @abstractmethod
    def direction(self, gradient: Array, scratch: Array) -> tuple[Array, Column | float]:
        """Direction (k, P) and its scale, a number or (k, 1).

        ``scratch`` (k, P) is free to use; the direction may be it, the gradient, or the rule's own state.
        """

    def step(self, parameters: Array, gradient: Array, rate: Column, scratch: Array) -> None:
        """Move ``parameters`` in place: θ ← θ − η_t · direction. ``rate`` has shape (k, 1).

        ``gradient`` is overwritten when L2 applies. Decoupled weight decay comes first (AdamW, Loshchilov &
        Hutter 2019): θ ← (1 − η_t · decay) θ.
        """
        self.t += 1
        if self._has_l2:
            np.multiply(parameters, self.decayed, out=scratch)
            scratch *= self.k["l2"]
            gradient += scratch
        if self._has_decay:
            np.multiply(parameters, self.decayed, out=scratch)
            scratch *= self.cast(rate * self.c["weight_decay"])
            parameters -= scratch
        direction, scale = self.direction(gradient, scratch)
        np.multiply(direction, self.cast(rate * scale), out=scratch)
        parameters -= scratch

    def cast(self, column: Column) -> Array:
        """Coefficient in the precision of the parameters."""
        return column.astype(self.dtype)

    def keep(self, members: NDArray[np.bool_]) -> None:
        """Drop all but the marked members."""
        self.c = {name: values[members] for name, values in self.c.items()}
        self.state = {name: values[members] for name, values in self.state.items()}
        self._cast_all()

    def move_beta(self, beta: Column) -> None:
        """Go on with another β, shape (k, 1): an average keeps its value, so it loses the old factor."""
        if "beta" not in self.c or not self.moves_with_schedule:
            return
        for name in self.averages_by_beta:
            self.state[name] *= self.cast((1 - self.c["beta"]) / (1 - beta))
        self.c["beta"], self.k["beta"] = beta, self.cast(beta)

    def average(self, name: str, beta: str, value: Array) -> Array:
        """State ← β · state + value: a running average without its factor (1 − β)."""
        state = self.state[name]
        state *= self.k[beta]
        state += value
        return state


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

    def direction(self, gradient: Array, scratch: Array) -> tuple[Array, Column | float]:
        """(1 − β) V, bias-corrected where asked."""
        v, _ = super().direction(gradient, scratch)
        beta = self.c["beta"]
        correction = np.where(self.c["bias_correction"], 1 - beta**self.t, 1)
        return v, (1 - beta) / correction


class Nesterov(UpdateRule):
    """Nesterov momentum."""

    summary = "Nesterov momentum: v ← β v + g; θ ← θ − η (g + β v), the gradient taken at θ (Sutskever 2013)."
    coefficients_used: ClassVar[tuple[str, ...]] = ("beta",)
    states: ClassVar[tuple[str, ...]] = ("v",)

    def direction(self, gradient: Array, scratch: Array) -> tuple[Array, Column | float]:
        """G + β V."""
        v = self.average("v", "beta", gradient)
        np.multiply(v, self.k["beta"], out=scratch)
        scratch += gradient
        return scratch, 1.0


class AdaGrad(UpdateRule):
    """AdaGrad (Duchi et al. 2011)."""

    summary = "AdaGrad (Duchi et al. 2011): s ← s + g²; θ ← θ − η g / (√s + ε)."
    coefficients_used: ClassVar[tuple[str, ...]] = ("epsilon", "initial_accumulator")
    defaults: ClassVar[Mapping[str, float]] = {"epsilon": 1e-10}
    states: ClassVar[tuple[str, ...]] = ("s",)

    def prepare(self) -> None:
        """s₀."""
        self.state["s"] += self.cast(self.c["initial_accumulator"])

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

    def direction(self, gradient: Array, scratch: Array) -> tuple[Array, Column | float]:
        """G / (√s + ε), or B; with s kept as s/(1−ρ) the common factor 1/√(1−ρ) is the scale."""
        rest = 1 - self.c["beta"]
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
        scratch += self.cast(self.c["epsilon"] / np.sqrt(rest))
        np.divide(gradient, scratch, out=scratch)
        scale = 1 / np.sqrt(rest)
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

    def direction(self, gradient: Array, scratch: Array) -> tuple[Array, Column | float]:
        """M̂ / (√ŝ + ε)."""
        m, factor = self.average("m", "beta", gradient), self.root_factor()
        np.divide(m, self.root_mean_square(gradient, factor, scratch), out=scratch)
        beta = self.c["beta"]
        return scratch, (1 - beta) / self.correction("beta") / factor

    def root_factor(self) -> Column:
        """√((1−β₂)/(1−β₂ᵗ)): what √s lacks to be √ŝ."""
        return np.asarray(np.sqrt((1 - self.c["beta2"]) / self.correction("beta2")))

    def correction(self, beta: str) -> Column:
        """1 − βᵗ, or 1 where bias correction is switched off."""
        rest = 1 - self.c[beta] ** self.t
        corrected = self.c.get("adam_bias_correction")
        return rest if corrected is None else np.where(corrected, rest, 1.0)

    def root_mean_square(self, gradient: Array, factor: Column, scratch: Array) -> Array:
        """√s + ε / factor, which is (√ŝ + ε) / factor."""
        np.multiply(gradient, gradient, out=scratch)
        s = self.average("s", "beta2", scratch)
        if "amsgrad" in self.c and self.c["amsgrad"].any():
            s = np.maximum(self.state["largest"], s, out=self.state["largest"])
        np.sqrt(s, out=scratch)
        scratch += self.cast(self.c["epsilon"] / factor)
        return scratch


class AdaMax(UpdateRule):
    """AdaMax (Kingma & Ba 2015, Algorithm 2)."""

    summary = "AdaMax (Kingma & Ba 2015, Algorithm 2): s ← max(β₂ s, |g| + ε); θ ← θ − η m̂ / s."
    coefficients_used: ClassVar[tuple[str, ...]] = ("beta", "beta2", "epsilon")
    averages_by_beta: ClassVar[tuple[str, ...]] = ("m",)
    states: ClassVar[tuple[str, ...]] = ("m", "s")

    def direction(self, gradient: Array, scratch: Array) -> tuple[Array, Column | float]:
        """M̂ / s. The paper has no ε and is 0/0 where a gradient was always 0; PyTorch and optax add it."""
        m = self.average("m", "beta", gradient)
        s = self.state["s"]
        s *= self.k["beta2"]
        np.abs(gradient, out=scratch)
        scratch += self.k["epsilon"]
        np.maximum(s, scratch, out=s)
        np.divide(m, s, out=scratch)
        beta = self.c["beta"]
        return scratch, (1 - beta) / (1 - beta**self.t)


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

    def direction(self, gradient: Array, scratch: Array) -> tuple[Array, Column | float]:
        """(μ_{t+1} m / (1 − Π_{i≤t+1} μ_i) + (1 − μ_t) g / (1 − Π_{i≤t} μ_i)) / (√ŝ + ε)."""
        now, following = self._mu(self.t), self._mu(self.t + 1)
        self.product = self.product * now
        m_factor = (1 - self.c["beta"]) * following / (1 - self.product * following)
        g_factor = (1 - now) / (1 - self.product)
        m, ahead, factor = self.average("m", "beta", gradient), self.state["ahead"], self.root_factor()
        np.multiply(m, self.cast(m_factor), out=ahead)
        np.multiply(gradient, self.cast(g_factor), out=scratch)
        ahead += scratch
        ahead /= self.root_mean_square(gradient, factor, scratch)
        return ahead, 1 / factor

    def _mu(self, t: int) -> Column:
        """μ_t."""
        return np.asarray(self.c["beta"] * (1 - 0.5 * 0.96 ** (t * self.c["momentum_decay"])))


class AdamThenSGD(Adam):
    """Adam first, SGD after."""

    summary = "Adam up to a part of the run (fast, rough), plain SGD from then on (slow, accurate)."
    coefficients_used: ClassVar[tuple[str, ...]] = ("beta", "beta2", "epsilon", "switch", "sgd_multiplier")
    states: ClassVar[tuple[str, ...]] = ("m", "s")

    @classmethod
    def variant(cls, configuration: Mapping[str, Any]) -> tuple[bool, ...]:
        """No AMSGrad here."""
        return UpdateRule.variant(configuration)

    def direction(self, gradient: Array, scratch: Array) -> tuple[Array, Column | float]:
        """Adam's for steps up to switch · T, then sgd_multiplier · G."""
        switched = self.t > np.round(self.c["switch"] * self.steps)
        if switched.all():
            return gradient, self.c["sgd_multiplier"]
        adam, scale = super().direction(gradient, scratch)
        np.copyto(adam, gradient, where=switched)
        return adam, np.where(switched, self.c["sgd_multiplier"], scale)


class Lion(UpdateRule):
    """Lion (Chen et al. 2023)."""

    summary = "Lion (Chen et al. 2023): θ ← θ − η sign(β₁ m + (1−β₁) g); then m ← β₂ m + (1−β₂) g."
    coefficients_used: ClassVar[tuple[str, ...]] = ("beta", "beta2")
    defaults: ClassVar[Mapping[str, float]] = {"beta2": 0.99}
    states: ClassVar[tuple[str, ...]] = ("m",)

    def direction(self, gradient: Array, scratch: Array) -> tuple[Array, Column | float]:
        """Sign(β₁ m + (1−β₁) g), with m kept as m/(1−β₂)."""
        beta = self.c["beta"]
        ahead = gradient * self.cast(1 - beta)
        np.multiply(self.state["m"], self.cast(beta * (1 - self.c["beta2"])), out=scratch)
        ahead += scratch
        np.sign(ahead, out=scratch)
        self.average("m", "beta2", gradient)
        return scratch, 1.0


OPTIMIZERS: dict[str, type[UpdateRule]] = {
    "sgd": SGD,
    "momentum": Momentum,
    "momentum_ema": MomentumEMA,
    "nesterov": Nesterov,
    "adagrad": AdaGrad,
    "rmsprop": RMSProp,
    "adam": Adam,
    "adamax": AdaMax,
    "nadam": Nadam,
    "adamw": AdamW,
    "adam_then_sgd": AdamThenSGD,
    "lion": Lion,
}
