"""A table of trials in memory → `Study`; what it lacks is filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sensitivity.study import LARGEST, Study
from sensitivity.trials import (
    AFTER_SETTINGS,
    DIVERGED,
    LOSS_ROSE,
    NUMBER,
    OUTCOME,
    PHASE,
    PLAN,
    REPLICATE,
    VALUE,
)
from sensitivity.words import listed
from sweeps.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sweeps.space import Space


def from_frame(
    trials: pd.DataFrame,
    space: Space,
    metric: str = VALUE,
    cap: float | None = None,
    curves: Mapping[int, Sequence[float]] | None = None,
    tolerance: float | None = None,
    scale: str | None = None,
) -> Study:
    """Study of trials and their space.

    Parameters
    ----------
    trials
        Table of `sensitivity.trials`, or any with a column per setting of the space (empty: inactive) and the
        column ``value``. Of the others, a missing ``number`` counts rows, ``phase`` is "plan", ``replicate``
        0, ``outcome`` whatever the value says; the rest is empty. The table given is not changed.
    cap
        What a value that is not finite counts with; None: the worst finite one.
    scale
        `Study.asked_scale`.

    Raises
    ------
    StudyError
        When the values or a setting are missing, or the values do not allow the scale.
    """
    if missing := [name for name in (*space.names, VALUE) if name not in trials.columns]:
        raise StudyError(f"the trials lack the column {listed(missing)}; they have {listed(trials.columns)}")
    values = trials[VALUE].astype("float64")
    finite = values.abs() <= LARGEST
    worst = float(values[finite].max()) if finite.any() else 0.0
    defaults: dict[str, Any] = {
        NUMBER: np.arange(len(trials)),
        PHASE: PLAN,
        REPLICATE: 0,
        LOSS_ROSE: False,
        OUTCOME: pd.Series(np.where(finite, "trained", DIVERGED), index=trials.index, dtype="str"),
    }
    rest = dict.fromkeys((name for name in AFTER_SETTINGS if name not in {*defaults, VALUE}), np.nan)
    missing_columns = {
        name: content for name, content in {**defaults, **rest}.items() if name not in trials.columns
    }
    filled = trials.assign(**missing_columns)
    if not finite.all():
        filled = filled.assign(
            **{
                VALUE: values.where(finite, worst if cap is None else cap),
                OUTCOME: filled[OUTCOME].where(finite, DIVERGED),
            }
        )
    return Study(filled, space, metric, cap, curves=curves or {}, tolerance=tolerance, asked_scale=scale)
