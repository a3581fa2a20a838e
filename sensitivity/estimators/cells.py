"""The cells of a replicated factorial: which configuration stands where, with what weight.

One axis per setting, in the order of ``space.names``; every setting counts with equal weight on each of its
levels *in the branch at hand*. Where a setting is inactive its axis repeats the same cell: the *latent
completion*, as if the inactive setting had been drawn from its prior and ignored. Where branches have
different numbers of levels, 9 and 6 say, the axis has the least common multiple of them (18) and every level
takes its share of it; so each optimizer keeps the same weight whatever the number of its configurations.

Words: a *configuration* c is one of C rows of ``values``; it covers a *box* of the array, the product over
the axes of an interval of share v_i(c); its weight is w_c = Π_i v_i(c), and Σ_c w_c = 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np

from sensitivity.axis import codes_of
from sensitivity.coding import key, same_rows
from sensitivity.estimators.holes import MOST, filled
from sensitivity.trials import REPLICATE, VALUE
from sweeps.space import Choices

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sensitivity.arrays import Floats, Integers, Mask
    from sensitivity.study import Study
    from sweeps.space import Configuration, Domain, Setting, Space, Value


LARGEST_ARRAY = 20_000_000


@dataclass(frozen=True)
class CellTable:
    """A replicated factorial.

    Attributes
    ----------
    names
        Settings, one per axis.
    configurations
        The C configurations.
    rows
        Row of the plan of each configuration and replicate, shape (C, R); −1 where there is none.
    response
        Response of each trial of the plan, shape (trials,).
    start, length
        Interval of each axis that a configuration covers, shape (C, axes), in positions.
    sizes
        Positions per axis.
    place
        Place of each configuration's level on the scale of its setting, in [0, 1], shape (C, axes); NaN where
        it is inactive or its levels are no numbers.
    """

    names: tuple[str, ...]
    configurations: tuple[Configuration, ...]
    rows: Integers
    response: Floats
    start: Integers
    length: Integers
    sizes: tuple[int, ...]
    place: Floats

    @cached_property
    def present(self) -> Mask:
        """Which trials have a finite response, shape (C, R)."""
        found: Mask = (self.rows >= 0) & np.isfinite(self.response[self.rows])
        return found

    @property
    def counts(self) -> Integers:
        """Replicates R_c that each configuration has, shape (C,)."""
        found: Integers = self.present.sum(axis=1)
        return found

    @cached_property
    def _filled(self) -> tuple[Floats, Floats]:
        observed: Floats = self.response[self.rows]
        nothing = np.zeros(len(observed))
        return (observed, nothing) if self.present.all() else filled(self, observed, self.present)

    @property
    def values(self) -> Floats:
        """Responses, shape (C, R); see `sensitivity.estimators.holes` for those that are missing."""
        return self._filled[0]

    @property
    def doubt(self) -> Floats:
        """Mean square by which the mean of each configuration without a trial may be wrong, else 0; (C,)."""
        return self._filled[1]

    def with_values(self, values: Floats) -> CellTable:
        """The same configurations with other responses, shape (C, R), of any number of replicates."""
        return replace(self, rows=np.arange(values.size).reshape(values.shape), response=values.ravel())

    @property
    def replicates(self) -> int:
        """Replicates R of every configuration."""
        return int(self.rows.shape[1])

    @property
    def coverage(self) -> Floats:
        """Share v_i(c) of each axis that a configuration covers, shape (C, axes)."""
        share: Floats = self.length / np.array(self.sizes)
        return share

    @property
    def axes(self) -> tuple[int, ...]:
        """All axes."""
        return tuple(range(len(self.sizes)))

    @property
    def weights(self) -> Floats:
        """Weight w_c of each configuration in the whole, shape (C,); their sum is 1."""
        product: Floats = np.prod(self.coverage, axis=1)
        return product

    @property
    def by_position(self) -> frozenset[str]:
        """Settings whose range or number of levels differs between branches.

        What stands at the same place between the ends of the two ranges is then compared.
        """
        return frozenset(name for axis, name in enumerate(self.names) if self._moves(axis))

    def _moves(self, axis: int) -> bool:
        values = [key(configuration.get(self.names[axis])) for configuration in self.configurations]
        boxes = zip(self.start[:, axis].tolist(), self.length[:, axis].tolist(), strict=True)
        pairs = {(box, value) for box, value in zip(boxes, values, strict=True) if value is not None}
        levels = {length for (_, length), _ in pairs}
        return len(levels) > 1 or len({box for box, _ in pairs}) < len(pairs)

    def branch(self, axis: int, position: int) -> CellTable:
        """Table inside one level of an axis: that axis and the settings inactive there are left out.

        Parameters
        ----------
        position
            Level, from 0; the axis must be active everywhere and have as many positions as levels.
        """
        rows = np.flatnonzero(self.start[:, axis] == position)
        inside = [self.configurations[row] for row in rows]
        keep = [a for a, name in enumerate(self.names) if a != axis and any(name in c for c in inside)]
        start, length = self.start[rows][:, keep], self.length[rows][:, keep]
        unit = np.array(
            [math.gcd(self.sizes[a], *length[:, i].tolist()) for i, a in enumerate(keep)], dtype=np.int64
        )
        return CellTable(
            names=tuple(self.names[a] for a in keep),
            configurations=tuple(inside),
            rows=self.rows[rows],
            response=self.response,
            start=start // unit,
            length=length // unit,
            sizes=tuple(self.sizes[a] // int(u) for a, u in zip(keep, unit, strict=True)),
            place=self.place[rows][:, keep],
        )

    def index(self) -> Integers:
        """Configuration at each position of the array, shape ``sizes``."""
        array = np.zeros(self.sizes, dtype=np.int64)
        for row, (start, length) in enumerate(zip(self.start.tolist(), self.length.tolist(), strict=True)):
            array[tuple(slice(s, s + n) for s, n in zip(start, length, strict=True))] = row
        return array

    def means(self) -> Floats:
        """Mean of each configuration over its replicates less the grand mean, for precision; shape (C,)."""
        values = self.values
        centred: Floats = values.mean(axis=1) - values.mean()
        return centred


def cell_table(study: Study) -> CellTable | None:
    """Array of a factorial, up to a tenth of its trials missing; None where the plan is anything else."""
    found = study.laid_out(_cell_table)
    if found is None:
        return None
    found = replace(found, response=study.plan[VALUE].to_numpy(dtype=np.float64, na_value=np.nan))
    return found if _enough(found.present) else None


def _enough(present: Mask) -> bool:
    return bool(present.mean() >= 1 - MOST)


def _cell_table(study: Study) -> CellTable | None:
    """The array without a response."""
    space = study.space
    if not space.settings or not _has_levels(space) or space.grid_size() > len(study.plan) / (1 - MOST):
        return None
    configurations = tuple(space.grid())
    rows = _rows_by_replicate(study, configurations)
    if rows is None:
        return None
    levels = _level_places(space)
    places = [_levels(space, configuration, levels) for configuration in configurations]
    counts = [{place[axis][1] for place in places} for axis in range(len(space.settings))]
    sizes = tuple(math.lcm(*count) for count in counts)
    if math.prod(sizes) > LARGEST_ARRAY:
        return None
    length = np.array([[s // count for s, (_, count) in zip(sizes, place, strict=True)] for place in places])
    level = np.array([[position for position, _ in place] for place in places])
    return CellTable(
        names=tuple(space.names),
        configurations=configurations,
        rows=rows,
        response=np.full(len(study.plan), np.nan),
        start=level * length,
        length=length,
        sizes=sizes,
        place=_scaled(space, configurations),
    )


def _scaled(space: Space, configurations: Sequence[Configuration]) -> Floats:
    """Place of each level on the scale of its setting, shape (C, settings); NaN where inactive or no number.

    A list of numbers has a linear scale.
    """
    found = np.full((len(configurations), len(space.settings)), np.nan)
    for axis, setting in enumerate(space.settings):
        on_scale = [_to_scale(variant.domain) for variant in setting.variants]
        for row, configuration in enumerate(configurations):
            known = {**space.fixed, **configuration}
            which = next((i for i, variant in enumerate(setting.variants) if variant.holds(known)), None)
            if which is not None:
                found[row, axis] = on_scale[which](known[setting.name])
    return found


def _to_scale(domain: Domain) -> Callable[[Value], float]:
    """What places the values of a domain on its scale."""
    if not isinstance(domain, Choices):
        return domain.to_unit
    numbers = all(isinstance(level, Real) for level in domain.values)
    return lambda value: float(value) if numbers and not isinstance(value, bool) else math.nan


def _has_levels(space: Space) -> bool:
    domains = (variant.domain for setting in space.settings for variant in setting.variants)
    return all(isinstance(domain, Choices) or domain.levels for domain in domains)


def _rows_by_replicate(study: Study, configurations: Sequence[Configuration]) -> Integers | None:
    """Rows of the plan, shape (C, R), −1 where missing; None unless nearly all are there, each once."""
    axes, count = list(study.axes.values()), len(configurations)
    replicates, column = np.unique(study.plan[REPLICATE].to_numpy(), return_inverse=True)
    if len(axes) < len(study.space.settings) or len(study.plan) > count * len(replicates):
        return None
    of_key = [{item: number for number, item in enumerate(axis.keys)} for axis in axes]
    wanted = [
        [codes.get(key(c.get(axis.name)), -1 if axis.name not in c else -2) for c in configurations]
        for axis, codes in zip(axes, of_key, strict=True)
    ]
    tried = codes_of(axes, len(study.plan))
    cell = same_rows(np.concatenate([np.array(wanted, dtype=np.int64).T, tried]) + 1)
    if len(np.unique(cell[:count])) < count or cell.max() >= count:
        return None
    rows = np.full((count, len(replicates)), -1, dtype=np.int64)
    rows[cell[count:], column] = np.arange(len(study.plan))
    once = (rows >= 0).sum() == len(study.plan)
    return rows if once and _enough(rows >= 0) else None


_Places = dict[tuple[type, "Value"], int]


def _level_places(space: Space) -> dict[int, _Places]:
    """Place of each level of every domain, by the domain's identity; 1 and true are different levels."""
    domains = [variant.domain for setting in space.settings for variant in setting.variants]
    return {
        id(domain): {(type(value), value): place for place, value in enumerate(domain.level_values())}
        for domain in domains
    }


def _levels(
    space: Space, configuration: Configuration, places: Mapping[int, _Places]
) -> list[tuple[int, int]]:
    """Level's position and number of levels of each setting under ``configuration``; (0, 1) if inactive.

    The configuration is of the grid, so its values are levels to the last bit.
    """
    known = {**space.fixed, **configuration}
    return [_level(setting, known, places) for setting in space.settings]


def _level(setting: Setting, known: Mapping[str, Any], places: Mapping[int, _Places]) -> tuple[int, int]:
    domain = setting.domain(known)
    if domain is None:
        return 0, 1
    value = known[setting.name]
    return places[id(domain)][type(value), value], len(places[id(domain)])
