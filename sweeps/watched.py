"""A process in which a function of the user's is called, and which can be ended whatever it does.

A function may hang where no signal reaches it, eat memory, or end its process. So it runs in a process of
its own, one per worker, kept from call to call; the worker waits for it no longer than the time allowed,
kills it then, and starts another for the next call.
"""

from __future__ import annotations

import hashlib
import io
import math
import multiprocessing
import os
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.util import Finalize
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from threadpoolctl import threadpool_limits

from sweeps.calls import (
    FAILED,
    KILLED,
    OUT_OF_MEMORY,
    TIMED_OUT,
    call,
    loaded,
    message_of,
)
from sweeps.errors import DefinitionError
from sweeps.process_family import begin_family, end_family, end_with_worker
from sweeps.worker_processes import no_interrupt

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from sweeps.calls import Function, Metrics

MOST_TRIES: Final = 2  # of a call whose process was killed: perhaps by something else
LOADING: Final = 60.0  # seconds that loading may take at least where a call has a time limit
_LOOK: Final = 0.5  # seconds between two looks whether the process still lives
_READY, _HEARD, _ENDED, _REFUSED = "ready", "heard", "ended", "refused"
_ONE_THREAD: Final = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


@dataclass(frozen=True)
class Callee:
    """The function to call, and what its process may use.

    Attributes
    ----------
    name
        ``package.module:function``.
    folders
        Where the module is looked for first.
    function
        The function itself where it was handed over in Python.
    metric
        What is compared.
    timeout
        Seconds that a call may take; None: for ever.
    memory
        Bytes that its process may hold; None: no bound.
    file, digest
        Where a named function stands, and the digest of what stood there when the sweep was begun.
    log
        File to which it prints; empty: what it prints is lost.
    """

    name: str
    folders: tuple[str, ...] = ()
    function: Function | None = None
    metric: str = "value"
    timeout: float | None = None
    memory: int | None = None
    file: str | None = None
    digest: str = ""
    log: str = ""

    @property
    def apart(self) -> bool:
        """Whether it needs a process of its own; one handed over in Python is called right here if it can."""
        return self.function is None or self.timeout is not None or self.memory is not None


@dataclass
class Ended:
    """How a call ended: metrics of each epoch, or of the whole; outcome and message."""

    steps: list[Metrics] = field(default_factory=list)
    by_epoch: bool = False
    outcome: str = FAILED
    message: str = ""
    seconds: float = 0.0

    def hear(self, metrics: Metrics, by_epoch: bool) -> None:
        """Note metrics."""
        self.steps.append(metrics)
        self.by_epoch = by_epoch


class Here:
    """Calls in this process: with the debugger, without a time limit."""

    def __init__(self, callee: Callee) -> None:
        if callee.function is None:
            raise ValueError("a function that is only named is called in a process of its own")
        self._function, self._metric = callee.function, callee.metric

    def __call__(self, configuration: dict[str, Any], seed: int) -> Ended:
        """Call the function."""
        ended, begun = Ended(), time.perf_counter()
        with threadpool_limits(1):  # as in a process of its own: a library may have come since the last call
            ended.outcome, ended.message = call(self._function, configuration, seed, self._metric, ended.hear)
        ended.seconds = time.perf_counter() - begun
        return ended

    def close(self) -> None:
        """Nothing is left to end."""


class Apart:
    """Calls in a process of their own, which is started when first needed.

    Raises
    ------
    DefinitionError
        When the function cannot be loaded there.
    """

    def __init__(self, callee: Callee) -> None:
        self._callee = callee
        self._end: Finalize | None = None
        self._connection: Connection[Any, Any] | None = None
        self._start()

    def __call__(self, configuration: dict[str, Any], seed: int) -> Ended:
        """Call the function; where its process was killed, once more."""
        for _ in range(MOST_TRIES):
            ended, begun = Ended(outcome=KILLED), time.perf_counter()
            try:
                self._call(ended, configuration, seed)
            except BaseException:  # Ctrl-C: what runs there is no longer wanted
                self.close()
                raise
            ended.seconds = time.perf_counter() - begun
            if ended.outcome != KILLED:
                break
        return ended

    def _call(self, ended: Ended, configuration: dict[str, Any], seed: int) -> None:
        connection, timeout = self._start(), self._callee.timeout
        until = None if timeout is None else time.monotonic() + timeout
        try:
            connection.send((configuration, seed))
            while True:
                if not self._heard_by(connection, until):
                    self.close()
                    ended.outcome, ended.message = TIMED_OUT, f"not done within timeout = {timeout:g} s"
                    return
                kind, *content = connection.recv()
                if kind == _ENDED:
                    ended.outcome, ended.message = content
                    break
                ended.hear(*content)
        except (EOFError, OSError):
            ended.message = self._how_it_died()
            self.close()
        if ended.outcome == OUT_OF_MEMORY:  # what is left of it would decide the next call
            self.close()

    def _heard_by(self, connection: Connection[Any, Any], until: float | None) -> bool:
        """Wait until there is something to receive; False when it is too late for that.

        The pipe alone does not tell that the process has died: a child that it forked holds its end open.

        Raises
        ------
        EOFError
            When the process is dead and has left nothing unread.
        """
        while True:
            left = math.inf if until is None else max(until - time.monotonic(), 0.0)
            if connection.poll(min(left, _LOOK)):
                return True
            if not self._process.is_alive() and not connection.poll(0):
                raise EOFError
            if left == 0:
                return False

    def _how_it_died(self) -> str:
        process = self._process
        process.join(5)
        code = process.exitcode
        if code is not None and code < 0:
            with suppress(ValueError):
                return f"killed by {signal.Signals(-code).name}{_guess(-code)}"
        return f"exit code {code}"

    def _start(self) -> Connection[Any, Any]:
        if self._connection is not None:
            return self._connection
        _check_unchanged(self._callee)
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, self._callee))
        with no_interrupt():
            self._process.start()
        theirs.close()
        # With a priority it runs before multiprocessing waits for its children at the exit of this process.
        self._end = Finalize(self, end_family, args=(self._process, ours), exitpriority=10)
        self._connection = ours
        try:
            self._check_loaded(ours)
        except BaseException:
            self.close()
            raise
        return ours

    def _check_loaded(self, connection: Connection[Any, Any]) -> None:
        """Wait until the process has loaded the function, or says why it cannot."""
        timeout = self._callee.timeout
        seconds = None if timeout is None else max(timeout, LOADING)
        try:
            if not self._heard_by(connection, None if seconds is None else time.monotonic() + seconds):
                raise DefinitionError(
                    f"objective {self._callee.name!r} was not loaded within {seconds:g} s; do what takes "
                    "long in the function, not when its module is imported, or raise timeout"
                )
            kind, *content = connection.recv()
        except (EOFError, OSError):
            how = self._how_it_died()
            raise DefinitionError(
                f"objective {self._callee.name!r} could not be loaded ({how}); a script calls sweep under "
                "if __name__ == '__main__':"
            ) from None
        if kind == _REFUSED:
            raise DefinitionError(content[0])

    def close(self) -> None:
        """End the process, whatever it does."""
        if self._end is not None:
            self._end()
        self._end = self._connection = None


def _check_unchanged(callee: Callee) -> None:
    """A process that is started later would call another function than the first."""
    if callee.file is not None:
        found = hashlib.sha256(Path(callee.file).read_bytes()).hexdigest()
        if found != callee.digest:
            raise DefinitionError(
                f"{Path(callee.file).name} was changed while the sweep ran, and two functions must not be "
                "mixed; undo that and start the sweep again to resume, or give another --out"
            )


def _guess(number: int) -> str:
    return ", most likely for want of memory" if number == getattr(signal, "SIGKILL", None) else ""


def _serve(connection: Connection[Any, Any], callee: Callee) -> None:
    """Life of the process: load the function, then a call after the other."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    begin_family()
    end_with_worker()
    for name in _ONE_THREAD:
        os.environ.setdefault(name, "1")
    _print_to(callee.log)
    try:
        function = callee.function or loaded(callee.name, callee.folders)
    except DefinitionError as error:
        connection.send((_REFUSED, str(error)))
        return
    threadpool_limits(1)
    if callee.memory is not None:
        limit(callee.memory)
    connection.send((_READY,))
    heard: Callable[[Metrics, bool], None] = lambda *content: connection.send((_HEARD, *content))  # noqa: E731
    while True:
        try:
            configuration, seed = connection.recv()
        except EOFError:
            return
        try:
            ended = call(function, configuration, seed, callee.metric, heard)
        except MemoryError as error:  # while it was told what the function gave
            ended = OUT_OF_MEMORY, message_of(error)
        connection.send((_ENDED, *ended))


def _print_to(log: str) -> None:
    """Send what the function prints to the end of a file; without one, what goes to standard output is lost.

    In the terminal it would scroll the progress away. Lines are written at once: a kill comes unasked.
    """
    file = os.open(log or os.devnull, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    for stream, descriptor in ((sys.stdout, 1), (sys.stderr, 2))[: 2 if log else 1]:
        os.dup2(file, descriptor)
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(line_buffering=True)
    os.close(file)


def can_limit() -> bool:
    """Whether the system keeps a process from holding more memory than it may."""
    return sys.platform == "linux"


def limit(memory: int) -> None:
    """Bound the data that this process may hold, in bytes; beyond it Python raises MemoryError.

    Private memory counts, not what is mapped of files: a framework's libraries are large and no data.
    """
    import resource  # noqa: PLC0415 (not on every system)

    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    resource.setrlimit(resource.RLIMIT_DATA, (memory, hard))
