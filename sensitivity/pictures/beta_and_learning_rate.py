"""β and the learning rate: what can be reached in each cell, and where their effective rate is the same.

Momentum moves at terminal speed η g / (1 − β), so its best η should fall as β rises, along η / (1 − β) =
constant. The line through the best cell shows whether it does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.branch import ALL, words
from sensitivity.coding import is_number
from sensitivity.language import say
from sensitivity.language.lists import joined
from sensitivity.measures.rate_and_beta import (
    axes_named,
    betas_of,
    is_beta,
    rate_of,
    without_check,
)
from sensitivity.pictures.labels import best_title
from sensitivity.pictures.marks.cells import drawn_pairs
from sensitivity.pictures.marks.panels import branch_grids, how_to_read, small_multiples, write_numbers
from sensitivity.pictures.marks.scales import is_log, position
from sensitivity.pictures.picture import NothingToDraw, Picture
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import FRAME, styled

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes

    from sensitivity.pictures.marks.cells import Grid
    from sensitivity.pictures.marks.panels import Panels
    from sensitivity.study import Study


@styled
def picture(study: Study, tables: Mapping[str, pd.DataFrame]) -> Drawing:
    """A panel per branch that has a β.

    Nothing to draw where β and a learning rate do not vary together, or are no numbers.
    """
    if why := without_check(study):
        raise NothingToDraw(why.words)
    rate = rate_of(study)
    grids, betas = _grids(tables, rate, betas_of(study))
    beta = joined(betas, "two-or", "two-or")
    if not all(is_number(level) for cells in grids.values() for level in [*cells.rows, *cells.columns]):
        raise NothingToDraw(say("captions.no-numbers", first=words(beta), second=words(rate)))
    panels = small_multiples(study, grids, (rate, beta))
    for branch, axes in panels.axes.items():
        draw(axes, grids[branch], log=is_log(study, rate))
    write_numbers(panels)
    title = best_title(study, rate, beta)
    caption = _caption(study, panels, tables["momentum_rescaling"], (rate, betas))
    return Drawing(panels.figure, title, caption)


def _grids(
    tables: Mapping[str, pd.DataFrame], rate: str, betas: list[str]
) -> tuple[dict[str, Grid], list[str]]:
    """Cells of each branch with the first β that varies there, and the β that have a branch."""
    found: dict[str, Grid] = {}
    used: list[str] = []
    reasons: list[NothingToDraw] = []
    for beta in betas:
        try:
            grids = branch_grids(drawn_pairs(tables), rate, beta)
        except NothingToDraw as reason:
            reasons.append(reason)
            continue
        new = {b: cells for b, cells in grids.items() if b not in found and (b != ALL or not found)}
        if new:
            found, used = {**found, **new}, [*used, beta]
    if not found:
        raise reasons[0]
    return found, used


@styled
def draw(axes: Axes, cells: Grid, *, log: bool = False) -> None:
    """Draw η / (1 − β) = constant through the best cell of a heatmap with the rate upwards and β across."""
    if not cells.shown.any():
        return
    y, x = np.unravel_index(np.argmin(np.where(cells.shown, cells.number, np.inf)), cells.number.shape)
    betas = np.array([float(str(level)) for level in cells.columns])
    if not is_beta(cells.columns):
        return
    rates = float(str(cells.rows[int(y)])) * (1 - betas) / (1 - betas[int(x)])
    heights = position(cells.rows, rates, log=log)
    across = np.arange(len(betas)) + 0.5
    inside = [axes.get_xlim(), axes.get_ylim()]
    axes.plot(across, heights, color=FRAME, linewidth=1.4, zorder=4.5)
    axes.set(xlim=inside[0], ylim=inside[1])


def _caption(study: Study, panels: Panels, rescaling: pd.DataFrame, names: tuple[str, list[str]]) -> str:
    rate, betas = names
    axes = joined([_effective(rate, beta) for beta in betas], "two-or", "two-or")
    factors = joined([f"1 − {words(beta)}" for beta in betas], "two-or", "two-or")
    parts = [
        how_to_read(study, panels),
        say("captions.momentum-line", axes=axes),
        say("captions.momentum-own", factors=factors),
        *(_rescaled(rescaling, rate, beta) for beta in betas),
    ]
    return " ".join(part for part in parts if part)


def _effective(rate: str, beta: str) -> str:
    return axes_named(words(rate), words(beta))[1]


def _rescaled(table: pd.DataFrame, rate: str, beta: str) -> str:
    """Numbers of the table `momentum_rescaling` about one β, a clause per branch."""
    clauses = []
    plain, effective = axes_named(rate, beta)
    for branch, rows in table[table["interaction"].notna()].groupby("branch", sort=False):
        share = rows.set_index("axis")["interaction"]
        if {plain, effective} <= set(share.index):
            numbers = f"{share[plain]:.1%} → {share[effective]:.1%}".replace("%", " %")
            clauses.append(numbers if branch == ALL else f"{words(branch)} {numbers}")
    if not clauses:
        return ""
    return say(
        "captions.momentum-shares",
        rate=words(rate),
        beta=words(beta),
        effective=_effective(rate, beta),
        shares="; ".join(clauses),
    )


PICTURE: Final = Picture("beta_and_learning_rate", "momentum", picture)
