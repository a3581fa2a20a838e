"""A fidelity (budget, epochs, training iteration) is no setting: the largest is explained.

Where a run has several rows, of which each tells how far it has come, the last of them counts. Where
configurations were tried with several budgets, those with the largest count.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sensitivity.words import counted, named, short, were

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sweeps.space import Value

ENOUGH: Final = 8  # rows of the largest budget, without which nothing could be explained


@dataclass(frozen=True)
class Kept:
    """Rows that count, and what there is to say."""

    rows: list[int]
    notes: list[str]


def last_of_each(
    rows: Sequence[int], steps: Sequence[Value | None], runs: Sequence[object], name: str
) -> Kept:
    """Last row of each run, by how far it has come; all rows where each run has one.

    Parameters
    ----------
    steps, runs
        Per row of the table: the column called ``name``, and something comparable that tells the runs apart.
    """
    latest: dict[object, int] = {}
    for row in rows:
        before = latest.get(runs[row])
        if before is None or _number(steps[row]) >= _number(steps[before]):
            latest[runs[row]] = row
    kept = sorted(latest.values())
    lost = len(rows) - len(kept)
    if not lost:
        return Kept(list(rows), [])
    note = f"Of each run the last row counts, by {named(name)}: {were(lost, 'earlier row')} left out."
    return Kept(kept, [note])


def largest(rows: Sequence[int], budgets: Sequence[Value | None], name: str) -> Kept:
    """Rows of the largest budget."""
    known = [_number(budgets[row]) for row in rows]
    most = max(known, default=0.0)
    kept = [row for row, size in zip(rows, known, strict=True) if size == most]
    if len(kept) == len(rows):
        return Kept(list(rows), [])
    lost = len(rows) - len(kept)
    rest = f"{counted(lost, 'row')} with less {'was' if lost == 1 else 'were'} left out"
    note = f"Explained is the largest {named(name)}, {short(most, 6)}: {rest}."
    return Kept(kept, [note])


def is_fidelity(
    rows: Sequence[int], budgets: Sequence[Value | None], configurations: Sequence[object]
) -> bool:
    """Whether a budget was varied as one: configurations tried with several, or few budgets for many rows."""
    tried = defaultdict(set)
    for row in rows:
        tried[configurations[row]].add(budgets[row])
    if any(len(several) > 1 for several in tried.values()):
        return True
    counts = Counter(budgets[row] for row in rows if budgets[row] is not None)
    return bool(counts) and 2 * len(counts) <= len(rows) and counts[max(counts, key=_number)] >= ENOUGH


def _number(value: Value | None) -> float:
    return float("-inf") if value is None else float(value)
