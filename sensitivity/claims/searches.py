"""Claims on searches without gradients; the unit of cost is a forward pass over the training set."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.claims.claim import RATIO, Claim, Part, above, below
from sensitivity.claims.readings import FASTEST, UNITS
from sensitivity.estimators.own_best import own_best
from sensitivity.estimators.steps_to_target import steps_to_target
from sweeps.training import EPOCH_COST

if TYPE_CHECKING:
    from sensitivity.arrays import Floats
    from sensitivity.claims.world import World

SEARCH: Final = "random-search"
LOCAL: Final = "random-local-search"


def _to_target(world: World, arm: str) -> Floats:
    """Log of the evaluations to the common target, at the arm's fastest level."""
    return own_best(np.log(world.evaluations(arm)))


def _unreached(world: World) -> float:
    found = [own_best(world.evaluations(arm), world.censored(arm)) for arm in ("sgd", SEARCH)]
    return float(np.mean(found))


def _to_its_end(world: World, arm: str) -> Floats:
    """Log of the evaluations to the loss that random search ends with, each replicate its own."""
    losses = world.losses(arm)
    ends = world.losses(SEARCH)[..., -1]
    target = np.broadcast_to(own_best(ends), losses.shape[:-1])
    steps = world.arms[arm].steps_per_epoch
    return own_best(np.log(steps_to_target(losses, target, steps) * EPOCH_COST / steps))


def _budget(world: World) -> float:
    """Log of the evaluations that random search had."""
    return math.log((world.losses(SEARCH).shape[-1] - 2) * EPOCH_COST)


_LONGER: Final = (
    "amended, because in the budget of the others the ratio could hardly be above 10: searches have four "
    "times the epochs; random search has no rate and tunes the scale of its weights, at as many levels"
)
CLAIMS: Final = (
    Claim(
        "gradient-beats-random",
        "Gradient descent needs far fewer evaluations than random search",
        "G",
        (
            Part(
                "evaluations to the target: random search over sgd",
                RATIO,
                above(math.log(10)),
                lambda world: _to_target(world, SEARCH) - _to_target(world, "sgd"),
                (SEARCH, "sgd"),
                unreached=_unreached,
                readings=(UNITS, FASTEST),
            ),
        ),
        _LONGER,
    ),
    Claim(
        "local-beats-random",
        "Random local search wastes less than random search, and is still far from the gradient",
        "G",
        (
            Part(
                "evaluations to the end of random search: local search over random search",
                RATIO,
                below(0.0),
                lambda world: _to_its_end(world, LOCAL) - _budget(world),
                (LOCAL, SEARCH),
                readings=(FASTEST,),
            ),
            Part(
                "evaluations to the end of random search: local search over sgd",
                RATIO,
                above(math.log(10)),
                lambda world: _to_its_end(world, LOCAL) - _to_its_end(world, "sgd"),
                (LOCAL, "sgd", SEARCH),
                readings=(FASTEST,),
            ),
        ),
        _LONGER,
    ),
)
