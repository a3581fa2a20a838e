"""Which column of a table is what: metric, setting, seed, fidelity, folds, or nothing that matters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity import vocabulary
from sensitivity.reading.by_column import Why, by_name
from sensitivity.reading.evidence import Evidence, judged, without_twins
from sensitivity.reading.folds import fold_columns
from sensitivity.reading.states import is_state
from sensitivity.trials import NUMBER, REQUIRED, RESULTS, SOMETIMES, VALUE
from sensitivity.words import listed
from sweeps.errors import StudyError, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sensitivity.arrays import Floats
    from sensitivity.reading.cells import Column
    from sensitivity.reading.csv_text import TextTable
    from sensitivity.request import Reading

MOST_JUDGED: Final = 500  # columns; each is judged beside all others
PARAMS: Final = "params_"
STATE: Final = "state"


@dataclass
class Roles:
    """What each column is.

    Attributes
    ----------
    settings
        Columns of the settings, in the order of the file.
    folds
        Columns with the result of each fold.
    inner
        Columns that say it together with the seed: the inner folds of a nested cross-validation.
    seed, budget, step, state
        Column that says which try a row is, how much it was given, how far it came, how it ended.
    runs
        Columns that say which run a row is of.
    out
        Every other column → why it is no setting.
    guessed
        Whether nothing but evidence says which columns are settings.
    """

    metric: str
    settings: list[str]
    seed: str | None = None
    inner: list[str] = field(default_factory=list)
    budget: str | None = None
    step: str | None = None
    state: str | None = None
    folds: list[str] = field(default_factory=list)
    runs: list[str] = field(default_factory=list)
    out: dict[str, Why] = field(default_factory=dict)
    guessed: bool = False


def metric_column(table: TextTable, given: str | None) -> str:
    """Column of the result: the one named, or the one that a known format has.

    Raises
    ------
    StudyError
        When it is not there, or none is named and the format has none.
    """
    if given is not None:
        return table.check(given, "--metric")
    if table.metric is not None:
        return table.metric
    if VALUE in table.columns and (is_ours(table) or is_export(table)):
        return VALUE
    values = [name for name in table.names if name.startswith(("value_", "values_"))]
    if is_export(table) and len(values) == 1:
        return values[0]
    if "mean_test_score" in table.columns:
        return "mean_test_score"
    raise StudyError(
        f"say which column of {table.path} is the result: --metric NAME; it has: {listed(table.names)}"
    )


def roles(table: TextTable, columns: Mapping[str, Column], metric: str, how: Reading) -> Roles:
    """Decide what each column is.

    Raises
    ------
    StudyError
        When a column is named that is not there, or is asked to be two things at once.
    """
    ignored = {table.check(name, "--ignore") for name in how.ignore}
    asked = [table.check(name, "--setting") for name in how.settings]
    _distinct_roles(asked, ignored, metric)
    left = [name for name in table.names if name != metric and name not in ignored]
    found = Roles(metric, [], out=dict.fromkeys((n for n in table.names if n in ignored), Why.IGNORED))
    found.state = _state(table, [name for name in left if name not in asked])
    if found.state is not None:
        left.remove(found.state)
        found.out[found.state] = Why.STATE
    found.folds = _folds(columns, metric, [name for name in left if name not in asked], found)
    left = [name for name in left if name not in found.folds]
    by_format = _by_format(table, left)
    _special(found, table, columns, [n for n in left if n not in asked and n not in by_format], how)
    special = {found.seed, found.budget, found.step, *found.inner, *found.out}
    left = [name for name in left if name not in special]
    if asked:
        found.settings = [name for name in left if name in asked]
        found.out |= dict.fromkeys((name for name in left if name not in asked), Why.IGNORED)
    elif by_format:
        found.settings = [name for name in left if name in by_format]
        others = [name for name in left if name not in by_format]
        found.out |= {name: by_name(name, columns[name]) or Why.FORMAT for name in others}
        if not is_ours(table) and not is_export(table):  # those chose each setting by itself
            _without_twins(found, columns)
    else:
        _refuse_many(table, left)
        seeds = None if found.seed is None else columns[found.seed].codes
        evidence = judged({name: columns[name] for name in left}, numbers(columns[metric]), seeds)
        found.settings, found.out, found.guessed = evidence.settings, found.out | evidence.out, True
    return found


def _without_twins(found: Roles, columns: Mapping[str, Column]) -> None:
    """Of settings that always change together one stays, as where nothing but evidence tells settings."""
    varied = [name for name in found.settings if columns[name].given]
    evidence = Evidence(columns, numbers(columns[found.metric]), varied)
    without_twins(evidence)
    found.settings = [name for name in found.settings if name not in evidence.out]
    found.out |= evidence.out


def _refuse_many(table: TextTable, left: Sequence[str]) -> None:
    if len(left) > MOST_JUDGED:
        raise StudyError(
            f"{table.path} has {len(left):,} columns of which nothing says whether they are settings; name "
            "the settings: --setting COLUMN, once for each"
        )


def _state(table: TextTable, left: Sequence[str]) -> str | None:
    """Column that says how each trial ended; our own table says it in its result."""
    if is_ours(table):
        return None
    return next((name for name in left if is_state(name, table.columns[name])), None)


def _distinct_roles(asked: Sequence[str], ignored: set[str], metric: str) -> None:
    """A column is one thing."""
    for name in asked:
        if name in ignored or name == metric:
            other = "--ignore" if name in ignored else "--metric"
            raise StudyError(f"{shown(name)} cannot be --setting and {other}; leave out one of the two")
    if metric in ignored:
        raise StudyError(f"{shown(metric)} cannot be --metric and --ignore; leave out one of the two")


def _by_format(table: TextTable, left: Sequence[str]) -> set[str]:
    """Columns that the format itself says are settings; none where it does not say."""
    if table.settings is not None:
        return set(table.settings)
    if is_ours(table):
        return {name for name in left if name not in {*RESULTS, *SOMETIMES}}
    if is_export(table):
        return {name for name in left if name.startswith(PARAMS)}
    for prefix in vocabulary.PREFIXES:
        found = {name for name in left if vocabulary.is_prefixed(name, prefix)}
        found = {name for name in found if not vocabulary.is_of_a_tuner(name)}
        if len(found) > 1 or (found and any(name.startswith(vocabulary.OTHERS) for name in table.names)):
            return found
    return set()


def _special(
    found: Roles, table: TextTable, columns: Mapping[str, Column], left: Sequence[str], how: Reading
) -> None:
    """Seed, budget and step, by hand or by name."""
    if how.replicate is not None:
        found.seed = table.check(how.replicate, "--replicate")
    else:
        by_name = sorted((n for n in left if vocabulary.is_seed(n)), key=_seed_place)
        found.seed = next((n for n in by_name if is_seed(table.columns[n])), None)
        others = [name for name in by_name if name != found.seed]
        found.inner = [n for n in others if found.seed is not None and _within(table, found.seed, n)]
        found.out |= dict.fromkeys((name for name in others if name not in found.inner), Why.IDENTITY)
    if how.fidelity is not None:
        found.budget = table.check(how.fidelity, "--fidelity")
        if not columns[found.budget].numeric:
            raise StudyError(f"--fidelity {shown(found.budget)} has no numbers; name another column")
        return
    varied = [n for n in left if columns[n].numeric and len(set(columns[n].given)) > 1]
    found.budget = next((name for name in varied if vocabulary.is_budget(name)), None)
    found.step = next((name for name in varied if vocabulary.is_step(name)), None)
    words = {n: [cell.strip() for cell in table.columns[n]] for n in left if vocabulary.is_identity(n)}
    found.runs = [n for n, cells in words.items() if 1 < len(set(cells)) < len(cells)]


def _within(table: TextTable, seed: str, name: str) -> bool:
    """Whether a second column of tries is crossed with the first: an inner fold in every outer one."""
    outer, inner = table.columns[seed], table.columns[name]
    pairs = len(set(zip(outer, inner, strict=True)))
    return len(set(inner)) > 1 and pairs == len(set(outer)) * len(set(inner)) < len(outer)


def _seed_place(name: str) -> int:
    plain = "_".join(vocabulary.tokens(name))
    return vocabulary.SEEDS.index(plain) if plain in vocabulary.SEEDS else len(vocabulary.SEEDS)


def _folds(columns: Mapping[str, Column], metric: str, left: Sequence[str], found: Roles) -> list[str]:
    numeric = {name: numbers(columns[name]) for name in (metric, *left) if columns[name].numeric}
    folds = fold_columns(left, metric, numeric) if metric in numeric else []
    found.out |= dict.fromkeys(folds, Why.RESULT)
    return folds


def numbers(column: Column) -> Floats:
    """Column as numbers, NaN where there is none."""
    if not column.numeric:
        return np.full(len(column.values), np.nan)
    return np.array([np.nan if value is None else value for value in column.values], dtype=np.float64)


def is_ours(table: TextTable) -> bool:
    """Whether it is the table of trials of a sweep."""
    return set(table.names) >= REQUIRED


def is_export(table: TextTable) -> bool:
    """Whether it is what ``study.trials_dataframe().to_csv()`` writes."""
    return {NUMBER, STATE} <= set(table.names) and any(name.startswith(PARAMS) for name in table.names)


def is_seed(cells: Sequence[str]) -> bool:
    """Every row has one, and not every row its own: that would be a number of the row."""
    texts = [cell.strip() for cell in cells]
    return all(texts) and (len(set(texts)) < len(texts) or len(texts) < 2)
