"""A small part of a planned factorial, trained within seconds: some levels of each setting, three seeds.

Every value of what conditions speak of (optimizers) is in it, of other lists and ranges as many levels as
there is time for, each the middle of its part. First the smallest such part is trained once, which says how
long a trial takes; then the largest one that the time allows.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from sensitivity.estimators.cells import cell_table
from sensitivity.reading.frames import from_frame
from sensitivity.trials import VALUE, trials_table
from sweeps.engines import engine_named
from sweeps.errors import StudyError
from sweeps.objectives import objective_named
from sweeps.run import prepare
from sweeps.space import Choices, Setting, Space
from sweeps.trial import PlannedTrial

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sensitivity.estimators.cells import CellTable
    from sensitivity.study import Study
    from sweeps.definition import SweepDefinition
    from sweeps.objective import Objective
    from sweeps.run import Sweep
    from sweeps.space import Domain
    from sweeps.trial import FinishedTrial

    Trained = Callable[[Any], list[FinishedTrial]]

SECONDS: Final = 10.0
PATIENCE: Final = 60.0  # seconds that the smallest pilot of a function may take
REPLICATES: Final = 3


@dataclass(frozen=True)
class Pilot:
    """What was trained.

    Attributes
    ----------
    study
        Its trials, with the space of the part.
    seconds
        Of one trial, on one core.
    """

    study: Study
    seconds: float


def part_of(space: Space, most: int) -> Space:
    """The largest part of a space with at most so many configurations in its grid, if there is one so small.

    Of the settings with the most levels one is taken away after the other; what conditions speak of stays.
    """
    stays = {name for setting in space.settings for name in setting.parents}
    counts = {one.name: max(_count(v.domain) for v in one.variants) for one in space.settings}
    part = space
    while part.grid_size() > most:
        name = max((one for one in counts if one not in stays), key=counts.__getitem__, default="")
        if not name or counts[name] <= 2:
            return part
        counts[name] -= 1
        part = _with_at_most(space, counts)
    return part


def _count(domain: Domain) -> int:
    return len(domain.values) if isinstance(domain, Choices) else domain.levels or 1


def _with_at_most(space: Space, counts: Mapping[str, int]) -> Space:
    settings = [
        Setting(
            one.name,
            tuple(replace(each, domain=_fewer(each.domain, counts[one.name])) for each in one.variants),
        )
        for one in space.settings
    ]
    return Space(settings, space.fixed)


def _fewer(domain: Domain, count: int) -> Domain:
    """The middle of each of so many equal parts."""
    values = domain.level_values()
    if len(values) <= count:
        return domain
    kept = tuple(values[int((at + 0.5) * len(values) / count)] for at in range(count))
    if isinstance(domain, Choices):
        return Choices(kept)
    return replace(domain, levels=len(kept), written=kept)  # type: ignore[arg-type]


def table_of(space: Space) -> CellTable:
    """Cells of the grid of a space, as if each had been trained once.

    Raises
    ------
    StudyError
        Where the grid is too large for an array.
    """
    grid = list(space.grid())
    columns = {name: [one.get(name) for one in grid] for name in space.names}
    found = cell_table(from_frame(pd.DataFrame({**columns, VALUE: np.zeros(len(grid))}), space))
    if found is None:
        raise StudyError(f"a grid of {len(grid):,} configurations is too large to be planned")
    return found


def coarser(space: Space) -> Space | None:
    """The same with half the levels of each range, three at least; None where none has more."""
    counts, whole = {}, {}
    for one in space.settings:
        whole[one.name] = max(_count(each.domain) for each in one.variants)
        ranged = not any(isinstance(each.domain, Choices) for each in one.variants)
        counts[one.name] = (
            min(max(math.ceil(whole[one.name] / 2), 3), whole[one.name]) if ranged else whole[one.name]
        )
    return _with_at_most(space, counts) if counts != whole else None


def pilot(
    definition: SweepDefinition, seconds: float | None = None, objective: Objective | None = None
) -> Pilot:
    """Train a part of a sweep.

    Parameters
    ----------
    seconds
        How long it may take; None: `SECONDS`.
    objective
        The one that the definition names, where more than its name is known of it.

    Raises
    ------
    StudyError
        Where the design is no factorial, so that it has no levels; where a call gives no result.
    """
    if definition.design != "factorial":
        raise StudyError(
            f"only a factorial is planned by a pilot, and this design is {definition.design}; "
            "run it, and ask what more trials would add: plan RUN"
        )
    seconds = SECONDS if seconds is None else seconds
    sweep = prepare(definition, objective)
    train = sweep.work.on(engine_named()).start()
    try:
        return _within(sweep, train, seconds)
    finally:
        close = getattr(train, "close", None)  # the process of a function
        if close is not None:
            close()


def _within(sweep: Sweep, train: Trained, seconds: float) -> Pilot:
    """The smallest part once, then the largest that there is time for."""
    definition, begun = sweep.definition, time.perf_counter()
    smallest = part_of(sweep.space, 1)
    finished = _trained(sweep, train, smallest, [0])
    each = (time.perf_counter() - begun) / len(finished)
    if not sweep.objective.trains_networks and each * len(finished) * REPLICATES > PATIENCE:
        raise StudyError(
            f"a call of {definition.objective} takes {each:.2g} s, too long for a pilot of "
            f"{len(finished) * REPLICATES}; run a small sweep, and ask what more trials would add: plan RUN"
        )
    part = part_of(sweep.space, max(int((seconds - each * len(finished)) / each / REPLICATES), 1))
    if part.grid_size() > smallest.grid_size():
        begun, finished, smallest = time.perf_counter(), [], part
    finished += _trained(sweep, train, smallest, range(bool(finished), REPLICATES), len(finished))
    each = (time.perf_counter() - begun) / len(finished)
    _check_results(finished)
    table = trials_table(finished, smallest.names, np.nan, definition.epochs, definition.target)
    return Pilot(from_frame(table, smallest, cap=_cap(definition)), each)


def _check_results(finished: Sequence[FinishedTrial]) -> None:
    lost = [trial for trial in finished if math.isnan(trial.value)]
    if lost:
        raise StudyError(
            f"{len(lost)} of the {len(finished)} calls of the pilot gave no result (the first: "
            f"{lost[0].outcome.replace('_', ' ')}, {lost[0].message}), so nothing can be planned; run it, "
            "and ask what more trials would add: plan RUN"
        )


def _cap(definition: SweepDefinition) -> float | None:
    known = objective_named(definition.objective).constant_prediction(definition)
    return known.get(definition.metric.removeprefix("best_"))


def _trained(
    sweep: Sweep,
    train: Trained,
    part: Space,
    replicates: Sequence[int],
    first: int = 0,
) -> list[FinishedTrial]:
    """Trials of a part of the plan, in these replicates."""
    pairs = [(configuration, replicate) for replicate in replicates for configuration in part.grid()]
    planned = [PlannedTrial(first + at, one, replicate, "plan") for at, (one, replicate) in enumerate(pairs)]
    found = [trial for task in sweep.work.tasks(planned, None) for trial in train(task)]
    return sorted(found, key=lambda trial: trial.number)
