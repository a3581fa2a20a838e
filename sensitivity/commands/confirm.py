"""What the command ``confirm`` does: a run → its best few trained again → which to take."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from sensitivity.commands.progress import SweepProgress
from sensitivity.commands.terminal import plain
from sensitivity.estimators.choosing import choose, default_configuration, tried
from sensitivity.files import write_csv
from sensitivity.measures import confirm as c
from sensitivity.reading.again import Again
from sensitivity.reading.opening import kind_of, open_study
from sensitivity.reporting.results import make_folder
from sensitivity.request import TABLE, Request
from sensitivity.words import short
from sweeps.again import train_again
from sweeps.definition import SweepDefinition, parse
from sweeps.errors import StudyError
from sweeps.execution import cores
from sweeps.objectives import objective_named
from sweeps.run import fingerprint
from sweeps.run_folder import RunFolder
from sweeps.settings import KNOWN_SETTINGS
from sweeps.settings import default as known_default

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from sensitivity.arrays import Floats
    from sensitivity.estimators.choosing import Tried
    from sensitivity.study import Study
    from sweeps.space import Configuration, Value

EXIT_INTERRUPTED: Final = 130


@dataclass(frozen=True, eq=False)
class Confirming:
    """What is trained again: the candidates of a study, and where their results are kept."""

    definition: SweepDefinition
    found: Tried
    chosen: list[c.Candidate]
    record: Again

    def values(self, seeds: Sequence[int]) -> Floats:
        """Results, shape (candidates, seeds); NaN where there is none yet."""
        known = [[self.record.value(one.configuration, seed) for seed in seeds] for one in self.chosen]
        return np.array(known, dtype=np.float64)

    def seeds(self, count: int) -> list[int]:
        """Replicates that no trial of the sweep has."""
        first = self.definition.replicates
        return list(range(first, first + count))


def confirm_command(run: Path, top: int, replicates: int, workers: int | None, storage: str | None) -> None:
    """Train the best few of a run again, record them, and say which to take.

    Raises
    ------
    SweepError
        One sentence on what the user can mend.
    """
    request = Request(path=run, storage=storage)
    if kind_of(request) == TABLE:
        raise foreign(run, "train them again")
    study, folder = open_study(request), RunFolder(run)
    asked = confirming(study, folder, top)
    seeds, console = asked.seeds(replicates), Console()
    console.print(
        f"{len(asked.chosen)} configurations × {replicates} fresh seeds → {folder.path / 'confirm.csv'}",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
    _train(asked, seeds, workers or cores(), console, run)
    values, worst = asked.values(seeds), c.neighbours_of(asked.found, asked.chosen)
    table = c.confirmed(asked.found, asked.chosen, values, worst)
    make_folder(folder)
    write_csv(table, folder.tables / "confirmed.csv")
    _show(console, study, table, c.sentences(asked.found, asked.chosen, values, worst))
    console.print(
        f"→ {folder.tables / 'confirmed.csv'}  (trials: {folder.path / 'confirm.csv'})",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )


def definition_of(study: Study, path: Path, what: str) -> SweepDefinition:
    """Definition of a sweep of ours.

    Raises
    ------
    StudyError
        When somebody else trained these trials.
    """
    if not study.definition:
        raise foreign(path, what)
    return parse(tomllib.loads(study.definition))


def foreign(path: Path, what: str) -> StudyError:
    """Why trials that another program trained are all there is."""
    return StudyError(
        f"{path} holds results of trainings that only their own program can repeat, so it is not known here "
        f"how to {what}; give the run folder of a sweep"
    )


def confirming(study: Study, folder: RunFolder, top: int) -> Confirming:
    """Candidates of a run's study, and what is recorded of them."""
    definition = definition_of(study, folder.path, "train them again")
    found, space = tried(study), definition.build_space()
    default = default_configuration(space, defaults_of(definition))
    chosen = c.candidates(found, choose(found), top, default)
    record = Again(folder.path / "confirm.csv", space.names, fingerprint(definition))
    return Confirming(definition, found, chosen, record)


def defaults_of(definition: SweepDefinition) -> Callable[[str, Configuration], Value | None]:
    """What a setting is where nobody says: the objective's, which for a network can hang on the optimizer."""
    known = objective_named(definition.objective).settings(definition.space)
    fixed = definition.build_space().fixed

    def default(name: str, chosen: Configuration) -> Value | None:
        if name not in known:
            return None
        value = known[name].default
        if KNOWN_SETTINGS.get(name) is not None and "optimizer" in {**fixed, **chosen}:
            value = known_default(name, {**fixed, **chosen}["optimizer"])
        return None if isinstance(value, tuple) else value

    return default


def _train(asked: Confirming, seeds: Sequence[int], workers: int, console: Console, run: Path) -> None:
    """Train what is not recorded yet."""
    missing = [
        (one.configuration, seed)
        for seed in seeds
        for one in asked.chosen
        if asked.record.value(one.configuration, seed) is None
    ]
    if not missing:
        return
    definition = asked.definition
    work = objective_named(definition.objective).prepare(definition, definition.build_space())
    with SweepProgress(console, len(missing)) as progress:
        progress.opened([])
        try:
            for finished in train_again(work, missing, workers=workers):
                asked.record.add(finished)
                progress.recorded(finished)
        except KeyboardInterrupt:
            progress.stop()
            Console(stderr=True).print(
                f"Interrupted: {progress.tally.done} of {len(missing)} trainings are recorded. "
                f"Go on with: python -m sensitivity confirm {run}",
                markup=False,
                highlight=False,
                soft_wrap=True,
            )
            raise typer.Exit(EXIT_INTERRUPTED) from None


def _show(console: Console, study: Study, table: pd.DataFrame, sentences: Sequence[str]) -> None:
    """Table, what the letters are, and the sentences."""
    drawn = Table(box=None, pad_edge=False, padding=(0, 1), header_style="bold")
    for place, head in enumerate(
        ("", "is", "in the\nsweep", "confirmed\n(95 %)", "worse than\nin the sweep", "behind A\n(paired)")
    ):
        drawn.add_column(head, justify="left" if place < 2 else "right", overflow="fold")
    rows = table.to_dict("records")
    for row in rows:
        drawn.add_row(*(Text(plain(text)) for text in _cells(row)))
    console.print()
    console.print(Text(plain(f"{study.name}: {study.label}, with seeds the sweep never used"), style="bold"))
    console.print(drawn)
    console.print()
    for row in rows:
        take = "   ← take" if row["take"] else ""
        console.print(Text(plain(f"{row['candidate']}  {row['configuration']}{take}")))
    console.print()
    for sentence in sentences:
        console.print(Text(plain(sentence)))


def _cells(row: Mapping[Hashable, object]) -> list[str]:
    """One candidate."""

    def estimate(name: str) -> str:
        middle, high = float(str(row[name])), float(str(row[f"{name}_high"]))
        return "–" if np.isnan(middle) else f"{short(middle, 3)} ± {short(high - middle, 2)}"

    before = float(str(row["in_the_sweep"]))
    return [
        str(row["candidate"]),
        str(row["chosen_as"]),
        "–" if np.isnan(before) else short(before, 3),
        estimate("confirmed"),
        estimate("optimism"),
        "–" if row["rank"] == 1 else estimate("behind"),
    ]
