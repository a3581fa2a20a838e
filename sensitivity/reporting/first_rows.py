"""Rows of the first screen in words: where a setting is good, what a wrong value costs, what good means."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from sensitivity.branch import ALL, words
from sensitivity.language import say
from sensitivity.language.lists import joined
from sensitivity.measures import advice as a
from sensitivity.measures.tolerance import ANY
from sensitivity.remarks import Judgement
from sensitivity.reporting.cautions.edges import LOWEST
from sensitivity.reporting.content import FirstRow
from sensitivity.words import amount, interval, level_text, spans

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sensitivity.reporting.setting_rows import Drawn, Place, Row

LONGEST: Final = 40  # letters of a name in a sentence
LONG: Final = 60  # letters of a value
MOST_LISTED: Final = 6  # choices
MOST_BRANCHES: Final = 4  # for which the same is said
_ADVICE: Final[dict[str, Callable[[], str]]] = {
    a.TUNE: lambda: say("first.tune"),
    a.FIX: lambda: say("first.fix"),
    a.UNKNOWN: lambda: say("first.unknown"),
}
_RULES: Final[dict[str, Callable[[], str]]] = {
    a.TUNE: lambda: say("first.rule-tune"),
    a.FIX: lambda: say("first.rule-fix"),
    a.UNKNOWN: lambda: say("first.rule-unknown"),
}
_KINDS: Final = {a.TUNE: "tune", a.FIX: "fix", a.UNKNOWN: "unknown"}


def name_text(name: object) -> str:
    """Name of a setting or a branch in a sentence."""
    return words(name, LONGEST)


def value_text(value: object) -> str:
    """Value of a setting."""
    return words(level_text(value), LONG) if isinstance(value, str) else level_text(value)


def row_words(row: Row) -> FirstRow:
    """A row of the first screen, in the language and the voice of the moment."""
    places = "; ".join(_place(place, row) for place in row.places)
    where = places if row.drawn is None else _drawn(row.drawn, tune=row.advice == a.TUNE)
    more = row.more if row.drawn is None else 0
    return FirstRow(
        _KINDS[row.advice],
        _ADVICE[row.advice](),
        name_text(row.setting),
        where,
        interval(*row.share),
        _cost(row),
        more,
        _brief(row),
    )


def _brief(row: Row) -> str:
    """The first place alone, and how many there are besides; empty where it is all there is."""
    others = len(row.places) - 1 + row.more
    if row.drawn is not None or others < 1:
        return ""
    return say("terminal.more-places", where=_place(row.places[0], row), count=others)


def rule(rows: Sequence[Row], good: Sequence[float]) -> str:
    """What counts as good, and what each kind of advice that is given means; empty without rows."""
    parts = []
    if good:
        texts = list(dict.fromkeys(amount(size) for size in good))
        size = texts[0] if len(texts) == 1 else say("first.from-to", low=texts[0], high=texts[1])
        parts.append(say("first.rule-good", size=size))
    kinds = {row.advice for row in rows}
    return " ".join([*parts, *(said() for kind, said in _RULES.items() if kind in kinds)])


def _place(place: Place, row: Row) -> str:
    """Range to search next, or value to take, and in which branches."""
    if len(row.places) == 1 and not row.more and len(place.branches) > 1:
        place = replace(place, branches=(ALL,))  # all that have it
    if place.good:
        return _searched(place)
    value = say("first.any-value") if place.value == ANY else value_text(place.value)
    if place.advice != a.FIX:
        text = say("first.not-known", value=value)
    elif place.value != ANY and (place.free or place.not_worse):
        each = joined([name_text(name) for name in row.each])
        text = say("first.or-any", value=value) if place.free else say("first.not-worse", value=value)
        text = say("first.each-its-own", where=text, names=each) if each else text
    else:
        text = value
    return _in_branches(text, place)


def _searched(place: Place) -> str:
    """Good values, and whether they go on beyond what was tried."""
    if not place.beyond:
        return _in_branches(spans(place.good), place)
    if place.beyond == LOWEST:
        where = _in_branches(say("first.and-lower", where=spans(place.good)), place)
        return say("first.lowest-best", where=where)
    where = _in_branches(say("first.and-higher", where=spans(place.good)), place)
    return say("first.highest-best", where=where)


def _in_branches(text: str, place: Place) -> str:
    branches = _few_of([name_text(branch) for branch in place.branches if branch != ALL], MOST_BRANCHES)
    return say("first.in-branch", where=text, branch=", ".join(branches)) if branches else text


def _drawn(drawn: Drawn, *, tune: bool) -> str:
    """What the next trials are drawn from, and the best value so far; why good ones to tune are not known."""
    value, tried = value_text(drawn.best), _range(drawn)
    if not value:
        text = tried
    elif not drawn.end:
        text = say("first.so-far", range=tried, value=value)
    elif drawn.end == LOWEST:
        text = say("first.so-far-lowest", range=tried, value=value)
    else:
        text = say("first.so-far-highest", range=tried, value=value)
    if not tune:
        return text
    few = [_few(branch, count) for branch, count in drawn.few.items()]
    if few:
        return say("first.open-few", few=", ".join(few), where=text)
    return say("first.open", where=text)


def _few(branch: str, count: int) -> str:
    if branch == ALL:
        return say("first.few", count=count)
    return say("first.few-with", count=count, branch=name_text(branch))


def _range(drawn: Drawn) -> str:
    """Both ends of a range, or the choices; of very many the first few."""
    texts = [value_text(value) for value in drawn.values]
    if drawn.is_range:
        return say("first.from-to", low=texts[0], high=texts[-1])
    return ", ".join(_few_of(texts, MOST_LISTED))


def _few_of(texts: list[str], most: int) -> list[str]:
    rest = len(texts) - most
    return texts if rest <= 0 else [*texts[:most], f"… (+{rest})"]


def _cost(row: Row) -> str:
    """What the worst value costs, and in which branch; where it may be nothing, how much at most."""
    cost, low, high = row.cost.amount
    if math.isnan(cost):
        return say("first.cost-unknown")
    nothing = amount(0.0)
    if (not cost > 0 and math.isnan(low)) or (low <= 0 and amount(max(high, 0.0)) == nothing):
        return say("first.cost-none")  # less than luck: no value is shown to cost anything
    if low <= 0:  # not where it is NaN; what may cost nothing is named at no value
        text = say("first.cost-most", high=amount(high))
    elif row.cost.worst_at is None:
        text = say("first.cost-blind", cost=amount(cost, low, high))
    else:
        text = say("first.cost-at", cost=amount(cost, low, high), value=value_text(row.cost.worst_at))
    if row.cost.branch != ALL:
        text = say("first.in-branch", where=text, branch=name_text(row.cost.branch))
    untold = math.isnan(low) and (row.judgement != Judgement.ABOVE or row.advice == a.FIX)
    return say("first.cost-untold", cost=text) if untold else text
