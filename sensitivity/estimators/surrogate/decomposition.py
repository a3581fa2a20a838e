"""Variance decomposition by surrogate: Sobol, random, adaptive and other people's studies.

The cross-fitted one-step estimator of `sensitivity.estimators.surrogate.one_step` on the surrogate of largest
cross-validated q² (polynomial chaos, Gaussian process, ExtraTrees, gradient boosting, a blend of two),
integrated over the prior and never over the sample: log settings on their log scale, inactive settings by
latent completion.
Of more than `screening.MOST_AXES` settings those are learned from that matter most; of the others the main
effect is estimated from the residuals, and no row has their interactions, which are lack of fit.
Of more than `placed.MOST_DRAWS` configurations a random sample of that size is used; the Gaussian process
learns from at most 2,000 of a fold, its kernel from at most 400.

Columns: `sensitivity.estimators.effects`. What is special here:

branch
    Branches are the levels of the setting "optimizer", otherwise of the categorical setting with the
    largest total effect, if it is active everywhere. The share that lies between branches, τ², is the main
    effect of the branch setting; it stands again in the row of kind ``between``.
share
    main + interactions + noise + lack of fit = 1, where lack of fit is U = (mean squared cross-validation
    error − σ²) / V_y. What a surrogate misses of main effects and pairs is estimated from its residuals
    (`missed`) and moved from there to them; to totals goes the part of all lack of fit that a Gaussian
    process does not know of them (`unknown`).
low, high
    Ends of the 95 % interval: share ± 1.96 √(influence-function error² + spread between folds²).
    Effects can only be too small where the surrogate fits badly, so upper ends are moved up: of main effects
    by the most that residuals allow, of totals and interactions by the lack of fit (without replicates, by
    half of what looks like noise too). No end is nearer than a thousandth. Under an adaptive sampler both
    ends of every row are moved by U + ½ √(S U), S the share and U the share of the prior variance that the
    surrogate may miss (`sensitivity.estimators.surrogate.coverage`): an error δ of the surrogate moves an
    effect m by 2⟨m, δ⟩ + ‖δ‖².
judgement
    Above the noise of the seed when q² exceeds twice its standard error and the setting's main or total
    effect exceeds a thousandth and passes a one-sided test of its influence-function error (Bonferroni over
    the two, Holm over settings, 5 %); a main effect or interaction passes its own test besides. With fewer
    than 10 trials per setting and no such q², or fewer than 3: "not identifiable". Without replicates
    "noise" is all that the surrogate cannot explain. A setting that fewer than 20 configurations of a region
    have, of more, is not judged; nor, under an adaptive sampler, one of which all names but one have so few.
    Under an adaptive sampler the interval decides: one that holds 0 is not
    above the noise, or not judged where U exceeds a tenth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from sensitivity.branch import OPTIMIZER, label
from sensitivity.coding import key
from sensitivity.estimators import effects as e
from sensitivity.estimators.surrogate.coverage import unknown_of
from sensitivity.estimators.surrogate.design import departs_from_prior
from sensitivity.estimators.surrogate.one_step import OneStep
from sensitivity.estimators.surrogate.placed import FEWEST_DRAWS, Placed, placed_study, placed_trials
from sensitivity.estimators.surrogate.rows import Grounds, region_rows, second_level
from sensitivity.estimators.surrogate.screening import screened
from sensitivity.estimators.surrogate.selection import Draws, Selected, best_surrogate
from sensitivity.estimators.surrogate.unknown import unknown_parts
from sensitivity.estimators.surrogate.without_model import told_without_model
from sensitivity.trials import VALUE

if TYPE_CHECKING:
    import pandas as pd

    from sensitivity.estimators.surrogate.coverage import Unknown
    from sensitivity.estimators.surrogate.region import Branch, Components
    from sensitivity.estimators.surrogate.unknown import Parts
    from sensitivity.study import Study
    from sweeps.space import Space


def surrogate_decomposition(
    trials: pd.DataFrame, space: Space, value: str = VALUE, branches: bool = True, by: str = OPTIMIZER
) -> pd.DataFrame:
    """Shares of variance by surrogate, with intervals and verdicts; see the module for the columns.

    Parameters
    ----------
    trials
        Table of `sensitivity.trials`; the plan's rows are used, or all rows where there is no plan. Rows
        without a finite response, or with values that the space does not have, are left out.
    space
        Space of the sweep: prior and conditions.
    value
        Column that holds the response.
    branches
        Whether to add the rows of each branch.
    by
        Setting that makes the branches, where it is a list that every trial has.
    """
    with threadpool_limits(1):  # matrices this small only lose by threads
        return _decomposition(placed_trials(trials, space, value), branches, by)


def study_decomposition(study: Study, branches: bool = True) -> pd.DataFrame:
    """The same of a study's value, by its branches."""
    with threadpool_limits(1):
        if study.laid_out(_told_apart) and not study.plan[VALUE].to_numpy(np.float64, na_value=np.nan).any():
            return e.unknown(study.space.names, e.CONSTANT)  # zeros, as where nothing diverged
        return _decomposition(study.once(placed_study), branches, study.branch)


def _told_apart(study: Study) -> bool:
    """Whether trials differ in their settings: for `Study.laid_out`, as every response is of the same."""
    return study.once(placed_study).told_apart


def _decomposition(placed: Placed, branches: bool, setting: str) -> pd.DataFrame:
    excuse = placed.excuse
    if excuse is not None:
        return e.unknown(placed.space.names, excuse)
    observed = placed.observed
    placed = screened(placed, setting)
    selected = best_surrogate(Draws.of(placed, observed.mean))
    departs = placed.chosen or departs_from_prior(placed.trials, placed.encoding, placed.varied)
    estimator = OneStep(
        placed.encoding,
        placed.trials,
        observed,
        selected,
        placed.varied,
        follows_prior=not departs,
        apart=placed.apart,
    )
    whole = estimator.components()
    # A variance is the surrogate's and a correction by its residuals: of few trials the sum may be below 0.
    everywhere = None if departs else np.ones(len(observed), dtype=bool)
    if whole.variance <= 0:
        rows = e.unknown_rows(placed.space.names, e.NOT_IDENTIFIABLE(placed.count))
        return e.table(rows if everywhere is None else told_without_model(rows, placed, everywhere))
    unknown = _unknown(placed, selected, whole) if departs else None
    parts = unknown_parts(selected.process, placed.encoding, placed.varied)
    rows = region_rows(
        e.ALL, placed, selected, whole, _grounds(placed, estimator, unknown, whole, None), parts
    )
    rows = rows if everywhere is None else told_without_model(rows, placed, everywhere)
    by = _branch_axis(placed, whole, setting) if branches else None
    if by is not None:
        name = placed.encoding.names[by]
        rows += [(row[0], e.BETWEEN, *row[2:]) for row in rows if row[1:3] == (e.MAIN, name)]
    for name, branch in _branches(placed, by):
        rows += _branch_rows(placed, estimator, name, branch, unknown, parts)
    return e.table(rows)


def _branch_rows(
    placed: Placed, estimator: OneStep, name: str, branch: Branch, unknown: Unknown | None, parts: Parts
) -> list[e.Row]:
    """All rows of a branch; without a number where its trials show nothing."""
    inside, axes = estimator.part(branch)
    names = [placed.names[axis] for axis in placed.places if axis in axes]
    if not axes or placed.observed.rows(np.flatnonzero(inside)).constant:
        return e.unknown_rows(names, placed.observed.sameness, name)
    region = estimator.components(branch)
    if region.variance <= 0:
        rows = e.unknown_rows(names, e.NOT_IDENTIFIABLE(region.count), name)
    else:
        grounds = _grounds(placed, estimator, unknown, region, branch)
        rows = region_rows(name, placed, estimator.selected, region, grounds, parts)
    return rows if unknown is not None else told_without_model(rows, placed, inside)


def _unknown(placed: Placed, selected: Selected, whole: Components) -> Unknown:
    """What trials that do not follow the prior leave unknown."""
    noise = whole.seed if whole.df > 0 else selected.process.noise
    return unknown_of(placed, selected, noise / float(placed.observed.replicates.mean()))


def _grounds(
    placed: Placed, estimator: OneStep, unknown: Unknown | None, region: Components, branch: Branch | None
) -> Grounds:
    """What the rows of a region stand on."""
    inside, _ = estimator.part(branch)
    rows, whole = np.flatnonzero(inside), enumerate(placed.encoding.axes)
    each = [(axis, placed.trials.rows(rows), column) for column, axis in whole]
    each += [(one.axis, one.trials.rows(rows), 0) for one in placed.apart]
    having = np.array([trials.points.active[:, column].sum() for _, trials, column in each])
    second = np.array([second_level(*one) for one in each])
    share = np.nan if unknown is None else unknown.share(region.variance, branch)
    return Grounds(having, second, len(placed.observed), share)


def _branch_axis(placed: Placed, whole: Components, setting: str) -> int | None:
    """Setting that makes the branches."""
    eligible = [
        place
        for place in placed.varied
        if placed.encoding.axes[place].categorical
        and len(placed.encoding.axes[place].shapes) == 1
        and placed.trials.points.active[:, place].all()
    ]
    named = [place for place in eligible if placed.encoding.names[place] == setting]
    return max(named or eligible, key=lambda place: whole.total[place].share, default=None)


def _branches(placed: Placed, axis: int | None) -> list[tuple[str, Branch]]:
    """Name and place of each branch that has trials."""
    if axis is None:
        return []
    shape, name = placed.encoding.axes[axis].shapes[0], placed.encoding.names[axis]
    edges = np.zeros(1) if shape.edges is None else shape.edges
    latent = placed.trials.latent[:, axis]
    places = {key(level): number for number, level in enumerate(shape.domain.level_values())}
    given = placed.space.settings[placed.space.names.index(name)].variants[0].domain.level_values()
    found = [(level, edges[places[key(level)]], edges[places[key(level)] + 1]) for level in given]
    return [
        (label(name, level), (axis, low, high))
        for level, low, high in found
        if ((latent >= low) & (latent < high)).sum() >= FEWEST_DRAWS
    ]
