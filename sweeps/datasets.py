"""The data a sweep trains on: scikit-learn's bundled sets and generators, split and standardised.

Data of one's own come from `sweeps.own_data`, as the same `Dataset`. Loading and splitting take scikit-learn,
standardising takes NumPy only: that part is for the workers. So scikit-learn is imported where it is used and
never with this module.
"""

from __future__ import annotations

import importlib
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sweeps.errors import DefinitionError
from sweeps.seeds import Purpose, integer_seed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import DTypeLike, NDArray

    from sweeps.encoding import Encoder, Encoding

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

Task = Literal["classification", "regression"]
SAMPLES = 1000


@dataclass(frozen=True, eq=False)
class Dataset:
    """Examples before they are split.

    Attributes
    ----------
    features
        Shape (examples, features), not standardised.
    targets
        Class indices from 0, shape (examples,), or numbers to predict, shape (examples, outputs).
    encoding
        How features with gaps or texts become inputs; None: they are inputs once standardised.
    """

    name: str
    task: Task
    features: Floats
    targets: Floats | Integers
    encoding: Encoding | None = None

    @property
    def classes(self) -> int:
        """Number of classes; 0 in a regression."""
        return int(self.targets.max()) + 1 if self.task == "classification" else 0

    @property
    def outputs(self) -> int:
        """Number of outputs a network for it has: one per class or per number to predict."""
        return self.classes or self.targets.shape[1]

    @property
    def inputs(self) -> int:
        """Number of inputs a network for it has."""
        return self.features.shape[1] if self.encoding is None else self.encoding.inputs

    def constant_prediction(self) -> dict[str, float]:
        """Metrics of the best prediction that ignores the features: the cap of every trial's value.

        Counted over all examples, so that it is the same number in every split. Classification: one minus
        the largest class share, and the entropy of the shares in nats. Regression: 1 − R² of the mean is 1,
        and so is its mean squared error on standardised targets. Nine digits, which is what a table shows.
        """
        error = loss = 1.0
        if self.task == "classification":
            shares = np.bincount(self.targets.astype(np.int64)) / len(self.targets)
            error = 1.0 - float(shares.max())
            loss = -float(np.sum(shares * np.log(shares)))
        caps = {"validation_error": error, "validation_loss": loss, "training_loss": loss}
        return {name: float(f"{cap:.9g}") for name, cap in caps.items()}


@dataclass(frozen=True, eq=False)
class Split:
    """Standardised training and validation part, as training wants them: C-contiguous, of one precision.

    Attributes
    ----------
    x_train, x_validation
        Features, shape (examples, features).
    y_train, y_validation
        One-hot classes or standardised targets, shape (examples, outputs).
    labels_train, labels_validation
        Class indices, shape (examples,); None in a regression.
    """

    x_train: NDArray[Any]
    x_validation: NDArray[Any]
    y_train: NDArray[Any]
    y_validation: NDArray[Any]
    labels_train: Integers | None
    labels_validation: Integers | None


@dataclass(frozen=True)
class Source:
    """Where a dataset comes from: a function of scikit-learn, by name, or one of ours.

    ``options`` are the keys of ``[data]`` it takes besides ``validation``; a source without any is bundled
    with scikit-learn and always the same. ``arguments`` are the function's, default noise included.
    ``digest`` is that of the contents where the name does not say what they are: another digest, another
    definition.
    """

    task: Task
    options: tuple[str, ...]
    summary: str
    function: str | Callable[..., tuple[Floats, Integers]]
    arguments: Mapping[str, Any] = field(default_factory=dict)
    noise_argument: str = "noise"
    digest: str = ""

    def called_with(self, samples: int | None, noise: float | None, seed: int) -> dict[str, Any]:
        """Arguments of the function."""
        arguments: dict[str, Any] = {"return_X_y": True}
        if self.options:
            arguments = {**self.arguments, "n_samples": samples or SAMPLES, "random_state": seed}
        if noise is not None:
            arguments[self.noise_argument] = noise
        return arguments

    def make(self, samples: int | None, noise: float | None, seed: int) -> tuple[Floats, NDArray[Any]]:
        """Features and targets as the function gives them."""
        function = self.function
        if isinstance(function, str):
            function = getattr(importlib.import_module("sklearn.datasets"), function)
        return function(**self.called_with(samples, noise, seed))


def _spirals(n_samples: int, noise: float, random_state: int) -> tuple[Floats, Integers]:
    """Two arms of one and a half turns, a third apart, ending at radius 1; noise in both directions."""
    rng = np.random.default_rng(random_state)
    arm = np.arange(n_samples) % 2
    radius = np.sqrt(rng.random(n_samples))  # the root spreads the points evenly along the arm
    angle = 3 * np.pi * radius + np.pi * arm
    points = radius * np.stack([np.cos(angle), np.sin(angle)])
    return points.T + noise * rng.standard_normal((n_samples, 2)), arm


_CLASSES: Task = "classification"
_NUMBERS: Task = "regression"
_SIZED = ("samples",)
_NOISY = ("samples", "noise")

DATASETS: dict[str, Source] = {
    "digits": Source(_CLASSES, (), "1,797 handwritten digits of 8 × 8 pixels, 10 classes", "load_digits"),
    "iris": Source(_CLASSES, (), "150 irises, 4 measurements, 3 species", "load_iris"),
    "wine": Source(_CLASSES, (), "178 wines, 13 chemical measurements, 3 growers", "load_wine"),
    "breast_cancer": Source(_CLASSES, (), "569 tumours, 30 measurements, 2 classes", "load_breast_cancer"),
    "diabetes": Source(_NUMBERS, (), "442 patients, 10 measurements, course of a year", "load_diabetes"),
    "linnerud": Source(_NUMBERS, (), "20 men, 3 exercises, 3 body measurements to predict", "load_linnerud"),
    "moons": Source(_CLASSES, _NOISY, "two interleaved half moons, 2 classes", "make_moons", {"noise": 0.2}),
    "circles": Source(
        _CLASSES, _NOISY, "a circle inside another, 2 classes", "make_circles", {"noise": 0.1, "factor": 0.5}
    ),
    "spirals": Source(_CLASSES, _NOISY, "two interleaved spirals, 2 classes", _spirals, {"noise": 0.05}),
    "blobs": Source(
        _CLASSES,
        _NOISY,
        "round clouds in the plane, 4 classes; noise is their standard deviation",
        "make_blobs",
        {"cluster_std": 2.0, "centers": 4},
        noise_argument="cluster_std",
    ),
    "classification": Source(
        _CLASSES,
        _SIZED,
        "clusters at corners of a cube, 10 of 20 features informative, 4 classes",
        "make_classification",
        {"n_features": 20, "n_informative": 10, "n_classes": 4},
    ),
    "gaussian_quantiles": Source(
        _CLASSES,
        _SIZED,
        "nested shells in 5 dimensions, 3 classes",
        "make_gaussian_quantiles",
        {"n_features": 5},
    ),
    "regression": Source(
        _NUMBERS,
        _NOISY,
        "a linear function of 10 features",
        "make_regression",
        {"noise": 10.0, "n_features": 10},
    ),
    # Noise as in Friedman (1991), "Multivariate adaptive regression splines".
    "friedman1": Source(
        _NUMBERS, _NOISY, "sine, square and lines in 5 of 10 features", "make_friedman1", {"noise": 1.0}
    ),
    "friedman2": Source(
        _NUMBERS, _NOISY, "impedance of a circuit, 4 features", "make_friedman2", {"noise": 125.0}
    ),
    "friedman3": Source(
        _NUMBERS, _NOISY, "phase angle of a circuit, 4 features", "make_friedman3", {"noise": 0.1}
    ),
}


def load(name: str, samples: int | None = None, noise: float | None = None, seed: int = 0) -> Dataset:
    """Load or generate a dataset.

    Parameters
    ----------
    name
        Key of `DATASETS`.
    samples
        Number of examples of a generator; None: 1000. Bundled data have the number they have.
    noise
        Amount of noise of a generator, in its own unit; None: its default.
    seed
        The sweep's seed; all replicates share the data.
    """
    source = DATASETS[name]
    features, targets = source.make(samples, noise, integer_seed(seed, 0, Purpose.DATA))
    features = np.ascontiguousarray(features, dtype=np.float64)
    if source.task == "regression":
        targets = np.ascontiguousarray(targets, dtype=np.float64).reshape(len(features), -1)
        return Dataset(name, source.task, features, targets)
    _, indices = np.unique(targets, return_inverse=True)  # of few examples, a class can be missing
    return Dataset(name, source.task, features, indices.astype(np.int64))


def split_indices(
    dataset: Dataset, validation: float, seed: int, replicate: int
) -> tuple[Integers, Integers]:
    """Draw the examples of the training and of the validation part of one replicate.

    Stratified by class where that can be done, see `stratifies`.

    Parameters
    ----------
    validation
        Part of the examples held out, in (0, 1); their number is rounded up.
    seed, replicate
        The sweep's seed and the replicate, from 0.

    Raises
    ------
    DefinitionError
        When a part would be too small to train on or to measure.
    """
    count = len(dataset.features)
    held_out = math.ceil(validation * count)
    _check_sizes(dataset, validation, count - held_out, held_out)
    train, held = importlib.import_module("sklearn.model_selection").train_test_split(
        np.arange(count),
        test_size=held_out,
        random_state=integer_seed(seed, replicate, Purpose.SPLIT),
        stratify=dataset.targets if stratifies(dataset, held_out) else None,
    )
    return train.astype(np.int64), held.astype(np.int64)


def stratifies(dataset: Dataset, held_out: int) -> bool:
    """Whether every class has two members, and room in the part held out and in the other."""
    if dataset.task != "classification":
        return False
    fewest = np.bincount(dataset.targets.astype(np.int64)).min()
    return bool(fewest >= 2 and min(held_out, len(dataset.targets) - held_out) >= dataset.classes)


def _check_sizes(dataset: Dataset, validation: float, train: int, held_out: int) -> None:
    if train < 1:
        raise DefinitionError(
            f"data.validation = {validation} leaves no training example of the {held_out} "
            f"of {dataset.name!r}; lower data.validation"
        )
    if dataset.task == "regression" and held_out < 2:
        raise DefinitionError(
            f"data.validation = {validation} leaves {held_out} validation example of {dataset.name!r}, "
            "and 1 − R² needs two; raise data.validation"
        )


def encoder_of(dataset: Dataset, train: Integers, like: Floats | None = None) -> Encoder | None:
    """Encoder of a dataset with gaps or texts, fitted to the training part or to features; else None."""
    if dataset.encoding is None:
        return None
    return dataset.encoding.fit(dataset.features[train] if like is None else like)


def standardise(
    dataset: Dataset,
    train: Integers,
    validation: Integers,
    dtype: DTypeLike,
    like: Floats | None = None,
    encoder: Encoder | None = None,
) -> Split:
    """Cut a dataset in two, both parts standardised by the mean and spread of the training part.

    Features with gaps or texts are encoded, and that too is fitted on the training part alone.

    Parameters
    ----------
    train, validation
        Indices of the examples of each part, shape (examples,).
    dtype
        Precision of the result; the arithmetic is in float64.
    like
        Other features than the training part's to take mean and spread of features from.
    encoder
        What `encoder_of` gives for the same parts; None: it is fitted here.
    """
    encoder = encoder_of(dataset, train, like) if encoder is None else encoder
    if encoder is None:
        x = _standardised(dataset.features, dataset.features[train] if like is None else like, dtype)
    else:
        x = encoder.inputs_of(dataset.features).astype(dtype)
    if dataset.task == "regression":
        y = _standardised(dataset.targets, dataset.targets[train], dtype)
        return Split(x[train], x[validation], y[train], y[validation], None, None)
    labels = dataset.targets.astype(np.int64)
    y = np.eye(dataset.classes, dtype=dtype)[labels]
    return Split(x[train], x[validation], y[train], y[validation], labels[train], labels[validation])


def _standardised(values: NDArray[Any], like: NDArray[Any], dtype: DTypeLike) -> NDArray[Any]:
    """Columns of ``values``, shape (examples, columns), as those of ``like`` have mean 0 and deviation 1.

    A column that is constant there is centred only.
    """
    mean, deviation = like.mean(axis=0), like.std(axis=0)
    # The computed mean of n equal numbers c is off by up to n·eps·|c|, and their deviation from it as well.
    rounding = len(like) * np.finfo(np.float64).eps * np.abs(like).max(axis=0)
    return np.asarray((values - mean) / np.where(deviation <= rounding, 1.0, deviation)).astype(dtype)
