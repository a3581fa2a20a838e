"""Which settings matter early in training and which late: shares of the variance after each epoch.

The validation error (or loss) after epoch e is a response like any other; a balanced factorial gives its main
and total effects as in the variance decomposition, other plans the main effects by bins. The shares after
each epoch are of the variance after *that* epoch: a share that falls may belong to a setting whose effect
stays while another's grows. After the last epoch the response is the one of the ranking, and so are the
shares and intervals of a factorial. Intervals: `sensitivity.estimators.intervals` and `estimators.branches`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sensitivity.estimators.branches import branches
from sensitivity.estimators.effects import (
    BINNED,
    BINNED_NOISE,
    BRANCH,
    HIGH,
    KIND,
    LOW,
    MAIN,
    NOISE,
    NOISES,
    SEED_ROW,
    SETTING,
    SHARE,
    TOTAL,
)
from sensitivity.estimators.factorial import main_and_total
from sensitivity.estimators.projections import FactorialProjection, Z
from sensitivity.estimators.training_curves import curve_matrix
from sensitivity.measures import measure as m
from sensitivity.measures.possible import possible
from sensitivity.remarks import REMARKS, Remark, Remarks
from sensitivity.trials import DIVERGED, NUMBER, OUTCOME

if TYPE_CHECKING:
    from sensitivity.arrays import Floats
    from sensitivity.estimators.branches import BinnedProjection, Branch
    from sensitivity.remarks import Said
    from sensitivity.study import Study

EPOCH: Final = "epoch"
EARLY_SHARE: Final = "early_share"
LATE_SHARE: Final = "late_share"
PEAK_EPOCH: Final = "peak_epoch"
PEAK_SHARE: Final = "peak_share"
CHANGE: Final = "change"
CHANGE_LOW: Final = "change_low"
CHANGE_HIGH: Final = "change_high"
NOTABLE: Final = 0.05  # a change that is told from zero but smaller is a little one
TOLD: Final = Remark("told_from_zero")
NOT_TOLD: Final = Remark("not_told_from_zero")
NO_INTERVAL: Final = Remark("no_interval")
CANNOT: Final = Remark("cannot")
REST: Final = Remark("rest")
AS_MUCH: Final = Remark("as_much")
A_LITTLE_LESS: Final = Remark("shrinks_a_little")
A_LITTLE_MORE: Final = Remark("grows_a_little")
EARLY: Final = Remark("early")
LATE: Final = Remark("late")
NUMBERS: Final = Remark("numbers", (".1%", ".1%"))
_EPOCH: Final = m.Column(EPOCH, "Epoch, from 1.", m.COUNT)
_KIND: Final = m.Column(
    KIND,
    "``main`` and ``total`` where the plan is a balanced factorial; elsewhere ``binned``, main effects by "
    "bins, another estimate than the ranking's; ``noise``, by bins ``binned_noise``.",
)
_SETTING: Final = m.Column(SETTING, "Name of the setting, or ``seed``.")
COLUMNS: Final = (
    m.BRANCH_COLUMN,
    _EPOCH,
    _KIND,
    _SETTING,
    *m.estimate(SHARE, "Part of the variance of the value after that epoch.", m.SHARE),
    m.REMARKS_COLUMN,
    m.VERDICT_COLUMN,
)
EARLY_OR_LATE: Final = (
    m.BRANCH_COLUMN,
    _SETTING,
    _KIND,
    *m.estimate(
        EARLY_SHARE,
        "Share after the first epoch.",
        m.SHARE,
        "after-the-first-epoch",
        ("early_low", "early_high"),
    ),
    *m.estimate(
        LATE_SHARE, "Share after the last epoch.", m.SHARE, "after-the-last-epoch", ("late_low", "late_high")
    ),
    m.Column(PEAK_EPOCH, "Epoch at which the share is largest.", m.COUNT, "largest-at-epoch"),
    m.hidden(PEAK_SHARE, "The share there.", m.SHARE),
    m.Column(
        CHANGE,
        "Share after the last epoch less that after the first; the interval takes the two for independent.",
        m.SHARE,
        ends=(CHANGE_LOW, CHANGE_HIGH),
        signed=True,
    ),
    *m.interval_of(f"``{CHANGE}``", CHANGE_LOW, CHANGE_HIGH, m.SHARE),
    m.REMARKS_COLUMN,
    m.VERDICT_COLUMN,
)


def sensitivity_over_epochs(study: Study) -> pd.DataFrame:
    """Effects of each setting on the curves' value after each epoch.

    Values are taken on the study's scale. Trained trials without a curve are left out; curves are capped,
    also where they end for want of finite numbers (`curve_matrix`).

    Returns
    -------
    DataFrame with the columns of `COLUMNS`; no rows where there are no curves
    """
    trials, curves = study.trials, study.curves
    known = np.array([len(curves.get(number, ())) > 0 for number in trials[NUMBER].tolist()], dtype=bool)
    known |= (trials[OUTCOME] == DIVERGED).to_numpy()
    followed = study if known.all() else replace(study, trials=trials[known])
    matrix = curve_matrix(followed.plan, curves, study.cap)[:, 1:]
    if not matrix.shape[1]:
        return pd.DataFrame(columns=m.names(COLUMNS))
    matrix = study.scale.of(matrix)
    table = pd.concat([_of_branch(branch, matrix) for branch in branches(followed)], ignore_index=True)
    return possible(table, COLUMNS)


def _of_branch(branch: Branch, matrix: Floats) -> pd.DataFrame:
    found = branch.projection
    courses = _exact(found, matrix) if isinstance(found, FactorialProjection) else _binned(found, matrix)
    parts = [
        _rows(kind, name, course, branch.remark(name) if branch.exact else None)
        for (kind, name), course in courses.items()
    ]
    table = pd.concat(parts, ignore_index=True)
    table.insert(0, EPOCH, np.tile(np.arange(1, matrix.shape[1] + 1), len(parts)))
    table.insert(0, BRANCH, branch.label)
    return table


def _exact(found: FactorialProjection, matrix: Floats) -> dict[tuple[str, str], Floats]:
    """Share, low and high after each epoch, shape (3, epochs), by kind and setting."""
    rows = [*((kind, name) for kind in (MAIN, TOTAL) for name in found.names), (NOISE, SEED_ROW)]
    return dict(zip(rows, main_and_total(found, matrix), strict=True))


def _binned(found: BinnedProjection, matrix: Floats) -> dict[tuple[str, str], Floats]:
    """The same by bins."""
    shares = found.shares(matrix)
    ends = np.stack([shares.main, shares.main - Z * shares.main_error, shares.main + Z * shares.main_error])
    courses = {(BINNED, name): ends[:, place] for place, name in enumerate(found.names)}
    courses[BINNED_NOISE, SEED_ROW] = np.stack([shares.noise, *[np.full_like(shares.noise, np.nan)] * 2])
    return courses


def _rows(kind: str, name: str, course: Floats, remark: Remark | None) -> pd.DataFrame:
    share, low, high = course
    told = [
        CANNOT if np.isnan(one) else NO_INTERVAL if np.isnan(end) else TOLD if end > 0 else NOT_TOLD
        for one, end in zip(share.tolist(), low.tolist(), strict=True)
    ]
    if kind in NOISES:
        told = [NO_INTERVAL if np.isnan(one) else REST for one in share.tolist()]
    remarks = [Remarks(one, remark) for one in told]
    return pd.DataFrame({KIND: kind, SETTING: name, SHARE: share, LOW: low, HIGH: high, REMARKS: remarks})


def early_or_late(study: Study) -> pd.DataFrame:
    """First and last epoch side by side, per branch and setting, with the columns of `EARLY_OR_LATE`."""
    return compared(study.once(sensitivity_over_epochs))


def compared(over_epochs: pd.DataFrame) -> pd.DataFrame:
    """First and last epoch of a table of `sensitivity_over_epochs`."""
    rows = []
    for label, part in over_epochs.groupby(BRANCH, sort=False):
        kind = TOTAL if (part[KIND] == TOTAL).any() else BINNED
        for name, course in part[part[KIND] == kind].groupby(SETTING, sort=False):
            rows.append({BRANCH: label, SETTING: name, KIND: kind, **_compared(course)})
    return pd.DataFrame(rows, columns=m.names(EARLY_OR_LATE))


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
        REMARKS: _remarks(change, half, NUMBERS(early[0], late[0], int(epochs[-1]))),
    }


def _remarks(change: float, half: float, numbers: Said) -> Remarks:
    if np.isnan(change):
        return Remarks(CANNOT)
    if np.isnan(half):
        return Remarks(NO_INTERVAL, numbers)
    if abs(change) <= half:
        return Remarks(AS_MUCH, numbers)
    if abs(change) <= NOTABLE:
        return Remarks(A_LITTLE_LESS if change < 0 else A_LITTLE_MORE, numbers)
    return Remarks(EARLY if change < 0 else LATE, numbers)


MEASURE: Final = m.Measure(
    "epochs",
    (
        m.Table(
            "sensitivity_over_epochs",
            COLUMNS,
            sensitivity_over_epochs,
            excerpt=None,
        ),
        m.Table(
            "early_or_late",
            EARLY_OR_LATE,
            early_or_late,
            m.WHOLE,
        ),
    ),
)
