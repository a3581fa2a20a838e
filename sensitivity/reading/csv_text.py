"""The text of a CSV file → named columns of cells; whatever is wrong with it is one sentence."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TextIO

from sensitivity.words import offer
from sweeps.errors import StudyError, shown

if TYPE_CHECKING:
    from pathlib import Path

LONGEST_LINE: Final = 2**20  # letters of a header
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
        with path.open(encoding="utf-8-sig") as file:
            header, rows = _rows(path, file)
    except FileNotFoundError:
        raise StudyError(f"there is no file {path}; give a run folder, a CSV file or --storage URL") from None
    except UnicodeDecodeError:
        raise StudyError(f"{path} is not a text file in UTF-8; save it as CSV in UTF-8") from None
    except csv.Error as error:
        raise StudyError(f"{path} is not a CSV file: {error}") from None
    columns = [[row[place] for row in rows] for place in range(len(header))]
    return TextTable(path, dict(zip(header, columns, strict=True)))


def _rows(path: Path, file: TextIO) -> tuple[list[str], list[list[str]]]:
    """Header and rows, line by line: what is wrong is met where it stands, whatever follows."""
    rows = (row for row in csv.reader(file, delimiter=_delimiter(path, file)) if row)
    header = next(rows, None)
    if header is None:
        raise StudyError(f"{path} is empty; it needs a line of column names and a row per trial")
    found = []
    for number, row in enumerate(rows, 1):
        if len(row) != len(header):
            raise StudyError(
                f"{path}: row {number} has {len(row)} cells, the header {len(header)}; every row needs one "
                "cell per column"
            )
        found.append(row)
    return _distinct(header), found


def _delimiter(path: Path, file: TextIO) -> str:
    """The first of the known ones that the header has; the file stands at its beginning again."""
    line = next((line for line in iter(lambda: file.readline(LONGEST_LINE), "") if line != "\n"), "")
    file.seek(0)
    if len(line) == LONGEST_LINE:
        raise StudyError(f"{path} is not a CSV file: its first line has {LONGEST_LINE:,} letters or more")
    return next((mark for mark in _DELIMITERS if mark in line), ",")


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
