"""What every optimizer is, and the update rule: an optimizer by gradients.

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
    from collections.abc import Mapping, Sequence
    from typing import Self

    from numpy.typing import NDArray

    from sweeps.network import Architecture

    Array = NDArray[Any]
    Column = NDArray[np.float64]


# Settings that every optimizer reads unless it says that it does not.
SHARED = ("learning_rate", "weight_decay", "l2", "batch_size", "schedule", "warmup", "warmup_start")


class Optimizer(ABC):
    """What moves the parameters of k members.

    ``summary`` says in a line what it does, for somebody who chooses. ``coefficients_used`` names the
    settings that it reads beside the `SHARED` ones, ``unread`` those of the shared ones that it does not
    read: where it is the optimizer the first are active, the second are not. ``defaults`` are its own for
    settings that a definition leaves open. ``searches``: it is given random numbers instead of gradients, and
    what it tries stays only where the training loss fell.
    """

    summary: ClassVar[str] = ""
    coefficients_used: ClassVar[tuple[str, ...]] = ()
    unread: ClassVar[tuple[str, ...]] = ()
    defaults: ClassVar[Mapping[str, float]] = {}
    searches: ClassVar[bool] = False

    @classmethod
    def reads(cls, name: str) -> bool:
        """Whether it reads a setting of some optimizer."""
        return name not in cls.unread if name in SHARED else name in cls.coefficients_used

    @classmethod
    def rate(cls, configuration: Mapping[str, Any], steps: int) -> Column | float:  # noqa: ARG003 (few change it)
        """η before a schedule multiplies it: one for the whole run, or one per step, shape (steps,)."""
        return float(configuration["learning_rate"])

    @classmethod
    @abstractmethod
    def of(
        cls, members: Sequence[Mapping[str, Any]], parameters: Array, architecture: Architecture, steps: int
    ) -> Self:
        """Make it for the complete configurations of k members with parameters (k, P)."""

    @classmethod
    @abstractmethod
    def variant(cls, configuration: Mapping[str, Any]) -> tuple[bool, ...]:
        """What makes members run different lines of code: they do not share an instance."""

    @abstractmethod
    def step(self, parameters: Array, given: Array, rate: Column, scratch: Array) -> None:
        """Move ``parameters`` (k, P) in place.

        ``given`` (k, P) is the gradient, or for a search standard normal numbers; ``rate`` is (k, 1).
        """

    @abstractmethod
    def keep(self, members: NDArray[np.bool_]) -> None:
        """Drop all but the marked members."""

    @abstractmethod
    def __len__(self) -> int:
        """Members, k."""

    def move_beta(self, beta: Column) -> None:  # noqa: B027 (most have none)
        """Go on with another β, shape (k, 1)."""


class UpdateRule(Optimizer):
    """One update rule for k members.

    ``states`` are the arrays it remembers from step to step; of these ``averages_by_beta`` are kept without
    their factor 1 − β. A schedule may move β where it is a momentum (``moves_with_schedule``).

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

    averages_by_beta: ClassVar[tuple[str, ...]] = ()
    moves_with_schedule: ClassVar[bool] = True
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

    @classmethod
    def of(
        cls, members: Sequence[Mapping[str, Any]], parameters: Array, architecture: Architecture, steps: int
    ) -> Self:
        """Take the members' coefficients, and decay their weights."""
        return cls(cls.columns(members), parameters, architecture.decayed(), steps)

    @classmethod
    def columns(cls, members: Sequence[Mapping[str, Any]]) -> dict[str, Column]:
        """Coefficients of k members by setting, (k, 1) each."""
        names = (*cls.coefficients_used, "weight_decay", "l2")
        return {name: np.array([[float(c[name])] for c in members]) for name in names}

    def __len__(self) -> int:
        """Members, k."""
        return len(self.c["l2"])

    def _cast_all(self) -> None:
        """What every step needs of the coefficients, computed once: a step is a few short operations."""
        self.k = {name: self.cast(values) for name, values in self.c.items()}
        self._has_l2 = bool(self.c["l2"].any())
        self._has_decay = bool(self.c["weight_decay"].any())

    @classmethod
    def variant(cls, configuration: Mapping[str, Any]) -> tuple[bool, ...]:
        """Decay and L2 are lines of their own."""
        return (bool(configuration["weight_decay"]), bool(configuration["l2"]))

    def prepare(self) -> None:
        """Rule's own initial state, if zeros are not enough."""

    def coefficients(self) -> tuple[Any, ...]:
        """What stands in the formula of step ``t`` beside gradient and state; the scale comes last.

        A number or (k, 1) each. Where ``t``, and β with it, are rows of steps, it is (k, steps) each: the
        compiled path (`sweeps.compiled`) asks for an epoch at once.
        """
        return (1.0,)

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
