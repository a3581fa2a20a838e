"""Texts in cells: one artist draws what matplotlib's own texts would be."""

import re

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sensitivity.pictures.marks.texts import CellText, cell_texts, texts_of
from sensitivity.pictures.saving import Drawing, rendered
from sensitivity.pictures.style import new_figure

LOOK = {"ha": "center", "va": "center", "linespacing": 1.05}
PLACES = [(0.2, 0.3, "0.025\n±.003"), (0.6, 0.3, "12.5"), (0.6, 0.8, "all\ndiv."), (0.2, 0.8, "0.025\n±.003")]


def pixels(write):
    """A figure in which something was written, as an array."""
    figure = Figure(figsize=(3, 2), dpi=160)
    axes = figure.add_subplot()
    write(axes)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba()).astype(int)


def test_the_same_pixels_as_matplotlibs_own_texts():
    """Lines of text in their places, to the pixel; another text is another picture."""

    def own(axes):
        cell_texts(axes).cells += [CellText(*place, 8.0, "#203040") for place in PLACES]

    def theirs(axes):
        for x, y, text in PLACES:
            axes.text(x, y, text, fontsize=8.0, color="#203040", **LOOK)

    assert np.array_equal(pixels(own), pixels(theirs))
    assert not np.array_equal(pixels(own), pixels(lambda axes: axes.set_title("")))


def test_a_box_covers_what_lies_beneath_the_letters():
    """The colour of the cell round the letters, and nowhere else."""

    def on_a_line(box):
        def write(axes):
            axes.plot([0, 1], [0.5, 0.5], color="black", linewidth=6)
            cell_texts(axes).cells.append(CellText(0.5, 0.5, "8888", 8.0, "white", box))

        return pixels(write)

    changed = (on_a_line("red") != on_a_line(None)).any(axis=2)
    rows, columns = (np.flatnonzero(changed.any(axis=way)) for way in (1, 0))
    assert 15 < np.ptp(rows) < 40  # 8 points at 160 dots per inch, and a margin
    assert 35 < np.ptp(columns) < 70


def test_texts_stay_texts_in_an_svg_and_can_be_asked_and_changed():
    """Each line is an element that stands in the middle of its cell."""
    figure = new_figure(2.0)
    axes = figure.add_subplot()
    cell_texts(axes).cells.append(CellText(0.5, 0.5, "0.1\n±.2", 7.0, "black"))
    axes.text(0.1, 0.1, "other")
    assert [text.get_text() for text in texts_of(axes)] == ["0.1\n±.2", "other"]
    texts_of(axes)[0].set_text("−0.1\n±.2")
    svg = rendered(Drawing(figure, "title", "caption")).svg
    found = re.findall(r"<text[^>]*text-anchor: middle[^>]*>([^<]*)</text>", svg)
    assert [text for text in found if text in {"−0.1", "±.2"}] == ["−0.1", "±.2"]
