"""Tests of effects against the noise of the seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import scipy

from sensitivity.estimators.correlation import MOST
from sensitivity.estimators.noise import degrees_of_freedom

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.arrays import Floats
    from sensitivity.estimators.forms import Forms
    from sensitivity.estimators.noise import Noise


LIKELY: Final = 0.05
RARE: Final = 0.01  # below, `holm` over a handful of settings leaves it below `LIKELY`
TAIL: Final = 0.025  # outside one end of a 95 % interval
SMALLEST_PART: Final = 1e-3  # of the variance: below it nobody cares, and a grid without noise shows rounding


def box_tests(forms: Forms, noise: Noise, smallest: float) -> Floats:
    """Probability p of forms that are nothing but noise, shape (K,); NaN without noise or degrees of freedom.

    The test of Box (1954) in the form of Brunner, Dette & Munk (1997) for heteroscedastic factorials:
    F = mᵀA m / Σ A_cc d_c with d_c = σ̂_c²/R, and the degrees of freedom of an F distribution with the same
    mean and variance, ν₁ = (Σ A_cc d_c)² / tr(A D A D) and ν₂ of `degrees_of_freedom`. A pooled F test would
    take noise that lives in forty configurations for that of three thousand and reject far too often.

    However much deviates together, each further replicate leaves `MOST` degrees of freedom for how much noise
    there is, those of the interval of its share: with a single one, F has no end, and a setting with 98 %
    [74, 100] would pass for noise in four of ten sweeps of two replicates.

    Parameters
    ----------
    smallest
        Below this, a variance is rounding: responses can agree exactly where everything sits at the cap.
    """
    p = np.full(len(forms.value), np.nan)
    if not noise.known:
        return p
    found = f_ratios(forms, noise)
    varies = forms.diagonal.sum(axis=1) > 1e-12
    quiet = found.expected <= smallest
    p[varies & quiet] = np.where(forms.value[varies & quiet] > smallest, 0.0, 1.0)
    some = varies & ~quiet
    ratio = forms.value[some] / found.expected[some]
    p[some] = scipy.stats.f.sf(ratio, found.first[some], found.second[some])
    return p


@dataclass(frozen=True)
class Ratios:
    """What Box's test compares K forms with, each of shape (K,).

    Attributes
    ----------
    expected
        Forms of pure noise in the mean.
    first, second
        Degrees of freedom ν₁ of a form of pure noise and ν₂ of the noise.
    """

    expected: Floats
    first: Floats
    second: Floats


def f_ratios(forms: Forms, noise: Noise) -> Ratios:
    """What each form is divided by, and the degrees of freedom of the ratio: see `box_tests`."""
    # What `local` takes off for the block is its expected error, not the one that happened. Where a few wild
    # configurations make the block, that leaves quiet ones with no noise at all; their scatter is a bound.
    local = np.maximum(noise.local, noise.observed)
    expected = np.maximum(forms.diagonal @ (local / noise.counts + noise.doubt), forms.expected)
    squares = np.diag(forms.spread) / 2 + forms.diagonal**2 @ noise.fourth / noise.replicates**2
    first = np.maximum(expected**2 / np.where(squares > 0, squares, np.inf), 1)
    terms = forms.diagonal * local
    second = np.full(len(terms), float(noise.df))
    if noise.replicated:
        least = MOST * (noise.replicates - 1)
        second = np.minimum(degrees_of_freedom(terms, noise.replicates, noise.together, least), second)
    return Ratios(expected, first, second)


def least_noncentrality(ratio: float, first: float, second: float) -> float:
    """Lowest noncentrality λ that a ratio F of two mean squares allows, one-sided 2.5 %; 0 if none is needed.

    That at which a larger F has that probability, by halving (Smithson 2001, Educ. Psychol. Meas. 61).
    """
    low, high = 0.0, max(4 * ratio * first, 1.0)
    if scipy.stats.f.sf(ratio, first, second) >= TAIL:
        return 0.0
    for _ in range(60):
        middle = (low + high) / 2
        enough = 1 - scipy.special.ncfdtr(first, second, middle, ratio) < TAIL
        low, high = (middle, high) if enough else (low, middle)
    return low


def agreed(worlds: Sequence[Floats], forms: Forms) -> Floats:
    """Probability in all worlds of the noise, the largest; NaN where it is small in some only, shape (K,).

    Without replicates a thousandth of the variance is nothing.
    """
    if len(worlds) == 1:
        return worlds[0]
    largest, least = np.max(worlds, axis=0), np.min(worlds, axis=0)
    found: Floats = np.where((least < LIKELY) & (largest >= RARE), np.nan, largest)
    return np.where((forms.value < SMALLEST_PART * forms.value[-2]) & ~np.isnan(largest), 1.0, found)


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's step-down adjustment; NaN stays NaN and does not count as a test."""
    adjusted = [np.nan] * len(p_values)
    tested = sorted((p, place) for place, p in enumerate(p_values) if not np.isnan(p))
    largest = 0.0
    for rank, (p, place) in enumerate(tested):
        largest = max(largest, min(1.0, (len(tested) - rank) * p))
        adjusted[place] = largest
    return adjusted
