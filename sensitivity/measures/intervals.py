"""Intervals of variance shares of a factorial: score intervals, without resampling.

A share is S = Q / V_y, Q a quadratic form in the cell means less the noise's own contribution. S₀ belongs to
the interval when T(S₀) = Q̂ − S₀ V̂_y is within t standard deviations of 0, the standard deviation being the
one *that S₀ would have* (as in Wilson's interval of a proportion). With B = A − S₀ A_V, g = B f, d_c = σ_c²/R,

    Var T(S₀) = 4 Σ d_c g_c² + 2 Σ_{c≠c'} B_cc'² d_c d_c' + Σ (B_cc − n_c)² 2σ_c⁴/(R(R−1))
                + Σ n_c² Var(q_c) + 4 Σ g_c n_c κ₃c / R

where n_c = −S₀ w_c (for the noise's own share (1 − S₀) w_c) is the weight of σ̂_c² in T beyond the correction
of Q, q_c the mean square of ε and κ₃ its third cumulant. The effects that S₀ would have are the estimated
ones, stretched: f₀ = α f_own + β f_rest with the sizes that give the shares S₀ and 1 − N − S₀.

Why not the others: the noncentral F interval needs one σ² for all configurations; a bootstrap over two
replicates has three outcomes; one over configurations asks about another grid; Wald's interval (the variance
taken at Ŝ) misses small effects of few degrees of freedom. Their simulated coverage:
``tests/sensitivity/test_factorial_coverage.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

if TYPE_CHECKING:
    from sensitivity.measures.cells import Floats
    from sensitivity.measures.forms import Forms
    from sensitivity.measures.noise import Noise

LEVEL = 0.95
_HALVINGS = 40


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
        Σ w_c² Var(q_c) / V_y².
    own_size, rest_size
        What own and rest make up in the noisy means: shares for which α = β = 1, shape (K,).
    rest_share
        Share of own and rest together: 1 − N, or 1 for the noise's own.
    """

    estimate: Floats
    own_noise: Floats
    linear: Floats
    skew: Floats
    pairs: Floats
    uncertain: float
    own_size: Floats
    rest_size: Floats
    rest_share: Floats

    def at(self, share: Floats) -> Floats:
        """Var T(S₀) / V_y² at S₀ = ``share``, shape (K,)."""
        own = (1 - share) * np.sqrt(_ratio(share, self.own_size))
        rest = share * np.sqrt(_ratio(self.rest_share - share, self.rest_size))
        weight = self.own_noise - share
        linear = own**2 * self.linear[0] - 2 * own * rest * self.linear[1] + rest**2 * self.linear[2]
        skew = weight * (own * self.skew[0] - rest * self.skew[1])
        pairs = self.pairs[0] + share * self.pairs[1] + share**2 * self.pairs[2]
        return np.maximum(4 * linear, 4 * (linear + skew)) + pairs + weight**2 * self.uncertain


def _ratio(share: Floats, size: Floats) -> Floats:
    return np.where(size > 0, np.maximum(share, 0) / np.where(size > 0, size, 1), 0)


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
    if not noise.known:
        return np.full(len(share), np.nan), np.full(len(share), np.nan)
    variance = _variance(forms, share, whole, weights, noise)
    quantile = stats.t.ppf((1 + LEVEL) / 2, _degrees(forms, share, whole, weights, noise))
    return _end(variance, quantile, -1.0), _end(variance, quantile, 1.0)


def _variance(forms: Forms, share: Floats, whole: float, weights: Floats, noise: Noise) -> ShareVariance:
    size, local = noise.replicates, np.maximum(noise.local, 0)
    is_noise = np.zeros(len(share))
    is_noise[-1] = 1
    own, everything = forms.gradient, forms.gradient[-2]
    rest = everything - own
    mean_variance = local / size
    linear = np.stack([(own**2) @ mean_variance, (own * rest) @ mean_variance, (rest**2) @ mean_variance])
    skew = np.stack([own, rest]) @ (weights * noise.skewness / size)
    pair = 2 * noise.fourth / (size * (size - 1))
    first = forms.diagonal - is_noise[:, None] * weights
    second = weights - forms.diagonal[-2]
    crossed = forms.spread[-2]
    pairs = np.stack(
        [
            np.diag(forms.spread) + first**2 @ pair,
            -2 * crossed + 2 * first @ (second * pair),
            np.full(len(share), crossed[-2] + second**2 @ pair),
        ]
    )
    uncertain = max(float(weights**2 @ (noise.uncertainty - pair)), 0.0)
    own_size = forms.value / whole
    return ShareVariance(
        share,
        is_noise,
        linear / whole**2,
        skew / whole**2,
        pairs / whole**2,
        uncertain / whole**2,
        own_size,
        own_size[-2] - own_size,
        1 - share[-1] * (1 - is_noise),
    )


def _degrees(forms: Forms, share: Floats, whole: float, weights: Floats, noise: Noise) -> Floats:
    """Degrees of freedom of Var T(Ŝ) by Satterthwaite: few where few configurations hold the noise.

    A term l_c ∝ σ̂_c² has the variance 2 l_c²/(R − 1), estimated by 2 l̂_c²/(R + 1).
    """
    gradient = forms.gradient - share[:, None] * forms.gradient[-2]
    terms = 4 * gradient**2 * np.maximum(noise.local, 0) / noise.replicates
    total = terms.sum(axis=1)
    squares = (terms**2).sum(axis=1)
    found = np.where(squares > 0, total**2 * (noise.replicates + 1) / np.where(squares > 0, squares, 1), np.inf)
    return np.maximum(found - 2, 1)


def _end(variance: ShareVariance, quantile: Floats, side: float) -> Floats:
    """Far end S₀ on one side where |Ŝ − S₀| = t √Var T(S₀) / V_y, by halving."""
    inner = np.zeros_like(variance.estimate)
    outer = np.full_like(inner, 2.0)
    for _ in range(_HALVINGS):
        middle = (inner + outer) / 2
        inside = middle <= quantile * np.sqrt(variance.at(variance.estimate + side * middle))
        inner, outer = np.where(inside, middle, inner), np.where(inside, outer, middle)
    return variance.estimate + side * inner
