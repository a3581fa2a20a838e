"""The columns of somebody's table → a dataset: which are numbers, texts, targets, and which teach nothing.

Every decision is said in one line, `Examples.described`; what cannot be decided is one sentence with the
column and the row.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sweeps.cell_values import FEWEST_ROWS, cells_of, column_of, number_in
from sweeps.datasets import Dataset
from sweeps.encoding import Encoding
from sweeps.errors import DefinitionError, did_you_mean, shown
from sweeps.table_files import is_gap

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sweeps.cell_values import Column, Wish
    from sweeps.datasets import Floats, Integers, Task
    from sweeps.table_files import Table

MOST_CLASSES = 20  # different whole numbers that a target of classes has at most
_COUNTS = "counts the rows"
_DATES = "dates; give them as a number, such as days since the first"
_DATE = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?")
_IDENTIFIERS = frozenset(
    {"id", "index", "rowid", "row_id", "row", "rownames", "unnamed: 0", "__index_level_0__"}
)


@dataclass(frozen=True, eq=False)
class Examples:
    """A dataset of somebody's own, and what was decided about it.

    Attributes
    ----------
    digest
        Of all that training sees: numbers, texts, targets and their names.
    described
        What was read, in one line.
    names, categories
        For every column of the features its name and its texts in the order of their codes; none: numbers.
    target, classes
        Column to predict, and what stands in it in the order of the classes; none of numbers.
    """

    dataset: Dataset
    digest: str
    described: str
    names: tuple[str, ...] = ()
    categories: tuple[tuple[str, ...], ...] = ()
    target: str = ""
    classes: tuple[str, ...] | tuple[float, ...] = ()


@dataclass
class _Sorted:
    """Columns that are kept, and why the others are not."""

    kept: list[Column] = field(default_factory=list)
    dropped: dict[str, list[str]] = field(default_factory=dict)


def examples_of(table: Table, wish: Wish) -> Examples:
    """Read a table as examples with a target.

    Raises
    ------
    DefinitionError
        One sentence, with the column and the row where there is one.
    """
    _check_names(table, wish)
    _check_text(wish)
    rows = [row for row, cell in enumerate(cells_of(table, wish.target)) if not is_gap(cell)]
    if len(rows) < FEWEST_ROWS:
        without = table.rows - len(rows)
        but = f" ({without} more have no {wish.target})" if without else ""
        raise DefinitionError(
            f"{table.origin} has {_rows(len(rows))}{but}; {FEWEST_ROWS} are needed at least"
        )
    task, targets, classes = _targets(table, wish, rows)
    called = tuple(one if isinstance(one, str) else f"{one:g}" for one in classes)
    found = _features(table, wish, rows)
    if not found.kept:
        raise DefinitionError(
            f"{table.origin} has no column to learn from beside {wish.target}{_left_out(found)}"
            f"{_way_out(found)}"
        )
    features = np.ascontiguousarray(np.stack([column.values for column in found.kept], axis=1))
    encoding = Encoding(
        tuple(len(column.categories or ()) for column in found.kept),
        tuple(bool(np.isnan(column.values).any()) for column in found.kept),
    )
    dataset = Dataset(table.origin, task, features, targets, encoding)
    return Examples(
        dataset,
        _digest(dataset, found.kept, wish, called),
        _described(table, wish, dataset, found, called),
        names=tuple(column.name for column in found.kept),
        categories=tuple(column.categories or () for column in found.kept),
        target=wish.target,
        classes=classes,
    )


def _rows(count: int) -> str:
    return f"{count:,} row{'s' * (count != 1)}"


def _check_names(table: Table, wish: Wish) -> None:
    for key, name in [("target", wish.target), *(("text", name) for name in wish.text)]:
        if name not in table.columns:
            raise DefinitionError(
                f"data.{key}: {table.origin} has no column {shown(name)}{_similar(name, table.columns)}"
            )


def _similar(name: str, columns: Mapping[str, Any]) -> str:
    """End of a sentence that offers the closest column, whatever its case, or the first of them."""
    same = [column for column in columns if column.lower() == name.lower()]
    return f"; did you mean {same[0]!r}?" if same else _few(did_you_mean(name, columns), columns)


def _few(hint: str, columns: Mapping[str, Any]) -> str:
    if "did you mean" in hint:
        return hint
    return f"; it has {listed(list(columns))}"


def listed(names: Sequence[str], most: int = 12) -> str:
    """Names in a sentence, the first of many."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def _check_text(wish: Wish) -> None:
    if wish.target in wish.text and wish.task == "regression":
        raise DefinitionError(
            f"data.text names {wish.target!r}, whose numbers a regression predicts; leave it out"
        )


def _targets(
    table: Table, wish: Wish, rows: Sequence[int]
) -> tuple[Task, Floats | Integers, tuple[str, ...] | tuple[float, ...]]:
    """Task, targets as a dataset has them, and what stands for the classes."""
    column = column_of(table, wish.target, rows, wish)
    numbers = column.categories is None
    if wish.task == "regression" and not numbers:
        row = next(row for row in rows if number_in(table, cells_of(table, wish.target)[row]) is None)
        raise DefinitionError(
            f"{table.origin}: a regression predicts numbers, and column {wish.target}, {table.row(row)} is "
            f"{shown(cells_of(table, wish.target)[row])}; use data.task = 'classification'"
        )
    different = np.unique(column.values)
    if len(different) == 1:
        only = shown(cells_of(table, wish.target)[rows[0]])
        raise DefinitionError(
            f"{table.origin}: column {wish.target} is {only} in every row, which leaves nothing to predict"
        )
    few = len(different) <= min(MOST_CLASSES, len(rows) / 3) and bool((different % 1 == 0).all())
    task: Task = wish.task or ("classification" if few or not numbers else "regression")
    if task == "regression":
        return task, column.values.reshape(-1, 1), ()
    if len(different) > len(rows) / 2:
        instead = "set data.task = 'regression'" if numbers else "name another --target"
        raise DefinitionError(
            f"{table.origin}: column {wish.target} has {len(different)} different values in "
            f"{_rows(len(rows))}, too many for classes; {instead}"
        )
    indices = np.searchsorted(different, column.values).astype(np.int64)
    return task, indices, column.categories or tuple(different.tolist())


def _features(table: Table, wish: Wish, rows: Sequence[int]) -> _Sorted:
    """All other columns, without those that cannot teach anything."""
    found = _Sorted()
    for name in table.columns:
        if name == wish.target:
            continue
        column = column_of(table, name, rows, wish)
        own = "" if name in wish.text else _dates(column) or _counts_rows(column, table.rows)
        why = own or _teaches_nothing(column)
        if why:
            found.dropped.setdefault(why, []).append(name)
        else:
            found.kept.append(column)
    return found


def _dates(column: Column) -> str:
    """Why a column of dates is left out; empty where it is none. One input per date would teach nothing."""
    given = [text for text in column.categories or () if text]
    return _DATES if given and all(map(_DATE.fullmatch, given)) else ""


def _counts_rows(column: Column, rows: int) -> str:
    """Why a column is an index, which says of a row which it is and no more; empty where it is none.

    Some of the table's ``rows`` may have been left out, for want of a target.
    """
    values, count = column.values, len(column.values)
    different = len(np.unique(values))
    if column.categories is not None and count / 2 < different < count:
        return f"{different:,} different texts in {_rows(count)}"
    if different < count:  # every gap is its own, as NaN is unequal to itself
        return ""
    if column.categories is not None:
        return "another text in every row"
    if np.isnan(values).any() or (values % 1 != 0).any():
        return ""
    named = column.name.lower() in _IDENTIFIERS
    counts = values.min() in {0.0, 1.0} and values.max() < values.min() + rows
    return _COUNTS if named or counts else ""


def _teaches_nothing(column: Column) -> str:
    known = column.values[~np.isnan(column.values)]
    if not len(known):
        return "empty"
    gaps = len(known) < len(column.values)  # where a value is missing can teach something
    return "the same in every row" if len(np.unique(known)) == 1 and not gaps else ""


def _digest(dataset: Dataset, columns: Sequence[Column], wish: Wish, classes: Sequence[str]) -> str:
    """Of all that training sees, and of the names by which it is spoken of."""
    digest = hashlib.sha256(repr((dataset.task, wish.target, classes)).encode())
    for column in columns:
        digest.update(repr((column.name, column.categories)).encode())
    digest.update(np.where(np.isnan(dataset.features), np.nan, dataset.features).tobytes())
    digest.update(dataset.targets.tobytes())
    return digest.hexdigest()[:16]


def _described(table: Table, wish: Wish, dataset: Dataset, found: _Sorted, classes: Sequence[str]) -> str:
    """What was read, in one line."""
    texts = [f"{column.name} {len(column.categories)}" for column in found.kept if column.categories]
    names = [column.name for column in found.kept if not column.categories]
    aim = (
        f"{wish.target}, a number"
        if not classes
        else f"{wish.target}, {len(classes)} classes ({listed(classes, 6)})"
    )
    gaps = int(np.isnan(dataset.features).any(axis=0).sum())
    read = (
        f"{table.origin}: {len(dataset.features):,} examples; predicts {aim}; from {len(names)} column"
        f"{'s' * (len(names) != 1)} of numbers{_named(names, f'{gaps} with gaps' if gaps else '')} and "
        f"{len(texts)} of text{_named(texts)}, {dataset.inputs} input{'s' * (dataset.inputs != 1)}"
        f"{_left_out(found)}"
    )
    without = table.rows - len(dataset.features)
    more = [f"{_rows(without)} without {wish.target} left out"] if without else []
    return "; ".join([read, *more, *table.remarks]) + "."


def _way_out(found: _Sorted) -> str:
    """What to do where all that is there was taken for the numbers of the rows."""
    counting = found.dropped.get(_COUNTS)
    if not counting:
        return ""
    return f"; if {counting[0]} is a measurement, give it in another unit, such as {counting[0]} / 10"


def _named(names: Sequence[str], more: str = "") -> str:
    """The first few columns of a kind in brackets, and what else is to say of them."""
    said = "; ".join(text for text in (listed(names, 6), more) if text)
    return f" ({said})" if said else ""


def _left_out(found: _Sorted) -> str:
    texts: Iterator[str] = (f"{listed(names, 6)} ({why})" for why, names in found.dropped.items())
    return f"; left out: {', '.join(texts)}" if found.dropped else ""
