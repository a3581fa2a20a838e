"""Measures that still stand in several places, put together to objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sensitivity.measures.measure import AMOUNT, TEXT, Column, Table
from sensitivity.measures.shown_columns import SHOWN
from sensitivity.measures.table_columns import columns, summary

if TYPE_CHECKING:
    from sensitivity.measures.measure import Compute, Select


def legacy(name: str, compute: Compute, excerpt: Select | None = None, which: str = "") -> Table:
    """Table whose words stand in a docstring and in a list of shown columns."""
    shown = {column.column: column for column in SHOWN.get(name, ())}
    every = []
    for column, meaning in columns(name).items():
        if column in shown:
            how = shown[column]
            every.append(Column(column, meaning, how.kind, how.title, how.ends))
        else:
            every.append(Column(column, meaning, TEXT if column == "verdict" else AMOUNT, shown=False))
    return Table(name, summary(name), tuple(every), compute, excerpt, which)
