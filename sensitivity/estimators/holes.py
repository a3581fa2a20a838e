"""Trials that a factorial lacks: still running, cut short or failed. Their places are filled.

A configuration of which some replicate was run has its mean over those, with the replicates' blocks taken
off: R_c replicates instead of R. One that was never run is predicted in one of two ways, whichever misses the
other configurations less: by *lower orders*, main effects and pairs of settings (of two settings main
effects), found by repeated substitution (Healy & Westmacott 1956), or by *neighbours*, the straight line
between those along a numeric setting. The mean square of that miss is what the filled mean may be wrong by:
over all, or over those with as many settings at an end of their range or more, whichever is larger (at a
corner nothing lies beyond, and effects and what they do together are the largest). Where two numeric settings
or more are at an end, it is the square of the range of all results at least; and no interval can be honest
(`corner`), for training that diverges there, as it does at a corner first, shows at no other configuration.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sensitivity.arrays import Floats, Integers, Mask
    from sensitivity.estimators.cells import CellTable

MOST: Final = 0.1  # of the trials: beyond, a surrogate is the better guess
CORNER: Final = 2  # numeric settings at an end, beyond which a response may have a cliff
_ROUNDS: Final = 1000


def filled(table: CellTable, values: Floats, present: Mask) -> tuple[Floats, Floats]:
    """Values without a gap, and the mean square by which a predicted configuration may be wrong.

    Parameters
    ----------
    values
        Shape (C, R); what stands where a trial is missing is not looked at.
    present
        Shape (C, R).

    Returns
    -------
    Arrays, shapes (C, R) and (C,)
        The second is 0 where a configuration did not have to be predicted.
    """
    counts = present.sum(axis=1)
    complete = counts == values.shape[1]
    known = np.where(present, values, 0.0)
    block = np.zeros(values.shape[1])
    if complete.any():
        block = known[complete].mean(axis=0) - known[complete].mean()
    means = (known - present * block).sum(axis=1) / np.maximum(counts, 1)
    error = np.zeros(len(counts))
    if (counts == 0).any():
        means, error = _predicted(table, means, counts > 0)
    return np.where(present, values, means[:, None] + block), error


def _predicted(table: CellTable, means: Floats, known: Mask) -> tuple[Floats, Floats]:
    """Means of all configurations by the better of the two ways, and its mean square error where unknown."""
    found = [_by_lower_orders(table, means, known)]
    found += [_by_neighbours(table, axis, means, known) for axis in table.axes]
    able = [one for one in found if np.isfinite(one[0][~known]).all() and np.isfinite(one[1][known]).any()]
    errors = [float(np.nanmean(np.square(miss[known]))) for _, miss in able]
    best = int(np.argmin(errors))
    guess, miss = able[best]
    doubt = _at_ends(table, np.square(miss), known)
    doubt = np.where(_ends(table) >= CORNER, np.maximum(doubt, np.ptp(means[known]) ** 2), doubt)
    return np.where(known, means, guess), np.where(known, 0.0, doubt)


def corner(table: CellTable) -> bool:
    """Whether a configuration with two numeric settings or more at an end of their range was never run."""
    return bool(((table.counts == 0) & (_ends(table) >= CORNER)).any())


def _ends(table: CellTable) -> Integers:
    """Numeric settings of several levels that each configuration has at an end of their range, shape (C,)."""
    moving = [
        axis for axis in table.axes if np.isfinite(table.place[:, axis]).any() and table.sizes[axis] > 1
    ]
    if not moving:
        return np.zeros(len(table.place), dtype=np.int64)
    place = table.place[:, moving]
    found: Integers = ((place == np.nanmin(place, axis=0)) | (place == np.nanmax(place, axis=0))).sum(axis=1)
    return found


def _at_ends(table: CellTable, squares: Floats, known: Mask) -> Floats:
    """Mean square over known configurations with at least as many settings at an end, or over all; (C,)."""
    ends = _ends(table)
    told = known & np.isfinite(squares)
    overall = float(squares[told].mean())
    found = np.full(len(ends), overall)
    for count in np.unique(ends[~known]):
        beyond = told & (ends >= count)
        if beyond.any():
            found[ends == count] = max(float(squares[beyond].mean()), overall)
    return found


def _by_lower_orders(table: CellTable, means: Floats, known: Mask) -> tuple[Floats, Floats]:
    """Guess and miss of main effects and pairs; a miss is scaled to that of a configuration left out."""
    index = table.index()
    moving = [axis for axis in table.axes if table.sizes[axis] > 1]
    order = max(min(2, len(moving) - 1), 1)
    subsets = [set(u) for size in range(order + 1) for u in itertools.combinations(moving, size)]
    count, weight = np.bincount(index.ravel()), float(means[known].mean())
    guess = np.where(known, means, weight)
    fit = guess
    scale = float(np.ptp(means[known])) or 1.0
    for _ in range(_ROUNDS):
        fit = np.bincount(index.ravel(), _lower(guess[index], subsets).ravel()) / count
        moved = float(np.abs(fit - guess)[~known].max())
        guess = np.where(known, means, fit)
        if moved <= 1e-13 * scale:
            break
    parameters = sum(int(np.prod([table.sizes[axis] - 1 for axis in u])) for u in subsets)
    free = max(known.sum() - parameters, 1) / known.sum()
    return fit, (means - fit) / free  # as by a leverage of (1 − free) everywhere


def _lower(array: Floats, subsets: list[set[int]]) -> Floats:
    """Projection of an array onto the effects of some sets of axes."""
    found = np.zeros_like(array)
    means = {
        frozenset(u): array.mean(axis=tuple(a for a in range(array.ndim) if a not in u), keepdims=True)
        for u in subsets
    }
    for u in subsets:
        for size in range(len(u) + 1):
            for part in itertools.combinations(sorted(u), size):
                found = found + (-1) ** (len(u) - size) * means[frozenset(part)]
    return found


def lines(table: CellTable, axis: int, known: Mask) -> Iterator[Integers]:
    """Configurations that differ in one numeric setting alone, in the order of its levels, line by line."""
    place = table.place[:, axis]
    active = np.flatnonzero(np.isfinite(place) & known)
    if not len(active):
        return
    others = np.delete(np.hstack([table.start, table.length]), [axis, axis + len(table.sizes)], axis=1)
    line = np.unique(others[active], axis=0, return_inverse=True)[1].ravel()
    order = active[np.lexsort((place[active], line))]
    yield from np.split(order, np.flatnonzero(np.diff(np.sort(line))) + 1)


def _by_neighbours(table: CellTable, axis: int, means: Floats, known: Mask) -> tuple[Floats, Floats]:
    """Guess and miss of the straight line between known neighbours; NaN where it has none on both sides."""
    guess = np.full(len(means), np.nan)
    for line in lines(table, axis, np.ones_like(known)):
        place, have = table.place[line, axis], known[line]
        for at in range(1, len(line) - 1):
            before, after = np.flatnonzero(have[:at]), np.flatnonzero(have[at + 1 :])
            if len(before) and len(after):
                ends = line[[before[-1], at + 1 + after[0]]]
                guess[line[at]] = np.interp(place[at], table.place[ends, axis], means[ends])
    return guess, means - guess
