"""One heatmap of what can be reached in each cell of two settings, everything else re-tuned.

A mean over all other settings would hide what is reachable: a cell shows its best configuration, as mean ±
standard deviation over the replicates. The share of diverged trials is over *all* trials of the cell: how
forgiving the place is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.estimators.effects import ALL
from sensitivity.pictures.cells import best_rows_first, grid, pair_rows
from sensitivity.pictures.colour_bars import colour_bar
from sensitivity.pictures.heatmap import (
    any_hatched,
    colour_scale,
    column_words,
    frame_best,
    label_depth,
    paint,
    turn_long_labels,
    write,
)
from sensitivity.pictures.labels import about, direction_words, inches, metric_label, scatter_words
from sensitivity.pictures.picture import NothingToDraw
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import WIDTH, new_figure, styled, words
from sensitivity.remarks import REMARKS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from sensitivity.pictures.cells import Grid
    from sensitivity.study import Study

WIDEST: Final = 14.0
CELL: Final = (0.46, 0.52)  # inches that a cell with its texts needs
SIZES: Final = (8.0, 7.0, 7.0)
LEAST_HEIGHT: Final = 0.14  # of a cell without text: its label


@styled
def draw(
    pairs: pd.DataFrame,
    axes: Axes,
    rows: str = "optimizer",
    columns: str = "learning_rate",
    metric: str = "value (lower is better)",
    *,
    branch: str = ALL,
    texts: bool = True,
) -> None:
    """Draw the best reachable of two settings, rows of names from the best to the worst.

    Parameters
    ----------
    pairs
        The table `pairs`.
    axes
        Where to draw; its figure gets a colour bar.
    rows, columns
        Settings of the rows and of the columns.
    metric
        What the colours mean, and which way is better, in words.
    texts
        Whether the numbers stand in the cells.
    """
    cells = _cells(pairs, rows, columns, branch)
    scale = colour_scale([cells])
    paint(axes, cells, scale, gap=1.0)
    if texts:
        write(axes, cells, scale, SIZES, share=True)
    frame_best(axes, cells)
    axes.set(xlabel=words(columns), ylabel=words(rows))
    if cells.shown.any():
        colour_bar(scale, metric.replace(" (", "\n(") if len(cells.rows) < 5 else metric, axes=axes)


def best_by(study: Study, pairs: pd.DataFrame, rows: str, columns: str) -> Drawing:
    """Picture of the best reachable of two settings.

    Parameters
    ----------
    pairs
        The rows of the table `pairs` that hold numbers.
    """
    cells = _cells(pairs, rows, columns, ALL)
    label = inches([words(level) for level in cells.rows], 8.0) + 1.35
    width = min(max(WIDTH, label + CELL[0] * len(cells.columns)), WIDEST)
    texts = (width - label) / len(cells.columns) >= CELL[0] * 0.9
    height = (CELL[1] if texts else LEAST_HEIGHT + 0.06) * len(cells.rows)
    cell = (width - label) / len(cells.columns)
    depth = label_depth(column_words(cells.columns), cell)
    figure = new_figure(max(height, 1.6) + 0.35 + depth, width)
    axes = figure.add_subplot()
    draw(pairs, axes, rows, columns, metric_label(study), texts=texts)
    turn_long_labels(axes, cell)
    title = f"Best {words(study.metric)} by {words(columns)} and {words(rows)}: {about(study)}"
    return Drawing(figure, title, _caption(study, pairs, cells, (rows, columns), texts=texts))


def _cells(pairs: pd.DataFrame, rows: str, columns: str, branch: str) -> Grid:
    cells = grid(pairs, rows, columns, branch)
    if cells is None:
        raise NothingToDraw(f"{words(rows)} and {words(columns)} do not vary together")
    return best_rows_first(cells)


def _caption(study: Study, pairs: pd.DataFrame, cells: Grid, names: tuple[str, str], *, texts: bool) -> str:
    several = bool(np.isfinite(cells.spread).any())
    spread = " ± standard deviation over its replicates" if several else " (one replicate: no ± known)"
    each = "Each cell" if texts else "Each cell (too many for numbers)"
    parts = [f"{each}: {metric_label(study)} of its best configuration{spread}, all other settings tuned"]
    parts = [f"{parts[0]} for that cell; darker is better.{direction_words(study)}"]
    hatched, empty = any_hatched([cells])
    if texts and several and (scatter := scatter_words(pair_rows(pairs, *names))):
        parts.append(f"{scatter} of the isolation curves (table, and pale in the pair matrix).")
    if ((cells.diverged > 0) & cells.shown).any() and texts:
        parts.append("Per cent: share of all the cell's trials that diverged.")
    if hatched:
        parts.append("Hatched: 10 % of them or more did, densely: 50 % or more; grey: all of them.")
    if cells.shown.any():
        parts.append("Framed: best of the row, ties included.")
    if empty:
        parts.append("Empty: no trial.")
    remarks = {cell.words for cell in pair_rows(pairs, *names)[REMARKS] if cell}
    return " ".join([*parts, *(f"Note: {words(remark, 200)}." for remark in sorted(remarks))])
