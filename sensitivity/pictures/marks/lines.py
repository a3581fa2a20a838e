"""Lines with bands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.ticker import MaxNLocator

from sensitivity.pictures.marks.scales import log_axis

if TYPE_CHECKING:
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


def whole_epochs(axes: Axes, most: int = 10) -> None:
    """Ticks of the axis across at whole numbers, with at most so many steps between them."""
    axes.xaxis.set_major_locator(MaxNLocator(most, integer=True))
