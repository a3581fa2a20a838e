"""Batch size and learning rate: what can be reached in each cell, and where the best rate moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.branch import words
from sensitivity.language import say
from sensitivity.pictures.labels import best_title
from sensitivity.pictures.marks.bars import intervals
from sensitivity.pictures.marks.cells import drawn_pairs, usable
from sensitivity.pictures.marks.panels import branch_grids, how_to_read, small_multiples, write_numbers
from sensitivity.pictures.marks.scales import is_log, position
from sensitivity.pictures.orders import by_importance
from sensitivity.pictures.picture import NothingToDraw, Picture
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import FRAME, styled
from sensitivity.trials import all_failed

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes

    from sensitivity.pictures.marks.cells import Grid
    from sensitivity.study import Study

BATCH: Final = "batch_size"
BESIDE: Final = 0.14  # where the marks stand in a cell: left of its number


@styled
def picture(study: Study, tables: Mapping[str, pd.DataFrame]) -> Drawing:
    """A panel per optimizer: the followed setting against the batch size, or the most important other one.

    Nothing to draw where no optimum was followed, or the two settings do not vary together.
    """
    if all_failed(study.plan):
        raise NothingToDraw(say("captions.every-trial-failed"))
    optima = usable(tables, "moving_optimum", "best", say("captions.optimum-none"))
    followed, other = str(optima["of"].iloc[0]), _other(optima, by_importance(tables), study.branch)
    grids = branch_grids(drawn_pairs(tables), followed, other)
    panels = small_multiples(study, grids, (followed, other), 0.56)
    for branch, axes in panels.axes.items():
        rows = optima[(optima["branch"] == branch) & (optima["setting"] == other)]
        draw(rows, axes, grids[branch], BESIDE if panels.texts else 0.5, log=is_log(study, followed))
    write_numbers(panels, 0.6)
    one, two = words(followed), words(other)
    caption = f"{how_to_read(study, panels)} {say('captions.optimum-dots', one=one, two=two)}"
    title = best_title(study, followed, other)
    return Drawing(panels.figure, title, caption)


def _other(optima: pd.DataFrame, ranking: list[str], branch: str) -> str:
    names = dict.fromkeys(optima["setting"])
    ordered = [name for name in (BATCH, *ranking, *names) if name in names]
    inside = [name for name in ordered if name != branch]
    return str((inside or ordered)[0])


@styled
def draw(optima: pd.DataFrame, axes: Axes, cells: Grid, beside: float = 0.5, *, log: bool = False) -> None:
    """Draw the best value of the followed setting at each level of the other, with its 95 % interval.

    Parameters
    ----------
    optima
        Rows of the table `moving_optimum` of one branch and one other setting.
    cells
        What is drawn on the Axes: the followed setting upwards, the other one across.
    beside
        Where in a cell the marks stand, between 0 (left) and 1.
    log
        Whether the followed setting has a logarithmic scale.
    """
    places = {str(level): column + beside for column, level in enumerate(cells.columns)}
    rows = optima[[str(level) in places for level in optima["level"]]]
    if not len(rows):
        return
    across = np.array([places[str(level)] for level in rows["level"]])
    best, low, high = (
        position(cells.rows, rows[name].to_numpy(float), log=log) for name in ("best", "low", "high")
    )
    ends = [np.clip(end, 0.05, len(cells.rows) - 0.05) for end in (low, high)]
    intervals(axes, across, (ends[0], ends[1]), colour=FRAME, width=1.2, upright=True, zorder=5)
    axes.plot(across, best, color=FRAME, linewidth=1.0, zorder=5)
    edge = rows["at_edge"].to_numpy(bool)
    for chosen, face in ((~edge, FRAME), (edge, "none")):
        axes.plot(
            across[chosen], best[chosen], "o", color=FRAME, markersize=4, markerfacecolor=face, zorder=5
        )


PICTURE: Final = Picture("batch_size_and_learning_rate", "moving-optimum", picture, slow=True)
