"""How training goes at each learning rate: too large diverges, too small is slow; a panel per optimizer."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import matplotlib as mpl
import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm, ListedColormap

from sensitivity.branch import words
from sensitivity.estimators.effects import ALL, BRANCH, HIGH, LOW, SETTING
from sensitivity.estimators.levels import LEVEL
from sensitivity.language import say
from sensitivity.measures.learning_curves import CONFIGURATION, IS_BEST, MEAN, REPLICATES
from sensitivity.measures.over_epochs import EPOCH
from sensitivity.pictures.labels import RESPONSE, in_picture
from sensitivity.pictures.marks.lines import band, line, log_if_far, whole_epochs
from sensitivity.pictures.picture import NothingToDraw, Picture, first_reason
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import FRAME, MUTED, RULE, new_figure, styled
from sensitivity.trials import DIVERGED
from sensitivity.words import distinct

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.typing import ColorType

    from sensitivity.study import Study

NAME: Final = "learning_curves"
MOST_PANELS: Final = 12
MOST_LINES: Final = 16
LOG_FROM: Final = 20.0
MOST_NAMED: Final = 12  # values beside the colours


def level_colours(levels: list[float]) -> dict[float, ColorType]:
    """Colour of each value from dark (lowest) to bright, by its place among the values."""
    colours = mpl.colormaps["viridis"](np.linspace(0.15, 0.88, max(len(levels), 2)))
    return dict(zip(levels, map(tuple, colours.tolist()), strict=False))


@styled
def draw(table: pd.DataFrame, axes: Axes, colours: Mapping[float, ColorType]) -> None:
    """Draw the curves of one branch: the best thick, × where the first replicate diverges.

    Parameters
    ----------
    table
        Rows of one branch of the table ``learning_curves`` (`sensitivity.measures.learning_curves`).
    colours
        Of each level (`level_colours`); the best has a colour of its own.
    """
    axes.set_autoscale_on(False)  # every band would look for the limits of all panels anew
    for level, rows in table.groupby(LEVEL, dropna=False, sort=True):
        best = bool(rows[IS_BEST].any())
        colour = FRAME if best else colours.get(float(str(level)), MUTED)
        shown = rows[: _end(rows)]
        epochs, mean, low, high = shown[[EPOCH, MEAN, LOW, HIGH]].to_numpy(dtype=float).T
        order, width = (4.0, 2.4) if best else (2.0, 1.1)
        line(axes, epochs, mean, colour, 3.0, linewidth=width, zorder=order)
        if (shown[REPLICATES] > 1).any():
            band(axes, epochs, low, high, colour, alpha=0.22, zorder=order - 0.5)
        lost = rows[rows[DIVERGED] > 0][:1]
        if len(lost):
            axes.plot(
                lost[EPOCH], lost[MEAN], linestyle="", marker="x", markersize=5, markeredgewidth=1.5,
                color=colour, zorder=5, clip_on=False,
            )  # fmt: skip
    axes.autoscale()


def _end(rows: pd.DataFrame) -> int:
    """Number of epochs until every replicate has diverged; what follows is the cap and no measurement."""
    lost = (rows[DIVERGED] >= rows[REPLICATES]).to_numpy()
    return int(np.argmax(lost)) + 1 if lost.any() else len(rows)


def panels(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Rows of each branch that has curves as they are listed, the twelve best of many.

    Where a branch has more than 16 levels, 16 of them spread evenly, and its best.
    """
    rows = table[table[MEAN].notna()]
    last = rows[rows[IS_BEST].astype(bool)].groupby(BRANCH, sort=False)[MEAN].last()
    best = set(last.sort_values(kind="stable").index[:MOST_PANELS])
    order = [branch for branch in dict.fromkeys(rows[BRANCH]) if branch in best]
    return {str(branch): _thinned(rows[rows[BRANCH] == branch]) for branch in order}


def _thinned(rows: pd.DataFrame) -> pd.DataFrame:
    levels = np.sort(rows[LEVEL].dropna().unique())
    if len(levels) <= MOST_LINES:
        return rows
    kept = levels[np.unique(np.linspace(0, len(levels) - 1, MOST_LINES).round().astype(int))]
    return rows[rows[LEVEL].isin(kept) | rows[IS_BEST].astype(bool)]


@styled
def picture(study: Study, tables: Mapping[str, pd.DataFrame]) -> Drawing:
    """Small multiples of the slices through the best configurations.

    Nothing to draw where no trial has a curve.
    """
    table = tables[NAME]
    found = panels(table)
    if not found:
        raise NothingToDraw(first_reason(table, "") if study.curves else say("captions.no-curve"))
    levels = sorted({float(level) for rows in found.values() for level in rows[LEVEL].dropna().unique()})
    setting = str(next(iter(found.values()))[SETTING].iloc[0])
    grid = _grid(len(found))
    colours = level_colours(levels)
    for axes, (branch, rows) in zip(grid.ravel(), found.items(), strict=False):
        draw(rows, axes, colours)
        axes.set_title(_title(branch, rows), loc="left", fontsize=8.5, pad=3)
        axes.grid(color=RULE)
    heights = np.concatenate([rows[[MEAN, LOW]].to_numpy(dtype=float).ravel() for rows in found.values()])
    log_if_far(grid[0, 0], float(heights.min()), float(heights.max()), LOG_FROM)
    whole_epochs(grid[0, 0], 6)  # 200 epochs in a narrow panel
    grid[0, 0].set_label(RESPONSE)
    _label(grid, len(found), words(study.metric, 24))
    if len(levels) > 1:
        _level_bar(grid, colours, setting)
    if not (setting and len(levels) > 1):
        title = say("captions.curves-best")
    elif setting == study.rate:
        title = say("captions.curves-rate", setting=words(setting))
    else:
        title = say("captions.curves-value", setting=words(setting))
    return Drawing.on(grid[0, 0], title, caption(study, found, table))


def _grid(count: int) -> np.ndarray:
    """Axes of so many panels, three to a line."""
    columns = min(count, 3)
    lines = math.ceil(count / columns)
    figure = new_figure(0.3 + (1.55 if lines > 1 else 2.4) * lines)
    grid = figure.subplots(lines, columns, sharex=True, sharey=True, squeeze=False)
    for axes in grid.ravel()[count:]:
        axes.set_visible(False)
    return grid


def _title(branch: str, rows: pd.DataFrame) -> str:
    best = rows[rows[IS_BEST].astype(bool)]
    name = "" if branch == ALL else f"{words(branch, 16)}: "
    level = float(best[LEVEL].iloc[0])
    if best[DIVERGED].iloc[-1] >= best[REPLICATES].iloc[-1]:
        return name + in_picture("captions.curves-failed")
    if math.isnan(level):
        return name.removesuffix(": ") or in_picture("captions.curves-configuration")
    text = _texts(sorted(set(rows[LEVEL].tolist())))[level]
    return name + in_picture("captions.curves-best-at", level=text)


def _texts(levels: list[float]) -> dict[float, str]:
    return dict(zip(levels, distinct(levels), strict=True))


def _label(grid: np.ndarray, count: int, metric: str) -> None:
    """Name the axes of the left column and of the lowest panel of each column."""
    columns = grid.shape[1]
    for first in grid[:, 0]:
        first.set_ylabel(metric, fontsize=8.0)
    for column in range(columns):
        lowest = grid[(count - 1 - column) // columns, column]
        lowest.set_xlabel(in_picture("captions.epoch"))
        lowest.tick_params(labelbottom=True)


def _level_bar(grid: np.ndarray, colours: Mapping[float, ColorType], name: str) -> None:
    """Values and their colours beside the panels, at most twelve of them named."""
    levels = list(colours)
    bounds = BoundaryNorm(np.arange(len(levels) + 1) - 0.5, len(levels))
    mapped = ScalarMappable(bounds, ListedColormap(list(colours.values())))
    bar = grid[0, 0].figure.colorbar(mapped, ax=grid.ravel().tolist(), pad=0.02, aspect=30)
    shown = np.unique(np.linspace(0, len(levels) - 1, min(len(levels), MOST_NAMED)).round().astype(int))
    bar.set_ticks(shown, labels=distinct([levels[place] for place in shown]))
    bar.ax.tick_params(length=0)
    bar.outline.set_visible(False)
    bar.minorticks_off()
    bar.set_label(words(name))


def caption(study: Study, found: Mapping[str, pd.DataFrame], table: pd.DataFrame) -> str:
    """Sentences under the picture."""
    every = list(found.values())
    setting = words(every[0][SETTING].iloc[0])
    single = all(len(rows[LEVEL].unique()) == 1 for rows in every)
    way = say("captions.higher") if study.turned else say("captions.lower")
    text = [say("captions.curves-vertical", metric=words(study.label, 60), way=way)]
    if single:
        text.append(say("captions.curves-single"))
    else:
        text.append(say("captions.curves-slice", setting=setting))
    if any((rows[REPLICATES] > 1).any() for rows in every):
        text.append(say("captions.curves-lines"))
    if any((rows[DIVERGED] > 0).any() for rows in every):
        text.append(say("captions.curves-cross"))
    fixed = {words(branch): str(rows[CONFIGURATION].iloc[0]) for branch, rows in found.items()}
    if len(fixed) == 1 and (held := next(iter(fixed.values()))):
        text.append(say("captions.curves-held", values=words(held, 140)))
    lost = table.loc[table[MEAN].notna(), BRANCH].nunique() - len(found)
    if lost > 0:
        text.append(say("captions.left-out-optimizers", count=lost))
    return " ".join(text)


PICTURE: Final = Picture("learning_curves", "speed", picture, slow=True)
