"""Isolation curves: the best response at each value of a setting, everything else re-tuned.

Columns
-------
branch, setting, level
    Level of the setting, or the middle of a bin where values hardly repeat.
best, sd, replicates
    Mean over replicates of the best configuration at that level, and the sample standard deviation over its
    replicates as they are, like ``best_sd`` of `pairs`: what they share is included (empty for one
    replicate). With two or three replicates it says little; ``low`` and ``high`` pool the noise over
    configurations with nearly the same mean.
low, high
    95 % interval of the best that can be reached there, see `intervals`: the lowest of many noisy means
    flatters, so the interval lies higher than ``best`` ± its standard error.
diverged_share, trials
    Share of the level's trials that diverged, and how many there are.
verdict
    Warnings in words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sensitivity.estimators.curves.curves import Curve, retuned
from sensitivity.estimators.curves.intervals import spanned
from sensitivity.estimators.curves.responses import FEW, responses
from sensitivity.trials import VALUE

if TYPE_CHECKING:
    from sensitivity.estimators.curves.responses import Mask, Responses
    from sweeps.space import Space

COLUMNS: Final = (
    "branch",
    "setting",
    "level",
    "best",
    "sd",
    "replicates",
    "low",
    "high",
    "diverged_share",
    "trials",
    "verdict",
)


def isolation_curves(trials: pd.DataFrame, space: Space, value: str = VALUE) -> pd.DataFrame:
    """Best response at each value of each setting, per branch.

    Parameters
    ----------
    trials
        Table of `sensitivity.trials`; the plan's rows are used.
    space
        Space of the sweep.
    value
        Column that holds the response; lower is better.

    Returns
    -------
    DataFrame with the module's columns
        One row per branch, setting that varies there, and level.
    """
    found = responses(trials, space, value)
    rows = [
        {"branch": branch, "setting": name} | row
        for branch, mask in found.branches()
        for name in found.varied(mask)
        for row in _rows(found, name, mask)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"level": "object"})


def _rows(found: Responses, name: str, mask: Mask) -> list[dict[str, object]]:
    curve = retuned(found, name, mask)
    chosen = found.observed[curve.chosen]
    counts = found.counts[curve.chosen]
    means = np.nansum(chosen, axis=1) / np.maximum(counts, 1)
    spread = np.nansum((chosen - means[:, None]) ** 2, axis=1)
    sd = np.where(counts > 1, np.sqrt(spread / np.maximum(counts - 1, 1)), np.nan)
    trials = _trials(found, name, mask, curve)
    worlds = curve.worlds
    return [
        {
            "level": level,
            "best": float(curve.best[k]),
            "sd": float(sd[k]),
            "replicates": int(counts[k]),
            **dict(
                zip(
                    ("low", "high"),
                    spanned(float(curve.best[k]), [draws[:, k] for draws in worlds]),
                    strict=True,
                )
            ),
            "diverged_share": float(trials[k, 0] / trials[k, 1]) if trials[k, 1] else np.nan,
            "trials": int(trials[k, 1]),
            "verdict": _verdict(curve, len(found.means)),
        }
        for k, level in enumerate(curve.levels)
    ]


def _trials(found: Responses, name: str, mask: Mask, curve: Curve) -> np.ndarray:
    """Diverged and all trials at each position of the curve, shape (K, 2)."""
    rows = np.flatnonzero(mask & (found.column(name) >= 0))
    _, position = found.axis(name, mask)
    used, level = np.unique(found.column(name)[rows], return_inverse=True)
    nearest = np.abs(position[used][:, None] - curve.position).argmin(axis=1)[level]
    return np.array([np.bincount(nearest, found.diverged[rows, k], len(curve)) for k in (0, 1)]).T


def _verdict(curve: Curve, configurations: int) -> str:
    remarks = [f"only {configurations} configurations"] if configurations < FEW else []
    if curve.binned:
        remarks.append("lowest of the trials in each bin, not fully tuned")
    if not len(curve.draws):
        remarks.append("no interval: the noise is unknown without replicates")
    return "; ".join(remarks)
