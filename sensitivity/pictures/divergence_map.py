"""Where training diverges: share of diverged trials by learning rate and optimizer, with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.colors import Normalize

from sensitivity.estimators.effects import ALL, BRANCH
from sensitivity.measures.divergence import COUNT, FIRST, FIRST_LEVEL, FRACTION, SECOND, SECOND_LEVEL
from sensitivity.pictures.cell_texts import percent
from sensitivity.pictures.cells import usable
from sensitivity.pictures.colour_bars import share_bar
from sensitivity.pictures.heatmap import coloured, label_depth, turn_long_labels
from sensitivity.pictures.labels import about, inches
from sensitivity.pictures.learning_rate_by_optimizer import by_importance
from sensitivity.pictures.picture import NothingToDraw, Picture
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import SHARES, SMALLEST, WIDTH, ink_on, new_figure, styled, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes

    from sensitivity.arrays import Floats
    from sensitivity.study import Study

WIDEST: Final = 14.0
CELL: Final = (0.46, 0.36)  # inches
EVERYWHERE: Final = ("optimizer", "learning_rate")


@styled
def picture(study: Study, tables: Mapping[str, pd.DataFrame]) -> Drawing:
    """Optimizer and learning rate, or the pair of the two most important settings in their place.

    Raises
    ------
    NothingToDraw
        When no trial diverged, or no two settings vary together.
    """
    if len(study.space.names) == 1:
        raise NothingToDraw("no two settings vary together")
    shares = usable(tables, "divergence_by_pair", FRACTION)
    shares = shares[shares[BRANCH] == ALL]
    if not shares[COUNT].sum():
        raise NothingToDraw("no trial diverged")
    rows, columns = _axes_of(shares, by_importance(tables))
    order = {name: _levels(tables["divergence_by_level"], name) for name in (rows, columns)}
    label = inches([words(level) for level in order[rows]], 8.0) + 1.35
    width = min(max(WIDTH, label + CELL[0] * len(order[columns])), WIDEST)
    cell = (width - label) / len(order[columns])
    texts = cell >= CELL[0] * 0.9
    depth = label_depth([words(level, 22) for level in order[columns]], cell)
    figure = new_figure(max((CELL[1] if texts else 0.2) * len(order[rows]), 1.2) + 0.4 + depth, width)
    axes = figure.add_subplot()
    draw(shares, axes, rows, columns, order, texts=texts)
    turn_long_labels(axes, cell)
    title = f"Diverged trials by {words(columns)} and {words(rows)}: {about(study)}"
    each = "Each cell: share of its trials that diverged; darker is more."
    small = " Small: 95 % interval, replicates of a configuration counted as alike." if texts else ""
    return Drawing(figure, title, f"{each}{small} Empty: no trial.")


def _axes_of(shares: pd.DataFrame, ranking: list[str]) -> tuple[str, str]:
    """Rows and columns: optimizer and learning rate if they can be had, else the most important pair."""
    pairs = dict.fromkeys(zip(shares[FIRST].astype(str), shares[SECOND].astype(str), strict=True))
    ranks = {name: place for place, name in enumerate(dict.fromkeys([*EVERYWHERE, *ranking]))}

    def rank(pair: tuple[str, str]) -> int:
        return sum(ranks.get(name, len(ranks)) for name in pair)

    one, other = min(pairs, key=rank)
    return (other, one) if one == "learning_rate" or other == "optimizer" else (one, other)


def _levels(by_level: pd.DataFrame, name: str) -> list[str]:
    """Levels of a setting in their order."""
    rows = by_level[(by_level[BRANCH] == ALL) & (by_level["setting"] == name)]
    return [str(level) for level in rows["level"]]


@styled
def draw(
    shares: pd.DataFrame,
    axes: Axes,
    rows: str,
    columns: str,
    order: Mapping[str, list[str]],
    *,
    texts: bool = True,
) -> None:
    """Draw the diverged shares of one pair of settings.

    Parameters
    ----------
    shares
        Rows of the table `divergence_by_pair` of one branch.
    rows, columns
        Settings of the rows and of the columns.
    order
        Levels of both, in the order of the axes.
    texts
        Whether the share and its interval stand in the cells.
    """
    share, low, high = (_array(shares, rows, columns, order, name) for name in (FRACTION, "low", "high"))
    scale = Normalize(0, 100)
    coloured(axes, 100 * share, scale, SHARES, order[rows], order[columns])
    share_bar(scale, "diverged (%)", axes)
    axes.set(xlabel=words(columns), ylabel=words(rows))
    for (y, x), value in np.ndenumerate(share):
        if np.isnan(value) or not texts:
            continue
        options: dict[str, Any] = {"ha": "center", "va": "center", "color": ink_on(SHARES(float(value)))}
        axes.text(x + 0.5, y + 0.33, percent(float(value)), fontsize=8.0, **options)
        if np.isfinite(low[y, x]):
            ends = f"{100 * low[y, x]:.0f}–{100 * high[y, x]:.0f}"
            axes.text(x + 0.5, y + 0.71, ends, fontsize=SMALLEST, **options)


def _array(
    shares: pd.DataFrame, rows: str, columns: str, order: Mapping[str, list[str]], name: str
) -> Floats:
    """One column of the table as an array over the levels; NaN where a cell has no trial."""
    array = np.full((len(order[rows]), len(order[columns])), np.nan)
    down, across = ({level: place for place, level in enumerate(order[one])} for one in (rows, columns))
    for one, other, forward in ((rows, columns, True), (columns, rows, False)):
        cells = shares[(shares[FIRST] == one) & (shares[SECOND] == other)]
        for first, second, value in zip(cells[FIRST_LEVEL], cells[SECOND_LEVEL], cells[name], strict=True):
            y, x = (first, second) if forward else (second, first)
            array[down[str(y)], across[str(x)]] = value
    return array


PICTURE: Final = Picture("divergence_map", "divergence", picture)
