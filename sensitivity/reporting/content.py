"""What a report is made of. Texts are plain: the page escapes every one of them, but the pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    rows
        Cells, one list per row.
    total
        Number of rows in the file.
    which
        Which rows these are, in words; empty if they are all.
    same
        What all rows share and no column repeats: heading and text.
    """

    name: str
    columns: Sequence[Head]
    rows: Sequence[Sequence[Cell]]
    total: int
    which: str = ""
    same: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Figure:
    """Picture in the page: an SVG element with its words; its files are ``figures/NAME.png`` and ``.svg``."""

    name: str
    svg: str
    title: str
    caption: str


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
class Report:
    """All that the page says, from top to bottom."""

    title: str
    subtitle: str
    facts: Sequence[tuple[str, str]]
    answer: Sequence[str]
    sections: Sequence[Section]
    cautions: Sequence[str] = ()
    notes: Sequence[str] = ()
    provenance: Provenance = field(default_factory=Provenance)
