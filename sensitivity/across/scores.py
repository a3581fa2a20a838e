"""Trials of several datasets → one array of normalised results, higher is better.

Results of different datasets have different units and floors. As Adkins, Bowling & White (2024, "A Method for
Evaluating Hyperparameter Sensitivity in Reinforcement Learning", arXiv 2412.07165, section 3) do, a result is
placed between the 5th and the 95th percentile of all results of its dataset: 0 is as bad as the worst
twentieth, 1 as good as the best; better and worse ones lie outside. A metric that stops at a cap, as an error
does at that of a constant guess, so has its zero there where a twentieth of the trials is that bad.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sensitivity.axis import axes_of, codes_of
from sensitivity.coding import same_rows
from sensitivity.estimators.choosing import nearest, two_way
from sensitivity.order import canonical_order
from sensitivity.trials import REPLICATE, VALUE
from sensitivity.words import level_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.arrays import Floats, Integers
    from sweeps.space import Space

DATASET: Final = "dataset"
WORST: Final = 95  # percentile of the values, of which lower is better, that scores 0
BEST: Final = 5  # and that scores 1
PAIRS: Final = 16  # half-samples with their complements


@dataclass(frozen=True, eq=False)
class Scores:
    """Normalised results of C configurations on E datasets.

    Attributes
    ----------
    datasets
        Their names.
    settings
        Names of the settings that vary.
    levels
        Level of each setting in each configuration, shape (C, settings); −1 where it is inactive.
    texts
        Name of each level of each setting.
    configurations
        Value of each active setting as text, of each configuration.
    results
        Results as they were measured, lower is better, shape (C, E, R); NaN where there is none.
    zero, one
        Value that scores 0, and that scores 1, of each dataset, shape (E,).
    """

    datasets: tuple[str, ...]
    settings: tuple[str, ...]
    levels: Integers
    texts: tuple[tuple[str, ...], ...]
    configurations: tuple[dict[str, str], ...]
    results: Floats
    zero: Floats
    one: Floats

    @cached_property
    def scores(self) -> Floats:
        """Normalised results, higher is better, shape (C, E, R); NaN where there is none."""
        width = (self.zero - self.one)[:, None]
        return np.asarray((self.zero[:, None] - self.results) / width)

    @cached_property
    def counts(self) -> Integers:
        """Results of each configuration on each dataset, shape (C, E)."""
        return np.asarray(np.isfinite(self.results).sum(axis=2))

    @property
    def replicates(self) -> int:
        """Results of a configuration on a dataset, of the one that has most."""
        return int(self.counts.max())

    @cached_property
    def means(self) -> Floats:
        """Mean score over replicates, shape (C, E); NaN where there is none."""
        return mean_of(self.scores)

    @cached_property
    def half_samples(self) -> tuple[Floats, ...]:
        """Mean scores of random halves of the replicates, of each dataset on its own; each of shape (C, E).

        Every half comes with the other one; the draws are fixed. Empty where a dataset has one replicate.
        """
        ran = [np.flatnonzero(each) for each in np.asarray(np.isfinite(self.results).any(axis=0))]
        if min(len(each) for each in ran) < 2:
            return ()
        rng = np.random.default_rng(0)
        found = []
        for _ in range(PAIRS):
            mixed = [rng.permutation(each) for each in ran]
            for ends in ([each[: len(each) // 2] for each in mixed], [e[-(len(e) // 2) :] for e in mixed]):
                columns = [mean_of(self.scores[:, place, half]) for place, half in enumerate(ends)]
                found.append(np.stack(columns, axis=1))
        return tuple(found)

    @cached_property
    def noise(self) -> Floats:
        """Standard deviation of the score of one trial among the best tenth of each dataset, shape (E,).

        Beside others of the same replicate (`sensitivity.estimators.choosing.two_way`); NaN without
        replicates.
        """
        return np.array([self._noise_of(place) for place in range(len(self.datasets))])

    def _noise_of(self, place: int) -> float:
        means = self.means[:, place]
        known = np.flatnonzero(np.isfinite(means))
        near = nearest(known, -means)
        return two_way(self.scores[near, place])[1] if self.replicates > 1 else float("nan")

    def normalised(self) -> Scores:
        """The same on the scale from the 95th to the 5th percentile of each dataset's values."""
        flat = np.moveaxis(self.results, 1, 0).reshape(len(self.datasets), -1)
        zero, one = np.nanpercentile(flat, [WORST, BEST], axis=1)
        return replace(self, zero=zero, one=one)

    def keeping(self, datasets: Sequence[int]) -> Scores:
        """The same of some of the datasets alone."""
        kept = list(datasets)
        names = tuple(self.datasets[place] for place in kept)
        results, zero, one = self.results[:, kept], self.zero[kept], self.one[kept]
        return replace(self, datasets=names, results=results, zero=zero, one=one)


def mean_of(scores: Floats) -> Floats:
    """Mean over the last axis of what is there; NaN where nothing is."""
    known = np.isfinite(scores)
    count = known.sum(axis=-1)
    total = np.where(known, scores, 0.0).sum(axis=-1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def scores_of(table: pd.DataFrame, space: Space, *, normalise: bool = True) -> Scores:
    """Array of a table of trials.

    Parameters
    ----------
    table
        A column per setting of the space (empty: inactive), ``dataset``, ``value`` (lower is better) and,
        where configurations ran more than once, ``replicate``; where one ran twice with the same replicate, a
        further one is made, so that every result counts.
    space
        The settings. More than 24 different numbers of one are cut into bins (`sensitivity.axis`).
    normalise
        Whether results are put between the percentiles of their dataset; else a score is minus the value.
    """
    axes = axes_of(table, space)
    rows, at = _cells(codes_of(axes.values(), len(table)))
    names, dataset = np.unique(table[DATASET].to_numpy(dtype=str), return_inverse=True)
    appeared = list(dict.fromkeys(table[DATASET].tolist()))
    place = np.array([appeared.index(name) for name in names])[dataset]
    replicate = _replicates(table, at, place)
    shape = (len(rows), len(appeared), int(replicate.max()) + 1)
    results = np.full(shape, np.nan)
    results[at, place, replicate] = table[VALUE].to_numpy(dtype=np.float64, na_value=np.nan)
    found = Scores(
        datasets=tuple(str(name) for name in appeared),
        settings=tuple(axes),
        levels=np.column_stack([np.zeros((len(rows), 0), np.int64), *(a.level[rows] for a in axes.values())]),
        texts=tuple(axis.texts for axis in axes.values()),
        configurations=_texts(table, tuple(axes), rows),
        results=results,
        zero=np.zeros(len(appeared)),
        one=np.full(len(appeared), -1.0),
    )
    return found.normalised() if normalise else found


def _cells(codes: Integers) -> tuple[Integers, Integers]:
    """First row of each configuration, ordered by its values, and the configuration of each row.

    Ordered by values, not by rows: of equally good ones the same is taken in whatever order they are listed.
    """
    same = same_rows(codes)
    first, number = np.unique(same, return_index=True, return_inverse=True)[1:]
    order = np.lexsort(codes[first].T[::-1]) if codes.shape[1] else np.arange(len(first))
    return first[order], np.argsort(order)[number]


def _replicates(table: pd.DataFrame, cell: Integers, place: Integers) -> Integers:
    """Replicate of each trial, from 0, shape (trials,); no two of a cell and dataset have the same."""
    number = np.zeros(len(table), dtype=np.int64)
    if REPLICATE in table:
        number = np.unique(table[REPLICATE].to_numpy(), return_inverse=True)[1]
    count = int(number.max(initial=0)) + 1
    values = table[VALUE].to_numpy(dtype=np.float64, na_value=np.nan)
    order = canonical_order([each.tolist() for each in (values, cell, place, number)])
    again = pd.DataFrame({"cell": cell, "place": place, "number": number}).iloc[order]
    times = again.groupby(["cell", "place", "number"]).cumcount().sort_index().to_numpy()
    return np.asarray(number + times * count)


def _texts(table: pd.DataFrame, names: Sequence[str], rows: Integers) -> tuple[dict[str, str], ...]:
    """Value of each active setting as text, of the configuration in each of these rows."""
    picked = table[list(names)].iloc[rows]
    columns = {name: [level_text(value) for value in picked[name].tolist()] for name in names}
    return tuple(
        {name: columns[name][place] for name in names if columns[name][place]} for place in range(len(rows))
    )
