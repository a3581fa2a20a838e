"""What a function of the user's returned as (X, y) → a table of columns; numbers stay arrays."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sweeps.calls import message_of, named
from sweeps.errors import DefinitionError, shown
from sweeps.table_files import Table, unique

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_CELLS: Final = 20_000_000  # rows × columns: 160 MB of numbers, of which training makes several copies
_looked_in: list[str] = []
_PREDICTED: Final = "y"  # the target of a function that gives it no name


def look_in(folders: Sequence[str]) -> None:
    """Where, beside the current folder, modules of functions that return data are looked for from now on."""
    _looked_in[:] = folders


def called(dataset: str) -> tuple[Table, str]:
    """Table of what a function returns, and the name of its target.

    Raises
    ------
    DefinitionError
        When it cannot be called, or returns no examples.
    """
    features, targets = _returned(dataset)
    name = getattr(targets, "name", None)
    target = name if isinstance(name, str) and name else _PREDICTED
    targets = np.asarray(targets, dtype=object)
    if targets.ndim == 2 and targets.shape[1] == 1:
        targets = targets[:, 0]
    if targets.ndim != 1:
        raise DefinitionError(f"{dataset}: y has one value per row, not the shape {targets.shape}")
    if any(isinstance(one, complex) for one in targets):
        raise DefinitionError(f"{dataset}: y has complex numbers; predict one of their parts")
    table = framed(features, dataset) if hasattr(features, "iloc") else _array(dataset, features)
    if len(targets) != table.rows:
        raise DefinitionError(f"{dataset}: X has {table.rows} rows and y {len(targets)} values")
    if target in table.columns:
        raise DefinitionError(
            f"{dataset}: X has a column {shown(target)}, which is the name of y; leave it out of X"
        )
    return Table(dataset, {**table.columns, target: targets.tolist()}, texts=table.texts), target


def _returned(dataset: str) -> tuple[Any, Any]:
    """X and y as the function gave them."""
    function = named(dataset, [str(Path.cwd()), *_looked_in])
    if not callable(function):
        raise DefinitionError(f"{dataset} is {shown(function)} and no function")
    try:
        returned = function()
    except (Exception, SystemExit) as error:  # noqa: BLE001 (somebody's own code may raise anything)
        raise DefinitionError(f"{dataset} raised {message_of(error)}") from None
    if not isinstance(returned, tuple) or len(returned) != 2:
        raise DefinitionError(f"{dataset} must return (X, y), not {shown(returned)}")
    return returned


def framed(frame: Any, origin: str) -> Table:  # noqa: ANN401 (a DataFrame, by what it can do)
    """Table of a DataFrame; its categories are texts, whatever they look like.

    Raises
    ------
    DefinitionError
        When it is too large, or holds complex numbers.
    """
    _check_size(origin, frame.shape)
    names = unique(origin, [str(name) for name in frame.columns])
    columns, texts = {}, set()
    for place, name in enumerate(names):
        series = frame.iloc[:, place]
        columns[name] = _column(origin, f"column {name}", series, _kind(series.dtype))
        if str(series.dtype) == "category":
            texts.add(name)
    return Table(origin, columns, texts=frozenset(texts))


def _array(dataset: str, features: Any) -> Table:  # noqa: ANN401 (whatever was returned)
    values = np.asarray(features) if isinstance(features, np.ndarray) else np.asarray(features, dtype=object)
    if values.ndim == 1 and values.dtype != object:
        values = values[:, None]
    if values.ndim != 2:
        raise DefinitionError(f"{dataset}: X has a row per example, not the shape {values.shape}")
    _check_size(dataset, values.shape)
    kind, places = _kind(values.dtype), range(values.shape[1])
    return Table(dataset, {f"x{place}": _column(dataset, "X", values[:, place], kind) for place in places})


def _check_size(origin: str, shape: tuple[int, ...]) -> None:
    rows, columns = shape
    if rows * columns > MOST_CELLS:
        raise DefinitionError(
            f"{origin}: {rows:,} rows × {columns:,} columns are more than {MOST_CELLS:,} values; "
            "take a sample of the rows, or fewer columns"
        )


def _kind(dtype: object) -> str:
    """NumPy's letter of a type; empty for one of pandas' own."""
    return dtype.kind if isinstance(dtype, np.dtype) else ""


def _column(origin: str, what: str, column: Any, kind: str) -> Sequence[Any]:  # noqa: ANN401 (by what it can do)
    """Cells of a column of an array or a frame; integers and floating-point numbers stay an array."""
    if kind in {"f", "i", "u"}:
        numbers: Sequence[Any] = np.asarray(column)  # type: ignore[assignment] # used by place alone
        return numbers
    cells: list[Any] = column.tolist()
    if kind == "c" or (kind == "O" and any(isinstance(cell, complex) for cell in cells)):
        raise DefinitionError(f"{origin}: {what} has complex numbers; give their parts as two columns")
    return cells
