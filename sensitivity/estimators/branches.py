"""The plan as a whole and inside each optimizer, each with the estimator of shares that its design allows.

A *branch* is "all", or "optimizer=adam". A balanced replicated factorial gets the exact projections of
`sensitivity.estimators.projections`; everything else main effects by bins, as in
`sensitivity.estimators.binning` (totals are NaN), with standard errors from the influence function:
configurations are then a sample.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.axis import key
from sensitivity.branch import label
from sensitivity.estimators.binning import averaged, bin_count, bin_numbers, distinct_configurations
from sensitivity.estimators.effects import ALL, BY_POSITION
from sensitivity.estimators.levels import levels
from sensitivity.estimators.projections import FactorialProjection, Shares, factorial_projection, inside
from sensitivity.remarks import Remark
from sensitivity.trials import PHASE, REPLICATE, planned
from sweeps.space import Choices, Space

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from sensitivity.arrays import Floats, Integers
    from sensitivity.estimators.levels import Levels
    from sensitivity.study import Study
    from sweeps.space import Configuration, Value

BY: Final = "optimizer"
FEWEST: Final = 20
BY_BINS: Final = Remark("by_bins", "main effects by bins, another estimator than the ranking's")


@dataclass(frozen=True)
class BinnedProjection:
    """Main effects by bins of any response of a plan that is no balanced factorial.

    Attributes
    ----------
    rows
        Row of the trials table of each of the branch's trials, shape (n,).
    trials
        These rows of the table.
    space
        Space of the branch.
    """

    rows: Integers
    trials: pd.DataFrame
    space: Space

    @property
    def names(self) -> tuple[str, ...]:
        """Settings, in the order of the shares."""
        return tuple(self.space.names)

    @cached_property
    def grouped(self) -> tuple[list[Configuration], Integers]:
        """Distinct configurations, and each trial's."""
        if not len(self.trials):
            return [], np.zeros(0, dtype=np.int64)
        return distinct_configurations(self.trials, self.names)

    @cached_property
    def bins(self) -> list[Integers]:
        """Bin of each configuration for each setting; −1 where inactive, or too few to bin."""
        configurations = self.grouped[0]
        if len(configurations) < FEWEST:
            return [np.full(len(configurations), -1) for _ in self.names]
        return [bin_numbers(setting, self.space, configurations) for setting in self.space.settings]

    def shares(self, response: Floats) -> Shares:
        """Effects on each response, shape (trials, K); see `FactorialProjection.shares`."""
        columns = response[self.rows]
        group, kinds = self.grouped[1], columns.shape[1]
        empty = np.full((len(self.names), kinds), np.nan)
        main, error, noise = empty.copy(), empty.copy(), np.full(kinds, np.nan)
        for kind in range(kinds if len(self.grouped[0]) > 1 else 0):
            mean, counts, seed, _ = averaged(group, self.trials.assign(**{"": columns[:, kind]}), "")
            whole = float(np.var(mean)) + float(np.nan_to_num(seed) * np.mean(1 - 1 / counts))
            if whole <= 1e-24 * float(np.mean(mean**2)):
                continue
            noise[kind] = seed / whole
            for place, bins in enumerate(self.bins):
                main[place, kind], error[place, kind] = binned_share(mean, bins, whole)
        return Shares(main, empty, error, empty.copy(), noise)


def binned_share(mean: Floats, bins: Integers, whole: float) -> tuple[float, float]:
    """ε² of one setting and its standard error by the influence function.

    With m the mean of the bin, μ of all, over the share a of active configurations:
    V_i = a² [mean (m − μ)² − (k − 1) MSW / n], and configuration j moves it by
    a [2 (y − μ) (m − μ) − (m − μ)² − V_i / a²]; V_y by (y − μ)² − V_y. Where V_i = 0 that vanishes and the
    variance of ε² itself remains: 2 (k − 1) (MSW / n)².
    """
    active = bins >= 0
    _, group = np.unique(bins[active], return_inverse=True)
    counts, inside_ = np.bincount(group), mean[active]
    size, levels = len(inside_), len(counts)
    if levels < 1 or size - levels < 1 or bin_count(size) < 2:
        return math.nan, math.nan
    centred = inside_ - inside_.mean()
    level = (np.bincount(group, centred) / counts)[group]
    within = float(((centred - level) ** 2).sum()) / (size - levels)
    explained = float((level**2).mean()) - (levels - 1) * within / size
    share_active = float(active.mean())
    share = share_active**2 * explained / whole
    influence = -share * ((mean - mean.mean()) ** 2 - whole)
    influence[active] += share_active * (2 * centred * level - level**2 - explained)
    null = 2 * (levels - 1) * (share_active**2 * within / size) ** 2
    return share, math.sqrt(float(influence.var()) / len(mean) + null) / whole


@dataclass(frozen=True)
class Branch:
    """A part of the plan.

    Attributes
    ----------
    label
        "all" or "optimizer=adam".
    rows
        Rows of the plan's table that belong to it, shape (n,).
    space
        Its space.
    projection
        The estimator of shares.
    """

    label: str
    rows: Integers
    space: Space
    projection: FactorialProjection | BinnedProjection

    @property
    def exact(self) -> bool:
        """Whether the branch is a balanced factorial."""
        return isinstance(self.projection, FactorialProjection)

    @cached_property
    def weights(self) -> Floats:
        """Weight of each of ``rows`` under the prior, shape (n,); their sum is 1.

        In a factorial an optimizer without β has fewer trials and the same weight as the others.
        """
        found = self.projection
        if isinstance(found, BinnedProjection):
            return np.full(len(self.rows), 1 / max(len(self.rows), 1))
        weight = dict(
            zip(
                found.rows.ravel().tolist(),
                np.repeat(found.table.weights / found.table.replicates, found.table.replicates).tolist(),
                strict=True,
            )
        )
        return np.array([weight[row] for row in self.rows.tolist()])

    @cached_property
    def _by_position(self) -> frozenset[str]:
        found = self.projection
        return frozenset() if isinstance(found, BinnedProjection) else found.table.by_position

    def remark(self, name: str) -> Remark | None:
        """What is to be said of a setting's share besides its size; None if nothing."""
        if not self.exact:
            return BY_BINS
        return BY_POSITION if name in self._by_position else None


@dataclass(frozen=True)
class Layout:
    """Where each trial of the plan sits: everything about a plan that does not depend on its results.

    Attributes
    ----------
    plan
        Settings, replicate and phase of the plan's trials.
    space
        Space of the sweep.
    by
        Setting that makes the branches.
    """

    plan: pd.DataFrame
    space: Space
    by: str = BY

    @cached_property
    def branches(self) -> list[Branch]:
        """All first, then each optimizer in the order of the space; no optimizers where none is chosen from.

        ``rows`` of the branches, and what their projections take, are positions in the plan.
        """
        every = np.arange(len(self.plan))
        exact = factorial_projection(self.plan, self.space) if len(self.plan) else None
        whole = exact or BinnedProjection(every, self.plan, self.space)
        return [Branch(ALL, every, self.space, whole), *self._by_optimizer(exact)]

    def _by_optimizer(self, exact: FactorialProjection | None) -> Iterator[Branch]:
        levels_ = _levels(self.space, self.by)
        keys = np.array([key(value) for value in self.plan[self.by].tolist()]) if levels_ else np.zeros(0)
        for level in levels_:
            rows = np.flatnonzero(keys == key(level))
            below = branch_space(self.space, self.by, level)
            if exact:
                yield Branch(label(self.by, level), rows, below, inside(exact, self.by, level))
            elif len(rows):
                part = BinnedProjection(rows, self.plan.iloc[rows], below)
                yield Branch(label(self.by, level), rows, below, part)

    @cached_property
    def levels(self) -> list[Levels]:
        """Levels of every setting, in the order of the space."""
        return levels(self.plan, self.space)

    @cached_property
    def cluster(self) -> Integers:
        """Configuration of each trial, shape (trials,)."""
        if not len(self.plan):
            return np.zeros(0, dtype=np.int64)
        return distinct_configurations(self.plan, self.space.names)[1]


def laid_out(study: Study) -> tuple[pd.DataFrame, Layout]:
    """Rows of the plan (of all trials where there is none) and their layout, found once per study."""
    return study.once(_laid_out)


def _laid_out(study: Study) -> tuple[pd.DataFrame, Layout]:
    plan = planned(study.trials).reset_index(drop=True)
    return plan, Layout(plan[[*study.space.names, REPLICATE, PHASE]], study.space, study.branch)


def branches(study: Study) -> tuple[pd.DataFrame, list[Branch]]:
    """Plan's rows, and its branches: "all", then each optimizer."""
    plan, layout = laid_out(study)
    return plan, layout.branches


def branch_space(space: Space, by: str, level: Value) -> Space:
    """Space inside one branch: ``by`` held at ``level``, settings that are inactive there left out."""
    settings = [setting for setting in space.settings if setting.name != by]
    below = Space(settings, {**space.fixed, by: level})
    idle = set(below.never_active())
    return Space([setting for setting in settings if setting.name not in idle], below.fixed)


def _levels(space: Space, by: str) -> Sequence[Value]:
    setting = next((setting for setting in space.settings if setting.name == by), None)
    domain = None if setting is None else setting.domain(space.fixed)
    return domain.level_values() if isinstance(domain, Choices) and len(domain.level_values()) > 1 else ()
