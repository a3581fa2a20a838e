"""What the command ``sweep`` does: definition and overrides → run folder → trained → tables and pictures."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.markup import escape

from sensitivity.commands.explaining import Explaining
from sensitivity.commands.progress import STOPPED, SweepProgress, complete, interrupted
from sensitivity.language import say
from sensitivity.request import Request, check_scale
from sweeps.cluster import on_cluster
from sweeps.definition import SweepDefinition, load, parse, ready_made_names
from sweeps.engines import AUTO, engine_named
from sweeps.errors import DefinitionError, StudyError, SweepError
from sweeps.execution import cores
from sweeps.finder import with_found_rates
from sweeps.functions import FunctionObjective
from sweeps.objectives import objective_named
from sweeps.own_data import is_function, label
from sweeps.returned_data import look_in
from sweeps.run import fingerprint, prepare, run
from sweeps.run_folder import RunFolder, module_folders
from sweeps.storages import absolute, check_address
from sweeps.tasks import POPULATION_SIZE
from sweeps.urls import masked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import NoReturn

    from sweeps.objective import Objective
    from sweeps.run import Sweep
    from sweeps.trial import FinishedTrial

DEFAULT_SWEEP = "digits"

TABLES: Final = frozenset({".csv", ".tsv", ".json", ".jsonl", ".parquet", ".db", ".sqlite", ".log"})


@dataclass(frozen=True)
class Overrides:
    """Keys of a definition given on the command line."""

    seed: int | None = None
    dataset: str | None = None
    target: str | None = None
    design: str | None = None
    epochs: int | None = None
    assignments: Sequence[str] = field(default_factory=list)

    @property
    def any(self) -> bool:
        """Whether one was given."""
        given = (self.target, *self._named().values())
        return any(value is not None for value in given) or bool(self.assignments)

    def _named(self) -> dict[str, Any]:
        return {"seed": self.seed, "dataset": self.dataset, "design": self.design, "epochs": self.epochs}

    @property
    def moves(self) -> bool:
        """Whether nothing is said but where the data are."""
        return self == Overrides(dataset=self.dataset, target=self.target) and self.dataset is not None

    def moved(self, definition: SweepDefinition) -> SweepDefinition:
        """A run's definition, its data where they are now."""
        raw = definition.model_dump(exclude_none=True)
        if self.dataset is not None:
            raw["dataset"] = self.dataset
        if self.target is not None:
            raw["data"]["target"] = self.target
        return parse(raw) if self.any else definition

    def names(self, key: str) -> bool:
        """Whether a key is set by hand."""
        return any(assignment.partition("=")[0].strip() == key for assignment in self.assignments)

    def apply(self, raw: dict[str, Any]) -> dict[str, Any]:
        """Definition with the overrides; another dataset changes the name, and the description is untrue."""
        raw = dict(raw)
        self._check_each_once()
        if self.dataset is not None and self.dataset != raw.get("dataset"):
            raw.pop("description", None)
            name = raw.get("name", "sweep")
            data = label(self.dataset)
            raw["name"] = data if name == raw.get("dataset") else f"{name}-{data}"
        if self.design == "factorial":
            raw.pop("trials", None)
        raw |= {key: value for key, value in self._named().items() if value is not None}
        if self.target is not None and isinstance(raw.setdefault("data", {}), dict):  # else it is refused
            raw["data"] = {**raw["data"], "target": self.target}
        for assignment in self.assignments:
            _assign(raw, assignment)
        return raw

    def _check_each_once(self) -> None:
        """A later value takes the place of an earlier one, which would be ignored without a word."""
        options = {**self._named(), "data.target": self.target}
        given = [
            (key, f"--{key.rpartition('.')[2]} {value}")
            for key, value in options.items()
            if value is not None
        ]
        given += [(_keys(each), f"--set {each}") for each in self.assignments]
        for place, (key, words) in enumerate(given):
            for before, other in given[:place]:
                if f"{before}.".startswith(f"{key}.") and words != other:
                    raise DefinitionError(
                        f"{before} is given twice: {other} and {words}; leave one of them out"
                    )


def _keys(assignment: str) -> str:
    """Dotted key of an assignment."""
    return ".".join(key.strip() for key in assignment.partition("=")[0].split("."))


def _assign(raw: dict[str, Any], assignment: str) -> None:
    """Carry out ``a.b.c=value`` on nested tables; the value is TOML, or else a string."""
    path, equals, text = assignment.partition("=")
    keys = [key.strip() for key in path.split(".")]
    if not equals or not all(keys):
        raise DefinitionError(f"--set takes KEY=VALUE, such as space.batch_size=[16,64], not {assignment!r}")
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        value = text.strip()
        if value.startswith(("[", "{", '"', "'")):
            raise DefinitionError(
                f"--set {path}: {value} is not a TOML value; names in a list need quotes: "
                """'space.optimizer=["sgd", "adam"]'"""
            ) from None
    except (RecursionError, ValueError):  # of Python's own bounds: depth, digits
        raise DefinitionError(
            f"--set {path[:60]}: its value nests too deeply, or is a number of thousands of digits"
        ) from None
    table = raw
    for key in keys[:-1]:
        inner = table.get(key, {})
        if not isinstance(inner, dict):
            raise DefinitionError(f"--set {path}: {key} is {inner!r}, which has no keys of its own")
        table[key] = dict(inner)
        table = table[key]
    table[keys[-1]] = value


def sweep_command(
    source: str | None,
    overrides: Overrides,
    out: Path | None,
    storage: str | None,
    *,
    workers: int | None,
    population: int | None,
    report: bool = True,
    scale: str | None = None,
    engine: str = AUTO,
    cluster: str | None = None,
    part_of: Path | None = None,
) -> None:
    """Run or resume a sweep and show its result; ``part_of``: the folder of a sweep of several datasets.

    Raises
    ------
    SweepError
        One sentence on what the user can mend.
    """
    if scale is not None:
        check_scale(scale)
    engine_named(engine)  # refused before there is a folder
    executor = None if cluster is None else on_cluster(cluster)
    console = Console()
    beside = None if source is None else Path(source).resolve().parent
    noted = RunFolder(out).module_folder() if beside is None and out is not None else beside
    look_in(module_folders(noted))
    definition, notes = definition_of(source, overrides, out)
    folder = RunFolder(out or Path("runs") / definition.name)
    looked_in = module_folders(folder.module_folder() if beside is None else beside)
    objective = objective_named(definition.objective, looked_in)
    storage = None if storage is None else absolute(storage)
    public = None if storage is None else masked(storage)
    url = folder.storage_url(storage, public)
    check_address(url)
    try:
        new = folder.begin(definition)
        if not objective.trains_networks:
            loading = say("progress.loading", name=definition.objective)
            console.print(loading, markup=False, highlight=False, soft_wrap=True)
        module = None
        if beside is not None and (not objective.trains_networks or is_function(definition.dataset)):
            module = RunFolder(beside).module_folder() or beside
        sweep = _prepared(folder, definition, objective, module, new=new)
        announce(console, sweep, folder, notes, engine_named(engine) if folder.untrained else folder.engine())
        request = Request(path=folder.path, storage=storage, scale=scale)
        explaining = Explaining(folder, request, identity(sweep, request), report=report)
        sizes: dict[str, Any] = {"workers": workers or cores(), "population": population or POPULATION_SIZE}
        sizes |= {"engine": engine, "executor": executor}
        if engine == AUTO and explaining.done():  # an engine that was named has to be that of the run
            _say_unused(console, cluster)
            console.print(complete(sweep.total), highlight=False)
            say_printed(console, folder.log)
            explaining.repeat(console)
            return
        goes_on = partial(_interrupted, folder=part_of or folder.path)
        remember = partial(folder.remember_storage, public)
        trials = _trained(console, sweep, folder, url, remember, sizes, goes_on, new=new)
        say_printed(console, folder.log)
        if explaining.done():
            _say_unused(console, cluster)
            explaining.repeat(console)
            return
        explaining.begin(console, sizes["workers"], len(trials), complete=len(trials) == sweep.total)
    except STOPPED:
        interrupted(_kept(folder, storage, part_of or folder.path))


def _kept(folder: RunFolder, storage: str | None, whole: Path) -> str:
    """What is there of a sweep that was stopped before, or after, it trained; and how to go on.

    ``whole`` is the folder to go on in: that of all datasets where there are several.
    """
    again = f"python -m sensitivity sweep --out {whole}"
    if folder.definition() is None:
        return "nothing was begun; give the same command again."
    if storage is None and folder.untrained:
        return f"no trial is recorded yet; {folder.path} holds the definition. Go on with: {again}"
    return f"what was recorded is kept in {folder.path}. Go on with: {again}"


def _say_unused(console: Console, cluster: str | None) -> None:
    """Say that nothing is left to train on a cluster that was named."""
    if cluster is not None:
        console.print(say("progress.cluster-unused"), highlight=False)


def _trained(
    console: Console,
    sweep: Sweep,
    folder: RunFolder,
    url: str,
    remember: Callable[[], None],
    sizes: dict[str, Any],
    stopped: Callable[[SweepProgress], NoReturn],
    *,
    new: bool,
) -> list[FinishedTrial]:
    """Train what is missing, with a bar; a ``new`` folder whose study cannot be opened is none any more."""
    opened = False

    def on_open(trials: Sequence[FinishedTrial]) -> None:
        nonlocal opened
        opened = True
        remember()
        progress.opened(trials)

    sign = -1.0 if sweep.definition.maximise else 1.0
    with SweepProgress(console, sweep.total, sign) as progress:
        try:
            heard: dict[str, Any] = {"on_record": progress.recorded, "on_note": progress.note}
            return run(sweep, url, **sizes, on_open=on_open, **heard)
        except STOPPED:
            progress.stop()
            stopped(progress)
        except SweepError:
            if new and not opened:
                folder.discard()
            raise


def identity(sweep: Sweep, request: Request) -> list[str]:
    """All that decides what the trials of a sweep say, besides the trials themselves."""
    shown = replace(request, storage=None if request.storage is None else masked(request.storage))
    return [fingerprint(sweep.definition, sweep.objective), sweep.definition.to_toml(), repr(shown)]


def _prepared(
    folder: RunFolder, definition: SweepDefinition, objective: Objective, module: Path | None, *, new: bool
) -> Sweep:
    """The sweep made ready; a new folder in which it cannot be is none any more."""
    if isinstance(objective, FunctionObjective):
        objective.log = folder.log
    if new and module is not None:
        folder.remember_module(module)
    try:
        sweep = prepare(definition, objective)
        folder.adopt(sweep.definition)
    except SweepError:
        if new:
            folder.discard()
        raise
    if module is not None:
        folder.remember_module(module)
    return sweep


def say_printed(console: Console, log: Path) -> None:
    """Say where what a function printed is; where it printed nothing, no file is left."""
    if not log.is_file():
        return
    if log.stat().st_size:
        text = f"→ {log}  ({say('progress.printed')})"
        console.print(text, markup=False, highlight=False, soft_wrap=True)
    else:
        log.unlink()


def _interrupted(progress: SweepProgress, folder: Path) -> NoReturn:
    """Say what is kept and how to go on."""
    tally = progress.tally
    interrupted(
        f"{tally.done:,} of {tally.total:,} trials are recorded. "
        f"Go on with: python -m sensitivity sweep --out {folder}"
    )


def definition_of(
    source: str | None, overrides: Overrides, out: Path | None
) -> tuple[SweepDefinition, list[str]]:
    """The definition asked for, and what was changed of it; a run folder alone means the one it holds.

    A ready-made sweep is made to fit the data; what the user wrote is taken at its word.
    """
    nothing_there: list[str] = []
    if source is None and out is not None and (not overrides.any or overrides.moves):
        existing = RunFolder(out).definition()
        if existing is not None and (not overrides.any or existing.data.contents is not None):
            return overrides.moved(existing), []
        if existing is None and not overrides.any:
            nothing_there = [_nothing_to_go_on_with(out)]
    if source is not None and Path(source).suffix.lower() in TABLES and Path(source).exists():
        raise DefinitionError(
            f"{source} holds trials, not a definition of a sweep; measure it: "
            f"python -m sensitivity measure {source} --out DIR"
        )
    known = load(source or DEFAULT_SWEEP)
    raw, rates = with_found_rates(overrides.apply(known))
    definition = parse(raw)
    found = ", ".join(f"{rate:g} for {name}" for name, rate in rates.items())
    if "trials" in known and definition.trials is None:
        nothing_there.append(f"a factorial design is every combination, not trials = {known['trials']}.")
    notes = nothing_there + ([f"learning_rate = 'find': {found}."] if rates else [])
    if (source or DEFAULT_SWEEP) not in ready_made_names() or overrides.names("space.batch_size"):
        return definition, notes
    definition, changes = objective_named(definition.objective).fitted(definition)
    return definition, [*notes, *changes]


def _nothing_to_go_on_with(out: Path) -> str:
    """Say that the default sweep begins where a folder was named that is not there.

    Raises
    ------
    SweepError
        When the folder is there, but holds no sweep: nobody who names it alone wants another.
    """
    if out.exists():
        RunFolder(out).check_empty()
        raise StudyError(
            f"{out} holds no sweep to go on with; name what to run there, such as: "
            f"python -m sensitivity sweep {DEFAULT_SWEEP} --out {out}"
        )
    return f"there is no sweep {out} to go on with: this is the default sweep {DEFAULT_SWEEP}."


def announce(
    console: Console, sweep: Sweep, folder: RunFolder, notes: Sequence[str], engine: str | None = None
) -> None:
    """Say what is going to be trained, by which ``engine``, and what is worth knowing of it beforehand."""
    definition = sweep.definition
    parts = [
        say(
            "progress.planned",
            count=len(sweep.planned),
            what="networks" if sweep.objective.trains_networks else "trials",
            design=definition.design,
            search=sweep.search,
        ),
        sweep.objective.described(definition),
    ]
    if engine and sweep.work.on(engine).engine == engine:
        parts.append(say("progress.trained-by", engine=engine))
    console.print(
        f"[bold]{escape(definition.name)}[/bold]: {escape(', '.join(parts))} → {escape(str(folder.path))}",
        highlight=False,
        soft_wrap=True,
    )
    for remark in sweep.objective.remarks(definition):
        console.print(remark, markup=False, highlight=False, soft_wrap=True)
    for note in (*notes, *sweep.objective.doubts(definition, sweep.space)):
        console.print(f"Note: {note}", markup=False, highlight=False, soft_wrap=True)
    if (
        not definition.search
        and definition.search_sampler != type(definition).model_fields["search_sampler"].default
    ):
        console.print(say("progress.no-search", sampler=definition.search_sampler), soft_wrap=True)
    for name in sweep.space.never_active():
        console.print(f"Note: {name} is not varied: no configuration of this sweep has it.", soft_wrap=True)
