"""Whether a setting that was given did anything: it is stored, it changes the answer, or it is spoken of."""

from __future__ import annotations

import csv
import io
import math
import re
import tomllib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

# Keys that may change no number: words of the user's own, and limits that were not reached.
WORDS_AND_LIMITS = {"description", "timeout", "memory"}


def answer(shown: str, out: Path) -> tuple[str, ...]:
    """What a command has answered, without how long it took: its words, and the tables that it wrote."""
    tables = sorted((out / "tables").glob("*.csv")) if (out / "tables").is_dir() else []
    tables += sorted(out.glob("*.csv")) if out.is_dir() else []
    texts = (_timeless(path.read_text(encoding="utf-8")) for path in tables)
    return (re.sub(r"[\d.,:]+(/| ?)(s|ms|min|left)\b", "", shown), *texts)


def _timeless(text: str) -> str:
    """A table without its column of seconds."""
    rows = list(csv.reader(io.StringIO(text)))
    places = {place for place, name in enumerate(rows[0]) if name == "seconds"} if rows else set()
    if not places:
        return text
    return "\n".join(",".join(c for p, c in enumerate(row) if p not in places) for row in rows)


def named(name: str, told: str) -> bool:
    """Whether a name stands in a text as a word of its own, with blanks for its underscores or without."""
    words = re.escape(name).replace("_", "[_ \n]+")
    return bool(name) and re.search(rf"(?<!\w){words}(?!\w)", told) is not None


def stored(raw: dict[str, Any], file: Path, told: str) -> tuple[str, str] | None:
    """A key that was given and is not stored with its value, and both values; None where all are."""
    if not file.is_file():
        return "answered without a stored definition", ""
    kept = tomllib.loads(file.read_text(encoding="utf-8"))
    for path, value in leaves(raw):
        found: Any = kept
        for key in path:
            found = found.get(key, ...) if isinstance(found, dict) else ...
        if not _same(value, found) and path[0] != "dataset" and not named(path[-1], told):
            return f"ignored {'.'.join(path)}", f"given {value!r:.200}, stored {found!r:.200}"
    return None


def changed(file: Path, before: Path) -> list[str]:
    """Keys whose values differ between two stored definitions, but for those that need not matter."""
    if not before.is_file() or not file.is_file():
        return []
    one, other = (dict(leaves(tomllib.loads(f.read_text(encoding="utf-8")))) for f in (file, before))
    for each in (one, other):  # a file's path is that of the case
        each["dataset",] = str(each.get(("dataset",))).rpartition("/")[2]
    paths = [path for path in {**one, **other} if not _same(one.get(path, ...), other.get(path, ...))]
    if ("objective",) in one:  # what a function of one's own does with a setting is its own matter
        paths = [path for path in paths if path[0] != "space"]
    return [] if any(path[-1] in WORDS_AND_LIMITS for path in paths) else [path[-1] for path in paths]


def leaves(raw: dict[str, Any], path: tuple[str, ...] = ()) -> Any:
    """Paths of all values of a definition that are no tables, and the values."""
    for key, value in raw.items():
        if isinstance(value, dict) and value:
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key), value


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float) and math.isnan(one) and math.isnan(other):
        return True
    by_default = one == {} and isinstance(other, dict)  # an empty table leaves all as it is by itself
    return bool(one == other) or by_default or (one in ({}, []) and other is ...) or one == "find"


def columns(content: bytes, before: bytes) -> list[str]:
    """Columns that hold other cells than before, rows in whatever order; ``a row`` where no column tells."""
    (names, rows), (names_before, rows_before) = _table(content), _table(before)
    if sorted(rows, key=repr) == sorted(rows_before, key=repr):
        return [] if names == names_before else ["a name"]
    if names != names_before or any(len(row) != len(names) for row in [*rows, *rows_before]):
        return ["a row"]
    pairs = zip(names, zip(*rows, strict=True), zip(*rows_before, strict=True), strict=True)
    changed = [name for name, now, then in pairs if sorted(now, key=repr) != sorted(then, key=repr)]
    return changed or ["a row"]


def _table(content: bytes) -> tuple[list[str], list[tuple[object, ...]]]:
    """Names, and rows that are not empty, each cell as the number or the text that it is."""
    rows = [
        row for row in csv.reader(io.StringIO(content.decode(errors="replace"), newline=None)) if any(row)
    ]
    return (rows[0] if rows else []), [tuple(_cell(cell) for cell in row) for row in rows[1:]]


def _cell(text: str) -> object:
    try:
        return float(text)
    except ValueError:
        return text.strip()
