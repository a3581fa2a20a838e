"""The learning rate of every branch at once: curves of `isolation_curves`, bars of `tolerance`."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sensitivity.branch import ALL, words
from sensitivity.coding import is_number
from sensitivity.estimators.curves.goals import COMMON
from sensitivity.estimators.curves.remarks import FEW_OF_BRANCH
from sensitivity.estimators.curves.virtual_grid import PREDICTED
from sensitivity.language import say
from sensitivity.measures.isolation import UNTUNED
from sensitivity.measures.rate_and_beta import rate_of
from sensitivity.measures.tolerance import BAR, UNTOLD, comparable
from sensitivity.pictures.marks.scales import Scale
from sensitivity.remarks import REMARKS, has
from sensitivity.words import distinct, short

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
    if len(rows) < 2 or not all(map(is_number, rows["level"])) or not rows["best"].notna().any():
        return None
    scale = Scale.of(study, rate)
    levels = sorted({float(level) for level in rows["level"]})
    places = _places(levels, scale)
    bars = comparable(tables["tolerance"])
    bars = bars[bars["setting"] == rate]
    return {
        "log": scale.log,
        "places": places,
        "texts": _texts(places, levels),
        "start": _start(rows, places),
        "branches": [
            _valley(branch, rows[rows["branch"] == branch], bars) for branch in rows["branch"].unique()
        ],
    }


def _start(rows: pd.DataFrame, places: Sequence[float]) -> int:
    """Place of the best value of all branches."""
    best = float(rows["level"].to_numpy()[int(np.nanargmin(rows["best"].to_numpy(dtype=float)))])
    return min(range(len(places)), key=lambda at: abs(places[at] - best))


def _texts(places: Sequence[float], levels: Sequence[float]) -> list[str]:
    """Levels as they stand at a heatmap, places between them with three digits."""
    written = dict(zip(levels, distinct(list(levels)), strict=True))
    return [written.get(place, short(place, 3)) for place in places]


def _valley(branch: object, rows: pd.DataFrame, bars: pd.DataFrame) -> dict[str, Any]:
    """One branch: its curve, ascending, the response that is still good, and what speaks against judging."""
    rows = rows.iloc[rows["level"].astype(float).argsort(kind="stable")]
    own = bars[bars["branch"] == branch]
    height = float(own[BAR].iloc[0]) if len(own) else math.nan
    return {
        "name": say("explorer.all-trials") if branch == ALL else words(str(branch)),
        "level": [float(level) for level in rows["level"]],
        **{name: numbers(rows[name].tolist()) for name in ("best", "low", "high", "diverged_share")},
        "untuned": numbers(rows[UNTUNED].tolist()) if own["against"].eq(COMMON).any() else None,
        "bar": numbers([height])[0],
        "any": any(has(own[REMARKS], UNTOLD)),
        "few": math.isnan(height) or any(has(own[REMARKS], FEW_OF_BRANCH)),
        "predicted": any(has(rows[REMARKS], PREDICTED)),
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
