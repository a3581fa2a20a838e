"""What a learning-rate finder saw: the loss against the rising rate, and the valley that a sweep measured."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.branch import OPTIMIZER, words
from sensitivity.language import say
from sensitivity.measures import found_rates as f
from sensitivity.pictures.labels import in_picture
from sensitivity.pictures.marks.scales import log_axis
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import FRAME, INK, SMALLEST, new_figure, setting_colours, styled
from sensitivity.words import short

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence
    from typing import Any

    import pandas as pd
    from matplotlib.axes import Axes

    from sensitivity.measures.found_rates import Valley
    from sweeps.finder import Ramp

PER_ROW: Final = 3
ROW: Final = 1.55  # inches
_LOSS, _, _ERROR = setting_colours(["loss", "break", "error"]).values()


@styled
def draw_ramp(ramp: Ramp, axes: Axes) -> None:
    """Smoothed loss of every replicate in parts of the first, thin, and their mean."""
    firsts = ramp.losses.max(axis=1, keepdims=True)
    parts = ramp.smooth / firsts
    axes.plot(ramp.rates, parts.T, color=_LOSS, linewidth=0.5, alpha=0.45)
    axes.plot(ramp.rates, parts.mean(axis=0), color=_LOSS, linewidth=1.5)
    axes.set_ylim(0, 1.08)


@styled
def draw_marks(row: Mapping[Hashable, Any], axes: Axes) -> None:
    """Suggested rate and the rate at which it breaks, each a line over its interval."""
    for names, colour, dashes in ((f.SUGGESTED, INK, "-"), (f.BREAKS, FRAME, "--")):
        rate, low, high = (float(row[name]) for name in names)
        if math.isfinite(rate):
            axes.axvline(rate, color=colour, linewidth=1.3, linestyle=dashes, zorder=3)
        if math.isfinite(low):
            axes.axvspan(low, high, color=colour, alpha=0.16, linewidth=0, zorder=0)


@styled
def draw_valley(valley: Valley, axes: Axes) -> None:
    """Error at the end of a whole training against its rate, in parts of a constant guess's."""
    axes.plot(
        valley.rates, valley.errors / valley.cap, "o-", color=_ERROR, markersize=3, linewidth=1.2, zorder=2
    )


@styled
def picture(
    dataset: str, ramps: Sequence[Ramp], table: pd.DataFrame, measured: Mapping[str, Valley] | None = None
) -> Drawing:
    """A panel per optimizer, on one axis of rates.

    Parameters
    ----------
    table
        Of `sensitivity.measures.found_rates.found_rates`, in the order of the ramps.
    measured
        Valleys to lay the suggestion over.
    """
    across = 2 if len(ramps) == 4 else min(PER_ROW, len(ramps))
    lines = math.ceil(len(ramps) / across)
    figure = new_figure(ROW * lines + 0.5)
    panels = figure.subplots(lines, across, squeeze=False, sharex=True, sharey=True).ravel()
    low, high = ramps[0].rates[0], ramps[0].rates[-1]
    for place, (axes, ramp, row) in enumerate(zip(panels, ramps, table.to_dict("records"), strict=False)):
        name = str(row[OPTIMIZER])
        draw_ramp(ramp, axes)
        if measured is not None:
            draw_valley(measured[name], axes)
        draw_marks(row, axes)
        log_axis(axes, "x", low, high)
        axes.set_xticks(10.0 ** np.arange(math.ceil(math.log10(low) - 1e-9), math.log10(high) + 1e-9, 2))
        axes.minorticks_off()
        axes.set_xlim(low, high)
        axes.tick_params(labelsize=SMALLEST, labelbottom=place + across >= len(ramps))
        axes.set_xlabel(in_picture("finder.rate") if place + across >= len(ramps) else "")
        axes.set_ylabel("" if place % across else in_picture("finder.loss"))
        axes.set_title(f"{words(name)}: {suggestion(row)}", fontsize=9.0, pad=3)
    for axes in panels[len(ramps) :]:
        axes.set_visible(False)
    title = say("finder.title", dataset=words(dataset))
    return Drawing(figure, title, _caption(ramps, valley=measured is not None))


def suggestion(row: Mapping[Hashable, Any]) -> str:
    """Suggested rate in words."""
    rate = float(row[f.SUGGESTED[0]])
    if math.isnan(rate):
        return in_picture("finder.nothing")
    return f"{'' if row[f.BROKE] == row[f.REPLICATES] else '≥ '}{short(rate)}"


def _caption(ramps: Sequence[Ramp], *, valley: bool) -> str:
    replicates, steps = ramps[0].losses.shape
    text = say("finder.ramp", steps=str(steps), replicates=str(replicates))
    return f"{text} {say('finder.valley')}" if valley else text
