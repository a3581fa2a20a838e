"""What a reader of the tables must be warned of, in plain sentences, the most important first.

Nothing is measured here: every number comes from the tables or is a count of trials. A caution says what was
seen, what it means for the numbers, and what to do about it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.estimators import effects as e
from sensitivity.estimators.cells import cell_table
from sensitivity.measures import ranking as r
from sensitivity.measures.measuring import RANKING, SHARES
from sensitivity.remarks import JUDGEMENT, REMARKS, Judgement, has
from sensitivity.reporting.cautions.copies import copies
from sensitivity.reporting.cautions.divergence import divergence, loss_rose
from sensitivity.reporting.cautions.edges import edges
from sensitivity.reporting.cautions.kinds import (
    BALANCE,
    INTERACTION,
    NOISE,
    REPLICATES,
    TRIALS,
    WORDS,
    Caution,
    percent_words,
    rows_of,
)
from sensitivity.reporting.cautions.outlook import outlook
from sensitivity.trials import planned
from sensitivity.words import counted, named
from sweeps.space import Choices

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from sensitivity.arrays import Integers
    from sensitivity.study import Study

MOST: Final = 12
FEW_TRIALS: Final = 30
MUCH_NOISE: Final = 0.3
MUCH_LACK: Final = 0.1
WIDE: Final = 0.2  # width of a 95 % interval, as a share of the variance
SMALL: Final = 0.02  # total effect below which nobody cares what it is made of
ROUNDING: Final = 1e-12  # share of a seed that changes nothing
FEW_REPEATED: Final = 0.5  # share of the configurations with two trials or more
SINGLY: Final = 2  # interactions told one by one


def cautions(study: Study, tables: Mapping[str, pd.DataFrame]) -> list[Caution]:
    """Warnings about a study, at most `MOST`, the most important first.

    Parameters
    ----------
    study
        Trials, any number of them.
    tables
        Of `sensitivity.measures.measuring.all_tables`; tables may be marked or missing.
    """
    if not len(study.trials):
        return [Caution(TRIALS, "There are no trials: nothing can be judged.")]
    found = [
        *copies(study),
        *_trials(study),
        *divergence(study, tables),
        *_balance(study, tables),
        *_replicates(study, tables),
        *_noise(tables),
        *outlook(study, tables),
        *edges(study, tables),
        *_interactions(tables),
        *loss_rose(study),  # no number depends on it, nor what to do
    ]
    return found if len(found) <= MOST else [*found[: MOST - 1], _rest(found[MOST - 1 :])]


def _rest(found: Sequence[Caution]) -> Caution:
    """How many more warnings there are, and what they are about."""
    kinds = [f"{number} about {WORDS[kind]}" for kind, number in Counter(c.kind for c in found).items()]
    return Caution(found[0].kind, f"… and {len(found)} more warnings: {', '.join(kinds)}.")


def _trials(study: Study) -> Iterator[Caution]:
    if not study.space.names:
        yield Caution(TRIALS, "No setting varies: there is nothing to compare.")
    every = len(study.trials) + study.pruned
    if 10 * study.pruned > every:
        yield Caution(
            TRIALS,
            f"{study.pruned:,} of {counted(every, 'trial')} were pruned and left out: how they would have "
            "ended is unknown. What is left are the better ones, so what does harm shows too little.",
        )
    count = len(study.plan)
    if count < FEW_TRIALS:
        yield Caution(
            TRIALS,
            f"There {'is' if count == 1 else 'are'} only {counted(count, 'trial')}: too few to judge by.",
        )


def _balance(study: Study, tables: Mapping[str, pd.DataFrame]) -> Iterator[Caution]:
    """Whether some of the plan has more trials than the rest; the gravest reason only."""
    shares = rows_of(tables, SHARES)
    if any(has(shares[REMARKS], e.ADAPTIVE)):
        yield Caution(
            BALANCE,
            "The trials are not spread evenly over the ranges (an adaptive sampler, or a plan cut short). "
            "Shares are estimated for even ranges all the same and are rough; comparisons of levels are "
            "between trials that differ in other settings too. Some thirty random trials more let shares be "
            "judged.",
        )
        return
    counts = np.bincount(study.configuration)
    levelled = all(
        isinstance(variant.domain, Choices) or variant.domain.levels
        for setting in study.space.settings
        for variant in setting.variants
    )
    grid = study.space.grid_size() if levelled else 0
    text = _gaps(counts, grid, _run(study, len(counts)), exact=cell_table(study) is not None)
    if text:
        yield Caution(BALANCE, text)


def _run(study: Study, measured: int) -> int:
    """Configurations that were run, also those of whose trials none has a result."""
    if study.every is None:
        return measured
    return max(measured, len(planned(study.every)[list(study.space.names)].drop_duplicates()))


def _gaps(counts: Integers, grid: int, run: int, *, exact: bool) -> str:
    """What a grid lacks, and what that means for the shares; empty where it lacks nothing.

    Parameters
    ----------
    counts
        Replicates of each configuration that has a result.
    grid
        Configurations of the whole grid; 0 where there is none.
    run
        Configurations that were run, with a result or without.
    exact
        Whether shares are exact sums all the same.
    """
    missing = grid - len(counts)
    if missing > 0 and exact:
        return (
            f"{counted(missing, 'configuration')} of the grid's {grid:,} "
            f"{_without(missing, run - len(counts))}: predicted from the others, and intervals are "
            "wider by what the prediction may miss."
        )
    if missing > 0:
        surrogate = (
            "shares come from a surrogate instead of exact sums, and levels are compared by trials that "
            "differ in other settings too."
        )
        if run > len(counts):
            why = _without(missing, run - len(counts))
            return f"{counted(missing, 'configuration')} of the grid's {grid:,} {why}: {surrogate}"
        return f"Only {len(counts):,} of the {grid:,} configurations of the grid were run: {surrogate}"
    fewer = int((counts < counts.max()).sum())
    if not fewer:
        return ""
    return (
        f"{counted(fewer, 'configuration')} of {len(counts):,} {'has' if fewer == 1 else 'have'} fewer "
        f"replicates than the others ({counts.min()} instead of {counts.max()}): their means are less "
        f"certain{'' if exact else ', and shares come from a surrogate instead of exact sums'}."
    )


def _without(missing: int, failed: int) -> str:
    """Why configurations have no result: never run, or run without one, or some of either."""
    never = missing - failed
    if not failed:
        return f"{'was' if never == 1 else 'were'} never run"
    if not never:
        return f"{'has' if failed == 1 else 'have'} no result, as every call failed"
    not_run = f"{never:,} {'was' if never == 1 else 'were'} never run"
    return f"have no result ({failed:,} failed in every call, {not_run})"


def _replicates(study: Study, tables: Mapping[str, pd.DataFrame]) -> Iterator[Caution]:
    """Whether enough was run twice to know the noise of the seed, and how well shares are known."""
    counts = np.bincount(study.configuration)
    repeated = int((counts > 1).sum())
    if not repeated:
        yield Caution(REPLICATES, _nothing_twice(rows_of(tables, SHARES, branch=e.ALL, kind=e.NOISE)))
        return
    if repeated < FEW_REPEATED * len(counts):
        yield Caution(
            REPLICATES,
            f"Only {repeated:,} of {counted(len(counts), 'configuration')} "
            f"{'was' if repeated == 1 else 'were'} run twice or more: the noise of the seed is known "
            "from these alone, so small differences may be luck. Run every configuration with two seeds or "
            "more.",
        )
    yield from _wide(rows_of(tables, RANKING))


def _nothing_twice(noise: pd.DataFrame) -> str:
    """That nothing was run twice, and what stands in for the noise of the seed."""
    sources = [remarks.only(e.FROM_INTERACTIONS, e.FROM_SMOOTHNESS) for remarks in noise[REMARKS]]
    told = next((found.words for found in sources if found), "")
    what = f"the noise has {told}" if told else "the noise of the seed cannot be known"
    return (
        f"No configuration was run twice: {what}, so small differences may be luck. Run every configuration "
        "with two seeds or more."
    )


def _wide(ranking: pd.DataFrame) -> Iterator[Caution]:
    """The widest interval of a setting, and that of the seed, where they are wide."""
    widths = (ranking[r.TOTAL_HIGH] - ranking[r.TOTAL_LOW]).astype(float).where(lambda width: width > WIDE)
    settings = widths[ranking[r.RANK].notna()].dropna()
    if len(settings):
        name = str(ranking[r.SETTING][widths.index == settings.idxmax()].iloc[0])
        yield Caution(
            REPLICATES,
            f"The intervals are wide: that of {named(name)} spans {percent_words(settings.max())} of the "
            "variance. More replicates or configurations narrow it.",
            name,
            e.ALL,
        )
    noisy = ranking[r.TOTAL_EFFECT] > ROUNDING
    for place in widths[ranking[r.RANK].isna() & (ranking[r.SETTING] == e.SEED_ROW) & noisy].dropna().index:
        low, high = (float(ranking[end][place]) for end in (r.TOTAL_LOW, r.TOTAL_HIGH))
        yield Caution(
            REPLICATES,
            f"The noise of the seed is hardly known: its share of the variance lies in "
            f"[{100 * low:.1f}, {100 * high:.0f}] %. Run more configurations twice, or more replicates.",
        )


def _noise(tables: Mapping[str, pd.DataFrame]) -> Iterator[Caution]:
    for row in rows_of(tables, SHARES, branch=e.ALL, kind=e.NOISE).to_dict("records"):
        share, known = float(row[e.SHARE]), not has([row[REMARKS]], *e.UNREPLICATED)[0]
        if share >= MUCH_NOISE and has([row[REMARKS]], e.FROM_SCATTER)[0]:
            yield Caution(
                NOISE,
                f"No setting explains {percent_words(share)} of the variance, and nothing tells what it is: "
                "noise, so that a single trial says little about its configuration, or effects that the "
                "surrogate misses, so that totals are larger than they read.",
            )
        elif share >= MUCH_NOISE:
            what = "The seed alone explains" if known else "No setting explains"
            yield Caution(
                NOISE,
                f"{what} {percent_words(share)} of the variance: a single trial says little about its "
                "configuration; compare means over several seeds.",
            )
    for row in rows_of(tables, SHARES, branch=e.ALL, kind=e.LACK_OF_FIT).to_dict("records"):
        if float(row[e.SHARE]) >= MUCH_LACK:
            yield Caution(
                NOISE,
                f"The surrogate behind the shares misses {percent_words(float(row[e.SHARE]))} of the "
                "variance, which belongs to some setting or interaction: total effects may be larger than "
                "they read.",
            )


@dataclass(frozen=True)
class _Depends:
    """A setting most of whose effect depends on others: its total effect, and the part that depends."""

    setting: str
    total: float
    part: float

    @property
    def words(self) -> str:
        """``37 of 48 %``."""
        return f"{100 * self.part:.0f} of {percent_words(self.total)}"


def _interactions(tables: Mapping[str, pd.DataFrame]) -> Iterator[Caution]:
    """Settings whose interactions exceed their main effect; all but the largest few in one sentence."""
    found = sorted(_dependent(tables), key=lambda item: -item.part)
    for item in found[:SINGLY]:
        yield Caution(
            INTERACTION,
            f"{named(item.setting)}: most of its effect ({item.words}) depends on the other settings: choose "
            f"them together, or fix it and then tune them.{_partner(tables, item.setting)}",
            item.setting,
            e.ALL,
        )
    rest = [f"{named(item.setting)} ({item.words})" for item in found[SINGLY:]]
    if rest:
        texts = " and ".join([", ".join(rest[:-1]), rest[-1]]) if len(rest) > 1 else rest[0]
        yield Caution(INTERACTION, f"Most of the effect depends on other settings for {texts} as well.")


def _dependent(tables: Mapping[str, pd.DataFrame]) -> Iterator[_Depends]:
    main = rows_of(tables, SHARES, branch=e.ALL, kind=e.MAIN).set_index(e.SETTING)[e.SHARE]
    for row in rows_of(tables, SHARES, branch=e.ALL, kind=e.TOTAL).to_dict("records"):
        name, total = str(row[e.SETTING]), float(row[e.SHARE])
        alone = max(float(main.get(name, np.nan)), 0.0)
        if total - alone > alone and total >= SMALL and row[JUDGEMENT] == Judgement.ABOVE:
            yield _Depends(name, total, total - alone)


def _partner(tables: Mapping[str, pd.DataFrame], setting: str) -> str:
    """Sentence that names the setting it interacts with most by twos; empty where pairs are unknown."""
    pairs = (
        rows_of(tables, SHARES, branch=e.ALL, kind=e.INTERACTION).set_index(e.SETTING)[e.SHARE].astype(float)
    )
    names = rows_of(tables, SHARES, branch=e.ALL, kind=e.TOTAL)[e.SETTING].astype(str)
    with_others = {
        other: float(pairs[text])
        for other in names
        for text in (e.pair(setting, other), e.pair(other, setting))
        if text in pairs
    }
    largest = max(with_others, key=lambda other: with_others[other], default="")
    if not largest or not with_others[largest] > 0:
        return ""
    return f" Largest partner: {named(largest)} ({percent_words(with_others[largest])})."
