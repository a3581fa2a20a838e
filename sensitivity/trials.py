"""One tidy row per trial: the table that every measure and every file of results starts from.

The names of its columns are defined here and nowhere else. An empty cell means "there is none": a setting
that is inactive in the configuration, a metric of the last epoch for a trial that never reached it.

Columns
-------
number, phase
    Number of the trial in the sweep, from 0; ``plan``, ``crossed`` for trials that share draws with several
    replicates, ``search`` for trials that a sampler proposed.
each_setting
    A column per setting, with its value; empty where the setting is inactive.
replicate
    Which seeds and split, from 0; shared by all configurations.
draw_of_weights, draw_of_order, draw_of_split
    Which initial weights, minibatch order and split, from 0; only of a sweep whose noise is crossed.
outcome, diverged_at
    ``trained`` or ``diverged``, and the epoch, fractional, at which it diverged if that is known. A label: no
    number depends on it. Of a function of the user's also ``failed``, ``timed_out``, ``out_of_memory``,
    ``killed``: then there is no value.
message
    Why a function of the user's gave no result; only where one did not.
loss_rose
    Whether training reached its end with a training loss above the one at initialisation.
value
    What was measured, lower is better, never above the cap, which also counts where there is no result; empty
    where a function of the user's gave none.
each_metric
    A column per further metric that a function of the user's gave, as it gave it.
validation_error, validation_loss, training_loss
    After the last epoch, uncapped; empty where training did not reach it, or where nobody recorded it.
best_validation_error, best_validation_loss, best_training_loss
    The best after any epoch.
epochs_to_target
    First epoch, from 1, after which the validation error is at or below the target; empty if there is none.
evaluations
    What training cost, in forward passes over the training set: three an epoch, and what its layers learned
    before, in passes over the same set; only where it was recorded.
seconds
    The trial's share of the time its population took; for a stranger's trial how long it took.
"""

from __future__ import annotations

from numbers import Integral, Real
from typing import TYPE_CHECKING, Final

import pandas as pd

from sweeps.errors import DefinitionError, StudyError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from sweeps.trial import FinishedTrial

NUMBER: Final = "number"
PHASE: Final = "phase"
REPLICATE: Final = "replicate"
DRAW_OF_WEIGHTS: Final = "draw_of_weights"
DRAW_OF_ORDER: Final = "draw_of_order"
DRAW_OF_SPLIT: Final = "draw_of_split"
DRAWS: Final = (DRAW_OF_WEIGHTS, DRAW_OF_ORDER, DRAW_OF_SPLIT)
OUTCOME: Final = "outcome"
DIVERGED_AT: Final = "diverged_at"
LOSS_ROSE: Final = "loss_rose"
MESSAGE: Final = "message"
VALUE: Final = "value"
VALIDATION_ERROR: Final = "validation_error"
VALIDATION_LOSS: Final = "validation_loss"
TRAINING_LOSS: Final = "training_loss"
BEST_VALIDATION_ERROR: Final = "best_validation_error"
BEST_VALIDATION_LOSS: Final = "best_validation_loss"
BEST_TRAINING_LOSS: Final = "best_training_loss"
EPOCHS_TO_TARGET: Final = "epochs_to_target"
EVALUATIONS: Final = "evaluations"
SECONDS: Final = "seconds"

PLAN: Final = "plan"
CROSSED: Final = "crossed"
DIVERGED: Final = "diverged"
TRAINED: Final = "trained"

_FINAL = (VALIDATION_ERROR, VALIDATION_LOSS, TRAINING_LOSS)
_BEST = {f"best_{name}": name for name in _FINAL}
BEFORE_SETTINGS: Final = (NUMBER, PHASE)
AFTER_SETTINGS: Final = (
    *(REPLICATE, OUTCOME, DIVERGED_AT, LOSS_ROSE, VALUE),
    *(*_FINAL, *_BEST, EPOCHS_TO_TARGET, SECONDS),
)
_OF_ALL: Final = {
    NUMBER: "int64",
    PHASE: "str",
    REPLICATE: "int64",
    OUTCOME: "str",
    LOSS_ROSE: "bool",
    **dict.fromkeys((DIVERGED_AT, VALUE, *_FINAL, *_BEST, SECONDS), "float64"),
    EPOCHS_TO_TARGET: "Int64",
}
RESULTS: Final = frozenset(_OF_ALL)  # names that no setting can have
REQUIRED: Final = RESULTS - {LOSS_ROSE}  # columns that tables of trials always had
_OF_SOME: Final = {
    **dict.fromkeys(DRAWS, "int64"),
    EVALUATIONS: "float64",
    MESSAGE: "str",
}  # columns of some tables only
SOMETIMES: Final = frozenset(_OF_SOME)
_DTYPES: Final = _OF_ALL | _OF_SOME
TARGET_SHARE: Final = 0.1


def trials_table(
    finished: Sequence[FinishedTrial], settings: Sequence[str], cap: float, epochs: int, target: float | None
) -> pd.DataFrame:
    """One row per trial, ordered by number.

    Parameters
    ----------
    finished
        Trials in any order.
    settings
        Names of the settings that vary, in the order their columns shall have.
    cap
        *Validation error* of a constant prediction; used for the default target only.
    epochs
        Epochs of training.
    target
        Validation error that counts as "learned"; None for `default_target`.

    Returns
    -------
    DataFrame, shape (trials, 2 + settings + 13), with three more columns where noise was crossed, one more
    where evaluations were counted or a message recorded, and one per metric that no network has
        ``epochs_to_target`` is the first epoch, counted from 1, after which the validation error is at or
        below the target; empty if there is none. Everything but ``value`` is uncapped.
    """
    if taken := sorted(set(settings) & set(_DTYPES)):
        raise DefinitionError(f"a setting must not have the name of a result; rename {', '.join(taken)}")
    ordered = sorted(finished, key=lambda trial: trial.number)
    aim = default_target(ordered, cap) if target is None else target
    data: dict[str, pd.Series] = {}
    for name, read in _result_readers(epochs, aim).items():
        data[name] = pd.Series([read(trial) for trial in ordered], dtype=_DTYPES[name])
    for name in settings:
        data[name] = _setting_column([trial.planned.configuration.get(name) for trial in ordered])
    names = [*BEFORE_SETTINGS, *settings, *AFTER_SETTINGS]
    if ordered and all(trial.planned.draws is not None for trial in ordered):
        data |= _draws(ordered)
        place = names.index(REPLICATE) + 1
        names[place:place] = DRAWS
    if any(trial.evaluations is not None for trial in ordered):
        data[EVALUATIONS] = pd.Series([trial.evaluations for trial in ordered], dtype=_DTYPES[EVALUATIONS])
        names.insert(names.index(SECONDS), EVALUATIONS)
    if any(trial.message for trial in ordered):
        data[MESSAGE] = pd.Series([trial.message or None for trial in ordered], dtype=_DTYPES[MESSAGE])
        names.insert(names.index(OUTCOME) + 1, MESSAGE)
    own = _own_metrics(ordered, names)
    data |= own
    place = names.index(VALUE) + 1
    names[place:place] = own
    return pd.DataFrame({name: data[name] for name in names})


def table_of_results(
    results: Mapping[str, Sequence[object]], settings: Mapping[str, Sequence[object]]
) -> pd.DataFrame:
    """Table of trials of which some results are known; of the others every cell is empty.

    Parameters
    ----------
    results
        Columns of `trials_table`, ordered by number.
    settings
        Columns of settings, None where one is inactive.
    """
    count = len(results[NUMBER])
    data = {
        name: pd.Series([None] * count, dtype=_DTYPES[name])
        for name in AFTER_SETTINGS
        if name not in results and name != LOSS_ROSE
    }
    data[LOSS_ROSE] = pd.Series([False] * count, dtype=_DTYPES[LOSS_ROSE])
    data |= {name: pd.Series(column, dtype=_DTYPES[name]) for name, column in results.items()}  # type: ignore[arg-type]
    data |= {name: _setting_column(column) for name, column in settings.items()}
    return pd.DataFrame({name: data[name] for name in (*BEFORE_SETTINGS, *settings, *AFTER_SETTINGS)})


def _own_metrics(finished: Sequence[FinishedTrial], taken: Sequence[str]) -> dict[str, pd.Series]:
    """Columns of metrics that no network has; one whose name is taken is called ``metric_`` and its name."""
    names = dict.fromkeys(name for trial in finished for name in trial.final if name not in {*_FINAL, VALUE})
    used = {*taken, *_DTYPES}
    return {
        f"metric_{name}" if name in used else name: pd.Series(
            [trial.final.get(name) for trial in finished], dtype="float64"
        )
        for name in names
    }


def _draws(finished: Sequence[FinishedTrial]) -> dict[str, pd.Series]:
    """Columns of the draws of crossed trials."""
    draws = [trial.planned.draws for trial in finished if trial.planned.draws is not None]
    columns = zip(DRAWS, zip(*draws, strict=True), strict=True)
    return {name: pd.Series(numbers, dtype=_DTYPES[name]) for name, numbers in columns}


def rose(table: pd.DataFrame) -> pd.Series:
    """Whether each training loss ended above its start; false where nobody recorded it."""
    known = table.get(LOSS_ROSE)
    return (
        pd.Series(data=False, index=table.index)
        if known is None
        else known.eq(other=True).fillna(value=False)
    )


def all_failed(trials: pd.DataFrame) -> bool:
    """Whether there are trials, and none of them trained: then nothing was reached."""
    return bool(len(trials)) and not bool((trials[OUTCOME] == TRAINED).any())


def planned(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of the plan, or all rows where there is no plan."""
    plan = table[table[PHASE] == PLAN]
    return plan if len(plan) else table


def configurations_in(table: pd.DataFrame, names: Sequence[str]) -> int:
    """Number of different configurations of settings in a table; without settings all rows are of one."""
    return len(table[list(names)].drop_duplicates()) if names else min(len(table), 1)


def default_target(finished: Sequence[FinishedTrial], cap: float) -> float | None:
    """Give the validation error 90 % of the way from a constant prediction to the best trial of the plan.

    ``best + 0.1 (cap − best)``, best = lowest final validation error among the plan's trials (among all
    trials where there is no plan). None where no trial has a final validation error: no target, no epoch.
    """
    plan = [trial for trial in finished if trial.planned.phase == PLAN] or list(finished)
    errors = [trial.final[VALIDATION_ERROR] for trial in plan if VALIDATION_ERROR in trial.final]
    if not errors:
        return None
    best = float(min(errors))
    return best + TARGET_SHARE * (cap - best)


def _result_readers(epochs: int, target: float | None) -> dict[str, Callable[[FinishedTrial], object]]:
    """Say what each column but the settings' reads from a trial."""
    return {
        NUMBER: lambda trial: trial.number,
        PHASE: lambda trial: trial.planned.phase,
        REPLICATE: lambda trial: trial.planned.replicate,
        OUTCOME: lambda trial: trial.outcome,
        DIVERGED_AT: lambda trial: trial.diverged_at,
        LOSS_ROSE: lambda trial: trial.loss_rose,
        VALUE: lambda trial: trial.value,
        **{name: _final(name) for name in _FINAL},
        **{name: _best(key) for name, key in _BEST.items()},
        EPOCHS_TO_TARGET: lambda trial: _first_epoch(trial, epochs, target),
        SECONDS: lambda trial: trial.seconds,
    }


def _final(metric: str) -> Callable[[FinishedTrial], object]:
    return lambda trial: trial.final.get(metric)


def _best(metric: str) -> Callable[[FinishedTrial], object]:
    return lambda trial: trial.best.get(metric)


def _first_epoch(trial: FinishedTrial, epochs: int, target: float | None) -> int | None:
    """First epoch in 1 … ``epochs`` at or below the target; element 0 of a curve is before training."""
    if target is None:
        return None
    curve = trial.curves.get(VALIDATION_ERROR, ())[1 : epochs + 1]
    return next((epoch for epoch, error in enumerate(curve, 1) if error <= target), None)


def _setting_column(values: Sequence[object]) -> pd.Series:
    """Column of the narrowest type that holds its values and "inactive".

    pandas alone would turn whole numbers with gaps into floats, and booleans with gaps into objects.
    """
    kinds = {*map(type, values)} - {type(None)}
    if kinds == {bool}:
        return pd.Series(values, dtype="boolean")
    if bool in kinds:
        return pd.Series(values, dtype="object")
    if kinds and all(issubclass(kind, Integral) for kind in kinds):
        return pd.Series(values, dtype="Int64")
    if kinds and all(issubclass(kind, Real) for kind in kinds):
        return pd.Series(values, dtype="float64")
    if all(issubclass(kind, str) for kind in kinds):
        return pd.Series(values, dtype="str")
    return pd.Series(values, dtype="object")


def read_csv(path: Path | str) -> pd.DataFrame:
    """Read what `write_csv` wrote: same columns, same types, numbers to 9 significant digits.

    A table of before ``loss_rose`` was recorded has no such column, here neither.

    Raises
    ------
    StudyError
        When a column of `trials_table` is missing.
    """
    texts = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    if missing := [name for name in _DTYPES if name in REQUIRED and name not in texts.columns]:
        raise StudyError(f"{path} is no table of trials: it lacks the column {', '.join(missing)}")
    return pd.DataFrame({str(name): _typed(str(name), texts[name].tolist()) for name in texts.columns})


def _typed(name: str, texts: Sequence[str]) -> pd.Series:
    """Column from its texts: the known type of a result, the narrowest that fits for a setting."""
    cells = [text or None for text in texts]
    if name not in _DTYPES:
        return _setting_column(_values(cells))
    dtype = _DTYPES[name]
    if dtype == "str":
        return pd.Series(cells, dtype=dtype)
    if dtype == "bool":
        return pd.Series([cell == "true" for cell in cells], dtype=dtype)
    numeric = float if dtype == "float64" else int
    return pd.Series([None if cell is None else numeric(cell) for cell in cells], dtype=dtype)


def _values(cells: Sequence[str | None]) -> list[object]:
    """Texts as booleans, whole numbers or floats where *all* of them read so, otherwise as they are."""
    boolean = {"true": True, "false": False}
    for parse in (boolean.__getitem__, int, float):
        try:
            return [None if cell is None else parse(cell) for cell in cells]
        except (KeyError, ValueError):
            continue
    return list(cells)
