"""What a learning-rate finder says of each optimizer, and how far that is from the valley a sweep measured.

Intervals are over the replicates, on the log scale, where a rate has no preferred unit: mean ± Student's t.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import scipy

from sensitivity.branch import OPTIMIZER
from sensitivity.estimators.curves.virtual_grid import reachable
from sensitivity.measures.moving_optimum import RATE
from sensitivity.measures.tolerance import TOLERANCE
from sensitivity.measures.tunability import default_configuration
from sensitivity.trials import VALUE
from sweeps.errors import StudyError
from sweeps.optimizers import OPTIMIZERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sensitivity.arrays import Floats
    from sensitivity.study import Study
    from sweeps.finder import Ramp

SUGGESTED: Final = ("suggested", "suggested_low", "suggested_high")
BREAKS: Final = ("breaks_at", "breaks_low", "breaks_high")
BROKE, REPLICATES, END = "broke", "replicates", "end_of_range"
BEST_RATE, GOOD_LOW, GOOD_HIGH = "best_rate", "good_low", "good_high"
OFF, OUTSIDE, ERROR, BEST = "decades_off", "decades_outside", "error_there", "best_error"


def found_rates(ramps: Sequence[Ramp]) -> pd.DataFrame:
    """A row per ramp.

    Columns: ``optimizer``; ``suggested``, ``suggested_low``, ``suggested_high``; ``breaks_at`` likewise,
    empty unless all replicates broke; ``broke`` of the ``replicates``; ``end_of_range``, the highest rate.
    Where not all broke the suggestion is a lower bound: there the ramp's end stands for the breaking rate.
    """
    rows = []
    for ramp in ramps:
        broke = np.isfinite(ramp.breaks)
        breaks = over_replicates(ramp.breaks) if broke.all() else (math.nan,) * 3
        rows.append(
            {
                OPTIMIZER: ramp.configuration[OPTIMIZER],
                **dict(zip(SUGGESTED, over_replicates(ramp.suggested), strict=True)),
                **dict(zip(BREAKS, breaks, strict=True)),
                BROKE: int(broke.sum()),
                REPLICATES: len(broke),
                END: float(ramp.rates[-1]),
            }
        )
    return pd.DataFrame(rows)


def over_replicates(rates: Floats) -> tuple[float, float, float]:
    """Geometric mean of some rates and its 95 % interval; NaN where a rate is unknown, or only one known."""
    logs = np.log(rates)
    middle = float(logs.mean())
    if len(logs) < 2 or math.isnan(middle):
        return math.exp(middle), math.nan, math.nan
    half = float(scipy.stats.t.ppf(0.975, len(logs) - 1) * logs.std(ddof=1)) / math.sqrt(len(logs))
    return math.exp(middle), math.exp(middle - half), math.exp(middle + half)


@dataclass(frozen=True, eq=False)
class Valley:
    """What a sweep measured of one optimizer at every learning rate, with everything else equal.

    Attributes
    ----------
    configuration
        The other settings: the levels nearest to the tool's defaults.
    rates
        Learning rates, ascending, shape (n,).
    errors
        Mean of the capped result over the replicates, (n,).
    cap
        Result of a constant prediction.
    """

    configuration: Mapping[str, object]
    rates: Floats
    errors: Floats
    cap: float

    def at(self, rate: float) -> float:
        """Result at a rate, linear between the levels on the log scale; NaN outside of them."""
        return float(np.interp(math.log(rate), np.log(self.rates), self.errors, math.nan, math.nan))

    def good(self) -> tuple[float, float]:
        """Lowest and highest rate around the best that are good: within a tenth of the way to the cap."""
        place, best = np.log(self.rates), int(self.errors.argmin())
        limit = self.errors[best] + TOLERANCE * (self.cap - self.errors[best])
        ends = []
        for step, last in ((-1, -1), (1, len(place))):
            beyond = next((at for at in range(best, last, step) if self.errors[at] > limit), None)
            if beyond is None:
                ends.append(float(place[0] if step < 0 else place[-1]))
                continue
            inside = beyond - step
            rise = self.errors[beyond] - self.errors[inside]
            part = (limit - self.errors[inside]) / rise
            ends.append(float(place[inside] + part * (place[beyond] - place[inside])))
        return math.exp(ends[0]), math.exp(ends[1])


def valleys(study: Study, optimizers: Sequence[str] = ()) -> dict[str, Valley]:
    """Valley of each optimizer of a sweep of ours, or of those named.

    Raises
    ------
    StudyError
        When the sweep varies no rate, or its plan is no grid on which only the rate differs.
    """
    if RATE not in study.space.names or study.cap is None:
        raise StudyError(f"{study.name} does not vary the learning rate of a network; name another run")
    found = reachable(study)
    tried = found.levels.get(OPTIMIZER) or [study.space.fixed[OPTIMIZER]]
    if missing := [name for name in optimizers if name not in tried]:
        raise StudyError(f"{study.name} has no trial of {missing[0]}; it has {', '.join(map(str, tried))}")
    known = {}
    by_gradients = [str(name) for name in tried if not OPTIMIZERS[str(name)].searches]
    for name in optimizers or by_gradients:
        chosen = default_configuration(study.space, found, {OPTIMIZER: name})
        chosen.pop(RATE, None)
        known[name] = _valley(study, {OPTIMIZER: name, **chosen})
    return known


def _valley(study: Study, configuration: Mapping[str, object]) -> Valley:
    plan = study.plan
    same = np.ones(len(plan), dtype=bool)
    for name in study.space.names:
        if name != RATE:
            same &= (
                plan[name] == configuration[name] if name in configuration else plan[name].isna()
            ).to_numpy()
    means = plan[same].groupby(RATE)[VALUE].mean().astype(float)
    if len(means) < 3:
        raise StudyError(
            f"{study.name} is no grid: at {configuration[OPTIMIZER]}'s default settings it has "
            f"{len(means)} learning rates; name a run of design = 'factorial' with three or more"
        )
    rates, errors = (np.asarray(each, dtype=np.float64) for each in (means.index, means))
    return Valley(configuration, rates, errors, float(study.cap or math.nan))


def against(table: pd.DataFrame, measured: Mapping[str, Valley]) -> pd.DataFrame:
    """The table of `found_rates` with what the valleys say.

    Adds ``best_rate`` and ``best_error``, ``good_low`` to ``good_high``, ``decades_off`` (of the suggestion
    from the best rate; above 0: too high), ``decades_outside`` of the good rates (0 inside), ``error_there``.
    """
    rows = []
    for row in table.to_dict("records"):
        valley, rate = measured[str(row[OPTIMIZER])], float(row[SUGGESTED[0]])
        best = int(valley.errors.argmin())
        low, high = valley.good()
        outside = max(math.log10(low / rate), math.log10(rate / high), 0.0)
        rows.append(
            {
                BEST_RATE: valley.rates[best],
                BEST: valley.errors[best],
                GOOD_LOW: low,
                GOOD_HIGH: high,
                OFF: math.log10(rate / valley.rates[best]),
                OUTSIDE: rate if math.isnan(rate) else outside,
                ERROR: valley.at(rate),
            }
        )
    return table.join(pd.DataFrame(rows, index=table.index))


def surely_good(table: pd.DataFrame) -> pd.Series:
    """Whether a suggestion lies among the good rates with its whole interval, per row of `against`."""
    low, high = (table[name].fillna(table[SUGGESTED[0]]) for name in SUGGESTED[1:])
    return (table[GOOD_LOW] <= low) & (high <= table[GOOD_HIGH])
