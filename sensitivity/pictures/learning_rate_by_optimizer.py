"""What each optimizer reaches at each learning rate, and how often it diverges there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sensitivity.axis import is_number
from sensitivity.estimators.effects import ALL, BRANCH
from sensitivity.measures.pairs import BEST, FIRST, SECOND
from sensitivity.pictures.marks.cells import by_importance, levels_of, usable
from sensitivity.pictures.picture import NothingToDraw, Picture
from sensitivity.pictures.reachable import best_by, draw

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from sensitivity.pictures.saving import Drawing
    from sensitivity.study import Study

__all__ = ["PICTURE", "axes_of", "draw", "picture"]


def picture(study: Study, tables: Mapping[str, pd.DataFrame]) -> Drawing:
    """Heatmap of optimizer and learning rate, or of the two most important settings in their place.

    Nothing to draw where no two settings vary together.
    """
    pairs = usable(tables, "pairs", BEST)
    return best_by(study, pairs, *axes_of(pairs, by_importance(tables)))


def axes_of(pairs: pd.DataFrame, ranking: Sequence[str] = ()) -> tuple[str, str]:
    """Settings of the rows and of the columns: the optimizer and the learning rate where they vary.

    One that does not vary is replaced by the most important other setting, ``ranking`` first, then the order
    of the table; numbers go to the columns.
    """
    inside = pairs[pairs[BRANCH] == ALL]
    together = {frozenset(pair) for pair in zip(inside[FIRST], inside[SECOND], strict=True)}
    varied = dict.fromkeys([*inside[FIRST], *inside[SECOND]])
    order = [name for name in dict.fromkeys([*ranking, *varied]) if name in varied]
    numeric = [name for name in order if all(map(is_number, levels_of(pairs, name)))]
    others = [name for name in order if name != "optimizer"]
    for columns in dict.fromkeys(["learning_rate", *numeric, *others, *order]):
        for rows in dict.fromkeys(["optimizer", *order]):
            if frozenset((rows, columns)) in together:
                return rows, columns
    raise NothingToDraw("no two settings vary together")


PICTURE: Final = Picture("learning_rate_by_optimizer", "reachable", picture)
