"""Study, tables and pictures → a report: everything is looked up, nothing computed."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from sensitivity.about import about
from sensitivity.branch import OPTIMIZER, setting_of, words
from sensitivity.estimators.effects import BRANCH
from sensitivity.language import marking, say, speaking
from sensitivity.measures.divergence import MEASURE as FAILURES
from sensitivity.measures.measure import EVERYTHING
from sensitivity.measures.measuring import NOTHING
from sensitivity.measures.noise_sources import NOT_CROSSED
from sensitivity.measures.question import MEASURE as QUESTION
from sensitivity.measures.ranking import MEASURE as RANKING
from sensitivity.measures.rate_and_beta import NEVER_VARIES, NO_BETA
from sensitivity.measures.registry import MEASURES
from sensitivity.measures.training_speed import NO_CURVES
from sensitivity.pictures.picture import NothingToDraw
from sensitivity.pictures.picturing import pictures_of
from sensitivity.pictures.saving import inline_svg
from sensitivity.remarks import REMARKS, has
from sensitivity.reporting.answer import answer, besides_the_plan, varied
from sensitivity.reporting.cited import cited_in, from_surrogate
from sensitivity.reporting.content import Figure, Head, Provenance, Report, Section, ShownTable, said
from sensitivity.reporting.decision import decision
from sensitivity.reporting.explorer import explorer
from sensitivity.reporting.first import first_screen
from sensitivity.reporting.glossary import glossary
from sensitivity.reporting.leading import Lead
from sensitivity.reporting.meanings import meaning_of
from sensitivity.reporting.only_noise import what_is_noise
from sensitivity.reporting.questions import questions
from sensitivity.reporting.shown import cells, columns_of, common, in_own_sign
from sensitivity.trials import DIVERGED, OUTCOME, REPLICATE, configurations_in, planned

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from sensitivity.measures.measure import Measure, Table
    from sensitivity.pictures.saving import Rendered
    from sensitivity.reporting.decision import Decision
    from sensitivity.study import Study

MOST_ROWS: Final = 120  # of a table in the page; the file has them all
_NONE: Final = NothingToDraw()
_NOTHING: Final = (NOTHING, NO_CURVES, NOT_CROSSED, NO_BETA, NEVER_VARIES)


def build(
    study: Study,
    tables: Mapping[str, pd.DataFrame],
    pictures: Mapping[str, Rendered | NothingToDraw],
    cautions: Sequence[str] = (),
    provenance: Provenance | None = None,
    found: Decision | None = None,
) -> Report:
    """Report of trials.

    Parameters
    ----------
    study
        The trials.
    tables
        Of `sensitivity.measures.measuring.all_tables`.
    pictures
        Those of `sensitivity.pictures.picturing.files_of`; why there is none, where there is none.
    cautions
        Warnings, most important first.
    provenance
        Where the trials come from.
    found
        What the first screen says; None: as the tables say it, without a caution.
    """
    with speaking(voice=study.voice), marking():
        report = _told(study, tables, pictures, cautions, provenance or Provenance(), found)
    spoken: Report = said(report, study.spoken)
    return spoken


def _told(
    study: Study,
    tables: Mapping[str, pd.DataFrame],
    pictures: Mapping[str, Rendered | NothingToDraw],
    cautions: Sequence[str],
    provenance: Provenance,
    found: Decision | None,
) -> Report:
    found = decision(study, tables, ()) if found is None else found
    kept = _kept(tables, pictures, found)
    none = found.lead == Lead.ALL_FAILED
    left_out = [measure.title for measure in MEASURES if measure not in (*kept, QUESTION)]  # few ask one
    ours = study.read is None and study.of_networks and not none  # somebody else misses none of our subjects
    sentences = [what_is_noise(tables["ranking"], study)] if none else answer(study, tables)
    return Report(
        title=study.name,
        subtitle=say("page.question", metric=words(study.metric, 60)),
        facts=_facts(study),
        first=first_screen(study, found),
        answer=[*filter(None, [study.foremost]), *sentences],
        questions=questions(study, {each.name: _section(each, study, tables, pictures) for each in kept}),
        cautions=list(cautions),
        notes=_notes(study, left_out if ours else []),
        words=[] if none else glossary(study),
        provenance=provenance,
        explorer="" if none else _unmarked(study, tables),
    )


def _kept(
    tables: Mapping[str, pd.DataFrame], pictures: Mapping[str, Rendered | NothingToDraw], found: Decision
) -> list[Measure]:
    """Measures that have something to say: that of failures where there are any, alone if all failed."""
    if found.lead == Lead.ALL_FAILED:
        return [FAILURES]
    return [
        measure
        for measure in MEASURES
        if not _has_nothing(measure, tables, pictures) and (found.failed or measure is not FAILURES)
    ]


def _unmarked(study: Study, tables: Mapping[str, pd.DataFrame]) -> str:
    """Data of the explorer, whose words stand in controls and in what its script writes."""
    with marking(on=False):
        return explorer(study, tables)


def _facts(study: Study) -> list[tuple[str, str]]:
    """What stands under the title: how much was tried."""
    trials = study.trials
    also = besides_the_plan(study)
    plan = planned(trials)
    replicates = int(plan[REPLICATE].nunique())
    diverged = int((trials[OUTCOME] == DIVERGED).sum()) if len(trials) else 0
    facts = [
        (say("page.fact-trials"), f"{len(trials):,}" + (f" ({also})" if also else "")),
        (say("page.fact-configurations"), f"{configurations_in(plan, study.space.names):,}"),
        (say("page.fact-replicates"), f"{replicates}"),
        (say("page.fact-settings"), f"{varied(study)}"),
        (
            say("terms.diverged"),
            f"{diverged:,}" + (f" ({diverged / len(trials):.1%})" if len(trials) else ""),
        ),
    ]
    if study.cap is not None:
        side, cap = ("below", -study.cap) if study.turned else ("above", study.cap)
        facts.append((say("page.fact-cap", side=side), f"{cap:.4g}"))
    return facts


def _notes(study: Study, left_out: Sequence[str]) -> list[str]:
    notes = study.remarks
    if left_out:
        titles = ", ".join(say("page.quoted", title=title) for title in left_out)
        notes.append(say("page.left-out", titles=titles))
    return notes


def _has_nothing(
    measure: Measure, tables: Mapping[str, pd.DataFrame], pictures: Mapping[str, Rendered | NothingToDraw]
) -> bool:
    """Whether the trials lack what a section is about; one that has too few of them stays, and says so."""
    drawn = any(
        not isinstance(pictures.get(each.name, _NONE), NothingToDraw) for each in pictures_of(measure.name)
    )
    return not drawn and all(
        all(has(tables[table.name][REMARKS], *_NOTHING)) for table in measure if table.excerpt
    )


def _section(
    measure: Measure,
    study: Study,
    tables: Mapping[str, pd.DataFrame],
    pictures: Mapping[str, Rendered | NothingToDraw],
) -> Section:
    of_it = {each: pictures[each.name] for each in pictures_of(measure.name) if each.name in pictures}
    cited = partial(
        cited_in, known=study.once(about), fitted=from_surrogate(tables["variance_decomposition"])
    )
    source = next(iter(measure)).name
    drawn = [
        _figure(each.name, one, cited(source, title=one.title))
        for each, one in of_it.items()
        if not isinstance(one, NothingToDraw)
    ]
    missing = [
        say("page.no-picture", name=words(each.name, 60), why=str(one))
        for each, one in of_it.items()
        if isinstance(one, NothingToDraw) and set(each.settings) <= set(study.space.names)
    ]
    shown = [
        replace(
            _excerpt(table, tables[table.name], study),
            cited=cited(table.name, table=_own(table.name, tables, study)),
        )
        for table in measure
        if table.excerpt
    ]
    return Section(measure.name, measure.title, measure.question, measure.how_to_read, drawn, shown, missing)


def _own(name: str, tables: Mapping[str, pd.DataFrame], study: Study) -> pd.DataFrame | None:
    """The rows whose numbers stand in citations: those of the ranking."""
    return in_own_sign(name, tables[name], study) if name == RANKING.name else None


def _figure(name: str, drawn: Rendered, cited: Sequence[str]) -> Figure:
    return Figure(name, inline_svg(drawn, f"{name}-"), drawn.title, drawn.caption, cited)


def _has_optimizers(table: pd.DataFrame) -> bool:
    """Whether a table says something of single optimizers."""
    return BRANCH in table and bool(table[BRANCH].astype(str).map(setting_of).eq(OPTIMIZER).any())


def _excerpt(of: Table, table: pd.DataFrame, study: Study) -> ShownTable:
    """Rows worth a place in the page, chosen where lower is better and shown in the metric's own sign."""
    excerpt = of.excerpt or EVERYTHING
    chosen = excerpt.rows(table)
    chosen = table if chosen.empty else chosen
    rows = chosen.head(MOST_ROWS)
    whole = say("tables.whole", optimizers="yes" if _has_optimizers(table) else "no")
    which = of.which(whole) if len(rows) < len(table) else ""
    if len(rows) < len(chosen):
        which = f"{which + ': ' if which else ''}{say('tables.first-rows', count=len(rows))}"
    shown = columns_of(of.name, table)
    written = cells(in_own_sign(of.name, rows, study), shown)
    shared = common(shown, written)
    same = [(shown[place].words, written[0][place].text) for place in shared if written[0][place].text]
    kept = [place for place in range(len(shown)) if place not in shared]
    heads = [
        Head(column.words, column.name, meaning_of(column), column.numeric)
        for column in (shown[place] for place in kept)
    ]
    body = [[row[place] for place in kept] for row in written]
    return ShownTable(of.name, of.title, heads, body, len(table), which, same)
