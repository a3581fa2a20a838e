"""What results with fresh seeds say of a few candidates: who is best, how sure that is, and whom to take.

The same seeds also say who is best, so an interval of one candidate would not hold for the best of them.
Those of the means hold for all candidates together, those of the differences for all pairs together, 95 %
(Bonferroni).

Whom to take is the one-standard-error rule of `sensitivity.estimators.choosing`. One standard error is that
of the paired difference from the best, but no more than √2 times that of the best's own mean, its size if
nothing were shared: a candidate that is wild has a large one, and its wildness is no reason to take it. With
one bad result of n the mean would be as far behind as its own standard error, whatever the size of the
result. Nor is one taken that diverged or failed with more of the seeds than the best did.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import scipy

if TYPE_CHECKING:
    from sensitivity.arrays import Floats, Integers

LEVEL: Final = 0.95


@dataclass(frozen=True, eq=False)
class Fresh:
    """Results of m candidates with the same fresh seeds.

    Attributes
    ----------
    values
        Shape (m, seeds).
    worst
        Mean of each one's worst neighbour in the sweep; infinite where it has none.
    failed
        With how many of the seeds each diverged or failed.
    least, most
        Between what a result can be.
    """

    values: Floats
    worst: Floats
    failed: Integers
    least: float = -math.inf
    most: float = math.inf

    @property
    def means(self) -> Floats:
        """Mean of each."""
        return np.asarray(self.values.mean(axis=1))

    @property
    def half(self) -> Floats:
        """Half of the interval of each mean, for all candidates together."""
        count, seeds = self.values.shape
        return standard_error(self.values) * quantile(seeds, count)

    def intervals(self) -> tuple[Floats, Floats]:
        """Low and high ends of the means, no further than a result can be."""
        ends = self.means - self.half, self.means + self.half
        return np.maximum(ends[0], self.least), np.minimum(ends[1], self.most)


@dataclass(frozen=True, eq=False)
class Decision:
    """What fresh seeds say of m candidates.

    Attributes
    ----------
    order
        Candidates by their mean, best first.
    behind, low, high
        Mean paired difference of each from the best, and its interval, which holds for all pairs together.
    tied
        Who cannot be told from the best, without itself.
    within
        Who is within one standard error of the best and failed no more often, itself included.
    failing
        Who is as near, but diverged or failed with more of the seeds.
    take
        Of those within the one whose worst neighbour is best.
    """

    order: Integers
    behind: Floats
    low: Floats
    high: Floats
    tied: list[int]
    within: list[int]
    failing: list[int]
    take: int

    @property
    def best(self) -> int:
        """Candidate with the best mean."""
        return int(self.order[0])


def decide(fresh: Fresh) -> Decision:
    """Who is best, who is not to be told from it, and whom to take."""
    values, means, worst = fresh.values, fresh.means, fresh.worst
    order = np.lexsort((worst, means))
    best = int(order[0])
    differences = values - values[best]
    behind, error = differences.mean(axis=1), standard_error(differences)
    half = error * quantile(values.shape[1], max(1, math.comb(len(values), 2)))
    tied = [row for row in order[1:].tolist() if behind[row] <= half[row]]
    step = np.minimum(error, math.sqrt(2) * standard_error(values[best : best + 1]))
    near = [row for row in order.tolist() if behind[row] <= step[row]]
    within = [row for row in near if fresh.failed[row] <= fresh.failed[best]]
    failing = [row for row in near if row not in within]
    take = min(within, key=lambda row: (worst[row], means[row], row))
    return Decision(order, behind, behind - half, behind + half, tied, within, failing, take)


def standard_error(rows: Floats) -> Floats:
    """Of the mean of each row."""
    return np.asarray(rows.std(axis=1, ddof=1) / math.sqrt(rows.shape[1]))


def quantile(seeds: int, intervals: int = 1) -> float:
    """Of Student's t, for as many intervals as shall hold together."""
    return float(scipy.stats.t.ppf(1 - (1 - LEVEL) / 2 / intervals, seeds - 1))
