"""What the commands print at their end: the first screen of the page, the ranking, warnings, files."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final

import pandas as pd
from rich.text import Text

from sensitivity.commands.first_words import first_text
from sensitivity.commands.progress import show_paths
from sensitivity.commands.terminal import plain, ranking_text
from sensitivity.measures.ranking import MAIN_EFFECT, RANK, TOTAL_EFFECT, told
from sensitivity.remarks import VERDICT
from sensitivity.reporting.answer import besides_the_plan, besides_what_decides, varied
from sensitivity.reporting.asked import what_was_asked
from sensitivity.reporting.first import first_screen
from sensitivity.reporting.leading import Lead
from sensitivity.words import counted, percent

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from sensitivity.reporting.results import Results
    from sensitivity.study import Study

MOST_WARNINGS: Final = 6
MOST_RANKED: Final = 25  # settings in the terminal
FEWEST_RANKED: Final = 10  # of them where there are more


def show(console: Console, study: Study, results: Results) -> None:
    """Print what was found: the first screen as the page has it, then the ranking it comes from."""
    console.print(title(study), soft_wrap=True)
    console.print()
    if study.foremost and study.read is None:
        console.print(Text(plain(study.spoken(study.foremost)), style="yellow"))
    for sentence in what_was_asked(results.tables["question"], study.metric):
        console.print(Text(plain(study.spoken(sentence))))
    console.print(first_text(first_screen(study, results.decision)), crop=False)  # a command stays whole
    console.print()
    console.print(_ranking(study, results))
    said = () if results.decision.lead == Lead.ALL_FAILED else besides_what_decides(study, results.tables)
    for sentence in said:
        console.print(Text(f"· {plain(study.spoken(sentence))}"))
    others = results.cautions[results.decision.caution is not None : MOST_WARNINGS]
    for caution in others:
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
    if results.decision.lead == Lead.ALL_FAILED:
        return Text("\n".join(f"· {plain(study.spoken(text))}" for text in study.remarks))
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
