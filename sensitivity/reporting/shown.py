"""How a person sees a table: the columns that its measure says, each number with the digits it has.

The page, the terminal and ``show`` all read this file, so they show the same text for the same number. A cell
also carries the number as it stands in the CSV file. The verdict is said in the language of the moment.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from sensitivity.branch import spaced
from sensitivity.estimators.curves import goals
from sensitivity.estimators.effects import (
    BETWEEN,
    BINNED,
    HIGHER,
    INTERACTION,
    LACK_OF_FIT,
    MAIN,
    NOISE,
    NOISES,
    REPLICATE_KIND,
    REPLICATE_ROW,
    SEED_ROW,
    TOTAL,
)
from sensitivity.files import csv_texts
from sensitivity.language import say_of
from sensitivity.measures import versus
from sensitivity.measures.concordance import COMPARISON
from sensitivity.measures.measure import AMOUNT, COUNT, DECADES, RESPONSE, SHARE, TEXT, WORD, Column
from sensitivity.measures.registry import TABLES
from sensitivity.remarks import VERDICT, told
from sensitivity.words import amount, interval, level_text, measured, spans

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sensitivity.study import Study

TRIALS: Final = "trials"  # the table whose columns are the user's
_KNOWN: Final = {**TABLES, COMPARISON.name: COMPARISON}


# Words of ours in cells by the name of the column; a level or a setting of that name elsewhere is theirs.
_KINDS: Final = (MAIN, BINNED, TOTAL, INTERACTION, *NOISES, LACK_OF_FIT, BETWEEN, REPLICATE_KIND)
_AMOUNTS: Final = ("gain", "cost at default", "cost re-tuned", "difference", "slope")
_BARS: Final = (goals.OWN, goals.OVERALL, goals.COMMON)
_PARTS: Final = ("all trials", "all pairs", "the other half", "the other half of the replicates")
OUR_WORDS: Final = {
    "kind": (*_KINDS, *_AMOUNTS),
    "setting": ("all together", HIGHER, REPLICATE_ROW, SEED_ROW),
    "method": (goals.RETUNED, goals.SLICE, goals.UNTUNED),
    "against": (*_BARS, *_PARTS, "ranks of the value"),
    "quantity": ("decades", "fraction", "best", "epochs"),
    "comparison": ("replicates", "metrics", "subsets", "halves"),
    "which": ("best mean", "most forgiving"),
    "compared": (versus.SAME, versus.OWN),
    "branch": ("all",),
}


RANGES: Final = ("band", "good")  # columns of ranges of ours


@dataclass(frozen=True)
class Cell:
    """What is shown, and the same as it stands in the CSV file."""

    text: str
    value: str


def in_own_sign(name: str, table: pd.DataFrame, study: Study) -> pd.DataFrame:
    """A measure's table with the values of a maximised metric as the metric has them: 0.93, not −0.93."""
    if not study.turned or name not in TABLES:
        return table
    found = table.copy()
    columns = [column for column in TABLES[name].columns if column.name in table]
    places = [(column, _of_response(column, table)) for column in columns]
    responses = [(column, rows) for column, rows in places if rows.any()]
    for column, rows in responses:
        found.loc[rows, column.name] = -table.loc[rows, column.mirror or column.name]
    for (low, high), rows in ((column.ends, rows) for column, rows in responses if column.ends is not None):
        found.loc[rows, low], found.loc[rows, high] = -table.loc[rows, high], -table.loc[rows, low]
    return found


def _of_response(column: Column, table: pd.DataFrame) -> pd.Series:
    """Rows in which a column is a value of the response: all, none, or those of one quantity."""
    if column.response_in is None:
        return pd.Series(column.kind == RESPONSE, index=table.index)
    of, value = column.response_in
    return table[of].eq(value)


def columns_of(name: str, table: pd.DataFrame) -> tuple[Column, ...]:
    """Columns of a table that a person is shown: those that the measure says, or all of any other table."""
    if name in _KNOWN:
        return tuple(column for column in _KNOWN[name].columns if column.shown)
    ends = {} if name == TRIALS else _ends([str(column) for column in table.columns])
    return tuple(
        Column(column, "", _kind(table[column]), ends=ends.get(column), theirs=True)
        for column in map(str, table.columns)
        if not any(column in pair for pair in ends.values())
    )


def _ends(names: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Columns of the ends of each column's interval, where it has one."""
    pairs = {name: (f"{name}_low", f"{name}_high") for name in names}
    return {name: pair for name, pair in pairs.items() if set(pair) <= set(names)}


def cells(table: pd.DataFrame, columns: Sequence[Column]) -> list[list[Cell]]:
    """Rows of a table as a person sees them.

    Parameters
    ----------
    table
        Any table of a measure, or one read back from its CSV file.
    columns
        Of `columns_of`.
    """
    written = {shown.name: list(csv_texts(shown.name, table[shown.name])) for shown in columns}
    rows = (told(table) if VERDICT in written else table).to_dict("records")
    return [
        [Cell(_text(row, shown), written[shown.name][place]) for shown in columns]
        for place, row in enumerate(rows)
    ]


def common(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> list[int]:
    """Places of the columns that say the same in every row: they are better said once, above the table."""
    if len(rows) < 2:
        return []
    return [
        place
        for place, column in enumerate(columns)
        if not column.numeric and len({row[place].text for row in rows}) == 1
    ]


def _kind(column: pd.Series) -> str:
    if column.name == VERDICT:
        return WORD  # a verdict that no remarks are put into words for
    numeric = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    return AMOUNT if numeric else TEXT


def _text(row: Mapping[object, object], shown: Column) -> str:
    value = row[shown.name]
    if shown.kind == TEXT:
        return _written(row, shown)
    if shown.kind == WORD:
        word = level_text(value)
        return say_of("values", word.replace(" ", "-")) if word else ""
    number = _number(value)
    low, high = (math.nan, math.nan) if shown.ends is None else (_number(row[end]) for end in shown.ends)
    if shown.kind == SHARE:
        return interval(number, low, high)
    if shown.kind == COUNT:
        return "" if math.isnan(number) else f"{number:,.0f}"
    return (measured if shown.kind == DECADES else amount)(number, low, high)


def _written(row: Mapping[object, object], shown: Column) -> str:
    """A text: of theirs as it is; a range or a word of ours in the language; else as names are written."""
    value = row[shown.name]
    text = level_text(value)
    if shown.theirs:
        return text
    if shown.name in RANGES:
        return spans(text)
    own = shown.name != VERDICT and isinstance(value, str)
    return _our_word(row, shown.name, text) or (spaced(text) if own else text)


def _our_word(row: Mapping[object, object], column: str, text: str) -> str:
    """A word of ours in the language of the moment; empty where a cell holds none."""
    if text not in OUR_WORDS.get(column, ()):
        return ""
    noise = row.get("kind") in NOISES or ("rank" in row and math.isnan(_number(row["rank"])))
    if text == SEED_ROW and not noise:  # a setting of theirs
        return ""
    return say_of("values", "noise-of-seed" if text == NOISE else text.replace(" ", "-"))


def _number(value: object) -> float:
    return math.nan if value is None or value is pd.NA or value == "" else float(str(value))
