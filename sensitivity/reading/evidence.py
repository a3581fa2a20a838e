"""Which columns of a table are settings, by what stands in them and by their names.

A setting takes planned values: few or evenly spread, known before the run and so independent of the other
settings. A result or a cost varies with the settings and goes with its fellow results. What says which row
it is, when or where it ran is constant, unique or counts up. A name that everybody knows is evidence, too:
it decides where the values allow it.

Columns without such a name are judged beside those that are settings already: independent of all of them and
spread like a plan (levels that come again, or uniform, or log-uniform) they join, else they are left out.
What stays in doubt is left out and said: it can never rank first.

A configuration that was run with several seeds says the same once, not several times: what is constant
within each configuration is judged over configurations.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity import vocabulary as names_
from sensitivity.coding import same_rows
from sensitivity.reading.against_names import measured, planned
from sensitivity.reading.association import (
    correlation,
    dependence,
    dependences,
    digits,
    goes_up,
    groups,
    is_spread,
    left_over,
    levelled,
    packed,
)
from sensitivity.reading.by_column import Why, by_cells, by_name, is_setting
from sensitivity.reading.cells import FEW, Column
from sensitivity.reading.twins import compounds_among, twins_among

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sensitivity.arrays import Floats, Integers
    from sensitivity.reading.association import Bits

ENOUGH: Final = 8  # rows without which a number that nobody knows by name cannot be judged
DEPENDENT: Final = 0.003
ALIKE: Final = 0.9  # rank correlation with the result from which it is another one
_TOLD: Final = frozenset({Why.RESULT, Why.CLOCK, Why.IDENTITY})  # known for what they are by name


@dataclass
class Evidence:
    """Columns of a table and what they were found to be.

    Attributes
    ----------
    columns
        Columns that may be settings, by name.
    result
        The metric per row, NaN where there is none.
    settings
        Names of the settings.
    out
        Name of every other column → why.
    """

    columns: Mapping[str, Column]
    result: Floats
    settings: list[str] = field(default_factory=list)
    out: dict[str, Why] = field(default_factory=dict)
    bits: dict[tuple[str, bool], Bits] = field(default_factory=dict)
    per_configuration: dict[str, tuple[Column, Floats]] = field(default_factory=dict)
    alike: dict[str, float] = field(default_factory=dict)
    number: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def __post_init__(self) -> None:
        """Every row its own configuration, for now."""
        self.number = np.arange(len(self.result))

    def group(self, names: Sequence[str], seeds: Integers | None = None) -> None:
        """Number the configurations by first appearance: rows that have the same in all these columns.

        They are taken for configurations where each was run at most once per seed, or where a number of
        many values comes again; a few lists side by side are none.
        """
        if not names:
            return
        number = same_rows(np.column_stack([self.columns[name].codes for name in names]))
        several = any(self.columns[name].tried > FEW for name in names)
        if (
            several
            if seeds is None
            else len(np.unique(same_rows(np.column_stack([number, seeds])))) == len(number)
        ):
            self.number = number
            for known in (self.bits, self.per_configuration, self.alike):
                known.clear()

    @property
    def firsts(self) -> list[int]:
        """First row of each configuration."""
        return sorted(np.unique(self.number, return_index=True)[1].tolist())

    def once(self, name: str) -> tuple[Column, Floats]:
        """A column and the mean result per configuration, where it is constant in each; else per row."""
        if name not in self.per_configuration:
            self.per_configuration[name] = self._once(name)
        return self.per_configuration[name]

    def correlation(self, name: str) -> float:
        """Rank correlation of a column with the result, both as `once` gives them, in absolute value."""
        if name not in self.alike:
            self.alike[name] = correlation(*self.once(name))
        return self.alike[name]

    def least(self, name: str, others: Sequence[str], rows: Sequence[int] | slice) -> float:
        """Lowest p of "independent" of a column and each of some others, in all rows or some."""
        if not others:
            return 1.0
        one, *found = (self._packed(each, rows) for each in (name, *others))
        return float(dependences(one, found).min())

    def _packed(self, name: str, rows: Sequence[int] | slice) -> Bits:
        key = name, isinstance(rows, slice)
        if key not in self.bits:
            self.bits[key] = packed(self.coded(name)[rows])
        return self.bits[key]

    def _once(self, name: str) -> tuple[Column, Floats]:
        column, rows = self.columns[name], self.firsts
        codes = column.codes
        if len(rows) == len(codes) or not np.array_equal(codes[rows][self.number], codes):
            return column, self.result
        count = np.bincount(self.number, np.isfinite(self.result))
        with np.errstate(invalid="ignore"):
            mean = np.bincount(self.number, np.where(np.isfinite(self.result), self.result, 0.0)) / count
        return Column([column.values[row] for row in rows]), mean

    def coded(self, name: str) -> Integers:
        """Group of each row's value, −1 where there is none; found once."""
        return self.columns[name].once(groups)


def judged(columns: Mapping[str, Column], result: Floats, seeds: Integers | None = None) -> Evidence:
    """Decide which columns are settings, in the order of the file.

    Parameters
    ----------
    columns, result
        Columns that may be settings, and the metric per row, NaN where there is none.
    seeds
        Number of each row's seed; None where no column says it.
    """
    found = Evidence(columns, result)
    unknown = [name for name in columns if not _known(found, name)]
    for name in compounds_among(columns, [*found.settings, *unknown]):
        (found.settings if name in found.settings else unknown).remove(name)
        found.out[name] = Why.COMPOUND
    for name, reason in measured(columns, found.settings, result).items():
        found.settings.remove(name)
        found.out[name] = reason
    again = [name for name in (*found.settings, *unknown) if _comes_again(columns[name])]
    found.group(again, seeds)
    # Beside all the others: a number that nearly decides the result leaves them the rest of it.
    following = {name for name in unknown if _follows(found, name)}
    plainest = sorted(unknown, key=lambda name: (columns[name].tried, digits(columns[name])))
    for name in sorted(plainest, key=following.__contains__):
        why = _beside_the_others(found, name)
        if why is None:
            found.settings.append(name)
        else:
            found.out[name] = why
    called = [
        name for name, reason in found.out.items() if reason == Why.RESULT and by_name(name, columns[name])
    ]
    for name, sure in planned(columns, found.settings, called, result).items():
        del found.out[name]
        if sure:
            found.settings.append(name)
        else:
            found.out[name] = Why.DOUBT
    if not found.settings:
        _nothing_else(found)
    without_twins(found)
    place = {name: number for number, name in enumerate(columns)}
    found.settings.sort(key=place.__getitem__)
    return found


def _against_names(found: Evidence) -> None:
    """Settle what is called like a result and was planned, as far as can be told."""
    results = [name for name, why in found.out.items() if why == Why.RESULT]
    called = [name for name in results if by_name(name, found.columns[name]) == Why.RESULT]
    for name, sure in planned(found.columns, found.settings, called, found.result).items():
        found.out[name] = Why.DOUBT
        if sure:
            del found.out[name]
            found.settings.append(name)


def _known(found: Evidence, name: str) -> bool:
    """Settle what a name and the cells alone decide."""
    column = found.columns[name]
    given = column.given
    if not given:
        found.out[name] = Why.EMPTY
    elif _with_the_result(column, found.result):
        found.out[name] = Why.RESULT
    elif column.tried == 1:
        if names_.is_setting(name) and not names_.is_result(name):
            found.settings.append(name)  # held fixed
        else:
            found.out[name] = Why.CONSTANT
    elif (why := by_name(name, column) or by_cells(column, counts=not is_setting(name))) is not None:
        found.out[name] = why
    elif not column.numeric or is_setting(name):
        found.settings.append(name)
    else:
        return False
    return True


def _with_the_result(column: Column, result: Floats) -> bool:
    """Whether it is blank exactly where the result is: it was recorded together with it."""
    if len(column.given) == len(column.values):
        return False
    blank = np.array([value is None for value in column.values])
    return bool(blank.any() and not blank.all() and np.array_equal(blank, np.isnan(result)))


def _comes_again(column: Column) -> bool:
    """Whether each of its values comes several times, as what was chosen per configuration does."""
    return min(column.times) > 1


def _beside_the_others(found: Evidence, name: str) -> Why | None:
    """Judge a number that nobody knows by name, beside the settings found so far; None: it is one."""
    column = found.once(name)[0]
    if len(column.given) < ENOUGH:
        return None
    alike, follows = found.correlation(name), _follows(found, name)
    if follows and not is_spread(column):
        return Why.RESULT
    varied = [other for other in found.settings if found.columns[other].tried > 1]
    rows = found.firsts if len(column.values) < len(found.result) else slice(None)
    if found.least(name, varied, rows) < DEPENDENT / max(len(varied), 1):
        return Why.RESULT if alike >= ALIKE / 2 else Why.DOUBT
    if levelled(column):
        return None
    if follows:
        return _follows_alone(found, name, varied)
    return Why.DOUBT if _is_complete(found, varied) or goes_up(column) or not is_spread(column) else None


def _follows(found: Evidence, name: str) -> bool:
    """Whether a number of many values nearly decides the result, or the result it."""
    return not levelled(found.once(name)[0]) and found.correlation(name) >= ALIKE


def _follows_alone(found: Evidence, name: str, others: Sequence[str]) -> Why | None:
    """Judge a number spread like a plan's that nearly decides the result; None: it is a setting.

    What a setting leaves of the result depends on the other settings; what another result leaves is noise.
    Where several columns follow the result, nobody can say which of them leads.
    """
    column, result = found.once(name)
    alike = [
        other
        for other, each in found.columns.items()
        if other != name and each.numeric and found.out.get(other) not in _TOLD and _follows(found, other)
    ]
    rest = Column([None if math.isnan(each) else each for each in left_over(column, result).tolist()])
    rows = found.firsts if len(column.values) < len(found.result) else slice(None)
    least = min((dependence(groups(rest), found.coded(other)[rows]) for other in others), default=1.0)
    if least >= DEPENDENT / max(len(others), 1):
        return Why.DOUBT
    return Why.DOUBT if alike else None


def _is_complete(found: Evidence, names: Sequence[str]) -> bool:
    """Whether the settings are every combination of their levels, at most twice each: nothing else varied."""
    combinations = math.prod(found.columns[name].tried for name in names)
    if len(names) < 2 or 2 * combinations < len(found.firsts) or combinations > len(found.result):
        return False
    columns = [found.once(name)[0] for name in names]
    if not all(levelled(column) for column in columns) or len({len(c.values) for c in columns}) > 1:
        return False
    number = same_rows(np.column_stack([column.codes for column in columns]))
    return len(np.unique(number)) == combinations and len(number) <= 2 * combinations


def _nothing_else(found: Evidence) -> None:
    """Doubtful columns are settings where there is no other: something was varied."""
    for name in [name for name, why in found.out.items() if why == Why.DOUBT]:
        found.settings.append(name)
        del found.out[name]


def without_twins(found: Evidence) -> None:
    """Of settings that always change together one stays: known by name, no list, of plain numbers."""
    if len(found.result) < ENOUGH:
        return

    def plainness(name: str) -> tuple[bool, bool, int]:
        column = found.columns[name]
        lists = isinstance(column.given[0], str) and column.given[0][:1] in {"[", "("}
        return not is_setting(name), lists, digits(column)

    found.number = np.arange(len(found.result))
    if found.settings:
        found.number = same_rows(np.column_stack([found.columns[name].codes for name in found.settings]))
    for name in twins_among(found.columns, sorted(found.settings, key=plainness), found.firsts):
        found.settings.remove(name)
        found.out[name] = Why.TWIN
