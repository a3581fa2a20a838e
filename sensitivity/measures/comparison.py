"""Rankings of several runs side by side: whether what matters on one dataset matters on another.

Columns
-------
run
    Name of the run.
setting
    The setting; those of every run first, in the order of their mean rank, then those that some runs lack.
rank, main_effect, total_effect, verdict
    As in the run's own ranking (`sensitivity.measures.ranking`); empty where the run lacks the setting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from sensitivity.measures.ranking import MAIN_EFFECT, RANK, SETTING, TOTAL_EFFECT, VERDICT

if TYPE_CHECKING:
    from collections.abc import Mapping

RUN: Final = "run"
NOT_VARIED: Final = "not varied in this run"


def compare_rankings(rankings: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row per run and setting.

    Parameters
    ----------
    rankings
        Ranking of each run by its name.

    Returns
    -------
    DataFrame, shape (runs × settings, columns of the module)
        Settings outside, runs inside, in the order given.
    """
    placed = {name: table[table[RANK].notna()].set_index(SETTING) for name, table in rankings.items()}
    ranks = pd.DataFrame({name: table[RANK].astype("float64") for name, table in placed.items()})
    order = pd.DataFrame({"lacking": ranks.isna().sum(axis=1), "mean": ranks.mean(axis=1)})
    settings = order.sort_values(["lacking", "mean"], kind="stable").index.tolist()
    rows = [
        {RUN: name, SETTING: setting, **_cells(table, setting)}
        for setting in settings
        for name, table in placed.items()
    ]
    columns = [RUN, SETTING, RANK, MAIN_EFFECT, TOTAL_EFFECT, VERDICT]
    return pd.DataFrame(rows, columns=columns).astype({RANK: "Int64"})


def _cells(table: pd.DataFrame, setting: str) -> dict[str, object]:
    if setting not in table.index:
        return {RANK: None, VERDICT: NOT_VARIED}
    row = table.loc[setting]
    return {name: row[name] for name in (RANK, MAIN_EFFECT, TOTAL_EFFECT, VERDICT)}
