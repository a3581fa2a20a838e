"""How wide the good range is: bands within a tolerance of the best, per optimizer or per setting."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.estimators.effects import ALL, BRANCH, SETTING
from sensitivity.measures.moving_optimum import RATE
from sensitivity.measures.ranking import RANK
from sensitivity.measures.tolerance import CUT_HIGH, CUT_LOW, UNTUNED, comparable, forgiving
from sensitivity.pictures.line_labels import plain_log_ticks
from sensitivity.pictures.picture import NothingToDraw, Picture
from sensitivity.pictures.saving import Drawing
from sensitivity.pictures.style import INK, MUTED, NOISE, PAPER, new_figure, setting_colours, styled, words
from sensitivity.pictures.tolerance_words import caption, width_text
from sensitivity.remarks import VERDICT
from sensitivity.trials import planned
from sensitivity.words import short

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Mapping, Sequence
    from typing import Any

    import pandas as pd
    from matplotlib.axes import Axes

    from sensitivity.study import Study

NAME: Final = "tolerance"
LOG_FROM: Final = 20.0
MOST_VALUES: Final = 24
Ends = tuple[float, float]


@dataclass(frozen=True)
class Bar:
    """A band to draw: its ends (NaN: nowhere), where the best is, its words, and how it is cut off."""

    label: str
    ends: Ends
    best: float
    text: str
    colour: str
    cut: tuple[bool, bool]
    holes: bool
    untuned: Ends = (math.nan, math.nan)


def by_branch(table: pd.DataFrame, setting: str, colour: str = NOISE) -> list[Bar]:
    """Bands of one setting: the whole plan first, then the optimizers from the widest band to the narrowest.

    Parameters
    ----------
    table
        Table ``tolerance`` (`sensitivity.measures.tolerance`).
    """
    of_it = table[table[SETTING] == setting]
    tuned = {str(row[BRANCH]): row for row in comparable(of_it).to_dict("records")}
    rows = forgiving(of_it)
    rows = rows.assign(first=rows[BRANCH] == ALL)
    rows = rows.sort_values(["first", "fraction"], ascending=False, kind="stable")
    bars = []
    for row in rows.to_dict("records"):
        branch = str(row[BRANCH])
        label = words(branch) if branch != ALL else "all optimizers" if len(rows) > 1 else "all trials"
        bar = _bar(tuned[branch], label, colour)
        if row["method"] == UNTUNED:
            bar = replace(bar, untuned=(float(row["from"]), float(row["to"])), text=width_text(row))
        bars.append(bar)
    return bars


def by_setting(
    table: pd.DataFrame,
    names: Sequence[str],
    limits: Mapping[str, Ends],
    colours: Mapping[str, str],
    log: Collection[str] = (),
) -> list[Bar]:
    """Bands of several settings in the branch ``all``, as parts of each one's range: 0 … 1."""
    rows = comparable(table[table[BRANCH] == ALL]).set_index(SETTING, drop=False)
    bars = []
    for name in names:
        row = dict(rows.loc[name])
        low, high = limits[name]
        found = _bar(row, words(name), colours[name])
        places = [_place(value, low, high, log=name in log) for value in (*found.ends, found.best)]
        text = found.text if math.isnan(places[0]) else f"{found.text}: {_ends(found.ends)}"
        bars.append(
            Bar(found.label, (places[0], places[1]), places[2], text, found.colour, found.cut, found.holes)
        )
    return bars


def _ends(ends: Ends) -> str:
    low, high = (short(end) for end in ends)
    return low if low == high else f"{low} to {high}"


def _place(value: float, low: float, high: float, *, log: bool) -> float:
    if log:
        return math.log(value / low) / math.log(high / low)
    return (value - low) / (high - low)


def _is_log(table: pd.DataFrame, name: str, values: pd.Series) -> bool:
    """Whether a setting's axis is logarithmic: its prior is, or its few values span far."""
    numbers = values.dropna().astype(float)
    few = len(numbers.unique()) <= MOST_VALUES and numbers.max() > LOG_FROM * numbers.min()
    known = bool(table.loc[table[SETTING] == name, "decades"].notna().any())
    return bool(numbers.min() > 0 and (known or few))


def _bar(row: Mapping[Hashable, Any], label: str, colour: str) -> Bar:
    ends, cut = (float(row["from"]), float(row["to"])), (bool(row[CUT_LOW]), bool(row[CUT_HIGH]))
    return Bar(label, ends, float(row["best_at"]), width_text(row), colour, cut, int(row["intervals"]) > 1)


@styled
def draw(bars: Sequence[Bar], axes: Axes) -> None:
    """Draw bands from the top down: pale with the rest tuned, dark with it untuned, ◆ at the best value.

    Parameters
    ----------
    bars
        From `by_branch` or `by_setting`; the axes' scale and limits are the caller's to set, before.
    """
    for place, bar in enumerate(bars):
        (low, high), (dark_low, dark_high) = bar.ends, bar.untuned
        if not math.isnan(low):
            look: dict[str, Any] = {"alpha": 0.4, "linewidth": 0.0, "facecolor": bar.colour}
            if bar.holes:
                look = {"hatch": "////", "facecolor": "none", "edgecolor": bar.colour, "linewidth": 0.8}
            axes.barh(place, high - low, left=low, height=0.6, **look)
            if high == low:  # a single value has no width
                axes.plot([low], [place], marker="|", color=bar.colour, markersize=13, markeredgewidth=3.5)
            for end, is_cut, marker in ((low, bar.cut[0], "<"), (high, bar.cut[1], ">")):
                if is_cut:
                    axes.plot([end], [place], marker=marker, color=INK, markersize=5, clip_on=False, zorder=4)
        if not math.isnan(dark_low):
            axes.barh(place, dark_high - dark_low, left=dark_low, height=0.3, color=bar.colour, linewidth=0.0)
        axes.plot([bar.best], [place], marker="D", color=INK, markersize=4.5, markeredgecolor=PAPER, zorder=4)
        axes.annotate(bar.text, (1.0, place), xycoords=("axes fraction", "data"), xytext=(10, 0),
                      textcoords="offset points", va="center", fontsize=8.0,
                      color=MUTED if math.isnan(low) else INK)  # fmt: skip
    axes.set_yticks(range(len(bars)), [bar.label for bar in bars])
    axes.set_ylim(len(bars) - 0.45, -0.55)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    axes.set_axisbelow(True)


@styled
def picture(study: Study, tables: Mapping[str, pd.DataFrame]) -> Drawing:
    """Bands of the learning rate per optimizer; without optimizers, of every numeric setting.

    Raises
    ------
    NothingToDraw
        Where no numeric setting has a band.
    """
    table = tables[NAME]
    names = _numeric(study, table, tables["ranking"])
    if not names:
        known = table["fraction"].notna().any()
        reason = "no numeric setting varies" if known else str(table[VERDICT].iloc[0])
        raise NothingToDraw(reason or "no setting has a band")
    colours = setting_colours(study.space.names)
    if (table.loc[table[SETTING] == names[0], BRANCH] != ALL).any():
        return _of_one(study, table, names[0], colours[names[0]])
    limits = {name: _limits(study, name) for name in names}
    plan = planned(study.trials)
    log = [name for name in names if _is_log(table, name, plan[name])]
    bars = by_setting(table, names, limits, colours, log)
    figure = new_figure(0.95 + 0.3 * len(bars))
    axes = figure.add_subplot()
    axes.set_xlim(-0.02, 1.02)
    draw(bars, axes)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["lowest", "25", "50", "75", "highest"])
    axes.set_xlabel("place in the range tried (%; on a log scale where the setting has one)")
    return Drawing(figure, "How wide the good range of each setting is", caption(study, table, bars, names))


def _of_one(study: Study, table: pd.DataFrame, name: str, colour: str) -> Drawing:
    log = _is_log(table, name, planned(study.trials)[name])
    bars = by_branch(table, name, colour)
    figure = new_figure(0.95 + 0.3 * len(bars))
    axes = figure.add_subplot()
    low, high = _limits(study, name)
    if log:
        axes.set_xscale("log")
        plain_log_ticks(axes.xaxis, low, high)
    margin = (high / low) ** 0.02 if log else (high - low) * 0.02
    axes.set_xlim(*((low / margin, high * margin) if log else (low - margin, high + margin)))
    draw(bars, axes)
    axes.set_xlabel(f"{words(name)}{' (log scale)' if log else ''}")
    return Drawing(figure, f"How wide the good range is: {words(name)}", caption(study, table, bars, [name]))


def _numeric(study: Study, table: pd.DataFrame, ranking: pd.DataFrame) -> list[str]:
    """Numeric settings that have a band anywhere: the learning rate first, then by rank."""
    by_rank = ranking.sort_values(RANK, kind="stable")[SETTING].tolist()
    names = [name for name in [RATE, *by_rank] if name in study.space.names]
    plan = planned(study.trials)
    judged = set(table.loc[table["fraction"].notna() & (table[BRANCH] == ALL), SETTING])
    return [name for name in dict.fromkeys(names) if name in judged and _spread(plan[name])]


def _spread(values: pd.Series) -> bool:
    numbers = values.dropna().tolist()
    numeric = all(isinstance(v, int | float | np.number) and not isinstance(v, bool) for v in numbers)
    return numeric and len(set(numbers)) > 1


def _limits(study: Study, name: str) -> Ends:
    """Lowest and highest value of a setting in the plan."""
    values = planned(study.trials)[name].dropna().astype(float)
    return float(values.min()), float(values.max())


PICTURE: Final = Picture("tolerance", "tolerance", picture)
