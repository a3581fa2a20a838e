"""What a report is made of. Texts are plain: the page escapes every one of them, but the pictures."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sensitivity.reporting.shown import Cell


@dataclass(frozen=True)
class Head:
    """Head of a column: what stands above it, its name in the CSV file, what it means, whether numeric."""

    title: str
    name: str
    meaning: str
    numeric: bool


@dataclass(frozen=True)
class ShownTable:
    """Rows of a table that are worth a place in the page.

    Attributes
    ----------
    name
        Of the table; its file is ``tables/NAME.csv``.
    title
        What stands above it.
    rows
        Cells, one list per row.
    total
        Number of rows in the file.
    which
        Which rows these are, in words; empty if they are all.
    same
        What all rows share and no column repeats: heading and text.
    cited
        Sentences with which a number of it can stand in a paper; none: it is not cited.
    """

    name: str
    title: str
    columns: Sequence[Head]
    rows: Sequence[Sequence[Cell]]
    total: int
    which: str = ""
    same: Sequence[tuple[str, str]] = ()
    cited: Sequence[str] = ()


@dataclass(frozen=True)
class Figure:
    """Picture in the page: an SVG element with its words; its files are ``figures/NAME.png`` and ``.svg``.

    ``cited``: sentences with which it can stand in a paper.
    """

    name: str
    svg: str
    title: str
    caption: str
    cited: Sequence[str] = ()


@dataclass(frozen=True)
class Section:
    """One question and what the trials answer.

    Attributes
    ----------
    anchor
        Its identifier in the page.
    title, question
        Heading, and the question beneath it.
    how_to_read
        One or two sentences.
    missing
        Why a picture or table is not here, a sentence each.
    """

    anchor: str
    title: str
    question: str
    how_to_read: str
    figures: Sequence[Figure] = ()
    tables: Sequence[ShownTable] = ()
    missing: Sequence[str] = ()


@dataclass(frozen=True)
class Provenance:
    """Where the numbers come from.

    Attributes
    ----------
    definition
        The sweep's TOML; empty for trials that somebody else made.
    versions
        Software and machine: name → version.
    commands
        Shell commands that make the trials and the page again, each with what it does.
    """

    definition: str = ""
    versions: Sequence[tuple[str, str]] = ()
    commands: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class FirstRow:
    """What to do about a setting; ``kind`` is ``tune``, ``fix`` or ``unknown``.

    ``more``: in how many further branches it is said in the table `advice`.
    """

    kind: str
    advice: str
    setting: str
    where: str
    share: str
    cost: str
    more: int = 0
    brief: str = ""  # ``where`` of the first branch, and in how many more; empty where that is all of it


@dataclass(frozen=True)
class Told:
    """A configuration: what it is, its values, how good it is."""

    head: str
    chosen: str
    result: str


@dataclass(frozen=True)
class FirstScreen:
    """What page and terminal say first, see `sensitivity.reporting.first`.

    Attributes
    ----------
    lead
        What decides.
    more
        How many settings have no row here; empty where all have one.
    rule
        What counts as good, and when a setting is tuned or fixed; empty without rows.
    sure
        How sure all of it is, a sentence each.
    why_next, command
        What to run next; the command is empty where there is none.
    others
        Further commands, each after what it does.
    """

    lead: str
    rows: Sequence[FirstRow]
    more: str
    rule: str
    best: Sequence[Told]
    sure: Sequence[str]
    caution: str
    why_next: str
    command: str
    others: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Word:
    """A term of the glossary: its name in ``glossary.ftl``, the term, and what it means."""

    name: str
    term: str
    meaning: str


@dataclass(frozen=True)
class Question:
    """What a person would ask, and the sections that answer it; a fold of the page."""

    anchor: str
    title: str
    sections: Sequence[Section]


@dataclass(frozen=True)
class Report:
    """All that the page says, from top to bottom."""

    title: str
    subtitle: str
    facts: Sequence[tuple[str, str]]
    answer: Sequence[str]
    questions: Sequence[Question]
    cautions: Sequence[str] = ()
    notes: Sequence[str] = ()
    words: Sequence[Word] = ()
    provenance: Provenance = field(default_factory=Provenance)
    explorer: str = ""  # data of the explorer as JSON; empty: nothing to explore
    first: FirstScreen | None = None  # none of other pages than that of trials

    @property
    def sections(self) -> list[Section]:
        """Sections of all questions, in the order of the page."""
        return [section for question in self.questions for section in question.sections]


_KEPT: Final = frozenset(
    {"anchor", "first", "name", "value", "svg", "provenance", "numeric", "total", "explorer"}
)  # no words


def said(part: Any, how: Callable[[str], str]) -> Any:  # noqa: ANN401 (a report, or any part of one)
    """A report with every sentence said another way; names of files and numbers stay."""
    if isinstance(part, str):
        return how(part)
    if isinstance(part, list | tuple):
        return type(part)(said(each, how) for each in part)
    if is_dataclass(part) and not isinstance(part, type):
        changed = {
            known.name: said(getattr(part, known.name), how)
            for known in fields(part)
            if known.name not in _KEPT
        }
        return replace(part, **changed)
    return part
