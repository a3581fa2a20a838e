"""Settings in order of importance, with what their levels reach.

By total effect; the main effect decides between equals and where there are no totals (a plan of main effects
only), and of settings equal in both the first of the space comes first. What the plan cannot judge, because
too few trials have it or leave too much untried, comes last, whatever its share. The order is that of the
estimates: whether two are told apart is no part of it. Shares and intervals
are those of the branch ``all`` in the variance decomposition (`sensitivity.estimators.effects`). A setting
that varies in a part of the branches only (the rate after a switch) has a small share of the whole however
much it does there: a remark says where it is above the noise, and `told` counts it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sensitivity.branch import shortened
from sensitivity.estimators import effects as e
from sensitivity.measures import measure as m
from sensitivity.measures.variance import variance_decomposition
from sensitivity.remarks import JUDGEMENT, REMARKS, Judgement, Remark, Remarks, cells, has
from sensitivity.trials import VALUE, all_failed
from sensitivity.words import interval

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from typing import Any

    from sensitivity.arrays import Floats, Integers
    from sensitivity.axis import Axis
    from sensitivity.study import Study

    Effects = dict[str, dict[str, dict[Hashable, Any]]]  # of branch and setting

RANK: Final = "rank"
SETTING: Final = "setting"
MAIN_EFFECT: Final = "main_effect"
MAIN_LOW: Final = "main_low"
MAIN_HIGH: Final = "main_high"
TOTAL_EFFECT: Final = "total_effect"
TOTAL_LOW: Final = "total_low"
TOTAL_HIGH: Final = "total_high"
BEST_VALUE: Final = "value_in_best_configuration"
BEST_LEVEL_MEAN: Final = "best_level_mean"
WORST_LEVEL_MEAN: Final = "worst_level_mean"
WORST_LEVEL_RETUNED: Final = "worst_level_retuned"
TRIALS: Final = "trials"
INSIDE: Final = Remark("inside")
_OF_MAIN: Final = {
    e.SHARE: MAIN_EFFECT,
    e.LOW: MAIN_LOW,
    e.HIGH: MAIN_HIGH,
    JUDGEMENT: JUDGEMENT,
    REMARKS: REMARKS,
}
_OF_TOTAL: Final = {**_OF_MAIN, e.SHARE: TOTAL_EFFECT, e.LOW: TOTAL_LOW, e.HIGH: TOTAL_HIGH}
_ENDS: Final = {kind: [f"{kind}_{part}" for part in ("effect", "low", "high")] for kind in ("main", "total")}
COLUMNS: Final = (
    m.Column(
        RANK,
        "By total effect, between equal ones and where the plan gives no totals by main effect, and then by "
        "the order of the space; what cannot be judged comes last. An order of estimates: neighbours may be "
        "tied. Empty in the rows of the seed and the replicate, which stand beneath to be compared with.",
        m.COUNT,
    ),
    m.Column(SETTING, "Name of the setting."),
    *m.estimate(
        MAIN_EFFECT,
        "What the setting explains by itself, a share of the variance.",
        m.SHARE,
        "main-effect",
        (MAIN_LOW, MAIN_HIGH),
    ),
    *m.estimate(
        TOTAL_EFFECT,
        "Every part of the variance that the setting takes part in.",
        m.SHARE,
        "total-effect",
        (TOTAL_LOW, TOTAL_HIGH),
    ),
    m.Column(
        BEST_VALUE,
        "Value of the setting in the configuration with the lowest mean over its replicates, among those in "
        "which the setting is active: everything else re-tuned, not averaged over.",
        title="in-best-config",
    ),
    m.Column(
        BEST_LEVEL_MEAN,
        "Lowest marginal mean: the mean of the response over all configurations at a level (or bin).",
        m.RESPONSE,
        "mean-at-best-level",
    ),
    m.Column(WORST_LEVEL_MEAN, "Highest marginal mean of the response.", m.RESPONSE, "mean-at-worst-level"),
    m.Column(
        WORST_LEVEL_RETUNED,
        "Highest over the levels of the lowest configuration mean of the response: what remains when the "
        "setting is stuck at its worst level and everything else is tuned. Lowest of the same is the best "
        "configuration itself.",
        m.RESPONSE,
        "worst-level-rest-tuned",
    ),
    m.Column(TRIALS, "Trials of the plan that have the setting: what its shares rest on.", m.COUNT),
    m.JUDGEMENT_COLUMN,
    m.REMARKS_COLUMN,
    m.VERDICT_COLUMN,
)


def ranking(study: Study) -> pd.DataFrame:
    """Rank of every setting; beneath, without a rank, what it is judged against: seed and replicate."""
    shares = study.once(variance_decomposition)
    return with_noise(rank(shares, study), shares)


def rank(shares: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Ranking table, one row per setting.

    Parameters
    ----------
    shares
        Of the same trials, from `sensitivity.measures.variance.variance_decomposition`.
    study
        Its plan is used (a search trial is one seed, chosen for being good: its value flatters).
    """
    rows = effects_in(shares, e.ALL).reindex(study.space.names)
    rows[REMARKS] = _with_inside(rows, shares)
    # What the plan cannot judge stands beneath what has a place.
    placed = ~np.array(has(rows[REMARKS], *e.WANTING), dtype=bool)
    rows = rows.assign(placed=placed).sort_values(
        ["placed", TOTAL_EFFECT, MAIN_EFFECT], ascending=False, kind="stable"
    )
    rows = rows.drop(columns="placed")
    first, means = configuration_means(study)
    if all_failed(study.plan):
        first, means = first[:0], means[:0]  # none is the best
    levels = [_levels(study.axes[name], first, means) for name in rows.index]
    reached = (BEST_VALUE, BEST_LEVEL_MEAN, WORST_LEVEL_MEAN, WORST_LEVEL_RETUNED)
    for place, (name, dtype) in enumerate(zip(reached, ("object", *["float64"] * 3), strict=True)):
        rows[name] = pd.Series([level[place] for level in levels], index=rows.index, dtype=dtype)
    rows[TRIALS] = study.plan[list(rows.index)].notna().sum().astype("Int64")
    rows = rows.rename_axis(SETTING).reset_index()
    rows.insert(0, RANK, range(1, len(rows) + 1))
    judged = [JUDGEMENT, REMARKS]
    return rows[[*rows.columns.drop(judged), *judged]]


def effects_in(shares: pd.DataFrame, branch: str) -> pd.DataFrame:
    """Main and total effect of each setting in a branch, and their judgement: that of the total, if any."""
    main, total = (
        _of_kind(shares, kind, names, branch) for kind, names in ((e.MAIN, _OF_MAIN), (e.TOTAL, _OF_TOTAL))
    )
    judged = {name: total[name].combine_first(main[name]) for name in (JUDGEMENT, REMARKS)}
    return main.drop(columns=list(judged)).join(total.drop(columns=list(judged))).assign(**judged)


def kind_of(row: pd.Series | Mapping[Hashable, Any]) -> str:
    """By which effect a row is judged: the main one where there is no total."""
    return "main" if pd.isna(row[TOTAL_EFFECT]) else "total"


def effects_by_branch(study: Study) -> Effects:
    """Branch → setting → what `effects_in` says of it, of every branch but all together."""
    return _by_branch(study.once(variance_decomposition))


def _by_branch(shares: pd.DataFrame) -> Effects:
    """The same of shares: in one pass, as there may be hundreds of branches."""
    found: Effects = {str(branch): {} for branch in shares[e.BRANCH].unique() if branch != e.ALL}
    for kind, names in ((e.MAIN, _OF_MAIN), (e.TOTAL, _OF_TOTAL)):
        for row in shares[(shares[e.BRANCH] != e.ALL) & (shares[e.KIND] == kind)].to_dict("records"):
            of_it, setting = found[str(row[e.BRANCH])], str(row[e.SETTING])
            if kind == e.MAIN:
                of_it[setting] = dict.fromkeys(_OF_TOTAL.values(), np.nan)
            if setting in of_it:  # of the total the judgement, where it has one
                given = {new: row[old] for old, new in names.items()}
                judged = {name for name in (JUDGEMENT, REMARKS) if kind == e.TOTAL and _is_nothing(row[name])}
                of_it[setting] |= {name: value for name, value in given.items() if name not in judged}
    return found


def _is_nothing(cell: object) -> bool:
    return not isinstance(cell, Remarks) and bool(pd.isna(cell))  # type: ignore[call-overload]


def inside(every: Effects, setting: str) -> dict[str, dict[Hashable, Any]]:
    """Effects of a setting inside each branch in which it is above the noise, the largest share first.

    Empty for one that varies in every branch: its share of the whole says enough.
    """
    rows = {branch: found[setting] for branch, found in every.items() if setting in found}
    if len(rows) == len(every):
        return {}
    above = [(branch, row) for branch, row in rows.items() if row[JUDGEMENT] == Judgement.ABOVE]
    return dict(sorted(above, key=lambda item: -float(item[1][f"{kind_of(item[1])}_effect"])))


def told(ranking: pd.DataFrame) -> pd.Series:
    """Whether each setting is told from the noise, over all trials or inside the branches that have it."""
    there = pd.Series(has(ranking[REMARKS], INSIDE), index=ranking.index, dtype=bool)
    return (ranking[JUDGEMENT] == Judgement.ABOVE) | there


def _with_inside(rows: pd.DataFrame, shares: pd.DataFrame) -> pd.Series:
    """Remarks on each setting, and where one counts that is not told from the noise over all trials."""
    every, effects = [], _by_branch(shares)
    for name, row in rows.iterrows():
        said = row[REMARKS] if isinstance(row[REMARKS], Remarks) else Remarks()
        found = {} if row[JUDGEMENT] == Judgement.ABOVE else inside(effects, str(name))
        sizes = (
            INSIDE(shortened(branch), interval(*(float(one[end]) for end in _ENDS[kind_of(one)])))
            for branch, one in found.items()
        )
        every.append(Remarks(*said, *sizes))
    return cells(every, rows.index)


def with_noise(ranking: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """Ranking with what it is judged against beneath: the seed and the replicate, which have no rank."""
    beneath = noise_rows(shares)
    rows = {SETTING: beneath[e.SETTING]}
    for names in (_OF_MAIN, _OF_TOTAL):
        rows |= {name: beneath[study] for study, name in names.items()}
    table = pd.concat([ranking, pd.DataFrame(rows)], ignore_index=True)
    return table.astype({RANK: "Int64"})


def noise_rows(shares: pd.DataFrame) -> pd.DataFrame:
    """Rows of the seed and of the replicate in the branch ``all``."""
    return shares[(shares[e.BRANCH] == e.ALL) & shares[e.KIND].isin([e.NOISE, e.REPLICATE_KIND])]


def _of_kind(shares: pd.DataFrame, kind: str, names: Mapping[str, str], branch: str) -> pd.DataFrame:
    """Rows of one kind in a branch, by setting, columns renamed."""
    rows = shares[(shares[e.BRANCH] == branch) & (shares[e.KIND] == kind)]
    return rows.set_index(e.SETTING)[list(names)].rename(columns=dict(names))


def configuration_means(study: Study) -> tuple[Integers, Floats]:
    """First row of each configuration in the plan, and its plain mean over replicates, shape (C,) each.

    Trials without a response are left out, and configurations without any.
    """
    response = study.plan[VALUE].to_numpy(dtype=np.float64, na_value=np.nan)
    rows = np.flatnonzero(np.isfinite(response))
    _, first, group = np.unique(study.configuration[rows], return_index=True, return_inverse=True)
    counts = np.bincount(group)
    means: Floats = np.bincount(group, response[rows]) / np.maximum(counts, 1)
    return rows[first], means


def _levels(
    axis: Axis, first: Integers, means: Floats
) -> tuple[object, float | None, float | None, float | None]:
    """Best value, lowest and highest marginal mean, what the worst level reaches; None if never active."""
    active = axis.level[first] >= 0
    if not active.any():
        return None, None, None, None
    first, means = first[active], means[active]
    level = pd.Series(means).groupby(axis.level[first])
    marginal, retuned = level.mean(), level.min()
    best = axis.tried[axis.code[first[int(np.argmin(means))]]]
    return best, float(marginal.min()), float(marginal.max()), float(retuned.max())


MEASURE: Final = m.Measure(
    "ranking",
    (
        m.Table(
            "ranking",
            COLUMNS,
            ranking,
        ),
    ),
)
