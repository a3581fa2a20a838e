"""A sweep trained by any number of processes that share a folder: blocks of trials as its pieces.

Which trials form a block follows from the definition, and their results from nothing else, so whoever does a
block writes the same, but for the seconds that it took. A block of planned trials needs nothing; one of the
search needs the results of all trials before its generation, from which every process works out the same
proposals. When all is done, one process records the trials in the order of their numbers, in a study as any
other sweep has.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sweeps.deaths import MANY, SUSPICIOUS
from sweeps.errors import InUseError, NoLocksError, StudyError
from sweeps.execution import AHEAD, MOST_FAILURES, Crew, DyingWorkersError
from sweeps.objective import begin, end, train_task
from sweeps.owner import Owner, remove_left
from sweeps.recorder import InOrder
from sweeps.run import (
    GENERATION,
    announce_compiling,
    generation_range,
    longest_first,
    recording,
    searched,
)
from sweeps.shared_results import read, written
from sweeps.shared_terms import RECORD, blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sweeps.recorder import Observer
    from sweeps.run import Sweep
    from sweeps.shared_folder import SharedFolder
    from sweeps.trial import FinishedTrial, PlannedTrial

RECORDING = 3600.0  # seconds after which who records, and makes no progress, hangs
LONGEST_WAIT = 1.0  # seconds between two looks whether there is something to do


@dataclass
class Member:
    """One of the processes that share a sweep.

    Parameters
    ----------
    workers, population
        As of `sweeps.run.run`.
    on_record, on_elsewhere, on_note
        Called with trials that this process has finished, with the number of those that others have (each
        trial is among these or those, once), and with sentences that the user should read.
    """

    sweep: Sweep
    folder: SharedFolder
    workers: int = 1
    population: int | None = None
    on_record: Observer = lambda _: None
    on_elsewhere: Callable[[int], None] = lambda _: None
    on_note: Callable[[str], None] = lambda _: None
    _counted: set[str] = field(default_factory=set)  # blocks whose trials the user has heard of
    _trained: int = 0  # blocks, by this process
    _waits: bool = False
    _proposed: tuple[int, list[PlannedTrial]] = (-1, [])

    def __post_init__(self) -> None:
        self.blocks = blocks(self.sweep)
        self._history = InOrder([])
        self._begun: dict[str, tuple[int, list[FinishedTrial]]] = {}  # tasks left of a block, and results
        self._block_of: dict[int, str] = {}  # a task of it → its name
        self._longest_first = sorted(self._planned(), key=self._cost, reverse=True)

    def train(self) -> None:
        """Train blocks until all are done, by whomever.

        Raises
        ------
        StudyError
            When a block kills every process that trains it: which, in one sentence that all say.
        """
        wait = 0.05
        try:
            with Crew(partial(begin, self.sweep.work), self.workers, None, self.on_note) as crew:
                if self._missing():
                    announce_compiling(self.sweep.work, self.on_note)
                while missing := self._missing():
                    before = self._trained
                    try:
                        self._carry_out(crew, self._tasks())
                    except DyingWorkersError:  # of one of these blocks, or of all together
                        for name in list(self._begun):
                            self._observed(name, self._begin(name))
                    if self._trained > before:
                        wait = 0.05
                        continue
                    self.folder.heal(missing)
                    time.sleep(wait)
                    wait = min(2 * wait, LONGEST_WAIT)
        finally:
            end()

    def _carry_out(self, crew: Crew, tasks: Iterable[Any]) -> None:
        for task, results in crew.run(train_task, tasks, self.sweep.work.patience):
            self._take(task, results)

    def _observed(self, name: str, tasks: Sequence[Any]) -> None:
        """Train a block that may kill in a process of its own, whose death this one sees; then give it up."""
        deaths = self.folder.deaths
        if (count := deaths.of(name)) >= MANY:
            self.on_note(
                f"{count} processes have died that held block {name}, with nothing of it done since; "
                "should they have had too little memory, give them more"
            )
        try:
            with Crew(partial(begin, self.sweep.work), 1, "processes", self.on_note) as crew:
                for task, results in crew.run(train_task, tasks, self.sweep.work.patience):
                    deaths.clear([name])
                    self._take(task, results)
        except DyingWorkersError:
            self._give_up(name)

    def _give_up(self, name: str) -> None:
        """End the sweep for all who share it."""
        numbers, deaths = self.blocks[name], self.folder.deaths
        before = f", after {count} that held it" if (count := deaths.of(name)) else ""
        sentence = (
            f"{MOST_FAILURES + 1} processes died or hung one after the other{before}, while each trained "
            f"only block {name} (trials {numbers[0]} to {numbers[-1]}), perhaps for want of memory; give it "
            f"more, delete {deaths.verdict} and go on. What is done is kept"
        )
        deaths.give_up(name, sentence)
        raise StudyError(sentence)

    def is_recorder(self) -> bool:
        """Wait until the sweep is recorded; True as soon as it is for this process to do."""
        wait = 0.05
        while not self.folder.has(RECORD):
            if self.folder.claim([RECORD]) is not None:
                self.folder.expect(RECORD, RECORDING)
                return True
            self.folder.heal([RECORD])
            time.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT)
        self._tidy()  # who recorded it may have been killed before it could
        return False

    def record(self, storage: str, on_open: Observer = lambda _: None) -> list[FinishedTrial] | None:
        """Record all trials, in the order of their numbers; what a killed process recorded stays.

        Returns
        -------
        The trials; None where a process still has the study that was thought to be gone, or another has
        recorded it meanwhile, so this one no longer is the recorder.
        """
        try:
            return self._record(storage, on_open)
        except InUseError:
            if not self._waits:
                self._waits = True
                self.on_note("a process that was not heard of still writes to the study; waiting for it")
            self.folder.release(RECORD)
            time.sleep(LONGEST_WAIT)
            return None
        except NoLocksError:
            return self._record_aside(storage, on_open)

    def _record_aside(self, storage: str, on_open: Observer) -> list[FinishedTrial] | None:
        """Record where files have no locks: into a file of this process's own, put in place when whole.

        A recorder that was stopped for longer than its lease, and another that followed it, then write to
        two files: whose comes last, the study is whole.
        """
        journal = Path(storage.removeprefix("journal://"))
        remove_left(journal.parent, f".{journal.name}.*.part")
        own = journal.with_name(f".{journal.name}.{Owner.me()}.part")
        try:
            found = self._record(f"journal://{own}", on_open)
            if found is not None:
                own.replace(journal)
        except (StudyError, FileNotFoundError):
            if self.folder.holds(RECORD):
                raise
            return None  # another has followed, and tidied
        finally:
            own.unlink(missing_ok=True)
        if found is not None:
            for other in journal.parent.glob(f".{journal.name}.*.part"):  # of other machines, killed or late
                other.unlink(missing_ok=True)
        return found

    def _record(self, storage: str, on_open: Observer) -> list[FinishedTrial] | None:
        silent: Observer = lambda _: None  # noqa: E731
        while True:
            with recording(self.sweep, storage, on_open, silent, self.on_note) as recorder:
                for name, numbers in self.blocks.items():
                    if numbers.stop > len(recorder.finished) and (found := self._result(name)) is not None:
                        recorder.take(trial for trial in found if trial.number >= len(recorder.finished))
                        self.folder.progress()
                if len(recorder.finished) == self.sweep.total:
                    return recorder.finished
            if self.folder.has(RECORD):  # by another, while this process was stopped
                return None
            self.train()  # a result was damaged on the disk

    def recorded(self) -> None:
        """Say that all that follows from the trials is made: the others end."""
        self.folder.deliver(RECORD, b"")
        self._tidy()

    def _tidy(self) -> None:
        """Take away what nobody needs once the sweep is recorded."""
        self.folder.clear(list(self.blocks))
        self.folder.claim([RECORD])  # a ticket beside a result is taken away
        self.folder.deaths.clear([RECORD])

    def _planned(self) -> list[str]:
        return [name for name, numbers in self.blocks.items() if numbers.stop <= len(self.sweep.planned)]

    def _cost(self, name: str) -> float:
        """Of a block, from a trial in its middle."""
        numbers, work = self.blocks[name], self.sweep.work
        some = self.sweep.planned[numbers[len(numbers) // 2]]
        return len(numbers) * sum(map(work.cost, work.tasks([some], 1)))

    def _missing(self) -> list[str]:
        """Blocks without a result; none once the sweep is recorded, which nobody needs results for."""
        if (sentence := self.folder.deaths.given_up()) is not None:
            raise StudyError(sentence)
        done = self.folder.done()
        if RECORD in done:
            return []
        elsewhere = done & set(self.blocks) - self._counted
        if elsewhere:
            self.on_elsewhere(sum(len(self.blocks[name]) for name in elsewhere))
            self._counted |= elsewhere
        return [name for name in self.blocks if name not in done]

    def _tasks(self) -> Iterator[Any]:
        """Tasks of blocks that this process claims, one after the other, until there is none."""
        while (name := self.folder.claim(self._possible())) is not None:
            tasks = self._begin(name)
            if not tasks:
                self.folder.release(name)
                return
            if self.folder.deaths.of(name) >= SUSPICIOUS:
                self._observed(name, tasks)
            else:
                yield from tasks

    def _begin(self, name: str) -> Sequence[Any]:
        """Tasks of a block; none where what it needs turns out to be damaged."""
        trials = self._trials(name)
        tasks = longest_first(self.sweep.work, trials, self.population) if trials else []
        if tasks:
            self.folder.expect(name, AHEAD * self.workers * max(map(self.sweep.work.patience, tasks)))
            self._begun[name] = len(tasks), []
            self._block_of |= {id(task): name for task in tasks}
        return tasks

    def _possible(self) -> Sequence[str]:
        """Blocks that could be trained now, the longest first; of the search those of one generation."""
        missing = set(self._missing())
        planned = [name for name in self._longest_first if name in missing]
        if planned or not missing:
            return planned
        start = len(self.sweep.planned)
        generation = (self.blocks[min(missing)].start - start) // GENERATION
        numbers = generation_range(self.sweep, generation)
        return [name for name in sorted(missing) if self.blocks[name].start in numbers]

    def _trials(self, name: str) -> Sequence[PlannedTrial]:
        """Trials of a block; none where a result before them turns out to be damaged."""
        numbers, start = self.blocks[name], len(self.sweep.planned)
        if numbers.stop <= start:
            return self.sweep.planned[numbers.start : numbers.stop]
        generation = (numbers.start - start) // GENERATION
        first = generation_range(self.sweep, generation).start
        if self._proposed[0] != generation:
            if not self._know(first):
                return []
            self._proposed = generation, searched(self.sweep, self._history.finished, generation)
        return self._proposed[1][numbers.start - first : numbers.stop - first]

    def _know(self, count: int) -> bool:
        """Read the results of so many trials, from the first on."""
        for name, numbers in self.blocks.items():
            if len(self._history.finished) <= numbers.start < count:
                found = self._result(name)
                if found is None:
                    return False
                self._history.take(found)
        return len(self._history.finished) >= count

    def _take(self, task: object, results: list[FinishedTrial]) -> None:
        """Keep the results of a task; hand over those of a block that is whole."""
        self.folder.progress()
        name = self._block_of.pop(id(task))
        left, found = self._begun.pop(name)
        found += results
        if left > 1:
            self._begun[name] = left - 1, found
            return
        self._trained += 1
        if self.folder.holds(name) or not self.folder.has(RECORD):  # else it came too late
            self.folder.deliver(name, written(found))
        if name not in self._counted:  # it was when another was faster, or its first result was damaged
            self._counted.add(name)
            self.on_record(found)

    def _result(self, name: str) -> list[FinishedTrial] | None:
        content = self.folder.result(name)
        if content is None:
            return None
        found = [read(line) for line in content.splitlines()]
        if [trial.number for trial in found] != list(self.blocks[name]):
            self.folder.damaged(name)
            return None
        return found
