"""Where calls are carried out: right here, in worker processes, or on a cluster (`sweeps.cluster`).

All speak the interface of `concurrent.futures.Executor`, so everything above sees one kind of thing, and
the serial one lets a debugger follow a trial. `Crew` is the way to use any of them: it starts workers once,
feeds them, and begins anew what a killed one has left. It knows nothing of training: whatever is a pure
function of what it is given can be carried out this way.
"""

from __future__ import annotations

import math
import os
import time
from collections import deque
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from threadpoolctl import threadpool_limits

from sweeps.errors import ExecutionError, did_you_mean
from sweeps.worker_processes import Processes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Self

    Prepare = Callable[[], object]
    Maker = Callable[[Prepare, int], Executor]

Item = TypeVar("Item")
Result = TypeVar("Result")

AHEAD = 3  # calls in flight per worker: enough to never run dry, few enough to lose little when killed
MOST_FAILURES = 3  # a pool that breaks so often without finishing a call will not recover
LOOK = 5.0  # seconds between two looks whether a call takes longer than it can


class HangingError(BrokenExecutor):
    """A call takes longer than it can."""


class DyingWorkersError(ExecutionError):
    """Workers keep dying without finishing a call."""


def cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Here(Executor):
    """Calls in this process, at once: ``submit`` returns a finished future.

    Parameters
    ----------
    prepare
        Called once before the first call.
    """

    def __init__(self, prepare: Prepare, workers: int = 1) -> None:  # noqa: ARG002 (all executors are made alike)
        self._limits = threadpool_limits(1)
        prepare()

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401 (the interface)
        """Call the function now. Its exceptions pass straight through, to the debugger."""
        future: Future[Any] = Future()
        future.set_result(function(*args, **kwargs))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002 (the interface)
        """Give BLAS its threads back."""
        self._limits.restore_original_limits()


EXECUTORS: dict[str, Maker] = {"here": Here, "processes": Processes}


def _nothing() -> None:
    """A call that only makes a worker start."""


class Crew:
    """Workers that are started once, when first needed, and kept until the end of the ``with`` block.

    Parameters
    ----------
    prepare
        Called in every worker before its first call.
    workers
        How many; one works in this process.
    executor
        Name in `EXECUTORS`, or what makes an executor of ``prepare`` and ``workers``; None: ``here`` for one
        worker, ``processes`` for more. Where an executor has ``workers``, that many calls are carried out at
        once; where it has ``told()``, these are sentences for the user; where it has ``look()``, that raises
        `BrokenExecutor` for a worker that is gone.
    on_note
        Called with sentences on workers that died or hang.

    Raises
    ------
    ExecutionError
        When there is no such executor.
    """

    def __init__(
        self,
        prepare: Prepare,
        workers: int,
        executor: str | Maker | None = None,
        on_note: Callable[[str], None] = lambda _: None,
    ) -> None:
        name = executor or ("here" if workers == 1 else "processes")
        if isinstance(name, str) and name not in EXECUTORS:
            raise ExecutionError(f"executor {name!r} is not known{did_you_mean(name, EXECUTORS)}")
        self._make = EXECUTORS[name] if isinstance(name, str) else name
        self._prepare, self._workers, self._note = prepare, workers, on_note
        self._executor: Executor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._dismiss(wait=kind is None, tell=kind is None)  # else nothing is done again

    def start(self) -> None:
        """Start the workers now: they get ready while the caller does something else."""
        with suppress(BrokenExecutor):  # `run` begins anew
            for _ in range(self._workers):
                self._hired().submit(_nothing)

    def run(
        self,
        function: Callable[[Item], Result],
        items: Iterable[Item],
        patience: Callable[[Item], float] = lambda _: math.inf,
        meanwhile: Callable[[], bool] = lambda: False,
    ) -> Iterator[tuple[Item, Result]]:
        """Call the function with each item and hand over both as a call ends, in any order.

        An executor whose worker was killed or hangs is made anew and the unfinished items are submitted
        again; the function is pure, so a call that ran twice gives the same result.

        Parameters
        ----------
        patience
            Seconds that a call of an item takes at the very most; one that takes longer hangs.
        meanwhile
            Called again and again while calls are in flight: does a piece of the caller's own work; False
            where there is none left.

        Raises
        ------
        DyingWorkersError
            When workers keep dying without finishing a call.
        """
        waiting = iter(items)
        redo: deque[Item] = deque()
        flying: dict[Future[Result], tuple[Item, float]] = {}
        failures = 0
        while self._fill(function, flying, redo, waiting, patience):
            try:
                look = 0.0 if meanwhile() else LOOK
                for future in wait(flying, timeout=look, return_when=FIRST_COMPLETED).done:
                    result = future.result()
                    item, _ = flying.pop(future)
                    failures = 0
                    yield item, result
                self._check_workers()
                self._check_patience(flying)
            except BrokenExecutor as error:
                failures += 1
                self._dismiss(wait=not isinstance(error, HangingError))
                redo.extend(item for item, _ in flying.values())
                flying.clear()
                if failures > MOST_FAILURES:
                    raise DyingWorkersError(
                        "worker processes keep dying, most likely for want of memory; "
                        "try --workers 1. What was recorded is kept"
                    ) from None

    def _fill(
        self,
        function: Callable[[Item], Result],
        flying: dict[Future[Result], tuple[Item, float]],
        redo: deque[Item],
        waiting: Iterator[Item],
        patience: Callable[[Item], float],
    ) -> bool:
        """Submit items, those to do again first, until enough are in flight; False when none are left."""
        while len(flying) < self._window():
            if redo:
                item = redo.popleft()
            else:
                try:
                    item = next(waiting)
                except StopIteration:
                    break
            try:
                until = time.monotonic() + AHEAD * patience(item)  # it waits for those before it
                flying[self._hired().submit(function, item)] = item, until
            except BrokenExecutor:  # a worker died since the last look: `run` meets it at the futures
                redo.appendleft(item)
                if not flying:
                    self._dismiss()
                    continue
                break
        return bool(flying)

    @property
    def workers(self) -> int:
        """Calls that are carried out at once."""
        workers: int = getattr(self._executor, "workers", self._workers)
        return workers

    def _window(self) -> int:
        """Calls in flight at most."""
        return 1 if self._make is Here else AHEAD * self.workers

    def _tell(self) -> None:
        told: Callable[[], list[str]] = getattr(self._executor, "told", list)
        for sentence in told():
            self._note(sentence)

    def _check_workers(self) -> None:
        look: Callable[[], None] = getattr(self._executor, "look", _nothing)
        try:
            look()
        finally:
            self._tell()

    def _check_patience(self, flying: dict[Future[Result], tuple[Item, float]]) -> None:
        late = sum(time.monotonic() > until for _, until in flying.values())
        if late:
            self._note(
                f"{late} calls take longer than they can, so workers hang; they are ended and begun anew"
            )
            raise HangingError

    def _hired(self) -> Executor:
        if self._executor is None:
            self._executor = self._make(self._prepare, self._workers)
        return self._executor

    def _dismiss(self, *, wait: bool = True, tell: bool = True) -> None:
        """Send the workers home; without ``wait``, not letting them finish."""
        if self._executor is not None:
            self._executor.shutdown(wait=wait, cancel_futures=True)
            if tell:
                self._tell()
            self._executor = None
