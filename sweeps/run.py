"""The loop: plan → tasks → train → record, then search.

Trials are recorded strictly in the order of their numbers, so the study of an interrupted sweep is always
the beginning of the whole one, and resuming is going on at the next number.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import math
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from sweeps.compiled import before_training
from sweeps.definition import DESIGNS
from sweeps.designs import plan, search_trials
from sweeps.engines import AUTO, engine_again, engine_named, engine_of
from sweeps.errors import DefinitionError, StudyError
from sweeps.execution import Crew
from sweeps.objective import UNKNOWN, begin, end, train_task
from sweeps.objectives import objective_named
from sweeps.recorder import Recorder
from sweeps.search import propose, sampler_class
from sweeps.seeds import crossed
from sweeps.study import CONTENTS, open_study
from sweeps.trial import VALUE_RULE, PlannedTrial
from sweeps.versions import versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sweeps.definition import SweepDefinition
    from sweeps.execution import Maker
    from sweeps.objective import Objective, Work
    from sweeps.recorder import Observer
    from sweeps.search import Proposal
    from sweeps.space import Space
    from sweeps.trial import FinishedTrial

GENERATION = 20  # search trials proposed at once: decides numbers, so it is no option
BLOCK = 256  # planned trials grouped into tasks at a time: bounds what waits to be recorded in order
FEWEST, USUAL = 12, 32  # trials of a population: with fewer than 12 each takes longer


@dataclass(frozen=True)
class Sweep:
    """A definition made ready: what its objective needs loaded, its plan drawn."""

    definition: SweepDefinition
    space: Space
    work: Work
    planned: Sequence[PlannedTrial]
    search: int
    objective: Objective

    @property
    def total(self) -> int:
        """Number of trials, planned and searched."""
        return len(self.planned) + self.search


def prepare(definition: SweepDefinition, objective: Objective | None = None) -> Sweep:
    """Load what the objective needs, draw the plan.

    Parameters
    ----------
    objective
        The one that the definition names, where more than its name is known of it.

    Raises
    ------
    DefinitionError
        When the data and the definition do not fit together, or a sampler is unknown.
    """
    space = definition.build_space()
    _check_sampler(definition)
    objective = objective or objective_named(definition.objective)
    definition = objective.resolved(definition, space)
    work = objective.prepare(definition, space)
    return Sweep(definition, space, work, plan(definition), search_trials(definition), objective)


def fingerprint(definition: SweepDefinition, objective: Objective | None = None) -> str:
    """Digest of everything that decides a number: the definition, its data, the rule that makes values."""
    content = definition.model_dump(exclude={"description", "target", "asks"}) | {"value_rule": VALUE_RULE}
    content |= (objective or objective_named(definition.objective)).contents(definition)
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def run(
    sweep: Sweep,
    storage: str,
    *,
    workers: int = 1,
    population: int | None = None,
    executor: str | Maker | None = None,
    engine: str = AUTO,
    on_open: Observer = lambda _: None,
    on_record: Observer = lambda _: None,
    on_note: Callable[[str], None] = lambda _: None,
) -> list[FinishedTrial]:
    """Train what is not yet recorded, record it, and hand over all trials by number.

    Parameters
    ----------
    storage
        URL of the study's storage.
    workers
        Processes to train in; 1 trains in this one.
    population
        Trials trained together at most; None: as many as the objective likes.
    executor
        Where the workers are: a name in `sweeps.execution.EXECUTORS`, or what makes an executor, such as
        `sweeps.cluster.on_cluster`; None: here if there is one, else in processes. Neither it nor
        ``workers`` nor ``population`` changes a number.
    engine
        Path that trains networks, one of `sweeps.engines.ENGINES`. It changes last digits, so it is recorded,
        and a run goes on on the path that it was begun on.
    on_open, on_record, on_note
        Called with the trials found in the study, with each batch just recorded, and with sentences that the
        user should read.
    """
    sweep = replace(sweep, work=sweep.work.on(engine_named(engine)))
    with recording(sweep, storage, on_open, on_record, on_note, engine) as recorder:
        sweep = replace(sweep, work=recorder.work)
        if not callable(executor) and len(recorder.finished) < sweep.total:
            announce_compiling(sweep.work, on_note)
        try:
            with Crew(partial(begin, sweep.work), workers, executor, on_note) as crew:
                training = Training(sweep, crew, population)
                _train(recorder, training, sweep.planned)
                for generation in range(-(-sweep.search // GENERATION)):
                    _search(recorder, training, generation)
        finally:
            end()
        return recorder.finished


def announce_compiling(work: Work, on_note: Callable[[str], None]) -> None:
    """Say what its workers wait for on this machine before they train."""
    wait = before_training(work)
    if wait is not None:
        on_note(wait)


def _train(recorder: Recorder, training: Training, trials: Sequence[PlannedTrial]) -> None:
    """Train those of the trials that are not recorded yet."""
    for results in training([trial for trial in trials if trial.number >= len(recorder.finished)]):
        recorder.take(results)


def _search(recorder: Recorder, training: Training, generation: int) -> None:
    """Propose and train one generation of search trials, unless it is recorded."""
    if len(recorder.finished) < generation_range(training.sweep, generation).stop:
        _train(recorder, training, searched(training.sweep, recorder.finished, generation))


@dataclass(frozen=True)
class Training:
    """Trains trials in populations: the longest of each `BLOCK` first, so that workers finish together."""

    sweep: Sweep
    crew: Crew
    population: int | None = None

    def __call__(self, trials: Sequence[PlannedTrial]) -> Iterator[list[FinishedTrial]]:
        """Results as they come, in any order."""
        for _, results in self.crew.run(train_task, self._tasks(trials), self.sweep.work.patience):
            yield results

    def _tasks(self, trials: Sequence[PlannedTrial]) -> Iterator[Any]:
        fair = max(FEWEST, len(trials) // (4 * self.crew.workers))  # so that all workers have some
        largest = fair if fair < (self.population or USUAL) else self.population
        for start in range(0, len(trials), BLOCK):
            yield from longest_first(self.sweep.work, trials[start : start + BLOCK], largest)


def longest_first(work: Work, trials: Sequence[PlannedTrial], population: int | None) -> list[Any]:
    """Tasks of trials, the longest first."""
    return sorted(work.tasks(trials, population), key=work.cost, reverse=True)


def generation_range(sweep: Sweep, generation: int) -> range:
    """Numbers of the search trials that are proposed at once."""
    first = len(sweep.planned) + generation * GENERATION
    return range(first, min(first + GENERATION, sweep.total))


def searched(sweep: Sweep, finished: Sequence[FinishedTrial], generation: int) -> list[PlannedTrial]:
    """Propose one generation of search trials; it sees all trials before its first."""
    definition, numbers = sweep.definition, generation_range(sweep, generation)
    history, count = finished[: numbers.start], len(numbers)
    made_by = definition.sampler, history, count, definition.seed, generation, numbers.start
    return [_searched(definition, proposal) for proposal in propose(sweep.space, *made_by)]


@contextmanager
def recording(
    sweep: Sweep,
    storage: str,
    on_open: Observer,
    on_record: Observer,
    on_note: Callable[[str], None],
    engine: str = AUTO,
) -> Iterator[Recorder]:
    """Open the study of a sweep, or make it; parameters as of `run`."""
    definition = sweep.definition
    attributes: dict[str, Any] = {"definition": definition.to_toml(), "versions": versions(sweep.work.engine)}
    if math.isfinite(sweep.work.cap):
        attributes["cap"] = sweep.work.cap
    if contents := sweep.objective.contents(definition):
        attributes[CONTENTS] = contents
    known = fingerprint(definition, sweep.objective)
    with open_study(storage, definition.name, sweep.space, known, attributes) as study:
        finished = list(study.finished())
        _check_known(finished, sweep)
        on_open(finished)
        _check_plan(finished, sweep)
        work = sweep.work
        begun_by = study.study.user_attrs.get("versions")
        _check_engine(begun_by, engine, work)
        if len(finished) < sweep.total:
            work = work.on(engine_again(begun_by))
            now = versions(work.engine)
            if begun_by != now:
                on_note(f"this run was begun with {begun_by}, now it is {now}: last digits may differ")
        yield Recorder(study, finished, on_record, work)


def _searched(definition: SweepDefinition, proposal: Proposal) -> PlannedTrial:
    """Trial of a proposal; its replicate is one that shares no draw with another."""
    number, replicate = proposal.number, proposal.number % definition.replicates_apart
    draws = crossed(replicate, definition.crossed_draws) if definition.crossed_draws else None
    return PlannedTrial(number, proposal.configuration, replicate, "search", proposal.sampler_state, draws)


def _check_sampler(definition: SweepDefinition) -> None:
    """The sampler's name is known and its package is there; a misspelt design looks like a sampler."""
    if definition.adaptive and definition.design.isidentifier():
        close = difflib.get_close_matches(definition.design.lower(), DESIGNS, n=1, cutoff=0.75)
        if close:
            raise DefinitionError(f"design {definition.design!r} is not known; did you mean {close[0]!r}?")
    if search_trials(definition):
        sampler_class(definition.sampler)


def _check_known(finished: Sequence[FinishedTrial], sweep: Sweep) -> None:
    """Whether what was recorded is of this very objective can be told."""
    contents = sweep.objective.contents(sweep.definition)
    unknown = [what for what, digest in contents.items() if digest == UNKNOWN]
    if finished and unknown:
        raise StudyError(
            f"the {unknown[0]} {sweep.definition.objective} holds something that cannot be pickled, so it is "
            "not known whether these trials are its own; put it into a module, or give another storage"
        )


def _check_plan(finished: Sequence[FinishedTrial], sweep: Sweep) -> None:
    """The recorded trials are the beginning of the plan, or the study is not of this sweep."""
    for trial, planned in zip(finished, sweep.planned, strict=False):
        if (trial.planned.configuration, trial.planned.replicate) != (
            planned.configuration,
            planned.replicate,
        ):
            raise StudyError(
                f"trial {planned.number} of the study is not the one planned, probably because another "
                "version of NumPy or SciPy drew the plan; choose another folder with --out"
            )
    if len(finished) > sweep.total:
        raise StudyError(f"the study holds {len(finished)} trials, the sweep has {sweep.total}")


def _check_engine(recorded: Mapping[str, str] | None, asked: str, work: Work) -> None:
    """What was asked for is the engine that a study's trials were trained by.

    Raises
    ------
    StudyError
        When another was asked for by name.
    """
    begun = engine_of(recorded)
    if asked not in {AUTO, begun} and work.on(asked).engine == asked:
        raise StudyError(
            f"this run was begun with engine {begun}, and trials of two engines must not be mixed; "
            f"leave --engine {asked} out to resume it, or give another --out"
        )
