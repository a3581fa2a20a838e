"""Records with records in them → a table of texts with a column per path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sensitivity.reading.cells import text_of
from sensitivity.reading.csv_text import TextTable

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
    columns = {name: [text_of(record.get(name)) for record in records] for name in names}
    return TextTable(path, columns, **known)
