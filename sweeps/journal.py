"""A journal that survives ``kill -9``: the file in which an embedded study is recorded.

The file is that of Optuna's own ``JournalFileBackend``, one JSON object per line, so optuna-dashboard and
plain Optuna open it. What differs is how it is written. Exclusion is a lock of the kernel on the file
itself, not a lock file that a killed process leaves behind. The last line, which a kill can tear, is cut off
when the file is opened for writing. Many records can share one fsync. Every record bears a mark by which it
is checked when read (`sweeps.record_chain`).
"""

from __future__ import annotations

import io
import os
import stat
import weakref
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optuna.storages import JournalStorage
from optuna.storages.journal import BaseJournalBackend

from sweeps.errors import StudyError
from sweeps.file_locks import take_lock
from sweeps.garbage import all_kept
from sweeps.record_chain import BrokenChainError, RecordChain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

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
        self._read = RecordChain()  # as far as records were handed over
        self._end = RecordChain()  # as far as the file goes: what is appended goes on here
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
            with all_kept():
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
            take_lock(descriptor, self.path)
            self._cut_torn_tail(descriptor)
            if is_new:
                _sync_folder(self.path.parent)
        except BaseException:
            self.close()
            raise
        _OPEN_FOR_WRITING.add(self)

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

        Raises
        ------
        StudyError
            When a line is not the one that was written there.
        """
        if log_number_from < self._read.number:
            self._read = RecordChain()
        for record in self._records(self._read):
            if self._read.number > log_number_from:
                yield record

    def _records(self, chain: RecordChain) -> Iterator[dict[str, Any]]:
        """The records that follow where a chain ends, which goes on with them."""
        with self.path.open("rb") as file:
            file.seek(chain.offset)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                try:
                    record = chain.read(line)
                except BrokenChainError as reason:
                    raise StudyError(
                        f"{self.path} is damaged: line {chain.number + 1} {reason}; "
                        "put back a copy of the file, or begin anew with another --out"
                    ) from None
                yield record

    def append_logs(self, logs: list[dict[str, Any]]) -> None:
        """Append records; on return they are on the disk, or, inside `batch`, visible to every reader.

        Raises
        ------
        OSError
            When the disk is full or fails. What had been recorded before is intact.
        """
        if self._descriptor is None:
            raise io.UnsupportedOperation(f"{self.path} is not open for writing")
        end = self._found_end(self._descriptor)
        self._write(self._descriptor, b"".join([end.append(log) for log in logs]))
        self._end = end
        self._unsynced = True
        if not self._batches:
            self._sync()

    def _found_end(self, descriptor: int) -> RecordChain:
        """The chain of the whole file; another than we, without our lock, may have appended to it."""
        now = os.fstat(descriptor)
        if not _is_at(self.path, now):
            raise StudyError(
                f"{self.path} is not there any more, moved or replaced while this sweep was writing to it; "
                "put it back and start the sweep again to resume"
            )
        end = max(self._read, self._end, key=lambda chain: chain.offset).copied()
        if end.offset < now.st_size:
            for _ in self._records(end):
                pass
        if end.offset != now.st_size:
            raise StudyError(
                f"{self.path} was changed while this sweep was writing to it; "
                "stop what does that, then start the sweep again to resume"
            )
        return end

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


def _is_at(path: Path, file: os.stat_result) -> bool:
    """Whether a path still leads to this very file."""
    try:
        return os.path.samestat(path.stat(), file)
    except OSError:
        return False


def _sync_folder(folder: Path) -> None:
    """Make the name of a new file as durable as its contents."""
    with suppress(OSError):  # Windows cannot open a folder
        descriptor = os.open(folder, os.O_RDONLY)
        with suppress(OSError):  # some file systems cannot sync one
            os.fsync(descriptor)
        os.close(descriptor)
