"""Which settings matter: a bar per setting in order of its total effect, against the noise of the seed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.patches import Patch, Rectangle

from sensitivity.estimators.effects import NO_REPLICATES, SEED_ROW, of_seeds
from sensitivity.measures.ranking import (
    MAIN_EFFECT,
    MAIN_HIGH,
    MAIN_LOW,
    RANK,
    SETTING,
    TOTAL_EFFECT,
    TOTAL_HIGH,
    TOTAL_LOW,
)
from sensitivity.pictures.picture import NothingToDraw, Picture
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import (
    HATCH,
    INK,
    MISSING,
    MUTED,
    NOISE,
    new_figure,
    setting_colours,
    styled,
    words,
)
from sensitivity.remarks import JUDGEMENT, REMARKS, VERDICT, WORDS, Judgement
from sensitivity.words import interval, percent

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd
    from matplotlib.axes import Axes

    from sensitivity.study import Study

NAME: Final = "ranking"
NOT_ABOVE: Final = WORDS[Judgement.NOT_ABOVE]
_TOLD: Final = {Judgement.ABOVE.value: "", Judgement.NOT_ABOVE.value: NOT_ABOVE}
_PALE: Final = 0.38  # opacity of a total effect
_HALF: Final = 0.36  # of the height of a bar


def ranked(table: pd.DataFrame) -> pd.DataFrame:
    """Settings that have a share, in the order of their rank, with it in ``share``, ``low`` and ``high``.

    The share is the total effect, or the main effect where no setting has a total.
    """
    rows = table[table[RANK].notna()].sort_values(RANK, kind="stable")
    totals = rows[TOTAL_EFFECT].notna().any()
    names = (TOTAL_EFFECT, TOTAL_LOW, TOTAL_HIGH) if totals else (MAIN_EFFECT, MAIN_LOW, MAIN_HIGH)
    numbers = dict(zip(("share", "low", "high"), (rows[name] for name in names), strict=True))
    return rows.assign(**numbers).dropna(subset="share").reset_index(drop=True)


def noise(table: pd.DataFrame) -> tuple[float, float, float]:
    """Share of the seed and the ends of its interval; NaN where unknown."""
    rows = table[table[RANK].isna() & (table[SETTING] == SEED_ROW)]
    if rows.empty:
        return np.nan, np.nan, np.nan
    share, low, high = rows[[MAIN_EFFECT, MAIN_LOW, MAIN_HIGH]].astype(float).to_numpy()[0].tolist()
    return share, low, high


@styled
def draw(table: pd.DataFrame, axes: Axes, colours: Mapping[str, str]) -> None:
    """Draw bars of main and total effects from the top down, and the share of the seed.

    Parameters
    ----------
    table
        Table ``ranking`` (`sensitivity.measures.ranking`).
    colours
        Of each setting, by name.
    """
    rows = ranked(table)
    seed = noise(table)
    numbers = rows[["share", "high", MAIN_EFFECT]].to_numpy(dtype=float)
    right = float(np.nanmax(np.append(numbers, seed[0]), initial=0.05))
    _noise_band(axes, seed, right, seeds=_of_seeds(table))
    for place, row in enumerate(rows.to_dict("records")):
        _bar(axes, place, row, colours.get(str(row[SETTING]), NOISE))
    axes.set_yticks(range(len(rows)), [words(name) for name in rows[SETTING]])
    axes.set_ylim(len(rows) - 0.5, -0.62)
    axes.set_xlim(min(0.0, float(rows["share"].min()) * 1.1), right * 1.02)
    ticks = [tick for tick in axes.get_xticks() if axes.get_xlim()[0] <= tick <= axes.get_xlim()[1]]
    axes.set_xticks(ticks, [f"{100 * tick:.0f}" for tick in ticks])
    axes.set_xlabel("share of the variance of the response (%)", loc="left")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.axvline(0, color=MUTED, linewidth=0.8)


def _bar(axes: Axes, place: int, row: Mapping[Hashable, Any], colour: str) -> None:
    """One setting: the total pale, the main effect solid on it, the whisker, the number at the end."""
    share, low, high, main = (float(row[name]) for name in ("share", "low", "high", MAIN_EFFECT))
    grey = row[JUDGEMENT] == Judgement.NOT_ABOVE
    total = not np.isnan(float(row[TOTAL_EFFECT]))
    ground = MISSING if grey else colour
    if total:
        bar = Rectangle((0, place - _HALF), share, 2 * _HALF, linewidth=0, gid=f"total-{place}")
        bar.set(facecolor=ground, alpha=1.0 if grey else _PALE, edgecolor=HATCH if grey else "none")
        bar.set_hatch("////" if grey else "")
        axes.add_patch(bar)
    if not np.isnan(main):
        thickness = 0.5 * _HALF if total else _HALF
        bar = Rectangle((0, place - thickness), main, 2 * thickness, linewidth=0, gid=f"main-{place}")
        bar.set(facecolor=HATCH if grey and total else ground, edgecolor=HATCH)
        bar.set_hatch("////" if grey and not total else "")
        axes.add_patch(bar)
    if not (np.isnan(low) or np.isnan(high)):
        axes.errorbar(
            [share], [place], xerr=[[max(share - low, 0)], [max(high - share, 0)]],
            color=INK, linewidth=1.1, capsize=2.5, capthick=1.1,
        )  # fmt: skip
    end = max(value for value in (0.0, share, high, main) if not np.isnan(value))
    _number(axes, (end, place), interval(share, low, high), row[JUDGEMENT])


def _number(axes: Axes, end: tuple[float, int], text: str, judgement: object) -> None:
    """The share in words at the end of its bar, with a remark where it is not above the noise."""
    remark = _TOLD.get(str(judgement), "not judged")
    axes.annotate(
        f"{text}\n{remark}" if remark else text,
        end,
        xytext=(5, 0),
        textcoords="offset points",
        va="center",
        fontsize=8.0,
        linespacing=1.1,
        color=MUTED if remark else INK,
        annotation_clip=False,
    )


def _of_seeds(table: pd.DataFrame) -> bool:
    """Whether some configuration was run twice, so that what scatters is known to be the seed's."""
    return of_seeds(table[table[SETTING] == SEED_ROW])


def _noise_band(axes: Axes, found: tuple[float, float, float], right: float, *, seeds: bool) -> None:
    """Share of the seed as a line with its interval as a band behind the bars, named at the top."""
    share, low, high = found
    if np.isnan(share):
        return
    if not (np.isnan(low) or np.isnan(high)):
        axes.axvspan(low, high, color=NOISE, alpha=0.3, linewidth=0, zorder=0)
    axes.axvline(share, color=NOISE, linewidth=1.2, linestyle=(0, (4, 2)), zorder=2.5)
    axes.annotate(
        f"{'noise of the seed' if seeds else 'noise or misfit'} {percent(share)}",
        (share, 1.0),
        xycoords=("data", "axes fraction"),
        xytext=(0, 2),
        textcoords="offset points",
        ha="left" if share < right / 2 else "right",
        va="bottom",
        fontsize=8.0,
        color=MUTED,
    )


@styled
def picture(study: Study, tables: Mapping[str, pd.DataFrame]) -> Drawing:
    """Ranking of the settings.

    Raises
    ------
    NothingToDraw
        Where no setting has a share.
    """
    table = tables[NAME]
    rows = ranked(table)
    if rows.empty:
        raise NothingToDraw(next(iter(table[VERDICT]), "there is no setting"))
    figure = new_figure(0.95 + 0.44 * len(rows))
    axes = figure.add_subplot()
    draw(table, axes, setting_colours(study.space.names))
    # The numbers stand to the right of the axes' longest bar: room for them, whatever the layout.
    room = 0.24 if rows["low"].notna().any() else 0.16
    axes.set_xlim(right=axes.get_xlim()[1] * (1 + room / (1 - room)))
    axes.spines["bottom"].set_visible(False)
    axes.grid(axis="x")
    axes.set_axisbelow(True)
    if rows[TOTAL_EFFECT].notna().any():
        handles = [Patch(facecolor=MUTED, label="main effect"),
                   Patch(facecolor=MUTED, alpha=_PALE, label="total effect")]  # fmt: skip
        axes.legend(
            handles=handles,
            loc="upper right",
            bbox_to_anchor=(1, 0),
            borderaxespad=1.9,
            ncols=2,
            handlelength=1.4,
        )
    return Drawing(figure, "Which settings matter", caption(table))


def caption(table: pd.DataFrame) -> str:
    """Sentences under the picture."""
    rows = ranked(table)
    share, low, _ = noise(table)
    parts = ["Solid: main effect, what a setting explains by itself, averaged over all others."]
    if rows[TOTAL_EFFECT].notna().any():
        parts.append(
            "Pale: total effect, with every interaction the setting takes part in; totals overlap, so they "
            "may add up to more than 100 %. The number is the total effect."
        )
    else:
        parts.append("Total effects are unknown for this plan: interactions are not seen.")
    if rows["low"].notna().any():
        parts.append("Whiskers and brackets: 95 % intervals.")
    else:
        parts.append(f"No intervals: {_reason(rows)}.")
    if not np.isnan(share):
        band = ", its 95 % interval shaded" if not np.isnan(low) else ""
        parts.append(f"Dashed: what the seed alone explains{band}.")
    if (rows[JUDGEMENT] == Judgement.NOT_ABOVE).any():
        parts.append(f"Grey and hatched: {NOT_ABOVE} of the seed.")
    if (rows["share"] < 0).any():
        parts.append("Estimates are corrected for the noise, so those of no effect scatter around 0.")
    return " ".join(parts)


def _reason(rows: pd.DataFrame) -> str:
    """Why there are no intervals, by the remarks on the first setting."""
    first = rows[REMARKS].iloc[0]
    return "no replicates" if first.has(NO_REPLICATES) else first.words or "nothing was run twice"


PICTURE: Final = Picture("ranking", "ranking", picture)
