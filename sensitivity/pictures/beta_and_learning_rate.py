"""β and the learning rate: what can be reached in each cell, and where their effective rate is the same.

Momentum moves at terminal speed η g / (1 − β), so its best η should fall as β rises, along η / (1 − β) =
constant. The line through the best cell shows whether it does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.branch import OPTIMIZER, label
from sensitivity.coding import is_number
from sensitivity.measures.momentum_rescaling import EFFECTIVE, OPTIMIZERS, PLAIN
from sensitivity.measures.pairs import BEST
from sensitivity.pictures.labels import about
from sensitivity.pictures.marks.cells import usable
from sensitivity.pictures.marks.panels import branch_grids, how_to_read, small_multiples, write_numbers
from sensitivity.pictures.marks.scales import is_log, position
from sensitivity.pictures.picture import NothingToDraw, Picture
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import FRAME, styled, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes

    from sensitivity.pictures.marks.cells import Grid
    from sensitivity.pictures.marks.panels import Panels
    from sensitivity.study import Study

RATE: Final = "learning_rate"
BETA: Final = "beta"
FIRST: Final = tuple(label(OPTIMIZER, name) for name in OPTIMIZERS)


@styled
def picture(study: Study, tables: Mapping[str, pd.DataFrame]) -> Drawing:
    """A panel per optimizer that has a β: momentum, nesterov and momentum_ema first.

    Nothing to draw where β and a learning rate do not vary together, or are no numbers.
    """
    grids = branch_grids(usable(tables, "pairs", BEST), RATE, BETA, FIRST)
    if not all(is_number(level) for cells in grids.values() for level in [*cells.rows, *cells.columns]):
        raise NothingToDraw("β and the learning rate are no numbers")
    panels = small_multiples(study, grids, (RATE, BETA))
    for branch, axes in panels.axes.items():
        draw(axes, grids[branch], log=is_log(study, RATE))
    write_numbers(panels)
    title = f"Best {words(study.metric)} by β and learning rate: {about(study)}"
    return Drawing(panels.figure, title, _caption(study, panels, tables["momentum_rescaling"]))


@styled
def draw(axes: Axes, cells: Grid, *, log: bool = False) -> None:
    """Draw η / (1 − β) = constant through the best cell of a heatmap with the rate upwards and β across."""
    if not cells.shown.any():
        return
    y, x = np.unravel_index(np.argmin(np.where(cells.shown, cells.number, np.inf)), cells.number.shape)
    betas = np.array([float(str(level)) for level in cells.columns])
    if not (betas < 1).all():
        return
    rates = float(str(cells.rows[int(y)])) * (1 - betas) / (1 - betas[int(x)])
    heights = position(cells.rows, rates, log=log)
    across = np.arange(len(betas)) + 0.5
    inside = [axes.get_xlim(), axes.get_ylim()]
    axes.plot(across, heights, color=FRAME, linewidth=1.4, zorder=4.5)
    axes.set(xlim=inside[0], ylim=inside[1])


def _caption(study: Study, panels: Panels, rescaling: pd.DataFrame) -> str:
    parts = [
        how_to_read(study, panels),
        "Line: η / (1 − β) is as in the framed cell; along it the effective rate of momentum is the same.",
        "Optimizers that scale their gradient by 1 − β themselves have no reason to follow it.",
        _rescaled(rescaling),
    ]
    return " ".join(part for part in parts if part)


def _rescaled(table: pd.DataFrame) -> str:
    """Numbers of the table `momentum_rescaling`, a clause per optimizer."""
    clauses = []
    for branch, rows in table[table["interaction"].notna()].groupby("branch", sort=False):
        share = rows.set_index("axis")["interaction"]
        if {PLAIN, EFFECTIVE} <= set(share.index):
            clauses.append(f"{words(branch)} {share[PLAIN]:.1%} → {share[EFFECTIVE]:.1%}".replace("%", " %"))
    if not clauses:
        return ""
    return (
        "Interaction of learning rate and β as a share of the variance, with η and then with η / (1 − β) "
        f"in its place: {'; '.join(clauses)}."
    )


PICTURE: Final = Picture("beta_and_learning_rate", "momentum", picture, settings=("beta", "learning_rate"))
