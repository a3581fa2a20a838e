"""Values of a setting → the rows or columns of a heatmap: one per value, or bins where there are too many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sensitivity.estimators.cells import key
from sensitivity.numerals import distinct

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_VALUES: Final = 16
BINS: Final = 11
LOG_FROM: Final = 20.0


def places(values: pd.Series, bins: int = BINS) -> pd.Series:
    """Value that stands for each entry: itself, or the middle of its bin; missing stays missing.

    Numbers of more than 16 distinct values go into ``bins`` of equal width, on a log scale where the largest
    is more than 20 times the smallest (which must be positive); the middle of a log bin is geometric.
    """
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return values.astype("object")
    numbers = values.astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    texts = [key(number) for number in numbers.tolist()]
    if len({text for text in texts if text is not None}) <= MOST_VALUES:
        alike = [
            number if text is None else float(str(text)) for number, text in zip(numbers, texts, strict=True)
        ]
        return pd.Series(alike, index=values.index, dtype="float64")
    low, high = np.nanmin(numbers), np.nanmax(numbers)
    log = low > 0 and high / low > LOG_FROM
    edges = np.geomspace(low, high, bins + 1) if log else np.linspace(low, high, bins + 1)
    middles = np.sqrt(edges[1:] * edges[:-1]) if log else (edges[1:] + edges[:-1]) / 2
    number = np.clip(np.searchsorted(edges, numbers, side="right") - 1, 0, bins - 1)
    return pd.Series(np.where(np.isnan(numbers), np.nan, middles[number]), index=values.index)


def binned(values: pd.Series) -> bool:
    """Whether `places` would bin the values."""
    return len(set(places(values).dropna())) < len({key(value) for value in values.dropna().tolist()})


def labels(ordered: Sequence[object]) -> list[str]:
    """Texts of an axis: numbers with as many digits as tell them apart, everything else as it is."""
    if all(isinstance(value, float) for value in ordered):
        return distinct([float(value) for value in ordered if isinstance(value, float)])
    return [str(value) for value in ordered]
