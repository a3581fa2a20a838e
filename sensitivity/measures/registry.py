"""`MEASURES`: every measure there is, in the order in which a reader wants them.

The list feeds the tables, ``show``, the page, the documentation of the columns and the tests. Adding a
measure is its file and one entry here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sensitivity.measures import (
    advice,
    among_best,
    best_after_k,
    concordance,
    divergence,
    isolation,
    momentum_rescaling,
    moving_optimum,
    noise_sources,
    optimizer_comparison,
    over_epochs,
    question,
    ranking,
    stability,
    tolerance,
    training_speed,
    trials,
    tunability,
    variance,
)

if TYPE_CHECKING:
    from sensitivity.measures.measure import Measure, Table

MEASURES: Final[tuple[Measure, ...]] = (
    question.MEASURE,
    ranking.MEASURE,
    advice.MEASURE,
    variance.MEASURE,
    isolation.MEASURE,
    tolerance.MEASURE,
    optimizer_comparison.MEASURE,
    moving_optimum.MEASURE,
    momentum_rescaling.MEASURE,
    divergence.MEASURE,
    tunability.MEASURE,
    best_after_k.MEASURE,
    among_best.MEASURE,
    noise_sources.MEASURE,
    training_speed.MEASURE,
    over_epochs.MEASURE,
    stability.MEASURE,
)

# Tables of all measures by name, and every table that is ever written.
TABLES: Final[dict[str, Table]] = {table.name: table for measure in MEASURES for table in measure}
EVERY_TABLE: Final[dict[str, Table]] = {
    trials.TABLE.name: trials.TABLE,
    **TABLES,
    concordance.COMPARISON.name: concordance.COMPARISON,
}


def columns(name: str) -> dict[str, str]:
    """Columns of a table, each with its meaning."""
    return {column.name: column.meaning for column in EVERY_TABLE[name].columns}
