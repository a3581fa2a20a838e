"""The default configuration of a space, also where its levels leave the defaults out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sensitivity.coding import is_number, key
from sweeps.space import Choices

if TYPE_CHECKING:
    from collections.abc import Callable

    from sweeps.space import Configuration, Space, Value


def default_configuration(
    space: Space, default: Callable[[str, Configuration], Value | None]
) -> Configuration:
    """Default of every active setting, parents first, where a range has levels the nearest of them.

    Parameters
    ----------
    default
        Name of a setting and what is chosen already → its default. One outside of the range, or none at all,
        gives way to the middle of the prior.
    """
    chosen: Configuration = {}
    for setting in space.settings:
        domain = setting.domain({**space.fixed, **chosen})
        if domain is None:
            continue
        wanted = default(setting.name, chosen)
        if isinstance(domain, Choices):
            chosen[setting.name] = _of_list(domain, wanted)
            continue
        numeric = is_number(wanted) and domain.low <= float(wanted) <= domain.high  # type: ignore[arg-type]
        value: Value = wanted if numeric and wanted is not None else domain.from_unit(0.5)
        if domain.levels:
            place = domain.to_unit(value)
            value = min(domain.level_values(), key=lambda level: abs(domain.to_unit(level) - place))
        chosen[setting.name] = value
    return chosen


def _of_list(domain: Choices, wanted: Value | None) -> Value:
    if any(key(value) == key(wanted) for value in domain.values):
        return next(value for value in domain.values if key(value) == key(wanted))
    numbers = sorted(float(value) for value in domain.values if is_number(value))
    middle = (len(domain.values) - 1) // 2
    if len(numbers) < len(domain.values):
        return domain.values[middle]
    goal = numbers[middle]
    if wanted is not None and is_number(wanted) and numbers[0] <= float(wanted) <= numbers[-1]:
        goal = float(wanted)
    return min(domain.values, key=lambda level: abs(float(level) - goal))
