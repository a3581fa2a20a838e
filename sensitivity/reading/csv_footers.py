"""Rows at the end of a table that are no trials: means, remarks, a line cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sensitivity.reading.cells import is_missing, number
from sensitivity.reading.csv_summaries import summaries
from sensitivity.vocabulary import words_of
from sensitivity.words import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    Line = tuple[int, list[str]]  # number in the file, and cells

_SUMMARIES: Final = words_of(
    "mean,std,stdev,std dev,sd,average,avg,median,min,max,minimum,maximum,sum,total,count,var,variance,"
    "mean ± std,overall,summary,mittelwert,best,worst,sem,range,25%,50%,75%",
    ",",
)


def without_footers(
    rows: Sequence[Line], header: Sequence[str], *, comma: bool
) -> tuple[list[Line], list[str]]:
    """Rows without those at the end that sum up others, and without a last one that was cut off.

    ``comma``: whether a single comma in a number is a decimal one.
    """
    kept = list(rows)
    dropped: list[str] = []
    while len(kept) > 1:
        one = _footer(kept, header)
        if not (found := [one] if one else summaries(kept, comma=comma)):
            break
        dropped += [f"line {kept.pop()[0]} ({why})" for why in reversed(found)]
    return kept, [f"Left out as no trial: {listed(reversed(dropped))}."] if dropped else []


def _footer(rows: Sequence[Line], header: Sequence[str]) -> str:
    """What the last row is where it is no trial; empty where it is one."""
    cells = [cell.strip() for cell in rows[-1][1]]
    given = [place for place, cell in enumerate(cells) if not is_missing(cell)]
    if not given:
        return "empty"
    first = cells[given[0]].rstrip(":").casefold()
    above = [row[given[0]].strip() for _, row in rows[:-1] if len(row) > given[0]]
    alike = sum(cell.rstrip(":").casefold() in _SUMMARIES for cell in above)
    sums_up = first in _SUMMARIES and alike <= max(5, len(above) // 4) and not _levels(above, first)
    if sums_up and (len(given) < len(cells) or _numeric(above)):
        return cells[given[0]].rstrip(":")
    if len(cells) < len(header):
        words = len(given) <= max(1, len(header) // 2) and number(cells[given[0]]) is None
        return "a remark" if words else "cut off"
    lonely = len(given) == 1 and len(header) > 2 and number(cells[given[0]]) is None
    return "a remark" if lonely else ""


def _numeric(cells: list[str]) -> bool:
    return sum(number(cell) is not None for cell in cells) * 2 >= len(cells)


def _levels(above: list[str], first: str) -> bool:
    """Whether a word such as "mean" is a level like others of its column: pooling by mean or by max."""
    times = sum(cell.rstrip(":").casefold() == first for cell in above)
    return times > 0 and not _numeric(above)
