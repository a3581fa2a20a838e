"""What each optimizer reaches under each schedule of the learning rate, and how often it diverges there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sensitivity.measures.pairs import BEST
from sensitivity.plots.cells import pair_rows, usable
from sensitivity.plots.picture import NothingToDraw
from sensitivity.plots.reachable import best_by, draw
from sensitivity.plots.style import styled

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from sensitivity.plots.picture import Picture
    from sensitivity.reading.source import Source

__all__ = ["draw", "picture"]


@styled
def picture(source: Source, tables: Mapping[str, pd.DataFrame]) -> Picture:
    """Heatmap of optimizer and schedule.

    Raises
    ------
    NothingToDraw
        When the two do not vary together.
    """
    pairs = usable(tables, "pairs", BEST)
    if not len(pair_rows(pairs, "optimizer", "schedule")):
        raise NothingToDraw("optimizer and schedule do not vary together")
    return best_by(source, pairs, "optimizer", "schedule")
