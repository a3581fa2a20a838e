"""Trials beside a sweep: configurations trained with seeds that it never used."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sweeps.execution import Crew
from sweeps.objective import begin, end, train_task
from sweeps.trial import PlannedTrial

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sweeps.objective import Work
    from sweeps.space import Configuration
    from sweeps.trial import FinishedTrial


def train_again(
    work: Work, wanted: Sequence[tuple[Configuration, int]], *, workers: int = 1
) -> Iterator[list[FinishedTrial]]:
    """Train configurations in replicates, and hand over as they end those trained together.

    Parameters
    ----------
    work
        A sweep's, made ready.
    wanted
        Configurations, each with its replicate. The trials are numbered in this order, from 0.
    workers
        Processes to train in; no number depends on it.
    """
    trials = [PlannedTrial(number, one, replicate) for number, (one, replicate) in enumerate(wanted)]
    try:
        with Crew(partial(begin, work), workers) as crew:
            for _, finished in crew.run(train_task, work.tasks(trials, None)):
                yield finished
    finally:
        end()
