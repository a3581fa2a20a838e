"""Finished trials in the order of their numbers, however they ended, and their recording."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sweeps.trial import not_compared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sweeps.objective import Work
    from sweeps.study import SweepStudy
    from sweeps.trial import FinishedTrial

    Observer = Callable[[Sequence[FinishedTrial]], None]


@dataclass
class InOrder:
    """Finished trials in the order of their numbers, from 0; those that ended early wait.

    A trial whose value is another metric than that of the first has failed.
    """

    finished: list[FinishedTrial]
    _early: dict[int, FinishedTrial] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._metric = next((trial.metric for trial in self.finished if trial.metric), "")

    def take(self, results: Iterable[FinishedTrial]) -> list[FinishedTrial]:
        """Add trials; returns those, these or earlier ones, whose turn it now is."""
        self._early |= {result.number: result for result in results}
        ready: list[FinishedTrial] = []
        while len(self.finished) in self._early:
            ready.append(self._compared(self._early.pop(len(self.finished))))
            self.finished.append(ready[-1])
        return ready

    def _compared(self, trial: FinishedTrial) -> FinishedTrial:
        """The trial, or that it failed where another metric became its value than that of those before."""
        self._metric = self._metric or trial.metric
        return trial if trial.metric in {"", self._metric} else not_compared(trial, self._metric)


class Recorder(InOrder):
    """Records trials in the order of their numbers. Made by `recording`."""

    def __init__(
        self, study: SweepStudy, finished: list[FinishedTrial], observe: Observer, work: Work
    ) -> None:
        super().__init__(finished)
        self._study, self._observe = study, observe
        self.work = work  # what trains the missing trials, on the engine of those that are recorded

    def take(self, results: Iterable[FinishedTrial]) -> list[FinishedTrial]:
        """Add trials and record those whose turn it now is."""
        ready = super().take(results)
        if ready:
            self._study.record(ready)
            self._observe(ready)
        return ready
