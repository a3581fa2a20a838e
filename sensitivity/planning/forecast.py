"""A definition → how wide the intervals of its shares will be, with how many replicates, after how long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from sensitivity.measures.variance import variance_decomposition
from sensitivity.planning.pilot import Pilot, coarser, part_of, table_of
from sensitivity.planning.simulation import World, spread_out, worlds_of
from sensitivity.planning.widths import enough, expected, shares_of
from sweeps.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sweeps.space import Space

REPLICATES: Final = (2, 4, 8)
FOR_ONE: Final = 300  # configurations at which a sweep of single trials is simulated: its estimator is slow


@dataclass(frozen=True)
class Forecast:
    """What is expected of a sweep.

    Attributes
    ----------
    share
        Total effect of each setting in the pilot.
    widths
        Half width of its interval, a row per setting, a column per number of replicates.
    configurations
        In the grid.
    also
        The same half widths if it is the other way: where the pilot leaves it in doubt whether configurations
        deviate together. None where it does not.
    coarse
        The same with half the levels of each range, if there are as many; else None.
    """

    share: pd.Series
    widths: pd.DataFrame
    configurations: int
    also: pd.DataFrame | None = None
    coarse: Forecast | None = None

    def enough(self, within: float) -> int | None:
        """Fewest replicates with which every half width is at most so much, in either case."""
        widest = self.widths if self.also is None else self.widths.where(self.widths > self.also, self.also)
        return enough(widest, within)


def forecast(pilot: Pilot, space: Space) -> Forecast:
    """What is expected of the whole grid of a space, of which a part was trained.

    Raises
    ------
    StudyError
        Where the pilot tells nothing from noise.
    """
    worlds = worlds_of(pilot.study)
    if not worlds:
        raise StudyError(
            "the trials of the pilot all gave the same, so nothing can be planned; train more epochs"
        )
    part, few, fewer = pilot.study.space, part_of(space, FOR_ONE), coarser(space)
    share = shares_of(variance_decomposition(pilot.study, split=False))
    coarse = None if fewer is None else _several(worlds, part, fewer, share)
    whole, once = _several(worlds, part, space, share), table_of(few)
    found = [
        pd.concat([expected(spread_out(each, part, once, few), (1,), draws=1), widths], axis=1)
        for each, widths in zip(worlds, (whole.widths, whole.also), strict=False)
        if widths is not None
    ]
    return Forecast(share, found[0], whole.configurations, _second(found), coarse)


def _several(worlds: Sequence[World], part: Space, space: Space, share: pd.Series) -> Forecast:
    """What is expected of several replicates."""
    table = table_of(space)
    found = [expected(spread_out(each, part, table, space), REPLICATES) for each in worlds]
    return Forecast(share, found[0], len(table.configurations), _second(found))


def _second(found: Sequence[pd.DataFrame]) -> pd.DataFrame | None:
    return found[1] if len(found) > 1 else None
