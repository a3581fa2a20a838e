"""Names of processes on any machine, as files have them that several machines see."""

from __future__ import annotations

import hashlib
import os
import platform
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Owner:
    """A process, as the names of its files have it."""

    host: str
    machine: str
    pid: int
    token: str

    @classmethod
    def me(cls) -> Owner:
        """Name of this process; a token tells it from another with its number."""
        host = "".join(letter if letter.isalnum() else "-" for letter in platform.node())[:40] or "host"
        return cls(host, _machine(), os.getpid(), secrets.token_hex(4))

    @classmethod
    def read(cls, text: str) -> Owner | None:
        """Owner of that name, None where it is none."""
        parts = text.split(".")
        if len(parts) != 4 or not parts[2].isdigit():
            return None
        return cls(parts[0], parts[1], int(parts[2]), parts[3])

    def __str__(self) -> str:
        return f"{self.host}.{self.machine}.{self.pid}.{self.token}"

    @property
    def spoken(self) -> str:
        """For a sentence."""
        return f"process {self.pid} on {self.host}"

    def is_dead(self) -> bool:
        """Whether it is known to be gone: a process of this machine that is no more."""
        if self.machine != _machine():
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        except OSError:
            return False
        return False


def remove_left(folder: Path, pattern: str) -> None:
    """Remove what killed processes have left half written, ``….OWNER.part``.

    Not what a living process writes at this moment, nor one of another machine, of which nobody knows here.
    """
    for path in folder.glob(pattern):
        owner = _writer(path)
        if owner is None or owner.is_dead():
            path.unlink(missing_ok=True)


def is_mine(path: Path) -> bool:
    """Whether a file is named after this process, ``….OWNER.part``: no other writes to it."""
    owner = _writer(path)
    return owner is not None and (owner.machine, owner.pid) == (_machine(), os.getpid())


def _writer(part: Path) -> Owner | None:
    return Owner.read(".".join(part.name.split(".")[-5:-1]))


def _machine() -> str:
    """What tells machines apart that have one name, and containers whose processes have the same numbers."""
    parts = []
    with suppress(OSError):
        parts.append(Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii"))
        parts.append(str(Path("/proc/self/ns/pid").readlink()))
    return hashlib.sha256(repr(parts or platform.node()).encode()).hexdigest()[:8]
