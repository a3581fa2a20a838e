"""Whether the trials follow the prior, or a sampler (or an interruption) preferred some of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import stats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.arrays import Floats
    from sensitivity.estimators.surrogate.axes import Axis
    from sensitivity.estimators.surrogate.encoding import EncodedTrials, Encoding

LEVEL: Final = 1e-3
_FEWEST: Final = 20


def departs_from_prior(trials: EncodedTrials, encoding: Encoding, places: Sequence[int]) -> bool:
    """Whether the values of some setting are not spread as under the prior.

    Kolmogorov-Smirnov for continuous settings, χ² for discrete ones, Bonferroni over the axes ``places`` at
    one in a thousand. Evenly spread designs (Sobol, full grids) pass. Fewer than 20 trials cannot tell.
    """
    smallest = min(
        (
            _p_value(encoding.axes[place], trials.latent[trials.points.active[:, place], place])
            for place in places
        ),
        default=1.0,
    )
    return smallest * len(places) < LEVEL


def _p_value(axis: Axis, latent: Floats) -> float:
    if len(latent) < _FEWEST:
        return 1.0
    if axis.edges is None:
        return float(stats.kstest(latent, "uniform").pvalue)
    if len(axis.edges) < 3 or len(latent) * float(np.diff(axis.edges).min()) < 2:
        return 1.0
    observed = np.histogram(latent, axis.edges)[0]
    expected = len(latent) * np.diff(axis.edges)
    return float(stats.chi2.sf(((observed - expected) ** 2 / expected).sum(), len(expected) - 1))
