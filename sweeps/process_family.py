"""A process with all that it starts: a group that ends as one, and ends when nobody waits for it."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
import warnings
from contextlib import suppress
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, Final

from sweeps.worker_processes import end_with_parent

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_PR_SET_PDEATHSIG: Final = 1


def begin_family() -> None:
    """Make this process the head of a group, where the system has groups; what it starts belongs to it."""
    if hasattr(os, "setsid"):
        os.setsid()
        _guard_group()


def end_family(process: Any, connection: Connection[Any, Any]) -> None:  # noqa: ANN401 (a process of any context)
    """End the process and all that it started, which are the group that it leads."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):  # none but itself is left, or not yet a leader
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.join()
    connection.close()


def _guard_group() -> None:
    """Leave a process that ends the whole group when the worker is gone, whatever the function has started.

    It is a grandchild, so that a function which waits for its children does not wait for it, and it belongs
    to the group, so that it ends with it.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads of a library; the copy calls none
        child = os.fork()
        if child:
            os.waitpid(child, 0)
            return
        if os.fork():
            os._exit(0)
    sentinel = parent.sentinel
    os.closerange(0, sentinel)  # pipes that others wait for
    os.closerange(sentinel + 1, os.sysconf("SC_OPEN_MAX"))
    wait([sentinel])
    os.killpg(0, signal.SIGKILL)


def end_with_worker() -> None:
    """End when the worker is gone: by a thread, and on Linux by the kernel where code in C holds the lock."""
    threading.Thread(target=end_with_parent, daemon=True).start()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
