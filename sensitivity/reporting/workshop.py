"""Measuring and drawing in several processes: large studies are explained in half the time on two cores.

This process is one of them: it has to load nearly all that a worker loads, and has nothing else to do.

Neither a number nor a byte of a picture depends on it: every table and every picture is a function of the
study alone, computed with one BLAS thread wherever it is. The workers are those that train: they end with the
process that started them, and what a killed one has left is done again.

Pictures are not loaded here: workers are started first, and load what they need while the trials are read.
"""

from __future__ import annotations

import pickle
from collections import deque
from functools import partial
from importlib import import_module
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sensitivity.reporting.late import Late
from sweeps.execution import Crew, cores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import Self

    import pandas as pd

    from sensitivity.pictures.picture import NothingToDraw
    from sensitivity.pictures.saving import Rendered
    from sensitivity.study import Study

T = TypeVar("T")
R = TypeVar("R")

WORTHWHILE: Final = 1000  # trials, below which starting a process takes longer than it saves
LARGE: Final = 2**20  # bytes of a file that has so many, very likely
_PICKLE: Final = pickle.HIGHEST_PROTOCOL


def is_large(path: Path | None) -> bool:
    """Whether a file, or the journal of a run, very likely has `WORTHWHILE` trials."""
    if path is None:
        return False
    file = path / "study.journal" if path.is_dir() else path
    return file.is_file() and file.stat().st_size >= LARGE


class Workshop:
    """Makes the tables and the pictures of a study, here or in processes that live as long as it.

    Parameters
    ----------
    workers
        Processes at most, this one included; None: one per core. Few trials are measured and drawn here.
    early
        Whether the trials, which are still to be read, are very likely many: processes start now.
    """

    def __init__(self, workers: int | None = None, *, early: bool = False) -> None:
        self._workers = cores() if workers is None else workers
        self._late: Late | None = None
        self._crew: Crew | None = None
        self._given = False
        self._measuring: Iterator[tuple[tuple[str, ...], dict[str, pd.DataFrame]]] = iter(())
        self._shared = b""  # the tables, pickled
        if early and self._workers > 1:
            self._hire()

    def _hire(self) -> tuple[Crew, Late]:
        if self._crew is None or self._late is None:
            self._late = Late()
            self._crew = Crew(partial(_get_ready, *self._late.where), self._workers - 1, "processes")
            self._crew.start()
        return self._crew, self._late

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._crew is not None and self._late is not None:
            # Workers that still wait for a study would do so for ever.
            self._crew.__exit__(kind if self._given else SystemExit)
            self._late.close()
            self._crew = None

    def take(self, study: Study) -> None:
        """Take the trials; where they are many, measuring begins."""
        self._study = study
        if self._workers == 1 or len(study.trials) < WORTHWHILE:
            self.__exit__(SystemExit)
            return
        _, late = self._hire()
        late.give(pickle.dumps(study, _PICKLE))
        self._given = True
        groups = deque(_measuring().GROUPS)
        measure = partial(_measured, study)
        self._measuring = _under_way(self._shared_out("measured", _taken(groups), groups, measure))

    def _shared_out(
        self, what: str, theirs: Iterable[T], own: deque[T], make: Callable[[T], R]
    ) -> Iterator[tuple[T, R]]:
        """Results as they come: what the crew makes of ``theirs``, and what is made here of ``own``."""
        made: deque[tuple[T, R]] = deque()

        def one() -> bool:
            if own:
                item = own.popleft()
                made.append((item, make(item)))
            return bool(own)

        for result in [] if self._crew is None else self._crew.run(partial(_do, what), theirs, meanwhile=one):
            yield result
            yield from _taken(made)
        while one():
            yield from _taken(made)
        yield from made

    def tables(self, before: Callable[[str], Any]) -> dict[str, pd.DataFrame]:
        """Table of every measure, as `sensitivity.measures.measuring.all_tables` makes them."""
        found: dict[str, pd.DataFrame] = {}
        if self._crew is None:
            found.update(_measuring().all_tables(self._study, before))
            return found
        for group, tables in self._measuring:
            before(group[0])
            found |= tables
        return {name: found[name] for group in _measuring().GROUPS for name in group}

    def pictures(
        self, tables: Mapping[str, pd.DataFrame], before: Callable[[str], Any]
    ) -> Iterator[tuple[str, Rendered | NothingToDraw]]:
        """Every picture without its PNG, by name; why there is none, where so. Processes begin at once."""
        work = _work()
        if self._crew is None:
            work.drafts.clear()
            names = _said(work.PICTURES, before)
            return ((name, work.begun(name, self._study, tables)) for name in names)
        self._shared = pickle.dumps(dict(tables), _PICKLE)
        items = deque((name, self._shared) for name in work.ORDER)
        calls = self._shared_out("drawn", _taken(items), items, partial(_drawn, self._study, tables))
        return _announced(_under_way(calls), before)

    def images(
        self, names: Sequence[str], before: Callable[[str], Any]
    ) -> Iterator[tuple[str, dict[str, bytes]]]:
        """PNG and PDF of each of these `pictures`, by name, of the figure that is there."""
        work = _work()
        own = deque(((name,), b"") for name in names if name in work.drafts)
        left, some = [name for name in names if name not in work.drafts], True
        while left or own:
            # Each call draws one of the worker's own; what none has, because one was killed, is drawn anew.
            items = [(tuple(left), b"")] * len(left) if some else [((name,), self._shared) for name in left]
            some = False
            for _, found in self._shared_out("image", items, own, work.image):
                if found is not None:
                    some = True
                    left = [name for name in left if name != found[0]]
                    before(found[0])
                    yield found


def _get_ready(address: Any, key: bytes) -> None:  # noqa: ANN401 (of a listener)
    """What a process does first."""
    _work().ready(address, key)


def _do(what: str, item: Any) -> Any:  # noqa: ANN401 (of any kind)
    """A call in a worker."""
    return getattr(_work(), what)(item)


def _measuring() -> Any:  # noqa: ANN401 (a module)
    return import_module("sensitivity.measures.measuring")


def _work() -> Any:  # noqa: ANN401 (a module)
    """What workers do; it loads all that measures and draws."""
    return import_module("sensitivity.reporting.work")


def _under_way(calls: Iterator[T]) -> Iterator[T]:
    """The same calls, several of them under way while the caller does something else."""
    return chain(list(islice(calls, 1)), calls)


def _taken(items: deque[T]) -> Iterator[T]:
    """Items from the first on, as long as there are any: whoever is free takes the next."""
    while items:
        yield items.popleft()


def _measured(study: Study, group: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    """A group of tables, made here."""
    tables: dict[str, pd.DataFrame] = _measuring().all_tables(study, only=group)
    return tables


def _drawn(study: Study, tables: Mapping[str, pd.DataFrame], item: tuple[str, bytes]) -> Any:  # noqa: ANN401
    """A picture, drawn here."""
    return _work().begun(item[0], study, tables)


def _announced(
    calls: Iterator[tuple[tuple[str, bytes], T]], before: Callable[[str], Any]
) -> Iterator[tuple[str, T]]:
    """Results by name, each announced as it comes."""
    for (name, _), result in calls:
        before(name)
        yield name, result


def _said(names: Sequence[str], before: Callable[[str], Any]) -> Iterator[str]:
    """Names, each announced before its turn."""
    for name in names:
        before(name)
        yield name
