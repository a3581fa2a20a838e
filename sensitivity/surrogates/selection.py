"""The surrogate of largest cross-validated q² = 1 − MSE/Var(y) among four kinds.

K = 5 folds of whole configurations: draws of one configuration stay together. Tuning constants (kernel
hyperparameters; degree, order and ridge of the polynomials) come from all trials, the fits from the folds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.surrogates import polynomial_chaos, trees
from sensitivity.surrogates.gaussian_process import GaussianProcess, fit_hyperparameters

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
    process
        Fits the Gaussian process, whatever the choice: it knows where there are no trials.
    """

    name: str
    fold: Integers
    models: tuple[Surrogate, ...]
    held_out: Floats
    q2: dict[str, float]
    nugget: float
    fit: Callable[[Integers], Surrogate]
    process: Callable[[Integers], GaussianProcess]

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
    process, nugget = _process(encoding, points, response, replicates)
    fits = {"gaussian process": process, **_others(encoding, points, response)}
    models, held_out, q2 = {}, {}, {}
    for name, fit in fits.items():
        models[name] = tuple(fit(np.flatnonzero(fold != number)) for number in range(int(fold.max()) + 1))
        held_out[name] = np.empty(len(response))
        for number, model in enumerate(models[name]):
            held_out[name][fold == number] = model.predict(points.rows(fold == number))
        error = float(np.mean((response - held_out[name]) ** 2))
        q2[name] = 1 - error / max(float(np.var(response)), 1e-300)
    best = max(q2, key=q2.__getitem__)
    return Selected(best, fold, models[best], held_out[best], q2, nugget, fits[best], process)


def _process(
    encoding: Encoding, points: Points, response: Floats, replicates: Floats
) -> tuple[Callable[[Integers], GaussianProcess], float]:
    """Fitting function rows → Gaussian process, and its nugget as a share of the variance."""
    count = len(response)
    tuned = _some(np.arange(count), TUNED_ON if count > 500 else count)
    hyperparameters = fit_hyperparameters(
        encoding.axes, points.rows(tuned), response[tuned], replicates[tuned]
    )

    def fit(rows: Integers) -> GaussianProcess:
        chosen = _some(rows, PROCESS_FITTED_ON)
        return GaussianProcess(
            encoding.axes, hyperparameters, points.rows(chosen), response[chosen], replicates[chosen]
        )

    whole = max(float(np.var(response)), 1e-300)
    return fit, hyperparameters.nugget * float(np.var(response[tuned])) / whole


def _others(
    encoding: Encoding, points: Points, response: Floats
) -> dict[str, Callable[[Integers], Surrogate]]:
    """Fitting functions of the other kinds by name, rows → model."""
    found: dict[str, Callable[[Integers], Surrogate]] = {}
    chosen = _some(np.arange(len(response)), CHAOS_CHOSEN_ON)
    choice = polynomial_chaos.choose(encoding.axes, points.rows(chosen), response[chosen])
    if choice is not None:
        found["polynomial chaos"] = lambda rows: polynomial_chaos.PolynomialChaos(
            choice, points.rows(rows), response[rows]
        )
    found["extra trees"] = partial(_fit_trees, trees.extra_trees, encoding, points, response)
    if len(response) >= FEWEST_FOR_BOOSTING:
        found["boosting"] = partial(_fit_trees, trees.boosting, encoding, points, response)
    return found


def _fit_trees(
    kind: Callable[..., Surrogate], encoding: Encoding, points: Points, response: Floats, rows: Integers
) -> Surrogate:
    return kind(encoding.axes, points.rows(rows), response[rows])


def _some(rows: Integers, most: int) -> Integers:
    """At most ``most`` of the rows, at random but always the same."""
    if len(rows) <= most:
        return rows
    return np.sort(np.random.default_rng(0).choice(rows, most, replace=False))
