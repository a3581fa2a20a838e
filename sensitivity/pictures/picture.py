"""A picture of a report: its name, the measure it illustrates, its place, and how it is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from sensitivity.language import speaking
from sensitivity.pictures.saving import Draft
from sensitivity.remarks import VERDICT, told

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from sensitivity.pictures.saving import Drawing
    from sensitivity.study import Study

    Tables: TypeAlias = Mapping[str, pd.DataFrame]


class NothingToDraw(Exception):  # noqa: N818 (it is no error: the picture has no subject in these trials)
    """A picture has no subject in these trials; the message says why, in one sentence without a full stop."""


def first_reason(table: pd.DataFrame, otherwise: str) -> str:
    """What a table without a number says of it, in words; ``otherwise`` where it says nothing."""
    return next((str(said) for said in told(table)[VERDICT] if said), otherwise)


@dataclass(frozen=True)
class Picture:
    """All that the report knows of a picture.

    Attributes
    ----------
    name
        That of its files, ``DIR/figures/NAME.png``, ``.svg``, ``.pdf`` and ``.txt``.
    measure
        Name of the measure whose section shows it.
    draw
        Draws the tables of all measures; raises `NothingToDraw` where they hold no subject.
    place
        Among the pictures of its measure, the lowest first.
    settings
        Those it is about: nobody misses it in trials that do not have all of them.
    narrow
        Whether it can be read in one column of a paper, see `sensitivity.pictures.style.one_column`.
    slow
        Whether it is begun first where several are drawn at once, so that it is not left alone at the end.
    """

    name: str
    measure: str
    draw: Callable[[Study, Tables], Drawing]
    place: int = 0
    settings: tuple[str, ...] = ()
    narrow: bool = False
    slow: bool = False

    def draft(
        self,
        study: Study,
        tables: Tables,
        finish: Callable[[Drawing, Study], Drawing] = lambda drawing, _: drawing,
        facts: Sequence[str] = (),
    ) -> Draft | NothingToDraw:
        """The picture laid out, after a last hand at it; why there is none, where there is none."""
        with speaking(voice=study.voice):
            try:
                return Draft(finish(self.draw(study, tables), study), facts)
            except NothingToDraw as reason:
                return reason
