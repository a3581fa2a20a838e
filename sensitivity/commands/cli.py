"""The command line: parse, one library call, say where the result lies.

Everything heavy is imported inside the commands, so that ``--help`` answers at once.
"""

from __future__ import annotations

import errno
import io
import sys
from pathlib import Path  # noqa: TC003 (typer reads the annotations)
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

from sensitivity.commands import next_steps, rules
from sensitivity.commands.help import DATASET_WORDS, HELP
from sensitivity.commands.options import asked, check_alone
from sensitivity.commands.progress import (
    EXIT_TERMINATED,
    STOPPED,
    Terminated,
    answer_termination,
    check_interrupted,
    interrupted,
)
from sensitivity.commands.refusals import bounded, check_given_once, moved, parser, refusal
from sensitivity.language import say
from sensitivity.request import SCALE_WORDS, Request
from sensitivity.version import __version__
from sweeps.errors import MissingDataError, SweepError

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


@app.callback(help=HELP["sensitivity"])
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and stop.")
    ] = False,
) -> None:
    """What holds for every command."""


@app.command(help=HELP["sweep"])
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
        list[str] | None, typer.Option("--dataset", "-d", help=DATASET_WORDS, metavar="D")
    ] = None,
    target: Annotated[
        str | None,
        typer.Option("--target", "-t", help="Column to predict, of data of your own.", metavar="COLUMN"),
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
    engine: Annotated[
        str,
        typer.Option(
            help="What trains: numpy, numba (the extra fast), or auto: numba where it is installed. A run "
            "goes on with the one it was begun with.",
            metavar="E",
        ),
    ] = "auto",
    report: Annotated[bool, typer.Option(help="Draw the pictures and write report.html at the end.")] = True,
    scale: Annotated[str | None, typer.Option(help=SCALE_WORDS, metavar="SCALE")] = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            help="Train on a Dask cluster: tcp://HOST:PORT of its scheduler, or local:N.", metavar="ADDRESS"
        ),
    ] = None,
    share: Annotated[
        Path | None,
        typer.Option(
            help="Train together with all processes that are given this folder, on any machines.",
            metavar="DIR",
        ),
    ] = None,
) -> None:
    """Hand over to `sweep_command`, `share_command`, or for several datasets to `datasets_command`."""
    try:
        from sensitivity.commands.datasets import datasets_asked, datasets_command  # noqa: PLC0415 (heavy)
        from sensitivity.commands.overrides import Overrides  # noqa: PLC0415 (heavy)
        from sensitivity.commands.sweep import sweep_command  # noqa: PLC0415 (heavy)

        names = datasets_asked(definition, assignments or [], dataset or [], out or share)
        overrides = Overrides(
            seed=seed,
            dataset=names[0] if len(names) == 1 else None,
            target=target,
            design=design,
            epochs=epochs,
            assignments=assignments or [],
        )
        how: dict[str, Any] = {"workers": workers, "population": population, "report": report, "scale": scale}
        how["engine"] = engine
        if share is not None:
            check_alone(share, {"--out": out, "--storage": storage, "--cluster": cluster})
        if len(names) > 1:
            datasets_command(definition, overrides, names, out, storage, share=share, cluster=cluster, **how)
            return
        if share is None:
            sweep_command(definition, overrides, out, storage, cluster=cluster, **how)
            return
        from sensitivity.commands.sharing import share_command  # noqa: PLC0415 (heavy)

        share_command(definition, overrides, share, **how)
    except STOPPED:  # of a sweep that has begun it is said where it lies
        interrupted(say("progress.nothing-lost"))


@app.command(help=HELP["measure"])
@asked
def measure(request: Request, out: Path | None) -> None:
    """Hand over to `measure_command`."""
    from sensitivity.commands.measure import measure_command  # noqa: PLC0415 (heavy)

    measure_command(request, out)


@app.command(help=HELP["report"])
@asked
def report(
    request: Request,
    out: Path | None,
    datasets: Annotated[
        str | None,
        typer.Option(help="This column says on which dataset; all are explained together.", metavar="COLUMN"),
    ] = None,
) -> None:
    """Hand over to `report_command`, or of several datasets to `report_by_column`."""
    if datasets is not None:
        from sensitivity.commands.across import report_by_column  # noqa: PLC0415 (heavy)

        report_by_column(request, out, datasets)
        return
    from sensitivity.commands.report import report_command  # noqa: PLC0415 (heavy)

    report_command(request, out)


@app.command(help=HELP["show"])
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
    form: Annotated[
        str | None,
        typer.Option("--format", "-f", help="markdown, latex, json (every digit), or csv.", metavar="FORM"),
    ] = None,
    raw: Annotated[bool, typer.Option("--raw", help="The CSV file as it is: --format csv.")] = False,
) -> None:
    """Hand over to `show_command`."""
    from sensitivity.commands.show import show_command  # noqa: PLC0415 (heavy)

    show_command(run, table, branch, rows, "csv" if raw else form)


@app.command(help=HELP["cite"])
def cite(
    run: Annotated[Path, typer.Argument(help="A folder with tables.", metavar="RUN")],
    table: Annotated[str, typer.Argument(help="Name of a table.", metavar="TABLE")],
    row: Annotated[
        list[str] | None,
        typer.Argument(help="What the row holds: a setting, a branch, a level.", metavar="[ROW…]"),
    ] = None,
) -> None:
    """Hand over to `cite_command`."""
    from sensitivity.commands.cite import cite_command  # noqa: PLC0415 (heavy)

    cite_command(run, table, row or [])


@app.command(help=HELP["compare"])
def compare(
    runs: Annotated[list[Path], typer.Argument(help="Two or more run folders.", metavar="RUN RUN…")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write DIR/tables/comparison.csv too.", metavar="DIR")
    ] = None,
) -> None:
    """Hand over to `compare_command`."""
    from sensitivity.commands.compare import compare_command  # noqa: PLC0415 (heavy)

    compare_command(runs, out)


next_steps.add_to(app)
rules.add_to(app)


@app.command(name="list", help=HELP["list"])
def list_everything() -> None:
    """Print the catalogue."""
    from sensitivity.commands.catalogue import catalogue  # noqa: PLC0415 (heavy)

    for table in catalogue():
        Console().print(table)


def main() -> None:  # noqa: C901 (an end each)
    """Entry point: mistakes of the user become one sentence and exit code 2, bugs keep their traceback."""
    for stream in (
        sys.stdout,
        sys.stderr,
    ):  # a file's name need not be text, nor a terminal know every letter
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    answer_termination()
    try:
        check_given_once(app, sys.argv[1:])
        code = parser(app)(standalone_mode=False)
        check_interrupted(code)
    except typer.Abort:
        sys.exit(1)
    except Terminated:
        errors.print("Interrupted: what was recorded is kept, and the same command goes on.", markup=False)
        sys.exit(EXIT_TERMINATED)
    except SweepError as error:
        advice = moved(app, sys.argv[1:]) if isinstance(error, MissingDataError) else ""
        _refuse(errors, f"{error}{advice}")
    except OSError as error:
        if error.errno not in _MENDABLE:
            raise
        where = f"{error.filename}: " if error.filename else ""
        kept = "" if error.errno == errno.ENOENT else ". What was recorded before is kept."
        _refuse(errors, f"{where}{_MENDABLE[error.errno]}{kept}")
    except Exception as error:
        sentence = refusal(error, sys.argv[1:])
        if not sentence:
            raise
        _refuse(errors, sentence)
    if code:
        sys.exit(code)


def _refuse(errors: Console, sentence: str) -> NoReturn:
    """End with a sentence on what the user can mend."""
    errors.print(f"Error: {bounded(sentence)}", style="red", markup=False)
    sys.exit(EXIT_MISTAKE)
