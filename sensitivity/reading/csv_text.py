"""The text of a CSV file → named columns of cells; whatever is wrong with it is one sentence."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sensitivity.words import offer
from sweeps.errors import StudyError, shown

if TYPE_CHECKING:
    from pathlib import Path

_DELIMITERS: Final = (",", ";", "\t")  # the first that the header has


@dataclass(frozen=True)
class TextTable:
    """Columns of a file by name, all of equal length."""

    path: Path
    columns: dict[str, list[str]]

    @property
    def names(self) -> list[str]:
        """Names of the columns."""
        return list(self.columns)

    @property
    def rows(self) -> int:
        """Number of rows beneath the header."""
        return len(next(iter(self.columns.values()), []))

    def check(self, name: str, option: str) -> str:
        """Name of a column that is there.

        Raises
        ------
        StudyError
            When it is not; offers the closest.
        """
        if name not in self.columns:
            raise StudyError(
                f"{self.path} has no column {shown(name)} for {option}; {offer(name, self.names, 'it has')}"
            )
        return name


def read_text_table(path: Path) -> TextTable:
    """Read a file with a header; a blank line is no row.

    Raises
    ------
    StudyError
        When it is not there, no text, empty or ragged.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        header_line = text.lstrip("\r\n").partition("\n")[0]
        delimiter = next((mark for mark in _DELIMITERS if mark in header_line), ",")
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
    except FileNotFoundError:
        raise StudyError(f"there is no file {path}; give a run folder, a CSV file or --storage URL") from None
    except UnicodeDecodeError:
        raise StudyError(f"{path} is not a text file in UTF-8; save it as CSV in UTF-8") from None
    except csv.Error as error:
        raise StudyError(f"{path} is not a CSV file: {error}") from None
    if not rows:
        raise StudyError(f"{path} is empty; it needs a line of column names and a row per trial")
    header = _distinct(rows[0])
    for number, row in enumerate(rows[1:], 1):
        if len(row) != len(header):
            raise StudyError(
                f"{path}: row {number} has {len(row)} cells, the header {len(header)}; every row needs one "
                "cell per column"
            )
    columns = [[row[place] for row in rows[1:]] for place in range(len(header))]
    return TextTable(path, dict(zip(header, columns, strict=True)))


def _distinct(names: list[str]) -> list[str]:
    """Names of a header, the second "x" as "x (2)"."""
    found: list[str] = []
    for name in names:
        candidate, count = name, 1
        while candidate in found:
            count += 1
            candidate = f"{name} ({count})"
        found.append(candidate)
    return found
