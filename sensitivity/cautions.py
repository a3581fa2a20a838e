"""What a reader of the tables must be warned of, in plain sentences, the most important first.

Nothing is measured here: every number comes from the tables or is a count of trials. A caution says what was
seen, what it means for the numbers, and what to do about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sensitivity.caution_edges import edges
from sensitivity.estimators import effects as e
from sensitivity.estimators.branches import laid_out
from sensitivity.estimators.surrogate_rows import ADAPTIVE
from sensitivity.measures import ranking as r
from sensitivity.measures.table_columns import columns
from sensitivity.measuring import FEW, RANKING, SHARES
from sensitivity.reading.names import counted, listed, named
from sensitivity.trials import DIVERGED, OUTCOME, planned
from sweeps.space import Choices

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sensitivity.reading.source import Source

# Kinds, in the order in which they are given.
TRIALS: Final = "trials"
DIVERGENCE: Final = "divergence"
BALANCE: Final = "balance"
REPLICATES: Final = "replicates"
NOISE: Final = "noise"
EDGE: Final = "edge"
INTERACTION: Final = "interaction"

MOST: Final = 12
MUCH_DIVERGED: Final = 0.2
MUCH_NOISE: Final = 0.3
MUCH_LACK: Final = 0.1
WIDE: Final = 0.2  # width of a 95 % interval, as a share of the variance
SMALL: Final = 0.02  # total effect below which nobody cares what it is made of
SINGLY: Final = 2  # interactions told one by one


@dataclass(frozen=True)
class Caution:
    """One warning.

    Attributes
    ----------
    kind
        What it is about: one of the constants of this module.
    text
        A sentence or two.
    setting, branch
        What it belongs to; empty where that is everything or several.
    """

    kind: str
    text: str
    setting: str = ""
    branch: str = ""


def cautions(source: Source, tables: Mapping[str, pd.DataFrame]) -> list[Caution]:
    """Warnings about a study, at most `MOST`, the most important first.

    Parameters
    ----------
    source
        Trials, any number of them.
    tables
        Of `sensitivity.measuring.all_tables`; tables may be marked or missing.
    """
    if not len(source.trials):
        return [Caution(TRIALS, "There are no trials: nothing can be judged.")]
    found = [
        *_trials(source),
        *_divergence(source, tables),
        *_balance(source, tables),
        *_replicates(source, tables),
        *_noise(tables),
        *(Caution(EDGE, edge.text, edge.setting, edge.branch) for edge in edges(source, tables)),
        *_interactions(tables),
    ]
    return found[:MOST]


def _rows(tables: Mapping[str, pd.DataFrame], name: str, **equal: str) -> pd.DataFrame:
    """Rows of a table whose columns have these values; none where there is no such table."""
    table = tables.get(name, pd.DataFrame(columns=list(columns(name))))
    for column, value in equal.items():
        table = table[table[column] == value]
    return table


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _trials(source: Source) -> Iterator[Caution]:
    if not source.space.names:
        yield Caution(TRIALS, "No setting varies: there is nothing to compare.")
    count = len(planned(source.trials))
    if count < FEW:
        yield Caution(
            TRIALS,
            f"There {'is' if count == 1 else 'are'} only {counted(count, 'trial')}: too few to judge by.",
        )


def _divergence(source: Source, tables: Mapping[str, pd.DataFrame]) -> Iterator[Caution]:
    plan = planned(source.trials)
    diverged = int((plan[OUTCOME] == DIVERGED).sum())
    if diverged == len(plan):
        yield Caution(DIVERGENCE, f"All {counted(diverged, 'trial')} diverged: no setting can be judged.")
        return
    if diverged >= MUCH_DIVERGED * len(plan):
        yield Caution(
            DIVERGENCE,
            f"{_percent(diverged / len(plan))} of the trials diverged ({diverged:,} of {len(plan):,}). All "
            "of them count with one and the same value: a good part of every effect is about what diverges, "
            "not about how well the rest trains.",
        )
    levels = _rows(tables, "divergence_by_level", branch=e.ALL)
    for setting in source.space.names:
        dead = levels[(levels[e.SETTING] == setting) & (levels["diverged"] == levels["trials"])]
        if len(dead):
            yield Caution(
                DIVERGENCE,
                f"Every trial with {named(setting)} at {listed(dead['level'])} diverged: narrow the "
                "range, or most of this effect is that they diverge.",
                setting,
                e.ALL,
            )


def _balance(source: Source, tables: Mapping[str, pd.DataFrame]) -> Iterator[Caution]:
    """Whether some of the plan has more trials than the rest; the gravest reason only."""
    shares = _rows(tables, SHARES)
    if len(shares) and shares[e.VERDICT].astype(str).str.contains(ADAPTIVE, regex=False).any():
        yield Caution(
            BALANCE,
            "The trials are not spread evenly over the ranges (an adaptive sampler, or a plan cut short). "
            "Shares are estimated for even ranges all the same and are rough; comparisons of levels are "
            "between trials that differ in other settings too.",
        )
        return
    counts = np.bincount(laid_out(source.trials, source.space)[1].cluster)
    levelled = all(
        isinstance(variant.domain, Choices) or variant.domain.levels
        for setting in source.space.settings
        for variant in setting.variants
    )
    grid = source.space.grid_size() if levelled else 0
    if len(counts) < grid:
        yield Caution(
            BALANCE,
            f"Only {len(counts):,} of the {grid:,} configurations of the grid were run: shares come from a "
            "surrogate instead of exact sums, and levels are compared by trials that differ in other "
            "settings too.",
        )
    elif counts.min() < counts.max():
        fewer = int((counts < counts.max()).sum())
        yield Caution(
            BALANCE,
            f"{counted(fewer, 'configuration')} of {len(counts):,} {'has' if fewer == 1 else 'have'} fewer "
            f"replicates than the others ({counts.min()} instead of {counts.max()}): their means are less "
            "certain, and shares come from a surrogate instead of exact sums.",
        )


def _replicates(source: Source, tables: Mapping[str, pd.DataFrame]) -> Iterator[Caution]:
    most = int(np.bincount(laid_out(source.trials, source.space)[1].cluster).max())
    if most == 1:
        yield Caution(
            REPLICATES,
            "No configuration was run twice: the noise of the seed cannot be known, so small differences "
            "may be luck. Run every configuration with two seeds or more.",
        )
        return
    ranking = _rows(tables, RANKING)
    ranked = ranking[ranking[r.RANK].notna()].to_dict("records") if most == 2 else []
    widths = {str(row[r.SETTING]): float(row[r.TOTAL_HIGH]) - float(row[r.TOTAL_LOW]) for row in ranked}
    widest = max(widths, key=lambda name: np.nan_to_num(widths[name]), default="")
    if widest and widths[widest] > WIDE:
        yield Caution(
            REPLICATES,
            f"With two replicates the intervals are wide: that of {named(widest)} spans "
            f"{_percent(widths[widest])} of the variance. More replicates or configurations narrow it.",
            widest,
            e.ALL,
        )


def _noise(tables: Mapping[str, pd.DataFrame]) -> Iterator[Caution]:
    for row in _rows(tables, SHARES, branch=e.ALL, kind=e.NOISE).to_dict("records"):
        share, known = float(row[e.SHARE]), not str(row[e.VERDICT]).startswith("no replicates")
        if share >= MUCH_NOISE:
            what = "The seed alone explains" if known else "No setting explains"
            yield Caution(
                NOISE,
                f"{what} {_percent(share)} of the variance: a single trial says little about its "
                "configuration; compare means over several seeds.",
            )
    for row in _rows(tables, SHARES, branch=e.ALL, kind=e.LACK_OF_FIT).to_dict("records"):
        if float(row[e.SHARE]) >= MUCH_LACK:
            yield Caution(
                NOISE,
                f"The surrogate behind the shares misses {_percent(float(row[e.SHARE]))} of the variance, "
                "which belongs to some setting or interaction: total effects may be larger than they read.",
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
        return f"{100 * self.part:.0f} of {_percent(self.total)}"


def _interactions(tables: Mapping[str, pd.DataFrame]) -> Iterator[Caution]:
    """Settings whose interactions exceed their main effect; all but the largest few in one sentence."""
    found = sorted(_dependent(tables), key=lambda item: -item.part)
    for item in found[:SINGLY]:
        yield Caution(
            INTERACTION,
            f"{named(item.setting)}: most of its effect ({item.words}) depends on the other settings, so its "
            f"best value cannot be chosen alone.{_partner(tables, item.setting)}",
            item.setting,
            e.ALL,
        )
    rest = [f"{named(item.setting)} ({item.words})" for item in found[SINGLY:]]
    if rest:
        texts = " and ".join([", ".join(rest[:-1]), rest[-1]]) if len(rest) > 1 else rest[0]
        yield Caution(INTERACTION, f"Most of the effect depends on other settings for {texts} as well.")


def _dependent(tables: Mapping[str, pd.DataFrame]) -> Iterator[_Depends]:
    main = _rows(tables, SHARES, branch=e.ALL, kind=e.MAIN).set_index(e.SETTING)[e.SHARE]
    for row in _rows(tables, SHARES, branch=e.ALL, kind=e.TOTAL).to_dict("records"):
        name, total = str(row[e.SETTING]), float(row[e.SHARE])
        alone = max(float(main.get(name, np.nan)), 0.0)
        if total - alone > alone and total >= SMALL and str(row[e.VERDICT]).startswith(e.ABOVE):
            yield _Depends(name, total, total - alone)


def _partner(tables: Mapping[str, pd.DataFrame], setting: str) -> str:
    """Sentence that names the setting it interacts with most by twos; empty where pairs are unknown."""
    pairs = (
        _rows(tables, SHARES, branch=e.ALL, kind=e.INTERACTION).set_index(e.SETTING)[e.SHARE].astype(float)
    )
    names = _rows(tables, SHARES, branch=e.ALL, kind=e.TOTAL)[e.SETTING].astype(str)
    with_others = {
        other: float(pairs[text])
        for other in names
        for text in (e.pair(setting, other), e.pair(other, setting))
        if text in pairs
    }
    largest = max(with_others, key=lambda other: with_others[other], default="")
    if not largest or not with_others[largest] > 0:
        return ""
    return f" Largest partner: {named(largest)} ({_percent(with_others[largest])})."
