"""Optimizers side by side: speed, final quality, tolerance, failures, tunability, in numbers for stars.

Every number is that of another table. Places allow for ties: of five optimizers, one that is told to be
behind one other and ahead of none has a place from 2 to 5. Speed, quality and tolerance are told apart by
their differences (`optimizer_differences`), failures and gains by intervals that do not overlap.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import pandas as pd

from sensitivity.branch import shortened
from sensitivity.estimators.branches import branches as branches_of
from sensitivity.estimators.curves.remarks import FEW_OF_BRANCH
from sensitivity.estimators.curves.virtual_grid import reachable, sparse
from sensitivity.estimators.effects import BRANCH, SETTING
from sensitivity.measures import measure as m
from sensitivity.measures import optimizer_differences as d
from sensitivity.measures.divergence import FRACTION, divergence_by_level
from sensitivity.measures.possible import attainable
from sensitivity.measures.tunability import GAIN, TOGETHER, tunability
from sensitivity.remarks import REMARKS, Phrase, Remark, Remarks, Several
from sensitivity.trials import EVALUATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sensitivity.study import Study

    Ends = tuple[float, float, float]

FAILED: Final = "failed"
TUNING: Final = "gain"
FIRST: Final = Remark("first_in")
NOWHERE_FIRST: Final = Remark("nowhere_first")
# Column → what it is in words, in which a remark says who is first.
_FIRST_IN: Final = {
    d.EPOCHS: Phrase("first-in-speed"),
    d.BEST: Phrase("first-in-quality"),
    d.DECADES: Phrase("first-in-tolerance"),
    FAILED: Phrase("first-in-failures"),
    TUNING: Phrase("first-in-tuning"),
}


def _column(name: str, meaning: str, kind: str = m.AMOUNT) -> tuple[m.Column, ...]:
    """Number with its interval and its place."""
    place = m.Column(
        f"{name}_place",
        f"Place by ``{name}``, 1 the best; a range where others tie.",
        title=f"place-by-{name}",
    )
    return (*m.estimate(name, meaning, kind, ends=(f"{name}_low", f"{name}_high")), place)


COLUMNS: Final = (
    m.Column(BRANCH, "Optimizer, ``optimizer=adam``."),
    *_column(d.EPOCHS, "Lowest number of epochs to the target, everything tuned for it."),
    *_column(d.BEST, "Lowest response, everything tuned.", m.RESPONSE),
    *_column(d.DECADES, "Decades of rate that are good, by the table ``tolerance``.", m.DECADES),
    *_column(FAILED, "Share of trials that diverged.", m.SHARE),
    *_column(
        TUNING,
        "What tuning gains over the defaults, in units of the response: the less, the less tuning it needs.",
    ),
    m.Column(
        EVALUATIONS,
        "What a training costs that runs to its end, in forward passes over the training set: a step along a "
        "gradient counts three of its minibatch. Empty where nobody counted.",
        m.AMOUNT,
        "evaluations",
    ),
    m.REMARKS_COLUMN,
    m.VERDICT_COLUMN,
)


def optimizer_comparison(study: Study) -> pd.DataFrame:
    """Row per optimizer; no row where there is only one."""
    bounds = attainable(study)
    values = {
        name: _ends(found, bounds if name == d.BEST else (0.0, math.inf))
        for name, _, found in study.once(d.quantities)
    }
    branches = list(values[d.BEST])
    if len(branches) < 2:
        return pd.DataFrame(columns=m.names(COLUMNS))
    values |= {FAILED: _failed(study), TUNING: _gains(study)}
    pairs = study.once(d.optimizer_differences)
    few = sparse(reachable(study))
    judged = [branch for branch in branches if branch not in few]
    places = {
        name: _told(
            pairs[pairs["quantity"] == name], [branch for branch in values.get(name, {}) if branch not in few]
        )
        for name in (d.EPOCHS, d.BEST, d.DECADES)
    }
    places |= {FAILED: _apart(values[FAILED], branches), TUNING: _apart(values[TUNING], judged)}
    costs = costs_of(study)
    rows = [
        _row(branch, values, places, few.get(branch)) | {EVALUATIONS: costs.get(branch, math.nan)}
        for branch in branches
    ]
    return pd.DataFrame(rows, columns=m.names(COLUMNS))


def _row(
    branch: str,
    values: Mapping[str, Mapping[str, Ends]],
    places: Mapping[str, Mapping[str, tuple[int, int]]],
    few: int | None,
) -> dict[str, object]:
    """Numbers and places of a branch; ``few`` are its trials where they are too few for most places."""
    row: dict[str, object] = {BRANCH: branch}
    for name in _FIRST_IN:
        number, low, high = values.get(name, {}).get(branch, (math.nan,) * 3)
        row |= {name: number, f"{name}_low": low, f"{name}_high": high, f"{name}_place": ""}
        if not math.isnan(number) and branch in places[name]:
            first, last = places[name][branch]
            row[f"{name}_place"] = f"{first}" if first == last else f"{first} to {last}"
    first_in = tuple(_FIRST_IN[name] for name in _FIRST_IN if str(row[f"{name}_place"]).split(" ")[0] == "1")
    missed = d.NOT_REACHED(shortened(branch)) if branch not in values.get(d.EPOCHS, {branch: ()}) else None
    said = FIRST(Several(first_in, "two-and")) if first_in else NOWHERE_FIRST
    return {**row, REMARKS: Remarks(said if few is None else FEW_OF_BRANCH(few), missed)}


def _ends(found: list[d.OfBranch], bounds: tuple[float, float]) -> dict[str, Ends]:
    """Value and interval of every branch that has a value, within what can be."""
    return {one.branch: (one.width.estimate, *one.width.interval(*bounds)) for one in found if one.reached}


def costs_of(study: Study) -> dict[str, float]:
    """What a training costs that runs to its end, by branch; empty where nobody counted."""
    if EVALUATIONS not in study.plan:
        return {}
    costs = study.plan[EVALUATIONS].astype("float64")
    return {branch.label: float(costs.iloc[branch.rows].max()) for branch in branches_of(study)}


def _failed(study: Study) -> dict[str, Ends]:
    """Diverged share of every branch."""
    table = study.once(divergence_by_level)
    rows = table[table[SETTING].isna() | (table[SETTING] == "")]
    return {
        str(row[BRANCH]): (float(row[FRACTION]), float(row["low"]), float(row["high"]))
        for row in rows.to_dict("records")
    }


def _gains(study: Study) -> dict[str, Ends]:
    """Joint gain of tuning over the defaults in every branch."""
    table = study.once(tunability)
    rows = table[(table[SETTING] == TOGETHER) & (table["kind"] == GAIN)]
    return {
        str(row[BRANCH]): (float(row["amount"]), float(row["low"]), float(row["high"]))
        for row in rows.to_dict("records")
    }


def _told(pairs: pd.DataFrame, branches: list[str]) -> dict[str, tuple[int, int]]:
    """First and last place that each may have, by the pairs that are told apart."""
    better = dict.fromkeys(branches, 0)
    worse = dict(better)
    for row in pairs.to_dict("records"):
        if row["better"]:
            better[str(row["other"] if row["better"] == row["one"] else row["one"])] += 1
            worse[str(row["better"])] += 1
    return {branch: (1 + better[branch], len(branches) - worse[branch]) for branch in branches}


def _apart(values: Mapping[str, Ends], branches: list[str]) -> dict[str, tuple[int, int]]:
    """The same by intervals that do not overlap, the lowest first."""
    there = {branch: values[branch] for branch in branches if branch in values}
    return {
        branch: (
            1 + sum(other[2] < one[1] for other in there.values()),
            len(there) - sum(other[1] > one[2] for other in there.values()),
        )
        for branch, one in there.items()
    }


TABLE: Final = m.Table(
    "optimizer_comparison",
    COLUMNS,
    optimizer_comparison,
)
MEASURE: Final = m.Measure(
    "differences",
    (TABLE, d.TABLE),
)
