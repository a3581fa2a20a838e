"""What the trials of an adaptive sampler leave unknown: how far a surrogate may be wrong over the prior.

An adaptive sampler crowds its trials where the response is good; a cross-validated q² is then about that
corner, and shares are about the whole prior. Two estimates of E[(f − m)²] over the prior, the larger counts:

- the posterior variance of the Gaussian process, averaged over the prior. It is blind where the response has
  kinks that a smooth process does not expect, or where another surrogate is used;
- the squares of the cross-validation errors, each trial weighted with the part of the prior of which it is
  the nearest trial (inverse-density weights by nearest neighbours, Loog 2012). A lonely trial at the edge of
  what was tried counts for all that lies beyond, and its error is one of extrapolation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.estimators.surrogate.gaussian_process import features, squared_distances
from sensitivity.estimators.surrogate.prior import sobol_points

if TYPE_CHECKING:
    from sensitivity.arrays import Floats
    from sensitivity.estimators.surrogate.placed import Placed
    from sensitivity.estimators.surrogate.region import Branch
    from sensitivity.estimators.surrogate.selection import Selected

POINTS: Final = 512


@dataclass(frozen=True)
class Unknown:
    """Squared error that is to be expected of the surrogate at points of the prior.

    Attributes
    ----------
    latent
        Sobol points of the prior, shape (N, d).
    posterior
        Posterior variance of the Gaussian process there, shape (N,).
    nearest
        Squared cross-validation error of the nearest trial, shape (N, 2): nearest by the length scales of the
        process, and by the plain ranges.
    noise
        What of these squares is noise of the seed.
    """

    latent: Floats
    posterior: Floats
    nearest: Floats
    noise: float

    def share(self, variance: float, branch: Branch | None = None) -> float:
        """The larger estimate as a share of the region's variance, at most 1; 1 where no point lies there."""
        inside = np.ones(len(self.latent), dtype=np.bool_)
        if branch is not None:
            axis, low, high = branch
            inside = (self.latent[:, axis] >= low) & (self.latent[:, axis] < high)
        if not inside.any() or not variance > 0:
            return 1.0
        missed = float(self.nearest[inside].mean(axis=0).max()) - self.noise
        return min(max(float(self.posterior[inside].mean()), missed, 0.0) / variance, 1.0)


def unknown_of(placed: Placed, selected: Selected, noise: float) -> Unknown:
    """What the trials of a design leave unknown to the surrogate.

    Parameters
    ----------
    noise
        Variance of one response that is the seed's, in squared units of the response.
    """
    axes = placed.encoding.axes
    latent = sobol_points(len(axes), POINTS, 0)
    points = placed.encoding.complete(latent)
    tried, _ = features(placed.trials.points, axes)
    there, owner = features(points, axes)
    squares = (placed.observed.mean - selected.held_out) ** 2
    lengths = selected.process.hyperparameters.scales[owner], np.ones(len(owner))
    nearest = [squares[squared_distances(there * one, tried * one).argmin(axis=1)] for one in lengths]
    return Unknown(latent, selected.process.predictive_variance(points), np.column_stack(nearest), noise)
