"""Curves: the best response at each value of a setting, with draws of what other seeds would have given.

*Re-tuned*: the lowest mean over replicates among all configurations with that value. *Sliced*: everything
else as in the best configuration. Both are a `Curve`; the measures work on curves and do not care where one
comes from: cells of a grid or bins of a space-filling plan.

When a curve lies: a minimum over many noisy means is too low, by the more the more configurations compete; it
hardly matters for differences along a curve whose points have as many competitors. In bins of a space-filling
plan the best of a few dozen trials is *not* fully tuned, so the curve is too high and rough, and bands read
too narrow: `virtual_grid` is better there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.coding import all_numbers, distinct_codes
from sensitivity.estimators.curves.intervals import unbiased
from sweeps.space import Choices, IntegerRange

if TYPE_CHECKING:
    from sensitivity.arrays import Floats, Integers
    from sensitivity.estimators.curves.responses import Mask, Responses
    from sweeps.space import Domain, Value

PER_BIN: Final = 8
FEWEST_BINS: Final = 5
MOST_BINS: Final = 24
MOST_INTEGERS: Final = 1024


@dataclass(frozen=True)
class Curve:
    """Best response along one setting.

    Attributes
    ----------
    scale
        Domain that gives the axis; positions are its prior's distribution function.
    position
        Shape (K,), ascending.
    levels
        The setting's value at each position.
    best
        Response at each position, shape (K,).
    draws
        The same with other seeds, shape (draws, K); no rows where the noise is unknown.
    held_out
        Response at each position of the configurations that the other replicates choose, shape (K,); NaN
        where a replicate is missing or there is only one.
    chosen
        Row of the configuration that gave ``best``, shape (K,).
    binned
        Whether positions are middles of bins.
    """

    scale: Domain
    position: Floats
    levels: tuple[Value, ...]
    best: Floats
    draws: Floats
    held_out: Floats
    chosen: Integers
    binned: bool = False

    def __len__(self) -> int:
        return len(self.position)

    @property
    def worlds(self) -> list[Floats]:
        """Draws of the curve around its two centres (see `intervals`), each of shape (draws, K)."""
        return unbiased(self.best, self.draws, self.held_out)

    @property
    def foremost(self) -> int:
        """Place of the lowest response; of equal ones that of the first configuration, as in the ranking."""
        return int(np.lexsort((self.chosen, self.best))[0])

    @property
    def ordered(self) -> bool:
        """Whether the values are numbers, so that "between" and "edge" mean something."""
        return all_numbers(self.levels)


def decades_of(curve: Curve) -> float:
    """log10(highest / lowest) of a log setting's range; NaN for any other."""
    if isinstance(curve.scale, Choices) or not curve.scale.log:
        return math.nan
    return math.log10(curve.scale.high / curve.scale.low)


def retuned(found: Responses, name: str, mask: Mask) -> Curve:
    """Lowest mean at each value of a setting, everything else free among the masked configurations.

    Where the setting's range or levels differ between branches, the curve is the lower envelope of the
    branches' curves, each interpolated inside its own range.
    """
    active = mask & (found.column(name) >= 0)
    if continuous(found, name, active):
        return _minima(found, name, active, binned=True)
    axis, parts = found.axis(name, active), ranges(found, name, active)
    if len(parts) < 2 or isinstance(axis[0], Choices):
        return _minima(found, name, active)
    return _envelope([_minima(found, name, part, axis) for _, part in parts])


def ranges(found: Responses, name: str, mask: Mask) -> list[tuple[Domain, Mask]]:
    """Different domains of a setting among masked configurations, and who has which."""
    of = found.domain[:, found.names.index(name)]
    numbers = np.unique(of[mask & (found.column(name) >= 0)])
    return [(found.domains[name][number], mask & (of == number)) for number in numbers.tolist()]


def sliced(found: Responses, name: str, mask: Mask, incumbent: int, luck: float = 0.0) -> Curve:
    """Response at each value of a setting with everything else as in the configuration ``incumbent``.

    "Everything else": the settings active in both; a setting that the value switches on (β, going from sgd to
    momentum) has no value in the incumbent and is re-tuned. Values where nothing matches are left out, so in
    a plan that is no grid only the incumbent itself remains.

    The incumbent was chosen for its response, its neighbours on the slice were not: left as they are, the
    comparison is unfair to the neighbours. ``luck`` (negative: how much lower than it is the best of many
    looks) is taken off the incumbent's response.
    """
    axis = found.names.index(name)
    other, count = found.coded.differing(incumbent)
    same = count == other[:, axis]
    curve = _minima(found, name, mask & same & (found.codes[:, axis] >= 0))
    correction = np.where(curve.chosen == incumbent, luck, 0.0)
    return replace(
        curve,
        best=curve.best - correction,
        draws=curve.draws - correction,
        held_out=np.full(len(curve), np.nan),
    )


def continuous(found: Responses, name: str, mask: Mask) -> bool:
    """Whether a setting's values hardly repeat, so that a curve needs bins.

    Levels of a grid, choices, and settings that vary alone never do.
    """
    return int(mask.sum()) >= 2 * PER_BIN and _hardly_repeats(found, name, mask)


def _hardly_repeats(found: Responses, name: str, mask: Mask) -> bool:
    """Whether there are hardly two configurations with one value, of a setting that does not vary alone."""
    levelled = all(isinstance(domain, Choices) or domain.levels for domain in found.domains[name])
    if levelled or isinstance(found.scales[name], Choices):
        return False
    # None, −1, counts as a code of its own.
    size, distinct = int(mask.sum()), len(distinct_codes(found.column(name)[mask] + 1))
    return 2 * distinct > size and len(list(islice(found.varied(mask), 2))) == 2


def too_few_along(found: Responses, name: str, mask: Mask) -> int:
    """Trials of a setting whose values hardly repeat, where bins are too few to read a curve off; else 0.

    A bin is as good as its best trial, its middle was never tried, and who shares it is luck.
    """
    active = mask & (found.column(name) >= 0)
    size = int(active.sum())
    return size if bins(size) < FEWEST_BINS and _hardly_repeats(found, name, active) else 0


def _minima(
    found: Responses,
    name: str,
    mask: Mask,
    axis: tuple[Domain, Floats] | None = None,
    *,
    binned: bool = False,
) -> Curve:
    """Minimum of each level (or bin) among masked configurations, on the branch's own axis or ``axis``."""
    rows, group, curve = grouped(found, name, mask, axis, binned=binned)
    start = np.flatnonzero(np.diff(group, prepend=-2))
    draws = found.draws[:, rows]
    return replace(
        curve,
        best=found.means[rows[start]],
        draws=np.minimum.reduceat(draws, start, axis=1) if draws.size else np.empty((0, len(start))),
        held_out=found.held_out(rows, group),
        chosen=rows[start],
    )


def grouped(
    found: Responses, name: str, mask: Mask, axis: tuple[Domain, Floats] | None, *, binned: bool
) -> tuple[Integers, Integers, Curve]:
    """Rows by level (or bin) and then by response, the group of each, and a curve without responses."""
    rows = found.ascending[mask[found.ascending]]
    scale, places = axis or found.axis(name, mask)
    group = found.column(name)[rows]
    if binned:
        count = bins(len(rows))
        group = np.minimum((places[group] * count).astype(np.int64), count - 1)
        places = (np.arange(count) + 0.5) / count
    # By response they stand already; numbers of two bytes are sorted by their digits, at once.
    short = group.astype(np.int16) if len(places) < 2**15 else group
    order = np.argsort(short, kind="stable")
    rows, group = rows[order], group[order]
    kept = group[np.flatnonzero(np.diff(group, prepend=-2))]
    position = places[kept]
    values = (
        tuple(scale.from_unit(float(p)) for p in position)
        if binned
        else tuple(found.levels[name][k] for k in kept.tolist())
    )
    nothing = np.full(len(kept), np.nan)
    empty = Curve(scale, position, values, nothing, np.empty((0, len(kept))), nothing, kept, binned)
    return rows, group, empty


def bins(size: int) -> int:
    """Bins for ``size`` configurations: at least eight in each on average, at most 24."""
    return max(1, min(MOST_BINS, size // PER_BIN))


def _envelope(parts: list[Curve]) -> Curve:
    """Lower envelope of curves on one scale, each interpolated between its first and last position."""
    position, index = np.unique(np.concatenate([part.position for part in parts]), return_index=True)
    values = [value for part in parts for value in part.levels]
    on = [interpolation(part.position, position, inside=True) for part in parts]
    best = np.array([_apply(matrix, part.best) for matrix, part in zip(on, parts, strict=True)])
    draws = [_apply(matrix, part.draws) for matrix, part in zip(on, parts, strict=True)]
    winner = np.argmin(best, axis=0)
    nearest = [
        parts[w].chosen[int(np.argmin(np.abs(parts[w].position - p)))]
        for w, p in zip(winner.tolist(), position.tolist(), strict=True)
    ]
    return Curve(
        scale=parts[0].scale,
        position=position,
        levels=tuple(values[i] for i in index.tolist()),
        best=best.min(axis=0),
        draws=np.min(draws, axis=0),
        held_out=np.min([_apply(m, part.held_out) for m, part in zip(on, parts, strict=True)], axis=0),
        chosen=np.array(nearest, dtype=np.int64),
    )


def _apply(matrix: Floats, values: Floats) -> Floats:
    """Interpolated values; +∞ outside the curve's own range, where its row of the matrix is NaN."""
    outside = np.isnan(matrix[:, 0])
    found: Floats = values @ np.where(outside[:, None], 0.0, matrix).T
    return np.where(outside, np.inf, found)


def interpolation(position: Floats, points: Floats, *, inside: bool = False) -> Floats:
    """Linear interpolation from K positions to P points as a matrix, shape (P, K); constant beyond the ends.

    With ``inside``, rows of points beyond the ends are NaN.
    """
    count = len(position)
    right = np.clip(np.searchsorted(position, points), 1, max(count - 1, 1))
    matrix = np.zeros((len(points), count))
    rows = np.arange(len(points))
    if count == 1:
        matrix[:, 0] = 1.0
    else:
        span = position[right] - position[right - 1]
        part = np.clip((points - position[right - 1]) / span, 0.0, 1.0)
        matrix[rows, right - 1] = 1 - part
        matrix[rows, right] += part
    if inside:
        matrix[(points < position[0] - 1e-12) | (points > position[-1] + 1e-12)] = np.nan
    return matrix


def discrete_points(curve: Curve) -> tuple[Floats, Floats, tuple[Value, ...]] | None:
    """Points of a discrete setting: matrix (P, K), prior weights (P,), values; None if continuous.

    Choices: those with trials, equally likely. Whole numbers: every number of the range between the curve's
    first and last level, interpolated on the prior's scale.
    """
    if isinstance(curve.scale, Choices):
        return np.eye(len(curve)), np.full(len(curve), 1 / len(curve)), curve.levels
    scale = curve.scale
    if not isinstance(scale, IntegerRange) or scale.high - scale.low >= MOST_INTEGERS:
        return None
    numbers = tuple(range(scale.low, scale.high + 1))
    edges = _integer_edges(scale)
    points = np.array([scale.to_unit(number) for number in numbers])
    return interpolation(curve.position, points), np.diff(edges), numbers


def _integer_edges(scale: IntegerRange) -> Floats:
    """Share of the unit interval below each half number: the numbers' weights are its differences."""
    halves = np.arange(scale.low, scale.high + 2) - 0.5
    low, high = halves[0], halves[-1]
    if scale.log:
        edges: Floats = np.log(halves / low) / np.log(high / low)
        return edges
    evenly: Floats = (halves - low) / (high - low)
    return evenly
