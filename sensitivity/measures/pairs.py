"""Pairs of settings: what can be reached in each cell of two settings, and what an untuned rest gives there.

Settings of more than 16 different numbers are binned, evenly on their own scale. With more than 12 settings
the pairs are those of the 8 whose level means differ most; a remark says so. Cells without a trial have no
row.

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

from sensitivity.axis import key
from sensitivity.branch import label
from sensitivity.estimators.binned_axis import binned, is_number, places
from sensitivity.estimators.curves.remarks import few
from sensitivity.estimators.curves.responses import coded, configurations_of
from sensitivity.estimators.effects import ALL, BRANCH
from sensitivity.measures import measure as m
from sensitivity.remarks import REMARKS, Remark, Remarks
from sensitivity.trials import DIVERGED, NUMBER, OUTCOME, REPLICATE, VALUE, planned
from sweeps.space import Choices

if TYPE_CHECKING:
    from sensitivity.arrays import Floats, Integers
    from sensitivity.study import Study
    from sweeps.space import Setting, Space

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
    m.Column(SECOND, "The other setting.", title="and setting"),
    m.Column(SECOND_LEVEL, "Its value, or the middle of its bin.", title="level"),
    m.Column(
        BEST, "Mean over replicates of the cell's re-tuned configuration.", m.AMOUNT, "best, rest tuned"
    ),
    m.Column(
        BEST_SD,
        "Sample standard deviation over its replicates, what they share included; empty for one replicate.",
        m.AMOUNT,
        "sd over replicates",
    ),
    m.hidden(REPLICATES, "How many replicates it has."),
    m.hidden(BEST_TRIAL, "Number of its first trial."),
    m.Column(
        MEAN,
        "Mean over all trials of the cell: what to expect where the rest is not tuned.",
        m.AMOUNT,
        "mean, rest untuned",
    ),
    m.Column(SD, "How all trials of the cell scatter.", m.AMOUNT, "sd over all trials"),
    m.Column(DIVERGED_SHARE, "Share of the cell's trials that diverged.", m.SHARE, "diverged share"),
    m.Column(TRIALS, "How many trials the cell has.", m.COUNT),
    m.REMARKS_COLUMN,
    m.VERDICT_COLUMN,
)
BINNED: Final = Remark("in_bins", "{} in bins")
SOME: Final = Remark("some_settings", "pairs of the {} of {} settings whose level means differ most")
MANY_SETTINGS: Final = 12
KEPT_SETTINGS: Final = 8


def pairs(study: Study) -> pd.DataFrame:
    """What each cell of two settings reaches, for every pair of settings, per branch.

    The plan's trials are used, or all where there is no plan, but for those without a finite response.

    Returns
    -------
    DataFrame with the columns of `COLUMNS`
        One row per branch, pair of settings that vary there, and cell that has trials.
    """
    space = study.space
    plan = planned(study.trials)
    plan = plan[np.isfinite(plan[VALUE].to_numpy(dtype=np.float64, na_value=np.nan))]
    found = _collected(plan, space)
    everything = [_axis(plan, setting) for setting in space.settings if setting.name in plan.columns]
    axes, left_out = _important(everything, found.response)
    kept = SOME(len(everything) - left_out, len(everything)) if left_out else None
    remarks = Remarks(few(len(found.mean))), Remarks(kept)
    parts = _parts(found, axes, remarks)
    for axis in (axis for axis in everything if axis.name == study.branch and len(axis.levels) > 1):
        for code, level in enumerate(axis.levels):
            rows = np.flatnonzero(axis.code == code)
            inside = _inside(plan, [a for a in axes if a is not axis], rows)
            parts += _parts(found, inside, remarks, label(study.branch, level), rows)
    columns = m.names(COLUMNS)
    joined = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return joined.astype({FIRST_LEVEL: "object", SECOND_LEVEL: "object"})[columns]


@dataclass(frozen=True)
class _Trials:
    """Trials and their configurations: group of each trial; configurations' numbers by their place."""

    response: Floats
    diverged: Floats
    group: Integers
    mean: Floats
    sd: Floats
    count: Integers
    trial: Integers


@dataclass(frozen=True)
class _Axis:
    """Levels of a setting and each trial's, −1 where inactive."""

    name: str
    setting: Setting
    code: Integers
    levels: tuple[object, ...]
    binned: bool


def _collected(plan: pd.DataFrame, space: Space) -> _Trials:
    codes = [coded(plan[name])[0] for name in space.names if name in plan.columns]
    table = np.column_stack(codes) if codes else np.zeros((len(plan), 1), dtype=np.int64)
    group = configurations_of(table, plan[REPLICATE].to_numpy())
    response = plan[VALUE].to_numpy(dtype=np.float64)
    size = int(group.max(initial=-1)) + 1
    count, mean, sd = _moments(group, response, size)
    trial = np.full(size, np.iinfo(np.int64).max)
    np.minimum.at(trial, group, plan[NUMBER].to_numpy(dtype=np.int64))
    diverged = (plan[OUTCOME] == DIVERGED).to_numpy().astype(np.float64)
    return _Trials(response, diverged, group, mean, sd, count, trial)


def _moments(group: Integers, response: Floats, size: int) -> tuple[Integers, Floats, Floats]:
    """Number, mean and sample standard deviation (NaN for one) of the trials of each group."""
    count = np.bincount(group, minlength=size)
    mean = np.bincount(group, response, size) / np.maximum(count, 1)
    squares = np.bincount(group, (response - mean[group]) ** 2, size)
    sd = np.where(count > 1, np.sqrt(squares / np.maximum(count - 1, 1)), np.nan)
    return count, mean, sd


def _axis(plan: pd.DataFrame, setting: Setting) -> _Axis:
    """Levels of a setting: numbers ascending, choices in the order of their range, then of appearance."""
    column = plan[setting.name]
    in_bins = binned(column)
    raw, unique = pd.factorize(places(column, log=_scale(setting)))
    values = list(unique)
    if all(is_number(value) for value in values):
        order = sorted(range(len(values)), key=lambda at: float(values[at]))
        if pd.api.types.is_integer_dtype(column) and not in_bins:
            values = [int(value) for value in values]
    else:
        order = sorted(range(len(values)), key=lambda at: _place(setting, values[at]))
    position = np.full(len(values) + 1, -1, dtype=np.int64)
    position[order] = np.arange(len(values))
    levels = tuple(values[at] for at in order)
    return _Axis(setting.name, setting, position[raw], levels, in_bins)


def _scale(setting: Setting) -> bool | None:
    """Whether the setting's own scale is logarithmic; None where it has none, or more than one."""
    domains = [variant.domain for variant in setting.variants]
    scales = {domain.log for domain in domains if not isinstance(domain, Choices)}
    return scales.pop() if len(scales) == 1 else None


def _place(setting: Setting, value: object) -> int:
    """Place of a choice among those of the setting's ranges; behind all others where none lists it."""
    domains = [variant.domain for variant in setting.variants]
    listed = [
        key(item) for domain in domains if isinstance(domain, Choices) for item in domain.level_values()
    ]
    return listed.index(key(value)) if key(value) in listed else len(listed)


def _important(axes: list[_Axis], response: Floats) -> tuple[list[_Axis], int]:
    """Settings whose pairs are looked at, in their order, and how many are left out."""
    if len(axes) <= MANY_SETTINGS:
        return axes, 0
    spread = sorted(axes, key=lambda axis: -_spread(axis, response))[:KEPT_SETTINGS]
    return [axis for axis in axes if axis in spread], len(axes) - KEPT_SETTINGS


def _spread(axis: _Axis, response: Floats) -> float:
    """Variance of the response's means over the levels, each weighted by its trials."""
    active = axis.code >= 0
    if not active.any():
        return 0.0
    count, mean, _ = _moments(axis.code[active], response[active], len(axis.levels))
    return float(np.average((mean - np.average(mean, weights=count)) ** 2, weights=count))


def _inside(plan: pd.DataFrame, axes: list[_Axis], rows: Integers) -> list[_Axis]:
    """Axes of a branch: one that is binned over the whole plan may have few values, or others, inside."""
    inside = []
    for axis in axes:
        if not axis.binned:
            inside.append(axis)
            continue
        own = _axis(plan.iloc[rows], axis.setting)
        code = np.full(len(plan), -1, dtype=np.int64)
        code[rows] = own.code
        inside.append(_Axis(axis.name, axis.setting, code, own.levels, own.binned))
    return inside


def _parts(
    found: _Trials,
    axes: list[_Axis],
    remarks: tuple[Remarks, Remarks],
    branch: str = ALL,
    rows: Integers | None = None,
) -> list[pd.DataFrame]:
    """A table per pair of settings that vary in the branch."""
    rows = np.arange(len(found.response)) if rows is None else rows
    varied = [axis for axis in axes if len(np.unique(axis.code[rows][axis.code[rows] >= 0])) > 1]
    best_first = np.lexsort((found.trial, found.mean, -found.count))
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


def _told(one: _Axis, two: _Axis, before: Remarks, after: Remarks) -> Remarks:
    """Remarks on a pair: those on the whole table, and which of the two is in bins."""
    return Remarks(*before, *(BINNED(axis.name) for axis in (one, two) if axis.binned), *after)


def _cells(
    found: _Trials, first: _Axis, second: _Axis, rows: Integers, rank: Integers, best_first: Integers
) -> dict[str, Any]:
    """Columns of one pair's cells that have trials; ``rank`` orders the configurations, best first."""
    size = len(second.levels)
    rows = rows[(first.code[rows] >= 0) & (second.code[rows] >= 0)]
    cells, cell = np.unique(first.code[rows] * size + second.code[rows], return_inverse=True)
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
    "The best and the mean result at each pair of values of two settings.",
    COLUMNS,
    pairs,
    excerpt=None,
)
