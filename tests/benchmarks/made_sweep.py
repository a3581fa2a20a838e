"""A sweep of any number of trials, recorded as one of ours is, but with results made up instead of trained.

``python tests/benchmarks/made_sweep.py FOLDER TRIALS``
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sweeps.definition import parse
from sweeps.run import fingerprint, prepare
from sweeps.run_folder import RunFolder
from sweeps.study import open_study
from sweeps.trial import finish

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sweeps.definition import SweepDefinition
    from sweeps.trial import FinishedTrial, PlannedTrial

OPTIMIZERS = ["sgd", "momentum", "nesterov", "rmsprop", "adam", "nadam"]
START, CAP = 1.1, 2 / 3  # loss at initialisation and error of a constant prediction, of three classes
BATCH = 10_000


def definition(count: int) -> SweepDefinition:
    """One epoch of iris: six optimizers, rates and batch sizes at random, every configuration twice."""
    space = {
        "optimizer": OPTIMIZERS,
        "learning_rate": {"low": 1e-4, "high": 10.0, "log": True},
        "batch_size": [8, 16, 32, 64],
    }
    plan = {"design": "random", "trials": count, "replicates": 2, "search": 0}
    return parse({"name": "made", "dataset": "iris", "epochs": 1, "space": space, **plan})


def results(planned: Sequence[PlannedTrial]) -> Iterator[FinishedTrial]:
    """Errors in a valley over the rate, diverged where the rate is far above it; multiples of 1/36."""
    random = np.random.default_rng(0)
    for trial in planned:
        given = trial.configuration
        best = -0.5 - 0.3 * OPTIMIZERS.index(str(given["optimizer"])) + 0.1 * np.log2(given["batch_size"])
        away = np.log10(given["learning_rate"]) - best
        shift = float(random.normal(0, 0.05))
        stopped = 0.5 if away > 1.5 else None
        error = round(36 * float(np.clip(0.05 + 0.25 * away**2 + shift, 0, 1))) / 36
        loss = float(0.1 + 0.4 * away**2 + abs(shift))
        last = {} if stopped else {"validation_error": error, "validation_loss": loss, "training_loss": loss}
        curves = {name: [START if "loss" in name else CAP, *([last[name]] if last else [])] for name in NAMES}
        yield finish(trial, curves, last, "validation_error", CAP, stopped, 0.001, 3.0)


NAMES = ("validation_error", "validation_loss", "training_loss")


def record(folder: Path, count: int) -> None:
    """Record them in a run folder, in a few large batches."""
    sweep = prepare(definition(count))
    run = RunFolder(folder)
    run.begin(sweep.definition)
    known = fingerprint(sweep.definition, sweep.objective)
    attributes = {"definition": sweep.definition.to_toml(), "cap": CAP}
    with open_study(f"journal://{run.journal}", "made", sweep.space, known, attributes) as study:
        finished = list(results(sweep.planned))
        for start in range(0, len(finished), BATCH):
            study.record(finished[start : start + BATCH])


if __name__ == "__main__":
    record(Path(sys.argv[1]), int(sys.argv[2]))
