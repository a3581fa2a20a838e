"""Where calls are carried out: right here, or in worker processes; a cluster is one more Executor.

All speak the interface of `concurrent.futures.Executor`, so everything above sees one kind of thing, and
the serial one lets a debugger follow a trial. `Crew` is the way to use any of them: it starts workers once,
feeds them, and begins anew what a killed one has left. It knows nothing of training: whatever is a pure
function of what it is given can be carried out this way.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import secrets
import signal
import threading
from collections import deque
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager, suppress
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Listener
from multiprocessing.reduction import ForkingPickler
from typing import TYPE_CHECKING, Any, TypeVar

from threadpoolctl import threadpool_limits

from sweeps.errors import ExecutionError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Self

    Prepare = Callable[[], object]

Item = TypeVar("Item")
Result = TypeVar("Result")

AHEAD = 3  # calls in flight per worker: enough to never run dry, few enough to lose little when killed
MOST_FAILURES = 3  # a pool that breaks so often without finishing a call will not recover


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
        context = multiprocessing.get_context("spawn")
        self._handout = _Handout(prepare)
        super().__init__(workers, context, initializer=_begin, initargs=self._handout.where)

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401 (the interface)
        """Hand over a call. A process that is just being started inherits that Ctrl-C is ignored."""
        with no_interrupt():
            return super().submit(function, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes; without ``wait`` in the middle of a call.

        A Ctrl-C can meet the pool while it hands over a call; to wait for its workers could then be to wait
        for ever. What they compute is a pure function, so killing them loses nothing. A pool that broke has
        lost their results in any case, and one of them that was being started at that very moment was told
        nothing: it would wait for a call for ever, and the pool for it.
        """
        if not wait or self._broken:
            for process in list((self._processes or {}).values()):
                process.kill()
        super().shutdown(wait=True, cancel_futures=cancel_futures)
        self._handout.close()


class _Handout:
    """Hands ``prepare`` to every worker that asks, over a connection of its own on this machine.

    As an argument of a new process it would be written into a pipe that nobody reads once the process is
    killed while it starts, and that for ever if it is larger than the pipe.
    """

    def __init__(self, prepare: Prepare) -> None:
        self._content = bytes(ForkingPickler.dumps(prepare))
        self._key = secrets.token_bytes(16)
        self._listener = Listener(("127.0.0.1", 0), authkey=self._key, backlog=64)
        self._open = True
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def where(self) -> tuple[Any, bytes]:
        """Address and key that a worker needs."""
        return self._listener.address, self._key

    def _serve(self) -> None:
        while self._open:
            # A worker that is killed meanwhile, or a stranger without the key: the next one, please.
            with suppress(OSError, EOFError, AuthenticationError), self._listener.accept() as connection:
                connection.send_bytes(self._content)

    def close(self) -> None:
        """Stop; the last to ask is this one, so that the thread looks up."""
        if self._open:
            self._open = False
            with suppress(OSError, EOFError, AuthenticationError):
                Client(self._listener.address, authkey=self._key).close()
            self._listener.close()


EXECUTORS: dict[str, Callable[[Prepare, int], Executor]] = {"here": Here, "processes": Processes}


@contextmanager
def no_interrupt() -> Iterator[None]:
    """Ignore Ctrl-C for the moment of starting a process: it is the coordinator's alone to answer."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


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


class Crew:
    """Workers that are started once, when first needed, and kept until the end of the ``with`` block.

    Parameters
    ----------
    prepare
        Called in every worker before its first call.
    workers
        How many; one works in this process.
    executor
        Name in `EXECUTORS`; None: ``here`` for one worker, ``processes`` for more.

    Raises
    ------
    ExecutionError
        When there is no such executor.
    """

    def __init__(self, prepare: Prepare, workers: int, executor: str | None = None) -> None:
        name = executor or ("here" if workers == 1 else "processes")
        if name not in EXECUTORS:
            raise ExecutionError(f"executor {name!r} is not known{did_you_mean(name, EXECUTORS)}")
        self._make = EXECUTORS[name]
        self._prepare, self._workers = prepare, workers
        self._executor: Executor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._dismiss(wait=kind is None)

    def start(self) -> None:
        """Start the workers now: they get ready while the caller does something else."""
        with suppress(BrokenExecutor):  # `run` begins anew
            for _ in range(self._workers):
                self._hired().submit(_nothing)

    def run(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[tuple[Item, Result]]:
        """Call the function with each item and hand over both as a call ends, in any order.

        An executor whose worker was killed is made anew and the unfinished items are submitted again; the
        function is pure, so a call that ran twice gives the same result.

        Raises
        ------
        ExecutionError
            When workers keep dying without finishing a call.
        """
        waiting = iter(items)
        redo: deque[Item] = deque()
        flying: dict[Future[Result], Item] = {}
        failures = 0
        while self._fill(function, flying, redo, waiting):
            try:
                for future in wait(flying, return_when=FIRST_COMPLETED).done:
                    result = future.result()
                    item = flying.pop(future)
                    failures = 0
                    yield item, result
            except BrokenExecutor:
                failures += 1
                self._dismiss()
                redo.extend(flying.values())
                flying.clear()
                if failures > MOST_FAILURES:
                    raise ExecutionError(
                        "worker processes keep dying, most likely for want of memory; "
                        "try --workers 1. What was recorded is kept"
                    ) from None

    def _fill(
        self,
        function: Callable[[Item], Result],
        flying: dict[Future[Result], Item],
        redo: deque[Item],
        waiting: Iterator[Item],
    ) -> bool:
        """Submit items, those to do again first, until enough are in flight; False when none are left."""
        window = 1 if self._workers == 1 else AHEAD * self._workers
        while len(flying) < window:
            if redo:
                item = redo.popleft()
            else:
                try:
                    item = next(waiting)
                except StopIteration:
                    break
            try:
                flying[self._hired().submit(function, item)] = item
            except BrokenExecutor:  # a worker died since the last look: `run` meets it at the futures
                redo.appendleft(item)
                if not flying:
                    self._dismiss()
                    continue
                break
        return bool(flying)

    def _hired(self) -> Executor:
        if self._executor is None:
            self._executor = self._make(self._prepare, self._workers)
        return self._executor

    def _dismiss(self, *, wait: bool = True) -> None:
        """Send the workers home; without ``wait``, not letting them finish."""
        if self._executor is not None:
            self._executor.shutdown(wait=wait, cancel_futures=True)
            self._executor = None
