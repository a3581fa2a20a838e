"""What each optimizer reaches at each learning rate, and how often it diverges there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sensitivity.pictures.marks.cells import drawn_pairs, foremost_pair
from sensitivity.pictures.orders import by_importance
from sensitivity.pictures.picture import Picture
from sensitivity.pictures.reachable import best_by

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from sensitivity.pictures.saving import Drawing
    from sensitivity.study import Study


def picture(study: Study, tables: Mapping[str, pd.DataFrame]) -> Drawing:
    """Heatmap of branches and rate, or of the two most important settings in their place.

    Nothing to draw where no two settings vary together.
    """
    pairs = drawn_pairs(tables)
    chosen = foremost_pair(pairs, by_importance(tables), study.branch, study.rate)
    return best_by(study, pairs, *chosen)


PICTURE: Final = Picture("learning_rate_by_optimizer", "reachable", picture)
