"""A setting by itself on an axis of cells: its isolation curve on the diagonal of a matrix of heatmaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sensitivity.coding import is_number
from sensitivity.pictures.labels import RESPONSE
from sensitivity.pictures.marks.bars import intervals
from sensitivity.pictures.marks.numbers import LONGEST_NUMBER, decimals, written
from sensitivity.pictures.marks.scales import position
from sensitivity.pictures.style import INK, MUTED, RULE, SMALLEST, styled

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

    from sensitivity.arrays import Floats


@styled
def draw_curve(
    curve: pd.DataFrame,
    axes: Axes,
    levels: Sequence[object],
    colour: str = INK,
    *,
    log: bool = False,
    texts: bool = True,
) -> None:
    """Draw an isolation curve on an axis of cells: best ± standard deviation, and its 95 % interval.

    Parameters
    ----------
    curve
        Rows of the table `isolation_curves` of one setting.
    levels
        Levels of the axis, one per cell.
    log
        Whether the setting has a logarithmic scale.
    texts
        Whether the best of each level is written, where each has a cell of its own; otherwise the axis has
        ticks.
    """
    across = _across(curve, levels, log=log)
    best, sd, low, high = (curve[name].to_numpy(float) for name in ("best", "sd", "low", "high"))
    if all(map(is_number, levels)):
        axes.fill_between(across, low, high, color=colour, alpha=0.2, linewidth=0)
        axes.plot(across, best, color=colour, linewidth=1.4)
    else:
        axes.bar(across, high - low, 0.7, low, color=colour, alpha=0.2, linewidth=0)
    intervals(axes, across, (best - sd, best + sd), colour=colour, width=1.0, upright=True)
    axes.plot(across, best, "o", markersize=3, color=colour)
    axes.use_sticky_edges = False
    axes.set_xlim(0, len(levels))
    axes.margins(y=0.08)
    for spine in axes.spines.values():
        spine.set(visible=True, color=RULE)
    if texts and len(curve) == len(levels):
        _write_best(axes, across, best)
    else:
        _inner_ticks(axes)


def _inner_ticks(axes: Axes) -> None:
    """Few ticks inside the panel, in the place of numbers."""
    axes.set_label(RESPONSE)
    axes.locator_params(axis="y", nbins=3)
    axes.tick_params(axis="y", direction="in", pad=-4, labelsize=SMALLEST, labelcolor=MUTED)
    for label in axes.get_yticklabels():
        label.set(ha="left", zorder=6)


def _write_best(axes: Axes, across: Floats, best: Floats) -> None:
    """The best of each level as a row of numbers at the top, in the place of an axis."""
    bottom, top = axes.get_ylim()
    height = axes.get_position().height * float(axes.get_figure(root=True).get_size_inches()[1])  # type: ignore[union-attr]
    axes.set_ylim(bottom, bottom + (top - bottom) / (1 - 0.2 / height))
    axes.set_yticks([])
    places: int | None = decimals(best)
    if max(len(f"{value:.{places}f}") for value in best.tolist()) > LONGEST_NUMBER:
        places = None
    for x, value in zip(across.tolist(), best.tolist(), strict=True):
        drawn = axes.annotate(
            written(value, places),
            (x, 1),
            (0, -2.5),
            xycoords=axes.get_xaxis_transform(),
            textcoords="offset points",
            fontsize=SMALLEST,
            color=INK,
        )
        drawn.set(ha="center", va="top", in_layout=False)


def _across(curve: pd.DataFrame, levels: Sequence[object], *, log: bool) -> Floats:
    """Place of each level of the curve on the axis of cells."""
    if all(map(is_number, levels)):
        return position(levels, curve["level"].to_numpy(float), log=log)
    places = {str(level): place + 0.5 for place, level in enumerate(levels)}
    return np.array([places.get(str(level), np.nan) for level in curve["level"]])
