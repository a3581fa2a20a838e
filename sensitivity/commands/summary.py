"""What the commands print at their end: the first screen of the page, the ranking, warnings, files."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final

import pandas as pd
from rich.text import Text

from sensitivity.branch import words
from sensitivity.commands.first_words import first_text
from sensitivity.commands.progress import show_paths
from sensitivity.commands.terminal import plain, ranking_notes, ranking_text
from sensitivity.language import say, speaking
from sensitivity.measures.ranking import MAIN_EFFECT, RANK, TOTAL_EFFECT, told
from sensitivity.remarks import VERDICT
from sensitivity.reporting.answer import besides_the_plan, besides_what_decides, varied
from sensitivity.reporting.asked import what_was_asked
from sensitivity.reporting.first import first_screen
from sensitivity.reporting.leading import Lead
from sensitivity.words import percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from sensitivity.reporting.results import Results
    from sensitivity.study import Study

MOST_WARNINGS: Final = 2  # besides the one of the first screen, where a page has the others
MOST_NOTES: Final = 2
MOST_RANKED: Final = 25  # settings in the terminal
FEWEST_RANKED: Final = 10  # of them where there are more


def show(console: Console, study: Study, results: Results, *, page: bool = True) -> None:
    """Print what was found: the first screen as the page has it, the ranking it comes from, notes.

    Parameters
    ----------
    page
        Whether a page is written, which has all notes: then only the foremost are printed.
    """
    with speaking(voice=study.voice):
        _show_answer(console, study, results)
        _show_notes(console, study, results, page=page)
    console.print()


def _show_answer(console: Console, study: Study, results: Results) -> None:
    console.print(title(study), soft_wrap=True)
    console.print()
    if study.foremost and study.read is None:
        console.print(Text(plain(study.spoken(study.foremost)), style="yellow"))
    for sentence in what_was_asked(results.tables["question"], words(study.metric, 60)):
        console.print(Text(plain(study.spoken(sentence))))
    best = results.decision.best
    first = first_text(first_screen(study, results.decision), once=best is None or best.replicates < 2)
    console.print(first, crop=False)  # a command stays whole
    console.print()
    ranked = _ranked(results)
    if len(ranked):
        shares = results.tables["variance_decomposition"]
        console.print(ranking_text(foremost(ranked), shares, words(study.metric, 60), study.spoken))


def _show_notes(console: Console, study: Study, results: Results, *, page: bool) -> None:
    """Warnings first; with a page the foremost, and how many more it has."""
    warnings = results.cautions[results.decision.caution is not None :]
    notes = list(dict.fromkeys(_notes(study, results)))
    few = (MOST_WARNINGS, MOST_NOTES) if page else (len(warnings), len(notes))
    for caution in warnings[: few[0]]:
        console.print(Text(f"! {plain(study.spoken(caution))}", style="yellow"))
    for note in notes[: few[1]]:
        console.print(Text(f"· {plain(study.spoken(note))}"))
    more = max(len(warnings) - few[0], 0) + max(len(notes) - few[1], 0)
    if more:
        console.print(Text(f"· {say('terminal.more-notes', count=more)}"))


def _notes(study: Study, results: Results) -> Iterator[str]:
    """What is worth knowing beside the first screen and the warnings, the most important first."""
    ranked = _ranked(results)
    if len(ranked) > len(foremost(ranked)):
        yield _the_others(ranked[len(foremost(ranked)) :], results)
    if results.decision.lead == Lead.ALL_FAILED:
        yield from study.remarks
        return
    yield from besides_what_decides(study, results.tables)
    if len(ranked):
        yield from ranking_notes(foremost(ranked), results.tables["variance_decomposition"])
    else:
        yield from (str(text) for text in results.tables["ranking"][VERDICT] if text)
    yield from study.remarks


def show_files(console: Console, results: Results) -> None:
    """Print where everything lies."""
    show_paths(console, results.page, results.folders)


def title(study: Study) -> Text:
    """Name of the study, how many trials it has, and which of them most sections do not look at."""
    about = "" if study.label == study.name else f", {plain(words(study.label, 80))}"
    text = Text(plain(study.name), style="bold")
    also = besides_the_plan(study)
    trials = say("summary.trials", count=len(study.trials)) + (f" ({also})" if also else "")
    return text.append(f": {trials}, {say('summary.settings', count=varied(study))}{about}", style="not bold")


def _ranked(results: Results) -> pd.DataFrame:
    """Rows of the ranking that have a rank."""
    table = results.tables["ranking"]
    found = table[table[RANK].notna()].reset_index(drop=True)
    return found.head(0) if results.decision.lead == Lead.ALL_FAILED else found


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
    size = "" if pd.isna(known) else say("summary.at-most", size=percent(float(known)))
    shown = f"python -m sensitivity show {shlex.quote(str(results.folders[0][0].parent))} ranking"
    return say("summary.more-settings", count=len(rest), size=size, above=above, command=shown)
