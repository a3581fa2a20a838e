"""Claims on learning rates that fall."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.claims.arms import SCHEDULED, SCHEDULES, scheduled
from sensitivity.claims.claim import ERROR, Claim, Part, below
from sensitivity.claims.parts import ALIKE, MARGIN, better, faster
from sensitivity.claims.readings import ALL_THREE, MEAN_OF_THREE, UNITS

if TYPE_CHECKING:
    from sensitivity.arrays import Floats
    from sensitivity.claims.claim import Rule
    from sensitivity.claims.world import World


def _arms(schedule: str) -> tuple[str, ...]:
    """Arms of a schedule, one per optimizer; a constant rate is the optimizer's own."""
    if schedule == "constant":
        return SCHEDULED
    return tuple(scheduled(optimizer, schedule).name for optimizer in SCHEDULED)


def _difference(one: str, other: str, rule: Rule) -> Part:
    """Difference of normalised error, mean over the optimizers."""
    pairs = list(zip(_arms(one), _arms(other), strict=True))

    def of(world: World) -> Floats:
        found = [world.own_error(first) - world.own_error(second) for first, second in pairs]
        mean: Floats = np.mean(found, axis=0)
        return mean

    words = f"error, mean of {', '.join(SCHEDULED)}: {one} − {other}"
    arms = (*_arms(one), *_arms(other))
    return Part(words, ERROR, rule, of, arms, readings=(UNITS, MEAN_OF_THREE))


def _beats_constant(schedule: str) -> Claim:
    pairs = list(zip(_arms(schedule), SCHEDULED, strict=True))
    return Claim(
        f"{schedule.replace('_', '-')}-beats-constant",
        f"A large rate lowered in time beats the best constant rate: {schedule.replace('_', ' ')}",
        "F",
        (*(better(*pair) for pair in pairs), *(faster(*pair) for pair in pairs)),
        "one row per schedule of schedule-beats-constant",
        readings=(ALL_THREE,),
    )


_LOWER: Final = below(-MARGIN)
CLAIMS: Final = (
    *(_beats_constant(schedule) for schedule in SCHEDULES),
    Claim(
        "exponential-and-performance",
        "Exponential and performance scheduling both work well",
        "F",
        (
            _difference("exponential", "constant", _LOWER),
            _difference("performance", "constant", _LOWER),
            _difference("exponential", "performance", ALIKE),
        ),
    ),
    Claim(
        "one-cycle-best",
        "1cycle does a little better still than exponential and performance scheduling",
        "F",
        (
            _difference("one_cycle", "exponential", _LOWER),
            _difference("one_cycle", "performance", _LOWER),
        ),
    ),
)
