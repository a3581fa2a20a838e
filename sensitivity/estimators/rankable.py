"""Responses that a ranking can be made by: the value, its ranks, the validation loss and error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import scipy

from sensitivity.trials import TRAINING_LOSS, VALIDATION_ERROR, VALIDATION_LOSS, rose

if TYPE_CHECKING:
    import pandas as pd

    from sensitivity.arrays import Floats

RANKS: Final = "ranks of the value"


def rankable(plan: pd.DataFrame, value: str) -> dict[str, Floats]:
    """Responses to rank by: the value, its ranks, and validation loss and error where the table has them.

    Trials without the metric get the cap, and none has more: the largest among trials whose training loss did
    not rise, for the loss their *training* loss (it lies below the one at initialisation), which keeps
    single absurd validation losses from ruling the variance.
    """
    response = plan[value].to_numpy(dtype=np.float64, na_value=np.nan)
    finite = response[np.isfinite(response)]
    response = np.where(np.isfinite(response), response, finite.max() if len(finite) else 0.0)
    found = {value: response, RANKS: scipy.stats.rankdata(response)}
    calm = ~rose(plan).to_numpy()
    for name in (VALIDATION_ERROR, VALIDATION_LOSS):
        if name in plan and name != value:
            other = plan[name].to_numpy(dtype=np.float64, na_value=np.nan)
            known = other[calm & np.isfinite(other)]
            if len(known):
                cap = _loss_cap(plan[calm]) if name == VALIDATION_LOSS else float(known.max())
                cap = float(known.max()) if np.isnan(cap) else cap
                found[name] = np.minimum(np.where(np.isfinite(other), other, cap), cap)
    return found


def _loss_cap(calm: pd.DataFrame) -> float:
    """Largest training loss of these trials; NaN where the table has none."""
    if TRAINING_LOSS not in calm:
        return np.nan
    losses = calm[TRAINING_LOSS].to_numpy(dtype=np.float64, na_value=np.nan)
    finite = losses[np.isfinite(losses)]
    return float(finite.max()) if len(finite) else np.nan
