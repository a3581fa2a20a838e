"""Variance of T(S₀) = Q̂ − S₀ V̂_y for shares of a factorial; formulas: `sensitivity.estimators.intervals`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sensitivity.arrays import Floats
    from sensitivity.estimators.correlation import Correlation
    from sensitivity.estimators.forms import Forms
    from sensitivity.estimators.noise import Noise

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
        own = (1 - share) * np.sqrt(over(share, self.own_size))
        rest = share * np.sqrt(over(self.rest_share - share, self.rest_size))
        weight = self.own_noise - share
        linear = own**2 * self.linear[0] - 2 * own * rest * self.linear[1] + rest**2 * self.linear[2]
        skew = weight * (own * self.skew[0] - rest * self.skew[1])
        pairs = self.pairs[0] + share * self.pairs[1] + share**2 * self.pairs[2]
        level = np.where(self.own_noise > 0, over(share, self.estimate), 1.0)
        widest = 4 * level * np.maximum(linear, linear + skew)
        # A difference of estimates can come out below 0, which no variance is.
        variance: Floats = np.maximum(widest + level**2 * (pairs + weight**2 * self.uncertain), 0.0)
        return variance

    def skewness(self, share: Floats, variance: Floats) -> Floats:
        """Skewness of T(S₀): (1 − S₀)³ (8 κ³ ν + 24 κ_f² S₀) / Var^(3/2), shape (K,).

        The third cumulant of a noncentral χ²_ν in units of κ, but with the noise κ_f where the effect is. At
        most that of χ² with one degree of freedom.
        """
        where = over(self.linear[0], self.own_size)
        third = 8 * self.unit**3 * self.degrees + 24 * where**2 * np.maximum(share, 0)
        third = third * np.clip(1 - share, 0, 1) ** 3
        skewness: Floats = np.minimum(over(third, variance**1.5), math.sqrt(8))
        return skewness


def over(share: Floats, size: Floats) -> Floats:
    """Quotient of what is not negative; 0 where there is nothing to divide by."""
    quotient: Floats = np.where(size > 0, np.maximum(share, 0) / np.where(size > 0, size, 1), 0)
    return quotient


def variance_of(
    forms: Forms, share: Floats, whole: float, weights: Floats, noise: Noise, together: Correlation
) -> ShareVariance:
    """Var T(S₀) of K shares from their forms, the last but one being V and the last the noise."""
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

    A form's noise is then not the cells' own: Var T = 4 gᵀΣg + 2 tr(BΣBΣ) + (tr(BΣ)/σ² − Σ n)² 2 σ⁴/ν.
    """
    is_noise = np.zeros(len(share))
    is_noise[-1] = 1
    own, everything = forms.gradient, forms.gradient[-2]
    sd = np.sqrt(noise.of_means + noise.doubt)
    pairs_of = ((own, own), (own, everything - own), (everything - own, everything - own))
    linear = np.stack([together.covariance(one * sd, other * sd) for one, other in pairs_of])
    cells = 2 * (forms.diagonal * noise.local**2) @ forms.diagonal.T
    form = forms.spread + cells
    taken = over(forms.expected, float(noise.local[0]) * np.ones(len(share)))
    off, of_v = taken - is_noise, 1 - float(taken[-2])
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
    unit = over(squared, forms.expected)
    return unit / whole, over(forms.expected, unit)
