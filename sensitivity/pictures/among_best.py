"""What still matters among the best tenth, beside what matters overall: two rankings back to back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sensitivity.estimators.effects import ALL, BRANCH
from sensitivity.measures.among_best import (
    AMONG_BEST_HIGH,
    AMONG_BEST_LOW,
    AMONG_BEST_RANK,
    AMONG_BEST_SHARE,
    BEST_PERCENT,
    GLOBAL_MAIN_HIGH,
    GLOBAL_MAIN_LOW,
    GLOBAL_MAIN_RANK,
    GLOBAL_MAIN_SHARE,
    MARKED_PERCENT,
    THRESHOLD,
)
from sensitivity.pictures.labels import direction_words
from sensitivity.pictures.picture import NothingToDraw, Picture
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import setting_colours, styled, words
from sensitivity.pictures.two_rankings import Side, comparable, draw_sides, figure_of, mark_sentences
from sensitivity.remarks import VERDICT
from sensitivity.words import short

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes

    from sensitivity.study import Study

NAME: Final = "among_best"
OVERALL: Final = Side(
    "all trials: main effect", GLOBAL_MAIN_SHARE, GLOBAL_MAIN_LOW, GLOBAL_MAIN_HIGH, GLOBAL_MAIN_RANK
)
BEST: Final = Side("among the best", AMONG_BEST_SHARE, AMONG_BEST_LOW, AMONG_BEST_HIGH, AMONG_BEST_RANK)


def shown(table: pd.DataFrame, branch: str = ALL) -> pd.DataFrame:
    """Settings of a branch that have both ranks, by the global one."""
    return comparable(table[table[BRANCH] == branch], OVERALL, BEST)


@styled
def draw(table: pd.DataFrame, axes: Axes, colours: Mapping[str, str], branch: str = ALL) -> None:
    """Draw main effects to the left and the shares of "is among the best" to the right, by rank each.

    Parameters
    ----------
    table
        Table ``among_best`` (`sensitivity.measures.among_best`).
    colours
        Of each setting, by name.
    """
    rows = shown(table, branch)
    draw_sides(rows, axes, colours, OVERALL, BEST, same_scale=False)
    axes.set_xlabel("share of the variance (%); the two sides have scales of their own")


@styled
def picture(study: Study, tables: Mapping[str, pd.DataFrame]) -> Drawing:
    """Ranking among the best beside the global one.

    Raises
    ------
    NothingToDraw
        Where no setting can be ranked among the best.
    """
    table = tables[NAME]
    rows = shown(table)
    if rows.empty:
        raise NothingToDraw(next(iter(table[VERDICT]), "") or "no setting varies")
    figure, axes = figure_of(rows)
    draw(table, axes, setting_colours(study.space.names))
    best = float(rows[BEST_PERCENT].iloc[0])
    return Drawing(figure, f"What still matters among the best {best:g} %", caption(study, rows))


def caption(study: Study, rows: pd.DataFrame) -> str:
    """Sentences under the picture; ``rows`` from `shown`."""
    best, marked, threshold = (
        float(rows[name].iloc[0]) for name in (BEST_PERCENT, MARKED_PERCENT, THRESHOLD)
    )
    ties = f" ({marked:.1f} % of them, as values tie)" if marked > best * 1.02 else ""
    text = (
        "Left: how much of the variance of the response a setting explains by itself. Right: how much of "
        f"whether a trial is among the best {best:g} %{ties}, with a {words(study.metric, 60)} of "
        f"{short(threshold, 3)} or lower. Compare ranks, not lengths: being among the best takes all "
        "settings at once, so shares on the right are small by nature."
    )
    return " ".join([text + direction_words(study), *mark_sentences(rows, OVERALL, BEST)])


PICTURE: Final = Picture("among_best", "among-best", picture)
