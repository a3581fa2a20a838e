"""Optuna's distributions, one per trial → one domain per setting, and the values that belong to it.

Its range is that of the values that were tried, and a categorical's choices are those that were: nothing is
known of what lies beyond, and a table of the same trials gives the same shares. Few values that come again
are a list. The scale is the study's own.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

from sensitivity.reading.guesses import guess, listed_or_spanned
from sensitivity.reading.labels import LARGEST_EXACT, labels
from sensitivity.vocabulary import is_rate
from sensitivity.words import exact, listed, named, short
from sweeps.space import Choices, FloatRange, IntegerRange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from optuna.distributions import BaseDistribution

    from sweeps.space import Domain, Value

    Numeric = FloatDistribution | IntDistribution


UNTRIED = 0.05  # of a range, on its scale: as much beside what was tried changes shares


@dataclass(frozen=True)
class Described:
    """A setting's domain, its values in the order they were given, and what there is to say.

    ``untried`` names the range tried and the one that was declared, where a part of this is left.
    """

    domain: Domain
    values: list[Value]
    notes: list[str]
    untried: str = ""


def describe(
    name: str, values: Sequence[Any], distributions: Sequence[BaseDistribution], *, keep_untried: bool
) -> Described:
    """Domain of a setting from all trials that have it.

    Parameters
    ----------
    values, distributions
        One of each per trial.
    keep_untried
        Whether choices that no trial has stay in the domain (a single trial tells nothing about a range).
    """
    kinds = Counter(type(distribution) for distribution in distributions)
    numeric = [d for d in distributions if isinstance(d, FloatDistribution | IntDistribution)]
    if len(numeric) == len(distributions):
        return _numeric(name, values, numeric)
    lists = [d for d in distributions if isinstance(d, CategoricalDistribution)]
    if len(kinds) > 1 or len(lists) < len(distributions):
        note = f"{named(name)} is a range in some trials and a list in others; its values are a list."
        return _categorical(name, values, [], [note])
    declared = [choice for choices in dict.fromkeys(map(_choices, lists)) for choice in choices.given]
    return _categorical(name, values, declared, [], keep_untried=keep_untried)


@dataclass(frozen=True)
class _Listed:
    """A list of choices that compares by its text: choices may be unhashable, and 1 is not True."""

    text: str
    given: tuple[Any, ...] = ()

    def __hash__(self) -> int:
        return hash(self.text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Listed) and self.text == other.text


def _choices(distribution: CategoricalDistribution) -> _Listed:
    return _Listed(repr(distribution.choices), distribution.choices)


def _categorical(
    name: str,
    values: Sequence[Any],
    declared: Sequence[Any],
    notes: list[str],
    *,
    keep_untried: bool = False,
) -> Described:
    label, became_text = labels([*declared, *values])
    if became_text:
        notes = [*notes, f"The choices of {named(name)} are of several types and are shown as text."]
    chosen = [label[repr(value)] for value in values]
    offered = list(dict.fromkeys(label[repr(value)] for value in [*declared, *values]))
    tried = [choice for choice in offered if choice in chosen]
    if len(tried) < len(offered) and not keep_untried:
        untried = [choice for choice in offered if choice not in tried]
        notes = [*notes, f"{named(name)}: no trial has {listed(untried)}; nothing is said about it."]
        offered = tried
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in offered):
        found = guess(name, chosen or offered, rate=is_rate(name))  # as a table of the same trials is read
        return Described(found.domain, chosen, [*notes, *found.notes])
    return Described(Choices(tuple(offered)), chosen, notes)


def _numeric(name: str, values: Sequence[Any], found: Sequence[Numeric]) -> Described:
    low, high = _ends([*(d.low for d in found), *values]), _ends([*(d.high for d in found), *values])
    start, end = min(low), max(high)
    logs = sum(d.log for d in found)
    log = 2 * logs >= len(found) and logs > 0 and start > 0
    notes = []
    if 0 < logs < len(found):
        scale = "logarithmic" if log else "linear"
        notes.append(f"The scale of {named(name)} differs between trials; it is read as {scale}.")
    if len({(d.low, d.high) for d in found}) > 1:
        notes.append(
            f"The range of {named(name)} differs between trials; it is read as that of the values tried."
        )
    whole = all(isinstance(d, IntDistribution) for d in found) and max(abs(start), abs(end)) <= LARGEST_EXACT
    numbers: list[Any] = [int(value) if whole else float(value) for value in values]
    if len(numbers) < 2:  # a single trial tells nothing about a range
        domain = (
            IntegerRange(int(start), int(end), log) if whole else FloatRange(float(start), float(end), log)
        )
        return Described(domain, numbers, notes)
    place = {exact(value): value for value in sorted(numbers, reverse=True)}
    numbers = [place[exact(value)] for value in numbers]
    untried = _untried(name, numbers, found, log=log)
    return Described(listed_or_spanned(numbers, log=log), numbers, notes, untried)


def _untried(name: str, numbers: Sequence[float], found: Sequence[Numeric], *, log: bool) -> str:
    """The range tried and the declared one, where more than `UNTRIED` of this lies beside it."""
    low, high = found[0].low, found[0].high
    step = getattr(found[0], "step", None)
    if any((d.low, d.high) != (low, high) for d in found) or not math.isfinite(high - low) or low >= high:
        return ""
    ends = [low, min(numbers), max(numbers), high]
    places = [math.log(end) for end in ends] if log else ends
    one_step = 0.0 if log or step is None else step  # a coarse grid has no value between its own
    left = max(places[1] - places[0] - one_step, 0) + max(places[3] - places[2] - one_step, 0)
    if left <= UNTRIED * (places[3] - places[0]):
        return ""
    return f"{named(name)} {short(ends[1])} to {short(ends[2])} of {short(low)} to {short(high)}"


def _ends(numbers: Sequence[Any]) -> list[Any]:
    """Finite ones: a range may be declared without end, its values are not."""
    return [number for number in numbers if math.isfinite(number)]
