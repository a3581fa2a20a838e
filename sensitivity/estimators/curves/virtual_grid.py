"""A surrogate's predictions on a virtual grid, in the place of trials: for plans that are no grid.

The practical measures ask for minima over everything else at many values of each setting. A Sobol or random
plan does not have them: the best of the few trials in a bin is not fully tuned, and lucky. A surrogate of all
trials (`sensitivity.estimators.surrogate.near_best`) predicts on a grid of the whole space, and the measures
go on as if these predictions were the means of configurations.

Levels are evenly spaced under the prior, ends included. A setting gets more of them the faster the response
changes along it (the Gaussian process' inverse length scale), as far as the grid stays below `LARGEST`.

Draws are surfaces from the Gaussian process' posterior. They are about the response expected of a
configuration: what another seed would give of it is averaged out.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sensitivity.coding import key
from sensitivity.estimators.curves.curves import continuous
from sensitivity.estimators.curves.differences import levels_differ
from sensitivity.estimators.curves.drawing import stretch
from sensitivity.estimators.curves.responses import DRAWS, Responses, responses, without_noise
from sensitivity.remarks import Remark
from sensitivity.study import Study
from sensitivity.trials import NUMBER, OUTCOME, PHASE, PLAN, REPLICATE, VALUE
from sweeps.space import Choices, FloatRange, IntegerRange, Setting, Space, Variant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sensitivity.arrays import Floats, Integers
    from sensitivity.estimators.curves.curves import Curve
    from sensitivity.estimators.surrogate.axes import Shape
    from sensitivity.estimators.surrogate.encoding import Encoding
    from sensitivity.estimators.surrogate.near_best import Surface
    from sensitivity.remarks import Said
    from sweeps.space import Domain

FEWEST_OF_BRANCH: Final = 20  # trials, of a plan that is no grid
LARGEST: Final = 16_000
FINEST: Final = 17
FINE: Final = 0.1  # step, in length scales, below which nothing is gained
PREDICTED: Final = Remark("predicted", (".3f", ".3f"))


@dataclass(frozen=True, kw_only=True)
class Predicted(Responses):
    """A surrogate's predictions at C configurations, as if each had one replicate.

    Attributes
    ----------
    drawn
        Surfaces that agree with the trials, shape (draws, C).
    trials
        Responses of the trials that the surrogate has learned from.
    fit
        q² of the surrogate, and the half width of the 95 % interval of that.
    missed
        What it misses of good configurations, in units of the response.
    """

    drawn: Floats
    trials: Responses
    fit: tuple[float, float]
    missed: float

    lucky = False

    @property
    def source(self) -> Said:
        """That a surrogate predicts these numbers."""
        return PREDICTED(*self.fit)

    @property
    def draws(self) -> Floats:
        """Surfaces that agree with the trials, shape (draws, C)."""
        return self.drawn

    @property
    def trained(self) -> Responses:
        """Responses of the trials."""
        return self.trials

    def held_out(self, rows: Integers, group: Integers) -> Floats:
        """Lowest of each group in the mean over the draws, shape (groups,)."""
        start = np.flatnonzero(np.diff(group, prepend=-1))
        return self.second_centre(np.minimum.reduceat(self.draws[:, rows], start, axis=1))

    def second_centre(self, draws: Floats) -> Floats:
        """Mean of the draws: a surface has its minimum wherever it is, lower than the expected one's."""
        centre: Floats = draws.mean(axis=0)
        return centre


def reachable(study: Study) -> Responses:
    """What curves of the best are taken from: trials, or a surrogate where they are no grid.

    The trials all the same where a surrogate does not explain anything, or where the
    settings are so many that a grid of them has no room for two levels each.
    """
    return study.once(_reachable)


def _reachable(study: Study) -> Responses:
    found = responses(study)
    if not any(continuous(found, name, mask) for _, mask in found.branches() for name in found.names):
        return found
    from sensitivity.estimators.surrogate.near_best import surface  # noqa: PLC0415 (scikit-learn is slow)
    from sensitivity.estimators.surrogate.placed import placed_study  # noqa: PLC0415 (the same)

    encoding = study.once(placed_study).encoding
    if _levelled(study.space, _fewest(study.space), encoding).grid_size() > LARGEST:
        return found
    fit = surface(study)
    return found if fit is None else predicted(found, virtual_space(study.space, fit), fit)


def sparse(found: Responses) -> dict[str, int]:
    """Branches with too few trials to say how good they can get, and how many these are.

    Of a grid none: it has every value of the others. An adaptive sampler leaves what began badly.
    """
    trained = found.trained
    branches = trained.branches()
    if found is trained and not any(
        continuous(found, name, m) for _, m in branches[:1] for name in found.names
    ):
        return {}
    counts = {branch: int(trained.diverged[mask, 1].sum()) for branch, mask in branches[1:]}
    return {branch: count for branch, count in counts.items() if count < FEWEST_OF_BRANCH}


def untold(found: Responses, curve: Curve) -> bool:
    """Whether a surrogate does not tell the levels of a curve apart: then its lowest one is no finding."""
    return isinstance(found, Predicted) and not levels_differ(curve, stretch(found))


def predicted(found: Responses, space: Space, fit: Surface) -> Predicted:
    """Predictions at the grid of a virtual space; choices that no trial has are left out."""
    from sensitivity.estimators.surrogate.encoding import encode  # noqa: PLC0415 (only here it is needed)

    table = pd.DataFrame(list(space.grid()), columns=space.names)
    for name, levels in found.levels.items():
        if isinstance(found.scales[name], Choices):
            tried = {key(level) for level in levels} | {None}
            table = table[[key(value) in tried for value in table[name].tolist()]]
    placed = encode(table, fit.encoding)
    table, points = table[placed.inside].copy(), placed.points.rows(placed.inside)
    cap = float(np.nanmax(found.by_replicate))
    table[[PHASE, REPLICATE, OUTCOME]] = PLAN, 0, ""
    table[NUMBER], table[VALUE] = np.arange(len(table)), np.minimum(fit.predict(points), cap)
    grid = without_noise(Study(table, space, rate=found.rate, branch=found.branch))
    given = {field.name: getattr(grid, field.name) for field in fields(Responses)}
    return Predicted(
        **{**given, "weights": _without_half_cells(grid)},
        drawn=np.minimum(fit.draws(points, DRAWS), cap),
        trials=found,
        fit=(fit.q2, 1.96 * fit.error),
        missed=fit.missed,
    )


def _without_half_cells(grid: Responses) -> Floats:
    """Weights under the prior, shape (C,): the level at an end of a range stands for half a step."""
    weights = grid.weights.copy()
    for at, name in enumerate(grid.names):
        for number, domain in enumerate(grid.domains[name]):
            rows = grid.domain[:, at] == number
            if rows.any() and not isinstance(domain, Choices) and len(domain.level_values()) > 2:
                code = grid.codes[rows, at]
                weights[rows] *= np.where((code == code.min()) | (code == code.max()), 0.5, 1.0)
    found: Floats = weights / weights.sum()
    return found


def virtual_space(space: Space, fit: Surface) -> Space:
    """Space with levels on every range: three, and more wherever a step is longest in length scales.

    Two where there is no room for the middle of every range, which is what tuning is compared with.
    """
    scales = dict(zip(fit.encoding.names, fit.process.hyperparameters.scales.tolist(), strict=True))
    parents = {name for setting in space.settings for name in setting.parents}
    counts, encoding = _fewest(space), fit.encoding
    waiting = [name for name in space.names if name not in parents]
    found = _levelled(space, counts, encoding)
    while waiting:
        name = max(waiting, key=lambda one: (counts[one] == 2, scales[one] / (counts[one] - 1)))
        more = {**counts, name: counts[name] + (1 if counts[name] == 2 else 2)}
        finer = _levelled(space, more, encoding)
        gains = counts[name] == 2 or (more[name] <= FINEST and scales[name] / (counts[name] - 1) > FINE)
        if gains and found.grid_size() < finer.grid_size() <= LARGEST:
            counts, found = more, finer
        else:
            waiting.remove(name)
    return found


def _fewest(space: Space) -> dict[str, int]:
    """Levels of each range at least: what others depend on is not made finer later."""
    parents = {name for setting in space.settings for name in setting.parents}
    return {name: FINEST if name in parents else 2 for name in space.names}


def _levelled(space: Space, counts: Mapping[str, int], encoding: Encoding) -> Space:
    """Levels on every range, as many as given; the trials' own where the surrogate knows no other."""
    settings, axes = [], {axis.name: axis for axis in encoding.axes}
    for setting in space.settings:
        variants = [
            v
            if _has_levels(v.domain, shape)
            else Variant(_with_levels(v.domain, counts[setting.name]), v.when)
            for v, shape in zip(setting.variants, axes[setting.name].shapes, strict=True)
        ]
        settings.append(Setting(setting.name, tuple(variants)))
    return Space(settings, space.fixed)


def _has_levels(domain: Domain, shape: Shape) -> bool:
    return isinstance(domain, Choices) or (domain.levels is not None and shape.cell_of is not None)


def _with_levels(domain: Domain, count: int) -> Domain:
    """The same range with so many levels; whole numbers as many different ones as there are."""
    if isinstance(domain, Choices) or domain.low == domain.high:
        return domain if isinstance(domain, Choices) else Choices((domain.low,))
    if isinstance(domain, FloatRange):
        return FloatRange(domain.low, domain.high, domain.log, count)
    most = min(count, domain.high - domain.low + 1)
    while len(set(IntegerRange(domain.low, domain.high, domain.log, most).level_values())) < most:
        most -= 1
    return IntegerRange(domain.low, domain.high, domain.log, most)
