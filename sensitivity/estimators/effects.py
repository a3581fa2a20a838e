"""The table of a variance decomposition: its kinds of rows, their judgements and the remarks on them.

Kinds of rows
-------------
``main``
    First-order Sobol index S_i = Var(E[y | x_i]) / V_y, what a setting explains by itself.
``binned``
    What the means of bins explain, where the plan is no balanced factorial: an estimate of ``main`` that can
    be made of any response at once, by `sensitivity.estimators.branches`; another one than the surrogate's.
``binned_noise``
    σ² by the V_y that goes with it.
``total``
    Total index ST_i = E[Var(f | all others)] / V_y, every term that the setting takes part in.
``interaction``
    ``a × b``: what two settings do together beyond their main effects; ``higher orders``: three or more.
``noise``
    σ² / V_y, the seed's share.
``lack_of_fit``
    What a surrogate does not explain and replicates do not blame on the seed.
``between``
    Share that lies between branches, Var(branch means) / V_y.
``replicate``
    σ_b² / V_y, what all trials of a replicate share; shown beside V_y, not inside it.

V_y = V + σ² is the variance of one trial's response once the replicate's block is taken off. Within a branch
``main``, ``interaction``, ``noise`` and ``lack_of_fit`` add up to 1. Totals overlap. (Sobol' 1993; Homma &
Saltelli 1996.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sensitivity.remarks import JUDGEMENT, REMARKS, Judgement, Remark, Remarks, has

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sensitivity.arrays import Floats
    from sensitivity.remarks import Said

BRANCH: Final = "branch"
KIND: Final = "kind"
SETTING: Final = "setting"
SHARE: Final = "share"
LOW: Final = "low"
HIGH: Final = "high"
COLUMNS: Final = (BRANCH, KIND, SETTING, SHARE, LOW, HIGH, JUDGEMENT, REMARKS)

MAIN: Final = "main"
BINNED: Final = "binned"
TOTAL: Final = "total"
INTERACTION: Final = "interaction"
NOISE: Final = "noise"
BINNED_NOISE: Final = "binned_noise"
NOISES: Final = (NOISE, BINNED_NOISE)
LACK_OF_FIT: Final = "lack_of_fit"
BETWEEN: Final = "between"
REPLICATE_KIND: Final = "replicate"

ALL: Final = "all"
SEED_ROW: Final = "seed"
REPLICATE_ROW: Final = "split and seed"
HIGHER: Final = "higher orders"

SIGNIFICANCE: Final = 0.05
NO_REPLICATES: Final = Remark("no_replicates")
REPEATED: Final = Remark("repeated")
CORNER: Final = Remark("corner")
TWO_REPLICATES: Final = Remark("two_replicates")
CONSTANT: Final = Remark("constant")
NO_DIFFERENCE: Final = Remark("no_difference")
STILL: Final = Remark("does_not_vary")
ONE_VALUE: Final = Remark("one_value")
NOT_IDENTIFIABLE: Final = Remark("not_identifiable")
BY_POSITION: Final = Remark("by_position")
ADAPTIVE: Final = Remark("adaptive")
FEW_HAVE_IT: Final = Remark("few_have_it", (",",))
ONE_LEVEL: Final = Remark("one_level", (",",))
BY_PERMUTATION: Final = Remark("by_permutation")
SHARE_OPEN: Final = Remark("share_open")
OPEN: Final = (BY_PERMUTATION, SHARE_OPEN)  # above the noise, but who knows by how much
NOT_COVERED: Final = Remark("not_covered")
WANTING: Final = (FEW_HAVE_IT, ONE_LEVEL, NOT_COVERED)  # trials, for a judgement
CONCENTRATED: Final = Remark("concentrated", (",", ","))
NO_NOISE: Final = Remark("none")
FROM_SCATTER: Final = Remark("from_scatter")
IN_NOISE: Final = Remark("in_noise")
LEARNED_FROM: Final = Remark("learned_from", (",", ","))
SAMPLED: Final = Remark("sampled", (",", ","))
ALONE: Final = Remark("alone")
FROM_INTERACTIONS: Final = Remark("from_interactions")
FROM_SMOOTHNESS: Final = Remark("from_smoothness")
UNREPLICATED: Final = (FROM_SCATTER, FROM_INTERACTIONS, FROM_SMOOTHNESS)
FIT: Final = Remark("fit", ("", ".3f", ".3f"))
RACED: Final = Remark("raced")
WITHOUT: Final = Remark("without", (",", ","))

Judged = tuple[Judgement | None, Remarks]
Row = tuple[str, str, str, float, float, float, Judgement | None, Remarks]


def pair(first: str, second: str) -> str:
    """Name of an interaction."""
    return f"{first} × {second}"


def judged(p: float, why: Said | Remark = NO_REPLICATES) -> Judged:
    """Judgement by a corrected p value; NaN is unknown, and says why."""
    if np.isnan(p):
        return Judgement.UNKNOWN, Remarks(why)
    return (Judgement.ABOVE if p < SIGNIFICANCE else Judgement.NOT_ABOVE), Remarks()


def of_seeds(noise: pd.DataFrame) -> bool:
    """Whether noise in these rows is known to be the seed's: some configuration was run twice."""
    return not any(has(noise[REMARKS], *UNREPLICATED))


def table(rows: Iterable[Row]) -> pd.DataFrame:
    """Table of the module's columns from rows in their order."""
    found = pd.DataFrame.from_records(list(rows), columns=list(COLUMNS))
    found = found.astype({**dict.fromkeys((SHARE, LOW, HIGH), "float64"), JUDGEMENT: "object"})
    _, low, high = bounded(*(found[name].to_numpy() for name in (SHARE, LOW, HIGH)))
    return found.assign(**{LOW: low, HIGH: high})


def bounded(share: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats, Floats]:
    """Shares with their intervals: a true share lies between 0 and 1, so an interval ends there.

    Or at an estimate beyond; it never lies outside altogether.
    """
    low, high = np.maximum(low, np.minimum(share, 0.0)), np.minimum(high, np.maximum(share, 1.0))
    return share, np.minimum(low, 1.0), np.maximum(high, 0.0)


def unknown_rows(names: Iterable[str], why: Said | Remark, branch: str = ALL) -> list[Row]:
    """Row of every setting without a number, and of the noise, that say why."""
    nothing = (np.nan, np.nan, np.nan, Judgement.UNKNOWN, Remarks(why))
    settings = list(names)
    rows: list[Row] = [(branch, kind, name, *nothing) for kind in (MAIN, TOTAL) for name in settings]
    return [*rows, (branch, NOISE, SEED_ROW, *nothing)]


def unknown(names: Iterable[str], why: Said | Remark, branch: str = ALL) -> pd.DataFrame:
    """Table that has every setting and no number, and says why."""
    return table(unknown_rows(names, why, branch))
