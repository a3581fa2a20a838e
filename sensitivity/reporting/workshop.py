"""Measuring and drawing in several processes: large studies are explained in half the time on two cores.

Neither a number nor a byte of a picture depends on it: every table and every picture is a function of the
study alone, computed with one BLAS thread wherever it is. The workers are those that train: they end with the
process that started them, and what a killed one has left is done again.
"""

from __future__ import annotations

import pickle
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from sensitivity.measures.measuring import GROUPS, all_tables
from sensitivity.pictures.picture import NothingToDraw
from sensitivity.pictures.picturing import PICTURES, draft_of
from sweeps.execution import Crew, cores

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Self

    import pandas as pd

    from sensitivity.pictures.saving import Draft, Rendered
    from sensitivity.study import Study

WORTHWHILE: Final = 1000  # trials, below which starting a process takes longer than it saves
_held: dict[str, Any] = {}  # what this worker was given: the study, and the tables with their pickle
_drafts: dict[str, Draft] = {}  # pictures drawn in this process whose PNG is still to come


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
        self._study = study
        wanted = cores() if workers is None else workers
        many = wanted > 1 and len(study.trials) >= WORTHWHILE
        self._crew = Crew(partial(_take, study), wanted) if many else None
        self._shared = b""  # the tables, pickled

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        _drafts.clear()
        if self._crew is not None:
            self._crew.__exit__(kind)

    def tables(self, before: Callable[[str], Any]) -> dict[str, pd.DataFrame]:
        """Table of every measure, as `sensitivity.measures.measuring.all_tables` makes them."""
        if self._crew is None:
            return all_tables(self._study, before)
        found: dict[str, pd.DataFrame] = {}
        for group, tables in self._crew.run(_measured, GROUPS):
            before(group[0])
            found |= tables
        return {name: found[name] for group in GROUPS for name in group}

    def pictures(
        self, tables: Mapping[str, pd.DataFrame], before: Callable[[str], Any]
    ) -> Iterator[tuple[str, Rendered | NothingToDraw]]:
        """Every picture without its PNG, by name; why there is none, where so."""
        if self._crew is None:
            for name in PICTURES:
                before(name)
                yield name, _begun(name, self._study, tables)
            return
        self._shared = pickle.dumps(dict(tables), protocol=pickle.HIGHEST_PROTOCOL)
        # The slow ones begin first, so that none is left alone at the end.
        order = sorted(PICTURES, key=lambda name: not PICTURES[name].slow)
        for (name, _), drawn in self._crew.run(_drawn, [(name, self._shared) for name in order]):
            before(name)
            yield name, drawn

    def images(self, names: Sequence[str], before: Callable[[str], Any]) -> Iterator[tuple[str, bytes]]:
        """The PNG of each of these `pictures`, by name: of the figure that is there, where it was drawn."""
        if self._crew is None:
            for name in names:
                before(name)
                yield name, _drafts.pop(name).png()
            return
        left, own = list(names), True
        while left:
            # Each call draws one of the worker's own; what none has, because one was killed, is drawn anew.
            items = [(tuple(left), b"")] * len(left) if own else [((name,), self._shared) for name in left]
            own = False
            for name, image in filter(None, (result for _, result in self._crew.run(_image, items))):
                own = True
                left.remove(name)
                before(name)
                yield name, image


def _take(study: Study) -> None:
    """Get a worker ready."""
    _held.clear()
    _held["study"] = study


def _measured(names: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    return all_tables(_held["study"], only=names)


def _drawn(item: tuple[str, bytes]) -> Rendered | NothingToDraw:
    name, shared = item
    if _held.get("pickle") != shared:
        _held["pickle"], _held["tables"] = shared, pickle.loads(shared)  # noqa: S301 (our own)
    return _begun(name, _held["study"], _held["tables"])


def _begun(name: str, study: Study, tables: Mapping[str, pd.DataFrame]) -> Rendered | NothingToDraw:
    """A picture as SVG; its figure is kept for the PNG."""
    draft = draft_of(name, study, tables)
    if isinstance(draft, NothingToDraw):
        return draft
    _drafts[name] = draft
    return draft.files


def _image(item: tuple[tuple[str, ...], bytes]) -> tuple[str, bytes] | None:
    """PNG of the first of some pictures that was drawn here; with the tables: drawn here now."""
    names, shared = item
    if shared:
        _drawn((names[0], shared))
    name = next((name for name in names if name in _drafts), None)
    return None if name is None else (name, _drafts.pop(name).png())
