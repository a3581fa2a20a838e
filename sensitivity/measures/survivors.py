"""What changes in the ranking when diverged trials are left out in place of counting as the cap.

What survives is no product of ranges any more: a large learning rate survives only with some optimizers, so
among the survivors the settings depend on each other. Their shares are therefore **not Sobol' indices**: they
do not add up, a first-order share may exceed the total one, and they are about the trials that happened to
survive. They are the two indices for dependent inputs of Kucherenko, Tarantola & Annoni (2012, eq. 2.3, 2.8),

    S_i = Var(E[y | x_i]) / Var(y)        T_i = E[Var(y | all others)] / Var(y),

over the distribution of the surviving trials, noise of the seed taken off as elsewhere. T_i needs
configurations that differ in setting i alone, which a factorial has; elsewhere S_i by bins is all there is.
Without a diverged trial both are the Sobol' indices.

Shares among the survivors have no interval: with other seeds other trials survive, and an interval that takes
these for given covered a sweep with new seeds in 69 to 92 % of the cases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from sensitivity.estimators.branches import BY_BINS, BinnedProjection, branches
from sensitivity.estimators.effects import BRANCH, KIND, MAIN, SETTING, TOTAL
from sensitivity.estimators.noise import unbiased
from sensitivity.estimators.projections import FactorialProjection
from sensitivity.measures import measure as m
from sensitivity.measures.variance import known_shares
from sensitivity.remarks import REMARKS, Remark, Remarks, cells
from sensitivity.trials import DIVERGED, OUTCOME, VALUE

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from sensitivity.arrays import Floats, Integers
    from sensitivity.estimators.branches import Branch
    from sensitivity.estimators.subsets import Booleans
    from sensitivity.remarks import Said
    from sensitivity.study import Study

CAPPED: Final = "capped"  # prefix of the columns of the ranking with diverged trials at the cap
SURVIVORS_MAIN_SHARE: Final = "survivors_main_share"
SURVIVORS: Final = "survivors"  # their number, and prefix of the columns of their ranking
NONE_DIVERGED: Final = Remark("none_diverged", message="none_diverged-survivors")
TOO_FEW: Final = Remark("too_few_survived", (",", ","))
SAME_RANK: Final = Remark("same_rank", message="same_rank-survivors")
RISES: Final = Remark("rises")
FALLS: Final = Remark("falls")
NO_SOBOL: Final = Remark("no_sobol_index")
COLUMNS: Final = (
    m.BRANCH_COLUMN,
    m.Column(SETTING, "Name of the setting."),
    m.Column(KIND, "``total`` or ``main``: by which index both rankings are made."),
    *m.ranked(
        CAPPED,
        "Share with diverged trials at the cap, as in the variance decomposition: a Sobol' index.",
        "share-diverged-at-the-cap",
    ),
    *m.ranked(
        SURVIVORS,
        "Share among the survivors: no Sobol' index. Its interval is empty but where every trial survived.",
        "share-survivors-only",
    ),
    m.hidden(SURVIVORS_MAIN_SHARE, "S_i among the survivors, also where the ranking is by T_i.", m.SHARE),
    m.hidden(SURVIVORS, "Number of surviving trials in the branch.", m.COUNT),
    m.REMARKS_COLUMN,
    m.VERDICT_COLUMN,
)


def capped_and_survivors(study: Study) -> pd.DataFrame:
    """Ranking with diverged trials at the cap, beside the ranking among the survivors.

    One row per branch and setting.
    """
    plan = study.scaled.plan
    response = plan[VALUE].to_numpy(dtype=np.float64)
    survived = (plan[OUTCOME] != DIVERGED).to_numpy()
    parts = [_of_branch(study, branch, response, survived) for branch in branches(study)]
    return pd.concat(parts, ignore_index=True)


def _of_branch(study: Study, branch: Branch, response: Floats, survived: Booleans) -> pd.DataFrame:
    kind, names = TOTAL if branch.exact else MAIN, branch.projection.names
    capped = known_shares(study, branch.label, kind, names)
    if survived[branch.rows].all():
        main, left = known_shares(study, branch.label, MAIN, names)[0], capped
    else:
        main, ranked = _shares(branch.projection, response, survived)
        left = (ranked, *np.full((2, len(names)), np.nan))
    table = pd.DataFrame(
        {
            BRANCH: branch.label,
            SETTING: list(names),
            KIND: kind,
            **m.ranked_shares(CAPPED, *capped),
            **m.ranked_shares(SURVIVORS, *left),
            SURVIVORS_MAIN_SHARE: main,
            SURVIVORS: int(survived[branch.rows].sum()),
        }
    )
    remarks = cells(_remarks(row, len(branch.rows), branch) for row in table.to_dict("records"))
    return table.assign(**{REMARKS: remarks})[m.names(COLUMNS)]


def _remarks(row: Mapping[Hashable, Any], trials: int, branch: Branch) -> Remarks:
    return Remarks(*_compared(row, trials, branch), None if branch.exact else BY_BINS)


def _compared(row: Mapping[Hashable, Any], trials: int, branch: Branch) -> Sequence[Said | Remark]:
    """How the rank changes, or why that cannot be said."""
    before, after, count = row["capped_rank"], row["survivors_rank"], int(row[SURVIVORS])
    if count == trials and trials:
        return [NONE_DIVERGED]
    if pd.isna(before) or pd.isna(after):
        remark = branch.remark(str(row[SETTING])) if branch.exact else None
        return [remark or TOO_FEW(count, trials)]
    if before == after:
        return [SAME_RANK(before), NO_SOBOL]
    return [(RISES if after < before else FALLS)(before, after), NO_SOBOL]


def _shares(
    projection: FactorialProjection | BinnedProjection, response: Floats, survived: Booleans
) -> tuple[Floats, Floats]:
    """S_i over the surviving trials, by bins in a plan that is no factorial, and what ranks there."""
    if isinstance(projection, FactorialProjection):
        return survivor_shares(projection, response, survived)
    main = projection.part(survived[projection.rows]).shares(response[:, None]).main[:, 0]
    return main, main


def survivor_shares(
    projection: FactorialProjection, response: Floats, survived: Booleans
) -> tuple[Floats, Floats]:
    """S_i and T_i over the surviving trials of a factorial, shape (settings,).

    A configuration weighs as much as its share of surviving replicates; an optimizer without β as much as
    the others. NaN where fewer than two configurations survive, or all survivors agree.
    """
    table = projection.table
    alive: Booleans = survived[projection.rows]
    counts = alive.sum(axis=1)
    result = np.full((2, len(table.names)), np.nan)
    if (counts > 0).sum() < 2:
        return result[0], result[1]
    mean, noise = _surviving_means(response[projection.rows], alive)
    weights = table.weights * counts
    survivors = _Survivors(projection, mean, noise, weights / weights.sum(), np.maximum(counts, 1))
    whole = survivors.closed(table.axes)
    if whole + weights @ noise <= 1e-24 * float(np.mean(mean**2)):
        return result[0], result[1]
    for axis in table.axes:
        others = [other for other in table.axes if other != axis]
        result[0, axis] = survivors.share(survivors.closed([axis]), whole)
        result[1, axis] = survivors.share(whole - survivors.closed(others), whole)
    return result[0], result[1]


def _surviving_means(values: Floats, alive: Booleans) -> tuple[Floats, Floats]:
    """Mean of each configuration over its survivors, the replicate's block taken off, and σ_c², (C,).

    The block is the mean over the configurations that survive in every replicate. σ_c² is a configuration's
    own where two of its replicates survive, otherwise the mean of these; zero without any.
    """
    counts = alive.sum(axis=1)
    always = counts == values.shape[1]
    block = values[always].mean(axis=0) - values[always].mean() if always.any() else 0.0
    kept = np.where(alive, values - block, 0.0)
    mean = kept.sum(axis=1) / np.maximum(counts, 1)
    square = np.where(alive, (kept - mean[:, None]) ** 2, 0.0).sum(axis=1)
    pairs = counts > 1
    spread, number = square[pairs] / (counts[pairs] - 1), int(pairs.sum())
    pooled = float(spread.sum() / (number - 1)) if number > 1 else 0.0
    noise = np.full(len(counts), pooled)
    noise[pairs] = unbiased(spread) if number > 1 else pooled
    return mean - mean[counts > 0].mean(), noise


class _Survivors:
    """Closed variances over the positions of the array, each weighed with its configuration's survival."""

    def __init__(
        self, projection: FactorialProjection, mean: Floats, noise: Floats, weights: Floats, counts: Integers
    ) -> None:
        self.table, self.index, self.noise = projection.table, projection.index, noise
        self.collect, self.weights, self.counts = projection.collect, weights, counts
        cover = np.bincount(self.index.ravel(), minlength=len(weights))
        self.at = (weights / np.maximum(cover, 1))[self.index]  # weight of each position, sum 1
        self.response = mean[self.index]

    def closed(self, axes: Sequence[int]) -> float:
        """Σ_x W(x) (m(x) − m)² over the positions x of ``axes``, less its noise.

        The noise adds Σ_c (σ_c² / s_c) [Σ_x w_c(x)² / W(x) − w_c²].
        """
        rest = tuple(axis for axis in self.table.axes if axis not in axes)
        weight = self.at.sum(axis=rest, keepdims=True)
        total = (self.at * self.response).sum(axis=rest, keepdims=True)
        mean = np.divide(total, weight, out=np.zeros_like(total), where=weight > 0)
        mean = mean - total.sum()
        inverse = np.divide(1.0, weight, out=np.zeros_like(weight), where=weight > 0)
        covered = np.prod(self.table.length[:, list(rest)], axis=1)
        own = self._summed(self.at) / np.prod(self.table.length, axis=1) * covered  # w_c(x), same at each x
        added = own**2 * self._summed(np.broadcast_to(inverse, self.at.shape)) / covered - self.weights**2
        return float((weight * mean**2).sum() - added / self.counts @ self.noise)

    def share(self, part: float, whole: float) -> float:
        """Share of V_y; NaN where that is not positive."""
        v_y = whole + float(self.weights @ self.noise)
        return part / v_y if v_y > 0 else np.nan

    def _summed(self, array: Floats) -> Floats:
        found: Floats = self.collect @ array.ravel()
        return found


TABLE: Final = m.Table(
    "capped_and_survivors",
    COLUMNS,
    capped_and_survivors,
    m.WHOLE,
)
