"""The noise of the seed, the block of the replicate, and tests of effects against the noise.

Model: y_cr = μ + f(c) + b_r + ε_cr. The replicate's effect b_r is shared by all
configurations (same split, initial weights and minibatch order); ε is the noise effects are judged by. Its
variance σ_c² may differ from configuration to configuration, and does: on the default sweep one
configuration in a hundred, at the edge of divergence, holds four fifths of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from sensitivity.estimators.correlation import correlation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.arrays import Floats, Integers
    from sensitivity.estimators.cells import CellTable
    from sensitivity.estimators.correlation import Correlation
    from sensitivity.estimators.forms import Forms


@dataclass(frozen=True)
class Noise:
    """Noise of a balanced table.

    Attributes
    ----------
    replicates, df
        R, and (C − 1)(R − 1); with ``df`` 0 there were no replicates and nothing is known of the noise.
    replicate
        σ_b², unclipped, so it may be negative; NaN without replicates.
    local
        σ_c² of each configuration, shape (C,): a poor estimate each, unbiased in any sum over many of them;
        zeros without replicates, so that nothing is taken off.
    observed
        Scatter of each configuration about its mean and the block, shape (C,), nothing taken off.
    skewness
        Third cumulant of ε, shape (C,); zeros where R < 3 cannot tell.
    together
        How the deviations of the configurations resemble each other; None without replicates.
    uncertainty
        Variance of each σ̂_c², shape (C,). From R = 4 on it is estimated without assuming a distribution.
        Two or three replicates cannot tell a heavy tail from a σ_c² that varies: then E σ̂_c⁴, the most it
        can be (training that diverges with one seed in a hundred comes close).
    """

    replicates: int
    df: int
    replicate: float
    local: Floats
    observed: Floats
    skewness: Floats
    uncertainty: Floats
    together: Correlation | None

    @property
    def known(self) -> bool:
        """Whether there were replicates to estimate it from."""
        return self.df > 0

    @property
    def fourth(self) -> Floats:
        """Estimate of σ_c⁴, shape (C,): for normal ε, E σ̂_c⁴ = σ_c⁴ (R + 1)/(R − 1)."""
        power: Floats = self.local**2 * (self.replicates - 1) / (self.replicates + 1)
        return power


def estimate(table: CellTable, index: Integers | None = None) -> Noise:
    """Noise of a balanced table; its index where that is known already.

    σ̂² = Σ (y_cr − ȳ_c. − ȳ_.r + ȳ)² / ((C − 1)(R − 1)); σ̂_b² = Var_r(ȳ_.r) − σ̂²/C with the sample variance.
    Locally, s_c = Σ_r (…)² / (R − 1) has the mean σ_c² (1 − 2/C) + σ²/C, which is solved for σ_c².
    """
    values = table.values
    configurations, replicates = values.shape
    df, zeros = (configurations - 1) * (replicates - 1), np.zeros(configurations)
    if df < 1:
        return Noise(replicates, 0, np.nan, zeros, zeros, zeros, zeros, None)
    block = values.mean(axis=0) - values.mean()
    residual = values - values.mean(axis=1, keepdims=True) - block
    seed = float((residual**2).sum() / df)
    local = np.full(configurations, seed)
    spread = (residual**2).sum(axis=1) / (replicates - 1)
    if configurations > 2:
        local = (spread - seed / configurations) / (1 - 2 / configurations)
    third, uncertainty = _higher_moments(residual, local)
    replicate = float(np.var(block, ddof=1)) - seed / configurations
    together = correlation(table, table.index() if index is None else index)
    return Noise(replicates, df, replicate, local, spread, third, uncertainty, together)


def _higher_moments(residual: Floats, local: Floats) -> tuple[Floats, Floats]:
    """Third k-statistic, and variance of σ̂_c²: (2 R k₂² + (R − 1) k₄) / (R (R + 1)) (Kendall & Stuart)."""
    n = residual.shape[1]
    third = np.zeros_like(local) if n < 3 else n * (residual**3).sum(axis=1) / ((n - 1) * (n - 2))
    if n < 4:
        return third, local**2
    s2, s4 = (residual**2).sum(axis=1), (residual**4).sum(axis=1)
    k4 = (n * (n + 1) * s4 - 3 * (n - 1) * s2**2) * n / (n * (n - 1) * (n - 2) * (n - 3))
    return third, (2 * n * local**2 + (n - 1) * k4) / (n * (n + 1))


def degrees_of_freedom(terms: Floats, replicates: int, together: Correlation | None = None) -> Floats:
    """Satterthwaite's degrees of freedom of a sum over configurations, erring on the small side.

    Parameters
    ----------
    terms
        Summands proportional to σ̂_c², not negative, shape (K, C).
    together
        What deviates together counts once: at most R − 1 times the effective number of deviations.

    Notes
    -----
    The variance of a term l_c is 2 l_c²/(R − 1), estimated by 2 l̂_c²/(R + 1): (Σ l)² (R + 1) / Σ l² degrees.
    But where the noisiest configurations happen to look quiet this reads high just when the width is small;
    half of it less one, at least 1.5, is what holds the coverage in simulation (``test_factorial_coverage``).
    """
    squares = (terms**2).sum(axis=-1)
    found = terms.sum(axis=-1) ** 2 * (replicates + 1) / np.where(squares > 0, squares, 1)
    degrees: Floats = np.where(squares > 0, np.maximum(found / 2 - 1, 1.5), np.inf)
    if together is None:
        return degrees
    return np.minimum(degrees, (replicates - 1) * together.components(terms))


def box_tests(forms: Forms, noise: Noise, smallest: float) -> Floats:
    """Probability p of forms that are nothing but noise, shape (K,); NaN without noise or degrees of freedom.

    The test of Box (1954) in the form of Brunner, Dette & Munk (1997) for heteroscedastic factorials:
    F = mᵀA m / Σ A_cc d_c with d_c = σ̂_c²/R, and the degrees of freedom of an F distribution with the same
    mean and variance, ν₁ = (Σ A_cc d_c)² / tr(A D A D) and ν₂ of `degrees_of_freedom`. A pooled F test would
    take noise that lives in forty configurations for that of three thousand and reject far too often.

    Parameters
    ----------
    smallest
        Below this, a variance is rounding: responses can agree exactly where everything sits at the cap.
    """
    p = np.full(len(forms.value), np.nan)
    varies = forms.diagonal.sum(axis=1) > 1e-12
    if not noise.known:
        return p
    # What `local` takes off for the block is its expected error, not the one that happened. Where a few wild
    # configurations make the block, that leaves quiet ones with no noise at all; their scatter is a bound.
    local = np.maximum(noise.local, noise.observed)
    expected = np.maximum(forms.diagonal @ local / noise.replicates, forms.expected)
    squares = forms.diagonal**2 @ noise.fourth / noise.replicates**2
    quiet = expected <= smallest
    p[varies & quiet] = np.where(forms.value[varies & quiet] > smallest, 0.0, 1.0)
    some = varies & ~quiet
    first = expected[some] ** 2 / (np.diag(forms.spread)[some] / 2 + squares[some])
    terms = forms.diagonal[some] * local
    second = np.minimum(degrees_of_freedom(terms, noise.replicates, noise.together), noise.df)
    p[some] = stats.f.sf(forms.value[some] / expected[some], np.maximum(first, 1), second)
    return p


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's step-down adjustment; NaN stays NaN and does not count as a test."""
    adjusted = [np.nan] * len(p_values)
    tested = sorted((p, place) for place, p in enumerate(p_values) if not np.isnan(p))
    largest = 0.0
    for rank, (p, place) in enumerate(tested):
        largest = max(largest, min(1.0, (len(tested) - rank) * p))
        adjusted[place] = largest
    return adjusted
