"""Values of settings as numbers: how they compare, which are one, which rows are one configuration."""

from __future__ import annotations

import math
from numbers import Real
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sensitivity.words import distinct, exact
from sweeps.space import FloatRange, IntegerRange

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sensitivity.arrays import Floats, Integers
    from sweeps.space import Value


def key(value: object) -> object:
    """Value of a setting as it compares after a trip through a CSV file; None where inactive."""
    if isinstance(value, str):  # first, because asking for Real takes long
        return str(value)
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, float | int | Real) and not isinstance(value, bool | np.bool_):
        return exact(float(value))
    return str(value)


def is_number(value: object) -> bool:
    """Whether a level has a place on a numeric axis; true and false have none."""
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def all_numbers(values: Iterable[object]) -> bool:
    """Whether all are: by their types, as there may be very many."""
    kinds = {*map(type, values)}
    return all(issubclass(kind, int | float | np.number) and not issubclass(kind, bool) for kind in kinds)


def distinct_codes(codes: Integers) -> Integers:
    """Different codes, ascending, none below 0: counted, as sorting them takes many times as long."""
    return np.flatnonzero(np.bincount(codes + 1)[1:]).astype(np.int64)


def units(domain: FloatRange | IntegerRange, numbers: Floats) -> Floats:
    """`to_unit` of each number of an array, to the last bit, shape (n,)."""
    wider = 0.5 if isinstance(domain, IntegerRange) else 0.0
    low, high = domain.low - wider, domain.high + wider
    if not domain.log:
        return (numbers - low) / (high - low)
    if wider:
        found = np.array([*map(math.log, (numbers / low).tolist())], dtype=np.float64)
        return found / math.log(high / low)
    # NumPy's logarithm may differ in the last bit.
    found = np.array([*map(math.log, numbers.tolist())], dtype=np.float64)
    return (found - math.log(low)) / (math.log(high) - math.log(low))


def texts_of(levels: Sequence[object]) -> list[str]:
    """Texts of different levels: numbers with as many digits as tell them apart, all else as it is."""
    if levels and all(is_number(value) for value in levels):
        return distinct([float(str(value)) for value in levels])
    return [str(value).lower() if isinstance(value, bool | np.bool_) else str(value) for value in levels]


def coded(column: pd.Series) -> tuple[Integers, list[Value]]:
    """Number each entry by the first appearance of its value (−1: missing); the values by number."""
    if pd.api.types.is_numeric_dtype(column):
        codes, unique = pd.factorize(column)
        values = list(unique.tolist())
        if isinstance(column.dtype, np.dtype) and column.dtype.kind == "f":
            merged = pd.factorize(_as_written(np.asarray(unique)))[0]
            first = np.unique(merged, return_index=True)[1]
            return np.append(merged, -1)[codes].astype(np.int64), [values[at] for at in first.tolist()]
    else:  # 1 and true are different values, whatever a hash says
        codes, values = np.arange(len(column)), column.tolist()
    merged, keys = pd.factorize(np.array([key(value) for value in values], dtype=object))
    first = np.unique(merged[merged >= 0], return_index=True)[1] if len(keys) else np.zeros(0, dtype=np.int64)
    kept = [value for value, code in zip(values, merged.tolist(), strict=True) if code >= 0]
    return np.append(merged, -1)[codes].astype(np.int64), [kept[at] for at in first.tolist()]


def _as_written(numbers: Floats) -> Floats:
    """Numbers of which two are equal where their keys are: see `sensitivity.words.exact`; shape (n,)."""
    with np.errstate(over="ignore"):
        single = numbers.astype(np.float32)
    # Whole numbers below 2²⁴ read the same in single and in double precision.
    shorter = (single == numbers) & ((numbers != np.rint(numbers)) | (np.abs(numbers) >= 2**24))
    found = numbers.astype(np.float64)
    found[shorter] = [float(str(number)) for number in single[shorter]]
    return found


def coded_numbers(numbers: Floats) -> Integers:
    """Number each entry by the first appearance of its `key`; −1 for NaN; shape (n,)."""
    codes, unique = pd.factorize(numbers)
    merged = pd.factorize(_as_written(np.asarray(unique)))[0]
    return np.append(merged, -1)[codes].astype(np.int64)


def configurations_of(codes: Integers, replicate: Integers) -> Integers:
    """Configuration of each trial, numbered by first appearance, shape (trials,).

    A random design may draw the same configuration again, say sgd without any setting of its own: within one
    replicate these count as different ones, or the branch would lose its weight.

    Parameters
    ----------
    codes
        Value of each setting, shape (trials, settings).
    replicate
        Replicate of each trial, shape (trials,).
    """
    cell = same_rows(codes)
    draw = pd.DataFrame({"cell": cell, "replicate": replicate}).groupby(["cell", "replicate"]).cumcount()
    return same_rows(np.column_stack([cell, draw.to_numpy()]))


def same_rows(codes: Integers) -> Integers:
    """Number of each different row, by first appearance, shape (rows,)."""
    number = np.zeros(len(codes), dtype=np.int64)
    for column in codes.T:
        number = pd.factorize(number * (int(column.max(initial=0)) + 2) + column + 1)[0].astype(np.int64)
    return number
