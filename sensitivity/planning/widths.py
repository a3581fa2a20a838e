"""Half widths of the 95 % intervals of total effects, expected of more replicates of the same plan."""

from __future__ import annotations

import math
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sensitivity.estimators import effects as e
from sensitivity.measures.variance import variance_decomposition
from sensitivity.planning.simulation import World, world_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.study import Study

DRAWS: Final = 5
SEED: Final = 0
TINY: Final = 1e-9
POWERS: Final = (-1.0, -0.25)  # between which half widths fall with the number of replicates
OF_CONFIGURATIONS: Final = (-0.75, -0.25)  # of configurations: what halves say is too hopeful
MOST: Final = 10_000  # replicates that a definition takes
MOST_SIMULATED: Final = 16


def half_widths(shares: pd.DataFrame, branch: str = e.ALL) -> pd.Series:
    """Half width of the interval of each setting's total effect, or main effect where there is no total."""
    rows = shares[(shares[e.BRANCH] == branch) & shares[e.KIND].isin([e.TOTAL, e.MAIN])]
    rows = rows.sort_values(e.KIND, ascending=False, kind="stable").drop_duplicates(e.SETTING)
    return (rows.set_index(e.SETTING)[e.HIGH] - rows.set_index(e.SETTING)[e.LOW]) / 2


def expected(world: World, replicates: Sequence[int], draws: int = DRAWS) -> pd.DataFrame:
    """Median half width over simulated sweeps, a row per setting, a column per number of replicates."""
    found = {}
    for count in replicates:
        rng = np.random.default_rng([SEED, count])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # no draw has a width: a dash in the table
            found[count] = np.nanmedian(world.half_widths(count, draws, rng), axis=1)
    return pd.DataFrame(found, index=list(world.table.names))


def exponent(widths: pd.DataFrame) -> pd.Series:
    """Power of the number of replicates by which each half width falls, between the last two numbers."""
    (before, one), (after, other) = ((int(str(count)), widths[count]) for count in widths.columns[-2:])
    ratio = np.log(np.fmax(np.asarray(other), TINY) / np.fmax(np.asarray(one), TINY))
    powers = np.nan_to_num(np.clip(ratio / math.log(after / before), *POWERS), nan=POWERS[1])
    return pd.Series(powers, index=widths.index)


def enough(widths: pd.DataFrame, within: float) -> int | None:
    """Fewest replicates with which every half width is at most ``within``; None where `MOST` are too few.

    Between and beyond the numbers of replicates in the table each half width falls by its power law.
    """
    counts = [int(str(count)) for count in widths.columns]
    found = counts[0]
    for row, power in zip(widths.to_numpy(), exponent(widths), strict=True):
        fits = next((place for place, width in enumerate(row) if width <= within), None)
        if fits == 0:
            continue
        base = len(counts) - 1 if fits is None else fits - 1
        if math.isnan(row[base]):  # with fewer nothing can be estimated
            if fits is None:
                return None
            found = max(found, counts[fits])
            continue
        needed = math.ceil(counts[base] * (within / row[base]) ** (1 / power) - 1e-9)
        found = max(found, needed if fits is None else min(needed, counts[fits]))
    return found if found <= MOST else None


def with_more(study: Study, more: int, seed: int = SEED) -> pd.DataFrame:
    """Half widths of a run now, and with so many trials more, in columns ``now`` and ``then``.

    More trials of a factorial are more replicates, whose intervals are simulated; elsewhere they are more
    configurations, and half widths fall as they do from each half of the configurations to all of them.
    """
    now = half_widths(study.once(variance_decomposition)).reindex(study.space.names)
    world = world_of(study)
    if world is None:
        then = now * ((len(study.plan) + more) / len(study.plan)) ** _from_halves(study, now, seed)
        return pd.DataFrame({"now": now, "then": then})
    before = world.table.replicates
    after = before + more / len(world.table.configurations)
    simulated = expected(world, (before, max(before + 1, min(math.ceil(after), MOST_SIMULATED))))
    return pd.DataFrame({"now": now, "then": now * (after / before) ** exponent(simulated)})


def _from_halves(study: Study, now: pd.Series, seed: int) -> float:
    """Power of the number of configurations by which half widths fall, the median over the settings."""
    chosen = np.random.default_rng(seed).permutation(int(study.configuration.max()) + 1)
    first = np.isin(study.configuration, chosen[: len(chosen) // 2])
    halves = [
        half_widths(variance_decomposition(replace(study, trials=study.plan[rows]), split=False))
        for rows in (first, ~first)
    ]
    before = pd.concat(halves, axis=1).mean(axis=1).reindex(now.index)
    powers = (now.clip(lower=TINY) / before).dropna().map(math.log2)
    return float(np.clip(powers.median() if len(powers) else np.inf, *OF_CONFIGURATIONS))


def shares_of(shares: pd.DataFrame) -> pd.Series:
    """Total effect of each setting, or its main effect where there is no total."""
    rows = shares[(shares[e.BRANCH] == e.ALL) & shares[e.KIND].isin([e.TOTAL, e.MAIN])]
    rows = rows.sort_values(e.KIND, ascending=False, kind="stable").drop_duplicates(e.SETTING)
    return rows.set_index(e.SETTING)[e.SHARE]
