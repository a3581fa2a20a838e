"""Whether any of many differences is more than noise makes of the largest of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sensitivity.estimators.curves.intervals import LEVEL

if TYPE_CHECKING:
    from sensitivity.arrays import Floats
    from sensitivity.estimators.curves.curves import Curve


def stands_out(amounts: Floats, draws: Floats) -> bool:
    """Whether any of several differences is larger than noise makes the largest of them (Dunnett 1955).

    Each is divided by its own standard deviation, or the noisiest configuration would set the bar for all.

    Parameters
    ----------
    amounts
        Differences, shape (n,).
    draws
        The same with other seeds, shape (draws, n).
    """
    noise = draws - draws.mean(axis=0)
    sd = noise.std(axis=0)
    certain = sd <= 1e-9 * max(float(np.abs(amounts).max()), 1e-300)
    if (amounts[certain] > 1e-9 * np.abs(amounts).max()).any():
        return True
    if certain.all():
        return False
    largest = (noise[:, ~certain] / sd[~certain]).max(axis=1)
    return bool((amounts[~certain] / sd[~certain]).max() > np.quantile(largest, LEVEL))


def levels_differ(curve: Curve, reach: float) -> bool:
    """`stands_out` for all pairs of levels both ways round, one level at a time: pairs may be many.

    Parameters
    ----------
    reach
        How much further noise may reach than the draws say: `drawing.stretch`.
    """
    spread = float(np.ptp(curve.best))
    largest, furthest = np.zeros(len(curve.draws)), 0.0
    for one in range(len(curve) - 1):
        amounts = np.abs(curve.best[one] - curve.best[one + 1 :])
        noise = curve.draws[:, [one]] - curve.draws[:, one + 1 :]
        noise -= noise.mean(axis=0)
        sd = noise.std(axis=0)
        certain = sd <= 1e-9 * max(spread, 1e-300)
        if (amounts[certain] > 1e-9 * spread).any():
            return True
        if not certain.all():
            np.maximum(largest, (np.abs(noise[:, ~certain]) / sd[~certain]).max(axis=1), out=largest)
            furthest = max(furthest, float((amounts[~certain] / sd[~certain]).max()))
    return furthest > reach * float(np.quantile(largest, LEVEL))
