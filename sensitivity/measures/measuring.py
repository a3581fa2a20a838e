"""Study → all tables of all measures; one with too little data is given all the same, marked in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from sensitivity.estimators.effects import ALL, BRANCH, SETTING
from sensitivity.measures.possible import attained, possible
from sensitivity.measures.registry import TABLES
from sensitivity.remarks import JUDGEMENT, REMARKS, VERDICT, Judgement, Remark, Remarks, worded

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from sensitivity.measures.measure import Table
    from sensitivity.remarks import Said
    from sensitivity.study import Study

SHARES: Final = "variance_decomposition"
RANKING: Final = "ranking"
NO_TRIALS: Final = Remark("no_trials", message="no_trials-at-all")
NOTHING_VARIES: Final = Remark("nothing_varies")
NOTHING: Final = Remark("nothing_of_the_kind")  # there would be no row

# Measures that share work, slow ones first: what is made together costs less than what is made apart.
_TOGETHER: Final = (
    ("sensitivity_over_epochs", "early_or_late"),
    (
        "tolerance",
        "optimizer_differences",
        "optimizer_comparison",
        "tunability",
        "moving_optimum",
        "moving_optimum_slopes",
        "question",
        "momentum_rescaling",
        "isolation_curves",
        "best",
    ),
    ("stability",),
    (SHARES, RANKING, "capped_and_survivors", "among_best"),
    ("advice",),
    ("divergence_effects",),
)
GROUPS: Final = (
    *_TOGETHER,
    *((name,) for name in TABLES if not any(name in group for group in _TOGETHER)),
)


def all_tables(
    study: Study, before: Callable[[str], Any] = lambda _: None, only: Collection[str] = tuple(TABLES)
) -> dict[str, pd.DataFrame]:
    """Table of every measure by its name.

    Parameters
    ----------
    study
        Trials; any number of them, none included.
    before
        Called with the name of each measure before it is computed.
    only
        Names of the measures wanted.
    """
    tables = {}
    # With one thread BLAS adds in one order: the same bits wherever and beside whatever this runs.
    with threadpool_limits(1):
        for name in TABLES:
            if name in only:
                before(name)
                tables[name] = _table(TABLES[name], study)
    return tables


def _table(of: Table, study: Study) -> pd.DataFrame:
    """Table of a measure, or a marked one where there is nothing to measure."""
    if not len(study.trials):
        return marked(of.name, study, NO_TRIALS())
    if not study.space.names:
        return marked(of.name, study, NOTHING_VARIES())
    # Responses of a stranger may be anything finite; what overflows is NaN or infinite in the table.
    with np.errstate(all="ignore"):
        table = of.made(study)
    if not len(table):
        return marked(of.name, study, NOTHING(), each=False)
    # What is handed out can be changed without harm: the study keeps its own.
    return worded(possible(attained(table, of.columns, study), of.columns))


def marked(name: str, study: Study, why: Said, *, each: bool = True) -> pd.DataFrame:
    """Table without a number, and a remark that says why: a row per setting, or one without ``each``."""
    names = [column.name for column in TABLES[name].columns]
    settings = study.space.names if each and SETTING in names else []
    size = max(len(settings), 1)
    table = pd.DataFrame(np.nan, index=range(size), columns=names)
    known: dict[str, Any] = {
        BRANCH: ALL,
        SETTING: settings or [""],
        JUDGEMENT: Judgement.UNKNOWN.value,
        REMARKS: [Remarks(why)] * size,
        VERDICT: why.english,
    }
    return table.assign(**{column: content for column, content in known.items() if column in names})
