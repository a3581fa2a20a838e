"""Rows of the surrogate path's table for one branch: shares, intervals, verdicts.

Columns and rules: `sensitivity.measures.surrogate`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import stats

from sensitivity.measures.effects import (
    ABOVE,
    NO_REPLICATES,
    NOT_ABOVE,
    REPLICATE_ROW,
    SEED_ROW,
    SIGNIFICANCE,
)
from sensitivity.measures.noise import holm

if TYPE_CHECKING:
    from sensitivity.surrogates.encoding import EncodedTrials, Encoding
    from sensitivity.surrogates.region import Components, Estimate
    from sensitivity.surrogates.responses import Responses
    from sensitivity.surrogates.selection import Selected

ALL: Final = "all"
LACK_OF_FIT_ROW: Final = "lack of fit of the surrogate"
ONE_VALUE: Final = "cannot be judged: only one value was tried"
FROM_NUGGET: Final = "no replicates: estimated from the scatter around a smooth surrogate"
ADAPTIVE: Final = "trials do not follow the prior (adaptive or cut short; no space-filling block): rough"
FEWEST_PER_SETTING: Final = 10
FEWEST_FITTED: Final = 3  # per setting: below, a q² that looks good is luck
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


def region_rows(
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
        words = ABOVE if _fits(region) and p < SIGNIFICANCE else NOT_ABOVE
        rows.append((label, "interaction", name, *widening.interval(estimate), words + remark))
    return rows


def _verdicts(study: Study, region: Components, label: str) -> dict[int, str]:
    """Verdict of each setting: Holm over settings."""
    places = list(region.main)
    active = float(study.trials.points.active[:, places].mean(axis=0).sum())
    fits = _fits(region)
    if region.count < (FEWEST_FITTED if fits else FEWEST_PER_SETTING) * max(active, 4):
        count = study.count if label == ALL else region.count
        return dict.fromkeys(places, f"only {count} trials: not identifiable")
    if not fits:
        return dict.fromkeys(places, NOT_ABOVE)
    adjusted = holm([_p_value([region.main[place], region.total[place]], region.count) for place in places])
    return {
        place: ABOVE if p < SIGNIFICANCE else NOT_ABOVE for place, p in zip(places, adjusted, strict=True)
    }


def _p_value(estimates: list[Estimate], count: int) -> float:
    """One-sided p of "all are 0" (Bonferroni); a share below a thousandth counts as 0."""
    smallest = min(
        float(stats.t.sf(estimate.share / max(estimate.sampling, 1e-12), count - 1))
        if estimate.share > SMALLEST_SHARE
        else 1.0
        for estimate in estimates
    )
    return min(1.0, len(estimates) * smallest)
