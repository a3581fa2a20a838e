"""Columns of numbers and texts, with gaps → the inputs of a network, fitted on the training part alone.

By scikit-learn's transformers, imported where they are used: a worker whose data need none is light.
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

MOST_CATEGORIES = 20  # inputs of a column of texts: what is rarer than the first 19 shares the last


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
        fewer of, a category or a gap, is filled up with zeros at the end.
        """
        texts = sum(min(count, MOST_CATEGORIES) for count in self.categories)
        return self.categories.count(0) + sum(self.gaps) + texts

    def inputs_of(self, features: Floats, train: Floats) -> Floats:
        """Inputs of examples, shape (examples, inputs), with all that is estimated taken from others.

        Parameters
        ----------
        features
            Numbers, NaN where missing, and codes of texts, shape (examples, columns).
        train
            Those that medians, means, deviations and categories are taken from.
        """
        pipeline = self.pipeline().fit(train)
        found = np.asarray(pipeline.transform(features), dtype=np.float64)
        return np.pad(found, ((0, 0), (0, self.inputs - found.shape[1])))

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
