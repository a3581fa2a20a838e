"""What is good enough, and which part of a curve is: bars by which branches are judged, widths by the bars.

A bar is f* + ε (f_ref − f*): f* the best response of a branch or of all, f_ref the median or the cap.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from sensitivity.estimators.curves.bands import share_within
from sensitivity.estimators.curves.coarser import widened
from sensitivity.estimators.curves.curves import Curve, retuned, sliced
from sensitivity.estimators.curves.intervals import spanned, unbiased
from sensitivity.estimators.curves.responses import ALL
from sensitivity.estimators.curves.untuned import untuned, weighted_median
from sensitivity.estimators.curves.valley import floor, spread_between

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.arrays import Floats
    from sensitivity.estimators.curves.responses import Mask, Responses

RETUNED: Final = "re-tuned"
SLICE: Final = "slice"
UNTUNED: Final = "untuned"
OWN: Final = "own best"
OVERALL: Final = "overall best"
COMMON: Final = "common bar"
TWO_SIDED: Final = 1.96


@dataclass(frozen=True)
class Goal:
    """Best response of a branch, row ``incumbent``, and the reference f_ref.

    ``luck`` (negative) is how much lower than it is the best of so many looks; ``draws`` of the minimum;
    ``missed`` what a surrogate misses: a bar within it cannot be seen.
    """

    best: float
    reference: float
    incumbent: int
    draws: Floats
    held_out: float
    lucky: bool = True
    missed: float = 0.0

    def blurred(self, share: float) -> bool:
        """Whether the bar is no farther from the best than what the surrogate misses."""
        return self.missed > 0 and float(self.limit(self.best, share)) - self.best <= self.missed

    @property
    def luck(self) -> float:
        """How much lower than it is the best of many looks reads; not positive."""
        return float(self.draws.mean()) - self.best if self.lucky and len(self.draws) else 0.0

    @property
    def worlds(self) -> list[Floats]:
        """Draws of f* for each world of `intervals`."""
        return unbiased(np.array(self.best), self.draws, np.array(self.held_out))

    def seen(self, method: str) -> float:
        """f* that curves of a method are compared with: on a slice without its luck."""
        return self.best - (self.luck if method == SLICE else 0.0)

    def limit(self, best: Floats | float, share: float) -> Floats:
        """Response that is still good where the best is this."""
        return np.asarray(best + share * np.maximum(self.reference - best, 0.0))


def goals(found: Responses, branch: str, mask: Mask, chance: float | None) -> dict[str, Goal]:
    """What a branch is compared with, by the column ``against`` of the tolerance."""
    own = goal(found, mask)
    overall = own if branch == ALL else goal(found, np.ones_like(mask))
    bars = {OWN: own} if branch == ALL else {OWN: own, OVERALL: overall}
    return bars if chance is None else {**bars, COMMON: replace(overall, reference=chance)}


def floors(found: Responses, name: str) -> dict[str, dict[str, float]]:
    """Best response, between the levels of a setting too, by branch and column ``against``; see `valley`.

    No draws are needed: `coarser.silent` responses do.
    """
    of = {branch: floor(retuned(found, name, mask)) for branch, mask in found.branches()}
    best = min((value for branch, value in of.items() if branch != ALL or len(of) == 1), default=math.inf)
    return {
        branch: {OWN: best if branch == ALL else own, OVERALL: best, COMMON: best}
        for branch, own in of.items()
    }


def fractions(
    found: Responses, name: str, branch: str, mask: Mask, chance: float | None, share: float
) -> dict[tuple[str, str], float]:
    """Fraction that is good by method and bar, for the methods that have an interval; see `coarser`."""
    bars = goals(found, branch, mask, chance)
    curves = {RETUNED: retuned(found, name, mask)}
    if chance is not None:
        curves[UNTUNED] = untuned(found, name, mask)
    return {
        (method, against): float(share_within(curve, curve.best, bar.limit(bar.best, share)))
        for method, curve in curves.items()
        for against, bar in bars.items()
    }


def goal(found: Responses, mask: Mask) -> Goal:
    """Best response and median of some configurations."""
    rows = np.flatnonzero(mask)
    incumbent = int(rows[np.argmin(found.means[rows])])
    draws = found.draws[:, rows]
    return Goal(
        best=float(found.means[incumbent]),
        reference=weighted_median(found.means[rows], found.weights[rows]),
        incumbent=incumbent,
        draws=draws.min(axis=1) if draws.size else np.empty(0),
        held_out=float(found.held_out(rows, np.zeros(len(rows), dtype=np.int64))[0]),
        lucky=found.lucky,
        missed=found.missed,
    )


def curves_of(found: Responses, name: str, mask: Mask, own: Goal) -> list[tuple[str, Curve, list[Floats]]]:
    """Curves and their draws by method; the slice only where the setting is active in the best one."""
    free = retuned(found, name, mask)
    curves = [(RETUNED, free, free.worlds)]
    if found.column(name)[own.incumbent] >= 0:
        curves.append((SLICE, sliced(found, name, mask, own.incumbent, own.luck), []))
    rest = untuned(found, name, mask)
    curves.append((UNTUNED, rest, rest.worlds))
    return curves


@dataclass(frozen=True)
class Width:
    """How much of a curve is good, with what else it might have been: a fraction, decades, or a difference.

    ``worlds`` are draws of other seeds (see `intervals`), ``coarse`` the same number of fewer levels,
    ``fine`` the least and the most with levels everywhere, NaN where the levels are enough (see `valley`),
    ``blur`` the same if all of the curve were as far off as a surrogate misses; ``blurred`` of a bar within
    that, which has no interval.
    """

    estimate: float
    worlds: Sequence[Floats] = ()
    coarse: Sequence[float] = ()
    fine: tuple[float, float] = (math.nan, math.nan)
    blur: tuple[float, float] = (0.0, 0.0)
    blurred: bool = False

    def interval(self, bottom: float = -np.inf, top: float = np.inf) -> tuple[float, float]:
        """95 % interval of seed and grid together, inside what is possible."""
        if self.blurred:
            return math.nan, math.nan
        ends = spanned(self.estimate, self.worlds, bottom, top)
        low, high = widened(self.estimate, ends, self.coarse, bottom, top, self.fine)
        if not any(self.blur):
            return low, high
        off = math.hypot(self.estimate - low, self.blur[0]), math.hypot(high - self.estimate, self.blur[1])
        return max(self.estimate - off[0], bottom), min(self.estimate + off[1], top)

    def __sub__(self, other: Width) -> Width:
        """Difference draw by draw: what a replicate does to both is no difference."""
        return Width(
            self.estimate - other.estimate,
            [one - two for one, two in zip(self.worlds, other.worlds, strict=False)],
            [one - two for one, two in zip(self.coarse, other.coarse, strict=False)],
            self._finer(other),
            (math.hypot(self.blur[0], other.blur[1]), math.hypot(self.blur[1], other.blur[0])),
            self.blurred or other.blurred,
        )

    def __mul__(self, factor: float) -> Width:
        """The same in another unit."""
        return Width(
            self.estimate * factor,
            [draws * factor for draws in self.worlds],
            [one * factor for one in self.coarse],
            (self.fine[0] * factor, self.fine[1] * factor),
            (self.blur[0] * factor, self.blur[1] * factor),
            self.blurred,
        )

    def _finer(self, other: Width) -> tuple[float, float]:
        """Ends of the difference with levels everywhere: of two grids, which err apart from each other."""
        down, up = self._moves
        other_down, other_up = other._moves
        estimate = self.estimate - other.estimate
        return estimate - math.hypot(down, other_up), estimate + math.hypot(up, other_down)

    @property
    def _moves(self) -> tuple[float, float]:
        """How far below and above the estimate levels everywhere may take it."""
        ends = [one - self.estimate for one in self.fine if math.isfinite(one)]
        return -min([0.0, *ends]), max([0.0, *ends])


def width(
    curve: Curve,
    worlds: Sequence[Floats],
    bar: Goal,
    method: str,
    share: float,
    coarse: Sequence[float] = (),
    finest: float = math.inf,
) -> Width:
    """Fraction of the prior where a curve meets a bar, ``finest`` the best response between levels too."""
    pairs = list(zip(worlds, bar.worlds, strict=True)) if len(curve.draws) and worlds else []
    best = bar.seen(method)
    deeper = max(best - finest, 0.0) if math.isfinite(finest) else 0.0
    limit = float(bar.limit(best, share))
    fine = [bar.limit(one - deeper, share) for _, one in pairs]
    estimate = float(share_within(curve, curve.best, np.array(limit)))
    moved = (limit - TWO_SIDED * bar.missed, limit + TWO_SIDED * bar.missed)
    off = [float(share_within(curve, curve.best, np.array(one))) for one in moved]
    return Width(
        estimate,
        [share_within(curve, draws, bar.limit(one, share)) for draws, one in pairs],
        coarse,
        spread_between(
            curve, [draws for draws, _ in pairs], fine, limit, float(bar.limit(best - deeper, share))
        ),
        (estimate - off[0], off[1] - estimate),
        bar.blurred(share),
    )
