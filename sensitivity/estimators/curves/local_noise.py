"""The noise of the seed where it is: what replicates share, the deviation of the rest, and draws with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import stats

if TYPE_CHECKING:
    import numpy.typing as npt

    from sensitivity.arrays import Floats, Integers

POOLED_DF: Final = 24
TRIMMED: Final = 0.25


def by_configuration(response: Floats, replicate: Integers, configuration: Integers) -> Floats:
    """Responses as a table of shape (C, R), NaN where there is no trial."""
    _, column = np.unique(replicate, return_inverse=True)
    values = np.full((int(configuration.max(initial=-1)) + 1, int(column.max(initial=-1)) + 1), np.nan)
    values[configuration, column] = response
    return values


def shared_shift(values: Floats, capped: npt.NDArray[np.bool_]) -> Floats:
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
    middle = stats.trim_mean(used - used.mean(axis=1, keepdims=True), TRIMMED, axis=0)
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
        Widened by the ratio of the 97.5 % points of t and normal (5 % at 24 degrees of freedom), so that
        normal draws give fair intervals. NaN throughout where no configuration has two replicates.
    """
    present = np.isfinite(values)
    counts = present.sum(axis=1)
    means = np.where(present, values, 0.0).sum(axis=1) / np.maximum(counts, 1)
    squares = np.where(present, (values - means[:, None]) ** 2, 0.0).sum(axis=1)
    df = np.maximum(counts - 1, 0)
    if df.sum() < 1:
        return np.full(len(values), np.nan)
    half = int(np.ceil(POOLED_DF / 2 / df.mean()))
    order = np.argsort(means, kind="stable")
    first = np.clip(np.arange(len(values)) - half, 0, max(len(values) - 2 * half - 1, 0))
    last = np.minimum(first + 2 * half + 1, len(values))
    square_sums = np.append(0.0, np.cumsum(squares[order]))
    df_sums = np.append(0, np.cumsum(df[order]))
    inside = np.maximum(square_sums[last] - square_sums[first], 0.0)
    pooled = np.maximum(df_sums[last] - df_sums[first], 1)
    lost = len(values) / max(len(values) - 1, 1)  # what the replicates share has taken degrees of freedom
    sd = np.empty(len(values))
    sd[order] = np.sqrt(inside / pooled * lost) * _widening(pooled)
    return sd


def _widening(df: Integers) -> Floats:
    """How much wider a 95 % interval of a t distribution is than a normal one: the deviation is estimated."""
    ratio: Floats = stats.t.ppf(0.975, np.maximum(df, 2)) / stats.norm.ppf(0.975)
    return ratio


def stabilised(means: Floats, sd: Floats, noise: Floats) -> Floats:
    """Means moved by ``noise`` standard deviations along the scale on which the deviation is 1.

    Parameters
    ----------
    means, sd
        Shape (C,).
    noise
        Shape (draws, C), in standard deviations.

    Returns
    -------
    Array, shape (draws, C)
        g⁻¹(g(mean) + noise), g' = 1/σ by the trapezoid rule between neighbouring means; below the lowest and
        above the highest mean the deviation stays as it is there.
    """
    order = np.argsort(means, kind="stable")
    m, s = means[order], np.maximum(sd[order], 1e-9 * max(float(np.ptp(means)), 1e-300))
    g = np.concatenate([[0.0], np.cumsum(np.diff(m) / ((s[1:] + s[:-1]) / 2))])
    of = np.empty_like(g)
    of[order] = g
    moved = of + noise
    drawn = np.interp(moved, g, m)
    drawn += np.minimum(moved - g[0], 0.0) * s[0] + np.maximum(moved - g[-1], 0.0) * s[-1]
    return drawn
