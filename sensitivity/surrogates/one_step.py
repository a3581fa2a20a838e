"""Cross-fitted one-step (debiased) estimators of variance components, with standard errors.

Notation of §3.1 of ``measures-and-estimators``: m^(k) is the surrogate fitted without fold k, r = y − m^(k)(x)
the residual of a draw of fold k, m_i = E[m | x_i] − μ, m_-i = E[m | x_-i] − μ. Then

    V_i = V_i(m) + mean 2 m_i r,   V_f − V_-i = (V − V_-i)(m) + mean 2 (m − μ − m_-i) r,
    V_f = V(m) + mean 2 (m − μ) r,   V_y = V(m) + mean [r² + 2 (m − μ) r].

The correction takes off the surrogate's first-order bias; what remains has a known sign: main effects are
too small by ‖f_i − m_i‖²/V_y, totals by at most ‖f − m‖²/V_y. Standard errors come from the influence
function (delta method on the ratio) and from the spread between folds. The corrections assume draws from
the prior; under an adaptive sampler they are only better than nothing.

Interactions of pairs come from the profile of the first setting, projected on orthonormal functions of the
second; corrected in the same way.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sensitivity.surrogates import prior
from sensitivity.surrogates.polynomial_chaos import legendre_basis

if TYPE_CHECKING:
    from sensitivity.measures.cells import Floats
    from sensitivity.surrogates.encoding import EncodedTrials, Encoding
    from sensitivity.surrogates.responses import Responses
    from sensitivity.surrogates.selection import Selected

Mask = np.ndarray[Any, np.dtype[np.bool_]]

POINTS: Final = {"gaussian process": 2048, "polynomial chaos": 4096, "extra trees": 512, "boosting": 512}
LATENT_DRAWS: Final = 4
PAIR_FUNCTIONS: Final = 7
_SMALLEST: Final = 1e-300


@dataclass(frozen=True)
class Estimate:
    """Share of V_y.

    ``sampling`` is the standard error from the influence function alone, for the surrogates at hand: what a
    test against 0 needs, because what the surrogates miss makes the share too small, never too large.
    ``error`` has the spread between folds in it as well: what an interval needs.
    """

    share: float
    error: float
    sampling: float


@dataclass(frozen=True)
class Components:
    """Shares of one region: the whole prior or one branch.

    Attributes
    ----------
    main, total
        By axis.
    interaction
        By pair of axes.
    explained
        F = V_f / V_y; 1 − F is the share of the mean squared cross-validation error.
    variance
        V_y.
    q2, q2_error
        Cross-validated q² in the region and its standard error.
    count
        Draws n in the region.
    """

    main: dict[int, Estimate]
    total: dict[int, Estimate]
    interaction: dict[tuple[int, int], Estimate]
    explained: float
    variance: float
    q2: float
    q2_error: float
    count: int


@dataclass(frozen=True)
class FoldAverages:
    """What one fold's surrogate gives: profiles at Sobol points and at the fold's draws.

    Attributes
    ----------
    latent
        Sobol points, shape (N, d).
    profiles
        By axis, shape (N, L).
    rows
        Draws of the fold.
    without
        E[m | x_-i] at the draws, by axis, shape (n_k,).
    at_draws
        Interpolation from the nodes to the draws by axis, shape (n_k, L).
    """

    latent: Floats
    profiles: dict[int, Floats]
    rows: Mask
    without: dict[int, Floats]
    at_draws: dict[int, Floats]


class OneStep:
    """Estimators for any region from one set of profiles.

    Parameters
    ----------
    encoding, trials
        The space as coordinates and the n draws in it.
    observed
        Responses of the draws.
    selected
        Surrogate with its folds.
    axes
        Axes to be judged; the others are integrated over only.
    """

    def __init__(
        self,
        encoding: Encoding,
        trials: EncodedTrials,
        observed: Responses,
        selected: Selected,
        axes: list[int],
    ) -> None:
        self.encoding, self.trials, self.observed, self.selected = encoding, trials, observed, selected
        self.axes = axes
        smooth = selected.models[0].smooth
        self.nodes = {axis: prior.nodes(encoding.axes[axis], smooth=smooth) for axis in axes}
        self.folds = [self._averages(number) for number in range(len(selected.models))]

    def _averages(self, number: int) -> FoldAverages:
        model, smooth = self.selected.models[number], self.selected.models[number].smooth
        latent = prior.sobol_points(len(self.encoding.axes), POINTS[self.selected.name], number)
        rows = self.selected.fold == number
        mine = self.trials.rows(rows)
        without = {axis: self._without(model, mine.latent, axis, number) for axis in self.axes}
        return FoldAverages(
            latent,
            {axis: prior.profile(model, self.encoding, latent, axis, self.nodes[axis]) for axis in self.axes},
            rows,
            without,
            {
                axis: prior.interpolation(
                    self.encoding.axes[axis], axis, mine, self.nodes[axis], smooth=smooth
                )
                for axis in self.axes
            },
        )

    def _without(self, model: prior.Surrogate, latent: Floats, axis: int, seed: int) -> Floats:
        """E[m | x_-i] at draws; latent coordinates are drawn where moving x_i wakes an inactive setting."""
        unknown = np.isnan(latent)
        draws = LATENT_DRAWS if unknown.any() and axis in self.encoding.parents() else 1
        rng = np.random.default_rng(seed)
        found = np.zeros(len(latent))
        for _ in range(draws):
            filled = np.where(unknown, rng.random(latent.shape), latent)
            table = prior.profile(model, self.encoding, filled, axis, self.nodes[axis])
            found += table @ self.nodes[axis].weights / draws
        return found

    def components(self, branch: tuple[int, float, float] | None = None) -> Components:
        """Shares in the whole prior, or in the branch (axis, low, high) of one axis' unit interval."""
        inside = np.ones(len(self.observed), dtype=bool)
        axes = self.axes
        if branch is not None:
            middle = self.trials.latent[:, branch[0]]
            inside = (middle >= branch[1]) & (middle < branch[2])
            axes = [axis for axis in axes if axis != branch[0] and self._lives(axis, branch)]
        region = _Region(self, axes, branch, inside)
        return region.components()

    def _lives(self, axis: int, branch: tuple[int, float, float]) -> bool:
        """Whether a setting is active anywhere in a branch."""
        latent = self.folds[0].latent
        rows = (latent[:, branch[0]] >= branch[1]) & (latent[:, branch[0]] < branch[2])
        return bool(self.encoding.complete(latent[rows]).active[:, axis].any())


class _Region:
    """Sums over folds for one region."""

    def __init__(
        self, parent: OneStep, axes: list[int], branch: tuple[int, float, float] | None, inside: Mask
    ) -> None:
        self._parent, self._axes, self._branch, self._inside = parent, axes, branch, inside
        count = len(inside)
        self._residual = parent.observed.mean - parent.selected.held_out
        self._own, self._influence = np.zeros(count), np.zeros(count)
        self._terms: dict[Any, Floats] = {}
        self._plugs: dict[Any, list[float]] = {}
        self._variances: list[float] = []
        self._weights: list[int] = []
        for fold in parent.folds:
            self._add(fold)

    def _add(self, fold: FoldAverages) -> None:
        parent = self._parent
        points = np.ones(len(fold.latent), dtype=bool)
        if self._branch is not None:
            at, low, high = self._branch
            points = (fold.latent[:, at] >= low) & (fold.latent[:, at] < high)
        tables = {axis: fold.profiles[axis][points] for axis in self._axes}
        weights = {axis: parent.nodes[axis].weights for axis in self._axes}
        means = {axis: float((tables[axis] @ weights[axis]).mean()) for axis in self._axes}
        mean = float(np.mean(list(means.values())))
        spreads = [float(((tables[a] - means[a]) ** 2 @ weights[a]).mean()) for a in self._axes]
        self._variances.append(float(np.mean(spreads)))
        here = fold.rows & self._inside
        picked = self._inside[fold.rows]
        self._weights.append(int(here.sum()))
        residual, held_out = self._residual[here], parent.selected.held_out[here]
        self._own[here] = 2 * (held_out - mean) * residual
        for axis in self._axes:
            table, weight = tables[axis], weights[axis]
            curve = table.mean(axis=0) - means[axis]
            rows = table @ weight
            within = float(((table - rows[:, None]) ** 2 @ weight).mean())
            at_draws = fold.at_draws[axis][picked]
            self._record(("main", axis), float(weight @ curve**2), here, 2 * (at_draws @ curve) * residual)
            change = held_out - fold.without[axis][picked]
            self._record(("total", axis), within, here, 2 * change * residual)
        for first, second in itertools.combinations(self._axes, 2):
            self._add_pair(fold, (first, second), tables[first], points, here, picked)

    def _add_pair(
        self,
        fold: FoldAverages,
        pair: tuple[int, int],
        table: Floats,
        points: Mask,
        here: Mask,
        picked: Mask,
    ) -> None:
        """Projection of the first setting's profile on functions of the second: Σ_p c_p(x_i) φ_p(x_j)."""
        first, second = pair
        weight = self._parent.nodes[first].weights
        crossed = table - (table @ weight)[:, None]
        crossed = crossed - crossed.mean(axis=0)
        functions = self._functions(second, fold.latent[points, second])
        coefficients = functions.T @ crossed / len(crossed)
        plug = float((coefficients**2 @ weight).sum())
        at_nodes = self._functions(second, self._parent.nodes[second].latent)
        surface = coefficients.T @ at_nodes.T
        at_draws = np.einsum(
            "nl,lp,np->n", fold.at_draws[first][picked], surface, fold.at_draws[second][picked], optimize=True
        )
        self._record(("interaction", pair), plug, here, 2 * at_draws * self._residual[here])

    def _functions(self, axis: int, latent: Floats) -> Floats:
        """Orthonormal functions of mean 0 on an axis: Legendre, or all contrasts of a discrete one."""
        edges = self._parent.encoding.axes[axis].edges
        if edges is None or len(edges) - 1 > PAIR_FUNCTIONS + 1:
            return legendre_basis(latent, PAIR_FUNCTIONS)
        cells = np.clip(np.searchsorted(edges, latent, side="right") - 1, 0, len(edges) - 2)
        root = np.sqrt(np.diff(edges))[:, None]
        start = np.column_stack([np.ones(len(root)), np.eye(len(root))[:, : len(root) - 1]])
        found: Floats = (np.linalg.qr(start * root)[0] / root)[:, 1:][cells]
        return found

    def _record(self, name: Any, plug: float, here: Mask, influence: Floats) -> None:  # noqa: ANN401
        self._plugs.setdefault(name, []).append(plug)
        self._terms.setdefault(name, np.zeros(len(here)))[here] = influence

    def components(self) -> Components:
        inside, count = self._inside, int(self._inside.sum())
        weights = np.array(self._weights, dtype=np.float64)
        weights /= max(float(weights.sum()), 1.0)
        squares = (self._residual**2 + self._parent.observed.spread)[inside]
        whole = squares + self._own[inside]
        variance = float(weights @ self._variances) + float(whole.mean())
        scale = max(variance, _SMALLEST)
        found = {name: self._estimate(name, weights, whole, scale) for name in self._terms}
        mean = self._parent.observed.mean[inside]
        total = (mean - mean.mean()) ** 2 + self._parent.observed.spread[inside]
        ratio = float(squares.mean() / max(float(total.mean()), _SMALLEST))
        q2_error = float(np.std(squares - ratio * total) / max(float(total.mean()), _SMALLEST)) / count**0.5
        return Components(
            main={axis: found["main", axis] for axis in self._axes},
            total={axis: found["total", axis] for axis in self._axes},
            interaction={
                pair: found["interaction", pair] for pair in itertools.combinations(self._axes, 2)
            },
            explained=1 - float(squares.mean()) / scale,
            variance=variance,
            q2=1 - ratio,
            q2_error=q2_error,
            count=count,
        )

    def _estimate(self, name: Any, weights: Floats, whole: Floats, scale: float) -> Estimate:  # noqa: ANN401
        """Ratio with influence-function error, and the folds' spread added in squares."""
        terms, plugs = self._terms[name][self._inside], np.array(self._plugs[name])
        share = (float(weights @ plugs) + float(terms.mean())) / scale
        influence = float(np.std(terms - share * whole)) / scale / len(terms) ** 0.5
        folds = float(np.std(self._per_fold(name) / scale))
        return Estimate(share, float(np.hypot(influence, folds)), influence)

    def _per_fold(self, name: Any) -> Floats:  # noqa: ANN401
        """One-step numerator of each fold alone."""
        found = []
        for plug, fold in zip(self._plugs[name], self._parent.folds, strict=True):
            terms = self._terms[name][fold.rows & self._inside]
            found.append(plug + (float(terms.mean()) if len(terms) else 0.0))
        return np.array(found)
