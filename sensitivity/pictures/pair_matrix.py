"""All pairs of settings in one matrix: re-tuned below the diagonal, untuned above, isolation curves on it.

Every cell has the same size, so that the matrix is as wide as its settings have levels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sensitivity.branch import LONGEST, words
from sensitivity.estimators.effects import ALL, BRANCH, SETTING
from sensitivity.language import say
from sensitivity.pictures.labels import (
    about,
    direction_words,
    in_picture,
    metric_label,
    scatter_words,
)
from sensitivity.pictures.marks.cells import (
    TUNED,
    UNTUNED,
    column_words,
    cut_words,
    drawn_pairs,
    filled,
    levels_of,
    not_shown,
    pair_rows,
)
from sensitivity.pictures.marks.colours import colour_bar, colour_scale
from sensitivity.pictures.marks.heatmap import paint_bare, write
from sensitivity.pictures.marks.isolation import draw_curve
from sensitivity.pictures.marks.layout import inches
from sensitivity.pictures.marks.scales import is_log
from sensitivity.pictures.orders import by_importance
from sensitivity.pictures.picture import NothingToDraw, Picture
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import INK, SMALLEST, WIDTH, new_figure, setting_colours, styled
from sensitivity.trials import all_failed

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sensitivity.pictures.marks.cells import Grid
    from sensitivity.study import Study

MOST: Final = 6
NARROWEST: Final = 0.125  # inches of a cell: what a line of its labels is high
CELL: Final = (0.42, 0.36)  # inches
LEAST: Final = 0.16  # inches of a cell's height without numbers: a label must find room beside it
BELOW: Final = 1.15  # inches of the names and the colour bars with their numbers
TICKED: Final = 1.0  # inches of a panel whose curve leaves room for the numbers of an axis
SLACK: Final = 1.2  # room for a name beyond its panel: the gap to the next one
SIZES: Final = (SMALLEST, SMALLEST)


@dataclass(frozen=True)
class _Matrix:
    """A figure with a panel for every pair of settings; ``cell``: width and height of a cell, in inches."""

    names: list[str]
    levels: dict[str, list[object]]
    cell: tuple[float, float]
    figure: Figure
    panels: Any  # Axes, shape (settings, settings)

    @property
    def texts(self) -> bool:
        """Whether the cells have room for numbers."""
        return self.cell[0] >= CELL[0] * 0.99


def _matrix(inside: pd.DataFrame, names: list[str]) -> _Matrix:
    """Panels as wide as their settings have levels; cells lose their numbers where there are too many.

    The last settings are left out where the labels of all would lie on each other.
    """
    levels = {name: levels_of(inside, name) for name in names}
    while len(levels) > 2 and _cell_width(levels) < NARROWEST:
        levels.popitem()
    names, sizes = list(levels), [len(found) for found in levels.values()]
    wide = _cell_width(levels)
    high = CELL[1] if wide >= CELL[0] * 0.99 else max(LEAST, wide * CELL[1] / CELL[0])
    deep = max(inches(column_words(found), 8.0) for found in levels.values())
    figure = new_figure(high * sum(sizes) + deep + BELOW, WIDTH)
    panels = figure.subplots(len(names), len(names), squeeze=False, width_ratios=sizes, height_ratios=sizes)
    for axes in panels.ravel():
        axes.set_visible(False)  # until something is drawn
    return _Matrix(names, levels, (wide, high), figure, panels)


def _cell_width(levels: Mapping[str, list[object]]) -> float:
    """Inches that a cell has across, beside the labels of both sides."""
    beside = 2 * inches([text for found in levels.values() for text in column_words(found)], 8.0) + 0.6
    return (WIDTH - beside) / sum(map(len, levels.values()))


@styled
def picture(study: Study, tables: Mapping[str, pd.DataFrame]) -> Drawing:
    """Matrix of the at most six most important settings, fewer where these have very many levels.

    Nothing to draw where no two settings vary together.
    """
    pairs = drawn_pairs(tables)
    inside = pairs[pairs[BRANCH] == ALL]
    varied = dict.fromkeys([*inside["first"], *inside["second"]])
    ordered = [name for name in dict.fromkeys([*by_importance(tables), *varied]) if name in varied]
    matrix = _matrix(inside, ordered[:MOST])
    half = max(len(matrix.names) // 2, 1)
    for of, text, beneath in (
        (TUNED, in_picture("captions.pairs-below", label=metric_label(study)), matrix.panels[-1, :half]),
        (UNTUNED, in_picture("captions.pairs-above", label=metric_label(study)), matrix.panels[-1, half:]),
    ):
        _half(matrix, _grids(inside, matrix, of), text, beneath)
    if not all_failed(study.plan):
        _diagonal(matrix, tables["isolation_curves"], study)
    matrix.figure.align_labels()
    metric = words(study.metric)
    title = say("captions.pairs", metric=metric, about=about(study))
    caption = _caption(study, matrix, ordered[len(matrix.names) :], scatter_words(inside))
    return Drawing(matrix.figure, title, caption)


def _half(matrix: _Matrix, grids: Mapping[tuple[int, int], Grid], label: str, beneath: Any) -> None:  # noqa: ANN401
    """The panels on one side of the diagonal, with the colour bar beneath some Axes."""
    every = list(grids.values())
    scale = colour_scale(every)
    for at, cells in grids.items():
        axes = matrix.panels[at]
        axes.set_visible(True)
        paint_bare(axes, cells, scale)
        if matrix.texts:
            write(axes, cells, scale, SIZES, short_spread=True, like=every)
        _ticks(axes, matrix, *at)
    if any(cells.shown.any() for cells in every):
        colour_bar(scale, label, beneath.tolist(), lying=True)


def _diagonal(matrix: _Matrix, curves: pd.DataFrame, study: Study) -> None:
    """The isolation curve of each setting."""
    colours = setting_colours(study.space.names)
    for place, name in enumerate(matrix.names):
        own = curves[(curves[BRANCH] == ALL) & (curves[SETTING] == name) & curves["best"].notna()]
        if len(own):
            axes = matrix.panels[place, place]
            axes.set_visible(True)
            levels, colour = matrix.levels[name], colours.get(name, INK)
            draw_curve(own, axes, levels, colour, log=is_log(study, name), texts=matrix.texts)
            if not matrix.texts and matrix.cell[1] * len(levels) < TICKED:
                axes.set_yticks([])  # they would lie on the curve
            _ticks(axes, matrix, place, place)


def _grids(inside: pd.DataFrame, matrix: _Matrix, of: tuple[str, str]) -> dict[tuple[int, int], Grid]:
    """Cells of each pair on one side of the diagonal, by the places of its row and column."""
    found = {}
    for row, column in np.ndindex(len(matrix.names), len(matrix.names)):
        if (row > column) != (of == TUNED) or row == column:
            continue
        one, other = matrix.names[row], matrix.names[column]
        table = pair_rows(inside, one, other)
        if len(table):
            found[row, column] = filled(table, matrix.levels[one], matrix.levels[other], of)
    if not found:
        raise NothingToDraw(say("captions.no-two-vary"))
    return found


def _ticks(axes: Axes, matrix: _Matrix, row: int, column: int) -> None:
    """Levels and names at the left of the first panels and beneath the last ones."""
    axes.tick_params(axis="x", length=0)
    axes.set_xticks([])
    if row == len(matrix.names) - 1:
        texts = column_words(matrix.levels[matrix.names[column]])
        every = math.ceil(NARROWEST / matrix.cell[0])  # two settings may have more levels than room
        axes.set_xticks(np.arange(len(texts))[::every] + 0.5, texts[::every])
        if inches(texts, 8.0) > matrix.cell[0]:
            axes.tick_params(axis="x", rotation=90)
        axes.set_xlabel(_name(matrix, column, 0))
    if row != column:
        # The first row's levels stand at its right end: its left end is the diagonal, with another axis.
        last = row == 0 and column == len(matrix.names) - 1
        names = column_words(matrix.levels[matrix.names[row]]) if column == 0 or last else []
        axes.set_yticks(np.arange(len(names)) + 0.5, names)
        axes.tick_params(axis="y", length=0, labelright=last, labelleft=not last)
    if column == 0:
        axes.set_ylabel(_name(matrix, row, 1))


def _name(matrix: _Matrix, place: int, side: int) -> str:
    """Name of a setting, on two lines or cut to the width (side 0) or the height (side 1) of its panel."""
    name = matrix.names[place]
    room = matrix.cell[side] * len(matrix.levels[name])
    written = words(name, LONGEST)
    if inches([written], 9.0) > room and " " in written:
        middle = min(
            (at for at, letter in enumerate(written) if letter == " "),
            key=lambda at: abs(2 * at - len(written)),
        )
        lines = [written[:middle], written[middle + 1 :]]
        if inches(lines, 9.0) <= room * SLACK:
            return "\n".join(lines)
    return words(name, min(max(int(room * len(name) / inches([name], 9.0)), 6), LONGEST))


def _caption(study: Study, matrix: _Matrix, left_out: list[str], scatter: str) -> str:
    parts = [
        say("captions.pairs-how", turned="yes" if study.turned else "no") + direction_words(study),
    ]
    if scatter:
        parts.append(say("captions.scatter-of-diagonal", scatter=scatter))
    parts += [say("captions.hatched"), say("captions.empty")]
    if not matrix.texts:
        parts.append(say("captions.pairs-many"))
    if cut := cut_words(study, matrix.levels):
        parts.append(cut)
    if left_out:
        parts.append(say("captions.left-out", names=", ".join(words(name) for name in left_out)))
    parts += [not_shown(study, name, [one for one in matrix.names if one != name]) for name in matrix.names]
    return " ".join(part for part in parts if part)


PICTURE: Final = Picture("pair_matrix", "reachable", picture, place=2, slow=True)
