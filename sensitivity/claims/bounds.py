"""Every step of real trainings against the bound that a rule promises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sweeps.closed_forms import adam_step_bound, adam_step_supremum
from sweeps.population import Population
from sweeps.seeds import Purpose, generator
from sweeps.splits import standardise
from sweeps.subnormals import flushed
from sweeps.training import Order, loss_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sensitivity.arrays import Floats
    from sweeps.run import Sweep
    from sweeps.tasks import Job
    from sweeps.trial import FinishedTrial

ADAM_STEPS: Final = "adam-steps"
SGD_STEPS: Final = "sgd-steps"
BOUNDED: Final = {ADAM_STEPS: "adam", SGD_STEPS: "sgd"}  # name of the measurement → arm


@dataclass(frozen=True)
class Steps:
    """Steps of an arm on a dataset.

    Attributes
    ----------
    above
        Share above the bound of Adam's paper.
    beyond
        Share above what Adam can do.
    largest
        The largest one in units of η.
    """

    above: float
    beyond: float
    largest: float


def step_sizes(sweep: Sweep, trials: Sequence[FinishedTrial]) -> Steps:  # noqa: ARG001 (steps are not recorded)
    """Train an arm once more and look at every step: its largest coordinate, in units of the rate.

    The bounds are `adam_step_bound` and `adam_step_supremum`. A coordinate is stored with a rounding error of
    half a unit in its last place, which a step may seem longer by.
    """
    work: Any = sweep.work
    every = [_sizes(work, sweep, replicate) for replicate in range(sweep.definition.replicates)]
    sizes, rounding = (np.concatenate(parts) for parts in zip(*every, strict=True))
    c, finite = work.complete({}), np.isfinite(sizes)

    def share(bound: float) -> float:
        return float((sizes > bound * (1 + 1e-5) + rounding)[finite].mean())

    bounds = (form(1.0, c["beta"], c["beta2"]) for form in (adam_step_bound, adam_step_supremum))
    above, beyond = map(share, bounds)
    return Steps(above, beyond, float(sizes[finite].max()))


@flushed()
def _sizes(job: Job, sweep: Sweep, replicate: int) -> tuple[Floats, Floats]:
    """Size of every step of all configurations of a replicate, and its rounding error, flat."""
    configurations = [job.complete(chosen) for chosen in sweep.space.grid()]
    architecture = job.architecture(configurations[0])
    split = standardise(job.dataset, *job.parts(replicate), np.float32)
    drawn = generator(job.seed, replicate, Purpose.ORDER)
    order = Order.draw(drawn, len(split.x_train), job.epochs, configurations[0]["batch_size"])
    weights = generator(job.seed, replicate, Purpose.WEIGHTS)
    first = architecture.initial_parameters(weights, configurations[0]["initialiser"])
    parameters = np.tile(first.astype(np.float32), (len(configurations), 1))
    population = Population(configurations, architecture, parameters, len(order.starts), job.epochs)
    rate = np.array([float(c["learning_rate"]) for c in configurations])
    found = [_measured(*both, rate) for both in _steps(population, split, order)]
    sizes, rounding = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return sizes, rounding


def _steps(population: Population, split: Any, order: Order) -> Iterator[tuple[Floats, Floats]]:  # noqa: ANN401 (a split)
    """Parameters before and after every step."""
    networks, loss, size = population.networks, loss_of(split), order.batch_size
    with np.errstate(all="ignore"):  # divergence is a result, not a warning
        for epoch, permutation in enumerate(order.permutations):
            rates = population.rates_of_epoch(epoch)
            for step, start in enumerate(order.starts):
                rows = permutation[start : start + size]
                outputs = networks.forward(split.x_train[rows], training=True)
                loss.loss(outputs, split.y_train[rows])
                networks.backward(split.x_train[rows], loss.delta())
                before = networks.parameters.copy()
                population.step(rates[step])
                yield before, networks.parameters


def _measured(before: Floats, after: Floats, rate: Floats) -> tuple[Floats, Floats]:
    """Largest coordinate of a step in units of the rate, and what rounding may add, shape (members,)."""
    largest = np.maximum(np.abs(before), np.abs(after)).max(axis=1)
    rounding = np.finfo(before.dtype).eps * largest.astype(np.float64) / rate
    sizes = np.abs(after - before).max(axis=1).astype(np.float64) / rate
    return sizes, rounding
