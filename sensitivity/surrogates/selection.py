"""The surrogate of largest cross-validated q² = 1 − MSE/Var(y) among four kinds.

K = 5 folds of whole configurations: draws of one configuration stay together. Tuning constants (kernel
hyperparameters; degree, order and ridge of the polynomials) come from all trials, the fits from the folds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.surrogates import gaussian_process, polynomial_chaos, trees

if TYPE_CHECKING:
    from collections.abc import Callable

    from sensitivity.measures.cells import Floats, Integers
    from sensitivity.surrogates.encoding import Encoding, Points
    from sensitivity.surrogates.prior import Surrogate

FOLDS: Final = 5
TUNED_ON: Final = 400
PROCESS_FITTED_ON: Final = 2000
CHAOS_CHOSEN_ON: Final = 1500
FEWEST_FOR_BOOSTING: Final = 200


@dataclass(frozen=True)
class Selected:
    """The chosen kind of surrogate with its fits.

    Attributes
    ----------
    name
        ``gaussian process``, ``polynomial chaos``, ``extra trees`` or ``boosting``.
    fold
        Fold of each draw, shape (n,).
    models
        Fit without each fold.
    held_out
        Prediction of each draw by the model that has not seen it, shape (n,).
    q2
        Cross-validated q² of each kind.
    nugget
        Share of the response's variance that the Gaussian process takes for noise; NaN if it was not fitted.
    fit
        Fits the chosen kind to any rows.
    """

    name: str
    fold: Integers
    models: tuple[Surrogate, ...]
    held_out: Floats
    q2: dict[str, float]
    nugget: float
    fit: Callable[[Integers], Surrogate]

    def predict(self, points: Points) -> Floats:
        """Mean of the folds' fits, shape (N,)."""
        found: Floats = np.mean([model.predict(points) for model in self.models], axis=0)
        return found


def folds(group: Integers, count: int = FOLDS) -> Integers:
    """Fold of each draw, configurations at random and in equal numbers, shape (n,)."""
    groups = int(group.max()) + 1
    order = np.random.default_rng(0).permutation(groups)
    found: Integers = (order % min(count, groups))[group]
    return found


def best_surrogate(
    encoding: Encoding, points: Points, response: Floats, replicates: Floats, group: Integers
) -> Selected:
    """Fit every kind of surrogate that the number of draws allows and keep the best.

    Parameters
    ----------
    points, response
        n draws, shape (n,); at least two configurations.
    replicates
        Trials behind each response, shape (n,).
    group
        Configuration of each draw, from 0, shape (n,).
    """
    fold = folds(np.unique(group, return_inverse=True)[1])
    candidates, nugget = _candidates(encoding, points, response, replicates)
    best: Selected | None = None
    scores: dict[str, float] = {}
    for name, fit in candidates.items():
        models = tuple(fit(np.flatnonzero(fold != number)) for number in range(int(fold.max()) + 1))
        held_out = np.empty(len(response))
        for number, model in enumerate(models):
            held_out[fold == number] = model.predict(points.rows(fold == number))
        variance = float(np.var(response))
        scores[name] = 1 - float(np.mean((response - held_out) ** 2)) / variance if variance > 0 else 0.0
        if best is None or scores[name] > scores[best.name]:
            best = Selected(name, fold, models, held_out, scores, nugget, fit)
    if best is None:
        raise ValueError("no setting varies; drop the settings with one value and try again")
    return best


def _candidates(
    encoding: Encoding, points: Points, response: Floats, replicates: Floats
) -> tuple[dict[str, Callable[[Integers], Surrogate]], float]:
    """Fitting functions by name, rows → model, and the Gaussian process' nugget as a share of variance."""
    axes, count = encoding.axes, len(response)
    found: dict[str, Callable[[Integers], Surrogate]] = {}
    tuned = _some(np.arange(count), TUNED_ON if count > 500 else count)
    hyperparameters = gaussian_process.fit_hyperparameters(
        axes, points.rows(tuned), response[tuned], replicates[tuned]
    )

    def process(rows: Integers) -> Surrogate:
        chosen = _some(rows, PROCESS_FITTED_ON)
        return gaussian_process.GaussianProcess(
            axes, hyperparameters, points.rows(chosen), response[chosen], replicates[chosen]
        )

    found["gaussian process"] = process
    chosen = _some(np.arange(count), CHAOS_CHOSEN_ON)
    choice = polynomial_chaos.choose(axes, points.rows(chosen), response[chosen])
    if choice is not None:
        found["polynomial chaos"] = lambda rows: polynomial_chaos.PolynomialChaos(
            choice, points.rows(rows), response[rows]
        )
    found["extra trees"] = partial(_fit_trees, trees.extra_trees, encoding, points, response)
    if count >= FEWEST_FOR_BOOSTING:
        found["boosting"] = partial(_fit_trees, trees.boosting, encoding, points, response)
    return found, hyperparameters.nugget * float(np.var(response[tuned]) / np.var(response))


def _fit_trees(
    kind: Callable[..., Surrogate], encoding: Encoding, points: Points, response: Floats, rows: Integers
) -> Surrogate:
    return kind(encoding.axes, points.rows(rows), response[rows])


def _some(rows: Integers, most: int) -> Integers:
    """At most ``most`` of the rows, at random but always the same."""
    if len(rows) <= most:
        return rows
    return np.sort(np.random.default_rng(0).choice(rows, most, replace=False))
