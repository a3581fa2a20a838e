"""Judgements and remarks: what a row of a table decides, as data; its words are made here, last.

A *judgement* says whether an effect is told from the noise of the seed. A *remark* is a named thing worth
knowing about a row, such as "few configurations", with the numbers that belong to it. Tables carry both in
the columns ``judgement`` and ``remarks``; `worded` adds the column ``verdict``, the same in a sentence, for
people. No code reads that sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

JUDGEMENT: Final = "judgement"
REMARKS: Final = "remarks"
VERDICT: Final = "verdict"


class Judgement(StrEnum):
    """Whether an effect is told from the noise of the seed."""

    ABOVE = "above"
    NOT_ABOVE = "not above"
    UNKNOWN = "unknown"


WORDS: Final = {
    Judgement.ABOVE: "above the noise of the seed",
    Judgement.NOT_ABOVE: "not above the noise",
    Judgement.UNKNOWN: "",  # a remark says why
}


@dataclass(frozen=True)
class Remark:
    """A thing worth knowing about a row.

    Attributes
    ----------
    name
        How it stands in a file: letters and underscores.
    words
        What it says to people, with a replacement field of `str.format` for each number or name given.
    """

    name: str
    words: str

    def __call__(self, *given: object) -> Said:
        """The remark with the numbers or names that belong to it."""
        return Said(self, given)


@dataclass(frozen=True)
class Said:
    """A remark about one row."""

    remark: Remark
    given: tuple[object, ...] = ()

    @property
    def words(self) -> str:
        """What it says to people."""
        return self.remark.words.format(*self.given)

    def __str__(self) -> str:
        """How it stands in a file: ``few_configurations(12)``."""
        return f"{self.remark.name}({', '.join(map(str, self.given))})" if self.given else self.remark.name


class Remarks(tuple[Said, ...]):
    """All that is worth knowing about one row, in the order in which it is told; a cell of a table."""

    __slots__ = ()

    def __new__(cls, *said: Said | Remark | None) -> Self:
        """Remarks one after the other; None stands for nothing."""
        return super().__new__(cls, [s() if isinstance(s, Remark) else s for s in said if s is not None])

    def __reduce__(self) -> tuple[type[Self], tuple[Said, ...]]:
        """How another process gets them: what was said, one by one."""
        return type(self), tuple(self)

    def has(self, *remarks: Remark) -> bool:
        """Whether one of these was made."""
        return any(said.remark in remarks for said in self)

    def only(self, *remarks: Remark) -> Remarks:
        """Those of these that were made."""
        return Remarks(*(said for said in self if said.remark in remarks))

    @property
    def words(self) -> str:
        """In a sentence; words that end in a colon introduce the next ones."""
        return "; ".join(said.words for said in self).replace(":; ", ": ")

    def __str__(self) -> str:
        """How they stand in a file."""
        return "; ".join(map(str, self))


def has(cells: Iterable[Any], *remarks: Remark) -> list[bool]:
    """For each cell of a column of remarks whether one of these was made there; an empty cell has none."""
    return [isinstance(cell, Remarks) and cell.has(*remarks) for cell in cells]


def cells(remarks: Iterable[Remarks], index: pd.Index | None = None) -> pd.Series:
    """Column of a table with the remarks on each of its rows."""
    return pd.Series(list(remarks), index=index, dtype="object")


def verdict(judgement: object, remarks: object) -> str:
    """What a person reads of a row."""
    parts = [WORDS[Judgement(judgement)] if isinstance(judgement, str) and judgement else ""]
    parts.append(remarks.words if isinstance(remarks, Remarks) else "")
    return "; ".join(part for part in parts if part)


def first_words(judgement: object, remarks: object) -> str:
    """The gist of a row: its judgement, or where there is none the first remark."""
    told = isinstance(judgement, str) and WORDS[Judgement(judgement)]
    return verdict(judgement, None if told or not isinstance(remarks, Remarks) else Remarks(*remarks[:1]))


def worded(table: pd.DataFrame) -> pd.DataFrame:
    """Table with the column ``verdict`` at its end, made of its judgements and remarks."""
    nothing = [None] * len(table)
    judgements = table[JUDGEMENT].tolist() if JUDGEMENT in table else nothing
    remarks = table[REMARKS].tolist() if REMARKS in table else nothing
    words = [verdict(one, other) for one, other in zip(judgements, remarks, strict=True)]
    return table.assign(**{VERDICT: pd.Series(words, index=table.index, dtype="str")})
