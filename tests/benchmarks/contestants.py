"""Who trains in a race. Each is made ready for a work, and then trains it as often as it is called.

To add one is to write a function that takes a `Work` and returns an `Entry`, and to name it in `CONTESTANTS`.
A contestant whose package is missing is left out, and the race says so.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sweeps.compiled import loops
from sweeps.engines import NUMBA
from sweeps.settings import complete
from sweeps.training import train

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from work import Work


@dataclass(frozen=True)
class Entry:
    """A contestant, ready to start.

    Attributes
    ----------
    turn
        Trains from the initial weights. Returns the training loss of every epoch, the mean over its
        minibatches before each update, shape (networks, epochs); None from who trains nothing.
    networks
        Networks that a turn trains.
    members
        Which members of the work these are.
    """

    turn: Callable[[], NDArray[Any] | None]
    networks: int
    members: slice


def numpy_path(work: Work) -> Entry:
    """Our engine without extras."""
    return _ours(work)


def compiled_path(work: Work) -> Entry:
    """Our engine with the extra [fast]: epochs compiled by numba, whose machine code is kept on disk."""
    from sweeps.compiled.run import make_ready

    make_ready(work.weights.dtype)
    return _ours(work, compiled=loops(NUMBA))


def _ours(work: Work, **options: Any) -> Entry:
    members = [
        complete({"optimizer": work.optimizer, "learning_rate": float(rate), "beta": 0.9})
        for rate in work.rates
    ]

    def turn() -> NDArray[Any]:
        losses = []
        for start in range(0, len(members), work.population):
            some = members[start : start + work.population]
            weights = np.tile(work.weights, (len(some), 1))
            trained = train(some, work.architecture, weights, work.split, work.order, **options)
            losses += [training.curves["training_loss"][1:] for training in trained]
        return np.array(losses)

    return Entry(turn, len(members), slice(None))


def floor(work: Work) -> Entry:
    """The matrix products of the steps alone, forward and two backward, into arrays made before."""
    members, rows = work.population, work.split.x_train
    layers = [np.tile(layer["weights"], (members, 1, 1)) for layer in work.layers]
    gradients = [np.empty_like(weights) for weights in layers]

    def buffers(count: int) -> list[NDArray[Any]]:
        return [np.ones((members, count, weights.shape[2]), np.float32) for weights in layers]

    by_size = {
        count: buffers(count)
        for count in {len(rows[s : s + work.order.batch_size]) for s in work.order.starts}
    }

    def step(x: NDArray[Any]) -> None:
        outputs = by_size[len(x)]
        below = [x, *outputs[:-1]]
        for source, weights, output in zip(below, layers, outputs, strict=True):
            np.matmul(source, weights, out=output)
        for place in reversed(range(len(layers))):
            np.matmul(below[place].swapaxes(-1, -2), outputs[place], out=gradients[place])
            if place:
                np.matmul(outputs[place], layers[place].swapaxes(-1, -2), out=outputs[place - 1])

    def turn() -> None:
        for _ in range(work.order.epochs):
            for start in work.order.starts:
                step(rows[start : start + work.order.batch_size])

    return Entry(turn, members, slice(None))


def scikit_learn(work: Work) -> Entry | None:
    """One MLPClassifier from our weights, which does no validation; it has no batch normalisation."""
    from sklearn.neural_network import MLPClassifier

    if work.architecture.batch_norm:
        return None
    given = iter(())

    class FromOurWeights(MLPClassifier):
        def _init_coef(self, *_: object) -> tuple[NDArray[Any], NDArray[Any]]:
            layer = next(given)
            return layer["weights"].copy(), layer["bias"][0].copy()

    def turn() -> NDArray[Any]:
        nonlocal given
        given = iter(work.layers)
        network = FromOurWeights(
            work.architecture.hidden,
            solver="adam" if work.optimizer == "adam" else "sgd",
            batch_size=work.order.batch_size,
            learning_rate_init=float(work.rates[work.middle]),
            momentum=0.9,
            nesterovs_momentum=False,
            max_iter=work.order.epochs,
            n_iter_no_change=work.order.epochs,
            tol=0.0,
            alpha=0.0,
            random_state=0,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it has not converged
            network.fit(work.split.x_train, work.split.labels_train)
        return np.array([network.loss_curve_])

    return Entry(turn, 1, slice(work.middle, work.middle + 1))


def pytorch(work: Work) -> Entry:
    """One network in PyTorch's eager mode, validated after every epoch as ours are."""
    from with_torch import trained

    return Entry(lambda: trained(work), 1, slice(work.middle, work.middle + 1))


def jax_vmap(work: Work) -> Entry:
    """All members in one compiled call of JAX, the steps optax's."""
    from with_jax import compiled

    return Entry(compiled(work), len(work.rates), slice(None))


OURS = ("numpy", "compiled")
CONTESTANTS = {
    "numpy": numpy_path,
    "compiled": compiled_path,
    "floor": floor,
    "jax": jax_vmap,
    "scikit-learn": scikit_learn,
    "pytorch": pytorch,
}
# What must be there: packages of the extras [fast] and [bench].
NEEDS = {"compiled": ("numba",), "jax": ("jax", "optax"), "pytorch": ("torch",)}
