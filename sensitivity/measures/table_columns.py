"""Every table the tool writes and every column in it: the one place that documents them all.

The words stand in the docstring of the module that makes the table, under ``Columns``, or ``Columns of
`name``` where a module makes several, one entry per column or per few that belong together::

    Columns
    -------
    low, high
        Ends of the 95 % interval.

`TABLES` says which docstring; adding a table is one line here and one in `measuring`. A test
checks that every table that is written has exactly the columns documented.
"""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Final

from sensitivity import trials
from sensitivity.estimators import effects
from sensitivity.measures import (
    among_best,
    concordance,
    divergence,
    over_epochs,
    ranking,
    stability,
    survivors,
)

if TYPE_CHECKING:
    from types import ModuleType

EACH_SETTING: Final = "each_setting"  # stands for the columns of the settings in the table of trials

# Name of the table, as in DIR/tables/NAME.csv: module whose docstring documents it, section there, and what
# the table says, for somebody who chooses among them.
TABLES: Final[dict[str, tuple[ModuleType, str, str]]] = {
    "trials": (trials, "", "Every trial: its settings, its result, whether it diverged."),
    "variance_decomposition": (
        effects,
        "",
        "How much of the variance each setting explains by itself, together with others, and in all.",
    ),
    "ranking": (ranking, "", "Settings in order of importance, with what their best and worst values reach."),
    "divergence_by_level": (
        divergence,
        "divergence_by_level",
        "Share of the trials that diverged at each value of a setting.",
    ),
    "divergence_by_pair": (
        divergence,
        "divergence_by_pair",
        "Share of the trials that diverged at each pair of values of two settings.",
    ),
    "divergence_effects": (
        divergence,
        "divergence_effects",
        "Which settings decide whether a trial diverges.",
    ),
    "capped_and_survivors": (survivors, "", "How the ranking would change if diverged trials were left out."),
    "among_best": (among_best, "", "Which settings still matter among the best tenth of the trials."),
    "sensitivity_over_epochs": (
        over_epochs,
        "sensitivity_over_epochs",
        "How much each setting matters after each epoch.",
    ),
    "early_or_late": (
        over_epochs,
        "early_or_late",
        "Which settings matter more early in training, and which late.",
    ),
    "stability": (
        stability,
        "",
        "Whether another seed, another metric or half the trials would give the same ranking.",
    ),
    "comparison": (concordance, "", "The rankings of several runs side by side."),
}

_HEADING: Final = re.compile(r"^Columns(?: of `(\w+)`)?\n-+\n", flags=re.MULTILINE)
_ENTRY: Final = re.compile(r"((?:\w+, )*\w+)\n((?:(?: {4}.*)?\n)*)")


def columns(table: str) -> dict[str, str]:
    """Columns of a table, each with its meaning; in the order in which they are explained."""
    module, section, _ = TABLES[table]
    return documented(inspect.getdoc(module) or "", section)


def summary(table: str) -> str:
    """What a table says, in a line."""
    return TABLES[table][2]


def documented(docstring: str, section: str = "") -> dict[str, str]:
    """Entries of a docstring's section ``Columns`` (or ``Columns of `section```) by column.

    Raises
    ------
    ValueError
        When there is no such section, or it documents a column twice.
    """
    heading = next((found for found in _HEADING.finditer(docstring) if (found[1] or "") == section), None)
    if heading is None:
        raise ValueError(f"the docstring has no section of columns {section!r}: {docstring[:60]}…")
    meanings: dict[str, str] = {}
    text, place = docstring + "\n", heading.end()
    while (entry := _ENTRY.match(text, place)) and entry[2].strip():
        for name in entry[1].split(", "):
            if name in meanings:
                raise ValueError(f"the column {name} is documented twice")
            meanings[name] = " ".join(entry[2].split())
        place = entry.end()
    return meanings
