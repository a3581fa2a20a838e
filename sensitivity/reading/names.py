"""Names that strangers chose: made fit for a table, shown on one line, offered when one is misspelt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sensitivity.trials import RESULTS
from sensitivity.words import named, writable
from sweeps.errors import shown

if TYPE_CHECKING:
    from collections.abc import Iterable


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
