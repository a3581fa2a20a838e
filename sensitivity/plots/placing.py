"""Axes at fixed places in inches: what constrained layout would find slowly for dozens of panels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure
from matplotlib.layout_engine import LayoutEngine

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Placing(LayoutEngine):
    """Layout that puts each Axes into its box, and follows `saving`, which makes the figure taller."""

    _adjust_compatible = False
    _colorbar_gridspec = False

    def __init__(self) -> None:
        super().__init__()
        self._boxes: list[tuple[Axes, tuple[float, float, float, float]]] = []
        self._rect = (0.0, 0.0, 1.0, 1.0)

    def add(self, axes: Axes, box: tuple[float, float, float, float]) -> None:
        """Place Axes: distance from the left and the top of the picture, width and height, in inches."""
        self._boxes.append((axes, box))

    def set(self, **options: Any) -> None:  # noqa: ANN401 (as the class it overrides)
        """Take ``rect``, the part of the figure that is the picture: left, bottom, width, height."""
        self._rect = options["rect"]

    def execute(self, fig: Figure) -> None:
        """Move the Axes to their places."""
        width, height = (float(size) for size in fig.get_size_inches())
        top = (self._rect[1] + self._rect[3]) * height
        for axes, (left, down, wide, high) in self._boxes:
            axes.set_position((left / width, (top - down - high) / height, wide / width, high / height))


def placed_figure(width: float, height: float) -> tuple[Figure, Placing]:
    """Figure of a size in inches, and its layout to `Placing.add` Axes to."""
    placing = Placing()
    return Figure(figsize=(width, height), layout=placing), placing


def panel(figure: Figure, placing: Placing, box: tuple[float, float, float, float]) -> Axes:
    """New Axes in a box, see `Placing.add`."""
    # Equal boxes would give the same Axes again in old versions; the layout moves them anyway.
    axes = figure.add_axes((0.1, 0.1, 0.8, 0.8), label=f"panel {len(figure.axes)}")
    placing.add(axes, box)
    return axes
