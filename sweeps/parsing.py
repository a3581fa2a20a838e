"""From the ``[space]`` table of a definition to a `Space`, each rule with its sentence.

A setting is written as a scalar (held fixed), a list (choices), ``{ low, high, log, levels }`` (a range) or
``{ value = [...] }`` (a list held fixed). ``[[space.only]]`` gives settings a range of their own, or at
all, under a condition.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sweeps.errors import DefinitionError, did_you_mean, shown
from sweeps.space import Choices, Domain, FloatRange, IntegerRange, Setting, Space, Value, Variant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sweeps.settings import KnownSetting

    _Known = Mapping[str, KnownSetting]

MOST_LEVELS = 10_000
_RANGE_KEYS = ("low", "high", "log", "levels")


def parse_space(
    table: Mapping[str, Any], known: Mapping[str, KnownSetting], given: Mapping[str, Value]
) -> Space:
    """Interpret a ``[space]`` table.

    Parameters
    ----------
    table
        Values as TOML gives them.
    known
        Settings that can stand in it.
    given
        Values held fixed elsewhere; the space may vary any of them, or hold another.

    Raises
    ------
    DefinitionError
        On the first rule that is broken.
    """
    base = {name: _parse_entry(name, raw, known) for name, raw in table.items() if name != "only"}
    domains = {name: entry for name, entry in base.items() if isinstance(entry, Domain)}
    fixed: dict[str, Any] = {**given, **{name: base[name] for name in base if name not in domains}}
    only = _parse_only(table.get("only", []), known)
    _check_conditions(only, domains, fixed)
    varied = {*domains, *(name for _, entries in only for name in entries)}
    # The tool's own order, so that the order of keys in a file decides nothing.
    settings = []
    for name in (name for name in known if name in varied):
        always = {**known[name].when, **_remaining(known[name], only, domains, fixed)}
        settings.append(Setting(name, _variants(name, always, domains, only)))
    for setting in settings:
        _check_same_kind(setting)
    return Space(settings, fixed)


def with_number(
    table: Any,  # noqa: ANN401 (what TOML can say)
    name: str,
    word: str,
    number: Callable[[], int],
    *,
    here: bool = False,
) -> Any:  # noqa: ANN401 (the same)
    """A ``[space]`` table with a number wherever a word stands for a value of a setting, conditions too."""
    if isinstance(table, dict):
        return {
            key: with_number(entry, name, word, number, here=here or key == name)
            for key, entry in table.items()
        }
    if isinstance(table, list):
        if here and word in table and number() in table:
            raise DefinitionError(
                f"{name} lists {word!r}, which is {number()} here, and {number()} too; leave one of them out"
            )
        return [with_number(entry, name, word, number, here=here) for entry in table]
    return number() if here and table == word else table


def _named(name: str, known: _Known) -> KnownSetting:
    if name not in known:
        hint = _value_of_another(name, known) or did_you_mean(name, known)
        raise DefinitionError(f"{shown(name)} is not a setting{hint}")
    return known[name]


def _value_of_another(name: str, known: _Known) -> str:
    """End of a sentence on a name that is a choice of a setting (``momentum``); empty where it is none."""
    kinds = [kind for kind, setting in known.items() if name in setting.choices]
    if not kinds:
        return ""
    own = [each for each, setting in known.items() if name in setting.when.get(kinds[0], ())]
    reads = f", which reads the setting{'s' if len(own) > 1 else ''} {', '.join(own)}" if own else ""
    return f" but a value of {kinds[0]} ({kinds[0]} = {name!r}){reads}"


def _parse_entry(name: str, raw: object, known: _Known) -> Domain | Value | tuple[float, ...]:
    setting = _named(name, known)
    if isinstance(raw, dict) and set(raw) != {"value"}:
        return _parse_range(name, setting, raw)
    if isinstance(raw, list):
        return _parse_choices(name, setting, raw)
    value: Value | tuple[float, ...] = _checked(name, setting, raw["value"] if isinstance(raw, dict) else raw)
    return value


def _checked(name: str, known: KnownSetting, raw: object) -> Any:  # noqa: ANN401 (a value of the setting's kind)
    value = float(raw) if known.kind == "float" and type(raw) is int and abs(raw) < 2**53 else raw
    if not known.permits(value):
        hint = did_you_mean(raw, known.choices) if known.kind == "choice" else f"; use {known.rule()}"
        raise DefinitionError(f"{name} = {shown(raw)} is not permitted{hint}")
    return tuple(value) if isinstance(value, list) else value


def _parse_choices(name: str, known: KnownSetting, raw: list[Any]) -> Choices:
    if known.kind == "numbers":
        raise DefinitionError(f"{name} cannot vary; hold it fixed with {name} = {{ value = [0.5, 0.75] }}")
    if not raw:
        raise DefinitionError(f"{name} has an empty list of values; list at least one")
    values = tuple(_checked(name, known, value) for value in raw)
    if len(set(values)) < len(values):
        raise DefinitionError(f"{name} lists a value twice: {shown(raw)}")
    return Choices(values)


def _parse_range(name: str, known: KnownSetting, raw: dict[str, Any]) -> FloatRange | IntegerRange:
    for key in raw:
        if key not in _RANGE_KEYS:
            raise DefinitionError(
                f"{shown(key)} is not a key of the range of {name}{did_you_mean(key, _RANGE_KEYS)}"
            )
    if known.kind not in {"float", "integer"}:
        raise DefinitionError(f"{name} has no range; list its values: {name} = [...] with {known.rule()}")
    if "low" not in raw or "high" not in raw:
        raise DefinitionError(f"the range of {name} needs both low and high")
    log, levels = raw.get("log", known.log), raw.get("levels")
    if not isinstance(log, bool):
        raise DefinitionError(f"log of {name} is true or false, not {shown(log)}")
    if log and isinstance(raw["low"], int | float) and raw["low"] <= 0:
        raise DefinitionError(f"{name}: a logarithmic range starts above zero, not at {shown(raw['low'])}")
    low, high = _checked(name, known, raw["low"]), _checked(name, known, raw["high"])
    if known.or_epochs and high >= 1:
        raise DefinitionError(
            f"{name}: a range is of parts of the run and ends below 1; list epochs: [5, 10]"
        )
    if low >= high:
        raise DefinitionError(f"{name}: low = {low} is not below high = {high}")
    _check_level_count(name, levels)
    kind = IntegerRange if known.kind == "integer" else FloatRange
    domain = kind(low, high, log, levels)
    if levels is not None and len(set(domain.level_values())) < levels:
        raise DefinitionError(f"{name}: {levels} levels do not fit between {low} and {high}; use fewer")
    return domain


def _check_level_count(name: str, levels: object) -> None:
    whole = isinstance(levels, int) and not isinstance(levels, bool)
    if levels is not None and not (whole and 2 <= levels <= MOST_LEVELS):  # type: ignore[operator]
        raise DefinitionError(
            f"levels of {name} is a whole number from 2 to {MOST_LEVELS}, not {shown(levels)}"
        )


_Only = list[tuple[dict[str, tuple[Value, ...]], dict[str, Domain]]]


def _parse_only(raw: object, known: _Known) -> _Only:
    if not isinstance(raw, list) or not all(isinstance(entry, dict) for entry in raw):
        raise DefinitionError("conditional settings are written as [[space.only]] tables")
    return [_parse_only_entry(entry, known) for entry in raw]


def _parse_only_entry(
    entry: dict[str, Any], known: _Known
) -> tuple[dict[str, tuple[Value, ...]], dict[str, Domain]]:
    condition = entry.get("when")
    if not isinstance(condition, dict) or not condition:
        raise DefinitionError("a [[space.only]] table needs a condition: when = { optimizer = 'adam' }")
    when: dict[str, tuple[Value, ...]] = {}
    for name, raw in condition.items():
        setting = _named(name, known)
        values = raw if isinstance(raw, list) else [raw]
        if not values:
            raise DefinitionError(f"the condition on {name} lists no value")
        when[name] = tuple(_checked(name, setting, value) for value in values)
    domains: dict[str, Domain] = {}
    for name, raw in entry.items():
        if name == "when":
            continue
        parsed = _parse_entry(name, raw, known)
        if isinstance(parsed, tuple):
            raise DefinitionError(f"{name} cannot be conditional; set it in [space]")
        domains[name] = parsed if isinstance(parsed, Domain) else Choices((parsed,))
    if not domains:
        raise DefinitionError("a [[space.only]] table needs a setting beside its condition")
    return when, domains


def _check_conditions(only: _Only, domains: Mapping[str, Domain], fixed: Mapping[str, Value]) -> None:
    for when, entries in only:
        for name, values in when.items():
            if name in entries:
                raise DefinitionError(f"{name} cannot depend on itself")
            possible = _possible_values(name, only, domains, fixed)
            for value in values:
                if value not in possible:
                    raise DefinitionError(
                        f"a condition asks for {name} = {value!r}, which this sweep never has"
                        f"{did_you_mean(value, map(str, possible))}"
                    )


def _possible_values(
    name: str, only: _Only, domains: Mapping[str, Domain], fixed: Mapping[str, Value]
) -> tuple[Value, ...]:
    """Values a setting takes anywhere in the sweep, which must be listed for a condition to speak of it."""
    found = [entries[name] for _, entries in only if name in entries]
    if name in domains:
        found.append(domains[name])
    elif name in fixed:
        found.append(Choices((fixed[name],)))
    if not found:
        raise DefinitionError(f"a condition speaks of {name}, which [space] does not set; add it there")
    if not all(isinstance(domain, Choices) for domain in found):
        raise DefinitionError(f"a condition can speak of listed values only; list the values of {name}")
    return tuple(dict.fromkeys(value for domain in found for value in domain.level_values()))


def _remaining(
    known: KnownSetting, only: _Only, domains: Mapping[str, Domain], fixed: Mapping[str, Value]
) -> dict[str, tuple[Value, ...]]:
    """Condition that leaves out what ``known.unless`` names, where this sweep has any of it."""
    when: dict[str, tuple[Value, ...]] = {}
    for parent, excluded in known.unless.items():
        possible = _possible_values(parent, only, domains, fixed)
        if set(possible) & set(excluded):
            when[parent] = tuple(value for value in possible if value not in excluded)
    return when


def _variants(
    name: str, always: Mapping[str, tuple[Value, ...]], domains: Mapping[str, Domain], only: _Only
) -> tuple[Variant, ...]:
    """Variants of a setting: its conditional ranges first, then the base; the tool's conditions on all."""
    special = [Variant(entries[name], _both(always, when)) for when, entries in only if name in entries]
    base = [Variant(domains[name], always)] if name in domains else []
    return (*special, *base)


def _both(
    known: Mapping[str, tuple[Value, ...]], when: Mapping[str, tuple[Value, ...]]
) -> dict[str, tuple[Value, ...]]:
    """Conjunction of two conditions."""
    merged: dict[str, tuple[Value, ...]] = {**known, **when}
    for name in set(known) & set(when):
        merged[name] = tuple(value for value in when[name] if value in known[name])
    return merged


def _check_same_kind(setting: Setting) -> None:
    """Refuse a setting of several scales: its values could not stand on one axis, or in one study."""
    kinds = {(type(variant.domain), getattr(variant.domain, "log", None)) for variant in setting.variants}
    if len(kinds) > 1:
        raise DefinitionError(
            f"the ranges of {setting.name} mix lists, linear and logarithmic ranges; "
            "use one kind under every condition"
        )
