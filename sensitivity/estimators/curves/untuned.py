"""What a careless rest gives: medians over everything else, in place of the best."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sensitivity.estimators.curves.curves import Curve, continuous, grouped
from sweeps.space import Choices

if TYPE_CHECKING:
    from sensitivity.arrays import Floats
    from sensitivity.estimators.curves.responses import Mask, Responses


def untuned(found: Responses, name: str, mask: Mask) -> Curve:
    """Median at each value of a setting, over everything else under its prior: what a careless rest gives.

    Half of the other choices do better, half worse; diverged ones count with the cap. ``best`` is that
    median, and nothing is chosen, so there is no luck to take off.
    """
    active = mask & (found.column(name) >= 0)
    axis = None if isinstance(found.scales[name], Choices) else (found.scales[name], found.position(name))
    binned = continuous(found, name, active)
    rows, group, curve = grouped(found, name, active, None if binned else axis, binned=binned)
    parts = np.split(np.arange(len(rows)), np.unique(group, return_index=True)[1][1:])
    draws = found.draws[:, rows]
    medians = [
        weighted_medians(found.means[None, rows[part]], found.weights[rows[part]])[0] for part in parts
    ]
    drawn = np.empty((len(draws), len(parts)))
    for place, part in enumerate(parts if draws.size else []):
        drawn[:, place] = weighted_medians(draws[:, part], found.weights[rows[part]])
    return replace(
        curve,
        best=np.array(medians),
        draws=drawn,
        held_out=found.second_centre(drawn),
        chosen=np.array([rows[part[0]] for part in parts], dtype=np.int64),
    )


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
