"""Do the same settings matter everywhere: rank and share of each setting in each run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.colors import Normalize

from sensitivity.branch import words
from sensitivity.estimators.effects import ALL, BRANCH, KIND, SETTING, SHARE, TOTAL
from sensitivity.language import say
from sensitivity.measures.concordance import AGREEMENT, CHANCE, MEAN_RANK, RANK, RUN
from sensitivity.pictures.marks.heatmap import coloured, write_cell
from sensitivity.pictures.picture import NothingToDraw
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import SHARES, WIDTH, new_figure, styled
from sensitivity.remarks import REMARKS, first_words
from sensitivity.words import percent

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

NAME: Final = "ranking_across_runs"


def shown(table: pd.DataFrame, branch: str = ALL) -> pd.DataFrame:
    """Rows of a branch that have a share, settings by mean rank."""
    rows = table[(table[BRANCH] == branch) & table[SHARE].notna()]
    return rows.sort_values([MEAN_RANK, SETTING], kind="stable", ignore_index=True)


@styled
def draw(table: pd.DataFrame, axes: Axes, branch: str = ALL) -> None:
    """Draw a cell per setting and run: the rank large, the share beneath and as the colour.

    Parameters
    ----------
    table
        From `sensitivity.measures.concordance.compare`.
    branch
        Which branch to show.
    """
    rows = shown(table, branch)
    settings, runs = rows[SETTING].unique().tolist(), rows[RUN].unique().tolist()
    shares = np.full((len(settings), len(runs)), np.nan)
    at = [(settings.index(row[SETTING]), runs.index(row[RUN])) for row in rows.to_dict("records")]
    shares[tuple(np.transpose(at))] = rows[SHARE].to_numpy(dtype=float)
    scale = Normalize(0.0, max(float(rows[SHARE].max()), 1e-9), clip=True)
    coloured(axes, shares, scale, SHARES, settings, [words(run, 18) for run in runs], 1.5)
    for cell, rank in zip(at, rows[RANK], strict=True):
        lines = [(f"{float(rank):g}", 12.0), (percent(float(shares[cell])), 7.5)]
        write_cell(axes, cell, lines, SHARES(float(scale(shares[cell]))), heights=(0.37, 0.77))
    axes.xaxis.tick_top()
    if len(runs) > 6 or max(len(words(run, 18)) for run in runs) * len(runs) > 75:
        for label in axes.get_xticklabels():
            label.set(rotation=40, ha="left", rotation_mode="anchor")


@styled
def picture_of(table: pd.DataFrame) -> Drawing:
    """Heatmap of ranks across runs, from `sensitivity.measures.concordance.compare`.

    Nothing to draw where fewer than two runs have a share.
    """
    rows = shown(table)
    runs = rows[RUN].nunique()
    if runs < 2:
        raise NothingToDraw(say("captions.runs-few"))
    height = 0.55 * rows[SETTING].nunique() + (1.2 if runs > 4 else 0.5)
    figure = new_figure(height, max(WIDTH, 2.0 + 0.41 * runs))
    draw(table, figure.add_subplot())
    return Drawing(figure, say("captions.runs"), caption(rows))


def caption(rows: pd.DataFrame) -> str:
    """Sentences under the picture."""
    kind = "total" if (rows[KIND] == TOTAL).all() else "main"
    remarks = rows[REMARKS].iloc[0]
    agreement = first_words(None, remarks)
    text = [say("captions.runs-how", kind=kind), f"{agreement[:1].upper()}{agreement[1:]}."]
    if remarks.has(AGREEMENT) or remarks.has(CHANCE):
        text.append(say("captions.runs-kendall"))
    if len(rows) < rows[RUN].nunique() * rows[SETTING].nunique():
        text.append(say("captions.runs-blank"))
    return " ".join(text)
