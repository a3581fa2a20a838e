"""The command line: parse, one library call, say where the result lies.

Everything heavy is imported inside the commands, so that ``--help`` answers at once.
"""

from __future__ import annotations

import errno
import sys
from pathlib import Path  # noqa: TC003 (typer reads annotations at run time)
from typing import Annotated

import typer
from rich.console import Console

from sensitivity import __version__
from sweeps.errors import SweepError

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

EXIT_MISTAKE = 2
# What the operating system refuses and the person at the keyboard can mend.
_MENDABLE = {
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.EROFS: "the file system is read-only",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EEXIST: "a file of that name is in the way",
    errno.ENOTDIR: "a part of the path is a file, not a folder",
    errno.EISDIR: "it is a folder",
    errno.ENAMETOOLONG: "the name is too long",
    errno.EFBIG: "the file would be too large",
}


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"sensitivity {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    """See how sensitive training is to the optimizer, the learning rate, β, the batch size and the schedule.

    [bold]Examples[/bold]

      python -m sensitivity sweep          default sweep: 6,172 networks, a minute
      python -m sensitivity sweep quick    ready-made sweep of ten seconds
      python -m sensitivity sweep mine.toml --out runs/mine
      python -m sensitivity list           all names there are to choose from
    """


@app.command()
def sweep(
    definition: Annotated[
        str | None,
        typer.Argument(
            help="A definition file (.toml) or the name of a ready-made sweep.", metavar="DEFINITION"
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Run folder. Default: runs/NAME.", metavar="DIR")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers",
            "-w",
            min=1,
            max=1024,
            help="Processes to train in; 1: this one. Default: one per core.",
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of everything random.", metavar="S")] = None,
    dataset: Annotated[
        str | None, typer.Option("--dataset", "-d", help="Dataset, as named by: list.", metavar="D")
    ] = None,
    design: Annotated[
        str | None,
        typer.Option(help="factorial, sobol, random, or an Optuna sampler such as tpe.", metavar="X"),
    ] = None,
    epochs: Annotated[
        int | None, typer.Option("--epochs", "-e", help="Epochs of each training.", metavar="E")
    ] = None,
    storage: Annotated[
        str | None,
        typer.Option(
            help="Optuna storage URL of the study. Default: a journal in the run folder.", metavar="URL"
        ),
    ] = None,
    assignments: Annotated[
        list[str] | None,
        typer.Option(
            "--set", "-s", help="Set any key of the definition; may be repeated.", metavar="KEY=VALUE"
        ),
    ] = None,
    population: Annotated[
        int | None,
        typer.Option(
            min=1, max=4096, help="Networks trained together at most. Changes speed, never a number."
        ),
    ] = None,
) -> None:
    """Train all networks of a sweep and rank the settings.

    Without a definition it is the default sweep: nine optimizers × eleven
    learning rates × three β × three batch sizes × four schedules on digits.
    In a folder that holds a run, the run is resumed.

    [bold]Examples[/bold]

      python -m sensitivity sweep --dataset moons --epochs 10
      python -m sensitivity sweep --set 'space.optimizer=["sgd", "adam"]'
      python -m sensitivity sweep sobol --set trials=5000 --seed 1 -o runs/mine
      python -m sensitivity sweep -o runs/digits     resume, or show it again
    """
    from sensitivity.sweep_command import Overrides, sweep_command  # noqa: PLC0415 (heavy)

    overrides = Overrides(
        seed=seed, dataset=dataset, design=design, epochs=epochs, assignments=assignments or []
    )
    sweep_command(definition, overrides, out, storage, workers=workers, population=population)


@app.command(name="list")
def list_everything() -> None:
    """List datasets, optimizers, schedules and ready-made sweeps, each with one line."""
    from sensitivity.catalogue import catalogue  # noqa: PLC0415 (heavy)

    for table in catalogue():
        Console().print(table)


def main() -> None:
    """Entry point: mistakes of the user become one sentence and exit code 2, bugs keep their traceback."""
    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        app()
    except SweepError as error:
        errors.print(f"Error: {error}", style="red", markup=False)
        sys.exit(EXIT_MISTAKE)
    except OSError as error:
        if error.errno not in _MENDABLE:
            raise
        where = f"{error.filename}: " if error.filename else ""
        errors.print(
            f"Error: {where}{_MENDABLE[error.errno]}. What was recorded before is kept.",
            style="red",
            markup=False,
        )
        sys.exit(EXIT_MISTAKE)
