"""One setting as an axis: how its values compare."""

from __future__ import annotations

import math
from functools import lru_cache
from numbers import Real

import numpy as np
import pandas as pd

from sensitivity.words import exact


def key(value: object) -> object:
    """Value of a setting as it compares after a trip through a CSV file; None where inactive."""
    if isinstance(value, str):  # first, because asking for Real takes long
        return str(value)
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, float | int | Real) and not isinstance(value, bool | np.bool_):
        return _number_key(float(value))
    return str(value)


@lru_cache(maxsize=1 << 16)
def _number_key(number: float) -> str:
    """Text of a number; all measures ask for it again, of few levels or of one value per trial."""
    return exact(number)
