"""A heatmap of responses with the diverged marked: seaborn's, on the Axes it is given."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import seaborn as sns
from matplotlib.cm import ScalarMappable
from matplotlib.collections import PolyCollection
from matplotlib.colors import FuncNorm, Normalize, to_rgb
from matplotlib.patches import Rectangle

from sensitivity.estimators.binned_axis import labels
from sensitivity.numerals import short
from sensitivity.plots.style import (
    FRAME,
    HATCH,
    HEAT,
    INK,
    MISSING,
    MUTED,
    ON_LIGHT,
    PAPER,
    SMALLEST,
    ink_on,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.colorbar import Colorbar
    from matplotlib.typing import ColorType

    from sensitivity.estimators.cells import Floats
    from sensitivity.plots.cells import Grid

LIGHT_FROM: Final = 0.1
DENSE_FROM: Final = 0.5
LIGHT: Final = "//"
DENSE: Final = "/////"
LONGEST_NUMBER: Final = 6
MARKS: Final = (
    "Hatched: 10 % of the cell's trials diverged or more, densely: 50 % or more; grey: all of them. "
    "Empty: no trial."
)
_TICKS: Final = np.outer(10.0 ** np.arange(-9, 10), [1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9]).ravel()


def colour_scale(grids: Sequence[Grid]) -> Normalize:
    """Scale on which the good cells differ visibly although bad ones are many times as high.

    log(1 + (v − best)/s): the excess over the best cell, linear up to about s and logarithmic above. s is
    the median spread between replicates in the better half of the cells, so that differences smaller than
    the noise of the seed hardly show; at least a tenth of the best value if that is positive, and 1/300 of
    the range, which is also what holds without replicates.

    Parameters
    ----------
    grids
        All panels that share the scale.
    """
    values = np.concatenate([cells.number[cells.shown] for cells in grids])
    spreads = np.concatenate([cells.spread[cells.shown] for cells in grids])
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 0.0)
    if high <= low:
        return Normalize(low, low + (abs(low) or 1.0))
    spreads = spreads[(values <= np.median(values)) & ~np.isnan(spreads)]
    soft = max(float(np.median(spreads)) if len(spreads) else 0.0, low / 10, (high - low) / 300)

    def forward(value: Floats) -> Floats:
        excess: Floats = np.log1p(np.maximum(np.asarray(value) - low, 0.0) / soft)
        return excess

    def inverse(excess: Floats) -> Floats:
        value: Floats = low + soft * np.expm1(excess)
        return value

    return FuncNorm((forward, inverse), low, high)


def paint(axes: Axes, cells: Grid, scale: Normalize, gap: float = 1.0) -> None:
    """Colours of the cells, what diverged hatched or grey, and the levels at the axes."""
    sns.heatmap(
        np.where(cells.shown, cells.number, np.nan),
        mask=~cells.shown,
        norm=scale,
        vmin=scale.vmin,
        vmax=scale.vmax,
        cmap=HEAT,
        ax=axes,
        linewidths=gap,
        linecolor=PAPER,
        cbar=False,
        xticklabels=[words(label, 14) for label in labels(cells.columns)],
        yticklabels=[words(label) for label in labels(cells.rows)],
    )
    axes.tick_params(length=0)
    axes.tick_params(axis="x", rotation=0)
    axes.tick_params(axis="y", rotation=0)
    axes.set_facecolor(PAPER)
    hatch(axes, cells, scale)


def hatch(axes: Axes, cells: Grid, scale: Normalize) -> None:
    """Hatch the cells in which trials diverged; where all of them did, on grey."""
    found: dict[tuple[str, ColorType, ColorType], list[Floats]] = {}
    for (y, x), share in np.ndenumerate(cells.diverged):
        if not share >= LIGHT_FROM:
            continue
        lines: tuple[ColorType, ColorType] = (HATCH, MISSING)
        if share < 1:
            lines = ((*to_rgb(ink_on(ground(cells, scale, y, x))), 0.4), "none")
        corners = np.array([[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1]]) + np.array([[0.02, 0.02]])
        corners[1:3, 0] -= 0.04
        corners[2:, 1] -= 0.04
        found.setdefault((DENSE if share >= DENSE_FROM else LIGHT, *lines), []).append(corners)
    for (pattern, lines_colour, ground_colour), corners_of in found.items():
        patch = PolyCollection(corners_of, facecolors=ground_colour, edgecolors=lines_colour, linewidths=0)
        patch.set(hatch=pattern, zorder=1.5)
        axes.add_collection(patch, autolim=False)


def ground(cells: Grid, scale: Normalize, y: int, x: int) -> ColorType:
    """Colour of a cell."""
    return HEAT(float(scale(cells.number[y, x]))) if cells.shown[y, x] else MISSING


def write(
    axes: Axes,
    cells: Grid,
    scale: Normalize,
    sizes: Sequence[float] = (SMALLEST,),
    *,
    share: bool = False,
    place: float = 0.5,
) -> None:
    """Number, spread and diverged share of each cell as text, dark on light cells and light on dark ones.

    Parameters
    ----------
    sizes
        Of the number, of its spread and of the diverged share, in points; what has no size is not written.
    share
        Whether the diverged share is written, too.
    place
        Middle of the texts across a cell, between 0 and 1.
    """
    written = number_texts(cells)
    for (y, x), texts in written.items():
        colour = ground(cells, scale, y, x)
        lines = list(zip(texts, sizes, strict=False))
        if share and 0 < cells.diverged[y, x] < 1:
            lines.append((percent(float(cells.diverged[y, x])), sizes[-1]))
        box = {"facecolor": colour, "edgecolor": "none", "pad": 0.4}
        hatched = cells.diverged[y, x] >= LIGHT_FROM
        for (text, size), height in zip(lines, _heights(len(lines)), strict=True):
            axes.text(
                x + place,
                y + height,
                text,
                ha="center",
                va="center",
                fontsize=size,
                color=ink_on(colour),
                zorder=5,
                bbox=box if hatched else None,
            )
    if len(sizes) > 1:
        for y, x in np.argwhere(cells.diverged >= 1).tolist():
            box = {"facecolor": MISSING, "edgecolor": "none", "pad": 0.4}
            options = {"ha": "center", "va": "center", "fontsize": sizes[-1], "color": ON_LIGHT}
            axes.text(x + place, y + 0.5, "all\ndiv.", zorder=5, bbox=box, linespacing=1.05, **options)


def number_texts(cells: Grid) -> Mapping[tuple[int, int], tuple[str, ...]]:
    """Texts of the number and, where it is known, of its spread, by row and column of the cells shown."""
    shown = cells.number[cells.shown]
    digits = decimals(shown)
    plain = max((len(f"{value:.{digits}f}") for value in shown.tolist()), default=0) <= LONGEST_NUMBER

    def text(value: float) -> str:
        written = f"{value:.{digits}f}" if plain else short(value)
        return written.replace("-", "−")

    found = {}
    for y, x in np.argwhere(cells.shown).tolist():
        spread = float(cells.spread[y, x])
        around = () if math.isnan(spread) else (f"±{text(spread)}",)
        found[y, x] = (text(float(cells.number[y, x])), *around)
    return found


def _heights(lines: int) -> Sequence[float]:
    """Centres of one, two or three lines in a cell of height 1, from the top."""
    return {0: (), 1: (0.5,), 2: (0.34, 0.69), 3: (0.21, 0.51, 0.80)}[lines]


def percent(share: float) -> str:
    """Share in words of a cell; neither 0 % nor 100 % unless exactly so."""
    inner = min(max(round(100 * share), 1), 99)
    return f"{inner if 0 < share < 1 else round(100 * share)} %"


def decimals(values: Floats) -> int:
    """Decimals that give the best cells two significant digits (0 … 5)."""
    sizes = np.abs(values[values != 0])
    if not len(sizes):
        return 2
    return min(max(1 - math.floor(math.log10(float(sizes.min()))), 0), 5)


def frame_best(axes: Axes, cells: Grid, *, each_row: bool = True) -> None:
    """Frame the best cell of each row, or of all, and those equal to it."""
    means = np.where(cells.shown, cells.number, np.inf)
    best = means.min(axis=1 if each_row else None, keepdims=True, initial=np.inf)
    for y, x in np.argwhere(np.isfinite(means) & np.isclose(means, best, rtol=1e-9, atol=0)).tolist():
        place = (x + 0.03, y + 0.03)
        axes.add_patch(Rectangle(place, 0.94, 0.94, fill=False, edgecolor=FRAME, linewidth=1.8, zorder=4))


def colour_bar(scale: Normalize, label: str, *, axes: Axes | None = None, bar: Axes | None = None) -> None:
    """Colour bar beside ``axes``, or in ``bar``, upright or lying as that is; the good end up, or left.

    Ticks at round numbers, at least a tenth of the bar apart, besides the best and the worst.
    """
    figure = (axes or bar).get_figure()  # type: ignore[union-attr]
    lying = bar is not None and bar.get_label() == "lying"
    where = {"cax": bar} if bar is not None else {"ax": axes, "pad": 0.02, "aspect": 30}
    drawn: Colorbar = figure.colorbar(  # type: ignore[union-attr]
        ScalarMappable(scale, HEAT),
        orientation="horizontal" if lying else "vertical",
        **where,
    )
    low, high = float(scale.vmin or 0), float(scale.vmax or 1)
    chosen = [low, high]
    for tick in sorted(_TICKS[np.logical_and(low < _TICKS, high > _TICKS)], key=_roundness):
        if all(abs(float(scale(tick)) - float(scale(other))) > 1 / 10 for other in chosen):
            chosen.append(float(tick))
    drawn.set_ticks(sorted(chosen), labels=[short(tick).replace("-", "−") for tick in sorted(chosen)])
    drawn.set_label(label, color=INK)
    drawn.outline.set_visible(False)  # type: ignore[operator]
    drawn.minorticks_off()
    drawn.ax.tick_params(length=2, color=MUTED)
    if not lying:
        drawn.ax.invert_yaxis()


def _roundness(tick: float) -> tuple[int, float]:
    """Sort key: 1, 2, 5 before 3 and 1.5 before the rest."""
    first = round(tick / 10.0 ** math.floor(math.log10(tick) + 1e-9), 6)
    return {1.0: 0, 2.0: 1, 5.0: 1, 3.0: 2, 1.5: 2, 2.5: 2}.get(first, 3), tick


def any_hatched(grids: Sequence[Grid]) -> npt.NDArray[np.bool_]:
    """Whether any cell is hatched, and whether any has no trial, shape (2,)."""
    return np.array(
        [
            any((cells.diverged >= LIGHT_FROM).any() for cells in grids),
            any(np.isnan(cells.number).any() for cells in grids),
        ]
    )
