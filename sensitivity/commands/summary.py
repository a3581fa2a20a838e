"""What the commands print at their end: answer, ranking, tolerance, best trial, warnings, files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
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

    from rich.console import Console, RenderableType

    from sensitivity.reporting.results import Results
    from sensitivity.study import Study

MOST_WARNINGS: Final = 6


def show(console: Console, study: Study, results: Results) -> None:
    """Print what was found, and where it lies."""
    console.print(_title(study), soft_wrap=True)
    console.print()
    for sentence_ in answer(study, results.tables):
        console.print(Text(plain(study.spoken(sentence_))))
    console.print()
    console.print(_ranking(study, results.tables))
    console.print()
    if tolerance := tolerance_text(results.tables["tolerance"], study.rate):
        console.print(tolerance)
        console.print()
    if best := best_trial(study):
        console.print(Text(plain(best)))
    for caution in results.cautions[:MOST_WARNINGS]:
        console.print(Text(f"! {plain(study.spoken(caution))}", style="yellow"))
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
    about = "" if study.label == study.name else f", {plain(study.label)}"
    text = Text(plain(study.name), style="bold")
    return text.append(
        f": {counted(len(study.trials), 'trial')}, {counted(settings, 'setting')}{about}",
        style="not bold",
    )


def _ranking(study: Study, tables: Mapping[str, pd.DataFrame]) -> RenderableType:
    """Ranking with its notes, or why there is none."""
    table = tables["ranking"]
    ranked = table[table[RANK].notna()].reset_index(drop=True)
    if len(ranked):
        return ranking_text(
            ranked, tables["variance_decomposition"], study.metric, study.remarks, study.spoken
        )
    sentences = [*dict.fromkeys(str(text) for text in table[VERDICT]), *study.remarks]
    return Text("\n".join(f"· {plain(study.spoken(text))}" for text in sentences))


def best_trial(study: Study) -> str:
    """Best single trial, search included; empty where none was trained.

    Where a trial is one fold of several, or every configuration was run again, one of them is luck: then it
    is the configuration with the best mean.
    """
    trained = study.trials[study.trials[OUTCOME] != DIVERGED]
    if trained.empty:
        return "Every trial failed." if len(study.trials) else ""
    ranked, each = _means(study) if _run_again(study) else (trained, "single trial")
    ordered = ranked.sort_values([VALUE, NUMBER], kind="stable")
    best = ordered.iloc[0]
    ties = int((ordered[VALUE] == best[VALUE]).sum())
    which = f"Best {each}" if ties == 1 else f"Best {each}, one of {ties} equal ones"
    values = {name: level_text(best[name]) for name in study.space.names}
    settings = ", ".join(f"{name} {value}" for name, value in values.items() if value)
    value = -float(best[VALUE]) if study.turned else float(best[VALUE])
    return f"{which}: {study.metric} {short(value, 4)} ({settings})."


def _run_again(study: Study) -> bool:
    """Whether each of a stranger's configurations has several trials."""
    if study.definition or not len(study.plan):
        return False
    return int(np.unique(study.configuration, return_counts=True)[1].min()) > 1


def _means(study: Study) -> tuple[pd.DataFrame, str]:
    """A row per configuration with the mean of its trials, and what to call it."""
    plan = study.plan
    means = plan.assign(**{VALUE: plan.groupby(study.configuration)[VALUE].transform("mean")})
    first = ~pd.Series(study.configuration).duplicated()
    folds = study.read is not None and len(study.read.replicates) > 1
    return means[first.to_numpy()], f"configuration by the mean of its {'folds' if folds else 'runs'}"
