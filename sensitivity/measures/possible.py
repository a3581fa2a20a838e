"""Shares and responses as they are shown: within what is possible; and judged by the interval that is shown.

A response whose trials are all 0 or more is an error or a loss, which is never below 0, and none counts more
than the cap. An interval that is symmetric, or drawn, does not know that.

A share that is estimated without bias scatters around the true one, at 0 to either side: as far below as its
interval reaches it is an estimate of 0. Far outside the numbers contradict each other (too few trials,
replicates that disagree more than all configurations); no interval mends that, so such a share is not
estimable.

A test and an interval are two computations, and may differ. A reader has the interval: what it says may be 0
is not told from the noise, however small the p value. And a test that finds nothing has not found that there
is nothing: an effect is *not above the noise* where its interval holds 0 and ends below a tenth of the
variance. Otherwise these trials cannot tell.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from sensitivity.estimators import effects as e
from sensitivity.measures.measure import RESPONSE, SHARE
from sensitivity.remarks import JUDGEMENT, REMARKS, Judgement, Phrase, Remark, Remarks, cells
from sensitivity.trials import VALUE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sensitivity.arrays import Floats
    from sensitivity.measures.measure import Column
    from sensitivity.study import Study

SLACK: Final = 0.1  # so far outside, any share is an estimate of the end
MOST_SLACK: Final = 0.35  # farther outside none is, however wide its interval; bins of a grid reach -0.3
SMALL: Final = 0.1  # of the variance: what is at most this is too little to tune
SHOWN: Final = 5e-4  # a share below it reads 0.0 %
ANYTHING: Final = Remark("anything_is_possible")
STRICTER: Final = Remark("stricter_test")
UNDECIDED: Final = Remark("may_be_none")
IN_DOUBT: Final = Remark("in_doubt")
UNBOUNDED: Final = Remark("no_interval", message="no_interval-judged")
NOT_ESTIMABLE: Final = Remark("not_estimable")


def possible(table: pd.DataFrame, columns: Iterable[Column]) -> pd.DataFrame:
    """Table with every share and both ends of its interval between 0 and 1; done twice it changes nothing.

    Parameters
    ----------
    table
        Of a measure, without its verdict; as it is where every share is possible.
    columns
        Its columns. An impossible share is NaN, as are its ends, and a remark says so; where the row is
        judged by it, the judgement is `Judgement.UNKNOWN`. A difference of two shares lies within ± 1.
    """
    shares = [column for column in columns if column.kind == SHARE and column.name in table]
    ends = {end for column in shares for end in column.ends or ()}
    for column in shares:
        if column.name not in ends:
            table = _within(table, column)
    return table


def attainable(study: Study) -> tuple[float, float]:
    """Least and most that a response can be, as far as the trials tell; ±∞ where they do not.

    Nothing on the other side of 0 where nothing was, nor above the cap. An accuracy that is maximised is
    turned round, so that it is 0 at most.
    """
    values = study.plan[VALUE].to_numpy(dtype=np.float64, na_value=np.nan)
    values = values[np.isfinite(values)]
    most = math.inf if study.cap is None else study.cap
    return (0.0 if (values >= 0).all() else -math.inf), (min(most, 0.0) if (values <= 0).all() else most)


def attained(table: pd.DataFrame, columns: Iterable[Column], study: Study) -> pd.DataFrame:
    """Table with the ends of every interval of a response within what is `attainable`."""
    least, most = attainable(study)
    ends = [end for column in columns if column.kind == RESPONSE for end in column.ends or ()]
    return table.assign(**{end: _numbers(table, end).clip(least, most) for end in ends if end in table})


def agreed(
    judgement: Judgement | None,
    remarks: Remarks,
    ends: Sequence[float],
    least: float,
    most: float,
    small: float,
) -> tuple[Judgement | None, Remarks]:
    """Judgement and remarks of one effect, as far as its interval bears them out.

    Parameters
    ----------
    ends
        Of the 95 % interval, as it is shown.
    least, most, small
        What reads as none, all there can be, and what is too little to matter, in the unit of the ends.

    Returns
    -------
    judgement, remarks
        As they are where they agree; else unknown, and why. `Judgement.ABOVE` needs an interval that leaves
        out ``least``, `Judgement.NOT_ABOVE` one that holds it and ends at ``small`` or below; that decides.
    """
    low, high = ends
    why = None
    if judgement == Judgement.ABOVE and low <= least and high <= small:
        judgement = Judgement.NOT_ABOVE  # whatever a test says, it is too little to matter
    if judgement == Judgement.ABOVE and not low > least:
        why = UNBOUNDED if np.isnan(low) else ANYTHING if high >= most else IN_DOUBT
    if judgement == Judgement.NOT_ABOVE and not high <= small:
        why = UNBOUNDED if np.isnan(high) else ANYTHING if low <= least and high >= most else UNDECIDED
    if judgement == Judgement.NOT_ABOVE and low > least:
        why = STRICTER
    return (Judgement.UNKNOWN, Remarks(*remarks, why)) if why else (judgement, remarks)


def agreed_shares(table: pd.DataFrame) -> pd.DataFrame:
    """Table of a variance decomposition in which no judgement contradicts its interval; see `agreed`."""
    rows = zip(*(table[name] for name in (JUDGEMENT, REMARKS, e.LOW, e.HIGH)), strict=True)
    found = [agreed(judged, said, ends, SHOWN, 1.0, SMALL) for judged, said, *ends in rows]
    judgements = pd.Series([one for one, _ in found], index=table.index, dtype="object")
    return table.assign(**{JUDGEMENT: judgements, REMARKS: cells((said for _, said in found), table.index)})


def _within(table: pd.DataFrame, column: Column) -> pd.DataFrame:
    share = _numbers(table, column.name)
    least = -1.0 if column.signed else 0.0
    low, high = (_numbers(table, end) for end in column.ends or (column.name, column.name))
    with np.errstate(invalid="ignore"):
        lost = (least - share > _allowed(high - share)) | (share - 1 > _allowed(share - low))
    found: dict[str, Any] = {}
    for name in column.parts:
        old = _numbers(table, name)
        number = np.where(lost, np.nan, np.clip(old, least, 1.0) + 0.0)
        if not np.array_equal(number, old, equal_nan=True):
            found[name] = number
    if REMARKS in table and lost.any():
        said = zip(table[REMARKS], lost, strict=True)
        found[REMARKS] = cells(
            Remarks(*old, NOT_ESTIMABLE(_title(column)) if new else None) for old, new in said
        )
    if JUDGEMENT in table and column.name == e.SHARE:
        judged = lost & table[JUDGEMENT].notna().to_numpy()
        if judged.any():
            found[JUDGEMENT] = table[JUDGEMENT].mask(judged, Judgement.UNKNOWN.value)
    return table.assign(**found) if found else table


def _title(column: Column) -> Phrase | str:
    """What the column is called, in a remark on it."""
    return Phrase(column.title or column.name, room="columns") if column.shown else column.words


def _allowed(reach: Floats) -> Floats:
    """How far outside a share may lie whose interval reaches so far; the most where none is known."""
    allowed: Floats = np.clip(np.nan_to_num(reach, nan=MOST_SLACK), SLACK, MOST_SLACK)
    return allowed


def _numbers(table: pd.DataFrame, name: str) -> Floats:
    numbers: Floats = table[name].to_numpy(dtype=np.float64, na_value=np.nan)
    return numbers
