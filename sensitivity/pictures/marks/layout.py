"""How much room a text and a heatmap will take, in inches, before anything is laid out."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sensitivity.branch import words
from sensitivity.pictures.style import WIDTH, given_room, new_figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.axes import Axes

TURN: Final = 40  # degrees
LINE: Final = 0.2  # inches of a line of labels
_EM: Final = 0.62  # width of a letter in DejaVu Sans, on average, in parts of its size
_POINTS: Final = 72.0
_BESIDE: Final = 0.8  # of what stands beside cells, in the smaller letters of Axes that are given
_BENEATH: Final = 0.5  # inches beneath and above cells, besides the labels of the columns


def inches(texts: Iterable[str], size: float) -> float:
    """Width of the longest text at a font size in points, estimated: nothing is laid out for it."""
    ems = [sum(1.0 if unicodedata.east_asian_width(letter) in "WF" else _EM for letter in t) for t in texts]
    return max(ems, default=0.0) * size / _POINTS


def label_depth(texts: Sequence[str], cell: float) -> float:
    """Height of the labels of columns in inches; those longer than a cell are turned."""
    longest = inches(texts, 8.0)
    return LINE if longest <= cell else LINE + longest * math.sin(math.radians(TURN))


def turn_long_labels(axes: Axes, cell: float) -> None:
    """Turn the labels of the columns where they are longer than a cell is wide, in inches."""
    if label_depth([label.get_text() for label in axes.get_xticklabels()], cell) > LINE:
        axes.tick_params(axis="x", rotation=TURN)
        for label in axes.get_xticklabels():
            label.set(ha="right", rotation_mode="anchor")


@dataclass(frozen=True)
class Sheet:
    """Room for one heatmap: ``cell`` inches across each, and whether that is enough for its ``texts``."""

    cell: float
    texts: bool
    depth: float

    def axes(self, height: float) -> Axes:
        """Axes of a new figure, ``height`` inches and the labels under its columns high."""
        return new_figure(height + self.depth).add_subplot()


def sheet(
    rows: Iterable[object],
    columns: Sequence[object],
    cell: float,
    *,
    beside: float = 1.35,
    extra: float = 0.0,
) -> Sheet:
    """Room for a heatmap with these names, across two columns of a paper, or on Axes that are given.

    Parameters
    ----------
    cell
        Inches that a cell with its texts needs across.
    beside
        Inches beside the cells and the names of the rows: the colour bar.
    extra
        Columns' width that is no cell.
    """
    room, names = given_room(), [words(name) for name in rows]
    wide = WIDTH if room is None else room.width
    label = inches(names, 8.0) + beside * (1 if room is None else _BESIDE)
    each = max((wide - label) / (len(columns) + extra), 0.0)
    depth = label_depth([words(name, 22) for name in columns], each)
    high = each if room is None else (room.height - depth - _BENEATH) / max(len(names), 1)
    return Sheet(each, min(each, high) >= cell * 0.9, depth)
