"""What the command ``measure`` does: anybody's trials → tables, and a ranking to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console

from sensitivity.commands.first_screen import show_reading
from sensitivity.commands.summary import early_look, first_look, show, show_files
from sensitivity.reading.opening import NOTHING, open_study
from sensitivity.reading.result_folders import is_result_folder
from sensitivity.reporting.results import make_folder, write_tables
from sweeps.errors import StudyError
from sweeps.run_folder import RunFolder

if TYPE_CHECKING:
    from pathlib import Path

    from sensitivity.request import Request


def measure_command(request: Request, out: Path | None) -> None:
    """Read trials, compute all measures, write their tables and show the ranking.

    Raises
    ------
    SweepError
        One sentence on what the user can mend.
    """
    folder = goal(request, out)
    console = Console()
    looked_at = early_look(console, request)
    study = open_study(request)
    make_folder(folder)
    show_reading(console, study, request, "measure")
    if not looked_at:
        first_look(console, study)
    results = write_tables(folder, study, trials=not own_folder(request, folder))
    show(console, study, results)
    show_files(console, results)


def goal(request: Request, out: Path | None) -> RunFolder:
    """Folder of the results: the one named, or a run's own.

    Raises
    ------
    StudyError
        When neither is known.
    """
    if out is not None:
        return RunFolder(out)
    if request.path is not None and (not request.path.exists() or _is_run(request.path)):
        return RunFolder(request.path)
    if request.path is None and request.storage is None:
        raise StudyError(NOTHING)
    raise StudyError("say where the tables shall go: --out DIR")


def _is_run(path: Path) -> bool:
    """Whether results may lie in the folder given: it is a run of ours, or nothing known."""
    return path.is_dir() and not is_result_folder(path)


def own_folder(request: Request, folder: RunFolder) -> bool:
    """Whether the results go to the run that they are of, which has a table of its trials."""
    return request.path is not None and folder.path.resolve() == request.path.resolve()
