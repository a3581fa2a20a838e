"""The plan's responses as configurations × replicates, and draws of what other seeds would have given.

Every practical measure (tolerance, moving optimum, tunability) asks for minima over configurations: "the best
that can be reached at this learning rate". This module holds what they share: which configuration has which
level, its mean over replicates, and draws of those means.

The replicate's block (split and seed) is taken off first as far as it moves all values alike, which no
comparison sees (`shared_shift`). The rest is the noise ε of the seed, far larger near the edge of divergence
than at the bottom of the bowl. A cell of two replicates has one degree of freedom, so its variance is pooled
over configurations with nearly the same mean (`local_sd`).

Draws are a parametric bootstrap, normal with variance 1/R_c on the scale g(m) = ∫ dm/σ(m) that makes it
constant, independent between configurations. On the plain scale a configuration that diverges every
other time, 0.47 ± 0.6, would now and then be drawn as better than the best. Noise that neighbouring
configurations share would cancel in comparisons, so the draws err on the wide side.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sensitivity.axis import key
from sensitivity.branch import label
from sensitivity.estimators.curves.local_noise import by_configuration, local_sd, shared_shift, stabilised
from sensitivity.estimators.curves.scales import common_scale, place
from sensitivity.trials import DIVERGED, OUTCOME, REPLICATE, VALUE, planned
from sweeps.space import Choices

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from sensitivity.arrays import Floats, Integers
    from sensitivity.study import Study
    from sweeps.space import Domain, Setting, Space, Value

    Mask = npt.NDArray[np.bool_]  # over configurations, shape (C,)

ALL: Final = "all"
OPTIMIZER: Final = "optimizer"
DRAWS: Final = 200
FEW: Final = 20


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
    rate: str = "learning_rate"
    branch: str = OPTIMIZER

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
        return means

    @cached_property
    def counts(self) -> Integers:
        """Replicates of each configuration, shape (C,)."""
        counts: Integers = np.isfinite(self.observed).sum(axis=1)
        return counts

    @cached_property
    def sd(self) -> Floats:
        """Standard deviation of one trial of each configuration, shape (C,); NaN without replicates."""
        return local_sd(self.by_replicate)

    @cached_property
    def draws(self) -> Floats:
        """Means as other seeds might have given them, shape (draws, C); no rows without replicates.

        Always the same numbers for the same trials. No draw exceeds the largest response: the cap.
        """
        if not len(self.means) or np.isnan(self.sd).any():
            return np.empty((0, len(self.means)))
        noise = np.random.default_rng(0).standard_normal((DRAWS, len(self.means))) / np.sqrt(self.counts)
        return np.minimum(stabilised(self.means, self.sd, noise), np.nanmax(self.by_replicate))

    def column(self, name: str) -> Integers:
        """Level of one setting in each configuration, shape (C,)."""
        return self.codes[:, self.names.index(name)]

    @cached_property
    def _positions(self) -> dict[str, Floats]:
        return {
            name: np.array([place(self.scales[name], value) for value in self.levels[name]])
            for name in self.names
        }

    @cached_property
    def keys(self) -> dict[str, list[object]]:
        """Levels of each setting as they compare."""
        return {name: [key(value) for value in self.levels[name]] for name in self.names}

    def position(self, name: str) -> Floats:
        """Place of each level on the setting's scale, in [0, 1], shape (levels,)."""
        return self._positions[name]

    def axis(self, name: str, mask: Mask) -> tuple[Domain, Floats]:
        """Scale of a setting among masked configurations and the place of each level on it (NaN if unused).

        Where its range differs between branches and the mask is inside one, the scale is that branch's own.
        """
        numbers = np.unique(self.domain[mask & (self.column(name) >= 0), self.names.index(name)])
        if len(numbers) != 1 or len(self.domains[name]) == 1:
            return self.scales[name], self.position(name)
        used = np.unique(self.column(name)[mask])
        levels = [self.levels[name][code] for code in used.tolist() if code >= 0]
        scale = common_scale([self.domains[name][int(numbers[0])]], levels)
        position = np.full(len(self.levels[name]), np.nan)
        position[used[used >= 0]] = [place(scale, level) for level in levels]
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

    def varied(self, mask: Mask) -> list[str]:
        """Settings with more than one level among the masked configurations."""
        return [
            name
            for name in self.names
            if len(np.unique(column := self.column(name)[mask])) > 1 and (column >= 0).sum() > 1
        ]


def responses(study: Study) -> Responses:
    """Collect the plan's trials (all where there is no plan), once per study.

    Rows without a finite response are left out. The space gives the prior.
    """
    return study.once(_responses)


def _responses(study: Study) -> Responses:
    plan = planned(study.trials)
    plan = plan[np.isfinite(plan[VALUE].to_numpy(dtype=np.float64, na_value=np.nan))]
    return replace(_collected(plan, study.space, VALUE), rate=study.rate, branch=study.branch)


def _collected(plan: pd.DataFrame, space: Space, value: str) -> Responses:
    settings = [setting for setting in space.settings if setting.name in plan.columns]
    columns = [coded(plan[setting.name]) for setting in settings]
    codes = np.column_stack([code for code, _ in columns] or [np.zeros(len(plan), dtype=np.int64)])
    group = configurations_of(codes, plan[REPLICATE].to_numpy())
    _, first = np.unique(group, return_index=True)
    rows, shape = plan.iloc[first], (len(first), len(settings))
    tables = [_table(s, space, rows, values) for s, (_, values) in zip(settings, columns, strict=True)]
    observed = by_configuration(plan[value].to_numpy(dtype=np.float64), plan[REPLICATE].to_numpy(), group)
    diverged = np.bincount(group, plan[OUTCOME].to_numpy() == DIVERGED, len(first))
    highest = observed.max(initial=-np.inf, where=np.isfinite(observed))
    return Responses(
        names=tuple(setting.name for setting in settings),
        scales={s.name: t.scale for s, t in zip(settings, tables, strict=True)},
        domains={s.name: t.domains for s, t in zip(settings, tables, strict=True)},
        domain=np.array([t.domain for t in tables], dtype=np.int64).reshape(shape[::-1]).T,
        levels={s.name: t.levels for s, t in zip(settings, tables, strict=True)},
        codes=np.array([t.order[c[first]] for t, (c, _) in zip(tables, columns, strict=True)], dtype=np.int64)
        .reshape(shape[::-1])
        .T,
        observed=observed,
        block=shared_shift(observed, (observed == highest).any(axis=1)),
        diverged=np.column_stack([diverged, np.bincount(group, minlength=len(first))]).astype(np.float64),
        weights=_weights(tables, len(first)),
    )


@dataclass(frozen=True)
class _Table:
    """One setting's part of `Responses`; ``order`` maps codes by first appearance to places of the scale."""

    scale: Domain
    domains: tuple[Domain, ...]
    domain: Integers
    levels: tuple[Value, ...]
    order: Integers


def coded(column: pd.Series) -> tuple[Integers, list[Value]]:
    """Number each entry by the first appearance of its value (−1: missing); the values by number."""
    codes, values = pd.factorize(column)
    return codes.astype(np.int64), list(values.tolist())


def configurations_of(codes: Integers, replicate: Integers) -> Integers:
    """Configuration of each trial; what a random plan draws again within one replicate counts as another."""
    cells = pd.DataFrame(codes)
    cell = cells.groupby(list(cells.columns), sort=False).ngroup()
    draw = pd.DataFrame({"cell": cell, "replicate": replicate}).groupby(["cell", "replicate"]).cumcount()
    pairs = pd.DataFrame({"cell": cell, "draw": draw})
    return np.array(pairs.groupby(["cell", "draw"], sort=False).ngroup(), dtype=np.int64)


def _table(setting: Setting, space: Space, rows: pd.DataFrame, values: Sequence[Value]) -> _Table:
    """Domains, levels and their order; rows are the first trials of the configurations."""
    parents = sorted(setting.parents & set(rows.columns))
    branch = (
        rows.groupby(parents, dropna=False, sort=False).ngroup().to_numpy()
        if parents
        else np.zeros(len(rows), dtype=np.int64)
    )
    domains: list[Domain] = []
    number = np.full(len(rows), -1, dtype=np.int64)
    for part in range(int(branch.max(initial=-1)) + 1):
        row = rows.iloc[int(np.argmax(branch == part))]
        known = {name: row[name] for name in parents if key(row[name]) is not None}
        domain = setting.domain({**space.fixed, **known})
        if domain is not None and domain not in domains:
            domains.append(domain)
        number[branch == part] = -1 if domain is None else domains.index(domain)
    number[rows[setting.name].isna().to_numpy(dtype=bool)] = -1
    scale = common_scale(domains, values)
    places = np.array([place(scale, item) for item in values])
    ranks = np.argsort(np.argsort(places, kind="stable"), kind="stable")
    levels = tuple(values[index] for index in np.argsort(places, kind="stable").tolist())
    return _Table(scale, tuple(domains), number, levels, np.append(ranks, -1).astype(np.int64))


def _weights(tables: Sequence[_Table], size: int) -> Floats:
    """Prior weight of each configuration: Π 1/levels in a grid, equal where a domain has no levels."""
    weights = np.ones(size)
    for table in tables:
        for number, domain in enumerate(table.domains):
            if not isinstance(domain, Choices) and not domain.levels:
                return np.full(size, 1 / max(size, 1))
            weights[table.domain == number] /= len(domain.level_values())
    weights /= max(weights.sum(), 1e-300)
    return weights
