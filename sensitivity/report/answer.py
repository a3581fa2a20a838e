"""Tables → the answer in three sentences: what decides, how much it forgives, what is only noise.

The sentences are made of the tables' own numbers, with their intervals, and say so where the tables cannot
say anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from sensitivity.estimators import effects as e
from sensitivity.measures import ranking as r
from sensitivity.measures import tolerance as t
from sensitivity.numerals import interval, percent, short
from sensitivity.plots.style import words
from sensitivity.reading.names import counted
from sensitivity.shown import amount, level_text
from sensitivity.trials import DIVERGED, OUTCOME

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sensitivity.reading.source import Source

DECIDES: Final = 0.5  # of the variance: from here on a setting decides, below it matters most
_RATE: Final = "learning_rate"
_LONGEST: Final = 48  # letters of a name in a sentence


def answer(source: Source, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Three sentences.

    Parameters
    ----------
    source
        The trials.
    tables
        Of `sensitivity.measuring.all_tables`; ``ranking`` and ``tolerance`` are read.
    """
    return [
        what_decides(tables["ranking"], source.metric),
        how_much_it_forgives(tables, source),
        what_is_noise(tables["ranking"], source),
    ]


def what_decides(ranking: pd.DataFrame, metric: str) -> str:
    """Name the setting of rank 1 with its share, and the next."""
    ranked = ranking[ranking[r.RANK].notna()]
    known = ranked[ranked[r.TOTAL_EFFECT].notna() | ranked[r.MAIN_EFFECT].notna()]
    if known.empty:
        reasons = "; ".join(dict.fromkeys(str(text) for text in ranking[r.VERDICT].dropna() if text))
        return f"These trials cannot say which setting matters{': ' if reasons else ''}{reasons}."
    first = known.iloc[0]
    total = not pd.isna(first[r.TOTAL_EFFECT])
    kind = "total" if total else "main"
    if not str(first[r.VERDICT]).startswith(e.ABOVE):
        return _nothing_stands_out(first, kind, metric)
    share = float(first[f"{kind}_effect"])
    text = (
        f"{_words(first)} {'decides' if share >= DECIDES else 'matters most'}: {_share(first, kind)} of the "
    )
    text += f"variance of the {metric} " + (
        f"involves it, {percent(float(first[r.MAIN_EFFECT]))} by itself"
        if total
        else "is its own (main effect)"
    )
    if len(known) == 1:
        return f"{text}."
    second = known.iloc[1]
    verb = "follows" if _apart(first, second, kind) else "is not told from it"
    return f"{text}; {_words(second, lower=True)} {verb} with {_share(second, kind)}."


def _nothing_stands_out(first: pd.Series, kind: str, metric: str) -> str:
    """The largest share, and why it cannot be believed."""
    return (
        f"No setting can be shown to move the {metric}: the largest share of its variance is "
        f"{_words(first, lower=True)}'s, {_share(first, kind)} ({first[r.VERDICT]})."
    )


def _apart(first: pd.Series, second: pd.Series, kind: str) -> bool:
    """Whether the intervals of two shares do not overlap; without intervals the order is all there is."""
    low, high = first[f"{kind}_low"], second[f"{kind}_high"]
    return bool(pd.isna(low) or pd.isna(high) or low > high)


def how_much_it_forgives(tables: Mapping[str, pd.DataFrame], source: Source) -> str:
    """Widest and narrowest tolerance of the learning rate over the optimizers, or of what there is."""
    rows = t.comparable(tables["tolerance"])
    rows = rows[rows["fraction"].notna()]
    setting = _followed(rows, tables["ranking"])
    rows = rows[rows[e.SETTING] == setting]
    if rows.empty:
        return "How far a setting may miss its best value cannot be said from these trials."
    name = _plain(setting)
    bar = _bar(rows, tables["isolation_curves"], source)
    tuned = f"keep the {source.metric} {bar}, everything else tuned again"
    optimizers = rows[rows[e.BRANCH] != e.ALL]
    if len(optimizers) < 2:
        row = rows.iloc[0]
        width = _width(row)
        return f"{width[:1].upper()}{width[1:]} of {name} {tuned}: {row['band']}."
    column = "decades" if optimizers["decades"].notna().all() else "fraction"
    ordered = optimizers.sort_values(column, ascending=False, kind="stable")
    widest, narrowest = ordered.iloc[0], ordered.iloc[-1]
    return (
        f"{_branch(widest)} forgives most: {_width(widest)} of {name} {tuned}; "
        f"{_branch(narrowest, lower=True)} forgives least, {_width(narrowest)}."
    )


def _bar(rows: pd.DataFrame, isolation: pd.DataFrame, source: Source) -> str:
    """The response that is still good: f* + ε (f_ref − f*)."""
    share = t.TOLERANCE if source.tolerance is None else source.tolerance
    if (rows["against"] == t.COMMON).all() and source.cap is not None:
        best = float(isolation.loc[isolation[e.BRANCH] == e.ALL, "best"].min())
        return f"at {short(best + share * (source.cap - best), 3)} or better"
    return f"within {percent(share).replace('.0 ', ' ')} of the way from the best to the median"


def _followed(rows: pd.DataFrame, ranking: pd.DataFrame) -> str:
    """The learning rate, or the most important setting on a numeric axis."""
    if _RATE in set(rows[e.SETTING]):
        return _RATE
    numeric = rows[rows["from"].notna()][e.SETTING]
    order = [name for name in ranking[r.SETTING] if name in set(numeric)]
    return str(order[0]) if order else ""


def _width(row: pd.Series) -> str:
    """Tolerance in decades, or as a share of the range where the axis is not logarithmic.

    "At least" where the range swept, not the result, sets an end to it.
    """
    least = "at least " if "cut off by the range" in str(row["verdict"]) else ""
    if not pd.isna(row["decades"]):
        ends = (float(row["decades_low"]), float(row["decades_high"]))
        return f"{least}{amount(float(row['decades']), *ends)} decades"
    return least + f"{interval(float(row['fraction']), float(row['low']), float(row['high']))} of the range"


def what_is_noise(ranking: pd.DataFrame, source: Source) -> str:
    """What is not above the noise of the seed, how large that is, and how many trials diverged."""
    diverged = int((source.trials[OUTCOME] == DIVERGED).sum()) if len(source.trials) else 0
    trials = f"{diverged:,} of {counted(len(source.trials), 'trial')} diverged"
    ranked = ranking[ranking[r.RANK].notna()]
    verdicts = ranked[r.VERDICT].astype(str)
    above, not_above = (ranked[verdicts.str.startswith(word)] for word in (e.ABOVE, e.NOT_ABOVE))
    seed = ranking[ranking[r.SETTING] == e.SEED_ROW]
    seed = seed[seed[r.TOTAL_EFFECT].notna()]
    if seed.empty or not len(above) + len(not_above):
        return f"Whether a difference is more than the noise of the seed cannot be judged here; {trials}."
    row = seed.iloc[0]
    noise = _share(row, "total")
    if len(not_above):
        verb = "is" if len(not_above) == 1 else "are"
        names = _listed([_plain(name) for name in not_above[r.SETTING]])
        text = f"{names[:1].upper()}{names[1:]} {verb} not above the noise of the seed"
        return f"{text} ({noise} of the variance); {trials}."
    who = "Every setting is" if len(above) == len(ranked) else "What can be judged is"
    return f"{who} above the noise of the seed, which is {noise} of the variance; {trials}."


def _share(row: pd.Series, kind: str) -> str:
    return interval(*(float(row[f"{kind}_{part}"]) for part in ("effect", "low", "high")))


def _branch(row: pd.Series, *, lower: bool = False) -> str:
    name = words(level_text(row[e.BRANCH]).partition("=")[2], _LONGEST)
    return name if lower else f"{name[:1].upper()}{name[1:]}"


def _words(row: pd.Series, *, lower: bool = False) -> str:
    name = _plain(row[r.SETTING])
    return name if lower else f"{name[:1].upper()}{name[1:]}"


def _plain(name: object) -> str:
    return words(name, _LONGEST)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
