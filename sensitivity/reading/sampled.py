"""A few trials of a large file, evenly spread over it: what can be said of them while the rest is read."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final

from sensitivity.reading.csv_files import sample_of_table
from sensitivity.reading.opening import kind_of
from sensitivity.reading.studies import sample_of_records
from sensitivity.request import RUN, TABLE
from sweeps.errors import StudyError, SweepError
from sweeps.run_folder import RunFolder

if TYPE_CHECKING:
    from pathlib import Path

    from sensitivity.request import Request
    from sensitivity.study import Study

LARGE: Final = 2**22  # bytes: more take more than a moment to read
FEW: Final = 1500  # trials
LONGEST: Final = 2**20  # bytes of a line
HEAD: Final = 20  # lines that are kept as they are: header, or what a journal says of its study


def sampled(request: Request) -> tuple[Study, int] | None:
    """Study of some trials of a large table or run, and how many lines there are; None where it is small.

    None, too, where the file cannot be read in parts, or something is wrong: reading all of it says so.
    """
    try:
        kind = kind_of(request)
        path = request.path
        if path is None or request.storage is not None or kind not in {RUN, TABLE}:
            return None
        file = RunFolder(path).journal if kind == RUN else path
        if not file.is_file() or file.stat().st_size < LARGE:
            return None
        lines, count = _some_lines(file)
        study = _of_journal(lines, request) if kind == RUN else _of_table(lines, request, path)
    except (SweepError, OSError, UnicodeDecodeError):
        return None
    return None if study is None else (replace(study, asked_scale=request.scale), count)


def _some_lines(path: Path) -> tuple[list[bytes], int]:
    """First lines of a file and some evenly spread over the rest; how many there are."""
    with path.open("rb") as file:
        begin = list(islice(iter(partial(file.readline, LONGEST), b""), HEAD))
        if not all(line.endswith(b"\n") for line in begin):
            raise StudyError(f"{path} has a line of more than {LONGEST} bytes")
        lines = path.stat().st_size * len(begin) / max(sum(map(len, begin)), 1)
        step = max(1, round(lines / FEW))
        rest, count = [], 0
        for count, line in enumerate(iter(partial(file.readline, LONGEST), b""), 1):
            if count % step == 0 and line.endswith(b"\n"):
                rest.append(line)
    return [*begin, *rest], len(begin) + count


def _of_journal(lines: list[bytes], request: Request) -> Study | None:
    return sample_of_records(map(json.loads, lines), request.cap)


def _of_table(lines: list[bytes], request: Request, path: Path) -> Study | None:
    """Study of some rows; None where a row may go over several lines."""
    text = b"".join(lines).decode("utf-8-sig")
    return None if '"' in text else sample_of_table(path, text, request)
