"""Replicates that were not trained, made of those that were: y_cr = f(c) + b_r + σ_c ε_cr.

f is what the trials say of each configuration, less what noise adds to it: term by term (settings, pairs, the
rest) it is shrunk by 1 − noise / size. σ_c and the correlation of the ε along each setting are those that the
report's estimator finds. Where a part of a plan was trained, each of its levels stands for its neighbours
that it left out; correlations of neighbours fall with their distance.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import scipy

from sensitivity.coding import key
from sensitivity.estimators import noise
from sensitivity.estimators.cells import cell_table
from sensitivity.estimators.correlation import decaying, independent
from sensitivity.estimators.factorial import main_and_total
from sensitivity.estimators.projections import FactorialProjection

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sensitivity.arrays import Floats
    from sensitivity.estimators.cells import CellTable
    from sensitivity.estimators.correlation import Correlation
    from sensitivity.study import Study
    from sweeps.space import Configuration, Space, Value

LIKELY: Final = 0.01  # chance of so much by independent noise, above which that is taken for likely
CERTAIN: Final = 1e-4  # below which it is not taken for possible


@dataclass(frozen=True)
class World:
    """What trials of a factorial would be like.

    Attributes
    ----------
    table
        The factorial, C configurations.
    mean, sd
        f(c), and σ_c of one trial, shape (C,).
    block
        Standard deviation of what all trials of a replicate share.
    together
        Correlation of the ε.
    """

    table: CellTable
    mean: Floats
    sd: Floats
    block: float
    together: Correlation

    def half_widths(self, replicates: int, draws: int, rng: np.random.Generator) -> Floats:
        """Half widths of the intervals of the total effects in simulated sweeps, shape (settings, draws)."""
        values = np.repeat(self.mean[:, None, None], replicates, axis=1) + np.zeros(draws)
        values += self.block * rng.standard_normal((replicates, draws))
        noise_ = self.together.draws(rng, replicates * draws).T.reshape(len(self.mean), replicates, draws)
        values += self.sd[:, None, None] * noise_
        table = self.table.with_values(values[:, :, 0])
        found = main_and_total(FactorialProjection(table), values.reshape(-1, draws))
        count = len(self.table.names)
        widths: Floats = (found[count : 2 * count, 2] - found[count : 2 * count, 1]) / 2
        return widths


def world_of(study: Study) -> World | None:
    """World of a factorial that was trained, at least twice each; None of any other trials."""
    return next(iter(worlds_of(study)), None)


def worlds_of(study: Study) -> tuple[World, ...]:
    """The same; where it is doubtful that configurations deviate together, both ways, the likely one first.

    A few dozen configurations with a false alarm of `correlation` make a forecast many times too wide: levels
    three steps apart that correlate by 0.1 would be neighbours that do by 0.5. So where all axes together
    say so at less than 1 % only, independence is the likely one; above one in ten thousand it is possible.
    """
    table = cell_table(study.scaled)
    if table is None or table.replicates < 2:
        return ()
    found = noise.estimate(table)
    if not found.replicated or found.together is None:
        return ()
    alike = [_neighbours(table, axis, matrix) for axis, matrix in enumerate(found.together.matrices)]
    block = _block(table, found)
    alone, chance = [0.0] * len(alike), independent(table, table.index())
    ways = [alike] if chance < CERTAIN or not any(alike) else [alike, alone]
    if chance > LIKELY:
        ways.reverse()
    mean, sd = _shrunk(table, found), _sd(table, found)
    return tuple(World(table, mean, sd, block, decaying(table, way)) for way in ways)


def _block(table: CellTable, found: noise.Noise) -> float:
    """σ_b where it is told from what noise adds to the means of the replicates (F test, as `LIKELY`); else 0.

    Half of all pilots without a block show a small one, which thousands of configurations find again.
    """
    by_noise = max(float(found.local.mean()), 0.0) / len(found.local)
    if found.replicate <= 0:
        return 0.0
    ratio = (found.replicate + by_noise) / by_noise if by_noise > 0 else np.inf
    told = scipy.stats.f.sf(ratio, table.replicates - 1, found.df) < LIKELY
    return float(np.sqrt(found.replicate)) if told else 0.0


def _neighbours(table: CellTable, axis: int, matrix: Floats) -> float:
    """Correlation of neighbouring levels, or of any two choices; 0 at least."""
    if len(matrix) < 2:
        return 0.0
    numeric = np.isfinite(table.place[:, axis])
    if not numeric.any():
        return max(float(matrix[~np.eye(len(matrix), dtype=bool)].mean()), 0.0)
    step = int(table.length[numeric, axis].min())
    if step >= len(matrix):
        return 0.0
    return float(np.clip(np.diag(matrix, step).mean(), 0.0, 0.99))


def _sd(table: CellTable, found: noise.Noise) -> Floats:
    """σ_c pooled over configurations of nearly the same mean, with the mean square that was observed."""
    values = table.values - table.values.mean(axis=0)
    pooled = noise.local_sd(values)
    observed = max(float(found.local.mean()), 0.0)
    size = float((pooled**2).mean())
    scaled: Floats = pooled * np.sqrt(observed / size) if size > 0 else pooled
    return scaled


def _shrunk(table: CellTable, found: noise.Noise) -> Floats:
    """f(c): the means with the noise in them taken off term by term, settings first, then pairs, the rest."""
    left = table.values.mean(axis=1)
    variance = max(float(found.of_means.mean()), 0.0)
    whole = np.full(len(left), left.mean())
    left = left - whole
    names = range(len(table.names))
    for term in [*((one,) for one in names), *itertools.combinations(names, 2)]:
        part, groups = _means(table, term, left)
        size = float((part**2).mean())
        kept = max(1 - variance * (groups - 1) / len(left) / size, 0.0) if size > 0 else 0.0
        whole, left = whole + np.sqrt(kept) * part, left - part
    size = float((left**2).mean())
    shrunk: Floats = whole + np.sqrt(max(1 - variance / size, 0.0) if size > 0 else 0.0) * left
    return shrunk


def _means(table: CellTable, term: Sequence[int], values: Floats) -> tuple[Floats, int]:
    """Mean of all configurations with the same levels of some settings, shape (C,), and their number."""
    boxes = np.column_stack([table.start[:, list(term)], table.length[:, list(term)]])
    _, group = np.unique(boxes, axis=0, return_inverse=True)
    means = np.bincount(group.ravel(), values) / np.bincount(group.ravel())
    return means[group.ravel()], len(means)


def spread_out(small: World, part: Space, table: CellTable, whole: Space) -> World:
    """World of a whole plan from that of a part of it, whose levels each stand for their neighbours.

    Parameters
    ----------
    part, whole
        Spaces of the two; the part is of `pilot.part_of`.
    """
    places = {_frozen(c): at for at, c in enumerate(small.table.configurations)}
    at = [places[_frozen(_standing_for(c, part, whole))] for c in table.configurations]
    return World(table, small.mean[at], small.sd[at], small.block, decaying(table, _finer(small, table)))


def _frozen(configuration: Mapping[str, Value]) -> tuple[tuple[str, object], ...]:
    return tuple(sorted((name, key(value)) for name, value in configuration.items()))


def _standing_for(configuration: Configuration, part: Space, whole: Space) -> Configuration:
    """Configuration of the part that stands for one of the whole."""
    found, known = {}, {**whole.fixed, **configuration}
    for one, other in zip(part.settings, whole.settings, strict=True):
        few, every = one.domain(known), other.domain(known)
        if few is not None and every is not None:
            levels, values = few.level_values(), [key(value) for value in every.level_values()]
            at = values.index(key(configuration[one.name]))
            found[one.name] = levels[stratum(at, len(values), len(levels))]
    return found


def stratum(at: int, count: int, parts: int) -> int:
    """Which of so many equal parts of a list an item is in."""
    return int((at + 0.5) * parts / count)


def _finer(small: World, table: CellTable) -> list[float]:
    """Correlation of neighbours where levels stand closer: ρ^(steps before / steps now)."""
    found = []
    for axis, matrix in enumerate(small.together.matrices):
        alike = _neighbours(small.table, axis, matrix)
        numeric = np.isfinite(table.place[:, axis]).any()
        before, now = (_steps(one, axis) for one in (small.table, table))
        found.append(alike ** (before / now) if numeric and now and alike else alike)
    return found


def _steps(table: CellTable, axis: int) -> int:
    inside = table.length[:, axis]
    return table.sizes[axis] // int(inside.min()) - 1
