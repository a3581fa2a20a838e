"""Any file or folder with a row per trial → `TextTable`: every format becomes the same columns of texts.

CSV and its relatives, JSON lines, Parquet, a stored search of scikit-learn's, the result folder of Ray Tune
and the project folder of keras-tuner. A number keeps all its digits, so that the same trials give the same
shares through every format.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sensitivity.reading.cells import text_of
from sensitivity.reading.csv_text import TextTable, read_text_table
from sensitivity.reading.nested import flat, spread_out, table_of
from sensitivity.reading.result_folders import read_folder
from sweeps.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PARQUET: Final = b"PAR1"
PICKLES: Final = frozenset({".joblib", ".pkl", ".pickle"})


def read_table(path: Path) -> TextTable:
    """Read whatever holds a row per trial.

    Raises
    ------
    StudyError
        When it is not there, or no table in any known format.
    """
    if path.is_dir():
        return read_folder(path)
    if not path.exists():
        return read_text_table(path)  # says so
    with path.open("rb") as file:
        begin = file.read(64)
    if path.suffix.lower() in PICKLES:
        return from_search(_unpickled(path), path)
    if begin.startswith(PARQUET):
        return _parquet(path)
    if begin.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[{")):
        return _json(path)
    table = read_text_table(path)
    return replace(table, columns=spread_out(table.columns))


def from_search(search: object, path: Path) -> TextTable:
    """Table of a fitted search of scikit-learn's, or of its ``cv_results_``.

    Raises
    ------
    StudyError
        When it is neither.
    """
    found = getattr(search, "cv_results_", search)
    columns = getattr(found, "to_dict", None)
    if columns is not None:
        found = columns(orient="list")
    if not isinstance(found, dict) or not any(str(name).startswith("mean_test") for name in found):
        raise StudyError(
            f"{path} holds no search of scikit-learn's: it has no cv_results_ with a mean_test score"
        )
    cells: dict[str, Sequence[str]] = {
        str(name): [_parameter(value) for value in values] for name, values in found.items()
    }
    return TextTable(path, cells)


def _parameter(value: object) -> str:
    """Cell of a value that was tried; ``None`` is one, what a search did not try is empty."""
    return "None" if value is None else text_of(value)


def _unpickled(path: Path) -> object:
    import joblib  # noqa: PLC0415 (rarely needed, and slow)

    try:
        return joblib.load(path)
    except Exception as error:  # noqa: BLE001 (a damaged or foreign pickle may raise anything)
        raise StudyError(
            f"{path} cannot be loaded ({type(error).__name__}: {error}); save the table as CSV"
        ) from None


def _parquet(path: Path) -> TextTable:
    import pandas as pd  # noqa: PLC0415

    try:
        table = pd.read_parquet(path)
    except ImportError:
        raise StudyError(f"{path} is a Parquet file, which pyarrow reads: pip install pyarrow") from None
    except Exception as error:  # noqa: BLE001 (pyarrow's own errors, which are not imported here)
        raise StudyError(f"{path} is a damaged Parquet file: {str(error).splitlines()[0]}") from None
    columns: dict[str, Sequence[str]] = {
        str(name): [text_of(_present(value)) for value in table[name].tolist()] for name in table.columns
    }
    return TextTable(path, columns)


def _present(value: Any) -> Any:  # noqa: ANN401
    """Value, or None for what pandas calls missing."""
    return None if value.__class__.__name__ in {"NAType", "NaTType"} else value


def _json(path: Path) -> TextTable:
    """Records as JSON lines or in one list."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        records = json.loads(text) if text.lstrip().startswith("[") else _json_lines(path, text)
    except UnicodeDecodeError:
        raise StudyError(f"{path} is not a text file in UTF-8; save it in UTF-8") from None
    except json.JSONDecodeError as error:
        raise StudyError(f"{path} is not JSON: line {error.lineno}: {error.msg}") from None
    except (RecursionError, ValueError):  # of Python's own bounds: depth, digits
        raise StudyError(
            f"{path} nests too deeply, or a number has thousands of digits; give plain records"
        ) from None
    if (
        not isinstance(records, list)
        or not records
        or not all(isinstance(record, dict) for record in records)
    ):
        raise StudyError(f"{path} holds no trials: it needs an object per trial, as JSON lines or in a list")
    return table_of(path, [dict(flat(record)) for record in records])


def _json_lines(path: Path, text: str) -> list[Any]:
    records = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                records.append(json.loads(line))
            except json.JSONDecodeError as error:
                if number == 1 or number == len(text.splitlines()):
                    whole = _whole(text)
                    if whole is not None:
                        return whole
                raise StudyError(
                    f"{path}: line {number} is not JSON: {error.msg}; every line needs an object"
                ) from None
    return records


def _whole(text: str) -> list[Any] | None:
    """One object over several lines; None where it is none."""
    try:
        found = json.loads(text)
    except json.JSONDecodeError:
        return None
    return [found]
