"""Train one population: epochs, minibatches or tries, curves, divergence.

What training costs is counted in evaluations: one is a forward pass over the training set. A step along a
gradient costs three of its minibatch, because the backward pass takes twice the forward pass; so an epoch
costs three, whatever the batch size. In an epoch a search tries three networks on the whole training set:
after equally many epochs members of either kind have cost the same. What pretrained a layer is counted in the
same unit, passes over the set that is trained on (`sweeps.tasks`). Measuring for the curves is not counted;
frozen layers count as if they moved.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sweeps.losses import SoftmaxCrossEntropy, SquaredError
from sweeps.optimizers import OPTIMIZERS
from sweeps.population import Population, rule_key
from sweeps.subnormals import flushed
from sweeps.trial import METRIC_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from sweeps.losses import Loss
    from sweeps.network import Architecture
    from sweeps.splits import Split

    Watch = Callable[[int, NDArray[Any], Split], None]

EVALUATION_ROWS = 128  # examples evaluated at once: their arrays stay in the cache
STATISTICS_ROWS = 512  # the same where batch normalisation takes its statistics of them: decides numbers
EPOCH_COST = 3  # evaluations of an epoch, and so the networks that a search tries in it


@dataclass
class Training:
    """What training a member gave.

    Attributes
    ----------
    curves
        Per metric the value at initialisation and after every epoch with finite numbers. The training loss
        of an epoch is the mean over its minibatches, each before its update, as training programs print it,
        in a search the mean over its tries, each of what was kept before it; the value at initialisation is
        the mean over the training set.
    final_training_loss
        Mean over the training set after the last epoch, computed as the one at initialisation was; None
        where training stopped before.
    stopped_at
        Epoch, fractional, at which loss or weights stopped being finite; None if they never did.
    minibatch_losses
        Per epoch begun, the loss of each of its minibatches before the update, shape (steps,).
    """

    curves: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in METRIC_NAMES})
    final_training_loss: float | None = None
    stopped_at: float | None = None
    minibatch_losses: list[NDArray[Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Order:
    """Minibatch order: one permutation of the training examples per epoch, (epochs, n).

    ``tries`` is what searches draw from, the same numbers for all that train together.
    """

    permutations: NDArray[np.int64]
    batch_size: int
    tries: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))

    @classmethod
    def draw(cls, rng: np.random.Generator, examples: int, epochs: int, batch_size: int) -> Order:
        """The same permutations for every batch size (common random numbers)."""
        return cls(np.array([rng.permutation(examples) for _ in range(epochs)]), batch_size)

    @property
    def epochs(self) -> int:
        """Number of passes through the training set."""
        return len(self.permutations)

    @property
    def starts(self) -> range:
        """First row of each minibatch; the last batch may be smaller and counts as a step like any other."""
        return range(0, self.permutations.shape[1], self.batch_size)


@flushed()
def train(
    configurations: Sequence[Mapping[str, Any]],
    architecture: Architecture,
    parameters: NDArray[Any],
    split: Split,
    order: Order,
    watch: Watch | None = None,
    compiled: Callable[[Mapping[str, Any]], type[_Run] | None] | None = None,
) -> list[Training]:
    """Train a member per configuration; numbers do not depend on which members train together.

    Parameters
    ----------
    configurations
        Complete configurations that share network shape and batch size.
    parameters
        Initial parameters (K, P), in the precision to compute in.
    split
        Data in the same precision.
    watch
        Called before the first epoch and after each with the epochs done, a copy of the parameters of the
        members still in training, and the data.
    compiled
        Gives the loop of a configuration on the compiled path, see `sweeps.compiled.loops`.

    Returns
    -------
    One `Training` per configuration, in their order.
    """
    trainings = [Training() for _ in configurations]
    sorting = sorted(range(len(configurations)), key=lambda k: rule_key(configurations[k]))
    searches = [OPTIMIZERS[c["optimizer"]].searches for c in configurations]
    special = [compiled(c) if compiled is not None else None for c in configurations]
    loops = [_Search if tries else own or _Run for tries, own in zip(searches, special, strict=True)]
    for run in dict.fromkeys(loops):
        chosen = [k for k in sorting if loops[k] is run]
        population = Population(
            [configurations[k] for k in chosen],
            architecture,
            parameters[chosen],
            EPOCH_COST if run is _Search else len(order.starts),
            order.epochs,
        )
        with np.errstate(all="ignore"):  # divergence is a result, not a warning
            run(population, [trainings[k] for k in chosen], split, order, watch).run()
    return trainings


def loss_of(split: Split) -> Loss:
    """What training on these data minimises."""
    return SoftmaxCrossEntropy() if split.labels_train is not None else SquaredError()


class _Run:
    """The loop over epochs, with the members that are still in it; steps go along gradients."""

    def __init__(
        self,
        population: Population,
        members: list[Training],
        split: Split,
        order: Order,
        watch: Watch | None = None,
    ) -> None:
        self.population, self.members, self.split, self.order = population, members, split, order
        self.loss, self.watch = loss_of(split), watch

    def run(self) -> None:
        """Train to the last epoch or until no member is finite."""
        first, (validation_loss, error) = self._training_loss(), self._validate()
        finite = np.isfinite(first) & np.isfinite(validation_loss) & self.population.finite()
        self._drop(finite, np.zeros(len(self.members)))
        self._record(first[finite], validation_loss[finite], error[finite])
        for epoch in range(self.order.epochs):
            self._show(epoch)
            if not self.members:
                return
            losses = self._epoch(epoch)
            self._finish_epoch(epoch, losses)
        self._show(self.order.epochs)
        if self.members:
            self._finish()

    def _show(self, done: int) -> None:
        """Let somebody look at the members in training; a copy, so that no look changes a number."""
        if self.watch is not None and self.members:
            self.watch(done, self.population.networks.parameters.copy(), self.split)

    def _finish(self) -> None:
        """Measure the final training loss; where it is not finite, the last epoch was one too many."""
        last = self._training_loss()
        for member, loss in zip(self.members, last, strict=True):
            if math.isfinite(loss):
                member.final_training_loss = float(loss)
            else:
                member.stopped_at = float(self.order.epochs)

    def _epoch(self, epoch: int) -> NDArray[Any]:
        """One pass; minibatch losses (steps, K)."""
        population, networks, loss = self.population, self.population.networks, self.loss
        permutation = self.order.permutations[epoch]
        x, y = self.split.x_train[permutation], self.split.y_train[permutation]
        rates = population.rates_of_epoch(epoch)
        losses = np.empty((len(rates), len(population)), x.dtype)
        size = self.order.batch_size
        for step, start in enumerate(self.order.starts):
            batch = x[start : start + size]
            outputs = networks.forward(batch, training=True)
            losses[step] = loss.loss(outputs, y[start : start + size])
            networks.backward(batch, loss.delta())
            population.step(rates[step])
        return losses

    def _finish_epoch(self, epoch: int, losses: NDArray[Any]) -> None:
        """Record the epoch for members that are finite, stop the others."""
        for member, own in zip(self.members, losses.T, strict=True):
            member.minibatch_losses.append(own.copy())
        rows = self._rows()
        # Summed along rows of memory: NumPy then adds in the same order for one member as for many.
        weighted = np.ascontiguousarray((losses.astype(np.float64) * rows[:, None]).T)
        mean = weighted.sum(axis=1) / rows.sum()
        validation_loss, error = self._validate()
        bad_step = ~np.isfinite(losses)
        finite = ~bad_step.any(axis=0) & self.population.finite() & np.isfinite(validation_loss)
        # The first bad loss comes before the update of its step; bad weights alone show at the end.
        part = np.where(bad_step.any(axis=0), bad_step.argmax(axis=0) / len(losses), 1.0)
        self._drop(finite, epoch + part)
        if self.members:
            self._record(mean[finite], validation_loss[finite], error[finite])
            self.population.observe(validation_loss[finite])

    def _rows(self) -> NDArray[np.int64]:
        """Examples behind the loss of each step."""
        return np.diff([*self.order.starts, len(self.split.x_train)])

    def _validate(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Loss and error (K,) of the validation examples, in inference mode."""
        x, y = self.split.x_validation, self.split.y_validation
        networks = self.population.networks
        outputs = np.empty((len(self.population), len(x), networks.architecture.outputs), x.dtype)
        for rows in _chunks(len(x), EVALUATION_ROWS):
            outputs[:, rows] = networks.forward(x[rows], training=False)
        return self.loss.loss(outputs, y).astype(np.float64), self.loss.error(outputs, y)

    def _training_loss(self) -> NDArray[np.float64]:
        """Loss (K,) over the training set in training mode, by chunks weighted by their size."""
        x, y = self.split.x_train, self.split.y_train
        networks, total = self.population.networks, np.zeros(len(self.population))
        for rows in _chunks(len(x), STATISTICS_ROWS if networks.norms else EVALUATION_ROWS):
            outputs = networks.forward(x[rows], training=True, averaging=0.0)
            total += self.loss.loss(outputs, y[rows]) * len(x[rows])
        return total / len(x)

    def _record(self, *metrics: NDArray[np.float64]) -> None:
        """Append to the curves: training loss, validation loss, validation error, each (K,)."""
        for name, values in zip(
            ("training_loss", "validation_loss", "validation_error"), metrics, strict=True
        ):
            for member, value in zip(self.members, values, strict=True):
                member.curves[name].append(float(value))

    def _drop(self, keep: NDArray[np.bool_], when: NDArray[np.float64]) -> None:
        """Freeze the members not marked, at the epochs given."""
        if keep.all():
            return
        for member, kept, epoch in zip(self.members, keep, when, strict=True):
            if not kept:
                member.stopped_at = float(epoch)
        self.members = [member for member, kept in zip(self.members, keep, strict=True) if kept]
        if self.members:
            self.population.keep(keep)


class _Search(_Run):
    """The loop over epochs for members that try networks, see `sweeps.direct_search`."""

    def _epoch(self, epoch: int) -> NDArray[Any]:
        """Try, and go back where the training loss did not fall; losses before each try (tries, K)."""
        population, networks = self.population, self.population.networks
        losses = [self._training_loss()]  # known since the last try: not counted
        for rate in population.rates_of_epoch(epoch):
            kept = networks.parameters.copy()
            networks.gradients[:] = self.order.tries.standard_normal(kept.shape[1])
            population.step(rate)
            tried = self._training_loss()
            fell = tried < losses[-1]
            networks.parameters[~fell] = kept[~fell]
            losses.append(np.where(fell, tried, losses[-1]))
        self._average_statistics()
        return np.array(losses[:-1])

    def _rows(self) -> NDArray[np.int64]:
        """Every try is of all examples."""
        return np.full(EPOCH_COST, len(self.split.x_train))

    def _average_statistics(self) -> None:
        """Give batch normalisation the statistics of the networks kept, over the whole training set."""
        x, networks = self.split.x_train, self.population.networks
        if not networks.norms:
            return
        for rows in _chunks(len(x), STATISTICS_ROWS):
            part = x[rows]
            networks.forward(part, training=True, averaging=len(part) / (rows.start + len(part)))


def _chunks(rows: int, size: int) -> list[slice]:
    """Slices of at most ``size`` rows."""
    return [slice(start, start + size) for start in range(0, rows, size)]
