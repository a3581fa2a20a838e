"""The loop: plan → tasks → train → record, then search.

Trials are recorded strictly in the order of their numbers, so the study of an interrupted sweep is always
the beginning of the whole one, and resuming is going on at the next number.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import math
import platform
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

from sweeps.definition import DESIGNS
from sweeps.designs import plan, search_trials
from sweeps.engines import AUTO, NUMBA, NUMPY, engine_named
from sweeps.errors import DefinitionError, StudyError
from sweeps.execution import Crew
from sweeps.objective import UNKNOWN, begin, end, train_task
from sweeps.objectives import objective_named
from sweeps.search import propose, sampler_class
from sweeps.seeds import crossed
from sweeps.study import CONTENTS, open_study
from sweeps.subnormals import handling
from sweeps.trial import VALUE_RULE, PlannedTrial, not_compared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sweeps.definition import SweepDefinition
    from sweeps.objective import Objective, Work
    from sweeps.search import Proposal
    from sweeps.space import Space
    from sweeps.study import SweepStudy
    from sweeps.trial import FinishedTrial

    Observer = Callable[[Sequence[FinishedTrial]], None]

GENERATION = 20  # search trials proposed at once: decides numbers, so it is no option
BLOCK = 256  # planned trials grouped into tasks at a time: bounds what waits to be recorded in order


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
    executor: str | None = None,
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
        Where the workers are, a name in `sweeps.execution.EXECUTORS`; None: here if there is one, else in
        processes. Neither it nor ``workers`` nor ``population`` changes a number.
    engine
        Path that trains networks, one of `sweeps.engines.ENGINES`. It changes last digits, so it is recorded,
        and a run goes on on the path that it was begun on.
    on_open, on_record, on_note
        Called with the trials found in the study, with each batch just recorded, and with sentences that the
        user should read.
    """
    definition, work = sweep.definition, sweep.work.on(engine_named(engine))
    attributes: dict[str, Any] = {"definition": definition.to_toml(), "versions": _versions(work.engine)}
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
        recorded_by = study.study.user_attrs.get("versions")
        if len(finished) < sweep.total:
            work = work.on(_begun_on(recorded_by, engine, work))
            now = _versions(work.engine)
            if recorded_by != now:
                on_note(f"this run was begun with {recorded_by}, now it is {now}: last digits may differ")
        try:
            with Crew(partial(begin, work), workers, executor) as crew:
                recorder = _Recorder(study, finished, sweep, crew, population, on_record)
                recorder.train(sweep.planned)
                for generation in range(-(-sweep.search // GENERATION)):
                    _search(recorder, sweep, generation)
        finally:
            end()
        return finished


@dataclass
class _Recorder:
    """Trains trials and records them in the order of their numbers."""

    study: SweepStudy
    finished: list[FinishedTrial]
    sweep: Sweep
    crew: Crew
    population: int | None
    observe: Observer
    metric: str = ""  # what became the value of the first trial that has one

    def __post_init__(self) -> None:
        self.metric = next((trial.metric for trial in self.finished if trial.metric), "")

    def train(self, trials: Sequence[PlannedTrial]) -> None:
        """Train those of the trials that are not recorded yet."""
        missing = [trial for trial in trials if trial.number >= len(self.finished)]
        early: dict[int, FinishedTrial] = {}  # ended before a trial with a smaller number
        for _, results in self.crew.run(train_task, self._tasks(missing)):
            early |= {result.number: result for result in results}
            ready: list[FinishedTrial] = []
            while len(self.finished) + len(ready) in early:
                ready.append(early.pop(len(self.finished) + len(ready)))
            if ready:
                ready = [self._compared(trial) for trial in ready]
                self.study.record(ready)
                self.finished += ready
                self.observe(ready)

    def _compared(self, trial: FinishedTrial) -> FinishedTrial:
        """The trial, or that it failed where another metric became its value than that of those before."""
        self.metric = self.metric or trial.metric
        return trial if trial.metric in {"", self.metric} else not_compared(trial, self.metric)

    def _tasks(self, trials: Sequence[PlannedTrial]) -> Iterator[Any]:
        for start in range(0, len(trials), BLOCK):
            yield from self.sweep.work.tasks(trials[start : start + BLOCK], self.population)


def _search(recorder: _Recorder, sweep: Sweep, generation: int) -> None:
    """Propose and train one generation of search trials; it sees all trials before its first."""
    definition = sweep.definition
    first = len(sweep.planned) + generation * GENERATION
    count = min(GENERATION, sweep.total - first)
    if len(recorder.finished) >= first + count:
        return
    history = recorder.finished[:first]
    proposals = propose(sweep.space, definition.sampler, history, count, definition.seed, generation, first)
    recorder.train([_searched(definition, proposal) for proposal in proposals])


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


def _versions(engine: str) -> dict[str, str]:
    """What else the last bits of the numbers depend on; numba is named where it trained."""
    found = {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "machine": platform.machine(),
        "subnormals": handling(),
    }
    return found | ({NUMBA: version(NUMBA)} if engine == NUMBA else {})


def _begun_on(recorded: Mapping[str, str] | None, asked: str, work: Work) -> str:
    """Engine that a study's trials were trained by.

    Raises
    ------
    StudyError
        When another was asked for by name.
    DefinitionError
        When it is numba, which is not installed here.
    """
    begun = NUMBA if NUMBA in (recorded or {}) else NUMPY
    if asked not in {AUTO, begun} and work.on(asked).engine == asked:
        raise StudyError(
            f"this run was begun with engine {begun}, and trials of two engines must not be mixed; "
            f"leave --engine {asked} out to resume it, or give another --out"
        )
    return engine_named(begun)
