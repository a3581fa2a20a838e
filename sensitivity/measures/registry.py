"""`MEASURES`: every measure there is, in the order in which a reader wants them.

The list feeds the tables, ``show``, the page, the documentation of the columns and the tests. Adding a
measure is its file and one entry here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sensitivity.measures import (
    among_best,
    best_after_k,
    divergence,
    isolation,
    momentum_rescaling,
    moving_optimum,
    over_epochs,
    ranking,
    stability,
    survivors,
    table_columns,
    tolerance,
    training_speed,
    tunability,
)
from sensitivity.measures.legacy import legacy
from sensitivity.measures.measure import WHOLE, Measure, everything, whole
from sensitivity.measures.variance import variance_decomposition

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from sensitivity.measures.measure import Table
    from sensitivity.study import Study
    from sweeps.space import Space


def _plain(measure: Callable[[pd.DataFrame, Space], pd.DataFrame]) -> Callable[[Study], pd.DataFrame]:
    """Measure that needs the trials and their space only."""
    return lambda study: measure(study.trials, study.space)


def _shares(study: Study) -> pd.DataFrame:
    return variance_decomposition(study.trials, study.space)


def _ranking(study: Study) -> pd.DataFrame:
    found = study.once(_shares)
    return ranking.with_noise(ranking.rank(found, study.trials, study.space), found)


def _over_epochs(study: Study) -> pd.DataFrame:
    return over_epochs.sensitivity_over_epochs(study.curves, study.trials, study.space, study.cap)


def _early_or_late(study: Study) -> pd.DataFrame:
    return over_epochs.early_or_late(study.once(_over_epochs))


def _large_pairs(table: pd.DataFrame) -> pd.DataFrame:
    """Cells of the branch ``all`` in which most diverges, at most forty."""
    return whole(table).sort_values("fraction", ascending=False, kind="stable").head(40)


MEASURES: Final[tuple[Measure, ...]] = (
    Measure(
        "ranking",
        "Ranking",
        "Which settings deserve tuning?",
        "The share of the variance of the result that involves a setting (total effect), and the part "
        "that it explains by itself (main effect). What cannot be told from the noise of the seed gives "
        "no reason to tune it. The dashed line is what the seed alone explains; it is no threshold.",
        (legacy("ranking", _ranking, everything),),
    ),
    Measure(
        "variance",
        "What the variance is made of",
        "Does a setting act by itself or together with others, and for which optimizer?",
        "Within a bar the shares add up to 100 %. In the matrix the diagonal is what a setting does "
        "by itself; a large cell off the diagonal means that the two must be tuned together.",
        (legacy("variance_decomposition", _shares, whole, WHOLE),),
    ),
    isolation.MEASURE,
    tolerance.MEASURE,
    moving_optimum.MEASURE,
    momentum_rescaling.MEASURE,
    Measure(
        "divergence",
        "Divergence",
        "Where does training fall off a cliff?",
        "The share of all trials at a place that diverged, whatever the other settings: a place with "
        "many is one where a careless choice of the rest ends badly.",
        (
            legacy("divergence_by_level", _plain(divergence.divergence_by_level), whole, WHOLE),
            legacy("capped_and_survivors", _plain(survivors.capped_and_survivors), whole, WHOLE),
            legacy("divergence_effects", _plain(divergence.divergence_effects), whole, WHOLE),
            legacy(
                "divergence_by_pair",
                _plain(divergence.divergence_by_pair),
                _large_pairs,
                "where most trials diverge",
            ),
        ),
    ),
    tunability.MEASURE,
    best_after_k.MEASURE,
    Measure(
        "among-best",
        "Among the best tenth",
        "What still matters once the result is good?",
        "The same question asked of the best tenth only: a setting that rules the whole may hardly "
        "matter among the good. Compare ranks, not sizes.",
        (legacy("among_best", _plain(among_best.among_best), whole, WHOLE),),
    ),
    training_speed.MEASURE,
    Measure(
        "epochs",
        "Early and late",
        "Which settings matter early in training, and which late?",
        "The ranking after each epoch. Shares are of the variance at that epoch: one that falls may "
        "belong to a setting whose effect stays while another's grows.",
        (
            legacy("sensitivity_over_epochs", _over_epochs),
            legacy("early_or_late", _early_or_late, whole, WHOLE),
        ),
    ),
    Measure(
        "stability",
        "Is the ranking stable",
        "Would another seed, another metric or half the trials give the same order?",
        "Kendall's τ: 1 is the same order, 0 none. Halves have no trial in common, so they show what "
        "a sweep of half the size is worth.",
        (legacy("stability", _plain(stability.stability), whole, WHOLE),),
    ),
)

TABLES: Final[dict[str, Table]] = {table.name: table for measure in MEASURES for table in measure}
NAMES: Final = ("trials", *TABLES, "comparison")  # of every table that is written


def columns(table: str) -> dict[str, str]:
    """Columns of a table, each with its meaning."""
    if table not in TABLES:
        return table_columns.columns(table)
    return {column.name: column.meaning for column in TABLES[table].columns}


def summary(table: str) -> str:
    """What a table says, in a line."""
    return TABLES[table].summary if table in TABLES else table_columns.summary(table)
