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
from sensitivity.estimators.curves.remarks import BLURRED, TOO_FEW_ALONG
from sensitivity.language import say
from sensitivity.language.lists import joined
from sensitivity.measures import ranking as r
from sensitivity.measures import tolerance as t
from sensitivity.remarks import JUDGEMENT, REMARKS, VERDICT, Judgement, Remarks, first_words, has, told
from sensitivity.reporting.asked import what_was_asked
from sensitivity.reporting.forgiving import (
    Kept,
    capital,
    clauses,
    compared,
    listed,
    otherwise_retuned,
    plain,
    width,
)
from sensitivity.reporting.leading import HALF, LITTLE, apart
from sensitivity.reporting.only_noise import on_which_scale, share_words, what_is_noise
from sensitivity.trials import CROSSED, PHASE, VALUE
from sensitivity.words import percent, short, spans

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sensitivity.study import Study

TWO: Final = 2  # choices, of which the median is the mean
MOST_TIED: Final = 3  # settings of which it is open which matters most, by name


def besides_the_plan(study: Study) -> str:
    """How many of the trials most sections do not look at, and why, and how many were pruned; often empty."""
    crossed = int((study.trials[PHASE] == CROSSED).sum())
    searched = len(study.trials) - study.plan_size - crossed
    said = [say("answer.crossed", count=crossed) if crossed else ""]
    said += [say("answer.searched", count=searched) if searched else ""]
    said += [say("answer.pruned", count=study.pruned) if study.pruned else ""]
    return joined([*filter(None, said)], "two")


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
    ranking = tables["ranking"]
    decides = (what_decides(ranking, study.metric), inside_branches(ranking), _not_judged(ranking))
    return [
        *what_was_asked(tables["question"], plain(study.metric)),
        " ".join(filter(None, decides)),
        how_much_it_forgives(tables, study),
        what_is_noise(ranking, study),
        *filter(None, [on_which_scale(study)]),
    ]


def besides_what_decides(study: Study, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """The same without what was asked and what decides: what the first screen does not say."""
    sentences = (
        on_which_scale(study),
        inside_branches(tables["ranking"]),
        how_much_it_forgives(tables, study),
        what_is_noise(tables["ranking"], study),
    )
    return [sentence for sentence in sentences if sentence]


def what_decides(ranking: pd.DataFrame, metric: str) -> str:
    """Name the setting of rank 1 with its share, and the next that is told from the noise.

    Where intervals overlap those settings together; and what is not judged but may matter more.
    """
    ranked = ranking[ranking[r.RANK].notna()]
    known = ranked[ranked[r.TOTAL_EFFECT].notna() | ranked[r.MAIN_EFFECT].notna()]
    if known.empty:
        return _cannot_say(ranking)
    first = known.iloc[0]
    kind = r.kind_of(first)
    if nothing := _nothing_decides(first, kind, metric):
        return nothing
    above = known[known[JUDGEMENT] == Judgement.ABOVE]
    others = above[above[r.SETTING] != first[r.SETTING]]
    unjudged = [plain(name) for name in _may_matter_more(ranked, first, kind)]
    judged = "some" if unjudged else "all"
    alike = [row for _, row in others.iterrows() if not apart(first.to_dict(), row.to_dict(), kind)]
    if alike:
        text = _tied([first, *alike], kind, metric, judged)
    elif len(others):
        second = others.iloc[0]
        name, share = plain(second[r.SETTING]), share_words(second, kind)
        text = clauses(_leader(first, kind, metric, judged), say("answer.follows", setting=name, share=share))
    else:
        alone = not unjudged and len(known) > 1 and not r.told(known.iloc[1:]).any()
        rest = [say("answer.nothing-else")] if alone else []
        text = clauses(_leader(first, kind, metric, judged), *rest)
    return f"{say('answer.with-doubt', clause=text, names=listed(unjudged)) if unjudged else text}."


def _cannot_say(ranking: pd.DataFrame) -> str:
    """That no setting has a share, and why."""
    reasons = "; ".join(dict.fromkeys(str(text) for text in told(ranking)[VERDICT].dropna() if text))
    return say("answer.cannot-say-why", reasons=reasons) if reasons else say("answer.cannot-say")


def _may_matter_more(ranked: pd.DataFrame, first: pd.Series, kind: str) -> list[str]:
    """Settings whose share is not judged, for want of trials, and may exceed that of the first."""
    wanting = ranked[np.array(has(ranked[REMARKS], *e.WANTING), bool) & ~r.told(ranked)]
    low = first[f"{kind}_low"]
    low = first[f"{kind}_effect"] if pd.isna(low) else low
    return [str(row[r.SETTING]) for _, row in wanting.iterrows() if not row[f"{kind}_high"] <= low]


def _tied(rows: Sequence[pd.Series], kind: str, metric: str, judged: str) -> str:
    """The settings of which nobody can say which matters more, with what they are by themselves."""
    shown = rows[:MOST_TIED]
    return say(
        "answer.tied",
        settings=listed([plain(row[r.SETTING]) for row in shown]),
        shares=listed([share_words(row, kind) for row in shown]),
        alone=listed([percent(_clipped(float(row[r.MAIN_EFFECT]))) for row in shown]),
        kind=kind,
        metric=metric,
        judged=judged,
        more=max(len(rows) - MOST_TIED, 0),
        count=len(rows),
    )


def _nothing_decides(first: pd.Series, kind: str, metric: str) -> str:
    """Why the setting of rank 1 does not decide; empty where it does."""
    share = float(first[f"{kind}_effect"])
    known = {
        "metric": metric,
        "setting": plain(first[r.SETTING]),
        "share": share_words(first, kind),
        "gist": first_words(first[JUDGEMENT], first[REMARKS]),
    }
    if first[JUDGEMENT] == Judgement.NOT_ABOVE:
        return say("answer.not-shown", **known)
    if first[JUDGEMENT] != Judgement.ABOVE:
        wanting = any(has([first[REMARKS]], *e.WANTING))  # nobody says that it comes first
        return say("answer.cannot-say") if wanting else say("answer.cannot-say-first", **known)
    return say("answer.little", **known) if share < LITTLE else ""


def inside_branches(ranking: pd.DataFrame) -> str:
    """Sentences on what counts only inside the branches that have it, each where it is largest."""
    found: dict[str, list[str]] = {}
    for name, said in zip(ranking[r.SETTING], ranking[REMARKS], strict=True):
        for first in said.only(r.INSIDE)[:1] if isinstance(said, Remarks) else ():
            branch, size = first.given
            parts = found.setdefault(plain(branch), [])
            given = {"setting": plain(name), "share": size}
            parts.append(say("answer.inside-next", **given) if parts else say("answer.inside-first", **given))
    said = [say("answer.inside", branch=branch, parts=listed(parts)) for branch, parts in found.items()]
    return " ".join(said)


def _not_judged(ranking: pd.DataFrame) -> str:
    """Sentence on what the plan cannot judge beside what it can; empty where it can judge all, or nothing."""
    ranked = ranking[ranking[r.RANK].notna()]
    missing = ranked[~r.told(ranked) & np.array(has(ranked[REMARKS], *e.WANTING), bool)]
    if missing.empty or len(missing) == len(ranked):
        return ""
    return say("answer.not-judged", names=listed([plain(name) for name in missing[r.SETTING]]))


def _leader(first: pd.Series, kind: str, metric: str, judged: str) -> str:
    """The setting of rank 1 and what is its own; of ``all``, or of ``some``, those that can be judged."""
    open_share = any(has([first[REMARKS]], *e.OPEN))
    decides = float(first[f"{kind}_effect"]) >= HALF and judged == "all" and not open_share
    return say(
        "answer.leads",
        setting=plain(first[r.SETTING]),
        decides="yes" if decides else "no",
        judged=judged,
        share=share_words(first, kind),
        alone=percent(_clipped(float(first[r.MAIN_EFFECT]))),
        metric=metric,
        kind=kind,
    )


def how_much_it_forgives(tables: Mapping[str, pd.DataFrame], study: Study) -> str:
    """Widest and narrowest tolerance of the learning rate over the optimizers, or of what there is."""
    if _unread(tables["tolerance"], study.rate):
        return say("forgiving.unknown")
    rows = t.forgiving(tables["tolerance"])
    rows = rows[rows["fraction"].notna()]
    setting = _followed(rows, tables["ranking"], study.rate)
    rows = rows[rows[e.SETTING] == setting]
    if rows.empty or study.trials[VALUE].nunique() < 2:
        return say("forgiving.unknown")
    if setting in _no_effect(tables["ranking"]):
        return say("forgiving.no-matter", setting=plain(setting))
    why = f"{capital(BLURRED.words)}." if any(has(rows[REMARKS], BLURRED)) else ""
    choices = t.choices_beside(study, setting) if (rows["method"] == goals.UNTUNED).all() else 0
    bar = _bar(rows, tables["isolation_curves"], study)
    kept = Kept(plain(setting), plain(study.metric), bar, _rest(choices))
    optimizers = rows[rows[e.BRANCH] != e.ALL]
    if len(optimizers) < 2:
        row = rows.iloc[0]
        text = say("forgiving.good-values", kept=capital(kept.of(width(row))), values=spans(str(row["band"])))
        return " ".join(filter(None, (text, why)))
    text = " ".join(filter(None, (compared(optimizers, tables["optimizer_differences"], kept), why)))
    if choices != TWO:
        return text
    again = t.comparable(tables["tolerance"])
    again = again[(again[e.SETTING] == setting) & (again[e.BRANCH] != e.ALL)]
    otherwise = otherwise_retuned(optimizers, again, tables["optimizer_differences"])
    return " ".join(filter(None, (text, otherwise)))


def _unread(tolerance: pd.DataFrame, rate: str) -> bool:
    """Whether the trials are too few to read a band of the rate off: no other setting takes its place."""
    rows = tolerance[tolerance[e.SETTING] == rate]
    return bool(len(rows)) and all(has(rows[REMARKS], TOO_FEW_ALONG))


def _no_effect(ranking: pd.DataFrame) -> set[str]:
    """Settings that are not above the noise, anywhere."""
    return set(ranking.loc[(ranking[JUDGEMENT] == Judgement.NOT_ABOVE) & ~r.told(ranking), r.SETTING])


def _bar(rows: pd.DataFrame, isolation: pd.DataFrame, study: Study) -> str:
    """The response that is still good, f* + ε (f_ref − f*), as the metric was recorded."""
    share = t.TOLERANCE if study.tolerance is None else study.tolerance
    if (rows["against"] == goals.COMMON).all() and study.chance is not None:
        best = float(isolation.loc[isolation[e.BRANCH] == e.ALL, "best"].min())
        bar = best + share * (study.chance - best)
        return say("forgiving.bar-value", bar=short(-bar if study.turned else bar, 3))
    return say("forgiving.bar-median", share=percent(share).replace(".0 ", " "))


def _rest(choices: int) -> str:
    """What becomes of the other settings meanwhile, of so many choices; 0 if they are tuned again."""
    if not choices:
        return "tuned"
    return "both" if choices == TWO else "half" if choices > TWO else "nothing"


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


def _clipped(share: float) -> float:
    return share if math.isnan(share) else min(max(share, 0.0), 1.0)
