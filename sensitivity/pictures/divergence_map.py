"""Where training diverges: share of diverged trials by learning rate and optimizer, with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.colors import Normalize

from sensitivity.branch import words
from sensitivity.estimators.effects import ALL, BRANCH
from sensitivity.language import say
from sensitivity.measures.divergence import COUNT, FRACTION
from sensitivity.pictures.labels import about, in_picture
from sensitivity.pictures.marks.cells import array, foremost_pair, pair_rows, usable
from sensitivity.pictures.marks.colours import share_bar
from sensitivity.pictures.marks.heatmap import coloured, write_cell
from sensitivity.pictures.marks.layout import sheet, turn_long_labels
from sensitivity.pictures.marks.numbers import percent
from sensitivity.pictures.orders import by_importance
from sensitivity.pictures.picture import NothingToDraw, Picture
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import SHARES, SMALLEST, styled

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes

    from sensitivity.study import Study

CELL: Final = (0.46, 0.36)  # inches


@styled
def picture(study: Study, tables: Mapping[str, pd.DataFrame]) -> Drawing:
    """Optimizer and learning rate, or the pair of the two most important settings in their place.

    Nothing to draw where no trial diverged, or no two settings vary together.
    """
    if len(study.space.names) == 1:
        raise NothingToDraw(say("captions.no-two-vary"))
    shares = usable(tables, "divergence_by_pair", FRACTION)
    shares = shares[shares[BRANCH] == ALL]
    if not shares[COUNT].sum():
        raise NothingToDraw(say("captions.none-diverged"))
    rows, columns = foremost_pair(shares, by_importance(tables))
    order = {name: _levels(tables["divergence_by_level"], name) for name in (rows, columns)}
    room = sheet(order[rows], order[columns], CELL[0])
    axes = room.axes(max((CELL[1] if room.texts else 0.2) * len(order[rows]), 1.2) + 0.4)
    draw(shares, axes, order, texts=room.texts)
    turn_long_labels(axes, room.cell)
    title = say("captions.failures", columns=words(columns), rows=words(rows), about=about(study))
    small = [say("captions.failures-small")] if room.texts else []
    caption = " ".join([say("captions.failures-how"), *small, say("captions.empty")])
    return Drawing.on(axes, title, caption)


def _levels(by_level: pd.DataFrame, name: str) -> list[str]:
    """Levels of a setting in their order."""
    rows = by_level[(by_level[BRANCH] == ALL) & (by_level["setting"] == name)]
    return [str(level) for level in rows["level"]]


@styled
def draw(shares: pd.DataFrame, axes: Axes, order: Mapping[str, list[str]], *, texts: bool = True) -> None:
    """Draw the diverged shares of one pair of settings.

    Parameters
    ----------
    shares
        Rows of the table `divergence_by_pair` of one branch.
    order
        Setting of the rows and of the columns, each with its levels in their order.
    texts
        Whether the share and its interval stand in the cells.
    """
    rows, columns = order
    cells = pair_rows(shares, rows, columns).astype({"row": str, "column": str})
    share, low, high = (array(cells, order[rows], order[columns], name) for name in (FRACTION, "low", "high"))
    scale = Normalize(0, 100)
    coloured(axes, 100 * share, scale, SHARES, order[rows], order[columns])
    share_bar(scale, in_picture("captions.failures-axis"), axes)
    axes.set(xlabel=words(columns), ylabel=words(rows))
    for y, x in np.argwhere(~np.isnan(share)).tolist() if texts else []:
        lines = [(percent(float(share[y, x])), 8.0)]
        if np.isfinite(low[y, x]):
            lines.append((f"{100 * low[y, x]:.0f}–{100 * high[y, x]:.0f}", SMALLEST))
        colour = SHARES(float(share[y, x]))
        write_cell(axes, (y, x), lines, colour, heights=(0.33, 0.71)[: len(lines)])


PICTURE: Final = Picture("divergence_map", "divergence", picture)
