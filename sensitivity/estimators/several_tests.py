"""Many verdicts at once: Holm's levels (1979), under which the chance of any wrong one is 5 % at most."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ALPHA: Final = 0.05
NEVER: Final = 1.0
_SMALLEST: Final = 1e-12
_HALVINGS: Final = 40


def smallest_alpha(decided: Callable[[float], bool]) -> float:
    """Smallest α at which an interval of level 1 − α decides; 1 where it does not even at the widest.

    Parameters
    ----------
    decided
        Whether the interval at this α decides; once it does it goes on doing so as it narrows.
    """
    if decided(_SMALLEST):
        return _SMALLEST
    low, high = math.log(_SMALLEST), math.log(0.999)
    if not decided(math.exp(high)):
        # A rule may be met by intervals of some widths only: look from the widest on.
        tried = [a for a in np.linspace(low, high, 200) if decided(math.exp(a))]
        if not tried:
            return NEVER
        high = float(tried[0])
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if decided(math.exp(middle)) else (middle, high)
    return math.exp(high)


def holm_levels(alphas: Sequence[float], family: int) -> list[float]:
    """α at which each is judged: α/m for the surest, α/(m − 1) for the next, … until one is not decided.

    All that follow are judged as that one. An interval of level 1 − that α gives the same verdict as Holm's
    test does.

    Parameters
    ----------
    alphas
        Smallest α at which each is decided.
    family
        Number m of all that belong together; those that are not here count as undecided.
    """
    levels, left, deciding = [0.0] * len(alphas), family, True
    for place in sorted(range(len(alphas)), key=lambda one: alphas[one]):
        levels[place] = ALPHA / left
        deciding = deciding and alphas[place] <= levels[place]
        left -= deciding
    return levels
