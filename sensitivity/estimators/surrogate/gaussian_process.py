"""Gaussian process with a product of RBF kernels (numbers) and Hamming kernels (categories).

k(x, x') = s² Π_i k_i, with k_i = exp(−½ θ_i² (x_i − x_i')²) for a number and exp(−θ_i² [x_i ≠ x_i']) for a
category. An inactive coordinate is masked: it sits in the middle, so that two configurations without the
setting do not differ in it, whatever their latent draws; what sets them apart from those that have the
setting is the parent's own factor. All of it is one RBF kernel on scaled features, hence positive definite.

Hyperparameters by maximum marginal likelihood with weak log-normal priors (ML-II); the mean is profiled.
Rasmussen & Williams 2006, algorithm 2.1 and equation 5.9.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import linalg, optimize

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sensitivity.arrays import Floats, Integers
    from sensitivity.estimators.surrogate.axes import Axis
    from sensitivity.estimators.surrogate.encoding import Points

_PRIOR_MEAN: Final = {"scale": np.log(1.5), "signal": 0.0, "nugget": np.log(1e-2)}
_PRIOR_SD: Final = {"scale": 2.0, "signal": 3.0, "nugget": 4.0}
_BOUNDS: Final = {
    "scale": (np.log(1e-3), np.log(60.0)),
    "signal": (np.log(1e-2), np.log(1e4)),
    "nugget": (np.log(1e-7), np.log(3.0)),
}
MANY_LEVELS: Final = 24
_JITTER: Final = 1e-9
_ITERATIONS: Final = 80
_CHUNK: Final = 2**17  # numbers of a kernel at a time: two such arrays stay in the cache
_EVEN: Final = 64  # points at a time are a multiple of this
_WAVES: Final = 1024


@dataclass(frozen=True)
class Hyperparameters:
    """θ per axis, signal variance s² and nugget (noise variance), both of the standardised response."""

    scales: Floats
    signal: float
    nugget: float


def features(points: Points, axes: Sequence[Axis]) -> tuple[Floats, Integers]:
    """Columns whose scaled Euclidean distance is the kernel's, and the axis each belongs to.

    A number is one column; a category one column per level, so that two levels lie 2 apart (squared).
    """
    columns: list[Floats] = []
    owner: list[int] = []
    for place, axis in enumerate(axes):
        active = points.active[:, place]
        if axis.categorical:
            count = len(axis.known_positions)
            levels = np.eye(count)[axis.code(points.positions[:, place])]
            levels[~active] = 1 / count
            columns.extend(levels.T)
            owner.extend([place] * count)
        else:
            columns.append(np.where(active, points.positions[:, place], 0.5))
            owner.append(place)
    return np.array(columns).reshape(len(owner), len(points)).T, np.array(owner, dtype=np.int64)


def squared_distances(left: Floats, right: Floats) -> Floats:
    """Of each row on the left to each on the right, shape (left, right)."""
    found: Floats = (left**2).sum(axis=1)[:, None] + (right**2).sum(axis=1)
    found -= 2 * left @ right.T
    np.maximum(found, 0, out=found)
    return found


class GaussianProcess:
    """A fitted Gaussian process.

    Parameters
    ----------
    axes
        Coordinates of the points.
    hyperparameters
        From `fit_hyperparameters`.
    points, response
        N configurations and their mean response, shape (N,).
    replicates
        Trials behind each mean, shape (N,): the nugget counts 1/R.
    """

    smooth = True

    def __init__(
        self,
        axes: Sequence[Axis],
        hyperparameters: Hyperparameters,
        points: Points,
        response: Floats,
        replicates: Floats,
    ) -> None:
        self.axes, self.hyperparameters = axes, hyperparameters
        self._shift, self._spread = standardisation(response)
        self._features, self._owner = features(points, axes)
        self._few = np.ones(len(self._owner), dtype=bool)
        self._many = {place: self._table(place) for place, axis in enumerate(axes) if _has_many(axis)}
        kernel = self._kernel(self._features)
        kernel[np.diag_indices_from(kernel)] += hyperparameters.nugget / replicates + _JITTER
        self._factor = linalg.cho_factor(kernel, lower=True, overwrite_a=True, check_finite=False)
        target = (response - self._shift) / self._spread
        solved = linalg.cho_solve(self._factor, np.column_stack([target, np.ones(len(target))]))
        self._mean = float(solved[:, 0].sum() / solved[:, 1].sum())
        self._weights: Floats = solved[:, 0] - self._mean * solved[:, 1]
        self._replicates = replicates

    def __len__(self) -> int:
        """Number of configurations it has learned from."""
        return len(self._features)

    def _table(self, axis: int) -> Floats:
        """Squared distances of each level of an axis, and of none, to the training points, (levels + 1, N).

        Looked up instead of multiplied out: of sixty levels the columns are nearly all zeros.
        """
        own = self._owner == axis
        self._few &= ~own
        count, scale = int(own.sum()), self.hyperparameters.scales[axis]
        levels = np.vstack([np.eye(count), np.full(count, 1 / count)])
        return squared_distances(levels * scale, self._features[:, own] * scale)

    def _kernel(self, other: Floats, without: int = -1) -> Floats:
        """Kernel between ``other`` features and the training points; one axis may be left out."""
        scales = self.hyperparameters.scales[self._owner] * (self._owner != without)
        left, right = other * scales, self._features * scales
        if self._many:
            left, right = left[:, self._few], right[:, self._few]
        distance = squared_distances(left, right)
        for axis in self._many.keys() - {without}:
            distance += self._many[axis][_level(other[:, self._owner == axis])]
        distance *= -0.5
        np.exp(distance, out=distance)
        distance *= self.hyperparameters.signal
        return distance

    def _steps(self, count: int, beside: int = 0) -> Iterator[slice]:
        """Points in parts whose kernels the cache holds."""
        step = _CHUNK // max(len(self._features), beside) // _EVEN * _EVEN or _EVEN
        return (slice(begin, begin + step) for begin in range(0, count, step))

    @property
    def noise(self) -> float:
        """Variance of one trial around the surface: the nugget in the units of the response, squared."""
        return self._spread**2 * self.hyperparameters.nugget

    def predict(self, points: Points) -> Floats:
        """Posterior mean, shape (N,)."""
        found = np.empty(len(points))
        for rows in self._steps(len(points)):
            found[rows] = self._kernel(features(points.rows(rows), self.axes)[0]) @ self._weights
        return self._shift + self._spread * (found + self._mean)

    def learned(self, points: Points) -> Floats:
        """L⁻¹ k(X, points), shape (n, N): posterior covariances are prior ones less products of these."""
        cross = self._kernel(features(points, self.axes)[0])
        found: Floats = linalg.solve_triangular(self._factor[0], cross.T, lower=True, check_finite=False)
        return found

    def prior_covariance(self, left: Points, right: Points) -> Floats:
        """Prior covariance of each point with its partner, of the standardised response, shape (N,)."""
        scales = self.hyperparameters.scales[self._owner]
        apart = (features(left, self.axes)[0] - features(right, self.axes)[0]) * scales
        found: Floats = self.hyperparameters.signal * np.exp(-0.5 * (apart**2).sum(axis=1))
        return found

    def predictive_variance(self, points: Points) -> Floats:
        """Posterior variance of the mean response, without the nugget, shape (N,)."""
        unknown = self.hyperparameters.signal - (self.learned(points) ** 2).sum(axis=0)
        found: Floats = self._spread**2 * np.maximum(unknown, 0)
        return found

    def deviations(self, points: Points, count: int) -> Floats:
        """Draws of the surface less its posterior mean, shape (count, N); always the same ones.

        Matheron's rule (Wilson et al. 2020): a surface drawn from the prior, here by random Fourier features
        (Rahimi & Recht 2007), less what this process would learn of it from noisy values at its own points.
        """
        rng = np.random.default_rng(0)
        scales = self.hyperparameters.scales[self._owner]
        waves = rng.standard_normal((len(scales), _WAVES)) * scales[:, None]
        phases = rng.uniform(0, 2 * np.pi, _WAVES)
        heights = rng.standard_normal((_WAVES, count)) * (2 * self.hyperparameters.signal / _WAVES) ** 0.5
        noise = rng.standard_normal((len(self._features), count))
        noise *= np.sqrt(self.hyperparameters.nugget / self._replicates)[:, None]
        seen = np.cos(self._features @ waves + phases) @ heights + noise
        solved = linalg.cho_solve(self._factor, np.column_stack([seen, np.ones(len(seen))]))
        learned = solved[:, :-1].sum(axis=0) / solved[:, -1].sum()  # the mean is estimated too
        weights = solved[:, :-1] - solved[:, [-1]] * learned
        found = np.empty((count, len(points)))
        for rows in self._steps(len(points), _WAVES):
            columns = features(points.rows(rows), self.axes)[0]
            drawn = np.cos(columns @ waves + phases) @ heights
            found[:, rows] = (drawn - self._kernel(columns) @ weights - learned).T
        return self._spread * found

    def profile(self, points: Points, axis: int, nodes: Points) -> Floats:
        """Posterior mean with one coordinate moved to each node, shape (N, nodes).

        The kernel is a product, so the other coordinates' part is computed once.
        """
        scale = self.hyperparameters.scales[axis]
        own = self._owner == axis
        at_nodes = features(nodes, self.axes)[0][:, own] * scale
        factor = np.exp(-0.5 * squared_distances(self._features[:, own] * scale, at_nodes))
        factor *= self._weights[:, None]
        found = np.empty((len(points), len(nodes)))
        for rows in self._steps(len(points)):
            found[rows] = self._kernel(features(points.rows(rows), self.axes)[0], without=axis) @ factor
        return self._shift + self._spread * (found + self._mean)


def _has_many(axis: Axis) -> bool:
    return axis.categorical and len(axis.known_positions) > MANY_LEVELS


def _level(columns: Floats) -> Integers:
    """Level of each point from its columns, one per level; the number of levels where it has none."""
    found: Integers = np.where(columns.max(axis=1) < 1, columns.shape[1], columns.argmax(axis=1))
    return found


def standardisation(response: Floats) -> tuple[float, float]:
    """Mean and standard deviation; 1 for a constant."""
    spread = float(np.std(response))
    return float(np.mean(response)), spread if spread > 0 else 1.0


def fit_hyperparameters(
    axes: Sequence[Axis], points: Points, response: Floats, replicates: Floats
) -> Hyperparameters:
    """Hyperparameters of largest marginal likelihood times prior, from two starting points."""
    columns, owner = features(points, axes)
    shift, spread = standardisation(response)
    likelihood = _MarginalLikelihood(columns, owner, len(axes), (response - shift) / spread, replicates)
    best = min(
        (
            optimize.minimize(
                likelihood,
                np.concatenate([np.full(len(axes), scale), [signal, nugget]]),
                jac=True,
                method="L-BFGS-B",
                bounds=likelihood.bounds,
                options={"maxiter": _ITERATIONS, "ftol": 1e-6},
            )
            for scale, signal, nugget in (
                (np.log(1.0), np.log(2.0), np.log(1e-3)),
                (np.log(3.0), 0.0, np.log(0.1)),
            )
        ),
        key=lambda result: float(result.fun),
    )
    numbers = np.exp(best.x)
    return Hyperparameters(numbers[: len(axes)], float(numbers[-2]), float(numbers[-1]))


class _MarginalLikelihood:
    """Negative logarithm of marginal likelihood times prior, with gradient, over the logarithms."""

    def __init__(
        self, columns: Floats, owner: Integers, axes: int, target: Floats, replicates: Floats
    ) -> None:
        self._target, self._replicates = target, replicates
        self._distances = np.stack(
            [squared_distances(columns[:, owner == axis], columns[:, owner == axis]) for axis in range(axes)]
        ).reshape(axes, -1)
        kinds = ["scale"] * axes + ["signal", "nugget"]
        self.bounds = [_BOUNDS[kind] for kind in kinds]
        self._prior_mean = np.array([_PRIOR_MEAN[kind] for kind in kinds])
        self._prior_sd = np.array([_PRIOR_SD[kind] for kind in kinds])

    def __call__(self, logarithms: Floats) -> tuple[float, Floats]:
        """Value and gradient at the logarithms of (θ…, s², nugget)."""
        count = len(self._target)
        squares, (signal, nugget) = np.exp(2 * logarithms[:-2]), np.exp(logarithms[-2:])
        smooth = signal * np.exp(-0.5 * (squares @ self._distances)).reshape(count, count)
        kernel = smooth.copy()
        kernel[np.diag_indices(count)] += nugget / self._replicates + _JITTER
        factor, info = linalg.lapack.dpotrf(kernel, lower=1, overwrite_a=1)
        if info:
            return 1e10, np.zeros(len(logarithms))
        inverse = _symmetric(linalg.lapack.dpotri(factor, lower=1)[0])
        ones = inverse.sum(axis=1)
        solved = inverse @ self._target
        solved -= ones * (solved.sum() / ones.sum())  # profiled mean: generalised least squares
        value = 0.5 * float(self._target @ solved) + float(np.log(np.diag(factor)).sum())
        # Equation 5.9: −½ tr((α αᵀ − K⁻¹) ∂K/∂θ).
        inner = np.outer(solved, solved) - inverse
        nugget_slope = -0.5 * nugget * float((np.diag(inner) / self._replicates).sum())
        inner *= smooth
        slopes = 0.5 * squares * (self._distances @ inner.ravel())
        gradient = np.concatenate([slopes, [-0.5 * float(inner.sum()), nugget_slope]])
        deviation = (logarithms - self._prior_mean) / self._prior_sd
        return value + 0.5 * float(deviation @ deviation), gradient + deviation / self._prior_sd


def _symmetric(lower: Floats) -> Floats:
    """Full matrix from its lower triangle."""
    triangle = np.tril(lower)
    full: Floats = triangle + np.tril(triangle, -1).T
    return full
