"""Judgements and remarks: what a row of a table decides, as data; its words are made here, last.

A *judgement* says whether an effect is told from the noise of the seed. A *remark* is a named thing worth
knowing about a row, such as "few configurations", with the numbers that belong to it. Tables carry both in
the columns ``judgement`` and ``remarks``; `worded` adds the column ``verdict``, the same in a sentence, for
people: in English, for it stands in files. `told` says it in the language and the voice of the moment. No
code reads that sentence. The words are the messages of ``remarks.ftl``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from sensitivity.branch import words
from sensitivity.language import in_english, say_of
from sensitivity.language.lists import joined

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


ROOM: Final = "remarks"  # of the messages
_LONGEST: Final = 200  # characters of a name
_NUMBERED: Final = ("first", "second", "third", "fourth")  # how a message calls what is given
_MESSAGES: Final = {
    Judgement.ABOVE: "judged-above",
    Judgement.NOT_ABOVE: "judged-not-above",
    Judgement.UNKNOWN: "",  # a remark says why
}


def judged(judgement: object) -> str:
    """Words of a judgement; empty where there is none, or where a remark says why."""
    message = _MESSAGES[Judgement(judgement)] if isinstance(judgement, str) and judgement else ""
    return say_of(ROOM, message) if message else ""


@dataclass(frozen=True)
class Phrase:
    """Words that a remark is given: a message of its own. In a file they stand in English."""

    message: str
    given: tuple[object, ...] = ()
    room: str = ROOM

    @property
    def words(self) -> str:
        """What they are in the language of the moment."""
        return say_of(self.room, self.message, **_named(self.given, ()))

    def __str__(self) -> str:
        """What they are in a file."""
        with in_english():
            return self.words


@dataclass(frozen=True)
class Several:
    """Phrases or names that a remark is given, one after the other.

    Attributes
    ----------
    last, between
        As in `sensitivity.language.lists.joined`.
    """

    given: tuple[object, ...]
    last: str = "two"
    between: str = "two"

    @property
    def words(self) -> str:
        """All of them in the language of the moment."""
        return joined([_text(one) for one in self.given], self.last, self.between)

    def __str__(self) -> str:
        """What they are in a file."""
        with in_english():
            return self.words


@dataclass(frozen=True)
class Remark:
    """A thing worth knowing about a row.

    Attributes
    ----------
    name
        How it stands in a file: letters and underscores.
    formats
        How each of what it is given is written, as by `format`; a comma for a whole number, which the
        language groups and which chooses the plural. What has none is written as it is.
    message
        What it says to people, where that is not the message of its name.
    known
        What the message calls ``$known``: the same wherever it is said, so that no file repeats it.
    """

    name: str
    formats: tuple[str, ...] = ()
    message: str = ""
    known: str = ""

    def __call__(self, *given: object) -> Said:
        """The remark with the numbers or names that belong to it."""
        return Said(self, given)

    @property
    def words(self) -> str:
        """What it says to people where nothing is given."""
        return self().words


def _named(given: tuple[object, ...], formats: tuple[str, ...]) -> dict[str, object]:
    """Variables of a message."""
    every = (*formats, *("",) * (len(given) - len(formats)))
    return {
        name: int(str(one)) if form == "," else _text(one, form)
        for name, one, form in zip(_NUMBERED, given, every, strict=False)
    }


def _text(given: object, form: str = "") -> str:
    if isinstance(given, str) and not form:
        return words(given, _LONGEST)
    return given.words if isinstance(given, (Phrase, Several)) else format(given, form)


@dataclass(frozen=True)
class Said:
    """A remark about one row."""

    remark: Remark
    given: tuple[object, ...] = ()

    @property
    def words(self) -> str:
        """What it says to people, in the language of the moment."""
        of = self.remark
        known = {"known": of.known} if of.known else {}
        return say_of(ROOM, of.message or of.name, **_named(self.given, of.formats), **known)

    @property
    def english(self) -> str:
        """The same where all around it is English: a program, a picture."""
        with in_english():
            return self.words

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

    @property
    def english(self) -> str:
        """The same where all around it is English."""
        with in_english():
            return self.words

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
    parts = [judged(judgement), remarks.words if isinstance(remarks, Remarks) else ""]
    return "; ".join(part for part in parts if part)


def first_words(judgement: object, remarks: object) -> str:
    """The gist of a row: its judgement, or where there is none the first remark."""
    gist = judged(judgement)
    return gist or verdict(None, Remarks(*remarks[:1]) if isinstance(remarks, Remarks) else None)


def worded(table: pd.DataFrame) -> pd.DataFrame:
    """Table with the column ``verdict`` at its end, made of its judgements and remarks, for a file."""
    with in_english():
        return told(table)


def told(table: pd.DataFrame) -> pd.DataFrame:
    """The same for people, in the language and the voice of the moment; a table read from a file as it is.

    So is one whose verdict is a word, with neither judgement nor remarks.
    """
    if JUDGEMENT not in table and REMARKS not in table:
        return table
    nothing = [None] * len(table)
    judgements = table[JUDGEMENT].tolist() if JUDGEMENT in table else nothing
    remarks = table[REMARKS].tolist() if REMARKS in table else nothing
    if any(isinstance(one, str) for one in remarks):
        return table
    pairs = [
        (one if isinstance(one, str) else None, other) for one, other in zip(judgements, remarks, strict=True)
    ]
    known = {(one, str(other)): (one, other) for one, other in pairs}
    words = {key: verdict(*pair) for key, pair in known.items()}  # many rows say the same
    texts = [words[one, str(other)] for one, other in pairs]
    return table.assign(**{VERDICT: pd.Series(texts, index=table.index, dtype="str")})
