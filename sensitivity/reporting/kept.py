"""What an explained study left, known by digests: what is still there is not made again.

The note says of what the files were made (trials, definition, options, code, installed packages) and what is
in them. It is written last and lies beside the tables, so that a kill leaves none, and a file that is gone or
was changed, another version or another trial are noticed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sensitivity.reporting.provenance import software
from sweeps.owner import remove_left
from sweeps.small_files import small_text
from sweeps.versions import contents

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sweeps.run_folder import RunFolder

NOTE: Final = ".made.json"
_LEFT: Final = (".*.part", ".*.tmp")  # what a kill leaves beside a table
_PACKAGES: Final = Path(__file__).parents[2]


@dataclass(frozen=True)
class Explained:
    """What a study left.

    Attributes
    ----------
    said
        What the terminal was told, colours and all.
    page
        Whether there is a page, with its pictures.
    folders
        Name of each folder beside the page, and what lies there, in words.
    """

    said: str
    page: bool
    folders: Sequence[tuple[str, str]]


def made_of(trials: Path, *others: str) -> str | None:
    """Digest of all that tables and pictures are made of; None where the trials lie in no file.

    Parameters
    ----------
    trials
        File of the study.
    others
        The definition, the options.
    """
    if not trials.is_file():
        return None
    with trials.open("rb") as file:
        parts = [hashlib.file_digest(file, "sha256").hexdigest(), _code(), *others]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


@cache
def _code() -> str:
    """Digest of what measures and draws: our own files, and the installed packages by version."""
    ours = [
        contents(_PACKAGES / name) for name in ("sensitivity", "sweeps")
    ]  # templates and ready-made sweeps too
    return hashlib.sha256(json.dumps([software(), *ours]).encode()).hexdigest()


def forget(folder: RunFolder) -> None:
    """Take the note away, and what a kill has left: from now on files are written."""
    (folder.tables / NOTE).unlink(missing_ok=True)
    clear(folder)


def clear(folder: RunFolder) -> None:
    """Remove half a table that a kill has left; another process may be writing one at this very moment."""
    for pattern in _LEFT:
        remove_left(folder.tables, pattern)


def remember(folder: RunFolder, of: str, explained: Explained) -> None:
    """Note what was made, of what, and what it said."""
    from sensitivity.files import whole  # noqa: PLC0415 (heavy)

    content = {
        "of": of,
        "said": explained.said,
        "page": explained.page,
        "folders": list(explained.folders),
        "files": dict(_digests(folder, _written(folder, page=explained.page))),
    }
    with whole(folder.tables / NOTE) as stream:
        json.dump(content, stream, indent=1)


def recalled(folder: RunFolder, of: str | None, *, page: bool) -> Explained | None:
    """What was made of the same, if all of it is still there.

    Parameters
    ----------
    of
        Of `made_of`.
    page
        Whether a page is wanted.
    """
    try:
        note = json.loads(small_text(folder.tables / NOTE))
        explained = Explained(note["said"], note["page"], [(name, words) for name, words in note["folders"]])
        if of is None or note["of"] != of or explained.page < page:
            return None
        there = dict(_digests(folder, map(folder.path.joinpath, note["files"])))
        return explained if there == note["files"] else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):  # none, or none of ours
        return None


def _written(folder: RunFolder, *, page: bool) -> list[Path]:
    """Every table, and with the page its pictures."""
    found = [*sorted(folder.tables.glob("*.csv")), folder.about]
    return [*found, *sorted(folder.figures.glob("*.*")), folder.path / "report.html"] if page else found


def _digests(folder: RunFolder, paths: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Name of each file in the folder, and the digest of what is in it; a device or a pipe has none."""
    for path in filter(Path.is_file, paths):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        yield path.relative_to(folder.path).as_posix(), digest
