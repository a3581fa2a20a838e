"""Where the variance comes from: one bar of 100 % for the whole plan and for each optimizer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.patches import Patch

from sensitivity.branch import OPTIMIZER, setting_of, words
from sensitivity.estimators.effects import (
    ALL,
    BRANCH,
    HIGHER,
    INTERACTION,
    KIND,
    LACK_OF_FIT,
    MAIN,
    NOISE,
    SETTING,
    SHARE,
)
from sensitivity.language import say
from sensitivity.pictures import style
from sensitivity.pictures.labels import in_picture
from sensitivity.pictures.marks.bars import bar, name_rows
from sensitivity.pictures.marks.layout import inches
from sensitivity.pictures.orders import colours_in_order
from sensitivity.pictures.picture import NothingToDraw, Picture, first_reason
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import REST, ink_on, new_figure, styled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd
    from matplotlib.axes import Axes

    from sensitivity.study import Study

NAME: Final = "variance_decomposition"
ROUNDING: Final = 1e-6
LABELLED_FROM: Final = 0.06
PAIRS: Final = "interactions of two"
MORE: Final = "interactions of three or more"
UNEXPLAINED: Final = "not explained by the model"
SEED: Final = "noise of the seed"
REMAINDER: Final = "not explained by main effects"
# Interactions belong to no single setting: slates, between the settings' colours and the greys of the noise.
_OTHERS: Final = {PAIRS: "#41505f", MORE: "#6f8092", REMAINDER: REST, UNEXPLAINED: REST, SEED: style.NOISE}


def parts(table: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Parts of each branch, which add up to 1: main effects by setting, then what belongs to none.

    Negative estimates count as 0, and the others are scaled to the sum of 1. Where a plan shows main effects
    only, what they and the noise lack of 1 is `REMAINDER`. Branches without any main effect are left out.
    """
    found: dict[str, dict[str, float]] = {}
    groups = dict(iter(table.groupby(BRANCH, sort=False)))
    for branch in sorted(groups, key=lambda branch: branch != ALL):
        if len(found) > style.MOST_DRAWN:
            break
        rows = groups[branch]
        main = rows[rows[KIND] == MAIN].set_index(SETTING)[SHARE].astype(float)
        if main.notna().any():
            found[str(branch)] = _scaled(main, rows)
    return found


def _scaled(main: pd.Series, rows: pd.DataFrame) -> dict[str, float]:
    joint = rows[KIND] == INTERACTION
    others = {
        PAIRS: joint & (rows[SETTING] != HIGHER),
        MORE: joint & (rows[SETTING] == HIGHER),
        UNEXPLAINED: rows[KIND] == LACK_OF_FIT,
        SEED: rows[KIND] == NOISE,
    }
    sums = {str(name): share for name, share in main.fillna(0.0).items()}
    sums |= {name: float(rows.loc[mask, SHARE].sum()) for name, mask in others.items()}
    missing = 1.0 - sum(sums.values())
    if missing > 1e-6:
        sums[REMAINDER] = missing
    whole = sum(max(share, 0.0) for share in sums.values())
    return {name: max(share, 0.0) / whole for name, share in sums.items() if share > 0}


@styled
def draw(table: pd.DataFrame, axes: Axes, colours: Mapping[str, str]) -> None:
    """Draw a stacked bar per branch, the whole plan at the top."""
    found = parts(table)
    for place, shares in enumerate(found.values()):
        left = 0.0
        for name in sorted(shares, key=lambda name: _order(name, list(colours))):
            _segment(axes, place, left, shares[name], _colour(name, colours))
            left += shares[name]
    name_rows(axes, [_branch(branch, found) for branch in found])
    axes.set_xlim(0, 1)
    axes.set_xticks(np.linspace(0, 1, 6), [f"{tick:.0f}" for tick in np.linspace(0, 100, 6)])
    axes.set_xlabel(in_picture("captions.share-axis"))
    axes.spines["bottom"].set_visible(False)


def _colour(name: str, colours: Mapping[str, str]) -> str:
    return {**colours, **_OTHERS}.get(name, REST)


def _order(name: str, settings: list[str]) -> int:
    """Settings in the order of their colours, then what belongs to none."""
    listed = [*settings, *_OTHERS]
    return listed.index(name) if name in listed else len(listed)


def _branch(branch: str, branches: Iterable[str]) -> str:
    if branch != ALL:
        return words(branch)
    return (
        in_picture("captions.all-optimizers")
        if _of_optimizers(branches)
        else in_picture("captions.all-trials")
    )


def _label(part: str) -> str:
    """Name of a part for the legend."""
    others = {
        PAIRS: in_picture("captions.variance-pairs"),
        MORE: in_picture("captions.variance-more"),
        UNEXPLAINED: in_picture("captions.variance-unexplained"),
        SEED: in_picture("captions.variance-noise"),
        REMAINDER: in_picture("captions.variance-remainder"),
    }
    return others.get(part) or words(part, 34)


def _of_optimizers(branches: Iterable[str]) -> bool:
    """Whether the branches are optimizers; where there is none, they are values of another choice."""
    return any(setting_of(branch) == OPTIMIZER for branch in branches)


def _segment(axes: Axes, place: int, left: float, share: float, colour: str) -> None:
    bar(axes, place, (left, left + share), 0.74, facecolor=colour, linewidth=0.6, edgecolor=style.PAPER)
    if share >= LABELLED_FROM:
        text: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 8.0, "color": ink_on(colour)}
        axes.text(left + share / 2, place, f"{100 * share:.0f}", **text)


@styled
def picture(study: Study, tables: Mapping[str, pd.DataFrame]) -> Drawing:
    """Stacked bars of the whole plan and of each optimizer; nothing to draw where no main effect is known."""
    table = tables[NAME]
    found = parts(table)
    if not found:
        raise NothingToDraw(first_reason(table, say("captions.no-variance")))
    colours = colours_in_order(study, tables)
    names = {name for shares in found.values() for name in shares}
    used = sorted(names, key=lambda name: _order(name, list(colours)))
    axes = new_figure(0.75 + 0.33 * len(found) + 0.19 * -(-len(used) // 3)).add_subplot()
    draw(table, axes, colours)
    handles = [Patch(facecolor=_colour(name, colours), label=_label(name)) for name in used]
    # As many columns as fit beside the labels of the bars.
    columns = int(5.6 / (inches((_label(name) for name in used), 8.0) + 0.3))
    axes.legend(
        handles=handles, loc="upper center", bbox_to_anchor=(0.5, 0), borderaxespad=3.6,
        ncols=max(1, min(3, columns)), handlelength=1.1, columnspacing=1.4,
    )  # fmt: skip
    return Drawing.on(axes, say("captions.variance"), caption(table))


def caption(table: pd.DataFrame) -> str:
    """Sentences under the picture."""
    found = parts(table)
    used = {name for shares in found.values() for name in shares}
    count = table[BRANCH].nunique() - 1
    text = [say("captions.variance-colours")]
    if len(found) > 1:
        more, one = count > style.MOST_DRAWN, _of_optimizers(found)
        text.append(
            say(
                "captions.variance-bars",
                more="yes" if more else "no",
                shown=style.MOST_DRAWN,
                count=count,
                optimizers="yes" if one else "no",
            )
        )
    if used & {PAIRS, MORE}:
        text.append(say("captions.variance-slate"))
    if REMAINDER in used:
        text.append(say("captions.variance-apart"))
    if UNEXPLAINED in used:
        text.append(say("captions.variance-model"))
    adding = table[table[KIND].isin([MAIN, INTERACTION, NOISE, LACK_OF_FIT])]
    if (adding.groupby(BRANCH)[SHARE].sum() > 1 + ROUNDING).any():
        text.append(say("captions.variance-scaled"))
    return " ".join([*text, say("captions.variance-numbers", least=f"{100 * LABELLED_FROM:.0f}")])


PICTURE: Final = Picture("decomposition", "variance", picture, narrow=True)
