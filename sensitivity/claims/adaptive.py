"""Claims on AdaGrad, RMSProp and the Adam family."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.claims import rules
from sensitivity.claims.arms import RHOS, with_beta
from sensitivity.claims.bounds import ADAM_STEPS, SGD_STEPS
from sensitivity.claims.claim import (
    DECADES,
    ERROR,
    EXACT,
    NUMBER,
    SHARE,
    SMALLEST,
    Claim,
    Inside,
    Part,
    above,
    below,
)
from sensitivity.claims.parts import MARGIN, better, faster, mostly_better, robust, worse
from sensitivity.claims.readings import ONE_RATE, OWN_UNITS, UNITS
from sensitivity.estimators.own_best import own_best
from sweeps.closed_forms import adam_step_bound, adam_step_supremum

if TYPE_CHECKING:
    from sensitivity.arrays import Floats
    from sensitivity.claims.world import World

_RARE: Final = adam_step_bound(1.0)
_LARGEST: Final = adam_step_supremum(1.0)
GOOD: Final = 0.1  # normalised error up to which a rate is good
_RHOS: Final = tuple(with_beta("rmsprop", "rmsprop", rho).name for rho in RHOS)


def _good_decades(world: World, arm: str) -> Floats:
    """Decades of rate with a mean normalised error of at most a tenth, between levels by interpolation."""
    mean, rates = world.error(arm).mean(axis=-1), world.rates(arm)
    low, high = np.minimum(mean[:-1], mean[1:]), np.maximum(mean[:-1], mean[1:])
    rise = np.where(high > low, high - low, 1.0)
    parts = np.where(high <= GOOD, 1.0, np.clip((GOOD - low) / rise, 0.0, 1.0))
    decades: Floats = np.tensordot(np.diff(rates), parts, 1)
    return decades


def _final(world: World, arm: str, place: int = -1) -> Floats:
    """Training loss at a place of the curve at the rate of the lowest final loss, 0 the best, 1 the start."""
    ends = [_bounded(world, one) for one in ("deep-adagrad", "deep-rmsprop")]
    best = np.min([end[..., -1].mean(axis=-1).min(axis=0) for end in ends], axis=0)[..., None]
    own = _bounded(world, arm)
    start = own[..., 0].mean(axis=(0, -1))[..., None]
    found: Floats = (own_best(own[..., -1], own[..., place]) - best) / (start - best)
    return found


def _bounded(world: World, arm: str) -> Floats:
    """Losses, those that are not finite or above it the one at initialisation: nothing was learnt."""
    losses = world.losses(arm)
    start = losses[..., :1]
    return np.fmin(np.where(np.isnan(losses), start, losses), start)


def _stopped(world: World) -> Floats:
    """AdaGrad's gain over the last half, less a tenth of what it then still is above RMSProp's end."""
    middle = (world.losses("deep-adagrad").shape[-1] - 2) // 2
    half, end = _final(world, "deep-adagrad", middle), _final(world, "deep-adagrad")
    return (half - end) - 0.1 * (half - _final(world, "deep-rmsprop"))


def _scatter(world: World, arm: str) -> Floats:
    """Standard deviation of the normalised error over the replicates of a half, at the other half's best."""
    error = world.own_error(arm)
    spread: Floats = np.mean([error[..., half::2].std(axis=-1, ddof=1) for half in (0, 1)], axis=0)
    return spread


CLAIMS: Final = (
    Claim(
        "adagrad-less-tuning",
        "AdaGrad needs less tuning of the rate than plain gradient descent",
        "F",
        (
            Part(
                "decades of rate with an error of at most a tenth: adagrad − sgd",
                DECADES,
                above(0.0),
                lambda world: _good_decades(world, "adagrad") - _good_decades(world, "sgd"),
                ("adagrad", "sgd"),
                readings=(UNITS,),
            ),
        ),
    ),
    Claim(
        "adagrad-stops-early",
        "AdaGrad's rate falls until it stops before the optimum: it is not for deep networks",
        "O F",
        (
            Part(
                "final training loss, deep: adagrad − rmsprop",
                NUMBER,
                above(MARGIN),
                lambda world: _final(world, "deep-adagrad") - _final(world, "deep-rmsprop"),
                ("deep-adagrad", "deep-rmsprop"),
                readings=(OWN_UNITS,),
                in_units=False,
            ),
            Part(
                "gain of adagrad over the last half − a tenth of its distance to rmsprop's end",
                NUMBER,
                below(0.0),
                _stopped,
                ("deep-adagrad", "deep-rmsprop"),
                in_units=False,
            ),
        ),
        "amended, because the distance can be nought or less: a difference stands in place of the ratio",
    ),
    Claim(
        "rmsprop-beats-adagrad",
        "RMSProp is almost always much better than AdaGrad, except on very simple problems",
        "F",
        (better("rmsprop", "adagrad"), mostly_better("rmsprop", "adagrad")),
    ),
    Claim(
        "rho-insensitive",
        "ρ = 0.9 works: RMSProp needs no tuning of ρ",
        "F",
        (robust("regret of ρ = 0.9 against the best ρ: rmsprop", "rmsprop", _RHOS),),
    ),
    Claim(
        "adam-bounded-step",
        "Adam's step is bounded",
        "O",
        (
            Part(
                "steps above the bound, of all steps of all trainings: adam",
                SHARE,
                Inside(-math.inf, 1e-12),
                lambda world: float(world.arms[ADAM_STEPS].above),
                also=(ADAM_STEPS, SGD_STEPS),
                how=EXACT,
                in_units=False,
            ),
        ),
        beside="The verdict is by the words of the claim, for no rule is changed after its result was seen. "
        f"Their bound, η·max(1, (1 − β₁)/√(1 − β₂)) = {_RARE:.2f} η, is that of gradients that are steady or "
        "come once (Kingma & Ba), and no theorem: whether a few of some hundred thousand steps pass it "
        "depends on the seed. Gradients that grow reach η(1 − β₁)/√((1 − β₂)(1 − β₁²/β₂)) = "
        f"{_LARGEST:.2f} η, and never more (Cauchy and Schwarz): by that bound, the amended rule, the "
        "verdict depends on no seed. Plain gradient descent has no bound.",
        instead=(
            Part(
                f"steps above {_LARGEST:.2f} η, of all steps of all trainings: adam",
                SHARE,
                Inside(-math.inf, 1e-12),
                lambda world: float(world.arms[ADAM_STEPS].beyond),
                also=(ADAM_STEPS, SGD_STEPS),
                how=EXACT,
                in_units=False,
            ),
        ),
    ),
    Claim(
        "adam-bias-correction",
        "Without correction Adam's averages are biased toward zero at first",
        "O F",
        (
            Part(
                "averages of a constant gradient against 1 − βᵗ, t = 1 … 10",
                NUMBER,
                Inside(-math.inf, 1e-9),
                lambda _: rules.uncorrected_moments(),
                how=EXACT,
                where=(),
            ),
            faster("adam", "adam-uncorrected"),
        ),
        beside=f"Without correction the first step is {_RARE:.2f} times larger, not smaller: "
        "(1 − β₁)/√(1 − β₂) in units of η.",
    ),
    Claim(
        "adamax-stable",
        "AdaMax is more stable than Adam",
        "F",
        (
            Part(
                "share of failed trainings over all rates: adamax − adam",
                SHARE,
                below(0.0),
                lambda world: (world.failed("adamax") - world.failed("adam")).mean(axis=0),
                ("adamax", "adam"),
                difference=True,
            ),
            Part(
                "standard deviation of the error over replicates: adamax − adam",
                ERROR,
                below(0.0),
                lambda world: _scatter(world, "adamax") - _scatter(world, "adam"),
                ("adamax", "adam"),
                readings=(UNITS,),
            ),
        ),
    ),
    Claim("nadam-faster", "Nadam converges slightly faster than Adam", "F", (faster("nadam", "adam"),)),
    Claim(
        "rmsprop-sometimes-beats-nadam",
        "RMSProp is sometimes better than Nadam",
        "F",
        (
            Part(
                "error, on the dataset where it is lowest: rmsprop − nadam",
                ERROR,
                below(0.0),
                lambda world: world.own_error("rmsprop") - world.own_error("nadam"),
                ("rmsprop", "nadam"),
                how=SMALLEST,
                readings=(UNITS,),
            ),
        ),
    ),
    Claim(
        "adam-then-sgd",
        "Adam first and plain gradient descent afterwards is a good way",
        "G",
        (better("adam-then-sgd", "adam"), better("adam-then-sgd", "sgd")),
        readings=(ONE_RATE,),
    ),
    Claim(
        "adam-fast-sgd-accurate",
        "Adam is fast and rough, plain gradient descent slow and accurate",
        "G",
        (faster("adam", "sgd"), worse("adam-long", "sgd-long")),
    ),
)
