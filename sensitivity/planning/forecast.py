"""A definition → how wide the intervals of its shares will be, with how many replicates, after how long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from sensitivity.measures.variance import variance_decomposition
from sensitivity.planning.pilot import Pilot, coarser, part_of, table_of
from sensitivity.planning.simulation import World, spread_out, world_of
from sensitivity.planning.widths import enough, expected, shares_of
from sweeps.errors import StudyError

if TYPE_CHECKING:
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
    coarse
        The same with half the levels of each range, if there are as many; else None.
    """

    share: pd.Series
    widths: pd.DataFrame
    configurations: int
    coarse: Forecast | None = None

    def enough(self, within: float) -> int | None:
        """Fewest replicates with which every half width is at most so much."""
        return enough(self.widths, within)


def forecast(pilot: Pilot, space: Space) -> Forecast:
    """What is expected of the whole grid of a space, of which a part was trained.

    Raises
    ------
    StudyError
        Where the pilot tells nothing from noise.
    """
    small = world_of(pilot.study)
    if small is None:
        raise StudyError(
            "the trials of the pilot all gave the same, so nothing can be planned; train more epochs"
        )
    share = shares_of(variance_decomposition(pilot.study, split=False))
    fewer = coarser(space)
    coarse = None if fewer is None else _several(small, pilot.study.space, fewer, share)
    whole = _several(small, pilot.study.space, space, share)
    few = part_of(space, FOR_ONE)
    once = expected(spread_out(small, pilot.study.space, table_of(few), few), (1,), draws=1)
    return Forecast(share, pd.concat([once, whole.widths], axis=1), whole.configurations, coarse)


def _several(small: World, part: Space, space: Space, share: pd.Series) -> Forecast:
    """What is expected of several replicates."""
    table = table_of(space)
    return Forecast(
        share, expected(spread_out(small, part, table, space), REPLICATES), len(table.configurations)
    )
