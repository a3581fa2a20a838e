"""The loop over epochs on the compiled path: what `sweeps.training` does, an epoch in one call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.linalg  # noqa: F401 (its BLAS is the one that numba calls: loaded before its threads are limited)
from threadpoolctl import ThreadpoolController

from sweeps.compiled import layers, rules
from sweeps.compiled.kernels import SAY, TRAIN_EPOCH
from sweeps.optimizer import UpdateRule
from sweeps.optimizers import OPTIMIZERS
from sweeps.training import STATISTICS_ROWS, _chunks, _Run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sweeps.population import Population
    from sweeps.splits import Split
    from sweeps.training import Order, Training, Watch

    Array = NDArray[Any]

STATES = 3  # of a rule at most
_THREADS = ThreadpoolController()


def compiled_loop(c: Mapping[str, Any]) -> type[_Run] | None:
    """The loop of a complete configuration; None where its rule or activation has no twin."""
    twins = OPTIMIZERS[c["optimizer"]] in rules.TWINS and c["activation"] in layers.TWINS
    return CompiledRun if twins else None


class CompiledRun(_Run):
    """The loop over epochs for members that all have a twin.

    Parameters, state and schedules are the population's own arrays, which the kernel changes in place.
    """

    def __init__(
        self,
        population: Population,
        members: list[Training],
        split: Split,
        order: Order,
        watch: Watch | None = None,
    ) -> None:
        super().__init__(population, members, split, order, watch)
        kind = population.networks.parameters.dtype
        self._train, self._say = TRAIN_EPOCH[kind.name], SAY[kind.name]
        architecture = self.population.networks.architecture
        self._widths = np.array([architecture.inputs, *architecture.hidden, architecture.outputs])
        self._kind = layers.TWINS[architecture.activation]
        self._norm = architecture.batch_norm and bool(architecture.hidden)
        self._decayed = architecture.decayed().astype(kind)

    def run(self) -> None:
        """Train to the last epoch or until no member is finite, on one thread."""
        with _THREADS.limit(limits=1, user_api="blas"):
            super().run()

    def _epoch(self, epoch: int) -> Array:
        """One pass; minibatch losses (steps, K)."""
        population, networks = self.population, self.population.networks
        order = self.order.permutations[epoch]
        x, y = self.split.x_train.take(order, axis=0), self.split.y_train.take(order, axis=0)
        rates = np.ascontiguousarray(population.rates_of_epoch(epoch)[:, :, 0].T)
        losses, running = np.empty(rates.shape, x.dtype), self._running()
        for rule, rows, betas in population.epoch_of_rules(rates.shape[1]):
            assert isinstance(rule, UpdateRule)  # noqa: S101 (a search has no twin)
            self._train(
                networks.parameters[rows], _states(rule, networks.gradients[rows]), running[rows],
                losses[rows], x, y, self.order.batch_size, self._widths, self._kind, self._norm,
                self.split.labels_train is not None, rules.TWINS[type(rule)], _options(rule),
                table(rule, rates[rows], betas), self._decayed, population.held[rows],
            )  # fmt: skip
        self._keep_running(running)
        return losses.T

    def _validate(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Loss and error (K,) of the validation examples, in inference mode."""
        said, y = self._said(self.split.x_validation), self.split.y_validation
        return self.loss.loss(said, y).astype(np.float64), self.loss.error(said, y)

    def _training_loss(self) -> NDArray[np.float64]:
        """Loss (K,) over the training set; only batch normalisation has a training mode."""
        x, y, total = self.split.x_train, self.split.y_train, np.zeros(len(self.population))
        for rows in _chunks(len(x), STATISTICS_ROWS):
            total += self.loss.loss(self._said(x[rows], training=self._norm), y[rows]) * len(x[rows])
        return total / len(x)

    def _said(self, x: Array, *, training: bool = False) -> Array:
        """Outputs (K, n, outputs) for examples x, normalised by running averages or, in training, by x."""
        parameters = self.population.networks.parameters
        said = np.empty((len(parameters), len(x), self._widths[-1]), x.dtype)
        self._say(
            parameters, self._running(), np.ascontiguousarray(x), said, self._widths, self._kind, self._norm,
            training,
        )  # fmt: skip
        return said

    def _running(self) -> Array:
        """Copy of the running averages (K, 2 H), mean and variance of layer after layer."""
        networks = self.population.networks
        parts = [part[:, 0] for norm in networks.norms for part in (norm.mean, norm.variance)]
        none = np.empty((len(networks.parameters), 0), networks.parameters.dtype)
        return np.concatenate([none, *parts], axis=1)

    def _keep_running(self, running: Array) -> None:
        """Give the layers their running averages back."""
        start = 0
        for norm in self.population.networks.norms:
            for part in (norm.mean, norm.variance):
                stop = start + part.shape[2]
                part[:, 0] = running[:, start:stop]
                start = stop


def _states(rule: UpdateRule, unused: Array) -> tuple[Array, ...]:
    """State of a rule, (k, P) each, in the order of its ``states``; any array where it has fewer."""
    own = [rule.state[name] for name in rule.states]
    return (*own, *[unused] * (STATES - len(own)))


def _options(rule: UpdateRule) -> int:
    """Lines of a rule that its members share, a bit each."""
    names = ("centered", "rmsprop_momentum", "amsgrad")
    chosen = [name for name in names if name in rule.c and rule.c[name].any()]
    return sum({"centered": 1, "rmsprop_momentum": 2, "amsgrad": 1}[name] for name in chosen)


def table(rule: UpdateRule, rates: NDArray[np.float64], betas: NDArray[np.float64] | None) -> Array:
    """Coefficients (k, steps, C) of the steps of an epoch, in the precision of the parameters.

    The rule is then where it is after them, but for its state.

    Parameters
    ----------
    rates
        Learning rates (k, steps).
    betas
        β (k, steps) where a schedule moves it.
    """
    steps = rates.shape[1]
    rescale: NDArray[np.float64] | float = 1.0
    if betas is not None and "beta" in rule.c and rule.moves_with_schedule:
        if rule.averages_by_beta:  # an average keeps its value, so it loses the old factor
            before = np.concatenate([rule.c["beta"], betas[:, :-1]], axis=1)
            rescale = (1 - before) / (1 - betas)
        rule.c["beta"] = betas
    begun = rule.t
    rule.t = begun + np.arange(1, steps + 1)  # type: ignore[assignment]
    *own, scale = rule.coefficients()
    rule.t = begun + steps
    if "beta" in rule.c:
        rule.c["beta"] = rule.c["beta"][:, -1:]
    columns = [rates * scale, rescale, rule.c["l2"], rates * rule.c["weight_decay"], *own]
    made = np.empty((*rates.shape, len(columns)), rule.dtype)
    for place, column in enumerate(columns):
        made[:, :, place] = column
    return made


def make_ready(kind: type[np.floating[Any]]) -> None:
    """Load the kernels of a precision, or compile them where no machine code is kept yet."""
    one, none = np.ones((1, 1), kind), np.zeros(1, np.int64)
    widths, made = np.ones(2, np.int64), np.ones((1, 1, rules.OWN + 1), kind)
    TRAIN_EPOCH[one.dtype.name](
        np.ones((1, 2), kind), (np.ones((1, 2), kind),) * STATES, np.empty((1, 0), kind), one.copy(),
        one, one, 1, widths, 0, False, False, 0, 0, made, np.ones(2, kind), none,
    )  # fmt: skip
    said = np.empty((1, 1, 1), kind)
    SAY[one.dtype.name](np.ones((1, 2), kind), np.empty((1, 0), kind), one, said, widths, 0, False, False)
