"""What the commands ``measure`` and ``compare`` do: anybody's trials → tables, and a ranking to read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.text import Text

from sensitivity.estimators.effects import VERDICT
from sensitivity.measures.concordance import compare
from sensitivity.measures.ranking import RANK
from sensitivity.measuring import MEASURES, RANKING, SHARES, all_tables
from sensitivity.progress import SlowBar
from sensitivity.reading import Reading, read_csv_table, read_run, read_study
from sensitivity.reading.names import counted, listed
from sensitivity.reading.source import LOWER_IS_BETTER, is_finite
from sensitivity.reading.studies import is_storage
from sensitivity.terminal import comparison_text, plain, ranking_text
from sensitivity.trials import OUTCOME, REPLICATE, VALUE, write_csv
from sweeps.errors import StudyError
from sweeps.run_folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from sensitivity.reading.source import Source


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
    tolerance = asked.tolerance
    if tolerance is not None and not 0 < tolerance <= 1:
        raise StudyError(
            f"a tolerance is a share above 0 and at most 1, not {tolerance:g}; try --tolerance 0.1"
        )
    if asked.reading.cap is not None and not is_finite(asked.reading.cap):
        raise StudyError(f"a cap is a finite number, not {asked.reading.cap}; give another --cap")
    folder = RunFolder(_goal(asked, out))
    source = replace(read(asked), tolerance=tolerance)
    _writable(folder)
    with SlowBar("measuring", len(MEASURES)) as bar:
        tables = all_tables(source, bar.next)
    own_folder = asked.path is not None and folder.path.resolve() == asked.path.resolve()
    files = _write(folder, tables if own_folder else {"trials": source.trials, **tables})
    show(source, tables, files)


def read(asked: Asked) -> Source:
    """Source that the options name: a run folder, a file or a storage.

    Raises
    ------
    StudyError
        When they name none, or several.
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
    return read_csv_table(path, asked.metric, asked.reading)


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


def _writable(folder: RunFolder) -> RunFolder:
    """Make the folder before anything is measured: minutes later is too late to hear that it cannot be."""
    try:
        folder.tables.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StudyError(
            f"the folder {folder.tables} cannot be made: {error.strerror}; choose another with --out"
        ) from None
    return folder


def _write(folder: RunFolder, tables: dict[str, pd.DataFrame]) -> list[Path]:
    files = [folder.tables / f"{name}.csv" for name in tables]
    for file, table in zip(files, tables.values(), strict=True):
        write_csv(table, file)
    return files


def show(source: Source, tables: dict[str, pd.DataFrame], files: Sequence[Path]) -> None:
    """Print the ranking, the notes and the files written."""
    console = Console()
    console.print(_title(source), soft_wrap=True)
    table = tables[RANKING]
    ranking = table[table[RANK].notna()].reset_index(drop=True)
    notes = [] if source.direction == LOWER_IS_BETTER else [f"{source.direction}."]
    notes += source.notes
    if len(ranking):
        console.print(ranking_text(ranking, tables[SHARES], plain(source.metric), notes))
    else:
        sentences = [*dict.fromkeys(table[VERDICT]), *notes]
        console.print(Text("\n".join(f"· {plain(sentence)}" for sentence in sentences)))
    for file in files:
        console.print(f"→ {file}", markup=False, highlight=False, soft_wrap=True)


def _title(source: Source) -> Text:
    settings = len(source.space.names)
    text = Text(plain(source.name), style="bold")
    return text.append(
        f": {counted(len(source.trials), 'trial')}, {counted(settings, 'setting')}, {plain(source.metric)}",
        style="not bold",
    )


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
    sources = {name: source for name, source in every.items() if name not in copies}
    if len(sources) < 2:
        raise StudyError(f"{listed(every)} hold the same trials; compare different runs")
    shares = {}
    with SlowBar("comparing", len(sources)) as bar:
        for name, source in sources.items():
            bar.next(name)
            shares[name] = all_tables(source, only=(SHARES,))[SHARES]
    table = compare(shares)
    console = Console()
    console.print(comparison_text(table))
    for name, original in copies.items():
        console.print(Text(f"· {plain(name)} holds the same trials as {plain(original)}: left out."))
    for name, source in sources.items():
        for note in source.notes:
            console.print(Text(f"· {plain(name)}: {plain(note)}"))
    for file in _write(_writable(RunFolder(out)), {"comparison": table}) if out is not None else []:
        console.print(f"→ {file}", markup=False, highlight=False, soft_wrap=True)


def _copies(sources: Mapping[str, Source]) -> dict[str, str]:
    """Runs that hold the same trials as an earlier one, with its name: no second witness."""
    copies: dict[str, str] = {}
    seen: dict[str, pd.DataFrame] = {}
    for name, source in sources.items():
        results = source.trials[[*source.space.names, REPLICATE, OUTCOME, VALUE]]
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
