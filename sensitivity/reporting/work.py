"""What a worker does of explaining: measure a group of tables, draw a picture, write its PNG and PDF.

It holds the study, the tables and the pictures whose PNG and PDF are still to come. A worker is this process,
or one that `sensitivity.reporting.workshop` has started.
"""

from __future__ import annotations

import pickle
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

from threadpoolctl import threadpool_limits

from sensitivity.measures.measuring import all_tables
from sensitivity.pictures.picture import NothingToDraw
from sensitivity.pictures.picturing import PICTURES, draft_of
from sensitivity.reporting.late import asked_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from sensitivity.pictures.saving import Draft, Rendered
    from sensitivity.study import Study

# The slow ones begin first, so that none is left alone at the end.
ORDER: Final = tuple(sorted(PICTURES, key=lambda name: not PICTURES[name].slow))

_held: dict[str, Any] = {}  # the study, and the tables with their pickle
drafts: dict[str, Draft] = {}  # pictures drawn in this process whose PNG and PDF are still to come


def ready(address: Any, key: bytes) -> None:  # noqa: ANN401 (of a listener)
    """Get a worker process ready: all is loaded by now, the study may come later."""
    threadpool_limits(1)
    take(asked_for(address, key))


def take(study: bytes) -> None:
    """Take the study, pickled."""
    _held.clear()
    drafts.clear()
    _held["study"] = pickle.loads(study)  # noqa: S301 (our own)


def measured(names: tuple[str, ...]) -> dict[str, pd.DataFrame]:
    """Some of the tables."""
    return all_tables(_held["study"], only=names)


def drawn(item: tuple[str, bytes]) -> Rendered | NothingToDraw:
    """A picture as SVG, by its name and the pickled tables."""
    name, shared = item
    if _held.get("pickle") != shared:
        _held["pickle"], _held["tables"] = shared, pickle.loads(shared)  # noqa: S301 (our own)
    return begun(name, _held["study"], _held["tables"])


def begun(name: str, study: Study, tables: Mapping[str, pd.DataFrame]) -> Rendered | NothingToDraw:
    """A picture as SVG; its figure is kept for PNG and PDF."""
    draft = draft_of(name, study, tables)
    if isinstance(draft, NothingToDraw):
        return draft
    drafts[name] = draft
    return draft.files


def image(item: tuple[tuple[str, ...], bytes]) -> tuple[str, dict[str, bytes]] | None:
    """PNG and PDF of the first of some pictures that was drawn here; with the tables: drawn here now."""
    names, shared = item
    if shared:
        drawn((names[0], shared))
    name = next((name for name in names if name in drafts), None)
    if name is None:
        return None
    with closing(drafts.pop(name)) as draft:
        return name, {"png": draft.png(), "pdf": draft.pdf()}
