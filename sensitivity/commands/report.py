"""What the command ``report`` does: anybody's trials → tables, pictures, one page."""

from __future__ import annotations

import shlex
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from rich.console import Console

from sensitivity.language import speaking
from sensitivity.reading.runs import runs_in
from sensitivity.reporting.workshop import Workshop, is_large
from sensitivity.request import repeated

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
    if request.path is not None and runs_in(request.path):
        from sensitivity.commands.compare import compare_command  # noqa: PLC0415 (heavy)

        compare_command([request.path], out or request.path)
        return
    with Workshop(early=is_large(request.path)) as workshop:
        _report(request, out, workshop)


def _report(request: Request, out: Path | None, workshop: Workshop) -> None:
    # Each is loaded when it is needed: workers, which are loading all of it, have the rest of the machine.
    from sensitivity.commands.first_screen import opened  # noqa: PLC0415
    from sensitivity.commands.goal import goal  # noqa: PLC0415

    folder = goal(request, out)
    console = Console()
    study = opened(console, request, folder, "report")
    workshop.take(study)

    from sensitivity.commands.summary import show, show_files  # noqa: PLC0415
    from sensitivity.reporting.results import write_report  # noqa: PLC0415

    told, shown = partial(show, console, study), partial(show_files, console)
    command, source = again(request, out), source_of(request)
    with speaking(voice=study.voice):
        write_report(
            folder, study, command, trials=True, source=source, workshop=workshop, told=told, shown=shown
        )


def source_of(request: Request) -> list[str]:
    """Words of a command line that name the trials, and how they are read; a password is masked."""
    from sweeps.urls import masked  # noqa: PLC0415 (heavy)

    if request.storage is not None:
        request = replace(request, storage=masked(request.storage))
    return repeated(request)


def again(request: Request, out: Path | None = None) -> str:
    """Command that makes the page of these trials again, its password masked."""
    words = ["report", *source_of(request), *([] if out is None else ["--out", str(out)])]
    return "python -m sensitivity " + " ".join(shlex.quote(word) for word in words)
