"""Which rows of a table are asked for by words: a setting, a branch, a level, or ``column=value``.

A word may stand in several columns. It has one reading where one kind of column holds it in all rows that are
found; where no kind does, the request is refused with the readings there are. Rows of all trials together are
preferred only where no word asks for a branch.
"""

from __future__ import annotations

import math
import shlex
from typing import TYPE_CHECKING, Final

import pandas as pd

from sensitivity.branch import ALL, level_of
from sensitivity.estimators.effects import BRANCH, SETTING
from sensitivity.measures.measure import TEXT, WORD
from sensitivity.remarks import JUDGEMENT, REMARKS, VERDICT
from sensitivity.words import counted, level_text, listed, offer
from sweeps.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sensitivity.measures.measure import Column

MOST: Final = 8  # rows that are taken at once
_LEVEL: Final = "level"
# Columns that say the same of one thing and of another: a pair's first setting and its second.
_KIND: Final = {
    "first": SETTING,
    "second": SETTING,
    "first_level": _LEVEL,
    "second_level": _LEVEL,
    "other": "one",
}
_COUNTED: Final = {"k", "epoch", "rank"}  # numbers that tell rows apart
# Texts that were found out: nobody asks for a row by them.
_ANSWERS: Final = {
    *("best_at", "worst_at", "good", "band", "better", "at_edge", "default", "laws"),
    *("value_in_best_configuration", "own_levels", JUDGEMENT, REMARKS, VERDICT),
}


def rows_asked(table: pd.DataFrame, columns: Sequence[Column], words: Sequence[str]) -> pd.DataFrame:
    """Rows that hold every word, `MOST` at most.

    Parameters
    ----------
    columns
        Of `sensitivity.reporting.shown.columns_of`.
    words
        In any order: a cell of a text column (an underscore is as good as a space, a branch is called by its
        level too), or ``column=value``.

    Raises
    ------
    StudyError
        When no row holds a word, or all of them; when a word has several readings; when more rows fit.
    """
    keys = list(_keys(table, columns))
    held = {word: _held(table, keys, word) for word in words}
    _check_known(table, keys, held)
    fits = pd.Series(True, index=table.index)
    for places in held.values():
        fits &= places.any(axis=1)
    found = table[fits]
    if found.empty and len(table):
        raise StudyError(f"no row holds {listed(words)} together; name fewer")
    readings = {word: _reading(word, places[fits]) for word, places in held.items()}
    if BRANCH in found and BRANCH not in readings.values() and (found[BRANCH] == ALL).any():
        found = found[found[BRANCH] == ALL]
    _check_few(found, keys)
    return found


def _keys(table: pd.DataFrame, columns: Sequence[Column]) -> Iterator[str]:
    """Columns that tell rows apart."""
    if BRANCH in table:
        yield BRANCH
    texts = (one.name for one in columns if one.kind in {TEXT, WORD} and one.name not in {BRANCH, *_ANSWERS})
    yield from texts
    yield from (one.name for one in columns if one.name in _COUNTED)


def _held(table: pd.DataFrame, keys: Sequence[str], word: str) -> pd.DataFrame:
    """Whether each cell of the keys is a word; numbers that count only where their column is named."""
    names = [name for name in keys if not pd.api.types.is_numeric_dtype(table[name])]
    places = table[names].map(lambda cell: _is(cell, word))
    column, _, value = word.partition("=")
    named_ones = [name for name in keys if column and column in {name, _KIND.get(name, name)}]
    if places.any(axis=None) or not named_ones:
        return places
    return table[named_ones].map(lambda cell: _is(cell, value))


def _is(cell: object, word: str) -> bool:
    """Whether a cell is this word, an underscore as good as a space and a branch as its level."""
    written = level_text(cell).casefold().replace(" ", "_")
    asked = word.casefold().replace(" ", "_")
    return bool(written) and (asked in {written, level_of(written)} or _same_number(str(cell), word))


def _same_number(cell: str, word: str) -> bool:
    try:
        return math.isclose(float(cell), float(word), rel_tol=1e-9)
    except ValueError:
        return False


def _check_known(table: pd.DataFrame, keys: Sequence[str], held: Mapping[str, pd.DataFrame]) -> None:
    """Raise where a word stands nowhere."""
    for word, places in held.items():
        if not places.any(axis=None):
            names = [name for name in keys if not pd.api.types.is_numeric_dtype(table[name])]
            there = list(dict.fromkeys(level_text(cell) for name in names for cell in table[name]))
            known = [one for one in there if one]
            raise StudyError(f"no row holds {word!r}; {offer(word, known, 'there are')}")


def _reading(word: str, places: pd.DataFrame) -> str:
    """Kind of column that holds a word in all rows; a branch where that is one of several.

    Raises
    ------
    StudyError
        When no kind does.
    """
    kinds = [_KIND.get(str(name), str(name)) for name in places.columns]
    by_kind = {
        kind: places.loc[:, [one == kind for one in kinds]].any(axis=1) for kind in dict.fromkeys(kinds)
    }
    whole = [kind for kind, rows in by_kind.items() if rows.all()]
    if whole:
        return whole[0]
    held = [kind for kind, rows in by_kind.items() if rows.any()]
    ways = [shlex.quote(f"{kind}={word}") for kind in held]
    raise StudyError(f"{word!r} stands as {' and as '.join(held)}; say {' or '.join(ways)}")


def _check_few(found: pd.DataFrame, keys: Sequence[str]) -> None:
    """Raise where more rows fit than anybody takes at once."""
    if len(found) <= MOST:
        return
    differ = [name for name in keys if len(set(found[name])) > 1]
    ways = [shlex.quote(f"{name}={level_text(found[name].iloc[0])}") for name in differ]
    more = f"; name one, such as {' or '.join(ways[:3])}" if ways else ""
    raise StudyError(f"{counted(len(found), 'row')} fit, and at most {MOST} are cited{more}")
