"""Source, tables and pictures → a report: everything is looked up, nothing computed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sensitivity.measures.table_columns import columns as meanings_of
from sensitivity.plots.picture import NothingToDraw
from sensitivity.plots.saving import inline_svg
from sensitivity.plots.style import words
from sensitivity.reading.names import counted
from sensitivity.reading.source import LOWER_IS_BETTER
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
        Those of `sensitivity.picturing.all_pictures`, rendered; why there is none, where there is none.
    cautions
        Warnings, most important first.
    provenance
        Where the trials come from.
    """
    return Report(
        title=source.name,
        subtitle=f"How sensitive is the {source.metric} to each setting?",
        facts=_facts(source),
        answer=answer(source, tables),
        sections=[_section(plan, tables, pictures) for plan in SECTIONS],
        cautions=list(cautions),
        notes=_notes(source),
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


def _notes(source: Source) -> list[str]:
    direction = [] if source.direction == LOWER_IS_BETTER else [f"{source.direction}."]
    return [*direction, *source.notes]


def _section(
    plan: Plan, tables: Mapping[str, pd.DataFrame], pictures: Mapping[str, Rendered | NothingToDraw]
) -> Section:
    found = {name: pictures[name] for name in plan.pictures if name in pictures}
    drawn = [
        _figure(name, picture) for name, picture in found.items() if not isinstance(picture, NothingToDraw)
    ]
    missing = [_why(name, reason) for name, reason in found.items() if isinstance(reason, NothingToDraw)]
    shown = [_excerpt(excerpt, tables[excerpt.table]) for excerpt in plan.excerpts]
    return Section(plan.anchor, plan.title, plan.question, plan.how_to_read, drawn, shown, missing)


def _why(name: str, reason: NothingToDraw) -> str:
    return f"No picture of {words(name, 60)}: {reason}."


def _figure(name: str, drawn: Rendered) -> Figure:
    return Figure(name, inline_svg(drawn, f"{name}-"), drawn.title, drawn.caption)


def _excerpt(excerpt: Excerpt, table: pd.DataFrame) -> ShownTable:
    """Rows worth a place in the page; a table that is marked shows its marks."""
    chosen = excerpt.select(table)
    chosen = table if chosen.empty else chosen
    rows = chosen.head(MOST_ROWS)
    which = excerpt.which if len(rows) < len(table) else ""
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
