"""Claims and worlds → estimates, intervals and verdicts, each claim by itself and all together."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.claims.claim import EXACT, RATIO, SMALLEST, Verdict
from sensitivity.estimators.over_datasets import LEVEL, Mean, mean_of, visible
from sensitivity.estimators.own_best import drawn_again
from sensitivity.estimators.several_tests import ALPHA, holm_levels, smallest_alpha

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sensitivity.arrays import Floats
    from sensitivity.claims.claim import Claim, Part
    from sensitivity.claims.world import World
    from sensitivity.estimators.over_datasets import Estimate

DRAWS: Final = 400  # of the bootstrap


@dataclass(frozen=True)
class Measured:
    """A part with its numbers.

    Attributes
    ----------
    part
        What is measured.
    estimate
        With its interval at any level.
    datasets
        Mean of each dataset, with what its replicates say.
    bootstrap
        95 % interval from drawing datasets and replicates again; NaN where there is none.
    unreached
        Share of trainings that never met the target; NaN where there is no target.
    """

    part: Part
    estimate: Estimate
    datasets: Mapping[str, Mean]
    bootstrap: tuple[float, float]
    unreached: float

    def shown(self, number: float) -> float:
        """A number of it as it is written."""
        return written(self.part, number)

    def ends(self, interval: tuple[float, float]) -> tuple[float, float]:
        """Both ends as they are written: no share is below 0 or above 1."""
        least, most = self.part.possible
        low, high = (self.shown(min(max(end, least), most)) for end in interval)
        return low, high

    def verdict(self, alpha: float) -> Verdict:
        """By the interval of level 1 − α."""
        return self.part.rule.verdict(*self.estimate.interval(1 - alpha))

    @property
    def needed(self) -> float:
        """Smallest α at which it is supported."""
        return smallest_alpha(lambda alpha: self.verdict(alpha) is Verdict.SUPPORTED)

    def visible(self, alpha: float) -> float:
        """Smallest effect beyond the threshold that the design would have found."""
        low, high = self.estimate.interval(1 - alpha)
        return visible((high - low) / 2, 1 - alpha, self.estimate.freedom)


@dataclass(frozen=True)
class Judged:
    """A claim with its verdicts.

    ``alpha`` is the level at which it is judged among all claims: the adjusted interval has level 1 − α.
    ``instead`` are the parts of its amended rule; there may be none.
    """

    claim: Claim
    parts: Sequence[Measured]
    alpha: float = ALPHA
    instead: Sequence[Measured] = ()

    def verdict(self, alpha: float) -> Verdict:
        """All parts supported; or one of them contradicted, whichever it is (Bonferroni).

        A part that nothing random is in cannot be contradicted by chance and does not count there.
        """
        return _together(self.parts, alpha)

    @property
    def plain(self) -> Verdict:
        """Were it the only claim."""
        return self.verdict(ALPHA)

    @property
    def adjusted(self) -> Verdict:
        """Among all claims; this one counts."""
        return self.verdict(self.alpha)

    @property
    def by_amended_rule(self) -> Verdict | None:
        """By its amended rule, where it has one: it stands beside and does not count."""
        return _together(self.instead, self.alpha) if self.instead else None

    @property
    def smallest_alpha(self) -> float:
        """Smallest α at which it is decided."""
        return smallest_alpha(lambda alpha: self.verdict(alpha) is not Verdict.INCONCLUSIVE)

    @property
    def deciding(self) -> Measured:
        """The part that its verdict hangs on: one contradicted, else the one furthest from support."""
        order = [Verdict.CONTRADICTED, Verdict.INCONCLUSIVE, Verdict.SUPPORTED]
        return min(self.parts, key=lambda part: (order.index(part.verdict(self.alpha)), -part.needed))


def _together(parts: Sequence[Measured], alpha: float) -> Verdict:
    """Verdict of several parts at a level, see `Judged.verdict`."""
    several = alpha / max(1, sum(part.part.how != EXACT for part in parts))
    if any(part.verdict(several) is Verdict.CONTRADICTED for part in parts):
        return Verdict.CONTRADICTED
    if all(part.verdict(alpha) is Verdict.SUPPORTED for part in parts):
        return Verdict.SUPPORTED
    return Verdict.INCONCLUSIVE


def judged(claims: Sequence[Claim], worlds: Mapping[str, World], seed: int, family: int) -> list[Judged]:
    """Every claim with its verdicts.

    Parameters
    ----------
    claims
        Those to judge.
    worlds
        By dataset; what needs none is found by ``""``.
    seed
        Of the bootstrap.
    family
        Number of claims that belong together (Holm 1979).
    """
    each = [
        Judged(
            claim,
            [measured(part, worlds, seed) for part in claim.parts],
            instead=[measured(part, worlds, seed) for part in claim.instead],
        )
        for claim in claims
    ]
    levels = holm_levels([one.smallest_alpha for one in each], family)
    return [replace(one, alpha=level) for one, level in zip(each, levels, strict=True)]


def written(part: Part, number: float) -> float:
    """A number of a part as it is written: a ratio is computed as its logarithm."""
    return math.exp(number) if part.unit == RATIO else float(number)


def measured(part: Part, worlds: Mapping[str, World], seed: int) -> Measured:
    """Numbers of a part."""
    values = part.values(worlds)
    unreached = math.nan
    if part.unreached is not None:
        unreached = float(np.mean([part.unreached(worlds[name]) for name in values]))
    datasets = {name: _of_dataset(value) for name, value in values.items()}
    return Measured(part, part.estimate(values), datasets, _bootstrap(part, worlds, seed), unreached)


def _of_dataset(value: Floats | Mean) -> Mean:
    if isinstance(value, Mean):
        return value
    return mean_of(value) if len(value) > 1 else Mean(float(value[0]), math.nan, math.nan)


def _bootstrap(part: Part, worlds: Mapping[str, World], seed: int) -> tuple[float, float]:
    """Percentiles of the mean over datasets drawn again, their replicates drawn again."""
    if part.how in {EXACT, SMALLEST} or len(part.where) < 2:
        return math.nan, math.nan
    rng = np.random.default_rng(seed)
    draws = []
    for name in part.where:
        world = worlds[name]
        found = part.of(world.again(drawn_again(world.replicates(part.arms[0]), DRAWS, rng)))
        values = np.asarray(found, dtype=np.float64)
        draws.append(values.mean(axis=-1) if values.ndim > 1 else values)
    chosen = rng.integers(len(draws), size=(DRAWS, len(draws)))
    means = np.array(draws)[chosen, np.arange(DRAWS)[:, None]].mean(axis=1)
    low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
