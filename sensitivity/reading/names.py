"""Names that strangers chose: made fit for a table, shown on one line, offered when one is misspelt."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final

from sensitivity.trials import RESULTS
from sweeps.errors import MOST_LISTED, shown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

LONGEST_SHOWN: Final = 40


def named(name: str) -> str:
    """Name as it stands in a sentence: quoted and cut where it is long, empty or would break the line."""
    plain = name.isprintable() and 0 < len(name) <= LONGEST_SHOWN and name.strip() == name
    return name if plain else shown(name)


def listed(names: Iterable[object]) -> str:
    """``a, b and c``, the rest counted after the first few."""
    texts = [named(str(name)) for name in names]
    if len(texts) > MOST_LISTED:
        return f"{', '.join(texts[:MOST_LISTED])} and {len(texts) - MOST_LISTED:,} more"
    return " and ".join([", ".join(texts[:-1]), texts[-1]]) if len(texts) > 1 else "".join(texts)


def counted(number: int, noun: str) -> str:
    """``1 trial``, ``1,234 trials``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def were(number: int, noun: str) -> str:
    """``1 trial was``, ``37 trials were``."""
    return f"{counted(number, noun)} {'was' if number == 1 else 'were'}"


def offer(given: str, names: Collection[str], noun: str) -> str:
    """End of a sentence: the closest name if one is close, otherwise what there is."""
    by_lower = {name.lower(): name for name in names}
    close = difflib.get_close_matches(given.lower(), by_lower, n=1)
    if close:
        return f"did you mean {shown(by_lower[close[0]])}?"
    return f"{noun}: {listed(names)}" if names else f"{noun}: none"


def writable(text: str) -> str:
    """Text that a CSV file in UTF-8 gives back: without half a surrogate pair or a carriage return."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\r", "\n")


def column_names(names: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """Names under which settings stand in a table of trials, and a note for each that was changed.

    A name that is a result's ("value", "number"), that is empty or that a CSV file cannot hold is changed;
    everything else stays as it is, whatever it contains.
    """
    given = list(names)
    columns: dict[str, str] = {}
    notes = []
    for name in given:
        column = writable(name) or "(no name)"
        if column in RESULTS:
            column = f"{column} (setting)"
        while column in columns.values() or (column != name and column in given):
            column += " (setting)"
        columns[name] = column
        if column != name:
            notes.append(f"The setting {shown(name)} is called {named(column)} in the tables.")
    return columns, notes
