"""Settings in order of importance, with what their levels reach.

Columns
-------
rank
    1 = largest total effect; the main effect decides between equals and where there are no totals. Empty in
    the rows of the seed and the replicate, which stand beneath to be compared with.
setting
    Name of the setting.
main_effect, main_low, main_high, total_effect, total_low, total_high
    Shares of the branch ``all`` and the ends of their 95 % intervals, as in `sensitivity.estimators.effects`.
value_in_best_configuration
    Value of the setting in the configuration with the lowest mean over its replicates, among those in which
    the setting is active: everything else re-tuned, not averaged over.
best_level_mean, worst_level_mean
    Lowest and highest marginal mean: the mean of the response over all configurations at a level (or bin).
worst_level_retuned
    Highest over the levels of the lowest configuration mean: what remains when the setting is stuck at its
    worst level and everything else is tuned. Lowest of the same is the best configuration itself.
verdict
    That of the setting: of its total effect, or of its main effect where there are no totals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from sensitivity.estimators import effects as e
from sensitivity.estimators.binning import bin_numbers, configuration_means
from sensitivity.trials import VALUE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sensitivity.arrays import Floats
    from sweeps.space import Configuration, Setting, Space

RANK: Final = "rank"
SETTING: Final = "setting"
MAIN_EFFECT: Final = "main_effect"
MAIN_LOW: Final = "main_low"
MAIN_HIGH: Final = "main_high"
TOTAL_EFFECT: Final = "total_effect"
TOTAL_LOW: Final = "total_low"
TOTAL_HIGH: Final = "total_high"
BEST_VALUE: Final = "value_in_best_configuration"
BEST_LEVEL_MEAN: Final = "best_level_mean"
WORST_LEVEL_MEAN: Final = "worst_level_mean"
WORST_LEVEL_RETUNED: Final = "worst_level_retuned"
VERDICT: Final = "verdict"
_OF_MAIN: Final = {e.SHARE: MAIN_EFFECT, e.LOW: MAIN_LOW, e.HIGH: MAIN_HIGH, e.VERDICT: VERDICT}
_OF_TOTAL: Final = {e.SHARE: TOTAL_EFFECT, e.LOW: TOTAL_LOW, e.HIGH: TOTAL_HIGH, e.VERDICT: VERDICT}


def rank(shares: pd.DataFrame, trials: pd.DataFrame, space: Space, value: str = VALUE) -> pd.DataFrame:
    """Ranking table, one row per setting.

    Parameters
    ----------
    shares
        Of the same trials, from `sensitivity.measures.variance.variance_decomposition`.
    trials
        Table of `sensitivity.trials`; the plan's rows are used (a search trial is one seed, chosen for being
        good: its value flatters), or all rows where there is no plan.
    space
        Space of the sweep.
    value
        Column that holds the response.
    """
    main, total = (
        _of_kind(shares, kind, names) for kind, names in ((e.MAIN, _OF_MAIN), (e.TOTAL, _OF_TOTAL))
    )
    verdict = total[VERDICT].combine_first(main[VERDICT])
    rows = main.drop(columns=VERDICT).join(total.drop(columns=VERDICT)).assign(**{VERDICT: verdict})
    rows = rows.reindex(space.names).sort_values([TOTAL_EFFECT, MAIN_EFFECT], ascending=False, kind="stable")
    configurations, means = configuration_means(trials, space.names, value)
    settings = {setting.name: setting for setting in space.settings}
    levels = [_levels(settings[name], space, configurations, means) for name in rows.index]
    reached = (BEST_VALUE, BEST_LEVEL_MEAN, WORST_LEVEL_MEAN, WORST_LEVEL_RETUNED)
    for place, (name, dtype) in enumerate(zip(reached, ("object", *["float64"] * 3), strict=True)):
        rows[name] = pd.Series([level[place] for level in levels], index=rows.index, dtype=dtype)
    rows = rows.rename_axis(SETTING).reset_index()
    rows.insert(0, RANK, range(1, len(rows) + 1))
    return rows[[*rows.columns.drop(VERDICT), VERDICT]]


def with_noise(ranking: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """Ranking with what it is judged against beneath: the seed and the replicate, which have no rank."""
    beneath = noise_rows(shares)
    rows = {SETTING: beneath[e.SETTING]}
    for names in (_OF_MAIN, _OF_TOTAL):
        rows |= {name: beneath[study] for study, name in names.items()}
    table = pd.concat([ranking, pd.DataFrame(rows)], ignore_index=True)
    return table.astype({RANK: "Int64"})


def noise_rows(shares: pd.DataFrame) -> pd.DataFrame:
    """Rows of the seed and of the replicate in the branch ``all``."""
    return shares[(shares[e.BRANCH] == e.ALL) & shares[e.KIND].isin([e.NOISE, e.REPLICATE_KIND])]


def _of_kind(shares: pd.DataFrame, kind: str, names: Mapping[str, str]) -> pd.DataFrame:
    """Rows of one kind in the branch ``all``, by setting, columns renamed."""
    rows = shares[(shares[e.BRANCH] == e.ALL) & (shares[e.KIND] == kind)]
    return rows.set_index(e.SETTING)[list(names)].rename(columns=dict(names))


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
