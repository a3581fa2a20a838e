"""Shares from a part of the configurations, for the question whether fewer trials would have done.

A subset of a factorial is no factorial, so the total effect is estimated from pairs of its configurations
that differ in one setting alone (Jansen 1999: T_i V = E[½ (f(x) − f(x'))²]), averaged over the pairs at hand:

    T̂_i V = (share of pairs of different configurations) · Σ_lines (k Σ y² − (Σ y)²) / Σ_lines (k² − Σ n_c²)
             − what the noise adds,

k positions of a line along axis i at hand, n_c of them the same configuration. All pairs are equally likely
to be in a subset, so this tends to the exact total effect as subsets grow, and with all configurations it
*is* the exact one. Where the plan is no factorial a subset's main effects are those of bins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy import sparse

from sensitivity.estimators.branches import FEWEST
from sensitivity.estimators.noise import local_variances
from sensitivity.estimators.projections import FactorialProjection
from sensitivity.estimators.two_way import two_way

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.arrays import Floats, Integers
    from sensitivity.estimators.branches import BinnedProjection

Booleans = npt.NDArray[np.bool_]


def random_subsets(rng: np.random.Generator, count: int, size: int, draws: int) -> Booleans:
    """Subsets of ``size`` of ``count`` configurations, shape (draws, count), True where one is in."""
    order = rng.permuted(np.tile(np.arange(count), (draws, 1)), axis=1)
    inside: Booleans = order < size
    return inside


def configurations_of(projection: FactorialProjection | BinnedProjection) -> int:
    """Number of configurations that subsets are drawn from."""
    if isinstance(projection, FactorialProjection):
        return len(projection.rows)
    return int(projection.configuration.max(initial=-1)) + 1


def shares_of_subsets(
    projection: FactorialProjection | BinnedProjection, response: Floats, subsets: Booleans
) -> Floats:
    """What ranks the settings in each subset: totals of a factorial (unscaled), main effects elsewhere.

    Parameters
    ----------
    response
        Response of each trial of the plan, shape (trials, 1).
    subsets
        Which configurations are in, shape (subsets, C).

    Returns
    -------
    Floats, shape (settings, subsets)
    """
    if isinstance(projection, FactorialProjection):
        return totals_of_subsets(projection, response, subsets)
    if not len(projection.rows):
        return np.full((len(projection.names), len(subsets)), np.nan)
    mean = two_way(response[projection.rows, 0], projection.configuration, projection.replicate).means
    scale = float(np.var(mean)) or np.nan
    inside = subsets.astype(np.float64)
    by_row = np.ascontiguousarray(inside.T)  # as a sparse product wants it
    return np.array([_binned_shares(mean, bins, inside, by_row, scale) for bins in projection.bins])


def _binned_shares(mean: Floats, bins: Integers, subsets: Floats, by_row: Floats, whole: float) -> Floats:
    """ε² of one setting as in `sensitivity.estimators.branches.binned_share`, in each subset, (subsets,).

    ``by_row``: the subsets, shape (subsets, C), by configuration.
    """
    levels, active = int(bins.max(initial=-1)) + 1, bins >= 0
    if not levels:
        return np.full(len(subsets), np.nan)
    centred = mean[active] - mean[active].mean()
    inside, rows = (subsets, by_row) if active.all() else (subsets[:, active], by_row[active])
    shape, level = (len(subsets), levels), bins[active]
    # A sparse product adds in the order of the configurations, as counting them one by one would.
    order = np.argsort(level, kind="stable")
    begin = np.append(0, np.cumsum(np.bincount(level, minlength=levels)))
    count, total = (
        (sparse.csr_array((weights, order, begin), (levels, len(centred))) @ rows).T
        for weights in (np.ones(len(centred)), centred[order])
    )
    size, groups = count.sum(axis=1), (count > 0).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        squares = np.divide(total**2, count, out=np.zeros(shape), where=count > 0).sum(axis=1)
        within = (inside @ centred**2 - squares) / (size - groups)
        explained = (squares - total.sum(axis=1) ** 2 / size - (groups - 1) * within) / size
        share = (size / subsets.sum(axis=1)) ** 2 * explained / whole
    return np.where((groups >= 1) & (size >= FEWEST) & (size > groups), share, np.nan)


def dealt_anew(
    projection: FactorialProjection | BinnedProjection,
    response: Floats,
    replicate: Integers,
    rng: np.random.Generator,
) -> Floats:
    """Response of each trial of the plan, that of each configuration dealt out anew to its replicates."""
    rows = projection.rows.ravel()
    if isinstance(projection, FactorialProjection):
        configuration = np.repeat(np.arange(len(projection.rows)), projection.rows.shape[1])
    else:
        configuration = projection.configuration
    place = np.unique(replicate[rows], return_inverse=True)[1].ravel().astype(np.int64)
    fit = two_way(response[rows, 0], configuration, place)
    dealt = response.copy()
    before, after = np.lexsort([rng.random(len(rows)), configuration]), np.lexsort([place, configuration])
    dealt[rows[after], 0] = (fit.means[configuration] + fit.residual)[before]
    return dealt


def totals_of_subsets(
    projection: FactorialProjection,
    response: Floats,
    subsets: Booleans,
    replicates: int | Sequence[int] | None = None,
) -> Floats:
    """T_i V of each setting from pairs of the configurations in each subset, noise taken off.

    Parameters
    ----------
    projection
        Projections of the whole factorial.
    response, subsets
        As in `shares_of_subsets`.
    replicates
        Columns of the replicates to use; None for all.

    Returns
    -------
    Floats, shape (settings, subsets)
        In units of the response squared; NaN where no pair is at hand.
    """
    table, values = projection.table, projection.values(response)[:, :, 0]
    noise = np.nan_to_num(local_variances(values[:, :, None], projection.rows >= 0)[:, 0])
    columns = np.arange(table.replicates) if replicates is None else np.atleast_1d(replicates)
    cell = values[:, columns].mean(axis=1)
    noise /= len(columns)
    inside = subsets.T[projection.index].astype(np.float64)  # (*sizes, subsets)
    at = (cell - cell.mean())[projection.index][..., None]
    moments = (inside, inside * at, inside * at**2)
    found = np.full((len(table.names), len(subsets)), np.nan)
    for axis in table.axes:
        found[axis] = _total(projection, axis, moments, noise)
    return found


def _total(
    projection: FactorialProjection, axis: int, moments: tuple[Floats, Floats, Floats], noise: Floats
) -> Floats:
    """T_i V of one axis in each subset from the indicator of being in it, times y and times y²."""
    table, inside = projection.table, moments[0]
    length = table.length[:, axis][projection.index]
    others = table.sizes[axis] - length  # positions of other configurations on the line of each position
    if not others.any():
        return np.zeros(inside.shape[-1])
    lines = tuple(range(inside.ndim - 2))
    count, first, second = (moment.sum(axis=axis) for moment in moments)
    squares = (count * second - first**2).sum(axis=lines)
    pairs = (count**2 - (inside * length[..., None]).sum(axis=axis)).sum(axis=lines)
    mean = np.divide(squares, pairs, out=np.full(len(pairs), np.nan), where=pairs > 0)
    # Every pair adds ½ (σ_c² + σ_c'²): σ_c² as often as c is in one.
    weight = projection.collect @ others.ravel() / others.sum()
    total: Floats = float(others.mean()) / table.sizes[axis] * (mean - weight @ noise)
    return total
