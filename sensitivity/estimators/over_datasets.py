"""Estimates whose sample is the datasets, with an interval at any level.

Replicates of one dataset are alike, and what is asked is what another dataset would show. So the interval of
a mean is Student's t over the means of the datasets; that of a share is Clopper & Pearson's with the
effective number of pairs of Korn & Graubard (1998), which holds at 0 and 1 too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np
import scipy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.arrays import Floats

LEVEL: Final = 0.95


class Estimate(Protocol):
    """A number, and its interval at any level."""

    @property
    def value(self) -> float:
        """The number."""

    @property
    def freedom(self) -> float:
        """Degrees of freedom of its interval; infinite where nothing is random."""

    def interval(self, level: float = LEVEL) -> tuple[float, float]:
        """Both ends; wider the nearer ``level`` is to 1."""


@dataclass(frozen=True)
class Mean:
    """A mean with its standard error and the degrees of freedom of that."""

    value: float
    error: float
    freedom: float

    def interval(self, level: float = LEVEL) -> tuple[float, float]:
        """Student's t."""
        half = float(scipy.stats.t.isf((1 - level) / 2, self.freedom)) * self.error if self.error else 0.0
        return self.value - half, self.value + half


def mean_of(values: Sequence[float] | Floats) -> Mean:
    """Mean of what every dataset (or replicate, or start) gives; at least two."""
    numbers = np.asarray(values, dtype=np.float64)
    error = float(numbers.std(ddof=1)) / math.sqrt(len(numbers))
    return Mean(float(numbers.mean()), error, len(numbers) - 1)


@dataclass(frozen=True)
class Share:
    """Share of pairs in which something holds: ``hits`` of ``counts`` in every dataset, shape (datasets,)."""

    hits: Floats
    counts: Floats

    @property
    def value(self) -> float:
        """Hits of all pairs."""
        return float(self.hits.sum() / self.counts.sum())

    @property
    def freedom(self) -> float:
        """Datasets less one."""
        return len(self.hits) - 1

    def effective(self, level: float = LEVEL) -> float:
        """Pairs that are worth as much, were they independent; all of them where no dataset differs."""
        pairs, share, clusters = float(self.counts.sum()), self.value, len(self.hits)
        spread = float((((self.hits - share * self.counts) / pairs) ** 2).sum()) * clusters / (clusters - 1)
        simple = share * (1 - share) / pairs
        inflated = max(spread / simple, 1.0) if simple > 0 else 1.0
        tail = (1 - level) / 2
        allowed = float(scipy.stats.t.isf(tail, pairs - 1) / scipy.stats.t.isf(tail, clusters - 1)) ** 2
        return pairs / inflated * allowed

    def interval(self, level: float = LEVEL) -> tuple[float, float]:
        """Clopper & Pearson with the effective number of pairs."""
        count, tail = self.effective(level), (1 - level) / 2
        hits = self.value * count
        low = float(scipy.stats.beta.ppf(tail, hits, count - hits + 1)) if hits > 0 else 0.0
        high = float(scipy.stats.beta.isf(tail, hits + 1, count - hits)) if self.value < 1 else 1.0
        return low, high


@dataclass(frozen=True)
class Smallest:
    """The smallest of several effects, one per dataset.

    Its lower end is the lowest of theirs; its upper end the lowest of theirs at Bonferroni's level. So it
    lies above a number where every single effect does, and below it where one does, whichever it is.
    """

    of: Sequence[Mean]

    @property
    def value(self) -> float:
        """Smallest of the estimates."""
        return min(one.value for one in self.of)

    @property
    def freedom(self) -> float:
        """Fewest of theirs."""
        return min(one.freedom for one in self.of)

    def interval(self, level: float = LEVEL) -> tuple[float, float]:
        """Ends as above."""
        each = 1 - (1 - level) / len(self.of)
        return min(one.interval(level)[0] for one in self.of), min(one.interval(each)[1] for one in self.of)


@dataclass(frozen=True)
class Exact:
    """A number that nothing random is in."""

    value: float
    freedom: float = math.inf

    def interval(self, level: float = LEVEL) -> tuple[float, float]:  # noqa: ARG002 (the same at any level)
        """The number alone."""
        return self.value, self.value


def visible(half: float, level: float, freedom: float, power: float = 0.8) -> float:
    """Smallest distance from a threshold that a design would have found with this power.

    A distance of t_(1−α/2) + t_power standard errors (Bloom 1995), the error told by the half-width of the
    interval at the level 1 − α.
    """
    if half == 0:
        return 0.0
    reach = float(scipy.stats.t.isf((1 - level) / 2, freedom))
    return half * (1 + float(scipy.stats.t.ppf(power, freedom)) / reach)
