"""What the worst value of a setting costs, everything else tuned again for each value."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sensitivity.branch import ALL
from sensitivity.estimators.curves.curves import retuned
from sensitivity.estimators.curves.intervals import spanned
from sensitivity.estimators.curves.virtual_grid import reachable
from sensitivity.measures.optimizer_differences import reach_of

if TYPE_CHECKING:
    from sensitivity.study import Study


def worst_of(study: Study, name: str, branch: str = ALL) -> dict[str, object]:
    """Worst value of a setting in a branch, and how far its best response is behind that of the best value.

    The interval is that of the paired difference: draws of the two values share their seeds. It does not
    allow for the worst being chosen, which makes it read a little too bad.

    Returns
    -------
    dict
        ``worst_at``, ``worst_cost`` in units of the result with ``worst_low`` and ``worst_high``, NaN where
        the noise is not known; empty where the setting has a single value.
    """
    found = reachable(study)
    mask = dict(found.branches()).get(branch)
    if mask is None or name not in found.varied(mask):
        return {}
    curve = retuned(found, name, mask)
    if len(curve) < 2:
        return {}
    best, worst = curve.foremost, int(np.argmax(curve.best))
    cost = float(curve.best[worst] - curve.best[best])
    low, high = spanned(cost, [draws[:, worst] - draws[:, best] for draws in curve.worlds])
    reach = reach_of(found.trained)
    return {
        "worst_at": curve.levels[worst],
        "worst_cost": cost,
        "worst_low": math.nan if math.isnan(reach) else max(cost + reach * (low - cost), 0.0),
        "worst_high": cost + reach * (high - cost),
    }
