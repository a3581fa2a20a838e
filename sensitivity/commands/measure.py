"""What the commands ``measure`` and ``compare`` do: anybody's trials → tables, and a ranking to read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.text import Text

from sensitivity.commands.summary import show
from sensitivity.commands.terminal import comparison_text, plain
from sensitivity.files import write_csv
from sensitivity.measures.concordance import compare
from sensitivity.measures.measuring import SHARES, all_tables
from sensitivity.reading import Reading, read_csv_table, read_run, read_study
from sensitivity.reading.csv_text import read_text_table
from sensitivity.reading.studies import is_storage
from sensitivity.report.results import make_folder, write_tables
from sensitivity.report.slow_bar import SlowBar
from sensitivity.study import is_finite
from sensitivity.trials import OUTCOME, REPLICATE, VALUE
from sensitivity.words import listed
from sweeps.errors import StudyError
from sweeps.run_folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from sensitivity.study import Study


_NOTHING: Final = "say what to measure: a run folder, a CSV file with --metric COLUMN, or --storage URL"


@dataclass(frozen=True)
class Asked:
    """Options of ``measure``; ``reading`` speaks of CSV files, its cap of everything."""

    path: Path | None = None
    storage: str | None = None
    study: str | None = None
    metric: str | None = None
    objective: str | None = None
    tolerance: float | None = None
    reading: Reading = field(default_factory=Reading)


def measure_command(asked: Asked, out: Path | None) -> None:
    """Read trials, compute all measures, write their tables and show the ranking.

    Raises
    ------
    SweepError
        One sentence on what the user can mend.
    """
    opened = open_trials(asked, out)
    results = write_tables(opened.folder, opened.study, trials=not opened.own_folder)
    show(Console(), opened.study, results)


@dataclass(frozen=True)
class Opened:
    """Trials that were asked for, and the folder that the results go to; whether it is the run's own."""

    study: Study
    folder: RunFolder
    own_folder: bool


def open_trials(asked: Asked, out: Path | None) -> Opened:
    """Read the trials and make the folder of the results.

    Raises
    ------
    SweepError
        One sentence on what the user can mend.
    """
    tolerance = asked.tolerance
    if tolerance is not None and not 0 < tolerance <= 1:
        raise StudyError(
            f"a tolerance is a share above 0 and at most 1, not {tolerance:g}; try --tolerance 0.1"
        )
    if asked.reading.cap is not None and not is_finite(asked.reading.cap):
        raise StudyError(f"a cap is a finite number, not {asked.reading.cap}; give another --cap")
    _check_path(asked.path)
    folder = RunFolder(_goal(asked, out))
    study = replace(read(asked), tolerance=tolerance)
    make_folder(folder)
    own_folder = asked.path is not None and folder.path.resolve() == asked.path.resolve()
    return Opened(study, folder, own_folder)


def read(asked: Asked) -> Study:
    """Study that the options name: a run folder, a file or a storage.

    Raises
    ------
    StudyError
        When they name none, or several, or a file without trials.
    """
    path, cap = asked.path, asked.reading.cap
    if path is None and asked.storage is None:
        raise StudyError(_NOTHING)
    if path is None or (path.is_file() and is_storage(path)):
        if path is not None and asked.storage is not None:
            raise StudyError(f"give either {path} or --storage, not both")
        _refuse(asked, "an Optuna study", metric=asked.metric, maximize=asked.reading.maximise)
        return read_study(asked.storage or str(path), asked.study, cap=cap, objective=asked.objective)
    if path.is_dir():
        _refuse(asked, "a run folder", metric=asked.metric, maximize=asked.reading.maximise)
        return read_run(path, cap=cap, storage_url=asked.storage)
    _refuse(asked, "a CSV file", storage=asked.storage, study=asked.study, objective=asked.objective)
    study = read_csv_table(path, asked.metric, asked.reading)
    if not len(study.trials):
        reason = "no row is a complete trial" if read_text_table(path).rows else "it has a header only"
        raise StudyError(f"{path} holds no trials: {reason}")
    return study


def _check_path(path: Path | None) -> None:
    """Whether there is what was named; before anything else is asked for."""
    if path is not None and re.match(r"[A-Za-z][\w+.-]+:/", str(path)):
        raise StudyError("an address is given with --storage URL; a run folder or a file needs none")
    if path is not None and not path.exists():
        raise StudyError(f"there is no file {path}; give a run folder, a CSV file or --storage URL")


def _refuse(asked: Asked, what: str, **options: object) -> None:
    """Options that mean nothing here: silence would look like obedience."""
    given = [name for name, value in options.items() if value]
    if given:
        known = {"metric": "has its own metric", "maximize": "says itself whether it is maximised"}
        reason = known.get(given[0], f"has no {given[0]}")
        raise StudyError(f"{what} {reason}; leave out --{given[0]}")
    if what != "a CSV file":
        named = [name for name in ("settings", "ignore", "log", "linear") if getattr(asked.reading, name)]
        if named:
            option = "setting" if named[0] == "settings" else named[0]
            raise StudyError(f"{what} says itself what its settings are; leave out --{option}")


def _goal(asked: Asked, out: Path | None) -> Path:
    """Folder of the results: a run's own, or the one named."""
    if out is not None:
        return out
    if asked.path is not None and asked.path.is_dir():
        return asked.path
    if asked.path is None and asked.storage is None:
        raise StudyError(_NOTHING)
    raise StudyError("say where the tables shall go: --out DIR")


def compare_command(runs: Sequence[Path], out: Path | None) -> None:
    """Rank the settings of several runs side by side.

    Raises
    ------
    SweepError
        One sentence on what the user can mend.
    """
    if len(runs) < 2:
        raise StudyError("a comparison needs two runs at least: compare RUN RUN")
    every = {name: read_run(path) for name, path in _names(runs).items()}
    copies = _copies(every)
    studies = {name: study for name, study in every.items() if name not in copies}
    if len(studies) < 2:
        raise StudyError(f"{listed(every)} hold the same trials; compare different runs")
    shares = {}
    with SlowBar("comparing", len(studies)) as bar:
        for name, study in studies.items():
            bar.next(name)
            shares[name] = all_tables(study, only=(SHARES,))[SHARES]
    table = compare(shares)
    console = Console()
    console.print(comparison_text(table))
    for name, original in copies.items():
        console.print(Text(f"· {plain(name)} holds the same trials as {plain(original)}: left out."))
    for name, study in studies.items():
        for note in study.notes:
            console.print(Text(f"· {plain(name)}: {plain(note)}"))
    if out is not None:
        folder = RunFolder(out)
        make_folder(folder)
        write_csv(table, folder.tables / "comparison.csv")
        for file in [folder.tables / "comparison.csv", *_drawn(table, folder)]:
            console.print(f"→ {file}", markup=False, highlight=False, soft_wrap=True)


def _drawn(table: pd.DataFrame, folder: RunFolder) -> list[Path]:
    """Files of the picture of a comparison; none where it has nothing to show."""
    from sensitivity.pictures import comparison  # noqa: PLC0415 (matplotlib takes a second, tables need none)
    from sensitivity.pictures.picture import NothingToDraw  # noqa: PLC0415 (the same)
    from sensitivity.pictures.saving import save  # noqa: PLC0415 (the same)

    try:
        picture = comparison.picture_of(table)
    except NothingToDraw:
        return []
    folder.figures.mkdir(parents=True, exist_ok=True)
    return save(picture, folder.figures / comparison.NAME)


def _copies(studies: Mapping[str, Study]) -> dict[str, str]:
    """Runs that hold the same trials as an earlier one, with its name: no second witness."""
    copies: dict[str, str] = {}
    seen: dict[str, pd.DataFrame] = {}
    for name, study in studies.items():
        results = study.trials[[*study.space.names, REPLICATE, OUTCOME, VALUE]]
        original = next((other for other, known in seen.items() if known.equals(results)), None)
        if original is None or results.empty:
            seen[name] = results
        else:
            copies[name] = original
    return copies


def _names(runs: Sequence[Path]) -> dict[str, Path]:
    """Short name of each run: the last part of its path, more where two agree."""
    resolved = [path.resolve() for path in runs]
    if len(set(resolved)) < len(resolved):
        raise StudyError("a run is named twice; compare different runs")
    most = max(len(path.parts) for path in resolved)
    tried = (["/".join(path.parts[-parts:]) for path in resolved] for parts in range(1, most + 1))
    names = next(names for names in tried if len(set(names)) == len(names))
    return dict(zip(names, runs, strict=True))
