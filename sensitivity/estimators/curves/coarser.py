"""The same trials on every other level of a setting: what the grid does to a number that is read off a curve.

A curve is linear between levels, so a band's ends are off by a part of a step, and its bar by what the best
level misses of the best value. Half of what the number moves when every other level goes is as much as it
moves when there are twice as many, or more, for an error of the first order in the step (of the second: a
quarter of it; Roache 1994, the grid convergence index without its factor of safety).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sensitivity.estimators.curves.curves import continuous, ranges
from sensitivity.estimators.curves.responses import Responses
from sweeps.space import Choices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.estimators.curves.responses import Mask


def coarser(found: Responses, name: str) -> list[tuple[Responses, Mask]]:
    """Configurations with every other level of a setting, and which of all these are: from both offsets.

    The ends of a range always stay. None where there is no grid: choices, values that hardly repeat, two
    levels. Means stand for a single replicate: estimates, without draws.
    """
    everywhere = np.ones(len(found.codes), dtype=bool)
    if continuous(found, name, everywhere):
        return []
    kept = [every_other(found, name, offset) for offset in (0, 1)]
    return [(thinned(found, mask), mask) for mask in kept if not mask.all()]


def every_other(found: Responses, name: str, offset: int) -> Mask:
    """Configurations at every other level of each of a setting's ranges, its ends among them, shape (C,)."""
    column = found.column(name)
    kept = np.ones(len(column), dtype=bool)
    for domain, mask in ranges(found, name, kept):
        if not isinstance(domain, Choices):
            used, level = np.unique(column[mask], return_inverse=True)
            kept[mask] = (level % 2 == offset) | (level == 0) | (level == len(used) - 1)
    return kept


def silent(found: Responses) -> Responses:
    """Means of all configurations, without draws."""
    return thinned(found, np.ones(len(found.codes), dtype=bool))


def thinned(found: Responses, kept: Mask) -> Responses:
    """Means of some of the configurations, as of one replicate."""
    return Responses(
        names=found.names,
        scales=found.scales,
        domains=found.domains,
        domain=found.domain[kept],
        levels=found.levels,
        codes=found.codes[kept],
        observed=found.means[kept][:, None],
        block=np.zeros(1),
        diverged=found.diverged[kept],
        weights=found.weights[kept],
        space=found.space,
        rate=found.rate,
        branch=found.branch,
    )


def widened(
    estimate: float,
    ends: tuple[float, float],
    coarse: Sequence[float],
    bottom: float,
    top: float,
    fine: tuple[float, float] = (math.nan, math.nan),
) -> tuple[float, float]:
    """Interval with the grid in it: to each side half of the most that fewer levels move the number away.

    A number that falls when levels go, as the width of a band of a convex curve does, rises when they come:
    its interval grows upward only. It also reaches the ends of ``fine``, what the number may be if there were
    levels everywhere (see `valley`), where these are known. NaN stays NaN.
    """
    moved = [(estimate - one) / 2 for one in coarse if math.isfinite(one)]
    up, down = max([0.0, *moved]), max([0.0, *(-part for part in moved)])
    low, high = estimate - math.hypot(estimate - ends[0], down), estimate + math.hypot(ends[1] - estimate, up)
    low, high = min(low, fine[0]), max(high, fine[1])  # the seed is in these: not beside the noise
    return float(np.clip(low, bottom, top)), float(np.clip(high, bottom, top))
