"""Claims on momentum: what β does, in which form, and what it gains."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.claims import rules
from sensitivity.claims.arms import BETAS, with_beta
from sensitivity.claims.claim import DECADES, EXACT, NUMBER, RATIO, SLOPE, Claim, Inside, Names, Part, above
from sensitivity.claims.parts import alike, faster, log_best_rate, mostly_faster, robust
from sensitivity.estimators.own_best import own_level
from sensitivity.estimators.steps_to_target import steps_to_target
from sweeps.measured_forms import speeds

if TYPE_CHECKING:
    from sensitivity.arrays import Floats, Integers
    from sensitivity.claims.world import World

BETA: Final = 0.9
_ROUNDING: Final = 1e-9  # relative, in double precision
_THIRTIETH: Final = 3  # levels of half a decade
_PLAIN: Final = ("sgd", *(with_beta("momentum", "momentum", beta).name for beta in BETAS[1:]))
_AVERAGED: Final = ("sgd", *(with_beta("momentum_ema", "ema", beta).name for beta in BETAS[1:]))


def _slower_at_small_rate(world: World) -> Floats:
    """Log of the ratio of steps at a thirtieth of the best rate of plain gradient descent.

    The target is 90 % of the way that plain gradient descent itself makes at that rate.
    """
    level = np.maximum(own_level(world.error("sgd")) - _THIRTIETH, 0)
    plain, fast = (_losses_at(world, arm, level) for arm in ("sgd", "momentum"))
    target = plain[..., 0] - 0.9 * (plain[..., 0] - plain[..., -1])
    steps = world.arms["sgd"].steps_per_epoch
    ratio: Floats = np.log(steps_to_target(plain, target, steps) / steps_to_target(fast, target, steps))
    return ratio


def _losses_at(world: World, arm: str, level: Integers) -> Floats:
    """Curves at a level of each replicate, (…, replicates, epochs + 2)."""
    found: Floats = np.take_along_axis(world.losses(arm), level[None, ..., None], axis=0)[0]
    return found


def _slope(world: World, arms: tuple[str, ...]) -> Floats:
    """Slope of log10 of the best rate on log10(1 − β), least squares over the β, shape (…)."""
    across = np.log10(1 - np.array(BETAS))
    rates = np.array([log_best_rate(world, arm) for arm in arms])
    centred = across - across.mean()
    slope: Floats = np.tensordot(centred, rates, 1) / (centred @ centred)
    return slope


def _largest_stable(world: World, arm: str) -> Floats:
    """Log of the largest rate below which no rate diverges, (…, replicates)."""
    diverged = np.concatenate([world.diverged(arm), world.diverged(f"{arm}-beyond")]) > 0
    rates = np.concatenate([world.rates(arm), world.rates(f"{arm}-beyond")]) * math.log(10)
    first = np.where(diverged.any(axis=0), diverged.argmax(axis=0), len(rates))
    found: Floats = rates[np.maximum(first - 1, 0)]
    return found


CLAIMS: Final = (
    Claim(
        "momentum-beats-sgd",
        "Momentum is almost always faster than plain gradient descent",
        "F M",
        (faster("momentum", "sgd"), mostly_faster("momentum", "sgd")),
    ),
    Claim(
        "nesterov-beats-momentum",
        "Nesterov momentum is almost always a little faster than momentum",
        "F",
        (faster("nesterov", "momentum"), mostly_faster("nesterov", "momentum")),
    ),
    Claim(
        "terminal-speed",
        "At β = 0.9 momentum moves ten times as fast",
        "F M",
        (
            Part(
                "speed on a constant gradient: momentum over sgd",
                NUMBER,
                Inside(10 - 1e-6, 10 + 1e-6),
                lambda _: speeds(BETA, rules.STEPS)[-1],
                how=EXACT,
                where=(),
            ),
            Part(
                "steps at a thirtieth of the best rate of sgd: sgd over momentum",
                RATIO,
                Inside(math.log(7), math.log(12)),
                _slower_at_small_rate,
                ("sgd", "momentum"),
            ),
        ),
        "amended, because at a thirtieth of its best rate plain gradient descent does not come to the common "
        "target: it is 90 % of the way that it makes at that rate",
    ),
    Claim(
        "beta-09-robust",
        "β = 0.9 is a robust value",
        "F M",
        (robust("regret of β = 0.9 against the best β: momentum", "momentum", _PLAIN),),
    ),
    Claim(
        "beta-needs-retuning",
        "In the plain form another β needs another rate, in the averaged form it does not",
        "M",
        (
            Part(
                "slope of log best rate on log(1 − β): plain form",
                SLOPE,
                Names(1.0, 0.0),
                lambda world: _slope(world, _PLAIN),
                _PLAIN,
            ),
            Part(
                "slope of log best rate on log(1 − β): averaged form",
                SLOPE,
                Names(0.0, 1.0),
                lambda world: _slope(world, _AVERAGED),
                _AVERAGED,
            ),
        ),
    ),
    Claim(
        "ema-shifts-lr",
        "The two forms of momentum differ only in the best rate, by 1/(1 − β)",
        "M",
        (
            Part(
                "largest difference of paths with η divided by 1 − β",
                NUMBER,
                Inside(-math.inf, _ROUNDING),
                lambda _: rules.difference_of_forms(BETA),
                how=EXACT,
                where=(),
            ),
            Part(
                "log10 of the ratio of best rates: averaged over plain form",
                DECADES,
                Inside(0.75, 1.25),
                lambda world: log_best_rate(world, "ema") - log_best_rate(world, "momentum"),
                ("ema", "momentum"),
            ),
        ),
    ),
    Claim(
        "bias-correction-minor",
        "For momentum, bias correction hardly matters after about ten steps",
        "M",
        (alike("ema-corrected", "ema"),),
        beside=f"After ten steps the factor 1/(1 − β¹⁰) still is {1 / (1 - BETA**10):.2f} at β = 0.9.",
    ),
)
STABLE: Final = Part(
    "largest stable rate: averaged form over sgd",
    RATIO,
    above(math.log(1.5)),
    lambda world: _largest_stable(world, "ema") - _largest_stable(world, "sgd"),
    ("ema", "ema-beyond", "sgd", "sgd-beyond"),
    in_units=False,
)
