"""Calls on a Dask cluster, as one more `concurrent.futures.Executor`.

What workers need is given to the scheduler once, which hands it to every worker, those that join later too
(`sweeps.handed`). A call whose worker dies is carried out by another, by the scheduler; one whose scheduler
dies ends here in `BrokenExecutor`, because Dask itself would wait for ever. Dask is imported when a cluster
is asked for, and by its own workers.
"""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import pickle
import re
import threading
import time
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from sweeps.engines import NUMPY
from sweeps.errors import ExecutionError, SweepError, shown
from sweeps.versions import terms

if TYPE_CHECKING:
    from collections.abc import Callable

    from sweeps.execution import Maker, Prepare

CONNECT: Final = 30.0  # seconds to wait for a scheduler, and for its first worker
GRACE: Final = 10.0  # seconds that the connection to a scheduler may be away
_POLL: Final = 1.0  # seconds between two looks at the cluster


def on_cluster(address: str) -> Maker:
    """What makes executors on the cluster with that address, ``tcp://HOST:PORT`` or ``local:N``.

    Raises
    ------
    ExecutionError
        When it is no address, or Dask is not installed.
    """
    local = re.fullmatch(r"local:([1-9]\d{0,3})", address)
    if local is None and re.fullmatch(r"(tcp|tls|ws|wss|ucx)://\S+:\d+", address) is None:
        raise ExecutionError(
            f"--cluster takes the address of a Dask scheduler, such as tcp://10.0.0.1:8786, or local:4, "
            f"not {shown(address)}"
        )
    if importlib.util.find_spec("distributed") is None:
        raise ExecutionError("--cluster needs a package that is missing; pip install distributed")
    return partial(_make, address, None if local is None else int(local[1]))


def _make(address: str, local: int | None, prepare: Prepare, workers: int) -> Dask:  # noqa: ARG001 (as any maker)
    return Dask(address, local, prepare)


class Dask(Executor):
    """Calls on the workers of a Dask cluster.

    Parameters
    ----------
    address
        Of the scheduler.
    local
        Processes of a cluster of its own on this machine; None: the cluster at the address.
    prepare
        Called in every thread of a worker before its first call.

    Raises
    ------
    ExecutionError
        When the scheduler does not answer, or its workers cannot do what they shall.
    """

    def __init__(self, address: str, local: int | None, prepare: Prepare) -> None:
        self._cluster, self._address = None, address
        self._pending: dict[Future[Any], str] = {}
        self._lock, self._ended = threading.Lock(), threading.Event()
        self._dead: list[str] = []
        self._workers: dict[str, Any] = {}
        self._pids: dict[str, tuple[str, int]] = {}
        try:
            if local is not None:
                self._cluster = _local_cluster(local)
            self._connect()
            self._hand_out(prepare)
        except BaseException:
            self.shutdown(wait=False)
            raise
        threading.Thread(target=self._watch, daemon=True).start()

    def _connect(self) -> None:
        from distributed import Client  # noqa: PLC0415 (see above)

        _silence()
        self._client: Any = None
        try:
            self._client = Client(  # type: ignore[no-untyped-call]
                self._cluster or self._address, timeout=CONNECT, set_as_default=False
            )
            self._client.wait_for_workers(1, timeout=CONNECT)
        except (OSError, TimeoutError):
            what = "has no worker" if self._client is not None else "does not answer"
            raise ExecutionError(
                f"the scheduler {self._address} {what}; start it and its workers, then give the same command "
                "again. What was recorded is kept"
            ) from None
        self._look()
        self._executor = self._client.get_executor(pure=False, retries=0)

    def _hand_out(self, prepare: Prepare) -> None:
        """Give the scheduler what workers need, under a name that a resumed sweep uses again."""
        from sweeps.handed import Handed  # noqa: PLC0415 (imports Dask)

        content = pickle.dumps(prepare)
        self._name = f"sensitivity-{hashlib.sha256(content).hexdigest()[:16]}"
        try:
            agreed = terms(engine=_engine(prepare))
            self._client.register_plugin(Handed(self._name, content, agreed), name=self._name)
        except SweepError:
            raise
        except Exception as error:  # noqa: BLE001 (whatever the workers raise while they unpickle it)
            raise ExecutionError(
                f"the workers of {self._address} cannot train ({type(error).__name__}: {error}); install the "
                "same sensitivity for them as here"
            ) from None

    @property
    def workers(self) -> int:
        """Calls that the workers there are can carry out at once."""
        return max(1, sum(int(worker["nthreads"]) for worker in self._workers.values()))

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401 (the interface)
        """Hand over a call.

        Raises
        ------
        BrokenExecutor
            When the scheduler is gone.
        """
        if self._client.status != "running":
            self._check_scheduler()
        from sweeps.handed import carry  # noqa: PLC0415 (imports Dask)

        future: Future[Any] = Future()
        key = f"{self._name}-{id(future)}-{time.monotonic_ns()}"
        with self._lock:
            self._pending[future] = key
        inner = self._executor.submit(carry, self._name, function, *args, key=key, **kwargs)
        inner.add_done_callback(partial(self._land, future))
        return future

    def _check_scheduler(self) -> None:
        """Give a connection that is away a moment to come back."""
        until = time.monotonic() + GRACE
        while self._client.status != "running":
            if self._client.status == "closed" or time.monotonic() > until:
                raise BrokenExecutor
            time.sleep(0.1)

    def _land(self, future: Future[Any], inner: Future[Any]) -> None:
        """Hand a result on, or why there is none."""
        with self._lock:
            if self._pending.pop(future, None) is None:
                return
        try:
            host, pid, address, result = inner.result()
        except (CancelledError, OSError, TimeoutError):
            future.set_exception(BrokenExecutor())
        except Exception as error:  # noqa: BLE001 (it belongs to who waits for the result)
            future.set_exception(_spoken(error))
        else:
            self._pids[address] = host, pid
            future.set_result(result)

    def told(self) -> list[str]:
        """Sentences on workers that have gone since the last call of this."""
        dead, self._dead = self._dead, []
        return dead

    def _watch(self) -> None:
        """Notice workers that go, and break what waits for a scheduler that is gone."""
        while not self._ended.wait(_POLL):
            try:
                if self._client.status == "running":
                    self._look()
                else:
                    self._check_scheduler()
            except BrokenExecutor:
                with self._lock:
                    broken, self._pending = list(self._pending), {}
                for future in broken:
                    future.set_exception(BrokenExecutor())
                return

    def _look(self) -> None:
        now = self._client.scheduler_info(n_workers=-1)["workers"]
        for address in self._workers.keys() - now.keys():
            host, pid = self._pids.get(address, (self._workers[address].get("host", "?"), None))
            who = f"worker {address}" if pid is None else f"worker {pid} on {host}"
            self._dead.append(f"{who} is gone; what it had begun is done again")
        self._workers = dict(now)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the workers go; without ``wait`` those in the middle of a call are begun anew."""
        self._ended.set()
        with suppress(Exception):  # the scheduler may be gone, or be going
            if self._client.status == "running":
                busy = [] if wait else [who for who, keys in self._client.processing().items() if keys]
                if cancel_futures or not wait:
                    self._client.cancel(list(self._executor._futures))  # noqa: SLF001 (its own shutdown waits)
                if busy and self._cluster is None:
                    self._client.restart_workers(busy, timeout=CONNECT, raise_for_error=False)
                self._client.unregister_worker_plugin(self._name)
        with suppress(Exception):
            self._client.close(timeout=CONNECT)
        if self._cluster is not None:
            self._cluster.close(timeout=CONNECT)


def _engine(prepare: Prepare) -> str:
    """What trains the networks of the work that workers get ready for; NumPy where it has none."""
    given = getattr(prepare, "args", ())
    return str(getattr(given[0], "engine", NUMPY)) if given else NUMPY


def _silence() -> None:
    """What Dask and Tornado beneath it log of what comes and goes is said by `Dask.told`, or in an error."""
    logging.getLogger("tornado.application").setLevel(logging.CRITICAL)
    for name, logger in logging.root.manager.loggerDict.items():
        if name.partition(".")[0] == "distributed" and isinstance(logger, logging.Logger):
            logger.setLevel(logging.CRITICAL)


def _local_cluster(workers: int) -> Any:  # noqa: ANN401 (a LocalCluster)
    """A scheduler here and worker processes, each with one thread."""
    from distributed import LocalCluster  # noqa: PLC0415 (see above)

    return LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        dashboard_address=None,
        silence_logs=logging.CRITICAL,
    )


def _spoken(error: Exception) -> Exception:
    """What a call raised, or one sentence where workers die of it."""
    if type(error).__name__ == "KilledWorker":
        return ExecutionError(
            "several workers of the cluster have died of the same trials, most likely for want of memory "
            f"({error.args[0] if error.args else error}). What was recorded is kept"
        )
    return error
