"""What the command ``compare`` does: several runs → the ranking of each, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from sensitivity.commands.terminal import comparison_text, plain
from sensitivity.files import make_folder, write_csv
from sensitivity.measures.concordance import compare
from sensitivity.measures.measuring import SHARES, all_tables
from sensitivity.reading.runs import read_run
from sensitivity.reporting.slow_bar import SlowBar
from sensitivity.trials import OUTCOME, REPLICATE, VALUE
from sensitivity.words import listed
from sweeps.errors import StudyError
from sweeps.run_folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from sensitivity.study import Study


def compare_command(runs: Sequence[Path], out: Path | None) -> None:
    """Rank the settings of several runs side by side.

    Raises
    ------
    SweepError
        One sentence on what the user can mend.
    """
    if len(runs) < 2:
        raise StudyError("a comparison needs two runs at least: compare RUN RUN")
    every = {name: read_run(path) for name, path in short_names(runs).items()}
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


def short_names(runs: Sequence[Path]) -> dict[str, Path]:
    """Short name of each run: the last part of its path, more where two agree."""
    resolved = [path.resolve() for path in runs]
    if len(set(resolved)) < len(resolved):
        raise StudyError("a run is named twice; compare different runs")
    most = max(len(path.parts) for path in resolved)
    tried = (["/".join(path.parts[-parts:]) for path in resolved] for parts in range(1, most + 1))
    names = next(names for names in tried if len(set(names)) == len(names))
    return dict(zip(names, runs, strict=True))
