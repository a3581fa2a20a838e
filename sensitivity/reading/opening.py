"""What was asked for → the study: run folder, Optuna study or table; what does not fit is refused."""

from __future__ import annotations

import re
import stat
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sensitivity.reading.csv_files import read_csv_table
from sensitivity.reading.result_folders import is_result_folder
from sensitivity.reading.runs import read_run
from sensitivity.reading.studies import is_storage, read_study
from sensitivity.request import RUN, STUDY, TABLE, flags, given
from sensitivity.study import is_finite
from sensitivity.words import listed
from sweeps.errors import StudyError
from sweeps.run_folder import RunFolder, datasets_in

if TYPE_CHECKING:
    from sensitivity.request import Request
    from sensitivity.study import Study

NOTHING: Final = "say what to measure: a run folder, a CSV file with --metric COLUMN, or --storage URL"
_TABLES: Final = frozenset({".csv", ".tsv", ".txt", ".json", ".jsonl", ".parquet", ".db"})
LARGEST: Final = 2**28  # bytes of a table: each takes some twenty of memory while it is read


def open_study(request: Request) -> Study:
    """Read the trials that are asked for; nothing is changed.

    Raises
    ------
    SweepError
        One sentence on what the user can mend.
    """
    tolerance, cap = request.tolerance, request.cap
    if tolerance is not None and not 0 < tolerance <= 1:
        raise StudyError(
            f"a tolerance is a share above 0 and at most 1, not {tolerance:g}; try --tolerance 0.1"
        )
    if cap is not None and not is_finite(cap):
        raise StudyError(f"a cap is a finite number, not {cap}; give another --cap")
    kind = kind_of(request)
    _refuse(request, kind)
    return replace(_READERS[kind](request), tolerance=tolerance, asked_scale=request.scale)


def kind_of(request: Request) -> str:
    """Whether a run folder, an Optuna study or a table is asked for.

    Raises
    ------
    StudyError
        When it is nothing, or two things at once, or nothing that can be read.
    """
    path = request.path
    if path is None:
        if request.storage is None:
            raise StudyError(NOTHING)
        return STUDY
    _check_path(path)
    if path.is_dir():
        if RunFolder(path).definition_file.exists() or datasets_in(path):
            return RUN
        if not is_result_folder(path):
            what = "a folder, not a file" if path.suffix.lower() in _TABLES else "no run folder"
            raise StudyError(f"{path} is {what}: it holds no sweep.toml, {_instead(path)}")
        return TABLE
    if not is_storage(path):
        return TABLE
    if request.storage is not None:
        raise StudyError(f"give either {path} or --storage, not both")
    return STUDY


def _instead(folder: Path) -> str:
    """What else a folder holds, and what to give."""
    tables = sorted(each.name for each in folder.iterdir() if each.suffix.lower() in _TABLES)
    if tables:
        return f"but {listed(tables[:3])}; give the table itself: {folder / tables[0]}"
    own = folder / "tables" / "trials.csv"
    if own.is_file():
        return f"but a report of trials; give what it was made of, or its table of them: {own}"
    return "and no trials of Ray Tune's or keras-tuner's; give a table, or the folder of a sweep that has run"


def _check_path(path: Path) -> None:
    """Whether there is what was named, and it can be read to its end."""
    if re.match(r"[A-Za-z][\w+.-]+:/", str(path)):
        raise StudyError("an address is given with --storage URL; a run folder or a file needs none")
    if not path.exists():
        raise StudyError(f"there is no file {path}; give a run folder, a CSV file or --storage URL")
    found = path.stat()
    if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
        raise StudyError(f"{path} is a device or a pipe, which may have no end; save the table to a file")
    if stat.S_ISREG(found.st_mode) and found.st_size > LARGEST and not is_storage(path):
        raise StudyError(f"{path} has {found.st_size:,} bytes; a table has at most {LARGEST:,}")


def _refuse(request: Request, kind: str) -> None:
    """Options that mean nothing here: silence would look like obedience."""
    for known, _ in given(request):
        if kind not in known.metadata["of"]:
            name = flags(known)[0]
            reason = known.metadata["otherwise"] or f"has no {known.name}"
            raise StudyError(f"{kind} {reason}; leave out {name}")


def _run(request: Request) -> Study:
    path, failed = request.path or Path(), request.failed
    return read_run(path, cap=request.cap, storage_url=request.storage, failed=failed)


def _study(request: Request) -> Study:
    address, cap, failed = request.storage or str(request.path), request.cap, request.failed
    return read_study(address, request.study, cap=cap, objective=request.objective, failed=failed)


def _table(request: Request) -> Study:
    path = request.path or Path()
    study = read_csv_table(path, request.metric, request)
    if not len(study.trials):
        reason = "no row is a complete trial" if study.notes else "it has a header only"
        raise StudyError(f"{path} holds no trials: {reason}")
    return study


_READERS: Final = {RUN: _run, STUDY: _study, TABLE: _table}
