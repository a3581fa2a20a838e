"""The levels of a complete grid.

Trials that are every combination of some values, each the same number of times, are a factorial design: what
`sensitivity.measures` can decompose exactly. Somebody else's study does not say so; its distributions name a
range. Here the values themselves become the levels, if they make a complete grid.
"""

from __future__ import annotations

from dataclasses import replace
from numbers import Integral, Real
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sensitivity.study import Study
from sensitivity.words import exact
from sweeps.space import Choices, FloatRange, IntegerRange, Setting, Space, Variant

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sweeps.space import Domain, Value

MOST_LEVELS: Final = 200
MOST_OF_ONE: Final = 24  # levels of a grid of a single setting
MOST_OF_IT: Final = 0.8  # configurations of a grid that must have been run


def as_grid(
    trials: pd.DataFrame, space: Space, linear: Collection[str] = ()
) -> tuple[Space, pd.DataFrame] | None:
    """Space whose numeric settings have the tried values as levels; None unless they are most of a grid.

    Trials must be twice as many as values at least: any trials in one dimension are a "grid" of one trial
    each. The trials come back with values that differ in their last digits made the same. Settings called
    ``linear`` keep that scale, wherever their levels lie on it: the user says so.
    """
    if not any(_is_numeric(variant.domain) for setting in space.settings for variant in setting.variants):
        return None
    settings = []
    for setting in space.settings:
        values = trials[setting.name].dropna().tolist()
        domain = _levelled(setting.variants[0].domain, values, linear=setting.name in linear)
        if domain is None:
            return None
        settings.append(Setting(setting.name, (Variant(domain, setting.variants[0].when),)))
    grid = Space(settings, space.fixed)
    if len(settings) == 1 and grid.grid_size() > MOST_OF_ONE:
        return None  # values of one column that other settings repeat are no plan
    size = grid.grid_size()  # may be beyond any float
    if size > len(trials) / MOST_OF_IT:
        return None
    snapped = _snapped(trials, grid)
    return (grid, snapped) if holes(snapped, grid) <= (1 - MOST_OF_IT) * size else None


def holes(trials: pd.DataFrame, grid: Space) -> int:
    """Configurations of a grid that were not run."""
    return grid.grid_size() - len(np.unique(Study(trials, grid).configuration))


def _snapped(trials: pd.DataFrame, grid: Space) -> pd.DataFrame:
    snapped = trials.copy()
    for setting in grid.settings:
        domain = setting.variants[0].domain
        listed = isinstance(domain, Choices) or bool(domain.written)
        if listed and _is_numeric(domain):
            place = {exact(float(level)): level for level in domain.level_values()}
            column = trials[setting.name]
            values = [
                None if missing else place[exact(float(value))]
                for value, missing in zip(column.tolist(), column.isna().tolist(), strict=True)
            ]
            snapped[setting.name] = pd.Series(values, dtype=column.dtype, index=trials.index)
    return snapped


def _is_numeric(domain: Domain) -> bool:
    levels = domain.level_values() if isinstance(domain, Choices) else (0,)
    return all(isinstance(level, Real) and not isinstance(level, bool) for level in levels)


def _levelled(domain: Domain, values: Sequence[Value], *, linear: bool) -> Domain | None:
    """Domain of exactly these values."""
    if not _is_numeric(domain):
        return domain
    distinct = {exact(float(value)): value for value in values}
    if not 1 <= len(distinct) <= min(MOST_LEVELS, len(values) // 2):
        return None
    levels = sorted(distinct.values(), key=float)
    if linear and len(levels) > 1:
        return _as_written(levels, log=False)
    even = evenly_spaced(levels)
    if even is not None and (isinstance(domain, Choices) or even.log == domain.log):  # type: ignore[union-attr]
        return even
    if isinstance(domain, Choices) or len(levels) < 3:
        return Choices(tuple(levels))
    return _as_written(levels, log=True) if domain.log else even or Choices(tuple(levels))


def _as_written(levels: Sequence[Value], *, log: bool) -> FloatRange | IntegerRange:
    """Range whose levels are these values, wherever they lie on its scale."""
    low, high = levels[0], levels[-1]
    if all(isinstance(level, Integral) for level in levels):
        return IntegerRange(int(low), int(high), log, len(levels), tuple(int(level) for level in levels))
    return FloatRange(float(low), float(high), log, len(levels), tuple(float(level) for level in levels))


def evenly_spaced(levels: Sequence[Value]) -> Domain | None:
    """Range whose levels are these values (ascending), linear or logarithmic; None where they are not even.

    Even up to the rounding of people, who write 0.00316 for half a decade above 0.001. Two values are a list:
    nothing is known of what lies between.
    """
    if len(levels) < 3:
        return None
    for log in (False, True):
        if log and float(levels[0]) <= 0:
            continue
        written = _as_written(levels, log=log)
        domain = replace(written, written=())
        planned = domain.level_values()
        if [exact(float(level)) for level in planned] == [exact(float(level)) for level in levels]:
            return domain
        if log and all(_rounded(float(a), float(b)) for a, b in zip(levels, planned, strict=True)):
            return written
    return None


def _rounded(written: float, planned: float) -> bool:
    """Whether people may have written a number for another: the same to two digits, or to those given."""
    digits = max(2, len(f"{written:.12g}".partition("e")[0].replace(".", "").strip("-0")))
    return abs(written / planned - 1) <= 0.6 * 10.0 ** (1 - digits) if digits < 12 else written == planned
