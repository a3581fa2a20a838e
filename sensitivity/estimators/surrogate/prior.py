"""Averages of a surrogate over the prior, one coordinate at a time.

A *profile* of a setting is the table of predictions with that setting moved to each of L nodes at N points
of the others. Its mean over the points is E[m | x_i], its mean over the nodes E[m | x_-i]. The nodes are
exact for discrete settings; Gauss-Legendre for smooth surrogates of a continuous one, the middles of equal
cells for trees. The points are scrambled Sobol points of the latent cube,
in which an inactive setting is drawn from its prior and ignored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
from scipy.stats import qmc

from sensitivity.estimators.surrogate.blend import Blend
from sensitivity.estimators.surrogate.encoding import EncodedTrials, Encoding, Points
from sensitivity.estimators.surrogate.polynomial_chaos import legendre_basis

if TYPE_CHECKING:
    from sensitivity.arrays import Floats
    from sensitivity.estimators.surrogate.axes import Axis

SMOOTH_NODES: Final = 20
TREE_NODES: Final = 32
MANY: Final = (
    24  # nodes of a setting that decides on others, from which on those that decide alike go together
)


class Surrogate(Protocol):
    """A fitted model of the response."""

    @property
    def smooth(self) -> bool:
        """Whether it is smooth in every number: decides on the nodes."""

    def predict(self, points: Points) -> Floats:
        """Response expected at each point, shape (N,)."""


@dataclass(frozen=True)
class Nodes:
    """Nodes of one axis: latent coordinates and weights (sum 1), both of shape (L,)."""

    latent: Floats
    weights: Floats

    def thinned(self, most: int) -> Nodes:
        """At most so many of the nodes, evenly spread."""
        if len(self.latent) <= most:
            return self
        chosen = ((np.arange(most) + 0.5) * len(self.latent) / most).astype(np.int64)
        weights = self.weights[chosen]
        return Nodes(self.latent[chosen], weights / weights.sum())


def nodes(axis: Axis, *, smooth: bool) -> Nodes:
    """Nodes of an axis."""
    if axis.edges is not None:
        return Nodes((axis.edges[1:] + axis.edges[:-1]) / 2, np.diff(axis.edges))
    if smooth:
        abscissae, weights = np.polynomial.legendre.leggauss(SMOOTH_NODES)
        return Nodes((abscissae + 1) / 2, weights / 2)
    return Nodes((np.arange(TREE_NODES) + 0.5) / TREE_NODES, np.full(TREE_NODES, 1 / TREE_NODES))


def interpolation(axis: Axis, place: int, trials: EncodedTrials, at: Nodes, *, smooth: bool) -> Floats:
    """Matrix that takes a function's values at the nodes to the trials, shape (n, L).

    Exact for discrete axes; the polynomial through the Gauss nodes for smooth surrogates; the cell for trees.
    Where the setting is inactive its latent draw is unknown: the mean over the nodes.
    """
    latent = np.nan_to_num(trials.latent[:, place], nan=0.5)
    if axis.edges is not None:
        low, high = trials.low[:, place, None], trials.high[:, place, None]
        shared = np.minimum(high, axis.edges[1:]) - np.maximum(low, axis.edges[:-1])
        found = np.maximum(shared, 0)
        found /= found.sum(axis=1, keepdims=True)
    elif smooth:
        degree = len(at.latent) - 1
        basis = np.column_stack([np.ones(len(at.latent)), legendre_basis(at.latent, degree)])
        here = np.column_stack([np.ones(len(latent)), legendre_basis(latent, degree)])
        found = here @ (basis * at.weights[:, None]).T
    else:
        found = np.eye(TREE_NODES)[np.minimum((latent * TREE_NODES).astype(np.int64), TREE_NODES - 1)]
    return np.where(trials.points.active[:, place, None], found, at.weights)


def sobol_points(width: int, count: int, seed: int) -> Floats:
    """Scrambled Sobol points, shape (count, width); ``count`` a power of two."""
    found: Floats = qmc.Sobol(max(width, 1), scramble=True, rng=seed).random_base2(int(np.log2(count)))
    return found[:, :width]


def profile(
    model: Surrogate,
    encoding: Encoding,
    latent: Floats,
    place: int,
    at: Nodes,
    whole: Floats | None = None,
) -> Floats:
    """Predictions at latent points, shape (N, d), with one coordinate moved to each node; shape (N, L).

    Where the setting is inactive the prediction is that of the point itself: ``whole``, shape (N,), where it
    is known.
    """
    found: Floats
    if isinstance(model, Blend):
        both = (profile(part, encoding, latent, place, at) for part in model.parts)
        first, second = (weight * table for weight, table in zip(model.weights, both, strict=True))
        return first + second
    quick = getattr(model, "profile", None) if _one_shape(encoding.axes[place]) else None
    if quick is not None and place not in encoding.parents():
        points, every = encoding.complete(latent), _node_points(encoding, place, at)
        busy = points.active[:, place]
        if whole is not None:
            found = np.repeat(whole[:, None], len(at.latent), axis=1)
            found[busy] = quick(points.rows(busy), place, every)
            return found
        found = quick(points, place, every)
        if not busy.all():
            found[~busy] = model.predict(points.rows(~busy))[:, None]
        return found
    if quick is not None and len(at.latent) > MANY:
        return _by_pattern(model, encoding, latent, place, at)
    return _by_prediction(model, encoding, latent, place, at)


def _by_pattern(model: Any, encoding: Encoding, latent: Floats, place: int, at: Nodes) -> Floats:  # noqa: ANN401 (one with a profile)
    """The same where many nodes decide on few things: nodes that leave all other settings alike go together.

    Of sixty optimizers, of which five each share a setting of their own, there are twelve patterns.
    """
    patterns: dict[bytes, list[int]] = {}
    completed: dict[bytes, Points] = {}
    for node, value in enumerate(at.latent.tolist()):
        moved = latent.copy()
        moved[:, place] = value
        points = encoding.complete(moved)
        if not points.active[:, place].all():
            return _by_prediction(model, encoding, latent, place, at)
        others = Points(np.delete(points.positions, place, 1), np.delete(points.active, place, 1))
        pattern = others.positions.tobytes() + others.active.tobytes()
        patterns.setdefault(pattern, []).append(node)
        completed.setdefault(pattern, points)
    found = np.empty((len(latent), len(at.latent)))
    every = _node_points(encoding, place, at)
    for pattern, nodes in patterns.items():
        found[:, nodes] = model.profile(completed[pattern], place, every.rows(nodes))
    return found


def _by_prediction(model: Surrogate, encoding: Encoding, latent: Floats, place: int, at: Nodes) -> Floats:
    moved = np.repeat(latent, len(at.latent), axis=0)
    moved[:, place] = np.tile(at.latent, len(latent))
    points = encoding.complete(moved)
    first, number = points.distinct()
    return model.predict(points.rows(first))[number].reshape(len(latent), -1)


def _one_shape(axis: Axis) -> bool:
    """Whether a latent coordinate means the same position in every branch."""
    first = axis.shapes[0].positions
    return all(
        (shape.positions is None) == (first is None)
        and (first is None or shape.positions is None or np.array_equal(shape.positions, first))
        for shape in axis.shapes
    )


def _node_points(encoding: Encoding, place: int, at: Nodes) -> Points:
    """Points that have only one coordinate, at the nodes."""
    shape, width = encoding.axes[place].shapes[0], len(encoding.axes)
    positions = np.full((len(at.latent), width), 0.5)
    positions[:, place] = at.latent if shape.positions is None else shape.positions[shape.cell(at.latent)]
    return Points(positions, np.ones((len(at.latent), width), dtype=bool))
