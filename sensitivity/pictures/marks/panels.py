"""Small multiples: a panel per branch, the followed setting upwards, another across, one colour scale."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.axis import is_number, texts_of
from sensitivity.estimators.effects import ALL, BRANCH
from sensitivity.measures.pairs import FIRST, SECOND
from sensitivity.pictures.labels import direction_words, metric_label
from sensitivity.pictures.marks.cells import column_words, grid
from sensitivity.pictures.marks.colours import colour_bar, colour_scale
from sensitivity.pictures.marks.heatmap import any_empty, any_hatched, frame_best, paint, write
from sensitivity.pictures.marks.layout import (
    LINE,
    inches,
    label_depth,
    panel,
    placed_figure,
    turn_long_labels,
)
from sensitivity.pictures.picture import NothingToDraw
from sensitivity.pictures.style import SMALLEST, WIDTH, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.colors import Normalize
    from matplotlib.figure import Figure

    from sensitivity.pictures.marks.cells import Grid
    from sensitivity.study import Study

ROW: Final = 0.2  # inches of a cell's height
TEXT_WIDTH: Final = 0.4  # inches that a cell's number needs
BAR: Final = 1.05  # inches right of the panels, for the colour bar
ABOVE: Final = 0.26  # inches above a panel, for its title
MOST: Final = 12


def branch_grids(pairs: pd.DataFrame, row: str, column: str, first: Sequence[str] = ()) -> dict[str, Grid]:
    """Cells of a pair in each optimizer that has both, large rows on top; of all where none has.

    Parameters
    ----------
    first
        Branches that come first, in this order.

    Raises
    ------
    NothingToDraw
        When the two settings vary together nowhere.
    """
    both = (pairs[FIRST].isin([row, column])) & (pairs[SECOND].isin([row, column]))
    named = [str(branch) for branch in dict.fromkeys(pairs.loc[both, BRANCH]) if branch != ALL]
    ordered = [branch for branch in dict.fromkeys([*first, *named]) if branch in named]
    found = {}
    for branch in ordered or [ALL]:
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
    plan = _planned(grids, cell)
    figure = placed_figure(WIDTH, plan.lines * plan.step + 0.28)
    scale, axes = colour_scale(list(grids.values())), {}
    for place, (branch, cells) in enumerate(grids.items()):
        axes[branch] = panel(figure, plan.box(place))
        paint(axes[branch], cells, scale, gap=0.6)
        frame_best(axes[branch], cells, each_row=False)
        _thin(axes[branch], cells, plan.width / len(cells.columns))
        axes[branch].set_title("" if branch == ALL else words(branch), fontsize=9.0, pad=3)
        _name_axes(axes[branch], names, plan, place, len(grids))
    if any(cells.shown.any() for cells in grids.values()):
        tall = min(plan.lines * plan.step - plan.below - ABOVE, 4.0)
        label = metric_label(study) if tall > 2.5 else metric_label(study).replace(" (", "\n(")
        colour_bar(scale, label, bar=panel(figure, (WIDTH - BAR + 0.15, ABOVE, 0.14, tall)))
    return Panels(figure, axes, grids, scale, plan.texts)


@dataclass(frozen=True)
class _Plan:
    """Where the panels stand, in inches: ``left`` of the first, ``gap`` between, ``below`` each its labels.

    ``same``: all have the same rows, so that the first of a line is enough to name them.
    """

    left: float
    gap: float
    width: float
    high: float
    below: float
    per_row: int
    lines: int
    same: bool
    texts: bool

    @property
    def step(self) -> float:
        """From the top of a line of panels to that of the next."""
        return ABOVE + self.high + self.below

    def box(self, place: int) -> tuple[float, float, float, float]:
        """Left, top, width and height of a panel."""
        row, column = divmod(place, self.per_row)
        return self.left + column * (self.width + self.gap), ABOVE + row * self.step, self.width, self.high


def _planned(grids: Mapping[str, Grid], cell: float) -> _Plan:
    """As many panels side by side as leave each cell the room of its number; two at least."""
    same = len({tuple(map(str, cells.rows)) for cells in grids.values()}) == 1
    levels = {text for cells in grids.values() for text in texts_of(cells.rows)}
    label = inches(levels, 8.0) + 0.08
    left, gap = label + 0.25, 0.12 if same else label + 0.08
    wide = max(len(cells.columns) for cells in grids.values())
    room = WIDTH - left - BAR
    per_row = min(max(int((room + gap) / (cell * wide + gap)), 2 if len(grids) > 1 else 1), len(grids))
    width = (room - gap * (per_row - 1)) / per_row
    return _Plan(
        left,
        gap,
        width,
        high=max(len(cells.rows) for cells in grids.values()) * ROW,
        below=0.05 + max(_depth(cells, width / len(cells.columns)) for cells in grids.values()),
        per_row=per_row,
        lines=math.ceil(len(grids) / per_row),
        same=same,
        texts=width / wide >= cell * 0.9,
    )


def _name_axes(axes: Axes, names: tuple[str, str], plan: _Plan, place: int, count: int) -> None:
    """Name the two settings at the first panel of each line and the last of each column."""
    if plan.same and place % plan.per_row:
        axes.set_yticklabels([])
    if place % plan.per_row == 0:
        axes.set_ylabel(words(names[0]))
    if place + plan.per_row >= count:
        axes.set_xlabel(words(names[1]))


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
    each = f"Each cell: {metric_label(study)} of its best configuration (mean over its replicates)"
    words_of = f"{each}, all other settings tuned; darker is better.{direction_words(study)}"
    every = list(panels.grids.values())
    marks = "Framed: the best of the panel, ties included."
    if any_hatched(every):
        marks += " Hatched: 10 % of the cell's trials diverged or more, densely: 50 %; grey: all of them."
    return f"{words_of} {marks}{' Empty: no trial.' if any_empty(every) else ''}"
