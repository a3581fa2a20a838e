"""Polynomial chaos: regression on products of orthonormal functions of one setting each.

Numbers have Legendre polynomials on [0, 1]; discrete numbers the polynomials orthonormal under their own
prior; categories contrasts. A function of a setting is 0 where the setting is inactive. The index set is
hyperbolic (Blatman & Sudret 2011): (Σ degree^q)^(1/q) ≤ p with q = 0.8 and at most three settings per
product. A ridge, and (p, number of settings, λ) chosen by the analytic leave-one-out error (PRESS).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.polynomial import legendre
from scipy import linalg

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sensitivity.arrays import Floats, Integers
    from sensitivity.estimators.surrogate.axes import Axis
    from sensitivity.estimators.surrogate.encoding import Points

HYPERBOLIC: Final = 0.8
DEGREES: Final = (1, 2, 3, 4, 5, 6, 8, 10)
ORDERS: Final = (1, 2, 3)
RIDGES: Final = np.geomspace(1e-8, 10, 19)
MOST_TERMS: Final = 700


@dataclass(frozen=True)
class Terms:
    """An index set.

    ``factors`` has shape (terms, order): columns of the concatenated one-dimensional bases, 0 for "none"
    (the constant). ``degrees`` are the total degrees, shape (terms,).
    """

    factors: Integers
    degrees: Integers


def legendre_basis(positions: Floats, degree: int) -> Floats:
    """Orthonormal Legendre polynomials of degree 1 … ``degree`` on [0, 1], shape (N, degree)."""
    plain = np.asarray(legendre.legvander(2 * positions - 1, degree)[:, 1:], dtype=np.float64)
    found: Floats = plain * np.sqrt(2 * np.arange(1, degree + 1) + 1)
    return found


def discrete_basis(axis: Axis, degree: int) -> Floats:
    """Functions on a discrete axis' positions, orthonormal under the prior, shape (positions, functions).

    Polynomials of degree 1 … ``degree`` for numbers, all contrasts for categories.
    """
    weights = position_weights(axis)
    count = len(weights)
    if axis.categorical:
        start = np.column_stack([np.ones(count), np.eye(count)[:, : count - 1]])
    else:
        start = legendre.legvander(2 * axis.known_positions - 1, min(degree, count - 1))
    root = np.sqrt(weights)[:, None]
    orthogonal, _ = np.linalg.qr(start * root)
    found: Floats = (orthogonal / root)[:, 1:]
    return found


def position_weights(axis: Axis) -> Floats:
    """Prior probability of each known position, averaged over the shapes."""
    weights = np.zeros(len(axis.known_positions))
    for shape in axis.shapes:
        if shape.positions is not None and shape.edges is not None:
            places = np.searchsorted(axis.known_positions, np.round(shape.positions, 12))
            np.add.at(weights, places, np.diff(shape.edges))
    found: Floats = weights / weights.sum()
    return found


class Basis:
    """One-dimensional bases of all axes side by side; column 0 is the constant."""

    def __init__(self, axes: Sequence[Axis], degree: int) -> None:
        self.axes, self._degree = axes, degree
        self._tables = [discrete_basis(axis, degree) if is_discrete(axis) else None for axis in axes]
        widths = [degree if table is None else table.shape[1] for table in self._tables]
        self._starts = np.cumsum([1, *widths])

    def columns(self, axis: int) -> range:
        """Columns of one axis."""
        return range(int(self._starts[axis]), int(self._starts[axis + 1]))

    def degree(self, axis: int, column: int) -> int:
        """Degree of a column; every contrast of a category counts as 1."""
        return 1 if self.axes[axis].categorical else column - int(self._starts[axis]) + 1

    def values(self, points: Points) -> Floats:
        """All columns, shape (N, columns)."""
        found = np.ones((len(points), int(self._starts[-1])))
        for place, (axis, table) in enumerate(zip(self.axes, self._tables, strict=True)):
            x = points.positions[:, place]
            own = legendre_basis(x, self._degree) if table is None else table[axis.code(x)]
            found[:, self.columns(place)] = own * points.active[:, place, None]
        return found


def is_discrete(axis: Axis) -> bool:
    """Whether every shape of an axis has cells."""
    return all(shape.positions is not None for shape in axis.shapes)


def index_set(basis: Basis, degree: int, order: int) -> Terms | None:
    """Hyperbolic index set; None when it has more than `MOST_TERMS` terms."""
    factors, degrees = [], []
    widest = int(degree**HYPERBOLIC + 1e-9)  # a product of more axes has no term within the hyperbola
    for size in range(1, min(order, len(basis.axes), widest) + 1):
        for axes in itertools.combinations(range(len(basis.axes)), size):
            for columns, total in _products(basis, axes, degree):
                factors.append([*columns, *[0] * (order - size)])
                degrees.append(total)
            if len(factors) > MOST_TERMS:
                return None
    return Terms(np.array(factors, dtype=np.int64).reshape(-1, order), np.array(degrees, dtype=np.int64))


def _products(basis: Basis, axes: Sequence[int], degree: int) -> Iterator[tuple[list[int], int]]:
    """Columns of each product over all of ``axes`` within the hyperbola, and its total degree."""
    limit = degree**HYPERBOLIC + 1e-9
    partial: list[tuple[list[int], float, int]] = [([], 0.0, 0)]
    for axis in axes:
        options = [(column, basis.degree(axis, column)) for column in basis.columns(axis)]
        partial = [
            ([*columns, column], norm + own**HYPERBOLIC, total + own)
            for columns, norm, total in partial
            for column, own in options
            if norm + own**HYPERBOLIC <= limit
        ]
    for columns, _, total in partial:
        yield columns, total


def design(values: Floats, terms: Terms) -> Floats:
    """Products of columns, shape (N, terms)."""
    found: Floats = values[:, terms.factors[:, 0]]
    for column in terms.factors.T[1:]:
        used = column > 0
        found[:, used] *= values[:, column[used]]
    return found


@dataclass(frozen=True)
class Choice:
    """Index set and ridge of smallest PRESS (mean squared leave-one-out error)."""

    basis: Basis
    terms: Terms
    ridge: float
    press: float


def choose(axes: Sequence[Axis], points: Points, response: Floats) -> Choice:
    """Degree, order and ridge by analytic PRESS; without any setting that has two values, the constant."""
    basis = Basis(axes, max(DEGREES))
    nothing = Terms(np.zeros((0, 1), dtype=np.int64), np.zeros(0, dtype=np.int64))
    best = Choice(basis, nothing, 1.0, float(np.var(response)) * (len(response) / (len(response) - 1)) ** 2)
    values = basis.values(points)
    centred = response - response.mean()
    for order in ORDERS[: len(axes)]:
        previous = 0
        for degree in DEGREES:
            terms = index_set(basis, degree, order)
            if terms is None or len(terms.factors) > 4 * len(response):
                break
            if len(terms.factors) in (0, previous):
                continue
            previous = len(terms.factors)
            press, ridge = _press(design(values, terms), centred)
            if press < best.press:
                best = Choice(basis, terms, ridge, press)
    return best


def _press(matrix: Floats, centred: Floats) -> tuple[float, float]:
    """Smallest mean squared leave-one-out error over the ridges, and its ridge.

    With the constant free of penalty, H = 11ᵀ/n + U diag(s²/(s² + nλ)) Uᵀ and the error is e_c / (1 − h_c).
    """
    count = len(matrix)
    columns = matrix - matrix.mean(axis=0)
    left, squares = _left_vectors(columns)
    along, energy = left.T @ centred, left**2
    shrink = squares[:, None] / (squares[:, None] + count * RIDGES)
    residual = centred[:, None] - left @ (shrink * along[:, None])
    leverage = 1 / count + energy @ shrink
    known = 1 - leverage > 1e-9  # below, rounding decides
    errors = (np.where(known, residual / np.where(known, 1 - leverage, 1), np.inf) ** 2).mean(axis=0)
    place = int(np.argmin(errors))
    return float(errors[place]), float(RIDGES[place])


def _left_vectors(columns: Floats) -> tuple[Floats, Floats]:
    """Left singular vectors and squared singular values by the smaller Gram matrix."""
    count, terms = columns.shape
    if terms >= count:
        squares, left = linalg.eigh(columns @ columns.T, check_finite=False)
        return left, np.maximum(squares, 0)
    squares, right = linalg.eigh(columns.T @ columns, check_finite=False)
    kept = squares > 1e-12 * max(float(squares[-1]), 1e-300)
    return columns @ right[:, kept] / np.sqrt(squares[kept]), squares[kept]


class PolynomialChaos:
    """A fitted expansion.

    Parameters
    ----------
    choice
        From `choose`.
    points, response
        N configurations and their mean response, shape (N,).
    """

    smooth = True

    def __init__(self, choice: Choice, points: Points, response: Floats) -> None:
        self._basis, self._terms = choice.basis, choice.terms
        matrix = design(self._basis.values(points), self._terms)
        middle, mean = matrix.mean(axis=0), float(response.mean())
        centred, target = matrix - middle, response - mean
        penalty = choice.ridge * len(response)
        if matrix.shape[1] > len(response):
            gram = centred @ centred.T + penalty * np.eye(len(response))
            self._coefficients: Floats = centred.T @ linalg.solve(gram, target, assume_a="pos")
        else:
            gram = centred.T @ centred + penalty * np.eye(matrix.shape[1])
            self._coefficients = linalg.solve(gram, centred.T @ target, assume_a="pos")
        self._constant = mean - float(middle @ self._coefficients)

    def predict(self, points: Points) -> Floats:
        """Value of the expansion, shape (N,)."""
        found: Floats = self._constant + design(self._basis.values(points), self._terms) @ self._coefficients
        return found

    def profile(self, points: Points, axis: int, nodes: Points) -> Floats:
        """Value with one coordinate moved to each node, shape (N, nodes)."""
        columns = self._basis.columns(axis)
        own = np.isin(self._terms.factors, np.array(columns))
        column = np.where(own, self._terms.factors, 0).max(axis=1)
        others = Terms(np.where(own, 0, self._terms.factors), self._terms.degrees)
        rest = design(self._basis.values(points), others) * self._coefficients
        at_nodes = self._basis.values(nodes)
        at_nodes[:, 0] = 1
        found: Floats = self._constant + rest @ at_nodes[:, column].T
        return found
