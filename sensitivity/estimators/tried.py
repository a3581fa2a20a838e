"""The configurations that a study tried, each once, with their results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sensitivity.coding import key
from sensitivity.trials import CROSSED, OUTCOME, PHASE, REPLICATE, TRAINED, VALUE
from sweeps.errors import StudyError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from sensitivity.arrays import Floats, Integers
    from sensitivity.study import Study
    from sweeps.space import Configuration, Space

SEARCH = "search"


@dataclass(frozen=True, eq=False)
class Tried:
    """The configurations of a study, each once, by first appearance.

    Attributes
    ----------
    configurations
        Value of every active setting.
    values
        Results by replicate, shape (configurations, replicates), NaN where there is none.
    planned
        Which of them are of the plan; all where there is none.
    failed
        Trials of each that diverged or gave no result.
    """

    space: Space
    configurations: list[Configuration]
    values: Floats
    planned: NDArray[np.bool_]
    failed: Integers

    @property
    def counts(self) -> Integers:
        """Results of each."""
        return np.asarray(np.isfinite(self.values).sum(axis=1))

    @property
    def means(self) -> Floats:
        """Mean result of each."""
        return np.asarray(np.nanmean(self.values, axis=1))

    def row(self, configuration: Configuration) -> int | None:
        """Row of a configuration, None where it was not tried."""
        wanted = identity_of(configuration, self.space)
        known = (identity_of(one, self.space) for one in self.configurations)
        return next((row for row, one in enumerate(known) if one == wanted), None)


def tried(study: Study) -> Tried:
    """Configurations of all trials, also those of a search.

    Of crossed noise the k replicates count that share no draw: k² that share them are not k² results.

    Raises
    ------
    StudyError
        When no trial has a result.
    """
    every = study.trials[(study.trials[PHASE] != CROSSED).to_numpy()]
    known = np.isfinite(every[VALUE].to_numpy(dtype=np.float64, na_value=np.nan))
    if not known.any():
        raise StudyError(f"{study.name} has no trial with a result yet, so there is nothing to choose from")
    configurations, place = _each_once(study.space, every)
    # Lowest first: the same sums to the bit, in whatever order the trials come.
    order = np.flatnonzero(known)[np.argsort(every[VALUE].to_numpy(dtype=np.float64)[known], kind="stable")]
    trials, at = every.iloc[order], place[order]
    replicates, column = np.unique(trials[REPLICATE].to_numpy(), return_inverse=True)
    sums, counts = np.zeros((2, len(configurations), len(replicates)))
    np.add.at(sums, (at, column), trials[VALUE].to_numpy(dtype=np.float64))
    np.add.at(counts, (at, column), 1)
    values = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    failed = np.bincount(place[(every[OUTCOME] != TRAINED).to_numpy()], minlength=len(configurations))
    of_plan = np.isin(np.arange(len(configurations)), at[(trials[PHASE] != SEARCH).to_numpy()])
    kept = np.flatnonzero((counts > 0).any(axis=1))
    plan = of_plan[kept] if of_plan.any() else np.ones(len(kept), dtype=np.bool_)
    return Tried(study.space, [configurations[row] for row in kept], values[kept], plan, failed[kept])


def _each_once(space: Space, trials: pd.DataFrame) -> tuple[list[Configuration], Integers]:
    """Configurations by first appearance, and which one each trial has."""
    names = space.names
    rows: dict[tuple[object, ...], int] = {}
    configurations: list[Configuration] = []
    place = np.empty(len(trials), dtype=np.int64)
    missing = {name: trials[name].isna().tolist() for name in names}
    columns = {name: trials[name].tolist() for name in names}
    for index in range(len(trials)):
        found = {name: columns[name][index] for name in names if not missing[name][index]}
        place[index] = rows.setdefault(identity_of(found, space), len(rows))
        if len(rows) > len(configurations):
            configurations.append(found)
    return configurations, place


def identity_of(configuration: Configuration, space: Space) -> tuple[object, ...]:
    """What tells two configurations apart."""
    return tuple(key(configuration[name]) if name in configuration else None for name in space.names)
