"""What a wrong value of a setting costs, everything else tuned again for each: the worst, and a blind one.

T(v) is the lowest expected response of all configurations with value v; w and b are the values that these
trials name worst and best. The *worst value* costs T(w) − T(b). A *blind choice*, a value drawn from the
prior, costs E T(v) − T(b); of the learning rate that is the sensitivity of Wortsman et al. (2023), for any
setting. The ends are chosen by the same noise that they are judged by. Of eight values that do the same,
worst and best are three standard errors apart, and an interval of that pair excludes 0 in half of all sweeps
of two replicates, of 24 values in nine of ten. So estimates and lower ends allow for the choice of both, or
of the low one (`sensitivity.estimators.chosen`); upper ends do not, which makes them too high if anything.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sensitivity.estimators.choosing import two_way
from sensitivity.estimators.chosen import gap, mean_gap, studentized_range
from sensitivity.estimators.curves.bands import prior_weights
from sensitivity.estimators.curves.drawing import reach_of
from sensitivity.estimators.curves.intervals import LEVEL, spanned
from sensitivity.estimators.curves.virtual_grid import Predicted
from sensitivity.estimators.noise import POOLED_DF

if TYPE_CHECKING:
    from sensitivity.arrays import Floats
    from sensitivity.estimators.curves.curves import Curve
    from sensitivity.estimators.curves.responses import Responses

Estimate = tuple[float, float, float]  # with both ends of its 95 % interval


@dataclass(frozen=True)
class Costs:
    """Costs along a curve in units of the response, each with its 95 % interval.

    Of single replicates they are the plain differences: no luck is known that could be taken off. Their ends
    are of noise as large as it may be; NaN without draws.

    Attributes
    ----------
    worst
        Of the value named worst. Its low end is negative where the two are not told apart.
    blind
        Of a value drawn from the prior; at most that of the worst value, and not below 0.
    at
        Place of the worst value on the curve.
    """

    worst: Estimate
    blind: Estimate
    at: int


def costs(found: Responses, curve: Curve) -> Costs:
    """Both costs along a re-tuned curve of these responses."""
    best, at, weights = curve.foremost, int(np.argmax(curve.best)), prior_weights(curve)
    raw = float(curve.best[at] - curve.best[best])
    mean = max(float(curve.best @ weights - curve.best[best]), 0.0)
    if not len(curve.draws) or len(curve) < 2:
        return Costs((raw, math.nan, math.nan), (mean, math.nan, math.nan), at)
    sure = reach_of(found.trained)
    reach = (1.0 if math.isnan(sure) else sure) * _more_of_few(found, curve, sure)
    least = gap(curve.best, curve.draws, reach)
    blind = mean_gap(curve.best, curve.draws, reach, weights, least.cost)
    named = [draws - draws[:, [best]] for draws in curve.worlds]
    single = math.isnan(sure)  # what stands in for the noise is as large as it may be, not what is expected
    high = _high(raw, [draws[:, at] for draws in named], reach)
    mean_high = _high(mean, [draws @ weights for draws in named], reach)
    cost, mean_cost = (raw, mean) if single else (least.cost, blind.cost)
    return Costs((cost, least.low, high), (mean_cost, max(blind.low, 0.0), mean_high), at)


def _high(raw: float, worlds: list[Floats], reach: float) -> float:
    """Upper end of a difference that nothing is allowed for."""
    return raw + reach * (spanned(raw, worlds)[1] - raw)


def _more_of_few(found: Responses, curve: Curve, reach: float) -> float:
    """How much further the noise of few trials may reach than the draws say, at least 1.

    The range of the chosen configurations' draws is set beside Tukey's studentized range, by the noise of
    these and of those that are nearest in response: as many as have `POOLED_DF` degrees of freedom. So few
    trials also show resemblances by chance, which make draws of differences too narrow.
    """
    values, chosen = found.by_replicate, np.unique(curve.chosen)
    if isinstance(found, Predicted) or math.isnan(reach) or values.shape[1] < 2 or len(chosen) < 2:
        return 1.0
    ahead = np.abs(found.means[:, None] - found.means[chosen]).min(axis=1)
    ahead[chosen] = -1.0
    wanted = math.ceil(POOLED_DF / (values.shape[1] - 1)) + 1
    rows = np.argsort(ahead, kind="stable")[: max(wanted, len(chosen))]
    noise = two_way(values[rows])[1]
    freedom = int(np.isfinite(values[rows]).sum()) - len(rows) - values.shape[1] + 1
    if freedom < 1 or math.isnan(noise):
        return 1.0
    draws = found.draws[:, chosen] - found.draws[:, chosen].mean(axis=0)
    drawn = reach * float(np.quantile(np.ptp(draws, axis=1), LEVEL))
    counts = found.counts[chosen]
    expected = studentized_range(len(chosen), freedom) * noise * math.sqrt(float(np.mean(1 / counts)))
    return max(1.0, expected / drawn) if drawn > 0 else 1.0
