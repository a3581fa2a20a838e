"""Margins of a fixed size, for figures of many panels: finding a layout takes longer than drawing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.layout_engine import LayoutEngine

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Margins(LayoutEngine):
    """Keep margins round all panels, in inches, inside the part of the figure that ``set(rect=…)`` leaves."""

    _adjust_compatible = True
    _colorbar_gridspec = True

    def __init__(self, left: float, right: float, bottom: float, top: float) -> None:
        super().__init__()
        self._margins = (left, right, bottom, top)
        self.set(rect=(0.0, 0.0, 1.0, 1.0))

    def set(self, **options: Any) -> None:  # noqa: ANN401 (matplotlib's own signature)
        """Part of the figure to use: ``rect`` = left, bottom, width, height as shares of it."""
        self._rect = options["rect"]

    def execute(self, fig: Figure) -> None:
        """Move the panels; matplotlib calls this before it draws."""
        width, height = (float(inches) for inches in fig.get_size_inches())
        x, y, wide, high = self._rect
        left, right, bottom, top = self._margins
        fig.subplots_adjust(
            left=x + left / width,
            right=x + wide - right / width,
            bottom=y + bottom / height,
            top=y + high - top / height,
        )
