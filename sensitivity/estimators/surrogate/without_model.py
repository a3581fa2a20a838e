"""What a permutation test tells of settings on which the surrogate and its interval cannot agree.

Of a few dozen trials a surrogate may miss so much that a share is anything from nothing to all, although
everybody sees that the setting matters. Then `sensitivity.estimators.permutation` is asked, with Holm's
levels over the settings of the region. It only ever says that a setting is above the noise, never that it is
not; how large its share is stays open.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sensitivity.estimators import effects as e
from sensitivity.estimators.permutation import Association, association
from sensitivity.estimators.significance import holm
from sensitivity.remarks import Judgement, Remarks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sensitivity.arrays import Mask
    from sensitivity.estimators.surrogate.placed import Placed

LIKELY = 0.025  # half of what is allowed: tests of the surrogate's shares were made before
LEAST = 5e-4  # a share below it reads 0.0 %
LITTLE = 0.1  # of the variance: an interval that ends below says that there is little


def told_without_model(rows: Sequence[e.Row], placed: Placed, inside: Mask) -> list[e.Row]:
    """Rows of a region, settings above the noise where a permutation test says so and nothing else speaks.

    Parameters
    ----------
    placed
        Draws that follow the prior.
    inside
        Which of them are in the region, shape (n,).
    """
    wanted = {row[2] for row in rows if row[1] in (e.MAIN, e.TOTAL) and _open(row)}
    if not wanted:
        return list(rows)
    found = _associations(placed, inside, [row[2] for row in rows if row[1] == e.MAIN])
    adjusted = dict(zip(found, holm([one.p for one in found.values()]), strict=True))
    sure = {name: one for name, one in found.items() if adjusted[name] < LIKELY and one.low > 2 * LEAST}
    return [_told(row, sure[row[2]]) if row[2] in wanted & set(sure) else row for row in rows]


def _open(row: e.Row) -> bool:
    """Whether judgement and interval leave open that the setting matters; not for want of its own trials."""
    *_, low, high, judgement, remarks = row
    if remarks.has(*e.WANTING, e.ONE_VALUE, e.STILL):
        return False
    if judgement == Judgement.NOT_ABOVE:
        return not high <= LITTLE
    return not low > LEAST if judgement == Judgement.ABOVE else judgement == Judgement.UNKNOWN


def _told(row: e.Row, found: Association) -> e.Row:
    """Row of a setting that the test finds: from the least it can be to all."""
    branch, kind, name, share, low, high, _, remarks = row
    if kind not in (e.MAIN, e.TOTAL) or not _open(row):
        return row
    share = max(share, found.low) if not math.isnan(share) else max(found.explained, found.low)
    low = max(found.low, low) if not math.isnan(low) else found.low
    high = 1.0 if math.isnan(high) else max(high, share)
    said = (one for one in remarks if one.remark is not e.NOT_IDENTIFIABLE)
    return branch, kind, name, share, low, high, Judgement.ABOVE, Remarks(e.BY_PERMUTATION, *said)


def _associations(placed: Placed, inside: Mask, names: Sequence[str]) -> Mapping[str, Association]:
    """How the result goes with each setting among the draws of a region that have it."""
    axes = [(axis, placed.trials, column) for column, axis in enumerate(placed.encoding.axes)]
    axes += [(one.axis, one.trials, 0) for one in placed.apart]
    found = {}
    for axis, trials, column in axes:
        rows = inside & trials.points.active[:, column]
        places = trials.points.positions[rows, column]
        one = association(placed.observed.mean[rows], places, named=axis.categorical)
        if one is not None and axis.name in names:
            found[axis.name] = one
    return found
