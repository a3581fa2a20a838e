"""Commands for what comes after a sweep: the next one, how sharp it will be, its best again and as code.

As in `cli`, everything heavy is imported inside the commands.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sensitivity.commands.help import HELP
from sensitivity.commands.options import asked
from sensitivity.request import Request

if TYPE_CHECKING:
    from collections.abc import Callable

_Run = Annotated[Path, typer.Argument(help="Run folder of a sweep.", metavar="RUN")]
_Storage = Annotated[
    str | None,
    typer.Option(help="Optuna storage URL of the study, if the folder does not tell.", metavar="URL"),
]


def add_to(app: typer.Typer) -> None:
    """Register them, in the order in which the help lists them."""
    for name, command in _COMMANDS.items():
        app.command(name=name, help=HELP[name])(command)


def zoom(
    request: Request,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write it to this file too.", metavar="FILE")
    ],
    *,
    how: Annotated[
        str | None,
        typer.Option("--as", help="toml, or optuna: code. Default: by the trials.", metavar="toml|optuna"),
    ] = None,
) -> None:
    """Hand over to `zoom_command`."""
    from sensitivity.commands.zoom import zoom_command  # noqa: PLC0415 (heavy)

    zoom_command(request, out, how)


def plan(
    source: Annotated[
        str | None,
        typer.Argument(
            help="A definition, a ready-made sweep, or a run folder. Default: digits.",
            metavar="DEFINITION|RUN",
        ),
    ] = None,
    within: Annotated[
        float | None,
        typer.Option(
            min=0.01,
            max=50,
            help="Half width wanted of every interval, in percentage points. Default: 5.",
            metavar="P",
        ),
    ] = None,
    more: Annotated[
        int | None, typer.Option(min=1, help="Trials more, of a run. Default: 400.", metavar="N")
    ] = None,
) -> None:
    """Hand over to `plan_command`."""
    from sensitivity.commands.plan import plan_command  # noqa: PLC0415 (heavy)

    plan_command(source, within, more)


def confirm(
    run: _Run,
    top: Annotated[
        int, typer.Option("--top", min=1, max=100, help="How many of the best by mean.", metavar="K")
    ] = 5,
    replicates: Annotated[
        int, typer.Option("--replicates", min=2, max=1000, help="Fresh seeds of each.", metavar="R")
    ] = 10,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers", "-w", min=1, max=1024, help="Processes to train in. Default: one per core."
        ),
    ] = None,
    storage: _Storage = None,
) -> None:
    """Hand over to `confirm_command`."""
    from sensitivity.commands.confirm import confirm_command  # noqa: PLC0415 (heavy)

    confirm_command(run, top, replicates, workers, storage)


def best(
    path: Annotated[
        Path,
        typer.Argument(help="Run folder, table of trials, or file of an Optuna study.", metavar="RUN|FILE"),
    ],
    framework: Annotated[
        str | None, typer.Option("--as", help="Code of: keras, torch, optax, sklearn, toml.", metavar="F")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Folder of the code (best.py). Default: print it.", metavar="DIR"),
    ] = None,
    fit: Annotated[
        Path | None,
        typer.Option(help="Fit on all examples, store with joblib.", metavar="FILE"),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(help="confirmed, forgiving or mean. Default: confirmed if it was.", metavar="X"),
    ] = None,
    metric: Annotated[
        str | None, typer.Option("--metric", "-m", help="Column of a table that is the result.")
    ] = None,
    storage: _Storage = None,
) -> None:
    """Hand over to `best_command`."""
    from sensitivity.commands.best import best_command  # noqa: PLC0415 (heavy)

    best_command(path, framework, out, fit, by, Request(path=path, storage=storage, metric=metric))


_COMMANDS: Final[dict[str, Callable[..., None]]] = {
    "zoom": asked(zoom),
    "plan": plan,
    "confirm": confirm,
    "best": best,
}
