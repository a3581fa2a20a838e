"""Tree ensembles of scikit-learn: ExtraTrees and histogram gradient boosting.

Features: a number's position, a category as indicator columns; −1 where inactive, a value of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from sklearn.ensemble import ExtraTreesRegressor, HistGradientBoostingRegressor

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sensitivity.arrays import Floats
    from sensitivity.estimators.surrogate.axes import Axis
    from sensitivity.estimators.surrogate.encoding import Points

INACTIVE: Final = -1.0
MUCH: Final = 20_000  # draws times settings
MOST_COLUMNS: Final = 24  # levels; more would be as many columns, of which a split sees one at a time


def features(points: Points, axes: Sequence[Axis], means: Mapping[int, Floats] | None = None) -> Floats:
    """Columns for trees, shape (N, columns).

    A category of many levels is one column, in which each level stands at its mean response ``means``.
    """
    columns: list[Floats] = []
    for place, axis in enumerate(axes):
        active, x = points.active[:, place], points.positions[:, place]
        if means is not None and place in means:
            columns.append(np.where(active, means[place][axis.code(x)], np.min(means[place]) + INACTIVE))
        elif axis.categorical:
            levels = np.eye(len(axis.known_positions))[axis.code(x)]
            levels[~active] = 0
            columns.extend(levels.T)
        else:
            columns.append(np.where(active, x, INACTIVE))
    found: Floats = np.array(columns).reshape(len(columns), len(points)).T
    return found


def level_means(points: Points, axes: Sequence[Axis], response: Floats) -> dict[int, Floats]:
    """Mean response of each level, as if one more trial had the mean of all, of categories of many levels."""
    found = {}
    for place, axis in enumerate(axes):
        levels = len(axis.known_positions)
        if axis.categorical and levels > MOST_COLUMNS:
            active = points.active[:, place]
            code = axis.code(points.positions[active, place])
            sums = np.bincount(code, response[active] - response.mean(), levels)
            found[place] = sums / (np.bincount(code, minlength=levels) + 1)
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
        self._axes, self._means = axes, level_means(points, axes, response)
        self._model = model.fit(features(points, axes, self._means), response)

    def predict(self, points: Points) -> Floats:
        """Mean over the trees, shape (N,)."""
        found: Floats = self._model.predict(features(points, self._axes, self._means))
        return found


def importances(axes: Sequence[Axis], points: Points, response: Floats) -> Floats:
    """Part of the variance that splits on each axis take, shape (axes,), in 50 trees of 200 leaves.

    A split sees a third of the columns, so that what is second to another shows too.
    """
    means = level_means(points, axes, response)
    columns = features(points, axes, means)
    model = ExtraTreesRegressor(50, max_leaf_nodes=200, max_features=1 / 3, random_state=0, n_jobs=1).fit(
        columns, response
    )
    widths = [1 if not a.categorical or p in means else len(a.known_positions) for p, a in enumerate(axes)]
    owner = np.repeat(np.arange(len(axes)), widths)
    return np.bincount(owner, model.feature_importances_, len(axes)).astype(np.float64)


def extra_trees(axes: Sequence[Axis], points: Points, response: Floats) -> Trees:
    """100 extremely randomised trees (Geurts, Ernst & Wehenkel 2006) grown to the leaves; fewer of much."""
    count = int(np.clip(100 * MUCH / (len(points) * len(axes)), 40, 100))
    return Trees(ExtraTreesRegressor(count, random_state=0, n_jobs=1), axes, points, response)


def boosting(axes: Sequence[Axis], points: Points, response: Floats) -> Trees:
    """150 rounds of gradient boosting on histograms."""
    leaf = int(np.clip(len(response) // 20, 2, 20))
    model = HistGradientBoostingRegressor(
        max_iter=150, early_stopping=False, min_samples_leaf=leaf, random_state=0
    )
    return Trees(model, axes, points, response)
