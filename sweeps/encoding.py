"""Columns of numbers and texts, with gaps → the inputs of a network, fitted on the training part alone.

Fitted by scikit-learn's transformers, imported where that is done; carried out by NumPy: a worker needs no
scikit-learn, which takes longer to import than many a small sweep to train.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_NOTHING = np.empty(0)
MOST_CATEGORIES = 20  # inputs of a column of texts: what is rarer than the first 19 shares the last


@dataclass(frozen=True)
class Encoder:
    """A fitted encoding, equal to any other that was fitted to the same.

    Attributes
    ----------
    numbers, texts
        Which columns are numbers, and which codes of texts.
    medians
        What takes the place of a missing number, for every column of numbers.
    gaps
        Columns among those of numbers that have a column more, which says where a number is missing.
    means, spreads
        Of the columns of numbers, and of those that say where one is missing.
    places
        For every column of texts and code the place of its input among those of texts; -1: it has none.
    inputs
        Number of inputs; the last ones are 0 where the examples fitted to need fewer.
    """

    numbers: tuple[int, ...]
    medians: tuple[float, ...]
    gaps: tuple[int, ...]
    means: tuple[float, ...]
    spreads: tuple[float, ...]
    texts: tuple[int, ...]
    places: tuple[tuple[int, ...], ...]
    inputs: int

    def inputs_of(self, features: Floats) -> Floats:
        """Inputs of examples, shape (examples, inputs), from features, shape (examples, columns)."""
        found = np.zeros((len(features), self.inputs))
        numbers, first = features[:, list(self.numbers)], len(self.means)
        missing = np.isnan(numbers)
        found[:, : len(self.numbers)] = np.where(missing, self.medians, numbers)
        found[:, len(self.numbers) : first] = missing[:, list(self.gaps)]
        found[:, :first] = (found[:, :first] - np.array(self.means)) / np.array(self.spreads)
        for column, places in zip(self.texts, self.places, strict=True):
            place = np.array(places)[features[:, column].astype(np.int64)]
            known = np.flatnonzero(place >= 0)
            found[known, first + place[known]] = 1.0
        return found


@dataclass(frozen=True)
class Encoding:
    """What the columns of a dataset's features are.

    Attributes
    ----------
    categories
        For every column the number of its different texts, whose codes from 0 stand in it; 0: numbers.
    gaps
        For every column whether any of its numbers is missing (NaN).
    """

    categories: tuple[int, ...]
    gaps: tuple[bool, ...]

    @cached_property
    def inputs(self) -> int:
        """Number of inputs: one per number, per column with gaps, and per category up to the most.

        The same for every training part, so that all replicates have networks of one shape: what a part has
        fewer of, a category or a gap, is filled up with zeros at the end. Categories are counted in all rows,
        those of the validation part too: they decide the shape of the first layer and so which initial
        weights are drawn, but no example of that part is seen in training.
        """
        texts = sum(min(count, MOST_CATEGORIES) for count in self.categories)
        return self.categories.count(0) + sum(self.gaps) + texts

    def fit(self, train: Floats) -> Encoder:
        """Estimate medians, means, deviations and categories of these examples, shape (examples, columns)."""
        fitted = self.pipeline().fit(train).named_transformers_
        kinds = np.array(self.categories)
        numbers, texts = np.flatnonzero(kinds == 0), np.flatnonzero(kinds)
        medians, means, spreads = _NOTHING, _NOTHING, _NOTHING
        gaps = np.empty(0, np.int64)
        if len(numbers):
            imputer, scaler = fitted["numbers"]["simpleimputer"], fitted["numbers"]["standardscaler"]
            medians, means, spreads = imputer.statistics_, scaler.mean_, scaler.scale_
            gaps = imputer.indicator_.features_
        places = _places(fitted["texts"], kinds[texts]) if len(texts) else []
        return Encoder(
            numbers=tuple(numbers.tolist()),
            medians=tuple(medians.tolist()),
            gaps=tuple(gaps.tolist()),
            means=tuple(means.tolist()),
            spreads=tuple(spreads.tolist()),
            texts=tuple(texts.tolist()),
            places=tuple(places),
            inputs=self.inputs,
        )

    def pipeline(self) -> Any:  # noqa: ANN401 (scikit-learn is imported here only)
        """Unfitted transformer: gaps by the median, with a column that says so; standardised; texts one-hot.

        A text that the training part lacks is 0 in all its columns.
        """
        compose, impute, preprocessing, pipeline = (
            importlib.import_module(f"sklearn.{name}")
            for name in ("compose", "impute", "preprocessing", "pipeline")
        )
        numbers = pipeline.make_pipeline(
            impute.SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True),
            preprocessing.StandardScaler(),
        )
        texts = preprocessing.OneHotEncoder(
            handle_unknown="ignore", max_categories=MOST_CATEGORIES, sparse_output=False
        )
        kinds = np.array(self.categories)
        return compose.ColumnTransformer(
            [("numbers", numbers, np.flatnonzero(kinds == 0)), ("texts", texts, np.flatnonzero(kinds))],
            sparse_threshold=0.0,
        )


def _places(encoder: Any, counts: NDArray[np.int64]) -> list[tuple[int, ...]]:  # noqa: ANN401 (scikit-learn's)
    """Place of every code of every column of texts among the encoder's outputs, -1 where all are 0."""
    places = []
    for column, count in enumerate(counts.tolist()):
        codes = np.full((count, len(counts)), -1.0)  # unknown in all other columns
        codes[:, column] = np.arange(count)
        outputs = encoder.transform(codes)
        places.append(tuple(np.where(outputs.any(axis=1), outputs.argmax(axis=1), -1).tolist()))
    return places
