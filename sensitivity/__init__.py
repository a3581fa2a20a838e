"""Trials to tables to pictures: how sensitive training is to each setting.

The way of the numbers through this package::

    trials.py      finished trials or a CSV file → one tidy row per trial; its column names live there
    reading/       anybody's trials: run folder, Optuna study, CSV file → trials, space, notes
    numerals.py    how a number is written, for files and for people
    estimators/    how a share or a proportion gets its number and its interval
    measures/      trials and their space → a tidy table per measure
    measuring.py   all measures, by name
    plots/         a measure's table → a picture
    terminal.py    a measure's table → text for the terminal

Importing the package imports nothing: worker processes that train must not pay for pandas and seaborn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from sweeps.space import Space

__version__ = "0.1.0"


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
        Share of the way from the best value to the median that still counts as good; None: a tenth.
    curves
        Number of a trial → its metric per epoch, element 0 at initialisation.
    progress
        Whether a bar is shown in a terminal when it takes longer than two seconds.

    Returns
    -------
    dict
        Tables by name, those that ``python -m sensitivity measure`` writes; their columns are documented by
        `sensitivity.measures.table_columns`. Too few trials for a measure: its ``verdict`` says so in words.

    Raises
    ------
    sweeps.errors.StudyError
        When the values or a setting are missing from the trials.
    """
    # Imported here: see above.
    from sensitivity.measuring import MEASURES, all_tables  # noqa: PLC0415
    from sensitivity.progress import SlowBar  # noqa: PLC0415
    from sensitivity.reading.frames import from_frame  # noqa: PLC0415

    source = from_frame(trials, space, cap=cap, curves=curves, tolerance=tolerance)
    with SlowBar("measuring", len(MEASURES), shown=progress) as bar:
        return all_tables(source, bar.next)
