"""What a careless rest gives: medians over everything else, in place of the best."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sensitivity.axis import places
from sensitivity.estimators.curves.curves import Curve, continuous, grouped, interpolation, ranges
from sweeps.space import Choices

if TYPE_CHECKING:
    from sensitivity.arrays import Floats, Integers
    from sensitivity.estimators.curves.responses import Mask, Responses

    Group = tuple[Integers, Floats]  # configurations at a place, and the weight of each


def untuned(found: Responses, name: str, mask: Mask) -> Curve:
    """Median at each value of a setting, over everything else under its prior: what a careless rest gives.

    Half of the other choices do better, half worse; diverged ones count with the cap. ``best`` is that
    median, and nothing is chosen, so there is no luck to take off. Where ranges differ between branches, a
    place between two levels of a branch counts each of them by how near it is.
    """
    active = mask & (found.column(name) >= 0)
    parts = ranges(found, name, active)
    apart = len(parts) > 1 and not isinstance(found.axis(name, active)[0], Choices)
    binned = continuous(found, name, active)
    curve, groups = (_mixed if apart and not binned else _alike)(found, name, active)
    medians = [weighted_medians(found.means[None, rows], weights)[0] for rows, weights in groups]
    draws = found.draws
    drawn = np.empty((len(draws), len(groups)))
    for place, (rows, weights) in enumerate(groups if draws.size else []):
        drawn[:, place] = weighted_medians(draws[:, rows], weights)
    return replace(
        curve,
        best=np.array(medians),
        draws=drawn,
        held_out=found.second_centre(drawn),
        chosen=np.array([rows[0] for rows, _ in groups], dtype=np.int64),
    )


def _alike(found: Responses, name: str, active: Mask) -> tuple[Curve, list[Group]]:
    """Curve without responses where there is one range, and who counts how much at each level (or bin)."""
    rows, group, curve = grouped(found, name, active, None, binned=continuous(found, name, active))
    parts = np.split(rows, np.unique(group, return_index=True)[1][1:])
    return curve, [(part, found.weights[part]) for part in parts]


def _mixed(found: Responses, name: str, active: Mask) -> tuple[Curve, list[Group]]:
    """The same where ranges differ: at the levels of all, each range between its own first and last level.

    A range counts by its prior's density there, 1 / its length on the common scale.
    """
    scale, places_of = found.axis(name, active)
    column = found.column(name)
    codes = np.unique(column[active])
    position, first = np.unique(places_of[codes], return_index=True)
    shares: list[tuple[Integers, Floats]] = []
    for domain, mask in ranges(found, name, active):
        rows = np.flatnonzero(mask)
        used, level = np.unique(column[rows], return_inverse=True)
        ends = domain.values if isinstance(domain, Choices) else (domain.low, domain.high)
        density = len(used) / max(float(np.ptp(places(scale, ends))), 1e-9)
        near = np.nan_to_num(interpolation(places_of[used], position, inside=True))
        shares.append((rows, near[:, level] * found.weights[rows] * density))
    rows, weights = np.concatenate([r for r, _ in shares]), np.concatenate([w for _, w in shares], axis=1)
    counted = weights > 0
    kept = np.flatnonzero(counted.any(axis=1))
    nothing = np.full(len(kept), np.nan)
    levels = tuple(found.levels[name][code] for code in codes[first][kept].tolist())
    curve = Curve(scale, position[kept], levels, nothing, np.empty((0, len(kept))), nothing, kept)
    return curve, [(rows[counted[k]], weights[k, counted[k]]) for k in kept.tolist()]


def weighted_medians(values: Floats, weights: Floats) -> Floats:
    """Weighted median of each row, shape (rows,): the mean of two values where half is met exactly."""
    order = np.argsort(values, axis=1, kind="stable")
    below = np.cumsum(weights[order], axis=1)
    half = below[:, -1:] / 2
    low = (below < half * (1 - 1e-12)).sum(axis=1)
    high = np.minimum((below < half * (1 + 1e-12)).sum(axis=1), values.shape[1] - 1)
    ordered, rows = np.take_along_axis(values, order, axis=1), np.arange(len(values))
    middle: Floats = (ordered[rows, low] + ordered[rows, high]) / 2
    return middle


def weighted_median(values: Floats, weights: Floats) -> float:
    """Value at which half of the weight is reached; the mean of two values where it is met exactly."""
    return float(weighted_medians(values[None], weights)[0])
