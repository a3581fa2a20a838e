"""Words beside bars and lines: shares with their intervals, and labels that do not lie on each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.estimators.cells import Floats


def percent(share: float, places: int = 1) -> str:
    """Share as a text with unit: 4.6 %; tiny negative ones without a sign of their own."""
    text = f"{100 * share:.{places}f}"
    return f"{text.removeprefix('-') if float(text) == 0 else text} %".replace("-", "−")


def percent_with_interval(share: float, low: float, high: float) -> str:
    """``80.1 % [79.0, 81.2]``; the interval left out where it is unknown."""
    if np.isnan(low) or np.isnan(high):
        return percent(share)
    ends = ", ".join(percent(end).removesuffix(" %") for end in (low, high))
    return f"{percent(share)} [{ends}]"


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


def _inside(middle: float, count: int, gap: float, low: float, high: float) -> float:
    """Middle of a block moved until the block lies between the ends; centred where it cannot."""
    reach = gap * (count - 1) / 2
    if 2 * reach > high - low:
        return (low + high) / 2
    return min(max(middle, low + reach), high - reach)
