"""Forest plot: effects of one unit, each with its datasets, its interval and what decides it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from matplotlib.lines import Line2D

from sensitivity.branch import words
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import INK, MUTED, RULE, new_figure, styled
from sensitivity.words import short

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

COLOURS: Final = {"supported": "#0173b2", "contradicted": "#d55e00", "inconclusive": "#8c959f"}
_ROW: Final = 0.41  # inches: three lines of small letters
_LONGEST: Final = 46  # letters of a line of what is measured
_SPREAD: Final = 0.16  # of the dots of the datasets, in rows


@styled
def picture_of(parts: pd.DataFrame, datasets: pd.DataFrame, title: str, *, log: bool = False) -> Drawing:
    """Row per part of a claim.

    Parameters
    ----------
    parts
        Rows of one unit: ``claim``, ``part``, ``effect``, ``low``, ``high``, ``adjusted_low``,
        ``adjusted_high``, ``verdict``, and ``thresholds``, numbers at which the verdict changes.
    datasets
        Their datasets: ``claim``, ``part``, ``effect``.
    title
        Of the picture.
    log
        Whether the axis is logarithmic: ratios.
    """
    figure = new_figure(_ROW * len(parts) + 0.8)
    axes = figure.add_subplot()
    if log:
        axes.set_xscale("log")
    for place, row in enumerate(parts.to_dict("records")):
        own = datasets[(datasets["claim"] == row["claim"]) & (datasets["part"] == row["part"])]
        _row(axes, place, dict(row), own["effect"].tolist())
    _frame(axes, parts, datasets.merge(parts[["claim", "part"]])["effect"].tolist(), log=log)
    axes.legend(handles=_marks(), loc="lower center", bbox_to_anchor=(0.3, 1.0), ncols=3)
    return Drawing(figure, title, _CAPTION)


def _row(axes: Axes, place: int, row: dict[object, object], effects: list[float]) -> None:
    """Dots of the datasets, interval and mean, and the thresholds of one part."""
    colour = COLOURS[str(row["verdict"])]
    effect, low, high, wide_low, wide_high = (
        float(str(row[name])) for name in ("effect", "low", "high", "adjusted_low", "adjusted_high")
    )
    for threshold in row["thresholds"]:  # type: ignore[attr-defined]
        axes.plot([threshold] * 2, [place - 0.42, place + 0.42], color=INK, linewidth=1.0, linestyle=":")
    heights = [place + 0.27 - _SPREAD * (one % 2) for one in range(len(effects))]
    axes.plot(effects, heights, "o", color=MUTED, markersize=2.5, alpha=0.7, linestyle="none")
    axes.plot([wide_low, wide_high], [place] * 2, color=colour, linewidth=1.0, gid="adjusted")
    axes.plot([low, high], [place] * 2, color=colour, linewidth=3.2, solid_capstyle="butt", gid="interval")
    axes.plot([effect], [place], "D", color=colour, markersize=5.5, markeredgecolor="white")


def _label(claim: str, part: str) -> str:
    """Name of a claim and what is measured, which takes a second line where it is long."""
    head, colon, tail = part.partition(": ")
    lines = [part] if len(part) <= _LONGEST or not colon else [f"{head}:", tail]
    return "\n".join([words(claim, 40), *(words(line, _LONGEST + 20) for line in lines)])


def _frame(axes: Axes, parts: pd.DataFrame, effects: Sequence[float], *, log: bool) -> None:
    """Names at the left; datasets and intervals of 95 % are in sight, adjusted ones may run out of it."""
    labels = [_label(str(row.claim), str(row.part)) for row in parts.itertuples()]
    axes.set_yticks(range(len(parts)), labels, fontsize=7.0)
    axes.set_ylim(len(parts) - 0.5, -0.6)
    limits = [one for each in parts["thresholds"] for one in each]
    every = [*parts["low"], *parts["high"], *limits, *effects]
    numbers = [one for one in every if math.isfinite(one) and (one > 0 or not log)]
    low, high = min(numbers), max(numbers)
    if log:
        axes.set_xlim(low / 1.3, high * 1.3)
        axes.xaxis.set_major_formatter(lambda value, _: short(value))
        figures = _labelled(high / low)
        axes.xaxis.set_minor_formatter(lambda value, _: short(value) if f"{value:.0e}"[0] in figures else "")
    else:
        room = 0.15 * (high - low)
        axes.set_xlim(low - room, high + room)
    axes.grid(visible=True, axis="x", color=RULE)
    axes.set_axisbelow(True)


def _labelled(ratio: float) -> str:
    """First figures of the numbers between the decades that an axis of such a width has room to name."""
    return "23456789" if ratio < 3 else "2357" if ratio < 10 else "25" if ratio < 100 else ""


def _marks() -> list[Line2D]:
    return [Line2D([], [], color=colour, linewidth=3.2, label=name) for name, colour in COLOURS.items()]


_CAPTION: Final = (
    "Diamond: mean over the datasets, or the one dataset that a row names (lowest, least ahead); thick "
    "line: its 95 % interval, which treats datasets as the sample; thin line: the interval adjusted for all "
    "claims, which gives the verdict and the colour. Small dots: the datasets one by one. Dotted: where the "
    "verdict changes. A thin line may run out of the picture."
)
