"""Which level of each setting configurations have, asked again and again: what was looked up is kept."""

from __future__ import annotations

from bisect import bisect_left
from operator import lt
from typing import TYPE_CHECKING

from sensitivity.coding import all_numbers, is_number, key

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt

    from sensitivity.arrays import Integers
    from sweeps.space import Value


class Coded:
    """Configurations as codes of levels.

    Parameters
    ----------
    levels
        Distinct values of each setting.
    codes
        Level of each setting, shape (C, settings); −1 where inactive.
    """

    def __init__(self, levels: Mapping[str, tuple[Value, ...]], codes: Integers) -> None:
        self._levels, self._codes = levels, codes
        self._numeric: dict[str, bool] = {}
        self._rising: dict[str, bool] = {}
        self._keys: dict[str, dict[object, int]] = {}
        self._differing: tuple[int, npt.NDArray[np.bool_], Integers] | None = None

    def code(self, name: str, value: Value) -> int | None:
        """Level of a setting that a value is, as they compare; None where it was not tried."""
        if is_number(value) and self._rises(name):
            levels = self._levels[name]
            at = bisect_left(levels, value)
            if at < len(levels) and levels[at] == value:
                return at
        if name not in self._keys:
            self._keys[name] = {key(level): code for code, level in enumerate(self._levels[name])}
        return self._keys[name].get(key(value))

    def numeric(self, name: str) -> bool:
        """Whether all levels of a setting are numbers: looked at once, as there may be very many."""
        if name not in self._numeric:
            self._numeric[name] = all_numbers(self._levels[name])
        return self._numeric[name]

    def _rises(self, name: str) -> bool:
        """Whether the levels are numbers, each larger than the one before; zeros may differ in their sign."""
        if name not in self._rising:
            levels = self._levels[name]
            self._rising[name] = self.numeric(name) and all(map(lt, levels, levels[1:]))
        return self._rising[name]

    def differing(self, row: int) -> tuple[npt.NDArray[np.bool_], Integers]:
        """In which settings that both have each configuration differs from one, (C, settings); how many."""
        if self._differing is None or self._differing[0] != row:  # one is kept: it is as large as the codes
            own = self._codes[row]
            other = (self._codes != own) & (self._codes >= 0) & (own >= 0)
            self._differing = row, other, other.sum(axis=1)
        return self._differing[1:]
