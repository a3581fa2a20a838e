"""Draws of what other seeds would have given."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from sensitivity.estimators.cells import cell_table
from sensitivity.estimators.correlation import MOST, WHOLE, correlation
from sensitivity.estimators.curves.smoothing import smoother
from sensitivity.estimators.noise import factorial_noise, widening

if TYPE_CHECKING:
    from sensitivity.arrays import Floats, Integers
    from sensitivity.estimators.cells import CellTable
    from sensitivity.estimators.curves.responses import Responses
    from sensitivity.estimators.noise import Noise
    from sensitivity.study import Study


def by_configuration(response: Floats, replicate: Integers, configuration: Integers) -> Floats:
    """Responses as a table of shape (C, R), NaN where there is no trial."""
    _, column = np.unique(replicate, return_inverse=True)
    values = np.full((int(configuration.max(initial=-1)) + 1, int(column.max(initial=-1)) + 1), np.nan)
    values[configuration, column] = response
    return values


def stabilised(means: Floats, sd: Floats, noise: Floats) -> Floats:
    """Means moved by ``noise`` standard deviations along the scale on which the deviation is 1.

    Parameters
    ----------
    means, sd
        Shape (C,).
    noise
        Shape (draws, C), in standard deviations.

    Returns
    -------
    Array, shape (draws, C)
        g⁻¹(g(mean) + noise), g' = 1/σ by the trapezoid rule between neighbouring means; below the lowest and
        above the highest mean the deviation stays as it is there.
    """
    order = np.argsort(means, kind="stable")
    m, s = means[order], np.maximum(sd[order], 1e-9 * max(float(np.ptp(means)), 1e-300))
    g = np.concatenate([[0.0], np.cumsum(np.diff(m) / ((s[1:] + s[:-1]) / 2))])
    of = np.empty_like(g)
    of[order] = g
    moved = of + noise
    drawn = np.interp(moved, g, m)
    drawn += np.minimum(moved - g[0], 0.0) * s[0] + np.maximum(moved - g[-1], 0.0) * s[-1]
    return drawn


def stretch(found: Responses) -> float:
    """How much wider an interval is for the few deviations of one place than for those of a whole sweep.

    What a replicate does to all configurations of an optimizer, or of a rate, is told by one deviation or two
    of each replicate (`correlation.MOST`); draws are widened for those of a sweep (`correlation.WHOLE`).
    With it, two optimizers that are the same and whose cells correlate by .5 to .7 are told apart in 1 to 5 %
    of simulated sweeps of two and three replicates.
    """
    if found.together is None or found.together.none or found.stand_in is not None:
        return 1.0  # of a single replicate the draws are as large as they may be
    more = found.observed.shape[1] - 1
    return float(widening(MOST * more) / widening(WHOLE * more))


def reach_of(found: Responses) -> float:
    """How much further intervals reach than draws, see `stretch`; NaN of single replicates."""
    return math.nan if found.stand_in is not None else stretch(found)


def stretched(draws: Floats, factor: float) -> Floats:
    """Draws further from their mean by a factor, shape (draws, …)."""
    if factor == 1 or not len(draws):
        return draws
    centre: Floats = draws.mean(axis=0)
    return centre + factor * (draws - centre)


def deviations(study: Study, block: Floats) -> dict[str, Any]:
    """How the configurations of a factorial deviate: fields of `Responses` by name; none of other plans.

    Of what is left without the replicate's block, which is no part of the noise: with it all would correlate.
    The deviations of a sweep are a few, so that their size is known by as many degrees of freedom.
    """
    table, noise = cell_table(study), factorial_noise(study)
    if table is None or noise is None or not noise.known:
        return {}
    cell = np.full(int(study.configuration.max()) + 1, -1, dtype=np.int64)
    which, replicate = np.nonzero(table.present)
    cell[study.configuration[table.rows[which, replicate]]] = which
    cell = cell[cell >= 0]
    if not noise.replicated:
        return {"cell": cell, **_of_one(table, noise, cell)}
    shifted = table.with_values(table.values - block)
    widened = float(widening(WHOLE * (table.replicates - 1)))
    return {"cell": cell, "together": correlation(shifted, table.index()), "widened": widened}


def _of_one(table: CellTable, noise: Noise, cell: Integers) -> dict[str, Any]:
    """The same of one replicate: likely deviations, drawn as large and as much alike as they may be."""
    most, found = noise.worlds[-1] if noise.worlds else noise, smoother(table)
    likely, largest = float(noise.local[0]), float(most.local[0])
    return {
        "stand_in": np.sqrt(noise.local)[cell],
        "together": most.together,
        "widened": math.sqrt(largest / likely) if likely > 0 else 1.0,
        "smooth": None if found is None else found[cell][:, cell],
    }
