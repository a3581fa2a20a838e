"""Two rankings of the same settings back to back: bars to the left and to the right, joined by lines."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.ticker import MaxNLocator

from sensitivity.estimators.effects import SETTING
from sensitivity.pictures.style import HATCH, INK, MISSING, MUTED, NOISE, RULE, new_figure, words
from sensitivity.words import interval, short

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from typing import Any

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GAP: Final = 0.5  # between the two sides, in lengths of the longest bar
MARGIN: Final = 1.03  # room for the longest bar, for the ends of its whisker
HEIGHT: Final = 0.6  # of a bar
_ROW: Final = 0.42  # inches


@dataclass(frozen=True)
class Side:
    """A ranking: what stands over it, and the columns of its share, the ends of its interval and its rank."""

    title: str
    share: str
    low: str
    high: str
    rank: str


def comparable(rows: pd.DataFrame, left: Side, right: Side) -> pd.DataFrame:
    """Settings that have a rank on both sides, in the order of the left one."""
    both = rows[left.rank].notna() & rows[right.rank].notna()
    both &= rows[left.share].notna() & rows[right.share].notna()
    return rows[both].sort_values(left.rank, kind="stable").reset_index(drop=True)


def draw_sides(
    rows: pd.DataFrame, axes: Axes, colours: Mapping[str, str], left: Side, right: Side, *, same_scale: bool
) -> None:
    """Draw both rankings, each from the top down in its own order.

    A bar is grey and hatched where its interval reaches 0. Estimates below 0 have no bar.

    Parameters
    ----------
    rows
        From `comparable`.
    colours
        Of each setting, by name.
    same_scale
        Whether the lengths of both sides can be compared.
    """
    longest = [_longest(rows, side) for side in (left, right)]
    if same_scale:
        longest = [max(longest)] * 2
    ticks: list[tuple[float, str]] = []
    for side, sign, scale in ((left, -1, longest[0]), (right, 1, longest[1])):
        _draw_side(rows, axes, colours, side, (sign, scale))
        marks = np.asarray(MaxNLocator(4).tick_values(0, scale)).tolist()
        ticks += [
            (sign * (GAP / 2 + mark / scale), short(100 * mark, 3))
            for mark in marks
            if -1e-12 <= mark <= scale
        ]
    _join(axes, rows, colours, (left, right))
    axes.set_xticks([place for place, _ in ticks], [text for _, text in ticks])
    axes.set_xlim(-MARGIN - GAP / 2, MARGIN + GAP / 2)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    for name in ("left", "bottom"):
        axes.spines[name].set_visible(False)
    axes.vlines([place for place, _ in ticks], -0.5, len(rows) - 0.5, color=RULE, linewidth=0.6, zorder=0.5)
    axes.vlines([-GAP / 2, GAP / 2], -0.5, len(rows) - 0.5, color=MUTED, linewidth=0.8)


def _draw_side(
    rows: pd.DataFrame, axes: Axes, colours: Mapping[str, str], side: Side, scale: tuple[int, float]
) -> None:
    """Bars, names and title of one ranking; ``scale``: its sign and the share of the longest bar."""
    labels = []
    for place, row in enumerate(rows.sort_values(side.rank, kind="stable").to_dict("records")):
        _bar(axes, place, row, side, scale, colours.get(str(row[SETTING]), NOISE))
        labels.append(_label(row, side, place + 1))
    if scale[0] < 0:
        axes.set_yticks(range(len(labels)), labels, va="center")
    else:
        for place, label in enumerate(labels):
            axes.annotate(label, (MARGIN + GAP / 2, place), xytext=(6, 0), textcoords="offset points",
                          va="center", fontsize=8.0, annotation_clip=False)  # fmt: skip
    axes.annotate(side.title, (scale[0] * (GAP + 1) / 2, 1.0), xycoords=("data", "axes fraction"),
                  xytext=(0, 3), textcoords="offset points", ha="center", va="bottom")  # fmt: skip


def _longest(rows: pd.DataFrame, side: Side) -> float:
    numbers = rows[[side.share, side.high]].to_numpy(dtype=float)
    found = float(np.nanmax(np.where(np.isfinite(numbers), numbers, np.nan), initial=0.0))
    return found if found > 0 else 1.0


def seen(row: Mapping[Hashable, Any], side: Side) -> bool:
    """Whether the share is above 0 for certain, or as far as is known without an interval."""
    low = float(row[side.low])
    return float(row[side.share]) > 0 if math.isnan(low) else low > 0


def _bar(
    axes: Axes,
    place: int,
    row: Mapping[Hashable, Any],
    side: Side,
    scale: tuple[int, float],
    colour: str,
) -> None:
    sign, longest = scale
    share, low, high = (float(row[name]) for name in (side.share, side.low, side.high))
    length = max(share, 0.0) / longest
    (bar,) = axes.barh(place, sign * length, left=sign * GAP / 2, height=HEIGHT, linewidth=0)
    bar.set_gid(f"{side.share}-{place}")  # no name in it: an identifier cannot hold any text
    if seen(row, side):
        bar.set(color=colour, alpha=0.65)
    else:
        bar.set(facecolor=MISSING, edgecolor=HATCH, hatch="////")
    if math.isfinite(low) and math.isfinite(high):
        ends = [sign * (GAP / 2 + max(end, 0.0) / longest) for end in (low, high)]
        middle = sign * (GAP / 2 + length)
        axes.errorbar(
            [middle], [place], xerr=[[middle - min(*ends, middle)], [max(*ends, middle) - middle]],
            color=INK, linewidth=1.1, capsize=2.5, capthick=1.1,
        )  # fmt: skip


def _label(row: Mapping[Hashable, Any], side: Side, rank: int) -> str:
    """Rank and name, the share with its interval beneath."""
    numbers = (float(row[name]) for name in (side.share, side.low, side.high))
    return f"{rank}  {words(row[SETTING])}\n{interval(*numbers)}"


def _join(axes: Axes, rows: pd.DataFrame, colours: Mapping[str, str], sides: tuple[Side, Side]) -> None:
    """Lines between the places of each setting, thick where the rank changes."""
    places = [rows[side.rank].rank(method="first").astype(int).to_numpy() - 1 for side in sides]
    for place, (name, before, after) in enumerate(zip(rows[SETTING], *places, strict=True)):
        axes.plot(
            [-GAP / 2, GAP / 2], [before, after], color=colours.get(str(name), NOISE),
            linewidth=2.4 if before != after else 1.2, solid_capstyle="butt", zorder=1.5,
            gid=f"join-{place}",
        )  # fmt: skip


def figure_of(rows: pd.DataFrame) -> tuple[Figure, Axes]:
    """Figure with Axes for so many settings."""
    figure = new_figure(0.85 + _ROW * len(rows))
    return figure, figure.add_subplot()


def mark_sentences(rows: pd.DataFrame, left: Side, right: Side) -> list[str]:
    """Sentences about the marks of `draw_sides`."""
    parts = ["Lines join the places of a setting, thick where its rank changes."]
    known = bool(rows[[left.low, right.low]].notna().any(axis=None))
    parts.append(
        "Whiskers and brackets: 95 % intervals." if known else "No intervals: nothing was run twice."
    )
    records = rows.to_dict("records")
    if not all(seen(row, side) for row in records for side in (left, right)):
        reason = "the interval reaches 0, so it may not matter" if known else "no effect seen"
        parts.append(f"Grey and hatched: {reason}.")
    return parts
