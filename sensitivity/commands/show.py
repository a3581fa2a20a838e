"""What the command ``show`` does: print a table that a run folder holds, as the page shows it."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, Final, Literal

import pandas as pd
from rich.cells import cell_len
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from sensitivity.about import read_about
from sensitivity.across.tables import ALL, SETTINGS, read
from sensitivity.branch import level_of
from sensitivity.commands.publishing import FORMATS, published
from sensitivity.commands.terminal import plain
from sensitivity.estimators.effects import BRANCH
from sensitivity.measures.measure import TEXT, Column
from sensitivity.measures.registry import EVERY_TABLE
from sensitivity.remarks import VERDICT
from sensitivity.reporting.across import sentences
from sensitivity.reporting.shown import TRIALS, cells, columns_of, common
from sensitivity.trials import read_csv
from sensitivity.words import counted, exact, offer
from sweeps.errors import StudyError
from sweeps.run_folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from rich.console import RenderableType

ACROSS: Final = (ALL, SETTINGS)  # tables of several datasets that end in sentences
GAP: Final = 2
LONGEST: Final = 32  # characters that are kept together
NOTE: Final = Column("note", "Number of the verdict beneath the table.", TEXT)


def show_command(
    run: Path, name: str | None, branch: str | None, rows: int | None, form: str | None = None
) -> None:
    """Print a table of a run, or which there are.

    Parameters
    ----------
    form
        One of `sensitivity.commands.publishing.FORMATS`; None: for a terminal. ``csv`` is the file as it is.

    Raises
    ------
    StudyError
        When the folder holds no tables, or not this one, or the table not this branch.
    """
    if form is not None and form not in FORMATS:
        raise StudyError(f"no format {form!r}; {offer(form, FORMATS, 'there are')}")
    if name is None:
        _list(list(_files(run)))
        return
    file = _file(run, name)
    if form == "csv":
        sys.stdout.write(file.read_text(encoding="utf-8", errors="backslashreplace"))
        return
    name, table = file.stem, _of_branch(_read_or_refuse(file, run), branch)
    few = table if rows is None else table.head(rows)
    if form is not None:
        sys.stdout.write(published(name, few, form, read_about(RunFolder(run).about)))
        return
    console = Console()
    drawn, needed = _drawn(name, few, console.width)
    Console(width=max(needed, console.width)).print(drawn)
    for sentence in sentences(name, read(file)) if name in ACROSS else ():
        console.print(Text(f"· {plain(sentence)}"))
    if len(few) < len(table):
        words = f"{len(few):,} of {counted(len(table), 'row')}; all in {file}"
        console.print(words, markup=False, highlight=False, soft_wrap=True)


def read_table(run: Path, name: str) -> pd.DataFrame:
    """Table of a run by its name, as its file has it.

    Raises
    ------
    StudyError
        When there is none, or the file is damaged.
    """
    return _read_or_refuse(_file(run, name), run)


def _files(run: Path) -> dict[str, Path]:
    """Files of the tables of a run by name."""
    found = {path.stem: path for path in sorted(RunFolder(run).tables.glob("*.csv")) if path.is_file()}
    if not found:
        raise StudyError(_without_tables(RunFolder(run)))
    return found


def _file(run: Path, name: str) -> Path:
    files, name = _files(run), name.removesuffix(".csv")
    if name not in files:
        raise StudyError(f"there is no table {name!r}; {offer(name, list(files), 'there are')}")
    return files[name]


def _without_tables(run: RunFolder) -> str:
    """What to do about a folder that holds no tables, or is none."""
    path = run.path
    if not path.exists():
        return f"there is no folder {path}; give the one that a sweep, measure or report wrote to (--out)"
    if not path.is_dir():
        return f"{path} is no folder; measure it first: python -m sensitivity measure {path} --out DIR"
    if run.definition_file.exists():
        return f"{path} holds no tables; make them with: python -m sensitivity measure {path}"
    return f"{path} holds no tables; give the folder that a sweep, measure or report wrote to (--out)"


def _read_or_refuse(path: Path, run: Path) -> pd.DataFrame:
    """Table of a file; one that somebody has changed since may be none, or no longer this one."""
    try:
        table = _read(path)
    except (ValueError, TypeError, OverflowError) as error:  # of pandas as well
        reason = " ".join(str(error).split()) or type(error).__name__
        raise StudyError(
            f"{path} is damaged ({reason[:200]}); make the tables again: python -m sensitivity measure {run}"
        ) from None
    known = EVERY_TABLE[path.stem].columns if path.stem in EVERY_TABLE and path.stem != TRIALS else ()
    shown = [name for column in known if column.shown for name in column.parts]
    if missing := [name for name in shown if name not in table]:
        raise StudyError(
            f"{path} has no column {missing[0]}, which this table has; make the tables again: "
            f"python -m sensitivity measure {run}"
        )
    return table


def _read(path: Path) -> pd.DataFrame:
    """Table as its file has it: numbers where its measure says so, and levels that are numbers."""
    name = path.stem
    if name == TRIALS:
        return read_csv(path)
    texts = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    known = EVERY_TABLE[name].columns if name in EVERY_TABLE else ()
    shown = [name for column in known if column.shown and column.numeric for name in column.parts]
    numbers = [name for name in dict.fromkeys(shown) if name in texts]
    return texts.assign(**{column: pd.to_numeric(texts[column]) for column in numbers}).map(_level)


def _level(value: object) -> object:
    """Level of a setting that was written as this text: a number where it is one."""
    if not isinstance(value, str):
        return value
    try:
        number = float(value)
    except ValueError:
        return value
    return number if math.isfinite(number) and exact(number) == value else value


def _of_branch(table: pd.DataFrame, branch: str | None) -> pd.DataFrame:
    """Rows of a branch, named in full or by its optimizer alone."""
    if branch is None:
        return table
    if BRANCH not in table.columns:
        raise StudyError("this table has no branches; leave out --branch")
    names = list(dict.fromkeys(table[BRANCH]))
    wanted = next((name for name in names if branch in {name, level_of(name)}), None)
    if wanted is None:
        known = [level_of(name) or name for name in names]
        raise StudyError(f"there is no branch {branch!r}; {offer(branch, known, 'there are')}")
    chosen: pd.DataFrame = table[table[BRANCH] == wanted]
    return chosen


def _drawn(name: str, table: pd.DataFrame, width: int) -> tuple[RenderableType, int]:
    """The table, and the width it needs at least; what all rows share above it, the verdicts beneath it.

    Each verdict stands once, and its number in the rows that it belongs to. Where ``width`` does not suffice,
    intervals stand under their numbers.
    """
    columns = columns_of(name, table)
    rows = cells(table, columns)
    texts = {column.name: [row[place].text for row in rows] for place, column in enumerate(columns)}
    same = [columns[place] for place in common(columns, rows)]
    kept = [column for column in columns if column not in same and column.name != VERDICT]
    verdicts = [] if any(column.name == VERDICT for column in same) else _verdicts(texts)
    if verdicts:
        kept.append(NOTE)
        texts[NOTE.name] = [str(verdicts.index(text) + 1) if text else "" for text in texts[VERDICT]]
    drawn = _grid(kept, texts, tight=False)
    if _needs(drawn) > width:
        drawn = _grid(kept, texts, tight=True)
    above = [f"{column.words}: {texts[column.name][0]}" for column in same if texts[column.name][0]]
    notes = [Text(f"({place}) {plain(text)}") for place, text in enumerate(verdicts, 1)]
    return Group(*(Text(plain(text)) for text in above), drawn, *notes), _needs(drawn)


def _needs(drawn: Table) -> int:
    """Width at which nothing is broken that should not be."""
    return sum((column.min_width or 0) + GAP for column in drawn.columns) + GAP


def _grid(columns: Sequence[Column], texts: Mapping[str, list[str]], *, tight: bool) -> Table:
    """Table whose numbers are never broken; a tight one is as narrow as its longest words and numbers."""
    drawn = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), header_style="bold")
    shown = []
    for column in columns:
        written = [plain(text) for text in texts[column.name]]
        if column.numeric:
            written = [text.replace(" [", "\n[" if tight else " [") for text in written]
        longest = _longest(column, written)
        justify: Literal["left", "right"] = "right" if column.numeric else "left"
        width = longest if column.numeric or tight else None
        drawn.add_column(
            Text(plain(column.words)), justify=justify, width=width, min_width=longest, overflow="fold"
        )
        shown.append(written)
    for row in zip(*shown, strict=True):
        drawn.add_row(*(Text(text) for text in row))
    return drawn


def _longest(column: Column, written: Sequence[str]) -> int:
    """Width of what must stay on one line: a number, a word."""
    parts = [part for text in written for part in (text.split("\n") if column.numeric else text.split())]
    return min(max((cell_len(part) for part in [*parts, *column.words.split()]), default=1), LONGEST)


def _verdicts(texts: Mapping[str, list[str]]) -> list[str]:
    """Different verdicts of a table, in the order of its rows."""
    return list(dict.fromkeys(text for text in texts.get(VERDICT, []) if text))


def _list(names: list[str]) -> None:
    """Tables there are, each with what it answers."""
    drawn = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    drawn.add_column("table", no_wrap=True)
    drawn.add_column("what it says")
    for name in [
        *(name for name in EVERY_TABLE if name in names),
        *(name for name in names if name not in EVERY_TABLE),
    ]:
        drawn.add_row(Text(plain(name)), EVERY_TABLE[name].summary if name in EVERY_TABLE else "")
    Console().print(drawn)
