"""Tables → the answer in three sentences: what decides, how much it forgives, what is only noise.

A fourth says on which scale shares were taken, where that is not the response as it is.

The sentences are made of the tables' own numbers, with their intervals, and say so where the tables cannot
say anything.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sensitivity.estimators import effects as e
from sensitivity.estimators.curves import goals
from sensitivity.estimators.curves.remarks import BLURRED
from sensitivity.measures import ranking as r
from sensitivity.measures import tolerance as t
from sensitivity.remarks import JUDGEMENT, REMARKS, VERDICT, Judgement, Remarks, first_words, has
from sensitivity.reporting.asked import what_was_asked
from sensitivity.reporting.forgiving import capital, compared, listed, otherwise_retuned, plain, width
from sensitivity.reporting.leading import HALF, LITTLE, apart, share_of
from sensitivity.request import CAPPED, LOG, RANK, RAW
from sensitivity.scale import HEAVY
from sensitivity.trials import CROSSED, DIVERGED, OUTCOME, PHASE, VALUE
from sensitivity.words import counted, interval, percent, short

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sensitivity.study import Study

TWO: Final = 2  # choices, of which the median is the mean
MOST_TIED: Final = 3  # settings of which it is open which matters most, by name


def besides_the_plan(study: Study) -> str:
    """How many of the trials most sections do not look at, and why, and how many were pruned; often empty."""
    crossed = int((study.trials[PHASE] == CROSSED).sum())
    searched = len(study.trials) - study.plan_size - crossed
    counts = {"with crossed draws": crossed, "by a search": searched}
    pruned = [f"besides {study.pruned:,} pruned and left out"] if study.pruned else []
    return ", ".join([*(f"{count:,} of them {how}" for how, count in counts.items() if count), *pruned])


def varied(study: Study) -> int:
    """Number of settings that took more than one value: what is held at one is none of those compared."""
    return sum(len(axis.tried) > 1 for axis in study.axes.values())


def answer(study: Study, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Three sentences, and one on the scale where there is something to say about it.

    Parameters
    ----------
    study
        The trials.
    tables
        Of `sensitivity.measures.measuring.all_tables`; ``question``, ``ranking``, ``tolerance``,
        ``isolation_curves`` and ``optimizer_differences`` are read.
    """
    return [
        *what_was_asked(tables["question"], study.metric),
        what_decides(tables["ranking"], study.metric)
        + inside_branches(tables["ranking"])
        + _not_judged(tables["ranking"]),
        how_much_it_forgives(tables, study),
        what_is_noise(tables["ranking"], study),
        *filter(None, [on_which_scale(study)]),
    ]


def besides_what_decides(study: Study, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """The same without what was asked and what decides: what the first screen does not say."""
    sentences = (
        inside_branches(tables["ranking"]).strip(),
        how_much_it_forgives(tables, study),
        what_is_noise(tables["ranking"], study),
        on_which_scale(study),
    )
    return [sentence for sentence in sentences if sentence]


def what_decides(ranking: pd.DataFrame, metric: str) -> str:
    """Name the setting of rank 1 with its share, and the next that is told from the noise.

    Where intervals overlap those settings together; and what is not judged but may matter more.
    """
    ranked = ranking[ranking[r.RANK].notna()]
    known = ranked[ranked[r.TOTAL_EFFECT].notna() | ranked[r.MAIN_EFFECT].notna()]
    if known.empty:
        reasons = "; ".join(dict.fromkeys(str(text) for text in ranking[VERDICT].dropna() if text))
        return f"These trials cannot say which setting matters{': ' if reasons else ''}{reasons}."
    first = known.iloc[0]
    kind = r.kind_of(first)
    if nothing := _nothing_decides(first, kind, metric):
        return nothing
    above = known[known[JUDGEMENT] == Judgement.ABOVE]
    others = above[above[r.SETTING] != first[r.SETTING]]
    unjudged = _may_matter_more(ranked, first, kind)
    open_ = listed([plain(name) for name in unjudged]) if unjudged else ""
    among, doubt = (" of those that can be judged", f"; {open_} may matter more") if open_ else ("", "")
    alike = [row for _, row in others.iterrows() if not apart(first.to_dict(), row.to_dict(), kind)]
    if alike:
        return f"{_tied([first, *alike], kind, metric, among)}{doubt}."
    text = _leader(first, kind, metric, among)
    if others.empty:
        alone = not open_ and len(known) > 1 and not r.told(known.iloc[1:]).any()
        rest = "; nothing else is told from the noise of the seed" if alone else ""
        return f"{text}{rest}{doubt}."
    second = others.iloc[0]
    return f"{text}; {plain(second[r.SETTING])} follows with {_share(second, kind)}{doubt}."


def _may_matter_more(ranked: pd.DataFrame, first: pd.Series, kind: str) -> list[str]:
    """Settings whose share is not judged, for want of trials, and may exceed that of the first."""
    wanting = ranked[np.array(has(ranked[REMARKS], *e.WANTING), bool) & ~r.told(ranked)]
    low = first[f"{kind}_low"]
    low = first[f"{kind}_effect"] if pd.isna(low) else low
    return [str(row[r.SETTING]) for _, row in wanting.iterrows() if not row[f"{kind}_high"] <= low]


def _tied(rows: Sequence[pd.Series], kind: str, metric: str, among: str) -> str:
    """The settings of which nobody can say which matters more, with what they are by themselves."""
    shown, more = rows[:MOST_TIED], len(rows) - MOST_TIED
    names = capital(listed([plain(row[r.SETTING]) for row in shown]))
    sizes = listed([_share(row, kind) for row in shown])
    of = f"of the variance of the {metric}"
    if kind == "main":
        what = f"{sizes} {of} are their own (main effect)"
    else:
        alone = listed([percent(_clipped(float(row[r.MAIN_EFFECT]))) for row in shown])
        what = f"{sizes} {of} involve them, {alone} by themselves"
    too = f" with those of {more:,} more" if more > 0 else ""
    which = "of the two matters more" if len(rows) == TWO else "of them matters most"
    return f"{names} matter most{among}: {what}; the intervals overlap{too}: which {which} is open"


def _nothing_decides(first: pd.Series, kind: str, metric: str) -> str:
    """Why the setting of rank 1 does not decide; empty where it does."""
    gist = first_words(first[JUDGEMENT], first[REMARKS])
    whose = f"{plain(first[r.SETTING])}'s, {_share(first, kind)}"
    if first[JUDGEMENT] == Judgement.NOT_ABOVE:
        return (
            f"No setting can be shown to move the {metric}: the largest share of its variance is {whose}, "
            f"{gist}."
        )
    if first[JUDGEMENT] != Judgement.ABOVE:
        return (
            "These trials cannot say which setting matters. As they stand, the largest share of the variance "
            f"of the {metric} is {whose}; {gist}."
        )
    if float(first[f"{kind}_effect"]) < LITTLE:
        return (
            f"No setting matters much: the largest share of the variance of the {metric} is {whose}, {gist}."
        )
    return ""


def inside_branches(ranking: pd.DataFrame) -> str:
    """Sentences on what counts only inside the branches that have it, each where it is largest."""
    found: dict[str, list[str]] = {}
    for name, said in zip(ranking[r.SETTING], ranking[REMARKS], strict=True):
        for first in said.only(r.INSIDE)[:1] if isinstance(said, Remarks) else ():
            branch, size = first.given
            parts = found.setdefault(plain(branch), [])
            parts.append(
                f"{plain(name)} {size}" if parts else f"{plain(name)} involves {size} of the variance"
            )
    return "".join(f" Inside {branch}, {listed(parts)}." for branch, parts in found.items())


def _not_judged(ranking: pd.DataFrame) -> str:
    """Sentence on what the plan cannot judge beside what it can; empty where it can judge all, or nothing."""
    ranked = ranking[ranking[r.RANK].notna()]
    missing = ranked[~r.told(ranked) & np.array(has(ranked[REMARKS], *e.WANTING), bool)]
    if missing.empty or len(missing) == len(ranked):
        return ""
    return f" Not judged, for want of trials: {listed([plain(name) for name in missing[r.SETTING]])}."


def _leader(first: pd.Series, kind: str, metric: str, among: str) -> str:
    """The setting of rank 1 and what is its own; ``among`` which, where not among all."""
    decides = float(first[f"{kind}_effect"]) >= HALF and not among
    verb = "decides" if decides else f"matters most{among}"
    text = (
        f"{capital(plain(first[r.SETTING]))} {verb}: {_share(first, kind)} of the variance of the {metric} "
    )
    if kind == "main":
        return f"{text}is its own (main effect)"
    return f"{text}involves it, {percent(_clipped(float(first[r.MAIN_EFFECT])))} by itself"


def how_much_it_forgives(tables: Mapping[str, pd.DataFrame], study: Study) -> str:
    """Widest and narrowest tolerance of the learning rate over the optimizers, or of what there is."""
    rows = t.forgiving(tables["tolerance"])
    rows = rows[rows["fraction"].notna()]
    setting = _followed(rows, tables["ranking"], study.rate)
    rows = rows[rows[e.SETTING] == setting]
    if rows.empty or study.trials[VALUE].nunique() < 2:
        return "How far a setting may miss its best value cannot be said from these trials."
    if setting in _no_effect(tables["ranking"]):
        return f"Nothing shows that it matters which value {plain(setting)} has, everything else tuned again."
    why = f" {capital(BLURRED.words)}." if any(has(rows[REMARKS], BLURRED)) else ""
    bar = _bar(rows, tables["isolation_curves"], study)
    choices = t.choices_beside(study, setting) if (rows["method"] == goals.UNTUNED).all() else 0
    kept = f"keep the {study.metric} {bar}{_rest(choices)}"
    optimizers = rows[rows[e.BRANCH] != e.ALL]
    if len(optimizers) < 2:
        row = rows.iloc[0]
        return f"{capital(width(row))} of {plain(setting)} {kept}: {row['band']}.{why}"
    text = compared(optimizers, tables["optimizer_differences"], plain(setting), kept) + why
    if choices != TWO:
        return text
    again = t.comparable(tables["tolerance"])
    again = again[(again[e.SETTING] == setting) & (again[e.BRANCH] != e.ALL)]
    return text + otherwise_retuned(optimizers, again, tables["optimizer_differences"])


def _no_effect(ranking: pd.DataFrame) -> set[str]:
    """Settings that are not above the noise, anywhere."""
    return set(ranking.loc[(ranking[JUDGEMENT] == Judgement.NOT_ABOVE) & ~r.told(ranking), r.SETTING])


def _bar(rows: pd.DataFrame, isolation: pd.DataFrame, study: Study) -> str:
    """The response that is still good, f* + ε (f_ref − f*), as the metric was recorded."""
    share = t.TOLERANCE if study.tolerance is None else study.tolerance
    if (rows["against"] == goals.COMMON).all() and study.chance is not None:
        best = float(isolation.loc[isolation[e.BRANCH] == e.ALL, "best"].min())
        bar = best + share * (study.chance - best)
        return f"at {short(-bar if study.turned else bar, 3)} or better"
    return f"within {percent(share).replace('.0 ', ' ')} of the way from the best to the median"


def _rest(choices: int) -> str:
    """What becomes of the other settings meanwhile, of so many choices; 0 if they are tuned again."""
    if not choices:
        return ", everything else tuned again"
    if choices == TWO:
        return " in the mean of both choices of the other settings"
    return " for half of all choices of the other settings" if choices > TWO else ""


def _followed(rows: pd.DataFrame, ranking: pd.DataFrame, rate: str) -> str:
    """The learning rate, or the most important numeric setting; one that can be judged, if there is any."""
    unknown = set(ranking.loc[ranking[JUDGEMENT] == Judgement.UNKNOWN, r.SETTING])
    numeric = rows[rows["from"].notna()][e.SETTING]
    order = [name for name in ranking[r.SETTING] if name in set(numeric)]
    judged = [name for name in order if name not in unknown]
    if rate in set(rows[e.SETTING]) and (rate not in unknown or not judged):
        return rate
    order = judged or order
    return str(order[0]) if order else ""


def what_is_noise(ranking: pd.DataFrame, study: Study) -> str:
    """What is not told from the noise, how large that is, and how many trials diverged."""
    diverged = int((study.trials[OUTCOME] == DIVERGED).sum()) if len(study.trials) else 0
    left_out = study.every is not None and len(study.every) > len(study.trials)
    trials = (
        f"{diverged:,} of {'the other ' if left_out else ''}{counted(len(study.trials), 'trial')} diverged"
    )
    ranked = ranking[ranking[r.RANK].notna()]
    above = ranked[r.told(ranked)]
    not_above = ranked[(ranked[JUDGEMENT] == Judgement.NOT_ABOVE) & ~r.told(ranked)]
    seed = ranking[(ranking[r.SETTING] == e.SEED_ROW) & ranking[r.RANK].isna()]
    seed = seed[seed[r.TOTAL_EFFECT].notna()]
    if seed.empty or not len(above) + len(not_above):
        return f"Whether a difference is more than the noise of the seed cannot be judged here; {trials}."
    row = seed.iloc[0]
    noise = (
        "the noise of the seed" if e.of_seeds(seed) else "what scatters without a pattern, noise or misfit"
    )
    size = f"{_share(row, 'total')} of the variance"
    if len(not_above):
        names = listed([plain(name) for name in not_above[r.SETTING]])
        verb = "is" if len(not_above) == 1 else "are"
        return f"{capital(names)} {verb} not told from {noise} ({size}); {trials}."
    who = (
        "Over the ranges tried every setting has an effect that is"
        if len(above) == len(ranked)
        else "What can be judged is"
    )
    return f"{who} told from {noise}, which makes {size}; {trials}."


def on_which_scale(study: Study) -> str:
    """The scale of the shares and why; empty where nobody asked and the response is taken as it is."""
    scale = study.scale
    if scale.chosen and scale.name == RAW:
        return ""
    metric, plan = study.metric, study.plan[VALUE]
    taken = {
        RAW: f"the {metric} as it is",
        LOG: f"the {metric} on a log scale",
        RANK: f"the ranks of the {metric}",
        CAPPED: f"the {metric} without its extremes",
    }[scale.name]
    reasons = []
    if scale.name == LOG:
        reasons.append(f"its values span {scale.decades:.1f} decades")
    if scale.few and scale.held >= HEAVY:
        verb = "holds" if scale.few == 1 else "hold"
        held = percent(min(scale.held, 0.999))
        reasons.append(f"{scale.few:,} of {counted(len(plan), 'trial')} {verb} {held} of its variance")
    why = f" ({' and '.join(reasons)})" if reasons else ""
    cut = _cut_words(study) if scale.name == CAPPED else ""
    end = "; --scale raw takes it as it is" if scale.chosen else ", as told"
    return f"Shares are of {taken}{why}{cut}{end}."


def _cut_words(study: Study) -> str:
    """What counts as what; the ends are given as the metric was recorded."""
    ends = [(study.sign * study.scale.low, study.turned), (study.sign * study.scale.high, not study.turned)]
    texts = [
        f"what is {'above' if above else 'below'} {short(end, 4)} counts as {short(end, 4)}"
        for end, above in ends
        if not math.isnan(end)
    ]
    return f"; {' and '.join(texts)}" if texts else ""


def _share(row: pd.Series, kind: str) -> str:
    """Share with its interval; an estimate below 0 or above 1 is one of 0 or 1 in a sentence."""
    return interval(*share_of(row.to_dict(), kind).share)


def _clipped(share: float) -> float:
    return share if math.isnan(share) else min(max(share, 0.0), 1.0)
