"""What the commands print at their end: answer, ranking, tolerance, best trial, warnings, files."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from rich.text import Text

from sensitivity.commands.progress import show_paths
from sensitivity.commands.terminal import plain, ranking_text, tolerance_text
from sensitivity.measures.ranking import MAIN_EFFECT, RANK, TOTAL_EFFECT, configuration_means, told
from sensitivity.remarks import VERDICT
from sensitivity.reporting.answer import answer, besides_the_plan, varied
from sensitivity.trials import DIVERGED, NUMBER, OUTCOME, VALUE
from sensitivity.words import counted, level_text, percent, short

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from sensitivity.reporting.results import Results
    from sensitivity.study import Study

MOST_WARNINGS: Final = 6
MOST_RANKED: Final = 25  # settings in the terminal
FEWEST_RANKED: Final = 10  # of them where there are more


def show(console: Console, study: Study, results: Results) -> None:
    """Print what was found."""
    console.print(title(study), soft_wrap=True)
    console.print()
    if study.foremost and study.read is None:
        console.print(Text(plain(study.spoken(study.foremost)), style="yellow"))
    for sentence_ in answer(study, results.tables):
        console.print(Text(plain(study.spoken(sentence_))))
    console.print()
    console.print(_ranking(study, results))
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


def show_files(console: Console, results: Results) -> None:
    """Print where everything lies."""
    show_paths(console, results.page, results.folders)


def title(study: Study) -> Text:
    """Name of the study, how many trials it has, and which of them most sections do not look at."""
    about = "" if study.label == study.name else f", {plain(study.label)}"
    text = Text(plain(study.name), style="bold")
    also = besides_the_plan(study)
    trials = f"{counted(len(study.trials), 'trial')}{f' ({also})' if also else ''}"
    return text.append(f": {trials}, {counted(varied(study), 'setting')}{about}", style="not bold")


def _ranking(study: Study, results: Results) -> RenderableType:
    """Ranking with its notes, or why there is none; of many settings those that matter."""
    table = results.tables["ranking"]
    ranked = table[table[RANK].notna()].reset_index(drop=True)
    if len(ranked):
        few = foremost(ranked)
        rest = [_the_others(ranked[len(few) :], results)] if len(few) < len(ranked) else []
        shares = results.tables["variance_decomposition"]
        return ranking_text(few, shares, study.metric, [*rest, *study.remarks], study.spoken)
    sentences = [*dict.fromkeys(str(text) for text in table[VERDICT]), *study.remarks]
    return Text("\n".join(f"· {plain(study.spoken(text))}" for text in sentences))


def foremost(ranked: pd.DataFrame) -> pd.DataFrame:
    """Rows of a ranking that one can read: all, or of many those told from the noise, ten to twenty-five."""
    if len(ranked) <= MOST_RANKED:
        return ranked
    count = int(told(ranked).sum())
    return ranked.head(min(max(count, FEWEST_RANKED), MOST_RANKED))


def _the_others(rest: pd.DataFrame, results: Results) -> str:
    """How many settings are not shown, how much they do, and where they stand."""
    above = int(told(rest).sum())
    known = rest[TOTAL_EFFECT].fillna(rest[MAIN_EFFECT]).max()
    size = "" if pd.isna(known) else f", {percent(float(known))} at most each"
    shown = f"python -m sensitivity show {shlex.quote(str(results.folders[0][0].parent))} ranking"
    return f"{counted(len(rest), 'more setting')}{size}, {above or 'none'} of them above the noise: {shown}"


def best_trial(study: Study) -> str:
    """Best single trial, search included; empty where none was trained.

    Where configurations were run again, with other seeds or on other folds, one trial is luck: then it is the
    configuration with the best mean, the same as in the ranking.
    """
    trained = study.trials[study.trials[OUTCOME] != DIVERGED]
    if trained.empty:
        return "Every trial failed." if len(study.trials) else ""
    best, value, ties, each = _best_mean(study) if _run_again(study) else _best_of(trained)
    which = f"Best {each}" if ties == 1 else f"Best {each}, one of {ties} equal ones"
    values = {name: level_text(best[name]) for name in study.space.names}
    settings = ", ".join(_some([f"{name} {value}" for name, value in values.items() if value]))
    value = (-value if study.turned else value) + 0.0  # a zero has no sign
    which = "The only trial" if len(study.trials) == 1 else which
    return f"{which}: {study.metric} {short(value, 4)}{f' ({settings})' if settings else ''}."


def _some(parts: list[str]) -> list[str]:
    """All, or of many the first and how many more."""
    if len(parts) <= MOST_RANKED:
        return parts
    return [*parts[:FEWEST_RANKED], f"{len(parts) - FEWEST_RANKED} more"]


def _run_again(study: Study) -> bool:
    """Whether a sweep has replicates, or each of a stranger's configurations several trials."""
    if not study.plan[VALUE].notna().any():
        return False
    counts = np.unique(study.configuration, return_counts=True)[1]
    return int(counts.max() if study.definition else counts.min()) > 1


def _best_of(trained: pd.DataFrame) -> tuple[pd.Series, float, int, str]:
    """Best trial, its value, how many are as good, and what to call it."""
    best = trained.sort_values([VALUE, NUMBER], kind="stable").iloc[0]
    return best, float(best[VALUE]), int((trained[VALUE] == best[VALUE]).sum()), "single trial"


def _best_mean(study: Study) -> tuple[pd.Series, float, int, str]:
    """The same of the configuration with the best mean over its trials, of equal ones as in the ranking."""
    first, means = configuration_means(study)
    place = int(np.argmin(means))
    ties = int(np.isclose(means, means[place], rtol=1e-12, atol=0.0).sum())
    folds = study.read is not None and len(study.read.replicates) > 1
    of = "replicates" if study.definition else "folds" if folds else "runs"
    best = study.plan.iloc[int(first[place])]
    return best, float(means[place]), ties, f"configuration by the mean of its {of}"
