"""What tuning each setting gains over its default, and what its worst value costs, with intervals."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sensitivity.branch import words
from sensitivity.coding import is_number
from sensitivity.estimators.curves.virtual_grid import PREDICTED
from sensitivity.estimators.effects import ALL, BRANCH, HIGH, KIND, LOW, SETTING
from sensitivity.language import say
from sensitivity.measures.tunability import COST, COST_RETUNED, GAIN, TOGETHER
from sensitivity.pictures.labels import direction_words, in_picture
from sensitivity.pictures.marks.bars import beside, grid_behind, intervals, name_rows
from sensitivity.pictures.marks.layout import inches
from sensitivity.pictures.orders import colours_in_order
from sensitivity.pictures.picture import NothingToDraw, Picture, first_reason
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import (
    INK,
    MOST_DRAWN,
    MUTED,
    NOISE,
    PAPER,
    RULE,
    new_figure,
    styled,
)
from sensitivity.remarks import JUDGEMENT, REMARKS, Judgement, has
from sensitivity.words import short

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping
    from typing import Any

    from matplotlib.axes import Axes

    from sensitivity.study import Study

NAME: Final = "tunability"
AMOUNT: Final = "amount"
LOG_FROM: Final = 30.0  # largest over smallest amount from which the axis is logarithmic beyond its threshold
DECADES: Final = 3.0  # of the logarithmic part at most
MOST_DEFAULTS: Final = 8
_MARKERS: Final = {GAIN: "o", COST: "s", COST_RETUNED: "D"}
_ROW: Final = 0.19  # inches
_EDGE: Final = ("axes fraction", "data")


def shown(table: pd.DataFrame, order: Iterable[str] = ()) -> pd.DataFrame:
    """Rows with an amount of one branch, the joint gain first, then the settings in an order.

    Of many settings those with the largest amounts; without an order by these.

    The branch is ``all``, or the first one whose default configuration was trained where that of ``all`` was
    not: without it neither gains nor costs at the default are known.
    """
    rows = table[np.isfinite(table[AMOUNT].astype(float))]
    gains = rows.loc[rows[KIND] == GAIN, BRANCH].unique().tolist()
    branches = gains or rows[BRANCH].unique().tolist()
    rows = rows[rows[BRANCH] == (ALL if ALL in branches else next(iter(branches), ALL))]
    largest = rows.groupby(SETTING)[AMOUNT].max()
    first = {name: -math.inf if name == TOGETHER else -float(amount) for name, amount in largest.items()}
    drawn = sorted(first, key=first.__getitem__)[: MOST_DRAWN + 1]
    rows = rows[rows[SETTING].isin(drawn)]
    place = {name: number for number, name in enumerate(dict.fromkeys([TOGETHER, *order, *drawn]))}
    return rows.sort_values(SETTING, key=lambda names: names.map(place), kind="stable", ignore_index=True)


@styled
def draw(table: pd.DataFrame, axes: Axes, colours: Mapping[str, str]) -> None:
    """Draw a dot with its 95 % interval per setting and kind, grey and open where noise may explain it."""
    rows = shown(table, colours)
    _scale(axes, rows)
    heights, blocks = _places(rows)
    noise = (rows[JUDGEMENT] == Judgement.NOT_ABOVE).tolist()
    inks = [
        NOISE if grey else colours.get(str(name), INK)
        for name, grey in zip(rows[SETTING], noise, strict=True)
    ]
    intervals(axes, heights, (rows[LOW].astype(float), rows[HIGH].astype(float)), colour=inks, width=1.4)
    for place, row, ink, grey in zip(heights, rows.to_dict("records"), inks, noise, strict=True):
        marker, face = _MARKERS[str(row[KIND])], PAPER if grey else ink
        axes.plot(
            [float(row[AMOUNT])],
            [place],
            marker=marker,
            color=ink,
            markerfacecolor=face,
            markersize=5,
            zorder=3,
        )
        beside(axes, _text(row), (1.0, place), xycoords=_EDGE, fontsize=7.5, color=MUTED if grey else INK)
    _name(axes, rows, heights, blocks)
    axes.axvline(0, color=MUTED, linewidth=0.8, zorder=0.5)
    axes.tick_params(axis="y", labelcolor=MUTED)
    grid_behind(axes)


def _name(
    axes: Axes,
    rows: pd.DataFrame,
    heights: list[float],
    blocks: Mapping[str, tuple[float, float]],
) -> None:
    """Kinds at the left, and the settings left of these, with a rule between two settings."""
    names = {
        GAIN: in_picture("captions.gains-kind-gain"),
        COST: in_picture("captions.gains-kind-cost"),
        COST_RETUNED: in_picture("captions.gains-kind-again"),
    }
    kinds = [names[str(kind)] for kind in rows[KIND]]
    name_rows(axes, kinds, heights, room=(0.7, 0.7), va="center")
    margin = 72 * inches(kinds, 8.0) + 8
    for name, (start, end) in blocks.items():
        at = (0.0, (start + end) / 2)
        text = in_picture("captions.gains-together") if name == TOGETHER else words(name)
        beside(axes, text, at, xycoords=_EDGE, xytext=(-margin, 0), ha="right", fontsize=9.0)
        if end < heights[-1]:
            axes.axhline(end + 0.7, color=RULE, linewidth=0.6)


def _places(rows: pd.DataFrame) -> tuple[list[float], dict[str, tuple[float, float]]]:
    """Height of each row from the top, and of the first and last row of each setting."""
    heights: list[float] = []
    blocks: dict[str, tuple[float, float]] = {}
    for name in rows[SETTING]:
        new = bool(heights) and name not in blocks
        heights.append(heights[-1] + (1.4 if new else 1.0) if heights else 0.0)
        blocks[str(name)] = (blocks.get(str(name), (heights[-1],))[0], heights[-1])
    return heights, blocks


def _scale(axes: Axes, rows: pd.DataFrame) -> None:
    """Linear axis from 0; logarithmic beyond a power of ten where amounts differ by more than thirty."""
    amounts = rows[AMOUNT].astype(float)
    ends = rows[HIGH].astype(float).where(np.isfinite, amounts)
    largest = float(max(amounts.max(), ends.max()))
    known = amounts[amounts > 0]
    smallest = float(known.min()) if len(known) else largest
    if largest / LOG_FROM <= smallest or largest <= 0:
        axes.set_xlim(-0.02 * (largest or 1.0), 1.05 * (largest or 1.0))
        return
    top = math.ceil(math.log10(largest) - 1e-9)
    threshold = 10.0 ** max(math.floor(math.log10(smallest) + 1e-9), top - DECADES)
    axes.set_xscale("symlog", linthresh=threshold, linscale=0.5)
    decades = np.arange(round(math.log10(threshold)), top + 1)
    ticks = [tick for tick in [0.0, *(10.0**decades).tolist()] if tick <= largest]
    axes.set_xticks(ticks, [short(tick) for tick in ticks])
    axes.minorticks_off()
    axes.set_xlim(-0.12 * threshold, 1.15 * largest)


def _text(row: Mapping[Hashable, Any]) -> str:
    """Amount with its interval, and the value that gives it."""
    amount, low, high = (float(row[name]) for name in (AMOUNT, LOW, HIGH))
    text = short(amount) + (f" [{short(low)}, {short(high)}]" if math.isfinite(low) else "")
    if row[SETTING] == TOGETHER or pd.isna(row["level"]):
        return text
    if row[KIND] == GAIN and amount == 0:
        return in_picture("captions.gains-is-best", size=text, level=_value(row["level"]))
    if amount == 0:
        return text
    return in_picture("captions.gains-at", size=text, level=_value(row["level"]))


def _value(level: object) -> str:
    return short(float(str(level))) if is_number(level) else words(level, 14)


@styled
def picture(study: Study, tables: Mapping[str, pd.DataFrame]) -> Drawing:
    """Gains and costs of every setting.

    Nothing to draw where no amount is known, or no value of any setting makes a difference.
    """
    table = tables[NAME]
    rows = shown(table)
    if rows.empty:
        raise NothingToDraw(first_reason(table, say("captions.nothing-varies")))
    if not (rows[[AMOUNT, HIGH]].astype(float) > 0).any(axis=None):
        raise NothingToDraw(say("captions.no-difference"))
    axes = new_figure(0.75 + _ROW * (_places(rows)[0][-1] + 1.4)).add_subplot()
    draw(table, axes, colours_in_order(study, tables))
    log = axes.get_xscale() == "symlog"
    gain = in_picture("captions.gains-axis", beyond=axes.get_xticklabels()[1].get_text() if log else "none")
    label = in_picture("captions.gains-in", axis=gain, metric=words(study.label, 36))
    axes.set_xlabel(label, loc="left", multialignment="left")
    branch = str(rows[BRANCH].iloc[0])
    title = say("captions.gains", branch="all" if branch == ALL else words(branch))
    return Drawing.on(axes, title, _caption(study, rows))


def _caption(study: Study, rows: pd.DataFrame) -> str:
    kinds = set(rows[KIND])
    parts = []
    if (count := len(study.space.names)) > MOST_DRAWN:
        parts.append(say("captions.gains-largest", shown=MOST_DRAWN, count=count))
    if GAIN in kinds:
        parts.append(say("captions.gains-gain"))
    if TOGETHER in set(rows[SETTING]):
        parts.append(say("captions.gains-all"))
    if COST in kinds:
        parts.append(say("captions.gains-cost"))
    if COST_RETUNED in kinds:
        parts.append(say("captions.gains-again"))
    parts.append(_defaults(rows) if kinds & {GAIN, COST} else say("captions.gains-unknown"))
    known = rows[LOW].notna().any()
    parts.append(say("captions.brackets") if known else say("captions.no-intervals-known"))
    if (rows[JUDGEMENT] == Judgement.NOT_ABOVE).any():
        parts.append(say("captions.grey-open"))
    elif not (rows[JUDGEMENT] == Judgement.ABOVE).any():
        parts.append(say("captions.gains-unjudged"))
    return " ".join(parts) + direction_words(study)


def _defaults(rows: pd.DataFrame) -> str:
    known = rows[rows["default"].notna() & (rows[SETTING] != TOGETHER)].drop_duplicates(SETTING)
    each = [f"{words(n)} {_value(v)}" for n, v in zip(known[SETTING], known["default"], strict=True)]
    more = len(each) - MOST_DEFAULTS
    named = ", ".join(each[:MOST_DEFAULTS])
    named = say("terms.and-more", first=named, count=more) if more > 0 else named
    found = "predicted" if any(has(rows[REMARKS], PREDICTED)) else "tried"
    return say("captions.gains-defaults", found=found, defaults=named)


PICTURE: Final = Picture("tunability", "tunability", picture)
