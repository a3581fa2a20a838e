"""Which settings matter early in training and which late: shares of the variance after each epoch.

The validation error (or loss) after epoch e is a response like any other; a balanced factorial gives its main
and total effects exactly, other plans the main effects by bins. The shares after each epoch are of the
variance after *that* epoch: a share that falls may belong to a setting whose effect stays while another's
grows. The last epoch's shares differ from the ranking's: there a diverged trial counts with the cap, here
with its curve as far as that is finite, which is all of it where the training loss told the divergence at the
end. Intervals and their meaning: `sensitivity.estimators.projections` and `sensitivity.estimators.branches`.

Columns of `sensitivity_over_epochs`
-----------------------------------
branch, epoch, kind, setting
    ``kind`` is main, total or noise; epochs count from 1. Totals only where the plan is a factorial.
share, low, high
    Share of V_y after this epoch, noise taken off, and its 95 % interval.
verdict
    Whether the share is told from zero, or why there is none.

Columns of `early_or_late`
--------------------------
branch, setting, kind
    Of the total effect where there is one, otherwise of the main effect.
early_share, early_low, early_high, late_share, late_low, late_high
    The same after the first and after the last epoch.
peak_epoch, peak_share
    Where the share is largest.
change, change_low, change_high
    Late minus early, with a 95 % interval that takes the two as independent.
verdict
    In words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sensitivity.estimators.branches import branches
from sensitivity.estimators.effects import (
    BRANCH,
    HIGH,
    KIND,
    LOW,
    MAIN,
    NOISE,
    SETTING,
    SHARE,
    TOTAL,
    VERDICT,
)
from sensitivity.estimators.projections import Z
from sensitivity.estimators.training_curves import curve_matrix
from sensitivity.trials import DIVERGED, NUMBER, OUTCOME

if TYPE_CHECKING:
    from sensitivity.arrays import Floats
    from sensitivity.estimators.branches import Branch
    from sensitivity.estimators.training_curves import Curves
    from sweeps.space import Space

EPOCH: Final = "epoch"
COLUMNS: Final = (BRANCH, EPOCH, KIND, SETTING, SHARE, LOW, HIGH, VERDICT)

EARLY_SHARE: Final = "early_share"
LATE_SHARE: Final = "late_share"
PEAK_EPOCH: Final = "peak_epoch"
PEAK_SHARE: Final = "peak_share"
CHANGE: Final = "change"
CHANGE_LOW: Final = "change_low"
CHANGE_HIGH: Final = "change_high"
EARLY_OR_LATE_COLUMNS: Final = (
    BRANCH,
    SETTING,
    KIND,
    EARLY_SHARE,
    "early_low",
    "early_high",
    LATE_SHARE,
    "late_low",
    "late_high",
    PEAK_EPOCH,
    PEAK_SHARE,
    CHANGE,
    CHANGE_LOW,
    CHANGE_HIGH,
    VERDICT,
)

NOTABLE: Final = 0.05  # a change that is told from zero but smaller is a little one
TOLD: Final = "told from zero"
NOT_TOLD: Final = "not told from zero"
NO_INTERVAL: Final = "no interval: no replicates"
CANNOT: Final = "cannot be judged: too few trials, or all curves agree"


def sensitivity_over_epochs(
    curves: Curves, trials: pd.DataFrame, space: Space, cap: float | None = None, *, split: bool = True
) -> pd.DataFrame:
    """Effects of each setting on the curves' value after each epoch.

    Parameters
    ----------
    curves
        One metric's curve of each trial by its number, element 0 at initialisation; see `curve_matrix`.
    trials
        Table of `sensitivity.trials`; the plan's rows are used. Trained trials without a curve are left out.
    space
        Space of the sweep.
    cap
        Largest value, also after divergence; None for the mean at initialisation.
    split
        Whether each optimizer is looked at by itself as well.

    Returns
    -------
    DataFrame, columns `COLUMNS`; no rows where there are no curves
    """
    known = np.array([len(curves.get(number, ())) > 0 for number in trials[NUMBER].tolist()], dtype=bool)
    known |= (trials[OUTCOME] == DIVERGED).to_numpy()
    plan, found = branches(trials[known], space, split=split)
    matrix = curve_matrix(plan, curves, cap)[:, 1:]
    if not matrix.shape[1]:
        return pd.DataFrame(columns=list(COLUMNS))
    return pd.concat([_of_branch(branch, matrix) for branch in found], ignore_index=True)


def _of_branch(branch: Branch, matrix: Floats) -> pd.DataFrame:
    shares = branch.projection.shares(matrix)
    epochs = matrix.shape[1]
    kinds = [(MAIN, shares.main, shares.main_error)]
    if branch.exact:
        kinds.append((TOTAL, shares.total, shares.total_error))
    parts = [
        _rows(kind, name, share[at], error[at], branch.remark(name) if branch.exact else "")
        for kind, share, error in kinds
        for at, name in enumerate(branch.projection.names)
    ]
    parts.append(_rows(NOISE, "seed (noise)", shares.noise, shares.noise * np.nan, ""))
    table = pd.concat(parts, ignore_index=True)
    table.insert(0, EPOCH, np.tile(np.arange(1, epochs + 1), len(parts)))
    table.insert(0, BRANCH, branch.label)
    return table


def _rows(kind: str, name: str, share: Floats, error: Floats, remark: str) -> pd.DataFrame:
    low = share - Z * error
    words = np.select([np.isnan(share), np.isnan(low), low > 0], [CANNOT, NO_INTERVAL, TOLD], NOT_TOLD)
    if kind == NOISE:
        words = np.where(np.isnan(share), NO_INTERVAL, "what the settings do not explain")
    verdicts = [f"{word}; {remark}" if remark else str(word) for word in words.tolist()]
    return pd.DataFrame(
        {KIND: kind, SETTING: name, SHARE: share, LOW: low, HIGH: share + Z * error, VERDICT: verdicts}
    )


def early_or_late(over_epochs: pd.DataFrame) -> pd.DataFrame:
    """First and last epoch side by side, per branch and setting.

    Parameters
    ----------
    over_epochs
        Table of `sensitivity_over_epochs`.

    Returns
    -------
    DataFrame, one row per branch and setting, columns `EARLY_OR_LATE_COLUMNS`
    """
    rows = []
    for label, part in over_epochs.groupby(BRANCH, sort=False):
        kind = TOTAL if (part[KIND] == TOTAL).any() else MAIN
        for name, course in part[part[KIND] == kind].groupby(SETTING, sort=False):
            rows.append({BRANCH: label, SETTING: name, KIND: kind, **_compared(course)})
    return pd.DataFrame(rows, columns=list(EARLY_OR_LATE_COLUMNS))


def _compared(course: pd.DataFrame) -> dict[str, object]:
    numbers = course[[SHARE, LOW, HIGH]].to_numpy(dtype=np.float64)
    epochs, shares = course[EPOCH].to_numpy(), numbers[:, 0]
    peak = int(np.nanargmax(shares)) if np.isfinite(shares).any() else 0
    early, late = numbers[0], numbers[-1]
    change = float(late[0] - early[0])
    half = float(np.hypot(late[2] - late[0], early[2] - early[0]))
    return {
        **dict(zip((EARLY_SHARE, "early_low", "early_high"), early.tolist(), strict=True)),
        **dict(zip((LATE_SHARE, "late_low", "late_high"), late.tolist(), strict=True)),
        PEAK_EPOCH: int(epochs[peak]),
        PEAK_SHARE: float(shares[peak]),
        CHANGE: change,
        CHANGE_LOW: change - half,
        CHANGE_HIGH: change + half,
        VERDICT: _verdict(early[0], late[0], change, half, int(epochs[-1])),
    }


def _verdict(early: float, late: float, change: float, half: float, last: int) -> str:
    numbers = f"{early:.1%} of the variance after epoch 1, {late:.1%} after epoch {last}"
    if np.isnan(change):
        return CANNOT
    if np.isnan(half):
        return f"{NO_INTERVAL}; {numbers}"
    if abs(change) <= half:
        return f"as much early as late: {numbers}"
    if abs(change) <= NOTABLE:
        return f"{'shrinks' if change < 0 else 'grows'} a little: {numbers}"
    return f"matters {'early' if change < 0 else 'late'}: {numbers}"
