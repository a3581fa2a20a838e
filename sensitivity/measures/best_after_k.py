"""Expected best of k random trials: how many trials a random search of this space needs.

Tang et al. (2020): the unbiased estimate of E[min of k] from n trials, the mean over all sets of k of them
without replacement, Σ_i y_(i) C(n − i, k − 1) / C(n, k) with y ascending. (Drawing with replacement, as Dodge
et al. 2019 do, meets the same trial twice and reads too high for a minimum.)

It holds for trials drawn independently from the prior: random and Sobol plans, and a grid, where it is the
random search among the plan's own configurations, each equally likely — an optimizer with more settings has
more of them and is drawn more often in branch ``all``. It does *not* hold for adaptive samplers, whose trials
get better; trials of the search phase are left out. The value is the one a search would see: one seed,
its luck included. Every replicate gives a curve of its own, and the mean of these is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.special import gammaln

from sensitivity.estimators.curves.remarks import few
from sensitivity.estimators.curves.responses import responses
from sensitivity.measures import measure as m
from sensitivity.remarks import REMARKS, Remark, Remarks

if TYPE_CHECKING:
    from sensitivity.arrays import Floats
    from sensitivity.study import Study

SHOWN: Final = (1, 2, 3, 5, 10, 20, 50, 100)  # what a person asks about
MUCH: Final = Remark("much_of_all")
COLUMNS: Final = (
    m.BRANCH_COLUMN,
    m.Column("k", "Number of trials, 1 … min(n, 100).", m.COUNT, "trials-k"),
    *m.estimate(
        "best",
        "Expected best response and its 95 % interval (bootstrap over configurations, all replicates "
        "together).",
        m.RESPONSE,
        "expected-best",
    ),
    m.Column(
        "decile_10",
        "Eight of ten searches of k trials end with a response between this and the next.",
        m.RESPONSE,
        "searches-below",
        mirror="decile_90",
    ),
    m.Column("decile_90", "Upper end of the same.", m.RESPONSE, "ninth-decile", mirror="decile_10"),
    m.hidden("trials", "Configurations n.", m.COUNT),
    m.REMARKS_COLUMN,
    m.VERDICT_COLUMN,
)
MOST: Final = 100
DRAWS: Final = 200


def best_after_k(study: Study) -> pd.DataFrame:
    """Expected best of k random trials, per branch: min(n, 100) rows each."""
    found = responses(study)
    parts = []
    for branch, mask in found.branches():
        values = found.by_replicate[mask]
        complete = values[np.isfinite(values).all(axis=1)]
        used = complete if 2 * len(complete) >= len(values) else values[:, :1][np.isfinite(values[:, 0])]
        if len(used):
            parts.append(_branch(branch, used))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=m.names(COLUMNS))


def _branch(branch: str, values: Floats) -> pd.DataFrame:
    """Rows of one branch; values have the shape (n, R)."""
    size = len(values)
    weights = minimum_weights(size, min(size, MOST))
    ascending = np.sort(values, axis=0)
    best = (weights.T @ ascending).mean(axis=1)
    draws = _bootstrap(values, weights)
    low, high = np.quantile(draws, [0.025, 0.975], axis=0)
    below = np.cumsum(weights, axis=0)
    pooled = ascending.mean(axis=1)
    deciles = [pooled[np.argmax(below >= part - 1e-12, axis=0)] for part in (0.1, 0.9)]
    # Of many of so few the bootstrap knows nothing of better ones.
    remarks = [Remarks(few(size), MUCH if 4 * k > size else None) for k in range(1, weights.shape[1] + 1)]
    return pd.DataFrame(
        {
            "branch": branch,
            "k": np.arange(1, weights.shape[1] + 1),
            "best": best,
            "low": np.minimum(low, best),
            "high": np.maximum(high, best),
            "decile_10": deciles[0],
            "decile_90": deciles[1],
            "trials": size,
            REMARKS: remarks,
        }
    )


def minimum_weights(size: int, most: int) -> Floats:
    """Probability that the i-th smallest of ``size`` is the minimum of k drawn, shape (size, most)."""
    i, k = np.arange(1.0, size + 1)[:, None], np.arange(1.0, most + 1)
    possible = k <= size - i + 1
    log = _log_choose(size - i, np.where(possible, k - 1, 0)) - _log_choose(np.array(size), k)
    weights: Floats = np.where(possible, np.exp(log), 0.0)
    return weights


def _log_choose(n: Floats, k: Floats) -> Floats:
    """Logarithm of C(n, k)."""
    logarithm: Floats = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return logarithm


def _bootstrap(values: Floats, weights: Floats) -> Floats:
    """Curves of configurations drawn with replacement, shape (draws, k)."""
    size = len(values)
    drawn = np.random.default_rng(0).integers(0, size, (DRAWS, size), dtype=np.int32)
    curves = np.zeros((DRAWS, weights.shape[1]))
    for column in values.T:
        order = np.argsort(column, kind="stable")
        rank = np.empty(size, dtype=np.int32)
        rank[order] = np.arange(size, dtype=np.int32)
        curves += column[order][np.sort(rank[drawn], axis=1)] @ weights
    mean: Floats = curves / values.shape[1]
    return mean


def first_ks(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of the branch ``all`` for some k."""
    rows = m.whole(table)
    return rows[rows["k"].isin(SHOWN) | rows["k"].isna()]


MEASURE: Final = m.Measure(
    "budget",
    (
        m.Table(
            "best_after_k",
            COLUMNS,
            best_after_k,
            m.Excerpt(first_ks),
        ),
    ),
)
