"""Where tasks are trained: right here, or in worker processes; a cluster is one more Executor.

All speak the interface of `concurrent.futures.Executor`, so everything above sees one kind of thing, and
the serial one lets a debugger follow a trial.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from threadpoolctl import threadpool_limits

from sweeps.errors import ExecutionError
from sweeps.tasks import prepare_worker, train_task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Self

    from sweeps.tasks import Job, Task
    from sweeps.trial import FinishedTrial

AHEAD = 3  # tasks in flight per worker: enough to never run dry, few enough to lose little when killed
MOST_FAILURES = 3  # a pool that breaks so often without finishing a task will not recover


class SerialExecutor(Executor):
    """Trains in this process, at once: ``submit`` returns a finished future."""

    def __init__(self, job: Job) -> None:
        self._limits = threadpool_limits(1)
        prepare_worker(job)

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401 (the interface)
        """Call the function now. Its exceptions pass straight through, to the debugger."""
        future: Future[Any] = Future()
        future.set_result(function(*args, **kwargs))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002 (the interface)
        """Give BLAS its threads back."""
        self._limits.restore_original_limits()


def processes(job: Job, workers: int) -> ProcessPoolExecutor:
    """Pool of worker processes with one BLAS thread each, prepared for the job."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, context, initializer=_start_worker, initargs=(job,))


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Ignore Ctrl-C for the moment of starting a process: it is the coordinator's alone to answer."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _start_worker(job: Job) -> None:
    """Set up a worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threadpool_limits(1)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    prepare_worker(job)


def _end_with_parent() -> None:
    """Exit when the coordinator is gone: after kill -9 nobody else would end this process."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


class Crew:
    """Workers of a job, started once and kept alive until the end of the ``with`` block.

    Parameters
    ----------
    workers
        Number of processes; 1 trains in this process.
    """

    def __init__(self, job: Job, workers: int) -> None:
        self._job, self._workers = job, workers
        self._executor: Executor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._dismiss(at_once=kind is not None)

    def run(self, tasks: Iterable[Task]) -> Iterator[list[FinishedTrial]]:
        """Train tasks and hand over each one's trials as it ends, in any order.

        A pool whose worker was killed is rebuilt and the unfinished tasks are submitted again; training is
        a pure function, so a task that ran twice gives the same numbers.

        Raises
        ------
        ExecutionError
            When workers keep dying without finishing a task.
        """
        waiting = iter(tasks)
        redo: deque[Task] = deque()
        flying: dict[Future[list[FinishedTrial]], Task] = {}
        failures = 0
        while self._fill(flying, redo, waiting):
            try:
                for future in wait(flying, return_when=FIRST_COMPLETED).done:
                    results = future.result()
                    del flying[future]
                    failures = 0
                    yield results
            except BrokenExecutor:
                failures += 1
                self._dismiss()
                redo.extend(flying.values())
                flying.clear()
                if failures > MOST_FAILURES:
                    raise ExecutionError(
                        "worker processes keep dying, most likely for want of memory; "
                        "try --workers 1 or a smaller network. What was recorded is kept"
                    ) from None

    def _fill(
        self, flying: dict[Future[list[FinishedTrial]], Task], redo: deque[Task], waiting: Iterator[Task]
    ) -> bool:
        """Submit tasks, those to do again first, until enough are in flight; False when none are left."""
        window = 1 if self._workers == 1 else AHEAD * self._workers
        while len(flying) < window:
            task = redo.popleft() if redo else next(waiting, None)
            if task is None:
                break
            try:
                with self._undisturbed():
                    flying[self._hired().submit(train_task, task)] = task
            except BrokenExecutor:  # a worker died since the last look: `run` meets it at the futures
                redo.appendleft(task)
                if not flying:
                    self._dismiss()
                    continue
                break
        return bool(flying)

    def _undisturbed(self) -> AbstractContextManager[None]:
        """A process that is just being started inherits that Ctrl-C is ignored; training here does not."""
        return nullcontext() if self._workers == 1 else _no_interrupt()

    def _hired(self) -> Executor:
        if self._executor is None:
            serial = self._workers == 1
            self._executor = SerialExecutor(self._job) if serial else processes(self._job, self._workers)
        return self._executor

    def _dismiss(self, *, at_once: bool = False) -> None:
        """Send the workers home; ``at_once``: without letting them finish.

        A Ctrl-C can meet the pool in the middle of handing over a task; to wait for its workers could then
        be to wait for ever. What they train is a pure function, so killing them loses nothing.
        """
        if self._executor is not None:
            if at_once:
                for process in list((getattr(self._executor, "_processes", None) or {}).values()):
                    process.kill()
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None
