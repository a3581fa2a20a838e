"""The surrogate of largest cross-validated q² = 1 − MSE/Var(y) among four kinds and their best blend.

K = 5 folds of whole configurations: draws of one configuration stay together. Tuning constants (kernel
hyperparameters; degree, order and ridge of the polynomials) come from all draws. That flatters q² a little,
which matters only where there is little to see: when the best q² is below `DOUBTFUL` standard errors the
constants are tuned again inside every fold, without the draws they are judged by.

A *blend* is the weighted mean of two kinds, a smooth one and one of trees as a rule, that predicts held-out
draws best (stacking, Wolpert 1992; two are enough and quick). It is taken only where it takes more than
`WORTH` off the mean squared error of the best kind alone: each needs its own averages over the prior.

Of many draws a kind that is plainly worse than another on the first fold is not fitted to the others (a race,
Maron & Moore 1997): it could not win, and no blend is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sensitivity.estimators.surrogate import polynomial_chaos, trees
from sensitivity.estimators.surrogate.blend import Blend
from sensitivity.estimators.surrogate.gaussian_process import (
    GaussianProcess,
    Hyperparameters,
    fit_hyperparameters,
)
from sensitivity.estimators.surrogate.polynomial_chaos import PolynomialChaos

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from sensitivity.arrays import Floats, Integers
    from sensitivity.estimators.surrogate.encoding import Encoding, Points
    from sensitivity.estimators.surrogate.placed import Placed
    from sensitivity.estimators.surrogate.prior import Surrogate

FOLDS: Final = 5
DOUBTFUL: Final = 6.0
PROCESS_TUNED_ON: Final = 400
PROCESS_FITTED_ON: Final = 2000
CHAOS_TUNED_ON: Final = 1500
TREES_FITTED_ON: Final = 2000  # fully grown ones: twice as many draws take twice the time for the same q²
FEWEST_FOR_BOOSTING: Final = 200
WORTH: Final = 0.03
MOST_BLENDED: Final = 2000  # draws: of more, a second kind adds more time than knowledge
PLAINLY: Final = 4.0  # standard errors of the mean difference of squared errors


@dataclass(frozen=True)
class Draws:
    """What surrogates learn from.

    Attributes
    ----------
    points, response
        n draws; responses of shape (n,).
    replicates
        Trials behind each response, shape (n,).
    group
        Configuration of each draw, shape (n,).
    """

    encoding: Encoding
    points: Points
    response: Floats
    replicates: Floats
    group: Integers

    @classmethod
    def of(cls, placed: Placed, response: Floats) -> Draws:
        """A response of each draw of a design."""
        observed = placed.observed
        return cls(placed.encoding, placed.trials.points, response, observed.replicates, observed.group)

    @property
    def variance(self) -> float:
        """Variance of the response, never 0."""
        return max(float(np.var(self.response)), 1e-300)


def _tune_process(draws: Draws, rows: Integers) -> Hyperparameters:
    tuned = _some(rows, PROCESS_TUNED_ON if len(rows) > 500 else 500)
    return fit_hyperparameters(
        draws.encoding.axes, draws.points.rows(tuned), draws.response[tuned], draws.replicates[tuned]
    )


def _fit_process(draws: Draws, tuned: Any, rows: Integers) -> GaussianProcess:  # noqa: ANN401
    chosen = _some(rows, PROCESS_FITTED_ON)
    return GaussianProcess(
        draws.encoding.axes,
        tuned,
        draws.points.rows(chosen),
        draws.response[chosen],
        draws.replicates[chosen],
    )


def _tune_chaos(draws: Draws, rows: Integers) -> polynomial_chaos.Choice:
    chosen = _some(rows, CHAOS_TUNED_ON)
    return polynomial_chaos.choose(draws.encoding.axes, draws.points.rows(chosen), draws.response[chosen])


def _fit_chaos(draws: Draws, tuned: Any, rows: Integers) -> PolynomialChaos:  # noqa: ANN401
    return PolynomialChaos(tuned, draws.points.rows(rows), draws.response[rows])


def _untuned(_draws: Draws, _rows: Integers) -> None:
    """Trees have nothing to tune."""


def _fit_extra_trees(draws: Draws, _tuned: Any, rows: Integers) -> trees.Trees:  # noqa: ANN401
    chosen = _some(rows, TREES_FITTED_ON)
    return trees.extra_trees(draws.encoding.axes, draws.points.rows(chosen), draws.response[chosen])


def _fit_boosting(draws: Draws, _tuned: Any, rows: Integers) -> trees.Trees:  # noqa: ANN401
    return trees.boosting(draws.encoding.axes, draws.points.rows(rows), draws.response[rows])


@dataclass(frozen=True)
class Kind:
    """A kind of surrogate: tuning constants from rows, a fit from constants and rows, fewest draws."""

    tune: Callable[[Draws, Integers], Any]
    fit: Callable[[Draws, Any, Integers], Surrogate]
    fewest: int = 0


PROCESS: Final = "gaussian process"
KINDS: Final[dict[str, Kind]] = {
    PROCESS: Kind(_tune_process, _fit_process),
    "polynomial chaos": Kind(_tune_chaos, _fit_chaos),
    "extra trees": Kind(_untuned, _fit_extra_trees),
    "boosting": Kind(_untuned, _fit_boosting, FEWEST_FOR_BOOSTING),
}


@dataclass(frozen=True)
class Selected:
    """The chosen kind of surrogate with its fits.

    Attributes
    ----------
    name
        A key of `KINDS`, or two of them.
    fold
        Fold of each draw, shape (n,).
    models
        Fit without each fold.
    held_out
        Prediction of each draw by the model that has not seen it, shape (n,).
    q2
        Cross-validated q² of each kind.
    error
        Standard error of the largest.
    process
        The Gaussian process of all draws, whatever the choice: its nugget is the scatter around any smooth
        surface, its posterior variance knows where there are no trials.
    left_out
        Kinds that the race left out: they have no q².
    """

    name: str
    draws: Draws
    fold: Integers
    models: tuple[Surrogate, ...]
    held_out: Floats
    q2: dict[str, float]
    error: float
    process: GaussianProcess
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Fits:
    """One kind cross-validated."""

    models: tuple[Surrogate, ...]
    held_out: Floats
    q2: float
    error: float


def folds(group: Integers, count: int = FOLDS) -> Integers:
    """Fold of each draw, configurations at random and in equal numbers, shape (n,)."""
    number = np.unique(group, return_inverse=True)[1]
    groups = int(number.max()) + 1
    order = np.random.default_rng(0).permutation(groups)
    found: Integers = (order % min(count, groups))[number]
    return found


def best_surrogate(draws: Draws, of: Collection[str] = tuple(KINDS)) -> Selected:
    """Fit every kind of surrogate ``of`` these that the number of draws allows, and keep the best.

    At least two different configurations are needed, and the Gaussian process is always one of the kinds.
    """
    fold, everything = folds(draws.group), np.arange(len(draws.response))
    kinds = {name: KINDS[name] for name in of if len(everything) >= KINDS[name].fewest}
    constants = {name: kind.tune(draws, everything) for name, kind in kinds.items()}
    fits = _raced(draws, kinds, fold, constants)
    best = _best(fits)
    if fits[best].q2 < DOUBTFUL * fits[best].error:
        fits = {
            name: found if constants[name] is None else _cross_validate(draws, kinds[name], fold, None)
            for name, found in fits.items()
        }
        best = _best(fits)
    process = _fit_process(draws, constants[PROCESS], everything)
    scores = {name: found.q2 for name, found in fits.items()}
    out = tuple(name for name in kinds if name not in fits)
    best, chosen = _blended(draws, fits, best)
    return Selected(best, draws, fold, chosen.models, chosen.held_out, scores, chosen.error, process, out)


def _best(fits: Mapping[str, _Fits]) -> str:
    """Kind of the largest q²; one without, whose predictions are not finite, comes last."""
    return max(fits, key=lambda name: fits[name].q2 if np.isfinite(fits[name].q2) else -np.inf)


def _blended(draws: Draws, fits: dict[str, _Fits], best: str) -> tuple[str, _Fits]:
    """The best kind, or its blend with another where that is worth it."""
    alone, y = fits[best], draws.response
    if len(y) > MOST_BLENDED:
        return best, alone
    found, least = (best, alone), (1 - WORTH) * float(((y - alone.held_out) ** 2).mean())
    for name, other in fits.items():
        apart = other.held_out - alone.held_out
        weight = float(apart @ (y - alone.held_out)) / max(float(apart @ apart), 1e-300)
        held_out = alone.held_out + np.clip(weight, 0, 1) * apart
        error = float(((y - held_out) ** 2).mean())
        if error < least and 0 < weight < 1:
            pairs = zip(alone.models, other.models, strict=True)
            models = tuple(Blend(pair, (1 - weight, weight)) for pair in pairs)
            found, least = (f"{best} with {name}", _judged(draws, models, held_out)), error
    return found


def _raced(
    draws: Draws, kinds: Mapping[str, Kind], fold: Integers, constants: Mapping[str, Any]
) -> dict[str, _Fits]:
    """Each kind cross-validated; of many draws without those that the first fold shows to be worse."""
    if len(fold) <= MOST_BLENDED or len(kinds) < 2:
        return {name: _cross_validate(draws, kind, fold, constants[name]) for name, kind in kinds.items()}
    first = {name: _fitted(draws, kind, fold, 0, constants[name]) for name, kind in kinds.items()}
    response = draws.response[fold == 0]
    squares = {name: (response - held_out) ** 2 for name, (_, held_out) in first.items()}
    errors = {name: float(found.mean()) for name, found in squares.items()}
    best = min(errors, key=lambda name: errors[name] if np.isfinite(errors[name]) else np.inf)
    if not np.isfinite(errors[best]):  # none says anything there
        return {name: _cross_validate(draws, kind, fold, constants[name]) for name, kind in kinds.items()}
    apart = {name: found - squares[best] for name, found in squares.items()}
    return {
        name: _cross_validate(draws, kind, fold, constants[name], first[name])
        for name, kind in kinds.items()
        if apart[name].mean() <= PLAINLY * float(np.std(apart[name])) / len(response) ** 0.5
    }


def _fitted(
    draws: Draws,
    kind: Kind,
    fold: Integers,
    number: int,
    constants: Any,  # noqa: ANN401
) -> tuple[Surrogate, Floats]:
    """Fit without a fold, and what it predicts there; tuned inside where there are no ``constants``."""
    rows = np.flatnonzero(fold != number)
    model = kind.fit(draws, kind.tune(draws, rows) if constants is None else constants, rows)
    return model, model.predict(draws.points.rows(fold == number))


def _cross_validate(
    draws: Draws,
    kind: Kind,
    fold: Integers,
    constants: Any,  # noqa: ANN401
    first: tuple[Surrogate, Floats] | None = None,
) -> _Fits:
    """Fits without each fold, the first of which may be at hand."""
    models, held_out = [], np.empty(len(fold))
    for number in range(int(fold.max()) + 1):
        at_hand = first if number == 0 else None
        model, held_out[fold == number] = at_hand or _fitted(draws, kind, fold, number, constants)
        models.append(model)
    return _judged(draws, tuple(models), held_out)


def _judged(draws: Draws, models: tuple[Surrogate, ...], held_out: Floats) -> _Fits:
    """Fits with the q² of what they predict."""
    squares = (draws.response - held_out) ** 2
    ratio = float(squares.mean()) / draws.variance
    influence = squares - ratio * (draws.response - draws.response.mean()) ** 2
    error = float(np.std(influence)) / draws.variance / len(held_out) ** 0.5
    return _Fits(models, held_out, 1 - ratio, error)


def _some(rows: Integers, most: int) -> Integers:
    """At most ``most`` of the rows, at random but always the same."""
    if len(rows) <= most:
        return rows
    return np.sort(np.random.default_rng(0).choice(rows, most, replace=False))
