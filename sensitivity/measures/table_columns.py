"""Every table the tool writes and every column in it: the one place that documents them all.

The words stand in the docstring of the module that makes the table, under ``Columns``, or ``Columns of
`name``` where a module makes several, one entry per column or per few that belong together::

    Columns
    -------
    low, high
        Ends of the 95 % interval.

`TABLES` says which docstring; adding a table is one line here and one in `sensitivity.measuring`. A test
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
    best_after_k,
    concordance,
    divergence,
    isolation,
    learning_curves,
    momentum_rescaling,
    moving_optimum,
    over_epochs,
    pairs,
    ranking,
    stability,
    survivors,
    tolerance,
    training_speed,
    tunability,
)

if TYPE_CHECKING:
    from types import ModuleType

EACH_SETTING: Final = "each_setting"  # stands for the columns of the settings in the table of trials

# Name of the table, as in DIR/tables/NAME.csv: the module whose docstring documents it, and the section.
TABLES: Final[dict[str, tuple[ModuleType, str]]] = {
    "trials": (trials, ""),
    "variance_decomposition": (effects, ""),
    "ranking": (ranking, ""),
    "divergence_by_level": (divergence, "divergence_by_level"),
    "divergence_by_pair": (divergence, "divergence_by_pair"),
    "divergence_effects": (divergence, "divergence_effects"),
    "capped_and_survivors": (survivors, ""),
    "tolerance": (tolerance, ""),
    "moving_optimum": (moving_optimum, "moving_optimum"),
    "moving_optimum_slopes": (moving_optimum, "slopes"),
    "momentum_rescaling": (momentum_rescaling, ""),
    "tunability": (tunability, ""),
    "isolation_curves": (isolation, ""),
    "pairs": (pairs, ""),
    "best_after_k": (best_after_k, ""),
    "among_best": (among_best, ""),
    "training_speed": (training_speed, ""),
    "learning_curves": (learning_curves, ""),
    "sensitivity_over_epochs": (over_epochs, "sensitivity_over_epochs"),
    "early_or_late": (over_epochs, "early_or_late"),
    "stability": (stability, ""),
    "comparison": (concordance, ""),
}

_HEADING: Final = re.compile(r"^Columns(?: of `(\w+)`)?\n-+\n", flags=re.MULTILINE)
_ENTRY: Final = re.compile(r"((?:\w+, )*\w+)\n((?:(?: {4}.*)?\n)*)")


def columns(table: str) -> dict[str, str]:
    """Columns of a table, each with its meaning; in the order in which they are explained."""
    module, section = TABLES[table]
    return documented(inspect.getdoc(module) or "", section)


def summary(table: str) -> str:
    """What a table says, in a line: the first of the docstring that documents it."""
    return (inspect.getdoc(TABLES[table][0]) or "").partition("\n")[0]


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
