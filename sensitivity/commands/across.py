"""What several datasets say together, in the terminal and in a folder: of one sweep, or of finished runs."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

import numpy as np
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from sensitivity.about import about_all
from sensitivity.across.runs import shared_by
from sensitivity.across.tables import all_of
from sensitivity.commands.first_screen import opened
from sensitivity.commands.terminal import comparison_text, plain
from sensitivity.files import make_folder, write_csv
from sensitivity.language import say, speaking
from sensitivity.measures.concordance import compare
from sensitivity.measures.measuring import SHARES, all_tables
from sensitivity.reading.cells import in_order
from sensitivity.reading.opening import open_study
from sensitivity.reporting.across import Rows, Together, together, write_across
from sensitivity.reporting.slow_bar import SlowBar
from sensitivity.trials import DIVERGED, OUTCOME, VALUE, all_failed
from sensitivity.words import level_text, listed
from sweeps.errors import StudyError
from sweeps.run_folder import RunFolder
from sweeps.space import Space

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd
    from rich.console import RenderableType

    from sensitivity.reporting.content import Figure
    from sensitivity.request import Request
    from sensitivity.study import Study

COMPARISON: Final = "comparison"
PAGE: Final = "report.html"


def explain_together(
    console: Console,
    studies: Mapping[str, Study],
    folder: RunFolder | None,
    runs: Mapping[str, Path],
    *,
    page: bool = True,
    notes: Sequence[str] = (),
) -> None:
    """Say what the studies of several datasets say together; write tables and a page where there is a folder.

    Parameters
    ----------
    runs
        Run folder of each study, whose page is linked to if there is one.
    page
        Whether picture and page are made.
    notes
        What was left out before.
    """
    shares = {}
    judged = {name: study for name, study in studies.items() if not all_failed(study.plan)} or studies
    with SlowBar("comparing", len(judged)) as bar:
        for name, study in judged.items():
            bar.next(name)
            shares[name] = all_tables(study, only=(SHARES,))[SHARES]
    tables = {COMPARISON: compare(shares)}
    console.print(comparison_text(tables[COMPARISON]))
    said = None
    with speaking(voice=next(iter(studies.values())).voice):
        try:
            shared = shared_by(studies)
        except StudyError as error:  # their rankings can be compared all the same
            for note in notes:
                console.print(Text(f"· {plain(note)}"))
            console.print(Text(f"· {plain(str(error))}"))
        else:
            tables |= all_of(shared.scores)
            name = " + ".join(studies) if folder is None else folder.path.resolve().name
            said = together(name, shared, tables, studies, notes)
            console.print(in_terminal(said))
        if folder is not None:
            make_folder(folder)
            about_all(folder.path.resolve().name, studies).write(folder.about)
            _written(console, folder, tables, said if page else None, runs, page=page)


def in_terminal(said: Together) -> RenderableType:
    """The answer and both tables."""
    sentences: list[RenderableType] = [Text(f"· {plain(sentence)}") for sentence in said.answer]
    notes: list[RenderableType] = [Text(f"· {plain(note)}", style="dim") for note in said.notes]
    tables: list[RenderableType] = [_table(said.settings), Text(), _table(said.datasets)]
    return Group(Text(), Text(plain(said.title), style="bold"), *sentences, Text(), *tables, Text(), *notes)


def _table(rows: Rows) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1), header_style="bold")
    for place, head in enumerate(rows.heads):
        table.add_column(
            Text(plain(head)), justify="right" if place in rows.numeric else "left", overflow="fold"
        )
    for cells in rows.cells:
        table.add_row(*(Text(plain(cell)) for cell in cells))
    return table


def _written(
    console: Console,
    folder: RunFolder,
    tables: Mapping[str, pd.DataFrame],
    said: Together | None,
    runs: Mapping[str, Path],
    *,
    page: bool,
) -> None:
    """Write the tables, and the picture and the page where they are wanted, and say where they are."""
    for name, table in tables.items():
        write_csv(table, folder.tables / f"{name}.csv")
    figure, files = _drawn(tables[COMPARISON], folder) if page else (None, [])
    written = [folder.tables / f"{name}.csv" for name in tables] + files
    if said is not None:
        pages = {name: path / PAGE for name, path in runs.items()}
        links = [(name, _address(path, folder.path)) for name, path in pages.items() if path.is_file()]
        write_across(folder.path / PAGE, said, links, figure, list(tables))
        written.insert(0, folder.path / PAGE)
    for path in written:
        console.print(f"→ {path}", markup=False, highlight=False, soft_wrap=True)


def _address(page: Path, folder: Path) -> str:
    """Address of a page as seen from a folder; no name in it is read as a scheme, a query or a fragment."""
    return quote(os.path.relpath(page.resolve(), folder.resolve()).replace(os.sep, "/"))


def _drawn(table: pd.DataFrame, folder: RunFolder) -> tuple[Figure | None, list[Path]]:
    """Picture of the ranks with its files; none where it has nothing to show."""
    from sensitivity.pictures import comparison  # noqa: PLC0415 (matplotlib takes a second, tables need none)
    from sensitivity.pictures.picture import NothingToDraw  # noqa: PLC0415 (the same)
    from sensitivity.pictures.saving import inline_svg, rendered, write  # noqa: PLC0415 (the same)
    from sensitivity.reporting.content import Figure  # noqa: PLC0415 (the same)

    try:
        files = rendered(comparison.picture_of(table))
    except NothingToDraw:
        return None, []
    folder.figures.mkdir(parents=True, exist_ok=True)
    svg = inline_svg(files, f"{comparison.NAME}-")
    figure = Figure(comparison.NAME, svg, files.title, files.caption)
    return figure, write(files, folder.figures / comparison.NAME)


def report_by_column(request: Request, out: Path | None, column: str) -> None:
    """Show what the datasets say together that a column of a table names.

    Raises
    ------
    SweepError
        One sentence on what the user can mend.
    """
    if request.path is None or request.path.is_dir():
        raise StudyError("--datasets names a column of a table; name the file too, such as trials.csv")
    if out is None:
        raise StudyError("say where the tables shall go: --out DIR")
    settings = (*request.settings, column) if request.settings else ()
    asked = replace(request, categorical=(*request.categorical, column), settings=settings)
    console, folder = Console(), RunFolder(out)
    try:
        study = opened(console, asked, folder, "report")
    except StudyError:
        by_column(open_study(request), column)  # says so where it is no setting, or has one value
        raise
    parts = by_column(study, column)
    nameless = len(study.trials) - sum(len(part.trials) for part in parts.values())
    notes = [say("across.note-nameless", count=nameless, column=column)] if nameless else []
    explain_together(console, parts, folder, {}, notes=notes)


def by_column(study: Study, column: str) -> dict[str, Study]:
    """Study of each value of a setting, which is none in them; in the order of the values, not of the rows.

    Raises
    ------
    StudyError
        When there is no such setting, or it has one value.
    """
    levels = in_order(study.trials[column].dropna().unique()) if column in study.space.names else ()
    if len(levels) < 2:
        raise StudyError(
            f"--datasets {column}: two values at least must tell datasets apart; columns that vary are "
            f"{listed(study.space.names)}"
        )
    found = {}
    for level in levels:
        rows = study.trials[(study.trials[column] == level).to_numpy()].reset_index(drop=True)
        space = _varied(study.space, rows)
        trials, cap = _capped(study, rows[[name for name in rows if name not in _gone(study, space)]])
        name = level_text(level)
        found[name] = replace(study, trials=trials, cap=cap, space=space, curves={}, name=name)
    return found


def _gone(study: Study, space: Space) -> set[str]:
    """Settings of a study that a smaller space lacks."""
    return {*study.space.names} - {*space.names}


def _varied(space: Space, rows: pd.DataFrame) -> Space:
    """Space of the settings that vary in some rows; those with one value there are fixed."""
    values = {name: in_order(rows[name].dropna().unique()) for name in space.names}
    partial = {name for name in space.names if rows[name].isna().any()}
    kept = [each for each in space.settings if len(values[each.name]) > 1 or each.name in partial]
    kept = [each for each in kept if values[each.name]]
    names = {each.name for each in kept}
    held = {name: each[0] for name, each in values.items() if each and name not in names}
    return Space(kept, {**space.fixed, **held})


def _capped(study: Study, trials: pd.DataFrame) -> tuple[pd.DataFrame, float | None]:
    """Trials of a dataset whose failures count as the worst result there, not in the whole file; that cap.

    A cap that the user gave counts everywhere, and one dataset without any result keeps what it has.
    """
    if study.cap is None or not study.worst_as_cap:
        return trials, study.cap
    values = trials[VALUE].to_numpy(dtype=np.float64, na_value=np.nan)
    lost = (trials[OUTCOME] == DIVERGED).to_numpy() & (values >= study.cap)
    if lost.all() or not lost.any():
        return trials, study.cap if lost.any() else None
    worst = float(np.nanmax(values[~lost]))
    return trials.assign(**{VALUE: np.where(lost, worst, values)}), worst
