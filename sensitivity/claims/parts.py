"""Parts that many claims are made of: faster, almost always, better, no difference; a best rate."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.claims.claim import ERROR, MEAN, PAIRS, RATIO, SHARE, Inside, Part, above, below
from sensitivity.claims.readings import FASTEST, UNITS
from sensitivity.estimators.curves.best_rate import best_rate
from sensitivity.estimators.own_best import own_best

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sensitivity.arrays import Floats
    from sensitivity.claims.claim import Rule
    from sensitivity.claims.readings import Reading
    from sensitivity.claims.world import World

FASTER: Final = math.log(0.98)  # of the ratio of steps
MARGIN: Final = 0.005  # of normalised error, from which on a difference counts
ALIKE: Final = Inside(-0.02, 0.02)  # of normalised error
MOSTLY: Final = 0.75  # share of pairs


def faster(one: str, other: str, limit: float = FASTER) -> Part:
    """Ratio of steps to the target, each at its own fastest rate."""

    def unreached(world: World) -> float:
        both = [own_best(np.log(world.steps(arm)), world.censored(arm)) for arm in (one, other)]
        return float(np.mean(both))

    return Part(
        f"steps to the target: {one} over {other}",
        RATIO,
        below(limit),
        lambda world: world.own_steps(one) - world.own_steps(other),
        (one, other),
        unreached=unreached,
        readings=(UNITS, FASTEST),
    )


def mostly_faster(one: str, other: str) -> Part:
    """Share of pairs in which one is there sooner."""
    words = f"pairs in which {one} is there before {other}"
    return _mostly(words, one, other, lambda world, arm: world.own_steps(arm), (UNITS, FASTEST))


def mostly_better(one: str, other: str) -> Part:
    """Share of pairs in which one ends with the lower error; a tie is none."""
    words = f"pairs in which the error of {one} is below that of {other}"
    return _mostly(words, one, other, lambda world, arm: world.own_error(arm), (UNITS,))


def _mostly(
    words: str,
    one: str,
    other: str,
    number: Callable[[World, str], Floats],
    readings: tuple[Reading, ...],
) -> Part:
    """Share of pairs in which a number of one arm is below that of the other, almost always."""

    def below_it(world: World) -> Floats:
        return (number(world, one) < number(world, other)).astype(np.float64)

    return Part(words, SHARE, above(MOSTLY), below_it, (one, other), how=PAIRS, readings=readings)


def better(one: str, other: str) -> Part:
    """Difference of normalised error, each at its own best rate, to be below."""
    return _error(one, other, below(-MARGIN))


def worse(one: str, other: str) -> Part:
    """The same, to be above."""
    return _error(one, other, above(MARGIN))


def alike(one: str, other: str) -> Part:
    """The same, to make no difference."""
    return _error(one, other, ALIKE)


def _error(one: str, other: str, rule: Rule) -> Part:
    def difference(world: World) -> Floats:
        return world.own_error(one) - world.own_error(other)

    return Part(f"error: {one} − {other}", ERROR, rule, difference, (one, other), readings=(UNITS,))


def robust(words: str, one: str, among: Sequence[str]) -> Part:
    """Regret of one arm against the best of several, chosen with its rate on the other half of replicates."""

    def regret(world: World) -> Floats:
        every = np.concatenate([world.error(arm) for arm in among])
        return world.own_error(one) - own_best(every)

    return Part(words, ERROR, ALIKE, regret, tuple(among), how=MEAN, readings=(UNITS,))


def log_best_rate(world: World, arm: str) -> Floats:
    """log10 of the best rate, the middle of the band that cannot be told from the best, shape (…)."""
    error, rates = world.error(arm), world.rates(arm)
    if error.ndim == 2:
        return np.asarray(best_rate(rates, error))
    return np.array([best_rate(rates, error[:, draw]) for draw in range(error.shape[1])])
