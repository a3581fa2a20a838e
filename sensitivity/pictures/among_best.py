"""What still matters among the best tenth, beside what matters overall: two rankings back to back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sensitivity.branch import words
from sensitivity.estimators.effects import ALL, BRANCH
from sensitivity.language import say
from sensitivity.measures import among_best as m
from sensitivity.pictures.labels import direction_words
from sensitivity.pictures.marks.two_rankings import Side, TwoRankings
from sensitivity.pictures.orders import colours_in_order
from sensitivity.pictures.picture import NothingToDraw, Picture, first_reason
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import styled
from sensitivity.words import short

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from sensitivity.study import Study

NAME: Final = "among_best"
SIDES: Final = TwoRankings(
    Side("among-best-all", m.GLOBAL_MAIN),
    Side("among-best-best", m.AMONG_BEST),
    "among-best-axis",
    same_scale=False,
)


@styled
def picture(study: Study, tables: Mapping[str, pd.DataFrame]) -> Drawing:
    """Ranking among the best beside the global one.

    Nothing to draw where no setting can be ranked among the best.
    """
    table = tables[NAME]
    rows = SIDES.comparable(table[table[BRANCH] == ALL])
    if rows.empty:
        raise NothingToDraw(first_reason(table, say("captions.nothing-varies")))
    axes = SIDES.axes(rows, colours_in_order(study, tables))
    best = float(rows[m.BEST_PERCENT].iloc[0])
    return Drawing.on(axes, say("captions.among-best", best=f"{best:g}"), _caption(study, rows))


def _caption(study: Study, rows: pd.DataFrame) -> str:
    best, marked, threshold = (
        float(rows[name].iloc[0]) for name in (m.BEST_PERCENT, m.MARKED_PERCENT, m.THRESHOLD)
    )
    bound, side = (-threshold, "higher") if study.turned else (threshold, "lower")
    text = say(
        "captions.among-best-how",
        best=f"{best:g}",
        marked=f"{marked:.1f}" if marked > best * 1.02 else "none",
        metric=words(study.metric, 60),
        bound=short(bound, 3),
        side=side,
    )
    return f"{text}{direction_words(study)} {SIDES.marks(rows)}"


PICTURE: Final = Picture("among_best", "among-best", picture)
