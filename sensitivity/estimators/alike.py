"""How much neighbours can share of the noise of a grid that was run once, as far as the grid denies it.

Noise that neighbours share by ρ^lag is smooth: of orthogonal polynomials along a numeric setting it moves
the low degrees more than the high ones. Effects are smooth too, so that one replicate cannot tell ρ from a
trend; but that ρ is *large* it can deny, where what counts as noise (`sensitivity.estimators.unreplicated`)
is as large in high degrees as in low ones. So the bound is the largest ρ that the likelihood ratio does not
reject (χ², 5 %), given squares z² of variance σ² v(ρ), σ² profiled out. An effect among them is smooth, and
only raises it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import scipy

if TYPE_CHECKING:
    from sensitivity.arrays import Floats, Mask
    from sensitivity.estimators.cells import CellTable

FEWEST_LEVELS: Final = 5  # a setting along which a result can be seen to be smooth
LOWEST_DEGREE: Final = 3  # along it, above that of a bowl
_STEPS: Final = 30


def most_alike(table: CellTable, most: float) -> float:
    """Largest ρ up to ``most`` that the table of one replicate does not deny; ``most`` with conditions."""
    numeric: Mask = np.atleast_1d(np.isfinite(table.place).all(axis=0))
    if (table.length != 1).any() or math.prod(table.sizes) != len(table.values) or not numeric.any():
        return most
    parts = table.values[table.index(), 0]
    bases = [_basis(table, axis, bool(numeric[axis])) for axis in table.axes]
    for axis, basis in enumerate(bases):
        parts = np.moveaxis(np.tensordot(basis, parts, axes=(0, axis)), 0, axis)
    noise = _noise(table, numeric)
    if not noise.any() or not (parts[noise] ** 2).any():
        return most
    rhos = np.linspace(0, most, _STEPS + 1)
    found = np.array([_likelihood(parts, noise, bases, numeric, rho) for rho in rhos])
    allowed = 2 * (found.max() - found) <= scipy.stats.chi2.ppf(0.95, 1)
    return float(rhos[allowed].max())


def _basis(table: CellTable, axis: int, numeric: bool) -> Floats:
    """Orthonormal columns, the constant first: polynomials of rising degree, or any contrasts of choices."""
    size = table.sizes[axis]
    columns = np.eye(size, k=1)
    columns[:, 0] = 1.0
    if numeric:
        place = np.zeros(size)
        place[table.start[:, axis]] = table.place[:, axis]
        columns = np.vander(place - place.mean(), increasing=True)
    return np.asarray(np.linalg.qr(columns)[0], dtype=np.float64)


def _noise(table: CellTable, numeric: Mask) -> Mask:
    """Which parts count as noise, shape ``sizes``: high degrees, or else the highest interactions."""
    degree = np.indices(table.sizes)
    long = [axis for axis in table.axes if numeric[axis] and table.sizes[axis] >= FEWEST_LEVELS]
    if long:
        return np.asarray(np.max(degree[long], axis=0) >= LOWEST_DEGREE)
    moving = sum(size > 1 for size in table.sizes)
    found: Mask = (degree > 0).sum(axis=0) >= (min(moving, 3) if moving > 1 else np.inf)
    return found


def _likelihood(parts: Floats, noise: Mask, bases: list[Floats], numeric: Mask, rho: float) -> float:
    """Logarithm of the likelihood of the parts that are noise, σ² at its best."""
    variance = np.ones(parts.shape)
    for axis in np.flatnonzero(numeric):
        size = len(bases[axis])
        correlation = rho ** np.abs(np.subtract.outer(np.arange(size), np.arange(size)))
        along = ((correlation @ bases[axis]) * bases[axis]).sum(axis=0)
        variance = variance * along.reshape(-1, *[1] * (parts.ndim - 1 - axis))
    squares, seen = parts[noise] ** 2, variance[noise]
    return float(-0.5 * np.log(seen).sum() - 0.5 * len(seen) * np.log((squares / seen).sum()))
