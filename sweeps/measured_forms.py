"""What the update rules do where `sweeps.closed_forms` say what they must."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sweeps.surfaces import Surface
from sweeps.trajectories import paths

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from sweeps.surfaces import Floats

    Line = Callable[[Floats], Floats]

_SQUARE = ((-1.0, 1.0), (-1.0, 1.0))


def along_x(function: Line, slope: Line) -> Surface:
    """Surface of x alone."""
    return Surface(
        "along_x",
        "f(x)",
        lambda x, _: function(x),
        lambda x, y: (slope(x), 0 * y),
        (0.0, 0.0),
        _SQUARE,
        _SQUARE,
    )


def contractions(surface: Surface, configurations: Sequence[Mapping[str, Any]], steps: int = 1200) -> Floats:
    """Factor per step by which the distance from a minimum at 0 shrinks or grows in the long run, shape (k,).

    The largest coordinate of the last third of the path against that of the second third; NaN where it has
    run away.
    """
    size = np.abs(paths(surface, configurations, surface.start, steps)).max(axis=2)
    third = steps // 3
    last, before = size[:, -third:].max(axis=1), size[:, -2 * third : -third].max(axis=1)
    return np.asarray((last / before) ** (1 / third))


def speeds(beta: float, steps: int) -> Floats:
    """Speed of momentum on an even slope after each step, in units of gradient descent's, shape (steps,)."""
    slope = along_x(lambda x: x, np.ones_like)
    found = paths(slope, {"optimizer": "momentum", "beta": beta, "learning_rate": 1.0}, slope.start, steps)
    return -np.diff(found[0, :, 0])


def lone_gradient_step(quiet: int) -> float:
    """Largest step of Adam, in units of η, if gradients are zero ``quiet`` times and then once are not."""
    seen = 0

    def slope(x: Floats) -> Floats:
        nonlocal seen
        seen += 1
        return np.full_like(x, float(seen == quiet + 1))

    flat = along_x(np.zeros_like, slope)
    found = paths(flat, {"optimizer": "adam", "learning_rate": 1.0}, flat.start, quiet + 1)
    return float(np.abs(np.diff(found[0, :, 0])).max())
