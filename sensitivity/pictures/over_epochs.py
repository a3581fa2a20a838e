"""Which settings matter early and which late: the share of each setting after each epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sensitivity.branch import words
from sensitivity.estimators import effects as e
from sensitivity.language import say
from sensitivity.measures.over_epochs import EPOCH
from sensitivity.pictures import style
from sensitivity.pictures.labels import in_picture
from sensitivity.pictures.marks.lines import band, line, whole_epochs
from sensitivity.pictures.orders import colours_in_order
from sensitivity.pictures.picture import NothingToDraw, Picture, first_reason
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import INK, new_figure, styled
from sensitivity.trials import DIVERGED, OUTCOME

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from matplotlib.axes import Axes

    from sensitivity.study import Study

NAME: Final = "sensitivity_over_epochs"


def shown(table: pd.DataFrame, branch: str = e.ALL) -> pd.DataFrame:
    """Rows to draw: totals where there are any, otherwise main effects by bins, and the noise."""
    rows = table[(table[e.BRANCH] == branch) & table[e.SHARE].notna()]
    kind = e.TOTAL if (rows[e.KIND] == e.TOTAL).any() else e.BINNED
    return rows[rows[e.KIND].isin([kind, *e.NOISES])]


@styled
def draw(table: pd.DataFrame, axes: Axes, colours: Mapping[str, str], branch: str = e.ALL) -> None:
    """Draw a line with its band per setting, the noise dashed, named beside in the order of the colours.

    Parameters
    ----------
    table
        Table ``sensitivity_over_epochs`` (`sensitivity.measures.over_epochs`).
    colours
        Of each setting, in the order in which they are named.
    branch
        Which branch to show.
    """
    rows = shown(table, branch)
    for (kind, name), course in rows.groupby([e.KIND, e.SETTING], sort=False):
        noise = kind in e.NOISES
        colour = style.NOISE if noise else colours.get(str(name), INK)
        epochs, share, low, high = course[[EPOCH, e.SHARE, e.LOW, e.HIGH]].to_numpy(dtype=float).T
        look = {"linewidth": 1.4, "linestyle": "--"} if noise else {"linewidth": 1.9}
        line(
            axes,
            epochs,
            100 * share,
            colour,
            label=in_picture("captions.variance-noise") if noise else words(name),
            **look,
        )
        band(axes, epochs, 100 * low, 100 * high, colour, alpha=0.16)
    axes.set(xlabel=in_picture("captions.epoch"), ylabel=in_picture("captions.course-axis"))
    axes.set_ylim(min(0.0, float(100 * rows[e.SHARE].min()) - 1), None)
    whole_epochs(axes)
    axes.margins(x=0.01)
    axes.grid(axis="y")
    order = [*map(words, colours), in_picture("captions.variance-noise")]
    named = sorted(zip(*axes.get_legend_handles_labels(), strict=True), key=lambda one: order.index(one[1]))
    axes.legend(handles=[handle for handle, _ in named], loc="center left", bbox_to_anchor=(1, 0.5))


@styled
def picture(study: Study, tables: Mapping[str, pd.DataFrame]) -> Drawing:
    """Shares after each epoch in the whole plan; nothing to draw where no share is known after any epoch."""
    table = tables[NAME]
    rows = shown(table)
    if not (~rows[e.KIND].isin(e.NOISES)).any():
        raise NothingToDraw(first_reason(table, "") if study.curves else say("captions.no-curve"))
    axes = new_figure(max(3.2, 0.9 + 0.19 * (len(study.space.names) + 1))).add_subplot()
    draw(table, axes, colours_in_order(study, tables))
    return Drawing.on(axes, say("captions.course"), _caption(rows, study))


def _caption(rows: pd.DataFrame, study: Study) -> str:
    total = (rows[e.KIND] == e.TOTAL).any()
    text = [
        say("captions.course-total") if total else say("captions.course-main"),
        say("captions.course-response", metric=words(study.metric, 60)),
        say("captions.course-shares"),
    ]
    known = rows.loc[~rows[e.KIND].isin(e.NOISES), e.LOW].notna().any()
    once = say("captions.once")
    text.append(say("captions.bands") if known else say("captions.no-intervals", reason=once))
    if rows[e.KIND].isin(e.NOISES).any():
        text.append(say("captions.seed-alone", shaded="no"))
    if (study.trials[OUTCOME] == DIVERGED).any():
        text.append(say("captions.course-capped"))
    return " ".join(text)


PICTURE: Final = Picture("over_epochs", "epochs", picture, narrow=True)
