"""What the command ``sweep`` does: definition and overrides → run folder → trained → tables and pictures."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape

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
    from collections.abc import Callable, Sequence
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
        return say("progress.nothing-begun")
    if storage is None and folder.untrained:
        return say("progress.nothing-recorded", folder=str(folder.path), command=again)
    return say("progress.kept", folder=str(folder.path), command=again)


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
    console.print(
        f"[bold]{escape(definition.name)}[/bold]: {escape(', '.join(parts))} → {escape(str(folder.path))}",
        highlight=False,
        soft_wrap=True,
    )
    for remark in sweep.objective.remarks(definition):
        console.print(remark, markup=False, highlight=False, soft_wrap=True)
    for note in (*notes, *sweep.objective.doubts(definition, sweep.space)):
        console.print(say("progress.note", note=note), markup=False, highlight=False, soft_wrap=True)
    if (
        not definition.search
        and definition.search_sampler != type(definition).model_fields["search_sampler"].default
    ):
        console.print(say("progress.no-search", sampler=definition.search_sampler), soft_wrap=True)
    for name in sweep.space.never_active():
        note = say("progress.never-active", name=name)
        console.print(say("progress.note", note=note), soft_wrap=True)
