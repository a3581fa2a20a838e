"""What the command ``compare`` does: several runs → the ranking of each, and what they say together."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.text import Text

from sensitivity.commands.across import explain_together
from sensitivity.commands.terminal import plain
from sensitivity.language import say
from sensitivity.reading.runs import read_run, runs_in
from sensitivity.trials import OUTCOME, REPLICATE, VALUE
from sensitivity.words import listed
from sweeps.definition import parse
from sweeps.errors import StudyError
from sweeps.run_folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from sensitivity.study import Study


# Begin of what may differ: the numbers across are of the configurations that all share, and of the plan.
_EXPECTED: Final = ("name:", "dataset:", "space.", "search", "contents of the data:", "data.", "target:")


def compare_command(runs: Sequence[Path], out: Path | None) -> None:
    """Rank the settings of several runs side by side, and say what can be set once for all of them.

    Raises
    ------
    SweepError
        One sentence on what the user can mend.
    """
    paths = _named(runs)
    if len(paths) < 2:
        raise StudyError("a comparison needs two runs at least: compare RUN RUN")
    every = {name: read_run(path) for name, path in paths.items()}
    copies = _copies(every)
    studies = {name: study for name, study in every.items() if name not in copies}
    if len(studies) < 2:
        raise StudyError(f"{listed(every)} hold the same trials; compare different runs")
    console = Console()
    for name, original in copies.items():
        console.print(Text(f"· {plain(name)} holds the same trials as {plain(original)}: left out."))
    for name, study in studies.items():
        for note in study.notes:
            console.print(Text(f"· {plain(name)}: {plain(note)}"))
    for note in _differences(studies):
        console.print(Text(f"· {plain(note)}"))
    folder = None if out is None else RunFolder(out)
    explain_together(console, studies, folder, {name: paths[name] for name in studies})


def _named(runs: Sequence[Path]) -> dict[str, Path]:
    """Runs by name: each that is given, or those that a sweep of several datasets has."""
    if len(runs) == 1:
        return runs_in(runs[0])
    return short_names([path for run in runs for path in runs_in(run).values() or [run]])


def _differences(studies: Mapping[str, Study]) -> list[str]:
    """What sweeps differ in besides dataset and space, each against the first: all results hold that too."""
    known = {
        name: parse(tomllib.loads(study.definition)) for name, study in studies.items() if study.definition
    }
    notes = []
    for name, definition in list(known.items())[1:]:
        first, other = next(iter(known.items()))
        keys = [each for each in other.differences(definition) if not each.startswith(_EXPECTED)]
        if keys:
            notes.append(say("across.note-differ", name=name, other=first, keys="; ".join(keys)))
    return notes


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
