"""The two states of a trial: planned (a configuration with a replicate) and finished (what training gave)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sweeps.seeds import Draws, Purpose
    from sweeps.space import Configuration

# Crossed trials belong to no replicate of the plan: they share draws with several of them.
Phase = Literal["plan", "crossed", "search"]
Outcome = Literal["trained", "diverged", "failed", "timed_out", "out_of_memory", "killed"]

METRIC_NAMES = ("validation_error", "validation_loss", "training_loss")
VALUE_RULE = 2  # of `finish`; 1 gave every trial whose training loss had risen the cap, whatever its metric
ROUNDING = 1e-5  # relative error of a mean loss in single precision


@dataclass(frozen=True)
class PlannedTrial:
    """A configuration to train in a replicate.

    ``number`` counts from 0 through the whole sweep and is the trial's number in the Optuna study.
    ``sampler_state`` is what an Optuna sampler wants to find again (the trial's system attributes).
    ``draws`` say which draw of each source of noise it has; None: the replicate's own of each.
    """

    number: int
    configuration: Configuration
    replicate: int
    phase: Phase = "plan"
    sampler_state: Mapping[str, Any] = field(default_factory=dict)
    draws: Draws | None = None

    def draw(self, purpose: Purpose) -> int:
        """Number of the stream that it draws from for a source of noise, see `sweeps.seeds.generator`."""
        return self.replicate if self.draws is None else self.draws.of(purpose)


@dataclass(frozen=True)
class FinishedTrial:
    """How a planned trial ended.

    Attributes
    ----------
    outcome
        ``trained``, or ``diverged``: loss or weights stopped being finite, or the training loss ended above
        its start beside a metric no better than a constant prediction's. A label: it changes no number. A
        function of the user's has others beside these (`sweeps.calls`), and only a trained trial of it has a
        value.
    diverged_at
        Epoch, fractional, at which loss or weights stopped being finite; the last epoch where the final
        loss and metric tell; None for ``trained``.
    loss_rose
        Whether training reached its end with a training loss above the one at initialisation. Beside a good
        metric that is a network which is right nearly always and very sure where it is wrong.
    value
        The trial's own metric, never above that of a constant prediction: the cap, which is also what
        training counts with that stopped being finite. Always finite; NaN where a function of the user's
        gave no result.
    final, best
        Metrics after the last epoch, and the best after any epoch; uncapped. A network's are `METRIC_NAMES`;
        its final training loss is measured on the whole training set, as the one at initialisation.
        ``final`` is empty where training did not reach the last epoch with finite numbers; ``best`` where
        it did not reach the first.
    curves
        Metric per epoch; element 0 is at initialisation, element e after epoch e (training loss: mean over
        its minibatches, each before its update); ends where training stopped being finite. Of a function of
        the user's element 0 is after the first epoch.
    seconds
        The trial's share of the time its population took.
    evaluations
        What training cost, in forward passes over the training set (see `sweeps.training`); None where
        nobody counted.
    message
        Why a function of the user's gave no result; empty where it did.
    metric
        Name that it gave to what became the value; empty for a network.
    """

    planned: PlannedTrial
    outcome: Outcome
    value: float
    diverged_at: float | None
    final: Mapping[str, float]
    best: Mapping[str, float]
    curves: Mapping[str, Sequence[float]]
    seconds: float
    loss_rose: bool = False
    evaluations: float | None = None
    message: str = ""
    metric: str = ""

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
    stopped_at: float | None,
    seconds: float,
    evaluations: float | None = None,
) -> FinishedTrial:
    """Outcome and value of a trial from what training gave.

    Parameters
    ----------
    curves, final, seconds, evaluations
        As in `FinishedTrial`.
    stopped_at
        Epoch, fractional, at which training stopped being finite; None if it never did.
    metric
        What becomes its value: a metric of ``final``, or ``best_`` and that of a curve.
    cap
        The metric of a constant prediction: highest value, and that of training that stopped being finite.
    """
    best = {name: min(curve[1:]) for name, curve in curves.items() if len(curve) > 1}
    value = cap
    if stopped_at is None:
        value = min(_metrics(final, best)[metric], cap)
    rose = loss_rose(curves, final)
    diverged_at = stopped_at
    if stopped_at is None and rose and value >= cap:
        diverged_at = float(len(curves["training_loss"]) - 1)
    return FinishedTrial(
        planned,
        "trained" if diverged_at is None else "diverged",
        value,
        None if diverged_at is None else round(diverged_at, 9),
        final,
        best,
        curves,
        round(seconds, 6),
        rose,
        evaluations,
    )


def loss_rose(curves: Mapping[str, Sequence[float]], final: Mapping[str, float]) -> bool:
    """Whether the final training loss lies above the one at initialisation, as far as both are known.

    Losses that agree to rounding are no rise: a rate of next to nothing trains next to nothing.
    """
    losses, last = curves.get("training_loss", ()), final.get("training_loss")
    return last is not None and len(losses) > 0 and last > losses[0] * (1 + ROUNDING)


def judged_anew(trial: FinishedTrial, metric: str, cap: float) -> FinishedTrial:
    """A recorded trial by today's rule: its numbers are recorded uncapped, so nothing is lost."""
    stopped_at = None if trial.final else trial.diverged_at
    if stopped_at is None and metric not in _metrics(trial.final, trial.best):
        return trial
    cost = trial.seconds, trial.evaluations
    return finish(trial.planned, trial.curves, trial.final, metric, cap, stopped_at, *cost)


def _metrics(final: Mapping[str, float], best: Mapping[str, float]) -> dict[str, float]:
    """All that a sweep's key ``metric`` can name."""
    return {**final, **{f"best_{name}": number for name, number in best.items()}}


def not_compared(trial: FinishedTrial, metric: str) -> FinishedTrial:
    """A trial whose value is of another metric than the first trial's, as one without a result."""
    message = (
        f"its first metric is {trial.metric!r}, that of the first trial {metric!r}; "
        "choose one with metric = ..."
    )
    return replace(
        trial,
        outcome="failed",
        value=math.nan,
        diverged_at=None,
        final={},
        best={},
        message=message,
        metric="",
    )
