"""Configurations as points of the unit cube with a mask of what is active.

Words: a *latent point* u is a row of independent uniforms, one per setting, active or not
(*latent completion*). `Encoding.complete` makes of it what a surrogate sees:
``positions`` x, the active settings' coordinates under the prior (`Domain.to_unit`, so a log range is on
its log scale), and the mask ``active``. An inactive coordinate is drawn like any other and then ignored, so
the coordinates stay independent and every index unique. A setting whose range differs between branches is
compared by its position in its range.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sensitivity.coding import coded, key
from sensitivity.estimators.surrogate.axes import Shape, cells, make_axis, place_values, wanted_cells
from sweeps.space import Choices, Space

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sensitivity.arrays import Floats, Integers
    from sensitivity.estimators.surrogate.axes import Axis
    from sweeps.space import Value, Variant

    Columns = Mapping[str, tuple[Integers, list[Value]]]


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

    def distinct(self) -> tuple[Integers, Integers]:
        """First row of each different point, and the number of its point for each row."""
        number: Integers = np.zeros(len(self), dtype=np.int64)
        for column in np.where(self.active, self.positions, -1.0).T:
            codes, values = pd.factorize(column)
            number = pd.factorize(number * len(values) + codes)[0].astype(np.int64)
        return np.unique(number, return_index=True)[1].astype(np.int64), number


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

    def __init__(self, space: Space, trials: pd.DataFrame | Columns) -> None:
        columns = coded_columns(trials, space.names)
        self.space = space
        self.axes: list[Axis] = []
        for setting in space.settings:
            values = columns[setting.name][1] if setting.name in columns else []
            lists = any(v.domain.levels for v in setting.variants if not isinstance(v.domain, Choices))
            tried = {key(value) for value in values} if lists else set()
            shapes = tuple(self._shape(variant, tried) for variant in setting.variants)
            self.axes.append(make_axis(setting.name, shapes))

    @property
    def names(self) -> list[str]:
        """Names of the settings, parents first."""
        return self.space.names

    def parents(self) -> set[int]:
        """Axes that decide on the activity or range of others."""
        return {parent for axis in self.axes for shape in axis.shapes for parent, _ in shape.conditions}

    def ancestors(self, axis: int) -> set[int]:
        """Axes that decide on an axis, and those that decide on these."""
        parents = {parent for shape in self.axes[axis].shapes for parent, _ in shape.conditions}
        return parents.union(*(self.ancestors(parent) for parent in parents))

    def of_axes(self, kept: Sequence[int]) -> Encoding:
        """Some of the axes, with all their parents, in their order."""
        found = Encoding.__new__(Encoding)
        found.space = Space([self.space.settings[axis] for axis in kept], self.space.fixed)
        number = {axis: place for place, axis in enumerate(kept)}
        found.axes = [self.axes[axis].renumbered(number) for axis in kept]
        return found

    def _shape(self, variant: Variant, tried: set[object]) -> Shape:
        conditions, possible = [], True
        placed = [axis.name for axis in self.axes]
        for name, values in variant.when.items():
            wanted = {key(value) for value in values}
            if name in placed:
                parent = placed.index(name)
                conditions.append((parent, wanted_cells(self.axes[parent], wanted)))
            else:
                possible &= name in self.space.fixed and key(self.space.fixed[name]) in wanted
        return Shape(variant.domain, tuple(conditions), possible, *cells(variant.domain, tried))

    def variant(self, axis: int, variants: Integers, in_cells: Integers) -> Integers:
        """Shape that holds for a setting, −1 where inactive, from those of its parents; shape (N,)."""
        chosen: Integers = np.full(len(variants), -1)
        for number, shape in enumerate(self.axes[axis].shapes):
            holds = np.full(len(variants), shape.possible)
            for parent, wanted in shape.conditions:
                allowed = np.zeros(len(variants), dtype=bool)
                for parent_variant, table in enumerate(wanted):
                    there = variants[:, parent] == parent_variant
                    allowed[there] = table[in_cells[there, parent]] > 0
                holds &= allowed
            chosen[(chosen < 0) & holds] = number
        return chosen

    def complete(self, latent: Floats) -> Points:
        """Latent points, shape (N, d), as configurations."""
        variants: Integers = np.full(latent.shape, -1)
        in_cells: Integers = np.zeros(latent.shape, dtype=np.int64)
        positions = np.zeros(latent.shape)
        for place, axis in enumerate(self.axes):
            variants[:, place] = self.variant(place, variants, in_cells)
            for number, shape in enumerate(axis.shapes):
                rows = variants[:, place] == number
                if shape.positions is None:
                    positions[rows, place] = latent[rows, place]
                else:
                    in_cells[rows, place] = shape.cell(latent[rows, place])
                    positions[rows, place] = shape.positions[in_cells[rows, place]]
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

    def of_axes(self, kept: Sequence[int]) -> EncodedTrials:
        """Some of the axes."""
        points = Points(self.points.positions[:, kept], self.points.active[:, kept])
        latent, low, high = (column[:, kept] for column in (self.latent, self.low, self.high))
        return EncodedTrials(points, latent, low, high, self.inside)


def coded_columns(trials: pd.DataFrame | Columns, names: Sequence[str]) -> Columns:
    """Columns of settings as numbers and values, by name; as they are where they have been coded before."""
    if not isinstance(trials, pd.DataFrame):
        return trials
    return {name: coded(trials[name]) for name in names if name in trials}


def encode(trials: pd.DataFrame | Columns, encoding: Encoding) -> EncodedTrials:
    """Settings of a table of trials, or of its columns coded, as latent points.

    A setting that the space says is active but that has no value counts as inactive in that row.
    """
    columns = coded_columns(trials, encoding.names)
    count = len(trials) if isinstance(trials, pd.DataFrame) else len(next(iter(trials.values()))[0])
    width = len(encoding.axes)
    positions, low, high = np.zeros((count, width)), np.zeros((count, width)), np.ones((count, width))
    variants: Integers = np.full((count, width), -1)
    in_cells: Integers = np.zeros((count, width), dtype=np.int64)
    inside = np.ones(count, dtype=bool)
    for place, axis in enumerate(encoding.axes):
        if axis.name not in columns:
            continue
        codes, values = columns[axis.name]
        found = encoding.variant(place, variants, in_cells)
        for number, shape in enumerate(axis.shapes):
            rows = np.flatnonzero((found == number) & (codes >= 0))
            placed = place_values(shape, values)[codes[rows]]
            known = np.isfinite(placed[:, 0])
            inside[rows[~known]] = False
            rows, placed = rows[known], placed[known]
            variants[rows, place] = number
            in_cells[rows, place] = placed[:, 0].astype(np.int64)
            positions[rows, place], low[rows, place], high[rows, place] = placed[:, 1:].T
    active = variants >= 0
    latent = np.where(active, (low + high) / 2, np.nan)
    return EncodedTrials(Points(positions, active), latent, low, high, inside)
