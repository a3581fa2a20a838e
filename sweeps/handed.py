"""What a worker of a Dask cluster does: keep what is handed to it, get its threads ready, carry out calls."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import platform
import threading
import traceback
from contextlib import suppress
from contextvars import Context
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from distributed import WorkerPlugin, get_worker
from threadpoolctl import threadpool_limits

from sweeps.errors import ExecutionError
from sweeps.versions import check_terms, terms

if TYPE_CHECKING:
    from collections.abc import Callable

    Prepare = Callable[[], object]

OURS: Final = "sensitivity-"  # how names begin under which workers are given something; a client's follows
MOST_PRINTED: Final = 2**20  # bytes that a call prints and that are handed on

_handed: dict[str, tuple[bytes, dict[str, str]]] = {}  # by name
_closing: dict[str, list[Callable[[], object]]] = {}  # what lets go of what threads have got ready
_ready: dict[tuple[str, int], Context] = {}  # by name and thread, which may work for several sweeps in turn


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
        for key in [key for key in list(_ready) if key[0] == self.name]:
            del _ready[key]


@dataclass(frozen=True)
class Done:
    """How a call ended, and where.

    Attributes
    ----------
    result, error
        What it returned, or raised: so nothing that it raises reads as something that Dask did.
    lost
        Whether it was not begun, for what it needs was taken back.
    printed
        What a function of the user's printed meanwhile.
    """

    host: str
    pid: int
    address: str
    result: Any = None
    error: Exception | None = None
    lost: bool = False
    printed: str = ""


def carry(name: str, function: Callable[..., Any], *args: Any) -> Done:  # noqa: ANN401 (any call)
    """Carry out a call, getting the thread ready first; says who did it."""
    worker = get_worker()
    done = partial(Done, platform.node(), os.getpid(), worker.address)
    log = Path(worker.local_directory) / f"{name}-{threading.get_ident()}.log"
    key = name, threading.get_ident()
    if key not in _ready and name not in _handed:
        return done(lost=True)
    try:
        if key not in _ready:
            context = Context()
            context.run(_get_ready, name, worker.address, log)
            _ready[key] = context
        result = _ready[key].run(function, *args)
    except Exception as error:  # noqa: BLE001 (it belongs to who waits for the result)
        return done(error=_portable(error), printed=_printed(log))
    return done(result, printed=_printed(log))


def _get_ready(name: str, address: str, log: Path) -> None:
    content, agreed = _handed[name]
    check_terms(terms(engine=agreed["engine"]), agreed, f"the worker {address}", "the command")
    # Dask marks workers as daemons, which may have no children; a function of the user's has a process.
    multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]  # noqa: SLF001
    try:
        threadpool_limits(1)
        prepare: Prepare = pickle.loads(content)  # noqa: S301 (of the client of this cluster)
        close: Any = _printing_to(log, prepare)()
    except (ImportError, OSError) as error:
        raise ExecutionError(
            f"the worker {address} cannot get ready ({error}); what a sweep needs, such as the module of a "
            "function, must be found on every machine under the same path"
        ) from None
    if callable(close):
        _closing.setdefault(name, []).append(close)


def _printing_to(log: Path, prepare: Prepare) -> Prepare:
    """The same, but what a function prints goes to a file here: that of the command may be out of reach."""
    work = work_of(prepare)
    if not isinstance(prepare, partial) or not str(getattr(work, "log", "")):
        return prepare
    return partial(prepare.func, work.printing_to(log))


def work_of(prepare: Prepare) -> Any:  # noqa: ANN401 (`sweeps.objective.Work`, of which nothing is known here)
    """What workers get ready for; None where there is nothing."""
    return prepare.args[0] if isinstance(prepare, partial) and prepare.args else None


def left_behind(client: Any) -> list[str]:  # noqa: ANN401 (a Client)
    """Names under which workers still have what sweeps gave them that are gone: who is killed cannot tidy."""

    def left(dask_scheduler: Any) -> list[str]:  # noqa: ANN401 (inside, so it is sent as it stands)
        names, there = dask_scheduler.worker_plugins, dask_scheduler.clients
        return [name for name in names if name.startswith(ours) and name[len(ours) :] not in there]

    ours = OURS
    found: list[str] = client.run_on_scheduler(left)
    return found


def _printed(log: Path) -> str:
    """What was printed since the last time this was asked."""
    with suppress(OSError):
        size = log.stat().st_size
        if size:
            with log.open("rb") as file:
                text = file.read(MOST_PRINTED).decode("utf-8", "replace")
            os.truncate(log, 0)
            return text if size <= MOST_PRINTED else f"{text}… ({size - MOST_PRINTED:,} bytes more)\n"
    return ""


def _portable(error: Exception) -> Exception:
    """An exception that can be sent, with its traceback as a note, which the other side would not know."""
    told = "".join(traceback.format_exception(error))
    try:
        error = pickle.loads(pickle.dumps(error))  # noqa: S301 (of this process)
    except Exception:  # noqa: BLE001 (whatever its class does)
        error = RuntimeError(f"{type(error).__name__}: {error}")
    error.add_note(f"on a worker of the cluster:\n{told}")
    return error
