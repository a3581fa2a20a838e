"""Any table with a column of results → `Study`.

What each column is, is decided by evidence (`csv_roles`); a cell that cannot be read is named with its row.
An export of ``study.trials_dataframe()`` is recognised by its ``params_`` columns, a ``trials.csv`` of ours
by its results; beside its ``sweep.toml`` nothing of it has to be guessed.
"""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sensitivity.reading import missing
from sensitivity.reading.by_column import Why
from sensitivity.reading.cells import column
from sensitivity.reading.csv_roles import STATE, is_export, is_ours, metric_column, roles
from sensitivity.reading.csv_rows import Rows, counted_rows, results_of
from sensitivity.reading.csv_settings import settings_of_table
from sensitivity.reading.csv_text import table_of_text
from sensitivity.reading.directions import asked_direction
from sensitivity.reading.nested import spread_out
from sensitivity.reading.own import from_table, read_own_table
from sensitivity.reading.packed import Packed
from sensitivity.reading.records import assemble
from sensitivity.reading.results import Metric, Record
from sensitivity.reading.tables import from_search, read_table
from sensitivity.request import Reading
from sensitivity.study import ReadAs, is_finite
from sensitivity.trials import (
    AFTER_SETTINGS,
    DIVERGED,
    EVALUATIONS,
    NUMBER,
    OUTCOME,
    PHASE,
    PLAN,
    REPLICATE,
    VALUE,
)
from sensitivity.words import listed
from sweeps.run_folder import RunFolder

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from sensitivity.reading.cells import Column
    from sensitivity.reading.csv_roles import Roles
    from sensitivity.reading.csv_text import TextTable
    from sensitivity.request import Request
    from sensitivity.study import Study
    from sweeps.definition import SweepDefinition
    from sweeps.space import Value

_OVERLAID: Final = [
    *(name for name in AFTER_SETTINGS if name not in {REPLICATE, OUTCOME, VALUE}),
    EVALUATIONS,
]


def read_csv_table(
    path: str | os.PathLike[str], metric: str | None = None, reading: Reading | None = None
) -> Study:
    """Read a file with a table.

    Parameters
    ----------
    metric
        Name of the column with the result; may be left out for a ``trials.csv`` of ours, an export of
        Optuna's and one of scikit-learn's.
    reading
        Which way is better, and what the guesses get wrong.

    Raises
    ------
    StudyError
        When the file is no table, a column named is not there or has no numbers, or nothing says whether
        higher or lower is better.
    """
    how = reading or Reading()
    table = read_table(Path(path))
    definition = _definition_beside(table) if metric in {None, VALUE} else None
    if definition is not None:
        return from_table(read_own_table(table.path), definition, how.cap)
    return from_text_table(table, metric, how)


def sample_of_table(path: Path, text: str, request: Request) -> Study | None:
    """Study of some rows of a file; None of a table of ours, or where no result is named."""
    table = table_of_text(path, text)
    if request.metric is None or is_ours(table):
        return None
    return from_text_table(replace(table, columns=spread_out(table.columns)), request.metric, request)


def read_search(search: object, metric: str | None = None, **options: Any) -> Study:  # noqa: ANN401
    """Study of a fitted search of scikit-learn's; options as fields of `sensitivity.request.Reading`."""
    return from_text_table(from_search(search, Path(type(search).__name__)), metric, Reading(**options))


def from_text_table(table: TextTable, metric: str | None, how: Reading) -> Study:
    """Study of a table of texts; errors as for `read_csv_table`."""
    name = metric_column(table, metric)
    results = results_of(table, name)
    maximise, by = _direction(table, name, how)
    columns = _read_columns(table)
    found = roles(table, columns, name, how)
    settings = settings_of_table(table, columns, found, how, _whole(table))
    rows = counted_rows(table, columns, found, results, settings)
    del columns
    records, places = _records(table, found, rows)
    lost = [record.unexplained for record in records]
    decision = missing.decide(
        [settings.configuration(row) for row in places] if any(lost) else [],
        lost,
        how.failed,
        [record.phase == PLAN for record in records],
    )
    if not decision.count and any(lost):
        counted = [place for place, none in enumerate(lost) if not none]
        records, places = [records[place] for place in counted], [places[place] for place in counted]
    cap = _own_cap(table, rows.results[name]) if how.cap is None and name == VALUE else how.cap
    notes = [*decision.notes, *table.notes, *rows.notes, *settings.notes]
    linear = [setting for setting, log in settings.roles.get("scales", {}).items() if not log]
    measured = Metric(name, maximise, cap)
    given = {name: _cells(values, places) for name, values in settings.values.items()}
    study = assemble(
        records, given, settings.domains, measured, table.path.stem, notes, _seed_words(found), linear
    )
    empty = all(lost) and not any(cell.strip() for cell in table.columns[name])
    read = ReadAs(_left_out(found), by, _replicates(found), empty)
    study = replace(
        study,
        guessed=bool(study.space.names) and found.guessed,
        foremost=decision.foremost,
        read=read,
        pruned=rows.pruned,
        lost=decision.lost,
        **settings.roles,
    )
    return _with_results(study, table) if is_ours(table) else study


def _read_columns(table: TextTable) -> dict[str, Column]:
    """Columns read; the texts of numbers are packed, as of a large table they fill the memory."""
    columns = {}
    for name, cells in table.columns.items():
        columns[name] = found = column(cells, comma=table.comma)
        if found.numeric:
            table.columns[name] = Packed.of(cells)
    return columns


def _direction(table: TextTable, metric: str, how: Reading) -> tuple[bool, str]:
    """Whether the result is maximised, and what says so."""
    if is_ours(table) and metric == VALUE and not how.maximise:
        return False, ""
    if table.maximise is not None and metric == table.metric and not how.maximise and not how.minimise:
        return table.maximise, "as the project says"
    return asked_direction(metric, how)


def _whole(table: TextTable) -> list[int]:
    """Trials of an export of Optuna's that ran to their end: pandas writes the choice ``None`` as a blank."""
    if not is_export(table):
        return []
    return [row for row, cell in enumerate(table.columns[STATE]) if cell.strip() == "COMPLETE"]


def _definition_beside(table: TextTable) -> SweepDefinition | None:
    """Definition of the run folder in which a table of ours lies."""
    folder = table.path.absolute().parent
    if not is_ours(table) or folder.name != "tables":
        return None
    return RunFolder(folder.parent).definition()


def _own_cap(table: TextTable, results: list[float]) -> float | None:
    """What diverged trials of ours count with in the file."""
    if not is_ours(table):
        return None
    rows = zip(results, table.columns[OUTCOME], strict=True)
    return max((value for value, outcome in rows if outcome == DIVERGED and is_finite(value)), default=None)


def _seed_words(found: Roles) -> str:
    if found.inner:
        return f"{found.seed} with {listed(found.inner)}"
    return "Each fold" if found.folds else f"The column {found.seed}"


def _replicates(found: Roles) -> tuple[str, ...]:
    return tuple(found.folds) if found.folds else () if found.seed is None else (found.seed, *found.inner)


def _left_out(found: Roles) -> dict[str, tuple[str, ...]]:
    """Columns by why they are no settings, each in the order of the file."""
    why = dict(found.out) | {name: Why.BUDGET for name in (found.budget, found.step) if name is not None}
    return {
        reason: tuple(name for name in why if why[name] == reason) for reason in dict.fromkeys(why.values())
    }


def _cells(values: Sequence[Value | None], rows: Sequence[int]) -> Sequence[Value | None]:
    """Value in each of some rows; the column itself where these are all."""
    return values if list(rows) == list(range(len(values))) else [values[row] for row in rows]


def _records(table: TextTable, found: Roles, rows: Rows) -> tuple[list[Record], list[int]]:
    """A record per row that counts, or per fold of each; and the row of each."""
    folds, own = found.folds or [found.metric], is_ours(table)
    records = []
    for row in rows.kept:
        diverged = own and table.columns[OUTCOME][row] == DIVERGED
        searched = own and table.columns[PHASE][row] != PLAN
        for fold, name in enumerate(folds):
            result = rows.results[name][row]
            records.append(
                Record(
                    number=row * len(folds) + fold,
                    result=result,
                    complete=row not in rows.failed,
                    unexplained=math.isnan(result) and not diverged and row not in rows.diverged,
                    diverged=diverged,
                    phase="search" if searched else "plan",
                    seed=fold if found.folds else _seed(table, found, row),
                )
            )
    return records, [row for row in rows.kept for _ in folds]


def _seed(table: TextTable, found: Roles, row: int) -> object:
    if found.seed is None:
        return None
    cell = table.columns[found.seed][row].strip()
    if found.inner:
        return " ".join([cell, *(table.columns[name][row].strip() for name in found.inner)])
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
