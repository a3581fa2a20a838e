"""One optimizer against another: what each forgives, the best it reaches, how soon it gets there.

Differences are taken draw by draw (`sensitivity.estimators.curves.responses`), in which the configurations
of a replicate deviate together as they did in the trials: what a replicate does to both optimizers cancels,
as in differences that are paired by replicate. Intervals are those of `intervals`, of one pair each: among
the 36 pairs of nine optimizers that are alike, one or two are told apart by chance.

A band that the range cuts is only known to be at least as wide. Cut at one end, it may be shown to be the
wider one of two, never the narrower; cut at both, it is not compared. Who has no such setting is left
out, and who never reaches the target has no number of epochs.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import pandas as pd

from sensitivity.branch import shortened
from sensitivity.estimators.curves.bands import band
from sensitivity.estimators.curves.coarser import coarser, silent
from sensitivity.estimators.curves.curves import decades_of, retuned, too_few_along
from sensitivity.estimators.curves.drawing import reach_of
from sensitivity.estimators.curves.goals import (
    COMMON,
    OVERALL,
    RETUNED,
    UNTUNED,
    Width,
    floors,
    fractions,
    goal,
    goals,
    width,
)
from sensitivity.estimators.curves.remarks import BLURRED, NO_INTERVAL
from sensitivity.estimators.curves.responses import responses
from sensitivity.estimators.curves.untuned import untuned
from sensitivity.estimators.curves.virtual_grid import reachable, sparse
from sensitivity.measures import measure as m
from sensitivity.measures.tolerance import TOLERANCE
from sensitivity.measures.training_speed import epochs_to_target
from sensitivity.remarks import JUDGEMENT, REMARKS, Judgement, Remark, Remarks, has

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.estimators.curves.responses import Responses
    from sensitivity.remarks import Said
    from sensitivity.study import Study

DECADES: Final = "decades"
FRACTION: Final = "fraction"
BEST: Final = "best"
EPOCHS: Final = "epochs"
WIDTHS: Final = (DECADES, FRACTION)
FORGIVES: Final = Remark("forgives_more")
LOWER: Final = Remark("reaches_lower")
SOONER: Final = Remark("sooner")
ALIKE: Final = Remark("alike")
UNRANKED: Final = Remark("unranked")
BOUND: Final = Remark("bound")
NOWHERE: Final = Remark("nowhere_good")
NOT_REACHED: Final = Remark("not_reached")
FEW_OF: Final = Remark("few_trials_of", (",",))
COLUMNS: Final = (
    m.Column(
        "quantity", "``decades`` of the tolerance (or ``fraction`` of the range), ``best``, ``epochs``."
    ),
    m.Column("setting", "Setting whose tolerance it is; empty for others."),
    m.Column("one", "One branch, ``optimizer=adam``."),
    m.Column("other", "Another branch."),
    *(
        replace(column, response_in=("quantity", BEST))
        for column in (
            m.Column(
                "value", "Value of the one: decades, response, or epochs to the target, rest tuned.", m.AMOUNT
            ),
            m.Column("other_value", "Value of the other, likewise.", m.AMOUNT),
            *m.estimate(
                "difference",
                "Value of the one less that of the other, with its 95 % interval; "
                "of widths also about the grid.",
            ),
        )
    ),
    m.Column("better", "The one that is better; empty where they cannot be told apart or compared."),
    m.JUDGEMENT_COLUMN,
    m.REMARKS_COLUMN,
    m.VERDICT_COLUMN,
)


@dataclass(frozen=True)
class OfBranch:
    """Value of a branch; ``cut`` ends of its band are those of the range, and 0 of a width is no band.

    ``reached`` is false where the value stands for a target that nobody reaches: it is no number then.
    ``few`` are its trials where they are too few to judge it by.
    """

    branch: str
    width: Width
    cut: int = 0
    reached: bool = True
    few: int = 0

    @property
    def value(self) -> float:
        """The value; NaN where the target is not reached."""
        return self.width.estimate if self.reached else math.nan


def optimizer_differences(study: Study) -> pd.DataFrame:
    """Differences between every two branches: tolerance, best response, epochs to the target."""
    reach = reach_of(reachable(study).trained)
    rows = [
        row
        for quantity, setting, values in study.once(quantities)
        for row in _pairs(quantity, setting, values, reach)
    ]
    return pd.DataFrame(rows, columns=m.names(COLUMNS))


def quantities(study: Study) -> list[tuple[str, str, list[OfBranch]]]:
    """What optimizers are compared by: name, setting and the value of every branch."""
    found = reachable(study)
    setting, unit, widths = _tolerances(study, found)
    every = [(unit, setting, widths), (BEST, "", _lowest(found))]
    if found_epochs := epochs_to_target(study):
        epochs, beyond = found_epochs
        fastest = _lowest(responses(study.with_values(epochs)))
        known = [replace(one, reached=one.width.estimate < beyond - 1e-9) for one in fastest]
        every.append((EPOCHS, "", known))
    few = sparse(found)
    return [
        (name, setting, [replace(one, few=few.get(one.branch, 0)) for one in values])
        for name, setting, values in every
    ]


def _lowest(found: Responses) -> list[OfBranch]:
    """Lowest response of each branch, everything tuned."""
    bars = [(branch, goal(found, mask)) for branch, mask in found.branches()[1:]]
    return [OfBranch(branch, Width(bar.best, bar.worlds)) for branch, bar in bars]


def _tolerances(study: Study, found: Responses) -> tuple[str, str, list[OfBranch]]:
    """Setting, unit and width of each branch's band: of the rate, rest untuned, as the sentences tell it."""
    name = study.rate
    if name not in found.names:
        return "", FRACTION, []
    branches = [
        (branch, mask)
        for branch, mask in found.branches()[1:]
        if name in found.varied(mask) and not too_few_along(found, name, mask)
    ]
    grids, finest = coarser(found, name), floors(silent(found), name)
    method, against = (RETUNED, OVERALL) if study.chance is None else (UNTUNED, COMMON)
    share = TOLERANCE if study.tolerance is None else study.tolerance
    values = []
    for branch, mask in branches:
        curve = (untuned if method == UNTUNED else retuned)(found, name, mask)
        bar = goals(found, branch, mask, study.chance)[against]
        coarse = [
            fractions(grid, name, branch, mask[kept], study.chance, share)[method, against]
            for grid, kept in grids
        ]
        part = width(curve, curve.worlds, bar, method, share, coarse, finest[branch][against])
        ends = band(curve, float(bar.limit(bar.best, share)))
        values.append((decades_of(curve), OfBranch(branch, part, ends.touches_low + ends.touches_high)))
    if any(math.isnan(decades) for decades, _ in values):
        return name, FRACTION, [value for _, value in values]
    return name, DECADES, [OfBranch(v.branch, v.width * decades, v.cut) for decades, v in values]


def _pairs(quantity: str, setting: str, values: Sequence[OfBranch], reach: float) -> list[dict[str, object]]:
    """Row of every two branches; ``reach``: see `stretch`, NaN where there are no replicates to pair."""
    rows = []
    for one, other in itertools.combinations(values, 2):
        difference = one.width - other.width
        middle = one.value - other.value
        low, high = (middle + reach * (end - middle) for end in difference.interval())
        better, judgement, remark = _judged(quantity, one, other, (low, high))
        rows.append(
            {
                "quantity": quantity,
                "setting": setting,
                "one": one.branch,
                "other": other.branch,
                "value": one.value,
                "other_value": other.value,
                "difference": middle,
                "low": low,
                "high": high,
                "better": better,
                JUDGEMENT: judgement.value,
                REMARKS: Remarks(remark),
            }
        )
    return rows


def _judged(
    quantity: str, one: OfBranch, other: OfBranch, ends: tuple[float, float]
) -> tuple[str, Judgement, Remark | Said]:
    """Which of two is better, the judgement of their difference, and what is to be said of it."""
    wide = quantity in WIDTHS
    excuse = next(filter(None, (_excuse(value, wide=wide) for value in (one, other))), None)
    if excuse:
        return "", Judgement.UNKNOWN, excuse
    if math.isnan(ends[0]):
        return "", Judgement.UNKNOWN, BLURRED if one.width.blurred or other.width.blurred else NO_INTERVAL
    if ends[0] <= 0 <= ends[1]:
        return "", Judgement.NOT_ABOVE, ALIKE
    better, worse = (one, other) if (ends[0] > 0) == wide else (other, one)
    if wide and worse.cut:
        return "", Judgement.UNKNOWN, BOUND(shortened(worse.branch))
    remark = FORGIVES if wide else LOWER if quantity == BEST else SOONER
    return better.branch, Judgement.ABOVE, remark(shortened(better.branch))


def _excuse(value: OfBranch, *, wide: bool) -> Said | None:
    """Why a value is not compared with any other; None if it is. ``wide``: the width of a band."""
    name = shortened(value.branch)
    if value.few:
        return FEW_OF(value.few, name)
    if wide and value.cut > 1:
        return UNRANKED(name)
    if wide and value.width.estimate <= 0:
        return NOWHERE(name)
    return None if value.reached else NOT_REACHED(name)


def first_and_last(table: pd.DataFrame, branches: Sequence[str]) -> tuple[list[str], list[str]]:
    """Branches that may be the best and those that may be the worst, by the rows of one quantity.

    Parameters
    ----------
    table
        Rows of one quantity.
    branches
        Those that are compared, the best estimate first. Who is not told from the first one may be the best.
    """
    told = {
        (row["better"], row["other"] if row["better"] == row["one"] else row["one"])
        for row in table.to_dict("records")
        if row["better"]
    }
    best = [branch for branch in branches if (branches[0], branch) not in told]
    return best, [branch for branch in branches if (branch, branches[-1]) not in told]


def is_worse(table: pd.DataFrame, branch: str) -> bool:
    """Whether a branch is told to be worse than some other, by the rows of one quantity."""
    paired = (table["one"] == branch) | (table["other"] == branch)
    return bool((paired & ~table["better"].isin(["", branch])).any())


def perhaps_wider(table: pd.DataFrame, branch: str) -> list[str]:
    """Branches that are not told from this one only because the range cuts their bands, by rows of widths."""
    bound = table[has(table[REMARKS], BOUND)]
    return [
        row["other"] if row["one"] == branch else row["one"]
        for row in bound.to_dict("records")
        if branch in (row["one"], row["other"])
    ]


def of_the_best(table: pd.DataFrame) -> pd.DataFrame:
    """For each quantity the pairs of the branch with the best estimate."""
    parts = []
    for quantity, rows in table.groupby("quantity", sort=False):
        values = pd.concat(
            [rows.set_index("one")["value"], rows.set_index("other")["other_value"]]
        ).sort_values(ascending=quantity not in WIDTHS, kind="stable")
        first = values.index[0]
        parts.append(rows[(rows["one"] == first) | (rows["other"] == first)])
    return pd.concat(parts) if parts else table


TABLE: Final = m.Table(
    "optimizer_differences",
    COLUMNS,
    optimizer_differences,
    m.Excerpt(of_the_best),
)
