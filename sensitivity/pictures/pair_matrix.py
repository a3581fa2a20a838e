"""All pairs of settings in one matrix: re-tuned below the diagonal, untuned above, isolation curves on it.

Every cell has the same size, so that the matrix is as wide as its settings have levels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.estimators.effects import ALL, BRANCH, SETTING
from sensitivity.measures.pairs import BEST
from sensitivity.pictures.labels import about, direction_words, metric_label, scatter_words
from sensitivity.pictures.marks.cells import (
    TUNED,
    UNTUNED,
    by_importance,
    column_words,
    filled,
    levels_of,
    pair_rows,
    usable,
)
from sensitivity.pictures.marks.colours import LYING, colour_bar, colour_scale
from sensitivity.pictures.marks.heatmap import MARKS, paint_bare, write
from sensitivity.pictures.marks.isolation import draw_curve
from sensitivity.pictures.marks.layout import inches, label_depth, panel, placed_figure, turn_long_labels
from sensitivity.pictures.marks.scales import is_log
from sensitivity.pictures.picture import NothingToDraw, Picture
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import INK, LONGEST, SMALLEST, WIDTH, setting_colours, styled, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sensitivity.pictures.marks.cells import Grid
    from sensitivity.study import Study

MOST: Final = 6
WIDEST: Final = 14.9
CELL: Final = (0.42, 0.36)  # inches
LEAST: Final = 0.16  # inches of a cell's height without numbers: a label must find room beside it
GAP: Final = 0.1
ABOVE: Final = 0.1
BARS: Final = 1.0  # inches of the colour bars with their numbers
SIZES: Final = (SMALLEST, SMALLEST)


@dataclass(frozen=True)
class _Plan:
    """Where the panels stand: settings, their levels, size of a cell and margin on the left, in inches."""

    names: list[str]
    levels: dict[str, list[object]]
    cell: tuple[float, float]
    left: float
    right: float
    below: float

    @property
    def texts(self) -> bool:
        return self.cell[0] >= CELL[0] * 0.99

    def start(self, place: int, side: int) -> float:
        """Left (side 0) or upper (side 1) end of a panel, in inches from that of the first one."""
        before = sum(len(self.levels[name]) for name in self.names[:place])
        return before * self.cell[side] + place * GAP

    def size(self, place: int, side: int) -> float:
        return len(self.levels[self.names[place]]) * self.cell[side]

    def box(self, row: int, column: int) -> tuple[float, float, float, float]:
        """Place and size of a panel, as `placing.panel` wants it."""
        place = self.left + self.start(column, 0), ABOVE + self.start(row, 1)
        return *place, self.size(column, 0), self.size(row, 1)

    @property
    def whole(self) -> tuple[float, float]:
        last = len(self.names) - 1
        return self.start(last, 0) + self.size(last, 0), self.start(last, 1) + self.size(last, 1)


@styled
def picture(study: Study, tables: Mapping[str, pd.DataFrame]) -> Drawing:
    """Matrix of the at most six most important settings.

    Raises
    ------
    NothingToDraw
        When no two settings vary together.
    """
    pairs = usable(tables, "pairs", BEST)
    inside = pairs[pairs[BRANCH] == ALL]
    varied = dict.fromkeys([*inside["first"], *inside["second"]])
    ordered = [name for name in dict.fromkeys([*by_importance(tables), *varied]) if name in varied]
    plan = _planned(inside, ordered[:MOST])
    wide, high = plan.whole
    figure = placed_figure(max(plan.left + wide + plan.right, WIDTH), ABOVE + high + plan.below)
    for of, text in ((TUNED, "below: best, re-tuned"), (UNTUNED, "above: mean, untuned")):
        label = f"{text}\n{metric_label(study)}"
        _half(figure, plan, _grids(inside, plan, of), label, left=of == TUNED)
    _diagonal(figure, plan, tables["isolation_curves"], study)
    metric = words(study.metric)
    title = f"{metric[:1].upper()}{metric[1:]} by all pairs of settings: {about(study)}"
    caption = _caption(study, plan, ordered[MOST:], scatter_words(inside))
    return Drawing(figure, title, caption)


def _half(
    figure: Figure, plan: _Plan, grids: Mapping[tuple[int, int], Grid], label: str, *, left: bool
) -> None:
    """The panels on one side of the diagonal, with the colour bar beneath: two stand side by side."""
    every = list(grids.values())
    scale = colour_scale(every)
    for (row, column), cells in grids.items():
        axes = panel(figure, plan.box(row, column))
        paint_bare(axes, cells, scale)
        if plan.texts:
            write(axes, cells, scale, SIZES, short_spread=True, like=every)
        _ticks(axes, plan, row, column)
    if any(cells.shown.any() for cells in every):
        width, height = (float(size) for size in figure.get_size_inches())
        span = min((width - plan.left - 0.1) / 2 - 0.25, 4.5)
        start = plan.left + (0 if left else span + 0.5)
        colour_bar(scale, label, bar=panel(figure, (start, height - 0.65, span, 0.13), label=LYING))


def _diagonal(figure: Figure, plan: _Plan, curves: pd.DataFrame, study: Study) -> None:
    """The isolation curve of each setting."""
    colours = setting_colours(study.space.names)
    for place, name in enumerate(plan.names):
        own = curves[(curves[BRANCH] == ALL) & (curves[SETTING] == name) & curves["best"].notna()]
        if len(own):
            axes = panel(figure, plan.box(place, place))
            levels, colour = plan.levels[name], colours.get(name, INK)
            draw_curve(own, axes, levels, colour, log=is_log(study, name), texts=plan.texts)
            _ticks(axes, plan, place, place)


def _planned(inside: pd.DataFrame, names: list[str]) -> _Plan:
    """Settings with their levels; cells shrink, and lose their numbers, where there are too many."""
    levels = {name: levels_of(inside, name) for name in names}
    texts = [text for found in levels.values() for text in column_words(found)]
    left = inches(texts, 8.0) + 0.35
    count = sum(len(found) for found in levels.values())
    right = inches(column_words(levels[names[0]]), 8.0) + 0.1
    room = WIDEST - left - right - GAP * (len(names) - 1)
    wide = min(room / count, max(CELL[0], (room - WIDEST + WIDTH) / count))
    high = CELL[1] if wide >= CELL[0] * 0.99 else max(LEAST, wide * CELL[1] / CELL[0])
    deep = max(label_depth(column_words(found), wide) for found in levels.values())
    return _Plan(names, levels, (wide, high), left, right, deep + 0.25 + BARS)


def _grids(inside: pd.DataFrame, plan: _Plan, of: tuple[str, str]) -> dict[tuple[int, int], Grid]:
    """Cells of each pair on one side of the diagonal, by the places of its row and column."""
    found = {}
    for row, column in np.ndindex(len(plan.names), len(plan.names)):
        if (row > column) != (of == TUNED) or row == column:
            continue
        one, other = plan.names[row], plan.names[column]
        table = pair_rows(inside, one, other)
        if len(table):
            found[row, column] = filled(table, plan.levels[one], plan.levels[other], of)
    if not found:
        raise NothingToDraw("no two settings vary together")
    return found


def _ticks(axes: Axes, plan: _Plan, row: int, column: int) -> None:
    """Levels and names at the left of the first panels and beneath the last ones."""
    _, _, width, height = plan.box(row, column)
    axes.tick_params(axis="x", length=0)
    axes.set_xticks([])
    if row == len(plan.names) - 1:
        _levels_beneath(axes, plan, column)
        depth = max(label_depth(column_words(levels), plan.cell[0]) for levels in plan.levels.values())
        axes.set_xlabel(_name(plan.names[column], width))
        axes.xaxis.set_label_coords(0.5, -(depth + 0.06) / height)
    if row != column:
        # The first row's levels stand at its right end: its left end is the diagonal, with another axis.
        last = row == 0 and column == len(plan.names) - 1
        names = column_words(plan.levels[plan.names[row]]) if column == 0 or last else []
        axes.set_yticks(np.arange(len(names)) + 0.5, names)
        axes.tick_params(axis="y", length=0, labelright=last, labelleft=not last)
    if column == 0:
        axes.set_ylabel(_name(plan.names[row], height))
        axes.yaxis.set_label_coords(-(plan.left - 0.14) / width, 0.5)


def _name(name: str, room: float) -> str:
    """Name of a setting, cut to the size of its panel in inches."""
    return words(name, min(max(int(room * len(name) / inches([name], 9.0)), 6), LONGEST))


def _levels_beneath(axes: Axes, plan: _Plan, column: int) -> None:
    texts = column_words(plan.levels[plan.names[column]])
    axes.set_xticks(np.arange(len(texts)) + 0.5, texts)
    turn_long_labels(axes, plan.cell[0])


def _caption(study: Study, plan: _Plan, left_out: list[str], scatter: str) -> str:
    parts = [
        "Below the diagonal: best configuration of each cell, all other settings tuned, ± standard deviation",
        "over its replicates. Above: mean ± standard deviation of all trials of the cell, nothing tuned.",
        "On the diagonal: the best at each level of the setting, all others tuned, ± standard deviation over",
        f"replicates, with its 95 % interval (pale). Darker and lower is better.{direction_words(study)}",
    ]
    if scatter:
        parts.append(f"{scatter} on the diagonal.")
    parts.append(MARKS)
    if not plan.texts:
        parts.append("Too many cells for numbers.")
    if left_out:
        parts.append(f"Left out, less important: {', '.join(words(name) for name in left_out)}.")
    return " ".join(parts)


PICTURE: Final = Picture("pair_matrix", "reachable", picture, place=2, slow=True)
