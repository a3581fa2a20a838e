"""Which settings matter: a bar per setting in order of its total effect, against the noise of the seed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.patches import Patch

from sensitivity.branch import words
from sensitivity.estimators.effects import NO_REPLICATES, SEED_ROW, of_seeds
from sensitivity.language import say
from sensitivity.measures.ranking import (
    INSIDE,
    MAIN_EFFECT,
    MAIN_HIGH,
    MAIN_LOW,
    RANK,
    SETTING,
    TOTAL_EFFECT,
    TOTAL_HIGH,
    TOTAL_LOW,
    TRIALS,
)
from sensitivity.pictures.labels import in_picture
from sensitivity.pictures.marks.bars import GREY, bar, beside, grid_behind, intervals, name_rows
from sensitivity.pictures.marks.layout import inches
from sensitivity.pictures.orders import colours_in_order
from sensitivity.pictures.picture import NothingToDraw, Picture, first_reason
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import (
    HATCH,
    INK,
    MOST_DRAWN,
    MUTED,
    NOISE,
    given_room,
    is_narrow,
    new_figure,
    styled,
)
from sensitivity.remarks import JUDGEMENT, REMARKS, Judgement, has
from sensitivity.words import interval, percent

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd
    from matplotlib.axes import Axes

    from sensitivity.study import Study

NAME: Final = "ranking"
_PALE: Final = 0.38  # opacity of a total effect
_HEIGHT: Final = 0.72  # of a bar


def ranked(table: pd.DataFrame) -> pd.DataFrame:
    """Settings that have a share by rank, the first of many, with it in ``share``, ``low`` and ``high``.

    The share is the total effect, or the main effect where no setting has a total. ``few`` says how many
    trials have the setting, where others have more.
    """
    rows = table[table[RANK].notna()].sort_values(RANK, kind="stable")
    totals = rows[TOTAL_EFFECT].notna().any()
    names = (TOTAL_EFFECT, TOTAL_LOW, TOTAL_HIGH) if totals else (MAIN_EFFECT, MAIN_LOW, MAIN_HIGH)
    numbers = dict(zip(("share", "low", "high"), (rows[name] for name in names), strict=True))
    trials = rows[TRIALS].fillna(0).astype(int)
    few = [
        in_picture("captions.about", count=have) if have < trials.max() else "" for have in trials.tolist()
    ]
    return rows.assign(**numbers, few=few).dropna(subset="share").reset_index(drop=True).head(MOST_DRAWN)


def noise(table: pd.DataFrame) -> tuple[float, float, float]:
    """Share of the seed and the ends of its interval; NaN where unknown."""
    rows = table[table[RANK].isna() & (table[SETTING] == SEED_ROW)]
    if rows.empty:
        return np.nan, np.nan, np.nan
    share, low, high = rows[[MAIN_EFFECT, MAIN_LOW, MAIN_HIGH]].astype(float).to_numpy()[0].tolist()
    return share, low, high


@styled
def draw(table: pd.DataFrame, axes: Axes, colours: Mapping[str, str]) -> None:
    """Draw bars of main and total effects from the top down, and the share of the seed."""
    rows, seed = ranked(table), noise(table)
    share, low, high, main = rows[["share", "low", "high", MAIN_EFFECT]].to_numpy(dtype=float).T
    right = float(np.nanmax([*share, *high, *main, seed[0]], initial=0.05))
    _noise_band(axes, seed, right, seeds=of_seeds(table[table[SETTING] == SEED_ROW]))
    for place, row in enumerate(rows.to_dict("records")):
        _bars(axes, place, row, colours.get(str(row[SETTING]), NOISE))
        _number(axes, place, row)
    intervals(axes, range(len(rows)), (np.minimum(low, share), np.maximum(high, share)), caps=True)
    name_rows(axes, [words(name) for name in rows[SETTING]], room=(0.62, 0.5))
    axes.set_xlim(min(0.0, float(share.min()) * 1.1), right * 1.02)
    if (given := given_room()) is not None:  # the Axes are no wider than they are given
        axes.locator_params(axis="x", nbins=max(int(given.width), 2))
    ticks = [tick for tick in axes.get_xticks() if axes.get_xlim()[0] <= tick <= axes.get_xlim()[1]]
    axes.set_xticks(ticks, [f"{100 * tick:.0f}" for tick in ticks])
    axes.set_xlabel(in_picture("captions.share-axis"), loc="left")
    axes.axvline(0, color=MUTED, linewidth=0.8)


def _bars(axes: Axes, place: int, row: Mapping[Hashable, Any], colour: str) -> None:
    """One setting: the total pale, the main effect solid on it."""
    share, main = float(row["share"]), float(row[MAIN_EFFECT])
    grey = row[JUDGEMENT] == Judgement.NOT_ABOVE
    total = not np.isnan(float(row[TOTAL_EFFECT]))
    if total:
        look = GREY if grey else {"facecolor": colour, "alpha": _PALE, "edgecolor": "none"}
        bar(axes, place, (0, share), _HEIGHT, gid=f"total-{place}", **look)
    if not np.isnan(main):
        look = {"facecolor": HATCH if grey else colour, "edgecolor": HATCH}
        look = GREY if grey and not total else look
        bar(axes, place, (0, main), _HEIGHT / 2 if total else _HEIGHT, gid=f"main-{place}", **look)


def _number(axes: Axes, place: int, row: Mapping[Hashable, Any]) -> None:
    """The share in words at the end of its bar, with a remark where it is not above the noise."""
    share, low, high, main = (float(row[name]) for name in ("share", "low", "high", MAIN_EFFECT))
    end = max(value for value in (0.0, share, high, main) if not np.isnan(value))
    told = "" if row[JUDGEMENT] == Judgement.ABOVE else in_picture("captions.not-judged")
    if row[JUDGEMENT] == Judgement.NOT_ABOVE:
        told = in_picture("captions.not-above")
    if has([row.get(REMARKS)], INSIDE)[0]:
        told = in_picture("captions.counts-inside", branch=words(row[REMARKS].only(INSIDE)[0].given[0]))
    remark = ", ".join(filter(None, [told, str(row["few"])]))
    text = interval(share, low, high) + (f"\n{remark}" if remark else "")
    beside(axes, text, (end, place), xytext=(5, 0), linespacing=1.1, color=MUTED if remark else INK)


def _noise_band(axes: Axes, found: tuple[float, float, float], right: float, *, seeds: bool) -> None:
    """Share of the seed as a line with its interval as a band behind the bars, named at the top."""
    share, low, high = found
    if np.isnan(share):
        return
    if not (np.isnan(low) or np.isnan(high)):
        axes.axvspan(low, high, color=NOISE, alpha=0.3, linewidth=0, zorder=0)
    axes.axvline(share, color=NOISE, linewidth=1.2, linestyle=(0, (4, 2)), zorder=2.5)
    name = in_picture("captions.noise-line", seeds="yes" if seeds else "no", share=percent(share))
    look = {"ha": "left" if share < right / 2 else "right", "va": "bottom", "color": MUTED}
    beside(axes, name, (share, 1.0), xycoords=("data", "axes fraction"), xytext=(0, 2), **look)


@styled
def picture(study: Study, tables: Mapping[str, pd.DataFrame]) -> Drawing:
    """Ranking of the settings; nothing to draw where no setting has a share."""
    table = tables[NAME]
    rows = ranked(table)
    if rows.empty:
        raise NothingToDraw(first_reason(table, say("captions.no-setting")))
    axes = new_figure(0.95 + 0.44 * len(rows)).add_subplot()
    draw(table, axes, colours_in_order(study, tables))
    # The numbers stand to the right of the axes' longest bar: room for them, whatever the layout.
    room = _room_of_numbers(rows)
    axes.set_xlim(right=axes.get_xlim()[1] * (1 + room / (1 - room)))
    axes.spines["bottom"].set_visible(False)
    grid_behind(axes)
    if rows[TOTAL_EFFECT].notna().any():
        pale = {in_picture("captions.main-effect"): None, in_picture("captions.total-effect"): _PALE}
        axes.legend(
            handles=[Patch(facecolor=MUTED, alpha=alpha, label=name) for name, alpha in pale.items()],
            ncols=2, handlelength=1.4, **_place_of_legend(),
        )  # fmt: skip
    return Drawing.on(axes, say("captions.ranking"), caption(table))


def _room_of_numbers(rows: pd.DataFrame) -> float:
    """Part of the width of the Axes to the right of the longest bar, for its number."""
    usual, given = 0.24 if rows["low"].notna().any() else 0.16, given_room()
    if given is None:
        return usual
    texts = [interval(*row) for row in rows[["share", "low", "high"]].to_numpy(dtype=float).tolist()]
    named = inches([words(name) for name in rows[SETTING]], 8.0)
    return min(max(usual, (inches(texts, 7.0) + 0.1) / max(given.width - named - 0.2, 0.1)), 0.7)


def _place_of_legend() -> dict[str, Any]:
    """Beneath the label of the axis, or beside it; on Axes that are given above them, where nothing moves."""
    if given_room() is not None:
        return {"loc": "lower right", "bbox_to_anchor": (1, 1), "borderaxespad": 1.7}
    return {"loc": "upper right", "bbox_to_anchor": (1, 0), "borderaxespad": 3.4 if is_narrow() else 1.9}


def caption(table: pd.DataFrame) -> str:
    """Sentences under the picture."""
    rows = ranked(table)
    share, low, _ = noise(table)
    parts = [say("captions.ranking-main")]
    if rows[TOTAL_EFFECT].notna().any():
        parts.append(say("captions.ranking-total"))
    else:
        parts.append(say("captions.ranking-no-total"))
    if (count := int(table[RANK].notna().sum())) > MOST_DRAWN:
        parts.append(say("captions.first-of", shown=MOST_DRAWN, count=count))
    if rows["low"].notna().any():
        parts.append(say("captions.whiskers"))
    else:
        parts.append(say("captions.no-intervals", reason=_reason(rows)))
    if not np.isnan(share):
        parts.append(say("captions.seed-alone", shaded="no" if np.isnan(low) else "yes"))
    if (rows[JUDGEMENT] == Judgement.NOT_ABOVE).any():
        parts.append(say("captions.grey-hatched"))
    return " ".join(parts)


def _reason(rows: pd.DataFrame) -> str:
    """Why there are no intervals, by the remarks on the first setting."""
    first = rows[REMARKS].iloc[0]
    if first.has(NO_REPLICATES):
        return say("captions.without-replicates")
    return first.words or say("captions.once")


PICTURE: Final = Picture("ranking", "ranking", picture, narrow=True)
