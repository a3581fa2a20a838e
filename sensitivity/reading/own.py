"""Finished trials of a sweep of ours → `Study`: nothing has to be inferred."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sensitivity.study import Study
from sensitivity.trials import OUTCOME, VALUE, read_csv, trials_table
from sweeps.errors import StudyError
from sweeps.objectives import objective_named

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from sweeps.definition import SweepDefinition
    from sweeps.trial import FinishedTrial


def from_finished(
    finished: Sequence[FinishedTrial],
    definition: SweepDefinition,
    known_cap: float | None,
    cap: float | None = None,
    notes: Sequence[str] = (),
) -> Study:
    """Study of finished trials.

    Parameters
    ----------
    known_cap
        Metric of a constant prediction, if the study says it.
    cap
        What shall take its place.
    """
    space = definition.build_space()
    error_cap = _error_cap(definition, known_cap)
    trials = trials_table(finished, space.names, error_cap, definition.epochs, definition.target)
    curve = definition.metric.removeprefix("best_")
    curves = {trial.number: list(trial.curves[curve]) for trial in finished if curve in trial.curves}
    return from_table(trials, definition, cap, notes, known_cap, curves)


def from_table(
    trials: pd.DataFrame,
    definition: SweepDefinition,
    cap: float | None,
    notes: Sequence[str] = (),
    known_cap: float | None = None,
    curves: dict[int, list[float]] | None = None,
) -> Study:
    """Study of a table of trials."""
    own_cap = known_cap if known_cap is not None else constant_prediction(definition, definition.metric)
    if cap is not None:
        trials = recapped(trials, definition.metric, cap)
    return Study(
        trials,
        definition.build_space(),
        metric=definition.metric.replace("_", " "),
        cap=own_cap if cap is None else cap,
        curves=curves or {},
        notes=tuple(notes),
        name=definition.name,
        unit=objective_named(definition.objective).unit(definition),
        definition=definition.to_toml(),
    )


def read_own_table(path: Path) -> pd.DataFrame:
    """Table of trials from the file that a sweep wrote.

    Raises
    ------
    StudyError
        When it is not, or no longer, such a file.
    """
    try:
        return read_csv(path)
    except (ValueError, OverflowError) as error:  # pandas' complaints about files are ValueErrors too
        raise StudyError(f"{path} is no table of trials that a sweep wrote: {error}") from None


def recapped(trials: pd.DataFrame, metric: str, cap: float) -> pd.DataFrame:
    """Table whose ``value`` is the uncapped metric, capped anew; diverged trials count with the new cap.

    Raises
    ------
    StudyError
        When the cap makes all values equal.
    """
    trained = trials[OUTCOME] == "trained"
    raw = trials[metric].where(trials[metric].notna(), trials[VALUE])
    best = float(raw[trained].min()) if trained.any() else math.nan
    if cap < best:
        raise StudyError(
            f"every {metric.replace('_', ' ')} is worse than the cap {cap:g} (the best is {best:g}), so all "
            "would count the same; give another --cap"
        )
    return trials.assign(**{VALUE: raw.clip(upper=cap).where(trained, cap)})


def constant_prediction(definition: SweepDefinition, metric: str) -> float:
    """Metric of a constant prediction on the definition's data; NaN where there is none."""
    known = objective_named(definition.objective).constant_prediction(definition)
    return known.get(metric.removeprefix("best_"), math.nan)


def _error_cap(definition: SweepDefinition, known_cap: float | None) -> float:
    """*Validation error* of a constant prediction: what the default target is counted from."""
    if definition.target is not None:
        return math.nan
    if known_cap is not None and definition.metric.removeprefix("best_") == "validation_error":
        return known_cap
    return constant_prediction(definition, "validation_error")
