"""How a person sees a table: the columns of `sensitivity.shown_columns`, each number with the digits it has.

The page, the terminal and ``show`` all read this file, so they show the same text for the same number. A cell
also carries the number as it stands in the CSV file.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Integral, Real
from typing import TYPE_CHECKING

import pandas as pd

from sensitivity.numerals import interval, short
from sensitivity.shown_columns import AMOUNT, COUNT, SHARE, SHOWN, TEXT, Shown
from sensitivity.trials import csv_texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class Cell:
    """What is shown, and the same as it stands in the CSV file."""

    text: str
    value: str


def columns_of(name: str, table: pd.DataFrame) -> tuple[Shown, ...]:
    """Columns of a table that a person is shown: those listed, or all of a table that has no list."""
    return SHOWN.get(name) or tuple(Shown(str(column), kind=_kind(table[column])) for column in table.columns)


def cells(table: pd.DataFrame, columns: Sequence[Shown]) -> list[list[Cell]]:
    """Rows of a table as a person sees them.

    Parameters
    ----------
    table
        Any table of `sensitivity.measures.table_columns`, or one read back from its CSV file.
    columns
        Of `columns_of`.
    """
    written = {shown.column: list(csv_texts(shown.column, table[shown.column])) for shown in columns}
    rows = table.to_dict("records")
    return [
        [Cell(_text(row, shown), written[shown.column][place]) for shown in columns]
        for place, row in enumerate(rows)
    ]


def common(columns: Sequence[Shown], rows: Sequence[Sequence[Cell]]) -> list[int]:
    """Places of the columns that say the same in every row: they are better said once, above the table."""
    if len(rows) < 2:
        return []
    return [
        place
        for place, column in enumerate(columns)
        if not column.numeric and len({row[place].text for row in rows}) == 1
    ]


def _kind(column: pd.Series) -> str:
    numeric = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    return AMOUNT if numeric else TEXT


def _text(row: Mapping[object, object], shown: Shown) -> str:
    value = row[shown.column]
    if shown.kind == TEXT:
        return level_text(value)
    number = _number(value)
    low, high = (math.nan, math.nan) if shown.ends is None else (_number(row[end]) for end in shown.ends)
    if shown.kind == SHARE:
        return interval(number, low, high)
    if shown.kind == COUNT:
        return "" if math.isnan(number) else f"{number:,.0f}"
    return amount(number, low, high)


def _number(value: object) -> float:
    return math.nan if value is None or value is pd.NA or value == "" else float(str(value))


def amount(number: float, low: float = math.nan, high: float = math.nan) -> str:
    """Number of a response or a setting, three digits, with its interval; a dash where there is none."""
    if math.isnan(number):
        return "–"
    if math.isnan(low) and math.isnan(high):
        return short(number, 3)
    ends = ("?" if math.isnan(end) else short(end, 3) for end in (low, high))
    return f"{short(number, 3)} [{', '.join(ends)}]"


def level_text(value: object) -> str:
    """Value of a setting, or any text; empty where there is none."""
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Real) and not isinstance(value, Integral):
        return short(float(value), 3)
    return str(value)
