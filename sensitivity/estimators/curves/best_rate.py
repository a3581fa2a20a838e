"""The best learning rate as a number: the middle of the band that cannot be told from the best.

As `sensitivity.estimators.curves.optimum` has it for a study, for an array of levels and replicates.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy

from sensitivity.estimators.curves.optimum import NEAR, middle
from sensitivity.estimators.over_datasets import LEVEL

if TYPE_CHECKING:
    from sensitivity.arrays import Floats


def best_rate(log_rates: Floats, response: Floats) -> float:
    """log10 of the best rate.

    Parameters
    ----------
    log_rates
        log10 of the levels, ascending, shape (levels,).
    response
        The lower the better, shape (levels, replicates); replicates are paired.
    """
    mean = response.mean(axis=1)
    return float(middle(log_rates, mean[None], depth(response))[0])


def depth(response: Floats) -> float:
    """Difference from the lowest mean that noise makes: Student's t, Bonferroni over the other levels.

    The noise is the median over the levels next to the lowest in response, as for the curves of a study.
    """
    levels, replicates = response.shape
    order = np.argsort(response.mean(axis=1), kind="stable")
    differences = response[order[1 : NEAR + 1]] - response[order[0]]
    error = float(np.median(differences.std(axis=1, ddof=1))) / replicates**0.5
    reach = float(scipy.stats.t.isf((1 - LEVEL) / 2 / (levels - 1), replicates - 1))
    return float(reach * error)
