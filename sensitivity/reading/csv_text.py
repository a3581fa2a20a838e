"""The text of a table → named columns of cells; whatever is wrong with it is one sentence.

Commas, semicolons, tabs or bars between the cells, comments, a title above the header, a byte-order mark:
the separator is the one with which most rows have as many cells as the header. Lines that are no trial
(comments, the header once more, a mean at the end) are left out, and each is named.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sensitivity.reading.cells import number, without_dots
from sensitivity.reading.csv_encoding import decoded_text
from sensitivity.reading.csv_footers import without_footers
from sensitivity.vocabulary import bare
from sensitivity.words import listed, offer
from sweeps.errors import StudyError, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

_DELIMITERS: Final = (",", ";", "\t", "|")
_LOOKED_AT: Final = 200  # lines that the separator is found from
_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_COMMENTS: Final = ("#", "//", "%")
_RULE: Final = re.compile(r":?-{2,}:?|:?-+:|:-+:?|=+")  # beneath the header of a table in Markdown


@dataclass(frozen=True)
class TextTable:
    """Columns of a file by name, all of equal length.

    Attributes
    ----------
    notes
        Lines that were left out, and why.
    comma
        Whether a comma in a number is a decimal one.
    settings
        Columns that the format itself says are settings; None: it does not say.
    metric, maximise, scales
        Result, whether it is maximised and which settings are logarithmic, as far as the format says.
    """

    path: Path
    columns: dict[str, Sequence[str]]
    notes: tuple[str, ...] = ()
    comma: bool = False
    settings: tuple[str, ...] | None = None
    metric: str | None = None
    maximise: bool | None = None
    scales: Mapping[str, bool] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """Names of the columns."""
        return list(self.columns)

    @property
    def rows(self) -> int:
        """Number of rows beneath the header."""
        return len(next(iter(self.columns.values()), []))

    def check(self, name: str, option: str) -> str:
        """Name of a column that is there; what tools put before a name may be left out.

        Raises
        ------
        StudyError
            When it is not; offers the closest.
        """
        plain = name.strip()
        if plain in self.columns:
            return plain
        same = [
            column
            for column in self.names
            if bare(column) == plain or column.endswith((f".{plain}", f"/{plain}"))
        ]
        if len(same) != 1:
            raise StudyError(
                f"{self.path} has no column {shown(name)} for {option}; {offer(name, self.names, 'it has')}"
            )
        return same[0]


def read_text_table(path: Path) -> TextTable:
    """Read a file with a header; a blank line is no row.

    Raises
    ------
    StudyError
        When it is not there, no text, empty or ragged.
    """
    try:
        text, notes = decoded_text(path)
    except FileNotFoundError:
        raise StudyError(f"there is no file {path}; give a run folder, a CSV file or --storage URL") from None
    except UnicodeDecodeError:
        raise StudyError(f"{path} is not a text file in UTF-8; save it as CSV in UTF-8") from None
    try:
        return _table(path, text, notes)
    except csv.Error as error:
        raise StudyError(_no_csv(path, error)) from None


def table_of_text(path: Path, text: str) -> TextTable:
    """Table of some lines of a file; errors as for `read_text_table`."""
    try:
        return _table(path, text, [])
    except csv.Error as error:
        raise StudyError(_no_csv(path, error)) from None


def _no_csv(path: Path, error: csv.Error) -> str:
    """Sentence on what a file has that no table has."""
    if "field larger" in str(error):
        return (
            f"{path} has a cell of more than {csv.field_size_limit():,} characters, or a quotation mark that "
            "is never closed; a cell holds a number or a short text: leave that column out"
        )
    return f"{path} is not a CSV file: {error}"


@dataclass
class _Lines:
    """Lines of a file on their way to a table: number in the file and cells, and what was left out."""

    path: Path
    rows: list[tuple[int, list[str]]]
    notes: list[str] = field(default_factory=list)


def _table(path: Path, text: str, said: list[str]) -> TextTable:
    body, notes, named = _without_comments(text)
    delimiter = _delimiter(body)
    found = _Lines(path, list(_parsed(body, delimiter)), [*said, *notes])
    found.rows = [(line, cells) for line, cells in found.rows if not _is_rule(cells)]
    _without_title(found)
    header = found.rows.pop(0)[1] if found.rows else None
    if header is None:
        raise StudyError(f"{path} is empty; it needs a line of column names and a row per trial")
    above = next(csv.reader([named or ""], delimiter=delimiter), [])
    if len(above) == len(header) and _numbers(header) and not _numbers(above):  # as NumPy writes it
        found.rows.insert(0, (1, header))
        header = above
    header = _without_noise(found, [cell.strip() for cell in header], comma=delimiter != ",")
    names = _distinct(header)
    rows = [cells for _, cells in found.rows]
    columns = [list(cells) for cells in zip(*rows, strict=True)] or [[] for _ in names]
    if delimiter != ",":
        columns = without_dots(columns)
    known: dict[str, Sequence[str]] = {
        name: cells
        for head, name, cells in zip(header, names, columns, strict=True)
        if head or any(cell.strip() for cell in cells) or delimiter != "|"
    }
    return TextTable(path, known, tuple(found.notes), comma=delimiter != ",")


def _is_rule(cells: list[str]) -> bool:
    """Whether a row only draws a line, as beneath a header in Markdown."""
    given = (plain for cell in cells if (plain := cell.strip()))
    first = next(given, "")
    return all(_RULE.fullmatch(cell) and len(cell) > 2 for cell in itertools.chain([first], given))


def _without_comments(text: str) -> tuple[str, list[str], str | None]:
    """Text with comments made blank, a note about them, and the last of those before the first row."""
    lines = text.splitlines(keepends=True)
    usual = _marks(lines)
    quotes, comments, named, begun = 0, [], None, False
    for place, line in enumerate(lines):
        plain = line.strip()
        if quotes % 2 == 0 and plain.startswith(_COMMENTS) and not _is_row(plain, usual, begun):
            comments.append(place + 1)
            named = named if begun else plain.lstrip("#/% ")
            lines[place] = "\n"
        elif plain:
            begun = True
            quotes += plain.count('"')
    if not comments:
        return text, [], None
    where = f"line{'s' if len(comments) > 1 else ''} {listed(comments)}"
    return "".join(lines), [f"Left out as a comment: {where}."], named


def _marks(lines: list[str]) -> tuple[str, int]:
    """Separator, and how many of it a line mostly has, going by those that are no comments."""
    plain = [line for line in lines[:_LOOKED_AT] if line.strip() and not line.lstrip().startswith(_COMMENTS)]
    found = [
        (mark, *Counter(line.count(mark) for line in plain).most_common(1)[0])
        for mark in _DELIMITERS
        if plain
    ]
    several = [(mark, count) for mark, count, _ in sorted(found, key=lambda one: -one[2]) if count]
    return several[0] if several else (",", 0)


def _is_row(line: str, usual: tuple[str, int], begun: bool) -> bool:
    """Whether a line that begins like a comment is a row: a header called ``#``, or ``#DIV/0!`` in front."""
    mark, count = usual
    if not count or line.count(mark) != count:
        return False
    return line[1:2] == mark if not begun else line[1:2] not in {" ", "\t"}


def _parsed(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    # Line by line: a stream of the whole text takes four bytes a character.
    lines = (line[0] for line in _LINE.finditer(text))
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=delimiter != "\t")
    for row in reader:
        if row and any(cell.strip() for cell in row):
            yield reader.line_num, row


def _delimiter(text: str) -> str:
    """The separator with which most lines have as many cells as the first of them."""
    lines = list(_some_lines(text))
    sample = "\n".join(lines)
    best = max(_DELIMITERS, key=lambda mark: _evenness(sample, mark))
    return best if _evenness(sample, best)[0] else ","


def _some_lines(text: str) -> Iterator[str]:
    start = 0
    for _ in range(_LOOKED_AT):
        end = text.find("\n", start)
        line = text[start : end if end >= 0 else len(text)]
        if line.strip():
            yield line.rstrip("\r")
        if end < 0:
            return
        start = end + 1


def _evenness(sample: str, mark: str) -> tuple[int, float, int, int]:
    """How well a separator fits: more than one cell; share of even rows, header included; cells."""
    try:
        rows = [row for row in csv.reader(io.StringIO(sample, newline=""), delimiter=mark) if row]
    except csv.Error:
        return 0, 0.0, 0, 0
    if not rows:
        return 0, 0.0, 0, 0
    usual, times = Counter(len(row) for row in rows).most_common(1)[0]
    headed = len(rows[0]) == usual
    if usual < 2 and len(rows[0]) < 2:
        return 0, 0.0, 0, 0
    return (
        1,
        (times / len(rows)) * (1.0 if headed else 0.5) if usual > 1 else 0.0,
        usual,
        -_DELIMITERS.index(mark),
    )


def _without_title(found: _Lines) -> None:
    """Lines above the header: a single cell where all that follows has several."""
    usual = Counter(len(cells) for _, cells in found.rows).most_common(1)
    while len(found.rows) > 2 and usual and usual[0][0] > 1 and _is_title(found.rows[0][1]):
        line, cells = found.rows.pop(0)
        found.notes.append(f"Left out above the header: line {line}, {shown(cells[0].strip())}.")


def _is_title(cells: list[str]) -> bool:
    return sum(bool(cell.strip()) for cell in cells) == 1 and bool(cells[0].strip())


def _numbers(cells: Iterable[str]) -> bool:
    return any(number(cell.strip()) is not None for cell in cells)


def _without_noise(found: _Lines, header: list[str], *, comma: bool) -> list[str]:
    """Header and rows of equal length; what is no trial is left out by name."""
    sizes = {len(cells) for _, cells in found.rows}
    if sizes == {len(header) + 1}:
        if all(not cells[-1].strip() for _, cells in found.rows):
            found.rows = [(line, cells[:-1]) for line, cells in found.rows]
        elif len(found.rows) > 1:
            header = ["", *header]  # R writes no name above the names of the rows
    found.rows = [(line, cells) for line, cells in found.rows if not _again(found, line, cells, header)]
    found.rows, footers = without_footers(found.rows, header, comma=comma)
    found.notes += footers
    for place, (_, cells) in enumerate(found.rows, 1):
        if len(cells) != len(header):
            raise StudyError(
                f"{found.path}: row {place} has {len(cells)} cells, the header {len(header)}; every row "
                "needs one cell per column"
            )
    return header


def _again(found: _Lines, line: int, cells: list[str], header: list[str]) -> bool:
    """Whether a row repeats the header, as where files were put one after the other."""
    if (
        len(header) < 2
        or len(cells) != len(header)
        or any(cell.strip() != head for cell, head in zip(cells, header, strict=True))
    ):
        return False
    found.notes.append(f"Left out: line {line}, the header once more.")
    return True


def _distinct(names: list[str]) -> list[str]:
    """Names of a header, the second "x" as "x (2)"."""
    found: list[str] = []
    taken: set[str] = set()
    for name in names:
        candidate, count = name, 1
        while candidate in taken:
            count += 1
            candidate = f"{name} ({count})"
        found.append(candidate)
        taken.add(candidate)
    return found
