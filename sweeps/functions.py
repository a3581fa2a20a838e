"""The objective that is a function of the user's own: ``f(configuration, seed)``.

It gives a number, a mapping of metrics, or yields one per epoch; how a call of it ends is `sweeps.calls`, in
which process `sweeps.watched`. Of doing nothing nothing is known here, so there is no cap: a trial without a
result has no value, and only who reads the trials decides what it counts.
"""

from __future__ import annotations

import hashlib
import inspect
import math
import pickle
import re
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from sweeps.calls import BEST, DIVERGED, TRAINED, VALUE, check_function, check_name, chosen, module_file
from sweeps.errors import DefinitionError, shown
from sweeps.function_state import UnknownContentsError, state
from sweeps.objective import UNKNOWN, Objective, Work
from sweeps.own_settings import settings_of
from sweeps.seeds import Purpose, integer_seed
from sweeps.trial import FinishedTrial
from sweeps.watched import Apart, Callee, Here, can_limit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sweeps.calls import Function, Metrics
    from sweeps.keys import Keys
    from sweeps.settings import KnownSetting
    from sweeps.space import Space
    from sweeps.trial import Outcome, PlannedTrial
    from sweeps.watched import Ended

# What tables call a trial's other columns.
RESERVED: Final = frozenset(
    (
        "number",
        "phase",
        "replicate",
        "draw_of_weights",
        "draw_of_order",
        "draw_of_split",
        "outcome",
        "message",
        "diverged_at",
        "loss_rose",
        "value",
        "validation_error",
        "validation_loss",
        "training_loss",
        "best_validation_error",
        "best_validation_loss",
        "best_training_loss",
        "epochs_to_target",
        "evaluations",
        "seconds",
    )
)
_UNITS: Final = {"B": 1, **{f"{p}B": 1000**n for n, p in enumerate("KMGT", 1)}}
_UNITS_OF_TWO: Final = {f"{p}iB": 1024**n for n, p in enumerate("KMGT", 1)}


class FunctionObjective(Objective):
    """A function of the user's, by its name or at hand.

    Parameters
    ----------
    name
        ``package.module:function``.
    folders
        Where the module is looked for first.
    function
        The function itself, where it is at hand.

    Attributes
    ----------
    log
        File for what the function prints in a process of its own; None: that is lost.
    """

    keys: ClassVar[tuple[str, ...]] = ("maximise", "timeout", "memory")
    metrics: ClassVar[tuple[str, ...]] = (VALUE,)
    any_metric: ClassVar[bool] = True
    trains_networks: ClassVar[bool] = False

    def __init__(self, name: str, folders: tuple[str, ...] = (), function: Function | None = None) -> None:
        check_name(name)
        self.name, self.folders, self.function = name, folders, function
        self.log: Path | None = None

    def settings(self, table: Mapping[str, Any]) -> Mapping[str, KnownSetting]:
        """Every setting of the table, those with a name that networks know first; its values say its kind."""
        return settings_of(table)

    def check(self, definition: Keys, space: Space) -> None:
        """Names that no column has yet, a memory that can be read, noise that is no network's."""
        if taken := sorted(RESERVED & {*space.names, *space.fixed}):
            raise DefinitionError(f"{taken[0]} is the name of a result; call the setting something else")
        if definition.noise != "together":
            raise DefinitionError(
                f"noise = {definition.noise!r} varies weights, order and split of networks; a function of "
                "your own has one seed, so remove noise"
            )
        if definition.memory is not None:
            memory_in_bytes(definition.memory)

    def contents(self, definition: Keys) -> dict[str, str]:  # noqa: ARG002 (the name says it)
        """Digest of the module's file, or of a function at hand: its source and what it holds."""
        return {"function": self._digest()}

    def prepare(self, definition: Keys, space: Space) -> FunctionWork:
        """Find the function and try to load it, in a process of its own where it is only named."""
        if self.function is not None:
            check_function(self.name, self.function)
        memory = None if definition.memory is None else memory_in_bytes(definition.memory)
        if memory is not None and not can_limit():
            raise DefinitionError("memory can be bounded on Linux only; remove memory")
        callee = Callee(
            self.name,
            self.folders,
            self.function,
            metric=definition.metric,
            timeout=definition.timeout,
            memory=memory,
            file=None if self.function is not None else str(module_file(self.name, self.folders)),
            digest=self._digest(),
            log="" if self.log is None else str(self.log.absolute()),
        )
        if callee.apart:
            if self.function is not None:
                check_portable(self.name, self.function)
            Apart(callee).close()
        return FunctionWork(callee, dict(space.fixed), definition.seed, maximise=definition.maximise)

    def _digest(self) -> str:
        if self.function is None:
            return hashlib.sha256(module_file(self.name, self.folders).read_bytes()).hexdigest()
        with suppress(UnknownContentsError):
            return hashlib.sha256(_source(self.function) + state(self.function)).hexdigest()
        return UNKNOWN


def name_of(function: object) -> str:
    """Name under which a function at hand stands in a definition."""
    named = function if hasattr(function, "__qualname__") else type(function)
    return f"{getattr(named, '__module__', None) or 'python'}:{getattr(named, '__qualname__', 'function')}"


def check_portable(name: str, function: Function) -> None:
    """Whether a function at hand can be sent to another process.

    Raises
    ------
    DefinitionError
        When it cannot: it stands in another function, in a notebook, or has no name.
    """
    main = sys.modules["__main__"]
    at_prompt = getattr(function, "__module__", "") == "__main__" and not hasattr(main, "__file__")
    try:
        pickle.dumps(function)
    except (pickle.PicklingError, AttributeError, TypeError):
        at_prompt = True
    if at_prompt:
        raise DefinitionError(
            f"{name} cannot be sent to another process, for it is a lambda, or stands in another function or "
            "in a notebook; define it in a module, or take workers=1 without timeout and memory"
        )


@dataclass(frozen=True)
class FunctionWork(Work):
    """What all calls of the function have in common."""

    callee: Callee
    fixed: dict[str, Any]
    seed: int
    maximise: bool = False
    cap: float = math.inf

    @property
    def log(self) -> str:
        """File for what the function prints."""
        return self.callee.log

    def printing_to(self, log: Path) -> FunctionWork:
        """The same, with another file for what the function prints."""
        return replace(self, callee=replace(self.callee, log=str(log.absolute())))

    def start(self) -> _Caller:
        """Start the process of the function, where it has one."""
        return _Caller(self)


class _Caller:
    """Calls the function for one trial after the other."""

    def __init__(self, work: FunctionWork) -> None:
        self._work = work
        self._called = Apart(work.callee) if work.callee.apart else Here(work.callee)

    def __call__(self, task: tuple[PlannedTrial]) -> list[FinishedTrial]:
        """Finish a trial. All configurations of a replicate have the same seed."""
        (planned,) = task
        seed = integer_seed(self._work.seed, planned.replicate, Purpose.FUNCTION)
        given = {**self._work.fixed, **planned.configuration}
        plain = {name: list(value) if isinstance(value, tuple) else value for name, value in given.items()}
        ended = self._called(plain, seed)
        return [finished(planned, ended, self._work.callee.metric, maximise=self._work.maximise)]

    def close(self) -> None:
        """End the process of the function."""
        self._called.close()


def finished(planned: PlannedTrial, ended: Ended, metric: str, *, maximise: bool) -> FinishedTrial:
    """Trial of a call that ended; without a result its value is NaN.

    Curves end where they are not finite. ``final`` and ``best`` are as the function gave them, the value is
    turned round where a higher one is better.
    """
    curves = _curves(ended.steps) if ended.by_epoch else {}
    outcome: Outcome = ended.outcome  # type: ignore[assignment]
    final: Metrics = {}
    best: Metrics = {}
    value, name = math.nan, ""
    if ended.steps and outcome in {TRAINED, DIVERGED}:
        name = chosen(ended.steps[0], metric)
    if curves.get(name):
        best = {name: max(curves[name]) if maximise else min(curves[name])}
    if outcome == TRAINED:
        final = {key: number for key, number in ended.steps[-1].items() if math.isfinite(number)}
        of_best = metric not in final and metric == f"{BEST}{name}" and best
        value = (-1.0 if maximise else 1.0) * (best if of_best else final)[name] + 0.0
    return FinishedTrial(
        planned,
        outcome,
        value,
        float(len(ended.steps)) if outcome == DIVERGED and ended.by_epoch else None,
        final,
        best,
        curves,
        round(ended.seconds, 6),
        message=ended.message,
        metric=name,
    )


def _curves(steps: Sequence[Metrics]) -> dict[str, list[float]]:
    """Each metric epoch by epoch, up to the first that is missing or not finite."""
    curves: dict[str, list[float]] = {}
    for name in steps[0] if steps else ():
        curve = list[float]()
        for metrics in steps:
            if not math.isfinite(metrics.get(name, math.nan)):
                break
            curve.append(metrics[name])
        if curve:
            curves[name] = curve
    return curves


def memory_in_bytes(text: str) -> int:
    """Bytes that ``2 GB`` are.

    Raises
    ------
    DefinitionError
        When it is no amount of memory.
    """
    units = {**_UNITS, **_UNITS_OF_TWO}
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*", text)
    unit = next((size for name, size in units.items() if found and name.lower() == found[2].lower()), None)
    if found is None or unit is None or float(found[1]) <= 0:
        raise DefinitionError(f"memory = {shown(text)} is no amount of memory; write memory = '2 GB'")
    return int(float(found[1]) * unit)


def _source(function: Function) -> bytes:
    """What decides the numbers of a function at hand, as far as it can be known: its module, or its text."""
    try:
        file = inspect.getsourcefile(function)
        if file is not None and Path(file).is_file():
            return Path(file).read_bytes()
        return inspect.getsource(function).encode()
    except (OSError, TypeError):
        pass
    try:
        return pickle.dumps(function)
    except (pickle.PicklingError, AttributeError, TypeError):
        return b""
