"""The cell means of a replicated factorial in one array, and the quadratic forms on it.

One axis per setting, in the order of ``space.names``; every setting counts with equal weight on each of its
levels *in the branch at hand*. Where a setting is inactive its axis repeats the same cell: the *latent
completion*, as if the inactive setting had been drawn from its prior and ignored. Where branches have
different numbers of levels, 9 and 6 say, the axis has the least common multiple of them (18) and every level
takes its share of it; so each optimizer keeps the same weight whatever the number of its configurations.

Words: a *configuration* c is one of C rows of ``values``; it covers a *box* of the array, the product over
the axes of an interval of share v_i(c); its weight is w_c = Π_i v_i(c), and Σ_c w_c = 1.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import lru_cache
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sensitivity.numerals import exact
from sensitivity.trials import PHASE, PLAN, REPLICATE, VALUE
from sweeps.space import Choices

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sweeps.space import Configuration, Domain, Setting, Space

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

LARGEST_ARRAY = 20_000_000


@dataclass(frozen=True)
class CellTable:
    """A replicated factorial.

    Attributes
    ----------
    names
        Settings, one per axis.
    configurations
        The C configurations.
    values
        Response, shape (C, R).
    start, length
        Interval of each axis that a configuration covers, shape (C, axes), in positions.
    sizes
        Positions per axis.
    uneven
        Settings whose number of levels differs between branches: what a position means differs with them.
    moved
        Settings with the same number of levels but other values in some branches: compared by position.
    """

    names: tuple[str, ...]
    configurations: tuple[Configuration, ...]
    values: Floats
    start: Integers
    length: Integers
    sizes: tuple[int, ...]
    uneven: frozenset[str]
    moved: frozenset[str]

    @property
    def replicates(self) -> int:
        """Replicates R of every configuration."""
        return int(self.values.shape[1])

    @property
    def coverage(self) -> Floats:
        """Share v_i(c) of each axis that a configuration covers, shape (C, axes)."""
        share: Floats = self.length / np.array(self.sizes)
        return share

    @property
    def axes(self) -> tuple[int, ...]:
        """All axes."""
        return tuple(range(len(self.sizes)))

    @property
    def weights(self) -> Floats:
        """Weight w_c of each configuration in the whole, shape (C,); their sum is 1."""
        product: Floats = np.prod(self.coverage, axis=1)
        return product

    def index(self) -> Integers:
        """Row of ``values`` at each position of the array, shape ``sizes``."""
        array = np.zeros(self.sizes, dtype=np.int64)
        for row, (start, length) in enumerate(zip(self.start.tolist(), self.length.tolist(), strict=True)):
            array[tuple(slice(s, s + n) for s, n in zip(start, length, strict=True))] = row
        return array

    def means(self) -> Floats:
        """Cell means with latent completion, shape ``sizes``; the grand mean is taken off, for precision."""
        centred = self.values.mean(axis=1) - self.values.mean()
        array: Floats = centred[self.index()]
        return array


def closed_variance(means: Floats, axes: Collection[int]) -> float:
    """τ²_u: variance over the axes u of the mean over all other axes (population variance).

    The closed index of §1 of ``measures-and-estimators``: it holds the main effects of u and every
    interaction inside u. Empty u: 0; all axes: the variance of the table.
    """
    rest = tuple(axis for axis in range(means.ndim) if axis not in axes)
    return float(np.var(means.mean(axis=rest))) if rest else float(np.var(means))


def noise_weights(table: CellTable, axes: Collection[int]) -> Floats:
    """How much each configuration's noise adds to `closed_variance`, shape (C,).

    The mean over the rest at position x_u weighs configuration c with v_rest(c) where x_u is in its box, so
    the noise adds Σ_c (σ_c²/R) (v_u v_rest² − w_c²). For a plain balanced effect with one σ² the sum of the
    weights is df / C.
    """
    coverage = table.coverage
    inside = np.prod(coverage[:, [axis for axis in table.axes if axis in axes]], axis=1)
    outside = np.prod(coverage[:, [axis for axis in table.axes if axis not in axes]], axis=1)
    weights: Floats = inside * outside**2 - (inside * outside) ** 2
    return weights


def subsets(axes: Sequence[int]) -> Iterable[tuple[tuple[int, ...], int]]:
    """Subsets w of u with the sign (−1)^(|u| − |w|) of inclusion–exclusion, the empty one left out."""
    for size in range(1, len(axes) + 1):
        for subset in itertools.combinations(axes, size):
            yield subset, (-1) ** (len(axes) - size)


def corrected_variance(table: CellTable, means: Floats, axes: Collection[int], noise: Floats) -> float:
    """`closed_variance` less what the noise adds to it; unclipped, so it may be slightly negative.

    Parameters
    ----------
    noise
        Variance σ_c² of one trial of each configuration, shape (C,); zeros leave the variance as it is. In a
        plain balanced factorial only their mean counts. With conditional settings it matters where the noise
        is: a branch of few configurations, each of large weight, may be the quiet one.
    """
    added = float(noise @ noise_weights(table, axes)) / table.replicates
    return closed_variance(means, axes) - added


def interaction_variance(table: CellTable, means: Floats, axes: Sequence[int], noise: Floats) -> float:
    """Variance of the pure effect of ``axes`` together: Σ_w⊆u (−1)^(|u|−|w|) τ²_w, noise taken off.

    One axis: its main effect; two: their interaction without the main effects.
    """
    return sum(sign * corrected_variance(table, means, subset, noise) for subset, sign in subsets(axes))


def total_variance(table: CellTable, means: Floats, axis: int, noise: Floats) -> float:
    """Variance of all terms that ``axis`` takes part in: V − τ²_(all others), noise taken off."""
    others = [other for other in table.axes if other != axis]
    return corrected_variance(table, means, table.axes, noise) - corrected_variance(
        table, means, others, noise
    )


def cell_table(trials: pd.DataFrame, space: Space, value: str = VALUE) -> CellTable | None:
    """Array of a complete, balanced, replicated factorial; None where the plan is anything else.

    Parameters
    ----------
    trials
        Table of `sensitivity.trials`; only the plan's rows are used.
    space
        Space of the sweep; its grid is the set of configurations expected.
    value
        Column that holds the response.
    """
    plan = trials[trials[PHASE] == PLAN]
    if not space.settings or not len(plan) or not _has_levels(space) or space.grid_size() > len(plan):
        return None
    configurations = tuple(space.grid())
    values = _values_by_replicate(plan, space.names, configurations, value)
    if values is None:
        return None
    places = [_levels(space, configuration) for configuration in configurations]
    counts = [{place[axis][1] for place in places} for axis in range(len(space.settings))]
    sizes = tuple(math.lcm(*count) for count in counts)
    if math.prod(sizes) > LARGEST_ARRAY:
        return None
    length = np.array([[s // count for s, (_, count) in zip(sizes, place, strict=True)] for place in places])
    level = np.array([[position for position, _ in place] for place in places])
    return CellTable(
        names=tuple(space.names),
        configurations=configurations,
        values=values,
        start=level * length,
        length=length,
        sizes=sizes,
        uneven=_uneven(space, configurations),
        moved=_moved(space, configurations),
    )


def is_balanced_factorial(trials: pd.DataFrame, space: Space, value: str = VALUE) -> bool:
    """Whether the plan's trials are the whole grid, once in every replicate."""
    return cell_table(trials, space, value) is not None


def key(value: object) -> object:
    """Value of a setting as it compares after a trip through a CSV file; None where inactive."""
    if isinstance(value, str):  # first, because asking for Real takes long
        return str(value)
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, float | int | Real) and not isinstance(value, bool | np.bool_):
        return _number_key(float(value))
    return str(value)


@lru_cache(maxsize=4096)
def _number_key(number: float) -> str:
    """Text of a number; a sweep has few levels and asks for each of them thousands of times."""
    return exact(number)


def _has_levels(space: Space) -> bool:
    domains = (variant.domain for setting in space.settings for variant in setting.variants)
    return all(isinstance(domain, Choices) or domain.levels for domain in domains)


def _values_by_replicate(
    plan: pd.DataFrame, names: Sequence[str], configurations: Sequence[Configuration], value: str
) -> Floats | None:
    """Responses, shape (C, R); None unless every configuration has every replicate exactly once."""
    row_of = {tuple(key(c.get(name)) for name in names): row for row, c in enumerate(configurations)}
    replicates = {replicate: column for column, replicate in enumerate(sorted(set(plan[REPLICATE])))}
    if len(plan) != len(row_of) * len(replicates) or not set(names) <= set(plan.columns):
        return None
    values = np.full((len(configurations), len(replicates)), np.nan)
    settings = zip(*([key(item) for item in plan[name].tolist()] for name in names), strict=True)
    for cells, replicate, number in zip(settings, plan[REPLICATE], plan[value], strict=True):
        row = row_of.get(cells)
        if row is None:
            return None
        values[row, replicates[replicate]] = number
    return values if np.isfinite(values).all() else None


def _levels(space: Space, configuration: Configuration) -> list[tuple[int, int]]:
    """Level's position and number of levels of each setting under ``configuration``; (0, 1) if inactive."""
    known = {**space.fixed, **configuration}
    return [_level(setting, known) for setting in space.settings]


def _level(setting: Setting, known: Mapping[str, Any]) -> tuple[int, int]:
    domain = setting.domain(known)
    if domain is None:
        return 0, 1
    levels = [key(value) for value in domain.level_values()]
    return levels.index(key(known[setting.name])), len(levels)


def _domains(space: Space, setting: Setting, configurations: Iterable[Configuration]) -> set[Domain]:
    """Different ranges that a setting has where it is active."""
    domains = (setting.domain({**space.fixed, **configuration}) for configuration in configurations)
    return {domain for domain in domains if domain is not None}


def _uneven(space: Space, configurations: Sequence[Configuration]) -> frozenset[str]:
    return frozenset(
        setting.name
        for setting in space.settings
        if len({len(d.level_values()) for d in _domains(space, setting, configurations)}) > 1
    )


def _moved(space: Space, configurations: Sequence[Configuration]) -> frozenset[str]:
    return frozenset(
        setting.name
        for setting in space.settings
        if len({tuple(map(key, d.level_values())) for d in _domains(space, setting, configurations)}) > 1
    ) - _uneven(space, configurations)
