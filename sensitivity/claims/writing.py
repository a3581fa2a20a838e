"""Judged claims → files: tables, forest plots and one page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from sensitivity.claims.claim import ERROR, RATIO, SHARE, Verdict
from sensitivity.claims.tables import (
    BY_DATASET,
    DATASET_COLUMNS,
    LEDGER,
    LEDGER_COLUMNS,
    PARTS,
    PARTS_COLUMNS,
    tables,
)
from sensitivity.files import make_folder, write_csv
from sensitivity.language import speaking
from sensitivity.pictures import forest
from sensitivity.pictures.saving import inline_svg, rendered, write
from sensitivity.reporting.content import (
    Figure,
    Head,
    Provenance,
    Question,
    Report,
    Section,
    ShownTable,
    Word,
)
from sensitivity.reporting.page import write_page
from sensitivity.reporting.provenance import software
from sensitivity.reporting.shown import cells
from sensitivity.words import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sensitivity.claims.verdicts import Judged
    from sensitivity.measures.measure import Column
    from sensitivity.pictures.saving import Rendered
    from sweeps.run_folder import RunFolder

# Unit of the parts that stand together → name of the picture, heading, question.
_GROUPS: Final = {
    RATIO: ("forest_ratio", "Speed and other ratios", "How many times as many steps, or as large?"),
    ERROR: ("forest_error", "Error", "How much lower does the error end?"),
    SHARE: ("forest_share", "Shares", "How often does it hold?"),
}
_NAMED: Final = 6  # claims at most that a sentence names
_REST: Final = ("", "Other numbers", "What else was counted?")
_COLUMNS: Final = {LEDGER: LEDGER_COLUMNS, PARTS: PARTS_COLUMNS, BY_DATASET: DATASET_COLUMNS}
_READING: Final = (
    "Below 1 the first of the two is faster or smaller; above 1 the second. Each is at its own best rate, "
    "chosen on one half of the replicates and judged on the other."
)
_READINGS: Final = {
    RATIO: _READING,
    ERROR: "Normalised: 0 is the best mean of plain gradient descent, momentum and Adam on a dataset, 1 a "
    "constant prediction. Below 0 the first of the two ends better.",
    SHARE: "Of pairs of trainings with the same weights, order and split, or of trainings.",
}


def write_ledger(
    folder: RunFolder, claims: Sequence[Judged], command: str, seconds: float
) -> Mapping[str, pd.DataFrame]:
    """Write tables, pictures and page; gives the tables back.

    Parameters
    ----------
    command
        Shell command that makes it again.
    seconds
        Processor seconds of the trainings.
    """
    make_folder(folder)
    made = tables(claims)
    for name, table in made.items():
        write_csv(table, folder.tables / f"{name}.csv")
    pictures = {unit: drawn for unit in _GROUPS if (drawn := _forest(claims, made, unit)) is not None}
    for unit, drawn in pictures.items():
        write(drawn, folder.figures / _GROUPS[unit][0])
    write_page(_report(claims, made, pictures, command, seconds), page_of(folder))
    return made


def page_of(folder: RunFolder) -> Path:
    """Where the page lies."""
    return folder.path / "claims.html"


def _forest(claims: Sequence[Judged], made: Mapping[str, pd.DataFrame], unit: str) -> Rendered | None:
    """Picture of the parts of a unit; None where there is none."""
    parts = made[PARTS].assign(thresholds=pd.Series(_thresholds(claims)))
    rows = parts[parts["unit"] == unit]
    if rows.empty:
        return None
    title = f"{_GROUPS[unit][1]}: every part of every claim"
    return rendered(forest.picture_of(rows, made[BY_DATASET], title, log=unit == RATIO))


def _thresholds(claims: Sequence[Judged]) -> list[list[float]]:
    return [[part.shown(one) for one in part.part.rule.thresholds] for each in claims for part in each.parts]


def _report(
    claims: Sequence[Judged],
    made: Mapping[str, pd.DataFrame],
    pictures: Mapping[str, Rendered],
    command: str,
    seconds: float,
) -> Report:
    """The page."""
    counts = made[LEDGER]["verdict"].value_counts()
    return Report(
        title="The notes, put to the test",
        subtitle="Which claims of the study notes do trainings support?",
        facts=[
            ("claims", f"{len(claims)}"),
            *((str(name), f"{count}") for name, count in counts.items()),
            ("processor time", f"{seconds:,.0f} s"),
        ],
        answer=_answer(claims),
        questions=[
            Question(f"about-{one.anchor}", one.question, [one])
            for one in (_verdicts(made), *_sections(made, pictures))
        ],
        cautions=_cautions(claims),
        notes=[f"{one.claim.name}: {one.claim.beside}" for one in claims if one.claim.beside],
        words=_WORDS,
        provenance=Provenance(
            versions=software(),
            commands=[(command, "makes this page again; what has been trained is not trained again")],
        ),
    )


def _cautions(claims: Sequence[Judged]) -> list[str]:
    """Sentence per departure from a fixed rule and per reading of its words, with the claims that have it."""
    of: dict[str, list[str]] = {}
    for one in claims:
        amendments = [text.removeprefix("amended, ") for text in one.claim.amendments]
        for kind, clauses in (("amended", amendments), ("read", one.claim.interpretations)):
            for clause in clauses:
                mark = "," if clause.startswith("because") else ":"
                of.setdefault(f"{kind}{mark} {clause}", []).append(one.claim.name)
    which = [", ".join(names) if len(names) <= _NAMED else f"{len(names)} claims" for names in of.values()]
    return [f"{clause[0].upper()}{clause[1:]} ({claims})." for clause, claims in zip(of, which, strict=True)]


def _answer(claims: Sequence[Judged]) -> list[str]:
    """Claims of every verdict, in words."""
    found = {verdict: [one.claim.words for one in claims if one.adjusted is verdict] for verdict in Verdict}
    return [
        f"{verdict.value.capitalize()} ({len(words)}): {'; '.join(words)}."
        for verdict, words in found.items()
        if words
    ]


def _verdicts(made: Mapping[str, pd.DataFrame]) -> Section:
    return Section(
        "verdicts",
        "Verdicts",
        "What do the data say of every claim?",
        "The row shows the part that the verdict hangs on. A claim is supported where all of its parts are, "
        "contradicted where one is. The adjusted interval allows for all claims being judged at once (Holm).",
        tables=[_shown(LEDGER, made[LEDGER])],
    )


def _sections(made: Mapping[str, pd.DataFrame], pictures: Mapping[str, Rendered]) -> list[Section]:
    """Section of every unit that there is, with its picture and rows."""
    sections = []
    for unit in [*_GROUPS, ""]:
        parts = made[PARTS]
        rows = parts[~parts["unit"].isin(_GROUPS)] if not unit else parts[parts["unit"] == unit]
        if rows.empty:
            continue
        name, title, question = _GROUPS.get(unit, _REST)
        drawn = [] if unit not in pictures else [_figure(name, pictures[unit])]
        of = made[BY_DATASET]
        own = of[of["part"].isin(rows["part"])]
        shown = [_shown(PARTS, rows), _shown(BY_DATASET, own)]
        reading = _READINGS.get(unit, "Each number with the rule that decides it.")
        sections.append(Section(title.split()[0].lower(), title, question, reading, drawn, shown))
    return sections


def _figure(name: str, drawn: Rendered) -> Figure:
    return Figure(name, inline_svg(drawn, f"{name}-"), drawn.title, drawn.caption)


def _shown(name: str, table: pd.DataFrame) -> ShownTable:
    columns: Sequence[Column] = [column for column in _COLUMNS[name] if column.shown]
    with speaking("en"):  # as all of this page
        heads = [Head(column.words, column.name, column.meaning, column.numeric) for column in columns]
    title = name.replace("_", " ").capitalize()
    return ShownTable(name, title, heads, cells(table, columns), len(table), counted(len(table), "row"))


_WORDS: Final = (
    Word("supported", "supported", "the whole interval lies where the claim says"),
    Word(
        "contradicted", "contradicted", "the whole interval lies elsewhere: the claim is wrong on these data"
    ),
    Word("inconclusive", "inconclusive", "the interval holds both: these data cannot tell"),
    Word(
        "steps",
        "steps to the target",
        "steps until the training loss has come 90 % of its way; never: twice the budget",
    ),
    Word(
        "smallest",
        "smallest visible",
        "an effect that far beyond the threshold would have been found in four of five ledgers",
    ),
)
