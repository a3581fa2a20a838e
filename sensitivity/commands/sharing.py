"""What ``sweep --share`` does: train together with other processes; one of them records and explains."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console

from sensitivity.commands.explaining import Explaining
from sensitivity.commands.overrides import DEFAULT_SWEEP, definition_of
from sensitivity.commands.progress import STOPPED, SweepProgress, interrupted
from sensitivity.commands.sweep import announce, identity, say_printed
from sensitivity.language import say
from sensitivity.request import Request, check_scale
from sweeps.engines import AUTO, engine_named
from sweeps.errors import StudyError
from sweeps.execution import cores
from sweeps.functions import FunctionObjective
from sweeps.objectives import objective_named
from sweeps.owner import Owner
from sweeps.returned_data import look_in
from sweeps.run import prepare
from sweeps.run_folder import RunFolder, module_folders
from sweeps.shared_folder import SharedFolder
from sweeps.shared_terms import join, shared_definition, shared_engine
from sweeps.sharing import Member
from sweeps.tasks import POPULATION_SIZE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sensitivity.commands.overrides import Overrides
    from sweeps.definition import SweepDefinition
    from sweeps.objective import Objective
    from sweeps.run import Sweep

SHARED: Final = "shared"  # folder of what the processes tell each other, in the folder they share
RUN: Final = "run"  # and the run folder
PRINTED: Final = "printed"  # and what a function of the user's printed, a file per process


def share_command(
    source: str | None,
    overrides: Overrides,
    share: Path,
    *,
    workers: int | None,
    population: int | None,
    report: bool = True,
    scale: str | None = None,
    engine: str = AUTO,
) -> None:
    """Train a sweep together with all others that share the folder, and say where its result is.

    Raises
    ------
    SweepError
        One sentence on what the user can mend.
    """
    if scale is not None:
        check_scale(scale)
    engine_named(engine)  # refused before there is a folder
    console, run = Console(), RunFolder(share / RUN)
    _check_folder(share)
    beside = None if source is None else Path(source).resolve().parent
    folders = module_folders(beside)
    look_in(folders)
    folder = SharedFolder(share / SHARED)
    definition, notes = _definition(source, overrides, folder)
    objective = objective_named(definition.objective, folders)
    with _printing(console, share, objective):
        sweep = prepare(definition, objective)
        sweep = replace(sweep, work=sweep.work.on(shared_engine(folder, engine)))
        join(sweep, folder)
        announce(console, sweep, run, notes, sweep.work.engine)
        request = Request(path=run.path, scale=scale)
        explaining = Explaining(run, request, identity(sweep, request), report=report)
        sizes = workers or cores(), population or POPULATION_SIZE
        if _trains_and_records(console, sweep, folder, explaining, sizes):
            return
    _check_is_there(run, folder)
    which = "report.html" if (run.path / "report.html").is_file() else "tables"
    console.print(f"→ {run.path / which}", markup=False, highlight=False, soft_wrap=True)


@contextmanager
def _printing(console: Console, share: Path, objective: Objective) -> Iterator[None]:
    """Keep what a function of the user's prints in this process and its workers; at the end say where."""
    log = share / PRINTED / f"{Owner.me()}.log"
    if not isinstance(objective, FunctionObjective):
        yield
        return
    log.parent.mkdir(parents=True, exist_ok=True)
    objective.log = log
    try:
        yield
    finally:
        say_printed(console, log)
        with suppress(OSError):  # it is empty, or others have printed
            log.parent.rmdir()


def _trains_and_records(
    console: Console, sweep: Sweep, folder: SharedFolder, explaining: Explaining, sizes: tuple[int, int]
) -> bool:
    """Train with the others until all is done; True for the one process that recorded and explained."""
    run = explaining.folder
    sign = -1.0 if sweep.definition.maximise else 1.0
    with SweepProgress(console, sweep.total, sign) as progress:
        folder.on_note = progress.note
        member = Member(sweep, folder, *sizes, progress.recorded, progress.elsewhere, progress.note)
        try:
            with folder:
                member.train()
                while member.is_recorder():
                    run.adopt(sweep.definition)
                    if member.record(run.storage_url(None, None)) is None:
                        continue
                    progress.stop()
                    explaining.begin(console, sizes[0], sweep.total, complete=True)
                    member.recorded()
                    return True
        except STOPPED:
            progress.stop()
            share = folder.path.parent
            again = f"python -m sensitivity sweep --share {share}"
            interrupted(say("progress.others-go-on", command=again))
    return False


def _definition(
    source: str | None, overrides: Overrides, folder: SharedFolder
) -> tuple[SweepDefinition, list[str]]:
    """The definition asked for; the folder alone means the one that is shared there."""
    if source is None and not overrides.any:
        known = shared_definition(folder)
        if known is not None:
            return known, []
        definition, notes = definition_of(source, overrides, None)
        nothing = f"nothing is shared in {folder.path.parent} yet: this is the default sweep {DEFAULT_SWEEP}."
        return definition, [nothing, *notes]
    return definition_of(source, overrides, None)


def _check_is_there(run: RunFolder, folder: SharedFolder) -> None:
    """What was recorded may have been taken away since."""
    if not run.journal.is_file() or not run.tables.is_dir():
        raise StudyError(
            f"this sweep is done, but its results are not in {run.path} any more; put the folder back, or "
            f"delete {folder.path} and give the same command to train it again"
        )


def _check_folder(share: Path) -> None:
    """A folder that holds something else is not taken."""
    if share.exists() and not share.is_dir():
        raise StudyError(f"{share} is not a folder; give another with --share")
    ours = {SHARED, RUN, PRINTED}
    if share.is_dir() and any(path.name not in ours and path.name[:1] != "." for path in share.iterdir()):
        raise StudyError(f"{share} holds other files; choose a new folder with --share")
