"""Where a curve is lowest: the middle of the values that cannot be told from the best one.

The lowest of several levels that noise alone orders jumps along a flat bottom. Those that differ from it by
no more than noise makes the largest of K − 1 differences (95 %, Bonferroni) are one band, its ends by linear
interpolation, and the place is the middle of that. Where the lowest level is told from both neighbours (as
always without noise) it is the vertex of the parabola through the three.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import scipy

from sensitivity.estimators.curves.intervals import LEVEL, spanned
from sweeps.space import Choices, IntegerRange

if TYPE_CHECKING:
    from sensitivity.arrays import Floats
    from sensitivity.estimators.curves.curves import Curve

NEAR: Final = 3  # levels next to the lowest in response, whose differences say how large the noise is


@dataclass(frozen=True)
class Optimum:
    """Place of the minimum on a curve's axis, its draws by world of `intervals`, and the band it is in."""

    place: float
    worlds: list[Floats]
    band: tuple[float, float]

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval: of the place, and all that cannot be told from the best; NaN without draws.

        Where a valley is steeper on one side its lowest point is not in the middle of the band, but in it.
        """
        low, high = spanned(self.place, self.worlds)
        if math.isnan(low) or self.band[0] == self.band[1]:
            return low, high
        return min(low, self.band[0]), max(high, self.band[1])


def optimum(curve: Curve) -> Optimum:
    """Place of the minimum of a curve.

    Choices that are numbers have no scale but themselves: their axis is the logarithm where all are positive.
    """
    axis, depth = _axis(curve), _depth(curve)
    low, high = (float(end[0]) for end in _ends(axis, curve.best[None], depth))
    worlds = [middle(axis, draws, depth) for draws in curve.worlds]
    return Optimum(float(middle(axis, curve.best[None], depth)[0]), worlds, (low, high))


def _depth(curve: Curve) -> float:
    """Difference from the lowest response that noise makes; 0 without draws."""
    if not len(curve.draws) or len(curve) < 2:
        return 0.0
    order = np.argsort(curve.best, kind="stable")
    sd = (curve.draws[:, order[1 : NEAR + 1]] - curve.draws[:, order[:1]]).std(axis=0)
    return float(scipy.stats.norm.isf((1 - LEVEL) / 2 / (len(curve) - 1)) * np.median(sd))


def middle(axis: Floats, responses: Floats, depth: float) -> Floats:
    """Middle of the band, or the vertex of a parabola where the band is a single level, shape (n,)."""
    left, right = _run(responses, depth)
    low, high = _ends(axis, responses, depth)
    return np.where(left == right, _vertex(axis, responses), (low + high) / 2)


def _run(responses: Floats, depth: float) -> tuple[Floats, Floats]:
    """First and last level of the run around the lowest one that is within ``depth`` of it, shape (n,)."""
    lowest, levels = np.argmin(responses, axis=1)[:, None], np.arange(responses.shape[1])
    out = responses > responses.min(axis=1, keepdims=True) + depth
    left = np.where(out & (levels < lowest), levels, -1).max(axis=1) + 1
    right = np.where(out & (levels > lowest), levels, len(levels)).min(axis=1) - 1
    return left, right


def _ends(axis: Floats, responses: Floats, depth: float) -> tuple[Floats, Floats]:
    """Ends of that run, between levels where the response passes ``depth``; the range's where it goes on."""
    limit, rows = responses.min(axis=1) + depth, np.arange(len(responses))
    found = []
    for inside, step in zip(_run(responses, depth), (-1, 1), strict=True):
        outside = np.clip(inside + step, 0, len(axis) - 1)
        rise = responses[rows, outside] - responses[rows, inside]
        part = np.where(rise > 0, (limit - responses[rows, inside]) / np.where(rise > 0, rise, 1.0), 0.0)
        found.append(axis[inside] + np.clip(part, 0.0, 1.0) * (axis[outside] - axis[inside]))
    return found[0], found[1]


def _axis(curve: Curve) -> Floats:
    if not isinstance(curve.scale, Choices):
        return curve.position
    numbers = np.array([float(value) for value in curve.levels])
    return np.log10(numbers) if (numbers > 0).all() else numbers


def _vertex(axis: Floats, responses: Floats) -> Floats:
    """Vertex of the parabola through the lowest point and its neighbours, shape (n,); the end at an end."""
    lowest = np.argmin(responses, axis=1)
    found: Floats = axis[lowest].astype(np.float64)
    inner = np.flatnonzero((lowest > 0) & (lowest < len(axis) - 1))
    if not len(inner):
        return found
    at = lowest[inner]
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
