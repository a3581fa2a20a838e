"""Where calls are carried out: right here, in worker processes, or on a cluster (`sweeps.cluster`).

All speak the interface of `concurrent.futures.Executor`, so everything above sees one kind of thing, and
the serial one lets a debugger follow a trial. `Crew` is the way to use any of them: it starts workers once,
feeds them, and begins anew what a killed one has left. It knows nothing of training: whatever is a pure
function of what it is given can be carried out this way.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import pickle
import platform
import signal
import threading
import time
from collections import deque
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Client
from multiprocessing.connection import wait as await_any
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import TYPE_CHECKING, Any, TypeVar, cast

from threadpoolctl import threadpool_limits

from sweeps.errors import ExecutionError, did_you_mean
from sweeps.handout import Handout

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


class _Worker(SpawnProcess):
    """A process that knows whether its pool ended it: a pool that one has left ends all others."""

    dismissed = False

    def terminate(self) -> None:
        """End it, which is news only where it has ended already."""
        self._dismiss()
        super().terminate()

    def kill(self) -> None:
        """End it at once."""
        self._dismiss()
        super().kill()

    def _dismiss(self) -> None:
        self.dismissed = self.dismissed or not await_any([self.sentinel], timeout=0)


class _Workers(SpawnContext):
    """How a pool makes them: its interface asks for a class."""

    Process = _Worker


class Processes(ProcessPoolExecutor):
    """Worker processes with one BLAS thread each, which end with the process that started them.

    Parameters
    ----------
    prepare
        Called once in every process before its first call; pickled, as are the calls.
    workers
        Number of processes.
    """

    def __init__(self, prepare: Prepare, workers: int) -> None:
        self._handout = Handout(prepare)
        self._started: dict[int, _Worker] = {}
        super().__init__(workers, _Workers(), initializer=_begin, initargs=self._handout.where)

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401 (the interface)
        """Hand over a call. A process that is just being started inherits that Ctrl-C is ignored.

        Raises
        ------
        BrokenProcessPool
            When a worker has died; also while another is being started, whose pipes were closed under it.
        """
        try:
            with no_interrupt():
                future = super().submit(function, *args, **kwargs)
        except (OSError, ValueError) as error:
            if self._broken:
                raise BrokenProcessPool(str(self._broken)) from error
            raise
        self._started |= cast("dict[int, _Worker]", self._processes or {})
        return future

    def told(self) -> list[str]:
        """Sentences on workers that have died since the last call of this: which, and how."""
        dead = {pid: process for pid, process in self._started.items() if process.exitcode}
        for pid in dead:
            del self._started[pid]
        return [
            f"worker {pid} on {platform.node()} {_ended(process.exitcode)}; what it had begun is done again"
            for pid, process in dead.items()
            if process.exitcode and not process.dismissed
        ]

    def look(self) -> None:
        """Look whether a worker has died unnoticed: in the middle of telling a result, whose end is awaited.

        Raises
        ------
        BrokenProcessPool
            When one has.
        """
        if await_any([process.sentinel for process in self._started.values()], timeout=0):
            raise BrokenProcessPool

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes; without ``wait`` in the middle of a call.

        A Ctrl-C can meet the pool while it hands over a call; to wait for its workers could then be to wait
        for ever. What they compute is a pure function, so killing them loses nothing. A pool that broke has
        lost their results in any case, and one of them that was being started at that very moment was told
        nothing: it would wait for a call for ever, and the pool for it. Nor need the pool wait for the end of
        a result that was being told, which it does as long as anybody could write it, this process included.
        """
        ended = {*await_any([process.sentinel for process in self._started.values()], timeout=0)}
        # How the others end from now on is no news.
        self._started = {pid: one for pid, one in self._started.items() if one.sentinel in ended}
        processes = list((self._processes or {}).values())
        if not wait or self._broken or not all(process.is_alive() for process in processes):
            for process in processes:
                process.kill()
            if self._result_queue is not None:
                self._result_queue._writer.close()  # type: ignore[attr-defined]  # noqa: SLF001 (see above)
        super().shutdown(wait=True, cancel_futures=cancel_futures)
        self._handout.close()


EXECUTORS: dict[str, Maker] = {"here": Here, "processes": Processes}


@contextmanager
def no_interrupt() -> Iterator[None]:
    """Start a process that Ctrl-C does not meet: it is the coordinator's alone to answer, and a moment later.

    A process inherits what is blocked. One that multiprocessing starts besides, and that unblocks it, is
    there beforehand; where nothing can be blocked Ctrl-C is ignored for the moment.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    if not hasattr(signal, "pthread_sigmask"):
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)
        return
    resource_tracker.ensure_running()
    pressed: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))  # met by another thread
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        signal.signal(signal.SIGINT, before)
        if pressed:
            signal.raise_signal(signal.SIGINT)


def _begin(address: Any, key: bytes) -> None:  # noqa: ANN401 (of a listener)
    """Set up a worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=end_with_parent, daemon=True).start()
    with Client(address, authkey=key) as connection:
        prepare = pickle.loads(connection.recv_bytes())  # noqa: S301 (of the process that started this one)
    threadpool_limits(1)  # after what was handed over has brought NumPy
    prepare()


def _nothing() -> None:
    """A call that only makes a worker start."""


def end_with_parent() -> None:
    """Exit when the coordinator is gone: after kill -9 nobody else would end this process."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _ended(code: int) -> str:
    """How a process ended, by its exit code."""
    if code == -getattr(signal, "SIGKILL", 9):
        return "was killed, perhaps for want of memory"
    if code == -signal.SIGTERM:
        return "was ended by another program (SIGTERM), perhaps for want of memory"
    return f"ended with exit code {code}"


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
