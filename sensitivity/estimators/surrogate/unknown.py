"""Which effects a Gaussian process does not know yet: where its lack of fit belongs.

Given the trials, f = m + Δ with a Δ of mean 0 and the posterior covariance C. So the total effect of a
setting is expected to be that of m plus E[C(x, x)] − E[C(x, x′)], x′ with that setting drawn anew; its main
effect that of m plus E[C(x, x″)] − E[C(x, z)], x″ with all others drawn anew and z with everything (Oakley &
O'Hagan 2004; the points of Saltelli et al. 2010). The sizes are the kernel's belief; only their ratio to
E[C(x, x)] − E[C(x, z)] is used, of a lack of fit that cross-validation has measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.estimators.surrogate.prior import sobol_points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.arrays import Floats
    from sensitivity.estimators.surrogate.encoding import Encoding, Points
    from sensitivity.estimators.surrogate.gaussian_process import GaussianProcess

MOST_POINTS: Final = 1024
FEWEST_POINTS: Final = 64
OPERATIONS: Final = 4e9


@dataclass(frozen=True)
class Parts:
    """Parts of the lack of fit that belong to main and total effects, by axis, each in [0, 1]."""

    main: dict[int, float]
    total: dict[int, float]


def unknown_parts(process: GaussianProcess, encoding: Encoding, axes: Sequence[int]) -> Parts:
    """Parts of the posterior variance of a process."""
    width = len(encoding.axes)
    both = sobol_points(2 * width, _points(len(process), len(axes)), 0)
    first, second = both[:, :width], both[:, width:]
    left, right = (_Seen(process, encoding.complete(latent)) for latent in (first, second))
    constant = left.covariance(right)
    variance = max(left.covariance(left) - constant, 1e-300)
    main, total = {}, {}
    for axis in axes:
        moved = first.copy()
        moved[:, axis] = second[:, axis]
        there = _Seen(process, encoding.complete(moved))
        main[axis] = float(np.clip((there.covariance(right) - constant) / variance, 0, 1))
        total[axis] = float(np.clip((left.covariance(left) - left.covariance(there)) / variance, 0, 1))
    return Parts(main, total)


def _points(learned_from: int, axes: int) -> int:
    most = OPERATIONS / (learned_from**2 * (axes + 2))
    return 1 << int(np.log2(np.clip(most, FEWEST_POINTS, MOST_POINTS)))


class _Seen:
    """Points with what a process knows of them."""

    def __init__(self, process: GaussianProcess, points: Points) -> None:
        self._process, self._points, self._learned = process, points, process.learned(points)

    def covariance(self, other: _Seen) -> float:
        """Posterior covariance with the partner of each point, averaged."""
        known: Floats = (self._learned * other._learned).sum(axis=0)
        return float((self._process.prior_covariance(self._points, other._points) - known).mean())
