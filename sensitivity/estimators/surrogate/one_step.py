"""Cross-fitted one-step (debiased) estimators of variance components, with standard errors.

Notation: m^(k) is the surrogate without fold k, r = y − m^(k)(x)
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

from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.estimators.surrogate import prior
from sensitivity.estimators.surrogate.region import FoldAverages, Region

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.arrays import Floats, Mask
    from sensitivity.estimators.surrogate.encoding import EncodedTrials, Encoding
    from sensitivity.estimators.surrogate.observed import Observed
    from sensitivity.estimators.surrogate.placed import Apart
    from sensitivity.estimators.surrogate.region import Branch, Components
    from sensitivity.estimators.surrogate.selection import Selected

POINTS: Final = {"gaussian process": 2048, "polynomial chaos": 4096, "extra trees": 512, "boosting": 512}
MANY_NODES: Final = 400  # of all axes; from here on fewer points, as each has a prediction at each node
FEWEST_POINTS: Final = 64
FEWEST_NODES: Final = 8
MOST_MOVED: Final = 300_000
LATENT_DRAWS: Final = 4
MANY_DRAWS: Final = 2000  # from which on what all axes predict alike is predicted once


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
    follows_prior
        Whether the draws follow the prior, so that their residuals tell what the surrogate has missed.
    apart
        Axes that the surrogate has not learned from; numbered after all of the encoding.
    """

    def __init__(
        self,
        encoding: Encoding,
        trials: EncodedTrials,
        observed: Observed,
        selected: Selected,
        axes: list[int],
        *,
        follows_prior: bool = True,
        apart: Sequence[Apart] = (),
    ) -> None:
        self.encoding, self.trials, self.observed, self.selected = encoding, trials, observed, selected
        self.axes, self.follows_prior, self.apart = axes, follows_prior, apart
        smooth = selected.models[0].smooth
        self.nodes = {axis: prior.nodes(encoding.axes[axis], smooth=smooth) for axis in axes}
        self.folds = [self._averages(number) for number in range(len(selected.models))]

    def _averages(self, number: int) -> FoldAverages:
        model, smooth = self.selected.models[number], self.selected.models[number].smooth
        count = points_for(self.selected.name, sum(len(at.latent) for at in self.nodes.values()))
        latent = prior.sobol_points(len(self.encoding.axes), count, number)
        rows = self.selected.fold == number
        mine = self.trials.rows(rows)
        there, here = self._once(model, latent), self._once(model, mine.latent)
        without = {axis: self._without(model, mine.latent, axis, number, here) for axis in self.axes}
        return FoldAverages(
            latent,
            {
                axis: prior.profile(model, self.encoding, latent, axis, self.nodes[axis], there)
                for axis in self.axes
            },
            rows,
            without,
            {
                axis: prior.interpolation(
                    self.encoding.axes[axis], axis, mine, self.nodes[axis], smooth=smooth
                )
                for axis in self.axes
            },
        )

    def _once(self, model: prior.Surrogate, latent: Floats) -> Floats | None:
        """Predictions at latent points, made once for all axes; None where draws are few."""
        if len(self.observed) <= MANY_DRAWS or not hasattr(model, "profile"):
            return None
        return model.predict(self.encoding.complete(np.nan_to_num(latent, nan=0.5)))

    def _without(
        self, model: prior.Surrogate, latent: Floats, axis: int, seed: int, here: Floats | None
    ) -> Floats:
        """E[m | x_-i] at draws; latent coordinates are drawn where moving x_i wakes an inactive setting."""
        unknown = np.isnan(latent)
        draws = LATENT_DRAWS if unknown.any() and axis in self.encoding.parents() else 1
        rng = np.random.default_rng(seed)
        found = np.zeros(len(latent))
        # What is averaged here only multiplies residuals: where draws are many, a few nodes do.
        most = max(FEWEST_NODES, MOST_MOVED // (len(self.observed) * len(self.axes)))
        at = self.nodes[axis].thinned(most)
        for _ in range(draws):
            filled = np.where(unknown, rng.random(latent.shape), latent)
            found += prior.profile(model, self.encoding, filled, axis, at, here) @ at.weights / draws
        return found

    def components(self, branch: Branch | None = None) -> Components:
        """Shares in the whole prior, or in the branch (axis, low, high) of one axis' unit interval."""
        inside, axes = self.part(branch)
        return Region(self, axes, branch, inside).components()

    def part(self, branch: Branch | None) -> tuple[Mask, list[int]]:
        """Which draws are in a branch, and the axes to be judged there."""
        if branch is None:
            return np.ones(len(self.observed), dtype=bool), self.axes
        middle = self.trials.latent[:, branch[0]]
        inside = (middle >= branch[1]) & (middle < branch[2])
        latent = self.folds[0].latent
        rows = (latent[:, branch[0]] >= branch[1]) & (latent[:, branch[0]] < branch[2])
        active = self.encoding.complete(latent[rows]).active
        return inside, [axis for axis in self.axes if axis != branch[0] and active[:, axis].any()]


def points_for(name: str, nodes: int) -> int:
    """Points at which a surrogate is averaged, a power of two: halved while there are many nodes."""
    most = count = min(POINTS[kind] for kind in name.split(" with "))
    while count > FEWEST_POINTS and count * nodes > MANY_NODES * most:
        count //= 2
    return count
