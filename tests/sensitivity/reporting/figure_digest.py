"""The command line with pictures that say in words and numbers what they show.

``python figure_digest.py '{"FOLDER": ["report", …], …}'`` does in each folder what ``python -m sensitivity
report …`` does, only that each PNG is a text: the words of the picture where they stand, limits and ticks of
its axes, places and colours of what is drawn. Pixels and the elements of an SVG change with every way to draw
the same picture; this does not. What was printed is the folder's ``terminal.txt``.

Numbers have five significant digits. ``~1a2b3c4d`` stands for what is too long to be read. The file
``arithmetic.txt``, written where this is run, changes with the last bits of the machine's arithmetic.
"""

import contextlib
import hashlib
import io
import json
import os
import runpy
import sys
from itertools import groupby
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.collections import Collection, LineCollection, PathCollection, PolyCollection, QuadMesh
from matplotlib.colors import to_hex, to_rgba_array
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.text import Text

FEW = 6  # points that are written out
KINDS = {
    PathCollection: "points",
    LineCollection: "lines",
    QuadMesh: "mesh",
    PolyCollection: "area",
    Collection: "marks",
}
NO_PICTURE = '<svg viewBox="0 0 1 1" xmlns="http://www.w3.org/2000/svg">\n</svg>\n'


def number(value):
    """Five significant digits, and no minus before a zero."""
    return f"{float(value):.5g}" if value else "0"


def numbers(values):
    return " ".join(number(value) for value in np.ravel(values))


def mark(content):
    """Eight letters that change with the content."""
    return "~" + hashlib.sha256(str(content).encode()).hexdigest()[:8]


def colours(values):
    """Colours in their order, a few of them in words."""
    found = [to_hex(colour, keep_alpha=True) for colour in to_rgba_array(values)]
    found = [colour[:7] if colour.endswith("ff") else colour for colour in found]
    different = list(dict.fromkeys(found))
    return " ".join(different) if len(different) < FEW else f"{len(different)} colours {mark(found)}"


def in_data(axes, transform, points):
    """Points in the units of the axes; what is zero but for rounding is zero."""
    points = np.asarray(points, float).reshape(-1, 2)
    if transform != axes.transData:
        with np.errstate(all="ignore"):
            points = axes.transData.inverted().transform(transform.transform(points))
        tiny = [1e-9 * np.ptp(limits) for limits in (axes.get_xlim(), axes.get_ylim())]
        points = np.where(np.abs(points) < tiny, 0.0, points)
    return points


def places(points):
    """A few points, or the range of many."""
    if len(points) <= FEW:
        return "; ".join(numbers(point) for point in points)
    (left, low), (right, high) = np.nanmin(points, axis=0), np.nanmax(points, axis=0)
    spans = f"x {number(left)} to {number(right)}, y {number(low)} to {number(high)}"
    return f"{len(points)} points, {spans} {mark([numbers(point) for point in points])}"


def line_words(axes, line):
    look = [colours(line.get_color())]
    look += [] if line.get_alpha() is None else [f"alpha {number(line.get_alpha())}"]
    look += [f"{line.get_linestyle()} {number(line.get_linewidth())}"]
    if line.get_marker() not in {"None", "none", "", " ", None}:
        look.append(f"marker {line.get_marker()} {number(line.get_markersize())}")
    return f"line {' '.join(look)}: {places(in_data(axes, line.get_transform(), line.get_xydata()))}"


def patch_words(axes, patch):
    kind = "bar" if isinstance(patch, Rectangle) else "shape"
    points = in_data(axes, patch.get_transform(), patch.get_path().vertices)
    if kind == "bar":
        points = np.array([points.min(axis=0), points.max(axis=0)])
    edge = f" edge {colours(patch.get_edgecolor())} {number(patch.get_linewidth())}"
    hatch = f" hatch {patch.get_hatch()}" if patch.get_hatch() else ""
    return f"{kind} {colours(patch.get_facecolor())}{edge}{hatch}: {places(points)}"


def collection_words(axes, collection):
    words = [next(word for kind, word in KINDS.items() if isinstance(collection, kind))]
    for name in ("facecolor", "edgecolor"):
        found = getattr(collection, f"get_{name}")()
        words += [f"{name[:4]} {colours(found)}"] if len(found) else []
    words += [f"hatch {collection.get_hatch()}"] if collection.get_hatch() else []
    words += [f"width {mark(numbers(collection.get_linewidth()))}"]
    if collection.get_array() is not None:
        values = np.ma.filled(np.ma.asarray(collection.get_array(), float), np.nan)
        words += [f"{values.size} values {mark(numbers(values))}"]
    if isinstance(collection, PathCollection):
        words += [f"sizes {mark(numbers(collection.get_sizes()))}"]
        points = in_data(axes, collection.get_offset_transform(), collection.get_offsets())
    else:
        vertices = [path.vertices for path in collection.get_paths()] or [np.empty((0, 2))]
        points = in_data(axes, collection.get_transform(), np.concatenate(vertices))
    return f"{' '.join(words)}: {places(points)}"


def image_words(image):
    values = np.ma.filled(np.ma.asarray(image.get_array(), float), np.nan)
    return f"image {values.shape}: {numbers(image.get_extent())} {mark(numbers(values))}"


def artist_words(axes, artist):
    if isinstance(artist, Line2D):
        return line_words(axes, artist)
    if isinstance(artist, Patch):
        return patch_words(axes, artist)
    if isinstance(artist, AxesImage):
        return image_words(artist)
    return collection_words(axes, artist) if hasattr(artist, "get_paths") else type(artist).__name__


def text_rows(texts, box, indent="  "):
    """Words as they stand, row by row from the top, in parts of a box; size and colour in the mark."""
    found, renderer = [], None
    for text in texts:
        if text.get_visible() and text.get_text().strip():
            renderer = renderer or RendererAgg(9, 9, text.get_figure(root=True).dpi)  # else one for each text
            extent = text.get_window_extent(renderer)
            centre = ((extent.x0 + extent.x1) / 2 - box.x0, (extent.y0 + extent.y1) / 2 - box.y0)
            across, up = (f"{part / size:.3f}" for part, size in zip(centre, box.size, strict=True))
            look = (across, to_hex(text.get_color()), number(text.get_fontsize()), text.get_rotation())
            words = text.get_text().replace("\n", " ⏎ ")
            found.append((-float(up), float(across), words, (*look, text.get_fontweight())))
    for up, row in groupby(sorted(found, key=lambda one: one[:3]), key=lambda one: one[0]):
        cells = list(row)
        words = " | ".join(cell[2] for cell in cells)
        yield f"{indent}text at {-up + 0.0:.3f}: {words} {mark([cell[3] for cell in cells])}"


def axis_words(axes, name):
    """Limits, scale, title and the ticks in view."""
    axis = getattr(axes, f"{name}axis")
    if not axis.get_visible() or not axes.axison:
        return f"  {name} {numbers(axis.get_view_interval())}, hidden"
    low, high = sorted(axis.get_view_interval())
    slack = 1e-9 * (high - low)
    ticks = [*axis.get_major_ticks(), *axis.get_minor_ticks()]
    seen = [tick for tick in ticks if low - slack <= tick.get_loc() <= high + slack]
    labels = [
        text.get_text().replace("\n", " ⏎ ")
        for tick in seen
        for text in (tick.label1, tick.label2)
        if text.get_visible() and text.get_text()
    ]
    where = mark([(number(t.get_loc()), t.tick1line.get_visible(), t.label1.get_color()) for t in seen])
    title = axis.label.get_text().replace("\n", " ⏎ ")
    limits = numbers(getattr(axes, f"get_{name}lim")())
    return f"  {name} {limits} {axis.get_scale()} “{title}”: {' | '.join(labels)} {where}"


def legend_words(legend):
    words = [text.get_text() for text in legend.get_texts()]
    looks = []
    for handle in legend.legend_handles:
        found = handle.get_color() if hasattr(handle, "get_color") else handle.get_facecolor()
        looks.append(colours(found))
    title = legend.get_title().get_text()
    pairs = " | ".join(f"{word} {look}" for word, look in zip(words, looks, strict=True))
    return f"  legend “{title}”: {pairs}"


def axes_words(axes, place):
    """Everything one pair of axes shows."""
    yield f"axes {place} at {' '.join(f'{part:.3f}' for part in axes.get_position().bounds)}"
    yield axis_words(axes, "x")
    yield axis_words(axes, "y")
    sides = [name for name, spine in axes.spines.items() if spine.get_visible() and axes.axison]
    yield f"  frame: {' '.join(sides)}"
    children = [child for child in axes.get_children() if child.get_visible()]
    cells = [cell.on(axes) for child in children for cell in getattr(child, "cells", ())]
    yield from text_rows([*(child for child in children if isinstance(child, Text)), *cells], axes.bbox)
    apart = {axes.patch, axes.xaxis, axes.yaxis, *axes.spines.values(), *axes.child_axes}
    drawn = [child for child in children if child not in apart and not isinstance(child, (Text, Legend))]
    drawn = [child for child in drawn if not hasattr(child, "cells")]
    words = sorted(f"  {artist_words(axes, artist)}" for artist in drawn)
    yield from (line for line in words if not line.endswith(": "))  # without a point it is not seen
    if axes.get_legend() is not None:
        yield legend_words(axes.get_legend())
    for inner, child in enumerate(axes.child_axes, 1):
        yield from axes_words(child, f"{place}.{inner}")


def digest(figure):
    """What a figure shows, as lines."""
    figure.draw_without_rendering()
    yield f"figure of {numbers(figure.get_size_inches())} inches"
    yield from text_rows(figure.texts, figure.bbox, "")
    for legend in figure.legends:
        yield legend_words(legend)
    shown = [axes for axes in figure.axes if axes.get_visible()]
    for place, axes in enumerate(sorted(shown, key=_reading_order), 1):
        yield from axes_words(axes, place)


def _reading_order(axes):
    left, low, _, high = axes.get_position().extents[[0, 1, 2, 3]]
    return -round(high, 3), round(left, 3), round(low, 3)


def savefig(figure, target, *, format=None, dpi=None, **_):  # noqa: A002 (matplotlib's name)
    """Write what the figure shows in place of a PNG, and next to nothing in place of an SVG and a PDF."""
    content = NO_PICTURE
    if format == "png":
        before = figure.get_dpi()
        figure.set_dpi(dpi or before)
        content = "\n".join(digest(figure)) + "\n"
        figure.set_dpi(before)
    if isinstance(target, io.IOBase):
        target.write(content.encode())
    else:
        Path(target).write_text(content, encoding="utf-8")


def arithmetic():
    """Mark of the last bits of this machine's arithmetic: one thread's BLAS, LAPACK and functions."""
    import scipy.linalg
    from threadpoolctl import threadpool_limits

    points = np.linspace(0.013, 3.0, 97)
    with threadpool_limits(1):
        matrix = np.exp(-(np.abs(points[:, None] - points) ** 2)) + np.eye(97)
        product = matrix @ np.log(matrix + 0.3)
        solved = scipy.linalg.cho_solve(scipy.linalg.cho_factor(matrix), product)
    return mark(b"".join(part.tobytes() for part in (matrix, product, solved, np.sin(product))))


def run_in(folder, words):
    """The command line in a folder; what it printed is in ``terminal.txt`` there."""
    os.chdir(folder)
    sys.argv[1:] = words
    with Path("terminal.txt").open("w", encoding="utf-8") as printed, contextlib.redirect_stdout(printed):
        try:
            runpy.run_module("sensitivity", run_name="__main__")
        except SystemExit as stop:
            if stop.code:
                raise


if __name__ == "__main__":
    Figure.savefig = savefig
    asked = json.loads(sys.argv[1])
    Path("arithmetic.txt").write_text(arithmetic() + "\n", encoding="utf-8")
    for folder, words in asked.items():
        run_in(folder, words)
