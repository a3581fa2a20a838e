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
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from sensitivity.estimators.noise import degrees_of_freedom

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.arrays import Floats
    from sensitivity.estimators.correlation import Correlation
    from sensitivity.estimators.forms import Forms
    from sensitivity.estimators.noise import Noise

LEVEL = 0.95
_POINT = float(stats.norm.ppf((1 + LEVEL) / 2))
_HALVINGS = 40
SMALLEST = 1e-3  # half a width: what the seed moves besides is not known to a finer digit


@dataclass(frozen=True)
class ShareVariance:
    """Var T(S₀) of K shares as a function of S₀; everything in units of V_y.

    Attributes
    ----------
    estimate
        Ŝ, shape (K,).
    own_noise
        1 for the noise's own share, else 0, shape (K,).
    linear
        Σ d g g' / V_y² of (own, own), (own, rest), (rest, rest), shape (3, K).
    skew
        Σ w κ₃ g / (R V_y²) of own and rest, shape (2, K).
    pairs
        Coefficients of 1, S₀, S₀² of the purely quadratic parts, shape (3, K).
    uncertain
        Σ w_c² Var(q_c) / V_y², shape (K,).
    own_size, rest_size
        What own and rest make up in the noisy means: shares for which α = β = 1, shape (K,).
    rest_share
        Share of own and rest together: 1 − N, or 1 for the noise's own.
    unit
        Noise κ = tr(A²D²) / tr(A D) of one degree of freedom of Q, in shares, shape (K,).
    degrees
        Degrees of freedom tr(A D) / κ of Q's noise, shape (K,).
    scatter
        Variance of the noise's estimate, in squares of itself, as far as what deviates together makes it,
        shape (K,).
    least
        Half a width at least, shape (K,).
    replicates
        R, shape (K,).
    """

    estimate: Floats
    own_noise: Floats
    linear: Floats
    skew: Floats
    pairs: Floats
    uncertain: Floats
    own_size: Floats
    rest_size: Floats
    rest_share: Floats
    unit: Floats
    degrees: Floats
    scatter: Floats
    least: Floats
    replicates: Floats

    def at(self, share: Floats) -> Floats:
        """Var T(S₀) / V_y² at S₀ = ``share``, shape (K,)."""
        own = (1 - share) * np.sqrt(_over(share, self.own_size))
        rest = share * np.sqrt(_over(self.rest_share - share, self.rest_size))
        weight = self.own_noise - share
        linear = own**2 * self.linear[0] - 2 * own * rest * self.linear[1] + rest**2 * self.linear[2]
        skew = weight * (own * self.skew[0] - rest * self.skew[1])
        pairs = self.pairs[0] + share * self.pairs[1] + share**2 * self.pairs[2]
        level = np.where(self.own_noise > 0, _over(share, self.estimate), 1.0)
        widest = 4 * level * np.maximum(linear, linear + skew)
        variance: Floats = widest + level**2 * (pairs + weight**2 * self.uncertain)
        return variance

    def skewness(self, share: Floats, variance: Floats) -> Floats:
        """Skewness of T(S₀): (1 − S₀)³ (8 κ³ ν + 24 κ_f² S₀) / Var^(3/2), shape (K,).

        The third cumulant of a noncentral χ²_ν in units of κ, but with the noise κ_f where the effect is. At
        most that of χ² with one degree of freedom.
        """
        where = _over(self.linear[0], self.own_size)
        third = 8 * self.unit**3 * self.degrees + 24 * where**2 * np.maximum(share, 0)
        third = third * np.clip(1 - share, 0, 1) ** 3
        skewness: Floats = np.minimum(_over(third, variance**1.5), math.sqrt(8))
        return skewness


def _over(share: Floats, size: Floats) -> Floats:
    """Quotient of what is not negative; 0 where there is nothing to divide by."""
    quotient: Floats = np.where(size > 0, np.maximum(share, 0) / np.where(size > 0, size, 1), 0)
    return quotient


def score_intervals(
    forms: Forms, share: Floats, whole: float, weights: Floats, noise: Noise
) -> tuple[Floats, Floats]:
    """Ends of the 95 % intervals, each of shape (K,); NaN without replicates.

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
    """
    if noise.together is None:
        return np.full(len(share), np.nan), np.full(len(share), np.nan)
    return ends([score(forms, share, whole, weights, noise, noise.together)])[0]


Score = tuple[ShareVariance, "Floats"]


def score(
    forms: Forms, share: Floats, whole: float, weights: Floats, noise: Noise, together: Correlation
) -> Score:
    """Var T(S₀) of K shares, and by how much Student's t is wider than a normal distribution, shape (K,)."""
    variance = _variance(forms, share, whole, weights, noise, together)
    return variance, stats.t.ppf((1 + LEVEL) / 2, _degrees(forms, share, weights, noise)) / _POINT


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
    unseen = share * _over(high[-1] - share[-1], 1 - share[-1])
    low[:-1] = share[:-1] - np.hypot(share - low, unseen)[:-1]
    return low, high


def _of_noise(variance: ShareVariance) -> tuple[float, float]:
    """Ends of the noise's own share on the scale of its logarithm: a mean square, skewed to the right."""
    share, least = float(variance.estimate[-1]), float(variance.least[-1])
    if share <= 0:
        return share - least, share + least
    relative = max(float(variance.at(variance.estimate)[-1]) / share**2, float(variance.scatter[-1]))
    factor = math.exp(_POINT * math.sqrt(math.log1p(relative)))
    ends = [_of_a_larger(share, times, float(variance.replicates[-1])) for times in (1 / factor, factor)]
    return min(ends[0], share - least), max(ends[1], share + least)


def _of_a_larger(share: float, times: float, replicates: float) -> float:
    """Share of the noise if its variance were so many times the estimate.

    The means of the configurations hold V + σ²/R: what the noise has more the settings have less.
    """
    left = max(1 - share + (1 - times) * share / replicates, 0.0)
    return times * share / (left + times * share)


def _variance(
    forms: Forms, share: Floats, whole: float, weights: Floats, noise: Noise, together: Correlation
) -> ShareVariance:
    if noise.source is not None:
        return _of_pooled(forms, share, whole, noise, together)
    size = noise.replicates
    is_noise = np.zeros(len(share))
    is_noise[-1] = 1
    own, everything = forms.gradient, forms.gradient[-2]
    rest = everything - own
    spread = np.sqrt(np.maximum(noise.of_means, 0) + noise.doubt)
    pairs_of = ((own, own), (own, rest), (rest, rest))
    linear = np.stack([together.covariance(one * spread, other * spread) for one, other in pairs_of])
    skew = np.stack([own, rest]) @ (weights * noise.skewness / size)
    pair = 2 * noise.fourth / (size * (size - 1))
    first = forms.diagonal - is_noise[:, None] * weights
    second = weights - forms.diagonal[-2]
    constant = np.diag(forms.spread) + first**2 @ pair
    crossed = 2 * (first @ (second * pair) - forms.spread[-2])
    pairs = np.stack([constant, crossed, np.full(len(share), forms.spread[-2, -2] + second**2 @ pair)])
    uncertain = max(float(weights**2 @ (noise.uncertainty - pair)), 0.0)
    held = weights * np.maximum(noise.local, 0)
    components = together.wild(held)
    uncertain *= float(held.sum()) ** 2 / components / max(float(held @ held), 1e-300)
    own_size = forms.value / whole
    return ShareVariance(
        share,
        is_noise,
        linear / whole**2,
        skew / whole**2,
        pairs / whole**2,
        np.full(len(share), uncertain / whole**2),
        own_size,
        own_size[-2] - own_size,
        1 - share[-1] * (1 - is_noise),
        *_unit(forms, noise, whole),
        np.full(len(share), 2 / (size - 1) / components),
        np.full(len(share), SMALLEST if noise.local.any() else 0.0),
        np.full(len(share), float(size)),
    )


def _of_pooled(
    forms: Forms, share: Floats, whole: float, noise: Noise, together: Correlation
) -> ShareVariance:
    """The same where one σ² of ν degrees of freedom is taken off everywhere, from no replicates.

    A form's noise is then not the cells' own: Var T = 4 Σ d g² + 2 d² tr(B²) + (tr(B) − Σ n)² 2 σ⁴/ν.
    """
    is_noise = np.zeros(len(share))
    is_noise[-1] = 1
    own, everything = forms.gradient, forms.gradient[-2]
    sd = np.sqrt(noise.of_means + noise.doubt)
    pairs_of = ((own, own), (own, everything - own), (everything - own, everything - own))
    linear = np.stack([together.covariance(one * sd, other * sd) for one, other in pairs_of])
    cells = 2 * (forms.diagonal * noise.local**2) @ forms.diagonal.T
    form = forms.spread + cells
    off, of_v = forms.diagonal.sum(axis=1) - is_noise, 1 - float(forms.diagonal[-2].sum())
    of_variance = 2 * float(noise.local[0]) ** 2 / noise.df
    pairs = np.stack(
        [
            np.diag(form) + off**2 * of_variance,
            2 * (off * of_v * of_variance - form[-2]),
            np.full(len(share), form[-2, -2] + of_v**2 * of_variance),
        ]
    )
    size, zeros = forms.value / whole, np.zeros(len(share))
    return ShareVariance(
        share,
        is_noise,
        linear / whole**2,
        np.zeros((2, len(share))),
        pairs / whole**2,
        zeros,
        size,
        size[-2] - size,
        1 - share[-1] * (1 - is_noise),
        *_unit(forms, noise, whole),
        np.full(len(share), 2 / noise.df),
        np.full(len(share), SMALLEST if noise.local.any() else 0.0),
        np.ones(len(share)),
    )


def _unit(forms: Forms, noise: Noise, whole: float) -> tuple[Floats, Floats]:
    """Noise of one degree of freedom, in shares, and degrees of freedom."""
    squared = np.diag(forms.spread) / 2 + forms.diagonal**2 @ noise.fourth / noise.replicates**2
    unit = _over(squared, forms.expected)
    return unit / whole, _over(forms.expected, unit)


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
