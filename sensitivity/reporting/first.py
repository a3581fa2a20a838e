"""The decision in words: what page and terminal show first, the same texts in both."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sensitivity.branch import ALL
from sensitivity.language import say, speaking
from sensitivity.language.lists import joined
from sensitivity.measures import advice as a
from sensitivity.reporting.content import FirstScreen, Told
from sensitivity.reporting.decision import MOST_ROWS, unjudged
from sensitivity.reporting.first_rows import name_text, row_words, rule, value_text
from sensitivity.reporting.following import Step
from sensitivity.reporting.leading import NOTHING, Lead
from sensitivity.words import amount, interval
from sweeps.space import Choices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sensitivity.reporting.decision import Configuration, Decision
    from sensitivity.reporting.leading import Share
    from sensitivity.reporting.setting_rows import Row
    from sensitivity.study import Study

MOST_VALUES = 8  # of a configuration


def first_screen(study: Study, found: Decision) -> FirstScreen:
    """All texts of the first screen, in the language and the voice of the trials."""
    with speaking(voice=study.voice):
        more = len(found.rows) - MOST_ROWS
        caution = "" if found.caution is None else study.spoken(found.caution.text)
        return FirstScreen(
            lead=_lead(study, found),
            rows=tuple(row_words(row) for row in found.rows[:MOST_ROWS]),
            rule=rule(found.rows[:MOST_ROWS], found.good),
            more=say("first.rows-more", count=more) if more > 0 else "",
            best=tuple(_best(study, found)),
            sure=tuple(_sure(study, found)),
            caution=caution or ("" if found.lead in NOTHING else say("first.no-caution")),
            why_next=next_words(study, found),
            command=found.following.command,
            others=tuple((_STEPS[step](), command) for step, command in found.following.others),
        )


def next_words(study: Study, found: Decision) -> str:
    """What the next command does."""
    if found.following.step is Step.ZOOM:
        return say("first.zoom", parts=", ".join(_varied(study, found.rows)))
    return _STEPS[found.following.step]()


def _varied(study: Study, rows: Sequence[Row]) -> Iterator[str]:
    """What the next sweep makes of each setting: the tuned finer, what is open as before, the rest fixed."""
    tuned = [row for row in rows if row.advice == a.TUNE and row.places[0].good]
    wider = [row for row in tuned if row.places[0].beyond]
    chosen = [row for row in tuned if row not in wider and isinstance(study.axes[row.setting].scale, Choices)]
    finer = [row for row in tuned if row not in wider and row not in chosen]
    kept = [row for row in rows if row.advice != a.FIX and row not in tuned]
    if finer:
        yield say("first.zoom-finer", names=_joined(finer))
    if wider:
        yield say("first.zoom-wider", names=_joined(wider))
    if chosen:
        yield say("first.zoom-chosen", names=_joined(chosen))
    if kept:
        yield say("first.zoom-kept", names=_joined(kept))
    if any(row.advice == a.FIX for row in rows):
        yield say("first.zoom-rest")


def _joined(rows: Sequence[Row]) -> str:
    return joined([name_text(row.setting) for row in rows])


def _nothing_came(study: Study, count: int) -> str:
    """That every trial failed, or that the column of the result is empty."""
    if study.read is not None and study.read.empty:
        return say("first.all-empty", metric=name_text(study.metric), count=count)
    return say("first.all-failed", count=count)


def _lead(study: Study, found: Decision) -> str:
    """What decides, in a sentence."""
    whole: dict[Lead, Callable[[], str]] = {
        Lead.NO_TRIALS: lambda: say("first.no-trials"),
        Lead.ALL_FAILED: lambda: _nothing_came(study, found.trials),
        Lead.NOTHING_VARIES: lambda: say("first.nothing-varies"),
    }
    if found.lead in whole:
        return whole[found.lead]()
    if not found.shares:
        return say("first.cannot-say-any")
    first, *others = found.shares
    given: dict[str, Any] = {"setting": name_text(first.setting), "share": interval(*first.share)}
    given["metric"] = name_text(study.metric)
    of_one: dict[Lead, Callable[[], str]] = {
        Lead.CANNOT_SAY: lambda: say("first.cannot-say", **given),
        Lead.NOT_SHOWN: lambda: say("first.not-shown", **given),
        Lead.LITTLE: lambda: say("first.little", **given),
    }
    if found.lead in of_one:
        return of_one[found.lead]()
    lead = say("first.decides", **given) if found.lead == Lead.DECIDES else say("first.matters", **given)
    return _and_others(lead, others, tied=found.tied)


def _and_others(lead: str, others: list[Share], *, tied: bool) -> str:
    """The sentence on the first setting, and who follows, or cannot be told from it."""
    if not others:
        return f"{lead}."
    if tied:
        names = ", ".join(
            say("first.with-share", setting=name_text(one.setting), share=interval(*one.share))
            for one in others
        )
        return say("first.tied", lead=lead, others=names)
    (second,) = others
    return say("first.follows", lead=lead, setting=name_text(second.setting), share=interval(*second.share))


def _best(study: Study, found: Decision) -> Iterator[Told]:
    """The best configuration, and the most forgiving; why there is no other where there is none."""
    best, other = found.best, found.forgiving
    if best is None:
        return
    if found.trials == 1:
        head = say("first.only-trial")
    else:
        head = say("first.best-of-means") if best.replicates > 1 else say("first.best-of-singles")
    yield Told(head, _values(best.chosen), _result(study, best))
    if other is not None:
        result = say("first.within", result=_result(study, other), count=best.within)
        yield Told(say("first.forgiving"), _values(other.chosen), result)
    elif found.trials > 1:
        if best.forgiving is None:
            alone = best.replicates > 1 and math.isnan(best.worst_neighbour)
            text = say("first.no-neighbours") if alone else say("first.none-known")
        else:
            text = say("first.alone") if best.within == 1 else say("first.also-forgiving", count=best.within)
        yield Told(say("first.forgiving"), "", text)


def _values(values: Mapping[str, object]) -> str:
    texts = [f"{name_text(name)} {value_text(value)}" for name, value in values.items()]
    rest = len(texts) - MOST_VALUES
    return ", ".join(texts if rest <= 0 else [*texts[:MOST_VALUES], f"… (+{rest})"])


def _result(study: Study, one: Configuration) -> str:
    """How good it is, by how many results, and its worst neighbour."""
    middle, *ends = (study.sign * end + 0.0 for end in one.mean)  # a zero has no sign
    value = amount(middle, *sorted(ends))
    if one.replicates > 1:
        text = say("first.of-replicates", metric=name_text(study.metric), value=value, count=one.replicates)
    else:
        text = say("first.of-single", metric=name_text(study.metric), value=value)
    parts = [text]
    if not math.isnan(one.worst_neighbour):
        parts.append(say("first.neighbour", value=amount(study.sign * one.worst_neighbour)))
    if one.equal > 1:
        parts.append(say("first.tied-best", count=one.equal))
    return "; ".join(parts)


def _sure(study: Study, found: Decision) -> Iterator[str]:
    """How much was run, what is not above the noise, what cannot be judged and why, and luck."""
    yield say(
        "first.counts",
        trials=found.trials,
        configurations=found.configurations,
        replicates=found.replicates,
        most="no" if found.even else "yes",
        searched=found.searched,
        failed=found.failed,
    )
    if found.left_out:
        yield say("first.left-out", count=found.left_out)
    if found.far:
        yield say("first.look-failed", count=found.far)
    idle = [_where_idle(row) for row in found.rows if row.idle]
    if idle:
        yield say("first.not-above", names=_some(idle))
    reasons: dict[tuple[str, bool], list[str]] = {}
    for row in unjudged(found):
        if row.reason is not None:
            key = (study.spoken(row.reason.words), row.advice == a.TUNE)
            reasons.setdefault(key, []).append(name_text(row.setting))
    for (reason, matters), names in reasons.items():
        given = {"names": _some(names), "reason": reason}
        yield say("first.not-judged-where", **given) if matters else say("first.not-judged", **given)
    if found.best is not None and found.best.of > 1:
        once = found.best.replicates == 1
        count = found.best.of
        yield say("first.lucky-once", count=count) if once else say("first.lucky", count=count)


def _where_idle(row: Row) -> str:
    """Setting, and the branches it is meant in."""
    branches = [name_text(branch) for branch in row.idle if branch != ALL]
    name = name_text(row.setting)
    return say("first.in-branch", where=name, branch=", ".join(branches)) if branches else name


def _some(names: list[str], most: int = 5) -> str:
    return ", ".join(names if len(names) <= most else [*names[:most], f"… (+{len(names) - most})"])


_STEPS: dict[Step, Callable[[], str]] = {
    Step.DRAW: lambda: say("first.draw"),
    Step.CONFIRM: lambda: say("first.confirm"),
    Step.MORE: lambda: say("first.more"),
    Step.PLAN: lambda: say("first.more-planned"),
    Step.AGAIN: lambda: say("first.again"),
    Step.MEND: lambda: say("first.mend"),
    Step.WHY: lambda: say("first.mend-column"),
    Step.WHERE: lambda: say("first.mend-levels"),
    Step.NAME: lambda: say("first.name-metric"),
    Step.START: lambda: say("first.start"),
}
