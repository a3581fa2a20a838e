"""A configuration of our engine as an estimator of scikit-learn's: fit, predict, score.

Training is that of a sweep (`sweeps.training`), on all examples given; features are standardised by them
unless they are already, as are targets to regress on. Performance scheduling has no validation part here, it
looks at the training loss.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from sweeps.datasets import Dataset
from sweeps.errors import DefinitionError, did_you_mean, shown
from sweeps.network import Architecture, Perceptrons
from sweeps.settings import KNOWN_SETTINGS, complete
from sweeps.splits import standardise
from sweeps.subnormals import flushed
from sweeps.training import Order, train

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[Any]


LAYERS: Final = ("depth", "width")  # settings of a sweep that are ``hidden`` here
PRECISIONS: Final = ("float32", "float64")


class ParameterError(DefinitionError, ValueError):
    """A parameter of an estimator breaks a rule; a ValueError too, as scikit-learn's searches expect."""


class _Perceptron(BaseEstimator):  # type: ignore[misc] # scikit-learn ships no types
    """What both estimators share.

    Parameters
    ----------
    configuration
        Settings of a sweep (`sweeps.settings`): optimizer, learning_rate, …; None: the defaults.
    hidden
        Widths of the hidden layers.
    epochs
        Passes through the examples.
    precision
        ``float32`` or ``float64``.
    random_state
        Seed of the initial weights and of the order; a generator, or None for another one every time.
    standardised
        Whether the features are inputs already, which are taken as they are.
    """

    _task = "classification"

    def __init__(
        self,
        configuration: Mapping[str, Any] | None = None,
        hidden: tuple[int, ...] = (64,),
        epochs: int = 20,
        precision: str = "float32",
        random_state: int | np.random.RandomState | None = 0,
        *,
        standardised: bool = False,
    ) -> None:
        self.configuration = configuration
        self.hidden = hidden
        self.epochs = epochs
        self.precision = precision
        self.random_state = random_state
        self.standardised = standardised

    def _complete(self) -> dict[str, Any]:
        given = dict(self.configuration or {})
        for name, value in given.items():
            if name not in KNOWN_SETTINGS:
                raise ParameterError(f"{name!r} is no setting{did_you_mean(name, KNOWN_SETTINGS)}")
            if name in LAYERS:
                raise ParameterError(
                    f"{name} = {value!r}: the layers are given by hidden, a width each: hidden=(64, 64)"
                )
            known = KNOWN_SETTINGS[name]
            if not known.permits(value):
                raise ParameterError(f"{name} = {value!r}: {known.rule()} is permitted")
        c: dict[str, Any] = complete(given)
        if c["pretrained"] != "none":
            raise ParameterError("pretrained layers belong to a sweep's classes; leave the setting out")
        return c

    def _layers(self) -> tuple[int, ...]:
        """Widths of the hidden layers, once every parameter beside the configuration keeps its rule."""
        if not _whole(self.epochs):
            raise ParameterError(f"epochs = {shown(self.epochs)}: a whole number at least 1 is permitted")
        if self.precision not in PRECISIONS:
            raise ParameterError(f"precision = {shown(self.precision)}: one of {', '.join(PRECISIONS)}")
        listed = isinstance(self.hidden, list | tuple | np.ndarray)
        if not listed or not all(map(_whole, self.hidden)):
            raise ParameterError(
                f"hidden = {shown(self.hidden)}: a list of whole numbers at least 1 is permitted, "
                "a width for each layer"
            )
        return tuple(int(width) for width in self.hidden)

    def _train(self, x: Array, targets: Array) -> None:
        """Train on all examples, and keep the network and what standardises its inputs."""
        c, hidden = self._complete(), self._layers()
        dataset = Dataset("given", self._task, x.astype(np.float64), targets)  # type: ignore[arg-type]
        kind, rows = np.dtype(self.precision), np.arange(len(x))
        rng = _generator(self.random_state)
        architecture = Architecture(x.shape[1], hidden, dataset.outputs, c["activation"], c["batch_norm"])
        start = architecture.initial_parameters(rng, c["initialiser"], c["initial_scale"])[None]
        split = standardise(dataset, rows, rows, kind)
        if self.standardised:
            split = replace(split, x_train=x.astype(kind), x_validation=x.astype(kind))
        order = Order.draw(rng, len(x), self.epochs, min(c["batch_size"], len(x)))
        latest: deque[Array] = deque(maxlen=1)
        training = train(
            [c], architecture, start.astype(kind), split, order, lambda _, p, __: latest.append(p)
        )
        if training[0].stopped_at is not None:
            raise ValueError(
                f"training stopped being finite in epoch {training[0].stopped_at:g}; lower learning_rate"
            )
        self.architecture_, self.parameters_ = architecture, latest[-1]
        self.centre_, self.spread_ = np.zeros(x.shape[1]), np.ones(x.shape[1])
        if not self.standardised:
            self.centre_, self.spread_ = _standard(x.astype(np.float64))
        self.n_iter_ = self.epochs
        self.loss_ = training[0].final_training_loss
        self._measure_norms(split.x_train)

    @flushed()
    def _measure_norms(self, x: Array) -> None:
        """Give batch normalisation the statistics of all examples."""
        self.norms_: list[tuple[Array, Array]] = []
        if self.architecture_.batch_norm:
            networks = Perceptrons(self.architecture_, self.parameters_.copy())
            networks.forward(x, training=True, averaging=1.0)
            self.norms_ = [(norm.mean, norm.variance) for norm in networks.norms]

    @flushed()
    def _outputs(self, given: ArrayLike) -> Array:
        """Outputs of the network, shape (examples, outputs)."""
        check_is_fitted(self)
        x = validate_data(self, given, reset=False)
        networks = Perceptrons(self.architecture_, self.parameters_.copy())
        for norm, (mean, variance) in zip(networks.norms, self.norms_, strict=True):
            norm.mean, norm.variance = mean, variance
        scaled = np.ascontiguousarray(((x - self.centre_) / self.spread_).astype(self.parameters_.dtype))
        return np.asarray(networks.forward(scaled, training=False)[0], dtype=np.float64)


class NetworkClassifier(ClassifierMixin, _Perceptron):  # type: ignore[misc]
    """A perceptron that classifies, trained by the engine of the sweeps."""

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:  # noqa: N803 (scikit-learn's name)
        """Train on examples (n, features) and their classes (n,)."""
        X, y = validate_data(self, X, y)  # noqa: N806
        check_classification_targets(y)
        self.classes_, indices = np.unique(np.asarray(y), return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(
                "a classifier needs examples of at least two classes, and here is one class only"
            )
        self._train(np.asarray(X), indices.astype(np.int64))
        return self

    def predict_proba(self, X: ArrayLike) -> Array:  # noqa: N803
        """Probability of every class, (n, classes)."""
        z = self._outputs(X)
        z = np.exp(z - z.max(axis=1, keepdims=True))
        return np.asarray(z / z.sum(axis=1, keepdims=True))

    def predict(self, X: ArrayLike) -> Array:  # noqa: N803
        """Most probable class, (n,)."""
        outputs = self._outputs(X)
        return np.asarray(self.classes_[outputs.argmax(axis=1)])


class NetworkRegressor(RegressorMixin, _Perceptron):  # type: ignore[misc]
    """A perceptron that predicts numbers, trained by the engine of the sweeps."""

    _task = "regression"

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:  # noqa: N803 (scikit-learn's name)
        """Train on examples (n, features) and numbers to predict, (n,) or (n, outputs)."""
        X, y = validate_data(self, X, y, multi_output=True, y_numeric=True)  # noqa: N806
        targets = np.asarray(y, dtype=np.float64)
        self._flat = targets.ndim == 1
        targets = targets.reshape(len(targets), -1)
        self.target_centre_, self.target_spread_ = _standard(targets)
        self._train(np.asarray(X), targets)
        return self

    def predict(self, X: ArrayLike) -> Array:  # noqa: N803
        """Numbers predicted, in the shape that was fitted."""
        found = self._outputs(X) * self.target_spread_ + self.target_centre_
        return np.asarray(found[:, 0] if self._flat else found)

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401 (scikit-learn's)
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        tags.target_tags.single_output = True
        return tags


def _whole(value: object) -> bool:
    """Whether a value is a whole number at least 1."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool) and int(value) >= 1


def _generator(state: int | np.random.RandomState | None) -> np.random.Generator:
    if isinstance(state, np.random.RandomState):
        return np.random.default_rng(state.randint(2**31 - 1))
    return np.random.default_rng(state)


def _standard(values: Array) -> tuple[Array, Array]:
    """Mean and deviation of columns as `sweeps.splits.standardise` takes them; 1 for a constant one."""
    mean, deviation = values.mean(axis=0), values.std(axis=0)
    rounding = len(values) * np.finfo(np.float64).eps * np.abs(values).max(axis=0)
    return mean, np.where(deviation <= rounding, 1.0, deviation)
