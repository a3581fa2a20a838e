"""What a curve says at a threshold: which part of the range stays below it, and the mean excess over it.

All functions work on many curves at once: responses of shape (…, K), thresholds of shape (…). Between
positions a curve of a continuous setting is linear, beyond its ends constant; choices count as they are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sensitivity.estimators.curves.curves import Curve, discrete_points

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from typing import Any

    from sensitivity.arrays import Floats
    from sensitivity.estimators.curves.responses import Mask
    from sweeps.space import Value


def share_within(curve: Curve, responses: Floats, threshold: Floats) -> Floats:
    """Share of the prior where the curve is at or below the threshold, shape (…)."""
    limit = np.asarray(threshold)[..., None]
    points = discrete_points(curve)
    if points is not None:
        matrix, weights, _ = points
        share: Floats = (responses @ matrix.T <= limit) @ weights
        return share
    good = responses <= limit
    ends = good[..., 0] * curve.position[0] + good[..., -1] * (1 - curve.position[-1])
    total: Floats = ends + _parts(responses, limit) @ np.diff(curve.position)
    return total


def _parts(responses: Floats, limit: Floats) -> Floats:
    """Part of each segment at or below the limit, shape (…, K − 1)."""
    low = np.minimum(responses[..., :-1], responses[..., 1:])
    high = np.maximum(responses[..., :-1], responses[..., 1:])
    rise = np.where(high > low, high - low, 1.0)
    parts: Floats = np.where(high <= limit, 1.0, np.clip((limit - low) / rise, 0.0, 1.0))
    return parts


def prior_weights(curve: Curve) -> Floats:
    """How much each position counts in the mean of the curve over the prior, shape (K,), sum 1."""
    points = discrete_points(curve)
    if points is not None:
        matrix, each, _ = points
        return np.asarray(each @ matrix)
    weights, steps = np.zeros(len(curve)), np.diff(curve.position)
    weights[:-1] += steps / 2
    weights[1:] += steps / 2
    weights[0] += curve.position[0]
    weights[-1] += 1 - curve.position[-1]
    return weights


def mean_excess(curve: Curve, responses: Floats, best: Floats) -> Floats:
    """Mean of the curve over the prior, less ``best``, shape (…): the regret of a value drawn blindly."""
    excess: Floats = responses @ prior_weights(curve) - best
    return excess


@dataclass(frozen=True)
class Band:
    """Where a curve stays within a threshold.

    ``runs`` holds the first and last value of each interval (equal for a single level), or the choices.
    """

    runs: tuple[tuple[Value, Value], ...]
    touches_low: bool
    touches_high: bool


def band(curve: Curve, threshold: float) -> Band:
    """Ends of every interval in which the curve is at or below the threshold."""
    points = discrete_points(curve)
    if points is None:
        return _continuous_band(curve, threshold)
    matrix, _, values = points
    good = matrix @ curve.best <= threshold
    if not curve.ordered:
        chosen = [value for value, is_good in zip(values, good.tolist(), strict=True) if is_good]
        return Band(tuple((value, value) for value in chosen), touches_low=False, touches_high=False)
    return Band(
        tuple((values[first], values[last]) for first, last in _runs(good)), bool(good[0]), bool(good[-1])
    )


def _continuous_band(curve: Curve, threshold: float) -> Band:
    good = curve.best <= threshold
    runs = []
    for first, last in _runs(good):
        left = 0.0 if first == 0 else _crossing(curve, first, first - 1, threshold)
        right = 1.0 if last == len(curve) - 1 else _crossing(curve, last, last + 1, threshold)
        runs.append((curve.scale.from_unit(left), curve.scale.from_unit(right)))
    return Band(tuple(runs), bool(good[0]), bool(good[-1]))


def _crossing(curve: Curve, inside: int, outside: int, threshold: float) -> float:
    """Position between a level inside and its neighbour outside at which the threshold is met."""
    rise = curve.best[outside] - curve.best[inside]
    part = (threshold - curve.best[inside]) / rise
    return float(curve.position[inside] + part * (curve.position[outside] - curve.position[inside]))


def _runs(good: Mask) -> list[tuple[int, int]]:
    """First and last index of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], good.astype(np.int8), [0]])))
    return [(int(first), int(last) - 1) for first, last in edges.reshape(-1, 2)]


def width_shown(row: Mapping[Hashable, Any], name: str) -> tuple[str, float, float, float]:
    """Width of a band in a row of the table `tolerance` and its interval; first "≥ " where the range cuts it.

    Where all of the range is good whatever the seed, there is no interval: [5, 5] would read as certainty.
    """
    ends = ("low", "high") if name == "fraction" else (f"{name}_low", f"{name}_high")
    width, low, high = (float(row[column]) for column in (name, *ends))
    cut = row["cut_low"], row["cut_high"]
    if all(cut) and low == high:
        low = high = math.nan
    return "≥ " if any(cut) else "", width, low, high
