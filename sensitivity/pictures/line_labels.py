"""Labels beside lines that do not lie on each other, and the ticks that suit a range of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from sensitivity.pictures.style import INK
from sensitivity.words import short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

    from sensitivity.arrays import Floats


def apart(places: Sequence[float] | Floats, gap: float, low: float, high: float) -> list[float]:
    """Heights of labels near their places, at least ``gap`` apart and between the ends if they fit there.

    Labels that would touch become one block around the mean of their places, in their order.
    """
    order = np.argsort(places, kind="stable").tolist()
    blocks: list[tuple[float, int]] = []  # middle and number of labels
    for place in np.asarray(places, dtype=np.float64)[order].tolist():
        middle, count = float(place), 1
        middle = _inside(middle, count, gap, low, high)
        while blocks and middle - blocks[-1][0] < gap * (count + blocks[-1][1]) / 2:
            other, more = blocks.pop()
            middle = (middle * count + other * more) / (count + more)
            count += more
            middle = _inside(middle, count, gap, low, high)
        blocks.append((middle, count))
    heights = [middle + gap * (k - (count - 1) / 2) for middle, count in blocks for k in range(count)]
    found = dict(zip(order, heights, strict=True))
    return [found[number] for number in range(len(found))]


def plain_log_ticks(axis: Axis, low: float, high: float) -> None:
    """Ticks of a log axis in plain numbers: at powers of ten, and at 2 and 5 where it spans less than two."""
    steps = (1.0,) if high / low >= 100 else (1.0, 2.0, 5.0)
    axis.set_major_locator(LogLocator(subs=steps))
    axis.set_major_formatter(FuncFormatter(lambda value, _: short(value)))
    axis.set_minor_formatter(NullFormatter())


def _inside(middle: float, count: int, gap: float, low: float, high: float) -> float:
    """Middle of a block moved until the block lies between the ends; centred where it cannot."""
    reach = gap * (count - 1) / 2
    if 2 * reach > high - low:
        return (low + high) / 2
    return min(max(middle, low + reach), high - reach)


def end_labels(axes: Axes, lines: Sequence[tuple[float, float, str, str]]) -> None:
    """Name lines at the right of the axes, in their colours, with a thread where a name had to move.

    Parameters
    ----------
    axes
        Scales and limits must be final.
    lines
        x and y of each line's end, its name, its colour.
    """
    axes.autoscale_view()
    low, high = axes.get_ylim()
    transform = axes.yaxis.get_transform()
    bottom, top = transform.transform([low, high])
    ends = [float((transform.transform([y])[0] - bottom) / (top - bottom)) for _, y, _, _ in lines]
    figure = axes.figure.get_figure(root=True)
    height = 72 * float(figure.get_size_inches()[1] if figure is not None else 3.0) * 0.8
    heights = apart(ends, 10.5 / height, 0.0, 1.0)
    last = axes.get_xlim()[1]
    for (_, _, name, colour), end, place in zip(lines, ends, heights, strict=True):
        axes.annotate(
            name, (last, end), xycoords=("data", "axes fraction"), xytext=(1.035, place),
            textcoords="axes fraction", va="center", fontsize=8.0, color=INK,
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 1.2, "relpos": (0, 0.5)},
        )  # fmt: skip
