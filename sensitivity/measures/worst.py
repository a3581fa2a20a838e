"""What the worst value of a setting costs, everything else tuned again for each value.

The cost is T(w) − T(b): T(v) is the lowest expected response of all configurations with value v, w and b are
the values that these trials name worst and best. Both are chosen by the same noise that they are judged by.
Of eight values that do the same, named ones are three standard errors apart, and an interval of that pair
excludes 0 in half of all sweeps of two replicates, of 24 values in nine of ten. So estimate and lower end
allow for the choice of both (`sensitivity.estimators.chosen`); the upper end is that of the pair, which can
only be too high. In simulated sweeps of new replicates 0 is excluded in 1 to 7 % where nothing matters, in
some 10 to 15 % where two replicates move all configurations of a value alike (``test_worst.py``).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.branch import ALL
from sensitivity.estimators.choosing import two_way
from sensitivity.estimators.chosen import gap, studentized_range
from sensitivity.estimators.curves.curves import retuned, too_few_along
from sensitivity.estimators.curves.intervals import LEVEL, spanned
from sensitivity.estimators.curves.virtual_grid import Predicted, reachable
from sensitivity.estimators.noise import POOLED_DF
from sensitivity.measures.optimizer_differences import reach_of

if TYPE_CHECKING:
    from sensitivity.estimators.curves.curves import Curve
    from sensitivity.estimators.curves.responses import Responses
    from sensitivity.study import Study

NOT_KNOWN: Final[dict[str, object]] = dict.fromkeys(("worst_low", "worst_high"), math.nan)


def worst_of(study: Study, name: str, branch: str = ALL) -> dict[str, object]:
    """Worst value of a setting in a branch, and how far its best response is behind that of the best value.

    Returns
    -------
    dict
        ``worst_at``; ``worst_cost`` in units of the result, less the luck of the choice where the noise is
        known; ``worst_low`` and ``worst_high``, NaN where it is not. The low end is negative where the two
        are not told apart. Empty where the setting has a single value, or too few trials along it.
    """
    found = reachable(study)
    mask = dict(found.branches()).get(branch)
    if mask is None or name not in found.varied(mask) or too_few_along(found, name, mask):
        return {}
    curve = retuned(found, name, mask)
    if len(curve) < 2:
        return {}
    best, worst = curve.foremost, int(np.argmax(curve.best))
    raw = float(curve.best[worst] - curve.best[best])
    at: dict[str, object] = {"worst_at": curve.levels[worst], "worst_cost": raw}
    if not len(curve.draws):
        return at | NOT_KNOWN
    sure = reach_of(found.trained)
    reach = (1.0 if math.isnan(sure) else sure) * _more_of_few(found, curve, sure)
    less = gap(curve.best, curve.draws, reach)
    at["worst_cost"] = less.cost
    if math.isnan(sure):
        return at | NOT_KNOWN
    _, high = spanned(raw, [draws[:, worst] - draws[:, best] for draws in curve.worlds])
    return at | {"worst_low": less.low, "worst_high": raw + reach * (high - raw)}


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
