"""A pool of worker processes that ends with the process that started it, and names those that died.

A worker starts without what Ctrl-C does, which is for the process that started it to answer.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import platform
import signal
import threading
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import Client
from multiprocessing.connection import wait as await_any
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import TYPE_CHECKING, Any, cast

from threadpoolctl import threadpool_limits

from sweeps.handout import Handout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Prepare = Callable[[], object]


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
