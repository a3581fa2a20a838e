"""Sums of the one-step estimator for one region, the whole prior or one branch; formulas: `one_step`."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np

from sensitivity.estimators.surrogate.missed import ALONE, TOGETHER, Missed, functions, missed
from sensitivity.estimators.surrogate.polynomial_chaos import legendre_basis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.arrays import Floats
    from sensitivity.estimators.surrogate.encoding import EncodedTrials, Encoding
    from sensitivity.estimators.surrogate.observed import Observed
    from sensitivity.estimators.surrogate.placed import Apart
    from sensitivity.estimators.surrogate.prior import Nodes
    from sensitivity.estimators.surrogate.selection import Selected

Mask = np.ndarray[Any, np.dtype[np.bool_]]
Branch = tuple[int, float, float]

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
    higher
        All interactions of three and more; None of fewer than three axes.
    explained
        F = V_f / V_y; 1 − F is the share of the mean squared cross-validation error.
    variance
        V_y, at least the noise.
    q2, q2_error
        Cross-validated q² in the region and its standard error.
    seed, df
        σ̂² of the region's own replicates and its degrees of freedom; of all, where the region has none.
    count
        Draws n in the region.
    missed
        What the surrogates have missed, as a share, by kind and axis or pair; empty where the residuals do
        not tell.
    apart
        Axes that the surrogate has not learned from: their effects are a part of the lack of fit.
    """

    main: dict[int, Estimate]
    total: dict[int, Estimate]
    interaction: dict[tuple[int, int], Estimate]
    higher: Estimate | None
    explained: float
    variance: float
    q2: float
    q2_error: float
    seed: float
    df: int
    count: int
    missed: dict[Any, Missed]
    apart: frozenset[int]

    @property
    def fits(self) -> bool:
        """Whether the surrogate explains anything: q² beyond twice its standard error."""
        return self.q2 > 2 * self.q2_error


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


class Profiles(Protocol):
    """What a region is computed from: see `one_step.OneStep`."""

    encoding: Encoding
    trials: EncodedTrials
    observed: Observed
    selected: Selected
    follows_prior: bool
    apart: Sequence[Apart]
    nodes: dict[int, Nodes]
    folds: list[FoldAverages]


class Region:
    """Sums over folds for one region."""

    def __init__(self, parent: Profiles, axes: list[int], branch: Branch | None, inside: Mask) -> None:
        self._parent, self._axes, self._branch, self._inside = parent, axes, branch, inside
        count = len(inside)
        self._residual = parent.observed.mean - parent.selected.held_out
        self._own, self._influence = np.zeros(count), np.zeros(count)
        self._terms: dict[Any, Floats] = {}
        self._plugs: dict[Any, list[float]] = {}
        self._variances: list[float] = []
        self._weights: list[int] = []
        self._at_nodes = {axis: self._functions(axis, parent.nodes[axis].latent) for axis in axes}
        for fold in parent.folds:
            self._add(fold)
        self._missed = self._all_missed()
        if len(axes) > 2:
            parts = [name for name in self._terms if name[0] != "total"]
            self._terms["higher"] = self._own - sum(self._terms[name] for name in parts)
            self._plugs["higher"] = list(self._variances - np.sum([self._plugs[n] for n in parts], axis=0))

    def _all_missed(self) -> dict[Any, Missed]:
        """What the surrogates have missed of main effects and of interactions of pairs."""
        trials = self._parent.trials.rows(np.flatnonzero(self._inside))
        residual = self._residual[self._inside] - self._residual[self._inside].mean()
        if not self._parent.follows_prior or len(residual) < 2:
            return {}
        axes = self._parent.encoding.axes
        alone = {a: functions(axes[a], a, trials, ALONE) for a in self._axes}
        both = {a: functions(axes[a], a, trials, TOGETHER) for a in self._axes}
        found: dict[Any, Missed] = {("main", axis): missed(residual, alone[axis]) for axis in self._axes}
        for pair in itertools.combinations(self._axes, 2):
            found["interaction", pair] = missed(residual, both[pair[0]], both[pair[1]])
        return found

    def _apart(self, scale: float) -> dict[int, Estimate]:
        """Main effect of each axis that the surrogates have not learned from: what residuals tell of it.

        Of its interactions nothing is known, so this is all there is of its total, too.
        """
        residual = self._residual[self._inside] - self._residual[self._inside].mean()
        found, rows = {}, np.flatnonzero(self._inside)
        for number, one in enumerate(self._parent.apart, len(self._parent.encoding.axes)):
            trials = one.trials.rows(rows)
            if one.varied and trials.points.active.any() and len(rows) > 1:
                part = missed(residual, functions(one.axis, 0, trials, ALONE)).of(scale)
                found[number] = Estimate(part.square, part.error, part.error)
        return found

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
        crossed = {axis: _crossed(tables[axis], weights[axis]) for axis in self._axes[:-1]}
        functions = {axis: self._functions(axis, fold.latent[points, axis]) for axis in self._axes[1:]}
        for pair in itertools.combinations(self._axes, 2):
            self._add_pair(fold, pair, crossed[pair[0]], functions[pair[1]], here, picked)

    def _add_pair(
        self,
        fold: FoldAverages,
        pair: tuple[int, int],
        crossed: Floats,
        functions: Floats,
        here: Mask,
        picked: Mask,
    ) -> None:
        """Projection of the first setting's profile on functions of the second: Σ_p c_p(x_i) φ_p(x_j)."""
        first, second = pair
        weight = self._parent.nodes[first].weights
        coefficients = functions.T @ crossed / len(crossed)
        plug = float((coefficients**2 @ weight).sum())
        surface = coefficients.T @ self._at_nodes[second].T
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
        """Shares of the region's own V_y."""
        inside, count = self._inside, int(self._inside.sum())
        weights = np.array(self._weights, dtype=np.float64)
        weights /= max(float(weights.sum()), 1.0)
        squares = (self._residual**2 + self._parent.observed.spread)[inside]
        whole = squares + self._own[inside]
        variance = float(weights @ self._variances) + float(whole.mean())
        seed, df = self._seed()
        scale = variance if variance > 0 else np.nan  # of few trials the sum may be below 0
        if df > 0:
            scale = max(scale, seed)  # and no variance is smaller than the noise in it
        found = {name: self._estimate(name, weights, whole, scale) for name in self._terms}
        mean = self._parent.observed.mean[inside]
        total = (mean - mean.mean()) ** 2 + self._parent.observed.spread[inside]
        ratio = float(squares.mean() / max(float(total.mean()), _SMALLEST))
        q2_error = float(np.std(squares - ratio * total) / max(float(total.mean()), _SMALLEST)) / count**0.5
        apart = self._apart(scale)
        return Components(
            main={axis: found["main", axis] for axis in self._axes} | apart,
            total={axis: found["total", axis] for axis in self._axes} | apart,
            interaction={pair: found["interaction", pair] for pair in itertools.combinations(self._axes, 2)},
            higher=found.get("higher"),
            explained=(variance - float(squares.mean())) / scale,
            variance=float(scale if variance > 0 else variance),
            q2=1 - ratio,
            q2_error=q2_error,
            seed=seed,
            df=df,
            count=count,
            missed={name: part.of(scale) for name, part in self._missed.items()},
            apart=frozenset(apart),
        )

    def _seed(self) -> tuple[float, int]:
        """Noise is larger near the edge of divergence: a region has its own, pooled over its draws.

        The degrees of freedom that the replicates' block costs are shared out in proportion.
        """
        observed = self._parent.observed
        spare, within = observed.replicates - 1, observed.spread * observed.replicates
        df = int(spare[self._inside].sum())
        if observed.df < 1 or df < 1:
            return observed.seed, observed.df
        cost = observed.df / float(spare.sum())
        return float(within[self._inside].sum()) / (df * cost), max(int(df * cost), 1)

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


def _crossed(table: Floats, weight: Floats) -> Floats:
    """Profile without its own mean and the mean profile: what depends on both."""
    crossed = table - (table @ weight)[:, None]
    found: Floats = crossed - crossed.mean(axis=0)
    return found
