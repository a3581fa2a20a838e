"""Calls on a Dask cluster, as one more `concurrent.futures.Executor`.

What workers need is given to the scheduler once, which hands it to every worker, those that join later too
(`sweeps.handed`). A call whose worker dies is carried out by another, by the scheduler; one whose scheduler
dies or falls silent ends here in `BrokenExecutor`, because Dask itself would wait for ever: whatever needs an
answer is asked in a thread of its own, and waited for so long. Dask is imported when a cluster is asked for,
and by its own workers.
"""

from __future__ import annotations

import importlib.util
import logging
import pickle
import re
import threading
import time
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sweeps.deadlines import within
from sweeps.engines import NUMPY
from sweeps.errors import ExecutionError, SweepError, shown
from sweeps.local_cluster import LocalCluster
from sweeps.versions import terms

if TYPE_CHECKING:
    from collections.abc import Callable

    from sweeps.execution import Maker, Prepare

CONNECT: Final = 30.0  # seconds to wait for an answer of a scheduler, and for its first worker
GRACE: Final = 10.0  # seconds that the connection to a scheduler may be away
GOODBYE: Final = 2.0  # seconds to take leave of a scheduler that does not answer
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
        self._cluster: LocalCluster | None = None
        self._client: Any = None
        self._address = address
        self._pending: dict[Future[Any], str] = {}
        self._lock, self._ended = threading.Lock(), threading.Event()
        self._silent = False
        self._dead: list[str] = []
        self._workers: dict[str, Any] = {}
        self._pids: dict[str, tuple[str, int]] = {}
        self._log = ""
        try:
            if local is not None:
                self._cluster = LocalCluster(local)
                self._dead += self._cluster.told
            self._connect()
            self._hand_out(prepare)
        except BaseException:
            self.shutdown(wait=False)
            raise
        threading.Thread(target=self._watch, daemon=True).start()

    def _connect(self) -> None:
        from distributed import Client  # noqa: PLC0415 (see above)

        _silence()
        where = self._address if self._cluster is None else self._cluster.cluster
        try:
            make = partial(Client, where, timeout=CONNECT, set_as_default=False)
            self._client = within(2 * CONNECT, make)
            within(2 * CONNECT, self._client.wait_for_workers, 1, timeout=CONNECT)
            self._look()
        except (OSError, TimeoutError):
            self._silent = self._client is None or not self._workers_known()
            what = "does not answer" if self._silent else "has no worker"
            raise self._refusal(what) from None
        self._executor = self._client.get_executor(pure=False, retries=0)

    def _workers_known(self) -> bool:
        """Whether the scheduler still answers, though it has no worker."""
        with suppress(OSError, TimeoutError):
            within(GOODBYE, self._look)
            return True
        return False

    def _refusal(self, what: str) -> ExecutionError:
        return ExecutionError(
            f"the scheduler {self._address} {what}; start it and its workers, then give the same command "
            "again. What was recorded is kept"
        )

    def _hand_out(self, prepare: Prepare) -> None:
        """Give the scheduler what workers need, under a name that no other sweep on this cluster has."""
        from sweeps.handed import OURS, Handed, left_behind, work_of  # noqa: PLC0415 (imports Dask)

        content, self._log = pickle.dumps(prepare), str(getattr(work_of(prepare), "log", ""))
        self._name = f"{OURS}{self._client.id}"
        try:
            agreed = terms(engine=str(getattr(work_of(prepare), "engine", NUMPY)))
            with suppress(RuntimeError, ValueError):  # a scheduler may forbid such questions
                for name in within(CONNECT, left_behind, self._client):
                    within(CONNECT, self._client.unregister_worker_plugin, name)
            given = Handed(self._name, content, agreed)
            within(2 * CONNECT, self._client.register_plugin, given, name=self._name)
        except SweepError:
            raise
        except (OSError, TimeoutError):
            self._silent = True
            raise self._refusal("does not answer") from None
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
            done = inner.result()
        except (CancelledError, OSError, TimeoutError):  # of Dask: what the call itself raised is in `done`
            future.set_exception(BrokenExecutor())
        except Exception as error:  # noqa: BLE001 (it belongs to who waits for the result)
            future.set_exception(_spoken(error))
        else:
            self._pids[done.address] = done.host, done.pid
            self._print(done.printed)
            if done.lost:
                future.set_exception(BrokenExecutor())
            elif done.error is not None:
                future.set_exception(done.error)
            else:
                future.set_result(done.result)

    def _print(self, printed: str) -> None:
        """Add what a function printed on a worker to the file for it, which may be on another machine."""
        if printed and self._log:
            with self._lock, suppress(OSError), Path(self._log).open("a", encoding="utf-8") as file:
                file.write(printed)

    def told(self) -> list[str]:
        """Sentences on workers that have gone since the last call of this."""
        dead, self._dead = self._dead, []
        return dead

    def _watch(self) -> None:
        """Notice workers that go, and break what waits for a scheduler that is gone, or silent."""
        while not self._ended.wait(_POLL):
            try:
                if self._client.status == "running":
                    self._look()
                else:
                    self._check_scheduler()
            except OSError:  # the connection is away: `_check_scheduler` is next; and `TimeoutError` is one
                self._silent = self._client.status == "running"
                if self._silent:
                    self._break()
            except Exception:  # noqa: BLE001 (the scheduler is gone, or the client closed meanwhile)
                self._break()

    def _break(self) -> None:
        """End what is still waited for, and the watch."""
        self._ended.set()
        with self._lock:
            broken, self._pending = list(self._pending), {}
        for future in broken:
            future.set_exception(BrokenExecutor())

    def _look(self) -> None:
        """Note which workers there are.

        Raises
        ------
        TimeoutError
            When the scheduler does not say.
        """
        now = within(CONNECT, self._client.scheduler_info, n_workers=-1)["workers"]
        for address in self._workers.keys() - now.keys():
            host, pid = self._pids.get(address, (self._workers[address].get("host", "?"), None))
            who = f"worker {address}" if pid is None else f"worker {pid} on {host}"
            self._dead.append(f"{who} is gone; what it had begun is done again")
        self._workers = dict(now)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the workers go; without ``wait`` those in the middle of a call are begun anew."""
        self._ended.set()
        if self._client is not None:
            with suppress(Exception):  # the scheduler may be gone, or be going
                if self._client.status == "running" and not self._silent:
                    self._leave(wait=wait, cancel=cancel_futures or not wait)
            with suppress(Exception):
                seconds = GOODBYE if self._silent else CONNECT
                within(seconds, self._client.close, timeout=seconds)
        if self._cluster is not None:
            self._cluster.close()

    def _leave(self, *, wait: bool, cancel: bool) -> None:
        """Take from the cluster what is of this sweep, and of no other."""
        client, busy = self._client, list[str]()
        if not wait:
            processing = within(GRACE, client.processing)
            busy = [who for who, keys in processing.items() if any(self._name in str(key) for key in keys)]
        if cancel:
            within(GRACE, client.cancel, list(self._executor._futures))  # noqa: SLF001 (its own shutdown waits)
        if busy and self._cluster is None:
            within(CONNECT, client.restart_workers, busy, timeout=CONNECT, raise_for_error=False)
        within(GRACE, client.unregister_worker_plugin, self._name)


def _silence() -> None:
    """What Dask and Tornado beneath it log of what comes and goes is said by `Dask.told`, or in an error."""
    logging.getLogger("tornado.application").setLevel(logging.CRITICAL)
    for name, logger in logging.root.manager.loggerDict.items():
        if name.partition(".")[0] == "distributed" and isinstance(logger, logging.Logger):
            logger.setLevel(logging.CRITICAL)


def _spoken(error: Exception) -> Exception:
    """What a call raised, or one sentence where workers die of it."""
    if type(error).__name__ == "KilledWorker":
        return ExecutionError(
            "several workers of the cluster have died of the same trials, most likely for want of memory "
            f"({error.args[0] if error.args else error}). What was recorded is kept"
        )
    return error
