"""How fast training gets to the target: median epochs by optimizer and learning rate."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.colors import LogNorm

from sensitivity.branch import words
from sensitivity.estimators.effects import ALL, BRANCH, SETTING
from sensitivity.estimators.levels import LEVEL, LEVEL_FROM, LEVEL_TO
from sensitivity.estimators.proportions import TRIALS
from sensitivity.language import say
from sensitivity.measures.moving_optimum import RATE
from sensitivity.measures.training_speed import MEDIAN_EPOCHS, MEDIAN_HIGH, MEDIAN_LOW, REACHED_SHARE
from sensitivity.pictures.labels import about, in_picture
from sensitivity.pictures.marks.cells import Grid
from sensitivity.pictures.marks.colours import colour_bar
from sensitivity.pictures.marks.heatmap import ground, paint, patches, write_cell
from sensitivity.pictures.marks.layout import sheet, turn_long_labels
from sensitivity.pictures.marks.numbers import percent
from sensitivity.pictures.marks.scales import is_log
from sensitivity.pictures.orders import by_importance
from sensitivity.pictures.picture import NothingToDraw, Picture, first_reason
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import MISSING, styled

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from typing import Any

    import pandas as pd
    from matplotlib.axes import Axes

    from sensitivity.study import Study

NAME: Final = "training_speed"
CELL: Final = (0.46, 0.36)  # inches that a cell with its texts needs


def rows_of(table: pd.DataFrame, setting: str = RATE) -> pd.DataFrame:
    """Rows of a setting's levels that hold a trial: the whole plan first, then the optimizers as listed."""
    rows = table[(table[SETTING] == setting) & (table[TRIALS] > 0)]
    return rows.sort_values(BRANCH, key=lambda branches: branches != ALL, kind="stable")


@styled
def draw(
    table: pd.DataFrame, axes: Axes, setting: str = RATE, *, log: bool = False, texts: bool = True
) -> None:
    """Draw a cell per branch and level: median epochs over their interval, "–" where half never arrive.

    Parameters
    ----------
    table
        Table ``training_speed`` (`sensitivity.measures.training_speed`).
    axes
        Where to draw; its figure gets a colour bar.
    setting
        Whose levels go across.
    log
        Whether it has a logarithmic scale.
    texts
        Whether numbers stand in the cells.
    """
    rows = rows_of(table, setting)
    cells, at = _grid(rows, log=log)
    scale = _scale(cells)
    paint(axes, cells, scale)
    patches(axes, [cell for cell in at if np.isnan(cells.number[cell])], facecolors=MISSING, gid="slow")
    for cell, row in zip(at, rows.to_dict("records") if texts else [], strict=False):
        colour = ground(cells, scale, *cell)
        text = [(_text(row), 7.5)]
        write_cell(axes, cell, text, colour, heights=(0.53,), spacing=1.25)
    axes.set_xlabel(words(setting))
    if cells.shown.any():
        colour_bar(scale, in_picture("captions.speed-scale"), axes)


def _grid(rows: pd.DataFrame, *, log: bool) -> tuple[Grid, list[tuple[int, int]]]:
    """Cells of the medians, and the row and column of each row of the table."""
    branches = rows[BRANCH].unique().tolist()
    levels = list(dict.fromkeys(rows[LEVEL]))  # the whole plan, which has all of them, comes first
    at = [
        (branches.index(b), levels.index(level)) for b, level in zip(rows[BRANCH], rows[LEVEL], strict=True)
    ]
    epochs = np.full((len(branches), len(levels)), np.nan)
    epochs[tuple(np.transpose(at))] = rows[MEDIAN_EPOCHS].to_numpy(dtype=float)
    ends = rows.drop_duplicates(LEVEL)[[LEVEL_FROM, LEVEL_TO]].to_numpy(dtype=float)
    # A level is named by its number, or by the middle of its bin.
    middles = np.sqrt(ends).prod(axis=1) if log else ends.mean(axis=1)
    columns: list[object] = middles.tolist() if np.isfinite(ends).all() else levels
    names: list[object] = [_branch(branch, len(branches)) for branch in branches]
    return Grid(names, columns, epochs, np.full_like(epochs, np.nan), np.zeros_like(epochs)), at


def _branch(branch: str, branches: int) -> str:
    if branch != ALL:
        return words(branch)
    return in_picture("captions.all-optimizers") if branches > 1 else in_picture("captions.all-trials")


def _scale(cells: Grid) -> LogNorm:
    """Logarithmic, over a factor of two at least: one epoch more must not look like many."""
    low, high = float(np.nanmin(cells.number)), float(np.nanmax(cells.number))
    return LogNorm(low, max(high, 2 * low))


def _text(row: Mapping[Hashable, Any]) -> str:
    """Median over its interval, or a dash over the share that arrives."""
    median, low, high = (float(row[name]) for name in (MEDIAN_EPOCHS, MEDIAN_LOW, MEDIAN_HIGH))
    if math.isnan(median):
        return f"–\n{percent(float(row[REACHED_SHARE]))}"
    if low == high:
        return f"{median:g}\n[{low:g}]"
    return f"{median:g}\n[{low:g}, {'–' if math.isnan(high) else f'{high:g}'}]"


@styled
def picture(study: Study, tables: Mapping[str, pd.DataFrame]) -> Drawing:
    """Median epochs to the target by optimizer and learning rate, or the most important setting in its place.

    Nothing to draw where half of the trials reach the target nowhere.
    """
    table = tables[NAME]
    setting = _across(table, by_importance(tables))
    rows = rows_of(table, setting)
    if rows.empty:
        raise NothingToDraw(first_reason(table, say("captions.nothing-varies")))
    if not rows[MEDIAN_EPOCHS].notna().any():
        some = (rows[REACHED_SHARE] > 0).any()
        reason = say("captions.speed-some") if some else say("captions.speed-none")
        raise NothingToDraw(reason)
    branches = rows[BRANCH].unique().tolist()
    room = sheet([*branches, in_picture("captions.all-optimizers")], rows[LEVEL].unique().tolist(), CELL[0])
    axes = room.axes(max(CELL[1] * len(branches), 1.7) + 0.55 - room.depth)
    draw(table, axes, setting, log=is_log(study, setting), texts=room.texts)
    turn_long_labels(axes, room.cell)
    title = say("captions.speed", setting=words(setting), about=about(study))
    return Drawing.on(axes, title, caption(rows, texts=room.texts))


def _across(table: pd.DataFrame, ranking: list[str]) -> str:
    """The learning rate, or the most important setting."""
    names = set(table.loc[table[TRIALS] > 0, SETTING]) - {""}
    return next((name for name in [RATE, *ranking, *sorted(names)] if name in names), RATE)


def caption(rows: pd.DataFrame, *, texts: bool) -> str:
    """Sentences under the picture; ``rows`` from `rows_of`."""
    parts = [say("captions.speed-how")]
    if texts:
        parts.append(say("captions.speed-brackets"))
    if rows[MEDIAN_EPOCHS].isna().any():
        parts.append(say("captions.speed-grey", texts="yes" if texts else "no"))
    if (rows[LEVEL_FROM] < rows[LEVEL_TO]).any():
        parts.append(say("captions.speed-bins", setting=words(rows[SETTING].iloc[0])))
    return " ".join(parts)


PICTURE: Final = Picture("training_speed", "speed", picture, place=1)
