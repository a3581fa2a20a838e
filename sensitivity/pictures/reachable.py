"""One heatmap of what can be reached in each cell of two settings, everything else re-tuned.

A mean over all other settings would hide what is reachable: a cell shows its best configuration, as mean ±
standard deviation over the replicates. The share of diverged trials is over *all* trials of the cell: how
forgiving the place is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.branch import OPTIMIZER, words
from sensitivity.estimators.effects import ALL
from sensitivity.language import say
from sensitivity.pictures.labels import best_title, direction_words, metric_label, own_label, scatter_words
from sensitivity.pictures.marks.cells import (
    column_words,
    cut_words,
    grid,
    not_shown,
    pair_rows,
)
from sensitivity.pictures.marks.colours import colour_bar, colour_scale
from sensitivity.pictures.marks.heatmap import any_empty, any_hatched, frame_best, paint, write
from sensitivity.pictures.marks.layout import sheet, turn_long_labels
from sensitivity.pictures.picture import NothingToDraw
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import styled
from sensitivity.remarks import REMARKS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from sensitivity.pictures.marks.cells import Grid
    from sensitivity.study import Study

CELL: Final = (0.46, 0.52)  # inches that a cell with its texts needs
SIZES: Final = (8.0, 7.0, 7.0)
LEAST_HEIGHT: Final = 0.2  # of a cell without text: its label


@styled
def draw(
    pairs: pd.DataFrame,
    axes: Axes,
    rows: str = OPTIMIZER,
    columns: str = "learning_rate",
    metric: str = "value (lower is better)",
    *,
    branch: str = ALL,
    texts: bool = True,
) -> None:
    """Draw the best reachable of two settings.

    Nothing to draw where the two settings do not vary together.

    Parameters
    ----------
    pairs
        The table `pairs` (`sensitivity.measures.pairs`).
    axes
        Where to draw; its figure gets a colour bar.
    rows, columns
        Settings.
    metric
        Label of the colour bar.
    branch
        Which trials.
    texts
        Whether numbers stand in the cells.
    """
    cells = _cells(pairs, rows, columns, branch)
    scale = colour_scale([cells])
    paint(axes, cells, scale)
    if texts:
        write(axes, cells, scale, SIZES, share=True)
    frame_best(axes, cells)
    axes.set(xlabel=words(columns), ylabel=words(rows))
    if cells.shown.any():
        colour_bar(scale, metric.replace(" (", "\n(") if len(cells.rows) < 5 else metric, axes)


@styled
def best_by(study: Study, pairs: pd.DataFrame, rows: str, columns: str) -> Drawing:
    """Picture of the best reachable of two settings.

    Parameters
    ----------
    pairs
        The rows of the table `pairs` that hold numbers.
    """
    cells = _cells(pairs, rows, columns, ALL)
    room = sheet(cells.rows, column_words(cells.columns), CELL[0])
    axes = room.axes(max((CELL[1] if room.texts else LEAST_HEIGHT) * len(cells.rows), 1.6) + 0.35)
    draw(pairs, axes, rows, columns, metric_label(study), texts=room.texts)
    turn_long_labels(axes, room.cell)
    title = best_title(study, rows, columns)
    caption = _caption(study, pair_rows(pairs, rows, columns), (rows, columns), cells, texts=room.texts)
    outside = [not_shown(study, rows, [columns]), not_shown(study, columns, [rows])]
    caption = " ".join([caption, *(sentence for sentence in outside if sentence)])
    return Drawing.on(axes, title, caption)


def _cells(pairs: pd.DataFrame, rows: str, columns: str, branch: str) -> Grid:
    cells = grid(pairs, rows, columns, branch)
    if cells is None:
        raise NothingToDraw(say("captions.do-not-vary", first=words(rows), second=words(columns)))
    return cells


def _caption(study: Study, pair: pd.DataFrame, names: tuple[str, str], cells: Grid, *, texts: bool) -> str:
    several = bool(np.isfinite(cells.spread).any())
    each = say(
        "captions.each-cell",
        texts="yes" if texts else "no",
        label=own_label(study),
        several="yes" if several else "no",
    )
    parts = [f"{each}{direction_words(study)}"]
    if texts and several and (scatter := scatter_words(pair)):
        parts.append(say("captions.scatter-of-curves", scatter=scatter))
    if ((cells.diverged > 0) & cells.shown).any() and texts:
        parts.append(say("captions.cell-failed"))
    if any_hatched([cells]):
        parts.append(say("captions.hatched"))
    if cut := cut_words(study, {names[0]: cells.rows, names[1]: cells.columns}):
        parts.append(cut)
    if cells.shown.any():
        parts.append(say("captions.framed-row"))
    if any_empty([cells]):
        parts.append(say("captions.empty"))
    remarks = {cell.words for cell in pair[REMARKS] if cell}
    notes = [say("captions.note", remark=words(remark, 200)) for remark in sorted(remarks)]
    return " ".join([*parts, *notes])
