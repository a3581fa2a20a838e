"""The cells of one column of somebody's table → numbers with gaps, or texts by their codes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sweeps.errors import DefinitionError, shown
from sweeps.table_files import is_gap, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sweeps.datasets import Floats, Task
    from sweeps.table_files import Table


FEWEST_ROWS = 10
TYPOS = 0.05  # share of cells that are no numbers below which a column is one of numbers with mistakes
LARGEST_NUMBER = 1e100  # its square is finite, and so is every variance


@dataclass(frozen=True)
class Wish:
    """What the definition says about the columns.

    Attributes
    ----------
    target
        Column to predict.
    task
        By hand what the target is; None: its values decide.
    text
        Columns read as texts although they hold numbers.
    """

    target: str
    task: Task | None = None
    text: tuple[str, ...] = ()


@dataclass(frozen=True)
class Column:
    """Numbers with NaN for gaps, or codes of the texts ``categories``, shape (rows,)."""

    name: str
    values: Floats
    categories: tuple[str, ...] | None = None


def column_of(table: Table, name: str, rows: Sequence[int], wish: Wish) -> Column:
    """A column as numbers where its cells are, else as texts."""
    whole = table.columns[name]
    if isinstance(whole, np.ndarray) and name not in wish.text:
        values = whole[list(rows)].astype(np.float64)
        _check_finite(table, name, values, rows)
        return Column(name, values)
    own = cells_of(table, name)
    cells = [own[row] for row in rows]
    if name not in wish.text and name not in table.texts:
        numbers = _numbers(table, name, cells, rows, wish)
        if numbers is not None:
            return Column(name, numbers)
    texts = np.array(["" if is_gap(cell) else str(cell).strip() for cell in cells], dtype=object)
    categories, codes = np.unique(texts, return_inverse=True)
    return Column(name, codes.astype(np.float64), tuple(categories.tolist()))


def _numbers(table: Table, name: str, cells: Sequence[Any], rows: Sequence[int], wish: Wish) -> Floats | None:
    """Cells as numbers with NaN for gaps; None where they are texts.

    Raises
    ------
    DefinitionError
        When a few of many are no numbers, or one is infinite.
    """
    values = np.full(len(cells), math.nan)
    bad: list[int] = []
    for place, cell in enumerate(cells):
        value = number_in(table, cell)
        if value is not None:
            values[place] = value
        elif not is_gap(cell):
            bad.append(place)
    good = len(cells) - int(np.isnan(values).sum())
    if bad and not 0 < len(bad) < max(TYPOS * (good + len(bad)), 1.5 if good >= FEWEST_ROWS / 2 else 0):
        return None
    if bad:
        place = bad[0]
        mend = f"mend it, leave the cell empty, or read the column as text: --set 'data.text=[\"{name}\"]'"
        if name == wish.target:
            mend = "mend it, or leave the cell empty, and its row is left out"
        raise DefinitionError(
            f"{table.origin}: column {name}, {table.row(rows[place])}: {shown(cells[place])} among {good:,} "
            f"numbers; {mend}"
        )
    _check_finite(table, name, values, rows)
    return values


def _check_finite(table: Table, name: str, values: Floats, rows: Sequence[int]) -> None:
    for place in np.flatnonzero(np.abs(values) > LARGEST_NUMBER)[:1].tolist():
        raise DefinitionError(
            f"{table.origin}: column {name}, {table.row(rows[place])}: {cells_of(table, name)[rows[place]]} "
            "is infinite or too large to train on; mend it, or leave the cell empty"
        )


def cells_of(table: Table, name: str) -> Sequence[Any]:
    """Cells of a column as Python's own numbers and texts."""
    cells: Any = table.columns[name]
    found: Sequence[Any] = cells.tolist() if isinstance(cells, np.ndarray) else cells
    return found


def number_in(table: Table, cell: Any) -> float | None:  # noqa: ANN401 (whatever a table holds)
    """Number that a cell is; True and False are words."""
    if isinstance(cell, str):
        return number(cell.strip(), decimal_comma=table.decimal_comma)
    if isinstance(cell, (bool, np.bool_)):
        return None
    try:
        return float(cell)
    except (TypeError, ValueError):
        return None
    except OverflowError:
        return math.inf
