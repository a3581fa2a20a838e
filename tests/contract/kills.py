"""Killing a sweep at random moments, whoever trains it and wherever: what is lost, doubled, left behind.

A `Sweep` says how it is started in a folder and how many trials its study holds; `kill_often` kills the
coordinator, one worker or the whole process group so many times in a phase, starts it again each time, and
gives a `Tally`. A folder is begun near the phase and killed again and again until the phase is over, so that
a kill costs what it takes to get there and no whole sweep. ``tests/contract/test_kills.py`` is the loop over
all phases, and over the stores of ``killed_stores.py``.
"""

from __future__ import annotations

import math
import random
import re
import shutil
import time
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from killed import Killed, Started, spawned
from trial_rows import recorded_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

PHASES = ("start", "plan", "search", "explaining")
SPANS = ("plan", "search")  # phases in which trials are recorded
VICTIMS = ("coordinator", "worker", "group")
PER_ROUND = 20  # kills between two looks at the whole table
IN_ONE = {"start": 1, "plan": 20, "search": 20, "explaining": 2}  # workers that one sweep may lose
NAMES = (
    "kept in",
    "phase",
    "killed",
    "kills",
    "lost",
    "doubled",
    "changed",
    "failed",
    "processes left",
    "files left",
    "s per kill",
)
_TRIAL = re.compile(rb'^\{"op_code": ?4,', re.MULTILINE)


def recorded_in_journal(out: Path) -> int:
    """Number of trials in the journal of a run folder."""
    journal = out / "study.journal"
    return _trials_in(journal, journal.stat().st_size) if journal.exists() else 0


@lru_cache(maxsize=1)  # asked for a hundred times a second; a journal only grows
def _trials_in(journal: Path, size: int) -> int:
    return len(_TRIAL.findall(journal.read_bytes()[:size]))


def begun_from_journal(reference: Path, out: Path, trials: int) -> None:
    """Make a run folder whose study holds the first trials of a finished one."""
    if not trials:
        return
    out.mkdir(parents=True)
    shutil.copy(reference / "sweep.toml", out)
    content = (reference / "study.journal").read_bytes()
    places = [found.start() for found in _TRIAL.finditer(content)] + [len(content)]
    (out / "study.journal").write_bytes(content[: places[trials]])


@dataclass(frozen=True)
class Sweep:
    """A sweep that shall be killed.

    Attributes
    ----------
    command
        Words after ``sensitivity`` that start it in a folder, or go on there.
    reference
        Folder of a run of it that nobody disturbed, explained or not as ``command`` does.
    planned, total
        Trials of its plan, and with those of its search.
    recorded
        Number of trials in the study of a folder.
    begun
        Makes a folder that holds the first trials of the reference, so that a phase need not be waited for.
    forget
        Removes a folder and what of the study is elsewhere.
    results
        Where in the folder the run folder is.
    start
        How it is started, but in the phase "start", in which it is started as anybody does.
    kept
        Name of the store.
    """

    command: Callable[[Path], Sequence[object]]
    reference: Path
    planned: int
    total: int
    recorded: Callable[[Path], int] = recorded_in_journal
    begun: Callable[[Path, Path, int], None] = begun_from_journal
    forget: Callable[[Path], None] = shutil.rmtree
    results: str = "."
    start: Callable = Started
    kept: str = "journal"
    place: Callable[[Path], str] = str  # what names the store of a folder in what is written of it
    # Files that differ by where they are, or by when: looked at in other ways, or not at all.
    unchanging: tuple[str, ...] = ("sweep.toml", "study.journal", "storage.json", ".made.json")


@dataclass
class Tally:
    """What many kills in a phase have done.

    Attributes
    ----------
    kills
        How many hit a running sweep.
    lost, doubled, other
        Trials that the final table lacks, that the study or the table holds twice, whose row is another than
        undisturbed; files of the results with other bytes.
    failed
        Sweeps that ended badly although they should not: first lines of what they said.
    processes, files
        What was left of a killed sweep half a minute later, and of the last one at its end.
    seconds
        Of the clock, all together.
    """

    kept: str
    phase: str
    victim: str
    kills: int = 0
    lost: int = 0
    doubled: int = 0
    other: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    processes: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def clean(self) -> bool:
        """Whether nothing was lost, doubled, changed, left behind, and nothing failed."""
        return not (self.lost or self.doubled or self.other or self.failed or self.processes or self.files)

    def cells(self) -> list[str]:
        """Row of the table."""
        counts = (self.kills, self.lost, self.doubled, *map(len, (self.other, self.failed)))
        left = map(len, (self.processes, self.files))
        each = f"{self.seconds / max(1, self.kills):.1f}"
        return [self.kept, self.phase, self.victim, *map(str, (*counts, *left)), each]


def table_of(rows: Sequence[Sequence[str]]) -> str:
    """The cells of all tallies as a table of text."""
    rows = [NAMES, *rows]
    widths = [max(len(row[place]) for row in rows) for place in range(len(NAMES))]
    return "\n".join(
        "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)) for row in rows
    )


def rows_of(folder: Path) -> dict[str, list[list[str]]]:
    """Rows of trials.csv by the number of their trial, without the column seconds."""
    header, *rows = recorded_rows(folder)
    number = header.index("number")
    found: dict[str, list[list[str]]] = {}
    for row in rows:
        found.setdefault(row[number], []).append(row)
    return found


@dataclass
class Times:
    """Seconds that each phase of an undisturbed sweep takes."""

    start: float
    plan: float
    search: float
    explaining: float


def in_peace(sweep: Sweep, home: Path) -> Times:
    """Run a sweep undisturbed in the folder of its reference, and measure how long each phase takes."""
    seen = [time.monotonic()]
    run = Killed(sweep.start, sweep.command(sweep.reference), home)
    for trials in (1, sweep.planned, sweep.total):
        run.wait_until(lambda trials=trials: sweep.recorded(sweep.reference) >= trials)
        seen.append(time.monotonic())
    assert run.end() == 0, run.said()
    return Times(*(after - before for before, after in pairwise([*seen, time.monotonic()])))


def start_of(sweep: Sweep, phase: str, home: Path) -> float:
    """Seconds until the first trial of a phase where the sweep goes on with it.

    In the phase "start" it is started as anybody does.
    """
    out, known = home / "timed", sweep.planned if phase == "search" else 0
    sweep.begun(sweep.reference, out, known)
    known, begun = sweep.recorded(out), time.monotonic()
    run = Killed(Started if phase == "start" else sweep.start, sweep.command(out), home)
    assert run.wait_until(lambda: sweep.recorded(out) > known), run.said()
    seconds = time.monotonic() - begun
    run.kill("group", random.Random())
    sweep.forget(out)
    return seconds


def kill_often(sweep: Sweep, phase: str, victim: str, kills: int, home: Path, times: Times) -> Tally:
    """Kill a sweep so many times in a phase, go on each time, and compare what comes out in the end.

    Parameters
    ----------
    phase, victim
        Of `PHASES` and `VICTIMS`.
    home
        An empty folder for all of it.
    times
        Of `in_peace`; in the phases "start" and "search" its ``start`` is of `start_of`.
    """
    tally, rounds, begun = Tally(sweep.kept, phase, victim), 0, time.monotonic()
    how = random.Random(), times, home  # no seed would bring the same moment back
    near = {"start": 0, "plan": 0, "search": sweep.planned, "explaining": sweep.total}[phase]
    while tally.kills < kills:
        rounds += 1
        assert rounds <= 5 * kills, f"only {tally.kills} of {rounds} sweeps could be killed: make it longer"
        out = home / f"run{rounds}"
        sweep.begun(sweep.reference, out, near)
        _one_round(sweep, out, tally, min(kills, tally.kills + PER_ROUND), how)
        sweep.forget(out)
    tally.seconds = time.monotonic() - begun
    return tally


def _one_round(
    sweep: Sweep, out: Path, tally: Tally, until: int, how: tuple[random.Random, Times, Path]
) -> None:
    """Kill sweeps in one folder until the phase is over or enough were killed; then compare."""
    fate, times, home = how
    in_one = IN_ONE[tally.phase] if tally.victim == "worker" else 1  # a sweep goes on without one
    over = False
    while tally.kills < until and not over:
        run = Killed(Started if tally.phase == "start" else sweep.start, sweep.command(out), home)
        before = tally.kills
        while tally.kills < min(until, before + in_one):
            if not _moment(run, sweep, out, tally, fate, times) or not run.kill(tally.victim, fate):
                break
            tally.kills += 1
        ended = run.end() if tally.victim == "worker" or tally.kills == before else 0
        over = not run.was_killed
        if ended:
            tally.failed.append(f"exit {ended}: {run.said()}")
        tally.processes += run.left()
    _compare(sweep, run, out, tally, home)


def _moment(run: Killed, sweep: Sweep, out: Path, tally: Tally, fate: random.Random, times: Times) -> bool:
    """Wait for a random moment of the phase; False when the sweep has left it before."""
    recorded, phase = sweep.recorded(out), tally.phase
    if phase in SPANS:
        first, last = {"plan": (0, sweep.planned), "search": (sweep.planned, sweep.total)}[phase]
        # Every other time while it still goes on where another was killed, which is no part of the plan. But
        # a worker is killed when others have finished something since: they would be given up otherwise.
        again = phase == "search" and tally.victim != "worker" and recorded >= first and fate.random() < 0.5
        step = 0 if again else fate.randrange(1, 2 + (last - first) // 16)
        goal = max(recorded + step, first)
        pause = times.start if again else getattr(times, phase) / 8
    else:
        goal, last = (sweep.total, math.inf) if phase == "explaining" else (0, recorded + 1)
        pause = getattr(times, phase) + (times.start if phase == "explaining" else 0)
    come = run.wait_until(lambda: sweep.recorded(out) >= goal)
    until = time.monotonic() + fate.random() * pause
    come = come and run.wait_until(lambda: time.monotonic() >= until)
    if come and tally.victim == "worker":  # it may be too early for one
        come = run.wait_until(lambda: bool(spawned(run.process.pid)))
    return come and sweep.recorded(out) < last


def _compare(sweep: Sweep, run: Killed, out: Path, tally: Tally, home: Path) -> None:
    """Go on to the end where the last sweep was killed, and compare with the reference."""
    if run.was_killed:
        run = Killed(sweep.start, sweep.command(out), home)
        if code := run.end():
            tally.failed.append(f"exit {code}: {run.said()}")
        tally.processes += run.left()
    tally.files += [str(path.relative_to(home)) for path in sorted(run.temporary.rglob("*"))]
    shutil.rmtree(run.temporary)
    if run.process.wait():
        return
    expected, found = (rows_of(folder / sweep.results) for folder in (sweep.reference, out))
    tally.lost += len(expected.keys() - found.keys())
    tally.doubled += sum(len(rows) - 1 for rows in found.values())
    tally.doubled += max(0, sweep.recorded(out) - sweep.total)
    tally.other += [number for number in found if found[number] != expected.get(number)]
    ours, theirs = (set(_files(folder)) for folder in (out, sweep.reference))
    tally.files += sorted(ours - theirs)
    tally.lost += len(theirs - ours)
    if tally.phase == "explaining":  # the same trials with the same seconds: each result has the same bytes
        for name in sorted(ours & theirs):
            texts = [_bytes(folder, name, sweep.place(folder)) for folder in (out, sweep.reference)]
            if name.rpartition("/")[2] not in sweep.unchanging and texts[0] != texts[1]:
                tally.other.append(name)


def _files(folder: Path) -> Iterator[str]:
    """Files of a folder, by their path in it."""
    return (str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def _bytes(folder: Path, name: str, place: str) -> bytes:
    """Content of a file in which the names of its own folder, and of where the study is, do not count."""
    return (folder / name).read_bytes().replace(bytes(folder), b"FOLDER").replace(place.encode(), b"PLACE")
