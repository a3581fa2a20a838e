"""What the command ``confirm`` does: a run → its best few trained again → which to take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from sensitivity.branch import spaced
from sensitivity.commands.confirming import check_data, check_function, confirming, foreign
from sensitivity.commands.progress import STOPPED, SweepProgress, interrupted
from sensitivity.commands.terminal import plain
from sensitivity.files import make_folder, write_csv
from sensitivity.language import say
from sensitivity.measures import confirm as c
from sensitivity.measures.confirm_words import sentences
from sensitivity.reading.opening import kind_of, open_study
from sensitivity.request import TABLE, Request
from sensitivity.words import amount, enumerated, short
from sweeps.again import train_again
from sweeps.engines import engine_again
from sweeps.errors import StudyError
from sweeps.execution import cores
from sweeps.run_folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from sensitivity.commands.confirming import Confirming
    from sensitivity.study import Study


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
        f"{say('confirm.begin', count=len(asked.chosen), seeds=replicates)} → {folder.path / 'confirm.csv'}",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
    check_function(asked, folder, storage)
    _train(asked, seeds, workers or cores(), console, run)
    table, said = _judged(study, asked, seeds)
    make_folder(folder)
    write_csv(table, folder.tables / "confirmed.csv")
    _show(console, study, table, said)
    console.print(
        f"→ {folder.tables / 'confirmed.csv'}  ({say('confirm.trials')}: {folder.path / 'confirm.csv'})",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )


def _judged(study: Study, asked: Confirming, seeds: Sequence[int]) -> tuple[pd.DataFrame, list[str]]:
    """Table of the candidates with a result of every seed, and what is to be said."""
    lost = asked.lost(seeds)
    kept = [place for place in range(len(asked.chosen)) if place not in lost]
    failures = [_failed(asked.chosen[place], ended, len(seeds)) for place, ended in lost.items()]
    if not kept:
        raise StudyError(f"no candidate has a result with every fresh seed: {failures[0]}")
    chosen = [asked.chosen[place] for place in kept]
    fresh = asked.fresh(kept, seeds, study.chance)
    table = c.in_own_sign(c.confirmed(asked.found, chosen, fresh), study.sign)
    said = sentences(asked.found, chosen, fresh, study.sign)
    return table, [*failures, *said]


def _failed(one: c.Candidate, ended: Mapping[str, int], replicates: int) -> str:
    """What of a candidate gave no result, so that it is not to be taken."""
    how = enumerated([f"{count} {outcome.replace('_', ' ')}" for outcome, count in ended.items()])
    which = f"{c.described(one.configuration)} ({', '.join(one.roles)})"
    return say("confirm.left-out", which=which, count=sum(ended.values()), seeds=replicates, how=how)


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
    check_data(definition)
    work = asked.objective.prepare(definition, definition.build_space()).on(engine_again(asked.versions))
    with SweepProgress(console, len(missing), -1.0 if definition.maximise else 1.0) as progress:
        progress.opened([])
        try:
            for finished in train_again(work, missing, workers=workers):
                asked.record.add(finished)
                progress.recorded(finished)
        except STOPPED:
            progress.stop()
            again = f"python -m sensitivity confirm {run}"
            done = progress.tally.done
            interrupted(say("progress.trainings-recorded", done=done, all=len(missing), command=again))


def _show(console: Console, study: Study, table: pd.DataFrame, sentences: Sequence[str]) -> None:
    """Table, what the letters are, and the sentences."""
    drawn = Table(box=None, pad_edge=False, padding=(0, 1), header_style="bold")
    heads = (
        "",
        say("confirm.is"),
        say("confirm.in-the-sweep"),
        say("confirm.confirmed"),
        say("confirm.worse"),
        say("confirm.behind"),
    )
    for place, head in enumerate(heads):
        drawn.add_column(head, justify="left" if place < 2 else "right", overflow="fold")
    rows = table.to_dict("records")
    for row in rows:
        drawn.add_row(*(Text(plain(text)) for text in _cells(row)))
    console.print()
    title = say("confirm.title", name=study.name, metric=study.label)
    console.print(Text(plain(title), style="bold"))
    console.print(drawn)
    console.print()
    for row in rows:
        take = f"   ← {say('confirm.take')}" if row["take"] else ""
        console.print(Text(plain(f"{row['candidate']}  {spaced(row['configuration'])}{take}")))
    console.print()
    for sentence in sentences:
        console.print(Text(plain(sentence)))


def _cells(row: Mapping[Hashable, object]) -> list[str]:
    """One candidate."""

    def estimate(name: str) -> str:
        middle, high = float(str(row[name])), float(str(row[f"{name}_high"]))
        return "–" if np.isnan(middle) else f"{short(middle, 3)} ± {short(high - middle, 2)}"

    def between(name: str) -> str:
        ends = (float(str(row[f"{name}_{end}"])) for end in ("low", "high"))
        return amount(float(str(row[name])), *ends)

    before = float(str(row["in_the_sweep"]))
    return [
        str(row["candidate"]),
        str(row["chosen_as"]),
        "–" if np.isnan(before) else short(before, 3),
        between("confirmed"),
        estimate("optimism"),
        "–" if row["rank"] == 1 else estimate("behind"),
    ]
