"""Any CSV file with a metric column → `Study`.

Every column that is not the metric, a seed, an index or a time is a setting. An export of
``study.trials_dataframe()`` is recognised by its ``params_`` columns, a ``trials.csv`` of ours by its
results; beside its ``sweep.toml`` nothing of it has to be guessed.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sensitivity.reading import missing
from sensitivity.reading.csv_roles import IGNORE_HINT, PARAMS, STATE, is_export, is_ours, roles
from sensitivity.reading.csv_text import read_text_table
from sensitivity.reading.guesses import MISSING, guess
from sensitivity.reading.own import from_table, read_own_table
from sensitivity.reading.records import assemble
from sensitivity.reading.results import Metric, Record
from sensitivity.request import Reading
from sensitivity.study import is_finite
from sensitivity.trials import (
    AFTER_SETTINGS,
    DIVERGED,
    NUMBER,
    OUTCOME,
    PHASE,
    PLAN,
    REPLICATE,
    VALUE,
)
from sensitivity.words import named, were
from sweeps.errors import StudyError, shown
from sweeps.run_folder import RunFolder

if TYPE_CHECKING:
    import os

    from sensitivity.reading.csv_roles import Roles
    from sensitivity.reading.csv_text import TextTable
    from sensitivity.study import Study
    from sweeps.definition import SweepDefinition
    from sweeps.space import Domain, Value

_NO_RESULT: Final = MISSING | {"none"}
_OVERLAID: Final = [name for name in AFTER_SETTINGS if name not in {REPLICATE, OUTCOME, VALUE}]


def read_csv_table(
    path: str | os.PathLike[str], metric: str | None = None, reading: Reading | None = None
) -> Study:
    """Read a CSV file.

    Parameters
    ----------
    metric
        Name of the column with the result; may be left out for a ``trials.csv`` of ours and for an export of
        Optuna's.
    reading
        Which way is better, and what the guesses get wrong.

    Raises
    ------
    StudyError
        When the file is no table, or a column named is not there or has no numbers.
    """
    how = reading or Reading()
    table = read_text_table(Path(path))
    definition = _definition_beside(table) if metric in {None, VALUE} else None
    if definition is not None:
        return from_table(read_own_table(table.path), definition, how.cap)
    found = roles(table, metric, how)
    results = _results(table, found.metric)
    cap = _own_cap(table, results) if how.cap is None and found.metric == VALUE else how.cap
    rows, notes = _kept_rows(table)
    domains, columns = _settings(table, found, how, notes)
    lost = [_unexplained(table, results, row) for row in rows]
    decision = missing.decide([_configuration(columns, row) for row in rows], lost, how.failed)
    kept = [row for row, none in zip(rows, lost, strict=True) if decision.count or not none]
    guessed = bool(domains) and not how.settings and not is_export(table)
    if guessed:
        names = ", ".join(named(name) for name in domains)
        notes.append(f"Read as settings: {names}. If one of them is another result, {IGNORE_HINT}.")
    if not how.maximise and found.metric != VALUE:
        notes.append(f"Lower {named(found.metric)} is taken as better; add --maximize if higher is.")
    records = [_record(table, found, columns, results, row) for row in kept]
    words = Metric(found.metric, how.maximise, cap)
    name = table.path.stem
    notes = [*decision.notes, *found.notes, *notes]
    study = assemble(records, domains, words, name, notes, f"The column {found.seed}")
    study = replace(study, guessed=guessed, foremost=decision.foremost)
    return _with_results(study, table) if is_ours(table) else study


def _definition_beside(table: TextTable) -> SweepDefinition | None:
    """Definition of the run folder in which a table of ours lies."""
    folder = table.path.absolute().parent
    if not is_ours(table) or folder.name != "tables":
        return None
    return RunFolder(folder.parent).definition()


def _results(table: TextTable, metric: str) -> list[float]:
    """Metric of every row; NaN where there is none."""
    results = []
    for number, cell in enumerate(table.columns[metric], 1):
        text = cell.strip()
        try:
            results.append(math.nan if text.lower() in _NO_RESULT else float(text))
        except ValueError:
            raise StudyError(
                f"the metric {shown(metric)} is not numeric: row {number} has {shown(cell)}; "
                "name another column with --metric"
            ) from None
    return results


def _unexplained(table: TextTable, results: list[float], row: int) -> bool:
    """Whether a row has no result and does not say why."""
    return math.isnan(results[row]) and not (is_ours(table) and table.columns[OUTCOME][row] == DIVERGED)


def _configuration(columns: dict[str, list[Value | None]], row: int) -> dict[str, Value]:
    cells = {name: values[row] for name, values in columns.items()}
    return {name: value for name, value in cells.items() if value is not None}


def _own_cap(table: TextTable, results: list[float]) -> float | None:
    """What diverged trials of ours count with in the file."""
    if not is_ours(table):
        return None
    rows = zip(results, table.columns[OUTCOME], strict=True)
    return max((value for value, outcome in rows if outcome == DIVERGED and is_finite(value)), default=None)


def _kept_rows(table: TextTable) -> tuple[list[int], list[str]]:
    """Rows that may count: all, or of Optuna's export the complete ones and those that failed."""
    if not is_export(table):
        return list(range(table.rows)), []
    states = [state.strip().upper() for state in table.columns[STATE]]
    params = [name for name in table.names if name.startswith(PARAMS)]
    failed = {row for row in range(table.rows) if states[row] == "FAIL"}
    bare = {row for row in failed if not any(table.columns[name][row] for name in params)}
    kept = [row for row in range(table.rows) if states[row] == "COMPLETE" or row in failed - bare]
    lost = Counter(state for state in states if state not in {"COMPLETE", "FAIL"})
    notes = [f"{were(count, f'{state} trial')} left out." for state, count in lost.items()]
    if bare:
        notes.append(f"{were(len(bare), 'FAILED trial')} left out: without any settings.")
    return kept, notes


def _settings(
    table: TextTable, found: Roles, how: Reading, notes: list[str]
) -> tuple[dict[str, Domain], dict[str, list[Value | None]]]:
    """Domain and values of each setting, by its name in the tables; guesses are added to ``notes``."""
    domains: dict[str, Domain] = {}
    columns: dict[str, list[Value | None]] = {}
    for column in found.settings:
        name = column.removeprefix(PARAMS) if is_export(table) else column
        guessed = guess(column, table.columns[column], _log(column, how))
        if all(value is None for value in guessed.values):
            if table.rows:
                notes.append(f"The column {named(column)} is empty and was left out.")
            continue
        domains[name], columns[name] = guessed.domain, guessed.values
        notes += guessed.notes
    return domains, columns


def _log(column: str, how: Reading) -> bool | None:
    return True if column in how.log else False if column in how.linear else None


def _record(
    table: TextTable,
    found: Roles,
    columns: dict[str, list[Value | None]],
    results: list[float],
    row: int,
) -> Record:
    return Record(
        number=row,
        configuration=_configuration(columns, row),
        result=results[row],
        complete=not is_export(table) or table.columns[STATE][row].strip().upper() == "COMPLETE",
        unexplained=_unexplained(table, results, row),
        diverged=is_ours(table) and table.columns[OUTCOME][row] == DIVERGED,
        phase="search" if is_ours(table) and table.columns[PHASE][row] != PLAN else "plan",
        seed=None if found.seed is None else _number_or_text(table.columns[found.seed][row]),
    )


def _number_or_text(cell: str) -> object:
    try:
        return float(cell)
    except ValueError:
        return cell


def _with_results(study: Study, table: TextTable) -> Study:
    """Study of a table of ours with all its results: no row was left out, only their order may differ."""
    own = read_own_table(table.path).iloc[study.trials[NUMBER].to_numpy()].reset_index(drop=True)
    names = [name for name in (NUMBER, REPLICATE, *_OVERLAID) if name in own]
    trials = study.trials.assign(**{name: own[name] for name in names})
    return replace(study, trials=trials)
