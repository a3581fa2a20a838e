"""One level of a setting against another: with the same other settings, and each at its own best.

Pairs share every other setting that both levels have, and the replicate: initial weights, minibatch order and
split (common random numbers). A setting that only one of the two has, as β has it of momentum and not of
plain gradient descent, is averaged over in a pair. *Own best*: the rest is tuned for each by itself, on one
half of the replicates, and judged on the other (`sensitivity.estimators.own_best`).

Within a run the replicates are the sample, over several runs the runs are.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sensitivity.estimators.over_datasets import Share, mean_of
from sensitivity.estimators.own_best import own_best
from sensitivity.language import say
from sensitivity.measures import measure as m
from sensitivity.trials import REPLICATE, VALUE
from sensitivity.words import level_text, offer
from sweeps.errors import StudyError, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sensitivity.arrays import Floats
    from sensitivity.study import Study

SAME: Final = "same settings"
OWN: Final = "own best"
ALL_RUNS: Final = "all runs"
COLUMNS: Final = (
    m.Column("run", "Name of the run; ``all runs``: over all of them, which are then the sample."),
    m.Column("compared", "``same settings``: pairs; ``own best``: each tuned by itself."),
    m.Column("pairs", "Number of pairs.", m.COUNT),
    *m.estimate("wins", "Share of pairs in which the first is better; a tie counts half.", m.SHARE),
    *m.estimate(
        "difference",
        "Mean of the first less the second; over several runs in units of what a constant prediction has "
        "above the best of the run.",
        m.AMOUNT,
        ends=("difference_low", "difference_high"),
    ),
)


def versus(studies: Mapping[str, Study], setting: str, one: str, other: str) -> pd.DataFrame:
    """Rows of every run and comparison, and over all runs where there are several.

    Parameters
    ----------
    studies
        By name of the run.
    setting
        Whose levels they are.
    one, other
        The levels, as texts.

    Raises
    ------
    StudyError
        When a run has no such setting or level, or nothing to pair.
    """
    found = [
        (name, how, _unit(study), pairs)
        for name, study in studies.items()
        for how, pairs in _compared(name, study, setting, (one, other)).items()
    ]
    rows = [_of_run(name, how, pairs) for name, how, _, pairs in found]
    for how in (SAME, OWN):
        several = [(unit, pairs) for _, kind, unit, pairs in found if kind == how]
        if len(several) > 1:
            rows.append(_of_all(how, several))
    return pd.DataFrame(rows, columns=m.names(COLUMNS))


def _compared(name: str, study: Study, setting: str, levels: tuple[str, str]) -> dict[str, Floats]:
    """Values of both in pairs, (2, pairs, replicates), by what is compared; NaN where a pair lacks one."""
    trials = _checked(name, study, setting, levels)
    others = [one for one in study.space.names if one != setting]
    sides = [trials[trials[setting].map(level_text) == level] for level in levels]
    common = [one for one in others if all(side[one].notna().any() for side in sides)]
    tables = [
        _by_replicate(side, common) if common else _by_replicate(side.assign(_=0), ["_"]) for side in sides
    ]
    index = tables[0].index.intersection(tables[1].index)
    replicates = tables[0].columns.intersection(tables[1].columns)
    if index.empty or replicates.empty:
        raise StudyError(
            f"{name} pairs nothing: no two trials of {levels[0]} and {levels[1]} agree in all else; "
            "a factorial design pairs all of them"
        )
    found = {SAME: np.array([table.loc[index, replicates].to_numpy(dtype=np.float64) for table in tables])}
    if len(replicates) > 1 and others:
        own = [_by_replicate(side, others)[replicates].to_numpy(dtype=np.float64) for side in sides]
        whole = [table[np.isfinite(table).all(axis=1)] for table in own]
        if all(len(table) > 1 for table in whole):
            found[OWN] = np.array([own_best(table)[None] for table in whole])
    return found


def _by_replicate(trials: pd.DataFrame, settings: list[str]) -> pd.DataFrame:
    """Mean value of every configuration, a column per replicate."""
    keyed = trials.assign(**{name: trials[name].map(level_text) for name in settings})
    return keyed.pivot_table(VALUE, index=settings, columns=REPLICATE, aggfunc="mean", sort=False)


def _checked(name: str, study: Study, setting: str, levels: tuple[str, str]) -> pd.DataFrame:
    """Trials of the plan, once the setting and its levels are there."""
    if setting not in study.space.names:
        raise StudyError(
            f"{name} has no setting {shown(setting)}; {offer(setting, study.space.names, 'it has')}"
        )
    there = {level_text(level) for level in study.plan[setting].dropna()}
    for level in levels:
        if level not in there:
            raise StudyError(
                f"{name} has no {setting} = {shown(level)}; {offer(level, sorted(there), 'it has')}"
            )
    if levels[0] == levels[1]:
        raise StudyError(f"{levels[0]} against itself is no comparison; name two levels of {setting}")
    return study.plan


def _unit(study: Study) -> float:
    """What a constant prediction has above the best configuration; NaN where it is not known."""
    if study.chance is None:
        return math.nan
    best = study.plan.groupby(study.configuration)[VALUE].mean().min()
    return float(study.chance - best)


def _of_run(name: str, how: str, pairs: Floats) -> dict[str, object]:
    """Replicates are the sample: those of one draw of weights, order and split are alike."""
    difference, better = _judged(pairs)
    counts = np.isfinite(difference).sum(axis=0).astype(np.float64)
    kept = counts > 0
    hits, means = np.nansum(better, axis=0)[kept], np.nanmean(difference[:, kept], axis=0)
    return _row(name, how, hits, counts[kept], means)


def _of_all(how: str, several: list[tuple[float, Floats]]) -> dict[str, object]:
    """Runs are the sample."""
    judged = [(unit, *_judged(pairs)) for unit, pairs in several]
    hits = np.array([np.nansum(better) for _, _, better in judged])
    counts = np.array([float(np.isfinite(difference).sum()) for _, difference, _ in judged])
    means = np.array([np.nanmean(difference) / unit for unit, difference, _ in judged])
    return _row(ALL_RUNS, how, hits, counts, means)


def _judged(pairs: Floats) -> tuple[Floats, Floats]:
    """Difference of each pair, and 1, ½ or 0 for better, alike or worse; NaN where one is missing."""
    difference: Floats = pairs[0] - pairs[1]
    better = np.where(np.isfinite(difference), (1 - np.sign(difference)) / 2, np.nan)
    return difference, better


def _row(name: str, how: str, hits: Floats, counts: Floats, means: Floats) -> dict[str, object]:
    share, nowhere = Share(hits, counts), (math.nan, math.nan)
    several = len(means) > 1
    low, high = share.interval() if several else nowhere
    ends = mean_of(means).interval() if several else nowhere
    return {
        "run": name,
        "compared": how,
        "pairs": int(counts.sum()),
        "wins": share.value,
        "low": low,
        "high": high,
        "difference": float(means.mean()),
        "difference_low": ends[0],
        "difference_high": ends[1],
    }


def sentences(table: pd.DataFrame, one: str, other: str) -> list[str]:
    """What the rows say, those over all runs where there are any."""
    overall = table[table["run"] == ALL_RUNS]
    rows = overall if len(overall) else table
    return [_sentence(dict(row), one, other) for row in rows.to_dict("records")]


def _sentence(row: Mapping[object, object], one: str, other: str) -> str:
    share, low, high = (float(str(row[name])) for name in ("wins", "low", "high"))
    ends = float(str(row["difference_low"])), float(str(row["difference_high"]))
    where = say("versus.same") if row["compared"] == SAME else say("versus.own")
    share_text = f"{100 * share:.0f}"
    if math.isnan(low):
        return say("versus.alone", where=where, one=one, other=other, share=share_text)
    often = say(
        "versus.often",
        where=where,
        one=one,
        other=other,
        share=share_text,
        low=f"{100 * low:.0f}",
        high=f"{100 * high:.0f}",
    )
    if ends[0] <= 0 <= ends[1]:
        return say("versus.untold", often=often)
    return say("versus.told", often=often, better=one if ends[1] < 0 else other)
