"""The scale that shares of the variance are taken on: the response as it is, its logarithm, ranks, or capped.

A variance is a mean of squares: three trials of a million among three hundred of one hold all of it, and
then no setting can be told from chance. So the scale is chosen by the values alone; neither their order, nor
the unit of the response, nor any label changes it. Trials are taken in the order of their distance from the
median, and "hold" the part of the sum of squares about the mean that goes when they are left out:

log
    Values are positive, span `FEWEST_DECADES` and more, the largest is `FAR` medians, and the outermost
    twentieth holds `HEAVY` or more of the variance, but less on the log scale.
capped
    A few trials, at most a twentieth, hold `NEARLY_ALL`, and what is left is not ruled by a few in its turn:
    they count as the outermost of the rest (winsorised, Dixon 1960).
rank
    The outermost twentieth holds `MOST`, and the largest magnitude is `FAR` medians: tails on both sides, or
    heavier than the log scale can tame. Shares of ranks are those of Iman & Conover (1979).
raw
    Everything else; also fewer than `FEWEST` trials, whose tails cannot be told, and trials that all agree
    but for the outermost.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import scipy

from sensitivity.request import CAPPED, LOG, RANK, RAW

if TYPE_CHECKING:
    from sensitivity.arrays import Floats

FEWEST: Final = 20
OUTERMOST: Final = 20  # one trial in so many
FEWEST_DECADES: Final = 2.25  # an error between 1 % and a guess spans two
HEAVY: Final = 0.6  # twice what a normal distribution's outermost twentieth holds
MOST: Final = 0.99
NEARLY_ALL: Final = 0.999
FAR: Final = 30.0


@dataclass(frozen=True)
class Scale:
    """How the response is taken where its variance is divided, and what speaks for it.

    Attributes
    ----------
    name
        ``raw``, ``log``, ``rank`` or ``capped``.
    few, held
        Number of outermost trials, and the part of the variance that they hold.
    decades
        From the smallest to the largest value; NaN where one is not positive.
    low, high
        Ends of what counts on the capped scale; NaN where nothing is cut there.
    sign
        −1 where the metric was maximised: the logarithm is that of the metric as recorded.
    chosen
        Whether the rule chose it, not the user.
    """

    name: str = RAW
    few: int = 0
    held: float = float("nan")
    decades: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")
    sign: float = 1.0
    chosen: bool = True

    def of(self, values: Floats) -> Floats:
        """Responses on the scale, each column by itself, shape as given; NaN stays NaN.

        Where a column has values that are not positive, they count as its smallest positive one on the log
        scale; what is cut on the capped scale is found column by column, by hand at least the outermost
        twentieth.
        """
        if self.name == RAW:
            return values
        columns = values.reshape(len(values), -1)
        made = [_MADE[self.name](column, self) for column in columns.T]
        found: Floats = np.column_stack(made).reshape(values.shape)
        return found


def chosen(values: Floats, sign: float = 1.0) -> Scale:
    """The scale that the rule of the module chooses.

    Parameters
    ----------
    values
        Responses, lower is better, shape (n,); those that are not finite do not count.
    sign
        −1 where they are a maximised metric turned round.
    """
    finite = np.sort(values[np.isfinite(values)])
    if len(finite) < FEWEST:
        return Scale(sign=sign)
    few, left = max(len(finite) // OUTERMOST, 1), _left(finite)
    if not left[few] > 0:  # all the same, but for a few: nothing else is known
        return Scale(sign=sign)
    held = 1 - left[few] / left[0]
    found = Scale(few=few, held=held, decades=_decades(sign * finite), sign=sign)
    magnitudes = np.abs(finite)
    far = bool(magnitudes.max() >= FAR * np.median(magnitudes))
    wide = far and found.decades >= FEWEST_DECADES
    if wide and held >= HEAVY and _held(np.log(sign * finite), few) < HEAVY:
        return replace(found, name=LOG)
    if cut := _cut(left, few):
        low, high = _ends(finite, cut)
        return replace(found, name=CAPPED, few=cut, held=1 - left[cut] / left[0], low=low, high=high)
    return replace(found, name=RANK) if far and held >= MOST else found


def told(name: str, values: Floats, sign: float = 1.0) -> Scale:
    """The scale that the user wants, with what the values say about it.

    Raises
    ------
    ValueError
        When it is the log scale and a value is not positive.
    """
    rule = replace(chosen(values, sign), name=name, chosen=False, low=np.nan, high=np.nan)
    finite = np.sort(values[np.isfinite(values)])
    if name == LOG and (sign * finite <= 0).any():
        raise ValueError("a log scale needs positive values")
    if name != CAPPED or len(finite) < 2:
        return rule
    left, few = _left(finite), max(len(finite) // OUTERMOST, 1)
    cut = _cut(left, few) or few
    low, high = _ends(finite, cut)
    return replace(rule, few=cut, held=1 - left[cut] / left[0] if left[0] > 0 else 0.0, low=low, high=high)


def _by_distance(ordered: Floats) -> Floats:
    """Values, the outermost first; of two equally far from the median the larger."""
    distance = np.abs(ordered - np.median(ordered))
    found: Floats = ordered[np.lexsort((-ordered, -distance))]
    return found


def _left(ordered: Floats) -> Floats:
    """Sum of squares about the mean of what is left without the k outermost, shape (n + 1,), k = 0 … n."""
    unit = float(np.abs(ordered).max(initial=0.0)) or 1.0
    inwards = _by_distance(ordered)[::-1]
    # Innermost first (Welford 1962): small squares must not drown in the large ones of the outermost.
    sums, mean, squares = [0.0], 0.0, 0.0
    for count, value in enumerate((inwards / unit).tolist(), 1):
        step = value - mean
        mean += step / count
        squares += step * (value - mean)
        sums.append(squares)
    return np.array(sums[::-1])


def _held(ordered: Floats, few: int) -> float:
    left = _left(np.sort(ordered))
    return float(1 - left[few] / left[0]) if left[0] > 0 else 0.0


def _decades(ordered: Floats) -> float:
    return float(np.log10(ordered.max()) - np.log10(ordered.min())) if (ordered > 0).all() else np.nan


def _cut(left: Floats, few: int) -> int:
    """How many outermost trials hold nearly all, without others that rule the rest; 0 where none do."""
    for cut in range(1, few + 1):
        rest = left[cut : cut + few + 1]
        if left[cut] <= (1 - NEARLY_ALL) * left[0] and rest[0] > 0 and rest[-1] > (1 - MOST) * rest[0]:
            return cut
    return 0


def _ends(ordered: Floats, cut: int) -> tuple[float, float]:
    """Lowest and highest of what is left without the outermost; NaN where nothing is cut on that side."""
    rest = _by_distance(ordered)[cut:]
    low, high = float(rest.min()), float(rest.max())
    return (low if low > ordered[0] else np.nan), (high if high < ordered[-1] else np.nan)


def _logarithm(column: Floats, scale: Scale) -> Floats:
    size = scale.sign * column
    positive = size[size > 0]
    floor = float(positive.min()) if len(positive) else 1.0
    found: Floats = scale.sign * np.log(np.maximum(size, floor))
    return found


def _ranks(column: Floats, _: Scale) -> Floats:
    found: Floats = np.where(np.isnan(column), np.nan, scipy.stats.rankdata(column, nan_policy="omit"))
    return found


def _without_extremes(column: Floats, scale: Scale) -> Floats:
    finite = np.sort(column[np.isfinite(column)])
    few = max(len(finite) // OUTERMOST, 1)
    if len(finite) < (FEWEST if scale.chosen else 2):
        return column
    cut = _cut(_left(finite), few) or (0 if scale.chosen else few)
    rest = _by_distance(finite)[cut:]
    found: Floats = np.clip(column, rest.min(), rest.max())
    return found


_MADE: Final = {LOG: _logarithm, RANK: _ranks, CAPPED: _without_extremes}
