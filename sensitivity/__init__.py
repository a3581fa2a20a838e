"""Trials to tables to pictures: how sensitive training is to each setting.

The rooms, from the lowest floor up; each imports only from those above it in this list::

    words.py arrays.py branch.py   numbers and lists in sentences, types of arrays, labels of branches
    remarks.py     judgements and remarks as data; the words of a verdict, made last
    request.py     what is asked for: every option of measure and report
    trials.py      the columns of the table of trials
    files.py       files that are complete or not there
    axis.py        one setting as an axis
    scale.py       the scale on which shares of the variance are taken
    study.py       trials and all that is known about them
    reading/       anybody's trials: run folder, Optuna study, table → study
    estimators/    how a share or a proportion gets its number and its interval
    measures/      a study → tidy tables; `MEASURES` is the list of them
    pictures/      a measure's table → a picture
    reporting/     tables, pictures and warnings → one page, and what lies in a folder
    export/        a configuration as a program of another framework
    planning/      what to run next: a narrower sweep, and how sharp its intervals will be
    claims/        what study notes claim, put to the test by trainings
    commands/      the command line

Importing the package imports nothing: worker processes that train must not pay for pandas and seaborn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sensitivity.version import __version__ as __version__

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

    from sensitivity.pictures.saving import Drawing
    from sensitivity.reporting.drawing import Words
    from sensitivity.study import Study
    from sweeps.space import Space


def sweep(
    definition: str | os.PathLike[str] | Mapping[str, object],
    *,
    objective: Callable[[dict[str, Any], int], Any] | None = None,
    storage: str | None = None,
    workers: int = 1,
    engine: str = "auto",
) -> Study:
    """Train a sweep and hand over its trials, ready for ``measuring.all_tables(study)`` and the pictures.

    Parameters
    ----------
    definition
        Name of a ready-made sweep, path of a TOML file, or a dictionary with the structure of one.
    objective
        A function of your own in place of the definition's, called with a configuration and a seed: it
        returns a number or a mapping of metrics, or yields one per epoch. More workers, or a time-out, need
        one that stands in a module; with one worker any will do.
    storage
        URL of the study's storage, in which the same call resumes, such as ``journal:///tmp/mine.journal``;
        None: a file that is deleted at the end. Of an ``objective`` its module's file counts, and what it
        holds: defaults, variables of a closure, the object of a method. Where that cannot be pickled it does
        not resume.
    workers
        Processes to train in; 1 trains in this one. No number depends on it. With more, a script calls this
        under ``if __name__ == "__main__":``, and an optimizer added at run time is not known to them. The
        same holds where the definition names a function, which has a process of its own.
    engine
        What trains networks: ``"numpy"``, ``"numba"`` (the extra ``fast``), or ``"auto"``, numba where it is
        installed. It changes last digits, so a study goes on with the one it was begun with.

    Returns
    -------
    Study
        As `sensitivity.reading.read_run` reads it from a run folder; ``study.trials`` is the table.

    Raises
    ------
    sweeps.errors.SweepError
        One sentence on what is wrong with the definition or the storage.
    """
    # Imported here: see above.
    from collections.abc import Mapping  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415
    from tempfile import TemporaryDirectory  # noqa: PLC0415

    from sensitivity.reading import read_study  # noqa: PLC0415
    from sweeps.definition import load, parse  # noqa: PLC0415
    from sweeps.finder import with_found_rates  # noqa: PLC0415
    from sweeps.functions import FunctionObjective, check_portable, name_of  # noqa: PLC0415
    from sweeps.objectives import objective_named  # noqa: PLC0415
    from sweeps.returned_data import look_in  # noqa: PLC0415
    from sweeps.run import prepare, run  # noqa: PLC0415

    given = isinstance(definition, Mapping)
    raw = dict(definition) if isinstance(definition, Mapping) else load(Path(definition))
    folders = [str(Path.cwd())] if given else [str(Path.cwd()), str(Path(str(definition)).resolve().parent)]
    if objective is not None:
        raw["objective"] = name_of(objective)
    look_in(folders)
    asked = parse(with_found_rates(raw)[0])
    if objective is not None and workers > 1:
        check_portable(asked.objective, objective)
    called = (
        objective_named(asked.objective, folders)
        if objective is None
        else FunctionObjective(asked.objective, function=objective)
    )
    ready = prepare(asked, called)
    with TemporaryDirectory() as folder:
        url = storage or f"journal://{folder}/study.journal"
        run(ready, url, workers=workers, engine=engine)
        return read_study(url, ready.definition.name)


def measure(
    trials: pd.DataFrame,
    space: Space,
    *,
    cap: float | None = None,
    tolerance: float | None = None,
    curves: Mapping[int, Sequence[float]] | None = None,
    scale: str | None = None,
    progress: bool = True,
) -> dict[str, pd.DataFrame]:
    """All measures of sensitivity, a tidy table each.

    Parameters
    ----------
    trials
        Table of `sensitivity.trials`, or any with a column per setting (empty: inactive there) and the column
        ``value``, of which lower is better. Trials of the same configuration are its replicates if
        ``replicate`` tells them apart.
    space
        The settings with their ranges and conditions (`sweeps.space.Space`).
    cap
        What a ``value`` that is not finite counts with; None: the worst finite one.
    tolerance
        Share of the way from the best value to the cap, or to the median, that is still good; None: a tenth.
    curves
        Number of a trial → its metric per epoch, element 0 at initialisation.
    scale
        On which shares of the variance are taken: ``raw``, ``log``, ``rank`` or ``capped``; None: chosen by
        the tails of the values (`sensitivity.scale`).
    progress
        Whether a bar is shown in a terminal when it takes longer than two seconds.

    Returns
    -------
    dict
        Tables by name, those that ``python -m sensitivity measure`` writes; their columns are documented by
        `sensitivity.measures.registry`. Too few trials for a measure: its ``verdict`` says so in words.

    Raises
    ------
    sweeps.errors.StudyError
        When the values or a setting are missing from the trials, or the values do not allow the scale.
    """
    # Imported here: see above.
    from sensitivity.measures.measuring import all_tables  # noqa: PLC0415
    from sensitivity.measures.registry import TABLES  # noqa: PLC0415
    from sensitivity.reading.frames import from_frame  # noqa: PLC0415
    from sensitivity.reporting.glance import Reported  # noqa: PLC0415
    from sensitivity.reporting.slow_bar import SlowBar  # noqa: PLC0415

    study = from_frame(trials, space, cap=cap, curves=curves, tolerance=tolerance, scale=scale)
    with SlowBar("measuring", len(TABLES), shown=progress) as bar:
        return Reported(all_tables(study, bar.next), study)


def draw(
    trials: str | os.PathLike[str] | Study,
    picture: str,
    *,
    ax: Axes | None = None,
    axes: Sequence[Axes] | None = None,
    figure: Figure | SubFigure | None = None,
    width: str | None = None,
) -> Words | Drawing:
    """Draw a picture of the report on Axes of your own, or for a paper.

    ``draw(study, "ranking", ax=ax)``, or ``draw(study, "ranking", width="single").save("ranking")``.

    Parameters
    ----------
    trials
        A study that `sweep` or a reader gave, or the path of a run folder or a study.
    picture
        Name of the picture, that of its file in ``figures``.
    ax, axes, figure
        Where: on one pair of Axes; on a list of them, one for each panel, row by row; or in an empty figure
        or SubFigure. A colour bar takes its room from the Axes.
    width
        In a new figure as wide as one column of a paper, ``"single"`` (85 mm, letters of 6 points and more),
        or two, ``"double"`` (178 mm).

    Returns
    -------
    Words or Drawing
        ``title`` and ``caption`` of the picture, which are not drawn; of a new figure also ``figure`` and
        ``save("NAME")``, which writes ``NAME.pdf``, ``.svg``, ``.png`` and the words as ``.txt``.

    Raises
    ------
    sweeps.errors.SweepError
        One sentence on what is wrong: no such picture, nothing to draw, another number of Axes, or one
        column is too narrow for it.
    """
    # Imported here: see above.
    from pathlib import Path  # noqa: PLC0415

    from sensitivity.reading.opening import open_study  # noqa: PLC0415
    from sensitivity.reporting.drawing import draw_for, draw_on  # noqa: PLC0415
    from sensitivity.request import Request, in_python  # noqa: PLC0415
    from sensitivity.study import Study  # noqa: PLC0415
    from sweeps.errors import StudyError  # noqa: PLC0415

    given = [one for one in ([ax] if ax is not None else None, axes, figure, width) if one is not None]
    if len(given) != 1:
        raise StudyError("say where to draw: one of ax=, axes=[…] and figure=, or width='single' or 'double'")
    try:
        study = trials if isinstance(trials, Study) else open_study(Request(path=Path(trials)))
    except StudyError as error:
        raise StudyError(in_python(str(error))) from None
    target = given[0]
    if isinstance(target, str):
        return draw_for(study, picture, target)
    return draw_on(study, picture, target if target is figure else list(target))  # type: ignore[arg-type]


def report(
    trials: str | os.PathLike[str] | Study | object,
    out: str | os.PathLike[str],
    **options: Any,  # noqa: ANN401 (each of its own type)
) -> dict[str, pd.DataFrame]:
    """Explain trials in a folder: tables, pictures and ``report.html``.

    Parameters
    ----------
    trials
        Run folder, table or file of an Optuna study, a study that `sweep` or a reader gave, or a fitted
        search of scikit-learn's.
    out
        Folder of the results; made where it is not there.
    options
        Those of ``python -m sensitivity report``, as fields of `sensitivity.request.Request`:
        ``metric="accuracy", maximise=True``.

    Returns
    -------
    dict
        Tables by name, as for `measure`; shown or printed in short, with the place of the page.

    Raises
    ------
    sweeps.errors.SweepError
        One sentence on what is wrong with the trials, an option or the folder.
    """
    # Imported here: see above.
    from dataclasses import replace  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    from sensitivity.commands.report import again, source_of  # noqa: PLC0415
    from sensitivity.files import make_folder  # noqa: PLC0415
    from sensitivity.reading.csv_files import read_search  # noqa: PLC0415
    from sensitivity.reading.opening import open_study  # noqa: PLC0415
    from sensitivity.reporting.glance import Reported  # noqa: PLC0415
    from sensitivity.reporting.results import write_report  # noqa: PLC0415
    from sensitivity.request import Request, in_python  # noqa: PLC0415
    from sensitivity.study import Study  # noqa: PLC0415
    from sweeps.errors import StudyError  # noqa: PLC0415
    from sweeps.run_folder import RunFolder  # noqa: PLC0415

    source: list[str] = []
    try:
        if isinstance(trials, Study):
            study, command = replace(trials, asked_scale=options.get("scale", trials.asked_scale)), ""
        elif hasattr(trials, "cv_results_"):
            scale = options.pop("scale", None)
            study, command = replace(read_search(trials, **options), asked_scale=scale), ""
        else:
            asked = Request(path=Path(trials), **options)  # type: ignore[arg-type]
            study, command, source = open_study(asked), again(asked, Path(out)), source_of(asked)
    except StudyError as error:
        raise StudyError(in_python(str(error))) from None
    folder = RunFolder(Path(out))
    make_folder(folder)
    written = write_report(folder, study, command, trials=True, source=source)
    return Reported(written.tables, study, written.page)
