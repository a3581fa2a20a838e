"""How many random trials it takes: the expected best after k of them, overall and per optimizer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sensitivity.branch import words
from sensitivity.estimators.effects import ALL, BRANCH, HIGH, LOW
from sensitivity.language import say
from sensitivity.pictures.labels import RESPONSE, direction_words, in_picture
from sensitivity.pictures.marks.lines import band, line, log_if_far
from sensitivity.pictures.marks.scales import log_axis
from sensitivity.pictures.orders import branch_colours
from sensitivity.pictures.picture import NothingToDraw, Picture, first_reason
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import INK, REST, new_figure, styled
from sensitivity.trials import all_failed

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes

    from sensitivity.study import Study

NAME: Final = "best_after_k"
BEST: Final = "best"
FEW_BRANCHES: Final = 4
MOST_BRANCHES: Final = 12
LOG_FROM: Final = 5.0
_DASHES: Final = ("-", (0, (5, 1.5)), (0, (1.5, 1.2)))  # neighbours differ in more than their colour


def shown(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Rows of each branch, the whole plan first, then the optimizers as listed, the twelve best of many."""
    rows = table[table[BEST].notna()]
    last = rows[rows[BRANCH] != ALL].groupby(BRANCH, sort=False)[BEST].last().sort_values(kind="stable")
    drawn = {ALL, *last.index[:MOST_BRANCHES]}
    order = dict.fromkeys([ALL, *rows[BRANCH]])
    return {
        str(branch): rows[rows[BRANCH] == branch]
        for branch in order
        if branch in drawn and (rows[BRANCH] == branch).any()
    }


@styled
def draw(table: pd.DataFrame, axes: Axes) -> None:
    """Draw a line per branch over k on a log axis, the whole plan thick with the deciles of its searches."""
    found = shown(table)
    others = [branch for branch in found if branch != ALL]
    every = [str(branch) for branch in dict.fromkeys(table[BRANCH]) if branch != ALL]
    colours = {**branch_colours(every), ALL: INK}
    for branch, rows in found.items():
        k, best, low, high = rows[["k", BEST, LOW, HIGH]].to_numpy(dtype=float).T
        if branch == ALL:
            lowest, highest = rows[["decile_10", "decile_90"]].to_numpy(dtype=float).T
            band(axes, k, lowest, highest, REST, alpha=0.4, zorder=0)
            name = in_picture("captions.all-optimizers") if others else in_picture("captions.budget-search")
            line(axes, k, best, INK, label=name, linewidth=2.6, zorder=3)
        else:
            dashes = _DASHES[others.index(branch) % len(_DASHES)]
            line(axes, k, best, colours[branch], label=words(branch), linewidth=1.4, linestyle=dashes)
        if len(found) <= FEW_BRANCHES:
            band(axes, k, low, high, colours[branch], alpha=0.25)
    log_if_far(axes, float(table[BEST].min()), float(table[BEST].max()), LOG_FROM)
    most = max(float(rows["k"].max()) for rows in found.values())
    log_axis(axes, "x", 1.0, min(max(most, 1.0), 99.0))
    axes.set_xlim(0.95, max(most, 2.0) * 1.02)
    axes.set_xlabel(in_picture("captions.budget-k"))
    axes.grid(axis="y")
    axes.set_label(RESPONSE)
    if len(found) > 1:
        axes.legend(loc="upper right", handlelength=2.4)  # which is free, since curves fall


@styled
def picture(study: Study, tables: Mapping[str, pd.DataFrame]) -> Drawing:
    """Expected best after k random trials; nothing to draw where there is no configuration to draw from."""
    table = tables[NAME]
    found = shown(table)
    if all_failed(study.plan):
        raise NothingToDraw(say("captions.every-trial-failed"))
    if not found:
        raise NothingToDraw(first_reason(table, say("captions.no-configuration")))
    axes = new_figure(max(3.3, 0.9 + 0.19 * len(found))).add_subplot()
    draw(table, axes)
    axes.set_ylabel(in_picture("captions.budget-best", metric=words(study.metric, 40)))
    return Drawing.on(axes, say("captions.budget"), _caption(study, table, found))


def _caption(study: Study, table: pd.DataFrame, found: Mapping[str, pd.DataFrame]) -> str:
    text = [
        say("captions.budget-how", metric=words(study.label, 60)),
        direction_words(study).strip() or say("captions.lower-plain"),
        say("captions.budget-flat"),
    ]
    if ALL in found:
        text.append(say("captions.budget-grey"))
    if len(found) <= FEW_BRANCHES:
        text.append(say("captions.budget-bands"))
    if len(found) > 1:
        text.append(say("captions.budget-others"))
    lost = table.loc[table[BEST].notna(), BRANCH].nunique() - len(found)
    if lost > 0:
        text.append(say("captions.left-out-optimizers", count=lost))
    return " ".join(text)


PICTURE: Final = Picture("best_after_k", "budget", picture, narrow=True)
