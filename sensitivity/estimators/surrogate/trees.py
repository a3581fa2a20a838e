"""Tree ensembles of scikit-learn: ExtraTrees and histogram gradient boosting.

Features: a number's position, a category as indicator columns; −1 where inactive, a value of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from sklearn.ensemble import ExtraTreesRegressor, HistGradientBoostingRegressor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.arrays import Floats
    from sensitivity.estimators.surrogate.axes import Axis
    from sensitivity.estimators.surrogate.encoding import Points

INACTIVE: Final = -1.0


def features(points: Points, axes: Sequence[Axis]) -> Floats:
    """Columns for trees, shape (N, columns)."""
    columns: list[Floats] = []
    for place, axis in enumerate(axes):
        active, x = points.active[:, place], points.positions[:, place]
        if axis.categorical:
            levels = np.eye(len(axis.known_positions))[axis.code(x)]
            levels[~active] = 0
            columns.extend(levels.T)
        else:
            columns.append(np.where(active, x, INACTIVE))
    found: Floats = np.array(columns).reshape(len(columns), len(points)).T
    return found


class Trees:
    """A fitted ensemble.

    Parameters
    ----------
    model
        An unfitted regressor of scikit-learn.
    """

    smooth = False

    def __init__(
        self,
        model: ExtraTreesRegressor | HistGradientBoostingRegressor,
        axes: Sequence[Axis],
        points: Points,
        response: Floats,
    ) -> None:
        self._axes = axes
        self._model = model.fit(features(points, axes), response)

    def predict(self, points: Points) -> Floats:
        """Mean over the trees, shape (N,)."""
        found: Floats = self._model.predict(features(points, self._axes))
        return found


def extra_trees(axes: Sequence[Axis], points: Points, response: Floats) -> Trees:
    """100 extremely randomised trees (Geurts, Ernst & Wehenkel 2006) grown to the leaves."""
    return Trees(ExtraTreesRegressor(100, random_state=0, n_jobs=1), axes, points, response)


def boosting(axes: Sequence[Axis], points: Points, response: Floats) -> Trees:
    """150 rounds of gradient boosting on histograms."""
    leaf = int(np.clip(len(response) // 20, 2, 20))
    model = HistGradientBoostingRegressor(
        max_iter=150, early_stopping=False, min_samples_leaf=leaf, random_state=0
    )
    return Trees(model, axes, points, response)
