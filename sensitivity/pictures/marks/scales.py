"""The scale of each setting, as the space knows it: logarithmic, linear, or a list in equal steps.

Nothing is guessed from the values that were tried.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from sensitivity.coding import is_number
from sensitivity.words import short
from sweeps.space import Choices

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

    from sensitivity.arrays import Floats
    from sensitivity.study import Study


def is_log(study: Study, name: str) -> bool:
    """Whether a setting's scale is logarithmic; a list has none, nor has what is no setting of the study."""
    return name in study.space.names and Scale.of(study, name).log


@dataclass(frozen=True)
class Scale:
    """The range of a numeric setting that was tried, on its scale.

    Attributes
    ----------
    ends
        Lowest and highest value.
    log
        Whether the scale is logarithmic.
    levels
        Values of a list, which stand in equal steps; None for a range.
    """

    ends: tuple[float, float]
    log: bool
    levels: tuple[float, ...] | None

    @classmethod
    def of(cls, study: Study, name: str) -> Scale:
        """The scale on which the measures see a setting, too."""
        axis = study.axes[name]
        values, scale = axis.tried, axis.scale
        if not all(is_number(value) for value in values):
            return cls((0.0, 1.0), log=False, levels=None)
        numbers = sorted(float(value) for value in values) or [0.0]
        listed = isinstance(scale, Choices)
        log = not isinstance(scale, Choices) and scale.log
        return cls((numbers[0], numbers[-1]), log, tuple(numbers) if listed else None)

    def holding(self, values: Iterable[float]) -> Scale:
        """Scale whose ends hold these values too: trials that were left out may have tried them alone."""
        known = [value for value in values if not math.isnan(value)]
        return replace(self, ends=(min([self.ends[0], *known]), max([self.ends[1], *known])))

    def parts(self, values: Sequence[float]) -> list[float]:
        """Places of values as parts of the range, 0 at its low end and 1 at its high end."""
        numbers, ends = np.asarray(values, dtype=np.float64), np.asarray(self.ends)
        if self.levels is not None:
            steps = np.linspace(0, 1, len(self.levels))
            return list(np.interp(numbers, self.levels, steps).tolist())
        if self.log:
            numbers, ends = np.log(numbers / ends[0]), np.log(ends / ends[0])
        return list(((numbers - ends[0]) / (ends[1] - ends[0])).tolist())


def position(levels: Sequence[object], values: Sequence[float] | Floats, *, log: bool) -> Floats:
    """Place of numbers on an axis of cells: 0.5 at the first level's middle, 1.5 at the second's, and so on.

    Between levels as on the setting's scale; beyond the ends as between the last two.

    Parameters
    ----------
    levels
        Different numbers, ascending or descending.
    values
        Shape (n,).
    log
        Whether the scale is logarithmic.
    """
    numbers = np.array([float(str(level)) for level in levels])
    wanted = np.asarray(values, dtype=np.float64)
    if len(numbers) < 2:
        return np.full(len(wanted), 0.5)
    if log:
        numbers, wanted = np.log(numbers), np.log(np.maximum(wanted, 1e-300))
    middles = np.arange(len(numbers)) + 0.5
    if numbers[0] > numbers[-1]:
        numbers, middles = numbers[::-1], middles[::-1]
    found = np.interp(wanted, numbers, middles)
    for end, step in ((0, 1), (-1, -2)):
        slope = (middles[end] - middles[step]) / (numbers[end] - numbers[step])
        beyond = wanted < numbers[0] if end == 0 else wanted > numbers[-1]
        found = np.where(beyond, middles[end] + slope * (wanted - numbers[end]), found)
    result: Floats = found
    return result


def log_axis(axes: Axes, which: str, low: float, high: float) -> None:
    """Make an axis, x or y, logarithmic, with ticks in plain numbers.

    At powers of ten, and at 2 and 5 where it spans less than two of them.
    """
    axes.set(**{f"{which}scale": "log"})
    axis: Axis = getattr(axes, f"{which}axis")
    axis.set_major_locator(LogLocator(subs=(1.0,) if high / low >= 100 else (1.0, 2.0, 5.0)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: short(value)))
    axis.set_minor_formatter(NullFormatter())
