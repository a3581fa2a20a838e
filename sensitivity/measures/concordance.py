"""Rankings of several runs side by side: do the same settings matter on every dataset.

A setting's rank in a run comes from its total effect where all runs have it, otherwise from its main effect.
Kendall's coefficient of concordance W (Kendall & Babington Smith 1939) over the settings that all runs have,
corrected for ties, and how often unrelated rankings agree as much.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import scipy

from sensitivity.estimators.effects import BRANCH, KIND, MAIN, SETTING, SHARE, TOTAL
from sensitivity.measures import measure as m
from sensitivity.remarks import REMARKS, Phrase, Remark, Remarks, cells, worded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sensitivity.arrays import Floats
    from sensitivity.remarks import Said

RUN: Final = "run"
RANK: Final = "rank"
RUNS: Final = "runs"
MEAN_RANK: Final = "mean_rank"
KENDALL_W: Final = "kendall_w"
P_VALUE: Final = "p_value"
ONE_RUN: Final = Remark("one_run")
NO_AGREEMENT: Final = Remark("no_agreement", (",",))
AGREEMENT: Final = Remark("agreement", ("", "", ".2f", ".2g"))
CHANCE: Final = Remark("chance_agreement", ("", "", ".2f", ".0%"))
NO_SHARE: Final = Remark("no_share")
ONE_RANK: Final = Remark("one_rank", ("g",))
RANKS: Final = Remark("ranks", ("g", "g"))
ONE_RANK_OF: Final = Remark("one_rank_of", ("g",))
RANKS_OF: Final = Remark("ranks_of", ("g", "g"))
COLUMNS: Final = (
    m.BRANCH_COLUMN,
    m.Column(SETTING, "Name of the setting."),
    m.Column(RUN, "Name of the run."),
    m.Column(KIND, "``total`` or ``main``: which share the rank comes from."),
    m.Column(SHARE, "The share.", m.SHARE),
    m.Column(RANK, "Rank of the setting in the run, 1 = largest share.", m.COUNT),
    m.hidden(RUNS, "Number of runs that have the setting.", m.COUNT),
    m.Column(MEAN_RANK, "Mean over these runs.", m.AMOUNT),
    m.Column(
        KENDALL_W,
        "Concordance W over the settings that all runs have: 1 = all agree, 0 = not at all. With two runs it "
        "is (1 + Spearman's correlation) / 2.",
        m.AMOUNT,
        "kendall-w",
    ),
    m.hidden(P_VALUE, "How often unrelated rankings agree as much (10,000 permutations)."),
    m.REMARKS_COLUMN,
    m.VERDICT_COLUMN,
)
PERMUTATIONS: Final = 10_000


def compare(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Rank of each setting in each run, and how well the runs agree, per branch.

    Parameters
    ----------
    tables
        Variance decomposition (columns branch, kind, setting, share) of each run by its name.

    One row per branch, setting and run, settings by mean rank.
    """
    named = [table.assign(**{RUN: run}) for run, table in tables.items() if len(table)]
    if not named:
        return pd.DataFrame(columns=[column.name for column in COLUMNS])
    every = pd.concat([table[[RUN, BRANCH, KIND, SETTING, SHARE]] for table in named], ignore_index=True)
    every = every[every[KIND].isin([MAIN, TOTAL])]
    parts = [_of_branch(part) for _, part in every.groupby(BRANCH, sort=False)]
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=m.names(COLUMNS))
    return worded(found)


def kendall_tau(first: Floats, second: Floats) -> float:
    """Kendall's τ_b of two lists of shares; NaN where one of them is all ties.

    Of whole numbers: τ = 0.8 is 0.8, where SciPy's 0.7999… lies below a bound of 0.8.
    """
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
    ranks = scipy.stats.rankdata(-common, axis=1) if common.size else np.zeros((0, 0))
    table[KENDALL_W] = agreement = concordance(ranks) if len(ranks) == runs else np.nan
    table[P_VALUE] = chance = chance_of_agreement(ranks) if len(ranks) == runs else np.nan
    together = _agreement(agreement, chance, runs, ranks.shape[1] if len(ranks) == runs else 0)
    spans = seen.transform("min"), seen.transform("max")
    remarks = [
        Remarks(together, _span(low, high, count, runs))
        for low, high, count in zip(*(span.tolist() for span in spans), table[RUNS].tolist(), strict=True)
    ]
    table[REMARKS] = cells(remarks, table.index)
    return table.sort_values([MEAN_RANK, SETTING], kind="stable", ignore_index=True)[m.names(COLUMNS)]


def _agreement(agreement: float, chance: float, runs: int, settings: int) -> Said:
    if runs < 2:
        return ONE_RUN()
    if np.isnan(agreement):
        return NO_AGREEMENT(settings, runs)
    if chance < 0.05:
        steps = (
            (0.9, Phrase("strength-very-strong")),
            (0.7, Phrase("strength-strong")),
            (0.5, Phrase("strength-moderate")),
            (0.0, Phrase("strength-weak")),
        )
        strength = next(word for least, word in steps if agreement >= least)
        return AGREEMENT(strength, runs, agreement, chance)
    return CHANCE(settings, runs, agreement, chance)


def _span(low: float, high: float, count: int, runs: int) -> Said:
    if np.isnan(low):
        return NO_SHARE()
    if count < runs:
        return ONE_RANK_OF(low, count, runs) if low == high else RANKS_OF(low, high, count, runs)
    return ONE_RANK(low) if low == high else RANKS(low, high)


COMPARISON: Final = m.Table("comparison", COLUMNS, compute=None)
