"""Levels of every setting: which trials of the plan sit at each, and what the level is called.

Choices, and numbers of few distinct values, have a level per value. Other numbers are cut into at most ten
bins that hold equally many configurations, named by their ends. An inactive setting has no level.

Columns that tables by level share
----------------------------------
level
    Text of the value, or of both ends of the bin.
level_from, level_to
    The ends as numbers, equal for a single value; empty where the values are no numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sensitivity.axis import key
from sensitivity.words import distinct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.arrays import Floats, Integers
    from sweeps.space import Space

LEVEL: Final = "level"
LEVEL_FROM: Final = "level_from"
LEVEL_TO: Final = "level_to"
MOST_VALUES: Final = 24
MOST_BINS: Final = 10


@dataclass(frozen=True)
class Levels:
    """Levels of one setting.

    Attributes
    ----------
    setting
        Its name.
    code
        Level of each trial of the plan, −1 where the setting is inactive, shape (trials,).
    texts, ends
        Name of each level, and its ends as numbers (NaN), shape (levels, 2).
    """

    setting: str
    code: Integers
    texts: tuple[str, ...]
    ends: Floats

    def __len__(self) -> int:
        return len(self.texts)


def levels(plan: pd.DataFrame, space: Space) -> list[Levels]:
    """Levels of every setting of the space in the plan's trials.

    Numbers come in ascending order, choices in the order of their range (then of appearance).
    """
    return [_of_setting(plan, space, name) for name in space.names]


def _of_setting(plan: pd.DataFrame, space: Space, name: str) -> Levels:
    column = plan[name]
    raw, unique = pd.factorize(column, use_na_sentinel=True)
    code = raw.astype(np.int64)
    values = list(unique)
    if not values:
        return Levels(name, code, (), np.zeros((0, 2)))
    if all(isinstance(value, int | float | np.number) and not isinstance(value, bool) for value in values):
        return _of_numbers(name, code, np.array([float(value) for value in values]))
    order = sorted(range(len(values)), key=lambda at: _place(space, name, values[at]))
    position = np.empty(len(values) + 1, dtype=np.int64)
    position[order], position[-1] = np.arange(len(values)), -1
    texts = tuple(_text(values[at]) for at in order)
    return Levels(name, position[code], texts, np.full((len(values), 2), np.nan))


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool | np.bool_) else str(value)


def _place(space: Space, name: str, value: object) -> int:
    """Place of a choice in the first range that lists it; behind all others where none does."""
    setting = next(setting for setting in space.settings if setting.name == name)
    for variant in setting.variants:
        listed = [key(item) for item in getattr(variant.domain, "values", ())]
        if key(value) in listed:
            return listed.index(key(value))
    return 1_000_000


def _of_numbers(name: str, code: Integers, values: Floats) -> Levels:
    order = np.argsort(values)
    position = np.append(np.argsort(order), -1)
    code, values = position[code], values[order]
    if len(values) <= MOST_VALUES:
        return Levels(name, code, tuple(distinct(values.tolist())), np.column_stack([values, values]))
    active = np.sort(code[code >= 0])
    ends = active[np.linspace(0, len(active), MOST_BINS + 1).astype(int)[1:-1]]  # equally many trials
    # Where many trials sit on the lowest value an end may be that value: nothing lies below it.
    bins = np.searchsorted(np.unique(ends[ends > 0]), np.arange(len(values)), side="right")
    first = np.flatnonzero(np.diff(bins, prepend=-1))
    last = np.append(first[1:], len(values)) - 1
    edges = np.column_stack([values[first], values[last]])
    numbers = sorted(set(edges.ravel().tolist()))
    names = dict(zip(numbers, distinct(numbers), strict=True))
    texts = tuple(f"{names[low]} … {names[high]}" for low, high in edges.tolist())
    return Levels(name, np.append(bins, -1)[code], texts, edges)


def level_columns(found: Levels, codes: Sequence[int] | Integers) -> dict[str, object]:
    """Columns ``level``, ``level_from`` and ``level_to`` for a list of levels."""
    places = np.asarray(codes, dtype=np.int64)
    return {
        LEVEL: [found.texts[place] for place in places.tolist()],
        LEVEL_FROM: found.ends[places, 0],
        LEVEL_TO: found.ends[places, 1],
    }
