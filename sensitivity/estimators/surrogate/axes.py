"""The axes of the unit cube: a setting's variants as cells of the unit interval, or as continuous ranges.

Whole numbers, choices and ranges tried on their levels only are *discrete*: the unit interval is cut into
cells of their prior probability, and every cell has one position.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from numbers import Real
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sensitivity.coding import all_numbers, key, units
from sweeps.space import Choices, IntegerRange

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sensitivity.arrays import Floats, Integers
    from sweeps.space import Domain

MOST_CELLS: Final = 64
_OUTSIDE: Final = 1e-6  # rounding of a CSV file may put a value this far outside its range


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

    def renumbered(self, number: Mapping[int, int]) -> Axis:
        """The same axis where its parents have other numbers."""
        shapes = tuple(
            replace(shape, conditions=tuple((number[parent], table) for parent, table in shape.conditions))
            for shape in self.shapes
        )
        return replace(self, shapes=shapes)

    def code(self, positions: Floats) -> Integers:
        """Number of the category at each position."""
        middles = (self.known_positions[1:] + self.known_positions[:-1]) / 2
        found: Integers = np.searchsorted(middles, positions)
        return found


def place_values(shape: Shape, values: Sequence[Any]) -> Floats:
    """Cell, position and ends of the cell of each value, shape (values, 4); NaN outside the range."""
    if shape.cell_of is not None and shape.positions is not None and shape.edges is not None:
        known = np.column_stack(
            [np.arange(len(shape.positions)), shape.positions, shape.edges[:-1], shape.edges[1:]]
        )
        found: Floats = np.vstack([known, np.full(4, np.nan)])[
            [shape.cell_of.get(key(value), -1) for value in values]
        ]
        return found
    number = np.array(
        values if all_numbers(values) else [float(v) if isinstance(v, Real) else np.nan for v in values],
        dtype=np.float64,
    )
    low, high = float(shape.domain.low), float(shape.domain.high)  # type: ignore[union-attr]
    slack = _OUTSIDE * (high - low)
    inside = (low - slack <= number) & (number <= high * (1 + _OUTSIDE) + slack)
    if low > 0:
        inside &= number > 0
    unit = np.full(len(number), np.nan)
    unit[inside] = np.clip(units(shape.domain, number[inside]), 0.0, 1.0)  # type: ignore[arg-type]
    return np.column_stack([np.where(inside, 0, np.nan), unit, unit, unit])


def cells(
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


def make_axis(name: str, shapes: tuple[Shape, ...]) -> Axis:
    """Axis of a setting from its shapes."""
    discrete = [shape for shape in shapes if shape.edges is not None and shape.positions is not None]
    known = np.unique(np.concatenate([np.zeros(0), *(shape.positions for shape in discrete)]).round(12))
    edges = None
    if len(discrete) == len(shapes):
        merged = np.unique(np.concatenate([shape.edges for shape in discrete]).round(12))
        edges = merged if len(merged) <= MOST_CELLS + 1 or len(shapes) == 1 else None
    categorical = any(isinstance(shape.domain, Choices) and not ordered(shape.domain) for shape in shapes)
    return Axis(name, shapes, categorical and len(discrete) == len(shapes), edges, known)


def ordered(domain: Choices) -> bool:
    """Whether the choices are numbers in ascending or descending order: then their order means something."""
    choices = domain.values
    if not all(isinstance(value, Real) and not isinstance(value, bool) for value in choices):
        return False
    steps = np.diff([float(value) for value in choices])
    return bool((steps > 0).all() or (steps < 0).all())


def wanted_cells(parent: Axis, wanted: set[object]) -> tuple[Floats, ...]:
    """1 for each cell of each of the parent's shapes whose value is wanted, 0 for the others.

    A continuous parent meets a condition with probability 0.
    """
    tables = (shape.cell_of or {None: 0} for shape in parent.shapes)
    return tuple(np.array([float(value in wanted) for value in table]) for table in tables)
