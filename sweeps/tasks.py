"""Which planned trials are trained together, and the training of such a task: a pure function.

A task is what a worker process gets: trials that share replicate, network shape and batch size. Its
results depend on the job and the trials only, not on the worker nor on the other trials of the task.
Nothing here imports optuna, pandas, pydantic or scikit-learn: a worker starts in a tenth of a second.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from sweeps.compiled import loops
from sweeps.engines import NUMBA, NUMPY
from sweeps.network import Architecture
from sweeps.objective import Work
from sweeps.population import rule_key
from sweeps.seeds import Purpose, generator
from sweeps.settings import complete, part_of_run
from sweeps.splits import encoder_of, standardise
from sweeps.training import EPOCH_COST, Order, train
from sweeps.transfer import parts, pretrain
from sweeps.trial import METRIC_NAMES, finish

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import DTypeLike, NDArray

    from sweeps.datasets import Dataset
    from sweeps.encoding import Encoder
    from sweeps.space import Configuration, Value
    from sweeps.splits import Split
    from sweeps.training import Training, Watch
    from sweeps.trial import FinishedTrial, PlannedTrial

    Parts = tuple[NDArray[np.int64], NDArray[np.int64]]

PRETRAINED_KEPT = 64  # shapes × replicates whose pretrained layers a worker remembers
SPLIT_BYTES = 2**27  # of encoded splits that a worker remembers
POPULATION_SIZE = 32  # beyond it, time per network no longer falls
# Of a whole population's parameters: the gradients, the averages and a scratch array of an update rule are as
# large each, and beyond it they leave the cache. On processors with 1 and with 2 MB a core the same was best;
# 32 networks of 64-64-10 still belong together: as two populations of 16 they take 5–10 % more.
POPULATION_BYTES = 5 * 2**17
COMPILED_BYTES = 2**23  # on the compiled path only one member is in the cache

STEP_IN_EXAMPLES = 18.0  # what a step costs beside its products and passes: batches of 16 against 256
SLOWEST = 1e-7  # seconds per unit of cost that nothing exceeds; on a desktop 1.5e-10


@dataclass(frozen=True)
class Job(Work):
    """What all trials of a sweep of networks have in common.

    Attributes
    ----------
    fixed
        Settings held fixed.
    hidden
        Widths of the hidden layers where depth does not vary.
    metric, cap
        Metric that becomes the trial's value, and the metric of a constant prediction.
    validation, per_class
        Part of the examples held out, or instead the training examples of each class.
    pretraining
        What hidden layers are pretrained on; its mean and spread then standardise all features, for networks
        that re-use no layer too.
    engine
        Path that trains, "numpy" or "numba"; see `sweeps.engines`.
    """

    dataset: Dataset
    fixed: Mapping[str, Value]
    hidden: tuple[int, ...] | None
    seed: int
    epochs: int
    precision: str
    metric: str
    cap: float
    validation: float
    per_class: int | None = None
    pretraining: Dataset | None = None
    engine: str = NUMPY

    def on(self, engine: str) -> Job:
        """The same on another path."""
        return replace(self, engine=engine)

    def complete(self, configuration: Configuration) -> dict[str, Any]:
        """Configuration with fixed values and defaults filled in; epochs as a part of the run."""
        whole: dict[str, Any] = complete({**self.fixed, **configuration})
        return whole | {"switch": part_of_run(whole["switch"], self.epochs)}

    def architecture(self, c: Mapping[str, Any]) -> Architecture:
        """Network of a complete configuration."""
        hidden = self.hidden if self.hidden is not None else (c["width"],) * c["depth"]
        return Architecture(
            self.dataset.inputs, hidden, self.dataset.outputs, c["activation"], c["batch_norm"]
        )

    def together(self, trial: PlannedTrial) -> tuple[Any, ...]:
        """Trials with an equal key can be trained together."""
        c = self.complete(trial.configuration)
        return (trial.replicate, self.architecture(c), c["batch_size"])

    def parts(self, draw: int) -> Parts:
        """Training and validation examples of a draw of the split, by index."""
        return parts(self.dataset, self.validation, self.per_class, self.seed, draw)

    def tasks(self, trials: Sequence[PlannedTrial], largest: int | None) -> Iterator[Task]:
        """Populations, each with the split of its replicate: workers need no scikit-learn."""
        drawn = cache(self.drawn)
        for group in groups(trials, self, largest or POPULATION_SIZE):
            yield Task(tuple(group), *drawn(group[0].draw(Purpose.SPLIT)))

    def block(self, trials: int) -> int:
        """Some populations: a block of 32 trials of a small sweep, of 256 of a large one."""
        return min(max(trials // 32, POPULATION_SIZE), 256)

    def cost(self, task: Task) -> float:
        """Parameters × epochs × (examples + what steps cost beside them), for all networks of the task."""
        c, examples = self.complete(task.trials[0].configuration), len(task.parts[0])
        steps = -(-examples // c["batch_size"])
        size = len(task.trials) * self.architecture(c).parameter_count
        return float(size * self.epochs * (examples + STEP_IN_EXAMPLES * steps))

    def patience(self, task: Task) -> float:
        """Ten minutes, and a hundred times what a slow machine takes."""
        c, examples = self.complete(task.trials[0].configuration), len(task.parts[0])
        steps = self.epochs * -(-examples // c["batch_size"])
        longer = 1 if self.pretraining is None else 1 + len(self.pretraining.targets) / examples
        return 600.0 + float(longer * (self.cost(task) * SLOWEST + 0.1 * steps))

    def drawn(self, draw: int) -> tuple[Parts, Encoder | None]:
        """Parts of a draw of the split, and what encodes the features where something must."""
        parts = self.parts(draw)
        return parts, encoder_of(self.dataset, parts[0], self.like)

    @property
    def like(self) -> NDArray[np.float64] | None:
        """Features whose mean and spread standardise all others; None: those of the training part."""
        return None if self.pretraining is None else self.pretraining.features

    def start(self) -> Trainer:
        """Get ready to train populations."""
        if self.engine == NUMBA:
            from sweeps.compiled.run import make_ready  # noqa: PLC0415 (numba is an extra)

            make_ready(_dtype(self))
        return Trainer(self)


@dataclass(frozen=True)
class Task:
    """Trials to train together, training and validation examples of their replicate, and their encoder."""

    trials: tuple[PlannedTrial, ...]
    parts: Parts
    encoder: Encoder | None = None


def groups(
    trials: Sequence[PlannedTrial], job: Job, largest: int = POPULATION_SIZE
) -> Iterator[list[PlannedTrial]]:
    """Groups of at most ``largest`` trials that can be trained together, by their first trial's number.

    Within a group trials with the same update rule are neighbours.
    """
    alike: dict[tuple[Any, ...], list[PlannedTrial]] = {}
    for trial in trials:
        alike.setdefault(job.together(trial), []).append(trial)
    populations: list[list[PlannedTrial]] = []
    for (_, architecture, _), members in alike.items():
        members.sort(key=lambda trial: rule_key(job.complete(trial.configuration)))
        size = population_size(len(members), largest, architecture, _dtype(job), job.engine)
        populations += [members[start : start + size] for start in range(0, len(members), size)]
    yield from sorted(populations, key=lambda population: min(trial.number for trial in population))


def population_size(
    members: int, largest: int, architecture: Architecture, dtype: DTypeLike, engine: str = NUMPY
) -> int:
    """How many of some trials to train at once: as many as fit into the cache, in populations of one size."""
    room = COMPILED_BYTES if engine == NUMBA else POPULATION_BYTES
    fitting = room // (architecture.parameter_count * np.dtype(dtype).itemsize)
    most = max(1, min(largest, fitting))
    return math.ceil(members / math.ceil(members / most))


class Trainer:
    """Trains tasks of one job; keeps the last split and minibatch order for the next task."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._split = lru_cache(maxsize=_splits_kept(job.dataset))(self._make_split)
        self._permutations = lru_cache(maxsize=2)(self._make_permutations)
        self._pretrained = lru_cache(maxsize=PRETRAINED_KEPT)(self._pretrain)

    def __call__(self, task: Task, watch: Watch | None = None) -> list[FinishedTrial]:
        """Train the trials of a task; ``watch`` as in `sweeps.training.train`."""
        begin = time.perf_counter()
        trainings = self.trainings(task, watch)
        seconds = (time.perf_counter() - begin) / len(task.trials)
        return [
            _finish(trial, training, self.job, seconds, len(task.parts[0]))
            for trial, training in zip(task.trials, trainings, strict=True)
        ]

    def trainings(self, task: Task, watch: Watch | None = None) -> list[Training]:
        """Train the trials of a task: all that training gave, which is more than a sweep records."""
        job, first = self.job, task.trials[0]
        configurations = [job.complete(trial.configuration) for trial in task.trials]
        architecture = job.architecture(configurations[0])
        drawn, (train_rows, validation_rows) = first.draw(Purpose.SPLIT), task.parts
        split = self._split(drawn, train_rows.tobytes(), validation_rows.tobytes(), task.encoder)
        permutations = self._permutations(first.draw(Purpose.ORDER), len(split.x_train))
        tries = generator(job.seed, first.draw(Purpose.ORDER), Purpose.TRIES)
        order = Order(permutations, configurations[0]["batch_size"], tries)
        parameters = self._weights(configurations, architecture, first.draw(Purpose.WEIGHTS), task.encoder)
        return train(configurations, architecture, parameters, split, order, watch, loops(job.engine))

    def _make_split(self, draw: int, train: bytes, validation: bytes, encoder: Encoder | None) -> Split:  # noqa: ARG002 (the key of the cache)
        rows = np.frombuffer(train, np.int64), np.frombuffer(validation, np.int64)
        return standardise(self.job.dataset, *rows, _dtype(self.job), self.job.like, encoder)

    def _make_permutations(self, draw: int, examples: int) -> NDArray[np.int64]:
        rng = generator(self.job.seed, draw, Purpose.ORDER)
        return Order.draw(rng, examples, self.job.epochs, 1).permutations

    def _weights(
        self,
        configurations: Sequence[Mapping[str, Any]],
        architecture: Architecture,
        draw: int,
        encoder: Encoder | None,
    ) -> NDArray[Any]:
        """Initial parameters (K, P): the same draws for all members, scaled by their initialisers."""
        drawn: dict[tuple[str, float], NDArray[np.float64]] = {}
        for c in configurations:
            key = (c["initialiser"], c["initial_scale"])
            if key not in drawn:
                drawn[key] = architecture.initial_parameters(
                    generator(self.job.seed, draw, Purpose.WEIGHTS), *key
                )
        own = [drawn[c["initialiser"], c["initial_scale"]] for c in configurations]
        with np.errstate(over="ignore"):  # an absurd scale starts at infinity: that member has diverged
            parameters = np.array(own).astype(_dtype(self.job))
        pretrained = np.array([c["pretrained"] != "none" for c in configurations])
        if pretrained.any():
            parameters[pretrained, : architecture.hidden_count] = self._pretrained(
                architecture, draw, encoder
            )
        return parameters

    def _pretrain(self, architecture: Architecture, draw: int, encoder: Encoder | None) -> NDArray[Any]:
        job = self.job
        if job.pretraining is None:
            raise ValueError("pretrained layers need classes to pretrain on")
        return pretrain(
            job.pretraining, architecture, job.epochs, job.seed, draw, _dtype(job), encoder, job.engine
        )


def _splits_kept(dataset: Dataset) -> int:
    """Splits that a worker remembers: two, or as many as have room where they take an encoding to make."""
    size = len(dataset.features) * dataset.inputs * 8
    return 2 if dataset.encoding is None else min(64, max(2, SPLIT_BYTES // size))


def _finish(
    trial: PlannedTrial, training: Training, job: Job, seconds: float, examples: int
) -> FinishedTrial:
    """How the trial ended, in numbers that are short to write; ``examples`` are those it was trained on."""
    kind = _dtype(job)
    curves = {name: [_shortest(value, kind) for value in training.curves[name]] for name in METRIC_NAMES}
    final: dict[str, float] = {}
    if training.final_training_loss is not None:
        final = {name: curve[-1] for name, curve in curves.items()}
        final["training_loss"] = _shortest(training.final_training_loss, kind)
    epochs = job.epochs if training.stopped_at is None else training.stopped_at
    fate = training.stopped_at, seconds, round(EPOCH_COST * (epochs + _pretraining(trial, job, examples)), 9)
    return finish(trial, curves, final, job.metric, job.cap, *fate)


def _pretraining(trial: PlannedTrial, job: Job, examples: int) -> float:
    """Epochs over so many examples that cost as much as the pretraining of a trial's layers.

    Each trial that re-uses layers pays for them, though a sweep trains them once per shape and replicate.
    """
    if job.pretraining is None or job.complete(trial.configuration)["pretrained"] == "none":
        return 0.0
    return job.epochs * len(job.pretraining.targets) / examples


def _dtype(job: Job) -> type[np.floating[Any]]:
    return np.float64 if job.precision == "float64" else np.float32


def _shortest(value: float, kind: type[np.floating[Any]]) -> float:
    """All that the precision holds (nine digits of single precision) and no more: short to write."""
    return float(value) if kind is np.float64 else float(f"{value:.9g}")
