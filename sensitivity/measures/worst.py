"""What the worst value of a setting costs, and a blind choice of it, everything else tuned again for each.

The numbers are those of `sensitivity.estimators.curves.costs`, by setting and branch. In simulated sweeps of
new replicates the interval of the worst cost excludes 0 in 1 to 7 % where nothing matters, in some 10 to 15 %
where two replicates move all configurations of a value alike (``test_worst.py``).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sensitivity.branch import ALL
from sensitivity.estimators.curves.costs import costs
from sensitivity.estimators.curves.curves import retuned, too_few_along
from sensitivity.estimators.curves.drawing import reach_of
from sensitivity.estimators.curves.virtual_grid import reachable

if TYPE_CHECKING:
    from sensitivity.study import Study


def worst_of(study: Study, name: str, branch: str = ALL) -> dict[str, object]:
    """Worst value of a setting in a branch, how far its best response is behind, and what a blind one costs.

    Returns
    -------
    dict
        ``worst_at``; ``worst_cost`` and ``cost``, of a blind choice, in units of the result, less the luck of
        the choice; ``worst_low`` and ``worst_high``, ``cost_low`` and ``cost_high``. Of single replicates the
        plain differences, and the worst has no interval. Its low end is negative where the worst value is not
        told from the best. Empty where the setting has a single value, or too few trials along it.
    """
    found = reachable(study)
    mask = dict(found.branches()).get(branch)
    if mask is None or name not in found.varied(mask) or too_few_along(found, name, mask):
        return {}
    curve = retuned(found, name, mask)
    if len(curve) < 2:
        return {}
    told = costs(found, curve)
    worst = dict(zip(("worst_cost", "worst_low", "worst_high"), told.worst, strict=True))
    if math.isnan(reach_of(found.trained)):
        worst |= {"worst_low": math.nan, "worst_high": math.nan}
    blind = dict(zip(("cost", "cost_low", "cost_high"), told.blind, strict=True))
    return {"worst_at": curve.levels[told.at], **worst, **blind}
