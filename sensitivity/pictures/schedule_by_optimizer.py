"""What each optimizer reaches under each schedule of the learning rate, and how often it diverges there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sensitivity.branch import OPTIMIZER
from sensitivity.language import say
from sensitivity.pictures.marks.cells import drawn_pairs, pair_rows
from sensitivity.pictures.picture import NothingToDraw, Picture
from sensitivity.pictures.reachable import best_by

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from sensitivity.pictures.saving import Drawing
    from sensitivity.study import Study

ACROSS: Final = (OPTIMIZER, "schedule")


def picture(study: Study, tables: Mapping[str, pd.DataFrame]) -> Drawing:
    """Heatmap of optimizer and schedule; nothing to draw where the two do not vary together."""
    pairs = drawn_pairs(tables)
    if not len(pair_rows(pairs, *ACROSS)):
        raise NothingToDraw(say("captions.do-not-vary", first=ACROSS[0], second=ACROSS[1]))
    return best_by(study, pairs, *ACROSS)


PICTURE: Final = Picture("schedule_by_optimizer", "reachable", picture, place=1, settings=ACROSS)
