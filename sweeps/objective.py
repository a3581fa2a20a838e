"""The door for what a sweep trains: an objective turns a configuration and a seed into metrics and curves.

This is all that a definition, a plan and the loop know of what they are about. An `Objective` says what can
be asked of it and checks what is; for a sweep it gets `Work` ready, which goes to the workers and trains
there. `sweeps.objectives` lists them by name; the trained network is the first.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from sweeps.engines import NUMPY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from sweeps.keys import Keys
    from sweeps.settings import KnownSetting
    from sweeps.space import Space, Value
    from sweeps.trial import FinishedTrial, PlannedTrial

UNKNOWN = "unknown"  # digest of what cannot be told from another of its kind

Asked = TypeVar("Asked", bound="Keys")


class Work(ABC):
    """What all trials of a sweep have in common, made ready. It is pickled for every worker.

    Attributes
    ----------
    cap
        Highest value of a trial: that of a constant prediction, of doing nothing; infinite where none is
        known.
    """

    cap: float
    engine: str = NUMPY  # what trains its networks

    @property
    def log(self) -> str:
        """File for what a function of the user's prints; empty where there is none."""
        return ""

    def printing_to(self, log: Path) -> Work:  # noqa: ARG002 (functions of the user's do)
        """The same, with that file for what a function of the user's prints; itself where it calls none."""
        return self

    def on(self, engine: str) -> Work:  # noqa: ARG002 (networks do)
        """The same, its networks trained by an engine (`sweeps.engines`); itself where it trains none."""
        return self

    def tasks(self, trials: Sequence[PlannedTrial], largest: int | None) -> Iterable[Any]:  # noqa: ARG002 (others can)
        """What a worker is given at once, here each trial alone; every trial is in one task.

        Parameters
        ----------
        trials
            Some of the sweep's planned trials.
        largest
            Trials of a task at most, where they can be trained together; None: the objective's own idea.
            It must not change a number.
        """
        return [(trial,) for trial in trials]

    def block(self, trials: int) -> int:
        """How many trials make a block, which a process takes at once where several share so many trials.

        Few enough that all have something to do until the end, many enough to be worth taking.
        """
        return min(max(trials // 256, 1), 64)

    def cost(self, task: Any) -> float:  # noqa: ANN401, ARG002 (the objective's own; others know)
        """How long a task takes beside the others of the sweep, in any unit: the longest go first."""
        return 1.0

    def patience(self, task: Any) -> float:  # noqa: ANN401, ARG002 (the objective's own; others know)
        """Seconds that a task takes at the very most, on any machine; infinite where nobody knows."""
        return math.inf

    @abstractmethod
    def start(self) -> Callable[[Any], list[FinishedTrial]]:
        """Get a worker ready: what it returns trains a task, and its numbers depend on the trials alone.

        Where it has a method ``close``, that is called when the worker is no longer needed.
        """


class Objective(ABC):
    """What the key ``objective`` of a definition names.

    Attributes
    ----------
    keys
        Which keys of a definition it reads of those that not every objective has: ``dataset``, ``data``,
        ``network``, ``epochs``, ``maximise``, ``timeout``, ``memory``.
    metrics
        What the key ``metric`` can name, all the lower the better; the first is the default.
    any_metric
        Whether it can name others too, which only the trials bring.
    trains_networks
        Whether words of training networks fit what it does.
    """

    keys: ClassVar[tuple[str, ...]] = ()
    metrics: ClassVar[tuple[str, ...]]
    any_metric: ClassVar[bool] = False
    trains_networks: ClassVar[bool] = True

    @abstractmethod
    def settings(self, table: Mapping[str, Any]) -> Mapping[str, KnownSetting]:
        """Settings of this ``[space]`` table's sweep, and of any other, in the order they shall have."""

    @abstractmethod
    def prepare(self, definition: Keys, space: Space) -> Work:
        """Load what training needs.

        Raises
        ------
        DefinitionError
            When the definition does not fit what was loaded.
        """

    def check(self, definition: Keys, space: Space) -> None:  # noqa: B027 (many have no more rules)
        """Check what can be checked without loading anything.

        Raises
        ------
        DefinitionError
            On the first rule that is broken.
        """

    def without_words(self, definition: Keys) -> dict[str, Any]:
        """``[space]`` with numbers in place of words that stand for what the data decide.

        Raises
        ------
        DefinitionError
            When the data are not known.
        """
        return definition.space

    def fitted(self, definition: Asked) -> tuple[Asked, list[str]]:
        """A ready-made definition made to fit its data, and sentences on what that changed."""
        return definition, []

    def doubts(self, definition: Keys, space: Space) -> list[str]:  # noqa: ARG002 (others have some)
        """Sentences on data or settings that let some trainings learn less than the definition says."""
        return []

    def fixed(self, definition: Keys) -> dict[str, Value]:  # noqa: ARG002 (others do)
        """Values of settings that the definition gives outside of ``[space]``, which goes first."""
        return {}

    def shared(self, configuration: Mapping[str, Value]) -> tuple[Value, ...]:  # noqa: ARG002 (others do)
        """What trials must have in common to be trained together, the most costly to change first."""
        return ()

    def resolved(self, definition: Asked, space: Space) -> Asked:  # noqa: ARG002 (others read it)
        """The definition with what the data themselves decide written into it.

        Explaining a run then needs the definition alone. Resolving twice changes nothing.

        Raises
        ------
        DefinitionError
            When the data cannot be read, or are not those that were written into it before.
        """
        return definition

    def remarks(self, definition: Keys) -> list[str]:  # noqa: ARG002 (others have some)
        """Sentences on what is trained on that a reader of the result should know."""
        return []

    def contents(self, definition: Keys) -> dict[str, Any]:  # noqa: ARG002 (others do)
        """What decides numbers and is not in the definition itself, as the digest of a file's contents.

        A key of the definition is replaced.
        """
        return {}

    def constant_prediction(self, definition: Keys) -> Mapping[str, float]:  # noqa: ARG002 (others can)
        """Metrics of doing nothing, as far as they are known."""
        return {}

    def unit(self, definition: Keys) -> str:  # noqa: ARG002 (others have one)
        """What the definition's metric is measured in."""
        return ""


# Every thread that works is a worker of one sweep at a time, or has a context for each.
_train: ContextVar[Any] = ContextVar("train", default=None)


def begin(work: Work) -> Callable[[], object] | None:
    """Get this worker ready for the tasks of a sweep; what it returns lets go of that, where it must."""
    train = work.start()
    _train.set(train)
    return getattr(train, "close", None)


def end() -> None:
    """Let go of what `begin` got ready in this thread; a worker process does so by ending."""
    close = getattr(_train.get(), "close", None)
    _train.set(None)
    if close is not None:
        close()


def train_task(task: Any) -> list[FinishedTrial]:  # noqa: ANN401 (the objective's own)
    """Train a task of the sweep that this worker was prepared for."""
    finished: list[FinishedTrial] = _train.get()(task)
    return finished
