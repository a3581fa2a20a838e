"""A heatmap of what is reachable, with the diverged marked: seaborn's, on the Axes it is given."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import seaborn as sns
from matplotlib.colors import FuncNorm, ListedColormap, Normalize, to_rgb
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from sensitivity.numerals import short
from sensitivity.plots.binned_axis import labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.typing import ColorType

    from sensitivity.estimators.cells import Floats

HATCHED_FROM: Final = 0.5
LINE_BREAK: Final = "\n"
_TICKS: Final = np.outer(10.0 ** np.arange(-9, 10), [1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9]).ravel()


@dataclass(frozen=True)
class Grid:
    """The table as arrays of shape (rows, columns), rows from the best to the worst; NaN: no trial."""

    rows: list[object]
    columns: list[object]
    mean: Floats
    sd: Floats
    diverged: Floats

    @property
    def shown(self) -> npt.NDArray[np.bool_]:
        """Cells that have a number to show: some trial did not diverge."""
        known: npt.NDArray[np.bool_] = ~np.isnan(self.mean) & (self.diverged < 1)
        return known


def grid(table: pd.DataFrame) -> Grid:
    """Arrange the tidy table: named rows ordered by their best cell, numbers and columns ascending.

    The first two columns of the table are the axes; ``retuned_mean``, ``retuned_sd`` and ``diverged_share``
    are read.
    """
    row, column = table.columns[:2]
    best = table.groupby(row, sort=True)["retuned_mean"].min().sort_values(kind="stable")
    numeric = pd.api.types.is_float_dtype(best.index)
    rows = sorted(best.index.tolist()) if numeric else best.index.tolist()
    columns = sorted(table[column].unique().tolist())
    place = table.set_index([row, column]).reindex(pd.MultiIndex.from_product([rows, columns]))
    names = ("retuned_mean", "retuned_sd", "diverged_share")
    arrays = [place[name].to_numpy(float).reshape(len(rows), len(columns)) for name in names]
    return Grid(rows, columns, *arrays)


def colour_scale(cells: Grid) -> Normalize:
    """Scale on which the good cells differ visibly although bad ones are many times as high.

    log(1 + (v − best)/s): the excess over the best cell, linear up to about s and logarithmic above. s is
    the median spread between replicates in the better half of the cells, so that differences smaller than
    the noise of the seed hardly show; at least a tenth of the best value and 1/300 of the range, which is
    also what holds without replicates.
    """
    values, spreads = cells.mean[cells.shown], cells.sd[cells.shown]
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 0.0)
    if high <= low:
        return Normalize(low, low + (abs(low) or 1.0))
    spreads = spreads[(values <= np.median(values)) & ~np.isnan(spreads)]
    soft = max(float(np.median(spreads)) if len(spreads) else 0.0, abs(low) / 10, (high - low) / 300)

    def forward(value: Floats) -> Floats:
        excess: Floats = np.log1p(np.maximum(np.asarray(value) - low, 0.0) / soft)
        return excess

    def inverse(excess: Floats) -> Floats:
        value: Floats = low + soft * np.expm1(excess)
        return value

    return FuncNorm((forward, inverse), low, high)


def draw(table: pd.DataFrame, axes: Axes, metric: str) -> None:
    """Draw the numbers of ``heatmap_table``; lower is better.

    Parameters
    ----------
    table
        Tidy cells; the first two columns are the row and the column setting.
    axes
        Where to draw; its figure gets a colour bar.
    metric
        What the colours mean, in words.
    """
    cells = grid(table)
    shown = cells.shown
    scale = colour_scale(cells)
    colours = ListedColormap(sns.color_palette("mako", 256)[40:246])
    frame = pd.DataFrame(cells.mean, labels(cells.rows), labels(cells.columns))
    sns.heatmap(
        frame,
        mask=~shown,
        norm=scale,
        vmin=scale.vmin,
        vmax=scale.vmax,
        cmap=colours,
        ax=axes,
        linewidths=1.5,
        linecolor="white",
        cbar=bool(shown.any()),
        cbar_kws={
            "label": f"{metric}{' ' if len(cells.rows) > 4 else LINE_BREAK}(lower is better)",
            "pad": 0.02,
            "aspect": 30,
        },
    )
    _write(axes, cells, scale, colours)
    _frame(axes, cells)
    if shown.any():
        _colour_bar(axes, scale)
    _label(axes, [str(name) for name in table.columns[:2]])


def _write(axes: Axes, cells: Grid, scale: Normalize, colours: Colormap) -> None:
    """Mean, spread and diverged share as text, dark on light cells and light on dark ones; hatching."""
    places = decimals(cells.mean[cells.shown])
    for (y, x), mean in np.ndenumerate(cells.mean):
        share = float(cells.diverged[y, x])
        if np.isnan(mean):
            continue
        if share >= 1:
            _hatch(axes, x, y, "#9a9a9a", "#e9e9e9")
            _text(axes, x, y, [("all\ndiverged", 8.0)], "#555555", "#e9e9e9")
            continue
        ground = colours(float(scale(mean)))
        ink = "white" if _luminance(ground) < 0.26 else "#1a1a1a"
        lines = [(f"{mean:.{places}f}", 10.0)]
        if not np.isnan(cells.sd[y, x]):
            lines.append((f"±{cells.sd[y, x]:.{places}f}", 8.0))
        if share > 0:
            lines.append((percent(share), 7.5))
        if share >= HATCHED_FROM:
            _hatch(axes, x, y, (*to_rgb(ink), 0.35), "none")
        _text(axes, x, y, lines, ink, ground)


def _text(
    axes: Axes, x: int, y: int, lines: Sequence[tuple[str, float]], ink: str, ground: ColorType
) -> None:
    """Lines of (text, size) in a cell; a rim in the colour of the ground keeps hatching off the letters."""
    for (text, size), height in zip(lines, _heights(len(lines)), strict=True):
        rim = [withStroke(linewidth=2.4, foreground=ground)]
        place = (x + 0.5, y + height)
        axes.text(
            *place, text, ha="center", va="center", fontsize=size, color=ink, path_effects=rim, zorder=5
        )


def _hatch(axes: Axes, x: int, y: int, lines: ColorType, ground: ColorType) -> None:
    cell = Rectangle((x + 0.01, y + 0.012), 0.98, 0.976, facecolor=ground, edgecolor=lines, linewidth=0)
    cell.set(hatch="///", zorder=1.5)
    axes.add_patch(cell)


def _heights(lines: int) -> Sequence[float]:
    """Centres of one, two or three lines in a cell of height 1, from the top."""
    return {1: (0.5,), 2: (0.36, 0.68), 3: (0.24, 0.53, 0.80)}[lines]


def percent(share: float) -> str:
    """Diverged share in words of a cell; neither 0 % nor 100 % unless exactly so."""
    rounded = min(max(round(100 * share), 1), 99)
    return f"div. {rounded} %"


def decimals(values: Floats) -> int:
    """Decimals that give the best cells two significant digits (0 … 5)."""
    positive = values[values > 0]
    if not len(positive):
        return 2
    return min(max(1 - math.floor(math.log10(float(positive.min()))), 0), 5)


def _luminance(colour: ColorType) -> float:
    """Relative luminance as in WCAG 2, its transfer curve rounded to a power of 2.2."""
    red, green, blue = (part**2.2 for part in to_rgb(colour))
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)


def _frame(axes: Axes, cells: Grid) -> None:
    """Frame the best cell of each row, and those equal to it."""
    means = np.where(cells.shown, cells.mean, np.inf)
    best = means.min(axis=1, keepdims=True)
    for y, x in np.argwhere(np.isfinite(means) & np.isclose(means, best, rtol=1e-9, atol=0)).tolist():
        place = (x + 0.03, y + 0.03)
        axes.add_patch(Rectangle(place, 0.94, 0.94, fill=False, edgecolor="#f08a3c", linewidth=2.2, zorder=4))


def _colour_bar(axes: Axes, scale: Normalize) -> None:
    """Ticks at round numbers, at least a fifteenth of the bar apart, besides the best and the worst."""
    bar = axes.collections[0].colorbar
    low, high = float(scale.vmin or 0), float(scale.vmax or 1)
    chosen = [low, high]
    for tick in sorted(_TICKS[np.logical_and(low < _TICKS, high > _TICKS)], key=_roundness):
        if all(abs(float(scale(tick)) - float(scale(other))) > 1 / 15 for other in chosen):
            chosen.append(float(tick))
    if bar is not None:
        bar.set_ticks(sorted(chosen), labels=[short(tick) for tick in sorted(chosen)])
        bar.outline.set_visible(False)
        bar.minorticks_off()
        bar.ax.invert_yaxis()


def _roundness(tick: float) -> tuple[int, float]:
    """Sort key: 1, 2, 5 before 3 and 1.5 before the rest."""
    first = round(tick / 10.0 ** math.floor(math.log10(tick) + 1e-9), 6)
    return {1.0: 0, 2.0: 1, 5.0: 1, 3.0: 2, 1.5: 2}.get(first, 3), tick


def _label(axes: Axes, names: Sequence[str]) -> None:
    row, column = (name.replace("_", " ") for name in names)
    axes.set(xlabel=column, ylabel="" if axes.get_yticks().size == 1 else row)
    axes.tick_params(length=0)
    axes.tick_params(axis="x", rotation=0)
    axes.tick_params(axis="y", rotation=0)
    axes.set_facecolor("white")
