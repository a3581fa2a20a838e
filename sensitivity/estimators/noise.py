"""The one estimate of the noise of the seed, and of the block of the replicate.

Model: y_cr = μ + f(c) + b_r + ε_cr. The replicate's effect b_r is shared by all
configurations (same split, initial weights and minibatch order); ε is the noise effects are judged by. Its
variance σ_c² may differ from configuration to configuration, and does: on the default sweep one
configuration in a hundred, at the edge of divergence, holds four fifths of it.

What is wanted of it differs, and has different names. `estimate`: σ_c² of each configuration of a balanced
table, unbiased in sums over many (`unbiased`), for shares of variance. `local_sd`: a standard deviation that
is good for each configuration by itself, pooled over those of nearly the same mean, for draws of what another
seed would give; `shared_shift`: the block as no wild configuration can rule it, for comparisons. Means and
one pooled σ² of any table, with gaps: `sensitivity.estimators.two_way`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import scipy

from sensitivity.estimators import effects as e
from sensitivity.estimators.alike import most_alike
from sensitivity.estimators.cells import cell_table
from sensitivity.estimators.correlation import assumed, correlation
from sensitivity.estimators.holes import corner
from sensitivity.estimators.identical import repeating
from sensitivity.estimators.unreplicated import LIKELY_ALIKE, MOST_ALIKE, quiet, unreplicated

if TYPE_CHECKING:
    from sensitivity.arrays import Floats, Integers, Mask
    from sensitivity.estimators.cells import CellTable
    from sensitivity.estimators.correlation import Correlation
    from sensitivity.remarks import Said
    from sensitivity.study import Study

POOLED_DF: Final = 24
TRIMMED: Final = 0.25


@dataclass(frozen=True)
class Noise:
    """Noise of a balanced table.

    Attributes
    ----------
    replicates, df
        R, and (C − 1)(R − 1); with ``df`` 0 nothing is known of the noise.
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
    counts, doubt
        Replicates R_c of each configuration, infinite for one that was predicted, and the mean square by
        which that one may be wrong, shape (C,): a mean has a variance of σ_c²/R_c + doubt.
    source
        What one σ² for all was estimated from, for want of replicates, or why none was; else None.
    worlds
        Without replicates, the same where neighbours share nothing of it and where they share most.
    quiet
        Without replicates, the same without what a few cliffs add; intervals span it, tests do not.
    """

    replicates: int
    df: float
    replicate: float
    local: Floats
    observed: Floats
    skewness: Floats
    uncertainty: Floats
    together: Correlation | None
    counts: Floats
    doubt: Floats
    source: Said | None = None
    worlds: tuple[Noise, ...] = ()
    quiet: Noise | None = None

    @property
    def of_means(self) -> Floats:
        """What the noise adds to a variance through the mean of each configuration, σ̂_c²/R_c, shape (C,)."""
        added: Floats = self.local / self.counts
        return added

    @property
    def replicated(self) -> bool:
        """Whether there were replicates to estimate it from."""
        return self.known and self.source is None

    @property
    def known(self) -> bool:
        """Whether there is an estimate of it."""
        return self.df > 0

    @property
    def fourth(self) -> Floats:
        """Estimate of σ_c⁴, shape (C,): for normal ε, E σ̂_c⁴ = σ_c⁴ (R + 1)/(R − 1)."""
        if self.source is not None:
            return self.local**2 * self.df / (self.df + 2)
        power: Floats = self.local**2 * (self.replicates - 1) / (self.replicates + 1)
        return power


def estimate(table: CellTable, index: Integers | None = None) -> Noise:
    """Noise of a balanced table; its index where that is known already.

    σ̂² = Σ (y_cr − ȳ_c. − ȳ_.r + ȳ)² / ((C − 1)(R − 1)); σ̂_b² = Var_r(ȳ_.r) − σ̂²/C with the sample variance.
    Locally, s_c = Σ_r (…)² / (R − 1), see `unbiased`. A prediction is in doubt by as much as a mean at least.
    """
    values = table.values
    configurations, replicates = values.shape
    df, zeros = (configurations - 1) * (replicates - 1), np.zeros(configurations)
    counts = np.where(table.counts > 0, table.counts, np.inf)
    index = table.index() if index is None else index
    why = _not_told(table)
    most = most_alike(table, MOST_ALIKE) if replicates == 1 else 0.0
    if replicates == 1 and not why and (found := _pooled(table, index, min(LIKELY_ALIKE, most))):
        worlds = [_pooled(table, index, alike) or found for alike in (0.0, most)]
        usual = np.minimum(worlds[0].local, quiet(table))
        least = replace(worlds[0], local=usual, observed=usual)
        return replace(found, worlds=tuple(worlds), quiet=least)
    df -= int((~table.present).sum())
    if df < 1 or why:
        return Noise(replicates, 0, np.nan, zeros, zeros, zeros, zeros, None, counts, table.doubt, why)
    block = values.mean(axis=0) - values.mean()
    residual = values - values.mean(axis=1, keepdims=True) - block
    spread = scatter(residual, table.present)
    local = unbiased(spread)
    third, uncertainty = _higher_moments(residual, local)
    replicate = float(np.var(block, ddof=1)) - float(spread.sum()) / (configurations - 1) / configurations
    together = correlation(table, index)
    doubt = np.maximum(table.doubt, (table.counts == 0) * max(float(local.mean()), 0.0) / replicates)
    return Noise(replicates, df, replicate, local, spread, third, uncertainty, together, counts, doubt)


def _not_told(table: CellTable) -> Said | None:
    """Why nothing can be told from the noise, if so."""
    if corner(table):
        return e.CORNER()
    name = repeating(table) if table.replicates == 1 else None
    return e.REPEATED(name) if name else None


def _pooled(table: CellTable, index: Integers, alike: float) -> Noise | None:
    """One σ² for all configurations, from no replicates; neighbours correlate by ``alike``."""
    found = unreplicated(table, alike)
    if found is None:
        return None
    local, zeros = np.full(len(table.configurations), found.variance), np.zeros(len(table.configurations))
    counts = np.where(table.counts > 0, 1.0, np.inf)
    near = assumed(table, index, alike)
    doubt = np.maximum(table.doubt, (table.counts == 0) * local)
    return Noise(1, found.df, np.nan, local, local, zeros, zeros, near, counts, doubt, found.source)


def factorial_noise(study: Study) -> Noise | None:
    """Noise of the study's factorial, made once for all who ask; None where it is none."""
    return study.once(_factorial_noise)


def _factorial_noise(study: Study) -> Noise | None:
    table = cell_table(study)
    return None if table is None else estimate(table)


def unbiased(spread: Floats) -> Floats:
    """σ_c² from the scatter s_c of each configuration about its mean and the block, shape (C, …).

    E s_c = σ_c² (1 − 2/C) + σ²/C: what the means of configurations and replicates have taken is given back.
    Of two configurations both have the scatter that they have together.
    """
    count = len(spread)
    seed = spread.sum(axis=0) / max(count - 1, 1)
    if count <= 2:
        return np.broadcast_to(seed, spread.shape).copy()
    local: Floats = (spread - seed / count) / (1 - 2 / count)
    return local


def scatter(residual: Floats, present: Mask) -> Floats:
    """Mean square of what is left of each configuration's trials, shape (C, R, …) → (C, …).

    A trial that was filled has nothing left. A configuration with fewer than two has the mean of the others.
    """
    counts = present.sum(axis=1)
    squares: Floats = (residual**2).sum(axis=1)
    shape = (-1, *[1] * (squares.ndim - 1))
    found: Floats = squares / np.maximum(counts - 1, 1).reshape(shape)
    able = counts > 1
    return np.where(able.reshape(shape), found, found[able].mean(axis=0)) if able.any() else found


def local_variances(values: Floats, present: Mask) -> Floats:
    """σ_c² of each configuration for K responses, shape (C, R, K) → (C, K); NaN for R = 1. See `estimate`."""
    configurations, replicates = values.shape[:2]
    if (configurations - 1) * (replicates - 1) < 1:
        return np.full((configurations, values.shape[2]), np.nan)
    residual = values - values.mean(axis=1, keepdims=True) - values.mean(axis=0) + values.mean(axis=(0, 1))
    return unbiased(scatter(residual, present))


def _higher_moments(residual: Floats, local: Floats) -> tuple[Floats, Floats]:
    """Third k-statistic, and variance of σ̂_c²: (2 R k₂² + (R − 1) k₄) / (R (R + 1)) (Kendall & Stuart)."""
    n = residual.shape[1]
    third = np.zeros_like(local) if n < 3 else n * (residual**3).sum(axis=1) / ((n - 1) * (n - 2))
    if n < 4:
        return third, local**2
    s2, s4 = (residual**2).sum(axis=1), (residual**4).sum(axis=1)
    k4 = (n * (n + 1) * s4 - 3 * (n - 1) * s2**2) * n / (n * (n - 1) * (n - 2) * (n - 3))
    return third, (2 * n * local**2 + (n - 1) * k4) / (n * (n + 1))


def degrees_of_freedom(
    terms: Floats, replicates: int, together: Correlation | None = None, least: float = 1.0
) -> Floats:
    """Satterthwaite's degrees of freedom of a sum over configurations, erring on the small side.

    Parameters
    ----------
    terms
        Summands proportional to σ̂_c², not negative, shape (K, C).
    together
        What deviates together counts once: at most R − 1 times the effective number of deviations.
    least
        The fewest that what deviates together leaves.

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
    # The correlation itself is estimated: two thirds of it is what holds the coverage in simulation.
    return np.minimum(degrees, np.maximum((replicates - 1) * together.components(terms) * 2 / 3, least))


def shared_shift(values: Floats, capped: Mask) -> Floats:
    """Shift b_r of each replicate that all configurations share: y_cr = f(c) + b_r + ε_cr.

    The mean of the middle half of y_cr − ȳ_c over configurations. Replicates are exchangeable, so this is
    consistent whatever the noise of each configuration. A plain mean is too, but a few configurations at the
    edge of divergence rule it: their luck, taken off everywhere, would pass for noise where there is little.
    (Weights 1/σ_c² would need a σ_c² of each configuration, which two replicates do not give.)

    Parameters
    ----------
    values
        Responses, shape (C, R), NaN where missing; only configurations with all replicates are looked at.
    capped
        Configurations with a trial at the cap, shape (C,). No shift moves it; they are left out where two
        others remain.

    Returns
    -------
    Array, shape (R,)
        Sum 0; zeros where no configuration has all replicates.
    """
    complete = np.isfinite(values).all(axis=1)
    steady = complete & ~capped
    used = values[steady if steady.sum() > 1 else complete]
    if not len(used):
        return np.zeros(values.shape[1])
    middle = scipy.stats.trim_mean(used - used.mean(axis=1, keepdims=True), TRIMMED, axis=0)
    shift: Floats = middle - middle.mean()
    return shift


def local_sd(values: Floats) -> Floats:
    """Standard deviation of one trial, pooled over configurations of nearly the same mean.

    Variances of configurations neighbouring in the order of their means are pooled until some 24 degrees of
    freedom are together (relative standard error of the variance 29 %).

    Parameters
    ----------
    values
        Shape (C, R), NaN where missing.

    Returns
    -------
    Array, shape (C,)
        Widened (`widening`; 5 % at 24 degrees of freedom). NaN where no configuration has two replicates.
    """
    present = np.isfinite(values)
    counts = present.sum(axis=1)
    means = np.where(present, values, 0.0).sum(axis=1) / np.maximum(counts, 1)
    squares = np.where(present, (values - means[:, None]) ** 2, 0.0).sum(axis=1)
    df = np.maximum(counts - 1, 0)
    if not df.any():
        return np.full(len(values), np.nan)
    half = int(np.ceil(POOLED_DF / 2 / df.mean()))
    order = np.argsort(means, kind="stable")
    first = np.clip(np.arange(len(values)) - half, 0, max(len(values) - 2 * half - 1, 0))
    last = np.minimum(first + 2 * half + 1, len(values))
    square_sums = np.append(0.0, np.cumsum(squares[order]))
    df_sums = np.append(0, np.cumsum(df[order]))
    inside = np.maximum(square_sums[last] - square_sums[first], 0.0)
    pooled = np.maximum(df_sums[last] - df_sums[first], 1)
    sd, lost = np.empty(len(values)), len(values) / max(len(values) - 1, 1)  # what the replicates share
    sd[order] = np.sqrt(inside / pooled * lost) * widening(pooled)
    return sd


def widening(df: Floats | Integers | float) -> Floats:
    """How much wider a 95 % interval of a t distribution is than a normal one: the deviation is estimated."""
    found: Floats = scipy.stats.t.ppf(0.975, np.maximum(df, 2)) / scipy.stats.norm.ppf(0.975)
    return found
