"""Columns that tables by level share: the levels are those of `sensitivity.axis`.

level
    Text of the value, or of both ends of the bin.
level_from, level_to
    The ends as numbers, equal for a single value; empty where the values are no numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.axis import Axis
from sweeps.space import Choices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.arrays import Integers

LEVEL: Final = "level"
LEVEL_FROM: Final = "level_from"
LEVEL_TO: Final = "level_to"


def level_columns(axis: Axis, levels: Sequence[int] | Integers) -> dict[str, object]:
    """Columns ``level``, ``level_from`` and ``level_to`` for a list of levels."""
    places = np.asarray(levels, dtype=np.int64)
    return {
        LEVEL: [axis.texts[place] for place in places.tolist()],
        LEVEL_FROM: axis.ends[places, 0],
        LEVEL_TO: axis.ends[places, 1],
    }


def everything(count: int) -> Axis:
    """An axis without a name on which all of ``count`` trials have the same level, without a text."""
    none = np.zeros(count, dtype=np.int64)
    scale = Choices(("",))
    return Axis("", scale, (scale,), none, ("",), none, bins=None)
