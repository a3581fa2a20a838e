"""Learning curves along a slice: training at each learning rate, all else as in the best configuration.

Too large a rate diverges or stays high, too small a one is slow: both show epoch by epoch. The slice of an
optimizer goes through its best configuration, the lowest mean response over replicates among the plan's
trials. Being the best of many it was lucky, its neighbours on the slice were not chosen: its own curve reads
a little too low beside theirs. Without a learning rate the slice goes along the setting that
`sensitivity.measures.moving_optimum.followed_setting` would follow.

Curves are capped and filled with the cap from where they stop being finite (see `training_curves`). A plan
whose values hardly repeat has no second configuration on the slice; then the best one stands alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from sensitivity.estimators.branches import branches
from sensitivity.estimators.curves.responses import responses
from sensitivity.estimators.effects import BRANCH, HIGH, LOW, SETTING
from sensitivity.estimators.levels import LEVEL
from sensitivity.estimators.training_curves import curve_matrix, first_known
from sensitivity.measures import measure as m
from sensitivity.measures.moving_optimum import followed_setting
from sensitivity.measures.over_epochs import EPOCH
from sensitivity.remarks import REMARKS, Remark, Remarks
from sensitivity.trials import DIVERGED, DIVERGED_AT, NUMBER, OUTCOME, VALUE
from sensitivity.words import short

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sensitivity.arrays import Floats, Integers
    from sensitivity.estimators.training_curves import Curves
    from sensitivity.study import Study

MEAN: Final = "mean"
REPLICATES: Final = "replicates"
IS_BEST: Final = "is_best"
CONFIGURATION: Final = "configuration"
ALONE: Final = Remark("alone", message="alone-slice")
NOTHING_TO_FOLLOW: Final = Remark("nothing_to_follow")
LOST: Final = Remark("replicates_diverged")
EDGE: Final = Remark("best_at_edge_of_slice")
ONE_REPLICATE: Final = Remark("one_replicate")
COLUMNS: Final = (
    m.Column(BRANCH, "``optimizer=adam``; ``all`` where the trials have one optimizer, or none."),
    m.Column(SETTING, "Setting that varies along the slice; empty where nothing numeric can be followed."),
    m.Column(LEVEL, "Its value."),
    m.Column(EPOCH, "0 = at initialisation; for a stranger's trials the step.", m.COUNT),
    m.Column(
        MEAN,
        "Mean curve of the replicates after this epoch, in units of the metric.",
        m.RESPONSE,
        "mean-lowest-highest-replicate",
        (LOW, HIGH),
    ),
    m.hidden(
        LOW,
        "Lowest curve of the replicates after this epoch, in units of the metric: no interval.",
        m.RESPONSE,
    ),
    m.hidden(HIGH, "Highest curve, likewise.", m.RESPONSE),
    m.Column(REPLICATES, "Replicates there are.", m.COUNT),
    m.Column(DIVERGED, "How many of them have diverged by this epoch.", m.COUNT, "diverged-column"),
    m.hidden(IS_BEST, "Whether this is the branch's best configuration.", m.FLAG),
    m.Column(CONFIGURATION, "What is held fixed along the slice, in words."),
    m.REMARKS_COLUMN,
    m.VERDICT_COLUMN,
)


def learning_curves(study: Study) -> pd.DataFrame:
    """Curves at each value of the learning rate, everything else as in the branch's best configuration.

    Trained trials without a curve are left out.

    One row per branch, level and epoch; none where there are no curves.
    """
    curves = study.curves
    plan = study.plan
    heights = curve_matrix(plan, curves, study.cap)
    finite = np.isfinite(heights[:, first_known(heights) :]).all(axis=1)
    known = np.flatnonzero(finite) if heights.shape[1] else np.zeros(0, np.int64)
    if not len(known):
        return pd.DataFrame(columns=m.names(COLUMNS))
    followed = _followed(study)
    slices = _Slices(study, heights, _diverged_at(plan, curves), followed)
    parts = []
    found = branches(study)
    for branch in found[1:] or found[:1]:
        rows = branch.rows[np.isin(branch.rows, known)]
        if len(rows):
            parts.append(slices.of_branch(rows).assign(**{BRANCH: branch.label}))
    return pd.concat(parts, ignore_index=True)[m.names(COLUMNS)]


def _followed(study: Study) -> str:
    """Setting that slices go along: the learning rate, or the one whose optimum would be followed; or ""."""
    if study.rate in study.space.names:
        rates = study.plan[study.rate]
        if len(rates.dropna().unique()) > 1 and pd.api.types.is_numeric_dtype(rates):
            return study.rate
    return followed_setting(responses(study)) or ""


def _diverged_at(plan: pd.DataFrame, curves: Curves) -> Floats:
    """Epoch, fractional, at which each trial diverged: inf if never, the end of its curve if unknown."""
    diverged = (plan[OUTCOME] == DIVERGED).to_numpy()
    at = np.full(len(plan), np.inf)
    at[diverged] = plan[DIVERGED_AT].to_numpy(dtype=np.float64, na_value=np.nan)[diverged]
    for row in np.flatnonzero(np.isnan(at)).tolist():
        curve = np.asarray(curves.get(int(plan[NUMBER].iloc[row]), ()), dtype=np.float64)
        at[row] = np.argmin(np.append(np.isfinite(curve), False))
    return at


@dataclass(frozen=True)
class _Slices:
    """What all slices are cut from; ``heights`` has the shape (trials, epochs + 1), ``at`` (trials,)."""

    study: Study
    heights: Floats
    at: Floats
    followed: str

    def of_branch(self, rows: Integers) -> pd.DataFrame:
        """Rows of the table, but for the branch."""
        cluster = self.study.configuration[rows]
        value = self.study.plan[VALUE].to_numpy(dtype=np.float64, na_value=np.inf)[rows]
        means = np.bincount(cluster, value) / np.maximum(np.bincount(cluster), 1)
        best = int(cluster[np.argmin(means[cluster])])
        slice_ = self._members(rows, int(rows[np.argmax(cluster == best)]))
        chosen = self._per_level(slice_, means, best)
        numbers = list(chosen)
        parts = []
        members = _by_configuration(slice_, self.study.configuration)
        for level, configuration in chosen.items():
            own = members[configuration]
            edge = len(numbers) > 1 and level in {numbers[0], numbers[-1]}
            told = self._remarks(own, alone=len(numbers) == 1, edge=edge and configuration == best)
            parts.append(self._curve(own, level, told) | {IS_BEST: [configuration == best]})
        return _joined(parts, len(self._epochs))

    def _members(self, rows: Integers, best: int) -> Integers:
        """Trials that differ from the best one in the followed setting alone.

        Settings active in both count; one that the followed setting switches on has no value to agree with.
        """
        same = np.ones(len(rows), dtype=bool)
        for name, axis in self.study.axes.items():
            code = axis.code
            if name == self.followed and code[best] >= 0:
                same &= code[rows] >= 0
            else:
                same &= (code[rows] == code[best]) | ((code[rows] < 0) != (code[best] < 0))
        return rows[same]

    def _per_level(self, slice_: Integers, means: Floats, best: int) -> dict[float, int]:
        """Configuration at each level of the slice, ascending: the best itself, else the lowest mean."""
        cluster = self.study.configuration[slice_]
        level = np.zeros(len(slice_))
        if self.followed:
            level = self.study.plan[self.followed].to_numpy(dtype=np.float64, na_value=np.nan)[slice_]
        order = np.lexsort((means[cluster], cluster != best, level))
        _, first = np.unique(level[order], return_index=True)
        return {float(level[row]): int(cluster[row]) for row in order[first].tolist()}

    def _curve(self, own: Integers, level: float, told: Remarks) -> dict[str, Sequence[Any]]:
        """Columns of a level: a value per epoch, or one for all of them."""
        epochs = self._epochs
        curves = self.heights[own][:, epochs]
        return {
            SETTING: [self.followed],
            LEVEL: [level if self.followed else np.nan],
            EPOCH: epochs.tolist(),
            MEAN: curves.mean(axis=0).tolist(),
            LOW: curves.min(axis=0).tolist(),
            HIGH: curves.max(axis=0).tolist(),
            REPLICATES: [len(own)],
            DIVERGED: (self.at[own][:, None] <= epochs).sum(axis=0).tolist(),
            CONFIGURATION: [self._fixed(int(own[0]))],
            REMARKS: [told],
        }

    def _fixed(self, row: int) -> str:
        """Active settings that are held, in words, but for the followed one and what names the branch."""
        held = {name: values[row] for name, values in self._held.items()}
        return ", ".join(f"{name} {_text(value)}" for name, value in held.items() if not pd.isna(value))

    @cached_property
    def _epochs(self) -> Integers:
        return np.arange(first_known(self.heights), self.heights.shape[1])

    @cached_property
    def _held(self) -> dict[str, list[Any]]:
        """Values of the settings that are named."""
        skipped = {self.followed, self.study.branch} if len(branches(self.study)) > 1 else {self.followed}
        names = [name for name in self.study.space.names if name not in skipped]
        return {name: self.study.plan[name].tolist() for name in names}

    def _remarks(self, own: Integers, *, alone: bool, edge: bool) -> Remarks:
        lost = int(np.isfinite(self.at[own]).sum())
        single = ALONE(self.followed) if self.followed else NOTHING_TO_FOLLOW
        return Remarks(
            single if alone else None,
            LOST(lost, len(own)) if lost else None,
            EDGE if edge else None,
            ONE_REPLICATE if len(own) == 1 else None,
        )


def _by_configuration(rows: Integers, configuration: Integers) -> dict[int, Integers]:
    """Rows of each configuration that some rows have, in their order."""
    order = np.argsort(configuration[rows], kind="stable")
    found, begin = np.unique(configuration[rows][order], return_index=True)
    return dict(zip(found.tolist(), np.split(rows[order], begin[1:]), strict=True))


def _joined(parts: Sequence[Mapping[str, Sequence[Any]]], epochs: int) -> pd.DataFrame:
    """Columns of many levels one beneath the other: there may be thousands, too many for a table each."""
    columns: dict[str, list[Any]] = {name: [] for name in parts[0]}
    for part in parts:
        for name, values in part.items():
            columns[name] += values if len(values) == epochs else [*values] * epochs
    return pd.DataFrame(columns)


def _text(value: object) -> str:
    if isinstance(value, bool | np.bool_):
        return str(value).lower()
    return short(float(value), 3) if isinstance(value, float | np.floating) else str(value)


TABLE: Final = m.Table(
    "learning_curves",
    COLUMNS,
    learning_curves,
    excerpt=None,
)
