"""Reading files that are small by their nature, whatever lies in their place: a device has no end."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

LARGEST: Final = 2**24  # bytes of a note: sixteen times the longest definition


def small_bytes(path: Path, largest: int = LARGEST) -> bytes:
    """Content of a file.

    Raises
    ------
    OSError
        When there is none, or it cannot be read.
    ValueError
        When it is no file but a folder, a device or a pipe, or has more bytes than ``largest``.
    """
    found = path.stat()  # before it is opened: a pipe would wait for who writes to it
    if not stat.S_ISREG(found.st_mode):
        raise ValueError("it is no file but a folder, a device or a pipe")
    if found.st_size > largest:
        raise ValueError(f"it has {found.st_size:,} bytes")
    with path.open("rb") as file:
        return file.read(largest)


def small_text(path: Path, largest: int = LARGEST) -> str:
    """The same as text in UTF-8; what is none is a ValueError too."""
    return small_bytes(path, largest).decode("utf-8")
