"""Files of results: complete or not there, and always the same bytes."""

from __future__ import annotations

import csv
import os
import tempfile
from numbers import Integral, Real
from pathlib import Path
from typing import TYPE_CHECKING

from sensitivity.trials import SECONDS
from sensitivity.words import exact

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd


def write_csv(table: pd.DataFrame, path: Path | str) -> None:
    r"""Write a table as CSV: complete or not at all, and always the same bytes.

    UTF-8, lines end in ``\n``, no index; numbers as in `numerals.exact`, seconds with four decimals,
    booleans as true and false. A temporary file in the same folder takes the place of the old one at the
    end, so a reader never sees half a file.
    """
    goal = Path(path)
    handle, name = tempfile.mkstemp(dir=goal.parent, prefix=f".{goal.name}.", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(table.columns)
            writer.writerows(zip(*(csv_texts(str(name), table[name]) for name in table.columns), strict=True))
        temporary.chmod(_permissions())
        temporary.replace(goal)
    finally:
        temporary.unlink(missing_ok=True)


def _permissions() -> int:
    """Permissions an ordinary new file would have; a temporary file is private to its owner."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def csv_texts(name: str, column: pd.Series) -> Iterable[str]:
    """What a column of a table is in its CSV file."""
    for value, missing in zip(column.tolist(), column.isna().tolist(), strict=True):
        if missing:
            yield ""
        elif name == SECONDS:
            yield f"{value:.4f}"
        elif isinstance(value, bool):
            yield "true" if value else "false"
        elif isinstance(value, Real) and not isinstance(value, Integral):
            yield exact(float(value))
        else:
            yield str(value)
