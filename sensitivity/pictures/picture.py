"""A picture with what belongs to it: title, caption, and what it says to those who do not see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class NothingToDraw(Exception):  # noqa: N818 (it is no error: the picture has no subject in these trials)
    """A picture has no subject in these trials; the message says why, in one sentence without a full stop."""


@dataclass(frozen=True, eq=False)
class Picture:
    """A figure and its words.

    Attributes
    ----------
    figure
        Drawn, without title and caption: page, notebook and file set these in their own way.
    title
        What is shown, in a line.
    caption
        Sentences: how to read every mark that the axes do not explain themselves, and which way is better.
    """

    figure: Figure
    title: str
    caption: str

    def _repr_png_(self) -> bytes:
        """The picture with its words, in a notebook."""
        from sensitivity.pictures.saving import png  # noqa: PLC0415 (saving knows pictures)

        return png(self)
