"""The plan as a whole and inside each optimizer, each with the estimator of shares that its design allows.

A *branch* is "all", or "optimizer=adam". A balanced replicated factorial gets the exact projections of
`sensitivity.estimators.projections`; everything else main effects by the levels of `sensitivity.axis` (totals
are NaN), with standard errors from the influence function: configurations are then a sample.

Replicates of a configuration are not independent, so they are averaged first and the *configuration* is the
unit: n of them. The noise of a mean is part of the spread within levels, so the bias correction takes it off
as well. The estimate is unbiased for independent draws from the prior. Sobol points fill every bin so evenly
that too much is taken off: a share S reads low by up to (1 − S) (k − 1) / n. An adaptive sampler or a plan
cut short does not have the prior's weights; then shares are about the trials at hand.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.branch import label
from sensitivity.coding import key
from sensitivity.estimators.effects import ALL, BY_POSITION
from sensitivity.estimators.projections import FactorialProjection, Shares, factorial_projection, inside
from sensitivity.estimators.two_way import two_way
from sensitivity.remarks import Remark
from sensitivity.trials import REPLICATE
from sweeps.space import Choices, Space

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sensitivity.arrays import Floats, Integers, Mask
    from sensitivity.axis import Axis
    from sensitivity.study import Study
    from sweeps.space import Value

FEWEST: Final = 20
PER_LEVEL: Final = 10  # configurations that a mean of a bin needs
BY_BINS: Final = Remark("by_bins")


@dataclass(frozen=True)
class BinnedProjection:
    """Main effects by levels of any response of a plan that is no balanced factorial.

    Attributes
    ----------
    names
        Settings, in the order of the shares.
    rows
        Row of the plan of each of the branch's trials, shape (n,).
    levels
        Level of each trial for each setting, −1 where inactive, shape (n, settings).
    configuration
        Configuration of each trial, from 0, shape (n,).
    replicate
        Replicate of each trial, from 0, shape (n,).
    """

    names: tuple[str, ...]
    rows: Integers
    levels: Integers
    configuration: Integers
    replicate: Integers

    @classmethod
    def of(cls, study: Study, rows: Integers, names: Sequence[str]) -> BinnedProjection:
        """Some of the plan's trials, and some of the settings.

        Bins are put together, neighbours with neighbours, until they hold ten configurations each.
        """
        configurations = len(np.unique(study.configuration[rows]))
        levels = []
        for axis in (study.axes[name] for name in names):
            together = math.ceil((axis.bins or 0) * PER_LEVEL / max(configurations, 1))
            levels.append(axis.relative_level[rows] // max(together, 1))
        replicate = np.unique(study.plan[REPLICATE].to_numpy()[rows], return_inverse=True)[1]
        return cls(
            tuple(names),
            rows,
            np.column_stack([np.zeros((len(rows), 0), dtype=np.int64), *levels]),
            np.unique(study.configuration[rows], return_inverse=True)[1].astype(np.int64),
            replicate.astype(np.int64),
        )

    def part(self, inside: Mask) -> BinnedProjection:
        """Some of the branch's trials, shape (n,)."""
        configuration = np.unique(self.configuration[inside], return_inverse=True)[1].astype(np.int64)
        replicate = np.unique(self.replicate[inside], return_inverse=True)[1].astype(np.int64)
        return BinnedProjection(self.names, self.rows[inside], self.levels[inside], configuration, replicate)

    @cached_property
    def bins(self) -> Integers:
        """Level of each configuration, shape (settings, C); −1 where inactive, or too few to tell."""
        first = np.unique(self.configuration, return_index=True)[1]
        found: Integers = self.levels[first].T
        return found if len(first) >= FEWEST else np.full_like(found, -1)

    def shares(self, response: Floats) -> Shares:
        """Effects on each response, shape (trials, K); see `FactorialProjection.shares`."""
        columns = response[self.rows]
        kinds = columns.shape[1]
        empty = np.full((len(self.names), kinds), np.nan)
        main, error, noise = empty.copy(), empty.copy(), np.full(kinds, np.nan)
        for kind in range(kinds if self.configuration.max(initial=-1) > 0 else 0):
            fit = two_way(columns[:, kind], self.configuration, self.replicate)
            mean, seed = fit.means, fit.seed
            whole = float(np.var(mean)) + float(np.nan_to_num(seed) * np.mean(1 - 1 / fit.counts))
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
    if levels < 1 or size < FEWEST or size - levels < 1:
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

    def axes(self, study: Study) -> list[Axis]:
        """Axes of the settings that the branch has, in the order of the space."""
        return [axis for name, axis in study.axes.items() if name in self.space.names]

    @cached_property
    def weights(self) -> Floats:
        """Weight of each of ``rows`` under the prior, shape (n,); their sum is 1.

        In a factorial an optimizer without β has fewer trials and the same weight as the others.
        """
        found = self.projection
        if isinstance(found, BinnedProjection):
            return np.full(len(self.rows), 1 / max(len(self.rows), 1))
        there = found.rows >= 0
        each = np.broadcast_to((found.table.weights / np.maximum(there.sum(axis=1), 1))[:, None], there.shape)
        weight = dict(zip(found.rows[there].tolist(), each[there].tolist(), strict=True))
        weights = np.array([weight[row] for row in self.rows.tolist()])
        return weights if there.all() else weights / weights.sum()

    @cached_property
    def _by_position(self) -> frozenset[str]:
        found = self.projection
        return frozenset() if isinstance(found, BinnedProjection) else found.table.by_position

    def remark(self, name: str) -> Remark | None:
        """What is to be said of a setting's share besides its size; None if nothing."""
        if not self.exact:
            return BY_BINS
        return BY_POSITION if name in self._by_position else None


def branches(study: Study) -> list[Branch]:
    """All first, then each optimizer in the order of the space; no optimizers where none is chosen from.

    ``rows`` of the branches, and what their projections take, are rows of the study's plan.
    """
    return study.laid_out(_branches)


def _branches(study: Study) -> list[Branch]:
    every = np.arange(len(study.plan))
    exact = factorial_projection(study) if len(every) else None
    whole = exact or BinnedProjection.of(study, every, list(study.axes))
    return [Branch(ALL, every, study.space, whole), *_by_optimizer(study, exact)]


def _by_optimizer(study: Study, exact: FactorialProjection | None) -> Iterator[Branch]:
    by = study.branch
    for level in _levels(study.space, by):
        axis = study.axes[by]
        number = axis.keys.index(key(level)) if key(level) in axis.keys else len(axis.keys)
        rows = np.flatnonzero(axis.code == number)
        below = branch_space(study.space, by, level)
        if exact:
            yield Branch(label(by, level), rows, below, inside(exact, by, level))
        elif len(rows):
            yield Branch(label(by, level), rows, below, BinnedProjection.of(study, rows, below.names))


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
