"""What the command ``versus`` does: two levels of a setting, in any trials → who wins, by how much."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sensitivity.commands.compare import short_names
from sensitivity.commands.terminal import plain
from sensitivity.files import make_folder, write_csv
from sensitivity.measures.versus import COLUMNS, sentences, versus
from sensitivity.reading.opening import open_study
from sensitivity.reporting.shown import cells
from sensitivity.request import Request
from sweeps.errors import StudyError
from sweeps.run_folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd


def versus_command(
    one: str, other: str, runs: Sequence[Path], setting: str | None, metric: str | None, out: Path | None
) -> None:
    """Set one level of a setting against another.

    Raises
    ------
    SweepError
        One sentence on what the user can mend.
    """
    if not runs:
        raise StudyError(f"there is nothing to look at; name a run: versus {one} {other} RUN")
    named = short_names(runs).items()
    studies = {name: open_study(Request(path=path, metric=metric)) for name, path in named}
    chosen = setting or next(iter(studies.values())).branch
    table = versus(studies, chosen, one, other)
    console = Console()
    console.print(_text(table))
    for sentence in sentences(table, one, other):
        console.print(Text(plain(sentence)))
    if out is not None:
        folder = RunFolder(out)
        make_folder(folder)
        write_csv(table, folder.tables / "versus.csv")
        console.print(f"→ {folder.tables / 'versus.csv'}", markup=False, highlight=False, soft_wrap=True)


def _text(table: pd.DataFrame) -> Table:
    """Table as the terminal shows it."""
    columns = [column for column in COLUMNS if column.shown]
    drawn = Table(box=None, pad_edge=False, padding=(0, 1), header_style="bold")
    for column in columns:
        drawn.add_column(column.words, justify="right" if column.numeric else "left", overflow="fold")
    for row in cells(table, columns):
        drawn.add_row(*(Text(plain(cell.text)) for cell in row))
    return drawn
