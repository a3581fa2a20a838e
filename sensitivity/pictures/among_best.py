"""What still matters among the best tenth, beside what matters overall: two rankings back to back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sensitivity.branch import words
from sensitivity.estimators.effects import ALL, BRANCH
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
    Side("all trials: main effect", m.GLOBAL_MAIN),
    Side("among the best", m.AMONG_BEST),
    "share of the variance (%); the two sides have scales of their own",
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
        raise NothingToDraw(first_reason(table, "no setting varies"))
    axes = SIDES.axes(rows, colours_in_order(study, tables))
    best = float(rows[m.BEST_PERCENT].iloc[0])
    return Drawing.on(axes, f"What still matters among the best {best:g} %", _caption(study, rows))


def _caption(study: Study, rows: pd.DataFrame) -> str:
    best, marked, threshold = (
        float(rows[name].iloc[0]) for name in (m.BEST_PERCENT, m.MARKED_PERCENT, m.THRESHOLD)
    )
    bound, side = (-threshold, "higher") if study.turned else (threshold, "lower")
    ties = f" ({marked:.1f} % of them, as values tie)" if marked > best * 1.02 else ""
    text = (
        "Left: how much of the variance of the response a setting explains by itself. Right: how much of "
        f"whether a trial is among the best {best:g} %{ties}, with a {words(study.metric, 60)} of "
        f"{short(bound, 3)} or {side}. Compare ranks, not lengths: being among the best takes all "
        "settings at once, so shares on the right are small by nature."
    )
    return f"{text}{direction_words(study)} {SIDES.marks(rows)}"


PICTURE: Final = Picture("among_best", "among-best", picture)
