"""What a slope of the best rate says: over which axis, which law, if one alone, and where it bends."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.coding import is_number
from sensitivity.estimators.curves.remarks import NO_INTERVAL
from sensitivity.remarks import Phrase, Remark, Several
from sensitivity.words import amount, short

if TYPE_CHECKING:
    from sensitivity.arrays import Floats
    from sensitivity.estimators.curves.bend import Bend
    from sensitivity.remarks import Said
    from sweeps.space import Value

NEAREST: Final = Remark("nearest")
ONE_LAW: Final = Remark("one_law")
SEVERAL_LAWS: Final = Remark("several_laws")
FALLS: Final = Remark("falls", message="falls-slope")
STEEP: Final = Remark("steep")
BELOW_ROOT: Final = Remark("below_square_root")
BETWEEN: Final = Remark("no_law")
BENDS: Final = Remark("bends")
BENDS_ABOVE: Final = Remark("bends_above")
BENDS_BELOW: Final = Remark("bends_below")
ABOVE_ROOT: Final = Remark("above_square_root")
LAWS: Final = {"flat": 0.0, "square-root": 0.5, "linear": 1.0}
_SHOWN: Final = {
    "flat": Phrase("law-flat"),
    "square-root": Phrase("law-square-root"),
    "linear": Phrase("law-linear"),
}
FEWEST_FOLD: Final = 2 - 1e-9  # between distances to 1, of the levels of a β


def log_axis(name: str, levels: list[Value]) -> tuple[str, Floats]:
    """Log axis of a setting's levels, of their distance to 1 where that varies more; empty where none."""
    if not all(map(is_number, levels)):
        return "", np.empty(0)
    numbers = np.array([float(v) for v in levels])
    if _averages(numbers):
        return f"log10(1 − {name})", np.log10(1 - numbers)
    if (numbers > 0).all():
        return f"log10({name})", np.log10(numbers)
    return "", np.empty(0)


def _averages(numbers: Floats) -> bool:
    """Whether levels are those of a β, over some 1 / (1 − β) steps: below 1, near it rather than near 0.

    Their distances to 1 differ by a factor of 2 at least, and by more than they do themselves.
    """
    if not ((numbers >= 0) & (numbers < 1)).all():
        return False
    positive = numbers[numbers > 0]
    factor = (1 - numbers).max() / (1 - numbers).min()
    return bool(factor >= FEWEST_FOLD and factor > positive.max(initial=0) / positive.min(initial=1))


def held(slope: float, low: float, high: float) -> list[str]:
    """Laws that the interval of a slope holds; the nearest one where there is no interval."""
    if math.isnan(low):
        return [nearest(slope)]
    return [law for law, exponent in LAWS.items() if low <= exponent <= high]


def nearest(slope: float) -> str:
    """Law whose exponent is nearest to a slope."""
    return min(LAWS, key=lambda law: abs(LAWS[law] - slope))


def told(slope: float, laws: list[str], low: float, high: float) -> tuple[Remark | Said, ...]:
    """What is to be said of a slope that agrees with these laws."""
    shown = Several(tuple(_SHOWN[law] for law in laws), "two-or", "two-or")
    if math.isnan(low):
        return NEAREST(shown), NO_INTERVAL
    if len(laws) == 1 and nearest(slope) not in laws:
        return (BETWEEN,)
    if laws:
        return ((SEVERAL_LAWS if len(laws) > 1 else ONE_LAW)(shown),)
    if high < 0:
        return (FALLS,)
    if low > 1:
        return (STEEP,)
    return (BELOW_ROOT if high < LAWS["square-root"] else ABOVE_ROOT,)


def bends(found: Bend) -> Said | None:
    """What the critical batch size says where a bend fits better than a line: where, or on which side."""
    if not found.seen:
        return None
    if not math.isnan(found.low) and not math.isnan(found.high):
        return BENDS(amount(found.value, found.low, found.high)) if found.certain else None
    if not math.isnan(found.low):
        return BENDS_ABOVE(short(found.low))
    return None if math.isnan(found.high) else BENDS_BELOW(short(found.high))
