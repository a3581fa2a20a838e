"""Commands that say what to run next: zoom into what is good, plan how sharp it will be.

As in `cli`, everything heavy is imported inside the commands.
"""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 (typer reads the annotations)
from typing import TYPE_CHECKING, Annotated, Final

import typer

from sensitivity.commands.help import HELP
from sensitivity.commands.options import asked
from sensitivity.request import Request  # noqa: TC001 (the same)

if TYPE_CHECKING:
    from collections.abc import Callable


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


_COMMANDS: Final[dict[str, Callable[..., None]]] = {"zoom": asked(zoom), "plan": plan}
