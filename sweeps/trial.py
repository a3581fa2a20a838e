"""The two states of a trial: planned (a configuration with a replicate) and finished (what training gave)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sweeps.space import Configuration

Phase = Literal["plan", "search"]
Outcome = Literal["trained", "diverged"]

METRIC_NAMES = ("validation_error", "validation_loss", "training_loss")


@dataclass(frozen=True)
class PlannedTrial:
    """A configuration to train in a replicate.

    ``number`` counts from 0 through the whole sweep and is the trial's number in the Optuna study.
    ``sampler_state`` is what an Optuna sampler wants to find again (the trial's system attributes).
    """

    number: int
    configuration: Configuration
    replicate: int
    phase: Phase = "plan"
    sampler_state: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class FinishedTrial:
    """How a planned trial ended.

    Attributes
    ----------
    outcome
        ``trained``, or ``diverged``: loss or weights stopped being finite, or the final training loss lies
        above the one at initialisation.
    diverged_at
        Epoch, fractional, at which loss or weights stopped being finite; the number of epochs where only
        the final loss tells; None for ``trained``.
    value
        The sweep's metric, capped at that of a constant prediction; the cap for ``diverged``. Always finite.
    final, best
        Metrics after the last epoch, and the best after any epoch; uncapped. A network's are `METRIC_NAMES`;
        its final training loss is measured on the whole training set, as the one at initialisation.
        ``final`` is empty where training did not reach the last epoch with finite numbers; ``best`` where
        it did not reach the first.
    curves
        Metric per epoch; element 0 is at initialisation, element e after epoch e (training loss: mean over
        its minibatches, each before its update); ends where training stopped being finite.
    seconds
        The trial's share of the time its population took.
    """

    planned: PlannedTrial
    outcome: Outcome
    value: float
    diverged_at: float | None
    final: Mapping[str, float]
    best: Mapping[str, float]
    curves: Mapping[str, Sequence[float]]
    seconds: float

    @property
    def number(self) -> int:
        """Number of the planned trial."""
        return self.planned.number


def finish(
    planned: PlannedTrial,
    curves: Mapping[str, Sequence[float]],
    final: Mapping[str, float],
    metric: str,
    cap: float,
    diverged_at: float | None,
    seconds: float,
) -> FinishedTrial:
    """Outcome and value of a trial from what training gave.

    Parameters
    ----------
    curves, final, diverged_at, seconds
        As in `FinishedTrial`.
    metric
        What becomes its value: a metric of ``final``, or ``best_`` and that of a curve.
    cap
        Highest value, and that of a trial that diverged.
    """
    best = {name: min(curve[1:]) for name, curve in curves.items() if len(curve) > 1}
    value = cap
    if diverged_at is None:
        metrics = {**final, **{f"best_{name}": number for name, number in best.items()}}
        value = min(metrics[metric], cap)
    return FinishedTrial(
        planned,
        "trained" if diverged_at is None else "diverged",
        value,
        None if diverged_at is None else round(diverged_at, 9),
        final,
        best,
        curves,
        round(seconds, 6),
    )
