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

from sensitivity.commands.options import asked
from sensitivity.request import Request  # noqa: TC001 (typer reads annotations at run time)
from sensitivity.version import __version__
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
    errno.ENOENT: "it is not there any more, moved or deleted while it was in use",
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

      python -m sensitivity sweep          default sweep: 6,172 networks, a minute or so
      python -m sensitivity sweep quick    ready-made sweep of a quarter of a minute
      python -m sensitivity sweep mine.toml --out runs/mine
      python -m sensitivity measure trials.csv --metric loss --out measured
      python -m sensitivity report mine.db --out reported
      python -m sensitivity show runs/digits tolerance
      python -m sensitivity compare runs/digits runs/moons
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
    report: Annotated[bool, typer.Option(help="Draw the pictures and write report.html at the end.")] = True,
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
    from sensitivity.commands.sweep import Overrides, sweep_command  # noqa: PLC0415 (heavy)

    overrides = Overrides(
        seed=seed, dataset=dataset, design=design, epochs=epochs, assignments=assignments or []
    )
    sweep_command(definition, overrides, out, storage, workers=workers, population=population, report=report)


@app.command()
@asked
def measure(request: Request, out: Path | None) -> None:
    """Measure how sensitive a result is to each setting, from trials that anybody made.

    Trials come from a run folder (also while its sweep is running), from any
    Optuna study, or from a CSV file with a column per setting and one for the
    result. Reading changes nothing. One table per measure goes to DIR/tables.

    [bold]Examples[/bold]

      python -m sensitivity measure runs/digits
      python -m sensitivity measure --storage sqlite:///a.db --study mine -o out
      python -m sensitivity measure a.csv --metric accuracy --maximize -o out
      python -m sensitivity measure a.csv -m loss --cap 2.3 --log lr -o out
    """
    from sensitivity.commands.measure import measure_command  # noqa: PLC0415 (heavy)

    measure_command(request, out)


@app.command()
@asked
def report(request: Request, out: Path | None) -> None:
    """Explain trials that anybody made: tables, pictures and one HTML page.

    Takes what measure takes: a run folder, any Optuna study, or a CSV file.
    DIR gets report.html, which opens in any browser and loads nothing, tables/
    and figures/. A sweep writes the same at its end.

    [bold]Examples[/bold]

      python -m sensitivity report runs/digits
      python -m sensitivity report --storage sqlite:///a.db --study mine -o out
      python -m sensitivity report a.csv --metric accuracy --maximize -o out
    """
    from sensitivity.commands.report import report_command  # noqa: PLC0415 (heavy)

    report_command(request, out)


@app.command()
def show(
    run: Annotated[Path, typer.Argument(help="A folder with tables.", metavar="RUN")],
    table: Annotated[
        str | None, typer.Argument(help="Name of a table; without: what there is.", metavar="TABLE")
    ] = None,
    branch: Annotated[
        str | None,
        typer.Option("--branch", "-b", help="Only rows of this branch: all, adam, sgd, …", metavar="B"),
    ] = None,
    rows: Annotated[
        int | None, typer.Option("--rows", "-n", min=1, help="Rows at most. Default: all.", metavar="N")
    ] = None,
    raw: Annotated[bool, typer.Option("--raw", help="The CSV file as it is.")] = False,
) -> None:
    """Print any table of a run, or the list of them.

    [bold]Examples[/bold]

      python -m sensitivity show runs/digits
      python -m sensitivity show runs/digits tolerance --branch adam
      python -m sensitivity show runs/digits trials --rows 20
    """
    from sensitivity.commands.show import show_command  # noqa: PLC0415 (heavy)

    show_command(run, table, branch, rows, raw=raw)


@app.command()
def compare(
    runs: Annotated[list[Path], typer.Argument(help="Two or more run folders.", metavar="RUN RUN…")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write DIR/tables/comparison.csv too.", metavar="DIR")
    ] = None,
) -> None:
    """Rank the settings of several runs side by side.

    [bold]Examples[/bold]

      python -m sensitivity compare runs/digits runs/moons
      python -m sensitivity compare runs/* -o compared
    """
    from sensitivity.commands.compare import compare_command  # noqa: PLC0415 (heavy)

    compare_command(runs, out)


@app.command(name="list")
def list_everything() -> None:
    """List datasets, optimizers, schedules and ready-made sweeps, each with one line."""
    from sensitivity.commands.catalogue import catalogue  # noqa: PLC0415 (heavy)

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
        kept = "" if error.errno == errno.ENOENT else ". What was recorded before is kept."
        errors.print(
            f"Error: {where}{_MENDABLE[error.errno]}{kept}",
            style="red",
            markup=False,
        )
        sys.exit(EXIT_MISTAKE)
