"""Data of one's own: a file, a dataset of OpenML, or a function that returns (X, y).

``dataset`` in a definition names one of them; whatever it is becomes a table of columns first, and the table
a dataset.
"""

from __future__ import annotations

import importlib
import re
import warnings
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sweeps.cell_values import Wish
from sweeps.columns import examples_of, listed
from sweeps.errors import DefinitionError, shown
from sweeps.returned_data import called, framed
from sweeps.table_files import Table, is_file, read_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from sweeps.columns import Examples
    from sweeps.datasets import Task
    from sweeps.keys import Data

OPENML = "openml:"
_FUNCTION = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")


def is_own(dataset: str) -> bool:
    """Whether a dataset is not known by name but by where it lies."""
    return is_file(dataset) or dataset.startswith(OPENML) or bool(_FUNCTION.fullmatch(dataset))


def label(dataset: str) -> str:
    """Short name of a dataset, which a folder can have."""
    if is_file(dataset):
        name = re.split(r"[/\\]", dataset)[-1].rpartition(".")[0]
    else:
        name = dataset.rpartition(":")[2] if is_own(dataset) else dataset
    name = re.sub(r"[^\w .+-]", "-", name).lstrip(" .+-")
    return name[:100] or "data"


def check_own(dataset: str, data: Data) -> None:
    """Check what can be checked without loading anything.

    Raises
    ------
    DefinitionError
        On the first rule that is broken.
    """
    if is_function(dataset) and data.target is not None:
        raise DefinitionError(f"{dataset} returns its target as y; remove data.target")
    if dataset == OPENML:
        raise DefinitionError("openml: needs a name or an id, such as openml:iris or openml:61")


def is_function(dataset: str) -> bool:
    """Whether a dataset is what a function of the user's returns."""
    return is_own(dataset) and not is_file(dataset) and not dataset.startswith(OPENML)


def pinned(dataset: str) -> str:
    """The dataset by a name that goes on meaning it: an absolute path, an id of OpenML."""
    if is_file(dataset):
        return str(Path(dataset).expanduser().absolute())
    return f"{OPENML}{_openml(dataset.removeprefix(OPENML))[2]}" if dataset.startswith(OPENML) else dataset


def load_own(dataset: str, data: Data) -> Examples:
    """Load and read data of one's own; the same again at once, while the file stays as it is.

    Raises
    ------
    DefinitionError
        One sentence on what cannot be read, with the column and row where there is one.
    """
    stamp = (0, 0)
    if is_file(dataset) and (path := Path(dataset).expanduser()).is_file():
        stamp = (path.stat().st_mtime_ns, path.stat().st_size)
    return _load(dataset, data.target, data.task, tuple(data.text or ()), stamp)


@lru_cache(maxsize=2)
def _load(
    dataset: str,
    target: str | None,
    task: Task | None,
    text: tuple[str, ...],
    stamp: tuple[int, int],  # noqa: ARG001 (the key of the cache)
) -> Examples:
    return examples_of(*table_of(dataset, target, task, text))


def table_of(
    dataset: str, target: str | None, task: Task | None, text: tuple[str, ...]
) -> tuple[Table, Wish]:
    """The table that data of one's own are, and what is read of it.

    Raises
    ------
    DefinitionError
        When it cannot be had, or nobody said what to predict.
    """
    if is_file(dataset):
        table = read_table(Path(dataset).expanduser())
    elif dataset.startswith(OPENML):
        table, default, _ = _openml(dataset.removeprefix(OPENML))
        target = target or default
    else:
        table, target = called(dataset)
    if target is None:
        raise DefinitionError(
            f"name the column of {table.origin} to predict: --target COLUMN, or data.target in the "
            f"definition; it has {listed(list(table.columns))}"
        )
    return table, Wish(target, task, text)


_fetched: dict[
    str, tuple[Table, str | None, int]
] = {}  # the last dataset of OpenML, by what was asked and by id


def _openml(asked: str) -> tuple[Table, str | None, int]:
    """Table, default target and id of a dataset of OpenML; asked for again by its id it is not read again."""
    if asked not in _fetched:
        found = _fetch(asked)
        _fetched.clear()
        _fetched.update({asked: found, str(found[2]): found})
    return _fetched[asked]


def _fetch(asked: str) -> tuple[Table, str | None, int]:
    """The same from OpenML, or from scikit-learn's data home, where it keeps what was fetched."""
    fetch: Callable[..., Any] = importlib.import_module("sklearn.datasets").fetch_openml
    which: dict[str, Any] = {"data_id": int(asked)} if asked.isdigit() else {"name": asked}
    said = f"dataset {shown(OPENML + asked)}"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on other versions: the one taken is said and pinned
            # The parser by pandas turns classes 0 and 1 into numbers, and some versions of it fail on them.
            found = fetch(**which, parser="liac-arff", n_retries=1, delay=0.1)
    except OSError as error:  # no network, or a server that does not answer
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or error
        raise DefinitionError(
            f"{said} is not in scikit-learn's data home, and OpenML cannot be asked: {reason}; "
            "try again with a network, or save it as CSV"
        ) from None
    except ValueError as error:  # scikit-learn's sentence on a name, an id or a format
        raise DefinitionError(f"{said} cannot be had: {str(error).splitlines()[0]}") from None
    if found.frame is None:
        raise DefinitionError(f"{said} is stored sparse, which is not read here; save it as CSV")
    details = found.details
    origin = f"OpenML {details['name']}, version {details['version']} (id {details['id']})"
    default = found.target_names[0] if len(found.target_names) == 1 else None
    return framed(found.frame, origin), default, int(details["id"])
