"""One trial per configuration: what is reached along an ordered setting comes from a smooth curve.

The lowest of many noisy values is one lucky level. Along the setting that the noise was estimated from
(`sensitivity.estimators.unreplicated`) values are replaced by a smoothing spline in its discrete form:
s = (1 + λ DᵀD)⁻¹ y with D the second differences of a line (Whittaker 1923; Green & Silverman 1994). λ is the
largest with which what is left, over the degrees of freedom that are left, is no more than the noise
(the discrepancy principle; Reinsch 1967), by its bound and by the median of its contrasts. So a cliff makes
it small, and curves without noise stay as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import scipy

from sensitivity.estimators.holes import lines
from sensitivity.estimators.unreplicated import FEWEST_LEVELS, differences, unreplicated, usual

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.arrays import Floats, Integers
    from sensitivity.estimators.cells import CellTable

PENALTIES: Final = tuple(10 ** (power / 4) for power in range(16, -9, -1))  # λ, the largest first


def smoother(table: CellTable) -> scipy.sparse.csr_array | None:
    """Matrix that smooths the responses of a table of one replicate, shape (C, C); None where nothing can.

    Configurations beside the lines, and those that were never run, stay as they are.
    """
    found = unreplicated(table, alike=0.0)
    if found is None or found.axis is None or found.variance <= 0:
        return None
    every = [line for line in lines(table, found.axis, table.counts > 0) if len(line) >= FEWEST_LEVELS]
    places = [table.place[line, found.axis] for line in every]
    kinds, kind = np.unique([place.tobytes() for place in places], return_inverse=True)  # lines alike
    bends = [_bend(places[int(np.flatnonzero(kind == number)[0])]) for number in range(len(kinds))]
    least = min(found.variance, usual(table.values[:, 0], every, places)) / found.variance
    for penalty in PENALTIES:
        smoothing = [_smooth(bend, penalty) for bend in bends]
        inverses = [smoothing[number] for number in kind.tolist()]
        if _left(table.values[:, 0], every, inverses) <= least * found.bound:
            return _joined(every, inverses, len(table.values))
    return None


def _bend(place: Floats) -> Floats:
    """DᵀD of second differences on uneven levels, rows of D of length 1."""
    contrasts = differences(place, 2)
    found: Floats = contrasts.T @ contrasts
    return found


def _smooth(bend: Floats, penalty: float) -> Floats:
    """(1 + λ DᵀD)⁻¹ of one line."""
    found: Floats = np.linalg.inv(np.eye(len(bend)) + penalty * bend).astype(np.float64)
    return found


def _left(values: Floats, every: Sequence[Integers], inverses: Sequence[Floats]) -> float:
    """Mean square of what smoothing leaves, over the degrees of freedom that it leaves."""
    squares = sum(
        float(((values[line] - inverse @ values[line]) ** 2).sum())
        for line, inverse in zip(every, inverses, strict=True)
    )
    return squares / sum(len(inverse) - float(np.trace(inverse)) for inverse in inverses)


def _joined(every: Sequence[Integers], inverses: Sequence[Floats], size: int) -> scipy.sparse.csr_array:
    """One matrix of all lines; a configuration that is on none keeps its value."""
    alone = np.setdiff1d(np.arange(size), np.concatenate(every))
    rows = [np.repeat(line, len(line)) for line in every]
    columns = [np.tile(line, len(line)) for line in every]
    weights = [inverse.ravel() for inverse in inverses]
    place = np.concatenate([*rows, alone]), np.concatenate([*columns, alone])
    return scipy.sparse.csr_array(
        (np.concatenate([*weights, np.ones(len(alone))]), place), shape=(size, size)
    )
