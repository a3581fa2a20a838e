"""A journal that survives ``kill -9``: the file in which an embedded study is recorded.

The file is that of Optuna's own ``JournalFileBackend``, one JSON object per line, so optuna-dashboard and
plain Optuna open it. What differs is how it is written. Exclusion is a lock of the kernel on the file
itself, not a lock file that a killed process leaves behind. The last line, which a kill can tear, is cut off
when the file is opened for writing. Many records can share one fsync.
"""

from __future__ import annotations

import errno
import io
import json
import os
import stat
import sys
import weakref
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optuna.storages import JournalStorage
from optuna.storages.journal import BaseJournalBackend

from sweeps.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

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


_HELD_BY_ANOTHER = {errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK}
_BEGINNING = b'{"op_code":'  # of every record, Optuna's own included


class LockedJournal(BaseJournalBackend):
    """A journal file, read by anybody and written by one process at a time.

    Opened for writing, it holds an exclusive lock until `close`; the kernel releases it when the process
    ends in whatever way. Opened ``read_only``, it needs no lock and never modifies the file; a torn last
    line is not there.

    Parameters
    ----------
    path
        The file; for writing it is created where there is none (its folder is not).
    read_only
        Whether to leave the file exactly as it is.

    Raises
    ------
    StudyError
        When another process writes to the file, it is no journal, or it is damaged (and left as it is).
    """

    def __init__(self, path: str | os.PathLike[str], *, read_only: bool = False) -> None:
        self.path = Path(path)
        self._number = 0  # of the next record to read
        self._offset = 0  # where it begins in the file
        self._batches = 0  # nested `batch` contexts
        self._unsynced = False
        self._descriptor: int | None = None
        if read_only:
            _check_is_file(self.path)
        else:
            self._open_for_writing()

    @classmethod
    def at(cls, url: str) -> Self:
        """Open the journal of a storage URL for writing."""
        path = url.removeprefix("journal://")
        if path == url or not path:
            raise StudyError(f"a journal is written journal://PATH, not {url}; use journal://study.journal")
        try:
            return cls(path)
        except OSError as error:
            raise StudyError(
                f"the journal {path} cannot be opened: {error.strerror}; give another --out"
            ) from None

    def storage(self) -> JournalStorage:
        """Read all records into an Optuna storage; closes the journal when they make no sense."""
        try:
            return JournalStorage(self)
        except (KeyError, AssertionError, TypeError, ValueError) as error:
            self.close()
            raise StudyError(
                f"{self.path} is not a journal that this Optuna reads ({error!r}); give another --out"
            ) from None
        except StudyError:
            self.close()
            raise

    def _open_for_writing(self) -> None:
        is_new = not self.path.exists()
        if not is_new:
            _check_is_file(self.path)
        flags = (
            os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        )
        self._descriptor = descriptor = os.open(self.path, flags, 0o666)
        try:
            self._take_lock(descriptor)
            self._cut_torn_tail(descriptor)
            if is_new:
                _sync_folder(self.path.parent)
        except BaseException:
            self.close()
            raise
        _OPEN_FOR_WRITING.add(self)

    def _take_lock(self, descriptor: int) -> None:
        try:
            _lock(descriptor)
        except OSError as error:
            rule = f"the file system of {self.path} has no locks ({error.strerror}); use a local disk"
            if error.errno in _HELD_BY_ANOTHER:
                rule = (
                    f"another sweep is writing to {self.path}; wait until it has ended, or give another --out"
                )
            raise StudyError(rule) from None

    def _cut_torn_tail(self, descriptor: int) -> None:
        """Remove what follows the last newline, once all that stands before it is known to be sound."""
        end = _end_of_last_line(descriptor)
        if end == os.fstat(descriptor).st_size:
            return
        for _ in self.read_logs(0):  # raises where the file is damaged, and then nothing is cut
            pass
        if end == 0 and not self._may_be_first_record(descriptor):
            raise StudyError(f"{self.path} is not the journal of a study; give another --out")
        os.ftruncate(descriptor, end)
        os.fsync(descriptor)

    @staticmethod
    def _may_be_first_record(descriptor: int) -> bool:
        """Whether the only line is a torn record: a stranger's file must not be cut to nothing."""
        os.lseek(descriptor, 0, os.SEEK_SET)
        start = os.read(descriptor, len(_BEGINNING))
        return _BEGINNING.startswith(start) or not start.strip(b"\0")  # zeros: the power failed

    def read_logs(self, log_number_from: int) -> Iterator[dict[str, Any]]:
        """Read the records from number ``log_number_from`` on, as far as complete lines go.

        The position is remembered: asking for the record after the last one read costs no second reading.
        """
        if log_number_from < self._number:
            self._number = self._offset = 0
        with self.path.open("rb") as file:
            file.seek(self._offset)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                record = self._parsed(line)
                self._number += 1
                self._offset += len(line)
                if self._number > log_number_from:
                    yield record

    def _parsed(self, line: bytes) -> dict[str, Any]:
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            record = None
        if not isinstance(record, dict) or type(record.get("op_code")) is not int:
            raise StudyError(
                f"{self.path} is damaged: line {self._number + 1} is not a record of a journal; "
                "put back a copy of the file, or begin anew with another --out"
            )
        return record

    def append_logs(self, logs: list[dict[str, Any]]) -> None:
        """Append records; on return they are on the disk, or, inside `batch`, visible to every reader.

        Raises
        ------
        OSError
            When the disk is full or fails. What had been recorded before is intact.
        """
        if self._descriptor is None:
            raise io.UnsupportedOperation(f"{self.path} is not open for writing")
        lines = [json.dumps(log, separators=(",", ":"), allow_nan=False) + "\n" for log in logs]
        self._write(self._descriptor, "".join(lines).encode())
        self._unsynced = True
        if not self._batches:
            self._sync()

    @staticmethod
    def _write(descriptor: int, data: bytes) -> None:
        """Write all of ``data`` or nothing: a disk that fills up halfway leaves no torn line."""
        start = os.fstat(descriptor).st_size
        written = 0
        try:
            while written < len(data):
                written += os.write(descriptor, data[written:])
        except BaseException:
            with suppress(OSError):
                if os.fstat(descriptor).st_size == start + written:  # nobody else has appended since
                    os.ftruncate(descriptor, start)
            raise

    def _sync(self) -> None:
        if self._unsynced and self._descriptor is not None:
            os.fsync(self._descriptor)
            self._unsynced = False

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Let all that is appended inside share one fsync at the end.

        Readers see each record at once. A killed process loses none of them; a failing power supply may.
        """
        self._batches += 1
        try:
            yield
        finally:
            self._batches -= 1
            if not self._batches:
                self._sync()

    def close(self) -> None:
        """Release the lock. Closing twice does no harm."""
        _OPEN_FOR_WRITING.discard(self)
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


_OPEN_FOR_WRITING: weakref.WeakSet[LockedJournal] = weakref.WeakSet()


def _close_in_forked_child() -> None:
    """Give up the journals in a forked worker: it would keep the lock of a coordinator that was killed."""
    for journal in list(_OPEN_FOR_WRITING):
        journal.close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_close_in_forked_child)


def _end_of_last_line(descriptor: int) -> int:
    """Offset just after the last newline of a file, 0 where it has none."""
    end = os.fstat(descriptor).st_size
    while end > 0:
        start = max(0, end - 65536)
        os.lseek(descriptor, start, os.SEEK_SET)
        newline = os.read(descriptor, end - start).rfind(b"\n")
        if newline >= 0:
            return start + newline + 1
        end = start
    return 0


def _check_is_file(path: Path) -> None:
    """Refuse folders and devices (reading /dev/full never ends), and what is not there."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise StudyError(f"there is no journal {path}; give the --out of a sweep that has run") from None
    if not stat.S_ISREG(mode):
        raise StudyError(f"{path} is not a file; give another --out")


def _sync_folder(folder: Path) -> None:
    """Make the name of a new file as durable as its contents."""
    with suppress(OSError):  # Windows cannot open a folder
        descriptor = os.open(folder, os.O_RDONLY)
        with suppress(OSError):  # some file systems cannot sync one
            os.fsync(descriptor)
        os.close(descriptor)
