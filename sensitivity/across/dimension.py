"""How few settings tuned for each dataset are enough, the others as in the configuration for all.

The effective hyperparameter dimensionality of Adkins, Bowling & White (2024, arXiv 2412.07165, section 3.3):
the fewest settings that, tuned per environment with the others at the values of the best configuration for
all, reach 95 % of what tuning all of them reaches. Which settings these are is chosen together with them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.across.choosing import allowed_at, best_within, loss, one_for_all, score, tuned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sensitivity.across.choosing import Rule
    from sensitivity.across.scores import Scores
    from sensitivity.arrays import Floats, Integers, Mask

ENOUGH: Final = 0.95  # share of the tuned score
MOST_SETS: Final = 5_000  # sets of settings tried of each size


@dataclass(frozen=True)
class Dimension:
    """Effective number of settings to tune per dataset.

    Attributes
    ----------
    scores
        Mean score with 0, 1, … settings tuned per dataset, each with the best set of that size.
    sets
        Which settings these are.
    effective
        Fewest that reach 95 % of the last of the scores.
    low, high
        Fewest that could, and that do, within the 95 % interval of each loss; None where there is none, as
        without replicates.
    """

    scores: tuple[float, ...]
    sets: tuple[tuple[str, ...], ...]
    effective: int
    low: int | None
    high: int | None


def effective_dimension(scores: Scores) -> Dimension | None:
    """How few settings are enough; None where there are too many sets of them to try all."""
    count = len(scores.settings)
    if max(math.comb(count, size) for size in range(count + 1)) > MOST_SETS:
        return None
    rules: list[Rule] = [tuning(scores.levels, size) for size in range(count)] + [tuned]
    reached = [score(scores, rule) for rule in rules]
    sets = [_named(scores, size) for size in range(count)] + [scores.settings]
    least = ENOUGH * reached[-1]
    effective = next(size for size, found in enumerate(reached) if found >= least or size == count)
    ends: tuple[int | None, int | None] = None, None
    losses = [loss(scores, rule) for rule in rules[:-1]]
    if losses and not math.isnan(losses[0].high):
        allowed = (1 - ENOUGH) * abs(reached[-1])
        could = next((size for size, one in enumerate(losses) if one.low <= allowed), count)
        do = next((size for size, one in enumerate(losses) if one.high <= allowed), count)
        ends = min(could, effective), do
    return Dimension(tuple(reached), tuple(sets), effective, *ends)


def tuning(levels: Integers, size: int) -> Rule:
    """Rule that tunes the best set of ``size`` settings per dataset, the others as in the one for all.

    Parameters
    ----------
    levels
        Of every configuration, shape (C, settings); −1 where inactive.
    """

    def rule(means: Floats) -> Integers:
        complete, masks = _masks(levels, size, means)
        return best_within(complete, masks)[0]

    return rule


def _masks(levels: Integers, size: int, means: Floats) -> tuple[Floats, list[Mask]]:
    """Means of configurations that ran on all datasets, and those that each set of settings leaves."""
    complete = np.where(np.isfinite(means).all(axis=1, keepdims=True), means, np.nan)
    default = int(one_for_all(means)[0])
    kept = [allowed_at(levels[:, place], int(levels[default, place])) for place in range(levels.shape[1])]
    held = [[kept[place] for place in range(len(kept)) if place not in free] for free in _sets(levels, size)]
    everything = np.ones(len(levels), dtype=np.bool_)
    return complete, [np.asarray(np.stack([everything, *masks]).all(axis=0)) for masks in held]


def _sets(levels: Integers, size: int) -> Iterator[tuple[int, ...]]:
    return combinations(range(levels.shape[1]), size)


def _named(scores: Scores, size: int) -> tuple[str, ...]:
    """Settings of the best set of a size."""
    best = best_within(*_masks(scores.levels, size, scores.means))[1]
    return tuple(scores.settings[place] for place in list(_sets(scores.levels, size))[best])
