"""Trials to tables to pictures: how sensitive training is to each setting.

The way of the numbers through this package::

    trials.py      finished trials or a CSV file → one tidy row per trial; its column names live there
    reading/       anybody's trials: run folder, Optuna study, CSV file → trials, space, notes
    numerals.py    how a number is written, for files and for people
    estimators/    how a share or a proportion gets its number and its interval
    measures/      trials and their space → a tidy table per measure
    measuring.py   all measures, by name
    cautions/      tables → warnings in plain sentences
    plots/         a measure's table → a picture
    picturing.py   all pictures, by name
    processes.py   measuring and drawing in several processes
    shown.py       how a person sees a table: its columns and the texts of its cells
    report/        tables, pictures and warnings → what the report says → one page
    results.py     what trials leave in a folder
    summary.py     what the commands print at their end, made of the texts of terminal.py

Importing the package imports nothing: worker processes that train must not pay for pandas and seaborn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from sensitivity.study import Study
    from sweeps.space import Space

__version__ = "0.1.0"


def sweep(
    definition: str | os.PathLike[str] | Mapping[str, object], *, storage: str | None = None, workers: int = 1
) -> Study:
    """Train a sweep and hand over its trials, ready for ``measuring.all_tables(study)`` and the pictures.

    Parameters
    ----------
    definition
        Name of a ready-made sweep, path of a TOML file, or a dictionary with the structure of one.
    storage
        URL of the study's storage, in which the same call resumes, such as ``journal:///tmp/mine.journal``;
        None: a file that is deleted at the end.
    workers
        Processes to train in; 1 trains in this one. No number depends on it. With more, a script calls this
        under ``if __name__ == "__main__":``, and an optimizer added at run time is not known to them.

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
    from sweeps.run import prepare, run  # noqa: PLC0415

    raw = dict(definition) if isinstance(definition, Mapping) else load(Path(definition))
    ready = prepare(parse(raw))
    with TemporaryDirectory() as folder:
        url = storage or f"journal://{folder}/study.journal"
        run(ready, url, workers=workers)
        return read_study(url, ready.definition.name)


def measure(
    trials: pd.DataFrame,
    space: Space,
    *,
    cap: float | None = None,
    tolerance: float | None = None,
    curves: Mapping[int, Sequence[float]] | None = None,
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
        When the values or a setting are missing from the trials.
    """
    # Imported here: see above.
    from sensitivity.measures.measuring import all_tables  # noqa: PLC0415
    from sensitivity.measures.registry import TABLES  # noqa: PLC0415
    from sensitivity.reading.frames import from_frame  # noqa: PLC0415
    from sensitivity.report.slow_bar import SlowBar  # noqa: PLC0415

    study = from_frame(trials, space, cap=cap, curves=curves, tolerance=tolerance)
    with SlowBar("measuring", len(TABLES), shown=progress) as bar:
        return all_tables(study, bar.next)
