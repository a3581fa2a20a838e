"""Two rankings of the same settings back to back: bars to the left and to the right, joined by lines."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.ticker import MaxNLocator

from sensitivity.branch import words
from sensitivity.estimators.effects import SETTING
from sensitivity.language import say
from sensitivity.pictures.labels import named_in_picture
from sensitivity.pictures.marks.bars import GREY, bar, beside, intervals, name_rows
from sensitivity.pictures.style import MUTED, NOISE, RULE, new_figure
from sensitivity.words import interval, short

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from typing import Any

    import pandas as pd
    from matplotlib.axes import Axes

GAP: Final = 0.5  # between the two sides, in lengths of the longest bar
MARGIN: Final = 1.03  # room for the longest bar, for the ends of its whisker
HEIGHT: Final = 0.6  # of a bar
_ROW: Final = 0.42  # inches


@dataclass(frozen=True)
class Side:
    """A ranking: message over it, and the prefix of its columns, see `sensitivity.measures.measure`."""

    name: str
    prefix: str

    def columns(self, *parts: str) -> list[str]:
        """Names of its columns: ``share``, ``low``, ``high``, ``rank``."""
        return [f"{self.prefix}_{part}" for part in parts]

    @property
    def rank(self) -> str:
        """Name of the column of its rank."""
        return f"{self.prefix}_rank"

    def of(self, row: Mapping[Hashable, Any]) -> tuple[float, float, float]:
        """Share of a row and the ends of its interval."""
        share, low, high = (float(row[name]) for name in self.columns("share", "low", "high"))
        return share, low, high

    def seen(self, row: Mapping[Hashable, Any]) -> bool:
        """Whether the share is above 0 for certain, or as far as is known without an interval."""
        share, low, _ = self.of(row)
        return share > 0 if math.isnan(low) else low > 0


@dataclass(frozen=True)
class TwoRankings:
    """Two sides of one picture.

    Attributes
    ----------
    left, right
        The sides; rows come in the order of the left one.
    label
        Message that stands under the axes.
    same_scale
        Whether the lengths of both sides can be compared.
    """

    left: Side
    right: Side
    label: str
    same_scale: bool

    def comparable(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Settings that have a share and a rank on both sides."""
        sides = (self.left, self.right)
        names = [name for side in sides for name in side.columns("rank", "share")]
        both = rows[names].notna().all(axis=1)
        return rows[both].sort_values(self.left.rank, kind="stable").reset_index(drop=True)

    def axes(self, rows: pd.DataFrame, colours: Mapping[str, str]) -> Axes:
        """Axes of a new figure with both rankings, each from the top down in its own order.

        A bar is grey and hatched where its interval reaches 0. Estimates below 0 have no bar.

        Parameters
        ----------
        rows
            From `comparable`.
        colours
            Of each setting, by name.
        """
        axes = new_figure(0.85 + _ROW * len(rows)).add_subplot()
        longest = [_longest(rows, side) for side in (self.left, self.right)]
        longest = [max(longest)] * 2 if self.same_scale else longest
        ticks: list[tuple[float, str]] = []
        for side, sign, scale in ((self.left, -1, longest[0]), (self.right, 1, longest[1])):
            _draw_side(rows, axes, colours, side, (sign, scale))
            ticks += [
                (sign * (GAP / 2 + mark / scale), short(100 * mark, 3))
                for mark in np.asarray(MaxNLocator(4).tick_values(0, scale)).tolist()
                if -1e-12 <= mark <= scale
            ]
        _join(axes, rows, colours, (self.left, self.right))
        axes.set_xticks([place for place, _ in ticks], [text for _, text in ticks])
        axes.set_xlim(-MARGIN - GAP / 2, MARGIN + GAP / 2)
        axes.set_xlabel(named_in_picture("captions", self.label))
        axes.spines["bottom"].set_visible(False)
        ends = (-0.5, len(rows) - 0.5)
        axes.vlines([place for place, _ in ticks], *ends, color=RULE, linewidth=0.6, zorder=0.5)
        axes.vlines([-GAP / 2, GAP / 2], *ends, color=MUTED, linewidth=0.8)
        return axes

    def marks(self, rows: pd.DataFrame) -> str:
        """Sentences about the marks."""
        parts = [say("captions.sides")]
        known = bool(rows[[*self.left.columns("low"), *self.right.columns("low")]].notna().any(axis=None))
        once = say("captions.once")
        parts.append(say("captions.whiskers") if known else say("captions.no-intervals", reason=once))
        if not all(side.seen(row) for row in rows.to_dict("records") for side in (self.left, self.right)):
            parts.append(say("captions.sides-grey") if known else say("captions.sides-none"))
        return " ".join(parts)


def _longest(rows: pd.DataFrame, side: Side) -> float:
    numbers = rows[side.columns("share", "high")].to_numpy(dtype=float)
    found = float(np.nanmax(np.where(np.isfinite(numbers), numbers, np.nan), initial=0.0))
    return found if found > 0 else 1.0


def _draw_side(
    rows: pd.DataFrame, axes: Axes, colours: Mapping[str, str], side: Side, scale: tuple[int, float]
) -> None:
    """Bars, names and title of one ranking; ``scale``: its sign and the share of the longest bar."""
    sign, longest = scale
    ranked = rows.sort_values(side.rank, kind="stable").to_dict("records")
    places = sign * (GAP / 2 + np.maximum([side.of(row) for row in ranked], 0.0) / longest)
    for place, row in enumerate(ranked):
        look = {"color": colours.get(str(row[SETTING]), NOISE), "alpha": 0.65} if side.seen(row) else GREY
        # No name in the identifier: it cannot hold any text.
        bar(
            axes,
            place,
            (sign * GAP / 2, places[place, 0]),
            HEIGHT,
            gid=f"{side.prefix}_share-{place}",
            **look,
        )
    intervals(axes, range(len(ranked)), (places.min(axis=1), places.max(axis=1)), caps=True)
    labels = [
        f"{place}  {words(row[SETTING])}\n{interval(*side.of(row))}" for place, row in enumerate(ranked, 1)
    ]
    if sign < 0:
        name_rows(axes, labels, va="center")
    else:
        for place, label in enumerate(labels):
            beside(axes, label, (MARGIN + GAP / 2, place), xytext=(6, 0))
    above = {"xycoords": ("data", "axes fraction"), "xytext": (0, 3), "ha": "center", "va": "bottom"}
    beside(axes, named_in_picture("captions", side.name), (sign * (GAP + 1) / 2, 1.0), fontsize=9.0, **above)


def _join(axes: Axes, rows: pd.DataFrame, colours: Mapping[str, str], sides: tuple[Side, Side]) -> None:
    """Lines between the places of each setting, thick where the rank changes."""
    places = [rows[side.rank].rank(method="first").astype(int).to_numpy() - 1 for side in sides]
    for place, (name, before, after) in enumerate(zip(rows[SETTING], *places, strict=True)):
        axes.plot(
            [-GAP / 2, GAP / 2], [before, after], color=colours.get(str(name), NOISE),
            linewidth=2.4 if before != after else 1.2, solid_capstyle="butt", zorder=1.5,
            gid=f"join-{place}",
        )  # fmt: skip
