"""How fast training is: epochs to the target and area under the validation curve, at every level.

A trial that diverges before it reaches the target, and one that is too slow, count as "not reached within E
epochs". All are watched for the same E epochs, so the Kaplan–Meier estimate is the plain share that has
reached the target by epoch e, and the median is the first epoch by which half of *all* trials have: where
fewer do, there is no median, however fast those few were. (Censoring a diverged trial when it diverges would
pretend that it might still have got there.)

Intervals treat the configurations at a level as a sample from the prior and count a configuration's
replicates as one where they agree (`sensitivity.estimators.proportions`). That is wide where everything else
varies; on a grid it errs on the safe side. The interval of the median holds the epochs at which the band of
the share that has reached contains one half (Brookmeyer & Crowley 1982).

Columns
-------
branch, setting, level
    Where; the level is a text as in `sensitivity.estimators.levels`; setting "" is the whole branch.
level_from, level_to
    Ends of the level as numbers.
trials, configurations
    How many there are.
reached_share, reached_low, reached_high
    Share of the trials that reach the target within the training, and its 95 % interval. Empty where nobody
    recorded when, that is without curves or without a target.
median_epochs, median_low, median_high
    Median number of epochs to the target and its interval; empty: not reached by half of them. An empty
    upper end with a median: half may not reach it.
fastest_epochs
    Lowest mean over replicates among configurations whose replicates all reach the target: everything else
    tuned for speed. A minimum, so it flatters levels with more configurations.
area, area_low, area_high
    Mean height of the validation curve over the training (trapezoid rule over epochs, divided by their
    number), capped, filled with the cap after divergence; 95 % interval of the mean. Empty without curves.
best_area
    Lowest mean area over replicates among the configurations: everything else tuned.
verdict
    In words.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from sensitivity.estimators.branches import laid_out
from sensitivity.estimators.effects import BRANCH, SETTING, VERDICT
from sensitivity.estimators.levels import LEVEL, LEVEL_FROM, LEVEL_TO, Levels, level_columns
from sensitivity.estimators.proportions import CONFIGURATIONS, TRIALS, Clusters, mean_interval, wilson
from sensitivity.estimators.training_curves import curve_matrix
from sensitivity.measures.over_epochs import early_or_late, sensitivity_over_epochs
from sensitivity.trials import DIVERGED, EPOCHS_TO_TARGET, OUTCOME, VALIDATION_ERROR

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from sensitivity.arrays import Floats, Integers
    from sensitivity.estimators.training_curves import Curves
    from sweeps.space import Space


__all__ = ["early_or_late", "sensitivity_over_epochs", "training_speed"]

REACHED_SHARE: Final = "reached_share"
REACHED_LOW: Final = "reached_low"
REACHED_HIGH: Final = "reached_high"
MEDIAN_EPOCHS: Final = "median_epochs"
MEDIAN_LOW: Final = "median_low"
MEDIAN_HIGH: Final = "median_high"
FASTEST_EPOCHS: Final = "fastest_epochs"
AREA: Final = "area"
AREA_LOW: Final = "area_low"
AREA_HIGH: Final = "area_high"
BEST_AREA: Final = "best_area"
COLUMNS: Final = (
    BRANCH,
    SETTING,
    LEVEL,
    LEVEL_FROM,
    LEVEL_TO,
    TRIALS,
    CONFIGURATIONS,
    REACHED_SHARE,
    REACHED_LOW,
    REACHED_HIGH,
    MEDIAN_EPOCHS,
    MEDIAN_LOW,
    MEDIAN_HIGH,
    FASTEST_EPOCHS,
    AREA,
    AREA_LOW,
    AREA_HIGH,
    BEST_AREA,
    VERDICT,
)
FEWEST: Final = 5
NO_CURVES: Final = "no curves: cannot be judged"
NO_TARGET: Final = "no target: only the area can be judged"


def training_speed(
    trials: pd.DataFrame,
    space: Space,
    curves: Curves | None = None,
    cap: float | None = None,
    *,
    split: bool = True,
) -> pd.DataFrame:
    """Epochs to the target and area under the curve at every level of every setting, per branch.

    Parameters
    ----------
    trials
        Table of `sensitivity.trials`, its column ``epochs_to_target`` included.
    space
        Space of the sweep.
    curves
        Validation curve of each trial by its number, element 0 at initialisation (`FinishedTrial.curves`).
        Without them the columns of the area stay empty.
    cap
        Largest height of a curve, also after divergence; None for the mean height at initialisation.
    split
        Whether each optimizer is looked at by itself as well.

    Returns
    -------
    DataFrame, one row per branch and level, columns `COLUMNS`
    """
    plan, layout = laid_out(trials, space)
    observed, cluster = _observe(plan, curves or {}, cap), layout.cluster
    parts = []
    for branch in layout.branches if split else layout.branches[:1]:
        whole = Levels("", np.zeros(len(plan), dtype=np.int64), ("",), np.full((1, 2), np.nan))
        inside = [item for item in layout.levels if item.setting in branch.space.names]
        for item in (whole, *inside):
            part = _by_level(item, branch.rows, cluster, observed)
            part.insert(0, SETTING, item.setting)
            part.insert(0, BRANCH, branch.label)
            parts.append(part)
    table = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return table[list(COLUMNS)]


@dataclass(frozen=True)
class _Observed:
    """Epochs to the target (inf: not reached) and area (NaN: no curve) of each trial; epochs of training.

    ``excuse`` says why it is unknown who reached a target, or nothing.
    """

    epochs: Floats
    area: Floats
    longest: int
    excuse: str = ""


def _observe(plan: pd.DataFrame, curves: Curves, cap: float | None) -> _Observed:
    epochs = plan[EPOCHS_TO_TARGET].to_numpy(dtype=np.float64, na_value=np.inf)
    matrix = curve_matrix(plan, curves, cap)
    longest, reached = matrix.shape[1] - 1, epochs[np.isfinite(epochs)]
    if longest < 1:
        none = np.full(len(plan), np.nan)
        if not len(reached):
            return _Observed(epochs, none, 0, NO_CURVES)
        return _Observed(epochs, none, int(reached.max()))
    area = (matrix[:, 1:] + matrix[:, :-1]).mean(axis=1) / 2
    trained = plan[plan[OUTCOME] != DIVERGED]
    unknown = not len(reached) and len(trained) and trained[VALIDATION_ERROR].isna().all()
    return _Observed(epochs, area, longest, NO_TARGET if unknown else "")


def _by_level(found: Levels, rows: Integers, cluster: Integers, observed: _Observed) -> pd.DataFrame:
    rows = rows[found.code[rows] >= 0]
    clusters = Clusters(found.code[rows], cluster[rows], len(found))
    epochs, longest = observed.epochs[rows], observed.longest
    by_epoch = (epochs[:, None] <= np.arange(1, max(longest, 1) + 1)).astype(np.float64)
    share, low, high, _ = wilson(clusters, by_epoch)
    if observed.excuse:
        share, low, high = (np.full_like(part, np.nan) for part in (share, low, high))
    mean, area_low, area_high = _area(clusters, observed.area[rows])
    _, cell, _ = clusters.grouped
    table = pd.DataFrame(
        {
            **level_columns(found, np.arange(len(found))),
            TRIALS: clusters.trials,
            CONFIGURATIONS: np.bincount(cell, minlength=len(found)),
            REACHED_SHARE: share[:, -1],
            REACHED_LOW: low[:, -1],
            REACHED_HIGH: high[:, -1],
            MEDIAN_EPOCHS: _first_half(share),
            MEDIAN_LOW: _first_half(high),
            MEDIAN_HIGH: _first_half(low),
            FASTEST_EPOCHS: _lowest_mean(clusters, epochs),
            AREA: mean,
            AREA_LOW: area_low,
            AREA_HIGH: area_high,
            BEST_AREA: _lowest_mean(clusters, observed.area[rows]),
        }
    )
    table = table[(table[TRIALS] > 0) | (found.setting == "")]  # the whole stands also without a trial
    words = [_verdict(row, longest, observed.excuse) for row in table.to_dict("records")]
    return table.assign(**{VERDICT: words})


def _first_half(share: Floats) -> Floats:
    """First epoch at which the share is at least one half, shape (cells,); NaN where there is none."""
    enough = share >= 0.5
    return np.where(enough.any(axis=1), enough.argmax(axis=1) + 1.0, np.nan)


def _lowest_mean(clusters: Clusters, response: Floats) -> Floats:
    """Lowest mean over replicates among the configurations of a cell; NaN where none is finite."""
    number, cell, counts = clusters.grouped
    mean = np.bincount(number, response) / counts
    lowest = np.full(clusters.size, np.inf)
    np.minimum.at(lowest, cell, np.where(np.isfinite(mean), mean, np.inf))
    return np.where(np.isfinite(lowest), lowest, np.nan)


def _area(clusters: Clusters, area: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean area with its interval over the trials that have a curve."""
    known = np.isfinite(area)
    inside = Clusters(clusters.cell[known], clusters.cluster[known], clusters.size)
    return mean_interval(inside, area[known])


def _verdict(row: Mapping[Hashable, Any], longest: int, excuse: str) -> str:
    share, median = row[REACHED_SHARE], row[MEDIAN_EPOCHS]
    if not row[TRIALS]:
        return "cannot be judged: no trials"
    if excuse:
        return excuse
    within = f" within {longest} epochs" if longest else ""
    if share == 0:
        words = f"target not reached{within}"
    elif math.isnan(median):
        words = f"fewer than half ({share:.0%}) reach the target{within}: no median"
    elif math.isnan(row[MEDIAN_HIGH]):
        words = f"half reach the target by epoch {median:.0f}, perhaps fewer than half ever do"
    else:
        words = f"half reach the target by epoch {median:.0f}"
    count = int(row[CONFIGURATIONS])
    few = f"only {count} configuration{'s' if count > 1 else ''}: " if count < FEWEST else ""
    return few + words
