"""Each at its own best level, without the luck of having chosen it: cross-fitting.

The level that was lowest in some replicates is partly the one that was lucky in them. It is chosen on the
even replicates and judged on the odd ones, and the other way round (Stone 1974): every replicate is judged at
a level that it had no part in choosing.

Arrays have shape (levels, …, replicates): whatever stands between is done one by one, as the draws of a
bootstrap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sensitivity.arrays import Floats, Integers


def own_level(choosing: Floats) -> Integers:
    """Level at which each replicate is judged: the lowest mean over the replicates of the other parity.

    Parameters
    ----------
    choosing
        Whatever is to be low, shape (levels, …, replicates); at least two replicates.

    Returns
    -------
    Level of each replicate, shape (…, replicates).
    """
    levels = np.empty(choosing.shape[1:], dtype=np.int64)
    for half in (0, 1):
        levels[..., half::2] = choosing[..., 1 - half :: 2].mean(axis=-1).argmin(axis=0)[..., None]
    return levels


def at_level(values: Floats, levels: Integers) -> Floats:
    """Value of each replicate at a level of its own, (…, replicates); NaN where there is no such level."""
    there = (levels >= 0) & (levels < len(values))
    held = np.clip(levels, 0, len(values) - 1)
    found: Floats = np.take_along_axis(values, held[None], axis=0)[0]
    return np.where(there, found, np.nan)


def own_best(choosing: Floats, judged: Floats | None = None) -> Floats:
    """What each replicate reaches at the level that the others chose, shape (…, replicates).

    Parameters
    ----------
    choosing
        As for `own_level`.
    judged
        What is read at that level, the same shape; None: what chose it.
    """
    return at_level(choosing if judged is None else judged, own_level(choosing))


def drawn_again(replicates: int, times: int, rng: np.random.Generator) -> Integers:
    """Replicates of a bootstrap, shape (times, replicates).

    Those of each parity are drawn among themselves, so that no half sees the other.
    """
    drawn = np.empty((times, replicates), dtype=np.int64)
    for half in (0, 1):
        own = np.arange(half, replicates, 2)
        drawn[:, half::2] = rng.choice(own, (times, len(own)))
    return drawn
