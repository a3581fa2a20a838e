"""Where training diverges, which settings decide it, and what looking at the survivors alone would change.

Columns of `divergence_by_level`
--------------------------------
branch, setting, level, level_from, level_to
    Where (`sensitivity.estimators.levels`); setting "" is the whole branch.
trials, configurations, diverged
    Counts; ``fraction`` is ``diverged / trials``.
fraction, low, high
    Fraction of diverged trials, with Wilson's interval on the effective number of trials: replicates of a
    configuration are alike (`sensitivity.estimators.proportions`).
verdict
    In words, against the fraction of the whole branch.

Columns of `divergence_by_pair`
-------------------------------
branch, first, first_level, second, second_level
    The two settings and their levels.
trials, configurations, diverged, fraction, low, high, verdict
    As above, for every pair of levels that occurs.

Columns of `divergence_effects`
-------------------------------
branch, kind, setting, share, low, high, verdict
    Variance decomposition of the indicator 1{diverged}, as in `sensitivity.estimators.effects`.

Columns of `capped_and_survivors`: see `sensitivity.measures.survivors`.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from sensitivity.estimators import effects as e
from sensitivity.estimators.branches import BY, laid_out
from sensitivity.estimators.effects import ALL, BRANCH, HIGH, LOW, SETTING, VERDICT
from sensitivity.estimators.levels import LEVEL, LEVEL_FROM, LEVEL_TO, Levels, level_columns
from sensitivity.estimators.proportions import CONFIGURATIONS, TRIALS, Clusters, wilson
from sensitivity.measures.variance import variance_decomposition
from sensitivity.trials import DIVERGED, OUTCOME, VALUE, planned

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from sensitivity.arrays import Floats, Integers
    from sensitivity.estimators.branches import Branch
    from sweeps.space import Space

COUNT: Final = "diverged"
FRACTION: Final = "fraction"
FIRST: Final = "first"
FIRST_LEVEL: Final = "first_level"
SECOND: Final = "second"
SECOND_LEVEL: Final = "second_level"
_NUMBERS = (TRIALS, CONFIGURATIONS, COUNT, FRACTION, LOW, HIGH, VERDICT)
LEVEL_TABLE: Final = (BRANCH, SETTING, LEVEL, LEVEL_FROM, LEVEL_TO, *_NUMBERS)
PAIR_TABLE: Final = (BRANCH, FIRST, FIRST_LEVEL, SECOND, SECOND_LEVEL, *_NUMBERS)
FEWEST: Final = 5
_OVERALL = "overall"
NO_TRIALS: Final = "cannot be judged: no trials"
NONE_DIVERGED: Final = "no trial diverged: nothing to explain"
ALL_DIVERGED: Final = "every trial diverged: nothing to explain"


def divergence_by_level(trials: pd.DataFrame, space: Space, *, split: bool = True) -> pd.DataFrame:
    """Fraction of diverged trials at every level of every setting, per branch.

    Parameters
    ----------
    trials
        Table of `sensitivity.trials`; the plan's rows are used, or all rows where there is no plan.
    space
        Space of the sweep.
    split
        Whether each optimizer is looked at by itself as well.

    Returns
    -------
    DataFrame, one row per branch and level, columns `LEVEL_TABLE`
    """
    plan, layout = laid_out(trials, space)
    whole = Levels("", np.zeros(len(plan), dtype=np.int64), ("",), np.full((1, 2), np.nan))
    counted = _Counted(plan, layout.cluster)
    parts = []
    for branch in layout.branches if split else layout.branches[:1]:
        inside = [item for item in layout.levels if item.setting in branch.space.names]
        for item in (whole, *inside):
            found, cells = counted.fractions(branch.rows, item.code, len(item))
            parts.append(
                {**_named(branch, len(cells), {SETTING: item.setting}), **level_columns(item, cells), **found}
            )
    return _table(parts, LEVEL_TABLE, SETTING)


def divergence_by_pair(trials: pd.DataFrame, space: Space, *, split: bool = True) -> pd.DataFrame:
    """Fraction of diverged trials at every pair of levels of two settings, per branch.

    Parameters as in `divergence_by_level`. Returns a DataFrame with the columns `PAIR_TABLE`.
    """
    plan, layout = laid_out(trials, space)
    counted = _Counted(plan, layout.cluster)
    parts = []
    for branch in layout.branches if split else layout.branches[:1]:
        inside = [item for item in layout.levels if item.setting in branch.space.names]
        for first, second in itertools.combinations(inside, 2):
            both = (first.code >= 0) & (second.code >= 0)
            code = np.where(both, first.code * len(second) + second.code, -1)
            found, cells = counted.fractions(branch.rows, code, len(first) * len(second))
            one, other = np.divmod(cells, max(len(second), 1))
            names = {FIRST: first.setting, SECOND: second.setting}
            texts = {
                FIRST_LEVEL: [first.texts[at] for at in one.tolist()],
                SECOND_LEVEL: [second.texts[at] for at in other.tolist()],
            }
            parts.append({**_named(branch, len(cells), names), **texts, **found})
    return _table(parts, PAIR_TABLE, FIRST)


class _Counted:
    """The plan's outcomes and configurations, ready to be counted in any cells."""

    def __init__(self, plan: pd.DataFrame, cluster: Integers) -> None:
        self.diverged: Floats = (plan[OUTCOME] == DIVERGED).to_numpy().astype(np.float64)
        self.cluster = cluster

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


def _table(parts: Sequence[Mapping[str, Any]], columns: Sequence[str], setting: str) -> pd.DataFrame:
    """One table of all parts, each a column by name, with the verdicts."""
    if not any(len(part[BRANCH]) for part in parts):
        nothing = {**dict.fromkeys(columns, np.nan), BRANCH: ALL, setting: "", VERDICT: NO_TRIALS}
        return pd.DataFrame([nothing], columns=list(columns))
    joined = {name: np.concatenate([np.asarray(part[name]) for part in parts]) for name in parts[0]}
    table = pd.DataFrame(joined)
    words = [_verdict(row, whole=not row[setting]) for row in table.to_dict("records")]
    return table.assign(**{VERDICT: words})[list(columns)]


def _verdict(row: Mapping[Hashable, Any], *, whole: bool) -> str:
    trials, diverged, count, overall = (
        int(row[TRIALS]),
        int(row[COUNT]),
        int(row[CONFIGURATIONS]),
        row[_OVERALL],
    )
    few = f"only {count} configuration{'s' if count > 1 else ''}: " if count < FEWEST else ""
    if diverged == 0:
        words = f"none of {trials:,} diverged; up to {row[HIGH]:.0%} could"
    elif diverged == trials:
        words = f"all {trials:,} diverged"
    elif whole:
        words = f"{diverged:,} of {trials:,} diverged"
    elif row[LOW] > overall:
        words = f"diverges more often than the whole ({row[FRACTION]:.0%} against {overall:.0%})"
    elif row[HIGH] < overall:
        words = f"diverges less often than the whole ({row[FRACTION]:.0%} against {overall:.0%})"
    else:
        words = f"not told from the whole ({row[FRACTION]:.0%} against {overall:.0%})"
    return few + words


def divergence_effects(trials: pd.DataFrame, space: Space, *, split: bool = True) -> pd.DataFrame:
    """Variance decomposition of the indicator 1{diverged}: which settings decide whether training diverges.

    Parameters as in `divergence_by_level`.

    Returns
    -------
    DataFrame with the columns of `sensitivity.estimators.effects`
        Where nothing (or everything) diverged, shares are empty and the verdict says so.
    """
    plan = planned(trials)
    diverged = (plan[OUTCOME] == DIVERGED).to_numpy().astype(np.float64)
    table = variance_decomposition(plan.assign(**{VALUE: diverged}), space, VALUE, split)
    replaced = {e.CONSTANT: ALL_DIVERGED if diverged.all() else NONE_DIVERGED}
    for label, rows in table.groupby(e.BRANCH).groups.items():
        if label != e.ALL:
            inside = [f"{BY}={level}" == label for level in plan[BY].tolist()] if BY in plan else []
            replaced = {e.CONSTANT: ALL_DIVERGED if diverged[inside].all() else NONE_DIVERGED}
        table.loc[rows, e.VERDICT] = table.loc[rows, e.VERDICT].replace(replaced)
    return table
