"""Paths of the update rules themselves on surfaces of two coordinates, and what they show.

Points are arrays (…, 2) of float64, paths (k, steps + 1, 2) with the start first.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sweeps.errors import DefinitionError, did_you_mean, shown
from sweeps.optimizer import UpdateRule
from sweeps.optimizers import OPTIMIZERS
from sweeps.population import rates_of, rule_key, rules_of
from sweeps.settings import complete
from sweeps.subnormals import flushed
from sweeps.surfaces import check_start

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sweeps.optimizer import Optimizer
    from sweeps.surfaces import Floats, Surface

NEAR = 0.05  # part of the distance between start and minimum that counts as having arrived
LOST = 1e100  # a coordinate beyond it has run away: its powers overflow
TRIED = 8  # starts that a rate is chosen by: from a single one it can be lucky
AROUND = 0.05  # how far they lie around the start, in parts of the view


@flushed()
def paths(
    surface: Surface,
    configurations: Mapping[str, Any] | Sequence[Mapping[str, Any]],
    starts: Floats | Sequence[float] | Sequence[Sequence[float]],
    steps: int,
) -> Floats:
    """Follow update rules down a surface, all at once; a path does not depend on the others.

    Parameters
    ----------
    configurations
        One for all starts or one per start: ``optimizer``, ``learning_rate``, β, a schedule …; what is left
        open has the defaults of `sweeps.settings`.
    starts
        Shape (k, 2), or (2,) for all configurations alike.
    steps
        Number of steps of each.

    Returns
    -------
    Shape (k, steps + 1, 2), the start first; NaN from the step on at which a path has run away.

    Raises
    ------
    DefinitionError
        When an optimizer is unknown or a learning rate is not a positive number.
    """
    several = [configurations] if isinstance(configurations, Mapping) else list(configurations)
    begin = np.atleast_2d(np.asarray(starts, dtype=np.float64))
    count = max(len(several), len(begin))
    several = several * count if len(several) == 1 else several
    begin = np.broadcast_to(begin, (count, 2))
    whole = [_complete(c) for c in several]
    sorting = sorted(range(count), key=lambda k: rule_key(whole[k]))
    followed = _follow(surface, [whole[k] for k in sorting], begin[sorting], steps)
    found = np.empty_like(followed)
    found[sorting] = followed
    lost = ~(np.abs(found) < LOST).all(axis=2)  # true for NaN
    found[np.logical_or.accumulate(lost, axis=1)] = np.nan
    return found


def _follow(surface: Surface, c: Sequence[Mapping[str, Any]], starts: Floats, steps: int) -> Floats:
    """Paths (k, steps + 1, 2) of configurations sorted by their rule."""
    points = starts.copy()
    rates = np.array([rates_of(steps, each) for each in c]).reshape(len(c), steps)
    rules = rules_of(c, points, lambda rule, some, own: _rule(rule, some, own, steps))
    scratch, found = np.empty_like(points), np.empty((len(points), steps + 1, 2))
    found[:, 0] = points
    with np.errstate(all="ignore"):  # a path that runs away is a result, not a warning
        for step in range(steps):
            gradient = surface.gradient(points)
            for rule, rows in rules:
                rule.step(points[rows], gradient[rows], rates[rows, step, None], scratch[rows])
            found[:, step + 1] = points
    return found


def _rule(
    rule: type[Optimizer], members: Sequence[Mapping[str, Any]], points: Floats, steps: int
) -> Optimizer:
    """The rule on points instead of networks."""
    if not issubclass(rule, UpdateRule):
        raise DefinitionError(f"{members[0]['optimizer']} follows no gradient: it has no path on a surface")
    return rule(rule.columns(members), points, np.ones(2), steps)


def _complete(configuration: Mapping[str, Any]) -> dict[str, Any]:
    """Configuration with all settings, checked where a person may have typed it."""
    whole = complete(configuration)
    optimizer, rate = whole["optimizer"], whole["learning_rate"]
    if optimizer not in OPTIMIZERS:
        hint = did_you_mean(optimizer, OPTIMIZERS)
        raise DefinitionError(f"optimizer {shown(optimizer)} is not known{hint}")
    if not (isinstance(rate, int | float) and 0 < rate < math.inf):
        raise DefinitionError(f"a learning rate is a positive number, not {shown(rate)}")
    return whole


def first_step(true: NDArray[np.bool_]) -> Floats:
    """First step at which something is true, shape (k,), of (k, steps); infinite where it never is."""
    return np.where(true.any(axis=1), true.argmax(axis=1).astype(np.float64), np.inf)


def steps_to_leave(surface: Surface, found: Floats) -> Floats:
    """Steps until a path has left the place that holds it up, shape (k,); infinite where it has not.

    Parameters
    ----------
    found
        Of `paths`, on a surface that has ``left``.
    """
    if surface.left is None:
        raise ValueError("nothing holds a path up on this surface")
    return first_step(surface.left(found[..., 0], found[..., 1]))


def distances(surface: Surface, found: Floats) -> Floats:
    """Distance from the deepest minimum at every step, (k, steps + 1); NaN where a path has run away."""
    away = found - np.array(surface.minima[0])
    return np.asarray(np.hypot(away[..., 0], away[..., 1]))


def steps_to_minimum(surface: Surface, found: Floats) -> Floats:
    """Steps until a path is near the deepest minimum and stays there, shape (k,); infinite where it does not.

    Near: within a twentieth of the distance from start to minimum.
    """
    distance = distances(surface, found)
    far = ~(distance <= NEAR * distance[:, :1])  # a path that ran away is far
    stays = ~np.logical_or.accumulate(far[:, ::-1], axis=1)[:, ::-1]
    return first_step(stays)


def ended_in(surface: Surface, found: Floats) -> NDArray[np.int64]:
    """Which of the minima is nearest to the end of each path, shape (k,): 0 is the deepest; −1: ran away."""
    away = np.linalg.norm(found[:, -1, None, :] - np.array(surface.minima), axis=2)
    return np.where(np.isfinite(away).all(axis=1), away.argmin(axis=1), -1)


RATES = tuple(float(f"{10 ** (place / 10):.2g}") for place in range(-40, 11))  # ten a decade, 1e-4 to 10


def best_rates(
    surface: Surface, configurations: Sequence[Mapping[str, Any]], start: Sequence[float], steps: int
) -> list[float]:
    """Rate of `RATES` at which each configuration needs the fewest steps to the deepest minimum.

    On average over starts around the one given. A path that does not arrive counts all its steps, and as many
    again times the part of the way that is left: all of it where it has left the view. Among equals the
    smallest rate.
    """
    reach = AROUND * np.ptp(np.array(surface.view), axis=1)
    around = np.array(start) + np.random.default_rng(0).uniform(-reach, reach, size=(TRIED, 2))
    tried = [{**c, "learning_rate": rate} for c in configurations for rate in RATES for _ in around]
    found = paths(surface, tried, np.tile(around, (len(tried) // TRIED, 1)), steps)
    distance = distances(surface, found)
    left = np.where(_in_view(surface, found), distance[:, -1] / distance[:, 0], 1.0).clip(0, 1)
    taken = steps_to_minimum(surface, found)
    cost = np.where(np.isfinite(taken) & (left < 1), taken, steps * (1 + left))
    mean = cost.reshape(len(configurations), len(RATES), TRIED).mean(axis=2)
    return [RATES[place] for place in mean.argmin(axis=1)]


def _in_view(surface: Surface, found: Floats) -> NDArray[np.bool_]:
    """Which paths never leave the view, or where they began if that is further out, shape (k,)."""
    low, high = np.array(surface.view).T
    low, high = np.minimum(low, found[:, :1]), np.maximum(high, found[:, :1])
    return np.asarray(((found >= low) & (found <= high)).all(axis=(1, 2)))


@dataclass(frozen=True, eq=False)
class Followed:
    """Paths of several rules from one start.

    Attributes
    ----------
    configurations
        One per path, each with its ``optimizer`` and ``learning_rate``.
    paths
        Of `paths`, in their order.
    tuned
        Optimizers whose rate is the best for this surface and start; the others' was given or is known.
    """

    surface: Surface
    configurations: Sequence[Mapping[str, Any]]
    paths: Floats
    tuned: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """Optimizers."""
        return [str(c["optimizer"]) for c in self.configurations]

    @property
    def rates(self) -> list[float]:
        """Learning rates."""
        return [float(c["learning_rate"]) for c in self.configurations]

    @property
    def steps(self) -> int:
        """Steps of each path."""
        return len(self.paths[0]) - 1

    def values(self) -> Floats:
        """Give f at every step, (k, steps + 1); NaN where a path has run away."""
        return self.surface.value(self.paths)

    def arrivals(self) -> Floats:
        """Steps to the deepest minimum, or where there is none out of the place that holds paths up, (k,)."""
        count = steps_to_minimum if self.surface.minima else steps_to_leave
        return count(self.surface, self.paths)


def follow(
    surface: Surface,
    optimizers: Sequence[str],
    *,
    start: Sequence[float] | None = None,
    rate: float | None = None,
    steps: int | None = None,
) -> Followed:
    """Follow rules from one start, each at a rate that suits it.

    Parameters
    ----------
    start, steps
        None: the surface's own.
    rate
        Learning rate of all; None: the surface's own, else each at its best (`best_rates`).

    Raises
    ------
    DefinitionError
        When an optimizer is unknown, the rate not positive, or the start impossible.
    """
    begin, length = surface.start if start is None else start, steps or surface.steps
    check_start(surface, begin)
    chosen: list[dict[str, Any]] = [{"optimizer": name} for name in dict.fromkeys(optimizers)]
    for each in chosen:
        own = surface.rates.get(each["optimizer"], surface.rate)
        if rate is not None or own is not None:
            each["learning_rate"] = own if rate is None else rate
        _complete(each)
    untuned = [each for each in chosen if "learning_rate" not in each]
    if untuned:
        for each, best in zip(untuned, best_rates(surface, untuned, begin, length), strict=True):
            each["learning_rate"] = best
    tuned = tuple(each["optimizer"] for each in untuned)
    return Followed(surface, chosen, paths(surface, chosen, begin, length), tuned)
