"""Rows of the table `pairs` → arrays of cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from sensitivity.branch import OPTIMIZER, words
from sensitivity.coding import is_number, texts_of
from sensitivity.estimators.effects import ALL, BRANCH
from sensitivity.language import say
from sensitivity.language.lists import joined
from sensitivity.measures.measuring import NOTHING
from sensitivity.measures.moving_optimum import RATE
from sensitivity.measures.pairs import (
    BEST,
    BEST_SD,
    DIVERGED_SHARE,
    FIRST,
    FIRST_LEVEL,
    MEAN,
    SD,
    SECOND,
    SECOND_LEVEL,
)
from sensitivity.pictures.picture import NothingToDraw, first_reason
from sensitivity.remarks import REMARKS, has

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from sensitivity.arrays import Floats
    from sensitivity.study import Study

MOST_LEVELS: Final = 40  # of a setting in one picture
MOST_BRANCHES: Final = 30  # panels of one picture
TUNED: Final = (BEST, BEST_SD)
UNTUNED: Final = (MEAN, SD)


@dataclass(frozen=True)
class Grid:
    """Cells as arrays of shape (rows, columns); NaN: no trial."""

    rows: list[object]
    columns: list[object]
    number: Floats
    spread: Floats
    diverged: Floats

    @property
    def shown(self) -> npt.NDArray[np.bool_]:
        """Cells that have a number to show: some trial did not diverge."""
        known: npt.NDArray[np.bool_] = ~np.isnan(self.number) & (self.diverged < 1)
        return known

    def upside_down(self) -> Grid:
        """The same with the last row first: a rate grows upwards, as on any axis."""
        arrays = (self.number[::-1], self.spread[::-1], self.diverged[::-1])
        return Grid(self.rows[::-1], self.columns, *arrays)


def usable(
    tables: Mapping[str, pd.DataFrame], name: str, number: str, none: str = "no two settings vary together"
) -> pd.DataFrame:
    """Rows of a table that hold a number.

    Parameters
    ----------
    number
        The column.
    none
        What it means that the table has no row of its own.

    Raises
    ------
    NothingToDraw
        With the words of the table's verdict, where there is none.
    """
    table = tables[name]
    rows = table[table[number].notna()]
    if not len(rows):
        raise NothingToDraw(none if any(has(table[REMARKS], NOTHING)) else first_reason(table, none))
    return rows


def foremost_pair(
    pairs: pd.DataFrame, ranking: Sequence[str] = (), branch: str = OPTIMIZER, rate: str = RATE
) -> tuple[str, str]:
    """Settings of the rows and of the columns: what makes the branches and the rate, where they vary.

    One that does not vary is replaced by the most important other setting, ``ranking`` first, then the order
    of the table; numbers go to the columns.
    """
    inside = pairs[pairs[BRANCH] == ALL]
    together = {frozenset(pair) for pair in zip(inside[FIRST], inside[SECOND], strict=True)}
    varied = dict.fromkeys([*inside[FIRST], *inside[SECOND]])
    order = [name for name in dict.fromkeys([*ranking, *varied]) if name in varied]
    numeric = [name for name in order if all(map(is_number, levels_of(pairs, name)))]
    others = [name for name in order if name != branch]
    for columns in dict.fromkeys([rate, *numeric, *others, *order]):
        for rows in dict.fromkeys([branch, *order]):
            if frozenset((rows, columns)) in together:
                return rows, columns
    raise NothingToDraw("no two settings vary together")


def pair_rows(pairs: pd.DataFrame, row: str, column: str, branch: str = ALL) -> pd.DataFrame:
    """Cells of one pair in a branch, with the columns ``row`` and ``column`` for its levels; maybe none."""
    inside = pairs[pairs[BRANCH] == branch]
    found = []
    for one, other, levels in ((FIRST, SECOND, "row column"), (SECOND, FIRST, "column row")):
        rows = inside[(inside[one] == row) & (inside[other] == column)]
        names = dict(zip((FIRST_LEVEL, SECOND_LEVEL), levels.split(), strict=True))
        found.append(rows.rename(columns=names))
    return found[0] if len(found[0]) else found[1]


def drawn_pairs(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Rows of the table `pairs` that hold numbers, of the levels and branches that one picture has room for.

    Of a setting with more than `MOST_LEVELS` levels those that reach the best results, everything else tuned.

    Raises
    ------
    NothingToDraw
        When there is no such row.
    """
    pairs = usable(tables, "pairs", BEST)
    whole = pairs[pairs[BRANCH] == ALL]
    kept = np.ones(len(pairs), dtype=bool)
    for name in dict.fromkeys([*whole[FIRST], *whole[SECOND]]):
        for setting, level in ((FIRST, FIRST_LEVEL), (SECOND, SECOND_LEVEL)):
            inside = pairs[setting] == name
            best = pairs[inside & (pairs[BRANCH] == ALL)].groupby(level, sort=False)[BEST].min()
            if len(best) > MOST_LEVELS:
                few = best.sort_values(kind="stable").index[:MOST_LEVELS]
                kept &= ~inside | pairs[level].isin(few)
    apart = pairs[pairs[BRANCH] != ALL].groupby(BRANCH, sort=False)[BEST].min()
    few = apart.sort_values(kind="stable").index[:MOST_BRANCHES]
    if len(apart) > MOST_BRANCHES:
        kept &= (pairs[BRANCH] == ALL) | pairs[BRANCH].isin(few)
    return pairs[kept]


def cut_words(study: Study, levels: Mapping[str, Sequence[object]]) -> str:
    """Sentence about the settings of which not all levels are drawn; empty where they are."""
    cut = [
        say("captions.drawn-of", name=words(name), shown=len(shown), count=len(study.axes[name].levels))
        for name, shown in levels.items()
        if len(study.axes[name].levels) > MOST_LEVELS
    ]
    return say("captions.drawn-levels", levels=", ".join(cut)) if cut else ""


def levels_of(pairs: pd.DataFrame, name: str, branch: str = ALL) -> list[object]:
    """Levels of a setting in a branch, in their order: those of all its pairs."""
    inside = pairs[pairs[BRANCH] == branch]
    ordered: dict[object, None] = {}
    for setting, level in ((FIRST, FIRST_LEVEL), (SECOND, SECOND_LEVEL)):
        for _, rows in inside[inside[setting] == name].groupby([FIRST, SECOND], sort=False):
            # Rows of a pair come in the order of the first level, then of the second.
            ordered |= dict.fromkeys(rows[level].tolist())
    found = list(ordered)
    return sorted(found, key=lambda value: float(str(value))) if all(map(is_number, found)) else found


def grid(
    pairs: pd.DataFrame, row: str, column: str, branch: str = ALL, of: tuple[str, str] = TUNED
) -> Grid | None:
    """Cells of one pair, levels in their order; None where the branch has none.

    Parameters
    ----------
    pairs
        The table `pairs`.
    of
        Columns of the number and of its spread, `TUNED` or `UNTUNED`.
    """
    table = pair_rows(pairs, row, column, branch)
    if not len(table):
        return None
    present = set(table["row"]), set(table["column"])
    rows, columns = (
        [level for level in levels_of(pairs, name, branch) if level in inside]
        for name, inside in zip((row, column), present, strict=True)
    )
    return filled(table, rows, columns, of)


def filled(table: pd.DataFrame, rows: list[object], columns: list[object], of: tuple[str, str]) -> Grid:
    """Arrays of the cells, NaN where the table of `pair_rows` has none."""
    return Grid(rows, columns, *(array(table, rows, columns, name) for name in (*of, DIVERGED_SHARE)))


def array(table: pd.DataFrame, rows: Sequence[object], columns: Sequence[object], name: str) -> Floats:
    """One column of the table of `pair_rows` as an array over levels; NaN where a cell has no trial."""
    down = {level: place for place, level in enumerate(rows)}
    across = {level: place for place, level in enumerate(columns)}
    found = np.full((len(rows), len(columns)), np.nan)
    at = [down[level] for level in table["row"]], [across[level] for level in table["column"]]
    found[at] = table[name].to_numpy(dtype=np.float64)
    return found


def not_shown(study: Study, name: str, others: Sequence[str]) -> str:
    """Sentence on the levels of a setting that have no cell because they have none of the others; or none."""
    trials = study.trials[[name, *others]]
    without = trials[list(others)].isna().groupby(trials[name], sort=False).all().all(axis=1)
    levels = without.index[without.to_numpy(dtype=bool)]
    if not len(levels):
        return ""
    named = ", ".join(words(text, 22) for text in texts_of(levels.tolist()))
    what = joined([words(other, 22) for other in others], "two-or", "two-or")
    return say("captions.not-shown", levels=named, count=len(levels), others=what)


def column_words(levels: Sequence[object]) -> list[str]:
    """Labels of columns: shorter than those of rows."""
    return [words(text, 22) for text in texts_of(levels)]
