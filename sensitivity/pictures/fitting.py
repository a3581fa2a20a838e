"""A picture on Axes of somebody's own: letters, labels and ticks as large as there is room for.

A picture of the report chooses how large it is; on Axes that are given it takes what there is. What a layout
engine of matplotlib's cannot do is done here: it never wraps a label, turns or leaves out names of cells, or
makes letters smaller.
"""

from __future__ import annotations

import math
import textwrap
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text
from matplotlib.ticker import FixedLocator
from matplotlib.transforms import Bbox

from sensitivity.pictures.marks.layout import inches
from sensitivity.pictures.marks.texts import CellTexts
from sensitivity.pictures.style import COLUMNS, INK, MUTED, NARROWER, READABLE, RULE, STYLE, Room

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

MARGIN: Final = 0.06  # inches round everything
WIDER: Final = 0.12  # where nobody lays out anew for the resolution of a file, at which letters are wider
LEAST: Final = 0.7  # inches: no label is wrapped to less
SLACK: Final = 1.15  # how much wider than its estimate a text of digits may be taken to be
UPRIGHT: Final = 90  # degrees


def whole(figure: Any) -> Bbox:  # noqa: ANN401 (a figure or a part of one)
    """A figure in inches, from its lower left corner."""
    return Bbox.from_bounds(0, 0, figure.bbox.width / figure.dpi, figure.bbox.height / figure.dpi)


def room_of(cells: Sequence[Bbox]) -> Room:
    """What there is for a picture in all of these places."""
    together = Bbox.union(cells)
    return Room(float(together.width), float(together.height))


def cell_of(axes: Axes) -> Bbox:
    """Place of Axes in the grid of their figure, in inches: what stands round them must lie there, too."""
    spec, page = axes.get_subplotspec(), whole(axes.figure)
    place = axes.get_position(original=True)
    if spec is not None:
        top = spec.get_topmost_subplotspec()
        grid = top.get_gridspec()
        across, down = _edges(grid.get_width_ratios()), 1 - _edges(grid.get_height_ratios())
        left, right = across[[top.colspan.start, top.colspan.stop]]
        above, beneath = down[[top.rowspan.start, top.rowspan.stop]]
        inner, outer = (one.get_position(axes.figure) for one in (spec, top))  # type: ignore[arg-type]
        place = _inside(Bbox.from_extents(left, beneath, right, above), inner, outer)
    return Bbox(place.get_points() * [page.width, page.height])


def _edges(ratios: Any) -> Any:  # noqa: ANN401 (a list; parts of a figure, one more)
    sizes = np.cumsum([0.0, *ratios])
    return sizes / sizes[-1]


def _inside(cell: Bbox, inner: Bbox, outer: Bbox) -> Bbox:
    """The part of a cell that one box is of another: a grid in a place of a grid."""
    part = (inner.get_points() - outer.min) / outer.size
    return Bbox(cell.min + part * cell.size)


def fit(panels: Sequence[Axes], bars: Sequence[Axes], cells: Sequence[Bbox], *, moved: bool) -> None:
    """Make what stands on and round Axes fit their places.

    Parameters
    ----------
    panels, cells
        Axes of a picture, and the place of each in inches, see `cell_of`.
    bars
        Colour bars beside them.
    moved
        Whether nobody lays the figure out: then Axes give way to what stands round them.
    """
    size = _smaller(room_of(cells).width)
    for axes in [*panels, *bars]:
        _letters(axes, size, ours=axes in panels)
    beside = sum(_width(axes) for axes in bars) / room_of(cells).width
    for axes, cell in zip(panels, cells, strict=True):
        if axes.get_visible():
            _fit_one(axes, Bbox.from_bounds(*cell.min, cell.width * (1 - beside), cell.height))
    high = min((_inner(axes, cell)[1] for axes, cell in zip(panels, cells, strict=True)), default=LEAST)
    for axes in bars:
        tall = high if len(panels) == 1 else room_of(cells).height - 2 * LEAST
        _wrap(axes.yaxis.label, max(tall, LEAST))
    if moved:
        _move([*panels, *bars], Bbox.union(cells))


def _smaller(width: float) -> float:
    """Size of letters in so many inches, in parts of that in two columns of a paper."""
    narrow, wide = COLUMNS
    return float(np.interp(width, [narrow, wide], [NARROWER, 1.0]))


def _points(size: Any) -> float:  # noqa: ANN401 (points, or a word such as "medium")
    return float(FontProperties(size=size).get_size_in_points())


def _titles(axes: Axes) -> list[Text]:
    """Titles of Axes at the left, in the middle and at the right."""
    return [text for text in axes.get_children() if isinstance(text, Text) and text not in axes.texts]


def _letters(axes: Axes, size: float, *, ours: bool) -> None:
    """Letters in so many parts of the style's, which somebody's Axes do not have; and its spines."""
    labels = (axes.xaxis.label, axes.yaxis.label)
    for text, most in [*((one, 10.5) for one in _titles(axes)), *((one, 9.0) for one in labels)]:
        text.set_fontsize(max(min(float(text.get_fontsize()), most) * size, READABLE))
    legend = axes.get_legend()
    for text in [*axes.texts, *([] if legend is None else legend.get_texts())]:
        text.set_fontsize(max(float(text.get_fontsize()) * size, READABLE))
    for axis in (axes.xaxis, axes.yaxis):
        known = _points(axis.get_tick_params().get("labelsize", STYLE["xtick.labelsize"]))
        letters = max(min(known, STYLE["xtick.labelsize"]) * size, READABLE)
        axis.set_tick_params(labelsize=letters, color=MUTED, labelcolor=INK)
        if ours:
            axis.set_tick_params(grid_color=RULE, grid_linewidth=STYLE["grid.linewidth"])
    for side in ("top", "right") if ours else ():
        axes.spines[side].set_visible(False)


def _width(bar: Axes) -> float:
    """Inches that a colour bar and its label take from the width of panels: none where it lies."""
    box = bar.get_tightbbox()
    return float(box.width) / bar.figure.dpi + MARGIN if box is not None and box.height > box.width else 0.0


def _round(axes: Axes) -> tuple[float, float, float, float]:
    """Inches that stand out of Axes to the left, beneath, to the right and above."""
    dots = axes.figure.dpi
    box, tight = axes.get_window_extent(), axes.get_tightbbox(for_layout_only=True)
    if tight is None:
        return 0.0, 0.0, 0.0, 0.0
    ends = box.x0 - tight.x0, box.y0 - tight.y0, tight.x1 - box.x1, tight.y1 - box.y1
    left, beneath, right, above = (max(float(end) / dots, 0.0) for end in ends)
    return left, beneath, right, above


def _inner(axes: Axes, cell: Bbox) -> tuple[float, float]:
    """Width and height that Axes have in their place, once what stands round them has its own."""
    left, beneath, right, above = _round(axes)
    return float(cell.width - left - right - 2 * MARGIN), float(cell.height - beneath - above - 2 * MARGIN)


def _fit_one(axes: Axes, cell: Bbox) -> None:
    """Labels as long as their axis, names of cells as wide as their cells."""
    _thin(axes.yaxis, axes, _inner(axes, cell)[1])
    wide, high = (max(side, LEAST) for side in _inner(axes, cell))
    _turn(axes, wide)
    _empty_cells(axes, wide, high)
    for text in _titles(axes):
        _wrap(text, wide)
    left, _, right, _ = _round(axes)
    stands = axes.xaxis.label.get_horizontalalignment()
    beyond = {"left": right, "right": left}.get(stands, 2 * min(left, right))
    _wrap(axes.xaxis.label, wide + beyond)
    _wrap(axes.yaxis.label, high)


def _empty_cells(axes: Axes, wide: float, high: float) -> None:
    """No text in cells that are too small for it: colours tell what a table of numbers cannot be read for."""
    for texts in (one for one in axes.artists if isinstance(one, CellTexts)):
        columns, rows = (abs(end - start) for start, end in (axes.get_xlim(), axes.get_ylim()))
        widest = max((inches(cell.text.split("\n"), cell.size) for cell in texts.cells), default=0.0)
        lines: Counter[tuple[int, int]] = Counter()
        for cell in texts.cells:
            lines[int(cell.x), int(cell.y)] += cell.text.count("\n") + 1
        highest = max(lines.values(), default=0) * max((cell.size for cell in texts.cells), default=0.0) / 72
        texts.set_visible(widest <= wide / columns * SLACK and highest <= high / rows)


def _wrap(text: Text, room: float) -> None:
    """Break a text where it is longer than so many inches."""
    said, size = text.get_text(), float(text.get_fontsize())
    if not said or inches(said.split("\n"), size) <= room:
        return
    letters = max(int(room * len(said) / inches([said.replace("\n", " ")], size)), 6)
    lines = [textwrap.fill(line, letters, break_long_words=False) for line in said.split("\n")]
    text.set_text("\n".join(lines))


def _names(axis: Axis) -> list[str]:
    """Names at an axis of cells or rows; none where it has ticks of numbers."""
    if not isinstance(axis.get_major_locator(), FixedLocator):
        return []
    return [label.get_text() for label in axis.get_ticklabels()]


def _letter_size(axis: Axis) -> float:
    return _points(axis.get_tick_params().get("labelsize", READABLE))


def _turn(axes: Axes, wide: float) -> None:
    """Stand the names of columns upright where they would touch, and leave some out where these would."""
    names = _names(axes.xaxis)
    size = _letter_size(axes.xaxis)
    if len(names) < 2 or inches(names, size) <= wide / len(names):
        return
    for label in axes.get_xticklabels():
        label.set(rotation=UPRIGHT, ha="center", va="top", rotation_mode="default")
    _thin(axes.xaxis, axes, wide)


def _thin(axis: Axis, axes: Axes, room: float) -> None:
    """Name every second, third … row or column only, where letters are higher than its part of the room."""
    names = _names(axis)
    every = math.ceil(len(names) * _letter_size(axis) * 1.1 / 72 / max(room, LEAST)) if names else 1
    if every > 1:
        rotation = axis.get_ticklabels()[0].get_rotation()
        kept = [name if place % every == 0 else "" for place, name in enumerate(names)]
        axis.set_ticks(axis.get_ticklocs(), labels=kept, rotation=rotation)
    axes.stale = True


def _move(every: Sequence[Axes], cell: Bbox) -> None:
    """Draw Axes together where what stands round them lies outside of their places."""
    page = whole(every[0].figure)
    for _ in range(2):  # texts that stand at an end move with it
        shown = [axes for axes in every if axes.get_visible()]
        dots = shown[0].figure.dpi
        tight = Bbox.union([box for axes in shown if (box := axes.get_tightbbox()) is not None])
        corner = shown[0].figure.bbox.min
        drawn = Bbox((tight.get_points() - corner) / dots)
        held = Bbox.union([Bbox(axes.get_position().get_points() * page.size) for axes in shown])
        low = held.min + np.maximum(np.add(cell.min, WIDER) - drawn.min, 0)
        high = held.max - np.maximum(np.subtract(drawn.max, cell.max) + WIDER, 0)
        if (high - low <= 0.2).any():
            return
        stretch = (high - low) / held.size
        for axes in shown:
            points = axes.get_position().get_points() * page.size
            axes.set_position(Bbox((low + (points - held.min) * stretch) / page.size))
