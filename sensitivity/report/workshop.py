"""Measuring and drawing in several processes: large studies are explained in half the time on two cores.

Neither a number nor a byte of a picture depends on it: every table and every picture is a function of the
study alone, computed with one BLAS thread wherever it is.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from threadpoolctl import threadpool_limits

from sensitivity.measures.measuring import GROUPS, all_tables
from sensitivity.pictures.picturing import PICTURES, files_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Self

    import pandas as pd

    from sensitivity.pictures.picture import NothingToDraw
    from sensitivity.pictures.saving import Rendered
    from sensitivity.study import Study

WORTHWHILE: Final = 1000  # trials, below which starting a process takes longer than it saves


def cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Workshop:
    """Makes the tables and the pictures of a study, here or in processes that live as long as it.

    Parameters
    ----------
    study
        The trials.
    workers
        Processes at most; None: one per core. Few trials are measured and drawn in this one.
    """

    def __init__(self, study: Study, workers: int | None = None) -> None:
        self._source = study
        wanted = cores() if workers is None else workers
        self._workers = wanted if len(study.trials) >= WORTHWHILE else 1
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        if self._workers > 1:
            self._folder = TemporaryDirectory(prefix="sensitivity-")
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._workers, context, initializer=_prepare)
            self._source_file = self._shared("study", self._source)
        return self

    def __exit__(self, *exception: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._folder.cleanup()

    def tables(self, before: Callable[[str], Any]) -> dict[str, pd.DataFrame]:
        """Table of every measure, as `sensitivity.measures.measuring.all_tables` makes them."""
        if self._pool is None:
            return all_tables(self._source, before)
        futures = [self._pool.submit(_measured, self._source_file, group) for group in GROUPS]
        found: dict[str, pd.DataFrame] = {}
        for group, future in zip(GROUPS, futures, strict=True):
            before(group[0])
            found |= future.result()
        return {name: found[name] for group in GROUPS for name in group}

    def pictures(
        self, tables: Mapping[str, pd.DataFrame], before: Callable[[str], Any]
    ) -> Iterator[tuple[str, Rendered | NothingToDraw]]:
        """Every picture as files, by name and in the order of the report; why there is none, where so."""
        if self._pool is None:
            for name in PICTURES:
                before(name)
                yield name, files_of(name, self._source, tables)
            return
        shared = self._shared("tables", dict(tables))
        order = sorted(PICTURES, key=lambda name: not PICTURES[name].slow)
        futures = {name: self._pool.submit(_drawn, self._source_file, shared, name) for name in order}
        for name in PICTURES:
            before(name)
            yield name, futures[name].result()

    def _shared(self, name: str, content: object) -> str:
        """File from which every process reads the content once."""
        path = Path(self._folder.name, name)
        path.write_bytes(pickle.dumps(content, protocol=pickle.HIGHEST_PROTOCOL))
        return str(path)


def _prepare() -> None:
    """Set up a process: Ctrl-C is answered by the one that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threadpool_limits(1)


@lru_cache(maxsize=2)
def _read(path: str) -> Any:  # noqa: ANN401 (whatever was shared)
    return pickle.loads(Path(path).read_bytes())  # noqa: S301 (written by the process that started this one)


def _measured(study: str, names: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    return all_tables(_read(study), only=names)


def _drawn(study: str, tables: str, name: str) -> Rendered | NothingToDraw:
    return files_of(name, _read(study), _read(tables))
