"""Which of very many settings a surrogate learns from.

A surrogate of 200 settings takes minutes, and sees less than one of the 20 that matter. The first are those
whose first-order effect is largest against its error, turn by turn with those whose splits take most of the
variance in trees, which see interactions too. Of the others only the main effect is estimated, without a
surrogate, from what this one leaves over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.estimators.surrogate import trees
from sensitivity.estimators.surrogate.missed import ALONE, functions, missed

if TYPE_CHECKING:
    from sensitivity.estimators.surrogate.placed import Placed

MOST_AXES: Final = 20
TREES_SEE: Final = 2000


def screened(placed: Placed, always: str) -> Placed:
    """The same draws with at most `MOST_AXES` axes and their parents, among them the setting ``always``."""
    if len(placed.varied) <= MOST_AXES:
        return placed
    axes, trials = placed.encoding.axes, placed.trials
    y = placed.observed.mean - placed.observed.mean.mean()
    alone = {a: missed(y, functions(axes[a], a, trials, ALONE)) for a in placed.varied}
    few = np.arange(len(y)) if len(y) <= TREES_SEE else np.linspace(0, len(y) - 1, TREES_SEE).astype(np.int64)
    together = trees.importances(axes, trials.points.rows(few), y[few])
    by_alone = sorted(alone, key=lambda a: -alone[a].square / max(alone[a].error, 1e-300))
    by_trees = sorted(alone, key=lambda a: -together[a])
    turns = [a for pair in zip(by_alone, by_trees, strict=True) for a in pair]
    first = [a for a in placed.varied if placed.encoding.names[a] == always]
    kept: set[int] = set()
    for axis in dict.fromkeys([*first, *turns]):
        if len(kept) < MOST_AXES:
            kept |= {axis, *placed.encoding.ancestors(axis)}
    return placed.of_axes(sorted(kept))
