"""`PICTURES`: every picture there is, in the order of the report.

A picture is a function of a `Study` and the tables of its measures; it draws what the tables say and
computes nothing of its own. Its module holds it as ``PICTURE``, and that is all a new one needs: the modules
of this package are looked through.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Final

from sensitivity.about import about
from sensitivity.measures.registry import MEASURES
from sensitivity.pictures.notes import facts_of
from sensitivity.pictures.picture import NothingToDraw
from sensitivity.pictures.turning import finished

if TYPE_CHECKING:
    from sensitivity.pictures.picture import Picture, Tables
    from sensitivity.pictures.saving import Draft, Rendered
    from sensitivity.study import Study


def _found() -> list[Picture]:
    """Pictures of this package's modules, by the order of the measures and the place in each."""
    package = __name__.rpartition(".")[0]
    names = [module.name for module in iter_modules(import_module(package).__path__, f"{package}.")]
    modules = [import_module(name) for name in names if name != __name__]
    pictures = [module.PICTURE for module in modules if hasattr(module, "PICTURE")]
    order = [measure.name for measure in MEASURES]
    return sorted(pictures, key=lambda picture: (order.index(picture.measure), picture.place))


PICTURES: Final[dict[str, Picture]] = {picture.name: picture for picture in _found()}


def pictures_of(measure: str) -> list[Picture]:
    """Pictures of a measure, in their order."""
    return [picture for picture in PICTURES.values() if picture.measure == measure]


def draft_of(name: str, study: Study, tables: Tables) -> Draft | NothingToDraw:
    """A picture as SVG, and as PNG and PDF when asked; why there is none, where there is none.

    Parameters
    ----------
    name
        Of `PICTURES`.
    study
        The trials.
    tables
        Of `sensitivity.measures.measuring.all_tables`.
    """
    picture = PICTURES[name]
    return picture.draft(study, tables, finished, _facts(picture, study))


def _facts(picture: Picture, study: Study) -> list[str]:
    """Lines of its text about the trials."""
    measure = next(measure for measure in MEASURES if measure.name == picture.measure)
    return facts_of(study.once(about), [table.name for table in measure], study.spoken(measure.question))


def files_of(name: str, study: Study, tables: Tables) -> Rendered | NothingToDraw:
    """A picture as all of its files; why there is none, where there is none. Parameters: see `draft_of`."""
    draft = draft_of(name, study, tables)
    if isinstance(draft, NothingToDraw):
        return draft
    with closing(draft):
        return replace(draft.files, png=draft.png(), pdf=draft.pdf())
