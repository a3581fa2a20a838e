"""A heatmap of responses with the diverged marked: seaborn's, on the Axes it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import seaborn as sns
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from sensitivity.branch import words
from sensitivity.coding import texts_of
from sensitivity.pictures.labels import in_picture
from sensitivity.pictures.marks.numbers import number_texts, percent
from sensitivity.pictures.marks.texts import CellText, cell_texts
from sensitivity.pictures.style import FRAME, HATCH, HEAT, MISSING, ON_LIGHT, PAPER, SMALLEST, ink_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap, Normalize
    from matplotlib.typing import ColorType

    from sensitivity.arrays import Floats
    from sensitivity.pictures.marks.cells import Grid

LIGHT_FROM: Final = 0.1
DENSE_FROM: Final = 0.5
LIGHT: Final = "//"
DENSE: Final = "/////"
_HEIGHTS: Final = {1: (0.5,), 2: (0.34, 0.69), 3: (0.21, 0.51, 0.80)}  # of lines of text, from the top


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
        numbers, mask=np.isnan(numbers), norm=scale, vmin=scale.vmin, vmax=scale.vmax, cmap=colours, ax=axes,
        linewidths=gap, linecolor=PAPER, cbar=False,
        xticklabels=False, yticklabels=False,  # seaborn would lay the labels out to see whether they overlap
    )  # fmt: skip
    axes.set_xticks(np.arange(len(columns)) + 0.5, [words(text, 22) for text in columns])
    axes.set_yticks(np.arange(len(rows)) + 0.5, [words(text) for text in rows])
    axes.tick_params(length=0)
    axes.set_facecolor(PAPER)


def paint(axes: Axes, cells: Grid, scale: Normalize, gap: float = 1.0) -> None:
    """Colours of the cells, what diverged hatched or grey, and the levels at the axes."""
    numbers = np.where(cells.shown, cells.number, np.nan)
    coloured(axes, numbers, scale, HEAT, texts_of(cells.rows), texts_of(cells.columns), gap)
    hatch(axes, cells, scale)


def paint_bare(axes: Axes, cells: Grid, scale: Normalize) -> None:
    """The same without any label: for a panel of many, each drawn in a fraction of the time."""
    shown = np.ma.masked_where(~cells.shown, cells.number)
    axes.pcolormesh(shown, cmap=HEAT, norm=scale, edgecolors=PAPER, linewidth=0.6)
    axes.set(xlim=(0, len(cells.columns)), ylim=(len(cells.rows), 0), facecolor=PAPER)
    hatch(axes, cells, scale)
    for spine in axes.spines.values():
        spine.set_visible(False)


def hatch(axes: Axes, cells: Grid, scale: Normalize) -> None:
    """Hatch the cells in which trials diverged; where all of them did, on grey."""
    found: dict[tuple[str, ColorType, ColorType], list[tuple[int, int]]] = {}
    for (y, x), share in np.ndenumerate(cells.diverged):
        if share >= LIGHT_FROM:
            lines: tuple[ColorType, ColorType] = (HATCH, MISSING)
            if share < 1:
                lines = ((*to_rgb(ink_on(ground(cells, scale, y, x))), 0.4), "none")
            found.setdefault((DENSE if share >= DENSE_FROM else LIGHT, *lines), []).append((y, x))
    for (pattern, lines_colour, ground_colour), places in found.items():
        patches(axes, places, facecolors=ground_colour, edgecolors=lines_colour, hatch=pattern, zorder=1.5)


def patches(axes: Axes, places: Iterable[tuple[int, int]], **look: Any) -> None:  # noqa: ANN401 (matplotlib's)
    """Cells, by row and column, covered but for their margins."""
    corners = np.array([[0.02, 0.02], [0.98, 0.02], [0.98, 0.98], [0.02, 0.98]])
    covered = PolyCollection([corners + np.array([x, y]) for y, x in places], linewidths=0, **look)
    axes.add_collection(covered, autolim=False)


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
    colours = HEAT(scale(np.where(cells.shown, cells.number, 0.0)))  # of all cells at once
    for (y, x), texts in number_texts(cells, like).items():
        colour = tuple(colours[y, x].tolist())
        shown = [text.replace("±0.", "±.") for text in texts] if short_spread else texts
        lines = list(zip(shown, sizes, strict=False))
        if share and 0 < cells.diverged[y, x] < 1:
            lines.append((percent(float(cells.diverged[y, x])), sizes[-1]))
        if len({size for _, size in lines}) == 1:  # fewer texts are faster to draw
            lines = [("\n".join(text for text, _ in lines), lines[0][1])]
        box = boxed or cells.diverged[y, x] >= LIGHT_FROM
        write_cell(axes, (y, x), lines, colour, place=place, boxed=box)
    if len(sizes) > 1:
        for y, x in np.argwhere(cells.diverged >= 1).tolist():
            lines = [(in_picture("captions.cell-all-failed"), sizes[-1])]
            write_cell(axes, (y, x), lines, MISSING, place=place, boxed=True)


def write_cell(
    axes: Axes,
    cell: tuple[int, int],
    lines: Sequence[tuple[str, float]],
    colour: ColorType,
    *,
    heights: Sequence[float] = (),
    place: float = 0.5,
    boxed: bool = False,
    spacing: float = 1.05,
) -> None:
    """Texts with their sizes in one cell, by row and column, readable on its colour.

    Parameters
    ----------
    heights
        Middles of the texts from the top, in parts of the cell; empty: spread over it.
    place
        Middle of the texts across, likewise.
    boxed
        Whether a box in the cell's colour lies behind them: hatching or a line would touch them.
    spacing
        Height of a line, in parts of the font's own.
    """
    y, x = cell
    ink = ON_LIGHT if colour == MISSING else ink_on(colour)
    written = cell_texts(axes).cells
    for (text, size), height in zip(lines, heights or _HEIGHTS[len(lines)], strict=True):
        box = colour if boxed else None
        written.append(CellText(x + place, y + height, text, size, ink, box, spacing))


def frame_best(axes: Axes, cells: Grid, *, each_row: bool = True) -> None:
    """Frame the best cell of each row, or of all, and those equal to it."""
    means = np.where(cells.shown, cells.number, np.inf)
    best = means.min(axis=1 if each_row else None, keepdims=True, initial=np.inf)
    for y, x in np.argwhere(np.isfinite(means) & np.isclose(means, best, rtol=1e-9, atol=0)).tolist():
        frame = Rectangle((x, y), 1, 1, fill=False, edgecolor=FRAME, linewidth=1.8, zorder=4)
        axes.add_patch(frame).set_clip_on(False)


def any_hatched(grids: Sequence[Grid]) -> bool:
    """Whether any cell is hatched."""
    return any(bool((cells.diverged >= LIGHT_FROM).any()) for cells in grids)


def any_empty(grids: Sequence[Grid]) -> bool:
    """Whether any cell has no trial."""
    return any(bool(np.isnan(cells.number).any()) for cells in grids)
