"""Axes at fixed places in inches: what constrained layout would find slowly for dozens of panels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import Figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def placed_figure(width: float, height: float) -> Figure:
    """Figure of a size in inches whose Axes stay where `panel` puts them."""
    return Figure(figsize=(width, height), layout=None)


def panel(figure: Figure, box: tuple[float, float, float, float], label: str = "") -> Axes:
    """New Axes: distance from the left and from the top of the figure, width and height, in inches."""
    width, height = (float(size) for size in figure.get_size_inches())
    left, down, wide, high = box
    return figure.add_axes(
        (left / width, 1 - (down + high) / height, wide / width, high / height), label=label
    )
