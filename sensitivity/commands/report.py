"""What the command ``report`` does: anybody's trials → tables, pictures, one page."""

from __future__ import annotations

import shlex
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from rich.console import Console

from sensitivity.commands.first_screen import show_reading
from sensitivity.commands.measure import goal
from sensitivity.commands.summary import first_look, show, show_files
from sensitivity.reading.opening import open_study
from sensitivity.reporting.results import make_folder, write_report
from sensitivity.request import repeated
from sweeps.urls import masked

if TYPE_CHECKING:
    from pathlib import Path

    from sensitivity.request import Request


def report_command(request: Request, out: Path | None) -> None:
    """Read trials, measure, draw, write the page and show the ranking.

    Raises
    ------
    SweepError
        One sentence on what the user can mend.
    """
    folder = goal(request, out)
    study = open_study(request)
    make_folder(folder)
    console = Console()
    show_reading(console, study, request, "report")
    first_look(console, study)
    told = partial(show, console, study)
    show_files(console, write_report(folder, study, again(request, out), trials=True, told=told))


def again(request: Request, out: Path | None = None) -> str:
    """Command that makes the page of these trials again, its password masked."""
    if request.storage is not None:
        request = replace(request, storage=masked(request.storage))
    words = ["report", *repeated(request), *([] if out is None else ["--out", str(out)])]
    return "python -m sensitivity " + " ".join(shlex.quote(word) for word in words)
