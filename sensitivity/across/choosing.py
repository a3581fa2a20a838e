"""Rules that choose a configuration for each dataset, and what one rule loses against another.

The rules: *tuned*, each dataset its own best (max over settings); *one for all*, the configuration with the
best mean over datasets; *set once*, one value of a setting for all datasets and everything else tuned for
each. What one loses against another is the difference of their mean scores. Of tuned against one for all that
is the hyperparameter sensitivity Φ = mean_e max_h Γ − max_h mean_e Γ of Adkins, Bowling & White (2024, arXiv
2412.07165, eq. 2).

The best of many is lucky in part (the winner's curse), and the mean of E maxima more so than one maximum of
means: Φ as defined is too large where replicates are few. So beside it stands the loss on fresh replicates:
one half of them chooses and the other judges, and the other way round (Stone 1974). With half the replicates
each choice is worse than it need be, that of *tuned* more so, which makes this too small. From the loss on
fresh replicates the interval is measured down, from that as defined up.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import scipy

from sensitivity.across.scores import mean_of
from sensitivity.estimators.choosing import FEWEST_NEAR

if TYPE_CHECKING:
    from collections.abc import Callable

    from sensitivity.across.scores import Scores
    from sensitivity.arrays import Floats, Integers, Mask

    Rule = Callable[[Floats], Integers]  # mean scores, shape (C, E) → configuration for each dataset, (E,)

LEVEL: Final = 0.95


@dataclass(frozen=True)
class Loss:
    """What a rule loses against another, in mean normalised score.

    Attributes
    ----------
    as_defined
        Chosen and judged by all replicates.
    fresh
        Judged by replicates that did not choose; NaN where there is one.
    low, high
        Ends of the 95 % interval for new replicates of the same datasets, not below 0; NaN where there is one
        replicate.
    """

    as_defined: float
    fresh: float
    low: float
    high: float

    @property
    def best(self) -> float:
        """The better estimate: on fresh replicates where there are two, not below 0, where no loss can be."""
        return self.as_defined if math.isnan(self.fresh) else max(self.fresh, 0.0)


def tuned(means: Floats) -> Integers:
    """Each dataset its own best."""
    return np.asarray(np.argmax(_or_least(means), axis=0))


def one_for_all(means: Floats) -> Integers:
    """The configuration with the best mean over datasets, of those that ran on all of them."""
    best = int(np.argmax(_or_least(means.mean(axis=1))))
    return np.full(means.shape[1], best)


def set_once(levels: Integers) -> Rule:
    """Rule with one level of a setting for all datasets, the best; where it is inactive it binds nothing.

    Parameters
    ----------
    levels
        The setting's level in each configuration, shape (C,); −1 where inactive.
    """

    def rule(means: Floats) -> Integers:
        return best_within(means, [allowed_at(levels, level) for level in np.unique(levels[levels >= 0])])[0]

    return rule


def allowed_at(levels: Integers, level: int) -> Mask:
    """Configurations that a setting held at a level leaves, shape (C,): also those where it is inactive."""
    return np.asarray((levels == level) | (levels < 0))


def best_within(means: Floats, choices: list[Mask]) -> tuple[Integers, int]:
    """Best of each dataset within the set of configurations where their mean is best, and which set."""
    known = _or_least(means)
    tops = [np.where(mask[:, None], known, -np.inf) for mask in choices]
    best = int(np.argmax([top.max(axis=0).mean() for top in tops]))
    return np.argmax(tops[best], axis=0), best


def _or_least(means: Floats) -> Floats:
    return np.where(np.isnan(means), -np.inf, means)


def score(scores: Scores, rule: Rule) -> float:
    """Mean over datasets of what a rule reaches, chosen and judged by all replicates."""
    return float(np.mean(at(scores.means, rule(scores.means))))


def at(means: Floats, rows: Integers) -> Floats:
    """Mean score of each dataset with its configuration, shape (E,)."""
    return np.asarray(means[rows, np.arange(means.shape[1])])


def loss(scores: Scores, rule: Rule, against: Rule = tuned) -> Loss:
    """What a rule loses against another."""
    as_defined = score(scores, against) - score(scores, rule)
    if scores.replicates < 2:
        return Loss(as_defined, *[math.nan] * 3)
    apart = _judged_apart(scores, rule, against)
    counts, means = np.isfinite(apart).sum(axis=1), mean_of(apart)
    if not counts.all():  # a dataset where one half of the replicates has not run
        return Loss(as_defined, *[math.nan] * 3)
    squares = np.where(np.isfinite(apart), (apart - means[:, None]) ** 2, 0.0).sum(axis=1)
    paired = 2 * scores.noise**2 / counts  # of the mean difference of trials of the same replicates
    spread = np.fmax(
        squares / np.maximum(counts - 1, 1) / counts, np.where(squares + means == 0, 0.0, paired)
    )
    tail, freedom = (1 - LEVEL) / 2, max(int(counts.sum()) - len(counts), 1)
    down, up = scipy.stats.t.isf(tail, [freedom, freedom * (FEWEST_NEAR - 1)]) / len(counts)
    fresh = float(means.mean())
    low = fresh - float(down) * math.sqrt(float(spread.sum()))
    high = max(as_defined, fresh) + float(up) * math.sqrt(float(paired.sum()))
    return Loss(as_defined, fresh, max(low, 0.0), max(high, 0.0))


def _judged_apart(scores: Scores, rule: Rule, against: Rule) -> Floats:
    """Loss of each dataset and replicate, chosen by the replicates of the other parity; shape (E, R)."""
    every = scores.scores
    found = np.full(every.shape[1:], np.nan)
    places = np.arange(every.shape[1])
    for half in (0, 1):
        means = mean_of(every[:, :, 1 - half :: 2])
        if not np.isfinite(means).all(axis=1).any():
            continue  # no configuration ran on all datasets with these replicates: nothing can choose
        better, worse = against(means), rule(means)
        found[:, half::2] = every[better, places, half::2] - every[worse, places, half::2]
    return found
