"""Variance decomposition: exact in a balanced factorial, from a surrogate elsewhere.

S_i = Var(E[y | x_i]) / V_y and ST_i = E[Var(f | all others)] / V_y (Sobol' 1993; Homma & Saltelli 1996) under
the prior of the settings, with the noise of the seed taken off: see `sensitivity.estimators.effects` for the
kinds of rows, `estimators.factorial` and `estimators.surrogate.decomposition` for how they are estimated. The
one source of every share: the ranking, the terminal and the page read the table made here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.estimators import effects as e
from sensitivity.estimators.factorial import exact_decomposition
from sensitivity.measures import measure as m
from sensitivity.measures.possible import agreed_shares, possible
from sensitivity.remarks import REMARKS, Remark, Remarks, cells
from sensitivity.trials import VALUE

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from sensitivity.arrays import Floats
    from sensitivity.study import Study

COLUMNS: Final = (
    m.BRANCH_COLUMN,
    m.Column(
        e.KIND,
        "What the row is. ``main``: what a setting explains by itself; ``total``: every term that it takes "
        "part in; ``interaction``: what two settings (``a × b``) or three and more (``higher orders``) do "
        "together beyond that; ``noise``: the seed's share; ``lack_of_fit``: what a surrogate misses; "
        "``between``: what lies between branches; ``replicate``: what all trials of a replicate share, "
        "beside the variance.",
    ),
    m.Column(e.SETTING, "Name of the setting, ``a × b``, or what the row is."),
    *m.estimate(
        e.SHARE,
        "Part of the variance of one trial's response once the replicate's block is taken off, corrected for "
        "the noise: an estimate below 0 counts as 0. Empty where unknown or not estimable.",
        m.SHARE,
    ),
    m.JUDGEMENT_COLUMN,
    m.REMARKS_COLUMN,
    m.VERDICT_COLUMN,
)

NO_VALUE: Final = Remark("no_value")


def variance_decomposition(study: Study, *, split: bool = True) -> pd.DataFrame:
    """Share of the variance of the value that each setting, each interaction and the seed explain.

    The value is taken on the study's scale. Trials without a finite one are left out, which makes a factorial
    incomplete; the remarks then say how many.

    Parameters
    ----------
    split
        Also inside each optimizer.
    """
    study = study.scaled
    plan = study.plan
    known = plan[np.isfinite(plan[VALUE].to_numpy(dtype=np.float64, na_value=np.nan))]
    if known.empty:
        return e.unknown(study.space.names, NO_VALUE)
    found = exact_decomposition(study, branches=split)
    if found is None:
        # Lazily: a factorial sweep need not wait for scikit-learn's regressors.
        from sensitivity.estimators.surrogate.decomposition import study_decomposition  # noqa: PLC0415

        found = study_decomposition(study, branches=split)
    if lost := len(plan) - len(known):
        note = e.WITHOUT(lost, len(plan), VALUE)
        found[REMARKS] = cells(Remarks(*remarks, note) for remarks in found[REMARKS])
    return agreed_shares(possible(found, COLUMNS))


def known_shares(
    study: Study, branch: str, kind: str, settings: Sequence[str]
) -> tuple[Floats, Floats, Floats]:
    """Share of each setting and the ends of its interval, shape (settings,); NaN where there is none.

    Whatever shows a share of the value's variance takes it from here.
    """
    rows = study.once(variance_decomposition)
    rows = rows[(rows[e.BRANCH] == branch) & (rows[e.KIND] == kind)].set_index(e.SETTING)
    share, low, high = rows[[e.SHARE, e.LOW, e.HIGH]].reindex(list(settings)).to_numpy(dtype=np.float64).T
    return share, low, high


MEASURE: Final = m.Measure(
    "variance",
    (
        m.Table(
            "variance_decomposition",
            COLUMNS,
            variance_decomposition,
            m.WHOLE,
        ),
    ),
)
