"""Tolerance: what range of each setting stays within a tolerance of the best, and what a blind value costs.

Definition (§1.7 of ``measures-and-estimators``): W_i(ε) = P_{x_i}(curve(x_i) ≤ f* + ε (f_ref − f*)) under the
prior of x_i. f_ref is the plan's median under the prior (or the cap), because a loss has no meaningful zero
to be relative to. The learning-rate sensitivity of Wortsman et al. (2023), E[min(ℓ(η), ℓ_0)] − ℓ*, is the
column ``regret`` of the slice, for any setting; responses are capped already.

Columns
-------
branch
    ``all`` or ``optimizer=adam``.
setting
    Setting that the range is of.
method
    ``re-tuned``: everything else free; ``slice``: everything else as in the branch's best configuration;
    ``untuned``: the median over everything else, diverged trials at the cap; against the common bar only.
against
    ``own best``: f* and f_ref of the branch itself, so the tolerance is the branch's own; ``overall best``:
    those of the whole plan, so branches can be compared. For the branch ``all`` the two are one.
    ``common bar``: f* of the whole plan, and f_ref is the cap; only where a cap is known. A bad optimizer's
    median is bad, so its own tolerance is generous; this bar is the same for everyone and far from the noise.
fraction, low, high
    W_i with its 95 % interval: share of the setting's prior (of the branch's own range).
decades, decades_low, decades_high
    The same times log10(highest / lowest value): for settings on a log scale.
from, to
    Lowest and highest value within the tolerance; empty for choices without an order and where none is.
band
    The values in words, intervals apart where there are several.
intervals
    Number of separate intervals, or of good choices; 0 where nothing is good enough.
best_at
    Value with the best response of the curve.
regret, regret_low, regret_high
    Mean of the curve over the prior less f*, in units of the response, with its 95 % interval.
verdict
    What else to know: best at the edge of the range, band cut off by it, no interval, too few trials.

Intervals are about the seed (draws of the cell means), not about the grid, see `intervals`. A curve that is
linear between levels cannot see what happens between them. The best of many noisy means is lucky; on a slice,
where its neighbours were not chosen, its expected luck is taken off (without replicates it cannot be, and
slices read too narrow). Several equally good configurations make the slice a matter of which one is taken
(here the first): then look inside each optimizer. The interval of a slice is about the slice taken, not about
which of many nearly equal configurations it should go through.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from sensitivity.estimators.curves.bands import BOTH_ENDS, CUT, Band, band, mean_excess, share_within
from sensitivity.estimators.curves.curves import Curve, decades_of, edge_words, held_out, retuned, sliced
from sensitivity.estimators.curves.intervals import spanned, unbiased
from sensitivity.estimators.curves.responses import ALL, FEW, responses
from sensitivity.estimators.curves.untuned import untuned, weighted_median
from sensitivity.estimators.curves.virtual_grid import predicted
from sensitivity.trials import VALUE
from sensitivity.words import short

if TYPE_CHECKING:
    from sensitivity.arrays import Floats
    from sensitivity.estimators.curves.responses import Mask, Responses
    from sensitivity.estimators.curves.virtual_grid import Predict
    from sweeps.space import Space

RETUNED: Final = "re-tuned"
SLICE: Final = "slice"
UNTUNED: Final = "untuned"
OWN: Final = "own best"
OVERALL: Final = "overall best"
COMMON: Final = "common bar"
TOLERANCE: Final = 0.1
COLUMNS: Final = (
    "branch",
    "setting",
    "method",
    "against",
    "fraction",
    "low",
    "high",
    "decades",
    "decades_low",
    "decades_high",
    "from",
    "to",
    "band",
    "intervals",
    "best_at",
    "regret",
    "regret_low",
    "regret_high",
    "verdict",
)


def tolerance(
    trials: pd.DataFrame,
    space: Space,
    tolerance: float = TOLERANCE,
    value: str = VALUE,
    reference: str = "median",
    cap: float | None = None,
    predict: Predict | None = None,
) -> pd.DataFrame:
    """Range of each setting within a tolerance of the best, per branch.

    Parameters
    ----------
    trials
        Table of `sensitivity.trials`; the plan's rows are used.
    space
        Space of the sweep.
    tolerance
        ε: allowed part of the way from the best to the reference.
    value
        Column that holds the response; lower is better.
    reference
        ``median``: of the plan under the prior; ``cap``: the response of a constant prediction.
    cap
        Response that counts as "learned nothing"; None for the largest in the plan, and for no common bar.
    predict
        Surrogate of the response for plans that are no grid (see `virtual_grid`); None for the trials alone.

    Returns
    -------
    DataFrame with the module's columns
        One row per branch, setting, method and reference; settings with a single value are left out.
    """
    if reference not in {"median", "cap"}:
        raise ValueError(f"reference must be median or cap, not {reference!r}")
    found = responses(trials, space, value)
    actual = len(found.means)
    if predict is not None:
        found = predicted(found, space, predict)
    overall: _Goal | None = None
    rows: list[dict[str, object]] = []
    for branch, mask in found.branches():
        if not mask.any():
            continue
        highest = float(np.nanmax(found.by_replicate)) if cap is None else cap
        own = _goal(found, mask, None if reference == "median" else highest)
        overall = own if overall is None else overall
        goals = {OWN: own} if branch == ALL else {OWN: own, OVERALL: overall}
        if cap is not None and reference == "median":
            goals[COMMON] = replace(overall, reference=cap)
        for name in found.varied(mask):
            for method, curve, worlds in _curves(found, name, mask, own):
                rows += [
                    {"branch": branch, "setting": name, "method": method, "against": against}
                    | _row(curve, worlds, goal, method, tolerance, actual)
                    for against, goal in goals.items()
                    if method != UNTUNED or against == COMMON
                ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"from": "float64", "to": "float64"})


def comparable(table: pd.DataFrame) -> pd.DataFrame:
    """Rows that compare branches by one bar: re-tuned, against the common bar or else the overall best."""
    rows = table[table["method"] == RETUNED]
    if (rows["against"] == COMMON).any():
        return rows[rows["against"] == COMMON]
    return rows[(rows["against"] == OVERALL) | (rows["branch"] == ALL)]


def forgiving(table: pd.DataFrame) -> pd.DataFrame:
    """Rows that say how much a branch forgives with nothing else tuned; without a cap `comparable` ones."""
    rows = table[table["method"] == UNTUNED]
    return rows if len(rows) else comparable(table)


@dataclass(frozen=True)
class _Goal:
    """Best response of a branch, row ``incumbent``, and the reference f_ref.

    ``luck`` (negative) is how much lower than it is the best of so many looks; ``draws`` of the minimum,
    ``again`` of the incumbent itself: what it would give with other seeds.
    """

    best: float
    reference: float
    incumbent: int
    draws: Floats
    held_out: float
    again: Floats

    @property
    def luck(self) -> float:
        return float(self.draws.mean()) - self.best if len(self.draws) else 0.0

    @property
    def lucks(self) -> tuple[float, float]:
        """Luck by the draws and by the held-out replicates (twice the first where there are none)."""
        other = 2 * self.luck if math.isnan(self.held_out) else self.best - self.held_out
        return self.luck, other

    def seen(self, method: str) -> tuple[float, list[Floats]]:
        """f* that curves of a method are compared with, and its draws for each world of `intervals`."""
        if method != SLICE:
            return self.best, unbiased(np.array(self.best), self.draws, np.array(self.held_out))
        return self.best - self.luck, [self.again - luck for luck in self.lucks]


def _goal(found: Responses, mask: Mask, cap: float | None) -> _Goal:
    rows = np.flatnonzero(mask)
    incumbent = int(rows[np.argmin(found.means[rows])])
    draws = found.draws[:, rows]
    return _Goal(
        best=float(found.means[incumbent]),
        reference=weighted_median(found.means[rows], found.weights[rows]) if cap is None else cap,
        incumbent=incumbent,
        draws=draws.min(axis=1) if draws.size else np.empty(0),
        held_out=float(held_out(found, rows, np.zeros(len(rows), dtype=np.int64))[0]),
        again=found.draws[:, incumbent],
    )


def _curves(found: Responses, name: str, mask: Mask, goal: _Goal) -> list[tuple[str, Curve, list[Floats]]]:
    """Curves and their draws by method; the slice only where the setting is active in the best one."""
    free = retuned(found, name, mask)
    curves = [(RETUNED, free, free.worlds)]
    if found.column(name)[goal.incumbent] >= 0:
        once, other = (sliced(found, name, mask, goal.incumbent, luck) for luck in goal.lucks)
        curves.append((SLICE, once, [once.draws, other.draws]))
    rest = untuned(found, name, mask)
    curves.append((UNTUNED, rest, rest.worlds))
    return curves


def _row(
    curve: Curve, worlds: list[Floats], goal: _Goal, method: str, tolerance: float, trials: int
) -> dict[str, object]:
    if len(curve) < 2:
        return {"intervals": 0, "verdict": "cannot be judged: no other value with everything else equal"}
    best, bests = goal.seen(method)

    def limit(best: Floats | float) -> Floats:
        return np.asarray(best + tolerance * np.maximum(goal.reference - best, 0.0))

    known = bool(len(curve.draws))
    pairs = list(zip(worlds, bests, strict=True)) if known else []
    share = float(share_within(curve, curve.best, limit(best)))
    low, high = spanned(share, [share_within(curve, draws, limit(f)) for draws, f in pairs], 0.0, 1.0)
    regret = float(mean_excess(curve, curve.best, np.array(best)))
    regrets = spanned(regret, [mean_excess(curve, draws, f) for draws, f in pairs])
    within, decades = band(curve, float(limit(best))), decades_of(curve)
    ends = (within.runs[0][0], within.runs[-1][1]) if within.runs and curve.ordered else (math.nan, math.nan)
    return {
        "fraction": share,
        "low": low,
        "high": high,
        "decades": share * decades,
        "decades_low": low * decades,
        "decades_high": high * decades,
        **dict(zip(("from", "to"), ends, strict=True)),
        "band": _words(within, curve),
        "intervals": len(within.runs),
        "best_at": curve.levels[int(np.argmin(curve.best))],
        "regret": regret,
        **dict(zip(("regret_low", "regret_high"), regrets, strict=True)),
        "verdict": _verdict(curve, within, known, trials),
    }


def _words(within: Band, curve: Curve) -> str:
    if not within.runs:
        return "none"
    if not curve.ordered:
        return ", ".join(str(first) for first, _ in within.runs)
    texts = [(short(float(first), 3), short(float(last), 3)) for first, last in within.runs]
    return ", ".join(first if first == last else f"{first} to {last}" for first, last in texts)


def _verdict(curve: Curve, within: Band, known: bool, trials: int) -> str:
    remarks = []
    if trials < FEW:
        remarks.append(f"only {trials} configurations")
    if not within.runs:
        remarks.append("nowhere within the tolerance")
    if edge := edge_words(curve):
        remarks.append(edge)
    if within.touches_low or within.touches_high:
        remarks.append(BOTH_ENDS if within.touches_low and within.touches_high else f"{CUT} one end")
    if curve.ordered and len(within.runs) > 1:
        remarks.append(f"{len(within.runs)} separate intervals")
    if curve.binned:
        remarks.append("lowest of the trials in each bin, not fully tuned: reads too narrow")
    if not known:
        remarks.append("no interval: the noise is unknown without replicates")
    return "; ".join(remarks)
