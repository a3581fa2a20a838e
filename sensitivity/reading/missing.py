"""Whether trials without a result, of which nobody says why, are failed trainings or merely missing.

Optuna calls a trial FAILED that raised an error or returned NaN, and keeps neither; in a file the cell is
empty. Whether a trial has a result is a yes or no, and can be tested like any other outcome. Where it depends
on a setting (the largest rates have none), leaving those trials out would flatter exactly the settings that
fail: they count as failed trainings. Where it depends on none, they are a random part of the plan, and
counting them with the worst value would be an effect that is not there: they are left out.

Per setting the trials that have it are compared by its levels, or four bins of equal count: Pearson's χ² of
the table of levels × (result, none), by its asymptotic distribution where every expected count is 5 or more,
else by random tables of the same margins (multivariate hypergeometric). For a number also the rank sum of
Mann & Whitney, which sees a trend in few trials, and how many trials at an end of its range have no result
without exception, which sees a cliff; thrice the smallest p counts. A search avoids what fails, so that few
of its trials are evidence: where it followed a plan, the plan is tested by itself too, and twice the smaller
p counts. Over the settings p is corrected by Holm (1979).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import scipy

from sensitivity.coding import is_number, key
from sensitivity.words import counted, listed, short
from sweeps.errors import StudyError, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from sensitivity.arrays import Floats, Integers
    from sweeps.space import Value

DIVERGED: Final = "diverged"
IGNORE: Final = "ignore"
LEVEL: Final = 0.01
BINS: Final = 4
MOST_LEVELS: Final = 10  # different values that are compared one by one
DRAWS: Final = 9_999
ENOUGH: Final = 5.0  # expected count from which χ² has its asymptotic distribution
SMALLEST_SHOWN: Final = 1e-3
TESTS: Final = 3  # of a number: by level, for a trend, for a cliff


@dataclass(frozen=True)
class Decision:
    """Whether trials without a result count as failed trainings, and the sentence that says so."""

    count: bool
    notes: list[str]
    lost: int = 0  # trials that are left out

    @property
    def foremost(self) -> str:
        """What must be known before any answer: that results were made up for them."""
        return self.notes[0] if self.count else ""


def decide(
    configurations: Sequence[Mapping[str, Value]],
    missing: Sequence[bool],
    by_hand: str | None = None,
    plan: Sequence[bool] | None = None,
) -> Decision:
    """Decide over trials without a result.

    Parameters
    ----------
    configurations
        Settings of each trial, with a result and without.
    missing
        Whether it has no result and nothing says why.
    by_hand
        ``diverged`` or ``ignore`` where the user has decided.
    plan
        Whether the trial was planned rather than proposed by a search; None: nobody knows.

    Raises
    ------
    StudyError
        When ``by_hand`` is neither.
    """
    if by_hand not in {None, DIVERGED, IGNORE}:
        raise StudyError(f"--failed takes {DIVERGED} or {IGNORE}, not {shown(by_hand)}")
    lost = sum(missing)
    if not lost:
        return Decision(count=False, notes=[])
    have = "has" if lost == 1 else "have"
    if by_hand is not None:
        fate = "counted as failed trainings" if by_hand == DIVERGED else "left out"
        note = f"{counted(lost, 'trial')} {have} no result: {fate}, as --failed {by_hand} says."
        return Decision(by_hand == DIVERGED, [note], 0 if by_hand == DIVERGED else lost)
    if lost == len(missing):
        note = f"None of {counted(lost, 'trial')} has a result: all count as failed trainings."
        return Decision(count=True, notes=[note])
    found = _with_the_plan(configurations, missing, plan)
    deciding = rejected(found)
    who = f"{lost:,} of {counted(len(missing), 'trial')} {have} no result, "
    if deciding:
        lowest = _p(len(found) * min(found.values()))
        note = (
            f"{who}and whether one has depends on {listed(deciding)} ({lowest}): "
            "they count as failed trainings. If they are something else, leave them out with --failed ignore."
        )
        return Decision(count=True, notes=[note])
    note = f"{who}which depends on no setting as far as can be told: left out. --failed diverged counts them."
    return Decision(count=False, notes=[note], lost=lost)


def _p(value: float) -> str:
    return f"p < {SMALLEST_SHOWN:g}" if value < SMALLEST_SHOWN else f"p = {short(value, 1)}"


def _with_the_plan(
    configurations: Sequence[Mapping[str, Value]], missing: Sequence[bool], plan: Sequence[bool] | None
) -> dict[str, float]:
    """`dependence` over all trials, or over those of the plan alone where that says more."""
    found = dependence(configurations, missing)
    if plan is None or all(plan) or not any(plan):
        return found
    rows = [row for row, planned in enumerate(plan) if planned]
    alone = dependence([configurations[row] for row in rows], [missing[row] for row in rows])
    return {name: min(1.0, 2 * min(p, alone.get(name, 1.0))) for name, p in found.items()}


def dependence(configurations: Sequence[Mapping[str, Value]], missing: Sequence[bool]) -> dict[str, float]:
    """P of "a result is missing as often at every level", uncorrected, per setting that can be tested."""
    names = dict.fromkeys(name for configuration in configurations for name in configuration)
    lost = np.asarray(missing, dtype=bool)
    found: dict[str, float] = {}
    for name in names:
        having = [row for row, configuration in enumerate(configurations) if name in configuration]
        values = [configurations[row][name] for row in having]
        if 0 < lost[having].sum() < len(having) and len({key(value) for value in values}) > 1:
            found[name] = _tested(values, lost[having])
    return found


def rejected(found: Mapping[str, float], level: float = LEVEL) -> list[str]:
    """Settings whose p stays below the level in Holm's step-down correction, lowest first."""
    names = sorted(found, key=lambda name: found[name])
    kept = [found[name] * (len(names) - place) < level for place, name in enumerate(names)]
    return names[: kept.index(False)] if False in kept else names


def _tested(values: Sequence[Value], lost: npt.NDArray[np.bool_]) -> float:
    """P of one setting."""
    keys = [key(value) for value in values]
    if None in keys or not all(map(is_number, values)):
        # None is a choice like any other: where the setting had not been drawn there is no value at all.
        codes, _ = pd.factorize(np.array(keys, dtype=object), use_na_sentinel=False)
        return _by_level(codes, lost)
    numbers = np.array(values, dtype=np.float64)
    _, codes = np.unique(numbers, return_inverse=True)
    if codes.max() >= BINS and not _comes_again(codes):
        edges = np.unique(np.quantile(numbers, np.arange(1, BINS) / BINS, method="inverted_cdf"))
        codes = np.searchsorted(edges, numbers)  # ties stay together, however many sit on one value
    trend = float(scipy.stats.mannwhitneyu(numbers[lost], numbers[~lost]).pvalue)
    return min(1.0, TESTS * min(_by_level(codes, lost), trend, _cliff(numbers, lost)))


def _comes_again(codes: Integers) -> bool:
    """Whether the values are few levels, each in several trials: bins would hide one in its neighbours."""
    sizes = np.bincount(codes)
    return len(sizes) <= MOST_LEVELS and int(sizes.min()) > 1


def _cliff(numbers: Floats, lost: npt.NDArray[np.bool_]) -> float:
    """P of so many trials at an end of a range that all lack a result; twice the smaller of both ends.

    That the outermost m of n trials are among the k without a result has the probability
    C(n − m, k − m) / C(n, k), whatever m is the longest.
    """
    with_result, total, without = numbers[~lost], len(lost), int(lost.sum())
    outermost = (int((numbers > with_result.max()).sum()), int((numbers < with_result.min()).sum()))
    return min(1.0, 2 * float(scipy.stats.hypergeom.pmf(max(outermost), total, without, max(outermost))))


def _by_level(codes: Integers, lost: npt.NDArray[np.bool_]) -> float:
    """P of the table of levels × (result, none) with these margins."""
    sizes, without = np.bincount(codes), np.bincount(codes[lost], minlength=codes.max() + 1)
    sizes, without = sizes[sizes > 0], without[sizes > 0]
    if len(sizes) < 2:
        return 1.0
    share = without.sum() / sizes.sum()
    expected = share * sizes

    def distance(counts: Integers) -> Floats:
        return np.asarray(((counts - expected) ** 2 / (expected * (1 - share))).sum(axis=-1))

    if min(expected.min(), ((1 - share) * sizes).min()) >= ENOUGH:
        return float(scipy.stats.chi2.sf(distance(without), len(sizes) - 1))
    draws = np.random.default_rng(0).multivariate_hypergeometric(
        sizes, int(without.sum()), DRAWS, "marginals"
    )
    as_far = int((distance(draws) >= distance(without) * (1 - 1e-9)).sum())
    return (1 + as_far) / (1 + DRAWS)
