"""The settings of a table: names, values per row, lists and ranges, and what the user says about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sensitivity import vocabulary
from sensitivity.coding import same_rows
from sensitivity.reading import conditions
from sensitivity.reading.cells import FEW, Column, in_order
from sensitivity.reading.guesses import guess
from sensitivity.trials import RESULTS
from sensitivity.words import named
from sweeps.errors import StudyError, shown
from sweeps.space import Choices

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sensitivity.reading.csv_roles import Roles
    from sensitivity.reading.csv_text import TextTable
    from sensitivity.request import Reading
    from sweeps.space import Domain, Value

MOST_BRANCHES: Final = 20


@dataclass
class Settings:
    """Settings by the name that they have in the tables.

    Attributes
    ----------
    columns
        Column of the file → name.
    values
        Name → value per row; None where it is inactive.
    roles
        Fields of a `Study`: which setting is the learning rate, and which makes branches.
    """

    columns: dict[str, str]
    values: dict[str, list[Value | None]] = field(default_factory=dict)
    domains: dict[str, Domain] = field(default_factory=dict)
    roles: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def configuration(self, row: int) -> dict[str, Value]:
        """Values of the settings that a row has."""
        cells = {name: values[row] for name, values in self.values.items()}
        return {name: value for name, value in cells.items() if value is not None}

    def places(self, rows: int) -> list[int]:
        """Number of each row's configuration, by first appearance."""
        codes = [Column(values).codes for values in self.values.values()]
        numbers: list[int] = same_rows(np.array(codes, dtype=np.int64).reshape(-1, rows).T).tolist()
        return numbers


def settings_of_table(
    table: TextTable,
    columns: Mapping[str, Column],
    found: Roles,
    how: Reading,
    whole: Sequence[int] = (),
) -> Settings:
    """Settings of a table; ``whole``: rows in which a blank cell of a setting is the value ``None``.

    Raises
    ------
    StudyError
        When an option asks of a column what it cannot be.
    """
    empty = [name for name in found.settings if not columns[name].given]
    used = [name for name in found.settings if name not in empty]
    settings = Settings(_shown(used, table))
    if table.rows:
        settings.notes += [f"The column {named(name)} is empty and was left out." for name in empty]
    said = _said(table, columns, settings, how)
    for column, name in settings.columns.items():
        values = columns[column].values
        settings.values[name] = (
            [None if v is None else str(v) for v in values]
            if said.get(name) == "categorical"
            else list(values)
        )
    _none_as_level(columns, settings, whole)
    rate = _rate(table, settings, how)
    scales = {settings.columns[n]: log for n, log in table.scales.items() if n in settings.columns}
    order = _order(columns)
    for name, values in settings.values.items():
        log = {"log": True, "linear": False}.get(said.get(name, ""), scales.get(name))
        guessed = guess(name, [values[row] for row in order], log, rate=name == rate)
        settings.domains[name] = guessed.domain
        settings.notes += guessed.notes
    settings.roles = {"rate": rate, "branch": _branch(table, settings, how), "scales": _scales(said)}
    settings.roles = {name: value for name, value in settings.roles.items() if value}
    return settings


def _order(columns: Mapping[str, Column]) -> Sequence[int]:
    """Rows in the order of the trials, as a number of the trial says; else that of the file."""
    for name, found in columns.items():
        if vocabulary.is_trial_number(name) and found.numeric and len(set(found.given)) == len(found.values):
            return sorted(range(len(found.values)), key=lambda row: float(found.given[row]))
    return range(max((len(found.values) for found in columns.values()), default=0))


def _scales(said: Mapping[str, str]) -> dict[str, bool]:
    return {name: how == "log" for name, how in said.items() if how != "categorical"}


def _shown(names: Sequence[str], table: TextTable) -> dict[str, str]:
    """Names without what a tool puts before them, where they stay apart."""
    bare = {name: vocabulary.bare(name) for name in names}
    taken = [*bare.values()]
    return {
        name: short
        if taken.count(short) == 1 and short not in RESULTS and (short == name or short not in table.columns)
        else name
        for name, short in bare.items()
    }


def _said(
    table: TextTable, columns: Mapping[str, Column], settings: Settings, how: Reading
) -> dict[str, str]:
    """Name of a setting → the scale that the user says it has."""
    said: dict[str, str] = {}
    for option in ("log", "linear", "categorical"):
        for given in getattr(how, option):
            column = table.check(given, f"--{option}")
            name = _setting(column, f"--{option}", settings)
            if name in said:
                raise StudyError(
                    f"{shown(given)} cannot be both --{said[name]} and --{option}; leave out one of them"
                )
            if option != "categorical":
                _check_scale(column, columns[column], option)
            said[name] = option
    return said


def _setting(column: str, option: str, settings: Settings) -> str:
    if column not in settings.columns:
        raise StudyError(
            f"{option}: {shown(column)} was not read as a setting; add --setting {shown(column)} "
            "or leave it out"
        )
    return settings.columns[column]


def _check_scale(name: str, column: Column, option: str) -> None:
    if not column.numeric:
        raise StudyError(
            f"--{option} {shown(name)}: it has no numbers, so it has no such scale; leave it out"
        )
    low = next(
        (row for row, value in enumerate(column.values) if value is not None and float(value) <= 0), None
    )
    if option == "log" and low is not None:
        raise StudyError(
            f"--log {shown(name)}: row {low + 1} has {column.values[low]}, and a logarithmic scale has "
            "positive numbers only; leave it out"
        )


def _none_as_level(columns: Mapping[str, Column], settings: Settings, whole: Sequence[int]) -> None:
    """Make ``None`` beside a few values a level of a list, unless another setting says where it stands.

    ``whole``: rows in which a blank cell means ``None``, as in an export of Optuna's.
    """
    for column, name in settings.columns.items():
        values = settings.values[name]
        distinct = {value for value in values if value is not None}
        nones = columns[column].nones | {row for row in whole if values[row] is None}
        if not nones or len(distinct) > FEW or _follows(settings, name):
            continue
        settings.values[name] = [
            "None" if row in nones else None if value is None else str(value)
            for row, value in enumerate(values)
        ]


def _follows(settings: Settings, name: str) -> bool:
    """Whether other settings say where this one has a value."""
    rows = range(len(settings.values[name]))
    deciding = [n for n, values in settings.values.items() if n != name and _may_decide(values)]
    configurations = [settings.configuration(row) for row in rows]
    found = conditions.infer(configurations, list(settings.values), deciding)
    return name in found and found[name].inferred


def _may_decide(values: Sequence[Value | None]) -> bool:
    distinct = {value for value in values if value is not None}
    return 1 < len(distinct) <= FEW and not any(isinstance(value, float) for value in distinct)


def _rate(table: TextTable, settings: Settings, how: Reading) -> str:
    """Name of the learning rate; empty where there is none."""
    if how.rate is not None:
        name = _setting(table.check(how.rate, "--rate"), "--rate", settings)
        numbers = [value for value in settings.values[name] if value is not None]
        if not numbers or isinstance(numbers[0], str | bool):
            raise StudyError(f"--rate {shown(how.rate)} has no numbers; name another column")
        return name
    found = [
        name for name, values in settings.values.items() if vocabulary.is_rate(name) and _positive(values)
    ]
    return min(found, key=lambda name: len(vocabulary.tokens(name)), default="")


def _positive(values: Sequence[Value | None]) -> bool:
    given = [value for value in values if value is not None]
    return bool(given) and all(not isinstance(value, str | bool) and value > 0 for value in given)


def _branch(table: TextTable, settings: Settings, how: Reading) -> str:
    """Name of the setting that makes branches; empty where there is none."""
    if how.branch is not None:
        name = _setting(table.check(how.branch, "--branch"), "--branch", settings)
        if not isinstance(settings.domains[name], Choices):
            settings.domains[name] = Choices(in_order(v for v in settings.values[name] if v is not None))
        levels = settings.domains[name].level_values()
        if not 1 < len(levels) <= MOST_BRANCHES:
            raise StudyError(
                f"--branch {shown(how.branch)} has {len(levels)} values; branches need 2 to {MOST_BRANCHES}"
            )
        return name
    known = [
        name
        for name, values in settings.values.items()
        if vocabulary.branch_place(name) >= 0 and any(isinstance(v, str) for v in values)
    ]
    return min(known, key=vocabulary.branch_place, default="")
