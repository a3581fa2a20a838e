"""Learning curves in little room: a byte a point on the scale of the heatmaps, steps and trials thinned."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from sensitivity.estimators.training_curves import curve_matrix, first_known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.arrays import Floats, Integers
    from sensitivity.study import Study

MOST_POINTS: Final = 100_000  # of all curves together
MOST_STEPS: Final = 24
FEWEST_STEPS: Final = 8
FINEST: Final = 255


@dataclass(frozen=True)
class Curves:
    """Curves as bytes.

    A byte b stands for low + soft · (exp(b/255 · log(1 + (high − low)/soft)) − 1): good values differ by
    less than bad ones, and are told apart.

    Attributes
    ----------
    steps
        Epochs or steps that are kept, shape (S,).
    count
        Curves of each row, those of the best configuration first, shape (R,).
    low, high, soft
        Of the scale.
    data
        Bytes of all curves one after the other, in base64.
    """

    steps: Sequence[int]
    count: Sequence[int]
    low: float
    high: float
    soft: float
    data: str


def explored_curves(study: Study, trials: Sequence[Integers]) -> Curves | None:
    """Curves of the trials of each row; None where no trial has one.

    Where there are very many, the same number of the first trials of each row.
    """
    heights = curve_matrix(study.plan, study.curves, study.cap)
    begin = first_known(heights)
    known = np.asarray(np.isfinite(heights[:, begin:]).all(axis=1))
    if heights.shape[1] - begin < 2 or not known.any():
        return None
    all_trials = max(sum(map(len, trials)), 1)
    steps = _steps(begin, heights.shape[1], MOST_POINTS // all_trials)
    most = max(MOST_POINTS // (len(trials) * len(steps)), 1)
    kept = [rows[known[rows]][:most] for rows in trials]
    shown = heights[np.concatenate(kept)][:, steps]
    if not len(shown):
        return None
    low, high = float(shown.min()), float(shown.max())
    soft = max(low / 10, (high - low) / 300) or 1.0
    coded = _coded(shown, low, high, soft)
    data = base64.b64encode(coded.tobytes()).decode("ascii")
    return Curves(steps.tolist(), [len(rows) for rows in kept], low, high, soft, data)


def _steps(begin: int, end: int, room: int) -> Integers:
    """Steps from the first to the last, evenly thinned to so many as there is room for."""
    most = min(max(room, FEWEST_STEPS), MOST_STEPS, end - begin)
    return np.unique(np.rint(np.linspace(begin, end - 1, most)).astype(np.int64))


def _coded(heights: Floats, low: float, high: float, soft: float) -> npt.NDArray[np.uint8]:
    whole = np.log1p((high - low) / soft) or 1.0
    coded: npt.NDArray[np.uint8] = np.rint(FINEST * np.log1p((heights - low) / soft) / whole).astype(np.uint8)
    return coded
