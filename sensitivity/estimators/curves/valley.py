"""A valley between few levels: what a parabola through the lowest ones says of its floor and its width.

A chord lies above a convex curve: between levels that are further apart than a valley is wide, a curve of
chords shows as little as half of it or nothing, and its lowest level is higher than its floor. The parabola
through the lowest level and its neighbours (successive parabolic interpolation; Brent 1973, chapter 5) is the
simplest curve that has a floor between levels. Its neighbours may be diverged, at the cap: then it is too
flat, and a band with fewer than two levels in it is known to a step at best.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.estimators.curves.curves import Curve, discrete_points
from sensitivity.estimators.curves.intervals import spanned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.arrays import Floats
    from sensitivity.estimators.curves.responses import Mask

FEW: Final = 2  # levels in a band; one that holds more is known by its levels


def judgeable(curve: Curve) -> bool:
    """Whether there is anything between the levels: not for discrete settings, nor without three numbers."""
    if len(curve) < 3 or discrete_points(curve) is not None:
        return False
    return bool(np.isfinite(curve.best[_lowest(curve)]).all())


def parabola(curve: Curve, responses: Floats) -> tuple[Floats, Floats, Floats]:
    """Floor, place and bend of floor + bend (x − place)² through the lowest level and its neighbours.

    Of responses of shape (…, K); where it does not open upward, the floor is the lowest of the three.
    """
    three = _lowest(curve)
    x, y = curve.position[three], responses[..., three]
    slope = np.diff(y, axis=-1) / np.diff(x)
    bend = np.maximum((slope[..., 1] - slope[..., 0]) / (x[2] - x[0]), 0.0)
    some = np.where(bend > 0, bend, 1.0)
    place = np.clip((x[0] + x[1]) / 2 - slope[..., 0] / (2 * some), x[0], x[2])
    floor = y[..., 0] + (place - x[0]) * (slope[..., 0] + bend * (place - x[1]))
    lowest = y.min(axis=-1)
    return np.where(bend > 0, np.minimum(floor, lowest), lowest), place, bend


def floor(curve: Curve) -> float:
    """Lowest response of a curve, between its levels too; +∞ for one without levels."""
    if not len(curve):
        return math.inf
    return float(parabola(curve, curve.best)[0]) if judgeable(curve) else float(curve.best.min())


def spread_between(
    curve: Curve, worlds: Sequence[Floats], limits: Sequence[Floats], limit: float, fine: float
) -> tuple[float, float]:
    """Least and most of the prior that a band may hold where its levels are too few to tell.

    Parameters
    ----------
    curve
        Of a setting, K levels.
    worlds, limits
        Draws of the curve, each of shape (draws, K), and of the response that is still good by the floor.
    limit
        The response that is still good, by the levels.
    fine
        The same by the floor of the best valley, no higher.

    NaN where the levels are enough, or there are none to tell by.
    """
    good = curve.best <= limit
    if good.sum() > FEW or not judgeable(curve):
        return math.nan, math.nan
    ends = _outside(curve, good)
    width = float(_within(curve, curve.best, np.array(fine), ends))
    draws = [_within(curve, *pair, ends) for pair in zip(worlds, limits, strict=True)]
    low, high = spanned(width, draws)
    if good.sum() < FEW and _deepest(curve) <= fine:
        high = max(high, float(np.diff(curve.position[_lowest(curve)]).min()))
    return low, high


def _lowest(curve: Curve) -> slice:
    """The lowest level and its neighbours; at an end of the range the three levels there."""
    middle = min(max(curve.foremost, 1), len(curve) - 2)
    return slice(middle - 1, middle + 2)


def _within(curve: Curve, responses: Floats, limit: Floats, ends: tuple[float, float]) -> Floats:
    """Length of the parabola's part between two ends at or below a limit, shape (…)."""
    lowest, place, bend = parabola(curve, responses)
    above = np.maximum(limit - lowest, 0.0)
    reach = np.where(bend > 0, np.sqrt(above / np.where(bend > 0, bend, 1.0)), np.where(above > 0, 1.0, 0.0))
    part: Floats = np.minimum(ends[1], place + reach) - np.maximum(ends[0], place - reach)
    return np.maximum(part, 0.0)


def _outside(curve: Curve, good: Mask) -> tuple[float, float]:
    """Nearest levels outside the band on either side of its lowest, else the ends of the range."""
    places = curve.position[~good]
    own = curve.position[curve.foremost]
    below, above = places[places < own], places[places > own]
    return (float(below[-1]) if len(below) else 0.0), (float(above[0]) if len(above) else 1.0)


def _deepest(curve: Curve) -> float:
    """What a convex curve through the levels cannot fall below next to its lowest: chords, prolonged."""
    x, y, at = curve.position, curve.best, curve.foremost
    deepest = float(y[at])
    for left in {max(at - 1, 0), min(at, len(curve) - 2)}:
        points = np.linspace(x[left], x[left + 1], 65)
        bounds = [
            y[a] + (y[b] - y[a]) / (x[b] - x[a]) * (points - x[a])
            for a, b in ((left - 1, left), (left + 1, left + 2))
            if a >= 0 and b < len(curve) and np.isfinite(y[[a, b]]).all()
        ]
        if bounds:
            deepest = min(deepest, float(np.max(bounds, axis=0).min()))
    return deepest
