"""Baselines without gradients: a network is tried, and kept only where the training loss fell.

A search looks at the whole training set, so that "the loss fell" is no luck of a minibatch; and its loss is
the loss alone, without penalties. What gradients are worth is the distance between such a search and an
update rule at equal cost (direct search: Hooke & Jeeves 1961).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from sweeps.optimizer import SHARED, Optimizer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Self

    from numpy.typing import NDArray

    from sweeps.network import Architecture

    Array = NDArray[Any]
    Column = NDArray[np.float64]


class RandomLocalSearch(Optimizer):
    """Random local search."""

    summary = "Random local search: θ + η z with z normal, on every weight; kept if the training loss fell."
    unread: ClassVar[tuple[str, ...]] = ("weight_decay", "l2", "batch_size")
    searches: ClassVar[bool] = True

    def __init__(self, count: int) -> None:
        self._count = count

    @classmethod
    def of(
        cls, members: Sequence[Mapping[str, Any]], parameters: Array, architecture: Architecture, steps: int
    ) -> Self:
        """Nothing has to be known but how many they are."""
        del parameters, architecture, steps
        return cls(len(members))

    @classmethod
    def variant(cls, configuration: Mapping[str, Any]) -> tuple[bool, ...]:  # noqa: ARG003 (the same for all)
        """None."""
        return ()

    def step(self, parameters: Array, given: Array, rate: Column, scratch: Array) -> None:
        """Try θ + η z: every weight and bias moves by a normal number of standard deviation η."""
        np.multiply(given, rate.astype(given.dtype), out=scratch)
        parameters += scratch

    def keep(self, members: NDArray[np.bool_]) -> None:
        """Drop all but the marked members."""
        self._count = int(members.sum())

    def __len__(self) -> int:
        """Members, k."""
        return self._count


class RandomSearch(Optimizer):
    """Random search.

    Parameters
    ----------
    centre, spread
        Mean and standard deviation of each member's initial parameters, shape (k, P).
    """

    summary = "Random search: fresh weights from the initialiser; kept if the training loss fell."
    unread: ClassVar[tuple[str, ...]] = SHARED
    searches: ClassVar[bool] = True

    def __init__(self, centre: Array, spread: Array) -> None:
        self._centre, self._spread = centre, spread

    @classmethod
    def of(
        cls, members: Sequence[Mapping[str, Any]], parameters: Array, architecture: Architecture, steps: int
    ) -> Self:
        """Draw as each member's initialiser does."""
        del steps
        drawn = [architecture.initial_distribution(c["initialiser"], c["initial_scale"]) for c in members]
        centre, spread = np.swapaxes(np.array(drawn), 0, 1).astype(parameters.dtype)
        return cls(centre, spread)

    @classmethod
    def variant(cls, configuration: Mapping[str, Any]) -> tuple[bool, ...]:  # noqa: ARG003 (the same for all)
        """None."""
        return ()

    def step(self, parameters: Array, given: Array, rate: Column, scratch: Array) -> None:  # noqa: ARG002 (no rate)
        """Try fresh weights, wherever the member is."""
        np.multiply(given, self._spread, out=parameters)
        parameters += self._centre

    def keep(self, members: NDArray[np.bool_]) -> None:
        """Drop all but the marked members."""
        self._centre, self._spread = self._centre[members], self._spread[members]

    def __len__(self) -> int:
        """Members, k."""
        return len(self._spread)
