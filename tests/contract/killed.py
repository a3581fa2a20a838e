"""Commands that are started to be killed: each in a group of its own, found again by a mark (Linux)."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Sequence

MARK = "SENSITIVITY_KILLED"  # in the environment of all that a sweep starts, by which it is found again
GRACE = 30.0  # seconds in which what is orphaned ends
PATIENCE = 900.0  # seconds after which a sweep hangs
LOOK = 0.01  # seconds between two looks


def spawned(pid: int) -> list[int]:
    """Worker processes of a process, by what their command line says."""
    found = []
    for child in children(pid):
        with suppress(OSError):
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.append(child)
    return found


def children(pid: int) -> list[int]:
    """Processes that a process started, from whichever thread, itself or through others."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += map(int, task.read_text(encoding="ascii").split())
    return [one for child in found for one in (child, *children(child))]


class Started:
    """A command as anybody gives it."""

    def __init__(self, words: Sequence[str], said: Path, environment: dict[str, str]) -> None:
        with said.open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "sensitivity", *words],
                stdout=subprocess.DEVNULL,
                stderr=errors,
                env={**os.environ, **environment},
                start_new_session=True,
            )
        self.pid = self._process.pid

    def wait(self, timeout: float | None = None) -> int | None:
        """Exit code; None when it still runs after so many seconds."""
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(timeout)
        return None


class Warm:
    """A process from which commands start in a tenth of the time (`warm.py`).

    Parameters
    ----------
    worthwhile
        Trials from which on explaining takes several processes; None: as ever.
    """

    def __init__(self, worthwhile: int | None = None) -> None:
        self._worthwhile = worthwhile
        line = [sys.executable, str(Path(__file__).with_name("warm.py"))]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(line, stdin=pipe, stdout=pipe, text=True)
        self._answer()  # else its loading counts among the times of the first command

    def _answer(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline()

    def ask(self, order: dict) -> int:
        """Give an order."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._answer())

    def __call__(self, words: Sequence[str], said: Path, environment: dict[str, str]) -> Copied:
        order = {"words": words, "said": str(said), "environment": environment}
        return Copied(self, self.ask({**order, "worthwhile": self._worthwhile}))

    def close(self) -> None:
        """End it."""
        self._process.communicate()


class Copied:
    """A command that began as a copy of a process that had loaded everything."""

    def __init__(self, of: Warm, pid: int) -> None:
        self._of, self.pid = of, pid
        self._ends, self._code = os.pidfd_open(pid), None

    def wait(self, timeout: float | None = None) -> int | None:
        """Exit code; None when it still runs after so many seconds."""
        if self._code is None and select.select([self._ends], [], [], timeout)[0]:
            self._code = self._of.ask({"pid": self.pid})
            os.close(self._ends)
        return self._code


class Killed:
    """One sweep that runs: started, watched and killed.

    Parameters
    ----------
    start
        How it is started: `Started`, or a `Warm` process.
    words
        Of its command line, after ``sensitivity``.
    home
        Folder for its temporary files and what it prints.
    """

    def __init__(self, start: Callable, words: Sequence[object], home: Path) -> None:
        self._mark = uuid.uuid4().hex
        self.was_killed = False
        self.temporary, self._said = home / "tmp", home / "said.txt"
        self.temporary.mkdir(parents=True, exist_ok=True)
        environment = {MARK: self._mark, "TMPDIR": str(self.temporary)}
        self.process = start([str(word) for word in words], self._said, environment)

    def runs(self) -> bool:
        """Whether it has not ended."""
        return self.process.wait(0) is None

    def wait_until(self, condition: Callable[[], bool]) -> bool:
        """Whether the condition came while it ran."""
        deadline = time.monotonic() + PATIENCE
        while self.runs():
            if condition():
                return self.runs()
            if time.monotonic() > deadline:
                raise TimeoutError(f"the sweep hangs: {self.said()}")
            time.sleep(LOOK)
        return False

    def kill(self, victim: str, fate: random.Random) -> bool:
        """Kill -9; whether there was somebody to kill."""
        if victim == "worker":
            workers = spawned(self.process.pid)
            with suppress(ProcessLookupError, IndexError):
                os.kill(fate.choice(workers), signal.SIGKILL)
                return True
            return False
        if not self.runs():
            return False
        (os.killpg if victim == "group" else os.kill)(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.was_killed = True
        return True

    def end(self) -> int:
        """Wait for its end and give its exit code; one that hangs is killed."""
        code = self.process.wait(PATIENCE)
        if code is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        return -1 if code is None else code

    def said(self) -> str:
        """What it printed as an error, on one line."""
        text = self._said.read_text(encoding="utf-8", errors="replace").strip()
        return " ⏎ ".join(text.splitlines()[-3:])

    def family(self) -> dict[int, str]:
        """Processes that it, or what it started, began and that still live: of its session, or marked."""
        mark, found = f"{MARK}={self._mark}".encode(), {}
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError, ProcessLookupError):
                state, *numbers = (folder / "stat").read_text().rpartition(")")[2].split()
                ours = numbers[2] == str(self.process.pid) or mark in (folder / "environ").read_bytes()
                if ours and state != "Z":
                    words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                    found[int(folder.name)] = words
        return found

    def left(self) -> list[str]:
        """Processes that still live after some time; they are ended."""
        deadline = time.monotonic() + GRACE
        while (alive := self.family()) and time.monotonic() < deadline:
            time.sleep(10 * LOOK)  # looking at every process there is costs more than a look at a file
        for pid in alive:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return list(alive.values())
