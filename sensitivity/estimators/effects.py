"""The table of a variance decomposition: its columns, its kinds of rows and the words of its verdicts.

Columns
-------
branch
    ``all``, or the branch inside which the shares are, say ``optimizer=adam``.
kind
    What the row is:

    ``main``: first-order Sobol index S_i = Var(E[y | x_i]) / V_y, what a setting explains by itself.
    ``total``: total index ST_i = E[Var(f | all others)] / V_y, every term that the setting takes part in.
    ``interaction``: ``a × b`` what two settings do together beyond their main effects, and ``higher orders``
    all that three or more do.
    ``noise``: σ² / V_y, the seed's share.
    ``lack_of_fit``: what a surrogate does not explain and replicates do not blame on the seed.
    ``between``: share that lies between branches, Var(branch means) / V_y.
    ``replicate``: σ_b² / V_y, what all trials of a replicate share; shown beside V_y, not inside it.
setting
    Name of the setting, ``a × b``, or what the row is.
share
    Part of V_y = V + σ², the variance of one trial's response once the replicate's block is taken off.
    Corrected for the noise, unclipped: a setting without effect scatters around 0. Empty where unknown.
low, high
    Ends of the 95 % interval; empty where there are no replicates.
verdict
    In words: whether the row is above the noise of the seed, or why that cannot be judged.

Within a branch ``main``, ``interaction``, ``noise`` and ``lack_of_fit`` add up to 1. Totals overlap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable

BRANCH: Final = "branch"
KIND: Final = "kind"
SETTING: Final = "setting"
SHARE: Final = "share"
LOW: Final = "low"
HIGH: Final = "high"
VERDICT: Final = "verdict"
COLUMNS: Final = (BRANCH, KIND, SETTING, SHARE, LOW, HIGH, VERDICT)

MAIN: Final = "main"
TOTAL: Final = "total"
INTERACTION: Final = "interaction"
NOISE: Final = "noise"
LACK_OF_FIT: Final = "lack_of_fit"
BETWEEN: Final = "between"
REPLICATE_KIND: Final = "replicate"

ALL: Final = "all"
SEED_ROW: Final = "seed"
REPLICATE_ROW: Final = "split and seed"
HIGHER: Final = "higher orders"

SIGNIFICANCE: Final = 0.05
ABOVE: Final = "above the noise of the seed"
NOT_ABOVE: Final = "not above the noise"
NO_REPLICATES: Final = "cannot be judged: no replicates"
UNREPEATED: Final = "no replicates: "  # begins the verdict of a noise that nothing repeated tells from misfit
MOST_OF_IT: Final = "80 % of it in"
CONSTANT: Final = "cannot be judged: every trial gave the same value"
STILL: Final = "cannot be judged: it does not vary"
BY_POSITION: Final = "compared by position in its range, which differs between branches"


def pair(first: str, second: str) -> str:
    """Name of an interaction."""
    return f"{first} × {second}"


def repeated(verdict: object) -> bool:
    """Whether the noise that has this verdict is known to be the seed's: some configuration was run twice."""
    return not str(verdict).startswith(UNREPEATED)


def judged(p: float) -> str:
    """Verdict of a corrected p value."""
    if np.isnan(p):
        return NO_REPLICATES
    return ABOVE if p < SIGNIFICANCE else NOT_ABOVE


def table(rows: Iterable[tuple[object, ...]]) -> pd.DataFrame:
    """Table of the module's columns from rows in their order.

    A true share lies between 0 and 1, so an interval ends there, or at an estimate beyond.
    """
    found = pd.DataFrame.from_records(list(rows), columns=list(COLUMNS))
    found = found.astype(dict.fromkeys((SHARE, LOW, HIGH), "float64"))
    found[LOW] = found[LOW].clip(lower=found[SHARE].clip(upper=0.0))
    found[HIGH] = found[HIGH].clip(upper=found[SHARE].clip(lower=1.0))
    return found


def unknown(names: Iterable[str], reason: str, branch: str = ALL) -> pd.DataFrame:
    """Table that has every setting and no number, and says why."""
    nothing = (np.nan, np.nan, np.nan, reason)
    rows = [(branch, kind, name, *nothing) for kind in (MAIN, TOTAL) for name in names]
    return table([*rows, (branch, NOISE, SEED_ROW, *nothing)])
