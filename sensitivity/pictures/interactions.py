"""What settings do by themselves, what pairs of them do together, and all that each takes part in.

From the variance decomposition of a balanced factorial: only there the interactions are known by themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle

from sensitivity.branch import words
from sensitivity.estimators import effects as e
from sensitivity.language import say
from sensitivity.pictures.labels import about, in_picture
from sensitivity.pictures.marks.cells import usable
from sensitivity.pictures.marks.colours import share_bar
from sensitivity.pictures.marks.heatmap import coloured, write_cell
from sensitivity.pictures.marks.layout import sheet, turn_long_labels
from sensitivity.pictures.orders import by_importance
from sensitivity.pictures.picture import NothingToDraw, Picture
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import MISSING, PAPER, SHARES, SMALLEST, styled
from sensitivity.remarks import JUDGEMENT, Judgement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes

    from sensitivity.study import Study

    Cells = Mapping[tuple[int, int], Mapping[Any, Any]]

MOST: Final = 14
CELL: Final = 0.58  # inches that a share with its interval needs across


@styled
def picture(study: Study, tables: Mapping[str, pd.DataFrame]) -> Drawing:
    """Matrix of main effects and interactions, with the total effects beside it.

    Nothing to draw where the table has no interactions.
    """
    shares = usable(tables, "variance_decomposition", e.SHARE)
    shares = shares[shares[e.BRANCH] == e.ALL]
    if not (shares[e.KIND] == e.INTERACTION).any():
        raise NothingToDraw(say("captions.interactions-grid"))
    known = shares.loc[shares[e.KIND] == e.MAIN, e.SETTING].tolist()
    ordered = [name for name in dict.fromkeys([*by_importance(tables), *known]) if name in known]
    names = ordered[:MOST]
    # The last column, of the total effects, stands apart.
    total = in_picture("captions.total-effect")
    room = sheet(names, [*names, total], CELL, beside=1.1, extra=0.3)
    axes = room.axes(max(0.44 * len(names), 1.2) + 0.15)
    draw(shares, axes, names, ends=room.texts)
    turn_long_labels(axes, room.cell)
    title = say("captions.interactions", about=about(study))
    return Drawing.on(axes, title, _caption(study, shares, ordered[MOST:], ends=room.texts))


@styled
def draw(shares: pd.DataFrame, axes: Axes, names: Sequence[str], *, ends: bool = True) -> None:
    """Draw main effects on the diagonal, interactions beneath it, total effects in the last column.

    Parameters
    ----------
    shares
        Rows of the table `variance_decomposition` of one branch.
    names
        Settings in the order of the rows.
    ends
        Whether the ends of the intervals have room.
    """
    cells = _cells(shares, names)
    array = np.full((len(names), len(names) + 1), np.nan)
    for at, row in cells.items():
        array[at] = 100 * float(row[e.SHARE])
    scale = Normalize(0, max(float(np.nanmax(array)), 1e-9))
    noise = {at for at, row in cells.items() if row[JUDGEMENT] == Judgement.NOT_ABOVE}
    numbers = array.copy()
    for at in noise:
        numbers[at] = np.nan
    coloured(axes, numbers, scale, SHARES, list(names), [*names, in_picture("captions.total-effect")])
    # Three rows are lower than the label is long: what stands out would be cut off.
    wide = len(names) > 3
    label = (
        in_picture("captions.share-of-variance") if wide else in_picture("captions.share-of-variance-short")
    )
    share_bar(scale, label, axes)
    for (y, x), row in cells.items():
        if (y, x) in noise:
            axes.add_patch(Rectangle((x + 0.01, y + 0.01), 0.98, 0.98, facecolor=MISSING, linewidth=0))
        _write(
            axes, (y, x), row, MISSING if (y, x) in noise else SHARES(float(scale(array[y, x]))), ends=ends
        )
    axes.axvline(len(names), color=PAPER, linewidth=6.0)


def _cells(shares: pd.DataFrame, names: Sequence[str]) -> Cells:
    """Row of the table for each cell that has one."""
    known = {(row[e.KIND], row[e.SETTING]): row for row in shares.to_dict("records")}
    wanted: dict[tuple[int, int], tuple[str, str]] = {}
    for y, one in enumerate(names):
        wanted |= {(y, y): (e.MAIN, one), (y, len(names)): (e.TOTAL, one)}
        for x, other in enumerate(names[:y]):
            both = [(e.INTERACTION, e.pair(*pair)) for pair in ((one, other), (other, one))]
            wanted[y, x] = both[0] if both[0] in known else both[1]
    return {at: known[row] for at, row in wanted.items() if row in known}


def _write(axes: Axes, at: tuple[int, int], row: Mapping[Any, Any], colour: Any, *, ends: bool) -> None:  # noqa: ANN401
    """Share in per cent, and its interval beneath."""
    share, low, high = (100 * float(row[name]) for name in (e.SHARE, e.LOW, e.HIGH))
    lines, heights = [(f"{_short(share)} %", 8.5) if ends else (_short(share), SMALLEST)], [0.5]
    if ends and np.isfinite([low, high]).all():
        lines.append((f"{_short(low)} – {_short(high)}", SMALLEST))
        heights = [0.33, 0.7]
    write_cell(axes, at, lines, colour, heights=heights)


def _short(per_cent: float) -> str:
    """Per cent with as many decimals as its size deserves."""
    places = 0 if abs(per_cent) >= 10 else 1 if abs(per_cent) >= 0.1 else 2
    text = f"{per_cent:.{places}f}"
    return "0" if not float(text) else text.replace("-", "−")


def _caption(study: Study, shares: pd.DataFrame, left_out: Sequence[str], *, ends: bool) -> str:
    parts = [
        say("captions.interactions-shares", metric=words(study.metric), ends="yes" if ends else "no"),
        say("captions.interactions-cells"),
        say("captions.interactions-total"),
    ]
    if (shares[JUDGEMENT] == Judgement.NOT_ABOVE).any():
        parts.append(say("captions.grey"))
    rows = shares[shares[e.SHARE].notna()]
    higher = (rows[e.KIND] == e.INTERACTION) & (rows[e.SETTING] == e.HIGHER)
    parts += [say("captions.interactions-higher", share=one) for one in _per_cent(rows[higher])]
    misfit, noise = (rows[rows[e.KIND] == kind] for kind in (e.LACK_OF_FIT, e.NOISE))
    parts += [say("captions.interactions-misfit", share=one) for one in _per_cent(misfit)]
    parts += [say("captions.interactions-noise", share=one) for one in _per_cent(noise)]
    if left_out:
        parts.append(say("captions.left-out", names=", ".join(words(name) for name in left_out)))
    return " ".join(parts)


def _per_cent(rows: pd.DataFrame) -> list[str]:
    return [_short(100 * float(share)) for share in rows[e.SHARE]]


PICTURE: Final = Picture("interactions", "variance", picture, place=1)
