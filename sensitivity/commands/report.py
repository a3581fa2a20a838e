"""What the command ``report`` does: anybody's trials → tables, pictures, one page."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from rich.console import Console

from sensitivity.commands.measure import open_trials
from sensitivity.commands.summary import show
from sensitivity.report.results import write_report
from sweeps.storages import masked

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sensitivity.commands.measure import Asked


def report_command(asked: Asked, out: Path | None) -> None:
    """Read trials, measure, draw, write the page and show the ranking.

    Raises
    ------
    SweepError
        One sentence on what the user can mend.
    """
    opened = open_trials(asked, out)
    results = write_report(opened.folder, opened.study, _command(asked, out), trials=True)
    show(Console(), opened.study, results)


def again(folder: Path, storage: str | None = None) -> str:
    """Command that makes the page of a run folder again; ``storage``: its URL without the password."""
    return _joined(["report", str(folder)], {"--storage": storage})


def _command(asked: Asked, out: Path | None) -> str:
    """The command line that was typed, its password masked."""
    reading = asked.reading
    options = {
        "--storage": None if asked.storage is None else masked(asked.storage),
        "--study": asked.study,
        "--metric": asked.metric,
        "--cap": reading.cap,
        "--tolerance": asked.tolerance,
        "--maximize": reading.maximise,
        "--objective": asked.objective,
        "--setting": reading.settings,
        "--ignore": reading.ignore,
        "--log": reading.log,
        "--linear": reading.linear,
        "--out": out,
    }
    return _joined(["report", *([] if asked.path is None else [str(asked.path)])], options)


def _joined(words: list[str], options: Mapping[str, object]) -> str:
    for name, value in options.items():
        if value is True:
            words.append(name)
        elif isinstance(value, list | tuple):
            words += [word for item in value for word in (name, str(item))]
        elif value is not None and value is not False:
            words += [name, str(value)]
    return "python -m sensitivity " + " ".join(shlex.quote(word) for word in words)
