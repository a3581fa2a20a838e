"""What trials leave in a folder: tables, pictures and the page; a sweep's and anybody's alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sensitivity.about import about
from sensitivity.files import write_csv
from sensitivity.language import marking, say
from sensitivity.measures.registry import TABLES
from sensitivity.reporting.cautions.finding import cautions
from sensitivity.reporting.decision import decision
from sensitivity.reporting.page import write_page
from sensitivity.reporting.provenance import provenance
from sensitivity.reporting.shown import in_own_sign
from sensitivity.reporting.slow_bar import SlowBar
from sensitivity.reporting.workshop import Workshop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from sensitivity.pictures.picture import NothingToDraw
    from sensitivity.pictures.saving import Rendered
    from sensitivity.reporting.decision import Decision
    from sensitivity.study import Study
    from sweeps.run_folder import RunFolder


@dataclass(frozen=True)
class Results:
    """What was found and where it lies.

    Attributes
    ----------
    tables
        Of `sensitivity.measures.measuring.all_tables`.
    cautions
        Warnings, most important first.
    decision
        What to do, as data.
    page
        The page, if there is one.
    folders
        Folder → number of files written there and what they are.
    """

    tables: Mapping[str, pd.DataFrame]
    cautions: Sequence[str]
    decision: Decision
    page: Path | None
    folders: Sequence[tuple[Path, str]]


def write_tables(folder: RunFolder, study: Study, *, trials: bool, source: Sequence[str] = ()) -> Results:
    """Measure and write one CSV file per measure.

    Parameters
    ----------
    trials
        Whether the table of trials is written too; it stands first, for it is what the rest is made of.
    source
        Words of a command line that name these trials; none where it cannot.
    """
    with Workshop(1) as workshop:
        workshop.take(study)
        tables = _measured(workshop, folder, study, trials=trials)
    _write(tables, folder, study)
    return _found(tables, folder, study, trials=trials, source=source)


def write_report(
    folder: RunFolder,
    study: Study,
    command: str,
    *,
    trials: bool,
    source: Sequence[str] = (),
    workshop: Workshop | None = None,
    told: Callable[[Results], None] = lambda _: None,
    shown: Callable[[Results], None] = lambda _: None,
) -> Results:
    """Measure, draw and write everything: tables, pictures, page.

    Parameters
    ----------
    command
        Shell command that makes the page again, without a password.
    trials, source
        As for `write_tables`.
    workshop
        That has taken the trials; None: one of its own. Nothing that is written depends on it.
    told
        Called with the tables before anything is drawn: nobody need wait for pictures to hear the answer.
    shown
        Called as soon as the page is there; PNG and PDF files, which it does not need, follow.
    """
    from sensitivity.pictures.picturing import PICTURES  # noqa: PLC0415 (heavy; tables need none of it)
    from sensitivity.pictures.saving import Rendered  # noqa: PLC0415
    from sensitivity.reporting.building import build  # noqa: PLC0415

    if workshop is None:
        with Workshop() as own:
            own.take(study)
            return write_report(
                folder,
                study,
                command,
                trials=trials,
                source=source,
                workshop=own,
                told=told,
                shown=shown,
            )
    tables = _measured(workshop, folder, study, trials=trials)
    measured = _found(tables, folder, study, trials=trials, source=source)
    told(measured)
    bar = SlowBar(say("progress.drawing"), len(PICTURES))
    drawn = workshop.pictures(tables, bar.next)  # under way while the tables are written
    _write(tables, folder, study)
    with bar:
        written = dict(_written(folder.figures, drawn))
    pictures = {name: written[name] for name in PICTURES}  # in the order of the report
    report = build(study, tables, pictures, measured.cautions, provenance(study, command), measured.decision)
    page = folder.path / "report.html"
    write_page(report, page)
    names = [name for name, picture in pictures.items() if isinstance(picture, Rendered)]
    figures = (folder.figures, say("progress.pictures", count=len(names)))
    results = Results(tables, measured.cautions, measured.decision, page, [*measured.folders, figures])
    shown(results)
    with SlowBar(say("progress.images"), len(names)) as bar:
        for name, images in workshop.images(names, bar.next):
            for kind, image in images.items():
                (folder.figures / f"{name}.{kind}").write_bytes(image)
    return results


def _measured(
    workshop: Workshop, folder: RunFolder, study: Study, *, trials: bool
) -> Mapping[str, pd.DataFrame]:
    """Make the tables; that of the trials, which they are made of, is written first."""
    if trials:
        every = study.trials if study.every is None else study.every
        write_csv(every, folder.tables / "trials.csv")
    with SlowBar(say("progress.measuring"), len(TABLES)) as bar:
        return workshop.tables(bar.next)


def _write(tables: Mapping[str, pd.DataFrame], folder: RunFolder, study: Study) -> None:
    """Write the tables."""
    for name, table in tables.items():
        write_csv(in_own_sign(name, table, study), folder.tables / f"{name}.csv")
    study.once(about).write(folder.about)


def _found(
    tables: Mapping[str, pd.DataFrame],
    folder: RunFolder,
    study: Study,
    *,
    trials: bool,
    source: Sequence[str],
) -> Results:
    """What the tables say."""
    words = say("progress.tables", count=len(tables) + trials)
    with marking():
        found = cautions(study, tables)
    texts = [caution.text for caution in found]
    decided = decision(study, tables, found, source, str(folder.path))
    return Results(tables, texts, decided, None, [(folder.tables, words)])


def _written(
    folder: Path, pictures: Iterable[tuple[str, Rendered | NothingToDraw]]
) -> Iterator[tuple[str, Rendered | NothingToDraw]]:
    """Write what can be drawn, remove what an earlier report of the same folder has drawn."""
    from sensitivity.pictures.picture import NothingToDraw  # noqa: PLC0415 (heavy)
    from sensitivity.pictures.saving import KINDS, write  # noqa: PLC0415

    for name, picture in pictures:
        if isinstance(picture, NothingToDraw):
            for kind in KINDS:
                (folder / f"{name}.{kind}").unlink(missing_ok=True)
        else:
            write(picture, folder / name)
        yield name, picture
