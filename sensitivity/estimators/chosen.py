"""What is left of a number once it is allowed for that the trials that give it also chose what it is about.

The lowest of many noisy means is lucky, and the worst value of a setting against its best one is so at both
ends: of eight values that do the same the range is three standard errors. How lucky depends on how many
compete. Only those do that the noise may have put in the place of the chosen one: what differs clearly needs
no allowance (multiple comparisons with the best, Hsu 1981; selected by a first step, as in Romano & Wolf
2005). The noise of the chosen, as if all who compete did the same, is its *luck*. The estimate is less by its
mean, and the end of the interval on that side is its 97.5 % quantile away.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import scipy

from sensitivity.estimators.fresh_seeds import LEVEL

if TYPE_CHECKING:
    from sensitivity.arrays import Floats

UPPER: Final = (1 + LEVEL) / 2
_TIMES: Final = 20_000


@dataclass(frozen=True)
class Gap:
    """Difference of the value named worst from the value named best; ``low`` is below 0 where it may be none.

    Attributes
    ----------
    cost
        Less what luck is expected to be, at least 0.
    low
        Lower end of its 95 % interval: negative where the one named worst may be the better one.
    """

    cost: float
    low: float


def gap(levels: Floats, draws: Floats, reach: float) -> Gap:
    """Highest less lowest of several numbers, both ends chosen by their noise too.

    Parameters
    ----------
    levels
        Shape (K,).
    draws
        The same with other seeds, shape (draws, K); where they lie does not matter.
    reach
        How much further noise may reach than the draws say.
    """
    noise, apart = _noise(draws)
    raw, widest = float(np.ptp(levels)), reach * apart
    high, low = levels >= levels.max() - widest, levels <= levels.min() + widest
    luck = noise[:, high].max(axis=1) - noise[:, low].min(axis=1)
    cost = float(np.clip(raw - luck.mean(), 0.0, raw))
    return Gap(cost, raw - reach * float(np.quantile(luck, UPPER)))


def mean_gap(levels: Floats, draws: Floats, reach: float, weights: Floats, most: float) -> Gap:
    """Mean less lowest of several numbers, the lowest chosen by its noise too; as in `gap`.

    Parameters
    ----------
    weights
        Of the mean, shape (K,), sum 1.
    most
        What the cost is at most, as no mean is above the highest: that of `gap`, which allows for more luck.
    """
    noise, widest = _noise(draws)
    raw = float(levels @ weights - levels.min())
    luck = noise @ weights - noise[:, levels <= levels.min() + reach * widest].min(axis=1)
    cost = float(np.clip(raw - luck.mean(), 0.0, most))
    return Gap(cost, min(raw - reach * float(np.quantile(luck, UPPER)), cost))


def luck_of_lowest(means: Floats, draws: Floats) -> float:
    """How much lower than it is the lowest of several means may lie: the 97.5 % quantile of its luck.

    Those compete that are no further from it than the luckiest of all would be from one that is not.

    Parameters
    ----------
    means
        Shape (n,).
    draws
        The same with other seeds, shape (draws, n); where they lie does not matter.
    """
    noise = draws - draws.mean(axis=0)
    sd, best = noise.std(axis=0), int(np.argmin(means))
    if sd[best] == 0:
        return 0.0
    alike = noise / np.where(sd > 0, sd, np.inf)  # how lucky a calm one is no wild one says
    furthest = float(np.quantile(-alike.min(axis=1), UPPER) + np.quantile(np.abs(alike[:, best]), LEVEL))
    near = means <= means[best] + furthest * sd[best]
    return float(sd[best] * np.quantile(-alike[:, near].min(axis=1), UPPER))


def lowest_of_largest(amounts: Floats, draws: Floats) -> float:
    """Lower end of the 95 % interval of the largest of several differences, chosen for being so.

    Parameters
    ----------
    amounts
        Shape (n,).
    draws
        The same with other seeds, shape (draws, n).
    """
    noise, widest = _noise(draws)
    luck = noise[:, amounts >= amounts.max() - widest].max(axis=1)
    return float(amounts.max() - np.quantile(luck, UPPER))


def _noise(draws: Floats) -> tuple[Floats, float]:
    """Draws about their means, and how far apart all of them lie in 95 % of them."""
    noise = draws - draws.mean(axis=0)
    return noise, float(np.quantile(np.ptp(noise, axis=1), LEVEL))


@lru_cache(maxsize=256)
def studentized_range(levels: int, freedom: int) -> float:
    """95 % quantile of Tukey's studentized range, within some 2 %: scipy's is exact and takes 0.1 s each."""
    rng = np.random.default_rng(0)
    ranges = np.ptp(rng.standard_normal((_TIMES, levels)), axis=1)
    return float(np.quantile(ranges / np.sqrt(rng.chisquare(freedom, _TIMES) / freedom), LEVEL))


def luckiest(count: int, freedom: float) -> tuple[float, float, float]:
    """2.5 %, 50 % and 97.5 % quantile of the largest of so many numbers of Student's t.

    Of one its interval; of many all are above 0.
    """
    low, middle, high = scipy.stats.t.ppf(np.array([1 - UPPER, 0.5, UPPER]) ** (1 / count), freedom)
    return float(low), float(middle), float(high)
