"""Pairs of settings: what can be reached in each cell of two settings, and what an untuned rest gives there.

Levels, and bins of numbers, are those of `sensitivity.axis`. With more than 12 settings the pairs are those
of the 8 whose level means differ most; a remark says so. Cells without a trial have no row.

A cell's *re-tuned* configuration has the lowest mean over replicates, everything else free. Configurations
that lack a replicate others of the cell have do not compete. It is the lowest of many noisy means, so it
flatters a little.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from sensitivity.branch import label
from sensitivity.estimators.curves.remarks import few
from sensitivity.estimators.effects import ALL, BRANCH
from sensitivity.measures import measure as m
from sensitivity.remarks import REMARKS, Remark, Remarks
from sensitivity.trials import DIVERGED, NUMBER, OUTCOME, VALUE

if TYPE_CHECKING:
    from sensitivity.arrays import Floats, Integers
    from sensitivity.axis import Axis
    from sensitivity.remarks import Said
    from sensitivity.study import Study

FIRST: Final = "first"
FIRST_LEVEL: Final = "first_level"
SECOND: Final = "second"
SECOND_LEVEL: Final = "second_level"
BEST: Final = "best"
BEST_SD: Final = "best_sd"
REPLICATES: Final = "replicates"
BEST_TRIAL: Final = "best_trial"
MEAN: Final = "mean"
SD: Final = "sd"
DIVERGED_SHARE: Final = "diverged_share"
TRIALS: Final = "trials"
COLUMNS: Final = (
    m.BRANCH_COLUMN,
    m.Column(FIRST, "One of the two settings.", title="setting"),
    m.Column(FIRST_LEVEL, "Its value, or the middle of its bin.", title="level"),
    m.Column(SECOND, "The other setting.", title="and-setting"),
    m.Column(SECOND_LEVEL, "Its value, or the middle of its bin.", title="level"),
    m.Column(
        BEST,
        "Mean response over replicates of the cell's re-tuned configuration.",
        m.RESPONSE,
        "best-rest-tuned",
    ),
    m.Column(
        BEST_SD,
        "Sample standard deviation of the response over its replicates, what they share included; empty for "
        "one replicate.",
        m.AMOUNT,
        "sd-over-replicates",
    ),
    m.hidden(REPLICATES, "How many replicates it has.", m.COUNT),
    m.hidden(BEST_TRIAL, "Number of its first trial.", m.COUNT),
    m.Column(
        MEAN,
        "Mean response over all trials of the cell: what to expect where the rest is not tuned.",
        m.RESPONSE,
        "mean-rest-untuned",
    ),
    m.Column(
        SD, "Standard deviation of the response over all trials of the cell.", m.AMOUNT, "sd-over-all-trials"
    ),
    m.Column(DIVERGED_SHARE, "Share of the cell's trials that diverged.", m.SHARE, "diverged-share"),
    m.Column(TRIALS, "How many trials the cell has.", m.COUNT),
    m.REMARKS_COLUMN,
    m.VERDICT_COLUMN,
)
BINNED: Final = Remark("in_bins")
SOME: Final = Remark("some_settings")
MANY_SETTINGS: Final = 12
KEPT_SETTINGS: Final = 8


def pairs(study: Study) -> pd.DataFrame:
    """What each cell of two settings reaches, for every pair of settings, per branch.

    The plan's trials are used, or all where there is no plan, but for those without a finite response.

    One row per branch, pair of settings that vary there, and cell that has trials.
    """
    found = collected(study)
    everything = list(study.axes.values())
    axes, kept = important(everything, found.rows, collected(study.scaled).response)
    remarks = Remarks(few(len(found.mean))), Remarks(kept)
    parts = _parts(found, axes, remarks)
    for axis in (axis for axis in everything if axis.name == study.branch and len(axis.tried) > 1):
        others = [other for other in axes if other is not axis]
        for number, value in enumerate(axis.tried):
            rows = found.rows[axis.code[found.rows] == number]
            parts += _parts(found, others, remarks, label(study.branch, value), rows)
    columns = m.names(COLUMNS)
    joined = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return joined.astype({FIRST_LEVEL: "object", SECOND_LEVEL: "object"})[columns]


@dataclass(frozen=True)
class Tried:
    """The plan's trials and their configurations.

    ``rows`` are the trials that have a response; ``group`` and ``response`` are of all trials, ``mean``,
    ``sd``, ``count`` and ``trial`` (the first one's number) of the configurations.
    """

    rows: Integers
    response: Floats
    diverged: Floats
    group: Integers
    mean: Floats
    sd: Floats
    count: Integers
    trial: Integers

    @property
    def best_first(self) -> Integers:
        """Configurations, those that lack a replicate behind those that do not, the best mean first."""
        return np.lexsort((self.mean, -self.count))


def collected(study: Study) -> Tried:
    """Responses of the plan's trials, and of their configurations."""
    plan, group = study.plan, study.configuration
    response = plan[VALUE].to_numpy(dtype=np.float64, na_value=np.nan)
    rows = np.flatnonzero(np.isfinite(response))
    size = int(group.max(initial=-1)) + 1
    count, mean, sd = _moments(group[rows], response[rows], size)
    trial = np.full(size, np.iinfo(np.int64).max)
    np.minimum.at(trial, group[rows], plan[NUMBER].to_numpy(dtype=np.int64)[rows])
    diverged = (plan[OUTCOME] == DIVERGED).to_numpy().astype(np.float64)
    return Tried(rows, response, diverged, group, mean, sd, count, trial)


def _moments(group: Integers, response: Floats, size: int) -> tuple[Integers, Floats, Floats]:
    """Number, mean and sample standard deviation (NaN for one) of the trials of each group."""
    count = np.bincount(group, minlength=size)
    mean = np.bincount(group, response, size) / np.maximum(count, 1)
    squares = np.bincount(group, (response - mean[group]) ** 2, size)
    sd = np.where(count > 1, np.sqrt(squares / np.maximum(count - 1, 1)), np.nan)
    return count, mean, sd


def important(axes: list[Axis], rows: Integers, response: Floats) -> tuple[list[Axis], Said | None]:
    """Settings whose pairs are looked at, in their order, and what is said where others are left out."""
    if len(axes) <= MANY_SETTINGS:
        return axes, None
    spread = sorted(axes, key=lambda axis: -_spread(axis, rows, response))[:KEPT_SETTINGS]
    return [axis for axis in axes if axis in spread], SOME(KEPT_SETTINGS, len(axes))


def _spread(axis: Axis, rows: Integers, response: Floats) -> float:
    """Variance of the response's means over the levels, each weighted by its trials."""
    active = rows[axis.level[rows] >= 0]
    if not len(active):
        return 0.0
    count, mean, _ = _moments(axis.level[active], response[active], len(axis))
    return float(np.average((mean - np.average(mean, weights=count)) ** 2, weights=count))


def _parts(
    found: Tried,
    axes: list[Axis],
    remarks: tuple[Remarks, Remarks],
    branch: str = ALL,
    rows: Integers | None = None,
) -> list[pd.DataFrame]:
    """A table per pair of settings that vary in the branch."""
    rows = found.rows if rows is None else rows
    varied = [axis for axis in axes if varies(axis, rows)]
    best_first = found.best_first
    rank = np.empty(len(best_first), dtype=np.int64)
    rank[best_first] = np.arange(len(best_first))
    cells = (
        (first, second, _cells(found, first, second, rows, rank, best_first))
        for first, second in itertools.combinations(varied, 2)
    )
    return [
        pd.DataFrame(columns | {REMARKS: [_told(one, two, *remarks)] * len(columns[TRIALS])}).assign(
            **{BRANCH: branch, FIRST: one.name, SECOND: two.name}
        )
        for one, two, columns in cells
        if len(columns[TRIALS])
    ]


def varies(axis: Axis, rows: Integers) -> bool:
    """Whether a setting has several levels among some trials."""
    return len(np.unique(axis.level[rows][axis.level[rows] >= 0])) > 1


def _told(one: Axis, two: Axis, before: Remarks, after: Remarks) -> Remarks:
    """Remarks on a pair: those on the whole table, and which of the two is in bins."""
    return Remarks(*before, *(BINNED(axis.name) for axis in (one, two) if axis.bins), *after)


def _cells(
    found: Tried, first: Axis, second: Axis, rows: Integers, rank: Integers, best_first: Integers
) -> dict[str, Any]:
    """Columns of one pair's cells that have trials; ``rank`` orders the configurations, best first."""
    size = len(second.levels)
    rows = rows[(first.level[rows] >= 0) & (second.level[rows] >= 0)]
    cells, cell = np.unique(first.level[rows] * size + second.level[rows], return_inverse=True)
    place = np.full(len(cells), len(rank), dtype=np.int64)
    np.minimum.at(place, cell, rank[found.group[rows]])
    chosen = best_first[place]
    count, mean, sd = _moments(cell, found.response[rows], len(cells))
    one, other = np.divmod(cells, max(size, 1))
    return {
        FIRST_LEVEL: pd.Series([first.levels[at] for at in one.tolist()], dtype="object"),
        SECOND_LEVEL: pd.Series([second.levels[at] for at in other.tolist()], dtype="object"),
        BEST: found.mean[chosen],
        BEST_SD: found.sd[chosen],
        REPLICATES: found.count[chosen],
        BEST_TRIAL: found.trial[chosen],
        MEAN: mean,
        SD: sd,
        DIVERGED_SHARE: np.bincount(cell, found.diverged[rows], len(cells)) / np.maximum(count, 1),
        TRIALS: count,
    }


TABLE: Final = m.Table(
    "pairs",
    COLUMNS,
    pairs,
    excerpt=None,
)
