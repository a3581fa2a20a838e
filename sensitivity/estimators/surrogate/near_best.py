"""A surrogate of the response on a scale that is fine near the best: for minima, medians and thresholds.

A share of variance is about the whole range of responses, and where training diverges that is where its
variance is: the surrogate of the ranking sees the cliff and blurs the bottom. What can be reached, and how
far a setting may miss it, is about the bottom. Minima, medians and comparisons with a threshold stay what
they are on any ascending scale, so the surrogate behind them is fitted on

    g(y) = log(1 + (y − y_min) / δ),    δ = (median y − y_min) / 10,

at least the step from the lowest response to the next (an error rate of 36 samples has such steps):
linear below the tolerance, which is a tenth of the way from the best to the median, logarithmic above it. On
simulated sweeps with a cliff (256 Sobol trials, ``test_virtual_grid``) q² rises from 0.75 to 0.88, and the
error of tolerances is 0.24 of the range: 0.57 on the plain scale, 0.40 for the best of the trials in bins.
There and on real sweeps the Gaussian process has the largest q² of all kinds on this scale, or nearly; it is
the only one that knows how well it knows, so no other is tried.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from threadpoolctl import threadpool_limits

from sensitivity.estimators.surrogate.placed import placed_study
from sensitivity.estimators.surrogate.selection import PROCESS, Draws, best_surrogate

if TYPE_CHECKING:
    from sensitivity.arrays import Floats
    from sensitivity.estimators.surrogate.encoding import Encoding, Points
    from sensitivity.estimators.surrogate.gaussian_process import GaussianProcess
    from sensitivity.estimators.surrogate.observed import Observed
    from sensitivity.study import Study

TENTH: Final = 0.1
BEND: Final = 0.1
QUARTER: Final = 0.25
WITHIN_ONE_SD: Final = 0.683
# Deviations of the posterior are widened: it takes the kernel for known and for smooth, which a cliff is not.
# By simulation (test_virtual_grid): 1.0 covers 66 to 100 % of the truths by measure, 1.35 covers 84 to 99 %.
WIDENED: Final = 1.35


@dataclass(frozen=True)
class NearBest:
    """The scale g: its lowest response and the unit δ."""

    low: float
    unit: float

    @classmethod
    def of(cls, response: Floats) -> NearBest:
        """Scale of responses; δ from the largest where the median is the lowest, 1 where all are equal."""
        low, middle, high = (float(v) for v in np.quantile(response, [0.0, 0.5, 1.0]))
        if high == low:
            return cls(low, 1.0)
        step = float(response[response > low].min()) - low
        return cls(low, max(TENTH * ((middle if middle > low else high) - low), step))

    def up(self, response: Floats) -> Floats:
        """g(y), any shape; all y at least the lowest."""
        found: Floats = np.log1p((response - self.low) / self.unit)
        return found

    def down(self, scaled: Floats) -> Floats:
        """g⁻¹, any shape; bent near 0, so that nothing is predicted better than the best that was observed.

        An error rate cannot be negative, and a smooth surface does not know.
        """
        found: Floats = self.low + self.unit * np.expm1(BEND * np.logaddexp(0.0, scaled / BEND))
        return found


@dataclass(frozen=True)
class Surface:
    """The response expected of any configuration, and how well it is known.

    Attributes
    ----------
    encoding
        The space as coordinates.
    scale, process
        The Gaussian process of all draws, on the scale g.
    q2, error
        Its cross-validated q² there, and the standard error.
    missed
        What it misses of configurations that it predicts to be good, see `missed_near_best`.
    """

    encoding: Encoding
    scale: NearBest
    process: GaussianProcess
    q2: float
    error: float
    missed: float

    def predict(self, points: Points) -> Floats:
        """Response expected at each point, shape (N,)."""
        return self.scale.down(self.process.predict(points))

    def draws(self, points: Points, count: int) -> Floats:
        """Surfaces that agree with the trials, shape (count, N); always the same ones."""
        deviations = self.process.deviations(points, count)
        return self.scale.down(self.process.predict(points) + WIDENED * deviations)


def surface(study: Study) -> Surface | None:
    """Surface of the study's value; None where a surrogate does not explain anything.

    As for shares of variance (`Components.fits`), it does where q² exceeds twice its standard error.
    """
    with threadpool_limits(1):  # matrices this small only lose by threads
        placed = study.once(placed_study)
        if placed.excuse is not None:
            return None
        mean = placed.observed.mean
        scale = NearBest.of(mean)
        fitted = best_surrogate(Draws.of(placed, scale.up(mean)), [PROCESS])
    q2 = fitted.q2[PROCESS]
    if q2 <= 2 * fitted.error:
        return None
    missed = missed_near_best(placed.observed, scale.down(fitted.held_out))
    return Surface(placed.encoding, scale, fitted.process, q2, fitted.error, missed)


def missed_near_best(observed: Observed, held_out: Floats) -> float:
    """Error of cross-validation that two of three configurations do not exceed, in units of the response.

    Of the quarter that is predicted to be best: a cliff elsewhere does not blur the bottom. What replicates
    show to be noise is taken off; of single trials none can be told from misfit.

    Parameters
    ----------
    held_out
        Prediction of each configuration by a surrogate that has not seen it, shape (n,).
    """
    near = held_out <= np.quantile(held_out, QUARTER)
    error = float(np.quantile(np.abs(observed.mean - held_out)[near], WITHIN_ONE_SD))
    repeated = near & (observed.replicates > 1)
    if not repeated.any():
        return error
    noise = float((observed.spread / np.maximum(observed.replicates - 1, 1))[repeated].mean())
    return math.sqrt(max(error**2 - noise, 0.0))
