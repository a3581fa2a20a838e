"""A folder through which any number of processes, on any machines, share numbered pieces of work.

There is no server. Each piece has a file, its *ticket*; who renames it to a name of its own holds it, for of
several who rename one file only one succeeds. A held ticket is touched now and then; one that was not touched
for `LEASE` seconds belongs to somebody who is gone, and may be renamed by the next. Ages are differences of
times of the file system, so clocks of machines may differ. A piece that is done has a result, a file that was
renamed into place whole, and no ticket any more.

Nothing hangs on the leases but work: should two do the same piece, either result will do. What a process
leaves that is killed at any moment, the next one clears away.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import shutil
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sweeps.deaths import Deaths
from sweeps.errors import StudyError
from sweeps.owner import Owner
from sweeps.small_files import small_bytes, small_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from typing import Self

LEASE = 60.0  # seconds after which who does not touch a ticket has lost it
BEAT = 10.0  # seconds between two touches
LARGEST_RESULT = 2**30  # bytes: of a block whose every trial has the curves of a hundred thousand epochs
_HELD = "@"  # between the name of a ticket and who holds it


class SharedFolder:
    """The folder as one process sees it; use as a context manager: at the end it gives back what it holds.

    Parameters
    ----------
    path
        The folder, which one process founds and the others join.
    on_note
        Called with sentences on processes that are gone.
    """

    def __init__(self, path: Path, on_note: Callable[[str], None] = lambda _: None) -> None:
        self.path = path
        self.on_note = on_note
        self.deaths = Deaths(path)
        self._me = Owner.me()
        self._held: dict[str, float] = {}  # ticket → when it will have taken too long
        self._patience: dict[str, float] = {}
        self._lock = threading.Lock()
        self._ended = threading.Event()

    @property
    def _tickets(self) -> Path:
        return self.path / "tickets"

    @property
    def _alive(self) -> Path:
        return self.path / "processes" / str(self._me)

    def terms(self) -> dict[str, Any] | None:
        """What those who share it agree on, None where nobody has founded it.

        Raises
        ------
        StudyError
            When the file that says so is damaged.
        """
        file = self.path / "terms.json"
        try:
            terms = json.loads(small_text(file))
        except FileNotFoundError:
            return None
        except (ValueError, RecursionError):
            terms = None
        if not isinstance(terms, dict):
            raise self.damaged_terms()
        return terms

    def damaged_terms(self) -> StudyError:
        """What to raise where the terms make no sense."""
        return StudyError(f"{self.path / 'terms.json'} is damaged; share another folder")

    def found(self, terms: dict[str, Any], tickets: Sequence[str]) -> None:
        """Found it, unless somebody else is faster: all at once, by a rename."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        new = self.path.with_name(f".{self.path.name}.{self._me}")
        for folder in ("tickets", "results", "processes"):
            (new / folder).mkdir(parents=True)
        for name in tickets:
            (new / "tickets" / name).touch()
        _write(new / "terms.json", json.dumps(terms, indent=1).encode())
        try:
            new.rename(self.path)  # fails where there is one already, which is not empty
        except OSError:
            if not self.path.is_dir():
                raise
        shutil.rmtree(new, ignore_errors=True)

    def __enter__(self) -> Self:
        self._alive.touch()
        self._clear()
        threading.Thread(target=self._beat, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for name in list(self._held):
            self.release(name)
        self._clear()
        self._alive.unlink(missing_ok=True)

    def claim(self, names: Sequence[str]) -> str | None:
        """Take the first of these pieces that nobody holds; None where there is none."""
        tickets = self._listed()
        files = [(name, file) for name in names for file in tickets.get(name, ())]
        files = sorted(files, key=lambda pair: _HELD in pair[1])  # to look at what others hold takes time
        for name, file in files:
            gone = self._gone(file) if _HELD in file else ""
            if gone is None or not self._take(name, file):
                continue
            if self.has(name):  # who did it was killed before it could take the ticket away
                self._drop(name)
                continue
            if gone:
                self.deaths.add(name, file.partition(_HELD)[2])
                self.on_note(f"{gone}; piece {name} is done again")
            return name
        return None

    def heal(self, names: Sequence[str]) -> None:
        """Give pieces a ticket that have neither one nor a result: who replaced it was killed meanwhile."""
        tickets, done = self._listed(), self.done()
        for name in names:
            if name not in tickets and name not in done:
                (self._tickets / name).touch()

    def _listed(self) -> dict[str, list[str]]:
        """Files of each piece that is not done: one, but for a moment."""
        found: dict[str, list[str]] = {}
        for file in sorted(os.listdir(self._tickets)):  # noqa: PTH208 (names only)
            found.setdefault(file.partition(_HELD)[0], []).append(file)
        return found

    def _gone(self, file: str) -> str | None:
        """How the holder of a ticket has gone, in words; None where it has not, as far as is known."""
        holder = Owner.read(file.partition(_HELD)[2])
        if holder == self._me:
            return None
        who = "somebody" if holder is None else holder.spoken
        if holder is not None and holder.is_dead():
            return f"{who} has died"
        try:
            age = self._age(self._tickets / file)
        except FileNotFoundError:
            return None
        return f"{who} hangs or is cut off, no sign of it for {age:.0f} s" if age > LEASE else None

    def _age(self, file: Path) -> float:
        """Seconds between the time of a file and now, which is that of a file just touched.

        A time that is as far ahead is as old: who lives would have touched the file since, but the clock of
        the file system was set back.
        """
        self._alive.touch()
        return abs(self._alive.stat().st_mtime - file.stat().st_mtime)

    def _take(self, name: str, file: str) -> bool:
        mine = self._tickets / f"{name}{_HELD}{self._me}"
        with suppress(FileNotFoundError, PermissionError):
            os.utime(self._tickets / file)  # before: the moment that it is renamed, its lease must run
            (self._tickets / file).rename(mine)
        if not mine.exists():  # asked for, not concluded: over a network an answer may be lost
            return False
        with self._lock:
            self._held[name] = self._patience[name] = math.inf
        return True

    def expect(self, name: str, patience: float) -> None:
        """Give up a piece that this process holds once it makes no `progress` for so many seconds."""
        with self._lock:
            self._patience[name], self._held[name] = patience, time.monotonic() + patience

    def progress(self) -> None:
        """Say that this process does not hang."""
        with self._lock:
            now = time.monotonic()
            self._held = {name: now + self._patience[name] for name in self._held}

    def _beat(self) -> None:
        """Touch what is held, as long as there is progress."""
        while not self._ended.wait(BEAT):
            with suppress(OSError):
                self._alive.touch()
            with self._lock:
                held = [name for name, until in self._held.items() if time.monotonic() < until]
            for name in held:
                with suppress(OSError):  # lost: whoever has it now does the same
                    os.utime(self._tickets / f"{name}{_HELD}{self._me}")

    def deliver(self, name: str, content: bytes) -> None:
        """Write the result of a piece, and give up its ticket."""
        _write(self.path / "results" / name, _digest(name, content) + b"\n" + content, self._me)
        self.deaths.clear([name])
        self._drop(name)

    def release(self, name: str) -> None:
        """Give a piece back that is not done."""
        with suppress(OSError):
            (self._tickets / f"{name}{_HELD}{self._me}").rename(self._tickets / name)
        self._forget(name)

    def _drop(self, name: str) -> None:
        (self._tickets / f"{name}{_HELD}{self._me}").unlink(missing_ok=True)
        self._forget(name)

    def _forget(self, name: str) -> None:
        with self._lock:
            self._held.pop(name, None)
            self._patience.pop(name, None)

    def has(self, name: str) -> bool:
        """Whether a piece has a result."""
        return (self.path / "results" / name).exists()

    def done(self) -> set[str]:
        """Pieces that have a result."""
        names = os.listdir(self.path / "results")  # noqa: PTH208 (names only)
        return {name for name in names if not name.startswith(".")}

    def result(self, name: str) -> bytes | None:
        """Result of a piece; None where there is none, or it is damaged, which puts its ticket back."""
        file = self.path / "results" / name
        try:
            digest, _, content = small_bytes(file, LARGEST_RESULT).partition(b"\n")
            if _digest(name, content) == digest:
                return content
        except FileNotFoundError:
            return None
        except ValueError:
            pass
        self.damaged(name)
        return None

    def damaged(self, name: str) -> None:
        """Have a piece done again whose result is not its own, or not as it was written."""
        file = self.path / "results" / name
        self.on_note(f"{file} is damaged; piece {name} is done again")
        file.unlink(missing_ok=True)  # first: a ticket beside a result would be taken away
        (self._tickets / name).touch()

    def clear(self, names: Sequence[str]) -> None:
        """Delete results that are no longer needed, and what killed processes held of these pieces."""
        tickets = self._listed()
        self.deaths.clear(names)
        for name in names:
            (self.path / "results" / name).unlink(missing_ok=True)
            for file in tickets.get(name, ()):
                (self._tickets / file).unlink(missing_ok=True)

    def holds(self, name: str) -> bool:
        """Whether this process still has a piece that it took."""
        return (self._tickets / f"{name}{_HELD}{self._me}").exists()

    def _clear(self) -> None:
        """Clear away what processes have left that were killed."""
        gone: set[str] = set()
        for file in (self.path / "processes").iterdir():
            owner = Owner.read(file.name)
            if owner is not None and owner != self._me and (owner.is_dead() or self._is_old(file)):
                gone.add(str(owner))
                file.unlink(missing_ok=True)
        for file in (self.path / "results").glob(".*"):
            owner = Owner.read(file.name.partition(_HELD)[2])
            if owner is None or owner.is_dead() or str(owner) in gone or self._is_old(file):
                file.unlink(missing_ok=True)
        for folder in self.path.parent.glob(f".{self.path.name}.*"):
            owner = Owner.read(folder.name.removeprefix(f".{self.path.name}."))
            if owner is not None and (owner.is_dead() or self._is_old(folder)):
                shutil.rmtree(folder, ignore_errors=True)

    def _is_old(self, file: Path) -> bool:
        try:
            return self._age(file) > 10 * LEASE
        except FileNotFoundError:
            return False


def _digest(name: str, content: bytes) -> bytes:
    """Of a result, and of whose it is: a file copied to another name is not that piece's."""
    return hashlib.sha256(name.encode() + b"\n" + content).hexdigest().encode()


def _write(path: Path, content: bytes, owner: Owner | None = None) -> None:
    """Write a file whole or not at all, and onto the disk."""
    part = path.with_name(f".{path.name}{_HELD}{owner}") if owner else path
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if owner:
        part.replace(path)
