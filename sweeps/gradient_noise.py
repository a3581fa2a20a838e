"""How noisy the gradient of a minibatch is: the simple noise scale, a batch size told from gradients alone.

McCandlish, Kaplan & Amodei (2018), section 2.2 and appendix A.1: B_simple = tr Σ / |G|², with G the
gradient and Σ the covariance of the gradients of single examples. A batch well below it is mostly noise, and
the best rate of stochastic gradient descent should grow in proportion to it; well above it, a larger batch
tells nothing new. It is a number to set beside the critical batch size that a sweep shows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sweeps.errors import DefinitionError, shown
from sweeps.network import Perceptrons
from sweeps.objectives import objective_named
from sweeps.parsing import parse_space
from sweeps.tasks import Job, Task, Trainer
from sweeps.training import loss_of
from sweeps.trial import PlannedTrial

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from sweeps.definition import SweepDefinition
    from sweeps.network import Architecture
    from sweeps.space import Space
    from sweeps.splits import Split

    Moments = tuple[float, float]


@dataclass(frozen=True)
class GradientNoise:
    """Noise of the gradient of the training loss after an epoch, one element per replicate.

    Attributes
    ----------
    epoch
        Epochs done; 0 is at initialisation.
    squared_norm
        Unbiased estimate of |G|²; NaN where training had stopped being finite.
    trace
        Unbiased estimate of tr Σ; NaN likewise.
    """

    epoch: int
    squared_norm: NDArray[np.float64]
    trace: NDArray[np.float64]

    @property
    def each(self) -> NDArray[np.float64]:
        """B_simple of each replicate, in examples; infinite where |G|² cannot be told from nothing."""
        pairs = zip(self.trace.tolist(), self.squared_norm.tolist(), strict=True)
        return np.array([_ratio(trace, squared_norm) for trace, squared_norm in pairs])

    @property
    def value(self) -> float:
        """B_simple over the replicates in training: both estimates are averaged first, as A.1 says."""
        known = np.isfinite(self.trace) & np.isfinite(self.squared_norm)
        if not known.any():
            return math.nan
        return _ratio(float(self.trace[known].mean()), float(self.squared_norm[known].mean()))


def gradient_noise(
    definition: SweepDefinition, configuration: Mapping[str, Any], epochs: Sequence[int]
) -> list[GradientNoise]:
    """Train a configuration in every replicate of a sweep and measure the noise of its gradient on the way.

    The gradient is the loss's alone, over the training examples: without ``l2`` and ``weight_decay``.

    Parameters
    ----------
    definition
        The sweep; its replicates have the weights, orders and splits that its trials have.
    configuration
        A value for each setting that varies there, which need not be a level.
    epochs
        After how many epochs to measure, in any order; 0 is at initialisation.

    Returns
    -------
    One `GradientNoise` per epoch, in the order given.

    Raises
    ------
    DefinitionError
        When the sweep has no such configuration or epoch, or its networks have batch normalisation, under
        which an example has no gradient of its own.
    """
    job = _job(definition, configuration)
    if wrong := [epoch for epoch in epochs if epoch not in range(definition.epochs + 1)]:
        raise DefinitionError(f"epoch {shown(wrong[0])} is not one of 0 to {definition.epochs}")
    architecture = job.architecture(job.complete({}))
    if architecture.batch_norm:
        raise DefinitionError("under batch normalisation an example has no gradient; set batch_norm = false")
    trainer = Trainer(job)
    found = [_watched(trainer, architecture, epochs, k) for k in range(definition.replicates_apart)]
    return [
        GradientNoise(epoch, *np.array([seen.get(epoch, (math.nan, math.nan)) for seen in found]).T)
        for epoch in epochs
    ]


def _watched(
    trainer: Trainer, architecture: Architecture, epochs: Sequence[int], replicate: int
) -> dict[int, Moments]:
    """Train a replicate; after each of the epochs that it reached, |G|² and tr Σ."""
    seen: dict[int, Moments] = {}

    def watch(epoch: int, parameters: NDArray[Any], split: Split) -> None:
        if epoch in epochs:
            seen[epoch] = _moments(architecture, parameters, split)

    trainer(Task((PlannedTrial(replicate, {}, replicate),), trainer.job.parts(replicate)), watch)
    return seen


def _job(definition: SweepDefinition, configuration: Mapping[str, Any]) -> Job:
    """The sweep's job with the configuration held fixed."""
    objective, space = objective_named(definition.objective), definition.build_space()
    fixed = parse_space(configuration, objective.settings(configuration), space.fixed)
    _check_complete(space, fixed, configuration)
    work = objective.prepare(definition, fixed)
    if not isinstance(work, Job):
        raise DefinitionError(f"objective {definition.objective!r} trains no network, so it has no gradient")
    return work


def _check_complete(space: Space, fixed: Space, configuration: Mapping[str, Any]) -> None:
    if fixed.names:
        raise DefinitionError(f"a configuration has one value of {fixed.names[0]}")
    for setting in space.settings:
        if setting.name not in configuration and setting.domain(fixed.fixed) is not None:
            raise DefinitionError(f"the configuration has no {setting.name}, which varies; add it")


def _moments(architecture: Architecture, parameters: NDArray[Any], split: Split) -> Moments:
    """Unbiased |G|² and tr Σ of a network (1, P): appendix A.1 with batches of one and of all examples.

    One example at a time: their gradients together would be (examples, P).
    """
    networks, loss = Perceptrons(architecture, parameters), loss_of(split)
    examples, total, squares = len(split.x_train), np.zeros(parameters.shape[1]), 0.0
    for start in range(examples):
        one = slice(start, start + 1)
        loss.loss(networks.forward(split.x_train[one], training=True), split.y_train[one])
        networks.backward(split.x_train[one], loss.delta())
        gradient = networks.gradients[0].astype(np.float64)
        total += gradient
        squares += float(gradient @ gradient)
    small, large = squares / examples, float(total @ total) / examples**2
    return (examples * large - small) / (examples - 1), (small - large) / (1 - 1 / examples)


def _ratio(trace: float, squared_norm: float) -> float:
    if math.isnan(trace) or math.isnan(squared_norm):
        return math.nan
    return trace / squared_norm if squared_norm > 0 else math.inf
