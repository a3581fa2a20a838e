"""The axis that a setting's curves are drawn on, and the place of a value on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sensitivity.axis import key
from sweeps.space import Choices, FloatRange, IntegerRange

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sweeps.space import Domain, Value


def common_scale(domains: Iterable[Domain], values: Sequence[Value]) -> Domain:
    """One domain that holds all: the union of ranges (log if one is), or of choices, numbers ascending.

    A range without extent, and values outside every domain, become choices.
    """
    given = list(domains)
    ranges = [domain for domain in given if not isinstance(domain, Choices)]
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    if ranges and numbers:
        low = min([domain.low for domain in ranges] + [float(value) for value in values])
        high = max([domain.high for domain in ranges] + [float(value) for value in values])
        log = any(domain.log for domain in ranges) and low > 0
        if low < high and all(isinstance(domain, IntegerRange) for domain in given):
            return IntegerRange(int(low), int(high), log)
        if low < high:
            return FloatRange(float(low), float(high), log)
    listed = [value for domain in given for value in getattr(domain, "values", ())]
    union = {key(value): value for value in [*listed, *values]}
    ordered = list(union.values())
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in ordered):
        ordered.sort(key=float)
    return Choices(tuple(ordered))


def place(scale: Domain, value: Value) -> float:
    """Place of a value on a scale, in [0, 1]; choices compare as after a trip through a file."""
    if isinstance(scale, Choices):
        choices = [key(item) for item in scale.level_values()]
        return (choices.index(key(value)) + 0.5) / len(choices)
    return min(max(scale.to_unit(value), 0.0), 1.0)
