"""What a worker of a Dask cluster does: keep what is handed to it, get its threads ready, carry out calls."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import platform
import threading
from typing import TYPE_CHECKING, Any

from distributed import WorkerPlugin, get_worker
from threadpoolctl import threadpool_limits

from sweeps.errors import ExecutionError
from sweeps.versions import check_terms, terms

if TYPE_CHECKING:
    from collections.abc import Callable

_handed: dict[str, tuple[bytes, dict[str, str]]] = {}  # by name
_closing: dict[str, list[Callable[[], object]]] = {}  # what lets go of what threads have got ready
_thread = threading.local()  # what this thread is ready for


class Handed(WorkerPlugin):
    """Content that every worker has under a name, those that join later too.

    Parameters
    ----------
    name
        By which calls find it.
    content
        Pickled function that gets a thread ready.
    agreed
        What a worker must agree on with the command (`sweeps.versions.terms`).
    """

    def __init__(self, name: str, content: bytes, agreed: dict[str, str]) -> None:
        self.name, self._content, self._agreed = name, content, agreed

    def setup(self, worker: Any) -> None:  # noqa: ANN401, ARG002 (Dask's)
        """When a worker starts, or at once where it runs."""
        _handed[self.name] = self._content, self._agreed

    def teardown(self, worker: Any) -> None:  # noqa: ANN401, ARG002 (Dask's)
        """When it ends, or the sweep does."""
        _handed.pop(self.name, None)
        for close in _closing.pop(self.name, []):
            close()


def carry(name: str, function: Callable[..., Any], *args: Any) -> tuple[str, int, str, Any]:  # noqa: ANN401 (any call)
    """Carry out a call, getting the thread ready first; says who did it."""
    address = get_worker().address
    if getattr(_thread, "ready_for", None) != name:
        _get_ready(name, address)
    return platform.node(), os.getpid(), address, function(*args)


def _get_ready(name: str, address: str) -> None:
    content, agreed = _handed[name]
    check_terms(terms(engine=agreed["engine"]), agreed, f"the worker {address}", "the command")
    # Dask marks workers as daemons, which may have no children; a function of the user's has a process.
    multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]  # noqa: SLF001
    try:
        threadpool_limits(1)
        close = pickle.loads(content)()  # noqa: S301 (of the client of this cluster)
    except (ImportError, OSError) as error:
        raise ExecutionError(
            f"the worker {address} cannot get ready ({error}); what a sweep needs, such as the module of a "
            "function, must be found on every machine under the same path"
        ) from None
    _thread.ready_for = name
    if close is not None:
        _closing.setdefault(name, []).append(close)
