"""Surfaces of two coordinates, on which an update rule can be watched: see `sweeps.trajectories`.

What a network's loss looks like nobody can draw. Every surface has its value and its gradient in closed form.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sweeps.errors import DefinitionError, did_you_mean, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Function = Callable[[Floats, Floats], Floats]
    Slope = Callable[[Floats, Floats], tuple[Floats, Floats]]
    Mask = Callable[[Floats, Floats], NDArray[np.bool_]]
    Range = tuple[float, float]

FARTHEST = 1e6  # of a coordinate of a start: the steepest surface, y⁶, is still far from overflowing there


@dataclass(frozen=True)
class Surface:
    """A function of two coordinates.

    Attributes
    ----------
    name
        By which it is asked for; messages describe it by its name.
    formula
        f(x, y), as it is read.
    function, slope
        f(x, y), and its two derivatives, for arrays of equal shape.
    start
        Where a path begins if nobody says otherwise.
    view
        Range of x and of y that is worth seeing; random starts are drawn from ``starts``, within it.
    minima
        Where f is lowest around, the deepest first; empty where there is no such point.
    curvatures
        Eigenvalues of the second derivatives where these are the same everywhere, ascending, else empty.
    left
        Where a path has got away from the place that holds it up; None where there is none.
    rate
        A learning rate for all rules alike; None: each is shown at its own best.
    rates
        Learning rates by optimizer that are known from somebody else's picture.
    steps
        How many of them are worth seeing.
    """

    name: str
    formula: str
    function: Function
    slope: Slope
    start: Range
    view: tuple[Range, Range]
    starts: tuple[Range, Range]
    minima: tuple[Range, ...] = ()
    curvatures: tuple[float, ...] = ()
    left: Mask | None = None
    rate: float | None = None
    rates: Mapping[str, float] = field(default_factory=dict)
    steps: int = 100

    def value(self, points: Floats) -> Floats:
        """Give f, shape (…,), of points (…, 2)."""
        return self.function(points[..., 0], points[..., 1])

    def gradient(self, points: Floats) -> Floats:
        """Give the gradient (…, 2) of f at points (…, 2)."""
        return np.stack(self.slope(points[..., 0], points[..., 1]), axis=-1)


def _sigmoid(x: Floats) -> Floats:
    """1 / (1 + e⁻ˣ), without overflow at either end."""
    return np.asarray(0.5 * (1 + np.tanh(x / 2)))


_BEALE = ((1, 1.5), (2, 2.25), (3, 2.625))


def _beale(x: Floats, y: Floats) -> Floats:
    return np.asarray(sum((c - x * (1 - y**n)) ** 2 for n, c in _BEALE))


def _beale_slope(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    parts = [(c - x * (1 - y**n), n) for n, c in _BEALE]
    across = sum(-2 * part * (1 - y**n) for part, n in parts)
    along = sum(2 * part * x * n * y ** (n - 1) for part, n in parts)
    return np.asarray(across), np.asarray(along)


SURFACES: dict[str, Surface] = {
    "korean_textbook_surface": Surface(
        "korean_textbook_surface",
        "x²/20 + y²",
        lambda x, y: x**2 / 20 + y**2,
        lambda x, y: (x / 10, 2 * y),
        start=(-7.0, 2.0),
        view=((-8.5, 5.0), (-3.2, 3.2)),
        starts=((-8.5, 5.0), (-3.2, 3.2)),
        minima=((0.0, 0.0),),
        curvatures=(0.1, 2.0),
        rates={"sgd": 0.95, "momentum": 0.1, "adagrad": 1.5, "adam": 0.3},
    ),
    "ravine": Surface(
        "ravine",
        "x²/20 + 5 y²",
        lambda x, y: x**2 / 20 + 5 * y**2,
        lambda x, y: (x / 10, 10 * y),
        start=(-9.0, 1.0),
        view=((-11.0, 6.0), (-2.0, 2.0)),
        starts=((-11.0, 6.0), (-2.0, 2.0)),
        minima=((0.0, 0.0),),
        curvatures=(0.1, 10.0),
        steps=200,
    ),
    "saddle": Surface(
        "saddle",
        "x² − y²",
        lambda x, y: x**2 - y**2,
        lambda x, y: (2 * x, -2 * y),
        start=(-1.5, 0.001),
        view=((-2.0, 2.0), (-1.6, 1.6)),
        starts=((-1.5, 1.5), (-0.01, 0.01)),
        curvatures=(-2.0, 2.0),
        left=lambda x, y: np.abs(y) > 1,  # noqa: ARG005 (all are called alike)
        rate=0.05,
    ),
    "plateau": Surface(
        "plateau",
        "1 / (1 + e⁻ˣ) + y²/20",
        lambda x, y: _sigmoid(x) + y**2 / 20,
        lambda x, y: (_sigmoid(x) * _sigmoid(-x), y / 10),
        start=(4.0, 2.0),
        view=((-6.0, 6.0), (-3.2, 3.2)),
        starts=((3.0, 5.0), (-2.0, 2.0)),
        left=lambda x, y: x < 0,  # noqa: ARG005 (all are called alike)
        rate=0.5,
    ),
    "double_well": Surface(
        "double_well",
        "x⁴/4 + x³/3 − x² + y²/2",
        lambda x, y: x**4 / 4 + x**3 / 3 - x**2 + y**2 / 2,
        lambda x, y: (x * (x - 1) * (x + 2), y),
        start=(2.0, 1.2),
        view=((-3.2, 2.4), (-1.8, 1.8)),
        starts=((0.05, 2.2), (-1.5, 1.5)),
        minima=((-2.0, 0.0), (1.0, 0.0)),
        rate=0.03,
    ),
    "rosenbrock": Surface(
        "rosenbrock",
        "(1 − x)² + 100 (y − x²)²",
        lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
        lambda x, y: (-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)),
        start=(-1.2, 1.0),
        view=((-1.9, 1.9), (-0.8, 2.6)),
        starts=((-1.8, 1.8), (-0.5, 2.5)),
        minima=((1.0, 1.0),),
        steps=500,
    ),
    "beale": Surface(
        "beale",
        "(1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²",
        _beale,
        _beale_slope,
        start=(1.0, 1.5),
        view=((-0.5, 4.5), (-1.5, 2.0)),
        starts=((0.0, 4.0), (-1.0, 1.2)),
        minima=((3.0, 0.5),),
        steps=200,
    ),
}


def known_name(name: str) -> str:
    """Key of `SURFACES` for a name that somebody typed, with hyphens or underscores.

    Raises
    ------
    DefinitionError
        When there is none of that name.
    """
    known = name.replace("-", "_")
    if known not in SURFACES:
        raise DefinitionError(f"surface {shown(name)} is not known{did_you_mean(known, SURFACES)}")
    return known


def check_start(surface: Surface, start: Sequence[float]) -> None:
    """Refuse a start from which nothing can be followed.

    Raises
    ------
    DefinitionError
        When a coordinate is not finite, or so large that the value or the gradient there is useless.
    """
    point = np.array(start, dtype=np.float64)
    inside = bool((np.abs(point) <= FARTHEST).all())  # false for NaN too
    if not inside:
        (x_low, x_high), (y_low, y_high) = surface.view
        raise DefinitionError(
            f"a path cannot start at ({start[0]:g}, {start[1]:g}); give two finite numbers, "
            f"such as x from {x_low:g} to {x_high:g} and y from {y_low:g} to {y_high:g}"
        )


def random_starts(surface: Surface, count: int, seed: int = 0) -> Floats:
    """Points (count, 2) drawn evenly from ``surface.starts``, the same for everybody."""
    low, high = np.array(surface.starts).T
    return np.random.default_rng(seed).uniform(low, high, size=(count, 2))
