"""A surrogate's predictions on a virtual grid, in the place of trials: for plans that are no grid.

The practical measures need minima over everything else at many values of each setting. A Sobol or random plan
does not have them; a surrogate of the response does. The space gets a grid as fine as `LARGEST` allows, the
surrogate predicts on it, and the measures go on as if these were cell means (without noise: no intervals).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sensitivity.estimators.curves.responses import Responses, responses
from sensitivity.trials import NUMBER, OUTCOME, PHASE, PLAN, REPLICATE, VALUE
from sweeps.space import Choices, FloatRange, IntegerRange, Setting, Space, Variant

if TYPE_CHECKING:
    import numpy.typing as npt

    from sensitivity.arrays import Floats
    from sweeps.space import Domain

    Mask = npt.NDArray[np.bool_]

# Points of the unit cube (n, settings) and which settings are active there (n, settings) → responses (n,).
Predict = Callable[["Floats", "Mask"], "Floats"]

LARGEST: Final = 60_000
FINEST: Final = 41


def predicted(found: Responses, space: Space, predict: Predict) -> Responses:
    """Responses of a surrogate on a virtual grid of the space; branches without trials are left out.

    Parameters
    ----------
    found
        Responses of the trials: only the branches that they have are predicted.
    space
        Space of the sweep, in whose order the coordinates are.
    predict
        Function of points (n, settings) and activity (n, settings); inactive coordinates are 0.5.
    """
    grid = virtual_grid(space)
    configurations = list(grid.grid())
    unit = np.array([space.unit(configuration) for configuration in configurations])
    active = np.isfinite(unit)
    table = pd.DataFrame(configurations, columns=space.names)
    for name, constant in ((NUMBER, 0), (PHASE, PLAN), (REPLICATE, 0), (OUTCOME, "")):
        table[name] = constant
    table[VALUE] = predict(np.where(active, unit, 0.5), active)
    for name, levels in found.levels.items():
        if all(isinstance(v.domain, Choices) for s in space.settings if s.name == name for v in s.variants):
            table = table[table[name].isna() | table[name].isin(levels)]
    return responses(table, grid)


def virtual_grid(space: Space) -> Space:
    """Space with levels on every range, as many as keep the grid below `LARGEST`, at most `FINEST`."""
    for count in range(FINEST, 2, -2):
        grid = Space([_with_levels(setting, count) for setting in space.settings], space.fixed)
        if grid.grid_size() <= LARGEST:
            return grid
    return grid


def _with_levels(setting: Setting, count: int) -> Setting:
    variants = [Variant(_levelled(variant.domain, count), variant.when) for variant in setting.variants]
    return Setting(setting.name, tuple(variants))


def _levelled(domain: Domain, count: int) -> Domain:
    if isinstance(domain, FloatRange):
        return FloatRange(domain.low, domain.high, domain.log, count)
    if isinstance(domain, IntegerRange):
        most = min(count, domain.high - domain.low + 1)
        while len(set(IntegerRange(domain.low, domain.high, domain.log, most).level_values())) < most:
            most -= 1
        return IntegerRange(domain.low, domain.high, domain.log, most)
    return domain
