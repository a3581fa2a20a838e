"""Small multiples: a panel per branch, the followed setting upwards, another across, one colour scale."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.branch import words
from sensitivity.coding import is_number
from sensitivity.estimators.effects import ALL, BRANCH
from sensitivity.language import say
from sensitivity.measures.pairs import FIRST, SECOND
from sensitivity.pictures.labels import direction_words, metric_label, own_label
from sensitivity.pictures.marks.cells import column_words, grid
from sensitivity.pictures.marks.colours import colour_bar, colour_scale
from sensitivity.pictures.marks.heatmap import any_empty, any_hatched, frame_best, paint, write
from sensitivity.pictures.marks.layout import LINE, inches, label_depth, turn_long_labels
from sensitivity.pictures.picture import NothingToDraw
from sensitivity.pictures.style import SMALLEST, new_figure

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.colors import Normalize
    from matplotlib.figure import Figure

    from sensitivity.pictures.marks.cells import Grid
    from sensitivity.study import Study

ROW: Final = 0.2  # inches of a cell's height
TEXT_WIDTH: Final = 0.4  # inches that a cell's number needs
ROOM: Final = 5.8  # inches for all cells side by side, beside the labels and the colour bar
MOST: Final = 12


def branch_grids(pairs: pd.DataFrame, row: str, column: str) -> dict[str, Grid]:
    """Cells of a pair in each optimizer that has both, large rows on top; of all where none has.

    Nothing to draw where the two settings vary together nowhere.
    """
    both = (pairs[FIRST].isin([row, column])) & (pairs[SECOND].isin([row, column]))
    named = [str(branch) for branch in dict.fromkeys(pairs.loc[both, BRANCH]) if branch != ALL]
    found = {}
    for branch in named or [ALL]:
        cells = grid(pairs, row, column, branch)
        if cells is not None and len(cells.rows) > 1:
            found[branch] = cells.upside_down()
    if not found:
        raise NothingToDraw(f"{words(row)} and {words(column)} do not vary together")
    return dict(list(found.items())[:MOST])


@dataclass(frozen=True)
class Panels:
    """A figure with a panel per branch.

    Attributes
    ----------
    texts
        Whether the cells have room for their numbers.
    """

    figure: Figure
    axes: Mapping[str, Axes]
    grids: Mapping[str, Grid]
    scale: Normalize
    texts: bool


def small_multiples(
    study: Study, grids: Mapping[str, Grid], names: tuple[str, str], cell: float = TEXT_WIDTH
) -> Panels:
    """Lay out and paint one panel per branch; the best cell of each is framed.

    Parameters
    ----------
    names
        Setting that grows upwards, and the one across.
    cell
        Width of a cell with a number, in inches.
    """
    wide = max(len(cells.columns) for cells in grids.values())
    per_row = min(max(int(ROOM / (cell * wide + 0.12)), 2), len(grids))
    width = ROOM / per_row / wide  # of a cell, about
    lines = math.ceil(len(grids) / per_row)
    deep = max(_depth(cells, width) for cells in grids.values())
    tall = max(len(cells.rows) for cells in grids.values()) * ROW + 0.3 + deep
    figure = new_figure(max(tall * lines, 1.3) + 0.2)
    every = figure.subplots(lines, per_row, squeeze=False)
    scale, axes = colour_scale(list(grids.values())), dict(zip(grids, every.ravel().tolist(), strict=False))
    for branch, cells in grids.items():
        paint(axes[branch], cells, scale, gap=0.6)
        frame_best(axes[branch], cells, each_row=False)
        _thin(axes[branch], cells, width)
        axes[branch].set_title("" if branch == ALL else words(branch), fontsize=9.0, pad=3)
    for place, each in enumerate(every.ravel()):
        each.set_visible(place < len(grids))
        each.set_ylabel("" if place % per_row else words(names[0]))
        each.set_xlabel(words(names[1]) if place + per_row >= len(grids) else "")
    if any(cells.shown.any() for cells in grids.values()):
        label = metric_label(study) if tall * lines > 2.5 else metric_label(study).replace(" (", "\n(")
        colour_bar(scale, label, every.ravel().tolist())
    return Panels(figure, axes, grids, scale, width >= cell * 0.9)


def _depth(cells: Grid, cell: float) -> float:
    """Height of the labels under a panel in inches: numbers are thinned out, names are turned."""
    return LINE if all(map(is_number, cells.columns)) else label_depth(column_words(cells.columns), cell)


def _thin(axes: Axes, cells: Grid, cell: float) -> None:
    """Every second or third number, where not all of them have room; names are turned."""
    if not all(map(is_number, cells.columns)):
        turn_long_labels(axes, cell)
        return
    texts = column_words(cells.columns)
    every = max(math.ceil((inches(texts, 8.0) + 0.04) / cell), 1)
    axes.set_xticks(np.arange(len(texts))[::every] + 0.5, texts[::every])


def write_numbers(panels: Panels, place: float = 0.5) -> None:
    """Numbers into the cells where they have room; see `heatmap.write` for ``place``."""
    if panels.texts:
        for branch, axes in panels.axes.items():
            write(axes, panels.grids[branch], panels.scale, (SMALLEST,), place=place, boxed=True)


def how_to_read(study: Study, panels: Panels) -> str:
    """Sentences on what a cell shows, and on the marks of all panels."""
    each = say("captions.each-cell-panel", label=own_label(study)) + direction_words(study)
    every = list(panels.grids.values())
    marks = [say("captions.framed-panel")]
    marks += [say("captions.hatched")] if any_hatched(every) else []
    marks += [say("captions.empty")] if any_empty(every) else []
    return " ".join([each, *marks])
