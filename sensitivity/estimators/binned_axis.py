"""Values of a setting → the rows or columns of a heatmap: one per value, or bins where there are too many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sensitivity.axis import key
from sensitivity.words import distinct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.arrays import Floats

MOST_VALUES: Final = 16
BINS: Final = 11
LOG_FROM: Final = 20.0


def places(values: pd.Series, bins: int = BINS, *, log: bool | None = None) -> pd.Series:
    """Value that stands for each entry: itself, or the middle of its bin; missing stays missing.

    Numbers of more than 16 distinct values go into ``bins`` of equal width; the middle of a log bin is
    geometric.

    Parameters
    ----------
    values
        Numbers, or anything else, which is never binned.
    bins
        How many.
    log
        Whether the scale is logarithmic; None where nobody said: then `on_log_scale` decides. A scale that
        holds 0 or less is linear, whatever is said.
    """
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return values.astype("object")
    code, unique = pd.factorize(values.astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan))
    numbers = np.append(_stand_ins(np.asarray(unique, dtype=np.float64), bins, log), np.nan)  # −1: missing
    return pd.Series(numbers[code], index=values.index, dtype="float64")


def _stand_ins(numbers: Floats, bins: int, scale: bool | None) -> Floats:
    """What stands for each of several different numbers, as in `places`."""
    if not _too_many(numbers):
        return np.array([float(str(key(number))) for number in numbers.tolist()])
    low, high = numbers.min(), numbers.max()
    log = on_log_scale(numbers) if scale is None else scale and low > 0
    edges = np.geomspace(low, high, bins + 1) if log else np.linspace(low, high, bins + 1)
    middles: Floats = np.sqrt(edges[1:]) * np.sqrt(edges[:-1]) if log else edges[1:] / 2 + edges[:-1] / 2
    return middles[np.clip(np.searchsorted(edges, numbers, side="right") - 1, 0, bins - 1)]


def _too_many(numbers: Floats) -> bool:
    """Whether numbers need bins. At most two look alike, 0.1 in single precision and 0.1 in double."""
    different = len(numbers)
    return different > 2 * MOST_VALUES or len({key(number) for number in numbers.tolist()}) > MOST_VALUES


def on_log_scale(numbers: Floats) -> bool:
    """Whether numbers are better told apart on a log scale: positive, far apart, and not evenly spaced.

    A guess, for where nothing is known but the numbers.
    """
    if not len(numbers) or numbers.min() <= 0 or numbers.max() / numbers.min() <= LOG_FROM:
        return False
    gaps = np.diff(np.unique(numbers))
    return len(gaps) < 2 or not np.allclose(gaps, gaps[0], rtol=1e-3, atol=0)


def binned(values: pd.Series) -> bool:
    """Whether `places` would bin the values."""
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return False
    return _too_many(values.dropna().unique().astype(np.float64))


def labels(ordered: Sequence[object]) -> list[str]:
    """Texts of an axis: numbers with as many digits as tell them apart, everything else as it is."""
    if ordered and all(is_number(value) for value in ordered):
        return distinct([float(str(value)) for value in ordered])
    return [str(value).lower() if isinstance(value, bool | np.bool_) else str(value) for value in ordered]


def is_number(value: object) -> bool:
    """Whether a level has a place on a numeric axis; true and false have none."""
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)
