"""Which setting is active where, inferred from which trials have a value of it.

A trial tells which settings it had, not why. The rule looked for is that of a sweep's own definition: "β is
active if and only if the optimizer is one of …", or several such conditions at once. It has to hold in every
trial without exception. Where none does (a setting drawn at a coin's toss, a cell left empty), whether the
setting is set becomes a setting of its own, ``"x is set"``: true or false, half each under the prior, and x
is active where it is true.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.words import listed, named

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from sweeps.space import Value

    Presence = npt.NDArray[np.bool_]

MOST_VALUES: Final = 50  # a setting of more values makes no branches,
OFTEN: Final = 10  # unless they are names, each of which comes so often in the mean


@dataclass(frozen=True)
class Condition:
    """When a setting is active: each named setting has one of the values. ``inferred``: a rule was found."""

    when: Mapping[str, tuple[Value, ...]]
    inferred: bool = True


@dataclass(frozen=True)
class _Parent:
    """A setting that may decide over others: position of its value per trial, −1 where it is inactive."""

    name: str
    values: tuple[Value, ...]
    codes: npt.NDArray[np.int64]

    def allowed(self, present: Presence) -> frozenset[int]:
        """Positions of the values it has where the other setting is present."""
        return frozenset(self.codes[present].tolist())

    def holds(self, allowed: frozenset[int]) -> Presence:
        """Trials in which it has one of the values."""
        found: Presence = np.isin(self.codes, list(allowed)) & (self.codes >= 0)
        return found


def presence_name(name: str, taken: Sequence[str]) -> str:
    """Name of the setting that says whether another is set."""
    candidate = f"{name} is set"
    while candidate in taken:
        candidate += "?"
    return candidate


def infer(
    configurations: Sequence[Mapping[str, Value]], names: Sequence[str], may_decide: Sequence[str]
) -> dict[str, Condition]:
    """Condition of every setting that some trial lacks.

    Parameters
    ----------
    configurations
        Values of each trial's active settings.
    names
        All settings, in the order in which they first appear: parents are mostly drawn before children.
    may_decide
        Settings with a list of values or few whole numbers, none of them constant.

    Returns
    -------
    dict
        By setting; a setting that every trial has is not in it. Settings that hang on the same toss of a coin
        share one ``"… is set"``.
    """
    columns = {name: [configuration.get(name) for configuration in configurations] for name in names}
    return infer_columns(columns, may_decide)


def infer_columns(
    columns: Mapping[str, Sequence[Value | None]], may_decide: Sequence[str]
) -> dict[str, Condition]:
    """The same of columns: the value of each setting in each trial, None where it is inactive."""
    names = list(columns)
    present = {
        name: np.array([value is not None for value in column], dtype=bool)
        for name, column in columns.items()
    }
    if all(there.all() for there in present.values()):
        return {}
    order = sorted(names, key=lambda name: -int(present[name].sum()))  # a parent is where its child is
    parents: list[_Parent] = []
    found: dict[str, Condition] = {}
    for name in order:
        if not present[name].all():
            found[name] = _condition(name, present[name], parents, names)
            if not found[name].inferred:
                parents += _tosses(found[name], present[name], parents)
        if name in may_decide:
            parents += _as_parent(name, columns[name])
    return found


def _as_parent(name: str, given: Sequence[Value | None]) -> list[_Parent]:
    values = tuple(dict.fromkeys(value for value in given if value is not None))
    names = any(isinstance(value, str) for value in values)
    many = names and len(given) - given.count(None) >= OFTEN * len(values)
    if len(values) < 2 or (len(values) > MOST_VALUES and not many):
        return []
    place = {value: code for code, value in enumerate(values)}
    codes = np.array([-1 if value is None else place[value] for value in given], dtype=np.int64)
    return [_Parent(name, values, codes)]


def _tosses(condition: Condition, present: Presence, parents: Sequence[_Parent]) -> list[_Parent]:
    """New ``"x is set"`` as a parent of what follows."""
    name = next(iter(condition.when))
    known = {parent.name for parent in parents}
    return [] if name in known else [_Parent(name, (False, True), present.astype(np.int64))]


def _condition(name: str, present: Presence, parents: Sequence[_Parent], names: Sequence[str]) -> Condition:
    usable = [(parent, parent.allowed(present)) for parent in parents]
    usable = [(parent, allowed) for parent, allowed in usable if -1 not in allowed and allowed]
    single = [pair for pair in usable if np.array_equal(pair[0].holds(pair[1]), present)]
    if single:
        # A chance fit is likelier with many values; a parent that is always on with its child says least.
        best = min(single, key=lambda pair: (len(pair[1]) == _seen(pair[0]), len(pair[0].values)))
        return _made([best])
    chosen = _fewest(usable, present)
    if chosen:
        return _made(chosen)
    return Condition({presence_name(name, names): (True,)}, inferred=False)


def _seen(parent: _Parent) -> int:
    return len(set(parent.codes.tolist()) - {-1})


def _fewest(
    usable: list[tuple[_Parent, frozenset[int]]], present: Presence
) -> list[tuple[_Parent, frozenset[int]]]:
    """Conditions that hold together exactly where the setting is, none of them idle; or none at all."""

    def exact(pairs: list[tuple[_Parent, frozenset[int]]]) -> bool:
        together = np.ones(len(present), dtype=bool)
        for parent, allowed in pairs:
            together &= parent.holds(allowed)
        return bool(np.array_equal(together, present))

    if not usable or not exact(usable):
        return []
    for pair in usable[::-1]:
        rest = [other for other in usable if other is not pair]
        if exact(rest):
            usable = rest
    return usable


def _made(pairs: Sequence[tuple[_Parent, frozenset[int]]]) -> Condition:
    return Condition(
        {parent.name: tuple(parent.values[code] for code in sorted(allowed)) for parent, allowed in pairs}
    )


def words(conditions: Mapping[str, Condition]) -> list[str]:
    """A note for each condition."""
    notes = []
    for name, condition in conditions.items():
        if condition.inferred:
            rules = [f"{named(parent)} is {_or(values)}" for parent, values in condition.when.items()]
            notes.append(
                f"{named(name)} is taken to exist where {' and '.join(rules)}: so it is in the trials."
            )
        else:
            switch = named(next(iter(condition.when)))
            notes.append(
                f"No other setting says when {named(name)} exists; whether it does is a setting, {switch}."
            )
    return notes


def _or(values: Sequence[Value]) -> str:
    return listed(values).replace(" and ", " or ") if len(values) < 3 else f"one of {listed(values)}"
