"""The decision in words: what page and terminal show first, the same texts in both."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sensitivity.branch import ALL, words
from sensitivity.language import say, speaking
from sensitivity.measures import advice as a
from sensitivity.measures.tolerance import ANY
from sensitivity.remarks import Judgement
from sensitivity.reporting.content import FirstRow, FirstScreen, Told
from sensitivity.reporting.decision import MOST_ROWS, unjudged
from sensitivity.reporting.following import Step
from sensitivity.reporting.leading import NOTHING, Lead
from sensitivity.words import amount, interval, level_text, spans

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sensitivity.reporting.decision import Configuration, Decision, Place, Row
    from sensitivity.reporting.leading import Share
    from sensitivity.study import Study

LONGEST = 40  # letters of a name in a sentence
MOST_VALUES = 8  # of a configuration
LONG = 60  # letters of a value


def first_screen(study: Study, found: Decision) -> FirstScreen:
    """All texts of the first screen, in the language and the voice of the trials."""
    with speaking(voice=study.voice):
        more = len(found.rows) - MOST_ROWS
        caution = "" if found.caution is None else study.spoken(found.caution.text)
        return FirstScreen(
            lead=_capital(_lead(study, found)),
            rows=tuple(_row(row, found) for row in found.rows[:MOST_ROWS]),
            more=say("first.rows-more", count=more) if more > 0 else "",
            best=tuple(_best(study, found)),
            sure=tuple(_sure(study, found)),
            caution=caution or ("" if found.lead in NOTHING else say("first.no-caution")),
            why_next=_STEPS[found.following.step](found.following.command),
            command=found.following.command,
            others=tuple((_STEPS[step](command), command) for step, command in found.following.others),
        )


def _name(name: object) -> str:
    return words(name, LONGEST)


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _lead(study: Study, found: Decision) -> str:
    """What decides, in a sentence."""
    whole: dict[Lead, Callable[[], str]] = {
        Lead.NO_TRIALS: lambda: say("first.no-trials"),
        Lead.ALL_FAILED: lambda: say("first.all-failed", count=found.trials),
        Lead.NOTHING_VARIES: lambda: say("first.nothing-varies"),
    }
    if found.lead in whole:
        return whole[found.lead]()
    if not found.shares:
        return say("first.cannot-say-any")
    first, *others = found.shares
    given: dict[str, Any] = {"setting": _name(first.setting), "share": interval(*first.share)}
    given["metric"] = study.metric
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
            say("first.with-share", setting=_name(one.setting), share=interval(*one.share)) for one in others
        )
        return say("first.tied", lead=lead, others=names)
    (second,) = others
    return say("first.follows", lead=lead, setting=_name(second.setting), share=interval(*second.share))


_ADVICE: dict[str, Callable[[], str]] = {
    a.TUNE: lambda: say("first.tune"),
    a.FIX: lambda: say("first.fix"),
    a.UNKNOWN: lambda: say("first.unknown"),
}
_KINDS = {a.TUNE: "tune", a.FIX: "fix", a.UNKNOWN: "unknown"}


def _row(row: Row, found: Decision) -> FirstRow:
    if row.advice == a.UNKNOWN:
        value = None if found.best is None else found.best.chosen.get(row.setting)
        where = say("first.so-far", value=_level(value)) if level_text(value) else ""
        cost = say("first.cost-unknown")
    else:
        parts = [_place(place) for place in row.places]
        parts += [say("first.more-places", count=row.more)] if row.more else []
        where, cost = "; ".join(parts), _cost(row.places[0])
    return FirstRow(
        _KINDS[row.advice], _ADVICE[row.advice](), _name(row.setting), where, interval(*row.share), cost
    )


def _level(value: object) -> str:
    return words(level_text(value), LONG) if isinstance(value, str) else level_text(value)


def _place(place: Place) -> str:
    """Range to search next, or value to take, and in which branch."""
    value = say("first.any-value") if place.value == ANY else _level(place.value)
    where = spans(place.good) or (
        say("first.or-any", value=value) if place.free and place.value != ANY else value
    )
    if place.branch != ALL:
        where = say("first.in-branch", where=where, branch=_name(place.branch))
    if place.beyond == "lowest":
        return say("first.beyond-low", where=where)
    return say("first.beyond-high", where=where) if place.beyond else where


def _cost(place: Place) -> str:
    """What the worst value costs; where it may be nothing, how much at most."""
    cost, low, high = place.cost
    if math.isnan(cost):
        return say("first.cost-unknown")
    at = _level(place.worst_at)
    if low <= 0:  # not where it is NaN
        return say("first.cost-open", high=amount(high), value=at)
    return say("first.cost-at", cost=amount(cost, low, high), value=at)


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
        text = say("first.alone") if best.replicates > 1 and best.within == 1 else say("first.none-known")
        if best.replicates == 1 or best.within == 1:
            yield Told(say("first.forgiving"), "", text)


def _values(values: Mapping[str, object]) -> str:
    texts = [f"{_name(name)} {_level(value)}" for name, value in values.items()]
    rest = len(texts) - MOST_VALUES
    return ", ".join(texts if rest <= 0 else [*texts[:MOST_VALUES], f"… (+{rest})"])


def _result(study: Study, one: Configuration) -> str:
    """How good it is, by how many results, and its worst neighbour."""
    middle, *ends = (study.sign * end + 0.0 for end in one.mean)  # a zero has no sign
    value = amount(middle, *sorted(ends))
    if one.replicates > 1:
        text = say("first.of-replicates", metric=study.metric, value=value, count=one.replicates)
    else:
        text = say("first.of-single", metric=study.metric, value=value)
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
        failed=found.failed,
    )
    idle = [_where_idle(row) for row in found.rows if row.judgement == Judgement.NOT_ABOVE]
    if idle:
        yield say("first.not-above", names=_some(idle))
    reasons: dict[str, list[str]] = {}
    for row in unjudged(found):
        if row.reason is not None:
            reasons.setdefault(study.spoken(row.reason.words), []).append(_name(row.setting))
    for reason, names in reasons.items():
        yield say("first.not-judged", names=_some(names), reason=reason)
    if found.best is not None and found.best.of > 1:
        once = found.best.replicates == 1
        count = found.best.of
        yield say("first.lucky-once", count=count) if once else say("first.lucky", count=count)


def _where_idle(row: Row) -> str:
    """Setting, and the branches it is meant in."""
    branches = [_name(place.branch) for place in row.places if place.branch != ALL]
    name = _name(row.setting)
    return say("first.in-branch", where=name, branch=", ".join(branches)) if branches else name


def _some(names: list[str], most: int = 5) -> str:
    return ", ".join(names if len(names) <= most else [*names[:most], f"… (+{len(names) - most})"])


_STEPS: dict[Step, Callable[[str], str]] = {
    Step.ZOOM: lambda _: say("first.zoom"),
    Step.CONFIRM: lambda _: say("first.confirm"),
    Step.MORE: lambda _: say("first.more"),
    Step.PLAN: lambda _: say("first.more-planned"),
    Step.AGAIN: lambda _: say("first.again"),
    Step.MEND: lambda command: say("first.mend-column") if command else say("first.mend"),
    Step.START: lambda _: say("first.start"),
}
