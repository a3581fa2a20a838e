"""The noise of a factorial that was run once: from what cannot be an effect, or is least likely one.

Two estimates. *Smoothness* along a numeric setting of five levels or more: on each line of neighbouring
levels, everything else alike, the contrast of m + 1 responses that no polynomial of degree m − 1 moves, of
length 1, is noise and what little curvature is left (difference estimators: Rice 1984; Gasser, Sroka &
Jennen-Steinmetz 1986 on levels that are not evenly spaced; Hall, Kay & Titterington 1990). Curvature can
only add, and falls with the order m: along a setting the lowest order counts that no higher one shows to
hold curvature, by being above its σ̂² (1 + 2 √(2/df)). The lowest of all would read low by choice. Where the
grid is complete the same contrasts with the means over the other settings taken off count as well. Of
several settings that with the lowest σ̂² (1 + 2 √(2/df)) counts.

Without such a setting the *highest interactions* are taken for noise: of two settings theirs, of more all of
three and more. A true one makes the noise read high, and nothing is judged above it by mistake.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.estimators import effects as e
from sensitivity.estimators import forms
from sensitivity.estimators.holes import lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sensitivity.arrays import Floats, Integers
    from sensitivity.estimators.cells import CellTable
    from sensitivity.remarks import Said

FEWEST_LEVELS: Final = 5
FEWEST_DF: Final = 6
ORDERS: Final = (2, 3, 4)


@dataclass(frozen=True)
class Unreplicated:
    """σ² of one trial, the degrees of freedom that it stands on, and what it was estimated from."""

    variance: float
    df: float
    source: Said

    @property
    def bound(self) -> float:
        """What σ² may be, two standard errors up."""
        return float(self.variance * (1 + 2 * np.sqrt(2 / self.df)))


def unreplicated(table: CellTable) -> Unreplicated | None:
    """Noise of a table of one replicate; None where nothing can be told."""
    along = [list(_orders(table, axis, name)) for axis, name in enumerate(table.names)]
    found = [_settled(orders) for orders in along if orders]
    return min(found, key=lambda one: one.bound) if found else _from_interactions(table)


def _settled(orders: list[Unreplicated]) -> Unreplicated:
    """The first estimate that no later one shows to hold curvature."""
    return next(
        one
        for place, one in enumerate(orders)
        if all(one.variance <= later.bound for later in orders[place + 1 :])
    )


def _orders(table: CellTable, axis: int, name: str) -> Iterator[Unreplicated]:
    """Estimates along a numeric setting of enough levels, the lowest order first."""
    found_lines = lines(table, axis, table.counts > 0)
    long = [line for line in found_lines if len(line) >= FEWEST_LEVELS]
    for order in ORDERS:
        for centred in (False, True):
            found = _rough(table, axis, long, order, centred=centred)
            if found and found[1] >= FEWEST_DF:
                yield Unreplicated(*found, e.FROM_SMOOTHNESS(name))


def _rough(
    table: CellTable, axis: int, long: list[Integers], order: int, *, centred: bool
) -> tuple[float, float] | None:
    """σ̂² by differences of one order and its degrees of freedom; None where there are none."""
    values, squares, trace, spread = table.values[:, 0], 0.0, 0.0, 0.0
    contrasts = [differences(table.place[line, axis], order) for line in long if len(line) > order + 1]
    if not contrasts:
        return None
    if centred:
        return _centred(table, axis, values, contrasts[0]) if len(contrasts) > 1 else None
    for line, contrast in zip((line for line in long if len(line) > order + 1), contrasts, strict=True):
        squares += float(((contrast @ values[line]) ** 2).sum())
        trace += len(contrast)
        spread += float(((contrast @ contrast.T) ** 2).sum())
    return squares / trace, trace**2 / spread


def _centred(table: CellTable, axis: int, values: Floats, contrast: Floats) -> tuple[float, float] | None:
    """The same where means over every other setting are taken off; of a complete grid without conditions."""
    if not table.counts.all() or (table.length > 1).any() or np.prod(table.sizes) != len(values):
        return None
    array = np.moveaxis(values[table.index()], axis, 0)
    rough = np.tensordot(contrast, array, axes=1)
    free = 1
    for other in range(1, rough.ndim):
        if rough.shape[other] > 1:
            rough = rough - rough.mean(axis=other, keepdims=True)
            free *= rough.shape[other] - 1
    spread = float(((contrast @ contrast.T) ** 2).sum())
    return float((rough**2).sum()) / (free * len(contrast)), free * len(contrast) ** 2 / spread


def differences(place: Floats, order: int) -> Floats:
    """Contrasts of order + 1 neighbours that polynomials of a lower degree do not move, rows of length 1.

    Parameters
    ----------
    place
        Places of the levels on their scale, ascending, shape (n,).

    Returns
    -------
    Array, shape (n − order, n)
    """
    found = np.zeros((len(place) - order, len(place)))
    for row, part in enumerate(found):
        near = place[row : row + order + 1]
        gaps = near[:, None] - near
        np.fill_diagonal(gaps, 1.0)
        divided = 1 / np.prod(gaps / np.abs(gaps).max(), axis=1)
        part[row : row + order + 1] = divided / np.linalg.norm(divided)
    return found


def _from_interactions(table: CellTable) -> Unreplicated | None:
    """Mean square of the highest interactions; None for one setting, which has none."""
    moving = [axis for axis in table.axes if table.sizes[axis] > 1]
    if len(moving) < 2:
        return None
    count = len(table.names)
    signs = forms.pure(moving) if len(moving) < 4 else forms.beyond_pairs(count)
    part = forms.evaluate(table, [signs], np.ones(len(table.configurations)))
    weight = float(part.diagonal.sum())
    if weight <= 1e-12:
        return None
    squares = float(part.spread[0, 0]) / 2 + float((part.diagonal**2).sum())
    plain = not (table.length > 1).any()
    df = len(table.configurations) * weight if plain else weight**2 / squares
    left = max(df - int((table.counts == 0).sum()), 1.0)  # predicted configurations have none
    return Unreplicated(max(float(part.value[0]), 0.0) / weight * df / left, left, e.FROM_INTERACTIONS())
