"""Which settings matter early and which late: the share of each setting after each epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.ticker import MaxNLocator

from sensitivity.estimators.effects import (
    ALL,
    BRANCH,
    HIGH,
    KIND,
    LOW,
    MAIN,
    NOISE,
    SETTING,
    SHARE,
    TOTAL,
)
from sensitivity.measures.over_epochs import EPOCH
from sensitivity.pictures import style
from sensitivity.pictures.line_labels import end_labels
from sensitivity.pictures.picture import NothingToDraw, Picture
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import INK, new_figure, setting_colours, styled, words
from sensitivity.remarks import VERDICT
from sensitivity.trials import DIVERGED, OUTCOME

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes

    from sensitivity.study import Study

NAME: Final = "sensitivity_over_epochs"
SEED: Final = "noise of the seed"


def shown(table: pd.DataFrame, branch: str = ALL) -> pd.DataFrame:
    """Rows to draw: totals where there are any, otherwise main effects, and the noise."""
    rows = table[(table[BRANCH] == branch) & table[SHARE].notna()]
    kind = TOTAL if (rows[KIND] == TOTAL).any() else MAIN
    return rows[rows[KIND].isin([kind, NOISE])]


@styled
def draw(table: pd.DataFrame, axes: Axes, colours: Mapping[str, str], branch: str = ALL) -> None:
    """Draw a line with its band per setting, the noise dashed, names at the ends.

    Parameters
    ----------
    table
        Table ``sensitivity_over_epochs`` (`sensitivity.measures.over_epochs`).
    colours
        Of each setting, by name.
    branch
        Which branch to show.
    """
    rows = shown(table, branch)
    lines: list[tuple[float, float, str, str]] = []
    for (kind, name), course in rows.groupby([KIND, SETTING], sort=False):
        noise = kind == NOISE
        colour = style.NOISE if noise else colours.get(str(name), INK)
        epochs, share, low, high = course[[EPOCH, SHARE, LOW, HIGH]].to_numpy(dtype=float).T
        axes.plot(
            epochs, 100 * share, color=colour, linewidth=1.4 if noise else 1.9,
            linestyle="--" if noise else "-", marker="o" if len(course) == 1 else "", markersize=4,
        )  # fmt: skip
        if np.isfinite(low).any():
            axes.fill_between(epochs, 100 * low, 100 * high, color=colour, alpha=0.16, linewidth=0)
        lines.append((float(epochs[-1]), float(100 * share[-1]), SEED if noise else words(name), colour))
    axes.set_xlabel("epoch")
    axes.set_ylabel("share of the variance after this epoch (%)")
    axes.set_ylim(min(0.0, float(100 * rows[SHARE].min()) - 1), None)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.margins(x=0.01)
    axes.grid(axis="y")
    end_labels(axes, lines)


@styled
def picture(study: Study, tables: Mapping[str, pd.DataFrame]) -> Drawing:
    """Shares after each epoch in the whole plan.

    Raises
    ------
    NothingToDraw
        Where no share is known after any epoch.
    """
    table = tables[NAME]
    rows = shown(table)
    if not (rows[KIND] != NOISE).any():
        raise NothingToDraw("no trial has a curve" if not study.curves else str(table[VERDICT].iloc[0]))
    figure = new_figure(max(3.2, 0.9 + 0.19 * (len(study.space.names) + 1)))
    draw(table, figure.add_subplot(), setting_colours(study.space.names))
    return Drawing(figure, "What matters early in training and what late", caption(rows, study))


def caption(rows: pd.DataFrame, study: Study) -> str:
    """Sentences under the picture."""
    total = (rows[KIND] == TOTAL).any()
    text = [
        "Lines: total effect of each setting, interactions included, so they may add up to more than 100 %."
        if total
        else "Lines: main effect of each setting; interactions are not seen in this plan.",
        f"Response: {study.metric} after the epoch.",
        "Shares are of the variance after that epoch: a line may fall because another effect grows.",
    ]
    settings = rows[rows[KIND] != NOISE]
    text.append(
        "Bands: 95 % intervals." if settings[LOW].notna().any() else "No intervals: nothing was run twice."
    )
    if (rows[KIND] == NOISE).any():
        text.append("Dashed: what the seed alone explains.")
    if (study.trials[OUTCOME] == DIVERGED).any():
        text.append(
            "A diverged run has its own curve until then and the cap after; in the ranking it has the cap, "
            "so the last epoch need not show the same shares."
        )
    return " ".join(text)


PICTURE: Final = Picture("over_epochs", "epochs", picture)
