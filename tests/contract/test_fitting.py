"""Pictures on Axes of somebody's own fit the place that they are given."""

from itertools import combinations

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from test_drawing import letters
from test_pictures import measured

import sensitivity
from sensitivity.pictures.fitting import cell_of, room_of, whole
from sensitivity.pictures.style import READABLE

pytestmark = pytest.mark.usefixtures("few_trees")


def drawn(name, size, layout="constrained", columns=1):
    """A picture on the last of some Axes in a row of a figure, as a user's settings make them."""
    with mpl.rc_context(mpl.rcParamsDefault):
        figure = Figure(figsize=size, layout=layout)
        axes = figure.subplots(1, columns, squeeze=False)[0]
    for one in axes:
        sensitivity.draw(measured("everything")[0], name, ax=one)
    return figure, axes


@pytest.mark.parametrize(
    ("name", "size", "layout", "columns"),
    [
        ("ranking", (6.4, 4.8), "constrained", 2),
        ("ranking", (3, 2.5), None, 1),
        ("learning_rate_by_optimizer", (3, 2.5), "constrained", 1),
        ("tolerance", (3, 2.5), "constrained", 1),
        ("tolerance", (6.4, 4.8), None, 1),
    ],
)
def test_no_text_is_cut_or_lies_on_another(name, size, layout, columns):
    """Numbers, labels, ticks and the legend lie inside the figure, none on another, and can be read."""
    figure, axes = drawn(name, size, layout, columns)
    found = [(text.get_text(), box) for text, box in letters(figure)]
    page = figure.bbox.padded(1)
    assert [text for text, box in found if not np.all((box.min >= page.min) & (box.max <= page.max))] == []
    crossed = [
        (one, other) for (one, a), (other, b) in combinations(found, 2) if a.padded(-1).overlaps(b.padded(-1))
    ]
    assert crossed == []
    assert min(text.get_fontsize() for text in figure.findobj(Text)) >= READABLE
    assert all(one.get_position().width * size[0] > 0.25 * size[0] / columns for one in axes)


def test_the_place_of_axes_is_that_of_their_grid():
    """Unequal columns, and a grid in a place of a grid, in inches; whole figures as they are."""
    figure = Figure(figsize=(8, 4))
    grid = figure.add_gridspec(1, 2, width_ratios=[1, 3])
    left = figure.add_subplot(grid[0, 0])
    inner = figure.add_subplot(grid[0, 1].subgridspec(2, 1, hspace=0)[0, 0])
    assert cell_of(left).bounds == pytest.approx((0, 0, 2, 4))
    assert cell_of(inner).bounds == pytest.approx((2, 2, 6, 2))
    assert room_of([cell_of(left), cell_of(inner)]) == pytest.approx((8, 4))
    assert whole(figure).bounds == (0, 0, 8, 4)
