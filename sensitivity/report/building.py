"""Source, tables and pictures → a report: everything is looked up, nothing computed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sensitivity.estimators.branches import BY
from sensitivity.estimators.effects import BRANCH, VERDICT
from sensitivity.measures.table_columns import columns as meanings_of
from sensitivity.measures.training_speed import NO_CURVES
from sensitivity.measuring import NOTHING
from sensitivity.plots.picture import NothingToDraw
from sensitivity.plots.saving import inline_svg
from sensitivity.plots.style import words
from sensitivity.reading.names import counted
from sensitivity.report.answer import answer
from sensitivity.report.content import Column, Figure, Provenance, Report, Section, ShownTable
from sensitivity.report.sections import SECTIONS
from sensitivity.shown import cells, columns_of, common
from sensitivity.trials import DIVERGED, OUTCOME, PHASE, PLAN, REPLICATE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from sensitivity.plots.saving import Rendered
    from sensitivity.reading.source import Source
    from sensitivity.report.sections import Excerpt, Plan

MOST_ROWS: Final = 120  # of a table in the page; the file has them all
# Pictures of certain settings: nobody misses them in trials that do not have these.
NEEDED: Final = {
    "schedule_by_optimizer": {"schedule", "optimizer"},
    "beta_and_learning_rate": {"beta", "learning_rate"},
}
_NONE: Final = NothingToDraw()


def build(
    source: Source,
    tables: Mapping[str, pd.DataFrame],
    pictures: Mapping[str, Rendered | NothingToDraw],
    cautions: Sequence[str] = (),
    provenance: Provenance | None = None,
) -> Report:
    """Report of trials.

    Parameters
    ----------
    source
        The trials.
    tables
        Of `sensitivity.measuring.all_tables`.
    pictures
        Those of `sensitivity.picturing.files_of`; why there is none, where there is none.
    cautions
        Warnings, most important first.
    provenance
        Where the trials come from.
    """
    kept = [plan for plan in SECTIONS if not _has_nothing(plan, tables, pictures)]
    left_out = [plan.title for plan in SECTIONS if plan not in kept]
    return Report(
        title=source.name,
        subtitle=f"How sensitive is the {source.metric} to each setting?",
        facts=_facts(source),
        answer=answer(source, tables),
        sections=[_section(plan, source, tables, pictures) for plan in kept],
        cautions=list(cautions),
        notes=_notes(source, left_out),
        provenance=provenance or Provenance(),
    )


def _facts(source: Source) -> list[tuple[str, str]]:
    """What stands under the title: how much was tried."""
    trials = source.trials
    plan = source.plan_size
    searched = len(trials) - plan
    planned = trials[trials[PHASE] == PLAN] if plan else trials
    configurations = (
        len(planned[source.space.names].drop_duplicates()) if source.space.names else min(plan, 1)
    )
    replicates = int(planned[REPLICATE].nunique()) if len(planned) else 0
    diverged = int((trials[OUTCOME] == DIVERGED).sum()) if len(trials) else 0
    facts = [
        ("trials", f"{len(trials):,}" + (f" ({searched:,} of them by a search)" if searched else "")),
        ("configurations", f"{configurations:,}"),
        ("replicates", f"{replicates}"),
        ("settings", f"{len(source.space.names)}"),
        ("diverged", f"{diverged:,}" + (f" ({diverged / len(trials):.1%})" if len(trials) else "")),
    ]
    if source.cap is not None:
        facts.append(("a diverged trial counts with", f"{source.cap:.4g}"))
    return facts


def _notes(source: Source, left_out: Sequence[str]) -> list[str]:
    notes = source.remarks
    if left_out:
        titles = ", ".join(f"“{title}”" for title in left_out)
        notes.append(f"Left out, because these trials have nothing of the kind: {titles}.")
    return notes


def _has_nothing(
    plan: Plan, tables: Mapping[str, pd.DataFrame], pictures: Mapping[str, Rendered | NothingToDraw]
) -> bool:
    """Whether the trials lack what a section is about; one that has too few of them stays, and says so."""
    drawn = any(not isinstance(pictures.get(name, _NONE), NothingToDraw) for name in plan.pictures)
    return not drawn and all(
        tables[excerpt.table][VERDICT].isin([NOTHING, NO_CURVES]).all() for excerpt in plan.excerpts
    )


def _section(
    plan: Plan,
    source: Source,
    tables: Mapping[str, pd.DataFrame],
    pictures: Mapping[str, Rendered | NothingToDraw],
) -> Section:
    found = {name: pictures[name] for name in plan.pictures if name in pictures}
    drawn = [
        _figure(name, picture) for name, picture in found.items() if not isinstance(picture, NothingToDraw)
    ]
    missing = [
        _why(name, reason)
        for name, reason in found.items()
        if isinstance(reason, NothingToDraw) and NEEDED.get(name, set()) <= set(source.space.names)
    ]
    shown = [_excerpt(excerpt, tables[excerpt.table]) for excerpt in plan.excerpts]
    return Section(plan.anchor, plan.title, plan.question, plan.how_to_read, drawn, shown, missing)


def _why(name: str, reason: NothingToDraw) -> str:
    return f"No picture of {words(name, 60)}: {reason}."


def _figure(name: str, drawn: Rendered) -> Figure:
    return Figure(name, inline_svg(drawn, f"{name}-"), drawn.title, drawn.caption)


def _has_optimizers(table: pd.DataFrame) -> bool:
    """Whether a table says something of single optimizers."""
    return BRANCH in table and bool(table[BRANCH].astype(str).str.startswith(f"{BY}=").any())


def _excerpt(excerpt: Excerpt, table: pd.DataFrame) -> ShownTable:
    """Rows worth a place in the page; a table that is marked shows its marks."""
    chosen = excerpt.select(table)
    chosen = table if chosen.empty else chosen
    rows = chosen.head(MOST_ROWS)
    which = excerpt.which if len(rows) < len(table) else ""
    if not _has_optimizers(table):
        which = which.replace("all optimizers together", "all trials")
    if len(rows) < len(chosen):
        which = f"{which + ': ' if which else ''}the first {counted(len(rows), 'row')}"
    shown = columns_of(excerpt.table, table)
    meanings = meanings_of(excerpt.table)
    written = cells(rows, shown)
    shared = common(shown, written)
    same = [(shown[place].words, written[0][place].text) for place in shared if written[0][place].text]
    kept = [place for place in range(len(shown)) if place not in shared]
    heads = [
        Column(column.words, column.column, meanings.get(column.column, ""), column.numeric)
        for column in (shown[place] for place in kept)
    ]
    body = [[row[place] for place in kept] for row in written]
    return ShownTable(excerpt.table, heads, body, len(table), which, same)
