"""Scores of the folds of a cross-validation, which stand beside their mean: replicates on common splits."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sensitivity.arrays import Floats

_SKLEARN: Final = re.compile(r"mean_(test|train)_(.+)")
_COUNTED: Final = re.compile(r"(\D*)(\d+)(\D.*|)")
CLOSE: Final = 1e-3  # of the spread of the mean: what rounding may do to it
EVEN: Final = 0.9  # share of the rows in which the mean must be that of the folds


def fold_columns(names: Sequence[str], metric: str, numbers: Mapping[str, Floats]) -> list[str]:
    """Columns with the result of each fold, in their order; none where there are not two at least.

    Scikit-learn's are known by name; others by their mean, which is the metric.

    Parameters
    ----------
    numbers
        Columns as numbers, NaN where there is none, shape (rows,); the metric and those that may be folds.
    """
    known = _SKLEARN.fullmatch(metric)
    if known:
        part, score = known.groups()
        found = [name for name in names if re.fullmatch(rf"split\d+_{part}_{re.escape(score)}", name)]
        return sorted(found, key=_place) if len(found) > 1 else []
    families: dict[tuple[str, str], list[str]] = {}
    for name in names:
        counted = _COUNTED.fullmatch(name)
        if counted and name in numbers and name != metric:
            families.setdefault((counted[1], counted[3]), []).append(name)
    for family in families.values():
        if len(family) > 1 and _is_mean(numbers[metric], [numbers[name] for name in family]):
            return sorted(family, key=_place)
    return []


def _place(name: str) -> int:
    found = re.search(r"\d+", name)
    return int(found[0]) if found else 0


def _is_mean(metric: Floats, folds: Sequence[Floats]) -> bool:
    """Whether the metric is the mean of the folds in nearly all rows."""
    mean = np.mean(folds, axis=0)
    both = np.isfinite(mean) & np.isfinite(metric)
    if both.sum() < 2:
        return False
    size = float(np.std(metric[both])) or math.inf
    close = np.abs(mean[both] - metric[both]) <= CLOSE * size
    spread = float(np.std(np.stack(folds)[:, both], axis=0).mean())
    return bool(close.mean() >= EVEN) and spread > 0
