"""Who is next to whom among the configurations tried.

Neighbours are one step apart in one number, everything else equal; where there are only names, they differ in
one. They are of the plan: a search crowds around what it likes, and crowds are no distance. Those that nobody
tried, beyond the ends of a range, do not count: a place at an edge has fewer, and where all values are drawn
none has any. The nearest in all settings at once may be eighteen times the learning rate away, or 4 %, so
that the worst of them says nothing that could be compared.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sensitivity.coding import is_number, key
from sensitivity.estimators.tried import identity_of

if TYPE_CHECKING:
    from sensitivity.arrays import Floats
    from sensitivity.estimators.tried import Tried


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
        """Rows of the neighbours, none where no configuration agrees in everything else."""
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
        return [other for other in beside if other != row]


def _is_numeric(found: Tried, name: str) -> bool:
    values = {key(one[name]) for one in found.configurations if name in one}
    numbers = [one[name] for one in found.configurations if name in one]
    return len(values) > 1 and all(is_number(value) for value in numbers)
