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

All configurations share one seed, and what it does to neighbours alike is in no contrast: where neighbours
correlate by ρ and levels further apart by ρ^lag, a contrast shows a part of the noise only, by which its
square is divided (`shown`). One replicate cannot tell ρ from a trend (Opsomer, Wang & Yang 2001). So there
are three *worlds*: ρ = `LIKELY_ALIKE`, in which numbers are given, and 0 and `MOST_ALIKE`, which intervals
span; less where the grid denies so much (`sensitivity.estimators.alike`). A cliff, or a true interaction,
passes for noise in all of them; intervals also span a world whose noise is the `quiet` one, by medians, and
one that has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.estimators import effects as e
from sensitivity.estimators import forms
from sensitivity.estimators.correlation import assumed
from sensitivity.estimators.holes import lines
from sensitivity.estimators.identical import repeating

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sensitivity.arrays import Floats, Integers
    from sensitivity.estimators.cells import CellTable
    from sensitivity.remarks import Said

FEWEST_LEVELS: Final = 5
FEWEST_DF: Final = 6
ORDERS: Final = (2, 3, 4)
MEDIAN: Final = 0.454936423119572  # of χ² with one degree of freedom: `chi2.median(1)`
MOST_ALIKE: Final = 0.87  # digits: .75 at most; noise that is larger at an edge shows less of itself
LIKELY_ALIKE: Final = 0.2  # σ̂ is within a factor of 1.5 for ρ up to .3, of 1.7 up to .5; public tables have 0


@dataclass(frozen=True)
class Unreplicated:
    """σ² of one trial, its degrees of freedom, what it was estimated from, and the axis if along one."""

    variance: float
    df: float
    source: Said
    axis: int | None = None

    @property
    def bound(self) -> float:
        """What σ² may be, two standard errors up."""
        return float(self.variance * (1 + 2 * np.sqrt(2 / self.df)))


def unreplicated(table: CellTable, alike: float = LIKELY_ALIKE) -> Unreplicated | None:
    """Noise of a table of one replicate; None where nothing can be told, as where trainings repeat.

    Parameters
    ----------
    alike
        Correlation ρ of the deviations of neighbours, that of levels further apart is ρ^lag.
    """
    if repeating(table):
        return None
    along = [list(_orders(table, axis, name, alike)) for axis, name in enumerate(table.names)]
    found = [_settled(orders) for orders in along if orders]
    return min(found, key=lambda one: one.bound) if found else _from_interactions(table, alike)


def _settled(orders: list[Unreplicated]) -> Unreplicated:
    """The first estimate that no later one shows to hold curvature."""
    return next(
        one
        for place, one in enumerate(orders)
        if all(one.variance <= later.bound for later in orders[place + 1 :])
    )


def _orders(table: CellTable, axis: int, name: str, alike: float) -> Iterator[Unreplicated]:
    """Estimates along a numeric setting of enough levels, the lowest order first."""
    found_lines = lines(table, axis, table.counts > 0)
    # A line of equal values, all at the cap, shows no noise, nor that there is none.
    long = [line for line in found_lines if len(line) >= FEWEST_LEVELS and np.ptp(table.values[line, 0]) > 0]
    for order in ORDERS:
        for found in (_rough(table, axis, long, order, alike), _centred(table, axis, long, order, alike)):
            if found and found[1] >= FEWEST_DF:
                yield Unreplicated(*found, e.FROM_SMOOTHNESS(name), axis)


def _rough(
    table: CellTable, axis: int, long: list[Integers], order: int, alike: float
) -> tuple[float, float] | None:
    """σ̂² by differences of one order and its degrees of freedom; None where there are none."""
    squares, seen, trace, spread = 0.0, 0.0, 0.0, 0.0
    for line in (line for line in long if len(line) > order + 1):
        contrast = differences(table.place[line, axis], order)
        squares += float(((contrast @ table.values[line, 0]) ** 2).sum())
        seen += shown(contrast, table.start[line, axis] // table.length[line, axis], alike)
        trace += len(contrast)
        spread += float(((contrast @ contrast.T) ** 2).sum())
    return (squares / seen, trace**2 / spread) if trace else None


def _centred(
    table: CellTable, axis: int, long: list[Integers], order: int, alike: float
) -> tuple[float, float] | None:
    """The same where means over every other setting are taken off; of a grid without conditions.

    A configuration that was predicted scatters no more than its prediction: its square is missing.
    """
    plain = (table.length == 1).all() and np.prod(table.sizes) == len(table.values)
    line = max(long, key=len, default=np.zeros(0, dtype=np.int64))
    if not plain or len(long) < 2 or not order + 1 < table.sizes[axis] == len(line):
        return None
    contrast = differences(table.place[line, axis], order)
    rough = np.tensordot(contrast, np.moveaxis(table.values[table.index(), 0], axis, 0), axes=1)
    free, seen = 1, shown(contrast, np.arange(len(line)), alike) * float((table.counts > 0).mean())
    ordered = np.atleast_1d(np.isfinite(table.place[:, [axis, *np.delete(table.axes, axis)]]).all(axis=0))
    for other in range(1, rough.ndim):
        size = rough.shape[other]
        if size > 1:
            rough = rough - rough.mean(axis=other, keepdims=True)
            free *= size - 1
            seen *= shown(np.eye(size) - 1 / size, np.arange(size), alike if ordered[other] else 0.0)
    spread = float(((contrast @ contrast.T) ** 2).sum())
    return float((rough**2).sum()) / seen, free * len(contrast) ** 2 / spread


def quiet(table: CellTable) -> float:
    """σ² by the median square of contrasts, lowest of all settings; infinite without any. See `usual`."""
    found = np.inf
    for axis in table.axes:
        every = [line for line in lines(table, axis, table.counts > 0) if len(line) >= FEWEST_LEVELS]
        if every:
            places = [table.place[line, axis] for line in every]
            found = min(found, usual(table.values[:, 0], every, places))
    return found


def usual(values: Floats, every: Sequence[Integers], places: Sequence[Floats]) -> float:
    """σ² by the median square of contrasts, lowest of all orders: a few cliffs do not move it."""
    found = []
    for order in ORDERS:
        parts = zip(every, places, strict=True)
        rough = np.concatenate([differences(place, order) @ values[line] for line, place in parts])
        found.append(float(np.median(rough**2)) / MEDIAN)
    return min(found)


def shown(contrasts: Floats, place: Integers, alike: float) -> float:
    """Sum of the variances of contrasts, rows, of deviations of variance 1 that correlate by ρ^lag."""
    correlation = float(alike) ** np.abs(place[:, None] - place)
    return float(((contrasts @ correlation) * contrasts).sum())


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


def _from_interactions(table: CellTable, alike: float) -> Unreplicated | None:
    """Mean square of the highest interactions; None for one setting, which has none."""
    moving = [axis for axis in table.axes if table.sizes[axis] > 1]
    if len(moving) < 2:
        return None
    count = len(table.names)
    signs = forms.pure(moving) if len(moving) < 4 else forms.beyond_pairs(count)
    together = assumed(table, table.index(), alike)
    part = forms.evaluate(table, [signs], np.ones(len(table.configurations)), together)
    weight, seen = float(part.diagonal.sum()), float(part.expected[0])
    if weight <= 1e-12 or seen <= 1e-12:
        return None
    squares = float(part.spread[0, 0]) / 2 + float((part.diagonal**2).sum())
    plain = not (table.length > 1).any()
    df = len(table.configurations) * weight if plain else weight**2 / squares
    left = max(df - int((table.counts == 0).sum()), 1.0)  # predicted configurations have none
    return Unreplicated(max(float(part.value[0]), 0.0) / seen * df / left, left, e.FROM_INTERACTIONS())
