"""Which rows of a table count as trials, with what result; every other row is named or counted."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sensitivity.reading.cells import is_missing, number, without_unit
from sensitivity.reading.fidelity import is_fidelity, largest, last_of_each
from sensitivity.reading.states import End, end_of
from sensitivity.vocabulary import tokens
from sensitivity.words import counted, named, were
from sweeps.errors import StudyError, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sensitivity.reading.cells import Column
    from sensitivity.reading.csv_roles import Roles
    from sensitivity.reading.csv_settings import Settings
    from sensitivity.reading.csv_text import TextTable

MOST_NAMED: Final = 3  # bad cells of a column that are named, the rest counted
_NOT_A_NUMBER: Final = frozenset({"nan", "-nan"})


@dataclass
class Rows:
    """Rows that count.

    Attributes
    ----------
    kept
        Their numbers, from 0.
    results
        By column, the result of every row of the table; NaN where there is none.
    diverged
        Rows that ended and whose result is not a number.
    failed
        Rows that say that they failed: they have no result.
    pruned
        How many rows say that they were stopped for their results.
    """

    kept: list[int]
    results: dict[str, list[float]]
    diverged: set[int] = field(default_factory=set)
    failed: set[int] = field(default_factory=set)
    pruned: int = 0
    notes: list[str] = field(default_factory=list)


def results_of(table: TextTable, metric: str) -> list[float | None]:
    """Result of every row; NaN where there is none, None where the cell is no number.

    Raises
    ------
    StudyError
        When less than half of the cells that are not empty are numbers.
    """
    found: list[float | None] = []
    for text in without_unit([cell.strip() for cell in table.columns[metric]]):
        value = math.nan if is_missing(text) else number(text, comma=table.comma)
        found.append(_infinite(text) if value is None else value)
    bad = [row for row, value in enumerate(found) if value is None]
    numbers = sum(value is not None and not math.isnan(value) for value in found)
    if bad and numbers < len(bad):
        cell = table.columns[metric][bad[0]]
        raise StudyError(
            f"the metric {shown(metric)} is not numeric: row {bad[0] + 1} has {shown(cell)}; "
            "name another column with --metric"
        )
    return found


def _infinite(text: str) -> float | None:
    """``inf``, or a number beyond the largest there is, which a program that reads ``1e400`` takes for it."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isinf(value) else None


def counted_rows(
    table: TextTable,
    columns: Mapping[str, Column],
    found: Roles,
    results: Sequence[float | None],
    settings: Settings,
) -> Rows:
    """Rows that are trials with a place among the settings.

    Raises
    ------
    StudyError
        When the table is the history of one run.
    """
    _refuse_history(table, columns, found, settings)
    folds = {name: results_of(table, name) for name in found.folds}
    bad: dict[str, dict[int, str]] = {found.metric: _bad(table, found.metric, results)}
    bad |= {name: _bad(table, name, values) for name, values in folds.items()}
    bad |= {name: columns[name].bad for name in settings.columns}
    dropped = {row for cells in bad.values() for row in cells}
    plain = {
        name: [math.nan if value is None else value for value in values]
        for name, values in {found.metric: results, **folds}.items()
    }
    rows = Rows([row for row in range(table.rows) if row not in dropped], plain)
    rows.notes += [note for name, cells in bad.items() for note in _bad_words(name, cells)]
    _by_state(table, found, settings, rows)
    _by_fidelity(table, columns, found, settings, rows)
    return rows


def _refuse_history(
    table: TextTable, columns: Mapping[str, Column], found: Roles, settings: Settings
) -> None:
    step = found.step or found.budget
    varied = [name for name in settings.columns if len(set(columns[name].given)) > 1]
    if step is None or varied or table.rows < 3:
        return
    given = [float(value) for value in columns[step].given]
    if len(given) == table.rows and all(b > a for a, b in itertools.pairwise(given)):
        raise StudyError(
            f"{table.path} is the history of one run ({shown(step)} counts up and no setting varies), not a "
            "table of trials; give a table with a row per trial"
        )


def _bad(table: TextTable, name: str, values: Sequence[float | None]) -> dict[int, str]:
    return {row: table.columns[name][row].strip() for row, value in enumerate(values) if value is None}


def _bad_words(name: str, cells: Mapping[int, str]) -> list[str]:
    """A note on the cells of a column that are no numbers."""
    if not cells:
        return []
    first = [f"row {row + 1} has {shown(cell)}" for row, cell in list(cells.items())[:MOST_NAMED]]
    more = f" and {len(cells) - MOST_NAMED:,} more" if len(cells) > MOST_NAMED else ""
    which = "is no number: that trial was" if len(cells) == 1 else "are no numbers: these trials were"
    return [f"{named(name)}: {', '.join(first)}{more}, which {which} left out."]


def _by_state(table: TextTable, found: Roles, settings: Settings, rows: Rows) -> None:
    """Leave out what did not end; what failed has no result, whatever stands there."""
    if found.state is None:
        return
    states = [cell.strip() for cell in table.columns[found.state]]
    lost: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    bare = 0
    with_result = 0
    kept = []
    for row in rows.kept:
        end = end_of(found.state, states[row])
        if end == End.LOST:
            lost[states[row]] += 1
        elif end == End.FAILED and not settings.configuration(row):
            bare += 1
        else:
            kept.append(row)
            has_result = not math.isnan(rows.results[found.metric][row])
            unknown[states[row]] += has_result and end == End.UNKNOWN
            with_result += has_result and end == End.FAILED
            _mark(table, found, rows, row, end)
    rows.kept = kept
    rows.pruned = sum(count for state, count in lost.items() if "pruned" in tokens(state))
    rows.notes += [f"{were(count, f'{state} trial')} left out." for state, count in lost.items()]
    rows.notes += [_unknown_words(found.state, state, count) for state, count in unknown.items() if count]
    if with_result:
        who = f"{counted(with_result, 'trial')} failed, as {named(found.state)} says"
        rows.notes.append(f"{who}: what stands in {named(found.metric)} there counts as no result.")
    if bare:
        rows.notes.append(f"{were(bare, 'FAILED trial')} left out: without any settings.")


def _unknown_words(column: str, state: str, count: int) -> str:
    """A word for the end of a trial that nobody knows never passes in silence."""
    are, it = ("is", "it counts") if count == 1 else ("are", "they count")
    who = (
        f"{counted(count, 'trial')} {are} {shown(state)} in {named(column)}"
        if state
        else (f"{counted(count, 'trial')} {'has' if count == 1 else 'have'} nothing in {named(column)}")
    )
    return (
        f"{who}, which does not say whether {'it' if count == 1 else 'they'} ended well: {it} by the result."
    )


def _mark(table: TextTable, found: Roles, rows: Rows, row: int, end: End) -> None:
    if end == End.FAILED:
        rows.failed.add(row)
        for values in rows.results.values():
            values[row] = math.nan
    elif end == End.DONE and table.columns[found.metric][row].strip().casefold() in _NOT_A_NUMBER:
        rows.diverged.add(row)


def _by_fidelity(
    table: TextTable, columns: Mapping[str, Column], found: Roles, settings: Settings, rows: Rows
) -> None:
    if found.step is None and found.budget is None:
        return
    seeds = table.columns[found.seed] if found.seed is not None else [""] * table.rows
    inner = [table.columns[name] for name in found.inner]
    configurations = list(zip(settings.places(table.rows), seeds, *inner, strict=True))
    if found.step is not None:
        ids = [tuple(table.columns[name][row] for name in found.runs) for row in range(table.rows)]
        runs = [(configuration, run) for configuration, run in zip(configurations, ids, strict=True)]
        kept = last_of_each(rows.kept, columns[found.step].values, runs, found.step)
        rows.kept, rows.notes = kept.rows, [*rows.notes, *kept.notes]
    if found.budget is not None and is_fidelity(rows.kept, columns[found.budget].values, configurations):
        kept = largest(rows.kept, columns[found.budget].values, found.budget)
        rows.kept, rows.notes = kept.rows, [*rows.notes, *kept.notes]
