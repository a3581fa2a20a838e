"""The learning rate of every branch at once: curves of `isolation_curves`, bars of `tolerance`."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from sensitivity.branch import ALL, words
from sensitivity.coding import is_number
from sensitivity.estimators.curves.goals import COMMON
from sensitivity.estimators.curves.remarks import FEW_OF_BRANCH
from sensitivity.estimators.curves.virtual_grid import PREDICTED
from sensitivity.measures.isolation import UNTUNED
from sensitivity.measures.rate_and_beta import rate_of
from sensitivity.measures.tolerance import BAR, UNTOLD, comparable
from sensitivity.pictures.marks.scales import Scale
from sensitivity.remarks import REMARKS
from sensitivity.words import distinct

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from sensitivity.study import Study

PARTS: Final = 4  # places of the slider from one level to the next
CLOSE: Final = 1e-9


def valleys(study: Study, tables: Mapping[str, pd.DataFrame]) -> dict[str, Any] | None:
    """Curves and bars of the rate, and the places of the slider; None where no curve of numbers is there."""
    curves, rate = tables["isolation_curves"], rate_of(study)
    rows = curves[curves["setting"] == rate]
    rows = rows[rows["branch"] != ALL] if (rows["branch"] != ALL).any() else rows
    if len(rows) < 2 or not all(map(is_number, rows["level"])):
        return None
    scale = Scale.of(study, rate)
    places = _places(sorted({float(level) for level in rows["level"]}), scale)
    bars = comparable(tables["tolerance"])
    bars = bars[bars["setting"] == rate].set_index("branch")
    return {
        "log": scale.log,
        "places": places,
        "texts": distinct(places),
        "branches": [_valley(branch, own, bars) for branch, own in rows.groupby("branch", sort=False)],
    }


def _valley(branch: object, rows: pd.DataFrame, bars: pd.DataFrame) -> dict[str, Any]:
    """One branch: its curve, ascending, the response that is still good, and what speaks against judging."""
    rows = rows.iloc[rows["level"].astype(float).argsort(kind="stable")]
    bar = bars.loc[branch] if branch in bars.index else None
    remarks = None if bar is None else bar[REMARKS]
    known = bar is not None and not math.isnan(float(bar[BAR]))
    return {
        "name": words(branch),
        "level": [float(level) for level in rows["level"]],
        **{name: numbers(rows[name].tolist()) for name in ("best", "low", "high", "diverged_share")},
        "untuned": numbers(rows[UNTUNED].tolist()) if bar is not None and bar["against"] == COMMON else None,
        "bar": numbers([bar[BAR]])[0] if known and bar is not None else None,
        "any": bool(remarks is not None and remarks.has(UNTOLD)),
        "few": not known or bool(remarks is not None and remarks.has(FEW_OF_BRANCH)),
        "predicted": any(one.has(PREDICTED) for one in rows[REMARKS]),
    }


def _places(levels: Sequence[float], scale: Scale) -> list[float]:
    """Every level, and some places between two where the setting is no list."""
    found = [levels[0]]
    for low, high in pairwise(levels):
        if high - low <= CLOSE * abs(high):
            continue
        if scale.levels is None:
            steps = [part / PARTS for part in range(1, PARTS)]
            between = [low * (high / low) ** u if scale.log else low + u * (high - low) for u in steps]
            found += [float(f"{place:.12g}") for place in between]
        found.append(high)
    return found


def numbers(values: Sequence[float]) -> list[float | None]:
    """Numbers with nine digits, None for NaN: what JSON can hold."""
    return [None if math.isnan(value) else float(f"{value:.9g}") for value in map(float, values)]
