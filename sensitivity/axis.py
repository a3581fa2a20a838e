"""One setting as an axis: how its values compare, where they stand, and which of them are one level.

The one rule for levels, whatever table or picture: choices, and numbers of at most 24 different values, have
a level per value. More numbers are cut into bins of equal width on the setting's own scale, which is equal
probability under its prior: ten, or fewer where these would hold fewer than five configurations each. So are
more than ten numbers that were drawn from a range, nearly each for a trial of its own: what was tried again,
with another seed or beside other values, was chosen. So the levels of all tables of a study are the same. An
inactive setting has no level.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.coding import all_numbers, coded, key, same_rows, texts_of, units
from sensitivity.words import distinct
from sweeps.space import Choices, FloatRange, IntegerRange

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from sensitivity.arrays import Floats, Integers
    from sweeps.space import Domain, Setting, Space, Value

MOST_LEVELS: Final = 24
MOST_BINS: Final = 10
FEWEST_BINS: Final = 5
PER_BIN: Final = 5  # configurations
REPEATED: Final = 1.5  # trials of a value, on average, from which on values are no draw
UNEVEN: Final = (
    1.5  # widest step between neighbours over the narrowest: a draw has more, a grid has equal steps
)


def common_scale(domains: Iterable[Domain], values: Sequence[Value]) -> Domain:
    """One domain that holds all: the union of ranges (log if one is), or of choices, numbers ascending.

    A range without extent, and values outside every domain, become choices.
    """
    given = list(domains)
    ranges = [domain for domain in given if not isinstance(domain, Choices)]
    if ranges and all_numbers(values):
        low = min([domain.low for domain in ranges] + [float(value) for value in values])
        high = max([domain.high for domain in ranges] + [float(value) for value in values])
        log = any(domain.log for domain in ranges) and low > 0
        if low < high and all(isinstance(domain, IntegerRange) for domain in given):
            return IntegerRange(int(low), int(high), log)
        if low < high:
            return FloatRange(float(low), float(high), log)
    listed = [value for domain in given for value in getattr(domain, "values", ())]
    union = {key(value): value for value in [*listed, *values]}
    ordered = list(union.values())
    if all_numbers(ordered):
        ordered.sort(key=float)
    return Choices(tuple(ordered))


def places(scale: Domain, values: Sequence[Value]) -> Floats:
    """Places of values on a scale, each in [0, 1]; choices compare as after a trip through a file."""
    if isinstance(scale, Choices):
        at = {key(item): number for number, item in enumerate(scale.values)}
        return np.array([(at[key(value)] + 0.5) / len(at) for value in values])
    return np.clip(units(scale, np.array(values, dtype=np.float64)), 0, 1)


@dataclass(frozen=True)
class Axis:
    """One setting over the n trials of a plan.

    Attributes
    ----------
    name
        The setting's.
    scale
        Domain over all branches: the axis that the setting is drawn on.
    domains
        Distinct domains; more than one where ranges differ between branches.
    domain
        Number of the domain that holds in each trial, shape (n,); −1 where inactive.
    tried
        Different values that were tried, in the order of the scale: numbers ascending, choices as listed.
    code
        Number of each trial's value, shape (n,); −1 where inactive.
    bins
        How many bins the scale is cut into; None where every value is a level.
    """

    name: str
    scale: Domain
    domains: tuple[Domain, ...]
    domain: Integers
    tried: tuple[Value, ...]
    code: Integers
    bins: int | None

    def __len__(self) -> int:
        """Levels that have trials."""
        return len(self.levels)

    @cached_property
    def position(self) -> Floats:
        """Place of each value on the scale, in [0, 1], shape (values,)."""
        return places(self.scale, self.tried)

    @cached_property
    def keys(self) -> list[object]:
        """Values as they compare."""
        return [key(value) for value in self.tried]

    @cached_property
    def _bin(self) -> Integers:
        """Bin of each value, shape (values,); its own number where there are no bins."""
        if self.bins is None:
            return np.arange(len(self.tried))
        return bin_of(self.position, self.bins)

    @cached_property
    def level(self) -> Integers:
        """Level of each trial, shape (n,); −1 where inactive."""
        of_value = np.unique(self._bin, return_inverse=True)[1]
        return np.append(of_value, -1)[self.code].astype(np.int64)

    @cached_property
    def relative_level(self) -> Integers:
        """The same by the place in the range that holds in the trial, shape (n,): so shares compare branches.

        Where all branches have one range these are the levels.
        """
        if len(self.domains) < 2:
            return self.level
        found = np.full(len(self.code), -1, dtype=np.int64)
        for number, domain in enumerate(self.domains):
            rows = np.flatnonzero((self.domain == number) & (self.code >= 0))
            own = [self.tried[at] for at in self.code[rows].tolist()]
            found[rows] = bin_of(places(domain, own), self.bins or MOST_BINS)
        return found

    @cached_property
    def ends(self) -> Floats:
        """Ends of each level as numbers, equal for a single value, NaN for what is no number; (levels, 2)."""
        if not all_numbers(self.tried):
            return np.full((len(self.tried), 2), np.nan)
        if self.bins is None:
            return np.repeat(np.array(self.tried, dtype=np.float64), 2).reshape(-1, 2)
        ends = [_ends(self.scale, number, self.bins) for number in np.unique(self._bin).tolist()]
        return np.array(ends, dtype=np.float64).reshape(-1, 2)

    @cached_property
    def levels(self) -> tuple[Value, ...]:
        """What stands for each level: the value, or the middle of the bin."""
        if self.bins is None:
            return self.tried
        return tuple(_at(self.scale, (at + 0.5) / self.bins) for at in np.unique(self._bin).tolist())

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Name of each level: the value, or both ends of the bin."""
        if self.bins is None:
            return tuple(texts_of(self.tried))
        numbers = sorted(set(self.ends.ravel().tolist()))
        name = dict(zip(numbers, distinct(numbers), strict=True))
        return tuple(name[low] if low == high else f"{name[low]} … {name[high]}" for low, high in self.ends)


def bin_of(position: Floats, bins: int) -> Integers:
    """Bin of places in [0, 1]; a place on an edge, to rounding, belongs to the upper bin."""
    return np.minimum(np.floor(position * bins + 1e-9).astype(np.int64), bins - 1)


def _at(scale: Domain, unit: float) -> Value:
    """Value at a place of a scale; 0.001 shall read 0.001, not 0.0010000000000000002."""
    value = scale.from_unit(unit)
    return float(f"{value:.12g}") if isinstance(scale, FloatRange) else value


def _ends(scale: Domain, number: int, bins: int) -> tuple[float, float]:
    """Lowest and highest value of a bin of the scale: its edges; for whole numbers and lists, its members."""
    if isinstance(scale, FloatRange):
        return float(_at(scale, number / bins)), float(_at(scale, (number + 1) / bins))
    if isinstance(scale, IntegerRange):
        below, above = scale.low - 0.5, scale.high + 0.5
        inner = [number / bins, (number + 1) / bins]
        edges = [below * (above / below) ** u if scale.log else below + u * (above - below) for u in inner]
        first, behind = (math.ceil(edge - 1e-9 * abs(edge)) for edge in edges)
        return float(first), float(behind - 1)
    members = scale.level_values()
    inside = np.flatnonzero(bin_of(places(scale, members), bins) == number)
    return float(members[inside[0]]), float(members[inside[-1]])


def axes_of(plan: pd.DataFrame, space: Space) -> dict[str, Axis]:
    """Axis of every setting that the plan has a column for, in the order of the space.

    Parameters
    ----------
    plan
        Table of `sensitivity.trials`.
    space
        Settings with their ranges and conditions.
    """
    found: dict[str, Axis] = {}
    for setting in space.settings:
        if setting.name in plan.columns:
            found[setting.name] = _axis(plan[setting.name], setting, space, found)
    configurations = len(np.unique(same_rows(codes_of(found.values(), len(plan)))))
    return {name: replace(axis, bins=_bin_count(axis, configurations)) for name, axis in found.items()}


def codes_of(axes: Iterable[Axis], count: int) -> Integers:
    """Value of each setting in each of ``count`` trials, shape (trials, settings)."""
    return np.column_stack([np.zeros((count, 0), dtype=np.int64), *(axis.code for axis in axes)])


def _axis(column: pd.Series, setting: Setting, space: Space, parents: dict[str, Axis]) -> Axis:
    """Axis of a setting whose parents have theirs; every value a level for now."""
    codes, values = coded(column)
    domains, domain = _domains(setting, space, parents, len(column))
    domain[codes < 0] = -1
    scale = common_scale(domains, values)
    order = np.argsort(places(scale, values), kind="stable")
    rank = np.full(len(values) + 1, -1, dtype=np.int64)
    rank[order] = np.arange(len(values))
    ordered = tuple(map(values.__getitem__, order.tolist()))
    return Axis(setting.name, scale, domains, domain, ordered, rank[codes], bins=None)


def _bin_count(axis: Axis, configurations: int) -> int | None:
    """Bins that a setting's values are cut into; None where each is a level."""
    if not all_numbers(axis.tried) or not (len(axis.tried) > MOST_LEVELS or _drawn(axis)):
        return None
    return min(MOST_BINS, max(FEWEST_BINS, configurations // PER_BIN))


def _drawn(axis: Axis) -> bool:
    """Whether numbers are a draw from a range: more than ten, uneven, hardly one of them in two trials.

    Replicates count: of a single setting each configuration is a value, and a grid has nothing else that
    repeats. The values of any other complete grid meet each other, so they repeat as well.
    """
    count, trials = len(axis.tried), int((axis.code >= 0).sum())
    if count <= MOST_BINS or trials >= REPEATED * count or isinstance(axis.scale, Choices):
        return False
    steps = np.diff(axis.position)
    return bool(steps.max() > UNEVEN * steps.min())


def _domains(
    setting: Setting, space: Space, axes: dict[str, Axis], count: int
) -> tuple[tuple[Domain, ...], Integers]:
    """Distinct domains of a setting, and the number of the one that holds in each trial."""
    parents = [axes[name] for name in sorted(setting.parents) if name in axes]
    branch = same_rows(np.column_stack([p.code for p in parents])) if parents else np.zeros(count, np.int64)
    domains: list[Domain] = []
    number = np.full(count, -1, dtype=np.int64)
    for row in np.unique(branch, return_index=True)[1].tolist():
        known = {p.name: p.tried[p.code[row]] for p in parents if p.code[row] >= 0}
        domain = setting.domain({**space.fixed, **known})
        if domain is not None and domain not in domains:
            domains.append(domain)
        number[branch == branch[row]] = -1 if domain is None else domains.index(domain)
    return tuple(domains), number
