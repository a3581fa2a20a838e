"""A heatmap of responses with the diverged marked: seaborn's, on the Axes it is given."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import seaborn as sns
from matplotlib.collections import PolyCollection
from matplotlib.colors import FuncNorm, Normalize, to_rgb
from matplotlib.patches import Rectangle

from sensitivity.estimators.binned_axis import labels
from sensitivity.pictures.cell_texts import number_texts, percent
from sensitivity.pictures.labels import inches
from sensitivity.pictures.style import (
    FRAME,
    HATCH,
    HEAT,
    MISSING,
    ON_LIGHT,
    PAPER,
    SMALLEST,
    ink_on,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.typing import ColorType

    from sensitivity.arrays import Floats
    from sensitivity.pictures.cells import Grid

LIGHT_FROM: Final = 0.1
DENSE_FROM: Final = 0.5
LIGHT: Final = "//"
DENSE: Final = "/////"
TURN: Final = 40  # degrees
LINE: Final = 0.2  # inches of a line of labels
MARKS: Final = (
    "Hatched: 10 % of the cell's trials diverged or more, densely: 50 % or more; grey: all of them. "
    "Empty: no trial."
)


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
    numbers = np.where(cells.shown, cells.number, np.nan)
    coloured(axes, numbers, scale, HEAT, labels(cells.rows), labels(cells.columns), gap)
    hatch(axes, cells, scale)


def coloured(
    axes: Axes,
    numbers: Floats,
    scale: Normalize,
    colours: Colormap,
    rows: Sequence[str],
    columns: Sequence[str],
    gap: float = 1.0,
) -> None:
    """Cells in colours, NaN left empty, with the names of rows and columns at the axes."""
    sns.heatmap(
        numbers,
        mask=np.isnan(numbers),
        norm=scale,
        vmin=scale.vmin,
        vmax=scale.vmax,
        cmap=colours,
        ax=axes,
        linewidths=gap,
        linecolor=PAPER,
        cbar=False,
        xticklabels=False,  # seaborn would lay the labels out to see whether they overlap
        yticklabels=False,
    )
    axes.set_xticks(np.arange(len(columns)) + 0.5, [words(text, 22) for text in columns])
    axes.set_yticks(np.arange(len(rows)) + 0.5, [words(text) for text in rows])
    axes.tick_params(length=0)
    axes.set_facecolor(PAPER)


def turn_long_labels(axes: Axes, cell: float) -> None:
    """Turn the labels of the columns where they are longer than a cell is wide, in inches."""
    if label_depth([label.get_text() for label in axes.get_xticklabels()], cell) > LINE:
        axes.tick_params(axis="x", rotation=TURN)
        for label in axes.get_xticklabels():
            label.set(ha="right", rotation_mode="anchor")


def label_depth(texts: Sequence[str], cell: float) -> float:
    """Height of the labels of columns in inches; those longer than a cell are turned."""
    longest = inches(texts, 8.0)
    return LINE if longest <= cell else LINE + longest * math.sin(math.radians(TURN))


def column_words(levels: Sequence[object]) -> list[str]:
    """Labels of columns: shorter than those of rows."""
    return [words(text, 22) for text in labels(levels)]


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
    boxed: bool = False,
    short_spread: bool = False,
    like: Sequence[Grid] = (),
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
    boxed
        Whether the cell's colour lies behind every text, so that a line drawn across does not touch it.
    short_spread
        Whether a spread goes without its leading zero: ±.003.
    like
        See `number_texts`.
    """
    for (y, x), texts in number_texts(cells, like).items():
        colour = ground(cells, scale, y, x)
        shown = [text.replace("±0.", "±.") for text in texts] if short_spread else texts
        lines = list(zip(shown, sizes, strict=False))
        if share and 0 < cells.diverged[y, x] < 1:
            lines.append((percent(float(cells.diverged[y, x])), sizes[-1]))
        if len({size for _, size in lines}) == 1:  # fewer texts are faster to draw
            lines = [("\n".join(text for text, _ in lines), lines[0][1])]
        ground_of = colour if boxed or cells.diverged[y, x] >= LIGHT_FROM else None
        for (text, size), height in zip(lines, _heights(len(lines)), strict=True):
            _text(axes, (x + place, y + height), text, size, ink_on(colour), ground_of)
    if len(sizes) > 1:
        for y, x in np.argwhere(cells.diverged >= 1).tolist():
            _text(axes, (x + place, y + 0.5), "all\ndiv.", sizes[-1], ON_LIGHT, MISSING)


def _text(
    axes: Axes, place: tuple[float, float], text: str, size: float, ink: str, ground_of: ColorType | None
) -> None:
    """Text in a cell, on a box in the colour of the cell where hatching or a line would touch it."""
    box: dict[str, Any] | None = (
        None if ground_of is None else {"facecolor": ground_of, "edgecolor": "none", "pad": 0.4}
    )
    drawn = axes.text(*place, text, fontsize=size, color=ink, bbox=box, linespacing=1.05, zorder=5)
    drawn.set(ha="center", va="center")


def _heights(lines: int) -> Sequence[float]:
    """Centres of one, two or three lines in a cell of height 1, from the top."""
    return {0: (), 1: (0.5,), 2: (0.34, 0.69), 3: (0.21, 0.51, 0.80)}[lines]


def frame_best(axes: Axes, cells: Grid, *, each_row: bool = True) -> None:
    """Frame the best cell of each row, or of all, and those equal to it."""
    means = np.where(cells.shown, cells.number, np.inf)
    best = means.min(axis=1 if each_row else None, keepdims=True, initial=np.inf)
    for y, x in np.argwhere(np.isfinite(means) & np.isclose(means, best, rtol=1e-9, atol=0)).tolist():
        frame = Rectangle((x, y), 1, 1, fill=False, edgecolor=FRAME, linewidth=1.8, zorder=4)
        axes.add_patch(frame).set_clip_on(False)


def any_hatched(grids: Sequence[Grid]) -> npt.NDArray[np.bool_]:
    """Whether any cell is hatched, and whether any has no trial, shape (2,)."""
    return np.array(
        [
            any((cells.diverged >= LIGHT_FROM).any() for cells in grids),
            any(np.isnan(cells.number).any() for cells in grids),
        ]
    )
