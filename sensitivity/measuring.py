"""Trials → all tables: every measure there is, by name.

A measure is a function of a `Source` that gives a tidy table; its columns are documented in
`sensitivity.measures.table_columns`. With too little data it gives the table all the same, marked in words.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from sensitivity.measures import ranking
from sensitivity.measures.effects import SETTING, VERDICT
from sensitivity.measures.table_columns import columns
from sensitivity.measures.variance import variance_decomposition

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from sensitivity.reading.source import Source

SHARES: Final = "variance_decomposition"
RANKING: Final = "ranking"
FEW: Final = 30  # trials below which a measure may find that it cannot be computed at all


@lru_cache(maxsize=1)
def shares_of(source: Source) -> pd.DataFrame:
    """Variance decomposition, which other tables start from."""
    return variance_decomposition(source.trials, source.space)


def _ranking(source: Source) -> pd.DataFrame:
    found = shares_of(source)
    return ranking.with_noise(ranking.rank(found, source.trials, source.space), found)


# In the order in which a reader wants them; the name is that of the file, DIR/tables/NAME.csv.
MEASURES: Final[dict[str, Callable[[Source], pd.DataFrame]]] = {
    SHARES: shares_of,
    RANKING: _ranking,
}


def all_tables(
    source: Source, before: Callable[[str], Any] = lambda _: None, only: Collection[str] = tuple(MEASURES)
) -> dict[str, pd.DataFrame]:
    """Table of every measure by its name.

    Parameters
    ----------
    source
        Trials; any number of them, none included.
    before
        Called with the name of each measure before it is computed.
    only
        Names of the measures wanted.
    """
    tables = {}
    for name in MEASURES:
        if name in only:
            before(name)
            tables[name] = _table(name, MEASURES[name], source)
    return tables


def _table(name: str, measure: Callable[[Source], pd.DataFrame], source: Source) -> pd.DataFrame:
    """Table of a measure, or a marked one where there is nothing to measure."""
    if not len(source.trials):
        return marked(name, source, "cannot be judged: there are no trials")
    if not source.space.names:
        return marked(name, source, "cannot be judged: no setting varies")
    # Responses of a stranger may be anything finite; what overflows is NaN or infinite in the table.
    with np.errstate(all="ignore"):
        if source.plan_size >= FEW:
            return measure(source)
        try:
            return measure(source)
        except Exception as error:  # noqa: BLE001 (too few trials show in a hundred ways: an empty minimum, a singular matrix)
            reason = f"only {source.plan_size} trials ({type(error).__name__}: {error})"
            return marked(name, source, f"cannot be judged: {reason}")


def marked(name: str, source: Source, words: str) -> pd.DataFrame:
    """Table without a number, a row per setting if it has settings, with the reason in its verdict."""
    names = columns(name)
    settings = source.space.names if SETTING in names else []
    table = pd.DataFrame(np.nan, index=range(max(len(settings), 1)), columns=list(names))
    for column, content in ((SETTING, settings or [""]), (VERDICT, words)):
        if column in names:
            table[column] = content
    return table
