"""What still matters once it is good: first-order indices of "this trial is among the best q %".

The target of PED-ANOVA (Watanabe, Bansal & Hutter 2023): v_i = Var_{x_i}(P(y ≤ y_q | x_i)), here as a share
of the variance of the indicator 1{y ≤ y_q} and estimated without kernel densities. It answers "which
setting's value tells the best trials from the rest", not "which setting moves the result": the learning rate
may rule the whole and matter little among the best. The shares of an indicator are small by nature, because
being among the best takes *all* settings at once (an interaction); compare ranks, not sizes.

y_q is taken inside each replicate, so an easy split has no more good trials than a hard one, with the
prior's weights; inside a branch it is the branch's own. Ties at y_q all count as best. In a factorial the
shares are exact for the grid and the intervals are about the seed. Elsewhere they are main effects by bins,
intervals by the influence function. Both take y_q as given.

Columns
-------
branch, setting
    Where, and of which setting.
among_best_share, among_best_low, among_best_high, among_best_rank
    First-order share of the indicator's variance, its 95 % interval, and rank (1 = largest).
global_main_share, global_main_low, global_main_high, global_main_rank
    Main effect on the value itself, the same way, to compare with.
best_percent
    The q asked for.
marked_percent
    The share of the trials that count as best, under the prior's weights: more than q where values tie.
threshold
    y_q; its mean over the replicates.
verdict
    Both ranks in words, and where both are main effects by bins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from sensitivity.estimators.branches import branches
from sensitivity.estimators.effects import BRANCH, SETTING, VERDICT
from sensitivity.estimators.projections import Z
from sensitivity.trials import REPLICATE, VALUE

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from sensitivity.arrays import Floats
    from sensitivity.estimators.branches import Branch
    from sweeps.space import Space

AMONG_BEST_SHARE: Final = "among_best_share"
AMONG_BEST_LOW: Final = "among_best_low"
AMONG_BEST_HIGH: Final = "among_best_high"
AMONG_BEST_RANK: Final = "among_best_rank"
GLOBAL_MAIN_SHARE: Final = "global_main_share"
GLOBAL_MAIN_LOW: Final = "global_main_low"
GLOBAL_MAIN_HIGH: Final = "global_main_high"
GLOBAL_MAIN_RANK: Final = "global_main_rank"
BEST_PERCENT: Final = "best_percent"
MARKED_PERCENT: Final = "marked_percent"
THRESHOLD: Final = "threshold"
COLUMNS: Final = (
    BRANCH,
    SETTING,
    AMONG_BEST_SHARE,
    AMONG_BEST_LOW,
    AMONG_BEST_HIGH,
    AMONG_BEST_RANK,
    GLOBAL_MAIN_SHARE,
    GLOBAL_MAIN_LOW,
    GLOBAL_MAIN_HIGH,
    GLOBAL_MAIN_RANK,
    BEST_PERCENT,
    MARKED_PERCENT,
    THRESHOLD,
    VERDICT,
)
FEWEST_BEST: Final = 10


def among_best(
    trials: pd.DataFrame, space: Space, percent: float = 10.0, value: str = VALUE, *, split: bool = True
) -> pd.DataFrame:
    """First-order indices of being among the best ``percent`` %, beside the global main effects.

    Parameters
    ----------
    trials
        Table of `sensitivity.trials`; the plan's rows are used, or all rows where there is no plan.
    space
        Space of the sweep.
    percent
        q: which part of the trials counts as best, above 0 and below 100.
    value
        Column of the response; lower is better, a missing one is worst.
    split
        Whether each optimizer is looked at by itself as well.

    Returns
    -------
    DataFrame, one row per branch and setting, columns `COLUMNS`

    Raises
    ------
    ValueError
        When ``percent`` does not lie between 0 and 100.
    """
    if not 0 < percent < 100:
        raise ValueError(f"percent is above 0 and below 100, not {percent}; 10 is the usual one")
    plan, found = branches(trials, space, split=split)
    response = plan[value].to_numpy(dtype=np.float64, na_value=np.inf)
    replicate = plan[REPLICATE].to_numpy()
    parts = [_of_branch(branch, response, replicate, percent) for branch in found]
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


def _of_branch(branch: Branch, response: Floats, replicate: Floats, percent: float) -> pd.DataFrame:
    rows = branch.rows
    columns = np.zeros((len(response), 2))
    marked, thresholds = best_indicator(response[rows], replicate[rows], branch.weights, percent / 100)
    columns[rows, 0] = marked
    finite = response[np.isfinite(response)]
    columns[:, 1] = np.minimum(response, finite.max() if len(finite) else 0.0)
    shares = branch.projection.shares(columns)
    table = pd.DataFrame({BRANCH: branch.label, SETTING: list(branch.projection.names)})
    for name, at in (("among_best", 0), ("global_main", 1)):
        share, error = shares.main[:, at], shares.main_error[:, at]
        table[f"{name}_share"] = share
        table[f"{name}_low"] = share - Z * error
        table[f"{name}_high"] = share + Z * error
        table[f"{name}_rank"] = pd.Series(share).rank(ascending=False, method="first").astype("Int64")
    table[BEST_PERCENT] = percent
    table[MARKED_PERCENT] = 100 * float(marked @ branch.weights) if len(rows) else np.nan
    table[THRESHOLD] = thresholds.mean() if len(thresholds) else np.nan
    excuse = _excuse(marked, percent)
    table[VERDICT] = [_verdict(row, branch, excuse) for row in table.to_dict("records")]
    return table[list(COLUMNS)]


def _excuse(marked: Floats, percent: float) -> str:
    """Why the whole branch cannot be judged, or with what reserve; "" where it can."""
    count = int(marked.sum())
    if not len(marked):
        return "cannot be judged: no trials"
    if count == len(marked):
        return f"cannot be judged: {f'all {count:,} trials tie for the best' if count > 1 else 'one trial'}"
    if count < FEWEST_BEST:
        return (
            f"with reserve: only {count} trial{'s are' if count != 1 else ' is'} among the best {percent:g} %"
        )
    return ""


def _verdict(row: Mapping[Hashable, Any], branch: Branch, excuse: str) -> str:
    share, low = float(row[AMONG_BEST_SHARE]), float(row[AMONG_BEST_LOW])
    remark = branch.remark(str(row[SETTING]))
    if excuse.startswith("cannot"):
        return excuse
    if np.isnan(share):
        return f"cannot be judged: only {len(branch.rows):,} trials"
    words = [_compared(row, low), excuse, remark]
    return "; ".join(word for word in words if word)


def _compared(row: Mapping[Hashable, Any], low: float) -> str:
    if np.isnan(low):
        return "no interval: no replicates"
    best, overall = row[AMONG_BEST_RANK], row[GLOBAL_MAIN_RANK]
    global_low = float(row[GLOBAL_MAIN_LOW])
    if low <= 0:
        globally = f"although it does globally (rank {overall})" if global_low > 0 else "nor globally"
        return f"not seen to matter among the best, {globally}"
    if overall is None or global_low <= 0:
        return f"matters among the best (rank {best}), not seen to matter globally by itself"
    if best == overall:
        return f"matters among the best as it does globally (rank {best})"
    more = "more" if int(best) < int(overall) else "less"
    return f"matters {more} among the best (rank {best}) than globally (rank {overall})"
