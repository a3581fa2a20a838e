"""What the settings of a user's own function are, told by the values that a definition gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sweeps.settings import KNOWN_SETTINGS, KnownSetting

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sweeps.space import Value

# Of a setting with such a name a range is logarithmic unless it says otherwise.
LOGARITHMIC: Final = ("learning_rate", "sgd_learning_rate", "weight_decay", "l2", "epsilon")


def settings_of(table: Mapping[str, Any]) -> dict[str, KnownSetting]:
    """Every setting of a ``[space]`` table, those with a name that networks know first."""
    entries = dict[str, list[Any]]()
    for name, raw in _entries(table):
        entries.setdefault(name, []).append(raw)
    known = list(KNOWN_SETTINGS)
    order = sorted(entries, key=lambda name: (known.index(name) if name in known else len(known), name))
    return {name: _inferred(name, entries[name]) for name in order}


def _entries(table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every entry of a setting in a ``[space]`` table, those under conditions too."""
    yield from ((name, raw) for name, raw in table.items() if name != "only")
    only = table.get("only", [])
    for entry in only if isinstance(only, list) else []:
        if isinstance(entry, dict):
            yield from ((name, raw) for name, raw in entry.items() if name != "when")


def _inferred(name: str, entries: Sequence[Any]) -> KnownSetting:
    """What the values of a setting say of it."""
    values = [value for raw in entries for value in _values(raw)]
    ranged = [raw for raw in entries if isinstance(raw, dict) and set(raw) != {"value"}]
    meaning, log = "read by the function", name in LOGARITHMIC
    first: Value | tuple[float, ...] = values[0] if values else 0.0
    if any(isinstance(value, list) for value in values):
        return KnownSetting(meaning, "numbers", tuple(first) if isinstance(first, list) else (0.0,))
    kinds = {bool if isinstance(value, bool) else type(value) for value in values}
    if kinds == {bool}:
        return KnownSetting(meaning, "boolean", first)
    if kinds == {str} and not ranged:
        return KnownSetting(meaning, "choice", first, choices=tuple(dict.fromkeys(values)))
    known = KNOWN_SETTINGS.get(name)
    if kinds == {int} and not (known is not None and known.kind == "float"):
        return KnownSetting(meaning, "integer", first)
    if ranged or kinds <= {int, float}:
        log = log and all(isinstance(raw.get("low"), int | float) and raw["low"] > 0 for raw in ranged)
        return KnownSetting(meaning, "float", first, log=log)
    return KnownSetting(meaning, "any", first)


def _values(raw: object) -> list[Any]:
    """Values that an entry names: of a range its ends."""
    if isinstance(raw, dict) and set(raw) == {"value"}:
        return [raw["value"]]
    if isinstance(raw, dict):
        return [raw[end] for end in ("low", "high") if end in raw]
    return raw if isinstance(raw, list) else [raw]
