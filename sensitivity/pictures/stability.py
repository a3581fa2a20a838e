"""Is the ranking stable: agreement with fewer trials, other replicates and other metrics."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sensitivity.branch import words
from sensitivity.estimators.effects import ALL, BRANCH, HIGH, LOW
from sensitivity.language import say
from sensitivity.language.metrics import metric_words
from sensitivity.measures.stability import (
    AGAINST,
    COMPARISON,
    HALVES,
    LARGE,
    LARGE_FOR_ONE,
    METRICS,
    REPLICATES,
    SUBSETS,
    TAU,
    TOO_SMALL,
    TRIALS,
)
from sensitivity.pictures.labels import about, in_picture
from sensitivity.pictures.marks.bars import intervals
from sensitivity.pictures.marks.lines import band
from sensitivity.pictures.marks.scales import log_axis
from sensitivity.pictures.picture import NothingToDraw, Picture, first_reason
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import INK, MUTED, NOISE, PAPER, REST, RULE, new_figure, styled
from sensitivity.remarks import REMARKS

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from typing import Any

    from matplotlib.axes import Axes

    from sensitivity.study import Study

NAME: Final = "stability"
PAIRS: Final = "all pairs"
RANKS: Final = "ranks of the value"
HALF_COLOUR: Final = "#d55e00"
HEIGHT: Final = 3.4  # inches


def sizes(table: pd.DataFrame, branch: str = ALL) -> pd.DataFrame:
    """Rows of a branch's random subsets that have a τ, smallest first."""
    rows = table[(table[BRANCH] == branch) & (table[COMPARISON] == SUBSETS) & table[TAU].notna()]
    return rows.sort_values(TRIALS, kind="stable")


def halves(table: pd.DataFrame, branch: str = ALL) -> pd.DataFrame:
    """Row of a branch's halves if it has a τ."""
    return table[(table[BRANCH] == branch) & (table[COMPARISON] == HALVES) & table[TAU].notna()]


def others(table: pd.DataFrame, branch: str = ALL) -> pd.DataFrame:
    """Rows of replicates and metrics that have a τ; of several pairs of replicates their summary only."""
    rows = table[(table[BRANCH] == branch) & table[TAU].notna()]
    replicates = rows[rows[COMPARISON] == REPLICATES]
    if (replicates[AGAINST] == PAIRS).any():
        rows = rows[(rows[COMPARISON] != REPLICATES) | (rows[AGAINST] == PAIRS)]
    return rows[rows[COMPARISON].isin([REPLICATES, METRICS])]


@styled
def draw(table: pd.DataFrame, axes: Axes, metric: str = "") -> None:
    """Draw τ over the number of trials: random subsets, halves, single replicates, other metrics.

    Parameters
    ----------
    table
        Table ``stability`` (`sensitivity.measures.stability`).
    metric
        The ranking's own metric, in words: where it is compared too, that is without the cap.
    """
    rows, half = sizes(table), halves(table)
    if len(rows):
        number, tau, low, high = rows[[TRIALS, TAU, LOW, HIGH]].to_numpy(dtype=float).T
        band(axes, number, low, high, NOISE, alpha=0.25, zorder=0.6)
        axes.plot(
            number,
            tau,
            "o-",
            color=INK,
            linewidth=2.0,
            markersize=4.5,
            zorder=3,
            label=in_picture("captions.stable-subsets"),
        )
    _points(axes, half, HALF_COLOUR, "D", in_picture("captions.stable-halves"))
    for row, marker in zip(others(table).to_dict("records"), cycle("os^vPX"), strict=False):
        _points(axes, pd.DataFrame([row]), MUTED, marker, _other(row, metric))
    _faint(table, axes)
    every = table.loc[table[TAU].notna(), TRIALS].astype(float)
    log_axis(axes, "x", float(every.min()), float(every.max()))
    axes.set_xlim(float(every.min()) / 1.15, float(every.max()) * 1.15)
    axes.set_xlabel(in_picture("captions.stable-trials"))
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
    _agreement_axis(axes, table)


def _points(axes: Axes, rows: pd.DataFrame, colour: str, marker: str, name: str) -> None:
    """Agreement of rankings at their number of trials, with its range."""
    if len(rows):
        number, tau, low, high = rows[[TRIALS, TAU, LOW, HIGH]].to_numpy(dtype=float).T
        intervals(axes, number, (low, high), colour=colour, width=1.4, upright=True, zorder=3.5)
        axes.plot(
            number, tau, marker, color=colour, markeredgecolor=PAPER, markersize=6, zorder=4, label=name
        )


def _faint(table: pd.DataFrame, axes: Axes) -> None:
    """The same line inside single optimizers, named once."""
    label = in_picture("captions.stable-single")
    rows = table[(table[BRANCH] != ALL) & (table[COMPARISON] == SUBSETS) & table[TAU].notna()]
    for _, part in rows.groupby(BRANCH, sort=False):
        faint = part.sort_values(TRIALS, kind="stable")
        axes.plot(faint[TRIALS], faint[TAU], color=REST, linewidth=1.0, zorder=1, label=label)
        label = "_"


def _agreement_axis(axes: Axes, table: pd.DataFrame) -> None:
    """τ upwards, from −1 where anything drawn is below 0; lines at the same order and at none."""
    whole = table[table[BRANCH] == ALL]
    ends = whole[[TAU, LOW, HIGH]].to_numpy(dtype=float)
    faint = table.loc[table[COMPARISON] == SUBSETS, TAU].to_numpy(dtype=float)
    below = float(np.nanmin(np.append(ends, faint), initial=0.0)) < 0
    axes.set_ylim(-1.05 if below else -0.03, 1.07)
    ticks = np.linspace(-1, 1, 9) if below else np.linspace(0, 1, 6)
    axes.set_yticks(ticks, [f"{tick:g}".replace("-", "−") for tick in ticks.round(2)])
    axes.axhline(1.0, color=MUTED, linewidth=0.9, linestyle=(0, (4, 2)), zorder=0.8)
    axes.axhline(0.0, color=RULE, linewidth=0.9, zorder=0.5)


def _other(row: Mapping[Hashable, Any], metric: str) -> str:
    tau = f"{row[TAU]:.2f}".replace("-", "−")
    if row[COMPARISON] == REPLICATES:
        against = in_picture("captions.stable-pairs") if row[AGAINST] == PAIRS else str(row[AGAINST])
        return in_picture("captions.stable-replicates", against=against, tau=tau)
    name = words(metric_words(words(row[AGAINST], 24)), 24)
    if row[AGAINST] == RANKS:
        name = in_picture("captions.stable-ranks")
    if name == metric:
        return in_picture("captions.stable-uncapped", name=name, tau=tau)
    return in_picture("captions.stable-metric", name=name, tau=tau)


@styled
def picture(study: Study, tables: Mapping[str, pd.DataFrame]) -> Drawing:
    """Agreement of the ranking with those of fewer trials, other replicates and other metrics.

    Nothing to draw where the ranking of all trials can be compared with none.
    """
    table = tables[NAME]
    whole = table[table[BRANCH] == ALL]
    if not len(sizes(table)) + len(halves(table)) + len(others(table)):
        raise NothingToDraw(first_reason(whole, say("captions.nothing-to-compare")))
    if not len(sizes(table)) + len(halves(table)) and (others(table)[COMPARISON] == METRICS).all():
        raise NothingToDraw(say("captions.stable-few"))
    axes = new_figure(HEIGHT).add_subplot()
    draw(table, axes, words(study.metric, 24))
    axes.set_ylabel(in_picture("captions.stable-tau"))
    return Drawing.on(axes, say("captions.stable", about=about(study)), caption(table))


def caption(table: pd.DataFrame) -> str:
    """Sentences under the picture."""
    parts = [say("captions.stable-how")]
    if len(sizes(table)):
        parts.append(say("captions.stable-line"))
        if ((table[BRANCH] != ALL) & (table[COMPARISON] == SUBSETS) & table[TAU].notna()).any():
            parts.append(say("captions.stable-faint"))
    half = halves(table)
    if len(half):
        parts.append(say("captions.stable-diamond"))
        size = half[REMARKS].iloc[0].only(LARGE, LARGE_FOR_ONE, TOO_SMALL)
        parts.append(say("captions.stable-plan", size=size.words.rstrip(":")) if size else "")
    if len(others(table)):
        parts.append(say("captions.stable-points"))
    return " ".join(part for part in parts if part)


PICTURE: Final = Picture("stability", "stability", picture)
