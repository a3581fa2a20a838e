"""What settings do by themselves, what pairs of them do together, and all that each takes part in.

From the variance decomposition of a balanced factorial: only there the interactions are known by themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle

from sensitivity.estimators import effects as e
from sensitivity.pictures.cells import usable
from sensitivity.pictures.colour_bars import share_bar
from sensitivity.pictures.heatmap import coloured, label_depth, turn_long_labels
from sensitivity.pictures.labels import about, inches
from sensitivity.pictures.learning_rate_by_optimizer import by_importance
from sensitivity.pictures.picture import NothingToDraw, Picture
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import (
    MISSING,
    ON_LIGHT,
    PAPER,
    SHARES,
    SMALLEST,
    WIDTH,
    ink_on,
    new_figure,
    styled,
    words,
)
from sensitivity.remarks import JUDGEMENT, Judgement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes

    from sensitivity.study import Study

MOST: Final = 14
CELL: Final = 0.58  # inches that a share with its interval needs across
TOTAL: Final = "total effect"


@styled
def picture(study: Study, tables: Mapping[str, pd.DataFrame]) -> Drawing:
    """Matrix of main effects and interactions, with the total effects beside it.

    Raises
    ------
    NothingToDraw
        When the table has no interactions.
    """
    shares = usable(tables, "variance_decomposition", e.SHARE)
    shares = shares[shares[e.BRANCH] == e.ALL]
    if not (shares[e.KIND] == e.INTERACTION).any():
        raise NothingToDraw("interactions are known for complete grids only")
    known = shares.loc[shares[e.KIND] == e.MAIN, e.SETTING].tolist()
    ordered = [name for name in dict.fromkeys([*by_importance(tables), *known]) if name in known]
    names = ordered[:MOST]
    margin = inches([words(name) for name in names], 8.0) + 1.1
    width = max(WIDTH, margin + CELL * (len(names) + 1.3))
    cell = (width - margin) / (len(names) + 1.3)
    depth = label_depth([words(name, 22) for name in [*names, TOTAL]], cell)
    figure = new_figure(max(0.44 * len(names), 1.2) + 0.15 + depth, width)
    axes = figure.add_subplot()
    draw(shares, axes, names)
    turn_long_labels(axes, cell)
    title = f"Main effects and interactions of the settings: {about(study)}"
    return Drawing(figure, title, _caption(study, shares, ordered[MOST:]))


@styled
def draw(shares: pd.DataFrame, axes: Axes, names: Sequence[str]) -> None:
    """Draw main effects on the diagonal, interactions beneath it, total effects in the last column.

    Parameters
    ----------
    shares
        Rows of the table `variance_decomposition` of one branch.
    names
        Settings in the order of the rows.
    """
    known = {(row[e.KIND], row[e.SETTING]): row for row in shares.to_dict("records")}
    cells: dict[tuple[int, int], Mapping[Any, Any]] = {}
    for y, one in enumerate(names):
        rows = {(y, y): (e.MAIN, one), (y, len(names)): (e.TOTAL, one)}
        for x, other in enumerate(names[:y]):
            both = [(e.INTERACTION, e.pair(*pair)) for pair in ((one, other), (other, one))]
            rows[y, x] = both[0] if both[0] in known else both[1]
        cells |= {at: known[row] for at, row in rows.items() if row in known}
    array = np.full((len(names), len(names) + 1), np.nan)
    for place, cell in cells.items():
        array[place] = 100 * float(cell[e.SHARE])
    scale = Normalize(0, max(float(np.nanmax(array)), 1e-9))
    noise = np.zeros(array.shape, dtype=bool)
    for place, cell in cells.items():
        noise[place] = cell[JUDGEMENT] == Judgement.NOT_ABOVE
    numbers = np.where(noise, np.nan, array)
    coloured(axes, numbers, scale, SHARES, list(names), [*names, TOTAL])
    # Three rows are lower than the label is long: what stands out would be cut off.
    share_bar(scale, f"share of the{' ' if len(names) > 3 else chr(10)}variance (%)", axes)
    for (y, x), cell in cells.items():
        if noise[y, x]:
            axes.add_patch(Rectangle((x + 0.01, y + 0.01), 0.98, 0.98, facecolor=MISSING, linewidth=0))
        colour = ON_LIGHT if noise[y, x] else ink_on(SHARES(float(scale(array[y, x]))))
        _write(axes, (x, y), cell, colour)
    axes.axvline(len(names), color=PAPER, linewidth=6.0)


def _write(axes: Axes, place: tuple[int, int], row: Mapping[Any, Any], colour: str) -> None:
    """Share in per cent, and its interval beneath."""
    share, low, high = (100 * float(row[name]) for name in (e.SHARE, e.LOW, e.HIGH))
    options: dict[str, Any] = {"ha": "center", "va": "center", "color": colour}
    interval = np.isfinite([low, high]).all()
    x, y = place
    axes.text(x + 0.5, y + (0.33 if interval else 0.5), f"{_short(share)} %", fontsize=8.5, **options)
    if interval:
        axes.text(x + 0.5, y + 0.7, f"{_short(low)} – {_short(high)}", fontsize=SMALLEST, **options)


def _short(per_cent: float) -> str:
    """Per cent with as many decimals as its size deserves."""
    places = 0 if abs(per_cent) >= 10 else 1 if abs(per_cent) >= 0.1 else 2
    text = f"{per_cent:.{places}f}"
    return "0" if not float(text) else text.replace("-", "−")


def _caption(study: Study, shares: pd.DataFrame, left_out: Sequence[str]) -> str:
    parts = [
        f"Shares of the variance of {words(study.metric)} with 95 % intervals; darker is more.",
        "Diagonal: what a setting explains by itself. Beneath: what two settings do together beyond that.",
        "Last column: everything that the setting takes part in, so its rows overlap.",
    ]
    if (shares[JUDGEMENT] == Judgement.NOT_ABOVE).any():
        parts.append("Grey: not above the noise of the seed.")
    for kind, text in (
        (e.INTERACTION, "Three or more settings together"),
        (e.LACK_OF_FIT, "What the surrogate does not explain"),
        (e.NOISE, "Noise of the seed"),
    ):
        rows = shares[(shares[e.KIND] == kind) & shares[e.SHARE].notna()]
        if kind == e.INTERACTION:
            rows = rows[rows[e.SETTING] == e.HIGHER]
        parts += [f"{text}: {_short(100 * float(share))} %." for share in rows[e.SHARE]]
    if left_out:
        parts.append(f"Left out, less important: {', '.join(words(name) for name in left_out)}.")
    return " ".join(parts)


PICTURE: Final = Picture("interactions", "variance", picture, place=1)
