"""Moving optimum: where the best learning rate lies, as a function of each other setting.

For every value of the other setting the best rate is the lowest point of the re-tuned curve (everything else
free); a parabola through it and its two neighbours on the prior's axis (logarithmic for a rate) gives a value
between levels. It is off by up to half a step where the curve is no parabola, next to a cliff say.

Columns of `moving_optimum`
---------------------------
branch
    ``all`` or ``optimizer=adam``.
of
    Setting whose best value is followed: ``learning_rate`` where there is one.
setting, level
    The other setting and its value.
best, low, high
    Best value of ``of`` there, with its 95 % interval.
response
    Response reached there.
at_edge
    Whether the best level is the first or last: then ``best`` is a bound, not an estimate.
verdict
    Warnings in words: best at the edge of the range; an interval that reaches an end of the range, where the
    bottom is flat.

Columns of `slopes`
-------------------
branch, of, setting
    As above; settings on a log axis only: positive numbers, and 1 − β for β and β₂.
axis
    What the slope is over, ``log10(batch_size)`` or ``log10(1 − beta)``.
slope, low, high
    Least squares slope of log10(best) on the axis, with its 95 % interval.
levels, at_edge
    Levels fitted, and how many of their best values are at an edge.
verdict
    Which of flat (0), square-root (½) and linear (1) the interval holds.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sensitivity.estimators.curves.curves import Curve, edge_words, retuned
from sensitivity.estimators.curves.intervals import spanned
from sensitivity.estimators.curves.optimum import ends as optimum_ends
from sensitivity.estimators.curves.optimum import log_value, optimum, value_at
from sensitivity.estimators.curves.responses import FEW, responses
from sensitivity.estimators.curves.virtual_grid import predicted
from sensitivity.measures.momentum_rescaling import momentum_rescaling
from sensitivity.trials import VALUE
from sensitivity.words import short
from sweeps.space import Choices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sensitivity.arrays import Floats
    from sensitivity.estimators.curves.responses import Responses
    from sensitivity.estimators.curves.virtual_grid import Predict
    from sweeps.space import Space, Value

__all__ = ["momentum_rescaling", "moving_optimum", "slopes"]

RATE: Final = "learning_rate"
BETAS: Final = ("beta", "beta2")
COLUMNS: Final = (
    "branch",
    "of",
    "setting",
    "level",
    "best",
    "low",
    "high",
    "response",
    "at_edge",
    "verdict",
)
SLOPE_COLUMNS: Final = (
    "branch",
    "of",
    "setting",
    "axis",
    "slope",
    "low",
    "high",
    "levels",
    "at_edge",
    "verdict",
)
_END: Final = 1e-9
LAWS: Final = {"flat (0)": 0.0, "square-root (½)": 0.5, "linear (1)": 1.0}


def moving_optimum(
    trials: pd.DataFrame, space: Space, value: str = VALUE, of: str = RATE, predict: Predict | None = None
) -> pd.DataFrame:
    """Best value of one setting at each value of every other, per branch.

    Parameters
    ----------
    trials
        Table of `sensitivity.trials`; the plan's rows are used.
    space
        Space of the sweep.
    value
        Column that holds the response; lower is better.
    of
        Setting to follow; where the trials lack it, the numeric setting (on a log scale if there is one)
        whose level means differ most.
    predict
        Surrogate of the response for plans that are no grid (see `virtual_grid`).

    Returns
    -------
    DataFrame with the module's columns
        One row per branch, other setting and level at which the followed setting is active. No rows where
        nothing can be followed: fewer than two numeric values, or a single setting.
    """
    found = _collected(trials, space, value, predict)
    rows = []
    for branch, setting, name, curves in _followed(found, of):
        for level, curve in curves:
            best, worlds = optimum(curve)
            low, high = spanned(best, worlds)
            rows.append(
                {
                    "branch": branch,
                    "of": setting,
                    "setting": name,
                    "level": level,
                    "best": value_at(curve, best),
                    "low": value_at(curve, low),
                    "high": value_at(curve, high),
                    "response": float(curve.best.min()),
                    "at_edge": bool(edge_words(curve)),
                    "verdict": _remarks(curve, len(trials), (low, high)),
                }
            )
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"level": "object"})


def slopes(
    trials: pd.DataFrame, space: Space, value: str = VALUE, of: str = RATE, predict: Predict | None = None
) -> pd.DataFrame:
    """Slope of the best rate on log axes: flat, square-root or linear? Parameters as `moving_optimum`."""
    found = _collected(trials, space, value, predict)
    rows = []
    for branch, setting, name, curves in _followed(found, of):
        axis, places = _log_axis(name, [level for level, _ in curves])
        if len(places) < 2 or any(curve.levels[0] <= 0 for _, curve in curves):  # type: ignore[operator]
            continue
        slope, low, high = _slope(places, [curve for _, curve in curves])
        edges = sum(bool(edge_words(curve)) for _, curve in curves)
        rows.append(
            {
                "branch": branch,
                "of": setting,
                "setting": name,
                "axis": axis,
                "slope": slope,
                "low": low,
                "high": high,
                "levels": len(places),
                "at_edge": edges,
                "verdict": _law(slope, low, high, edges),
            }
        )
    return pd.DataFrame(rows, columns=list(SLOPE_COLUMNS))


def _slope(places: Floats, curves: list[Curve]) -> tuple[float, float, float]:
    """Least squares slope of log10(optimum) over places of the axis, and its interval."""
    weights = (places - places.mean()) / ((places - places.mean()) ** 2).sum()
    optima = [optimum(curve) for curve in curves]
    heights = [float(log_value(c, np.array(best))) for c, (best, _) in zip(curves, optima, strict=True)]
    worlds = [
        np.array([log_value(c, found[k]) for c, (_, found) in zip(curves, optima, strict=True)]).T @ weights
        for k in range(len(optima[0][1]))
    ]
    slope = float(heights @ weights)
    return slope, *spanned(slope, worlds)


def _collected(trials: pd.DataFrame, space: Space, value: str, predict: Predict | None) -> Responses:
    found = responses(trials, space, value)
    return found if predict is None else predicted(found, space, predict)


def _followed(found: Responses, of: str) -> Iterator[tuple[str, str, str, list[tuple[Value, Curve]]]]:
    """Branch, followed setting, other setting, and the curve of the one at each level of the other."""
    setting = followed_setting(found, of)
    if setting is None:
        return
    for branch, mask in found.branches():
        active = mask & (found.column(setting) >= 0)
        varied = found.varied(active)
        for name in varied if setting in varied else []:
            column = found.column(name)
            if name == setting or len(np.unique(column[active])) > FEW:
                continue
            curves = [
                (found.levels[name][code], retuned(found, setting, active & (column == code)))
                for code in np.unique(column[active & (column >= 0)]).tolist()
            ]
            usable = [(level, curve) for level, curve in curves if len(curve) > 1]
            if usable:
                yield branch, setting, name, usable


def followed_setting(found: Responses, of: str) -> str | None:
    """``of`` where it varies, otherwise the numeric setting (log if any) whose level means differ most."""
    everywhere = np.ones(len(found.means), dtype=bool)
    varied = [name for name in found.varied(everywhere) if _numeric(found, name)]
    if of in varied:
        return of
    log = [n for n in varied if not isinstance(d := found.scales[n], Choices) and d.log]
    spread = {}
    for name in log or varied:
        column = found.column(name)
        place = np.minimum((found.position(name)[column] * 8).astype(np.int64), 7)[column >= 0]
        counts = np.bincount(place)
        means = np.bincount(place, found.means[column >= 0])[counts > 0] / counts[counts > 0]
        spread[name] = float(np.var(means))
    return max(spread, key=lambda name: spread[name]) if spread else None


def _numeric(found: Responses, name: str) -> bool:
    return all(isinstance(v, int | float) and not isinstance(v, bool) for v in found.levels[name])


def _log_axis(name: str, levels: list[Value]) -> tuple[str, Floats]:
    """Log axis of a setting's levels; empty where it has none."""
    if not all(isinstance(v, int | float) and not isinstance(v, bool) for v in levels):
        return "", np.empty(0)
    numbers = np.array([float(v) for v in levels])
    if name in BETAS and (numbers < 1).all():
        return f"log10(1 − {name})", np.log10(1 - numbers)
    if (numbers > 0).all():
        return f"log10({name})", np.log10(numbers)
    return "", np.empty(0)


def _remarks(curve: Curve, trials: int, interval: tuple[float, float]) -> str:
    remarks = [f"only {trials} trials"] if trials < FEW else []
    edge = edge_words(curve)
    remarks += [f"{edge}: a bound, not an estimate"] if edge else []
    remarks += [flat] if (flat := _flat(curve, *interval)) else []
    if curve.binned:
        remarks.append("lowest of the trials in each bin, not fully tuned")
    if not len(curve.draws):
        remarks.append("no interval: the noise is unknown without replicates")
    return "; ".join(remarks)


def _flat(curve: Curve, low: float, high: float) -> str:
    """What it means that the interval of the best place reaches an end of the range where the best is not."""
    ends = optimum_ends(curve)
    best = int(np.argmin(curve.best))
    at_low, at_high = low <= ends[0] + _END, high >= ends[1] - _END
    if at_low and at_high:
        return "anywhere in the range is possible: the bottom is flat"
    if at_low and best > 0:
        return f"anywhere up to {short(value_at(curve, high))} is possible: the bottom is flat"
    if at_high and best < len(curve) - 1:
        return f"anywhere from {short(value_at(curve, low))} up is possible: the bottom is flat"
    return ""


def _law(slope: float, low: float, high: float, edges: int) -> str:
    """Verdict on a slope."""
    if math.isnan(low):
        nearest = min(LAWS, key=lambda law: abs(LAWS[law] - slope))
        words = f"nearest to {nearest}; no interval: the noise is unknown without replicates"
    else:
        held = [law for law, exponent in LAWS.items() if low <= exponent <= high]
        words = " or ".join(held) if held else _between(low, high)
        words += ": cannot be told apart" if len(held) > 1 else ""
    return words + (f"; {edges} of the best values at the edge of the range: a bound" if edges else "")


def _between(low: float, high: float) -> str:
    if high < 0:
        return "falls: the best value moves the other way"
    if low > 1:
        return "steeper than linear"
    return "between flat and square-root" if high < 0.5 else "between square-root and linear"
