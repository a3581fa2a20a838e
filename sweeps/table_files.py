"""A file of examples, CSV or Parquet → its columns as it has them; what is wrong with it in one sentence."""

from __future__ import annotations

import csv
import importlib
import io
import math
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sweeps.errors import DefinitionError, MissingDataError, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

LARGEST_TABLE = 100 * 2**20  # bytes: as texts in memory it is twenty times as much
DELIMITERS = ",;\t|"
_ENDINGS = (".csv", ".tsv", ".parquet")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?|[+-]?inf(inity)?", re.IGNORECASE)
GAPS = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none", "?", "-", "<na>", "nat"})


@dataclass(frozen=True)
class Table:
    """Columns as they came.

    Attributes
    ----------
    origin
        What it is called in sentences: the file, "OpenML iris, version 1".
    columns
        Name → cells in the order of the rows: texts of a file, or what Python has for them; None for a gap.
        A column that came as an array of numbers is one still.
    lines
        Line of the file that each row ends on; empty where there is no file with lines.
    decimal_comma
        Whether 3,5 can be a number, because something else parts the cells.
    remarks
        What had to be assumed in reading.
    texts
        Columns that are texts by their type, whatever stands in them.
    delimiter, encoding
        Of a file of text.
    """

    origin: str
    columns: Mapping[str, Sequence[Any]]
    lines: Sequence[int] = ()
    decimal_comma: bool = False
    remarks: Sequence[str] = ()
    texts: frozenset[str] = frozenset()
    delimiter: str = ","
    encoding: str = "utf-8"

    @property
    def rows(self) -> int:
        """Number of examples."""
        return len(next(iter(self.columns.values()), ()))

    def row(self, index: int) -> str:
        """How a sentence calls a row: counted from 1 below the header, with its line in the file."""
        return f"row {index + 1}" + (f" (line {self.lines[index]})" if self.lines else "")


def is_file(dataset: str) -> bool:
    """Whether a dataset is named by the file that it lies in."""
    return dataset.lower().endswith(_ENDINGS)


def located(dataset: object, folder: Path) -> object:
    """A relative path of a definition in a folder: to the file beside it where there is one."""
    if isinstance(dataset, str) and is_file(dataset) and not Path(dataset).expanduser().is_absolute():
        path = folder / dataset
        return str(path) if path.exists() else dataset
    return dataset


def read_table(path: Path) -> Table:
    """Read a file with a row per example.

    Raises
    ------
    DefinitionError
        One sentence with the row or the column, when it is not there or no such table.
    """
    _check_file(path)
    if path.suffix.lower() == ".parquet":
        return _parquet(path)
    text, encoding, remarks = _decoded(path)
    table = _delimited(path, text, "\t" if path.suffix.lower() == ".tsv" else None)
    return replace(table, encoding=encoding, remarks=remarks)


def _check_file(path: Path) -> None:
    if not path.exists():
        raise MissingDataError(f"there is no file {path}")
    if not path.is_file():
        what = "a folder" if path.is_dir() else "a device or a pipe"
        raise DefinitionError(f"{path} is {what}; name a .csv, .tsv or .parquet file")
    size = path.stat().st_size
    if size > LARGEST_TABLE:
        raise DefinitionError(
            f"{path} has {size / 2**20:,.0f} MB, more than {LARGEST_TABLE // 2**20}; "
            "take a sample of its rows"
        )
    if not size:
        raise DefinitionError(f"{path} is empty; it needs a line of column names, and a line per example")


def _decoded(path: Path) -> tuple[str, str, list[str]]:
    """Text of a file, in UTF-8 or what its first bytes say, else in Latin-1; the encoding, and a remark."""
    data = path.read_bytes()
    for encoding, mark in (("utf-16", b"\xff\xfe"), ("utf-16", b"\xfe\xff"), ("utf-8-sig", b"")):
        if data.startswith(mark):
            try:
                return data.decode(encoding), encoding, []
            except UnicodeDecodeError:
                break
    if b"\0" in data:
        raise DefinitionError(f"{path} is no text file; save the table as CSV in UTF-8")
    return data.decode("latin-1"), "latin-1", ["it is not UTF-8 and was read as Latin-1"]


def _delimited(path: Path, text: str, delimiter: str | None) -> Table:
    if "\0" in text:
        raise DefinitionError(f"{path} is no text file; save the table as CSV in UTF-8")
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = delimiter or max(DELIMITERS, key=_outside_quotes(first).count)
    rows = _rows(path, text, delimiter)
    _, header = next(rows, (0, []))
    names = _names(path, header)
    cells: list[tuple[str, ...]] = []
    lines: list[int] = []
    for line, row in rows:
        if len(row) != len(names):
            raise DefinitionError(
                f"{path}, row {len(cells) + 1} (line {line}) has {_cells(len(row))} where the header has "
                f"{len(names)}; put a text that holds {_SPOKEN[delimiter]} in quotes, or mend the line"
            )
        cells.append(tuple(row))
        lines.append(line)
    columns = dict(zip(names, zip(*cells, strict=True), strict=True)) if cells else dict.fromkeys(names, ())
    return Table(path.name, columns, lines, delimiter != ",", delimiter=delimiter)


_SPOKEN = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}


def _cells(count: int) -> str:
    return f"{count} cell{'s' * (count != 1)}"


def _outside_quotes(line: str) -> str:
    return re.sub(r'"[^"]*"', "", line)


def _rows(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Last line and stripped cells of every row that is not blank."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begin = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row) or len(row) > 1:
                yield reader.line_num, [cell.strip() for cell in row]
            begin = reader.line_num + 1
    except csv.Error as error:
        said = "a quote is not closed" if "unexpected end" in str(error) else str(error)
        raise DefinitionError(
            f"{path}, the row that begins in line {begin}: {said}; mend its quotes"
        ) from None


def _names(path: Path, header: Sequence[str]) -> list[str]:
    """Names of the columns; one without is called by its place."""
    if not header:
        raise DefinitionError(f"{path} is empty; it needs a line of column names, and a line per example")
    if all(number(cell) is not None for cell in header if cell) and any(header):
        raise DefinitionError(f"{path} begins with numbers; its first line must name the columns")
    names = [name or f"Unnamed: {place}" for place, name in enumerate(header)]
    return unique(str(path), names)


def unique(origin: str, names: Sequence[str]) -> list[str]:
    """Names, of which each must be there once.

    Raises
    ------
    DefinitionError
        When two columns have the same.
    """
    for place, name in enumerate(names):
        if name in names[:place]:
            both = f"columns {names.index(name) + 1} and {place + 1}"
            raise DefinitionError(f"{origin}: {both} have the same name {shown(name)}; rename one")
    return list(names)


def _parquet(path: Path) -> Table:
    try:
        parquet = importlib.import_module("pyarrow.parquet")
    except ImportError:
        raise DefinitionError(f"{path} is a Parquet file, which pyarrow reads: pip install pyarrow") from None
    try:
        table = parquet.ParquetFile(path).read()
        names = unique(str(path), [str(name) for name in table.column_names])
        columns = [table.column(place).to_pylist() for place in range(len(names))]
    except DefinitionError:
        raise
    except Exception as error:  # noqa: BLE001 (pyarrow's own errors, which are not imported here)
        raise DefinitionError(f"{path} cannot be read as Parquet: {str(error).splitlines()[0]}") from None
    return Table(path.name, dict(zip(names, columns, strict=True)))


def number(cell: str, *, decimal_comma: bool = False) -> float | None:
    """Number that a text is; infinite where it says so or is too large, None where it is none."""
    if decimal_comma and cell.count(",") == 1 and "." not in cell:
        cell = cell.replace(",", ".")
    return float(cell) if _NUMBER.fullmatch(cell) else None


def is_gap(cell: Any) -> bool:  # noqa: ANN401 (whatever a table holds)
    """Whether a cell holds nothing."""
    if isinstance(cell, str):
        return cell.strip().lower() in GAPS
    if isinstance(cell, float):
        return math.isnan(cell)
    return cell is None or type(cell).__name__ in {"NAType", "NaTType"}
