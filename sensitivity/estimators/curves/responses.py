"""The plan's responses as configurations × replicates, and draws of what other seeds would have given.

Every practical measure (tolerance, moving optimum, tunability) asks for minima over configurations: "the best
that can be reached at this learning rate". This module holds what they share: which configuration has which
level, its mean over replicates, and draws of those means.

The replicate's block (split and seed) is taken off first as far as it moves all values alike, which no
comparison sees (`shared_shift`). The rest is the noise ε of the seed, far larger near the edge of divergence
than at the bottom of the bowl. A cell of two replicates has one degree of freedom, so its variance is pooled
over configurations with nearly the same mean (`local_sd`).

Draws are a parametric bootstrap, normal with variance 1/R_c on the scale g(m) = ∫ dm/σ(m) that makes it
constant. On the plain scale a configuration that diverges every other time, 0.47 ± 0.6, would now and then be
drawn as better than the best. Configurations of a factorial deviate together as their replicates say
(`estimators.correlation`); of one that was run once as much as they may, and means are smoothed
along an ordered setting (`smoothing`), draws like them. Others deviate independently, which errs on the wide
side.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import cached_property
from operator import lt
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.axis import common_scale, places
from sensitivity.branch import label
from sensitivity.coding import all_numbers, is_number, key
from sensitivity.estimators.curves.drawing import by_configuration, deviations, stabilised
from sensitivity.estimators.noise import local_sd, shared_shift
from sensitivity.trials import DIVERGED, OUTCOME, REPLICATE, VALUE
from sweeps.space import Choices

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy.typing as npt
    from scipy import sparse

    from sensitivity.arrays import Floats, Integers
    from sensitivity.axis import Axis
    from sensitivity.estimators.correlation import Correlation
    from sensitivity.remarks import Said
    from sensitivity.study import Study
    from sweeps.space import Domain, Space, Value

    Mask = npt.NDArray[np.bool_]  # over configurations, shape (C,)

ALL: Final = "all"
DRAWS: Final = 200
RELIABLE_FROM: Final = 20


@dataclass(frozen=True)
class Responses:
    """Responses of C configurations in R replicates.

    Attributes
    ----------
    names
        Settings that the trials have, parents first.
    scales
        Domain of each setting over all branches: the axis that its curves are drawn on.
    domains
        Distinct domains of each setting; more than one where ranges differ between branches.
    domain
        Number of the domain that holds in each configuration, shape (C, settings); −1 where inactive.
    levels
        Distinct values of each setting, in the order of the scale.
    codes
        Level of each setting, shape (C, settings); −1 where inactive.
    observed
        Response of each trial as it is, shape (C, R); NaN where a trial is missing.
    block
        Shift that a replicate shares among all configurations, shape (R,), sum 0.
    diverged
        Trials that diverged and trials there are, shape (C, 2).
    weights
        Weight of each configuration under the prior, shape (C,), sum 1: equal for a space-filling plan, the
        product of the levels' shares for a grid.
    space
        Space that the configurations are of.
    rate, branch
        Names of the setting that is the learning rate, and of the one that makes branches.
    stand_in
        Standard deviation of one trial, shape (C,), where no configuration was run twice and it is known all
        the same (`sensitivity.estimators.unreplicated`).
    together, cell
        How the configurations of a complete factorial deviate together, and which of its own each of these
        is, shape (C,); None of another plan, whose draws are independent.
    widened
        How much wider than ``sd`` such deviations are drawn, see `drawing.deviations`.
    smooth
        Matrix that makes smooth means of single trials, shape (C, C); None: as they are.
    """

    names: tuple[str, ...]
    scales: Mapping[str, Domain]
    domains: Mapping[str, tuple[Domain, ...]]
    domain: Integers
    levels: Mapping[str, tuple[Value, ...]]
    codes: Integers
    observed: Floats
    block: Floats
    diverged: Floats
    weights: Floats
    space: Space
    rate: str
    branch: str
    stand_in: Floats | None = None
    together: Correlation | None = None
    cell: Integers | None = None
    widened: float = 1.0
    smooth: sparse.csr_array | None = None

    missed = 0.0  # what a surrogate misses, in units of the response: trials miss nothing
    lucky = True  # the lowest of noisy means is lower than it is

    @property
    def source(self) -> Said | None:
        """What is to be said of numbers that are not those of trials."""
        return None

    @property
    def trained(self) -> Responses:
        """Responses of trials, these or those that these are predicted from."""
        return self

    @property
    def configurations(self) -> int:
        """Configurations that were trained."""
        return len(self.trained.means)

    @cached_property
    def by_replicate(self) -> Floats:
        """Response less the replicate's block, shape (C, R); NaN where a trial is missing."""
        found: Floats = self.observed - self.block
        return found

    @cached_property
    def means(self) -> Floats:
        """Mean of each configuration over its replicates, shape (C,).

        From sums of what was observed: equal means stay exactly equal, so all measures break ties alike.
        """
        present = np.isfinite(self.observed)
        sums = np.where(present, self.observed, 0.0).sum(axis=1) - present @ self.block
        means: Floats = sums / np.maximum(self.counts, 1)
        return means if self.smooth is None else self.smooth @ means

    @cached_property
    def counts(self) -> Integers:
        """Replicates of each configuration, shape (C,)."""
        counts: Integers = np.isfinite(self.observed).sum(axis=1)
        return counts

    @cached_property
    def sd(self) -> Floats:
        """Standard deviation of one trial of each configuration, shape (C,); NaN without replicates."""
        return local_sd(self.by_replicate) if self.stand_in is None else self.stand_in

    @cached_property
    def draws(self) -> Floats:
        """Means as other seeds might have given them, shape (draws, C); no rows without replicates.

        Always the same numbers for the same trials. No draw exceeds the largest response: the cap.
        """
        if not len(self.means) or np.isnan(self.sd).any():
            return np.empty((0, len(self.means)))
        rng = np.random.default_rng(0)
        if self.together is None or self.together.none:
            noise = rng.standard_normal((DRAWS, len(self.means)))
        else:
            noise = self.together.draws(rng, DRAWS)[:, self.cell]
            noise *= self.widened
        if self.smooth is not None:
            noise = (self.smooth @ noise.T).T
        drawn = stabilised(self.means, self.sd, noise / np.sqrt(self.counts))
        return np.minimum(drawn, np.nanmax(self.by_replicate))

    def held_out(self, rows: Integers, group: Integers) -> Floats:
        """Mean over replicates of what one replicate says of the best according to the others, (groups,).

        Where several are best according to the others, as happens with error rates of few samples: their
        mean. NaN where a replicate is missing or there is only one.

        Parameters
        ----------
        rows, group
            Configurations and their groups, shape (n,); groups ascending.
        """
        values, observed = self.by_replicate[rows], self.observed[rows]
        start = np.flatnonzero(np.diff(group, prepend=-1))
        if values.shape[1] < 2 or np.isnan(values).any():
            return np.full(len(start), np.nan)
        size = np.diff(start, append=len(rows))
        judged = []
        for replicate, one in enumerate(values.T):
            others = np.delete(observed, replicate, axis=1).sum(axis=1)
            best = others == np.repeat(np.minimum.reduceat(others, start), size)
            sums = np.add.reduceat(np.where(best, one, 0.0), start)
            judged.append(sums / np.add.reduceat(best, start, dtype=np.float64))
        mean: Floats = np.mean(judged, axis=0)
        return mean

    def second_centre(self, draws: Floats) -> Floats:
        """Where an interval has its other centre if nothing is held out, see `intervals`, shape (…).

        NaN, for the estimate less its bias. Draws have the shape (draws, …).
        """
        return np.full(draws.shape[1:], np.nan)

    def column(self, name: str) -> Integers:
        """Level of one setting in each configuration, shape (C,)."""
        return self.codes[:, self.names.index(name)]

    @cached_property
    def _positions(self) -> dict[str, Floats]:
        return {}

    def code(self, name: str, value: Value) -> int | None:
        """Level of a setting that a value is, as they compare; None where it was not tried."""
        if is_number(value) and self._rises(name):
            levels = self.levels[name]
            at = bisect_left(levels, value)
            if at < len(levels) and levels[at] == value:
                return at
        if name not in self._keys:
            self._keys[name] = {key(level): code for code, level in enumerate(self.levels[name])}
        return self._keys[name].get(key(value))

    def numeric(self, name: str) -> bool:
        """Whether all levels of a setting are numbers: looked at once, as there may be very many."""
        if name not in self._numeric:
            self._numeric[name] = all_numbers(self.levels[name])
        return self._numeric[name]

    @cached_property
    def _numeric(self) -> dict[str, bool]:
        return {}

    @cached_property
    def ascending(self) -> Integers:
        """Configurations by their means, the first of equal ones first, shape (C,)."""
        return np.argsort(self.means, kind="stable")

    def _rises(self, name: str) -> bool:
        """Whether the levels are numbers, each larger than the one before; zeros may differ in their sign."""
        if name not in self._rising:
            levels = self.levels[name]
            self._rising[name] = self.numeric(name) and all(map(lt, levels, levels[1:]))
        return self._rising[name]

    @cached_property
    def _rising(self) -> dict[str, bool]:
        return {}

    @cached_property
    def _keys(self) -> dict[str, dict[object, int]]:
        return {}

    def differing(self, row: int) -> tuple[Mask, Integers]:
        """In which settings that both have each configuration differs from one, (C, settings); how many."""
        if row not in self._differing:
            own = self.codes[row]
            other = (self.codes != own) & (self.codes >= 0) & (own >= 0)
            self._differing.clear()  # it is as large as the codes
            self._differing[row] = other, other.sum(axis=1)
        return self._differing[row]

    @cached_property
    def _differing(self) -> dict[int, tuple[Mask, Integers]]:
        return {}

    def position(self, name: str) -> Floats:
        """Place of each level on the setting's scale, in [0, 1], shape (levels,)."""
        if name not in self._positions:
            self._positions[name] = places(self.scales[name], self.levels[name])
        return self._positions[name]

    def axis(self, name: str, mask: Mask) -> tuple[Domain, Floats]:
        """Scale of a setting among masked configurations and the place of each level on it (NaN if unused).

        Where its range differs between branches the scale is that of the ranges inside the mask.
        """
        numbers = np.unique(self.domain[mask & (self.column(name) >= 0), self.names.index(name)])
        if len(numbers) in {0, len(self.domains[name])}:
            return self.scales[name], self.position(name)
        used = np.unique(self.column(name)[mask])
        levels = [self.levels[name][code] for code in used.tolist() if code >= 0]
        scale = common_scale([self.domains[name][number] for number in numbers.tolist()], levels)
        position = np.full(len(self.levels[name]), np.nan)
        position[used[used >= 0]] = places(scale, levels)
        return scale, position

    def branches(self) -> list[tuple[str, Mask]]:
        """The whole plan, then each optimizer, as names and masks over configurations; none without any."""
        found = [(ALL, np.ones(len(self.codes), dtype=bool))] if len(self.codes) else []
        if self.branch in self.names:
            column = self.column(self.branch)
            found += [
                (label(self.branch, value), column == code)
                for code, value in enumerate(self.levels[self.branch])
                if (column == code).any()
            ]
        return found

    def varied(self, mask: Mask) -> Iterator[str]:
        """Settings with more than one level among the masked configurations, one after the other."""
        rows = np.flatnonzero(mask)
        for at, name in enumerate(self.names):
            column = self.codes[rows, at]
            if len(column) and column.min() < column.max() and (column >= 0).sum() > 1:
                yield name


def responses(study: Study) -> Responses:
    """Collect the plan's trials (all where there is no plan), once per study.

    Rows without a finite response are left out. The space gives the prior.
    """
    return study.once(_responses)


def _responses(study: Study) -> Responses:
    found = without_noise(study)
    return replace(found, **deviations(study, found.block))


def without_noise(study: Study) -> Responses:
    """The same, nothing being asked about how responses scatter: for numbers that do not."""
    response = study.plan[VALUE].to_numpy(dtype=np.float64, na_value=np.nan)
    rows = np.flatnonzero(np.isfinite(response))
    _, first, group = np.unique(study.configuration[rows], return_index=True, return_inverse=True)
    axes, first = list(study.axes.values()), rows[first]
    observed = by_configuration(response[rows], study.plan[REPLICATE].to_numpy()[rows], group)
    diverged = np.bincount(group, study.plan[OUTCOME].to_numpy()[rows] == DIVERGED, len(first))
    highest = observed.max(initial=-np.inf, where=np.isfinite(observed))
    block = shared_shift(observed, (observed == highest).any(axis=1))
    none = np.zeros((len(first), 0), dtype=np.int64)
    return Responses(
        names=tuple(axis.name for axis in axes),
        scales={axis.name: axis.scale for axis in axes},
        domains={axis.name: axis.domains for axis in axes},
        domain=np.column_stack([none, *(axis.domain[first] for axis in axes)]),
        levels={axis.name: axis.tried for axis in axes},
        codes=np.column_stack([none, *(axis.code[first] for axis in axes)]),
        observed=observed,
        block=block,
        diverged=np.column_stack([diverged, np.bincount(group, minlength=len(first))]).astype(np.float64),
        weights=_weights(axes, first),
        space=study.space,
        rate=study.rate,
        branch=study.branch,
    )


def _weights(axes: Sequence[Axis], first: Integers) -> Floats:
    """Prior weight of each configuration: Π 1/levels in a grid, equal where a domain has no levels."""
    weights = np.ones(len(first))
    for axis in axes:
        for number, domain in enumerate(axis.domains):
            if not isinstance(domain, Choices) and not domain.levels:
                return np.full(len(first), 1 / max(len(first), 1))
            weights[axis.domain[first] == number] /= len(domain.level_values())
    weights /= max(weights.sum(), 1e-300)
    return weights
