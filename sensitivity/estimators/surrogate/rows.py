"""Rows of the surrogate path's table for one branch: shares, intervals, judgements.

Columns and rules: `sensitivity.estimators.surrogate.decomposition`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy import stats

from sensitivity.estimators import effects as e
from sensitivity.estimators.significance import holm
from sensitivity.remarks import Judgement, Remarks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sensitivity.arrays import Integers
    from sensitivity.estimators.surrogate.placed import Placed
    from sensitivity.estimators.surrogate.region import Components, Estimate
    from sensitivity.estimators.surrogate.selection import Selected

LACK_OF_FIT_ROW: Final = "surrogate"
FEWEST_PER_SETTING: Final = 10
FEWEST_FITTED: Final = 3  # per setting: below, a q² that looks good is luck
FEWEST_HAVING: Final = 20  # configurations that have a setting, where others have it not
SMALLEST_SHARE: Final = 1e-3
MUCH: Final = 0.1  # of the variance: where more may be missed, an interval from 0 on says nothing
CROSSED: Final = 0.5  # of √(S U); Cauchy-Schwarz allows 2, where an error has the very shape of the effect
RESOLUTION: Final = 1e-4  # of the integration over the prior
_Z: Final = 1.96


@dataclass(frozen=True)
class NoiseShare:
    """Noise of one region as a share of its V_y, with its interval; ``known`` from replicates."""

    share: float
    low: float
    high: float
    known: bool


@dataclass(frozen=True)
class Grounds:
    """What the rows of a region stand on.

    Attributes
    ----------
    having
        Configurations of the region in which each setting is active, shape (settings,).
    configurations
        Of the whole plan.
    unknown
        U, the share of the region's variance that the surrogate may miss; NaN where trials follow the prior.
    """

    having: Integers
    configurations: int
    unknown: float

    @property
    def adaptive(self) -> bool:
        """Whether trials do not follow the prior."""
        return not np.isnan(self.unknown)

    def allow(self, row: e.Row, axes: Sequence[int]) -> e.Row:
        """Row of an effect of some axes, its judgement withdrawn where the trials do not bear it."""
        *head, low, high, judgement, remarks = row
        if judgement is None or judgement == Judgement.UNKNOWN:
            return row
        have = int(self.having[list(axes)].min()) if axes else self.configurations
        if have < min(FEWEST_HAVING, self.configurations):
            ends = (0.0, 1.0) if self.adaptive else (low, high)
            return (*head, *ends, Judgement.UNKNOWN, Remarks(*remarks, e.FEW_HAVE_IT(have)))  # type: ignore[return-value]
        if not self.adaptive or low > SMALLEST_SHARE:
            return row
        if self.unknown > MUCH:
            return (*head, low, high, Judgement.UNKNOWN, Remarks(*remarks, e.NOT_COVERED))  # type: ignore[return-value]
        return (*head, low, high, Judgement.NOT_ABOVE, remarks)  # type: ignore[return-value]


def _noise(selected: Selected, region: Components) -> NoiseShare:
    """Noise from replicates; from the Gaussian process' nugget where there are none.

    Where q² is not above 0 everything is noise as far as anyone can tell.
    """
    rest = 1 - region.explained
    if region.df > 0:
        share = region.seed / region.variance
        quantiles = stats.chi2.ppf([0.975, 0.025], region.df) / region.df
        return NoiseShare(share, share / quantiles[0], share / quantiles[1], known=True)
    high = max(rest, 0.0) + _Z * region.q2_error
    nugget = selected.process.noise / region.variance
    share = rest if not region.fits else min(nugget, rest)
    return NoiseShare(share, 0.0, max(high, share), known=False)


def region_rows(
    label: str, placed: Placed, selected: Selected, region: Components, grounds: Grounds
) -> list[e.Row]:
    """All rows of one branch."""
    noise = _noise(selected, region)
    rough = e.ADAPTIVE if grounds.adaptive else None
    lack = 1 - region.explained - noise.share
    # Without replicates noise and lack of fit cannot be told apart: half of the noise may be either.
    slack = max(lack if noise.known else lack + noise.share / 2, 0.0)
    both = float(np.nan_to_num(grounds.unknown))
    judgements = _judgements(placed, region, label)
    rows = [
        *_effect_rows(label, placed, region.main, judgements.main, e.MAIN, _Widening(both=both)),
        *_effect_rows(
            label,
            placed,
            region.total,
            judgements.total,
            e.TOTAL,
            _Widening(_scale(region, noise), slack, both),
        ),
        *_pair_rows(label, placed, region, judgements, _Widening(slack=slack, both=both)),
    ]
    at = {name: place for place, name in enumerate(placed.encoding.names)}
    axes = {e.pair(placed.encoding.names[a], placed.encoding.names[b]): [a, b] for a, b in region.interaction}
    rows = [
        grounds.allow(row, axes.get(row[2]) or [at[row[2]]] if row[2] != e.HIGHER else []) for row in rows
    ]
    rows = [(*row[:-1], Remarks(*row[-1], rough)) for row in rows]
    source = Remarks(None if noise.known else e.FROM_SCATTER)
    rows.append((label, e.NOISE, e.SEED_ROW, noise.share, noise.low, noise.high, None, source))
    reach = _Z * region.q2_error + (noise.high - noise.low) / 2 * noise.known
    fit = Remarks(e.FIT(selected.name, region.q2, _Z * region.q2_error), rough)
    rows.append((label, e.LACK_OF_FIT, LACK_OF_FIT_ROW, lack, lack - reach, lack + reach, None, fit))
    if label == e.ALL:
        block = placed.observed.block / region.variance
        excuse = Remarks(e.NO_REPLICATES if np.isnan(block) else None)
        rows.append((label, e.REPLICATE_KIND, e.REPLICATE_ROW, block, np.nan, np.nan, None, excuse))
    return rows


@dataclass(frozen=True)
class _Widening:
    """Factor on the share; what moves the upper end, and U, which moves both, beside the errors."""

    scale: float = 1.0
    slack: float = 0.0
    both: float = 0.0

    def interval(self, estimate: Estimate) -> tuple[float, float, float]:
        """Share, low and high."""
        share, raw = estimate.share * self.scale, estimate.share
        crossed = CROSSED * (float(np.clip(share, 0, 1)) * self.both) ** 0.5
        reach = _Z * estimate.error + self.both + crossed + RESOLUTION
        return share, min(share, raw) - reach, max(share, raw + self.slack) + reach


def _scale(region: Components, noise: NoiseShare) -> float:
    """(1 − N) / F, noise N and explained share F, at most 2; 1 where nothing is explained."""
    if not region.fits or region.explained <= 0:
        return 1.0
    return float(np.clip((1 - noise.share) / region.explained, 0, 2))


def _effect_rows(
    label: str,
    placed: Placed,
    estimates: dict[int, Estimate],
    judgements: Mapping[int, e.Judged],
    kind: str,
    widening: _Widening,
) -> list[e.Row]:
    """Main effects or totals in the order of the space."""
    rows: list[e.Row] = []
    for place, name in enumerate(placed.encoding.names):
        if place in estimates:
            rows.append((label, kind, name, *widening.interval(estimates[place]), *judgements[place]))
        elif label == e.ALL:
            nothing = (np.nan, np.nan, np.nan, Judgement.UNKNOWN, Remarks(e.ONE_VALUE))
            rows.append((label, kind, name, *nothing))
    return rows


def _pair_rows(
    label: str, placed: Placed, region: Components, judgements: _Judgements, widening: _Widening
) -> list[e.Row]:
    """Interactions of pairs in the order of the space, and of more."""
    names = placed.encoding.names
    rows: list[e.Row] = [
        (
            label,
            e.INTERACTION,
            e.pair(names[pair[0]], names[pair[1]]),
            *widening.interval(estimate),
            *judgements.pair[pair],
        )
        for pair, estimate in region.interaction.items()
    ]
    if region.higher is not None:
        ends = widening.interval(region.higher)
        rows.append((label, e.INTERACTION, e.HIGHER, *ends, *judgements.higher))
    return rows


@dataclass(frozen=True)
class _Judgements:
    """Judgements by axis, by pair of axes, and of the higher orders."""

    main: Mapping[int, e.Judged]
    total: Mapping[int, e.Judged]
    pair: Mapping[tuple[int, int], e.Judged]
    higher: e.Judged


def _judgements(placed: Placed, region: Components, label: str) -> _Judgements:
    """Judgements by the rules of `sensitivity.estimators.factorial`: settings first, their terms after."""
    places, pairs = list(region.main), list(region.interaction)
    excuse = _excuse(placed, region, label)
    if excuse is not None:
        return _Judgements(
            dict.fromkeys(places, excuse), dict.fromkeys(places, excuse), dict.fromkeys(pairs, excuse), excuse
        )
    setting = _holm({i: _p_value([region.main[i], region.total[i]], region.count) for i in places})
    main = _holm({i: _p_value([region.main[i]], region.count) for i in places})
    others: dict[object, float] = {p: _p_value([region.interaction[p]], region.count) for p in pairs}
    others[e.HIGHER] = _p_value([region.higher] if region.higher else [], region.count)
    others = _holm(others)
    return _Judgements(
        {place: e.judged(max(main[place], setting[place])) for place in places},
        {place: e.judged(setting[place]) for place in places},
        {pair: e.judged(max(others[pair], setting[pair[0]], setting[pair[1]])) for pair in pairs},
        e.judged(others[e.HIGHER]),
    )


def _excuse(placed: Placed, region: Components, label: str) -> e.Judged | None:
    """Judgement of everything where the surrogate does not see anything; None where it does."""
    active = float(placed.trials.points.active[:, list(region.main)].mean(axis=0).sum())
    fits = region.fits
    if region.count < (FEWEST_FITTED if fits else FEWEST_PER_SETTING) * max(active, 4):
        count = placed.count if label == e.ALL else region.count
        return Judgement.UNKNOWN, Remarks(e.NOT_IDENTIFIABLE(count))
    return None if fits else (Judgement.NOT_ABOVE, Remarks())


def _holm(p_values: dict[Any, float]) -> dict[Any, float]:
    return dict(zip(p_values, holm(list(p_values.values())), strict=True))


def _p_value(estimates: list[Estimate], count: int) -> float:
    """One-sided p of "all are 0" (Bonferroni); a share below a thousandth counts as 0."""
    p_values = [
        float(stats.t.sf(estimate.share / max(estimate.sampling, 1e-12), count - 1))
        for estimate in estimates
        if estimate.share > SMALLEST_SHARE
    ]
    smallest = min(p_values, default=1.0)
    return min(1.0, len(estimates) * smallest)
