"""Numbers of cells as texts that fit into them: as many decimals in all cells that are compared."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.words import short

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sensitivity.arrays import Floats
    from sensitivity.pictures.marks.cells import Grid

LONGEST_NUMBER: Final = 6


def number_texts(cells: Grid, like: Sequence[Grid] = ()) -> Mapping[tuple[int, int], tuple[str, ...]]:
    """Texts of the number and, where it is known, of its spread, by row and column of the cells shown.

    Parameters
    ----------
    like
        Cells whose numbers get as many decimals, these included; empty: only these.
    """
    places = common_decimals(like or [cells])

    def text(value: float) -> str:
        return written(value, places)

    found = {}
    for y, x in np.argwhere(cells.shown).tolist():
        spread = float(cells.spread[y, x])
        around = () if math.isnan(spread) else (f"±{text(spread)}",)
        found[y, x] = (text(float(cells.number[y, x])), *around)
    return found


def written(value: float, places: int | None) -> str:
    """Number with so many decimals; None: with two significant digits."""
    return (short(value) if places is None else f"{value:.{places}f}").replace("-", "−")


def common_decimals(grids: Sequence[Grid]) -> int | None:
    """Decimals that suit all cells shown: see `decimals`; fewer where a number is too long for its cell.

    None where numbers are so different that each needs its own.
    """
    numbers = np.concatenate([cells.number[cells.shown] for cells in grids])
    spreads = np.concatenate([cells.spread[cells.shown] for cells in grids])
    best = decimals(numbers)
    known = spreads[~np.isnan(spreads)]
    for places in range(best, max(best - 3, -1), -1):
        texts = [f"{value:.{places}f}" for value in numbers.tolist()]
        texts += [f"+{value:.{places}f}" for value in known.tolist()]
        visible = not len(numbers) or abs(float(numbers.min())) * 10**places >= 0.5
        if max(map(len, texts), default=0) <= LONGEST_NUMBER and (visible or not numbers.min()):
            return places
    return None


def percent(share: float) -> str:
    """Share in words of a cell; neither 0 % nor 100 % unless exactly so."""
    inner = min(max(round(100 * share), 1), 99)
    return f"{inner if 0 < share < 1 else round(100 * share)} %"


def decimals(values: Floats) -> int:
    """Decimals (0 … 5) that give the best value two significant digits, or three if it is negative.

    A negative value is a maximised metric, as a rule: 0.981 says as much as an error of 0.019.
    """
    known = values[values != 0]
    if not len(known):
        return 2
    best = float(known.min())
    digits = 2 if best > 0 else 3
    return min(max(digits - 1 - math.floor(math.log10(abs(best))), 0), 5)
