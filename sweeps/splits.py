"""A dataset cut in two: which examples each part has, and both standardised by the training part alone.

Which examples takes scikit-learn, imported where it is used; standardising takes NumPy only, for the workers.
"""

from __future__ import annotations

import importlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sweeps.errors import DefinitionError
from sweeps.seeds import Purpose, integer_seed

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

    from sweeps.datasets import Dataset, Floats, Integers
    from sweeps.encoding import Encoder


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
