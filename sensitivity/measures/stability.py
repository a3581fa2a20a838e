"""Is the ranking of the settings stable: across replicates, metrics, the number of trials, and datasets.

A ranking is by total effect where the plan is a balanced factorial, otherwise by main effect. Two rankings
are compared by Kendall's τ_b of the shares they come from (1 = same order, 0 = unrelated, −1 = reversed).

Fewer trials are random subsets of configurations, with all their replicates; how shares are estimated from
them is said in `sensitivity.estimators.subsets`. A subset is part of the whole it is compared with, which
flatters the larger ones; *halves* have no trial in common, so two halves show what a sweep of half the size
is worth. A sweep is called large enough when its halves agree.

Columns
-------
branch, comparison, against
    comparison: replicates (``against`` names the two), metrics (the other metric, against the value),
    subsets (random subsets against all trials), halves (two halves against each other).
trials
    Trials that the smaller ranking stands on.
repetitions
    Comparisons that the row sums up.
tau, low, high
    Mean Kendall τ_b; for subsets and halves the range that holds 95 % of the repetitions; empty for one.
same_first, same_top3, same_order
    Share of the repetitions with the same first setting, the same first three in the same order, and the
    same order of all.
verdict
    In words.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from sensitivity.estimators.branches import BinnedProjection, branches
from sensitivity.estimators.effects import BRANCH, HIGH, LOW, VERDICT
from sensitivity.estimators.projections import FactorialProjection
from sensitivity.estimators.rankable import responses
from sensitivity.estimators.subsets import (
    configurations_of,
    random_subsets,
    shares_of_subsets,
    totals_of_subsets,
)
from sensitivity.measures.concordance import compare, kendall_tau
from sensitivity.trials import REPLICATE, VALUE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.arrays import Floats, Integers
    from sensitivity.estimators.branches import Branch
    from sensitivity.estimators.subsets import Booleans
    from sweeps.space import Space

__all__ = ["compare", "stability"]

COMPARISON: Final = "comparison"
AGAINST: Final = "against"
TRIALS: Final = "trials"
REPETITIONS: Final = "repetitions"
TAU: Final = "tau"
SAME_FIRST: Final = "same_first"
SAME_TOP3: Final = "same_top3"
SAME_ORDER: Final = "same_order"
COLUMNS: Final = (
    BRANCH,
    COMPARISON,
    AGAINST,
    TRIALS,
    REPETITIONS,
    TAU,
    LOW,
    HIGH,
    SAME_FIRST,
    SAME_TOP3,
    SAME_ORDER,
    VERDICT,
)
REPLICATES: Final = "replicates"
METRICS: Final = "metrics"
SUBSETS: Final = "subsets"
HALVES: Final = "halves"
PARTS: Final = (1 / 16, 1 / 8, 1 / 4, 1 / 2, 3 / 4)
DRAWS: Final = 20
SETTLED: Final = 0.9
FEWEST: Final = 16
MOST_NAMED: Final = 3


def stability(
    trials: pd.DataFrame, space: Space, value: str = VALUE, *, split: bool = True, seed: int = 0
) -> pd.DataFrame:
    """Compare the ranking with those of single replicates, other metrics and fewer trials.

    Parameters
    ----------
    trials
        Table of `sensitivity.trials`; the plan's rows are used, or all rows where there is no plan.
    space
        Space of the sweep.
    value
        Column of the response.
    split
        Whether each optimizer is looked at by itself as well.
    seed
        Of the random subsets.

    Returns
    -------
    DataFrame, columns `COLUMNS`
    """
    plan, found = branches(trials, space, split=split)
    metrics = responses(plan, value)
    replicate = plan[REPLICATE].to_numpy()
    rows: list[dict[str, Any]] = []
    for branch in found:
        rng = np.random.default_rng(seed)
        response = metrics[value][:, None]
        part = [
            *_across_replicates(branch, response, replicate),
            *_across_metrics(branch, metrics, value),
            *_across_sizes(branch, response, rng),
        ]
        rows += [{BRANCH: branch.label, **row} for row in part]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _ranking(branch: Branch, response: Floats) -> Floats:
    """Shares that the settings are ranked by, for each response, shape (settings, K)."""
    shares = branch.projection.shares(response)
    return shares.total if branch.exact else shares.main


def _across_replicates(branch: Branch, response: Floats, replicate: Integers) -> list[dict[str, Any]]:
    numbers = np.unique(replicate[branch.rows])
    if len(numbers) < 2:
        words = "cannot be judged: no replicates"
        return [_row(branch, REPLICATES, "", len(branch.rows), _nothing(branch), words)]
    each = [_of_replicate(branch, response, replicate, place) for place in range(len(numbers))]
    pairs = list(itertools.combinations(range(len(numbers)), 2))
    compared = np.array([[each[one], each[other]] for one, other in pairs])
    size = len(branch.rows) // len(numbers)
    single = [
        _row(branch, REPLICATES, f"{numbers[one]} and {numbers[other]}", size, compared[[place]])
        for place, (one, other) in enumerate(pairs[:10])
    ]
    together = _row(branch, REPLICATES, "all pairs", size, compared)
    return [*single, together] if len(pairs) > 1 else single


def _nothing(branch: Branch) -> Floats:
    """No pair of rankings."""
    return np.zeros((0, 2, len(branch.projection.names)))


def _of_replicate(branch: Branch, response: Floats, replicate: Integers, place: int) -> Floats:
    """Shares of the trials of one replicate alone, shape (settings,)."""
    projection = branch.projection
    if isinstance(projection, FactorialProjection):
        return totals_of_subsets(projection, response, np.ones((1, len(projection.rows)), bool), place)[:, 0]
    numbers = np.unique(replicate[branch.rows])
    kept = np.flatnonzero(replicate[projection.rows] == numbers[place])
    alone = BinnedProjection(projection.rows[kept], projection.trials.iloc[kept], projection.space)
    return alone.shares(response).main[:, 0]


def _across_metrics(branch: Branch, metrics: dict[str, Floats], value: str) -> list[dict[str, Any]]:
    shares = _ranking(branch, np.column_stack(list(metrics.values())))
    rows = []
    for place, name in enumerate(metrics):
        if name != value:
            pair = np.array([[shares[:, 0], shares[:, place]]])
            rows.append(_row(branch, METRICS, name, len(branch.rows), pair))
    return rows


def _across_sizes(branch: Branch, response: Floats, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Rows of the subsets, smallest first, and of the halves."""
    count, projection = configurations_of(branch.projection), branch.projection
    if count < FEWEST:
        words = f"cannot be judged: only {count} configuration{'' if count == 1 else 's'}"
        return [_row(branch, HALVES, "the other half", len(branch.rows), _nothing(branch), words)]
    per = len(branch.rows) / count
    whole = shares_of_subsets(projection, response, np.ones((1, count), dtype=np.bool_))
    rows, sizes = [], sorted({round(count * part) for part in PARTS if count * part >= FEWEST})
    for size in sizes:
        shares = shares_of_subsets(projection, response, random_subsets(rng, count, size, DRAWS))
        pairs = np.stack([np.broadcast_to(whole, shares.shape), shares]).transpose(2, 0, 1)
        rows.append(_row(branch, SUBSETS, "all trials", round(size * per), pairs))
    first = random_subsets(rng, count, count // 2, DRAWS)
    halves = [shares_of_subsets(projection, response, half) for half in (first, ~first)]
    pairs = np.stack(halves).transpose(2, 0, 1)
    last = _row(branch, HALVES, "the other half", round(count // 2 * per), pairs)
    return [*_settled(rows, len(branch.rows)), {**last, VERDICT: _large_enough(last, len(branch.rows))}]


def _row(
    branch: Branch, comparison: str, against: str, trials: int, pairs: Floats, words: str = ""
) -> dict[str, Any]:
    """Summary of pairs of rankings, shape (repetitions, 2, settings); NaN: that setting cannot be ranked.

    Settings that never have a share are left out, then repetitions that lack one.
    """
    able = np.isfinite(pairs.sum(axis=1))  # (repetitions, settings)
    settings = np.atleast_1d(able.any(axis=0))
    usable = pairs[able[:, settings].all(axis=1)][:, :, settings]
    row = {COMPARISON: comparison, AGAINST: against, TRIALS: trials, REPETITIONS: len(usable)}
    numbers = dict.fromkeys((TAU, LOW, HIGH, SAME_FIRST, SAME_TOP3, SAME_ORDER), np.nan)
    if not usable.size or usable.shape[2] < 2:
        return {**row, **numbers, VERDICT: words or "cannot be judged: fewer than two settings have a share"}
    tau = np.array([kendall_tau(one, other) for one, other in usable])
    order = np.argsort(-usable, axis=2, kind="stable")
    same: Booleans = order[:, 0] == order[:, 1]
    numbers = {
        TAU: float(tau.mean()),
        LOW: float(np.quantile(tau, 0.025)) if len(tau) > 1 else np.nan,
        HIGH: float(np.quantile(tau, 0.975)) if len(tau) > 1 else np.nan,
        SAME_FIRST: float(same[:, 0].mean()),
        SAME_TOP3: float(same[:, :3].all(axis=1).mean()),
        SAME_ORDER: float(same.all(axis=1).mean()),
    }
    names = [name for name, use in zip(branch.projection.names, settings.tolist(), strict=True) if use]
    changing = _changing_places(names, usable)
    return {**row, **numbers, VERDICT: "; ".join(part for part in (_agreement(numbers), changing) if part)}


def _changing_places(names: Sequence[str], pairs: Floats) -> str:
    """Which two settings change places in more than a tenth of the repetitions, in words."""
    swapped = []
    for one, other in itertools.combinations(range(len(names)), 2):
        signs = np.sign(pairs[:, :, one] - pairs[:, :, other])
        if (signs[:, 0] != signs[:, 1]).mean() > 1 - SETTLED:
            swapped.append(f"{names[one]} and {names[other]}")
    if len(swapped) > MOST_NAMED:
        return f"{len(swapped)} pairs of settings change places"
    return f"{', '.join(swapped)} change places" if swapped else ""


def _agreement(numbers: dict[str, float]) -> str:
    tau = numbers[TAU]
    if np.isnan(tau):
        return "cannot be judged: all shares are equal"
    if numbers[SAME_ORDER] == 1:
        return "same order"
    words = "nearly the same order" if tau >= 0.8 else "similar order" if tau >= 0.5 else "different order"
    top = numbers[SAME_TOP3]
    if top == 1:
        return f"{words}; the first three agree"
    if top > 0:
        return f"{words}; the first three agree in {top:.0%}"
    return (
        f"{words}; only the first agrees" if numbers[SAME_FIRST] == 1 else f"{words}; the first three differ"
    )


def _settled(rows: list[dict[str, Any]], trials: int) -> list[dict[str, Any]]:
    """Rows of the subsets with a word at the size from which on the first three no longer change."""
    steady = [row[SAME_TOP3] >= SETTLED for row in rows]
    settled = next((place for place in range(len(rows)) if all(steady[place:])), None)
    if settled is not None:
        row = rows[settled]
        words = f"{row[VERDICT]}; from about {row[TRIALS]:,} of {trials:,} trials on the first three stay"
        rows[settled] = {**row, VERDICT: words}
    return rows


def _large_enough(row: dict[str, Any], trials: int) -> str:
    top = row[SAME_TOP3]
    if np.isnan(top):
        return str(row[VERDICT])
    counted = f"halves of the {trials:,} trials have the same first three in {top:.0%} of the splits"
    counted += "".join(f"; {part}" for part in str(row[VERDICT]).split("; ") if part.endswith("places"))
    if top >= SETTLED:
        return f"large enough for the first three: {counted}"
    if row[SAME_FIRST] >= SETTLED:
        return f"large enough for the first setting only: {counted}"
    return f"too small to rank by: {counted}"
