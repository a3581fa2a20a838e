"""Where a curve is lowest: the vertex of a parabola through the lowest point and its two neighbours."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sweeps.space import Choices, IntegerRange

if TYPE_CHECKING:
    from sensitivity.arrays import Floats
    from sensitivity.estimators.curves.curves import Curve


def optimum(curve: Curve) -> tuple[float, list[Floats]]:
    """Place of the minimum and its draws (for each world of `intervals`), by parabola through three points.

    Choices that are numbers have no scale but themselves: their axis is the logarithm where all are positive.
    """
    axis = _axis(curve)
    best = float(_vertex(axis, curve.best[None])[0])
    return best, [_vertex(axis, draws) for draws in curve.worlds]


def _axis(curve: Curve) -> Floats:
    if not isinstance(curve.scale, Choices):
        return curve.position
    numbers = np.array([float(value) for value in curve.levels])
    return np.log10(numbers) if (numbers > 0).all() else numbers


def _vertex(axis: Floats, responses: Floats) -> Floats:
    """Vertex of the parabola through the lowest point and its neighbours, shape (n,); the end at an end."""
    middle = np.argmin(responses, axis=1)
    found: Floats = axis[middle].astype(np.float64)
    inner = np.flatnonzero((middle > 0) & (middle < len(axis) - 1))
    if not len(inner):
        return found
    at = middle[inner]
    left, right = axis[at] - axis[at - 1], axis[at] - axis[at + 1]
    fall, rise = (
        responses[inner, at] - responses[inner, at - 1],
        responses[inner, at] - responses[inner, at + 1],
    )
    curvature = left * rise - right * fall
    shift = (left**2 * rise - right**2 * fall) / np.where(curvature == 0, 1.0, 2 * curvature)
    found[inner] = axis[at] - np.where(curvature == 0, 0.0, shift)
    return found


def ends(curve: Curve) -> tuple[float, float]:
    """First and last place at which the optimum can be found."""
    axis = _axis(curve)
    return float(axis[0]), float(axis[-1])


def value_at(curve: Curve, place: float) -> float:
    """Value of the setting at a place of the axis; NaN stays NaN."""
    if math.isnan(place):
        return math.nan
    return float(10 ** log_value(curve, np.array(place))) if curve.levels[0] > 0 else place  # type: ignore[operator]


def log_value(curve: Curve, place: Floats) -> Floats:
    """log10 of the value at a place of the axis."""
    if isinstance(curve.scale, Choices):
        return place
    half = 0.5 if isinstance(curve.scale, IntegerRange) else 0.0
    low, high = curve.scale.low - half, curve.scale.high + half
    if curve.scale.log:
        found: Floats = math.log10(low) + place * math.log10(high / low)
        return found
    return np.log10(low + place * (high - low))
