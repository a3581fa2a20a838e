"""Which column of a CSV file is what: metric, setting, seed, or nothing that matters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sensitivity.reading.guesses import parsed
from sensitivity.trials import NUMBER, REPLICATE, REQUIRED, RESULTS, VALUE
from sensitivity.words import listed
from sweeps.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.reading.csv_text import TextTable
    from sensitivity.request import Reading

INDEX_NAMES: Final = frozenset(
    {"", "index", "id", "trial", "trial_id", "trial_number", "number", "run", "run_id", "unnamed: 0"}
)
TIME_NAMES: Final = frozenset(
    {
        *("time", "date", "datetime", "timestamp", "duration", "seconds", "elapsed", "runtime"),
        *("wall_time", "walltime", "start", "end", "start_time", "end_time", "started", "finished"),
        *("datetime_start", "datetime_complete"),
    }
)
SEEDS: Final = (REPLICATE, "seed", "random_state", "random_seed", "repeat", "repetition", "fold", "run")
PARAMS: Final = "params_"
STATE: Final = "state"
IGNORE_HINT: Final = "leave it out with --ignore"  # in the note of a file whose columns had to be guessed
_FEWEST_DISTINCT: Final = 5  # as many different texts, one per row, are names of the rows


@dataclass(frozen=True)
class Roles:
    """Column of the metric, columns of the settings, column of the seed, and what was left out and why."""

    metric: str
    settings: list[str]
    seed: str | None
    notes: list[str] = field(default_factory=list)


def roles(table: TextTable, metric: str | None, how: Reading) -> Roles:
    """Decide what each column is.

    Raises
    ------
    StudyError
        When a column is named that is not there, or no metric is.
    """
    result = _metric(table, metric)
    for option in ("settings", "ignore", "log", "linear"):
        for name in getattr(how, option):
            table.check(name, "--setting" if option == "settings" else f"--{option}")
    left = [name for name in table.names if name != result and name not in how.ignore]
    seed = next((n for s in SEEDS for n in left if n.lower() == s and _is_seed(table.columns[n])), None)
    if how.settings:
        settings = [name for name in left if name in how.settings]
        return Roles(result, settings, None if seed in settings else seed)
    left = [name for name in left if name != seed]
    if is_ours(table):
        return Roles(result, [name for name in left if name not in RESULTS], seed)
    if is_export(table):
        return Roles(result, [name for name in left if name.startswith(PARAMS)], seed)
    kept = [name for name in left if not _is_idle(name, table.columns[name])]
    idle = [name for name in left if name not in kept]
    notes = [f"Ignored as index or time: {listed(idle)}; --setting NAME keeps a column."] if idle else []
    return Roles(result, kept, seed, notes)


def is_ours(table: TextTable) -> bool:
    """Whether it is the table of trials of a sweep."""
    return set(table.names) >= REQUIRED


def is_export(table: TextTable) -> bool:
    """Whether it is what ``study.trials_dataframe().to_csv()`` writes."""
    return {NUMBER, STATE} <= set(table.names) and any(name.startswith(PARAMS) for name in table.names)


def _metric(table: TextTable, given: str | None) -> str:
    if given is not None:
        return table.check(given, "--metric")
    if VALUE in table.columns and (is_ours(table) or is_export(table)):
        return VALUE
    raise StudyError(
        f"say which column of {table.path} is the result: --metric NAME; it has: {listed(table.names)}"
    )


def _is_seed(cells: Sequence[str]) -> bool:
    """Every row has one, and not every row its own: that would be a number of the row."""
    return all(cell.strip() for cell in cells) and (len(set(cells)) < len(cells) or len(cells) < 2)


def _is_idle(name: str, cells: Sequence[str]) -> bool:
    """An index, a time, or a name of the row: says which row it is, not how it was trained."""
    plain = name.strip().lower()
    if plain in TIME_NAMES or plain in SEEDS:
        return True
    values = parsed(cells)
    distinct = len(set(values)) == len(values)
    if plain in INDEX_NAMES and distinct and not any(isinstance(value, float) for value in values):
        return True
    counted = values in (list(range(len(values))), list(range(1, len(values) + 1)))
    texts = distinct and len(values) >= _FEWEST_DISTINCT and all(isinstance(v, str) for v in values)
    return (counted and len(values) >= _FEWEST_DISTINCT) or texts
