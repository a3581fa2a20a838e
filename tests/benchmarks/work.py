"""The work of a race: digits, five shapes of network, two update rules, and what every contestant is given.

All train on the same 1,437 standardised rows in float32, from the same weights, with the same minibatches in
the same order (scikit-learn draws its own order), a smaller last batch included.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from sweeps.datasets import load
from sweeps.definition import parse
from sweeps.network import Architecture
from sweeps.run import prepare
from sweeps.splits import split_indices, standardise
from sweeps.training import Order
from sweeps.trial import PlannedTrial

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sweeps.splits import Split

EPOCHS = 20
OPTIMIZERS = ("adam", "momentum")
BETA = 0.9  # of the momentum, and Adam's first
MEMBERS = 32


@dataclass(frozen=True)
class Shape:
    """A network and the size of its minibatches."""

    hidden: tuple[int, ...]
    batch: int
    batch_norm: bool = False


SHAPES = {
    "64-64-10": Shape((64,), 32),
    "width 256": Shape((256,), 32),
    "five layers of 32": Shape((32,) * 5, 32),
    "batch 256": Shape((64,), 256),
    "batch norm": Shape((64,), 32, batch_norm=True),
}


@cache
def digits() -> Split:
    """Digits, standardised float32, 1,437 training rows."""
    dataset = load("digits")
    return standardise(dataset, *split_indices(dataset, 0.2, 0, 0), np.float32)


@dataclass(frozen=True)
class Work:
    """What a contestant trains.

    Attributes
    ----------
    optimizer
        ``adam`` or ``momentum``.
    weights
        Initial parameters (P,) of every member, float32, in the order of `Architecture.blocks`.
    rates
        Learning rate of every member, (K,). Who trains one network only takes that in the middle.
    population
        How many of them our engine trains at once, as in a sweep; JAX trains all at once.
    """

    optimizer: str
    architecture: Architecture
    weights: NDArray[Any]
    rates: NDArray[np.float64]
    population: int
    order: Order
    split: Split

    @property
    def middle(self) -> int:
        """The member that stands for all where only one is trained."""
        return len(self.rates) // 2

    @property
    def layers(self) -> list[dict[str, NDArray[Any]]]:
        """Initial weights of every layer by the name of the block, (rows, columns) each."""
        views = self.architecture.views(self.weights[None])
        return [{name: block[0].copy() for name, block in layer.items()} for layer in views]


def population_of(shape: Shape) -> int:
    """How many of the members a sweep trains together in this shape: a race measures what a sweep does."""
    space = {
        "optimizer": "adam",
        "learning_rate": {"low": 1e-3, "high": 1e-2, "log": True, "levels": MEMBERS},
        "batch_size": shape.batch,
        "batch_norm": shape.batch_norm,
    }
    network = {"hidden": list(shape.hidden)}
    definition = {"dataset": "digits", "replicates": 1, "search": 0, "network": network, "space": space}
    sweep = prepare(parse(definition))
    planned = [PlannedTrial(number, c, 0, "plan") for number, c in enumerate(sweep.space.grid())]
    return max(len(task.trials) for task in sweep.work.tasks(planned, None))


def work(shape: Shape, optimizer: str, epochs: int = EPOCHS, split: Split | None = None) -> Work:
    """Work of a shape and an update rule, on digits unless ``split`` says otherwise."""
    split = digits() if split is None else split
    rows, inputs = split.x_train.shape
    architecture = Architecture(inputs, shape.hidden, split.y_train.shape[1], "relu", shape.batch_norm)
    weights = architecture.initial_parameters(np.random.default_rng(0), "he").astype(np.float32)
    rates = np.geomspace(1e-3, 1e-2, MEMBERS)
    order = Order.draw(np.random.default_rng(1), rows, epochs, shape.batch)
    return Work(optimizer, architecture, weights, rates, population_of(shape), order, split)
