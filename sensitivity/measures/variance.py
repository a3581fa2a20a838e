"""Variance decomposition: exact in a balanced factorial, from a surrogate elsewhere.

The one study of every share: the ranking, the terminal and the report read the table made here. Columns:
`sensitivity.estimators.effects`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sensitivity.estimators.effects import VERDICT, unknown
from sensitivity.estimators.factorial import exact_decomposition
from sensitivity.trials import VALUE, planned

if TYPE_CHECKING:
    import pandas as pd

    from sweeps.space import Space


def variance_decomposition(
    trials: pd.DataFrame, space: Space, value: str = VALUE, branches: bool = True
) -> pd.DataFrame:
    """Share of the variance of a response that each setting, each interaction and the seed explain.

    Parameters
    ----------
    trials
        Table of `sensitivity.trials`; the plan's rows are used, or all rows where there is no plan.
    space
        Space of the sweep; gives the prior.
    value
        Column that holds the response, lower is better. Trials without a finite one are left out, which
        makes a factorial incomplete; every verdict then says how many.
    branches
        Also inside each optimizer.

    Returns
    -------
    DataFrame with the columns of `sensitivity.estimators.effects`
    """
    plan = planned(trials)
    known = plan[np.isfinite(plan[value].to_numpy(dtype=np.float64, na_value=np.nan))]
    if known.empty:
        return unknown(space.names, f"cannot be judged: no trial has a {value}")
    found = exact_decomposition(known, space, value, branches)
    if found is None:
        # Lazily: a factorial sweep need not wait for scikit-learn's regressors.
        from sensitivity.estimators.surrogate.decomposition import surrogate_decomposition  # noqa: PLC0415

        found = surrogate_decomposition(known, space, value, branches)
    if lost := len(plan) - len(known):
        note = f"without {lost:,} of {len(plan):,} trials, which have no {value}"
        found[VERDICT] = [f"{text}; {note}" if text else note for text in found[VERDICT]]
    return found
