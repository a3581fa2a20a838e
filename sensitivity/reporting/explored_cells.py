"""Trials as rows of levels: all that a cell of two settings is made of, whatever is done with the others.

A row is one combination of levels of the settings that can be chosen; its trials are those of one
configuration, or of several where numbers stand in bins or a setting is left out. The page adds rows up. The
rows stand in the order in which the table `pairs` ranks configurations: of any rows the first one holds the
configuration that is the best with everything else tuned.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.coding import same_rows
from sensitivity.measures.pairs import collected, important, varies
from sensitivity.pictures.marks.cells import MOST_LEVELS
from sensitivity.pictures.orders import by_importance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from sensitivity.arrays import Floats, Integers
    from sensitivity.axis import Axis
    from sensitivity.measures.pairs import Tried
    from sensitivity.study import Study

MOST_ROWS: Final = 8000  # with their curves some 400 kB of the page
ROUNDING: Final = 1e-12  # of a mean, below which a spread is that of its last digits


@dataclass(frozen=True)
class Explored:
    """A setting that can be chosen.

    Attributes
    ----------
    axis
        Its values.
    texts
        Name of each level.
    level
        Level of each trial, shape (trials of the plan,); −1 where inactive.
    others
        How many more levels are counted together as the last one; 0 where each stands for itself.
    """

    axis: Axis
    texts: tuple[str, ...]
    level: Integers
    others: int = 0


@dataclass(frozen=True)
class Rows:
    """Combinations of levels that were tried, R of them.

    Attributes
    ----------
    settings
        That can be chosen, in the order of the space.
    left_out
        How many more settings vary.
    level
        Shape (R, settings); −1 where inactive.
    count, mean, sd, failed
        Of all trials of each row, shape (R,); NaN: no sd of one trial.
    best
        Row → number, mean and sd of the trials of its best configuration, where it has several.
    trials
        Trials of each row, those of its best configuration first.
    """

    settings: Sequence[Explored]
    left_out: int
    level: Integers
    count: Integers
    mean: Floats
    sd: Floats
    failed: Integers
    best: Mapping[int, tuple[int, float, float]]
    trials: Sequence[Integers]


def explored_rows(study: Study, tables: Mapping[str, pd.DataFrame]) -> Rows | None:
    """Rows of a study; None where fewer than two settings vary, or every trial failed.

    With more settings than the table `pairs` looks at, or more rows than the page has room for, the least
    important ones cannot be chosen.
    """
    found = collected(study)
    varied = [axis for axis in study.axes.values() if varies(axis, found.rows)]
    shown, _ = important(varied, found.rows, collected(study.scaled).response)
    if len(shown) < 2 or found.diverged[found.rows].all():
        return None
    ranked = {name: place for place, name in enumerate(by_importance(tables))}
    chosen = sorted((_explored(found, axis) for axis in shown), key=lambda one: ranked.get(one.axis.name, 99))
    while len(chosen) > 2 and len(np.unique(_numbers(chosen)[found.rows])) > MOST_ROWS:
        chosen.pop()
    chosen = [one for name in study.axes for one in chosen if one.axis.name == name]
    return _rows(found, chosen, len(varied) - len(chosen))


def _explored(found: Tried, axis: Axis) -> Explored:
    """A setting with its levels; of very many those with the best results, the others together."""
    if len(axis) <= MOST_LEVELS:
        return Explored(axis, axis.texts, axis.level)
    best = np.full(len(axis) + 1, np.inf)
    np.minimum.at(best, axis.level[found.rows], found.mean[found.group[found.rows]])
    kept = np.sort(np.argsort(best[:-1], kind="stable")[:MOST_LEVELS])
    place = np.full(len(axis) + 1, MOST_LEVELS)
    place[kept], place[-1] = np.arange(MOST_LEVELS), -1
    texts = tuple(axis.texts[at] for at in kept.tolist())
    return Explored(axis, texts, place[axis.level], len(axis) - MOST_LEVELS)


def _numbers(chosen: Sequence[Explored]) -> Integers:
    """Number of each trial's combination of levels, shape (trials,)."""
    return same_rows(np.column_stack([one.level for one in chosen]))


def _rows(found: Tried, chosen: Sequence[Explored], left_out: int) -> Rows:
    """Trials by combination of levels, the one with the best configuration first."""
    rank = np.empty(len(found.mean), dtype=np.int64)
    rank[found.best_first] = np.arange(len(rank))
    own = rank[found.group[found.rows]]
    rows = found.rows[np.argsort(own, kind="stable")]
    number = same_rows(_numbers(chosen)[rows][:, None])  # by first appearance: the best first
    trials = np.split(rows[np.argsort(number, kind="stable")], np.cumsum(np.bincount(number))[:-1])
    moments = [_moments(found.response[own]) for own in trials]
    first = np.array([own[0] for own in trials])
    return Rows(
        settings=chosen,
        left_out=left_out,
        level=np.column_stack([one.level[first] for one in chosen]),
        count=np.array([len(own) for own in trials]),
        mean=np.array([mean for mean, _ in moments]),
        sd=np.array([sd for _, sd in moments]),
        failed=np.array([int(found.diverged[own].sum()) for own in trials]),
        best={
            row: (int(found.count[of]), float(found.mean[of]), float(found.sd[of]))
            for row, of in enumerate(found.group[first].tolist())
            if found.count[of] < len(trials[row])
        },
        trials=trials,
    )


def _moments(response: Floats) -> tuple[float, float]:
    """Mean and sample standard deviation, NaN of one; 0 where it is nothing but rounding."""
    mean = float(response.mean())
    if len(response) < 2:
        return mean, float("nan")
    sd = float(response.std(ddof=1))
    return mean, sd if sd > ROUNDING * abs(mean) else 0.0
