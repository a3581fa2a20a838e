"""Exact decomposition of a balanced, replicated factorial: every share with its interval.

"Exact" means: no surrogate and no sampling error of the grid. With the orthogonal parts of the cell means
(one array for all branches, `sensitivity.estimators.cells`)

    Σ main + Σ interactions of every order + noise = 1        (shares of V_y = V + σ²)

to rounding, where ``higher orders`` is the row of all interactions of three and more settings, and

    V_y = Σ_b weight_b · V_y,b + Var(branch means),  so  between + Σ_b weight_b · V_y,b / V_y = 1.

Columns: `sensitivity.estimators.effects`. Shares are about *this* grid: double the range of the learning rate
and its share grows.

Verdicts. A setting is above the noise when Box's test of its main effect or of all its terms together
rejects: twice the smaller p (a main effect of few degrees of freedom drowns in the thousands of all
interactions, and the reverse), then Holm over settings, 5 %. That is the verdict of the row ``total``. A main
effect or an interaction is above the noise when its own test (Holm over its kind) *and* its settings are, so
that a branch without any effect has a wrong judgement of whatever kind in at most one sweep in twenty.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import scipy

from sensitivity.branch import label
from sensitivity.estimators import effects as e
from sensitivity.estimators import forms, noise
from sensitivity.estimators.cells import cell_table
from sensitivity.estimators.intervals import ends
from sensitivity.estimators.shares import (
    corrected_shares,
    in_worlds,
    intervals_and_tests,
    least_shares,
    scores,
    widest,
    with_totals,
)
from sensitivity.estimators.significance import holm
from sensitivity.remarks import Judgement, Remarks
from sweeps.space import Choices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.arrays import Floats
    from sensitivity.estimators.cells import CellTable
    from sensitivity.estimators.intervals import Score
    from sensitivity.estimators.projections import FactorialProjection
    from sensitivity.estimators.shares import Shared
    from sensitivity.remarks import Remark, Said
    from sensitivity.study import Study
    from sweeps.space import Setting, Space


# Contrasts of three and more settings see how deviations differ from any product of correlations along axes:
# by 40 replicates of digits their intervals have to be so much wider.
_FINE: Final = 1.8


def exact_decomposition(study: Study, *, branches: bool = True) -> pd.DataFrame | None:
    """Decompose the variance of a balanced factorial; None where the plan is not one.

    Parameters
    ----------
    study
        Its plan; trials that are missing, or have no finite value, are filled while they are few.
    branches
        Also inside each optimizer, or, in a space without one, inside each level of the setting of names (or
        of true and false) with the largest total effect.

    Returns
    -------
    DataFrame with the columns of `sensitivity.estimators.effects`, or None
        Branch ``all`` first: main, total, interactions in the order of the space, noise, between, replicate.
        With one replicate the noise is that of `sensitivity.estimators.unreplicated`; without any, shares
        stand as they are, the noise in them, without intervals.
    """
    cells = cell_table(study)
    if cells is None:
        return None
    whole = decomposition(cells, found=noise.factorial_noise(study))
    axis = _branching(cells, study.space, whole, study.branch) if branches else None
    if axis is None:
        return whole
    name = cells.names[axis]
    between = whole[(whole[e.KIND] == e.MAIN) & (whole[e.SETTING] == name)].assign(**{e.KIND: e.BETWEEN})
    parts = [whole, between]
    for position, level in enumerate(_levels(cells, axis)):
        inside = cells.branch(axis, position)
        if inside.names:
            parts.append(decomposition(inside, label(name, level)))
    return pd.concat(parts, ignore_index=True)


def decomposition(table: CellTable, branch: str = e.ALL, found: noise.Noise | None = None) -> pd.DataFrame:
    """Decompose one table: main, total, interactions, noise, replicate; ``found`` is its noise if known."""
    terms = _terms(table.names)
    found, smallest = found or noise.estimate(table), _smallest(table)
    signs = [term.signs for term in terms]
    parts, share, whole = corrected_shares(table, signs, found)
    if whole <= smallest:
        return e.unknown(table.names, e.NO_DIFFERENCE if _differ(table) else e.CONSTANT, branch)
    low, high, p = intervals_and_tests(table, signs, found, (parts, share, whole), smallest)
    for place in (place for place, term in enumerate(terms) if term.setting == e.HIGHER):
        low[place], high[place] = share[place] + _FINE * (np.array([low[place], high[place]]) - share[place])
    share, low, high = (with_totals(numbers, len(table.names)) for numbers in (share, low, high))
    why = e.NO_REPLICATES if found.known or not found.source else found.source
    judgements = _judged(table, terms, p, parts.diagonal.sum(axis=1) > 1e-12, why)
    if found.quiet:  # a test that is not sure in every world does not rule out 0, one that is does
        for place, (judgement, _) in enumerate(judgements):
            low[place] = low[place] if judgement == Judgement.ABOVE else min(low[place], 0.0)
        sure = [place for place, (one, _) in enumerate(judgements) if one == Judgement.ABOVE]
        unseen = [place for place in sure if low[place] <= 0]
        for place, end in least_shares(table, signs, found, (parts, share, whole), unseen).items():
            low[place] = min(end, share[place])
            judgements[place] = Judgement.ABOVE, Remarks(e.SHARE_OPEN, *judgements[place][1])
        low = with_totals(low, len(table.names))
    rows: list[e.Row] = [
        (branch, term.kind, term.setting, *numbers, *judged)
        for term, *numbers, judged in zip(terms, share, low, high, judgements, strict=False)
    ]
    noise_share = share[-1] if found.known else np.nan
    rows.append((branch, e.NOISE, e.SEED_ROW, noise_share, low[-1], high[-1], None, _where(table, found)))
    few = e.TWO_REPLICATES if found.replicates == 2 else None
    unknown = Remarks(few if found.replicated else why)
    rows.append((branch, e.REPLICATE_KIND, e.REPLICATE_ROW, *_replicate(table, found, whole), None, unknown))
    return e.table(rows)


def main_and_total(projection: FactorialProjection, responses: Floats) -> Floats:
    """Share, low and high of the main effects, of the totals and of the noise, for K responses.

    The numbers of `decomposition` without its judgements; NaN where all responses are the same.

    Parameters
    ----------
    responses
        Of each trial of the plan, shape (trials, K).

    Returns
    -------
    Array, shape (2 settings + 1, 3, K)
    """
    terms = [term.signs for term in _effects(projection.names)]
    found = np.full((responses.shape[1], 3, len(terms) + 2), np.nan)
    of_place: list[int] = []
    pending: list[Score] = []
    owners: dict[int, tuple[noise.Noise, Shared]] = {}
    for place, response in enumerate(responses.T):
        table = replace(projection.table, response=response)
        seed = noise.estimate(table, projection.index)
        own = _, share, whole = corrected_shares(table, terms, seed)
        if whole > _smallest(table):
            found[place, 0, : None if seed.known else -1] = share[: None if seed.known else -1]
            if seed.together:
                owners[place] = seed, own
                pending += scores(table, in_worlds(table, terms, seed, own))
                of_place += [place] * (len(pending) - len(of_place))
    both = ends(pending) if pending else []
    for place, own_noise in owners.items():
        low, high = widest(*own_noise, [one for at, one in zip(of_place, both, strict=True) if at == place])
        numbers = [with_totals(one, len(projection.names)) for one in (found[place, 0], low, high)]
        found[place] = e.bounded(*numbers)
    return np.delete(found, -2, axis=2).transpose(2, 1, 0)


def _smallest(table: CellTable) -> float:
    """Below this, a variance is rounding."""
    return float(1e-24 * np.mean(np.square(table.values)))


def _differ(table: CellTable) -> bool:
    """Whether trials gave different values, rounding aside."""
    return float(np.nanvar(table.values)) > _smallest(table)


def _where(table: CellTable, found: noise.Noise) -> Remarks:
    """Where the noise lives: the fewest configurations that hold four fifths of it; else where it is from."""
    if not found.replicated:
        return Remarks(found.source or e.NO_REPLICATES)
    parts = np.sort(table.weights * np.maximum(found.local, 0))[::-1]
    count = int(np.searchsorted(np.cumsum(parts), 0.8 * parts.sum())) + 1
    return Remarks(e.CONCENTRATED(count, len(parts)) if parts.sum() > 0 else e.NO_NOISE)


def _effects(names: Sequence[str]) -> list[forms.Term]:
    axes = range(len(names))
    main = [forms.Term(e.MAIN, names[axis], forms.pure([axis]), (axis,)) for axis in axes]
    return main + [forms.Term(e.TOTAL, names[axis], forms.total(axis, len(names)), (axis,)) for axis in axes]


def _terms(names: Sequence[str]) -> list[forms.Term]:
    terms = _effects(names)
    terms += [
        forms.Term(e.INTERACTION, e.pair(names[i], names[j]), forms.pure([i, j]), (i, j))
        for i, j in itertools.combinations(range(len(names)), 2)
    ]
    if len(names) > 2:
        terms.append(forms.Term(e.INTERACTION, e.HIGHER, forms.beyond_pairs(len(names))))
    return terms


def _judged(
    table: CellTable, terms: Sequence[forms.Term], p: Floats, varies: Floats, why: Said | Remark
) -> list[e.Judged]:
    """Judgement of each term; p of the terms first in their order."""
    count = len(table.names)
    main, total, others = p[:count], p[count : 2 * count], p[2 * count : len(terms)]
    setting = holm(np.minimum(1, 2 * np.fmin(main, total)).tolist())
    own = [*holm(main.tolist()), *setting, *holm(others.tolist())]
    gates = [max(setting[axis] for axis in {a for u in term.signs for a in u}) for term in terms]
    found, by_position = [], table.by_position
    for place, term in enumerate(terms):
        gate = gates[place] if term.kind != e.TOTAL and term.setting != e.HIGHER else own[place]
        judgement, remarks = e.judged(max(own[place], gate), why)
        if not varies[place]:
            judgement, remarks = Judgement.UNKNOWN, Remarks(e.STILL)
        moved = any(table.names[axis] in by_position for axis in term.axes)
        found.append((judgement, Remarks(*remarks, e.BY_POSITION if moved else None)))
    return found


def _replicate(table: CellTable, found: noise.Noise, whole: float) -> tuple[float, float, float]:
    """Share of the replicate's block: R − 1 degrees of freedom, χ² interval.

    Two replicates have no interval: that of one degree of freedom ends a thousand times above its estimate.
    """
    df = found.replicates - 1
    if not found.replicated:
        return np.nan, np.nan, np.nan
    if df < 2:
        return found.replicate / whole, np.nan, np.nan
    seed = float(found.local.mean()) / len(table.values)
    sum_of_squares = (found.replicate + seed) * df
    low, high = sum_of_squares / scipy.stats.chi2.ppf([0.975, 0.025], df) - seed
    return found.replicate / whole, float(low) / whole, float(high) / whole


def _branching(table: CellTable, space: Space, whole: pd.DataFrame, by: str) -> int | None:
    """Axis that makes the branches, if any: always active, of several levels."""
    active = [
        axis
        for axis, name in enumerate(table.names)
        if table.sizes[axis] > 1 and (table.length[:, axis] == 1).all()
        if all(name in configuration for configuration in table.configurations)
    ]
    if by in (table.names[axis] for axis in active):
        return table.names.index(by)
    totals = whole[whole[e.KIND] == e.TOTAL].set_index(e.SETTING)[e.SHARE].fillna(-np.inf)
    settings = {setting.name: setting for setting in space.settings}
    named = [axis for axis in active if _is_named(settings[table.names[axis]])]
    return max(named, key=lambda axis: totals[table.names[axis]], default=None)


def _is_named(setting: Setting) -> bool:
    """Whether the values are names, or true and false, not numbers."""
    domains = [variant.domain for variant in setting.variants]
    return all(
        isinstance(domain, Choices) and all(isinstance(value, str | bool) for value in domain.level_values())
        for domain in domains
    )


def _levels(table: CellTable, axis: int) -> list[object]:
    """Values along an axis in their order."""
    rows = [int(np.flatnonzero(table.start[:, axis] == position)[0]) for position in range(table.sizes[axis])]
    return [table.configurations[row][table.names[axis]] for row in rows]
