"""What the command ``sweep`` does: definition and overrides → run folder → trained → tables and pictures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from sensitivity.commands.escaping import on_one_line
from sensitivity.commands.explaining import Explaining
from sensitivity.commands.overrides import Overrides, definition_of
from sensitivity.commands.progress import STOPPED, SweepProgress, complete, interrupted
from sensitivity.language import say
from sensitivity.request import Request, check_scale
from sweeps.cluster import on_cluster
from sweeps.engines import AUTO, engine_named
from sweeps.errors import SweepError
from sweeps.execution import cores
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
    from collections.abc import Mapping, Sequence
    from typing import NoReturn

    from sweeps.definition import SweepDefinition
    from sweeps.objective import Objective
    from sweeps.run import Sweep
    from sweeps.trial import FinishedTrial


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
    asked = _asked(source, overrides, out, storage)
    sizes: dict[str, Any] = {"workers": workers or cores(), "population": population or POPULATION_SIZE}
    sizes |= {"engine": engine, "executor": executor}
    request = Request(path=asked.folder.path, storage=asked.storage, scale=scale)
    whole = part_of or asked.folder.path
    try:
        _carry_out(Console(), asked, request, sizes, whole, report=report)
    except STOPPED:
        interrupted(_kept(asked.folder, asked.storage, whole))


@dataclass(frozen=True)
class _Asked:
    """What is to be carried out, and where.

    Attributes
    ----------
    definition, notes
        Of the sweep, and what is worth knowing of how it was put together.
    objective
        What its trials are trained by.
    beside
        Folder of the file that defines it; None where the run folder does.
    folder
        Of the run.
    storage, url
        Address of the study as it was given, and as Optuna takes it.
    """

    definition: SweepDefinition
    notes: Sequence[str]
    objective: Objective
    beside: Path | None
    folder: RunFolder
    storage: str | None
    url: str

    @property
    def public(self) -> str | None:
        """Address of the study without its password."""
        return None if self.storage is None else masked(self.storage)

    @property
    def module(self) -> Path | None:
        """Folder in which the module of the user's function was found, to be remembered."""
        own = not self.objective.trains_networks or is_function(self.definition.dataset)
        if self.beside is None or not own:
            return None
        return RunFolder(self.beside).module_folder() or self.beside


def _asked(source: str | None, overrides: Overrides, out: Path | None, storage: str | None) -> _Asked:
    """Read what is asked for, and refuse what cannot be before there is a folder."""
    beside = None if source is None else Path(source).resolve().parent
    noted = RunFolder(out).module_folder() if beside is None and out is not None else beside
    look_in(module_folders(noted))
    definition, notes = definition_of(source, overrides, out)
    folder = RunFolder(out or Path("runs") / definition.name)
    looked_in = module_folders(folder.module_folder() if beside is None else beside)
    objective = objective_named(definition.objective, looked_in)
    storage = None if storage is None else absolute(storage)
    url = folder.storage_url(storage, None if storage is None else masked(storage))
    check_address(url)
    return _Asked(definition, notes, objective, beside, folder, storage, url)


def _carry_out(
    console: Console, asked: _Asked, request: Request, sizes: dict[str, Any], whole: Path, *, report: bool
) -> None:
    """Train what is missing and explain it, or say again what was explained before.

    Parameters
    ----------
    sizes
        ``workers``, ``population``, ``engine`` and ``executor`` of `sweeps.run.run`.
    whole
        Folder to go on in: that of all datasets where there are several.
    """
    folder, engine = asked.folder, sizes["engine"]
    new = folder.begin(asked.definition)
    sweep = _prepared(console, asked, new=new)
    announce(
        console, sweep, folder, asked.notes, engine_named(engine) if folder.untrained else folder.engine()
    )
    explaining = Explaining(folder, request, identity(sweep, request), report=report)
    if engine == AUTO and explaining.done():  # an engine that was named has to be that of the run
        _say_unused(console, sizes)
        console.print(complete(sweep.total), highlight=False)
        say_printed(console, folder.log)
        explaining.repeat(console)
        return
    trials = _trained(console, sweep, asked, sizes, whole, new=new)
    say_printed(console, folder.log)
    if explaining.done():
        _say_unused(console, sizes)
        explaining.repeat(console)
        return
    explaining.begin(console, sizes["workers"], len(trials), complete=len(trials) == sweep.total)


def _kept(folder: RunFolder, storage: str | None, whole: Path) -> str:
    """What is there of a sweep that was stopped before, or after, it trained; and how to go on.

    ``whole`` is the folder to go on in: that of all datasets where there are several.
    """
    again = f"python -m sensitivity sweep --out {whole}"
    if folder.definition() is None:
        return say("progress.nothing-begun")
    if storage is None and folder.untrained:
        return say("progress.nothing-recorded", folder=str(folder.path), command=again)
    return say("progress.kept", folder=str(folder.path), command=again)


def _say_unused(console: Console, sizes: Mapping[str, Any]) -> None:
    """Say that nothing is left to train on a cluster that was named."""
    if sizes["executor"] is not None:
        console.print(say("progress.cluster-unused"), highlight=False)


def _trained(
    console: Console,
    sweep: Sweep,
    asked: _Asked,
    sizes: Mapping[str, Any],
    whole: Path,
    *,
    new: bool,
) -> list[FinishedTrial]:
    """Train what is missing, with a bar; a ``new`` folder whose study cannot be opened is none any more."""
    opened = False

    def on_open(trials: Sequence[FinishedTrial]) -> None:
        nonlocal opened
        opened = True
        asked.folder.remember_storage(asked.public)
        progress.opened(trials)

    sign = -1.0 if sweep.definition.maximise else 1.0
    with SweepProgress(console, sweep.total, sign) as progress:
        try:
            heard: dict[str, Any] = {"on_record": progress.recorded, "on_note": progress.note}
            return run(sweep, asked.url, **sizes, on_open=on_open, **heard)
        except STOPPED:
            progress.stop()
            _interrupted(progress, whole)
        except SweepError:
            if new and not opened:
                asked.folder.discard()
            raise


def identity(sweep: Sweep, request: Request) -> list[str]:
    """All that decides what the trials of a sweep say, besides the trials themselves."""
    shown = replace(request, storage=None if request.storage is None else masked(request.storage))
    return [fingerprint(sweep.definition, sweep.objective), sweep.definition.to_toml(), repr(shown)]


def _prepared(console: Console, asked: _Asked, *, new: bool) -> Sweep:
    """The sweep made ready; a new folder in which it cannot be is none any more."""
    folder, objective, module = asked.folder, asked.objective, asked.module
    if not objective.trains_networks:
        loading = say("progress.loading", name=asked.definition.objective)
        console.print(loading, markup=False, highlight=False, soft_wrap=True)
    if isinstance(objective, FunctionObjective):
        objective.log = folder.log
    if new and module is not None:
        folder.remember_module(module)
    try:
        sweep = prepare(asked.definition, objective)
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
    again = f"python -m sensitivity sweep --out {folder}"
    interrupted(say("progress.recorded", done=tally.done, all=tally.total, command=again))


def _what_is_done(sweep: Sweep) -> str:
    """Length of a training and its data, or which objective is asked."""
    definition = sweep.definition
    if not sweep.objective.trains_networks:
        return say("progress.objective", name=definition.objective)
    classes = definition.data.classes
    return say(
        "progress.epochs-on",
        epochs=definition.epochs,
        data=label(definition.dataset),
        classes=", ".join(map(str, classes)) if classes else "all",
    )


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
        _what_is_done(sweep),
    ]
    if engine and sweep.work.on(engine).engine == engine:
        parts.append(say("progress.trained-by", engine=engine))
    rest = f": {', '.join(parts)} → {on_one_line(str(folder.path))}"
    console.print(Text.assemble((definition.name, "bold"), rest), soft_wrap=True)
    for remark in sweep.objective.remarks(definition):
        console.print(Text(on_one_line(remark)), soft_wrap=True)
    for note in (*notes, *sweep.objective.doubts(definition, sweep.space)):
        console.print(Text(on_one_line(say("progress.note", note=note))), soft_wrap=True)
    if (
        not definition.search
        and definition.search_sampler != type(definition).model_fields["search_sampler"].default
    ):
        console.print(say("progress.no-search", sampler=definition.search_sampler), soft_wrap=True)
    for name in sweep.space.never_active():
        note = say("progress.never-active", name=name)
        console.print(Text(on_one_line(say("progress.note", note=note))), soft_wrap=True)
