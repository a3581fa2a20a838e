"""Claims on plain gradient descent: its rate, its batches, and what it cannot do."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.claims.claim import DECADES, ERROR, NUMBER, RATIO, SHARE, Claim, Inside, Part, above
from sensitivity.claims.parts import ALIKE, faster, log_best_rate
from sensitivity.claims.readings import FASTEST, INITIAL_LOSS, UNITS
from sensitivity.estimators.own_best import at_level, own_best, own_level

if TYPE_CHECKING:
    from sensitivity.arrays import Floats, Integers
    from sensitivity.claims.world import World

_PER_DECADE: Final = 2  # levels of the rate
USUAL: Final = -1.0  # log10 of 0.1


def _failed_far_above(world: World) -> Floats:
    """Share of failed trainings at ten or more times the best rate, (…, replicates)."""
    best = own_level(world.error("sgd"))
    failed = np.concatenate([world.failed("sgd"), world.failed("sgd-beyond")])
    far = np.arange(len(failed)).reshape(-1, *[1] * best.ndim) >= best + _PER_DECADE
    found: Floats = (failed * far).sum(axis=0) / far.sum(axis=0)
    return found


def _hundredth(world: World) -> Integers:
    """Level of a hundredth of the fastest rate, or the lowest."""
    found: Integers = np.maximum(own_level(np.log(world.steps("sgd"))) - 2 * _PER_DECADE, 0)
    return found


def _slow_far_below(world: World) -> Floats:
    """Log of the ratio of steps at a hundredth of the fastest rate, or at the lowest rate, over its own."""
    steps = np.log(world.steps("sgd"))
    return at_level(steps, _hundredth(world)) - own_best(steps)


def _regret_of_usual(world: World) -> Floats:
    at = int(np.argmin(np.abs(world.rates("sgd") - USUAL)))
    regret: Floats = world.error("sgd")[at] - world.own_error("sgd")
    return regret


def _wandering(world: World) -> Floats:
    """Difference of the standard deviation of the training loss over the last quarter, in initial losses."""
    return _last_quarter(world, "sgd") - _last_quarter(world, "sgd-full-batch")


def _last_quarter(world: World, arm: str) -> Floats:
    losses = world.losses(arm)[..., :-1]  # of the epochs, all measured alike
    spread = losses[..., -((losses.shape[-1] - 1) // 4) :].std(axis=-1) / losses[..., 0]
    return own_best(world.error(arm), spread)


CLAIMS: Final = (
    Claim(
        "too-large-diverges",
        "Too large a rate makes gradient descent diverge, too small a rate makes it slow",
        "O F",
        (
            Part(
                "failed at ten or more times the best rate: sgd",
                SHARE,
                above(0.5),
                _failed_far_above,
                ("sgd", "sgd-beyond"),
            ),
            Part(
                "steps to the target: sgd at a hundredth of its rate over its own",
                RATIO,
                above(math.log(3)),
                _slow_far_below,
                ("sgd",),
                unreached=lambda world: float(np.mean(at_level(world.censored("sgd"), _hundredth(world)))),
                readings=(UNITS, FASTEST),
            ),
        ),
        "amended, because the eleven rates end at 10, which is less than ten times some best rates: plain "
        "gradient descent is also trained at 31.6 and 100; where a hundredth of the best rate lies below the "
        "lowest rate, the lowest counts",
    ),
    Claim(
        "lr-01",
        "0.1 is the usual first rate for gradient descent",
        "G",
        (
            Part("regret of a rate of 0.1: sgd", ERROR, ALIKE, _regret_of_usual, ("sgd",), readings=(UNITS,)),
            Part(
                "log10 of the best rate: sgd",
                DECADES,
                Inside(USUAL - 0.5, USUAL + 0.5),
                lambda world: log_best_rate(world, "sgd"),
                ("sgd",),
            ),
        ),
    ),
    Claim(
        "batch-exact-slow",
        "Full-batch gradient descent is exact but slow, minibatches wander near the minimum",
        "O G",
        (
            Part(
                "epochs to the target: batches of 32 over the whole set",
                RATIO,
                faster("sgd", "sgd-full-batch").rule,
                lambda world: (
                    own_best(np.log(world.epochs("sgd"))) - own_best(np.log(world.epochs("sgd-full-batch")))
                ),
                ("sgd", "sgd-full-batch"),
                unreached=faster("sgd", "sgd-full-batch").unreached,
                readings=(UNITS, FASTEST),
            ),
            Part(
                "spread of the training loss in the last quarter: batches of 32 − the whole set",
                NUMBER,
                above(0.0),
                _wandering,
                ("sgd", "sgd-full-batch"),
                readings=(INITIAL_LOSS,),
            ),
        ),
    ),
)
