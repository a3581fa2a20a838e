"""Claims that two coordinates can show: ravine, saddle, plateau and two wells, 200 random starts each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sensitivity.claims.claim import RATIO, SHARE, WITHIN, Claim, Part, above, below
from sensitivity.claims.momentum import BETA, STABLE
from sensitivity.claims.readings import Reading
from sensitivity.estimators.own_best import own_best
from sweeps.surfaces import SURFACES, random_starts
from sweeps.trajectories import ended_in, paths, steps_to_leave

if TYPE_CHECKING:
    from sensitivity.arrays import Floats
    from sensitivity.claims.world import World

STARTS: Final = 200
SEED: Final = "seed"  # of the starts, in a world that has no dataset
_RAVINE_RATE: Final = 0.18  # nine tenths of the largest at which plain gradient descent is stable
_AT_EQUAL_RATE: Final = Reading(
    f"the equal rate is {_RAVINE_RATE:g}, nine tenths of the largest at which sgd is stable there, because "
    "the rule names none"
)
_SWINGS: Final = 200  # steps
_LEAVING: Final = 5_000  # steps; a path that then has not left counts twice as many
_WELLS: Final = 500  # steps
_RATES: Final = tuple(float(f"{rate:.6g}") for rate in np.logspace(-4, 1, 11))


def _followed(world: World, surface: str, optimizer: str, rate: float, steps: int) -> Floats:
    """Paths from the random starts, the same for everybody."""
    known = SURFACES[surface]
    c: dict[str, Any] = {"optimizer": optimizer, "beta": BETA, "learning_rate": rate}
    return paths(known, c, random_starts(known, STARTS, world.arms[SEED]), steps)


def _swing(world: World, optimizer: str) -> Floats:
    """Log of the standard deviation of the steep coordinate along a path, (starts,)."""
    found = _followed(world, "ravine", optimizer, _RAVINE_RATE, _SWINGS)
    return np.asarray(np.log(found[..., 1].std(axis=1)))


def _leaving(world: World, surface: str, optimizer: str) -> Floats:
    """Log of the steps until a path has left what holds it up, (starts,)."""
    rate = SURFACES[surface].rate
    if rate is None:
        raise ValueError(f"{surface} has no rate for all rules")
    steps = steps_to_leave(SURFACES[surface], _followed(world, surface, optimizer, rate, _LEAVING))
    counted: Floats = np.where(np.isfinite(steps), steps, 2.0 * _LEAVING)
    return np.log(np.maximum(counted, 1.0))


def _in_the_deep(world: World, optimizer: str) -> Floats:
    """1 where a path ends in the deep minimum, at the rate at which most of the other half do, (starts,)."""
    known = SURFACES["double_well"]
    ends = [ended_in(known, _followed(world, "double_well", optimizer, rate, _WELLS)) for rate in _RATES]
    elsewhere = (np.array(ends) != 0).astype(np.float64)
    return 1 - own_best(elsewhere)


def _held_up(surface: str) -> Part:
    return Part(
        f"steps to leave the {surface}: sgd over momentum",
        RATIO,
        above(math.log(2)),
        lambda world: _leaving(world, surface, "sgd") - _leaving(world, surface, "momentum"),
        how=WITHIN,
        where=(),
    )


CLAIMS: Final = (
    Claim(
        "momentum-damps",
        "Momentum damps the swing across a ravine and allows a larger rate",
        "M",
        (
            Part(
                "swing across the ravine at equal rate: averaged form over sgd",
                RATIO,
                below(math.log(0.8)),
                lambda world: _swing(world, "momentum_ema") - _swing(world, "sgd"),
                how=WITHIN,
                where=(),
                readings=(_AT_EQUAL_RATE,),
            ),
            STABLE,
        ),
    ),
    Claim(
        "saddle-stall",
        "Gradient descent stalls on saddles and plateaus, momentum carries on",
        "O F",
        (_held_up("saddle"), _held_up("plateau")),
    ),
    Claim(
        "momentum-jumps",
        "Momentum helps to get past a local minimum",
        "F",
        (
            Part(
                "starts that end in the deep minimum: momentum − sgd",
                SHARE,
                above(0.0),
                lambda world: _in_the_deep(world, "momentum") - _in_the_deep(world, "sgd"),
                how=WITHIN,
                where=(),
                difference=True,
            ),
        ),
    ),
)
