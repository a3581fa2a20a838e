"""A domain and the good values in it → what is left of it: cut, widened where the best is at an end."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sensitivity.coding import is_number, key
from sensitivity.planning.rounding import above, below
from sweeps.settings import KNOWN_SETTINGS
from sweeps.space import Choices, FloatRange, IntegerRange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sweeps.space import Domain, Value

    Range = FloatRange | IntegerRange
    Runs = Sequence[tuple[Value, Value]]

LOWEST: Final = "lowest"
HIGHEST: Final = "highest"
FEWEST_LEVELS: Final = 5
MOST_LEVELS: Final = 9
ROUND: Final = 4  # digits of a number that a person would type
EXACT: Final = 12  # of a level of a range


@dataclass(frozen=True)
class Good:
    """What is known of the good values of a setting in a branch.

    Attributes
    ----------
    runs
        First and last value of each interval within the tolerance of the best; choices one by one.
    best
        Value in the best configuration: it stays, whatever is cut.
    end
        ``lowest`` or ``highest`` where the best is that value of the range and stands out; else empty.
    """

    runs: Runs
    best: Value
    end: str = ""


def narrowed(name: str, domain: Domain, good: Good) -> Domain:
    """The part of a domain within the tolerance of the best, in round numbers, and with finer levels."""
    if isinstance(domain, Choices):
        return _choices(name, domain, good)
    return _range(name, domain, good)


def fixed_at(domain: Domain, best: Value) -> Value:
    """The best value, of a whole range in two digits: more of them were never told apart."""
    if not isinstance(domain, FloatRange) or domain.levels:
        return best
    return min(max(float(f"{float(best):.2g}"), domain.low), domain.high)


def around(domain: Range, value: Value) -> Range:
    """Range of one old step to both sides of a value, where the whole range was as good."""
    step = 1 / max((domain.levels or FEWEST_LEVELS) - 1, 1)
    at = domain.to_unit(value)
    ends = [domain.from_unit(min(max(each, 0.0), 1.0)) for each in (at - step, at + step)]
    return _between(domain, float(ends[0]), float(ends[1]), (float(domain.low), float(domain.high)))


def merged(one: Range, other: Range) -> Range | None:
    """One range for two, where it is hardly wider than the narrower of them; else None."""
    low, high = min(one.low, other.low), max(one.high, other.high)
    whole, narrowest = _size(one, low, high), min(_size(each, each.low, each.high) for each in (one, other))
    if whole > 1.3 * narrowest:
        return None
    levels = None if one.levels is None else max(one.levels, other.levels or 0)
    return replace(one, low=low, high=high, levels=levels, written=())  # type: ignore[arg-type]


def _choices(name: str, domain: Choices, good: Good) -> Choices:
    values = domain.values
    if not all(map(is_number, values)):
        inside = {key(first) for first, _ in good.runs} | {key(good.best)}
        return Choices(tuple(value for value in values if key(value) in inside))
    numbers: list[Any] = sorted(values, key=float)
    low, high = _ends(good)
    kept = [number for number in numbers if low * (1 - 1e-9) <= number <= high * (1 + 1e-9)]
    beyond = _beyond(name, numbers, good.end)
    kept = sorted({*kept, *([] if beyond is None else [beyond])})
    return Choices(tuple(_finer(kept)))


def _ends(good: Good) -> tuple[float, float]:
    """Lowest and highest good number."""
    every = [float(end) for run in good.runs for end in run] + [float(good.best)]
    return min(every), max(every)


def _finer(numbers: list[Any]) -> list[Any]:
    """Whole numbers with a round one between every two that are far apart: 16, 64 → 16, 32, 64."""
    if not all(isinstance(number, int) for number in numbers):
        return numbers
    found: list[Any] = []
    for one, other in itertools.pairwise(numbers):
        middle = round(math.sqrt(max(one, 1) * other))
        found += [one, middle] if other >= 3 * max(one, 1) and len(numbers) <= 3 else [one]
    return [*found, *numbers[-1:]]


def _beyond(
    name: str, numbers: Sequence[Any], end: str, *, log: bool | None = None, digits: int = ROUND
) -> Any:  # noqa: ANN401 (a number of the list's kind)
    """The next number beyond an end of a list, as far away as its neighbour; None where there is none.

    Parameters
    ----------
    log
        Whether it is as many times as far; None: unless the list has equal steps.
    digits
        Of the number.
    """
    if not end or len(numbers) < 2:
        return None
    last, inner = (numbers[0], numbers[1]) if end == LOWEST else (numbers[-1], numbers[-2])
    log = not _equal_steps(numbers) if log is None else log
    if _below_one(name, float(last)) and end == HIGHEST:
        found = 1 - (1 - last) ** 2 / (1 - inner)
    else:
        found = last * last / inner if log and last > 0 and inner > 0 else 2 * last - inner
    found = _possible(name, (float(numbers[0]), float(numbers[-1])), end, found, whole=isinstance(last, int))
    found = round(found) if isinstance(last, int) else float(f"{found:.{digits}g}")
    return found if _permitted(name, found) and found not in numbers else None


def _equal_steps(numbers: Sequence[Any]) -> bool:
    """Whether numbers, three or more, are as far apart as the first two: 2, 4, 6, 8."""
    steps = [other - one for one, other in itertools.pairwise(numbers)]
    return len(steps) > 1 and all(math.isclose(step, steps[0], rel_tol=1e-6) for step in steps)


def _below_one(name: str, value: float) -> bool:
    """Whether a setting ends before 1, as β does, and the value is near that: 0.9 goes on with 0.99."""
    known = KNOWN_SETTINGS.get(name)
    return known is not None and known.high == 1 and known.high_open and 0.5 < value < 1


def _possible(name: str, ends: tuple[float, float], end: str, found: float, *, whole: bool) -> float:
    """The next value beyond an end, where it exists: of a known setting by its bounds, else by those tried.

    Amounts that are never negative have no negative next one, counts from 1 on none below 1; what was tried
    within 0 … 1 or −1 … 1 (a fraction, a momentum, a correlation) does not leave it. Of an open 0 or 1 nobody
    knows whether it exists itself: it is come nearer to.
    """
    known, (low, high) = KNOWN_SETTINGS.get(name), ends
    if known is not None:
        return min(max(found, known.low), known.high)
    inside = low >= -1 and high <= 1
    if end == LOWEST:
        if low < 0:
            return max(found, -1.0) if inside else found
        return max(found, 1.0) if whole and low >= 1 else found if found > 0 else low / 10
    if high <= 0:
        return min(found, 0.0)
    return 1 - (1 - high) / 10 if inside and found >= 1 else found


def further(name: str, domain: Domain, end: str) -> Domain:
    """A whole domain and one step more at an end, as far as its last two levels are apart on its scale.

    All its levels stay. Where they cannot be evenly spaced with the new one, because the setting has an end
    there, they are ``written``. A range without levels is widened.
    """
    if isinstance(domain, Choices):
        numbers: list[Any] = sorted(domain.values, key=float)
        beyond = _beyond(name, numbers, end)
        return domain if beyond is None else Choices(tuple(sorted({*numbers, beyond})))
    if domain.levels is None:
        return _with_end(domain, end, _widened(name, domain, end), None)
    found = [_one_level_more(name, domain, end, digits) for digits in (ROUND, EXACT)]
    return next((wider for wider in found if not wider.written), found[0])


def _one_level_more(name: str, domain: Range, end: str, digits: int) -> Range:
    """A range with its levels and the next one, of this many digits; ``written`` where these are not even."""
    old = domain.level_values()
    step = _beyond(name, old, end, log=domain.log, digits=digits)
    last = _widened(name, domain, end) if step is None else step
    levels = sorted({*old, int(last) if isinstance(domain, IntegerRange) else last})
    wider = _with_end(domain, end, last, len(levels))
    same = all(math.isclose(a, b, rel_tol=1e-9) for a, b in zip(wider.level_values(), levels, strict=True))
    return wider if same else replace(wider, written=tuple(levels))


def _with_end(domain: Range, end: str, last: float, levels: int | None) -> Range:
    number = int(last) if isinstance(domain, IntegerRange) else last
    ends = {"low": number} if end == LOWEST else {"high": number}
    return replace(domain, **ends, levels=levels, written=())  # type: ignore[arg-type]


def goes_on(name: str, domain: Domain, end: str) -> bool:
    """Whether there is anything beyond an end: a share of 1 has no more."""
    if isinstance(domain, Choices):
        numbers = sorted(filter(is_number, domain.values), key=float)
        return _beyond(name, numbers, end) is not None
    return _widened(name, domain, end) != float(domain.low if end == LOWEST else domain.high)


def _permitted(name: str, value: Value) -> bool:
    return name not in KNOWN_SETTINGS or KNOWN_SETTINGS[name].permits(value)


def _range(name: str, domain: Range, good: Good) -> Range:
    low, high = _ends(good)
    outer = [float(domain.low), float(domain.high)]
    if good.end == LOWEST:
        low = outer[0] = _widened(name, domain, LOWEST)
    if good.end == HIGHEST:
        high = outer[1] = _widened(name, domain, HIGHEST)
    if high - low <= 1e-9 * abs(high):
        return around(domain, good.best)
    return _between(domain, low, high, (outer[0], outer[1]))


def _widened(name: str, domain: Range, end: str) -> float:
    """Where a range ends that goes on beyond: a decade further, or half of its length; β nearer to 1."""
    low, high = float(domain.low), float(domain.high)
    if end == LOWEST:
        found, last = low / 10 if domain.log else low - (high - low) / 2, low
    elif _below_one(name, high):
        found, last = 1 - (1 - high) / 10, high
    else:
        found, last = high * 10 if domain.log else high + (high - low) / 2, high
    found = _possible(name, (low, high), end, found, whole=isinstance(domain, IntegerRange))
    found = float(round(found)) if isinstance(domain, IntegerRange) else float(f"{found:.4g}")
    typed: Value = int(found) if isinstance(domain, IntegerRange) else found
    return found if _permitted(name, typed) else last


def _between(domain: Range, low: float, high: float, outer: tuple[float, float]) -> Range:
    """Range of round ends around two numbers, inside of the outer ones, with finer steps than before."""
    log, width = domain.log, high - low
    low, high = below(low, log=log, width=width), above(high, log=log, width=width)
    low, high = max(low, outer[0]), min(high, outer[1])
    if isinstance(domain, IntegerRange):
        low, high = math.floor(low), math.ceil(high)
        if low == high:
            low, high = max(low - 1, math.floor(outer[0])), min(high + 1, math.ceil(outer[1]))
    levels = _levels(domain, low, high)
    return replace(domain, low=low, high=high, levels=levels, written=())  # type: ignore[arg-type]


def _levels(domain: Range, low: float, high: float) -> int | None:
    """Twice as many steps as the same stretch had, within limits; None where the design takes none."""
    if domain.levels is None:
        return None
    step = _size(domain, domain.low, domain.high) / max(domain.levels - 1, 1)
    count = 2 * round(_size(domain, low, high) / step) + 1
    count = min(max(count, FEWEST_LEVELS), max(domain.levels, MOST_LEVELS))
    return min(count, int(high) - int(low) + 1) if isinstance(domain, IntegerRange) else count


def _size(domain: Range, low: float, high: float) -> float:
    return math.log(high / low) if domain.log else float(high) - float(low)
