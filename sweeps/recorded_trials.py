"""A finished trial ↔ the trial of an Optuna study in which a sweep records it.

The parameters of an Optuna trial are the settings that vary and are active; how the trial ended stands in
its user attributes in a form that reads well in optuna-dashboard; what an Optuna sampler wants to find
again stands in its system attributes.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from optuna.trial import FrozenTrial, TrialState, create_trial

from sweeps.search import recorded_distribution
from sweeps.seeds import Draws
from sweeps.trial import FinishedTrial, PlannedTrial

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from optuna.distributions import BaseDistribution

    from sweeps.space import Setting, Value


NUMBER = "number"  # a trial's number in the sweep; Optuna's is the same but where two sweeps wrote at once
OURS = {NUMBER, "replicate", "phase", "outcome", "seconds"}  # user attributes of every trial of ours
_DRAWS = {name: f"draw_of_{name}" for name in Draws._fields}  # user attributes where noise is crossed
_PREFIXES = {"final": "final_", "best": "best_", "curves": "curve_"}


def frozen(trial: FinishedTrial, settings: Mapping[str, Setting], fixed: Mapping[str, Value]) -> FrozenTrial:
    """Optuna's trial in which a finished one is recorded.

    Parameters
    ----------
    settings
        Those that vary, by name.
    fixed
        Values of the others.

    Raises
    ------
    ValueError
        When a value cannot be recorded.
    """
    known = {**fixed, **trial.planned.configuration}
    params: dict[str, Value] = {}
    distributions: dict[str, BaseDistribution] = {}
    for name, value in trial.planned.configuration.items():
        if name not in settings:
            continue  # held fixed
        domain = settings[name].domain(known)
        if domain is None:
            raise ValueError(f"trial {trial.number} has a value of {name}, which is inactive there")
        params[name] = value.item() if isinstance(value, np.generic) else value
        distributions[name] = recorded_distribution(settings[name], domain)
    lost = trial.message != "" and math.isnan(trial.value)
    return create_trial(
        state=TrialState.FAIL if lost else TrialState.COMPLETE,
        value=None if lost else _finite(trial.value, f"value of trial {trial.number}"),
        params=params,
        distributions=distributions,
        user_attrs=_attributes(trial),
        system_attrs=dict(trial.planned.sampler_state),
    )


def is_ours(trial: FrozenTrial) -> bool:
    """Whether a sweep has recorded it; FAIL is a trial that ended without a result."""
    ended = trial.state in {TrialState.COMPLETE, TrialState.FAIL}
    return ended and set(trial.user_attrs) >= OURS


def recorded(stored: Iterable[FrozenTrial]) -> list[FrozenTrial]:
    """Trials of a sweep by their number in it, each once.

    Two sweeps that wrote to one database at once have recorded trials twice, with the same numbers in them:
    the first of each counts.
    """
    by_number: dict[int, FrozenTrial] = {}
    for trial in sorted(stored, key=lambda trial: trial.number):
        by_number.setdefault(trial.user_attrs[NUMBER], trial)
    return [by_number[number] for number in sorted(by_number)]


def thawed(trial: FrozenTrial, settings: Collection[str]) -> FinishedTrial:
    """Finished trial as a sweep recorded it.

    Parameters
    ----------
    trial
        COMPLETE, with the user attributes `OURS`.
    settings
        Names of the settings that vary.
    """
    attributes = trial.user_attrs
    grouped: dict[str, dict[str, Any]] = {
        group: {key.removeprefix(prefix): attributes[key] for key in attributes if key.startswith(prefix)}
        for group, prefix in _PREFIXES.items()
    }
    planned = PlannedTrial(
        number=int(attributes[NUMBER]),
        configuration={name: trial.params[name] for name in settings if name in trial.params},
        replicate=attributes["replicate"],
        phase=attributes["phase"],
        sampler_state=dict(trial.system_attrs),
        draws=_draws(attributes),
    )
    return FinishedTrial(
        planned=planned,
        outcome=attributes["outcome"],
        value=float(trial.values[0]) if trial.values else math.nan,
        diverged_at=attributes.get("diverged_at"),
        seconds=float(attributes["seconds"]),
        loss_rose=attributes.get("loss_rose") is True,  # none in studies of before it was recorded
        evaluations=attributes.get("evaluations"),
        message=attributes.get("message", ""),
        metric=attributes.get("metric", ""),
        **grouped,
    )


def _draws(attributes: Mapping[str, Any]) -> Draws | None:
    """Recorded draws of a trial, None where noise was not crossed."""
    known = [int(attributes[key]) for key in _DRAWS.values() if key in attributes]
    return Draws(*known) if len(known) == len(_DRAWS) else None


def _attributes(trial: FinishedTrial) -> dict[str, Any]:
    """User attributes: flat and plain, one per metric, so that a dashboard or a table shows each."""
    attributes: dict[str, Any] = {
        NUMBER: trial.number,
        "replicate": int(trial.planned.replicate),
        "phase": trial.planned.phase,
        "outcome": trial.outcome,
    }
    if trial.planned.draws is not None:
        attributes |= {key: int(draw) for key, draw in zip(_DRAWS.values(), trial.planned.draws, strict=True)}
    for name in ("diverged_at", "evaluations"):
        if (number := getattr(trial, name)) is not None:
            attributes[name] = _finite(number, name)
    attributes["loss_rose"] = trial.loss_rose
    attributes |= {name: text for name in ("message", "metric") if (text := getattr(trial, name))}
    for group in ("final", "best"):
        for metric, value in getattr(trial, group).items():
            attributes[_PREFIXES[group] + metric] = _finite(value, f"{group} {metric}")
    attributes["seconds"] = _finite(trial.seconds, "seconds")
    for metric, curve in trial.curves.items():
        attributes[_PREFIXES["curves"] + metric] = [_finite(value, f"curve of {metric}") for value in curve]
    return attributes


def _finite(value: float, what: str) -> float:
    """Plain float; NaN and infinity are not JSON, and Optuna drops such trials from every analysis."""
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"the {what} is {number}, which a study cannot hold")
    return number
