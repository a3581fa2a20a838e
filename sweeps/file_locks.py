"""Exclusive locks of the kernel on files: they end with the process that holds them, however it ends."""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING, Final

from sweeps.errors import InUseError, NoLocksError
from sweeps.owner import is_mine

if TYPE_CHECKING:
    from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        """Take the lock, or raise OSError at once; Windows locks one byte that no record ever reaches."""
        os.lseek(descriptor, 2**62, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        """Take the lock, or raise OSError at once.

        ``flock`` and not ``lockf``: the latter is lost as soon as anything else in this process (Optuna's
        own backend, say) closes the same file.
        """
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


_HELD_BY_ANOTHER: Final = {errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK}


def take_lock(descriptor: int, path: Path, option: str = "--out") -> None:
    """Lock an open file until its descriptor is closed; one named after this process needs no lock.

    ``option`` names another file.

    Raises
    ------
    InUseError
        When another process holds the lock.
    NoLocksError
        When the file system has none.
    """
    try:
        _lock(descriptor)
    except OSError as error:
        if error.errno in _HELD_BY_ANOTHER:
            raise InUseError(
                f"another sweep is writing to {path}; wait until it has ended, or give another {option}"
            ) from None
        if is_mine(path):
            return
        raise NoLocksError(
            f"the file system of {path} has no locks ({error.strerror}); use a local disk"
        ) from None
