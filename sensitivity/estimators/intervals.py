"""Intervals of variance shares of a factorial: score intervals, without resampling.

A share is S = Q / V_y, Q a quadratic form in the cell means less the noise's own contribution. S₀ belongs to
the interval when T(S₀) = Q̂ − S₀ V̂_y is in the middle 95 % of the distribution *that S₀ would give it* (as
in Wilson's interval of a proportion). With B = A − S₀ A_V, g = B f and d_c = σ_c²/R its variance is

    Var T(S₀) = 4 Σ d_c g_c² + 2 Σ_{c≠c'} B_cc'² d_c d_c' + Σ (B_cc − n_c)² 2σ_c⁴/(R(R−1))
                + Σ n_c² Var(q_c) + 4 Σ g_c n_c κ₃c / R

where n_c = −S₀ w_c (for the noise's own share (1 − S₀) w_c) is the weight of σ̂_c² in T beyond the correction
of Q, q_c the mean square of ε and κ₃ its third cumulant. The effects that S₀ would have are the estimated
ones, stretched: f₀ = α f_own + β f_rest with the sizes that give the shares S₀ and 1 − N − S₀. The shape is
Pearson's type III with the skewness of Q (near 0 a form of one degree of freedom is a χ²₁), widened by
Student's t for the degrees of freedom that the noise is known with. For the noise's own share Var T grows
with N₀², as that of a χ² does.

Why not the others, by simulation with noise that is larger near the edge of divergence
(``test_factorial_coverage``): percentiles of a bootstrap over two replicates cover
half the time, over five 45 to 89 %; one over configurations would ask about another grid. The noncentral F
interval is right where all variances are equal; else it covers totals and interactions 83 to 94 % of the
time, is twice as wide for large shares because it takes V_y as known, and has nothing for the noise. Wald's
(the variance taken at Ŝ) covers 82 to 98 %, least often the noise.

The rule for the degrees of freedom (`sensitivity.estimators.noise.degrees_of_freedom`) was chosen among
four by such simulations, so their coverage flatters a little. Where two replicates meet fewer than about
ten noisy configurations, a sweep may see no noise at all and no interval can know.
"""

from __future__ import annotations

import math
from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np
import scipy

from sensitivity.estimators.noise import degrees_of_freedom
from sensitivity.estimators.share_variance import ShareVariance, over, variance_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.arrays import Floats
    from sensitivity.estimators.correlation import Correlation
    from sensitivity.estimators.forms import Forms
    from sensitivity.estimators.noise import Noise

LEVEL = 0.95
_POINT = 1.959963984540054  # where the normal distribution leaves (1 − LEVEL) / 2: `norm.ppf(0.975)`
_HALVINGS = 40


Score = tuple[ShareVariance, "Floats"]


def score(
    forms: Forms, share: Floats, whole: float, weights: Floats, noise: Noise, together: Correlation
) -> Score:
    """Var T(S₀) of K shares, and by how much Student's t is wider than a normal distribution, shape (K,).

    Parameters
    ----------
    forms
        Of the K shares, the last but one being the variance V itself and the last the noise (a zero form).
    share
        Estimates.
    whole
        V̂_y.
    weights
        w_c, shape (C,).
    together
        How the cell means deviate together.
    """
    variance = variance_of(forms, share, whole, weights, noise, together)
    return variance, scipy.stats.t.ppf((1 + LEVEL) / 2, _degrees(forms, share, weights, noise)) / _POINT


def ends(scores: Sequence[Score]) -> list[tuple[Floats, Floats]]:
    """Ends of the intervals of several responses, whose halving costs little more than that of one."""
    parts = [[getattr(variance, field.name) for variance, _ in scores] for field in fields(ShareVariance)]
    together = ShareVariance(*(np.concatenate(part, axis=-1) for part in parts))
    stretch = np.concatenate([stretch for _, stretch in scores])
    places = np.cumsum([len(stretch) for _, stretch in scores])[:-1]
    low, high = (np.split(_end(together, stretch, side), places) for side in (-1.0, 1.0))
    return [_with_noise(v, *both) for (v, _), *both in zip(scores, low, high, strict=True)]


def _with_noise(variance: ShareVariance, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Ends with those of the noise's own share, which stands last.

    The others are shares of what the noise leaves: where it reads low by luck, all of them read high.
    """
    share = variance.estimate
    low[-1], high[-1] = _of_noise(variance)
    unseen = share * over(high[-1] - share[-1], 1 - share[-1])
    low[:-1] = share[:-1] - np.hypot(share - low, unseen)[:-1]
    return low, high


def _of_noise(variance: ShareVariance) -> tuple[float, float]:
    """Ends of the noise's own share on the scale of its logarithm: a mean square, skewed to the right.

    If log σ̂² is normal with variance s² and σ̂² unbiased, log σ̂² is s²/2 too low in the mean: two replicates
    in three show less noise than there is.
    """
    share, least = float(variance.estimate[-1]), float(variance.least[-1])
    if share <= 0:
        return share - least, share + least
    relative = max(float(variance.at(variance.estimate)[-1]) / share**2, float(variance.scatter[-1]))
    spread = math.log1p(relative)
    times = [math.exp(spread / 2 + side * _POINT * math.sqrt(spread)) for side in (-1, 1)]
    ends = [_of_a_larger(share, one, float(variance.replicates[-1])) for one in times]
    return min(ends[0], share - least), max(ends[1], share + least)


def _of_a_larger(share: float, times: float, replicates: float) -> float:
    """Share of the noise if its variance were so many times the estimate.

    The means of the configurations hold V + σ²/R: what the noise has more the settings have less.
    """
    left = max(1 - share + (1 - times) * share / replicates, 0.0)
    return times * share / (left + times * share)


def _degrees(forms: Forms, share: Floats, weights: Floats, noise: Noise) -> Floats:
    """Degrees of freedom of Var T(Ŝ): few where few configurations hold the noise."""
    if noise.source is not None:
        return np.full(len(share), float(noise.df))
    local = np.maximum(noise.local, 0)
    gradient = forms.gradient - share[:, None] * forms.gradient[-2]
    of_effects = degrees_of_freedom(gradient**2 * local, noise.replicates, noise.together)
    of_noise = degrees_of_freedom((weights * local)[None], noise.replicates, noise.together)
    return np.minimum(of_effects, of_noise)


def _gamma_quantile(skewness: Floats, tail: float) -> Floats:
    """Distance of the 2.5 % point in one tail (−1, +1) from the mean, in standard deviations (Pearson III).

    Wilson & Hilferty's cube; without skewness 1.96.
    """
    sixth = np.maximum(skewness, 1e-6) / 6
    cube = (1 - sixth**2 + sixth * tail * _POINT) ** 3 - 1
    distance: Floats = tail * cube / (3 * sixth)
    return distance


def _end(variance: ShareVariance, stretch: Floats, side: float) -> Floats:
    """Far end S₀ on one side, where Ŝ is at the 2.5 % point of what S₀ would give, by halving."""
    inner = np.zeros_like(variance.estimate)
    outer = np.full_like(inner, 2.0)
    for _ in range(_HALVINGS):
        middle = (inner + outer) / 2
        candidate = variance.estimate + side * middle
        spread = variance.at(candidate)
        # A share below the candidate lies in the lower tail of the candidate's distribution.
        tail = _gamma_quantile(variance.skewness(candidate, spread), -side)
        inside = middle <= stretch * tail * np.sqrt(spread)
        inner, outer = np.where(inside, middle, inner), np.where(inside, outer, middle)
    return variance.estimate + side * np.maximum(inner, variance.least)
