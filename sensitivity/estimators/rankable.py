"""Responses that a ranking can be made by: the value, its ranks, the validation loss and error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.stats import rankdata

from sensitivity.trials import DIVERGED, OUTCOME, TRAINING_LOSS, VALIDATION_ERROR, VALIDATION_LOSS

if TYPE_CHECKING:
    import pandas as pd

    from sensitivity.arrays import Floats

RANKS: Final = "ranks of the value"


def responses(plan: pd.DataFrame, value: str) -> dict[str, Floats]:
    """Responses to rank by: the value, its ranks, and validation loss and error where the table has them.

    Diverged trials, and those without the metric, get the cap, and none has more: for the loss the largest
    *training* loss of a trained trial (trained means: below the loss at initialisation), which keeps single
    absurd validation losses from ruling the variance; for the error the largest error of a trained trial.
    """
    response = plan[value].to_numpy(dtype=np.float64, na_value=np.nan)
    finite = response[np.isfinite(response)]
    response = np.where(np.isfinite(response), response, finite.max() if len(finite) else 0.0)
    found = {value: response, RANKS: rankdata(response)}
    diverged = (plan[OUTCOME] == DIVERGED).to_numpy()
    for name in (VALIDATION_ERROR, VALIDATION_LOSS):
        if name in plan and name != value:
            other = plan[name].to_numpy(dtype=np.float64, na_value=np.nan)
            trained = other[~diverged & np.isfinite(other)]
            if len(trained):
                cap = _loss_cap(plan[~diverged]) if name == VALIDATION_LOSS else float(trained.max())
                cap = float(trained.max()) if np.isnan(cap) else cap
                found[name] = np.minimum(np.where(diverged | ~np.isfinite(other), cap, other), cap)
    return found


def _loss_cap(trained: pd.DataFrame) -> float:
    """Largest training loss of the trained trials; NaN where the table has none."""
    if TRAINING_LOSS not in trained:
        return np.nan
    losses = trained[TRAINING_LOSS].to_numpy(dtype=np.float64, na_value=np.nan)
    finite = losses[np.isfinite(losses)]
    return float(finite.max()) if len(finite) else np.nan
