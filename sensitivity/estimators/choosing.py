"""Which configuration to take: the best by mean, and of those within one standard error the most forgiving.

The mean over replicates of the best of many is luck in part, and the more so the more are tried. Beside it
stands the one-standard-error rule (Breiman et al. 1984, *Classification and Regression Trees*, 3.4.3): of all
that the seeds cannot tell from the best, take what is preferable for another reason. Here that is a good
neighbourhood: of a *forgiving* configuration the neighbours in the space, one step up or down in one number,
are good too; the worst of them is what counts.

In a plan that is no grid neighbours are the nearest configurations with the same names, two for each number.
Neighbours are of the plan: a search crowds around what it likes, and crowds are no distance. Those that
nobody tried, beyond the ends of a range, do not count: a place at an edge has fewer of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sensitivity.coding import is_number, key
from sensitivity.trials import PHASE, REPLICATE, VALUE
from sweeps.errors import StudyError
from sweeps.space import Choices

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from sensitivity.arrays import Floats, Integers
    from sensitivity.study import Study
    from sweeps.space import Configuration, Space, Value

SEARCH = "search"
NEAR_BEST = 0.1  # share of the configurations whose noise is taken for that of the best
FEWEST_NEAR = 10
MOST_NEAR = 50


@dataclass(frozen=True, eq=False)
class Tried:
    """The configurations of a study, each once, by first appearance.

    Attributes
    ----------
    configurations
        Value of every active setting.
    values
        Results by replicate, shape (configurations, replicates), NaN where there is none.
    planned
        Which of them are of the plan; all where there is none.
    """

    space: Space
    configurations: list[Configuration]
    values: Floats
    planned: NDArray[np.bool_]

    @property
    def counts(self) -> Integers:
        """Results of each."""
        return np.asarray(np.isfinite(self.values).sum(axis=1))

    @property
    def means(self) -> Floats:
        """Mean result of each."""
        return np.asarray(np.nanmean(self.values, axis=1))

    def row(self, configuration: Configuration) -> int | None:
        """Row of a configuration, None where it was not tried."""
        wanted = _identity(configuration, self.space)
        known = (_identity(one, self.space) for one in self.configurations)
        return next((row for row, one in enumerate(known) if one == wanted), None)


def tried(study: Study) -> Tried:
    """Configurations of all trials, also those of a search.

    Raises
    ------
    StudyError
        When no trial has a result.
    """
    trials = study.trials[np.isfinite(study.trials[VALUE].to_numpy(dtype=np.float64, na_value=np.nan))]
    if trials.empty:
        raise StudyError(f"{study.name} has no trial with a result yet, so there is nothing to choose from")
    names = study.space.names
    rows: dict[tuple[object, ...], int] = {}
    configurations: list[Configuration] = []
    place = np.empty(len(trials), dtype=np.int64)
    missing = {name: trials[name].isna().tolist() for name in names}
    columns = {name: trials[name].tolist() for name in names}
    for index in range(len(trials)):
        found = {name: columns[name][index] for name in names if not missing[name][index]}
        place[index] = rows.setdefault(_identity(found, study.space), len(rows))
        if len(rows) > len(configurations):
            configurations.append(found)
    replicates, column = np.unique(trials[REPLICATE].to_numpy(), return_inverse=True)
    sums, counts = np.zeros((2, len(rows), len(replicates)))
    np.add.at(sums, (place, column), trials[VALUE].to_numpy(dtype=np.float64))
    np.add.at(counts, (place, column), 1)
    values = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    of_plan = np.isin(np.arange(len(rows)), place[(trials[PHASE] != SEARCH).to_numpy()])
    return Tried(study.space, configurations, values, of_plan if of_plan.any() else ~of_plan)


def _identity(configuration: Configuration, space: Space) -> tuple[object, ...]:
    return tuple(key(configuration[name]) if name in configuration else None for name in space.names)


@dataclass(frozen=True)
class Noise:
    """What other seeds do to a configuration as good as the best.

    Attributes
    ----------
    beside
        Standard deviation of a result beside those of others with the same seeds; NaN where it is not known.
    alone, freedom
        Standard deviation of a result by itself, with the luck that all share, and its degrees of freedom.
    """

    beside: float
    alone: float
    freedom: float


def noise(found: Tried) -> Noise:
    """Two-way analysis of the best configurations that ran in every replicate, by Satterthwaite's formula."""
    counts, means = found.counts, found.means
    whole = np.flatnonzero(counts == counts.max())
    size = min(max(FEWEST_NEAR, math.ceil(NEAR_BEST * len(whole))), MOST_NEAR)
    near = whole[np.argsort(means[whole], kind="stable")[:size]]
    values = found.values[near]
    values = values[:, np.isfinite(values).all(axis=0)]
    rows, seeds = values.shape
    if seeds < 2:
        return Noise(math.nan, math.nan, math.nan)
    if rows < 2:
        return Noise(float(values.std(ddof=1)), float(values.std(ddof=1)), seeds - 1.0)
    by_seed = values.mean(axis=0)
    rest = values - values.mean(axis=1, keepdims=True) - by_seed + values.mean()
    within = float((rest**2).sum() / ((rows - 1) * (seeds - 1)))
    shared = float(rows * ((by_seed - values.mean()) ** 2).sum() / (seeds - 1))
    parts = shared / rows, within * (rows - 1) / rows
    squares = parts[0] ** 2 / (seeds - 1) + parts[1] ** 2 / ((rows - 1) * (seeds - 1))
    freedom = sum(parts) ** 2 / squares if squares else math.inf
    return Noise(math.sqrt(within), math.sqrt(sum(parts)), freedom)


@dataclass(frozen=True, eq=False)
class Choice:
    """What the trials say is best, and what to take.

    Attributes
    ----------
    order
        Rows of the configurations that were run again, best mean first; all where none was.
    best
        Row with the best mean.
    forgiving
        Of the rows within one standard error of it the one whose worst neighbour is best.
    within
        How many these are.
    step
        One standard error of a difference from the best; 0 where nothing was run again.
    worst
        Mean of the worst neighbour by row, as far as it was asked for; infinite where there is no neighbour.
    """

    order: Integers
    best: int
    forgiving: int
    within: int
    step: float
    worst: dict[int, float]


def choose(found: Tried, also: Sequence[int] = ()) -> Choice:
    """Choose by the means over replicates.

    Parameters
    ----------
    also
        Further rows whose neighbours shall be known.
    """
    counts, means = found.counts, found.means
    repeated = np.flatnonzero(counts == counts.max()) if counts.max() > 1 else np.arange(len(means))
    order = repeated[np.argsort(means[repeated], kind="stable")]
    best, spread = int(order[0]), noise(found).beside
    step = 0.0 if math.isnan(spread) else spread * math.sqrt(2 / counts.max())
    within = order[means[order] <= means[best] + step]
    near = Neighbourhood(found)
    worst = {int(row): near.worst(int(row)) for row in [*within, *also]}
    forgiving = min((int(row) for row in within), key=lambda row: (worst[row], means[row], row))
    return Choice(order, best, forgiving, len(within), step, worst)


class Neighbourhood:
    """Who is next to whom among the configurations tried."""

    def __init__(self, found: Tried) -> None:
        self._found, self._means = found, found.means
        self._names = [name for name in found.space.names if _is_numeric(found, name)]
        self._identities = [_identity(one, found.space) for one in found.configurations]
        self._lines = [
            (place, self._line(place))
            for place, name in enumerate(found.space.names)
            if name in self._names or not self._names
        ]

    def _line(self, place: int) -> dict[tuple[object, ...], list[int]]:
        """Rows of the plan that agree in all but one setting, in its order."""
        lines: dict[tuple[object, ...], list[int]] = {}
        for row in np.flatnonzero(self._found.planned).tolist():
            one = self._identities[row]
            if one[place] is not None:
                lines.setdefault((*one[:place], *one[place + 1 :]), []).append(row)
        for rows in lines.values():
            rows.sort(key=lambda row: self._number(row, place))
        return lines

    def _number(self, row: int, place: int) -> float:
        """Value of a numeric setting; 0 for names, which have no order."""
        name = self._found.space.names[place]
        return float(self._found.configurations[row][name]) if name in self._names else 0.0

    def worst(self, row: int) -> float:
        """Mean of the worst neighbour; infinite where there is none."""
        return max((float(self._means[other]) for other in self.of(row)), default=math.inf)

    def of(self, row: int) -> list[int]:
        """Rows of the neighbours: one step along one number, else the nearest with the same names."""
        if not self._found.planned[row]:
            return self._nearest(row)
        one, beside = self._identities[row], list[int]()
        for place, lines in self._lines:
            line = [] if one[place] is None else lines.get((*one[:place], *one[place + 1 :]), [])
            if not self._names:
                beside += line
                continue
            own = self._number(row, place) if line else 0.0
            below = [other for other in line if self._number(other, place) < own]
            above = [other for other in line if self._number(other, place) > own]
            beside += [*below[-1:], *above[:1]]
        return [other for other in beside if other != row] or self._nearest(row)

    def _nearest(self, row: int) -> list[int]:
        """Two for each number that it has, among those with the same names."""
        if not self._names:
            return []
        units, own, kinds = self._units, self._units[row], self._kinds
        alike = [
            other
            for other in np.flatnonzero(self._found.planned).tolist()
            if other != row and kinds[other] == kinds[row]
        ]
        active = np.isfinite(own)
        if not alike or not active.any():
            return []
        distances = np.abs(units[alike][:, active] - own[active]).max(axis=1)
        nearest = np.argsort(distances, kind="stable")[: 2 * int(active.sum())]
        return [alike[place] for place in nearest]

    @cached_property
    def _kinds(self) -> list[tuple[object, ...]]:
        """Names of each configuration, and which numbers it has."""
        names = self._found.space.names
        return [
            tuple(
                "" if name in self._names and value is not None else value
                for name, value in zip(names, identity, strict=True)
            )
            for identity in self._identities
        ]

    @cached_property
    def _units(self) -> Floats:
        """Places of the numbers in their ranges, shape (configurations, numbers); NaN where inactive."""
        return np.array([self._unit(one) for one in self._found.configurations])

    def _unit(self, configuration: Configuration) -> list[float]:
        known, places = {**self._found.space.fixed, **configuration}, list[float]()
        for setting in self._found.space.settings:
            if setting.name not in self._names:
                continue
            domain, value = setting.domain(known), configuration.get(setting.name)
            if value is None or domain is None:
                places.append(math.nan)
            elif isinstance(domain, Choices):
                places.append(domain.to_unit(value) if value in domain.values else 0.5)
            else:
                places.append(domain.to_unit(value))
        return places


def _is_numeric(found: Tried, name: str) -> bool:
    values = {key(one[name]) for one in found.configurations if name in one}
    numbers = [one[name] for one in found.configurations if name in one]
    return len(values) > 1 and all(is_number(value) for value in numbers)


def default_configuration(
    space: Space, default: Callable[[str, Configuration], Value | None]
) -> Configuration:
    """Default of every active setting, parents first, where a range has levels the nearest of them.

    Parameters
    ----------
    default
        Name of a setting and what is chosen already → its default. One outside of the range, or none at all,
        gives way to the middle of the prior.
    """
    chosen: Configuration = {}
    for setting in space.settings:
        domain = setting.domain({**space.fixed, **chosen})
        if domain is None:
            continue
        wanted = default(setting.name, chosen)
        if isinstance(domain, Choices):
            chosen[setting.name] = _of_list(domain, wanted)
            continue
        numeric = is_number(wanted) and domain.low <= float(wanted) <= domain.high  # type: ignore[arg-type]
        value: Value = wanted if numeric and wanted is not None else domain.from_unit(0.5)
        if domain.levels:
            place = domain.to_unit(value)
            value = min(domain.level_values(), key=lambda level: abs(domain.to_unit(level) - place))
        chosen[setting.name] = value
    return chosen


def _of_list(domain: Choices, wanted: Value | None) -> Value:
    if any(key(value) == key(wanted) for value in domain.values):
        return next(value for value in domain.values if key(value) == key(wanted))
    numbers = sorted(float(value) for value in domain.values if is_number(value))
    middle = (len(domain.values) - 1) // 2
    if len(numbers) < len(domain.values):
        return domain.values[middle]
    goal = numbers[middle]
    if wanted is not None and is_number(wanted) and numbers[0] <= float(wanted) <= numbers[-1]:
        goal = float(wanted)
    return min(domain.values, key=lambda level: abs(float(level) - goal))
