"""Variance decomposition by surrogate: Sobol, random, adaptive and other people's studies.

The cross-fitted one-step estimator of `sensitivity.surrogates.one_step` on the surrogate of largest
cross-validated q² (polynomial chaos, Gaussian process, ExtraTrees, gradient boosting), integrated over the
prior and never over the sample: log settings on their log scale, inactive settings by latent completion.
Of more than `MOST_DRAWS` configurations a random sample of that size is used; the Gaussian process learns
from at most 2,000 of a fold, its kernel from at most 400.

Columns
-------
branch
    ``all``, or ``optimizer=adam``: shares of the variance inside that branch. Branches are the levels of the
    setting "optimizer", otherwise of the categorical setting with the largest total effect, if it is active
    everywhere. The share that lies *between* branches is its row of kind main in branch ``all`` (τ²).
kind
    ``main``: S_i = Var E[f | x_i] / V_y; ``total``: ST_i = E Var(f | x_-i) / V_y; ``interaction`` of a pair
    without the main effects, S_ij; ``noise``: σ² / V_y; ``replicate``: σ_b² / V_y of the replicate's block,
    beside the whole and not in it; ``lack_of_fit``: U = (mean squared cross-validation error − σ²) / V_y.
setting
    The setting; ``a × b``; or what the row is.
share
    Σ main + Σ interactions of any order + noise + lack of fit = 1; the table has the pairs only, so what is
    missing to 1 are interactions of three and more. Totals overlap and are not summed. Unclipped: a setting
    without effect scatters around 0. Totals are multiplied by (1 − N) / F (§3.1): the lack of fit is taken
    to belong to the effects in proportion.
low, high
    Ends of the 95 % interval (§3.3): share ± 1.96 √(influence-function error² + spread between folds²).
    Totals and interactions can only be too small where the surrogate fits badly, so their upper end is
    moved up by the lack of fit (without replicates, by half of what looks like noise too); under an adaptive sampler both ends of every row by the share of the prior
    variance that the Gaussian process does not know.
verdict
    "above the noise of the seed" when q² exceeds twice its standard error and the setting's main or total
    effect exceeds a thousandth and passes a one-sided test of its influence-function error (Bonferroni over
    the two, Holm over settings, 5 %; with fewer than 10 trials per setting: "not identifiable").
    Without replicates "noise" is all that the surrogate cannot explain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy import stats
from threadpoolctl import threadpool_limits

from sensitivity.measures.effects import (
    ABOVE,
    CONSTANT,
    NO_REPLICATES,
    NOT_ABOVE,
    REPLICATE_ROW,
    SEED_ROW,
)
from sensitivity.measures.effects import SIGNIFICANCE as LEVEL
from sensitivity.measures.noise import holm
from sensitivity.surrogates.design import departs_from_prior
from sensitivity.surrogates.encoding import EncodedTrials, Encoding, encode
from sensitivity.surrogates.one_step import OneStep
from sensitivity.surrogates.prior import sobol_points
from sensitivity.surrogates.responses import Responses, responses
from sensitivity.surrogates.selection import Draws, Selected, best_surrogate
from sensitivity.trials import VALUE, planned

if TYPE_CHECKING:
    from sensitivity.surrogates.one_step import Components, Estimate
    from sweeps.space import Space

COLUMNS: Final = ("branch", "kind", "setting", "share", "low", "high", "verdict")
ALL: Final = "all"
OPTIMIZER: Final = "optimizer"
LACK_OF_FIT_ROW: Final = "lack of fit of the surrogate"
ONE_VALUE: Final = "cannot be judged: only one value was tried"
FROM_NUGGET: Final = "no replicates: estimated from the scatter around a smooth surrogate"
ADAPTIVE: Final = "trials do not follow the prior (adaptive or cut short; no space-filling block): rough"
MOST_DRAWS: Final = 5000
FEWEST_DRAWS: Final = 5
FEWEST_PER_SETTING: Final = 10
SMALLEST_SHARE: Final = 1e-3
RESOLUTION: Final = 1e-4  # of the integration over the prior
_Z: Final = 1.96

Row = tuple[str, str, str, float, float, float, str]


@dataclass(frozen=True)
class Study:
    """Draws of a study, encoded, and which axes took more than one value."""

    encoding: Encoding
    trials: EncodedTrials
    observed: Responses
    varied: list[int]
    count: int


@dataclass(frozen=True)
class Noise:
    """Noise of one region as a share of its V_y, with its interval; ``known`` from replicates."""

    share: float
    low: float
    high: float
    known: bool


def surrogate_decomposition(
    trials: pd.DataFrame, space: Space, value: str = VALUE, branches: bool = True
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
    """
    with threadpool_limits(1):  # matrices this small only lose by threads
        return _decomposition(_study(trials, space, value), branches)


def _decomposition(study: Study, branches: bool) -> pd.DataFrame:
    excuse = _excuse(study)
    if excuse:
        return _table(_empty_rows(study, excuse))
    observed = study.observed
    selected = best_surrogate(
        Draws(study.encoding, study.trials.points, observed.mean, observed.replicates, observed.group)
    )
    estimator = OneStep(study.encoding, study.trials, observed, selected, study.varied)
    whole = estimator.components()
    unknown = _unknown_share(study, selected, whole)
    rows = _region_rows(ALL, study, selected, whole, unknown)
    by = _branch_axis(study, whole) if branches else None
    for label, branch in _branches(study, by):
        rows += _region_rows(label, study, selected, estimator.components(branch), unknown)
    return _table(rows)


def _table(rows: list[Row]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _study(trials: pd.DataFrame, space: Space, value: str) -> Study:
    plan = planned(trials)
    plan = plan[np.isfinite(plan[value].to_numpy(dtype=np.float64, na_value=np.nan))]
    encoding = Encoding(space, plan)
    inside = encode(plan, encoding).inside
    plan = plan[inside]
    count = len(plan)
    if count == 0:
        nothing = np.zeros(0, dtype=np.int64)
        empty = Responses(nothing, nothing, np.zeros(0), np.zeros(0), np.zeros(0), np.nan, 0, np.nan)
        return Study(encoding, encode(plan, encoding), empty, [], 0)
    observed = responses(plan, space.names, value)
    if len(observed) > MOST_DRAWS:
        sample = np.sort(np.random.default_rng(0).choice(len(observed), MOST_DRAWS, replace=False))
        observed = observed.rows(sample)
    encoded = encode(plan.iloc[observed.first], encoding)
    varied = [
        place
        for place in range(len(encoding.axes))
        if len(np.unique(encoded.latent[encoded.points.active[:, place], place])) > 1
    ]
    return Study(encoding, encoded, observed, varied, count)


def _excuse(study: Study) -> str:
    """Why there is nothing to estimate, or nothing."""
    if len(np.unique(study.observed.group)) < FEWEST_DRAWS or not study.varied:
        return f"only {study.count} trials: not identifiable"
    if study.observed.variance <= 1e-24 * float(np.mean(study.observed.mean**2)):
        return CONSTANT
    return ""


def _empty_rows(study: Study, excuse: str) -> list[Row]:
    nothing = (np.nan, np.nan, np.nan)
    names = study.encoding.names
    rows: list[Row] = [(ALL, kind, name, *nothing, excuse) for kind in ("main", "total") for name in names]
    return [
        *rows,
        (ALL, "noise", SEED_ROW, *nothing, excuse),
        (ALL, "lack_of_fit", LACK_OF_FIT_ROW, *nothing, excuse),
    ]


def _unknown_share(study: Study, selected: Selected, whole: Components) -> float:
    """Share of the prior variance that the trials say nothing of; NaN where they follow the prior.

    Posterior variance of the Gaussian process, averaged over the prior.
    """
    if not departs_from_prior(study.trials, study.encoding):
        return np.nan
    points = study.encoding.complete(sobol_points(len(study.encoding.axes), 512, 0))
    return float(selected.process.predictive_variance(points).mean()) / whole.variance


def _branch_axis(study: Study, whole: Components) -> int | None:
    """Setting that makes the branches."""
    eligible = [
        place
        for place in study.varied
        if study.encoding.axes[place].categorical
        and len(study.encoding.axes[place].shapes) == 1
        and study.trials.points.active[:, place].all()
    ]
    named = [place for place in eligible if study.encoding.names[place] == OPTIMIZER]
    return max(named or eligible, key=lambda place: whole.total[place].share, default=None)


def _branches(study: Study, axis: int | None) -> list[tuple[str, tuple[int, float, float]]]:
    """Name and place of each branch that has trials."""
    if axis is None:
        return []
    shape, name = study.encoding.axes[axis].shapes[0], study.encoding.names[axis]
    edges = np.zeros(1) if shape.edges is None else shape.edges
    latent = study.trials.latent[:, axis]
    return [
        (f"{name}={level}", (axis, low, high))
        for level, low, high in zip(shape.domain.level_values(), edges[:-1], edges[1:], strict=True)
        if ((latent >= low) & (latent < high)).sum() >= FEWEST_DRAWS
    ]


def _noise(study: Study, selected: Selected, region: Components) -> Noise:
    """Noise from replicates; from the Gaussian process' nugget where there are none.

    Where q² is not above 0 everything is noise as far as anyone can tell.
    """
    rest = 1 - region.explained
    if study.observed.df > 0:
        share = study.observed.seed / region.variance
        quantiles = stats.chi2.ppf([0.975, 0.025], study.observed.df) / study.observed.df
        return Noise(share, share / quantiles[0], share / quantiles[1], known=True)
    high = max(rest, 0.0) + _Z * region.q2_error
    nugget = selected.process.noise / region.variance
    share = rest if not _fits(region) else min(nugget, rest)
    return Noise(share, 0.0, max(high, share), known=False)


def _fits(region: Components) -> bool:
    return region.q2 > 2 * region.q2_error


def _region_rows(
    label: str, study: Study, selected: Selected, region: Components, unknown: float
) -> list[Row]:
    """All rows of one branch; ``unknown`` is the share that widens both ends, NaN where there is none."""
    noise = _noise(study, selected, region)
    remark = "" if np.isnan(unknown) else f"; {ADAPTIVE}"
    lack = 1 - region.explained - noise.share
    # Without replicates noise and lack of fit cannot be told apart: half of the noise may be either.
    slack = max(lack if noise.known else lack + noise.share / 2, 0.0)
    widening = _Widening(_scale(region, noise), slack, float(np.nan_to_num(unknown)))
    verdicts = {place: words + remark for place, words in _verdicts(study, region, label).items()}
    rows = [
        *_setting_rows(label, study, region.main, verdicts, "main", _Widening(both=widening.both)),
        *_setting_rows(label, study, region.total, verdicts, "total", widening),
        *_pair_rows(label, study, region, remark, _Widening(slack=slack, both=widening.both)),
        (label, "noise", SEED_ROW, noise.share, noise.low, noise.high, "" if noise.known else FROM_NUGGET),
    ]
    if label == ALL:
        block = study.observed.block / region.variance
        excuse = NO_REPLICATES if np.isnan(block) else ""
        rows.append((label, "replicate", REPLICATE_ROW, block, np.nan, np.nan, excuse))
    reach = _Z * region.q2_error + (noise.high - noise.low) / 2 * noise.known
    fit = f"{selected.name}, q² = {region.q2:.3f} ± {_Z * region.q2_error:.3f}{remark}"
    return [*rows, (label, "lack_of_fit", LACK_OF_FIT_ROW, lack, lack - reach, lack + reach, fit)]


@dataclass(frozen=True)
class _Widening:
    """Factor on the share; what the upper end and what both ends are moved by, beside the errors."""

    scale: float = 1.0
    slack: float = 0.0
    both: float = 0.0

    def interval(self, estimate: Estimate) -> tuple[float, float, float]:
        """Share, low and high."""
        share, raw = estimate.share * self.scale, estimate.share
        reach = _Z * estimate.error + self.both + RESOLUTION
        return share, min(share, raw) - reach, max(share, raw + self.slack) + reach


def _scale(region: Components, noise: Noise) -> float:
    """(1 − N) / F of §3.1, at most 2; 1 where nothing is explained."""
    if not _fits(region) or region.explained <= 0:
        return 1.0
    return float(np.clip((1 - noise.share) / region.explained, 0, 2))


def _setting_rows(
    label: str,
    study: Study,
    estimates: dict[int, Estimate],
    verdicts: dict[int, str],
    kind: str,
    widening: _Widening,
) -> list[Row]:
    rows: list[Row] = []
    for place, name in enumerate(study.encoding.names):
        if place in estimates:
            rows.append((label, kind, name, *widening.interval(estimates[place]), verdicts[place]))
        elif label == ALL:
            rows.append((label, kind, name, np.nan, np.nan, np.nan, ONE_VALUE))
    return rows


def _pair_rows(label: str, study: Study, region: Components, remark: str, widening: _Widening) -> list[Row]:
    """Interactions of pairs, largest first, tested like settings."""
    pairs = sorted(region.interaction.items(), key=lambda item: -item[1].share)
    adjusted = holm([_p_value([estimate], region.count) for _, estimate in pairs])
    rows: list[Row] = []
    for ((first, second), estimate), p in zip(pairs, adjusted, strict=True):
        name = f"{study.encoding.names[first]} × {study.encoding.names[second]}"
        words = ABOVE if _fits(region) and p < LEVEL else NOT_ABOVE
        rows.append((label, "interaction", name, *widening.interval(estimate), words + remark))
    return rows


def _verdicts(study: Study, region: Components, label: str) -> dict[int, str]:
    """Verdict of each setting: Holm over settings."""
    places = list(region.main)
    if not _fits(region):
        active = study.trials.points.active[:, places].mean(axis=0).sum()
        count = study.count if label == ALL else region.count
        few = region.count < FEWEST_PER_SETTING * active
        return dict.fromkeys(places, f"only {count} trials: not identifiable" if few else NOT_ABOVE)
    adjusted = holm([_p_value([region.main[place], region.total[place]], region.count) for place in places])
    return {place: ABOVE if p < LEVEL else NOT_ABOVE for place, p in zip(places, adjusted, strict=True)}


def _p_value(estimates: list[Estimate], count: int) -> float:
    """One-sided p of "all are 0" (Bonferroni); a share below a thousandth counts as 0."""
    smallest = min(
        float(stats.t.sf(estimate.share / max(estimate.sampling, 1e-12), count - 1))
        if estimate.share > SMALLEST_SHARE
        else 1.0
        for estimate in estimates
    )
    return min(1.0, len(estimates) * smallest)
