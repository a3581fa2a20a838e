"""How fast training gets to the target: median epochs by optimizer and learning rate."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.colors import LogNorm, to_rgba

from sensitivity.estimators.binned_axis import on_log_scale
from sensitivity.estimators.effects import ALL, BRANCH, SETTING
from sensitivity.estimators.levels import LEVEL, LEVEL_FROM, LEVEL_TO
from sensitivity.estimators.proportions import TRIALS
from sensitivity.measures.moving_optimum import RATE
from sensitivity.measures.training_speed import (
    MEDIAN_EPOCHS,
    MEDIAN_HIGH,
    MEDIAN_LOW,
    REACHED_SHARE,
)
from sensitivity.pictures.cell_texts import percent
from sensitivity.pictures.cells import Grid
from sensitivity.pictures.colour_bars import colour_bar
from sensitivity.pictures.heatmap import paint, turn_long_labels
from sensitivity.pictures.labels import about, inches
from sensitivity.pictures.picture import NothingToDraw, Picture
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import HEAT, MISSING, WIDTH, ink_on, new_figure, styled, words
from sensitivity.remarks import VERDICT

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from typing import Any

    import pandas as pd
    from matplotlib.axes import Axes

    from sensitivity.arrays import Floats
    from sensitivity.study import Study

NAME: Final = "training_speed"
CELL: Final = (0.46, 0.36)  # inches that a cell with its texts needs
WIDEST: Final = 14.0


def rows_of(table: pd.DataFrame, setting: str = RATE) -> pd.DataFrame:
    """Rows of a setting's levels that hold a trial: the whole plan first, then the optimizers, fastest first.

    The fastest is who has most trials at the target, on the mean over the levels.
    """
    rows = table[(table[SETTING] == setting) & (table[TRIALS] > 0)]
    speed = rows.groupby(BRANCH, sort=False)[REACHED_SHARE].mean()
    order = {branch: (branch != ALL, -float(share)) for branch, share in speed.items()}
    return (
        rows.assign(_order=rows[BRANCH].map(order))
        .sort_values("_order", kind="stable")
        .drop(columns="_order")
    )


@styled
def draw(table: pd.DataFrame, axes: Axes, setting: str = RATE, *, texts: bool = True) -> None:
    """Draw a cell per branch and level: median epochs over their interval, "–" where half never arrive.

    Parameters
    ----------
    table
        Table ``training_speed`` (`sensitivity.measures.training_speed`).
    axes
        Where to draw; its figure gets a colour bar.
    setting
        Whose levels go across.
    texts
        Whether numbers stand in the cells.
    """
    rows = rows_of(table, setting)
    cells, at = _grid(rows)
    epochs = cells.number
    scale = _scale(epochs)
    paint(axes, cells, scale)
    grounds = np.where(np.isnan(epochs)[:, :, None], to_rgba(MISSING), HEAT(scale(epochs)))
    slow = [(x, y) for y, x in at if np.isnan(epochs[y, x])]
    corners = np.array([[0.02, 0.02], [0.98, 0.02], [0.98, 0.98], [0.02, 0.98]])
    grey = [np.array(place) + corners for place in slow]
    axes.add_collection(PolyCollection(grey, facecolors=MISSING, linewidths=0, gid="slow"), autolim=False)
    for (y, x), row in zip(at, rows.to_dict("records") if texts else [], strict=False):
        axes.text(
            x + 0.5, y + 0.53, _text(row), ha="center", va="center", fontsize=7.5, linespacing=1.25, zorder=5,
            color=ink_on(tuple(grounds[y, x])), in_layout=False,
        )  # fmt: skip
    axes.set_xlabel(words(setting))
    if np.isfinite(epochs).any():
        colour_bar(scale, "median epochs to the target\n(fewer is better)", axes=axes)


def _grid(rows: pd.DataFrame) -> tuple[Grid, list[tuple[int, int]]]:
    """Cells of the medians, and the row and column of each row of the table."""
    branches = rows[BRANCH].unique().tolist()
    levels = list(dict.fromkeys(rows[LEVEL]))  # the whole plan, which has all of them, comes first
    at = [
        (branches.index(b), levels.index(level)) for b, level in zip(rows[BRANCH], rows[LEVEL], strict=True)
    ]
    epochs = np.full((len(branches), len(levels)), np.nan)
    epochs[tuple(np.transpose(at))] = rows[MEDIAN_EPOCHS].to_numpy(dtype=float)
    ends = rows.drop_duplicates(LEVEL)[[LEVEL_FROM, LEVEL_TO]].to_numpy(dtype=float)
    columns: list[object] = _middles(ends) if np.isfinite(ends).all() else levels
    names: list[object] = [_branch(branch, len(branches)) for branch in branches]
    return Grid(names, columns, epochs, np.full_like(epochs, np.nan), np.zeros_like(epochs)), at


def _middles(ends: Floats) -> list[object]:
    """Number that stands for each level, shape (levels, 2): itself, or the middle of its bin."""
    log = on_log_scale(ends.ravel())
    return list((np.sqrt(ends).prod(axis=1) if log else ends.mean(axis=1)).tolist())


def _branch(branch: str, branches: int) -> str:
    if branch != ALL:
        return words(branch)
    return "all optimizers" if branches > 1 else "all trials"


def _scale(epochs: Floats) -> LogNorm:
    """Logarithmic, over a factor of two at least: one epoch more must not look like many."""
    low, high = float(np.nanmin(epochs)), float(np.nanmax(epochs))
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

    Raises
    ------
    NothingToDraw
        Where half of the trials reach the target nowhere.
    """
    table = tables[NAME]
    setting = _across(table, tables["ranking"])
    rows = rows_of(table, setting)
    if rows.empty:
        raise NothingToDraw(next(iter(table[VERDICT]), "") or "no setting varies")
    if not rows[MEDIAN_EPOCHS].notna().any():
        some = (rows[REACHED_SHARE] > 0).any()
        reason = "nowhere do half of the trials reach the target" if some else "no trial reached a target"
        raise NothingToDraw(reason)
    branches, levels = rows[BRANCH].nunique(), rows[LEVEL].nunique()
    label = inches([words(branch) for branch in [*rows[BRANCH].unique(), "all optimizers"]], 8.0) + 1.35
    width = min(max(WIDTH, label + CELL[0] * levels), WIDEST)
    texts = (width - label) / levels >= CELL[0] * 0.9
    figure = new_figure(max(CELL[1] * branches, 1.7) + 0.55, width)
    axes = figure.add_subplot()
    draw(table, axes, setting, texts=texts)
    turn_long_labels(axes, (width - label) / levels)
    return Drawing(
        figure, f"Epochs to the target by {words(setting)}: {about(study)}", caption(rows, texts=texts)
    )


def _across(table: pd.DataFrame, ranking: pd.DataFrame) -> str:
    """The learning rate, or the most important setting."""
    names = set(table.loc[table[TRIALS] > 0, SETTING]) - {""}
    ranked = ranking.loc[ranking["rank"].notna(), SETTING].tolist()
    inside = [name for name in [RATE, *ranked, *sorted(names)] if name in names]
    return str(inside[0]) if inside else RATE


def caption(rows: pd.DataFrame, *, texts: bool) -> str:
    """Sentences under the picture; ``rows`` from `rows_of`."""
    text = "Each cell: the first epoch after which half of its trials, whatever the other settings, have "
    parts = [text + "reached the target; darker is faster."]
    if texts:
        parts.append("In brackets: 95 % interval; a dash as its end: half may never get there.")
    if rows[MEDIAN_EPOCHS].isna().any():
        share = "; per cent: the share that does" if texts else ""
        parts.append(
            f"Grey{' with a dash' if texts else ''}: fewer than half get there within the training{share}."
        )
    if (rows[LEVEL_FROM] < rows[LEVEL_TO]).any():
        parts.append(f"Numbers under the columns: middles of bins of {words(rows[SETTING].iloc[0])}.")
    if (rows[BRANCH] != ALL).any():
        parts.append("Optimizers from the one that gets there most often to the one that does least.")
    return " ".join(parts)


PICTURE: Final = Picture("training_speed", "speed", picture, place=1)
