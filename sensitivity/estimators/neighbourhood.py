"""Who is next to whom among the configurations tried.

Neighbours are one step apart in one number. In a plan that is no grid they are the nearest configurations
with the same names, two for each number. They are of the plan: a search crowds around what it likes, and
crowds are no distance. Those that nobody tried, beyond the ends of a range, do not count: a place at an edge
has fewer.
"""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sensitivity.coding import is_number, key
from sensitivity.estimators.tried import identity_of
from sweeps.space import Choices

if TYPE_CHECKING:
    from sensitivity.arrays import Floats
    from sensitivity.estimators.tried import Tried
    from sweeps.space import Configuration


class Neighbourhood:
    """Who is next to whom among the configurations tried."""

    def __init__(self, found: Tried, means: Floats) -> None:
        self._found, self._means = found, means
        self._names = [name for name in found.space.names if _is_numeric(found, name)]
        self._identities = [identity_of(one, found.space) for one in found.configurations]
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
