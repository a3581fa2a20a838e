"""Where the noise comes from: a bar per source with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.estimators.effects import ALL, BRANCH
from sensitivity.language import say
from sensitivity.measures.noise_sources import OF_NOISE, OF_VARIANCE, SOURCE, SOURCES
from sensitivity.pictures.labels import in_picture
from sensitivity.pictures.marks.bars import bar, beside, grid_behind, intervals, name_rows
from sensitivity.pictures.picture import NothingToDraw, Picture, first_reason
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import MUTED, NOISE, REST, new_figure, styled
from sensitivity.words import interval, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes

    from sensitivity.study import Study

NAME: Final = "noise_sources"
_HEIGHT: Final = 0.62  # of a bar


def shown(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of all trials together that have a share."""
    return table[(table[BRANCH] == ALL) & table[OF_NOISE].notna()]


@styled
def draw(table: pd.DataFrame, axes: Axes) -> None:
    """Draw the shares of the noise from the top down, with what they are of the whole variance."""
    rows = shown(table)
    share, low, high, part = (
        rows[[OF_NOISE, "noise_low", "noise_high", OF_VARIANCE]].to_numpy(dtype=np.float64).T
    )
    for place, (source, length) in enumerate(zip(rows[SOURCE], share.tolist(), strict=True)):
        colour = REST if source == SOURCES[-1] else NOISE
        bar(axes, place, (0.0, length), _HEIGHT, facecolor=colour, gid=f"source-{place}")
    intervals(axes, range(len(rows)), (np.minimum(low, share), np.maximum(high, share)), caps=True)
    for place, (one, of_all) in enumerate(zip(share.tolist(), part.tolist(), strict=True)):
        of_all_text = in_picture("captions.noise-of-all", share=percent(max(of_all, 0.0)))
        text = f"{interval(one, low[place], high[place])}\n{of_all_text}"
        beside(axes, text, (max(one, high[place], 0.0), place), xytext=(5, 0), linespacing=1.1)
    name_rows(axes, [str(source) for source in rows[SOURCE]])
    right = float(max(1e-3, *share, *high))
    axes.set_xlim(min(0.0, float(share.min()) * 1.1), right * 1.35)
    ticks = [tick for tick in axes.get_xticks() if axes.get_xlim()[0] <= tick <= max(right, 0.2)]
    axes.set_xticks(ticks, [f"{100 * tick:.0f}".replace("-", "−") for tick in ticks])
    axes.set_xlabel(in_picture("captions.noise-axis"), loc="left")
    axes.axvline(0, color=MUTED, linewidth=0.8)


@styled
def picture(study: Study, tables: Mapping[str, pd.DataFrame]) -> Drawing:  # noqa: ARG001 (all pictures are called alike)
    """Shares of the noise by source; nothing to draw where noise was not crossed."""
    table = tables[NAME]
    rows = shown(table)
    if rows.empty:
        raise NothingToDraw(first_reason(table, say("captions.noise-not-crossed")))
    axes = new_figure(0.9 + 0.44 * len(rows)).add_subplot()
    draw(table, axes)
    axes.spines["bottom"].set_visible(False)
    grid_behind(axes)
    return Drawing.on(axes, say("captions.noises"), caption(table))


def caption(table: pd.DataFrame) -> str:
    """Sentences under the picture."""
    text = say("captions.noise-how")
    if (shown(table)[OF_NOISE] < 0).any():
        text += f" {say('captions.noise-below')}"
    return text


PICTURE: Final = Picture("noise_sources", "noise_sources", picture)
