"""Lines with bands, and labels beside them that do not lie on each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.ticker import MaxNLocator

from sensitivity.pictures.marks.scales import log_axis
from sensitivity.pictures.style import INK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from sensitivity.arrays import Floats


def line(axes: Axes, across: Floats, up: Floats, colour: Any, point: float = 4.0, **look: Any) -> None:  # noqa: ANN401
    """Line in a colour; a point of a size where it has one place only."""
    axes.plot(across, up, color=colour, marker="o" if len(across) == 1 else "", markersize=point, **look)


def band(axes: Axes, across: Floats, low: Floats, high: Floats, colour: Any, **look: Any) -> None:  # noqa: ANN401
    """Band between two lines, nothing where both are unknown."""
    if np.isfinite(low).any():
        axes.fill_between(across, low, high, color=colour, linewidth=0, **look)


def log_if_far(axes: Axes, low: float, high: float, factor: float) -> None:
    """Make the axis of a response logarithmic where it spans more than a factor; a setting knows its own."""
    if low > 0 and high / low > factor:
        log_axis(axes, "y", low, high)


def whole_epochs(axes: Axes) -> None:
    """Ticks of the axis across at whole numbers."""
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def apart(places: Sequence[float] | Floats, gap: float, low: float, high: float) -> list[float]:
    """Heights of labels near their places, at least ``gap`` apart and between the ends if they fit there.

    Labels that would touch become one block around the mean of their places, in their order.
    """
    order = np.argsort(places, kind="stable").tolist()
    blocks: list[tuple[float, int]] = []  # middle and number of labels
    for place in np.asarray(places, dtype=np.float64)[order].tolist():
        middle, count = _inside(float(place), 1, gap, low, high), 1
        while blocks and middle - blocks[-1][0] < gap * (count + blocks[-1][1]) / 2:
            other, more = blocks.pop()
            middle = (middle * count + other * more) / (count + more)
            count += more
            middle = _inside(middle, count, gap, low, high)
        blocks.append((middle, count))
    heights = [middle + gap * (k - (count - 1) / 2) for middle, count in blocks for k in range(count)]
    found = dict(zip(order, heights, strict=True))
    return [found[number] for number in range(len(found))]


def _inside(middle: float, count: int, gap: float, low: float, high: float) -> float:
    """Middle of a block moved until the block lies between the ends; centred where it cannot."""
    reach = gap * (count - 1) / 2
    if 2 * reach > high - low:
        return (low + high) / 2
    return min(max(middle, low + reach), high - reach)


def threaded(
    axes: Axes, text: str, point: tuple[float, float], label: tuple[float, float], colour: str, width: float
) -> None:
    """Words at a place beside the axes, in parts of them, with a thread to a point at this height."""
    axes.annotate(
        text, point, xycoords=("data", "axes fraction"), xytext=label, textcoords="axes fraction",
        va="center", fontsize=8.0, color=INK, annotation_clip=False,
        arrowprops={"arrowstyle": "-", "color": colour, "linewidth": width, "relpos": (0, 0.5)},
    )  # fmt: skip


def end_labels(axes: Axes, lines: Sequence[tuple[float, str, str]]) -> None:
    """Name lines at the right of the axes, in their colours, with a thread where a name had to move.

    Parameters
    ----------
    axes
        Scales and limits must be final.
    lines
        Height of each line's end, its name, its colour.
    """
    axes.autoscale_view()
    transform = axes.yaxis.get_transform()
    bottom, top = transform.transform(axes.get_ylim())
    ends = [float((transform.transform([y])[0] - bottom) / (top - bottom)) for y, _, _ in lines]
    figure = axes.figure.get_figure(root=True)
    height = 72 * float(figure.get_size_inches()[1] if figure is not None else 3.0) * 0.8
    last = axes.get_xlim()[1]
    for (_, name, colour), end, place in zip(lines, ends, apart(ends, 10.5 / height, 0.0, 1.0), strict=True):
        threaded(axes, name, (last, end), (1.035, place), colour, 1.2)
