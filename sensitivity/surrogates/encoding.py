"""Configurations as points of the unit cube with a mask of what is active.

Words: a *latent point* u is a row of independent uniforms, one per setting, active or not (§1.8 of
``measures-and-estimators``: latent completion). `Encoding.complete` makes of it what a surrogate sees:
``positions`` x, the active settings' coordinates under the prior (`Domain.to_unit`, so a log range is on
its log scale), and the mask ``active``. An inactive coordinate is drawn like any other and then ignored, so
the coordinates stay independent and every index unique. A setting whose range differs between branches is
compared by its position in its range.

Whole numbers, choices and ranges tried on their levels only are *discrete*: the unit interval is cut into
cells of their prior probability, and every cell has one position.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sensitivity.measures.cells import key
from sweeps.space import Choices, IntegerRange

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from sensitivity.measures.cells import Floats, Integers
    from sweeps.space import Domain, Space, Variant

MOST_CELLS: Final = 64
_OUTSIDE: Final = 1e-6  # rounding of a CSV file may put a value this far outside its range


@dataclass(frozen=True)
class Points:
    """N configurations as a surrogate sees them.

    Attributes
    ----------
    positions
        Coordinates in [0, 1], shape (N, d), in the order of ``space.names``; 0 where inactive.
    active
        Which settings the configuration has, shape (N, d).
    """

    positions: Floats
    active: np.ndarray[Any, np.dtype[np.bool_]]

    def __len__(self) -> int:
        """N."""
        return len(self.positions)

    def rows(self, which: Any) -> Points:  # noqa: ANN401 (whatever indexes an array)
        """Points at some rows."""
        return Points(self.positions[which], self.active[which])


@dataclass(frozen=True)
class Shape:
    """One variant of a setting: its cells of the unit interval, or none for a continuous range.

    ``edges`` has shape (cells + 1,), ``positions`` (cells,); ``cell_of`` finds a value's cell by its key.
    """

    domain: Domain
    conditions: tuple[tuple[int, tuple[Floats, ...]], ...]
    possible: bool
    edges: Floats | None = None
    positions: Floats | None = None
    cell_of: dict[object, int] | None = None

    def cell(self, latent: Floats) -> Integers:
        """Cell that each latent coordinate lies in; only for discrete shapes."""
        edges = np.zeros(2) if self.edges is None else self.edges
        found: Integers = np.clip(np.searchsorted(edges, latent, side="right") - 1, 0, len(edges) - 2)
        return found


@dataclass(frozen=True)
class Axis:
    """A setting as a coordinate.

    Attributes
    ----------
    categorical
        Whether its order means nothing to a surrogate.
    edges
        Common refinement of the cells of all shapes, shape (cells + 1,); None where some shape is continuous.
    known_positions
        Every position a discrete shape has, ascending; what tells one category from another.
    """

    name: str
    shapes: tuple[Shape, ...]
    categorical: bool
    edges: Floats | None
    known_positions: Floats

    def code(self, positions: Floats) -> Integers:
        """Number of the category at each position."""
        middles = (self.known_positions[1:] + self.known_positions[:-1]) / 2
        found: Integers = np.searchsorted(middles, positions)
        return found


class Encoding:
    """A space as coordinates: see the module.

    Parameters
    ----------
    space
        The space.
    trials
        Trials to be encoded. A range with levels that was tried on its levels only is one of these levels
        under the prior (an interrupted factorial); tried anywhere else it is a continuous range.
    """

    def __init__(self, space: Space, trials: pd.DataFrame) -> None:
        self.space = space
        self.axes: list[Axis] = []
        for setting in space.settings:
            tried = {key(value) for value in trials[setting.name].tolist()} if setting.name in trials else set()
            shapes = tuple(self._shape(variant, tried - {None}) for variant in setting.variants)
            self.axes.append(_axis(setting.name, shapes))

    @property
    def names(self) -> list[str]:
        """Names of the settings, parents first."""
        return self.space.names

    def parents(self) -> set[int]:
        """Axes that decide on the activity or range of others."""
        return {
            parent for axis in self.axes for shape in axis.shapes for parent, _ in shape.conditions
        }

    def _shape(self, variant: Variant, tried: set[object]) -> Shape:
        conditions, possible = [], True
        placed = [axis.name for axis in self.axes]
        for name, values in variant.when.items():
            wanted = {key(value) for value in values}
            if name in placed:
                parent = placed.index(name)
                conditions.append((parent, _wanted_cells(self.axes[parent], wanted)))
            else:
                possible &= name in self.space.fixed and key(self.space.fixed[name]) in wanted
        return Shape(variant.domain, tuple(conditions), possible, *_cells(variant.domain, tried))

    def variant(self, axis: int, variants: Integers, cells: Integers) -> Integers:
        """Shape that holds for a setting, −1 where inactive, from those of its parents; shape (N,)."""
        chosen: Integers = np.full(len(variants), -1)
        for number, shape in enumerate(self.axes[axis].shapes):
            holds = np.full(len(variants), shape.possible)
            for parent, wanted in shape.conditions:
                allowed = np.zeros(len(variants), dtype=bool)
                for parent_variant, table in enumerate(wanted):
                    there = variants[:, parent] == parent_variant
                    allowed[there] = table[cells[there, parent]] > 0
                holds &= allowed
            chosen[(chosen < 0) & holds] = number
        return chosen

    def complete(self, latent: Floats) -> Points:
        """Latent points, shape (N, d), as configurations."""
        variants: Integers = np.full(latent.shape, -1)
        cells: Integers = np.zeros(latent.shape, dtype=np.int64)
        positions = np.zeros(latent.shape)
        for place, axis in enumerate(self.axes):
            variants[:, place] = self.variant(place, variants, cells)
            for number, shape in enumerate(axis.shapes):
                rows = variants[:, place] == number
                if shape.positions is None:
                    positions[rows, place] = latent[rows, place]
                else:
                    cells[rows, place] = shape.cell(latent[rows, place])
                    positions[rows, place] = shape.positions[cells[rows, place]]
        return Points(positions, variants >= 0)


@dataclass(frozen=True)
class EncodedTrials:
    """Trials as latent points.

    Attributes
    ----------
    latent
        Shape (N, d): the middle of the value's cell, NaN where inactive.
    low, high
        Ends of the value's cell (equal in continuous ranges), shape (N, d); 0 and 1 where inactive.
    inside
        Rows whose values the space knows, shape (N,); the others have no place under the prior.
    """

    points: Points
    latent: Floats
    low: Floats
    high: Floats
    inside: np.ndarray[Any, np.dtype[np.bool_]]

    def rows(self, which: Any) -> EncodedTrials:  # noqa: ANN401 (whatever indexes an array)
        """Some of the trials."""
        columns = (self.latent, self.low, self.high, self.inside)
        return EncodedTrials(self.points.rows(which), *(column[which] for column in columns))


def encode(trials: pd.DataFrame, encoding: Encoding) -> EncodedTrials:
    """Settings of a table of trials as latent points.

    A setting that the space says is active but that has no value counts as inactive in that row.
    """
    count, width = len(trials), len(encoding.axes)
    positions, low, high = np.zeros((count, width)), np.zeros((count, width)), np.ones((count, width))
    variants: Integers = np.full((count, width), -1)
    cells: Integers = np.zeros((count, width), dtype=np.int64)
    inside = np.ones(count, dtype=bool)
    for place, axis in enumerate(encoding.axes):
        values = trials[axis.name].tolist() if axis.name in trials else [None] * count
        found = encoding.variant(place, variants, cells)
        for row, (value, number) in enumerate(zip(values, found.tolist(), strict=True)):
            if number < 0 or key(value) is None:
                continue
            placed = _place(axis.shapes[number], value)
            if placed is None:
                inside[row] = False
                continue
            variants[row, place] = number
            cells[row, place], positions[row, place], low[row, place], high[row, place] = placed
    active = variants >= 0
    latent = np.where(active, (low + high) / 2, np.nan)
    return EncodedTrials(Points(positions, active), latent, low, high, inside)


def _place(shape: Shape, value: Any) -> tuple[int, float, float, float] | None:  # noqa: ANN401
    """Cell, position and ends of the cell of a value; None where the range does not have it."""
    if shape.cell_of is not None and shape.positions is not None and shape.edges is not None:
        cell = shape.cell_of.get(key(value))
        if cell is None:
            return None
        return cell, shape.positions[cell], shape.edges[cell], shape.edges[cell + 1]
    if not isinstance(value, Real):
        return None
    number = float(value)
    low, high = float(shape.domain.low), float(shape.domain.high)  # type: ignore[union-attr]
    slack = _OUTSIDE * (high - low)
    if not (low - slack <= number <= high * (1 + _OUTSIDE) + slack) or (low > 0 >= number):
        return None
    unit = min(max(shape.domain.to_unit(number), 0.0), 1.0)
    return 0, unit, unit, unit


def _cells(
    domain: Domain, tried: set[object]
) -> tuple[Floats, Floats, dict[object, int]] | tuple[None, None, None]:
    """Edges, positions and cells of a discrete domain; Nones for a continuous one."""
    values = _discrete_values(domain, tried)
    if values is None:
        return None, None, None
    count = len(values)
    edges = np.linspace(0, 1, count + 1)
    positions = (edges[1:] + edges[:-1]) / 2
    if not isinstance(domain, Choices) and domain.low < domain.high:
        positions = np.array([domain.to_unit(value) for value in values])
        if isinstance(domain, IntegerRange) and domain.log and count == domain.high - domain.low + 1:
            low, high = domain.low - 0.5, domain.high + 0.5
            ends = np.arange(domain.low, domain.high + 2) - 0.5
            edges = np.log(ends / low) / math.log(high / low)
    return edges, positions, {key(value): cell for cell, value in enumerate(values)}


def _discrete_values(domain: Domain, tried: set[object]) -> Sequence[Any] | None:
    if isinstance(domain, Choices):
        return domain.values
    if domain.low == domain.high:
        return (domain.low,)
    if domain.levels and domain.levels <= MOST_CELLS and tried:
        levels = tuple(dict.fromkeys(domain.level_values()))
        if tried <= {key(value) for value in levels}:
            return levels
    if isinstance(domain, IntegerRange) and domain.high - domain.low < MOST_CELLS:
        return range(domain.low, domain.high + 1)
    return None


def _axis(name: str, shapes: tuple[Shape, ...]) -> Axis:
    discrete = [shape for shape in shapes if shape.edges is not None and shape.positions is not None]
    known = np.unique(np.concatenate([np.zeros(0), *(shape.positions for shape in discrete)]).round(12))
    edges = None
    if len(discrete) == len(shapes):
        merged = np.unique(np.concatenate([shape.edges for shape in discrete]).round(12))
        edges = merged if len(merged) <= MOST_CELLS + 1 else None
    categorical = any(isinstance(shape.domain, Choices) and not _ordered(shape.domain) for shape in shapes)
    return Axis(name, shapes, categorical and len(discrete) == len(shapes), edges, known)


def _ordered(domain: Choices) -> bool:
    """Whether the choices are numbers in ascending or descending order: then their order means something."""
    if not all(isinstance(value, Real) and not isinstance(value, bool) for value in domain.values):
        return False
    steps = np.diff([float(value) for value in domain.values])
    return bool((steps > 0).all() or (steps < 0).all())


def _wanted_cells(parent: Axis, wanted: set[object]) -> tuple[Floats, ...]:
    """1 for each cell of each of the parent's shapes whose value is wanted, 0 for the others.

    A continuous parent meets a condition with probability 0.
    """
    return tuple(
        np.array([float(value in wanted) for value in (shape.cell_of or {None: 0})]) for shape in parent.shapes
    )
