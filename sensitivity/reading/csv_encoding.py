"""The bytes of a table → its text: UTF-8, UTF-16 with a mark, or what Excel writes in Western Europe."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from sweeps.errors import StudyError

if TYPE_CHECKING:
    from pathlib import Path

LONGEST_LINE: Final = 2**20  # letters of a header
_MARKS: Final = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_WESTERN: Final = "cp1252"
_FOREIGN: Final = re.compile(  # what no such text has: controls, letters that stand beside no other
    rb"[\x00-\x08\x0e-\x1f\x81\x8d\x8f\x90\x9d]|(?<![A-Za-z0-9 ])[\x80-\xff]+(?![A-Za-z0-9 ])"
)


def decoded_text(path: Path) -> tuple[str, list[str]]:
    """Text of a file, and a note where its encoding is guessed; its first line is looked at first.

    Raises
    ------
    UnicodeDecodeError
        When it is no text.
    StudyError
        When it has no lines.
    """
    with path.open("rb") as file:
        begin = file.read(LONGEST_LINE)
        if len(begin) == LONGEST_LINE and b"\n" not in begin and b"\r" not in begin:
            raise StudyError(f"{path} is not a CSV file: its first line has {LONGEST_LINE:,} letters or more")
        content = begin + file.read()
    try:
        return content.decode(_MARKS.get(begin[:2], "utf-8-sig")), []
    except UnicodeDecodeError:
        if begin[:2] in _MARKS or _FOREIGN.search(content):
            raise
        return content.decode(_WESTERN), [f"The file is not in UTF-8; it was read as {_WESTERN}."]
