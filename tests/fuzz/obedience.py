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
    paths = [path for path in {**one, **other} if not _same(one.get(path, ...), other.get(path, ...))]
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
    return bool(one == other) or (one in ({}, []) and other is ...) or one == "find"


def cells(content: bytes) -> list[tuple[object, ...]]:
    """Rows of a table in a fixed order, each cell as the number or the text that it is."""
    rows = csv.reader(io.StringIO(content.decode(errors="replace")))
    return sorted((tuple(_cell(cell) for cell in row) for row in rows if any(row)), key=repr)


def _cell(text: str) -> object:
    try:
        return float(text)
    except ValueError:
        return text.strip()
