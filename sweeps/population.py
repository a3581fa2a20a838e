"""A population: K configurations of equal network and batch size, trained together.

Whatever else differs between members is an array of length K. Members are sorted so that each update rule
works on a slice of neighbours.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np

from sweeps.network import Perceptrons
from sweeps.optimizers import OPTIMIZERS
from sweeps.schedules import ReduceOnPlateau, betas, learning_rates, moves_beta

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from sweeps.network import Architecture
    from sweeps.optimizer import Optimizer

    Complete = Mapping[str, Any]


def rule_key(c: Complete) -> tuple[Any, ...]:
    """Members with an equal key share an instance of an update rule."""
    optimizer = c["optimizer"]
    return (list(OPTIMIZERS).index(optimizer), *OPTIMIZERS[optimizer].variant(c))


class Population:
    """Networks, update rules and learning rates of K members.

    Parameters
    ----------
    configurations
        Complete configurations (see `sweeps.settings.complete`), sorted by `rule_key`.
    architecture
        Common shape of the networks.
    parameters
        Initial parameters (K, P).
    steps_per_epoch, epochs
        Length of the run.
    """

    def __init__(
        self,
        configurations: Sequence[Complete],
        architecture: Architecture,
        parameters: NDArray[Any],
        steps_per_epoch: int,
        epochs: int,
    ) -> None:
        self.networks = Perceptrons(architecture, parameters)
        self._steps_per_epoch = steps_per_epoch
        steps = steps_per_epoch * epochs
        self._rates = np.array([rates_of(steps, c) for c in configurations])
        self._betas = None  # a β that stays where it is costs nothing
        if any(moves_beta(c) for c in configurations):
            self._betas = np.array([betas(steps, c) for c in configurations])
        self._steps_taken = 0
        self._plateau = _plateau(configurations, epochs)
        self._rules = [
            rule
            for rule, _ in rules_of(
                configurations,
                parameters,
                lambda rule, members, own: rule.of(members, own, architecture, steps),
            )
        ]
        self._slice_rules()
        self._freeze(np.array([c["pretrained"] == "frozen" for c in configurations]))

    def __len__(self) -> int:
        """Members still in training."""
        return len(self.networks.parameters)

    def _slice_rules(self) -> None:
        """Rows of each rule, and a scratch array."""
        ends = np.cumsum([len(rule) for rule in self._rules])
        self._rows = [slice(end - len(rule), end) for end, rule in zip(ends, self._rules, strict=True)]
        self._scratch = np.empty_like(self.networks.parameters)

    def _freeze(self, frozen: NDArray[np.bool_]) -> None:
        """Note the members (K,) whose hidden layers do not move, what is in these, and how many they are."""
        self._frozen = frozen
        hidden = self.networks.architecture.hidden_count
        self.held = np.where(frozen, hidden, 0)
        self._held = self.networks.parameters[frozen, :hidden]

    def rates_of_epoch(self, epoch: int) -> NDArray[np.float64]:
        """Learning rates (steps, K, 1) of an epoch, counted from 0.

        The plateau's factor multiplies the member's own schedule, so a warm-up works there too.
        """
        first = epoch * self._steps_per_epoch
        rates = self._rates[:, first : first + self._steps_per_epoch]
        return (rates * self._plateau.factors[:, None]).T[:, :, None]

    def step(self, rates: NDArray[np.float64]) -> None:
        """One step of every member along its gradient, or to what it tries next; ``rates`` (K, 1)."""
        networks = self.networks
        for rule, rows in zip(self._rules, self._rows, strict=True):
            if self._betas is not None:
                rule.move_beta(self._betas[rows, self._steps_taken, None])
            rule.step(networks.parameters[rows], networks.gradients[rows], rates[rows], self._scratch[rows])
        if len(self._held):  # put back, so that no decay and no search moves them either
            self.networks.parameters[self._frozen, : self._held.shape[1]] = self._held
        self._steps_taken += 1

    def epoch_of_rules(self, steps: int) -> Iterator[tuple[Optimizer, slice, NDArray[np.float64] | None]]:
        """Every rule with its rows and the β (k, steps) of its next steps, which then count as taken."""
        first = self._steps_taken
        self._steps_taken += steps
        for rule, rows in zip(self._rules, self._rows, strict=True):
            yield rule, rows, None if self._betas is None else self._betas[rows, first : first + steps]

    def observe(self, validation_loss: NDArray[np.float64]) -> None:
        """Tell performance scheduling the validation loss (K,) of the epoch that ended."""
        self._plateau.update(validation_loss)

    def finite(self) -> NDArray[np.bool_]:
        """Which members' parameters are all finite, shape (K,)."""
        return np.asarray(np.isfinite(self.networks.parameters).all(axis=1))

    def keep(self, members: NDArray[np.bool_]) -> None:
        """Go on with the marked members only; their numbers are not affected."""
        self.networks.keep(members)
        for rule, rows in zip(self._rules, self._rows, strict=True):
            rule.keep(members[rows])
        self._rules = [rule for rule in self._rules if len(rule)]
        self._rates = self._rates[members]
        self._betas = None if self._betas is None else self._betas[members]
        self._plateau.keep(members)
        self._slice_rules()
        self._freeze(self._frozen[members])


def rates_of(steps: int, c: Complete) -> NDArray[np.float64]:
    """Rate of every step: the optimizer's, which may be several in a run, times the schedule's factor."""
    return learning_rates(steps, {**c, "learning_rate": OPTIMIZERS[c["optimizer"]].rate(c, steps)})


def _plateau(configurations: Sequence[Complete], epochs: int) -> ReduceOnPlateau:
    """Performance scheduling for all members; members with another schedule have infinite patience."""

    def column(name: str) -> NDArray[np.float64]:
        return np.array([float(c[name]) for c in configurations])

    follows = np.array([c["schedule"] == "performance" for c in configurations])
    patience = np.where(follows, np.round(column("performance_patience") * epochs), np.inf)
    return ReduceOnPlateau(
        column("learning_rate"), column("performance_factor"), patience, column("performance_threshold")
    )


def rules_of(
    configurations: Sequence[Complete],
    parameters: NDArray[Any],
    make: Callable[[type[Optimizer], Sequence[Complete], NDArray[Any]], Optimizer],
) -> list[tuple[Optimizer, slice]]:
    """One instance of an optimizer per run of members with an equal key, and its rows.

    Parameters
    ----------
    configurations
        Complete, sorted by `rule_key`.
    parameters
        Of all members, shape (k, P).
    make
        The optimizer of a run of members, from its class, their configurations and their parameters.
    """
    rules: list[tuple[Optimizer, slice]] = []
    start = 0
    for _, run in itertools.groupby(configurations, key=rule_key):
        members = list(run)
        rows = slice(start, start + len(members))
        rules.append((make(OPTIMIZERS[members[0]["optimizer"]], members, parameters[rows]), rows))
        start = rows.stop
    return rules
