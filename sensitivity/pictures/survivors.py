"""What the diverged trials do to the ranking: with them at the cap, beside the survivors alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sensitivity.estimators.effects import ALL, BRANCH, KIND
from sensitivity.measures.survivors import (
    CAPPED_HIGH,
    CAPPED_LOW,
    CAPPED_RANK,
    CAPPED_SHARE,
    NONE_DIVERGED,
    SURVIVORS,
    SURVIVORS_HIGH,
    SURVIVORS_LOW,
    SURVIVORS_RANK,
    SURVIVORS_SHARE,
)
from sensitivity.pictures.picture import NothingToDraw, Picture
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import setting_colours, styled
from sensitivity.pictures.two_rankings import Side, comparable, draw_sides, figure_of, mark_sentences
from sensitivity.remarks import REMARKS, VERDICT, has

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes

    from sensitivity.study import Study

NAME: Final = "capped_and_survivors"
WITH: Final = Side("diverged trials at the cap", CAPPED_SHARE, CAPPED_LOW, CAPPED_HIGH, CAPPED_RANK)
WITHOUT: Final = Side("survivors only", SURVIVORS_SHARE, SURVIVORS_LOW, SURVIVORS_HIGH, SURVIVORS_RANK)


def shown(table: pd.DataFrame, branch: str = ALL) -> pd.DataFrame:
    """Settings of a branch that have both ranks, by the one with all trials."""
    return comparable(table[table[BRANCH] == branch], WITH, WITHOUT)


@styled
def draw(table: pd.DataFrame, axes: Axes, colours: Mapping[str, str], branch: str = ALL) -> None:
    """Draw shares with diverged trials to the left and without them to the right, by rank each.

    Parameters
    ----------
    table
        Table ``capped_and_survivors`` (`sensitivity.measures.survivors`).
    colours
        Of each setting, by name.
    """
    draw_sides(shown(table, branch), axes, colours, WITH, WITHOUT, same_scale=True)
    axes.set_xlabel("share of the variance of the response (%)")


@styled
def picture(study: Study, tables: Mapping[str, pd.DataFrame]) -> Drawing:
    """Ranking with the diverged trials beside the one without them.

    Raises
    ------
    NothingToDraw
        Where no trial diverged, or too few survive to be ranked.
    """
    table = tables[NAME]
    whole = table[table[BRANCH] == ALL]
    if any(has(whole[REMARKS], NONE_DIVERGED)):
        raise NothingToDraw("no trial diverged")
    rows = shown(table)
    if rows.empty:
        raise NothingToDraw(next(iter(whole[VERDICT]), "") or "no setting varies")
    figure, axes = figure_of(rows)
    draw(table, axes, setting_colours(study.space.names))
    return Drawing(figure, "The ranking with and without diverged trials", caption(study, rows))


def caption(study: Study, rows: pd.DataFrame) -> str:
    """Sentences under the picture; ``rows`` from `shown`."""
    left, every = int(rows[SURVIVORS].iloc[0]), study.plan_size or len(study.trials)
    kind = str(rows[KIND].iloc[0])
    text = (
        f"Left: {kind} effects where a diverged trial counts as the cap. Right: the same among the {left:,} "
        f"of {every:,} trials that did not diverge. One that falls mattered mostly because it makes "
        "training diverge. Shares on the right are no Sobol' indices: settings depend on each other among "
        "the survivors, so they do not add up."
    )
    return " ".join([text, *mark_sentences(rows, WITH, WITHOUT)])


PICTURE: Final = Picture("survivors", "divergence", picture, place=1)
