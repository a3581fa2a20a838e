"""A Dask cluster of processes of this machine, which leaves nothing behind."""

from __future__ import annotations

import logging
import shutil
import tempfile
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Final

from sweeps.errors import ExecutionError
from sweeps.owner import Owner

CLOSING: Final = 30.0  # seconds that workers have to end
STARTS: Final = 4  # times that a cluster is begun whose workers die as they start
_SCRATCH: Final = "sensitivity-dask."  # how names of folders for what workers write begin


class LocalCluster:
    """A scheduler here and worker processes, each with one thread.

    What workers write goes to a folder that is gone with them; of whoever is killed, the next one removes it.

    Attributes
    ----------
    told
        Sentences on workers that died as they started.

    Raises
    ------
    ExecutionError
        When they die as often as they are started.
    """

    def __init__(self, workers: int) -> None:
        import dask  # noqa: PLC0415 (when it is asked for)

        _remove_left()
        self.told: list[str] = []
        self._folder = Path(tempfile.gettempdir()) / f"{_SCRATCH}{Owner.me()}"
        self._folder.mkdir(mode=0o700)
        with ExitStack() as left:
            left.callback(shutil.rmtree, self._folder, ignore_errors=True)
            # For what Dask writes besides; what was set before is set again at the end.
            left.enter_context(dask.config.set({"temporary-directory": str(self._folder)}))
            self.cluster = self._begun(workers)
            self._left = left.pop_all()

    def _begun(self, workers: int) -> Any:  # noqa: ANN401 (Dask's)
        """Dask's own; begun anew where a worker dies as it starts, which ends all of it."""
        import distributed  # noqa: PLC0415 (likewise)

        for _ in range(STARTS):
            try:
                return distributed.LocalCluster(  # type: ignore[no-untyped-call]
                    n_workers=workers,
                    threads_per_worker=1,
                    processes=True,
                    dashboard_address=None,
                    # The scheduler opens a port for it all the same, and would warn where 8787 is in use.
                    scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
                    silence_logs=logging.CRITICAL,
                    local_directory=str(self._folder),
                )
            except RuntimeError as error:
                if "Nanny" not in str(error):  # what watches over a worker
                    raise
                self.told.append("a worker of the local cluster died as it started; it is started again")
        raise ExecutionError(
            "workers of the local cluster keep dying as they start, most likely for want of memory; "
            "try fewer, such as --cluster local:1. What was recorded is kept"
        )

    def close(self) -> None:
        """End them."""
        with self._left, suppress(TimeoutError):
            self.cluster.close(timeout=CLOSING)


def _remove_left() -> None:
    """Remove folders of processes of this machine that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_SCRATCH}*"):
        owner = Owner.read(folder.name.removeprefix(_SCRATCH))
        if owner is not None and owner.is_dead():
            shutil.rmtree(folder, ignore_errors=True)
