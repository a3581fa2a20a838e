"""What a claim is: sentences of a note, and parts, each a number per dataset and a rule that decides it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from sensitivity.claims.arms import DATASETS
from sensitivity.claims.readings import EXACT_APART
from sensitivity.estimators.over_datasets import Exact, Mean, Share, Smallest, mean_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sensitivity.arrays import Floats
    from sensitivity.claims.readings import Reading
    from sensitivity.claims.world import World
    from sensitivity.estimators.over_datasets import Estimate

    Of = Callable[[World], Floats | float | Mean]


class Verdict(Enum):
    """What data say of a claim."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    INCONCLUSIVE = "inconclusive"


class Rule(Protocol):
    """Decides by an interval."""

    @property
    def thresholds(self) -> tuple[float, ...]:
        """Numbers at which it changes its mind."""

    def verdict(self, low: float, high: float) -> Verdict:
        """Of an interval."""


@dataclass(frozen=True)
class Inside:
    """Supported by an interval inside two limits, contradicted by one outside."""

    low: float
    high: float

    @property
    def thresholds(self) -> tuple[float, ...]:
        """Both limits that are finite."""
        return tuple(end for end in (self.low, self.high) if math.isfinite(end))

    def verdict(self, low: float, high: float) -> Verdict:
        """Of an interval."""
        if low > self.low and high < self.high:
            return Verdict.SUPPORTED
        if low > self.high or high < self.low:
            return Verdict.CONTRADICTED
        return Verdict.INCONCLUSIVE


def below(limit: float) -> Inside:
    """Supported below a limit, contradicted above it."""
    return Inside(-math.inf, limit)


def above(limit: float) -> Inside:
    """Supported above a limit, contradicted below it."""
    return Inside(limit, math.inf)


@dataclass(frozen=True)
class Names:
    """Supported by an interval that holds one number and not the other, contradicted by one without it."""

    this: float
    other: float

    @property
    def thresholds(self) -> tuple[float, ...]:
        """The other number: to tell it apart is what takes precision."""
        return (self.other,)

    def verdict(self, low: float, high: float) -> Verdict:
        """Of an interval."""
        if not low <= self.this <= high:
            return Verdict.CONTRADICTED
        return Verdict.INCONCLUSIVE if low <= self.other <= high else Verdict.SUPPORTED


# Units of an effect, as a person sees them.
RATIO: Final = "ratio"  # computed as its natural logarithm
ERROR: Final = "normalised error"
SHARE: Final = "share"
DECADES: Final = "decades"
SLOPE: Final = "slope"
NUMBER: Final = "number"

# How the numbers of the datasets become an estimate.
MEAN: Final = "mean over datasets"
PAIRS: Final = "share of pairs"
SMALLEST: Final = "smallest over datasets"
WITHIN: Final = "mean over replicates or starts"
EXACT: Final = "exact"


@dataclass(frozen=True)
class Part:
    """One number that a claim stands on.

    Attributes
    ----------
    words
        What is measured, of what over or minus what.
    unit
        `RATIO` and so on.
    rule
        Decides.
    of
        Number of a dataset: per replicate, shape (…, replicates), or one, shape (…).
    arms
        Arms that it reads.
    also
        Other measurements that it reads, by name.
    how
        What its sample is.
    where
        Datasets; ``()``: none is needed.
    unreached
        Share of trainings that never met the target, of a dataset; None where there is no target.
    difference
        Whether it is a share less another, and may be negative.
    readings
        How words of its rule were read.
    in_units
        Whether it is in the units that the reference arms give, which are then trained for it.
    """

    words: str
    unit: str
    rule: Rule
    of: Of
    arms: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    how: str = MEAN
    where: tuple[str, ...] = DATASETS
    unreached: Callable[[World], float] | None = None
    difference: bool = False
    readings: tuple[Reading, ...] = ()
    in_units: bool = True

    @property
    def possible(self) -> tuple[float, float]:
        """Least and largest number that it can be."""
        return (-1.0 if self.difference else 0.0, 1.0) if self.unit == SHARE else (-math.inf, math.inf)

    def values(self, worlds: Mapping[str, World]) -> dict[str, Floats | Mean]:
        """What `of` gives in each of its worlds; without datasets there is one, by the name ``""``."""
        found = {name: self.of(worlds[name]) for name in self.where or ("",)}
        return {
            name: value if isinstance(value, Mean) else np.atleast_1d(np.asarray(value, dtype=np.float64))
            for name, value in found.items()
        }

    def estimate(self, values: Mapping[str, Floats | Mean]) -> Estimate:
        """One number of those of `values`."""
        if self.how == SMALLEST:
            return Smallest([one if isinstance(one, Mean) else mean_of(one) for one in values.values()])
        plain = [one for one in values.values() if not isinstance(one, Mean)]
        if self.how == PAIRS:
            return Share(np.array([one.sum() for one in plain]), np.array([float(len(one)) for one in plain]))
        if self.how == WITHIN:
            return mean_of(np.concatenate(plain))
        means = [float(one.mean()) for one in plain]
        return Exact(float(np.mean(means))) if self.how == EXACT else mean_of(means)


@dataclass(frozen=True)
class Claim:
    """A sentence of a note and what decides it.

    Attributes
    ----------
    name
        Its identifier on the command line.
    words
        The claim in a sentence without a full stop.
    source
        Notes that make it: O, F, G or M.
    parts
        All must be supported; one that is contradicted contradicts it.
    amended
        How its rule differs from the one that was fixed before, and why; empty where it does not.
    beside
        A fact that belongs to it and decides nothing.
    readings
        How words of its rule were read, beside what its parts say.
    instead
        Part by an amended rule, whose verdict stands beside the one that counts; empty where there is none.
    """

    name: str
    words: str
    source: str
    parts: tuple[Part, ...]
    amended: str = ""
    beside: str = ""
    readings: tuple[Reading, ...] = ()
    instead: tuple[Part, ...] = ()

    @property
    def amendments(self) -> list[str]:
        """Clauses on all in which it departs from the words that were fixed."""
        return [*([self.amended] if self.amended else []), *self._read(amends=True)]

    @property
    def interpretations(self) -> list[str]:
        """Clauses on how words were read that leave something open."""
        return self._read(amends=False)

    def _read(self, *, amends: bool) -> list[str]:
        every = [*self.readings, *(reading for part in self.parts for reading in part.readings)]
        kinds = {part.how == EXACT for part in self.parts}
        every += [EXACT_APART] if len(kinds) > 1 else []
        return list(dict.fromkeys(one.words for one in every if one.amends == amends))
