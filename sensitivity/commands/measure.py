"""What the command ``measure`` does: anybody's trials → tables, and a ranking to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console

from sensitivity.commands.first_screen import opened
from sensitivity.commands.goal import goal, own_folder
from sensitivity.commands.report import source_of
from sensitivity.commands.summary import show, show_files
from sensitivity.reporting.results import write_tables

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
    study = opened(console, request, folder, "measure")
    results = write_tables(folder, study, trials=not own_folder(request, folder), source=source_of(request))
    show(console, study, results, page=False)
    show_files(console, results)
