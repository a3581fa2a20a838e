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
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from sensitivity.estimators.branches import branches
from sensitivity.estimators.effects import BRANCH, SETTING
from sensitivity.estimators.levels import LEVEL, LEVEL_FROM, LEVEL_TO, everything, level_columns
from sensitivity.estimators.proportions import CONFIGURATIONS, TRIALS, Clusters, mean_interval, wilson
from sensitivity.estimators.training_curves import curve_matrix, first_known
from sensitivity.measures import learning_curves
from sensitivity.measures import measure as m
from sensitivity.measures.moving_optimum import RATE
from sensitivity.remarks import REMARKS, Remark, Remarks
from sensitivity.trials import DIVERGED, EPOCHS_TO_TARGET, OUTCOME, REPLICATE, VALIDATION_ERROR

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sensitivity.arrays import Floats, Integers
    from sensitivity.axis import Axis
    from sensitivity.estimators.training_curves import Curves
    from sensitivity.study import Study

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
FEWEST: Final = 5
NO_TRIALS: Final = Remark("no_trials_there")
NO_CURVES: Final = Remark("no_curves")
NO_TARGET: Final = Remark("no_target")
ONE: Final = Remark("one_configuration")
FEW: Final = Remark("few_configurations", (",",), message="few_configurations-then")
NEVER: Final = Remark("target_not_reached")
NO_MEDIAN: Final = Remark("no_median", (".0%",))
REACHED: Final = Remark("half_reach_it", (".0f",))
PERHAPS: Final = Remark("perhaps_half_reach_it", (".0f",))
COLUMNS: Final = (
    m.BRANCH_COLUMN,
    m.Column(SETTING, "Whose levels these are; empty: the whole branch."),
    m.Column(LEVEL, "Text of the value, or of both ends of the bin."),
    m.hidden(LEVEL_FROM, "Lower end of the level as a number; empty where the values are no numbers."),
    m.hidden(LEVEL_TO, "Upper end of the level, likewise."),
    m.Column(TRIALS, "How many trials there are.", m.COUNT),
    m.hidden(CONFIGURATIONS, "How many configurations there are.", m.COUNT),
    *m.estimate(
        REACHED_SHARE,
        "Share of the trials that reach the target within the training, and its 95 % interval. Empty where "
        "nobody recorded when, that is without curves or without a target.",
        m.SHARE,
        "reach-the-target",
        (REACHED_LOW, REACHED_HIGH),
    ),
    *m.estimate(
        MEDIAN_EPOCHS,
        "Median number of epochs to the target and its interval; empty: not reached by half of them. An "
        "empty upper end with a median: half may not reach it.",
        title="median-epochs",
        ends=(MEDIAN_LOW, MEDIAN_HIGH),
    ),
    m.Column(
        FASTEST_EPOCHS,
        "Lowest mean number of epochs over replicates among configurations whose replicates all reach the "
        "target: everything else tuned for speed. A minimum, so it flatters levels with more configurations.",
        m.AMOUNT,
        "fastest-rest-tuned",
    ),
    *m.estimate(
        AREA,
        "Mean height of the curve of the metric over the training (trapezoid rule over epochs, divided by "
        "their number), capped, filled with the cap after the last finite epoch; 95 % interval of the mean. "
        "Empty without curves.",
        m.RESPONSE,
        "mean-height-of-the-curve",
        ends=(AREA_LOW, AREA_HIGH),
    ),
    m.hidden(
        BEST_AREA,
        "Lowest mean area, in units of the metric, over replicates among the configurations: everything else "
        "tuned.",
        m.RESPONSE,
    ),
    m.REMARKS_COLUMN,
    m.VERDICT_COLUMN,
)

_TOLD: Final = (TRIALS, CONFIGURATIONS, REACHED_SHARE, MEDIAN_EPOCHS, MEDIAN_HIGH)  # that remarks speak of


def training_speed(study: Study) -> pd.DataFrame:
    """Epochs to the target and area under the curve at every level of every setting, per branch.

    Without curves the columns of the area stay empty.

    One row per branch and level.
    """
    observed, cluster = _observe(study.plan, study.curves, study.cap), study.configuration
    parts = []
    for branch in branches(study):
        for axis in (everything(len(study.plan)), *branch.axes(study)):
            part = _by_level(axis, branch.rows, cluster, observed)
            parts.append(part.assign(**{BRANCH: branch.label, SETTING: axis.name}))
    table = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return table[m.names(COLUMNS)]


def epochs_to_target(study: Study) -> tuple[Floats, float] | None:
    """Epochs to the target of each trial of the plan, and the number that stands for "not reached".

    That is one more than there are. None where nobody reached a target.
    """
    observed = _observe(study.plan, study.curves, study.cap)
    known = np.isfinite(observed.epochs)
    beyond = observed.longest + 1.0
    return (np.where(known, observed.epochs, beyond), beyond) if known.any() else None


@dataclass(frozen=True)
class _Observed:
    """Epochs to the target (inf: not reached), area (NaN: no curve) and replicate of each trial.

    ``longest``: epochs of training; ``excuse`` says why it is unknown who reached a target.
    """

    epochs: Floats
    area: Floats
    replicate: Integers
    longest: int
    excuse: Remark | None = None


def _observe(plan: pd.DataFrame, curves: Curves, cap: float | None) -> _Observed:
    epochs = plan[EPOCHS_TO_TARGET].to_numpy(dtype=np.float64, na_value=np.inf)
    matrix = curve_matrix(plan, curves, cap)
    longest, reached = matrix.shape[1] - 1, epochs[np.isfinite(epochs)]
    replicate = np.unique(plan[REPLICATE].to_numpy(), return_inverse=True)[1]
    if longest < 1:
        none = np.full(len(plan), np.nan)
        if not len(reached):
            return _Observed(epochs, none, replicate, 1, NO_CURVES)
        return _Observed(epochs, none, replicate, max(int(reached.max()), 1))
    matrix = matrix[:, first_known(matrix) :]
    area = (matrix[:, 1:] + matrix[:, :-1]).mean(axis=1) / 2 if matrix.shape[1] > 1 else matrix[:, 0]
    trained = plan[plan[OUTCOME] != DIVERGED]
    unknown = not len(reached) and len(trained) and trained[VALIDATION_ERROR].isna().all()
    return _Observed(epochs, area, replicate, longest, NO_TARGET if unknown else None)


def _by_level(axis: Axis, rows: Integers, cluster: Integers, observed: _Observed) -> pd.DataFrame:
    rows = rows[axis.level[rows] >= 0]
    clusters = Clusters(axis.level[rows], cluster[rows], len(axis))
    epochs, longest = observed.epochs[rows], observed.longest
    by_epoch = (epochs[:, None] <= np.arange(1, longest + 1)).astype(np.float64)
    share, low, high, _ = wilson(clusters, by_epoch)
    if observed.excuse:
        share, low, high = (np.full_like(part, np.nan) for part in (share, low, high))
    mean, area_low, area_high = _area(clusters, observed.area[rows], observed.replicate[rows])
    _, cell, _ = clusters.grouped
    found = {
        **level_columns(axis, np.arange(len(axis))),
        TRIALS: clusters.trials,
        CONFIGURATIONS: np.bincount(cell, minlength=len(axis)),
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
    # Of the columns: taking a table apart into rows takes as long as all the rest.
    told = zip(*(np.asarray(found[name]).tolist() for name in _TOLD), strict=True)
    remarks = [_remarks(dict(zip(_TOLD, row, strict=True)), longest, observed.excuse) for row in told]
    table = pd.DataFrame({**found, REMARKS: pd.Series(remarks, dtype="object")})
    return table[(clusters.trials > 0) | (axis.name == "")]  # the whole stands also without a trial


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


def _area(clusters: Clusters, area: Floats, replicate: Integers) -> tuple[Floats, Floats, Floats]:
    """Mean area with its interval over the trials that have a curve."""
    known = np.isfinite(area)
    inside = Clusters(clusters.cell[known], clusters.cluster[known], clusters.size)
    return mean_interval(inside, area[known], replicate[known])


def _remarks(row: Mapping[str, Any], longest: int, excuse: Remark | None) -> Remarks:
    """How many configurations there are, where few, and how soon half of the trials reach the target."""
    share, median, count = row[REACHED_SHARE], row[MEDIAN_EPOCHS], int(row[CONFIGURATIONS])
    if not row[TRIALS]:
        return Remarks(NO_TRIALS)
    if excuse:
        return Remarks(excuse)
    few = None if count >= FEWEST else ONE if count == 1 else FEW(count)
    if share == 0:
        return Remarks(few, NEVER(longest))
    if math.isnan(median):
        return Remarks(few, NO_MEDIAN(share, longest))
    return Remarks(few, (PERHAPS if math.isnan(row[MEDIAN_HIGH]) else REACHED)(median))


MEASURE: Final = m.Measure(
    "speed",
    (
        m.Table(
            "training_speed",
            COLUMNS,
            training_speed,
            m.Excerpt(m.of_setting(RATE)),
        ),
        learning_curves.TABLE,
    ),
)
