"""Commands that look at the rules themselves: find a rate, A against B, claims, paths on a surface.

As in `cli`, everything heavy is imported inside the commands.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from sensitivity.commands.help import DATASET_WORDS, HELP

if TYPE_CHECKING:
    from collections.abc import Callable


def add_to(app: typer.Typer) -> None:
    """Register them, in the order in which the help lists them."""
    for name, command in _COMMANDS.items():
        app.command(name=name, help=HELP[name])(command)


def lr_find(
    run: Annotated[
        Path | None,
        typer.Argument(help="Run folder of a sweep, to lay the suggestion over its valley.", metavar="RUN"),
    ] = None,
    run_option: Annotated[Path | None, typer.Option("--run", help="The same.", metavar="RUN")] = None,
    dataset: Annotated[
        str | None,
        typer.Option("--dataset", "-d", help=f"{DATASET_WORDS} Default: digits.", metavar="D"),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option("--target", "-t", help="Column to predict, of data of your own.", metavar="COLUMN"),
    ] = None,
    optimizers: Annotated[
        list[str] | None,
        typer.Option("--optimizer", help="Update rule; may be repeated. Default: all.", metavar="O"),
    ] = None,
    replicates: Annotated[
        int | None, typer.Option("--replicates", min=1, max=1000, help="Seeds. Default: 5.", metavar="R")
    ] = None,
    lowest: Annotated[float | None, typer.Option(help="First rate. Default: 1e-6.", metavar="R")] = None,
    highest: Annotated[float | None, typer.Option(help="Last rate. Default: 100.", metavar="R")] = None,
    steps: Annotated[
        int | None,
        typer.Option(
            help="Length of the ramp. Default: 800, on small data less: at most 20 epochs.", metavar="N"
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of everything random.", metavar="S")] = None,
    assignments: Annotated[
        list[str] | None,
        typer.Option(
            "--set", "-s", help="Set any key of a definition; may be repeated.", metavar="KEY=VALUE"
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Where results go. Default: lr-find/DATASET.", metavar="DIR"),
    ] = None,
) -> None:
    """Hand over to `lr_find_command`."""
    from sensitivity.commands.lr_find import lr_find_command  # noqa: PLC0415 (heavy)
    from sensitivity.commands.overrides import Overrides  # noqa: PLC0415 (heavy)

    overrides = Overrides(seed=seed, dataset=dataset, target=target, assignments=assignments or [])
    how: dict[str, Any] = {"replicates": replicates, "ends": (lowest, highest), "steps": steps}
    lr_find_command(run or run_option, optimizers or [], overrides, out, **how)


def versus(
    one: Annotated[str, typer.Argument(help="A level of the setting.", metavar="A")],
    other: Annotated[str, typer.Argument(help="Another level.", metavar="B")],
    runs: Annotated[list[Path], typer.Argument(help="Run folders, or any trials.", metavar="RUN…")],
    setting: Annotated[
        str | None, typer.Option(help="Whose levels they are. Default: the optimizer.", metavar="NAME")
    ] = None,
    metric: Annotated[
        str | None, typer.Option("--metric", "-m", help="Column of a table that is the result.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write DIR/tables/versus.csv too.", metavar="DIR")
    ] = None,
) -> None:
    """Hand over to `versus_command`."""
    from sensitivity.commands.versus import versus_command  # noqa: PLC0415 (heavy)

    versus_command(one, other, runs, setting, metric, out)


def claims(
    names: Annotated[
        list[str] | None, typer.Argument(help="Claims. Default: all.", metavar="[ID]…", show_default=False)
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder. Default: runs/claims.", metavar="DIR")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of everything random.", metavar="S")] = 0,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers", "-w", min=1, max=1024, help="Processes to train in. Default: one per core."
        ),
    ] = None,
) -> None:
    """Hand over to `claims_command`."""
    from sensitivity.commands.claims import claims_command  # noqa: PLC0415 (heavy)

    claims_command(names or [], out, seed, workers)


def trajectories(
    surface: Annotated[
        str | None,
        typer.Option(help="Which surface; see above. Default: the usual textbook picture.", metavar="S"),
    ] = None,
    optimizers: Annotated[
        list[str] | None,
        typer.Option("--optimizer", help="Update rule; may be repeated. Default: six of them.", metavar="O"),
    ] = None,
    rate: Annotated[
        float | None,
        typer.Option(help="Learning rate of all. Default: one that suits each.", metavar="R"),
    ] = None,
    start: Annotated[
        tuple[float, float] | None, typer.Option(help="Where they begin.", metavar="X Y")
    ] = None,
    steps: Annotated[int | None, typer.Option(help="How many steps.", metavar="N")] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Where the pictures go. Default: trajectories.", metavar="DIR"),
    ] = None,
) -> None:
    """Hand over to `trajectories_command`."""
    from sensitivity.commands.trajectories import trajectories_command  # noqa: PLC0415 (heavy)

    out = Path("trajectories") if out is None else out
    trajectories_command(surface, optimizers or [], out, rate=rate, start=start, steps=steps)


_COMMANDS: Final[dict[str, Callable[..., None]]] = {
    "lr-find": lr_find,
    "versus": versus,
    "claims": claims,
    "trajectories": trajectories,
}
