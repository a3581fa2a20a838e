"""What shows that a journal is as it was written: a mark at the end of every record.

The mark is one more key of the record, which Optuna and its dashboard ignore: ``"check":"17-…"``, the number
of the line and the checksum (CRC-32) of all lines up to its own. So a line that was changed, deleted,
inserted or swapped no longer fits, and neither does one whose mark was taken away, once another follows.
Records without a mark are older than marks, or of plain Optuna; the next mark covers them.

What no chain can show is that its last lines are gone: that is the journal of a sweep that was killed
earlier, and resuming it trains the same trials again. Nor can it tell from records of plain Optuna the last
lines, however many, without their marks and with another ``worker_id``. And marks are no secret: who works
them out anew has a journal that passes. The chain protects against accidents and edits by hand, not against
forgers.
"""

from __future__ import annotations

import json
import re
import zlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from typing import Self

KEY: Final = "check"
_MARK: Final = re.compile(rb',"check":"([0-9]+)-([0-9a-f]{8})"\}\n\Z')
_LONGEST_MARK: Final = 64  # bytes: the mark is looked for here only


class BrokenChainError(Exception):
    """A line that cannot stand where it stands; the text says what was done to it."""


class RecordChain:
    """The lines of a journal from its first to some place, as far as marks need them.

    Attributes
    ----------
    number
        How many lines.
    offset
        Where they end in the file, in bytes.
    """

    def __init__(self) -> None:
        self.number = 0
        self.offset = 0
        self._checksum = 0
        self._markers: frozenset[str] = frozenset()  # who wrote records with marks

    def copied(self) -> Self:
        """The same place, to go on from separately."""
        other = type(self)()
        other.number, other.offset = self.number, self.offset
        other._checksum, other._markers = self._checksum, self._markers  # noqa: SLF001 (its own kind)
        return other

    def append(self, record: dict[str, Any]) -> bytes:
        """Line of a new record, marked; the chain then ends with it.

        Raises
        ------
        ValueError
            When the record holds what is not JSON (NaN, infinity).
        """
        text = json.dumps(record, separators=(",", ":"), allow_nan=False)
        body = text[:-1].encode()
        checksum = self._next(body)
        line = b'%s,"check":"%d-%08x"}\n' % (body, self.number + 1, checksum)
        self._advance(line, checksum)
        return line

    def read(self, line: bytes) -> dict[str, Any]:
        """Record of the next line, without its mark; the chain then ends with it.

        Raises
        ------
        BrokenChainError
            When the line is no record, or not the one that was written here.
        """
        record = _parsed(line)
        mark = _MARK.search(line, max(0, len(line) - _LONGEST_MARK))
        if mark is None:
            self._check_unmarked(record)
            self._advance(line, self._next(line))
            return record
        checksum = self._next(line[: mark.start()])
        if mark[1] != b"%d" % (self.number + 1):
            raise BrokenChainError(
                f"was written as line {mark[1].decode()}: lines were deleted, inserted or swapped since"
            )
        if mark[2] != b"%08x" % checksum:
            raise BrokenChainError("was changed since it was written, or what stands before it was")
        del record[KEY]
        if (writer := str(record.get("worker_id"))) not in self._markers:
            self._markers |= {writer}
        self._advance(line, checksum)
        return record

    def _check_unmarked(self, record: dict[str, Any]) -> None:
        """A mark that is no more one, or none of somebody who always marks: a hand was there."""
        if KEY in record or str(record.get("worker_id")) in self._markers:
            raise BrokenChainError("was changed since it was written")

    def _next(self, body: bytes) -> int:
        return zlib.crc32(body, self._checksum)

    def _advance(self, line: bytes, checksum: int) -> None:
        self.number += 1
        self.offset += len(line)
        self._checksum = checksum


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        record = None
    if not isinstance(record, dict) or type(record.get("op_code")) is not int:
        raise BrokenChainError("is not a record of a journal")
    return record
