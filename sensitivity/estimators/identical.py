"""The same training twice in a grid that was run once: values that are equal because a setting does nothing.

With one seed for all, momentum that plain SGD ignores, or patience that is never reached, gives equal values
along a line. They are no evidence that there is no noise, and five of them are one trial, not five: no
estimate from differences is right, nor any average over them.

Rounded values are equal by chance as well, but then as many are one step apart: a setting repeats trainings
where ties are more. Values at the cap, the largest, are all alike, and do not count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from sensitivity.arrays import Floats
    from sensitivity.estimators.cells import CellTable

FEW: Final = 0.05  # of the neighbours in sorted lines: a twentieth more noise than is seen moves no judgement
_ROUNDING: Final = 1e-12  # of the range


def repeating(table: CellTable) -> str | None:
    """Name of a setting along which a table of one replicate repeats trainings; None without any."""
    index, values = table.index(), np.where(table.counts > 0, table.values[:, 0], np.nan)
    gaps = np.diff(np.unique(values[np.isfinite(values)]))
    rounding = _ROUNDING * float(gaps.sum())
    values[values >= np.nanmax(values) - rounding] = np.nan
    step = float(gaps[gaps > rounding].min(initial=np.inf))
    for axis in table.axes:
        by_value = np.lexsort((index, values[index]), axis=axis)
        cells = np.take_along_axis(index, by_value, axis)
        apart = np.diff(values[cells], axis=axis)[np.diff(cells, axis=axis) != 0]
        if _repeats(apart[np.isfinite(apart)], rounding, step):
            return table.names[axis]
    return None


def _repeats(apart: Floats, rounding: float, step: float) -> bool:
    """Whether of differences of neighbours more are 0 than one step, and too many."""
    ties = int((apart <= rounding).sum())
    near = int(((apart > rounding) & (apart < 1.5 * step)).sum())
    return ties > max(near, FEW * len(apart))
