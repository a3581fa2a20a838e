"""A stranger's trial as it was recorded, and what its result counts: turned round, capped."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sensitivity.study import LOWER_IS_BETTER, is_finite
from sensitivity.words import counted, short, were
from sweeps.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sweeps.trial import Phase


@dataclass(frozen=True, slots=True)
class Record:
    """A stranger's trial; its settings stand in columns.

    Attributes
    ----------
    number
        Its number; no two are equal.
    result
        The metric as it was recorded; NaN or infinite where there is none.
    complete
        False where it failed by diverging: then it may have died before all its settings were drawn.
    diverged
        True where it says so itself: a label, its result counts as it is.
    unexplained
        True where it has no result and nothing says why (`sensitivity.reading.missing`).
    seed
        Seed or replicate, if it says so.
    """

    number: int
    result: float
    complete: bool = True
    diverged: bool = False
    unexplained: bool = False
    seed: object = None
    phase: Phase = "plan"
    seconds: float = math.nan
    curve: Sequence[float] = ()


@dataclass(frozen=True)
class Metric:
    """What the results are, in words, which way is better, and what one without a result shall count with.

    ``cap`` is on the scale of the results as recorded, before a maximised one is turned round.
    """

    name: str
    maximise: bool = False
    cap: float | None = None

    @property
    def sign(self) -> float:
        """Factor that makes lower better."""
        return -1.0 if self.maximise else 1.0

    @property
    def direction(self) -> str:
        """`Study.direction`."""
        if not self.maximise:
            return LOWER_IS_BETTER
        return f"{self.name} is maximised; turned round, so that lower is better: value = −{self.name}"


@dataclass(frozen=True)
class Capped:
    """Values with lower better, which trials diverged, the cap (None: none was needed), and notes."""

    values: list[float]
    diverged: list[bool]
    cap: float | None
    notes: list[str]


def capped(records: Sequence[Record], metric: Metric) -> Capped:
    """Turn results round where they are maximised; none counts above the cap, and without one it counts.

    Raises
    ------
    StudyError
        When the cap given makes all values equal.
    """
    turned = [metric.sign * record.result + 0.0 for record in records]
    lost = [not r.complete or not is_finite(r.result) for r in records]
    good = [value for value, none in zip(turned, lost, strict=True) if not none]
    given = None if metric.cap is None else metric.sign * metric.cap
    if given is not None and good and given < min(good):
        best = metric.sign * min(good)
        raise StudyError(
            f"every {metric.name} is worse than the cap {metric.cap:g} (the best is {best:g}), so all would "
            "count the same; give another --cap"
        )
    worst = max(good, default=0.0)
    cap = worst if given is None else given
    values = [cap if none else min(value, cap) for value, none in zip(turned, lost, strict=True)]
    used = cap if any(lost) or given is not None else None
    diverged = [r.diverged or none for r, none in zip(records, lost, strict=True)]
    return Capped(values, diverged, used, _notes(records, lost, good, cap, metric))


def _is_huge(result: float) -> bool:
    """Whether a result is a number, but beyond what measures can square."""
    return math.isfinite(result) and not is_finite(result)


def _notes(
    records: Sequence[Record], lost: Sequence[bool], good: Sequence[float], cap: float, metric: Metric
) -> list[str]:
    failed = sum(not record.complete and not record.unexplained for record in records)
    told = [r.complete and not r.diverged and not r.unexplained for r in records]
    huge = [r.result for r, new in zip(records, told, strict=True) if new and _is_huge(r.result)]
    infinite = sum(none and new for none, new in zip(lost, told, strict=True)) - len(huge)
    notes = []
    if huge:
        notes.append(
            f"In {counted(len(huge), 'trial')} {metric.name} is too large to be measured, such as "
            f"{short(huge[0])}: counted as failed."
        )
    if failed:
        notes.append(f"{were(failed, 'FAILED trial')} counted as diverged.")
    if infinite:
        notes.append(f"{were(infinite, 'trial')} without a finite {metric.name} and counted as diverged.")
    shown = short(metric.sign * cap, 6)
    if any(lost) and not good:
        notes.append(f"No trial has a finite {metric.name}: nothing can be measured.")
    elif any(lost) and metric.cap is None:
        notes.append(
            f"Diverged trials count with the worst finite {metric.name}, {shown}; --cap VALUE changes that."
        )
    above = sum(value > cap for value in good)
    if above:
        notes.append(f"{were(above, 'trial')} worse than the cap {shown} and counted with it.")
    return notes
