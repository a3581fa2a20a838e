"""Which configuration to take: the best by mean, and of those within one standard error the most forgiving.

The mean over replicates of the best of many is luck in part, and the more so the more are tried. Beside it
stands the one-standard-error rule (Breiman et al. 1984, *Classification and Regression Trees*, 3.4.3): of all
that the seeds cannot tell from the best, take what is preferable for another reason. Here that is a good
neighbourhood (`sensitivity.estimators.neighbourhood`): of a *forgiving* configuration the neighbours are good
too; the worst of them is what counts.

Not every configuration need have run equally often: a sweep was interrupted, a trial failed, somebody ran
one once more. A replicate counts where at least half as many configurations of the plan ran in it as in the
fullest; a configuration, where it ran in at least half as many of these as the fullest. One that a search
proposed must have run in as many: it stands where somebody was lucky. Easy and hard replicates are allowed
for by a two-way fit of the best, so one that missed an easy replicate is not the worse for it.

These trials also chose, so the truth of the best lies above its mean, the further the more compete: the upper
end of the interval is that of the luckiest of all those that the noise may have put first
(`sensitivity.estimators.chosen`). What a replicate does to all of them belongs to it: the next may be harder.
Where the noise is not known nothing is within one standard error, and there is no interval.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy

from sensitivity.estimators.chosen import luckiest
from sensitivity.estimators.neighbourhood import Neighbourhood
from sensitivity.estimators.noise import widening

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.arrays import Floats, Integers
    from sensitivity.estimators.tried import Tried

ENOUGH = 0.5  # share of the fullest that a replicate, or a configuration, must have run of
NEAR_BEST = 0.1  # share of the configurations whose noise is taken for that of the best
FEWEST_NEAR = 10
MOST_NEAR = 50
ROUNDS = 2  # of finding out who competes


@dataclass(frozen=True, eq=False)
class Compared:
    """Configurations on equal terms.

    Attributes
    ----------
    values
        Results in the replicates that count, shape (configurations, replicates).
    rows
        Those that ran often enough to be compared.
    counts
        Results of each row of what was tried in the replicates that count.
    means
        Mean of each row, had it run in every replicate that counts.
    noise
        Standard deviation of a result beside those of others with the same seeds; NaN where it is not known.
    freedom
        Degrees of freedom that it is known by.
    shared
        Standard error of what the replicates do to all alike, about the mean of those to come.
    """

    values: Floats
    rows: Integers
    counts: Integers
    means: Floats
    noise: float
    freedom: int
    shared: float

    @property
    def equal(self) -> bool:
        """Whether all that are compared ran equally often."""
        return bool(np.ptp(self.counts[self.rows]) == 0)

    def step(self, one: int, other: Integers) -> Floats:
        """One standard error of the difference of a row from others; NaN where the noise is not known."""
        return np.asarray(self.noise * np.sqrt(1 / self.counts[one] + 1 / self.counts[other]))

    def competing(self) -> tuple[Integers, float]:
        """Rows no further from the best mean than the luckiest of all would be from one that is not; noise.

        Where noise is skewed those that come out lowest are quiet: those that compete say more of it, and
        then more may compete.
        """
        furthest = sum(luckiest(count, self.freedom)[-1] for count in (len(self.rows), 1))
        ahead = self.means[self.rows] - self.means[self.rows].min()
        scale, noise, rows = furthest / np.sqrt(self.counts[self.rows]), self.noise, self.rows[:0]
        for _ in range(ROUNDS):
            found = self.rows[ahead <= scale * noise]
            if len(found) <= len(rows):
                break
            # Ordered by their results: the same sums to the bit, in whatever order the trials come.
            ordered = self.values[found][np.lexsort(self.values[found].T)]
            rows, noise = found, float(np.fmax(noise, two_way(ordered)[1]))
        return rows, noise

    def interval(self, row: int) -> tuple[float, float]:
        """95 % interval of what is to be expected of a row among the best; NaN where the noise is not known.

        Its upper end is that of the luckiest of all that compete.
        """
        if math.isnan(self.noise) or self.freedom < 1:
            return math.nan, math.nan
        rows, noise = self.competing()
        low, middle, high = luckiest(max(len(rows), 1), self.freedom)
        own = noise / math.sqrt(self.counts[row])
        shared = float(scipy.stats.norm.ppf(0.975) * widening(int(self.counts[row]) - 1)) * self.shared
        mean = float(self.means[row])
        above = middle * own + math.hypot((high - middle) * own, shared)
        return mean - math.hypot(min(low, 0.0) * own, shared), mean + above


def compared(found: Tried) -> Compared:
    """Means and noise on equal terms."""
    ran = np.isfinite(found.values)
    full = ran[found.planned].sum(axis=0)
    values = np.where(full >= ENOUGH * full.max(), found.values, np.nan)
    known = np.isfinite(values)
    counts = known.sum(axis=1)
    enough = np.where(found.planned, max(1.0, ENOUGH * counts.max()), counts.max())
    rows = np.flatnonzero(counts >= enough)
    means = np.where(counts > 0, np.where(known, values, 0).sum(axis=1) / np.maximum(counts, 1), found.means)
    near = nearest(rows, means)
    effects, noise = two_way(values[near])
    allowed = np.where(known, effects, 0).sum(axis=1) / np.maximum(counts, 1)
    means = np.where(counts < known.any(axis=0).sum(), means - allowed, means)
    used = int(known[near].any(axis=0).sum())
    freedom = int(known[near].sum()) - len(near) - (used - 1 if effects.any() else 0)
    shared = float(np.std(effects[known[near].any(axis=0)], ddof=1)) / math.sqrt(used) if used > 1 else 0.0
    return Compared(values, rows, counts, means, noise, freedom, shared)


def nearest(rows: Integers, means: Floats) -> Integers:
    """Those of the rows that are near the best, lowest mean first: what noise is like there counts."""
    size = min(max(FEWEST_NEAR, math.ceil(NEAR_BEST * len(rows))), MOST_NEAR)
    return np.asarray(rows[np.argsort(means[rows], kind="stable")[:size]])


def two_way(values: Floats) -> tuple[Floats, float]:
    """Effects of the columns of an incomplete table of rows and columns, and what is left of its noise.

    Least squares (Searle 1971, *Linear Models*, 7.1: rows eliminated, then columns by a generalised inverse).
    Where no two rows share a column, so that rows and columns explain all, columns count as one more source
    of noise.

    Parameters
    ----------
    values
        Shape (rows, columns), NaN where there is nothing.

    Returns
    -------
    effects
        Of each column, mean 0 over those with results; 0 where there are none.
    noise
        Standard deviation of the residuals, by their degrees of freedom; NaN where there are none.
    """
    known = np.isfinite(values)
    each, size = known.sum(axis=1), int(known.sum())
    rest = np.where(known, values - (np.where(known, values, 0).sum(axis=1) / each)[:, None], 0.0)
    used = np.flatnonzero(known.any(axis=0))
    design = known[:, used].astype(np.float64)
    reduced = np.diag(design.sum(axis=0)) - design.T @ (design / each[:, None])
    rank = int(np.linalg.matrix_rank(reduced, hermitian=True)) if len(used) > 1 else 0
    effects, freedom = np.zeros(values.shape[1]), size - len(values) - rank
    if rank and freedom > 0:
        effects[used] = np.linalg.pinv(reduced, hermitian=True) @ rest.sum(axis=0)[used]
        rest = np.where(known, values - effects, 0.0)
        rest = np.where(known, rest - (rest.sum(axis=1) / each)[:, None], 0.0)
    else:
        freedom = size - len(values)
    return effects, math.sqrt(float((rest**2).sum()) / freedom) if freedom else math.nan


@dataclass(frozen=True, eq=False)
class Choice:
    """What the trials say is best, and what to take.

    Attributes
    ----------
    order
        Rows of the configurations that ran often enough to be compared, best mean first.
    best
        Row with the best mean.
    forgiving
        Of the rows within one standard error of it, and that failed no more often, the one whose worst
        neighbour is best; of rows without neighbours the one with the best mean.
    within
        How many these are.
    step
        One standard error of a difference from the best of one that ran as often; NaN where the noise is not
        known: then nothing but the best is within it.
    fair
        What they were compared by.
    worst
        Mean of the worst neighbour by row, as far as it was asked for; infinite where there is no neighbour.
    failing
        How many as near failed more often than the best.
    """

    order: Integers
    best: int
    forgiving: int
    within: int
    step: float
    worst: dict[int, float]
    fair: Compared
    failing: int = 0

    @property
    def equal(self) -> bool:
        """Whether all ran equally often; else easy and hard replicates were allowed for."""
        return self.fair.equal

    @property
    def weighed(self) -> bool:
        """Whether anything says which is the most forgiving: a standard error, and a neighbour."""
        return not math.isnan(self.step) and math.isfinite(self.worst[self.forgiving])


def choose(found: Tried, also: Sequence[int] = ()) -> Choice:
    """Choose by the means over replicates.

    Parameters
    ----------
    also
        Further rows whose neighbours shall be known.
    """
    fair = compared(found)
    means = fair.means
    order = fair.rows[np.argsort(means[fair.rows], kind="stable")]
    best = int(order[0])
    near = (means[order] <= means[best] + fair.step(best, order)) | (order == best)  # never by NaN
    close = order[near]
    within = close[found.failed[close] <= found.failed[best]]
    beside = Neighbourhood(found, means)
    worst = {int(row): beside.worst(int(row)) for row in [*within, *also]}
    forgiving = min((int(row) for row in within), key=lambda row: (worst[row], means[row], row))
    step = float(fair.step(best, np.array([best]))[0])
    return Choice(order, best, forgiving, len(within), step, worst, fair, len(close) - len(within))
