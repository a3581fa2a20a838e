"""The loop: plan → tasks → train → record, then search.

Trials are recorded strictly in the order of their numbers, so the study of an interrupted sweep is always
the beginning of the whole one, and resuming is going on at the next number.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import platform
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from sweeps.datasets import load, split_indices
from sweeps.definition import DESIGNS
from sweeps.designs import plan, search_trials
from sweeps.errors import DefinitionError, StudyError
from sweeps.execution import Crew
from sweeps.search import propose, sampler_class
from sweeps.space import Choices
from sweeps.study import open_study
from sweeps.tasks import POPULATION_SIZE, Job, Task, groups
from sweeps.trial import PlannedTrial

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from sweeps.definition import SweepDefinition
    from sweeps.space import Space
    from sweeps.study import SweepStudy
    from sweeps.trial import FinishedTrial

    Observer = Callable[[Sequence[FinishedTrial]], None]

GENERATION = 20  # search trials proposed at once: decides numbers, so it is no option
BLOCK = 256  # planned trials grouped into tasks at a time: bounds what waits to be recorded in order


@dataclass(frozen=True)
class Sweep:
    """A definition made ready: its data loaded, its plan drawn, what needs the data checked."""

    definition: SweepDefinition
    space: Space
    job: Job
    planned: Sequence[PlannedTrial]
    search: int

    @property
    def total(self) -> int:
        """Number of trials, planned and searched."""
        return len(self.planned) + self.search

    def parts(self, replicate: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Training and validation examples of a replicate, by index."""
        definition = self.definition
        return split_indices(self.job.dataset, definition.data.validation, definition.seed, replicate)


def prepare(definition: SweepDefinition) -> Sweep:
    """Load the data, draw the plan, check the rules that depend on the data.

    Raises
    ------
    DefinitionError
        When the data and the definition do not fit together, or a sampler is unknown.
    """
    data = definition.data
    dataset = load(definition.dataset, data.samples, data.noise, definition.seed)
    space = definition.build_space()
    varied = {"depth", "width"} & set(space.names) or {"depth", "width"} & set(definition.space)
    job = Job(
        dataset=dataset,
        fixed=space.fixed,
        hidden=None if varied else tuple(definition.network.hidden),
        seed=definition.seed,
        epochs=definition.epochs,
        precision=definition.network.precision,
        metric=definition.metric,
        cap=dataset.constant_prediction()[definition.metric.removeprefix("best_")],
    )
    _check_sampler(definition)
    sweep = Sweep(definition, space, job, plan(definition), search_trials(definition))
    _check_batch_size(sweep)
    return sweep


def fingerprint(definition: SweepDefinition) -> str:
    """Digest of everything in a definition that decides a number."""
    content = definition.model_dump(exclude={"description", "target"})
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def run(
    sweep: Sweep,
    storage: str,
    *,
    workers: int = 1,
    population: int = POPULATION_SIZE,
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
        Networks trained together at most. Neither it nor ``workers`` changes a number.
    on_open, on_record, on_note
        Called with the trials found in the study, with each batch just recorded, and with sentences that the
        user should read.
    """
    definition = sweep.definition
    attributes = {"definition": definition.to_toml(), "versions": _versions(), "cap": sweep.job.cap}
    with open_study(storage, definition.name, sweep.space, fingerprint(definition), attributes) as study:
        finished = list(study.finished())
        on_open(finished)
        _check_plan(finished, sweep)
        recorded_by = study.study.user_attrs.get("versions")
        if recorded_by != _versions() and len(finished) < sweep.total:
            on_note(f"this run was begun with {recorded_by}, now it is {_versions()}: last digits may differ")
        with Crew(sweep.job, workers) as crew:
            recorder = _Recorder(study, finished, sweep, crew, population, on_record)
            recorder.train(sweep.planned)
            for generation in range(-(-sweep.search // GENERATION)):
                _search(recorder, sweep, generation)
        return finished


@dataclass
class _Recorder:
    """Trains trials and records them in the order of their numbers."""

    study: SweepStudy
    finished: list[FinishedTrial]
    sweep: Sweep
    crew: Crew
    population: int
    observe: Observer

    def train(self, trials: Sequence[PlannedTrial]) -> None:
        """Train those of the trials that are not recorded yet."""
        missing = [trial for trial in trials if trial.number >= len(self.finished)]
        early: dict[int, FinishedTrial] = {}  # ended before a trial with a smaller number
        for results in self.crew.run(self._tasks(missing)):
            early |= {result.number: result for result in results}
            ready: list[FinishedTrial] = []
            while len(self.finished) + len(ready) in early:
                ready.append(early.pop(len(self.finished) + len(ready)))
            if ready:
                self.study.record(ready)
                self.finished += ready
                self.observe(ready)

    def _tasks(self, trials: Sequence[PlannedTrial]) -> Iterator[Task]:
        parts = lru_cache(maxsize=64)(self.sweep.parts)
        for start in range(0, len(trials), BLOCK):
            for group in groups(trials[start : start + BLOCK], self.sweep.job, self.population):
                yield Task(tuple(group), parts(group[0].replicate))


def _search(recorder: _Recorder, sweep: Sweep, generation: int) -> None:
    """Propose and train one generation of search trials; it sees all trials before its first."""
    definition = sweep.definition
    first = len(sweep.planned) + generation * GENERATION
    count = min(GENERATION, sweep.total - first)
    if len(recorder.finished) >= first + count:
        return
    history = recorder.finished[:first]
    proposals = propose(sweep.space, definition.sampler, history, count, definition.seed, generation, first)
    recorder.train(
        [
            PlannedTrial(
                p.number, p.configuration, p.number % definition.replicates, "search", p.sampler_state
            )
            for p in proposals
        ]
    )


def _check_sampler(definition: SweepDefinition) -> None:
    """The sampler's name is known and its package is there; a misspelt design looks like a sampler."""
    if definition.adaptive and definition.design.isidentifier():
        close = difflib.get_close_matches(definition.design.lower(), DESIGNS, n=1, cutoff=0.75)
        if close:
            raise DefinitionError(f"design {definition.design!r} is not known; did you mean {close[0]!r}?")
    if search_trials(definition):
        sampler_class(definition.sampler)


def _check_batch_size(sweep: Sweep) -> None:
    """A batch is drawn from the training set, so it cannot be larger."""
    examples = len(sweep.parts(0)[0])
    ranges = [
        variant.domain for s in sweep.space.settings if s.name == "batch_size" for variant in s.variants
    ]
    largest = max([domain.from_unit(1.0) for domain in ranges] or [sweep.job.complete({})["batch_size"]])
    listed = [int(size) for domain in ranges if isinstance(domain, Choices) for size in domain.values]
    largest = max([largest, *listed])
    if largest > examples:
        candidates = listed or [4, 8, 16, 32, 64, 128]
        fitting = [size for size in candidates if size <= examples] or [max(1, examples // 4)]
        raise DefinitionError(
            f"batch size {largest} is above the {examples} training examples of "
            f"{sweep.definition.dataset!r}; add --set 'space.batch_size={fitting}' "
            "(the ready-made sweep small has batch sizes for small data)"
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


def _versions() -> dict[str, str]:
    """What else the last bits of the numbers depend on."""
    return {"python": platform.python_version(), "numpy": np.__version__, "machine": platform.machine()}
