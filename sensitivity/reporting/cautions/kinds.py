"""One warning, the kinds of warnings there are, and what those who look for them share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from sensitivity.measures.registry import columns

if TYPE_CHECKING:
    from collections.abc import Mapping

# Kinds, in the order in which they are given.
COPIES: Final = "copies"
TRIALS: Final = "trials"
DIVERGENCE: Final = "divergence"
BALANCE: Final = "balance"
REPLICATES: Final = "replicates"
NOISE: Final = "noise"
EDGE: Final = "edge"
INTERACTION: Final = "interaction"
STABILITY: Final = "stability"
GAINS: Final = "gains"
KINDS: Final = (
    COPIES,
    TRIALS,
    DIVERGENCE,
    BALANCE,
    REPLICATES,
    NOISE,
    EDGE,
    INTERACTION,
    STABILITY,
    GAINS,
)


@dataclass(frozen=True)
class Caution:
    """One warning.

    Attributes
    ----------
    kind
        What it is about: one of the constants of this module.
    text
        A sentence or two.
    setting, branch
        What it belongs to; empty where that is everything or several.
    """

    kind: str
    text: str
    setting: str = ""
    branch: str = ""


def rows_of(tables: Mapping[str, pd.DataFrame], name: str, **equal: str) -> pd.DataFrame:
    """Rows of a table whose columns have these values; none where there is no such table."""
    table = tables.get(name, pd.DataFrame(columns=list(columns(name))))
    for column, value in equal.items():
        table = table[table[column] == value]
    return table


def percent_words(share: float) -> str:
    """``20 %``, without decimals."""
    return f"{100 * share:.0f} %"
