"""How wide the acceptable range is: bands within a tolerance of the best, per optimizer or per setting."""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from sensitivity.branch import words
from sensitivity.coding import is_number
from sensitivity.estimators.curves import goals
from sensitivity.estimators.curves.bands import width_shown
from sensitivity.estimators.curves.remarks import BLURRED, FEW_OF_BRANCH
from sensitivity.estimators.effects import ALL, BRANCH, SETTING
from sensitivity.language import say
from sensitivity.measures import tolerance as m
from sensitivity.pictures.labels import in_picture
from sensitivity.pictures.marks.bars import bar, beside, grid_behind, name_rows
from sensitivity.pictures.marks.scales import Scale, log_axis
from sensitivity.pictures.orders import by_importance, colours_in_order
from sensitivity.pictures.picture import NothingToDraw, Picture, first_reason
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import (
    INK,
    MOST_DRAWN,
    MUTED,
    NOISE,
    PAPER,
    is_narrow,
    new_figure,
    styled,
)
from sensitivity.remarks import REMARKS, Remarks, has
from sensitivity.trials import all_failed
from sensitivity.words import interval, short
from sweeps.space import Choices

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence
    from typing import Any

    import pandas as pd
    from matplotlib.axes import Axes

    from sensitivity.study import Study

NARROW_LETTERS: Final = 40  # of a line beneath a picture of one column
NAME: Final = "tolerance"
AGAINST: Final = "against"
Ends = tuple[float, float]
NOWHERE: Final = (math.nan, math.nan)


@dataclass(frozen=True)
class Band:
    """A band to draw: its ends (NaN: nowhere), where the best is, its words, and how it is cut off."""

    label: str
    ends: Ends
    best: float
    text: str
    colour: str
    cut: tuple[bool, bool] = (False, False)
    holes: bool = False
    untuned: Ends = NOWHERE

    def on(self, scale: Scale) -> Band:
        """The same as parts of a scale, 0 … 1."""
        low, high, best, dark_low, dark_high = scale.parts([*self.ends, self.best, *self.untuned])
        return replace(self, ends=(low, high), best=best, untuned=(dark_low, dark_high))


def by_branch(table: pd.DataFrame, setting: str, colour: str = NOISE) -> list[Band]:
    """Bands of one setting: the whole plan first, then the optimizers, the widest band first."""
    of_it = table[table[SETTING] == setting]
    tuned = {str(row[BRANCH]): row for row in m.comparable(of_it).to_dict("records")}
    rows = m.forgiving(of_it)
    rows = rows.assign(first=rows[BRANCH] == ALL)
    rows = rows.sort_values(["first", "fraction"], ascending=False, kind="stable")
    bands = []
    for row in rows.to_dict("records"):
        branch = str(row[BRANCH])
        label = words(branch) if branch != ALL else _whole(len(rows))
        band = _band(tuned[branch], label, colour)
        if row["method"] == goals.UNTUNED:
            band = replace(band, untuned=(float(row["from"]), float(row["to"])), text=_width(row))
        bands.append(band)
    return bands


def by_setting(table: pd.DataFrame, scales: Mapping[str, Scale], colours: Mapping[str, str]) -> list[Band]:
    """Bands of several settings in the branch ``all``, as parts of each one's scale: 0 … 1."""
    rows = m.comparable(table[table[BRANCH] == ALL]).set_index(SETTING, drop=False)
    bands = []
    for name, scale in scales.items():
        band = _band(rows.loc[name].to_dict(), words(name), colours[name])
        low, high = (short(end) for end in band.ends)
        text = band.text if math.isnan(band.ends[0]) else f"{band.text}: {low}"
        if low != high:
            text = in_picture("captions.width-values", width=band.text, low=low, high=high)
        bands.append(replace(band.on(scale), text=text))
    return bands


def _band(row: Mapping[Hashable, Any], label: str, colour: str) -> Band:
    said = row.get(REMARKS)
    if isinstance(said, Remarks) and said.has(FEW_OF_BRANCH):  # no place of it is known, the best neither
        return Band(label, NOWHERE, math.nan, said.only(FEW_OF_BRANCH).words, colour)
    ends, cut = (float(row["from"]), float(row["to"])), (bool(row[m.CUT_LOW]), bool(row[m.CUT_HIGH]))
    return Band(label, ends, float(row["best_at"]), _width(row), colour, cut, int(row["intervals"]) > 1)


def _width(row: Mapping[Hashable, Any]) -> str:
    """Width in decades, at least that where cut off, or as a share of the range tried; with its interval."""
    least, decades, low, high = width_shown(row, "decades")
    if math.isnan(decades):
        text = interval(*width_shown(row, "fraction")[1:])
    else:
        text = in_picture("captions.width-decades", least=least, decades=f"{decades:.1f}")
        text += "" if math.isnan(low) else f" [{low:.1f}, {high:.1f}]"
    return in_picture("captions.width-nowhere", width=text) if math.isnan(float(row["from"])) else text


def _whole(rows: int) -> str:
    """Name of the whole plan, of so many rows with it."""
    return in_picture("captions.all-optimizers") if rows > 1 else in_picture("captions.all-trials")


@styled
def draw(bands: Sequence[Band], axes: Axes) -> None:
    """Draw bands from the top down: pale with the rest tuned, dark with it untuned, ◆ at the best value.

    Parameters
    ----------
    bands
        From `by_branch` or `by_setting`; the axes' scale and limits are the caller's to set, before.
    """
    for place, band in enumerate(bands):
        nowhere = math.isnan(band.ends[0])
        if not nowhere:
            _pale(axes, place, band)
        if not math.isnan(band.untuned[0]):
            bar(axes, place, band.untuned, 0.3, facecolor=band.colour)
        axes.plot(
            [band.best], [place], marker="D", color=INK, markersize=4.5, markeredgecolor=PAPER, zorder=4
        )
        ink = MUTED if nowhere else INK
        beside(axes, band.text, (1.0, place), xycoords=("axes fraction", "data"), color=ink)
    name_rows(axes, [band.label for band in bands], room=(0.55, 0.55))
    grid_behind(axes)


def _pale(axes: Axes, place: int, band: Band) -> None:
    """Where the setting is good enough with the rest tuned; heads of arrows where the range ends."""
    low, high = band.ends
    look: dict[str, Any] = {"alpha": 0.4, "facecolor": band.colour}
    if band.holes:
        look = {"hatch": "////", "facecolor": "none", "edgecolor": band.colour, "linewidth": 0.8}
    bar(axes, place, band.ends, 0.6, **look)
    if high == low:  # a single value has no width
        axes.plot([low], [place], marker="|", color=band.colour, markersize=13, markeredgewidth=3.5)
    for end, is_cut, marker in ((low, band.cut[0], "<"), (high, band.cut[1], ">")):
        if is_cut:
            axes.plot([end], [place], marker=marker, color=INK, markersize=5, clip_on=False, zorder=4)


@styled
def picture(study: Study, tables: Mapping[str, pd.DataFrame]) -> Drawing:
    """Bands of the learning rate per optimizer; without optimizers, of every numeric setting.

    Nothing to draw where no numeric setting has a band.
    """
    if all_failed(study.plan):
        raise NothingToDraw(say("captions.every-trial-failed"))
    table = tables[NAME]
    names = _numeric(study, table, by_importance(tables))[:MOST_DRAWN]
    if not names:
        known = table["fraction"].notna().any()
        reason = say("captions.no-numeric") if known else first_reason(table, say("captions.no-band"))
        raise NothingToDraw(reason)
    colours = colours_in_order(study, tables)
    if (table.loc[table[SETTING] == names[0], BRANCH] != ALL).any():
        return _of_one(study, table, names[0], colours[names[0]])
    bands = by_setting(table, {name: _scale(study, table, name) for name in names}, colours)
    axes = new_figure(0.95 + 0.3 * len(bands)).add_subplot()
    axes.set_xlim(-0.02, 1.02)
    draw(bands, axes)
    lowest, highest = in_picture("captions.width-lowest"), in_picture("captions.width-highest")
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], [lowest, "25", "50", "75", highest])
    place = in_picture("captions.width-axis")
    axes.set_xlabel(textwrap.fill(place, NARROW_LETTERS) if is_narrow() else place)
    caption = _caption(study, table, bands, names)
    return Drawing.on(axes, say("captions.widths"), caption)


def _of_one(study: Study, table: pd.DataFrame, name: str, colour: str) -> Drawing:
    """Bands of one setting on its own axis."""
    scale, bands = _scale(study, table, name), by_branch(table, name, colour)
    axes = new_figure(0.95 + 0.3 * len(bands)).add_subplot()
    low, high = scale.ends
    if scale.levels is not None:
        bands = [band.on(scale) for band in bands]
        axes.set_xlim(-0.02, 1.02)
    elif scale.log:
        log_axis(axes, "x", low, high)
        axes.set_xlim(low / (high / low) ** 0.02, high * (high / low) ** 0.02)
    else:
        axes.set_xlim(low - (high - low) * 0.02, high + (high - low) * 0.02)
    draw(bands, axes)
    if scale.levels is not None:
        axes.set_xticks(scale.parts(scale.levels), [short(level) for level in scale.levels])
    axes.set_xlabel(in_picture("captions.log-scale", name=words(name)) if scale.log else words(name))
    caption = _caption(study, table, bands, [name])
    return Drawing.on(axes, say("captions.width", setting=words(name)), caption)


def _scale(study: Study, table: pd.DataFrame, name: str) -> Scale:
    """Scale that holds all bands of a setting."""
    rows = table[table[SETTING] == name]
    return Scale.of(study, name).holding([*rows["from"].astype(float), *rows["to"].astype(float)])


def _numeric(study: Study, table: pd.DataFrame, ranking: Sequence[str]) -> list[str]:
    """Numeric settings that have a band anywhere: the learning rate first, then by rank."""
    unranked = [name for name in study.space.names if name not in ranking]
    judged = set(table.loc[table["fraction"].notna() & (table[BRANCH] == ALL), SETTING])
    inside = [name for name in dict.fromkeys([study.rate, *ranking, *unranked]) if name in judged]
    return [name for name in inside if _varies(study.plan[name].dropna().tolist())]


def _varies(values: Sequence[object]) -> bool:
    """Whether values are different numbers."""
    return all(map(is_number, values)) and len(set(values)) > 1


def _caption(study: Study, table: pd.DataFrame, bands: Sequence[Band], names: Sequence[str]) -> str:
    part = m.TOLERANCE if study.tolerance is None else study.tolerance
    common = (table[AGAINST] == goals.COMMON).any()
    share, common_bar = f"{part:.0%}".replace("%", " %"), "yes" if common else "no"
    text = [say("captions.width-pale", metric=words(study.metric, 60), share=share, common=common_bar)]
    if any(not math.isnan(band.untuned[0]) for band in bands):
        both = len(names) == 1 and m.choices_beside(study, names[0]) == 2
        text.append(say("captions.width-dark", both="yes" if both else "no"))
    text.append(say("captions.width-diamond"))
    if len(names) == 1 and len(bands) > 2:
        text.append(say("captions.width-sorted"))
    if len(names) == MOST_DRAWN:
        text.append(say("captions.first-of-ranking", shown=MOST_DRAWN))
    if any(any(band.cut) for band in bands):
        text.append(say("captions.width-arrow"))
    if any(band.holes for band in bands):
        text.append(say("captions.width-hatched"))
    if any(math.isnan(band.ends[0]) and not math.isnan(band.best) for band in bands):
        text.append(say("captions.width-nowhere-means"))
    known = table[table[AGAINST].isin([goals.OWN, goals.OVERALL, goals.COMMON])]["low"].notna().any()
    blurred = REMARKS in table and any(has(table[REMARKS], BLURRED))
    why = say("captions.width-blurred") if blurred else say("captions.once")
    text.append(say("captions.width-intervals") if known else say("captions.no-intervals", reason=why))
    if any(not math.isnan(band.ends[0]) for band in bands):
        text.append(_between_levels(study, names))
    return " ".join(text).rstrip()


def _between_levels(study: Study, names: Sequence[str]) -> str:
    """What the grid does to the ends of the bands; empty for settings that have no values in between."""
    domains = [
        v.domain for setting in study.space.settings if setting.name in names for v in setting.variants
    ]
    ranges = [domain for domain in domains if not isinstance(domain, Choices) and domain.levels]
    if not ranges:
        return ""
    steps = {
        round(math.log10(d.high / d.low) / (d.levels - 1), 9)
        for d in ranges
        if d.log and d.levels is not None and d.levels > 1
    }
    known = len(steps) == 1 and len(names) == 1 and len(ranges) == len(domains)
    return say("captions.width-between", apart=short(steps.pop()) if known else "none")


PICTURE: Final = Picture("tolerance", "tolerance", picture, narrow=True)
