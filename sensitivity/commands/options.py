"""The options that ``measure`` and ``report`` share: which trials, and how a file of them is read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

Trials: TypeAlias = Annotated[
    Path | None,
    typer.Argument(help="A run folder, a CSV file, or the file of an Optuna study.", metavar="RUN|FILE"),
]
Storage: TypeAlias = Annotated[
    str | None, typer.Option(help="Storage URL of an Optuna study.", metavar="URL")
]
Study: TypeAlias = Annotated[
    str | None, typer.Option(help="Its name; not needed if it is the only one.", metavar="NAME")
]
Metric: TypeAlias = Annotated[
    str | None,
    typer.Option("--metric", "-m", help="Column of the CSV file that is the result.", metavar="COLUMN"),
]
Out: TypeAlias = Annotated[
    Path | None,
    typer.Option("--out", "-o", help="Where the results go. Default: the run folder.", metavar="DIR"),
]
Cap: TypeAlias = Annotated[
    float | None,
    typer.Option(
        help="Value that a diverged trial counts with. Default: the worst finite one.", metavar="VALUE"
    ),
]
Tolerance: TypeAlias = Annotated[
    float | None,
    typer.Option(
        help="Part of the way from best to a constant guess, or median, that is still good. Default: 0.1.",
        metavar="P",
    ),
]
Maximize: TypeAlias = Annotated[
    bool, typer.Option("--maximize", "--maximise", help="Higher is better in the CSV file.")
]
Objective: TypeAlias = Annotated[
    str | None, typer.Option(help="Which of a study's objectives, counted from 0.", metavar="I")
]
Setting: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(help="Only these columns are settings; may be repeated.", metavar="COLUMN"),
]
Ignore: TypeAlias = Annotated[
    list[str] | None, typer.Option(help="This column is no setting; may be repeated.", metavar="COLUMN")
]
Log: TypeAlias = Annotated[
    list[str] | None, typer.Option(help="This column has a logarithmic scale.", metavar="COLUMN")
]
Linear: TypeAlias = Annotated[
    list[str] | None, typer.Option(help="This column has a linear scale.", metavar="COLUMN")
]
