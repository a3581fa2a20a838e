"""The space of a sweep: settings, their ranges, their conditions and the prior measure over them.

A *domain* is the set of values of a setting together with its prior: uniform, uniform in the logarithm, or
uniform over choices. Every domain maps the unit interval to its values and back, so a point of the unit
cube is a configuration. A setting has *variants*: domains that hold under a condition on other settings
("β only where the optimizer has one", "a lower learning-rate range for adam"). Where no variant holds, the
setting is *inactive*: its coordinate of the cube is ignored (latent completion), so that the coordinates
stay independent.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from sweeps.errors import DefinitionError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Value = float | int | str | bool
Configuration = dict[str, Value]


@dataclass(frozen=True)
class FloatRange:
    """Real numbers from ``low`` to ``high``; prior uniform, or log-uniform with ``log``.

    ``written`` are its ``levels`` where somebody else chose and rounded them: 0.001, 0.00316, 0.01.
    """

    low: float
    high: float
    log: bool = False
    levels: int | None = None
    written: tuple[float, ...] = ()

    def from_unit(self, unit: float) -> float:
        """Value at ``unit`` in [0, 1]: the inverse of the prior's distribution function."""
        if self.log:
            value = math.exp(math.log(self.low) + unit * (math.log(self.high) - math.log(self.low)))
        else:
            value = self.low + unit * (self.high - self.low)
        return min(max(value, self.low), self.high)

    def to_unit(self, value: Value) -> float:
        """Prior's distribution function at ``value``."""
        number = float(value)
        if self.log:
            return (math.log(number) - math.log(self.low)) / (math.log(self.high) - math.log(self.low))
        return (number - self.low) / (self.high - self.low)

    def level_values(self) -> tuple[float, ...]:
        """``levels`` values, evenly spaced under the prior, both ends included exactly.

        Rounded to 12 significant digits: 0.1 shall read 0.1, not 0.10000000000000002.
        """
        if self.written:
            return self.written
        count = self.levels or 1
        inner = [float(f"{self.from_unit(index / (count - 1)):.12g}") for index in range(1, count - 1)]
        return (self.low, *(min(max(value, self.low), self.high) for value in inner), self.high)


@dataclass(frozen=True)
class IntegerRange:
    """Whole numbers from ``low`` to ``high``, each end with the full weight of a number."""

    low: int
    high: int
    log: bool = False
    levels: int | None = None
    written: tuple[int, ...] = ()

    def _edges(self) -> tuple[float, float]:
        """Give the ends of the continuous range whose rounding gives every whole number its due weight."""
        return self.low - 0.5, self.high + 0.5

    def from_unit(self, unit: float) -> int:
        """Value at ``unit`` in [0, 1]: round the continuous value of the widened range."""
        low, high = self._edges()
        number = low * (high / low) ** unit if self.log else low + unit * (high - low)
        return min(max(round(number), self.low), self.high)

    def to_unit(self, value: Value) -> float:
        """Middle of the value's share of the unit interval."""
        low, high = self._edges()
        if self.log:
            return math.log(float(value) / low) / math.log(high / low)
        return (float(value) - low) / (high - low)

    def level_values(self) -> tuple[int, ...]:
        """``levels`` distinct whole numbers, as evenly spaced under the prior as rounding allows."""
        if self.written:
            return self.written
        count = self.levels or 1
        if self.log:
            spaced = np.geomspace(self.low, self.high, count)
        else:
            spaced = np.linspace(self.low, self.high, count)
        return tuple(int(number) for number in np.rint(spaced))


@dataclass(frozen=True)
class Choices:
    """A list of values, all equally likely, in the order given."""

    values: tuple[Value, ...]

    def from_unit(self, unit: float) -> Value:
        """Value whose share of the unit interval contains ``unit``."""
        return self.values[min(int(unit * len(self.values)), len(self.values) - 1)]

    def to_unit(self, value: Value) -> float:
        """Middle of the value's share of the unit interval."""
        return (self.values.index(value) + 0.5) / len(self.values)

    def level_values(self) -> tuple[Value, ...]:
        """Every choice."""
        return self.values


Domain = FloatRange | IntegerRange | Choices


@dataclass(frozen=True)
class Variant:
    """A domain and the condition under which it holds: each named setting has one of the listed values."""

    domain: Domain
    when: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)

    def holds(self, configuration: Mapping[str, Value]) -> bool:
        """Whether ``configuration`` meets the condition; a setting it lacks meets none."""
        return all(
            name in configuration and configuration[name] in values for name, values in self.when.items()
        )


@dataclass(frozen=True)
class Setting:
    """A hyperparameter that varies; the first variant whose condition holds gives its domain."""

    name: str
    variants: tuple[Variant, ...]

    def domain(self, configuration: Mapping[str, Value]) -> Domain | None:
        """Domain under ``configuration`` (its parents must be in it), or None where it is inactive."""
        return next((variant.domain for variant in self.variants if variant.holds(configuration)), None)

    def without_levels(self) -> Setting:
        """Same setting with ranges that have no levels; choices stay."""
        whole = [
            variant
            if isinstance(variant.domain, Choices)
            else replace(variant, domain=replace(variant.domain, levels=None, written=()))
            for variant in self.variants
        ]
        return replace(self, variants=tuple(whole))

    @property
    def parents(self) -> set[str]:
        """Names of the settings its conditions speak of."""
        return {name for variant in self.variants for name in variant.when}


class Space:
    """The settings of a sweep, parents before children, and the values held fixed.

    Parameters
    ----------
    settings
        Settings in the order of the definition.
    fixed
        Values common to all configurations; conditions may refer to them.

    Raises
    ------
    DefinitionError
        When conditions go round in a circle.
    """

    def __init__(self, settings: Sequence[Setting], fixed: Mapping[str, Value] | None = None) -> None:
        self.fixed: dict[str, Value] = dict(fixed or {})
        self.settings = _parents_first(settings)

    @property
    def names(self) -> list[str]:
        """Names of the varied settings, parents first."""
        return [setting.name for setting in self.settings]

    def configuration(self, unit: Sequence[float]) -> Configuration:
        """Point of the unit cube, one coordinate per setting, to the active settings' values.

        Parameters
        ----------
        unit
            Coordinates in [0, 1], shape (settings,), in the order of ``names``.
        """
        chosen: Configuration = {}
        known = dict(self.fixed)
        for setting, coordinate in zip(self.settings, unit, strict=True):
            domain = setting.domain(known)
            if domain is not None:
                known[setting.name] = chosen[setting.name] = domain.from_unit(float(coordinate))
        return chosen

    def unit(self, configuration: Mapping[str, Value]) -> list[float]:
        """Inverse of ``configuration`` (up to rounding); NaN where a setting is inactive."""
        known = {**self.fixed, **configuration}
        return [
            math.nan if (domain := setting.domain(known)) is None else domain.to_unit(known[setting.name])
            for setting in self.settings
        ]

    def grid(self) -> Iterator[Configuration]:
        """Every combination of the active settings' levels, the last setting changing fastest."""
        yield from self._grid(0, {})

    def _grid(self, index: int, chosen: Configuration) -> Iterator[Configuration]:
        if index == len(self.settings):
            yield dict(chosen)
            return
        setting = self.settings[index]
        domain = setting.domain({**self.fixed, **chosen})
        if domain is None:
            yield from self._grid(index + 1, chosen)
            return
        for value in domain.level_values():
            yield from self._grid(index + 1, {**chosen, setting.name: value})

    def grid_size(self) -> int:
        """Count of the grid's configurations without listing them.

        Only settings that conditions refer to are expanded; every other one is a factor.
        """
        parents = {name for setting in self.settings for name in setting.parents}
        branching = [setting for setting in self.settings if setting.name in parents]
        return sum(self._size_below(branch) for branch in Space(branching, self.fixed).grid())

    def _size_below(self, branch: Configuration) -> int:
        known = {**self.fixed, **branch}
        domains = (setting.domain(known) for setting in self.settings if setting.name not in branch)
        return math.prod(
            len(domain.values) if isinstance(domain, Choices) else domain.levels or 1
            for domain in domains
            if domain is not None
        )

    def without_levels(self) -> Space:
        """Space of the same ranges, each as a whole."""
        return Space([setting.without_levels() for setting in self.settings], self.fixed)

    def never_active(self) -> list[str]:
        """Names of settings that no configuration makes active."""
        parents = {name for setting in self.settings for name in setting.parents}
        branching = Space([setting for setting in self.settings if setting.name in parents], self.fixed)
        branches = list(itertools.islice(branching.grid(), 100_000))
        return [
            setting.name
            for setting in self.settings
            if all(setting.domain({**self.fixed, **branch}) is None for branch in branches)
        ]


def _parents_first(settings: Sequence[Setting]) -> tuple[Setting, ...]:
    """Stable topological order of the settings by their conditions."""
    waiting = list(settings)
    names = {setting.name for setting in waiting}
    ordered: list[Setting] = []
    while waiting:
        placed = {setting.name for setting in ordered}
        ready = next((s for s in waiting if not (s.parents & names) - placed), None)
        if ready is None:
            circle = " and ".join(setting.name for setting in waiting)
            raise DefinitionError(f"the conditions of {circle} depend on each other; break the circle")
        ordered.append(ready)
        waiting.remove(ready)
    return tuple(ordered)
