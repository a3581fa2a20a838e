"""What a measure is: its question, how its numbers are read, and its tables with every column in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from sensitivity.estimators.projections import Z
from sensitivity.language import say_of
from sensitivity.remarks import JUDGEMENT, REMARKS, VERDICT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sensitivity.arrays import Floats
    from sensitivity.study import Study

    Compute = Callable[[Study], pd.DataFrame]
    Select = Callable[[pd.DataFrame], pd.DataFrame]

# Kinds of columns, as a person sees them.
SHARE: Final = "share"  # of one, shown in percent
AMOUNT: Final = "amount"  # in units of the setting, or a difference in units of the response
DECADES: Final = "decades"  # of a log scale, no finer than the interval
RESPONSE: Final = "response"  # a value of the response: a maximised one is written in its own sign
COUNT: Final = "count"
TEXT: Final = "text"  # as it is, a level of a setting included
FLAG: Final = "flag"  # true or false
WORD: Final = "word"  # one of ours, which a person reads in the language of the moment


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    name
        In the file.
    meaning
        What it holds, with its unit.
    kind
        `SHARE`, `AMOUNT`, `DECADES`, `RESPONSE`, `COUNT`, `TEXT`, `FLAG` or `WORD`.
    title
        Message of ``columns.ftl`` that says what stands above it; empty: that of its name.
    ends
        Columns of the ends of its 95 % interval.
    shown
        Whether a person is shown it; the file has every column.
    mirror
        Column whose place it takes where the response is turned round: of the lower end the upper.
    signed
        Whether it is a difference of shares, which may be below 0.
    response_in
        Column and value of the rows in which it is a response, where rows are of different quantities.
    theirs
        Whether the name is the user's, who is shown it.
    """

    name: str
    meaning: str
    kind: str = TEXT
    title: str = ""
    ends: tuple[str, str] | None = None
    shown: bool = True
    mirror: str = ""
    signed: bool = False
    response_in: tuple[str, str] | None = None
    theirs: bool = False

    @property
    def words(self) -> str:
        """What stands above the column; one that nobody is shown has its name only."""
        if self.theirs or not self.shown:
            return self.name.replace("_", " ")
        return say_of("columns", self.title or self.name)

    @property
    def parts(self) -> tuple[str, ...]:
        """Columns of the file that it is written of: its own, and the ends of its interval."""
        return self.name, *(self.ends or ())

    @property
    def numeric(self) -> bool:
        """Whether its cells are numbers, to be set flush right."""
        return self.kind in {SHARE, AMOUNT, DECADES, RESPONSE, COUNT}


def hidden(name: str, meaning: str, kind: str = AMOUNT) -> Column:
    """Column that is in the file, and in the page only as a part of others."""
    return Column(name, meaning, kind, shown=False)


def interval_of(name: str, low: str = "low", high: str = "high", kind: str = AMOUNT) -> tuple[Column, Column]:
    """Columns of the ends of an interval."""
    return (
        hidden(low, f"Lower end of the 95 % interval of {name}.", kind),
        hidden(high, f"Upper end of the 95 % interval of {name}.", kind),
    )


def estimate(
    name: str, meaning: str, kind: str = AMOUNT, title: str = "", ends: tuple[str, str] = ("low", "high")
) -> tuple[Column, Column, Column]:
    """Column of an estimate, and those of the ends of its interval."""
    return Column(name, meaning, kind, title, ends), *interval_of(f"``{name}``", *ends, kind)


def ranked(prefix: str, meaning: str, title: str) -> tuple[Column, ...]:
    """Columns of a share, the ends of its interval and its rank among the settings: see `ranked_shares`."""
    ends = f"{prefix}_low", f"{prefix}_high"
    rank = Column(f"{prefix}_rank", "Its rank, 1 = largest.", COUNT, "rank")
    return (*estimate(f"{prefix}_share", meaning, SHARE, title, ends), rank)


def ranked_shares(prefix: str, share: Floats, low: Floats, high: Floats) -> dict[str, Any]:
    """Cells of the columns of `ranked`, one entry per setting."""
    return {
        f"{prefix}_share": share,
        f"{prefix}_low": low,
        f"{prefix}_high": high,
        f"{prefix}_rank": pd.Series(share).rank(ascending=False, method="first").astype("Int64"),
    }


def normal(share: Floats, error: Floats) -> tuple[Floats, Floats, Floats]:
    """Shares and the ends of their intervals: ± 1.96 standard errors."""
    return share, share - Z * error, share + Z * error


BRANCH_COLUMN: Final = Column(
    "branch", "``all``, or the part of the trials it speaks of, ``optimizer=adam``."
)
JUDGEMENT_COLUMN: Final = Column(
    JUDGEMENT, "``above`` the noise of the seed, ``not above``, or ``unknown``.", shown=False
)
REMARKS_COLUMN: Final = Column(REMARKS, "What else is worth knowing, by name, with its numbers.", shown=False)
VERDICT_COLUMN: Final = Column(VERDICT, "Judgement and remarks in words, for people.")


def names(columns: Iterable[Column]) -> list[str]:
    """Columns that a measure computes: all but the verdict, which is made of its judgement and remarks."""
    return [column.name for column in columns if column.name != VERDICT]


@dataclass(frozen=True)
class Excerpt:
    """Rows of a table that are worth a place in the page.

    Attributes
    ----------
    rows
        Chooses them.
    """

    rows: Select


def whole(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of the branch ``all``."""
    return table[table["branch"] == "all"]


EVERYTHING: Final = Excerpt(lambda table: table)
WHOLE: Final = Excerpt(whole)


def of_setting(name: str) -> Select:
    """Choice of the rows of a setting, or of those of the branch ``all`` where it has none."""

    def chosen(table: pd.DataFrame) -> pd.DataFrame:
        rows = table[table["setting"] == name]
        return rows if len(rows) else whole(table)

    return chosen


@dataclass(frozen=True)
class Table:
    """A tidy table that a measure makes.

    Attributes
    ----------
    name
        That of its file, ``DIR/tables/NAME.csv``.
    columns
        All of them, in their order; the verdict stands last and is made of judgements and remarks.
    compute
        Gives the table, without the verdict, of a study; None for a table that is made of something else.
    excerpt
        Rows worth a place in the page; None: the table is only a file.
    """

    name: str
    columns: tuple[Column, ...]
    compute: Compute | None = None
    excerpt: Excerpt | None = EVERYTHING

    @property
    def summary(self) -> str:
        """What it says, in a line, for somebody who chooses among the tables."""
        return say_of("tables", self.name)

    @property
    def title(self) -> str:
        """What it is called above its rows."""
        return say_of("tables", self.name, "title")

    def which(self, whole: str) -> str:
        """Which rows the excerpt chooses, in words; empty where they are all.

        Parameters
        ----------
        whole
            What the branch ``all`` is called.
        """
        return "" if self.excerpt in {None, EVERYTHING} else say_of("tables", self.name, "rows", whole=whole)

    def made(self, study: Study) -> pd.DataFrame:
        """Table of a study, computed once and kept with it; without the verdict.

        Raises
        ------
        ValueError
            When it is not made of a study.
        """
        if self.compute is None:
            raise ValueError(f"the table {self.name} is not made of a study")
        return study.once(self.compute)


@dataclass(frozen=True)
class Measure:
    """A question about trials and the tables that answer it; a section of the page.

    Attributes
    ----------
    name
        Its identifier, also in the page.
    tables
        What it makes.
    """

    name: str
    tables: tuple[Table, ...]

    @property
    def title(self) -> str:
        """Heading of its section."""
        return say_of("measures", self.name)

    @property
    def question(self) -> str:
        """What it answers, beneath the heading."""
        return say_of("measures", self.name, "question")

    @property
    def how_to_read(self) -> str:
        """One or two sentences on how its pictures and tables are read."""
        return say_of("measures", self.name, "reading")

    def __iter__(self) -> Iterator[Table]:
        return iter(self.tables)
