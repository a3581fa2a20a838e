"""Finished trials of a sweep of ours → `Study`: nothing has to be inferred."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from sensitivity.language.metrics import metric_words, unit_words
from sensitivity.reading.functions import curves_of, from_recorded
from sensitivity.study import Study
from sensitivity.trials import (
    DIVERGED,
    DIVERGED_AT,
    LOSS_ROSE,
    OUTCOME,
    TRAINING_LOSS,
    VALUE,
    read_csv,
    trials_table,
)
from sensitivity.words import counted
from sweeps.errors import StudyError
from sweeps.objectives import objective_named
from sweeps.trial import VALUE_RULE, judged_anew

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
    rule: int = VALUE_RULE,
    failed: str | None = None,
) -> Study:
    """Study of finished trials.

    Parameters
    ----------
    known_cap
        Metric of a constant prediction, if the study says it.
    cap
        What shall take its place.
    rule
        Which `sweeps.trial.VALUE_RULE` recorded the values; those of another are made anew.
    failed
        As for `sensitivity.reading.functions.from_recorded`; a network's trials all have a result.
    """
    space = definition.build_space()
    if not objective_named(definition.objective).trains_networks:
        return _of_function(finished, definition, cap, failed, notes)
    if rule != VALUE_RULE:
        finished, said = _judged_anew(finished, definition, known_cap)
        notes = [*notes, *said]
    error_cap = _error_cap(definition, known_cap)
    trials = trials_table(finished, space.names, error_cap, definition.epochs, definition.target)
    curve = definition.metric.removeprefix("best_")
    curves = {trial.number: list(trial.curves[curve]) for trial in finished if curve in trial.curves}
    return from_table(trials, definition, cap, notes, known_cap, curves)


def _of_function(
    finished: Sequence[FinishedTrial],
    definition: SweepDefinition,
    cap: float | None,
    failed: str | None,
    notes: Sequence[str],
) -> Study:
    """Study of the trials of a function of the user's own, whose curves begin with the first epoch."""
    curves, metric = curves_of(finished, definition.metric)
    begun = [
        replace(trial, curves={name: [math.nan, *curve] for name, curve in trial.curves.items()})
        for trial in finished
    ]
    epochs = max((len(curve) for curve in curves.values()), default=0)
    names = definition.build_space().names
    table = trials_table(begun, names, math.nan, epochs, definition.target)
    return from_recorded(table, definition, curves, metric=metric, cap=cap, failed=failed, notes=notes)


def from_table(
    trials: pd.DataFrame,
    definition: SweepDefinition,
    cap: float | None,
    notes: Sequence[str] = (),
    known_cap: float | None = None,
    curves: dict[int, list[float]] | None = None,
    failed: str | None = None,
) -> Study:
    """Study of a table of trials; one of before ``loss_rose`` was recorded is judged by today's rule."""
    if not objective_named(definition.objective).trains_networks:
        return from_recorded(trials, definition, {}, cap=cap, failed=failed, notes=notes)
    own_cap = known_cap if known_cap is not None else constant_prediction(definition, definition.metric)
    if LOSS_ROSE not in trials:
        before = trials[VALUE]
        trials = _table_judged_anew(trials, definition.metric, own_cap)
        notes = [*notes, *_said(int((before != trials[VALUE]).sum()))]
    if cap is not None:
        trials = recapped(trials, definition.metric, cap)
    space = definition.build_space()
    objective = objective_named(definition.objective)
    told = (*objective.remarks(definition), *objective.doubts(definition, space))
    return Study(
        trials,
        space,
        metric=metric_words(definition.metric.replace("_", " ")),
        cap=own_cap if cap is None else cap,
        curves=curves or {},
        notes=(*told, *notes),
        name=definition.name,
        unit=unit_words(objective.unit(definition)),
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
    """Table whose ``value`` is the uncapped metric, capped anew; without one a trial counts with the cap.

    Raises
    ------
    StudyError
        When the cap makes all values equal.
    """
    stopped = (trials[OUTCOME] == DIVERGED) & ~_ended(trials)
    raw = trials[metric].where(trials[metric].notna(), trials[VALUE]) if metric in trials else trials[VALUE]
    best = float(raw[~stopped].min()) if not stopped.all() else math.nan
    if cap < best:
        raise StudyError(
            f"every {metric.replace('_', ' ')} is worse than the cap {cap:g} (the best is {best:g}), so all "
            "would count the same; give another --cap"
        )
    return trials.assign(**{VALUE: raw.clip(upper=cap).where(~stopped, cap)})


def _ended(trials: pd.DataFrame) -> pd.Series:
    """Whether each training reached its last epoch with finite numbers."""
    return trials[TRAINING_LOSS].notna()


def _judged_anew(
    finished: Sequence[FinishedTrial], definition: SweepDefinition, known_cap: float | None
) -> tuple[list[FinishedTrial], list[str]]:
    """Trials recorded by another rule, by today's, and what is to be said about it."""
    cap = constant_prediction(definition, definition.metric) if known_cap is None else known_cap
    anew = [judged_anew(trial, definition.metric, cap) for trial in finished]
    return anew, _said(sum(one.value != other.value for one, other in zip(finished, anew, strict=True)))


def _table_judged_anew(trials: pd.DataFrame, metric: str, cap: float) -> pd.DataFrame:
    """Table of the first rule, where a finite trial was called diverged if its loss had risen, by today's."""
    ended, diverged = _ended(trials), trials[OUTCOME] == DIVERGED
    raw = trials[metric] if metric in trials else trials[VALUE]
    value = raw.clip(upper=cap).where(ended & raw.notna(), trials[VALUE])
    lost = diverged & (~ended | (value >= cap))
    changed = {
        OUTCOME: trials[OUTCOME].where(lost == diverged, "trained"),
        DIVERGED_AT: trials[DIVERGED_AT].where(lost),
        LOSS_ROSE: ended & diverged,
        VALUE: value,
    }
    judged = trials.assign(**changed)
    at = list(trials.columns).index(DIVERGED_AT) + 1
    return judged[[*trials.columns[:at], LOSS_ROSE, *trials.columns[at:]]]


def _said(changed: int) -> list[str]:
    """Sentence about values made anew."""
    note = (
        "These trials were recorded when a rise of the training loss alone was called divergence and counted "
        f"with the cap; by today's rule {counted(changed, 'trial')} of them "
        f"{'counts' if changed == 1 else 'count'} with the metric recorded."
    )
    return [note]


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
