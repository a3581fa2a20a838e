"""What is not told from the noise, how large that is, how many trials failed; the scale of the shares."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sensitivity.estimators import effects as e
from sensitivity.language import say
from sensitivity.language.lists import joined
from sensitivity.measures import ranking as r
from sensitivity.remarks import JUDGEMENT, Judgement
from sensitivity.reporting.forgiving import listed, plain
from sensitivity.reporting.leading import share_of
from sensitivity.request import CAPPED, LOG, RANK, RAW
from sensitivity.scale import HEAVY
from sensitivity.trials import DIVERGED, OUTCOME
from sensitivity.words import interval, percent, short

if TYPE_CHECKING:
    import pandas as pd

    from sensitivity.study import Study


def what_is_noise(ranking: pd.DataFrame, study: Study) -> str:
    """What is not told from the noise, how large that is, and how many trials diverged."""
    failed = _failed(study)
    ranked = ranking[ranking[r.RANK].notna()]
    above = ranked[r.told(ranked)]
    not_above = ranked[(ranked[JUDGEMENT] == Judgement.NOT_ABOVE) & ~r.told(ranked)]
    seed = ranking[(ranking[r.SETTING] == e.SEED_ROW) & ranking[r.RANK].isna()]
    seed = seed[seed[r.TOTAL_EFFECT].notna()]
    if seed.empty or not len(above) + len(not_above):
        return say("answer.noise-unjudged", failed=failed)
    row = seed.iloc[0]
    known = {
        "scatter": say("answer.scatter", seeds="yes" if e.of_seeds(seed) else "no"),
        "share": share_words(row, "total"),
        "failed": failed,
    }
    if len(not_above):
        names = listed([plain(name) for name in not_above[r.SETTING]])
        return say("answer.not-told", names=names, count=len(not_above), **known)
    if len(above) == len(ranked):
        return say("answer.told-all", **known)
    return say("answer.told-judged", **known)


def _failed(study: Study) -> str:
    """How many trials diverged."""
    diverged = int((study.trials[OUTCOME] == DIVERGED).sum()) if len(study.trials) else 0
    return say("answer.failed", count=diverged, all=len(study.trials), left="yes" if study.lost else "no")


def on_which_scale(study: Study) -> str:
    """The scale of the shares and why; empty where nobody asked and the response is taken as it is."""
    scale = study.scale
    if scale.chosen and scale.name == RAW:
        return ""
    taken = {
        RAW: say("answer.scale-raw", metric=plain(study.metric)),
        LOG: say("answer.scale-log", metric=plain(study.metric)),
        RANK: say("answer.scale-rank", metric=plain(study.metric)),
        CAPPED: say("answer.scale-capped", metric=plain(study.metric)),
    }[scale.name]
    reasons = []
    if scale.name == LOG:
        reasons.append(say("answer.wide", decades=f"{scale.decades:.1f}"))
    if scale.few and scale.held >= HEAVY:
        share = percent(min(scale.held, 0.999))
        reasons.append(say("answer.held", count=scale.few, all=len(study.plan), share=share))
    why = say("answer.scale-why", reasons=joined(reasons)) if reasons else ""
    cut = _cut_words(study) if scale.name == CAPPED else ""
    return say("answer.scale", taken=taken, why=why, cut=cut, asked="no" if scale.chosen else "yes")


def _cut_words(study: Study) -> str:
    """What counts as what; the ends are given as the metric was recorded."""
    ends = [(study.sign * study.scale.low, study.turned), (study.sign * study.scale.high, not study.turned)]
    texts = [
        say("answer.cut", side="above" if above else "below", end=short(end, 4))
        for end, above in ends
        if not math.isnan(end)
    ]
    return say("answer.scale-cut", cuts=joined(texts)) if texts else ""


def share_words(row: pd.Series, kind: str) -> str:
    """Share with its interval; an estimate below 0 or above 1 is one of 0 or 1 in a sentence."""
    return interval(*share_of(row.to_dict(), kind).share)
