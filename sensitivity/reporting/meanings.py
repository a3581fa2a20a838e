"""What a column of a table holds, in the language of the moment.

English is said once, where the column is made: `Column.meaning`, which the files have too. Every other
language has a message in ``meanings.ftl`` for each different sentence.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from sensitivity.language import language, marking, say_of
from sensitivity.measures.registry import EVERY_TABLE

if TYPE_CHECKING:
    from sensitivity.measures.measure import Column

ROOM: Final = "meanings"


@cache
def ids() -> dict[str, str]:
    """Sentence of each shown column → its message: ``TABLE--COLUMN`` of the first column that it explains."""
    found: dict[str, str] = {}
    for name, table in EVERY_TABLE.items():
        for column in table.columns:
            if column.shown:
                found.setdefault(column.meaning, f"{name}--{column.name}")
    return found


def meaning_of(column: Column) -> str:
    """What a column holds, for a person.

    Parameters
    ----------
    column
        A shown one of `EVERY_TABLE`.

    Raises
    ------
    LookupError
        When the language has no such message.
    """
    if language() == "en":
        return column.meaning
    with marking(on=False):  # it stands in an attribute, where no term can be explained
        return say_of(ROOM, ids()[column.meaning])
