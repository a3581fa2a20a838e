"""Arms → trainings, each arm on each dataset an ordinary sweep in a run folder of its own.

Whole sweeps are spread over the workers, and each goes on where an earlier call stopped. What comes back is
the arrays that claims read; the folders hold everything and can be reported like any other run.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sensitivity.claims.arms import ARMS
from sweeps.definition import SweepDefinition  # noqa: TC001 (workers read it)
from sweeps.engines import NUMPY
from sweeps.execution import Crew
from sweeps.objectives import objective_named
from sweeps.optimizers import OPTIMIZERS
from sweeps.run import prepare, run
from sweeps.run_folder import RunFolder
from sweeps.training import EPOCH_COST
from sweeps.trial import FinishedTrial

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from sensitivity.arrays import Floats
    from sweeps.run import Sweep


@dataclass(frozen=True)
class Trained:
    """An arm on a dataset; arrays have shape (rates, replicates).

    Attributes
    ----------
    rates
        Learning rates, or levels of what else is tuned, ascending, shape (rates,).
    error
        Final validation error, that of a constant prediction where training did not end with finite numbers.
    losses
        Training loss at initialisation, of every epoch and after the last step, (rates, replicates,
        epochs + 2); NaN from where it stopped being finite.
    diverged
        1 where loss or weights became infinite, or the loss rose without the error getting better.
    constant
        Error of a constant prediction.
    steps_per_epoch
        Minibatches of an epoch; networks that a search tries in it.
    """

    rates: Floats
    error: Floats
    losses: Floats
    diverged: Floats
    constant: float
    steps_per_epoch: int


@dataclass(frozen=True)
class Unit:
    """Something to carry out for one dataset: a sweep in its folder, or a measurement of its own.

    ``key`` is what it is found by; ``read`` makes what is kept of it. Without a folder nothing is recorded.
    """

    key: tuple[str, str]
    definition: SweepDefinition
    folder: Path | None
    read: Callable[[Sweep, Sequence[FinishedTrial]], Any]


def units(arms: Sequence[str], datasets: Sequence[str], out: Path, seed: int) -> list[Unit]:
    """Sweeps of the arms on the datasets, dataset by dataset."""
    return [
        Unit((name, dataset), definition, out / "trainings" / definition.name, AsArrays(arm.tuned, arm.first))
        for dataset in datasets
        for name in arms
        for arm in [ARMS[name]]
        if dataset in arm.where
        for definition in [arm.definition(dataset, seed)]
    ]


def carried_out(
    wanted: Sequence[Unit], workers: int, done: Callable[[str], None] = lambda _: None
) -> tuple[dict[tuple[str, str], Any], float]:
    """What each unit gives, by its key, and the processor seconds that all took."""
    found: dict[tuple[str, str], Any] = {}
    seconds = 0.0
    with Crew(_nothing, workers) as crew:
        for unit, (result, took) in crew.run(_carry_out, wanted):
            found[unit.key] = result
            seconds += took
            done(unit.definition.name)
    return found, seconds


def _nothing() -> None:
    """Workers need nothing beforehand."""


def _carry_out(unit: Unit) -> tuple[Any, float]:
    """Train or go on, and read; with the processor seconds of it."""
    begun = time.process_time()
    sweep, trials = prepare(unit.definition), list[FinishedTrial]()
    if unit.folder is not None:
        folder = RunFolder(unit.folder)
        folder.adopt(unit.definition)
        trials = run(sweep, folder.storage_url(None, None), engine=NUMPY)
    return unit.read(sweep, trials), time.process_time() - begun


@dataclass(frozen=True)
class AsArrays:
    """Trials of an arm as arrays by the levels of what is tuned, from a replicate on."""

    tuned: str
    first: int

    def __call__(self, sweep: Sweep, trials: Sequence[FinishedTrial]) -> Trained:
        """Arrays by level and replicate."""
        kept = [trial for trial in trials if trial.planned.replicate >= self.first]
        rates = sorted({self._level(trial) for trial in kept})
        places = [(rates.index(self._level(trial)), trial.planned.replicate - self.first) for trial in kept]
        return _arrays(sweep, kept, rates, places)

    def _level(self, trial: FinishedTrial) -> float:
        return float(trial.planned.configuration[self.tuned])


def _arrays(
    sweep: Sweep, trials: Sequence[FinishedTrial], rates: list[float], places: Sequence[tuple[int, int]]
) -> Trained:
    definition = sweep.definition
    shape = (len(rates), max(replicate for _, replicate in places) + 1)
    error, diverged = np.empty(shape), np.empty(shape)
    losses = np.full((*shape, definition.epochs + 2), np.nan)
    for at, trial in zip(places, trials, strict=True):
        error[at], diverged[at] = trial.value, trial.outcome == "diverged"
        curve = trial.curves["training_loss"]
        losses[at][: len(curve)] = curve
        losses[at][-1] = trial.final.get("training_loss", np.nan)
    constant = objective_named(definition.objective).constant_prediction(definition)
    return Trained(
        np.array(rates), error, losses, diverged, constant[definition.metric], _steps_per_epoch(sweep)
    )


def _steps_per_epoch(sweep: Sweep) -> int:
    """Minibatches of an epoch, the last of which may be smaller; tries of a search."""
    work: Any = sweep.work
    if OPTIMIZERS[work.complete({})["optimizer"]].searches:
        return EPOCH_COST
    examples = len(work.parts(0)[0])
    return -(-examples // int(work.complete({})["batch_size"]))


def by_dataset(found: Mapping[tuple[str, str], Any], dataset: str) -> dict[str, Any]:
    """What was found for one dataset, by name."""
    return {name: result for (name, of), result in found.items() if of == dataset}
