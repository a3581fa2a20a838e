"""The same training twice in a grid that was run once: values that are equal because a setting does nothing.

With one seed for all, momentum that plain SGD ignores, or patience that is never reached, gives equal values
along a line. They are no evidence that there is no noise, and five of them are one trial, not five: no
estimate from differences is right, nor any average over them.

Rounded values are equal by chance as well. Where gaps between neighbours are exponential with a mean of g
steps, k steps apart are twice e^(−k/g) as many as ties: a setting repeats trainings where ties are more than
such a part of those at most `NEAR` steps apart (binomial test). Values at the cap, the largest, are all
alike, and do not count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import scipy

if TYPE_CHECKING:
    from sensitivity.arrays import Floats
    from sensitivity.estimators.cells import CellTable

FEW: Final = 0.05  # of the neighbours in sorted lines: a twentieth more noise than is seen moves no judgement
LEVEL: Final = 0.05
NEAR: Final = 4  # steps of rounding
_ROUNDING: Final = 1e-12  # of the range
_WHOLE: Final = 0.01  # of a step


def repeating(table: CellTable) -> str | None:
    """Name of a setting along which a table of one replicate repeats trainings; None without any."""
    index, values = table.index(), np.where(table.counts > 0, table.values[:, 0], np.nan)
    gaps = np.diff(np.unique(values[np.isfinite(values)]))
    rounding = _ROUNDING * float(gaps.sum())
    values[values >= np.nanmax(values) - rounding] = np.nan
    step = _step(gaps[gaps > rounding])
    for axis in table.axes:
        by_value = np.lexsort((index, values[index]), axis=axis)
        cells = np.take_along_axis(index, by_value, axis)
        apart = np.diff(values[cells], axis=axis)[np.diff(cells, axis=axis) != 0]
        if _repeats(apart[np.isfinite(apart)], rounding, step):
            return table.names[axis]
    return None


def _step(gaps: Floats) -> float:
    """What values were rounded to, from the gaps between different ones; 0 where they were not."""
    step = float(gaps.min(initial=np.inf))
    steps = gaps / step
    return step if (np.abs(steps - np.rint(steps)) < _WHOLE).all() else 0.0


def _repeats(apart: Floats, rounding: float, step: float) -> bool:
    """Whether of differences of neighbours more are 0 than chance would have it, and too many."""
    ties = int((apart <= rounding).sum())
    if ties <= FEW * len(apart) or not step:
        return ties > FEW * len(apart)
    near = int((apart < (NEAR + 0.5) * step).sum())
    beside = float(np.exp(-step / apart.mean() * np.arange(1, NEAR + 1)).sum()) if apart.any() else 0.0
    return float(scipy.stats.binom.sf(ties - 1, near, 0.5 / (0.5 + beside))) < LEVEL
