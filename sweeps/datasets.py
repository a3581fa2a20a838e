"""The data a sweep trains on: scikit-learn's bundled sets and generators.

Data of one's own come from `sweeps.own_data`, as the same `Dataset`; `sweeps.splits` cuts either in parts.
scikit-learn is imported where it is used and never with this module, which workers import.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sweeps.seeds import Purpose, integer_seed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from sweeps.encoding import Encoding

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
