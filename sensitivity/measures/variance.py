"""Variance explained by each setting: exact in a balanced factorial, by bins elsewhere.

"Exact" means: no surrogate and no sampling error of the grid. Main and total effects are projections of one
array of cell means (`sensitivity.measures.cells`), the part that the noise of the seed adds to them is taken
off, and shares are of V_y = V + σ². They are about *this* grid: double the range of the learning rate and
its share grows. Columns: `sensitivity.measures.effects`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sensitivity.measures import cells, noise
from sensitivity.measures.binning import binned_main_effects
from sensitivity.measures.cells import CellTable, cell_table, is_balanced_factorial, key
from sensitivity.measures.effects import BY_POSITION, CONSTANT, UNEVEN, Effect, effects_table, noise_rows
from sensitivity.trials import VALUE
from sweeps.space import Space

if TYPE_CHECKING:
    from sensitivity.measures.cells import Floats

__all__ = [
    "binned_main_effects",
    "branch_effects",
    "branch_space",
    "cell_table",
    "effects",
    "interactions",
    "is_balanced_factorial",
    "main_effects",
]

BRANCH = "branch"


def effects(trials: pd.DataFrame, space: Space, value: str = VALUE) -> pd.DataFrame:
    """Table of effects by the exact decomposition where the plan allows it, otherwise by bins."""
    exact = main_effects(trials, space, value)
    return binned_main_effects(trials, space, value) if exact is None else exact


def main_effects(trials: pd.DataFrame, space: Space, value: str = VALUE) -> pd.DataFrame | None:
    """Exact main and total effects of a balanced factorial; None where the plan is not one.

    Parameters
    ----------
    trials
        Table of `sensitivity.trials`; only the plan's rows are used.
    space
        Space of the sweep.
    value
        Column that holds the response.

    Returns
    -------
    DataFrame, shape (settings + 2, columns of `sensitivity.measures.effects`), or None
        Settings in the order of the space, then the seed's row and the replicate's. A setting with the same
        number of levels but other values in some branches is compared by position, as its verdict says; one
        whose number of levels differs has no share of the whole (`branch_effects` has those inside).
    """
    table = cell_table(trials, space, value)
    return None if table is None else decomposition(table)


def decomposition(table: CellTable) -> pd.DataFrame:
    """Table of effects of a factorial."""
    found, means = noise.estimate(table.values), table.means()
    seed = float(found.local @ table.weights)
    whole = cells.corrected_variance(table, means, table.axes, found.local) + seed
    if whole <= noise.rounding(table):
        rows = [Effect(name, excuse=CONSTANT) for name in table.names]
        return effects_table([*rows, *noise_rows(np.nan, np.nan)])
    rows = [_effect(table, means, axis, found, whole) for axis in table.axes]
    return effects_table(
        [*rows, *noise_rows(seed / whole if found.known else np.nan, found.replicate / whole)]
    )


def _effect(table: CellTable, means: Floats, axis: int, found: noise.Noise, whole: float) -> Effect:
    name = table.names[axis]
    if name in table.uneven:
        return Effect(name, excuse=UNEVEN)
    main = noise.main_effect_test(table, means, axis, found)
    total = noise.total_effect_test(table, axis, found)
    return Effect(
        name,
        main_effect=cells.corrected_variance(table, means, [axis], found.local) / whole,
        total_effect=cells.total_variance(table, means, axis, found.local) / whole,
        main_df=main.df,
        total_df=total.df,
        main_p=main.p,
        total_p=total.p,
        remark=BY_POSITION if name in table.moved else "",
    )


def branch_space(space: Space, by: str, level: object) -> Space:
    """Space inside one branch: ``by`` held at ``level``, settings that are inactive there left out."""
    settings = [setting for setting in space.settings if setting.name != by]
    inside = Space(settings, {**space.fixed, by: level})  # type: ignore[dict-item]
    idle = set(inside.never_active())
    return Space([setting for setting in settings if setting.name not in idle], inside.fixed)


def branch_effects(
    trials: pd.DataFrame, space: Space, by: str = "optimizer", value: str = VALUE
) -> pd.DataFrame | None:
    """Effects inside each branch, say each optimizer: shares of that branch's own variance.

    Parameters
    ----------
    by
        Setting that makes the branches; it must be active everywhere and have levels.

    Returns
    -------
    DataFrame or None
        Table of effects with the column ``branch`` in front, branches in the order of the levels; None where
        a branch is not a balanced factorial. With weights w of the branches, Σ w V_branch and the variance
        of the branches' means add up to V of the whole.
    """
    setting = next(setting for setting in space.settings if setting.name == by)
    domain = setting.domain(space.fixed)
    levels = () if domain is None else domain.level_values()
    found = []
    for level in levels:
        inside = trials[[key(item) == key(level) for item in trials[by].tolist()]]
        table = main_effects(inside, branch_space(space, by, level), value)
        if table is None:
            return None
        table.insert(0, BRANCH, pd.Series([level] * len(table), dtype="object"))
        found.append(table)
    return pd.concat(found, ignore_index=True) if found else None


def interactions(trials: pd.DataFrame, space: Space, value: str = VALUE) -> pd.DataFrame | None:
    """Exact interaction of every pair of settings as a share of V_y; None where the plan is no factorial.

    Returns
    -------
    DataFrame with columns ``first``, ``second``, ``interaction``
        S_ij without the main effects, noise taken off, unclipped, largest first. Settings whose number of
        levels differs between branches are left out.
    """
    table = cell_table(trials, space, value)
    if table is None:
        return None
    found, means = noise.estimate(table.values), table.means()
    seed = float(found.local @ table.weights)
    whole = cells.corrected_variance(table, means, table.axes, found.local) + seed
    axes = [axis for axis in table.axes if table.names[axis] not in table.uneven]
    rows = [
        (table.names[i], table.names[j], cells.interaction_variance(table, means, [i, j], found.local))
        for i in axes
        for j in axes
        if i < j
    ]
    pairs = pd.DataFrame(rows, columns=["first", "second", "interaction"])
    pairs["interaction"] = pairs["interaction"] / whole if whole > noise.rounding(table) else np.nan
    return pairs.sort_values("interaction", ascending=False, kind="stable", ignore_index=True)
