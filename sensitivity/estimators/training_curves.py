"""Validation curves of many trials in one array."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sensitivity.trials import DIVERGED, NUMBER, OUTCOME

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sensitivity.arrays import Floats

    Curves = Mapping[int, Sequence[float]]


def curve_matrix(plan: pd.DataFrame, curves: Curves, cap: float | None = None) -> Floats:
    """Curves of the plan's trials in one array, capped, shape (trials, epochs + 1).

    What is missing at the end, or not finite, is the cap for a diverged trial, which stopped being finite,
    and the last value for another, stopped early. A trained trial without curve is a row of NaN;
    no curves: shape (trials, 0). Where nobody recorded a start, element 0 is NaN everywhere.
    """
    found = [curves.get(number, ()) for number in plan[NUMBER].tolist()]
    longest = max((len(curve) for curve in found), default=0)
    matrix = np.full((len(found), longest), np.nan)
    for row, curve in enumerate(found):
        matrix[row, : len(curve)] = curve
    if not longest:
        return matrix
    diverged = (plan[OUTCOME] == DIVERGED).to_numpy()
    has = diverged | np.array([len(curve) > 0 for curve in found])
    start = matrix[:, 0][np.isfinite(matrix[:, 0])]
    top = cap if cap is not None else float(start.mean()) if len(start) else math.inf
    matrix[diverged] = np.where(np.isfinite(matrix[diverged]), matrix[diverged], top)
    gaps = np.flatnonzero(has & np.isnan(matrix).any(axis=1))
    matrix[gaps] = pd.DataFrame(matrix[gaps]).ffill(axis=1).to_numpy()
    capped: Floats = np.minimum(matrix, top)
    if not len(start):
        capped[:, 0] = np.nan
    return capped


def first_known(matrix: Floats) -> int:
    """Epoch that the curves begin with: 0, or 1 where nobody recorded a start."""
    return 0 if matrix.shape[1] < 2 or np.isfinite(matrix[:, 0]).any() else 1
