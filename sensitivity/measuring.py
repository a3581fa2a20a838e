"""Trials → all tables: every measure there is, by name.

A measure is a function of a `Source` that gives a tidy table; its columns are documented in
`sensitivity.measures.table_columns`. With too little data it gives the table all the same, marked in words.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from sensitivity.estimators.effects import ALL, BRANCH, SETTING, VERDICT
from sensitivity.measures import (
    among_best,
    best_after_k,
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
from sensitivity.measures.table_columns import columns
from sensitivity.measures.variance import variance_decomposition

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from sensitivity.reading.source import Source
    from sweeps.space import Space

SHARES: Final = "variance_decomposition"
RANKING: Final = "ranking"
NOTHING: Final = "nothing of the kind in these trials"  # verdict of a table that would have no row
FEW: Final = 30  # trials below which a measure may find that it cannot be computed at all


@lru_cache(maxsize=1)
def shares_of(source: Source) -> pd.DataFrame:
    """Variance decomposition, which other tables start from."""
    return variance_decomposition(source.trials, source.space)


def _ranking(source: Source) -> pd.DataFrame:
    found = shares_of(source)
    return ranking.with_noise(ranking.rank(found, source.trials, source.space), found)


def _tolerance(source: Source) -> pd.DataFrame:
    share = tolerance.TOLERANCE if source.tolerance is None else source.tolerance
    return tolerance.tolerance(source.trials, source.space, share, cap=source.chance)


def _training_speed(source: Source) -> pd.DataFrame:
    return training_speed.training_speed(source.trials, source.space, source.curves, source.cap)


def _learning_curves(source: Source) -> pd.DataFrame:
    return learning_curves.learning_curves(source.trials, source.space, source.curves, source.cap)


@lru_cache(maxsize=1)
def _over_epochs(source: Source) -> pd.DataFrame:
    return over_epochs.sensitivity_over_epochs(source.curves, source.trials, source.space, source.cap)


def _plain(measure: Callable[[pd.DataFrame, Space], pd.DataFrame]) -> Callable[[Source], pd.DataFrame]:
    """Measure that needs the trials and their space only."""
    return lambda source: measure(source.trials, source.space)


# In the order in which a reader wants them; the name is that of the file, DIR/tables/NAME.csv.
MEASURES: Final[dict[str, Callable[[Source], pd.DataFrame]]] = {
    SHARES: shares_of,
    RANKING: _ranking,
    "divergence_by_level": _plain(divergence.divergence_by_level),
    "divergence_by_pair": _plain(divergence.divergence_by_pair),
    "divergence_effects": _plain(divergence.divergence_effects),
    "capped_and_survivors": _plain(survivors.capped_and_survivors),
    "tolerance": _tolerance,
    "moving_optimum": _plain(moving_optimum.moving_optimum),
    "moving_optimum_slopes": _plain(moving_optimum.slopes),
    "momentum_rescaling": _plain(momentum_rescaling.momentum_rescaling),
    "tunability": _plain(tunability.tunability),
    "isolation_curves": _plain(isolation.isolation_curves),
    "pairs": _plain(pairs.pairs),
    "best_after_k": _plain(best_after_k.best_after_k),
    "among_best": _plain(among_best.among_best),
    "training_speed": _training_speed,
    "learning_curves": _learning_curves,
    "sensitivity_over_epochs": _over_epochs,
    "early_or_late": lambda source: over_epochs.early_or_late(_over_epochs(source)),
    "stability": _plain(stability.stability),
}


# Measures that share work, slow ones first: what is made together costs less than what is made apart.
_TOGETHER: Final = (
    (SHARES, RANKING),
    ("divergence_effects",),
    ("moving_optimum", "moving_optimum_slopes"),
    ("sensitivity_over_epochs", "early_or_late"),
)
GROUPS: Final = (
    *_TOGETHER,
    *((name,) for name in MEASURES if not any(name in group for group in _TOGETHER)),
)


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
    # With one thread BLAS adds in one order: the same bits wherever and beside whatever this runs.
    with threadpool_limits(1):
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
        try:
            table = measure(source)
        except Exception as error:  # too few trials show in a hundred ways
            if source.plan_size >= FEW:
                raise
            reason = f"only {source.plan_size} trials ({type(error).__name__}: {error})"
            return marked(name, source, f"cannot be judged: {reason}")
    return table if len(table) else marked(name, source, NOTHING, each=False)


def marked(name: str, source: Source, words: str, *, each: bool = True) -> pd.DataFrame:
    """Table without a number, with the reason in its verdict: a row per setting, or one without ``each``."""
    names = columns(name)
    settings = source.space.names if each and SETTING in names else []
    table = pd.DataFrame(np.nan, index=range(max(len(settings), 1)), columns=list(names))
    for column, content in ((BRANCH, ALL), (SETTING, settings or [""]), (VERDICT, words)):
        if column in names:
            table[column] = content
    return table
