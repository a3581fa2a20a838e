"""What still matters once it is good: first-order indices of "this trial is among the best q %".

The target of PED-ANOVA (Watanabe, Bansal & Hutter 2023): v_i = Var_{x_i}(P(y ≤ y_q | x_i)), here as a share
of the variance of the indicator 1{y ≤ y_q} and estimated without kernel densities. It answers "which
setting's value tells the best trials from the rest", not "which setting moves the result": the learning rate
may rule the whole and matter little among the best. The shares of an indicator are small by nature, because
being among the best takes *all* settings at once (an interaction); compare ranks, not sizes.

y_q is taken inside each replicate, so an easy split has no more good trials than a hard one, with the
prior's weights; inside a branch it is the branch's own. Ties at y_q all count as best. In a factorial the
shares are exact for the grid and the intervals are about the seed, as those of the value itself
(`sensitivity.estimators.intervals`). Elsewhere they are main effects by bins, intervals by the influence
function. Both take y_q as given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from sensitivity.estimators.branches import branches
from sensitivity.estimators.effects import BRANCH, MAIN, SETTING
from sensitivity.estimators.factorial import main_and_total
from sensitivity.estimators.projections import FactorialProjection
from sensitivity.measures import measure as m
from sensitivity.measures.variance import known_shares
from sensitivity.remarks import REMARKS, Remark, Remarks, cells
from sensitivity.trials import REPLICATE, VALUE

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from sensitivity.arrays import Floats
    from sensitivity.estimators.branches import BinnedProjection, Branch
    from sensitivity.remarks import Said
    from sensitivity.study import Study

AMONG_BEST: Final = "among_best"  # prefix of its columns, and of those of the main effect
GLOBAL_MAIN: Final = "global_main"
BEST_PERCENT: Final = "best_percent"
MARKED_PERCENT: Final = "marked_percent"
THRESHOLD: Final = "threshold"
FEWEST_BEST: Final = 10
PERCENT: Final = 10.0
NO_TRIALS: Final = Remark("no_trials")
ALL_TIE: Final = Remark("all_tie", (",",))
ONE_TRIAL: Final = Remark("one_trial")
ONLY: Final = Remark("only_trials", (",",))
ONE_BEST: Final = Remark("one_best", ("", "g"))
FEW_BEST: Final = Remark("few_best", ("", "g"))
NO_INTERVAL: Final = Remark("no_interval")
GLOBALLY_ONLY: Final = Remark("globally_only")
NEITHER: Final = Remark("neither")
BEST_ONLY: Final = Remark("best_only")
SAME: Final = Remark("same_rank")
MORE: Final = Remark("more")
LESS: Final = Remark("less")
COLUMNS: Final = (
    m.BRANCH_COLUMN,
    m.Column(SETTING, "Name of the setting."),
    *m.ranked(
        AMONG_BEST,
        "First-order share of the variance of the indicator of being among the best.",
        "share-among-the-best",
    ),
    *m.ranked(
        GLOBAL_MAIN,
        "Main effect on the value itself, as in the variance decomposition, to compare with.",
        "main-effect-on-everything",
    ),
    m.hidden(BEST_PERCENT, "The q asked for, in percent."),
    m.hidden(
        MARKED_PERCENT,
        "Trials that count as best, in percent under the prior's weights: more than q where values tie.",
    ),
    m.hidden(THRESHOLD, "y_q, in units of the response; its mean over the replicates.", m.RESPONSE),
    m.REMARKS_COLUMN,
    m.VERDICT_COLUMN,
)


def among_best(study: Study, percent: float = PERCENT) -> pd.DataFrame:
    """First-order indices of being among the best ``percent`` %, beside the global main effects.

    Parameters
    ----------
    percent
        q: which part of the trials counts as best, above 0 and below 100. A missing value is worst.

    Returns
    -------
    DataFrame, one row per branch and setting, with the columns of `COLUMNS`

    Raises
    ------
    ValueError
        When ``percent`` does not lie between 0 and 100.
    """
    if not 0 < percent < 100:
        raise ValueError(f"percent is above 0 and below 100, not {percent}; 10 is the usual one")
    plan = study.plan
    response = plan[VALUE].to_numpy(dtype=np.float64, na_value=np.inf)
    replicate = plan[REPLICATE].to_numpy()
    parts = [_of_branch(study, branch, response, replicate, percent) for branch in branches(study)]
    return pd.concat(parts, ignore_index=True)


def best_indicator(
    response: Floats, replicate: Floats, weights: Floats, fraction: float
) -> tuple[Floats, Floats]:
    """1 where a trial is among the best of its replicate, and the thresholds.

    Parameters
    ----------
    response, replicate, weights
        One entry per trial, shape (n,).
    fraction
        q as a fraction. The threshold is the lowest response at or below which the trials weigh at least q.

    Returns
    -------
    indicator, shape (n,); thresholds, shape (replicates,)
    """
    indicator = np.zeros(len(response))
    thresholds = []
    for number in np.unique(replicate):
        rows = np.flatnonzero(replicate == number)
        order = rows[np.argsort(response[rows], kind="stable")]
        weight = np.cumsum(weights[order])
        at = int(np.searchsorted(weight, fraction * weight[-1] * (1 - 1e-9)))
        thresholds.append(response[order[min(at, len(order) - 1)]])
        indicator[rows] = response[rows] <= thresholds[-1]
    return indicator, np.array(thresholds)


def _of_branch(
    study: Study, branch: Branch, response: Floats, replicate: Floats, percent: float
) -> pd.DataFrame:
    rows, names = branch.rows, branch.projection.names
    indicator = np.zeros((len(response), 1))
    marked, thresholds = best_indicator(response[rows], replicate[rows], branch.weights, percent / 100)
    indicator[rows, 0] = marked
    known = known_shares(study, branch.label, MAIN, names)
    table = pd.DataFrame({BRANCH: branch.label, SETTING: list(names)}).assign(
        **m.ranked_shares(AMONG_BEST, *_shares(branch.projection, indicator)),
        **m.ranked_shares(GLOBAL_MAIN, *known),
    )
    table[BEST_PERCENT] = percent
    table[MARKED_PERCENT] = 100 * float(marked @ branch.weights) if len(rows) else np.nan
    table[THRESHOLD] = thresholds.mean() if len(thresholds) else np.nan
    excuse = _excuse(marked)
    reserve = _reserve(int(marked.sum()), percent)
    table[REMARKS] = cells(
        Remarks(excuse) if excuse else _remarks(row, branch, reserve) for row in table.to_dict("records")
    )
    return table[m.names(COLUMNS)]


def _shares(
    projection: FactorialProjection | BinnedProjection, indicator: Floats
) -> tuple[Floats, Floats, Floats]:
    """Main effects on the indicator, shape (trials, 1), and the ends of their intervals, (settings,) each."""
    if isinstance(projection, FactorialProjection) and projection.table.replicates > 1:
        share, low, high = main_and_total(projection, indicator)[: len(projection.names), :, 0].T
        return share, low, high
    shares = projection.shares(indicator)
    return m.normal(shares.main[:, 0], shares.main_error[:, 0])


def _excuse(marked: Floats) -> Said | None:
    """Why the whole branch cannot be judged; None where it can."""
    count = int(marked.sum())
    if not len(marked):
        return NO_TRIALS()
    if count < len(marked):
        return None
    return ALL_TIE(count) if count > 1 else ONE_TRIAL()


def _reserve(count: int, percent: float) -> Said | None:
    """With what reserve the whole branch is judged."""
    if count >= FEWEST_BEST:
        return None
    return (ONE_BEST if count == 1 else FEW_BEST)(count, percent)


def _remarks(row: Mapping[Hashable, Any], branch: Branch, reserve: Said | None) -> Remarks:
    if np.isnan(float(row["among_best_share"])):
        return Remarks(ONLY(len(branch.rows)))
    return Remarks(_compared(row, float(row["among_best_low"])), reserve, branch.remark(str(row[SETTING])))


def _compared(row: Mapping[Hashable, Any], low: float) -> Said:
    """Whether the setting matters among the best, against whether it does globally."""
    if np.isnan(low):
        return NO_INTERVAL()
    best, overall = row["among_best_rank"], row["global_main_rank"]
    global_low = float(row["global_main_low"])
    if low <= 0:
        return GLOBALLY_ONLY(overall) if global_low > 0 else NEITHER()
    if overall is None or global_low <= 0:
        return BEST_ONLY(best)
    if best == overall:
        return SAME(best)
    return (MORE if int(best) < int(overall) else LESS)(best, overall)


MEASURE: Final = m.Measure(
    "among-best",
    (
        m.Table(
            "among_best",
            COLUMNS,
            among_best,
            m.WHOLE,
        ),
    ),
)
