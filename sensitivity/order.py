"""An order of trials that follows from what they hold, not from where they stand in a file.

Random draws, numbers by first appearance and the last bits of sums follow the order of the rows. Trials that
somebody else lists may stand in any order, so theirs is made from results and settings. Sorted rows alone
would not do: the first of equal configurations would always be the better one, and "first tries" a block.
So what is sorted is then shuffled with a fixed seed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sensitivity.coding import is_number, key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.arrays import Floats, Integers


def canonical_order(columns: Sequence[Sequence[object]]) -> Integers:
    """Order of the rows of some columns of equal length, shape (rows,); equal rows stay as they are.

    Parameters
    ----------
    columns
        The one that decides first comes first: the results, which no renaming of a level changes. Numbers,
        truth values and texts; None or NaN where there is nothing.
    """
    ranked = [_ranks(column) for column in columns]
    rows = len(ranked[0]) if ranked else 0
    found: Integers = np.lexsort(ranked[::-1])[np.random.default_rng(0).permutation(rows)]
    return found


def _ranks(column: Sequence[object]) -> Floats:
    """Numbers that sort as the values do."""
    numbers = np.asarray(column)
    if numbers.dtype.kind == "f":
        return np.where(np.isnan(numbers), -np.inf, numbers)
    keys = {value: _comparable(value) for value in set(column)}
    place = {each: number for number, each in enumerate(sorted(set(keys.values())))}
    return np.array([place[keys[value]] for value in column], dtype=np.float64)


def _comparable(value: object) -> tuple[int, float, str]:
    known = key(value)
    if known is None:
        return 0, 0.0, ""
    return (1, float(str(value)), "") if is_number(value) else (2, 0.0, str(known))
