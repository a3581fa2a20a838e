"""Where training diverges and which settings decide it.

The fraction of diverged trials at a level, or at a pair of levels, with Wilson's interval (1927) on the
effective number of trials: replicates of a configuration are alike (`sensitivity.estimators.proportions`).
Which settings decide it is the variance decomposition of the indicator 1{diverged}.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from sensitivity.branch import label as branch_label
from sensitivity.estimators import effects as e
from sensitivity.estimators.branches import branches
from sensitivity.estimators.effects import ALL, BRANCH, HIGH, LOW, SETTING
from sensitivity.estimators.levels import LEVEL, LEVEL_FROM, LEVEL_TO, everything, level_columns
from sensitivity.estimators.proportions import CONFIGURATIONS, TRIALS, Clusters, wilson
from sensitivity.measures import measure as m
from sensitivity.measures import survivors, variance
from sensitivity.measures.pairs import important
from sensitivity.measures.variance import variance_decomposition
from sensitivity.remarks import JUDGEMENT, REMARKS, Judgement, Remark, Remarks, cells, has
from sensitivity.trials import DIVERGED, OUTCOME

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from sensitivity.arrays import Floats, Integers, Mask
    from sensitivity.estimators.branches import Branch
    from sensitivity.remarks import Said
    from sensitivity.study import Study

COUNT: Final = "diverged"
FRACTION: Final = "fraction"
FIRST: Final = "first"
FIRST_LEVEL: Final = "first_level"
SECOND: Final = "second"
SECOND_LEVEL: Final = "second_level"
_OVERALL = "overall"
FEWEST: Final = 5
ALL_OF_IT: Final = ""  # setting of the row that is the whole branch
NO_TRIALS: Final = Remark("no_trials")
NONE_DIVERGED: Final = Remark("none_diverged")
ALL_DIVERGED: Final = Remark("all_diverged")
FEW_CONFIGURATIONS: Final = Remark("few_configurations", (",",), message="few_configurations-then")
REPLICATES_AGREE: Final = Remark("replicates_agree")
NOISE_OF_TWO: Final = Remark("noise_of_two")
NONE_HERE: Final = Remark("none_here", (",", ".0%"))
ALL_HERE: Final = Remark("all_here", (",",))
SOME: Final = Remark("some", (",", ","))
MORE: Final = Remark("more_often", (".0%", ".0%"))
LESS: Final = Remark("less_often", (".0%", ".0%"))
ALIKE: Final = Remark("not_told", (".0%", ".0%"))
_COUNTS: Final = (
    m.Column(TRIALS, "Trials there.", m.COUNT),
    m.Column(CONFIGURATIONS, "Configurations there.", m.COUNT, shown=False),
    m.Column(COUNT, "Diverged trials there.", m.COUNT, "diverged-column"),
    *m.estimate(FRACTION, "Diverged trials as a part of all.", m.SHARE, "diverged-share"),
)
_JUDGED: Final = (m.REMARKS_COLUMN, m.VERDICT_COLUMN)
LEVEL_TABLE: Final = (
    m.BRANCH_COLUMN,
    m.Column(SETTING, "The setting; empty for the whole branch."),
    m.Column(LEVEL, "Its level, or a bin of them."),
    m.hidden(LEVEL_FROM, "Lowest value of a bin."),
    m.hidden(LEVEL_TO, "Highest value of a bin."),
    *_COUNTS,
    *_JUDGED,
)
PAIR_TABLE: Final = (
    m.BRANCH_COLUMN,
    m.Column(FIRST, "One setting.", title="setting"),
    m.Column(FIRST_LEVEL, "Its level.", title="level"),
    m.Column(SECOND, "The other setting.", title="and-setting"),
    m.Column(SECOND_LEVEL, "Its level.", title="level"),
    *_COUNTS,
    m.REMARKS_COLUMN,
    replace(m.VERDICT_COLUMN, shown=False),
)


def divergence_by_level(study: Study) -> pd.DataFrame:
    """Fraction of diverged trials at every level of every setting, per branch, columns `LEVEL_TABLE`."""
    counted = _Counted(study)
    parts = []
    for branch in branches(study):
        for axis in (everything(len(study.plan)), *branch.axes(study)):
            found, cells = counted.fractions(branch.rows, axis.level, len(axis))
            named = _named(branch, len(cells), {SETTING: axis.name})
            parts.append({**named, **level_columns(axis, cells), **found})
    return _table(parts, LEVEL_TABLE, SETTING)


def divergence_by_pair(study: Study) -> pd.DataFrame:
    """Fraction of diverged trials at every pair of levels that occurs, per branch, columns `PAIR_TABLE`.

    Of very many settings those in pairs whose levels differ most in how often trials diverge (`important`).
    """
    counted = _Counted(study)
    axes, kept = important(list(study.axes.values()), np.arange(len(study.plan)), counted.diverged)
    looked_at = {axis.name for axis in axes}
    parts = []
    for branch in branches(study):
        varied = [axis for axis in branch.axes(study) if axis.name in looked_at]
        for first, second in itertools.combinations(varied, 2):
            both = (first.level >= 0) & (second.level >= 0)
            code = np.where(both, first.level * len(second) + second.level, -1)
            found, cells = counted.fractions(branch.rows, code, len(first) * len(second))
            one, other = np.divmod(cells, max(len(second), 1))
            names = {FIRST: first.name, SECOND: second.name}
            texts = {
                FIRST_LEVEL: [first.texts[at] for at in one.tolist()],
                SECOND_LEVEL: [second.texts[at] for at in other.tolist()],
            }
            parts.append({**_named(branch, len(cells), names), **texts, **found})
    return _table(parts, PAIR_TABLE, FIRST, kept)


class _Counted:
    """The plan's outcomes and configurations, ready to be counted in any cells."""

    def __init__(self, study: Study) -> None:
        self.diverged: Floats = (study.plan[OUTCOME] == DIVERGED).to_numpy().astype(np.float64)
        self.cluster = study.configuration

    def fractions(self, rows: Integers, code: Integers, size: int) -> tuple[dict[str, Any], Integers]:
        """Columns of the cells that have trials, and these cells; code −1 is in no cell."""
        overall = float(self.diverged[rows].mean()) if len(rows) else np.nan
        rows = rows[code[rows] >= 0]
        clusters = Clusters(code[rows], self.cluster[rows], size)
        fraction, low, high, _ = wilson(clusters, self.diverged[rows])
        cells = np.flatnonzero(clusters.trials)
        columns = {
            TRIALS: clusters.trials,
            CONFIGURATIONS: np.bincount(clusters.grouped[1], minlength=size),
            COUNT: np.bincount(clusters.cell, self.diverged[rows], minlength=size).astype(np.int64),
            FRACTION: fraction,
            LOW: low,
            HIGH: high,
        }
        found = {name: column[cells] for name, column in columns.items()}
        return {**found, _OVERALL: np.full(len(cells), overall)}, cells


def _named(branch: Branch, size: int, names: Mapping[str, str]) -> dict[str, Any]:
    return {name: [text] * size for name, text in {BRANCH: branch.label, **names}.items()}


def _table(
    parts: Sequence[Mapping[str, Any]], columns: Sequence[m.Column], setting: str, kept: Said | None = None
) -> pd.DataFrame:
    """One table of all parts, each a column by name, with what is worth knowing about its rows."""
    names = m.names(columns)
    if not any(len(part[BRANCH]) for part in parts):
        nothing = {**dict.fromkeys(names, np.nan), BRANCH: ALL, setting: "", REMARKS: Remarks(NO_TRIALS)}
        return pd.DataFrame([nothing], columns=names)
    joined = {name: np.concatenate([np.asarray(part[name]) for part in parts]) for name in parts[0]}
    table = pd.DataFrame(joined)
    rows = table.to_dict("records")
    remarks = cells(Remarks(*_remarks(row, whole=row[setting] == ALL_OF_IT), kept) for row in rows)
    return table.assign(**{REMARKS: remarks})[names]


def _remarks(row: Mapping[Hashable, Any], *, whole: bool) -> Remarks:
    count = int(row[CONFIGURATIONS])
    few = FEW_CONFIGURATIONS(count, "s" if count > 1 else "") if count < FEWEST else None
    return Remarks(few, _compared(row, whole=whole))


def _compared(row: Mapping[Hashable, Any], *, whole: bool) -> Said:
    """How often trials diverge there, against the whole branch."""
    trials, diverged, overall = int(row[TRIALS]), int(row[COUNT]), row[_OVERALL]
    if diverged == 0:
        return NONE_HERE(trials, row[HIGH])
    if diverged == trials:
        return ALL_HERE(trials)
    if whole:
        return SOME(diverged, trials)
    how = MORE if row[LOW] > overall else LESS if row[HIGH] < overall else ALIKE
    return how(row[FRACTION], overall)


def divergence_effects(study: Study) -> pd.DataFrame:
    """Variance decomposition of the indicator 1{diverged}: which settings decide whether training diverges.

    Returns
    -------
    DataFrame with the columns of `sensitivity.measures.variance`
        Where nothing (or everything) diverged, shares are empty and a remark says so. Where some did, but no
        two replicates of a configuration differ, what another seed would do was not seen, though it may be
        as much as anywhere else: shares have no interval, and are not judged. The noise has none either
        where no configuration has more than two replicates: the few whose two differ are all that it is
        estimated from, and another two would differ elsewhere. (Real sweeps of two replicates: 26 of 29 such
        intervals held what 40 say; of four and eight 95 % and more.)
    """
    diverged = (study.plan[OUTCOME] == DIVERGED).to_numpy().astype(np.float64)
    table = variance_decomposition(study.with_values(diverged))
    parts = [
        _explained(rows, diverged[inside], study.configuration[inside])
        for label, rows in table.groupby(e.BRANCH, sort=False)
        for inside in [_inside(study, str(label))]
    ]
    return pd.concat(parts, ignore_index=True)


def _explained(rows: pd.DataFrame, diverged: Floats, configuration: Integers) -> pd.DataFrame:
    """Rows of one branch, with what its trials cannot tell for want of divergence, or of replicates' own."""
    none = Remarks(ALL_DIVERGED if diverged.all() else NONE_DIVERGED)
    constant = has(rows[REMARKS], e.CONSTANT)
    said = [none if same else old for same, old in zip(constant, rows[REMARKS], strict=True)]
    rows = rows.assign(**{REMARKS: cells(said, rows.index)})
    _, group, counts = np.unique(configuration, return_inverse=True, return_counts=True)
    hits = np.bincount(group, diverged)
    if all(constant) or (counts < 2).all():
        return rows
    if ((hits > 0) & (hits < counts)).any():
        return rows if (counts > 2).any() else _noise_untold(rows)
    judged = rows[JUDGEMENT].mask(rows[JUDGEMENT].notna(), Judgement.UNKNOWN.value)
    said = [Remarks(*old, REPLICATES_AGREE) for old in rows[REMARKS]]
    found = rows.assign(**{JUDGEMENT: judged, REMARKS: cells(said, rows.index)})
    found[[LOW, HIGH]] = np.nan
    return found


def _noise_untold(rows: pd.DataFrame) -> pd.DataFrame:
    """The same with no interval of the noise."""
    noise = rows[e.KIND] == e.NOISE
    both = zip(noise, rows[REMARKS], strict=True)
    said = [Remarks(*old, NOISE_OF_TWO) if of_noise else old for of_noise, old in both]
    found = rows.assign(**{REMARKS: cells(said, rows.index)})
    found.loc[noise, [LOW, HIGH]] = np.nan
    return found


def _inside(study: Study, branch: str) -> Mask:
    """Which trials are in a branch, whatever setting makes it; all of them in ``all``."""
    for axis in study.axes.values() if branch != e.ALL else ():
        labels = [branch_label(axis.name, item) for item in axis.keys]
        if branch in labels:
            found: Mask = axis.code == labels.index(branch)
            return found
    return np.ones(len(study.plan), dtype=bool)


def _large_pairs(table: pd.DataFrame) -> pd.DataFrame:
    """Cells of the branch ``all`` in which most diverges, at most forty."""
    return m.whole(table).sort_values(FRACTION, ascending=False, kind="stable").head(40)


MEASURE: Final = m.Measure(
    "divergence",
    (
        m.Table(
            "divergence_by_level",
            LEVEL_TABLE,
            divergence_by_level,
            m.WHOLE,
        ),
        survivors.TABLE,
        m.Table(
            "divergence_effects",
            variance.COLUMNS,
            divergence_effects,
            m.WHOLE,
        ),
        m.Table(
            "divergence_by_pair",
            PAIR_TABLE,
            divergence_by_pair,
            m.Excerpt(_large_pairs),
        ),
    ),
)
