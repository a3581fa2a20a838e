"""Killing a sweep at random moments, whoever trains it and wherever: what is lost, doubled, left behind.

A `Sweep` says how it is started in a folder and how many trials its study holds; `kill_often` kills the
coordinator, one worker or the whole process group so many times in a phase, starts it again each time, and
gives a `Tally`. ``tests/contract/test_kills.py`` is the loop over the journal; a cluster or a database gives
its own command line, its own way of counting, and its own workers.
"""

from __future__ import annotations

import math
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from trial_rows import recorded_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

PHASES = ("start", "plan", "search", "explaining")
SPANS = ("plan", "search")  # phases in which trials are recorded
VICTIMS = ("coordinator", "worker", "group")
MARK = "SENSITIVITY_KILLED"  # in the environment of all that a sweep starts, by which it is found again
GRACE = 30.0  # seconds in which what is orphaned ends
PATIENCE = 900.0  # seconds after which a sweep hangs
PER_ROUND = 20  # kills between two looks at the whole table
_TRIAL = re.compile(rb'^\{"op_code": ?4,', re.MULTILINE)
_LOOK = 0.01  # seconds between two looks
_UNCHANGED = ("sweep.toml", "study.journal", "storage.json")


def recorded_in_journal(out: Path) -> int:
    """Number of trials in the journal of a run folder."""
    journal = out / "study.journal"
    return _trials_in(journal, journal.stat().st_size) if journal.exists() else 0


@lru_cache(maxsize=1)  # asked for a hundred times a second; a journal only grows
def _trials_in(journal: Path, size: int) -> int:
    return len(_TRIAL.findall(journal.read_bytes()[:size]))


def spawned(pid: int) -> list[int]:
    """Worker processes of a process, by what their command line says (Linux)."""
    found = []
    for child in children(pid):
        with suppress(OSError):
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.append(child)
    return found


def children(pid: int) -> list[int]:
    """Processes that a process started, itself or through others (Linux)."""
    with suppress(OSError):
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
        return [one for child in map(int, text.split()) for one in (child, *children(child))]
    return []


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
        Line that starts it in a folder, or goes on there; without the interpreter it is ``sensitivity``'s.
    reference
        Folder of a run of it that nobody disturbed, explained or not as ``command`` does.
    planned, total
        Trials of its plan, and with those of its search.
    recorded
        Number of trials in the study of a folder.
    workers
        Processes that train or explain for a process; any of them may be killed.
    begun
        Makes a folder that holds the first trials of the reference, so that a phase need not be waited for;
        None where that cannot be done.
    forget
        Removes a folder and what of the study is elsewhere.
    """

    command: Callable[[Path], Sequence[str]]
    reference: Path
    planned: int
    total: int
    recorded: Callable[[Path], int] = recorded_in_journal
    workers: Callable[[int], list[int]] = spawned
    begun: Callable[[Path, Path, int], None] | None = begun_from_journal
    forget: Callable[[Path], None] = shutil.rmtree


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
        return [self.phase, self.victim, *map(str, (*counts, *left)), each]


def table_of(tallies: Sequence[Tally]) -> str:
    """All tallies as a table of text."""
    names = [
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
    ]
    rows = [names, *(tally.cells() for tally in tallies)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(names))]
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


class Killed:
    """One sweep that runs: started, watched and killed.

    Parameters
    ----------
    sweep
        What to start.
    out
        In which folder.
    home
        Folder for its temporary files and what it prints.
    """

    def __init__(self, sweep: Sweep, out: Path, home: Path) -> None:
        self._sweep, self._mark = sweep, uuid.uuid4().hex
        self.was_killed = False
        self.temporary, self._said = home / "tmp", home / "said.txt"
        self.temporary.mkdir(parents=True, exist_ok=True)
        line = [str(word) for word in sweep.command(out)]
        line = line if line[0] == sys.executable else [sys.executable, "-m", "sensitivity", *line]
        environment = {**os.environ, MARK: self._mark, "TMPDIR": str(self.temporary)}
        with self._said.open("wb") as said:
            self.process = subprocess.Popen(
                line, stdout=subprocess.DEVNULL, stderr=said, env=environment, start_new_session=True
            )

    def runs(self) -> bool:
        """Whether it has not ended."""
        return self.process.poll() is None

    def wait_until(self, condition: Callable[[], bool]) -> bool:
        """Whether the condition came while it ran."""
        deadline = time.monotonic() + PATIENCE
        while self.runs():
            if condition():
                return self.runs()
            if time.monotonic() > deadline:
                raise TimeoutError(f"the sweep hangs: {self.said()}")
            time.sleep(_LOOK)
        return False

    def kill(self, victim: str, fate: random.Random) -> bool:
        """Kill -9; whether there was somebody to kill."""
        if victim == "worker":
            workers = self._sweep.workers(self.process.pid)
            if not workers:
                return False
            with suppress(ProcessLookupError):
                os.kill(fate.choice(workers), signal.SIGKILL)
                return True
            return False
        if not self.runs():
            return False
        if victim == "group":
            os.killpg(self.process.pid, signal.SIGKILL)
        else:
            self.process.kill()
        self.process.wait()
        self.was_killed = True
        return True

    def end(self) -> int:
        """Wait for its end and give its exit code; one that hangs is killed."""
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            return -1

    def said(self) -> str:
        """What it printed as an error, on one line."""
        text = self._said.read_text(encoding="utf-8", errors="replace").strip()
        return " ⏎ ".join(text.splitlines()[-3:])

    def family(self) -> dict[int, str]:
        """Processes that it, or what it started, began and that still live."""
        mark, found = f"{MARK}={self._mark}".encode(), {}
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if mark in (folder / "environ").read_bytes():
                    words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                    found[int(folder.name)] = words
        return found

    def left(self) -> list[str]:
        """Processes that still live after some time; they are ended."""
        deadline = time.monotonic() + GRACE
        while (alive := self.family()) and time.monotonic() < deadline:
            time.sleep(10 * _LOOK)  # looking at every process there is costs more than a look at a file
        for pid in alive:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return list(alive.values())


@dataclass
class Times:
    """Seconds that each phase of an undisturbed sweep takes."""

    start: float
    plan: float
    search: float
    explaining: float


def times_of(sweep: Sweep, home: Path) -> Times:
    """Measure them once."""
    out, seen = home / "timed", [time.monotonic()]
    run = Killed(sweep, out, home)
    for trials in (1, sweep.planned, sweep.total):
        run.wait_until(lambda trials=trials: sweep.recorded(out) >= trials)
        seen.append(time.monotonic())
    assert run.end() == 0, run.said()
    sweep.forget(out)
    return Times(*(after - before for before, after in pairwise([*seen, time.monotonic()])))


def kill_often(sweep: Sweep, phase: str, victim: str, kills: int, home: Path, times: Times) -> Tally:
    """Kill a sweep so many times in a phase, go on each time, and compare what comes out in the end.

    Parameters
    ----------
    phase, victim
        Of `PHASES` and `VICTIMS`.
    home
        An empty folder for all of it.
    times
        Of `times_of`.
    """
    fate, tally, rounds, begun = random.Random(f"{phase} {victim}"), Tally(phase, victim), 0, time.monotonic()
    while tally.kills < kills:
        rounds += 1
        assert rounds <= 5 * kills, f"only {tally.kills} of {rounds} sweeps could be killed: make it longer"
        out = home / f"run{rounds}"
        _begin(sweep, phase, out)
        _one_round(sweep, out, tally, min(kills, tally.kills + PER_ROUND), (fate, times, home))
        sweep.forget(out)
    tally.seconds = time.monotonic() - begun
    return tally


def _begin(sweep: Sweep, phase: str, out: Path) -> None:
    """Bring a new folder near its phase."""
    trials = {"start": 0, "plan": 0, "search": sweep.planned, "explaining": sweep.total}[phase]
    if sweep.begun is not None:
        sweep.begun(sweep.reference, out, trials)


def _one_round(
    sweep: Sweep, out: Path, tally: Tally, until: int, how: tuple[random.Random, Times, Path]
) -> None:
    """Kill sweeps in one folder until the phase is over or enough were killed; then compare."""
    fate, times, home = how
    in_one = (
        PER_ROUND if tally.victim == "worker" and tally.phase in SPANS else 1
    )  # a sweep goes on without one
    over = False
    while tally.kills < until and not over:
        run = Killed(sweep, out, home)
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
        goal = max(recorded + (phase == "plan" and fate.randrange(1, 2 + last // 16)), first)
        pause = getattr(times, phase) / 8 + (times.start if phase == "search" and recorded >= first else 0)
    else:
        goal, last = (sweep.total, math.inf) if phase == "explaining" else (0, recorded + 1)
        pause = getattr(times, phase) + (times.start if phase == "explaining" else 0)
    come = run.wait_until(lambda: sweep.recorded(out) >= goal)
    until = time.monotonic() + fate.random() * pause
    come = come and run.wait_until(lambda: time.monotonic() >= until)
    if come and tally.victim == "worker":  # it may be too early for one
        come = run.wait_until(lambda: bool(sweep.workers(run.process.pid)))
    return come and sweep.recorded(out) < last


def _compare(sweep: Sweep, run: Killed, out: Path, tally: Tally, home: Path) -> None:
    """Go on to the end where the last sweep was killed, and compare with the reference."""
    if run.was_killed:
        run = Killed(sweep, out, home)
        if code := run.end():
            tally.failed.append(f"exit {code}: {run.said()}")
        tally.processes += run.left()
    tally.files += [str(path.relative_to(home)) for path in sorted(run.temporary.rglob("*"))]
    shutil.rmtree(run.temporary)
    if run.process.returncode:
        return
    expected, found = rows_of(sweep.reference), rows_of(out)
    tally.lost += len(expected.keys() - found.keys())
    tally.doubled += sum(len(rows) - 1 for rows in found.values())
    tally.doubled += max(0, sweep.recorded(out) - sweep.total)
    tally.other += [number for number in found if found[number] != expected.get(number)]
    ours, theirs = (set(_files(folder)) for folder in (out, sweep.reference))
    tally.files += sorted(ours - theirs)
    tally.lost += len(theirs - ours)
    if tally.phase == "explaining":  # the same trials with the same seconds: each result has the same bytes
        for name in sorted(ours & theirs):
            if name not in _UNCHANGED and _bytes(out, name) != _bytes(sweep.reference, name):
                tally.other.append(name)


def _files(folder: Path) -> Iterator[str]:
    """Files of a folder, by their path in it."""
    return (str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def _bytes(folder: Path, name: str) -> bytes:
    """Content of a file in which the name of its own folder does not count."""
    return (folder / name).read_bytes().replace(os.fsencode(folder), b"FOLDER")
