"""Is the ranking of the settings stable: across replicates, metrics, the number of trials, and datasets.

A ranking is by total effect where the plan is a balanced factorial, otherwise by main effect. Two rankings
are compared by Kendall's τ_b of the shares they come from (1 = same order, 0 = unrelated, −1 = reversed).

Fewer trials are random subsets of configurations, with all their replicates; how shares are estimated from
them is said in `sensitivity.estimators.subsets`. A subset is part of the whole it is compared with, which
flatters the larger ones; *halves* have no trial in common, so two halves show what a sweep of half the size
is worth. Where every configuration was run twice or more they are halves of the *replicates*, each with the
whole plan: halves of the configurations would ask about a coarser grid, not about luck. A sweep is called
large enough when its halves agree.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from sensitivity.estimators.branches import branches
from sensitivity.estimators.effects import BRANCH, HIGH, LOW
from sensitivity.estimators.projections import FactorialProjection
from sensitivity.estimators.rankable import rankable
from sensitivity.estimators.subsets import (
    configurations_of,
    dealt_anew,
    random_subsets,
    shares_of_subsets,
    totals_of_subsets,
)
from sensitivity.measures import measure as m
from sensitivity.measures.concordance import kendall_tau
from sensitivity.remarks import REMARKS, Remark, Remarks, Several
from sensitivity.trials import REPLICATE, VALUE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.arrays import Floats, Integers
    from sensitivity.estimators.branches import Branch
    from sensitivity.estimators.subsets import Booleans
    from sensitivity.remarks import Said
    from sensitivity.study import Study

COMPARISON: Final = "comparison"
AGAINST: Final = "against"
TRIALS: Final = "trials"
REPETITIONS: Final = "repetitions"
TAU: Final = "tau"
SAME_FIRST: Final = "same_first"
SAME_TOP3: Final = "same_top3"
SAME_ORDER: Final = "same_order"
REPLICATES: Final = "replicates"
METRICS: Final = "metrics"
SUBSETS: Final = "subsets"
HALVES: Final = "halves"
PARTS: Final = (1 / 16, 1 / 8, 1 / 4, 1 / 2, 3 / 4)
OTHER_HALF: Final = "the other half"
OTHER_REPLICATES: Final = "the other half of the replicates"
DRAWS: Final = 20
SETTLED: Final = 0.9
FEWEST: Final = 16
MOST_NAMED: Final = 3
MOST: Final = 0.9  # of the configurations, that a replicate has if it is one of the whole plan


NO_REPLICATES: Final = Remark("no_replicates")
FEW_CONFIGURATIONS: Final = Remark("few_configurations", (",",), message="few_configurations-stability")
FEW_SHARES: Final = Remark("few_shares")
ALL_EQUAL: Final = Remark("all_equal")
SAME: Final = Remark("same_order_always")
NEARLY: Final = Remark("nearly_the_same_order")
SIMILAR: Final = Remark("similar_order")
DIFFERENT: Final = Remark("different_order")
THREE_AGREE: Final = Remark("three_agree")
THREE_OFTEN: Final = Remark("three_agree_in", (".0%",))
FIRST_AGREES: Final = Remark("first_agrees")
THREE_DIFFER: Final = Remark("three_differ")
CHANGE_PLACES: Final = Remark("change_places")
PAIRS_CHANGE: Final = Remark("pairs_change_places")
STEADY_FROM: Final = Remark("steady_from", (",", ","))
LARGE: Final = Remark("large_enough")
LARGE_FOR_ONE: Final = Remark("large_enough_for_one")
TOO_SMALL: Final = Remark("too_small")
HALVES_AGREE: Final = Remark("halves_agree", (",", ".0%"))
COLUMNS: Final = (
    m.BRANCH_COLUMN,
    m.Column(
        COMPARISON,
        "``replicates``: single replicates; ``metrics``: another metric; ``subsets``: random subsets against "
        "all trials; ``halves``: two halves against each other.",
    ),
    m.Column(AGAINST, "The two replicates, the other metric, or what the part is compared with."),
    m.Column(TRIALS, "Trials that the smaller ranking stands on.", m.COUNT),
    m.Column(REPETITIONS, "Comparisons that the row sums up.", m.COUNT),
    m.Column(TAU, "Mean Kendall τ_b: 1 is the same order, 0 none.", m.AMOUNT, "kendall-tau", (LOW, HIGH)),
    m.hidden(LOW, "Lower end of the range that holds 95 % of the repetitions; empty for one."),
    m.hidden(HIGH, "Upper end of that range."),
    m.Column(SAME_FIRST, "Repetitions with the same first setting, as a part of all.", m.SHARE, "same-first"),
    m.Column(SAME_TOP3, "With the same first three in the same order.", m.SHARE, "same-first-three"),
    m.Column(SAME_ORDER, "With the same order of all.", m.SHARE, "same-order"),
    m.REMARKS_COLUMN,
    m.VERDICT_COLUMN,
)


def stability(study: Study, *, seed: int = 0) -> pd.DataFrame:
    """Compare the ranking with those of single replicates, other metrics and fewer trials.

    Parameters
    ----------
    seed
        Of the random subsets.
    """
    plan = study.scaled.plan
    metrics = rankable(plan, VALUE)
    replicate = plan[REPLICATE].to_numpy()
    rows: list[dict[str, Any]] = []
    for branch in branches(study):
        rng = np.random.default_rng(seed)
        response = metrics[VALUE][:, None]
        part = [
            *_across_replicates(branch, response, replicate),
            *_across_metrics(branch, metrics, VALUE),
            *_across_sizes(branch, response, replicate, rng),
        ]
        rows += [{BRANCH: branch.label, **row} for row in part]
    return pd.DataFrame(rows, columns=m.names(COLUMNS))


def _ranking(branch: Branch, response: Floats) -> Floats:
    """Shares that the settings are ranked by, for each response, shape (settings, K)."""
    shares = branch.projection.shares(response)
    return shares.total if branch.exact else shares.main


def _across_replicates(branch: Branch, response: Floats, replicate: Integers) -> list[dict[str, Any]]:
    numbers = np.unique(replicate[branch.rows])
    if len(numbers) < 2:
        return [_row(branch, REPLICATES, "", len(branch.rows), _nothing(branch), NO_REPLICATES())]
    each = [_of_replicates(branch, response, replicate, [place]) for place in range(len(numbers))]
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


def _of_replicates(branch: Branch, response: Floats, replicate: Integers, places: Sequence[int]) -> Floats:
    """Shares of the trials of some of the replicates alone, shape (settings,)."""
    projection = branch.projection
    if isinstance(projection, FactorialProjection):
        return totals_of_subsets(projection, response, np.ones((1, len(projection.rows)), bool), places)[:, 0]
    numbers = np.unique(replicate[branch.rows])
    alone = projection.part(np.isin(replicate[projection.rows], numbers[list(places)]))
    return alone.shares(response).main[:, 0]


def _across_metrics(branch: Branch, metrics: dict[str, Floats], value: str) -> list[dict[str, Any]]:
    shares = _ranking(branch, np.column_stack(list(metrics.values())))
    rows = []
    for place, name in enumerate(metrics):
        if name != value:
            pair = np.array([[shares[:, 0], shares[:, place]]])
            rows.append(_row(branch, METRICS, name, len(branch.rows), pair))
    return rows


def _across_sizes(
    branch: Branch, response: Floats, replicate: Integers, rng: np.random.Generator
) -> list[dict[str, Any]]:
    """Rows of the subsets, smallest first, and of the halves."""
    count, projection = configurations_of(branch.projection), branch.projection
    if count < FEWEST:
        why = FEW_CONFIGURATIONS(count, "" if count == 1 else "s")
        return [_row(branch, HALVES, OTHER_HALF, len(branch.rows), _nothing(branch), why)]
    per = len(branch.rows) / count
    whole = shares_of_subsets(projection, response, np.ones((1, count), dtype=np.bool_))
    rows, sizes = [], sorted({round(count * part) for part in PARTS if count * part >= FEWEST})
    for size in sizes:
        shares = shares_of_subsets(projection, response, random_subsets(rng, count, size, DRAWS))
        pairs = np.stack([np.broadcast_to(whole, shares.shape), shares]).transpose(2, 0, 1)
        rows.append(_row(branch, SUBSETS, "all trials", round(size * per), pairs))
    last = _halves_of_replicates(branch, response, replicate, rng)
    if last is None:
        first = random_subsets(rng, count, count // 2, DRAWS)
        halves = [shares_of_subsets(projection, response, half) for half in (first, ~first)]
        last = _row(branch, HALVES, OTHER_HALF, round(count // 2 * per), np.stack(halves).transpose(2, 0, 1))
    return [*_settled(rows, len(branch.rows)), {**last, REMARKS: _large_enough(last, len(branch.rows))}]


def _halves_of_replicates(
    branch: Branch, response: Floats, replicate: Integers, rng: np.random.Generator
) -> dict[str, Any] | None:
    """Row of the halves where every replicate has most of the configurations; None elsewhere.

    Each configuration's replicates, less what all share, are dealt out at random; an odd one is left out.
    """
    numbers, trials = np.unique(replicate[branch.rows], return_counts=True)
    if len(numbers) < 2 or trials.min() < MOST * configurations_of(branch.projection):
        return None
    half, pairs = len(numbers) // 2, []
    for _ in range(DRAWS):
        dealt = dealt_anew(branch.projection, response, replicate, rng)
        parts = (range(half), range(half, 2 * half))
        pairs.append([_of_replicates(branch, dealt, replicate, part) for part in parts])
    size = len(branch.rows) * half // len(numbers)
    return _row(branch, HALVES, OTHER_REPLICATES, size, np.array(pairs))


def _row(
    branch: Branch, comparison: str, against: str, trials: int, pairs: Floats, why: Said | None = None
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
        return {**row, **numbers, REMARKS: Remarks(why or FEW_SHARES)}
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
    return {**row, **numbers, REMARKS: Remarks(*_agreement(numbers), _changing_places(names, usable))}


def _changing_places(names: Sequence[str], pairs: Floats) -> Said | None:
    """Which two settings change places in more than a tenth of the repetitions."""
    changed = np.zeros((len(names), len(names)))
    for one, other in pairs:
        signs = (np.sign(shares[:, None] - shares) for shares in (one, other))
        changed += np.not_equal(*signs)
    swapped = np.argwhere(np.triu(changed / len(pairs)) > 1 - SETTLED).tolist()
    if len(swapped) > MOST_NAMED:
        return PAIRS_CHANGE(len(swapped))
    pairs_ = tuple(Several((names[one], names[other]), "two-and") for one, other in swapped)
    return CHANGE_PLACES(Several(pairs_)) if swapped else None


def _agreement(numbers: dict[str, float]) -> list[Said]:
    tau, top = numbers[TAU], numbers[SAME_TOP3]
    if np.isnan(tau):
        return [ALL_EQUAL()]
    if numbers[SAME_ORDER] == 1:
        return [SAME()]
    order = NEARLY if tau >= 0.8 else SIMILAR if tau >= 0.5 else DIFFERENT
    if top == 1:
        return [order(), THREE_AGREE()]
    if top > 0:
        return [order(), THREE_OFTEN(top)]
    return [order(), FIRST_AGREES() if numbers[SAME_FIRST] == 1 else THREE_DIFFER()]


def _settled(rows: list[dict[str, Any]], trials: int) -> list[dict[str, Any]]:
    """Rows of the subsets with a remark at the size from which on the first three no longer change."""
    steady = [row[SAME_TOP3] >= SETTLED for row in rows]
    settled = next((place for place in range(len(rows)) if all(steady[place:])), None)
    if settled is not None:
        row = rows[settled]
        rows[settled] = {**row, REMARKS: Remarks(*row[REMARKS], STEADY_FROM(row[TRIALS], trials))}
    return rows


def _large_enough(row: dict[str, Any], trials: int) -> Remarks:
    """Whether a study of this size ranks reliably, by its halves."""
    top, remarks = row[SAME_TOP3], row[REMARKS]
    if np.isnan(top):
        return Remarks(*remarks)
    enough = LARGE if top >= SETTLED else LARGE_FOR_ONE if row[SAME_FIRST] >= SETTLED else TOO_SMALL
    return Remarks(enough, HALVES_AGREE(trials, top), *remarks.only(CHANGE_PLACES, PAIRS_CHANGE))


MEASURE: Final = m.Measure(
    "stability",
    (
        m.Table(
            "stability",
            COLUMNS,
            stability,
            m.WHOLE,
        ),
    ),
)
