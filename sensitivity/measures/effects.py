"""A table of effects: its columns, its rows and the words of its verdicts.

Columns
-------
kind
    ``setting``; ``noise``: the row of the seed; ``replicate``: the row of the replicate's block.
setting
    Name of the setting, or what the row is.
main_effect
    First-order Sobol index S_i = Var(E[y | x_i]) / V_y: what the setting explains by itself. In the row of
    the seed σ² / V_y, in the row of the replicate σ_b² / V_y.
total_effect
    Total Sobol index ST_i = E[Var(f | all others)] / V_y: every term that the setting takes part in. Empty
    where the design cannot tell.
main_df, total_df
    Degrees of freedom of the two.
main_p, total_p
    p values of their F tests, as they are.
p_value
    p of the setting: twice the smaller of the two (Bonferroni; a main effect of few degrees of freedom
    drowns in the thousands of all interactions, and the reverse), then Holm's correction over settings.
verdict
    The p value in words, or why there is none.

V_y = V + σ² is the variance of one trial's response once the replicate's block is taken off; the block is
shown beside it, not inside it. Shares are corrected for the noise and not clipped: a setting without effect
scatters around 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sensitivity.measures.noise import holm

if TYPE_CHECKING:
    from collections.abc import Sequence

KIND: Final = "kind"
SETTING: Final = "setting"
MAIN_EFFECT: Final = "main_effect"
TOTAL_EFFECT: Final = "total_effect"
MAIN_DF: Final = "main_df"
TOTAL_DF: Final = "total_df"
MAIN_P: Final = "main_p"
TOTAL_P: Final = "total_p"
P_VALUE: Final = "p_value"
VERDICT: Final = "verdict"

OF_SETTING: Final = "setting"
OF_NOISE: Final = "noise"
OF_REPLICATE: Final = "replicate"
SEED_ROW: Final = "seed (noise)"
REPLICATE_ROW: Final = "split and seed of the replicate"

LEVEL: Final = 0.05
ABOVE: Final = "above the noise of the seed"
NOT_ABOVE: Final = "not above the noise"
NO_REPLICATES: Final = "cannot be judged: no replicates"
CONSTANT: Final = "cannot be judged: every trial gave the same value"
BY_POSITION: Final = "compared by position in its range, which differs between branches"
UNEVEN: Final = "levels differ between branches: see inside each branch"


@dataclass(frozen=True)
class Effect:
    """One row before the correction over settings; NaN and 0 where there is nothing to tell.

    ``excuse`` replaces the verdict, ``remark`` is added to it.
    """

    setting: str
    main_effect: float = np.nan
    total_effect: float = np.nan
    main_df: int = 0
    total_df: int = 0
    main_p: float = np.nan
    total_p: float = np.nan
    excuse: str = ""
    remark: str = ""
    kind: str = OF_SETTING

    @property
    def p(self) -> float:
        """Bonferroni over the tests the setting had."""
        tested = [p for p in (self.main_p, self.total_p) if not np.isnan(p)]
        return min(1.0, len(tested) * min(tested)) if tested else np.nan


def effects_table(rows: Sequence[Effect], yes: str = ABOVE, no: str = NOT_ABOVE) -> pd.DataFrame:
    """Table of the module's columns, rows in the order given, p values corrected over settings."""
    adjusted = holm([row.p for row in rows])
    records = [
        {
            KIND: row.kind,
            SETTING: row.setting,
            MAIN_EFFECT: row.main_effect,
            TOTAL_EFFECT: row.total_effect,
            MAIN_DF: row.main_df,
            TOTAL_DF: row.total_df,
            MAIN_P: row.main_p,
            TOTAL_P: row.total_p,
            P_VALUE: p,
            VERDICT: _verdict(row, p, yes, no),
        }
        for row, p in zip(rows, adjusted, strict=True)
    ]
    return pd.DataFrame.from_records(records)


def _verdict(row: Effect, p: float, yes: str, no: str) -> str:
    if row.kind != OF_SETTING or row.excuse:
        return row.excuse
    judged = NO_REPLICATES if np.isnan(p) else yes if p < LEVEL else no
    return f"{judged}; {row.remark}" if row.remark else judged


def noise_rows(seed: float, replicate: float) -> list[Effect]:
    """Rows of the seed and of the replicate's block from their shares; NaN: there were no replicates."""
    excuse = NO_REPLICATES if np.isnan(seed) else ""
    return [
        Effect(SEED_ROW, main_effect=seed, total_effect=seed, kind=OF_NOISE, excuse=excuse),
        Effect(
            REPLICATE_ROW, main_effect=replicate, total_effect=replicate, kind=OF_REPLICATE, excuse=excuse
        ),
    ]
