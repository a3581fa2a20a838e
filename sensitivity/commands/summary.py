"""What the commands print at their end: answer, ranking, tolerance, best trial, warnings, files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text

from sensitivity.commands.terminal import plain, ranking_text, tolerance_text
from sensitivity.measures.ranking import RANK
from sensitivity.remarks import VERDICT
from sensitivity.reporting.answer import answer
from sensitivity.trials import DIVERGED, NUMBER, OUTCOME, VALUE
from sensitivity.words import counted, level_text, short

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd
    from rich.console import Console, RenderableType

    from sensitivity.reporting.results import Results
    from sensitivity.study import Study

MOST_WARNINGS: Final = 6


def show(console: Console, study: Study, results: Results) -> None:
    """Print what was found, and where it lies."""
    console.print(_title(study), soft_wrap=True)
    console.print()
    for sentence_ in answer(study, results.tables):
        console.print(Text(plain(sentence_)))
    console.print()
    console.print(_ranking(study, results.tables))
    console.print()
    if tolerance := tolerance_text(results.tables["tolerance"], study.rate):
        console.print(tolerance)
        console.print()
    if best := best_trial(study):
        console.print(Text(plain(best)))
    for caution in results.cautions[:MOST_WARNINGS]:
        console.print(Text(f"! {plain(caution)}", style="yellow"))
    if len(results.cautions) > MOST_WARNINGS:
        console.print(Text(f"! {len(results.cautions) - MOST_WARNINGS} more in the report", style="yellow"))
    console.print()
    if results.page is not None:
        _path(console, results.page, "open it in a browser")
    for folder, words in results.folders:
        _path(console, folder, words)


def _path(console: Console, path: Path, words: str) -> None:
    console.print(f"→ {path}  ({words})", markup=False, highlight=False, soft_wrap=True)


def _title(study: Study) -> Text:
    settings = len(study.space.names)
    text = Text(plain(study.name), style="bold")
    return text.append(
        f": {counted(len(study.trials), 'trial')}, {counted(settings, 'setting')}, {plain(study.label)}",
        style="not bold",
    )


def _ranking(study: Study, tables: Mapping[str, pd.DataFrame]) -> RenderableType:
    """Ranking with its notes, or why there is none."""
    table = tables["ranking"]
    ranked = table[table[RANK].notna()].reset_index(drop=True)
    if len(ranked):
        return ranking_text(ranked, tables["variance_decomposition"], study.metric, study.remarks)
    sentences = [*dict.fromkeys(str(text) for text in table[VERDICT]), *study.remarks]
    return Text("\n".join(f"· {plain(text)}" for text in sentences))


def best_trial(study: Study) -> str:
    """Best single trial, search included; empty where none was trained."""
    trained = study.trials[study.trials[OUTCOME] != DIVERGED]
    if trained.empty:
        return "Every trial diverged." if len(study.trials) else ""
    best = trained.sort_values([VALUE, NUMBER], kind="stable").iloc[0]
    ties = int((trained[VALUE] == best[VALUE]).sum())
    which = "Best single trial" if ties == 1 else f"Best single trial, one of {ties} equal ones"
    values = {name: level_text(best[name]) for name in study.space.names}
    settings = ", ".join(f"{name} {value}" for name, value in values.items() if value)
    value = -float(best[VALUE]) if study.turned else float(best[VALUE])
    return f"{which}: {study.metric} {short(value, 4)} ({settings})."
