"""Designs: which configurations a sweep trains, decided before the first is trained.

A *factorial* design is the whole grid, *sobol* and *random* fill the space, and an adaptive design begins
with a share of Sobol points: what an Optuna sampler proposes alone gives a biased picture of the space.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sweeps.objectives import objective_named
from sweeps.seeds import Purpose, crossed, generator
from sweeps.trial import PlannedTrial

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from sweeps.definition import SweepDefinition
    from sweeps.objective import Objective
    from sweeps.space import Configuration, Space, Value

SPACE_FILLING_SHARE = 0.3


def plan(definition: SweepDefinition) -> list[PlannedTrial]:
    """List the trials of a sweep that are known beforehand, numbered from 0.

    Factorial: every configuration of the grid in every replicate; replicate slowest, then such that trials
    which can be trained together are neighbours, small batches (the slow ones) first. Otherwise: points of
    the unit cube, each in every replicate before the next, cut at the number of trials asked for. A point
    cut short by it lacks its last replicates; in a discrete space, points can coincide. Crossed replicates
    that share draws with others are no part of what is measured otherwise: their phase is another.
    """
    space = definition.build_space()
    replicates = range(definition.replicates)
    if definition.design == "factorial":
        grid = _neighbours_together(list(space.grid()), space.fixed, objective_named(definition.objective))
        pairs = [(configuration, replicate) for replicate in replicates for configuration in grid]
    else:
        count = _planned_count(definition)
        units = _points(definition, space, math.ceil(count / definition.replicates))
        points = [space.configuration(unit) for unit in units.tolist()]
        pairs = [(configuration, replicate) for configuration in points for replicate in replicates][:count]
    apart, draws = definition.replicates_apart, definition.crossed_draws
    return [
        PlannedTrial(
            number,
            configuration,
            replicate,
            "plan" if replicate < apart else "crossed",
            draws=crossed(replicate, draws) if draws else None,
        )
        for number, (configuration, replicate) in enumerate(pairs)
    ]


def search_trials(definition: SweepDefinition) -> int:
    """Count the trials that follow the plan, proposed by an Optuna sampler that has seen it.

    The search of the definition, and for an adaptive design the trials that `plan` leaves to its sampler.
    """
    if not definition.adaptive:
        return definition.search
    return definition.search + (definition.trials or 0) - _planned_count(definition)


def _planned_count(definition: SweepDefinition) -> int:
    """Planned trials of a design that has a number of trials."""
    share = SPACE_FILLING_SHARE if definition.adaptive else 1.0
    return math.ceil(share * (definition.trials or 0))


def _points(definition: SweepDefinition, space: Space, count: int) -> NDArray[np.float64]:
    """Points of the unit cube, shape (count, settings): uniform, or a scrambled Sobol sequence."""
    rng = generator(definition.seed, 0, Purpose.DESIGN)
    if definition.design == "random":
        return rng.random((count, len(space.settings)))
    from scipy.stats import qmc  # noqa: PLC0415 (half a second that a factorial sweep need not wait for)

    # A Sobol sequence is balanced after 2ᵐ points only and scipy warns of any other number: draw more, cut.
    sequence = qmc.Sobol(len(space.settings), scramble=True, rng=rng)
    points: NDArray[np.float64] = sequence.random_base2(math.ceil(math.log2(count)))
    return points[:count]


def _neighbours_together(
    grid: list[Configuration], fixed: Mapping[str, Value], objective: Objective
) -> list[Configuration]:
    """Order configurations such that those which can be trained together are neighbours.

    Numbers ascend, names keep the order of the definition, and the rest stays in the order of the grid.
    """
    ranks: dict[str, int] = {}  # of names, by first appearance in the grid

    def rank(value: Value) -> float:
        return ranks.setdefault(value, len(ranks)) if isinstance(value, str) else value

    keys = [tuple(map(rank, objective.shared({**fixed, **configuration}))) for configuration in grid]
    return [grid[position] for position in sorted(range(len(grid)), key=keys.__getitem__)]
