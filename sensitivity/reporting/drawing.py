"""Any picture on Axes of the user's own: beside others, in a figure of a paper, in a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase

from sensitivity.measures.measuring import all_tables
from sensitivity.measures.registry import TABLES
from sensitivity.pictures.fitting import cell_of, fit, room_of, whole
from sensitivity.pictures.picture import NothingToDraw
from sensitivity.pictures.picturing import PICTURES
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import NARROW_ROOM, drawn_on, one_column, with_smaller_letters
from sensitivity.pictures.turning import finished
from sensitivity.words import counted, offer
from sweeps.errors import StudyError, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.transforms import Bbox

    from sensitivity.pictures.picture import Picture
    from sensitivity.study import Study

SINGLE: Final = "single"
WIDTHS: Final = (SINGLE, "double")  # columns of a paper


class Words(NamedTuple):
    """What belongs beside a picture that was drawn on somebody's Axes."""

    title: str
    caption: str


class Tables(Mapping[str, "pd.DataFrame"]):
    """Tables of a study, each made when it is first asked for."""

    def __init__(self, study: Study) -> None:
        self._study = study
        self._made: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Table of this name."""
        if name not in TABLES:
            raise KeyError(name)
        if name not in self._made:
            self._made |= all_tables(self._study, only=(name,))
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        """Names in the order of the report."""
        return iter(TABLES)

    def __len__(self) -> int:
        """How many there are."""
        return len(TABLES)


class Wanted(Exception):  # noqa: N818 (it is caught where the sentence is made)
    """How many Axes a picture wants that was given another number of them."""


@dataclass(frozen=True)
class Given:
    """What a picture takes for a new figure: Axes that are there, handed out in their order."""

    panels: Sequence[Axes]

    def add_subplot(self) -> Axes:
        """The one pair of Axes."""
        if len(self.panels) != 1:
            raise Wanted(1)
        return self.panels[0]

    def subplots(
        self, rows: int, columns: int, *, sharex: bool = False, sharey: bool = False, **_: object
    ) -> Any:  # noqa: ANN401 (Axes, shape (rows, columns))
        """All of them, row by row; axes that are shared are linked."""
        if len(self.panels) != rows * columns:
            raise Wanted(rows * columns)
        found = np.empty((rows, columns), dtype=object)
        found.ravel()[:] = self.panels
        for axes in self.panels[1:]:
            for share, link in ((sharex, axes.sharex), (sharey, axes.sharey)):
                if share:
                    link(self.panels[0])
        return found

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (of a figure)
        """Everything else is the figure's in which they stand."""
        return getattr(self.panels[0].figure, name)


@dataclass(frozen=True)
class Part:
    """The part of a figure that a picture takes, as `turning` looks at a figure."""

    axes: list[Axes]

    def findobj(self, kind: type[Artist]) -> list[Artist]:
        """Everything of a kind in it."""
        return [one for axes in self.axes for one in axes.findobj(kind)]


def draw_for(study: Study, name: str, width: str) -> Drawing:
    """Draw a picture for a paper.

    Parameters
    ----------
    study, name
        See `draw_on`.
    width
        ``single``, one column, or ``double``, two.

    Raises
    ------
    StudyError
        When there is no such picture or width, nothing to draw in these trials, or one column is too narrow.
    """
    if width not in WIDTHS:
        raise StudyError(f"there is no width {width!r}; {offer(width, WIDTHS, 'there are')}")
    picture, narrow = _known(name), width == SINGLE
    if narrow and not picture.narrow:
        fitting = ", ".join(one.name for one in PICTURES.values() if one.narrow)
        raise StudyError(
            f"{name} cannot be read in one column of a paper; use width='double', or one of {fitting}"
        )
    try:
        with one_column() if narrow else nullcontext():
            drawing = finished(picture.draw(study, Tables(study)), study)
    except NothingToDraw as reason:
        raise StudyError(f"there is no picture {name} of these trials: {reason}") from None
    if narrow:
        with_smaller_letters(drawing.figure)
    return drawing


def _known(name: str) -> Picture:
    """The picture of a name."""
    if name not in PICTURES:
        raise StudyError(f"there is no picture {name!r}; {offer(str(name), PICTURES, 'there are')}")
    return PICTURES[name]


def _given(target: Any) -> Given | FigureBase:  # noqa: ANN401 (whatever somebody gave)
    """What a picture is drawn on: Axes row by row, or a figure.

    Raises
    ------
    StudyError
        When it is neither.
    """
    if not isinstance(target, list | tuple):
        if not isinstance(target, FigureBase):
            raise StudyError(f"figure= takes a figure or a SubFigure; {shown(target)} is none")
        return target
    panels: list[Any] = [one for row in target for one in np.ravel(np.asarray(row, dtype=object)).tolist()]
    for one in panels:  # what plt.subplots returns is an array of rows
        if not isinstance(one, Axes):
            raise StudyError(f"ax= takes Axes and axes=[…] a list of them; {shown(one)} is none")
    if not panels:
        raise StudyError("axes=[…] holds no Axes; give one for each panel of the picture")
    return Given(panels)


def draw_on(study: Study, name: str, target: Any) -> Words:  # noqa: ANN401 (Axes or a figure)
    """Draw a picture on what is given; returns its title and caption, which are not drawn.

    Parameters
    ----------
    study
        The trials.
    name
        Of `sensitivity.pictures.picturing.PICTURES`.
    target
        Axes, one for each panel of the picture, or an empty figure or SubFigure.

    Raises
    ------
    StudyError
        When there is no such picture, nothing to draw in these trials, or another number of Axes is needed.
    """
    picture = _known(name)
    given: Any = _given(target)
    figure = given.panels[0].figure if isinstance(given, Given) else given
    before = [] if figure is given else [one for one in figure.axes if one not in given.panels]
    cells = [whole(figure)] if figure is given else [cell_of(axes) for axes in given.panels]
    room = room_of(cells)
    try:
        with drawn_on(given, room), one_column() if room.width < NARROW_ROOM else nullcontext():
            drawing = picture.draw(study, Tables(study))
    except NothingToDraw as reason:
        raise StudyError(f"there is no picture {name} of these trials: {reason}") from None
    except Wanted as wanted:
        panels = counted(int(wanted.args[0]), "panel")
        raise StudyError(
            f"{name} has {panels} and was given {len(given.panels)} Axes; give axes=[…] of as many, "
            "or figure=, a figure or SubFigure to fill"
        ) from None
    part: Any = Part([one for one in figure.axes if one not in before])
    done = finished(Drawing(part, drawing.title, drawing.caption), study)
    _fit(part.axes, None if figure is given else dict(zip(given.panels, cells, strict=True)))
    return Words(done.title, done.caption)


def _fit(drawn: Sequence[Axes], given: Mapping[Axes, Bbox] | None) -> None:
    """Make a picture fit the Axes that were given, or a figure that was."""
    bars = [axes for axes in drawn if hasattr(axes, "_colorbar")]  # which matplotlib says of no other Axes
    cells = given or {axes: cell_of(axes) for axes in drawn if axes not in bars}
    root: Any = drawn[0].get_figure(root=True)
    moved = given is not None and root.get_layout_engine() is None
    fit(list(cells), bars, list(cells.values()), moved=moved)
