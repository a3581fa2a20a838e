"""Rows from the top down: bars, intervals, and what stands beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.patches import Rectangle

from sensitivity.pictures.style import HATCH, INK, MISSING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.axes import Axes

GREY: Final[dict[str, Any]] = {"facecolor": MISSING, "edgecolor": HATCH, "hatch": "////"}  # what may be noise


def bar(
    axes: Axes,
    place: float,
    ends: tuple[float, float],
    height: float,
    **look: Any,  # noqa: ANN401 (matplotlib's own)
) -> None:
    """Bar of a row from one end to the other, by its look as matplotlib's patches have it."""
    start, stop = ends
    look.setdefault("linewidth", 0.0)
    axes.add_patch(Rectangle((start, place - height / 2), stop - start, height, **look))


def intervals(
    axes: Axes,
    places: Iterable[float],
    ends: tuple[Iterable[float], Iterable[float]],
    *,
    colour: str | Sequence[str] = INK,
    width: float = 1.1,
    upright: bool = False,
    caps: bool = False,
    zorder: float = 2.0,
) -> None:
    """Line from the low to the high end of each interval; none where an end is unknown.

    Parameters
    ----------
    colour
        Of all, or of each, which then have no caps.
    upright
        Whether the places go across and the intervals upwards.
    caps
        Whether a short line closes each end.
    """
    at, low, high = (np.array(list(values), dtype=np.float64) for values in (places, *ends))
    known = np.isfinite(low) & np.isfinite(high)
    if not known.any():
        return
    inks = colour if isinstance(colour, str) else [colour[at] for at in np.flatnonzero(known).tolist()]
    at, low, high = at[known], low[known], high[known]
    lines = axes.vlines if upright else axes.hlines
    lines(at, low, high, colors=inks, linewidth=width, zorder=zorder)
    for end in (low, high) if caps else ():
        points = (at, end) if upright else (end, at)
        marker = "_" if upright else "|"
        look: dict[str, Any] = {"marker": marker, "markersize": 5.0, "markeredgewidth": width}
        axes.plot(*points, color=INK, linestyle="none", linewidth=width, **look)


def name_rows(
    axes: Axes,
    names: Sequence[str],
    places: Sequence[float] | None = None,
    *,
    room: tuple[float, float] = (0.5, 0.5),
    **look: Any,  # noqa: ANN401 (matplotlib's own)
) -> None:
    """Name the rows at the left, the first at the top; ``room`` above the first and below the last."""
    at = range(len(names)) if places is None else places
    axes.set_yticks(at, names, **look)
    axes.set_ylim(max(at, default=0) + room[1], -room[0])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def grid_behind(axes: Axes) -> None:
    """Upright lines behind everything."""
    axes.grid(axis="x")
    axes.set_axisbelow(True)


def beside(axes: Axes, text: str, place: tuple[float, float], **look: Any) -> None:  # noqa: ANN401 (matplotlib's)
    """Words of a row to the right of a place in the data, or of the axes with ``xycoords``."""
    options: dict[str, Any] = {
        "xytext": (10, 0),
        "textcoords": "offset points",
        "va": "center",
        "fontsize": 8.0,
        **look,
    }
    axes.annotate(text, place, annotation_clip=False, **options)
