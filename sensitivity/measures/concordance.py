"""Rankings of several runs side by side: do the same settings matter on every dataset.

Columns
-------
branch, setting, run, kind, share, rank
    Rank of each setting in each run (1 = largest share), and the share that it comes from: the total effect
    where all runs have it, otherwise the main effect.
runs
    Number of runs that have the setting.
mean_rank
    Mean over these runs.
kendall_w, p_value
    Kendall's coefficient of concordance W over the settings that all runs have (1 = all runs agree, 0 = not
    at all), corrected for ties, and how often unrelated rankings agree as much (10,000 permutations). With
    two runs W is (1 + Spearman's correlation) / 2.
verdict
    Agreement in words, and how the setting's rank varies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy import stats

from sensitivity.estimators.effects import BRANCH, KIND, MAIN, SETTING, SHARE, TOTAL, VERDICT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sensitivity.arrays import Floats

RUN: Final = "run"
RANK: Final = "rank"
RUNS: Final = "runs"
MEAN_RANK: Final = "mean_rank"
KENDALL_W: Final = "kendall_w"
P_VALUE: Final = "p_value"
COLUMNS: Final = (
    BRANCH,
    SETTING,
    RUN,
    KIND,
    SHARE,
    RANK,
    RUNS,
    MEAN_RANK,
    KENDALL_W,
    P_VALUE,
    VERDICT,
)
PERMUTATIONS: Final = 10_000


def compare(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Rank of each setting in each run, and how well the runs agree, per branch.

    Parameters
    ----------
    tables
        Variance decomposition (columns branch, kind, setting, share) of each run by its name.

    Returns
    -------
    DataFrame, one row per branch, setting and run, settings by mean rank; columns `COLUMNS`
    """
    named = [table.assign(**{RUN: run}) for run, table in tables.items() if len(table)]
    if not named:
        return pd.DataFrame(columns=list(COLUMNS))
    every = pd.concat([table[[RUN, BRANCH, KIND, SETTING, SHARE]] for table in named], ignore_index=True)
    every = every[every[KIND].isin([MAIN, TOTAL])]
    parts = [_of_branch(part) for _, part in every.groupby(BRANCH, sort=False)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))


def kendall_tau(first: Floats, second: Floats) -> float:
    """Kendall's τ_b of two lists of shares; NaN where one of them is all ties."""
    one, other = np.sign(first[:, None] - first), np.sign(second[:, None] - second)
    scale = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float((one * other).sum()) / scale if scale else np.nan


def concordance(ranks: Floats) -> float:
    """Kendall's W of m rankings of n things, shape (m, n): 12 S / (m² (n³ − n) − m T), mid-ranks for ties.

    S is the sum of squares of the rank sums about their mean, T the sum of t³ − t over groups of t ties
    (Kendall & Babington Smith 1939; Siegel & Castellan 1988). NaN for fewer than two rankings or things.
    """
    runs, things = ranks.shape
    if runs < 2 or things < 2:
        return float("nan")
    sums = ranks.sum(axis=0)
    counts = [np.unique(row, return_counts=True)[1] for row in ranks]
    ties = sum(float((count**3.0 - count).sum()) for count in counts)
    scale = runs**2 * (things**3 - things) - runs * ties
    return float(12 * ((sums - sums.mean()) ** 2).sum() / scale) if scale > 0 else float("nan")


def chance_of_agreement(ranks: Floats) -> float:
    """Share of random rankings whose W is as large, each run's ranks permuted; the seed is fixed.

    (1 + hits) / (1 + draws), so never 0.
    """
    found = concordance(ranks)
    if np.isnan(found):
        return float("nan")
    rng = np.random.default_rng(0)
    shuffled = rng.permuted(np.broadcast_to(ranks, (PERMUTATIONS, *ranks.shape)), axis=2)
    sums = shuffled.sum(axis=1)
    spread = ((sums - sums.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    own = ranks.sum(axis=0)
    hits = int((spread >= ((own - own.mean()) ** 2).sum() * (1 - 1e-12)).sum())
    return (1 + hits) / (1 + PERMUTATIONS)


def _of_branch(part: pd.DataFrame) -> pd.DataFrame:
    runs = part[RUN].nunique()
    known = part.dropna(subset=SHARE)
    kind = TOTAL if known.loc[known[KIND] == TOTAL, RUN].nunique() == runs else MAIN
    table = part[part[KIND] == kind].copy()
    table[RANK] = table.groupby(RUN)[SHARE].rank(ascending=False)
    seen = table.groupby(SETTING)[RANK]
    table[RUNS], table[MEAN_RANK] = seen.transform("count"), seen.transform("mean")
    wide = table.pivot_table(index=RUN, columns=SETTING, values=SHARE, sort=False)
    common = wide.dropna(axis=1).to_numpy(dtype=np.float64)
    ranks = stats.rankdata(-common, axis=1) if common.size else np.zeros((0, 0))
    table[KENDALL_W] = agreement = concordance(ranks) if len(ranks) == runs else np.nan
    table[P_VALUE] = chance = chance_of_agreement(ranks) if len(ranks) == runs else np.nan
    words = _words(agreement, chance, runs, ranks.shape[1] if len(ranks) else 0)
    spans = seen.transform("min"), seen.transform("max")
    table[VERDICT] = [
        "; ".join([words, _span(low, high, count, runs)])
        for low, high, count in zip(*(span.tolist() for span in spans), table[RUNS].tolist(), strict=True)
    ]
    return table.sort_values([MEAN_RANK, SETTING], kind="stable", ignore_index=True)[list(COLUMNS)]


def _words(agreement: float, chance: float, runs: int, settings: int) -> str:
    if runs < 2:
        return "nothing to compare with: one run"
    if np.isnan(agreement):
        return f"agreement cannot be judged: {settings} settings with a share in all {runs} runs"
    strength = next(
        word
        for least, word in ((0.9, "very strong"), (0.7, "strong"), (0.5, "moderate"), (0.0, "weak"))
        if agreement >= least
    )
    if chance < 0.05:
        return f"{strength} agreement of {runs} runs (W = {agreement:.2f}, p = {chance:.2g})"
    return (
        f"{strength} agreement of {runs} runs (W = {agreement:.2f}), but unrelated rankings of {settings} "
        f"settings agree as much in {chance:.0%} of cases"
    )


def _span(low: float, high: float, count: int, runs: int) -> str:
    if np.isnan(low):
        return "no share in any run"
    where = f" in the {count} of {runs} runs that have it" if count < runs else ""
    return f"rank {low:g}{where}" if low == high else f"rank {low:g} to {high:g}{where}"
