"""The values of a setting → list or range, and scale: what a table does not say, guessed and said.

A number with few values that come again is a list, any other a range from the least to the greatest value
seen. A positive one has a logarithmic scale where its values lie nearer to log-uniform than to uniform, or
where it is a learning rate and spans a decade. What the study or the user says stands above that.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import scipy

from sensitivity.language import say
from sensitivity.reading.cells import FEW, in_order
from sensitivity.vocabulary import is_often_logarithmic
from sensitivity.words import named, short
from sweeps.space import Choices, FloatRange, IntegerRange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.arrays import Floats
    from sweeps.space import Domain, Value

LEAST_RATIO: Final = 4.0  # of the greatest to the least value, from which the two scales can be told apart
EVIDENCE: Final = 3.0  # logarithm of the ratio of likelihoods
BEGINNING: Final = 11  # trials; Optuna's samplers draw 10 at random before they adapt
DRIFT: Final = 0.05  # P below which the later trials are spread otherwise than the first
WIDE: Final = 30.0  # ratio of the ends from which eleven numbers tell the scales apart
EVEN: Final = 3.0  # widest step of levels over the narrowest, up to which they lie about evenly
DECADE: Final = 9.99  # what a rate must span: 0.0002 … 0.002, rounded


@dataclass(frozen=True)
class Guess:
    """Domain of a setting, and what was guessed."""

    domain: Domain
    notes: list[str]


def guess(name: str, values: Sequence[Value | None], log: bool | None = None, *, rate: bool = False) -> Guess:
    """Guess a setting from its values.

    Parameters
    ----------
    values
        Per trial, in the order of the trials; None where it is inactive.
    log
        Whether its scale is logarithmic; None: to be guessed.
    rate
        Whether it is a learning rate.
    """
    given = [value for value in values if value is not None]
    if not given or isinstance(given[0], str | bool):
        return Guess(Choices(in_order(given)), [])
    numbers = np.array(given, dtype=np.float64)
    distinct = sorted(set(given))
    sure = rate and numbers.min() > 0 and numbers.max() >= DECADE * numbers.min()
    sure = sure or are_decades(distinct)
    if _is_list(len(distinct), len(given)) and log is None and not sure:
        return Guess(Choices(tuple(distinct)), [])
    guessed = log is None and (sure or looks_logarithmic(numbers, known=is_often_logarithmic(name)))
    scale = bool((guessed or log) and numbers.min() > 0)
    return Guess(span(distinct, log=scale), [_scale_note(name, numbers)] if guessed else [])


def span(distinct: Sequence[Value], *, log: bool) -> Domain:
    """Range from the least to the greatest of ascending numbers; a single number is a list."""
    low, high = distinct[0], distinct[-1]
    if low == high:
        return Choices((low,))
    if all(isinstance(value, int) for value in distinct):
        return IntegerRange(int(low), int(high), log)
    return FloatRange(float(low), float(high), log)


def listed_or_spanned(numbers: Sequence[Value], *, log: bool) -> Domain:
    """Domain of numbers whose scale is known: a list where few come again and the scale is linear."""
    distinct = sorted(set(numbers))
    return (
        Choices(tuple(distinct))
        if _is_list(len(distinct), len(numbers)) and not log
        else span(distinct, log=log)
    )


def _is_list(distinct: int, count: int) -> bool:
    return distinct <= FEW and (2 * distinct <= count or distinct <= 2)


def are_decades(levels: Sequence[Value]) -> bool:
    """Whether ascending levels span a decade and lie about evenly in the logarithm: 0.001, 0.01, 0.1, 0.5.

    About: the widest step is at most three times the narrowest there, and of the values it is not.
    """
    numbers = np.array(levels, dtype=np.float64)
    if len(numbers) < 3 or numbers[0] <= 0 or numbers[-1] < DECADE * numbers[0]:
        return False
    steps, logs = np.diff(numbers), np.diff(np.log(numbers))
    return bool(logs.max() <= EVEN * logs.min() and steps.max() > EVEN * steps.min())


def looks_logarithmic(numbers: Floats, *, known: bool = False) -> bool:
    """Whether positive numbers of different size lie nearer to log-uniform than to uniform.

    Nearer: by the largest distance of the distribution functions (Kolmogorov–Smirnov), and e^3 times as
    likely. Over a wide range the first `BEGINNING` numbers must be more likely as well. Where those behind
    them are spread otherwise (two-sample Kolmogorov–Smirnov), the first decide alone, with e^3 again, or
    by being more likely over a wide range.

    Parameters
    ----------
    numbers
        In the order of the trials.
    known
        Whether such a setting usually has that scale: then more likely will do for the first trials.
    """
    low, high = float(numbers.min()), float(numbers.max())
    if low <= 0 or high < LEAST_RATIO * low:
        return False
    first, later = numbers[:BEGINNING], numbers[BEGINNING:]
    wide = high >= WIDE * low
    began = _evidence(first, low, high)
    if len(later) and scipy.stats.ks_2samp(first, later).pvalue < DRIFT:
        return began > (0 if known or wide else EVIDENCE)
    if wide and began <= 0:
        return False
    place = (np.arange(len(numbers)) + 0.5) / len(numbers)
    ordered = np.sort(numbers)
    uniform = np.abs((ordered - low) / (high - low) - place).max()
    log_uniform = np.abs(np.log(ordered / low) / math.log(high / low) - place).max()
    return bool(log_uniform < uniform and _evidence(numbers, low, high) > EVIDENCE)


def _evidence(numbers: Floats, low: float, high: float) -> float:
    """Logarithm of the likelihood under 1 / (x ln(high / low)) over that under 1 / (high − low)."""
    return float((math.log(high - low) - np.log(numbers) - math.log(math.log(high / low))).sum())


def _scale_note(name: str, numbers: Floats) -> str:
    low, high = short(numbers.min()), short(numbers.max())
    return say("reading.logarithmic", name=named(name), low=low, high=high)
