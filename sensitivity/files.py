"""Files of results: complete or not there, and always the same bytes."""

from __future__ import annotations

import csv
from contextlib import contextmanager
from glob import escape
from numbers import Integral, Real
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.trials import SECONDS
from sensitivity.words import exact, exact_texts
from sweeps.errors import StudyError
from sweeps.owner import Owner, remove_left
from sweeps.run_folder import no_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import IO

    import pandas as pd

    from sweeps.run_folder import RunFolder

_LONGEST: Final = 100  # letters of a file's name that its half has: with the writer's it must not be too long


def write_csv(table: pd.DataFrame, path: Path | str) -> None:
    r"""Write a table as CSV: complete or not at all, and always the same bytes.

    UTF-8, lines end in ``\n``, no index; numbers as in `numerals.exact`, seconds with four decimals,
    booleans as true and false.
    """
    goal = Path(path)
    with whole(goal) as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(table.columns)
        writer.writerows(zip(*(csv_texts(str(name), table[name]) for name in table.columns), strict=True))


@contextmanager
def whole(goal: Path) -> Iterator[IO[str]]:
    """Text of a file that takes its place when it is complete, and not before.

    It is written beside it, under a name of this process: two may write the same file. What a killed one left
    is removed by the next.
    A file's name need not be text; what of it is none is written as the escape that Python shows.
    """
    begin = f".{goal.name[:_LONGEST]}."
    remove_left(goal.parent, f"{escape(begin)}*.part")
    temporary = goal.with_name(f"{begin}{Owner.me()}.part")
    try:
        with temporary.open("w", encoding="utf-8", errors="backslashreplace", newline="") as stream:
            yield stream
        temporary.replace(goal)
    finally:
        temporary.unlink(missing_ok=True)


def csv_texts(name: str, column: pd.Series) -> Iterable[str]:
    """What a column of a table is in its CSV file."""
    if name != SECONDS and isinstance(column.dtype, np.dtype) and column.dtype.kind in "fi":
        return exact_texts(column.to_numpy())
    return _texts(name, column)


def _texts(name: str, column: pd.Series) -> Iterator[str]:
    """The same cell by cell, whatever they hold."""
    values = column.tolist()
    if {*map(type, values)} == {str}:
        yield from values
        return
    for value, missing in zip(values, column.isna().tolist(), strict=True):
        if isinstance(value, str):  # first, because asking for Real takes long
            yield "" if missing else str(value)
        elif missing:
            yield ""
        elif name == SECONDS:
            yield f"{value:.4f}"
        elif isinstance(value, bool):
            yield "true" if value else "false"
        elif isinstance(value, int):  # before Real as well
            yield str(value)
        elif isinstance(value, Real) and not isinstance(value, Integral):
            yield exact(float(value))
        else:
            yield str(value)


def make_folder(folder: RunFolder) -> None:
    """Make the folder of the tables before anything is measured: minutes later is too late.

    Raises
    ------
    StudyError
        When it cannot be made.
    """
    try:
        for path in (folder.tables, folder.figures):
            path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StudyError(no_folder(folder.path, error)) from None
