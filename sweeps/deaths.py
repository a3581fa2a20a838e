"""Which pieces of a shared folder cost processes their lives, and for which one the work is given up.

Who dies while it holds a piece may have been killed by anybody, as where machines are pre-empted, so deaths
condemn no piece, however many: they make it suspicious, and then it is done in a process of its own, whose
end another one outlives and sees.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from sweeps.small_files import small_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SUSPICIOUS: Final = 2  # processes that died holding a piece, after which it is done under observation
MANY: Final = 20  # after so many the user hears of it: it may take its observers along
_BY = "@"


class Deaths:
    """Files on deaths in a shared folder, one for each; the same for whoever writes or reads them.

    Parameters
    ----------
    folder
        That is shared.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "deaths"
        self.verdict = folder / "given-up.txt"

    def add(self, piece: str, who: str) -> None:
        """Note that a process is gone which held the piece; twice is as once."""
        self._folder.mkdir(exist_ok=True)
        (self._folder / f"{piece}{_BY}{who}").touch()

    def of(self, piece: str) -> int:
        """How many have died holding the piece."""
        return sum(1 for name in self._names() if name.partition(_BY)[0] == piece)

    def clear(self, pieces: Iterable[str]) -> None:
        """Forget deaths, of pieces that make progress, are done or given up."""
        known = set(pieces)
        for name in self._names():
            if name.partition(_BY)[0] in known:
                (self._folder / name).unlink(missing_ok=True)

    def give_up(self, piece: str, sentence: str) -> None:
        """Let all who share the folder end with this sentence, until its file is deleted."""
        part = self.verdict.with_name(f".{self.verdict.name}{_BY}{os.getpid()}")
        part.write_text(sentence, encoding="utf-8")
        part.replace(self.verdict)
        self.clear([piece])

    def given_up(self) -> str | None:
        """The sentence, None where no piece is given up."""
        try:
            return small_text(self.verdict)
        except FileNotFoundError:
            return None
        except ValueError:
            return f"{self.verdict} is damaged; delete it and go on. What is done is kept"

    def _names(self) -> list[str]:
        try:
            return os.listdir(self._folder)  # noqa: PTH208 (names only)
        except FileNotFoundError:
            return []
