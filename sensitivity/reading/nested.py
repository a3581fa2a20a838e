"""Records with records in them, or in their cells → a table of texts with a column per path."""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING, Any

from sensitivity.reading.cells import text_of
from sensitivity.reading.csv_text import TextTable
from sensitivity.vocabulary import bare

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path


def flat(record: Mapping[str, Any], before: str = "", mark: str = ".") -> Iterator[tuple[str, Any]]:
    """Values with their paths: ``{"params": {"lr": 0.1}}`` has a ``params.lr``."""
    for name, value in record.items():
        if isinstance(value, dict) and value:
            yield from flat(value, f"{before}{name}{mark}", mark)
        else:
            yield f"{before}{name}", value


def table_of(path: Path, records: Sequence[Mapping[str, Any]], **known: Any) -> TextTable:  # noqa: ANN401
    """Table of flat records, empty where one lacks a value; ``known``: other fields of `TextTable`."""
    names = dict.fromkeys(name for record in records for name in record)
    columns: dict[str, Sequence[str]] = {
        name: [text_of(record.get(name)) for record in records] for name in names
    }
    return TextTable(path, columns, **known)


def spread_out(columns: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """Columns whose cells are records (``{"lr": 0.1, "depth": 3}``) as a column per entry of theirs.

    Where the entries have columns already, as in scikit-learn's results, the records stay as they are.
    """
    known = {bare(column) for column in columns}
    found: dict[str, Sequence[str]] = {}
    for name, cells in columns.items():
        records = _records(cells)
        entries = dict.fromkeys(entry for record in records for entry in record)
        if not entries or any(entry in known for entry in entries):
            found[name] = cells
            continue
        for entry in entries:
            found[f"{name}.{entry}"] = [
                "None" if entry in record and record[entry] is None else text_of(record.get(entry))
                for record in records
            ]
    return found


def _records(cells: Sequence[str]) -> list[dict[str, Any]]:
    """Record of each cell, empty where the cell is; none at all where a cell is anything else."""
    first = next((plain for cell in cells if (plain := cell.strip())), "")
    if not first.startswith("{"):  # a look at one cell, as most columns have none
        return []
    given = [cell.strip() for cell in cells]
    if not all(not cell or cell[:1] + cell[-1:] == "{}" for cell in given):
        return []
    records = [_record(cell) if cell else {} for cell in given]
    return [] if None in records else [dict(flat(record)) for record in records if record is not None]


def _record(cell: str) -> dict[str, Any] | None:
    """Record as JSON or Python writes it; None where it is none."""
    for read in (json.loads, ast.literal_eval):
        try:
            found = read(cell)
        except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
            continue
        if isinstance(found, dict) and all(isinstance(name, str) for name in found):
            return found
    return None
