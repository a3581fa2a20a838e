"""Contestants in turn on the same work, in one process on one core: CPU time, medians, ratios.

Time is that of the process with all its threads, so others on the machine disturb little; ratios are of the
medians of turns that alternate, so what does disturb hits all alike.
"""

from __future__ import annotations

import importlib.util
import os
import statistics
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import contestants
import numpy as np
from threadpoolctl import threadpool_limits

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from numpy.typing import NDArray
    from work import Work


@dataclass
class Times:
    """CPU seconds per network of a contestant, turn by turn, the first turn apart, and its loss curves."""

    entry: contestants.Entry
    first: float
    losses: NDArray[Any] | None
    turns: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """CPU seconds per network."""
        return statistics.median(self.turns)


@contextmanager
def one_core() -> Iterator[None]:
    """Stay on one core, with all threads that start meanwhile; matrix products have one thread."""
    with threadpool_limits(1):
        if not hasattr(os, "sched_setaffinity"):  # macOS and Windows
            yield
            return
        before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {max(before)})
        try:
            yield
        finally:
            os.sched_setaffinity(0, before)


def missing(name: str) -> list[str]:
    """Packages that a contestant needs and that are not installed."""
    return [package for package in contestants.NEEDS.get(name, ()) if not importlib.util.find_spec(package)]


def race(work: Work, turns: int, names: Collection[str] = tuple(contestants.CONTESTANTS)) -> dict[str, Times]:
    """Times of the contestants named that can do the work; each trains once before its turns are counted."""
    times: dict[str, Times] = {}
    with one_core():
        here = [name for name in contestants.CONTESTANTS if name in names and not missing(name)]
        made = {name: contestants.CONTESTANTS[name](work) for name in here}
        entries = {name: entry for name, entry in made.items() if entry is not None}
        for name, entry in entries.items():
            first, losses = _timed(entry)
            times[name] = Times(entry, first, losses)
        for _ in range(turns):
            for name, entry in entries.items():
                times[name].turns.append(_timed(entry)[0])
    return times


def _timed(entry: contestants.Entry) -> tuple[float, NDArray[Any] | None]:
    begin = time.process_time()
    losses = entry.turn()
    return (time.process_time() - begin) / entry.networks, losses


def disagreement(times: dict[str, Times], name: str) -> NDArray[np.float64]:
    """Relative difference of a contestant's training losses from the NumPy path's, (networks, epochs)."""
    ours, theirs = times["numpy"], times[name]
    assert ours.losses is not None
    assert theirs.losses is not None
    own = ours.losses[theirs.entry.members]
    return np.asarray(np.abs(theirs.losses - own) / own)


def ratios(times: dict[str, Times]) -> dict[str, float]:
    """Columns of the table: contestants over ours, ours over JAX and over the floor."""
    seconds = {name: entry.median for name, entry in times.items()}
    ours = [name for name in contestants.OURS if name in seconds]
    row: dict[str, float] = {}
    for own in ours:
        for other in ("floor", "jax"):
            if other in seconds:
                row[f"{own}_over_{other}"] = seconds[own] / seconds[other]
        for other in ("scikit-learn", "pytorch", "jax"):
            if other in seconds:
                row[f"{other}_over_{own}"] = seconds[other] / seconds[own]
    if "jax" in seconds:
        row["jax_compiling_in_networks"] = _compiling(times["jax"], times["jax"].entry.networks)
    return row


def _compiling(jax: Times, networks: int) -> float:
    """What compiling costs JAX, in networks that it could have trained instead."""
    return (jax.first - jax.median) * networks / jax.median
