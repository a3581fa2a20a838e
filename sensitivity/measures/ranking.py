"""Settings in order of importance, with what their levels reach.

Columns
-------
rank
    1 = largest total effect; the main effect decides between equals and where there are no totals. Empty in
    the rows of the seed and the replicate, which stand beneath to be compared with.
setting, main_effect, total_effect, p_value, verdict
    As in `sensitivity.measures.effects`.
best_value
    Value of the setting in the configuration with the lowest mean over its replicates, among those in which
    the setting is active: everything else re-tuned, not averaged over.
best_level_mean, worst_level_mean
    Lowest and highest marginal mean: the mean of the response over all configurations at a level (or bin).
worst_level_retuned
    Highest over the levels of the lowest configuration mean: what remains when the setting is stuck at its
    worst level and everything else is tuned. Lowest of the same is the best configuration itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from sensitivity.measures.binning import bin_numbers, configuration_means
from sensitivity.measures.effects import (
    KIND,
    MAIN_EFFECT,
    OF_SETTING,
    P_VALUE,
    SETTING,
    TOTAL_EFFECT,
    VERDICT,
)
from sensitivity.trials import VALUE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.measures.cells import Floats
    from sweeps.space import Configuration, Setting, Space

RANK: Final = "rank"
BEST_VALUE: Final = "best_value"
BEST_LEVEL_MEAN: Final = "best_level_mean"
WORST_LEVEL_MEAN: Final = "worst_level_mean"
WORST_LEVEL_RETUNED: Final = "worst_level_retuned"


def rank(effects: pd.DataFrame, trials: pd.DataFrame, space: Space, value: str = VALUE) -> pd.DataFrame:
    """Ranking table, one row per setting.

    Parameters
    ----------
    effects
        Table of effects of the same trials (`sensitivity.measures.variance.effects`).
    trials
        Table of `sensitivity.trials`; the plan's rows are used (a search trial is one seed, chosen for being
        good: its value flatters), or all rows where there is no plan.
    space
        Space of the sweep.
    value
        Column that holds the response.
    """
    rows = effects[effects[KIND] == OF_SETTING]
    rows = rows.sort_values([TOTAL_EFFECT, MAIN_EFFECT], ascending=False, kind="stable", ignore_index=True)
    configurations, means = configuration_means(trials, space.names, value)
    settings = {setting.name: setting for setting in space.settings}
    levels = [_levels(settings[name], space, configurations, means) for name in rows[SETTING]]
    return pd.DataFrame(
        {
            RANK: range(1, len(rows) + 1),
            SETTING: rows[SETTING],
            MAIN_EFFECT: rows[MAIN_EFFECT],
            TOTAL_EFFECT: rows[TOTAL_EFFECT],
            P_VALUE: rows[P_VALUE],
            BEST_VALUE: pd.Series([level[0] for level in levels], dtype="object"),
            BEST_LEVEL_MEAN: pd.Series([level[1] for level in levels], dtype="float64"),
            WORST_LEVEL_MEAN: pd.Series([level[2] for level in levels], dtype="float64"),
            WORST_LEVEL_RETUNED: pd.Series([level[3] for level in levels], dtype="float64"),
            VERDICT: rows[VERDICT],
        }
    )


def with_noise(ranking: pd.DataFrame, effects: pd.DataFrame) -> pd.DataFrame:
    """Ranking with the rows it is judged against beneath: noise and replicate, which have no rank."""
    beneath = effects[effects[KIND] != OF_SETTING]
    table = pd.concat([ranking, beneath[[name for name in ranking if name in beneath]]], ignore_index=True)
    return table.astype({RANK: "Int64"})


def _levels(
    setting: Setting, space: Space, configurations: Sequence[Configuration], means: Floats
) -> tuple[object, float | None, float | None, float | None]:
    """Best value, lowest and highest marginal mean, what the worst level reaches; None if never active."""
    bins = bin_numbers(setting, space, configurations)
    active = bins >= 0
    if not active.any():
        return None, None, None, None
    best = min(active.nonzero()[0].tolist(), key=lambda place: (means[place], place))
    level = pd.Series(means[active]).groupby(bins[active])
    marginal, retuned = level.mean(), level.min()
    return (
        configurations[best][setting.name],
        float(marginal.min()),
        float(marginal.max()),
        float(retuned.max()),
    )
