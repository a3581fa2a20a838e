"""Reading trials, ours or anybody's: run folder, Optuna study or CSV file → `Study`.

::

    study.py       what every reader hands over
    opening.py      what was asked for → the reader that it needs
    runs.py         a run folder of ours, finished, running or without its study
    studies.py      any Optuna study by URL and name
    csv_files.py    any CSV file with a metric column, Optuna's export and our own trials.csv included
    csv_text.py     the text of such a file → named columns
    csv_encoding.py  the bytes of such a file → its text
    csv_roles.py    which column is what
    states.py       how a trial ended, in whatever words
    guesses.py      a column of text → values, range and scale
    labels.py       a categorical's values of whatever type → values that a table can hold
    distributions.py  Optuna's distributions, one per trial → a domain per setting
    frames.py       a table in memory, for the library
    own.py          finished trials of ours: nothing has to be inferred
    conditions.py   which setting is active where, inferred from who has a value
    records.py      trials without a definition → space, table and notes
    results.py      one such trial, and its result turned round and capped
    evidence.py     settings told from results and bookkeeping by what stands in the columns
    twins.py        columns that always change together
    grids.py        the levels of a complete grid
    missing.py      trials without a result: failed trainings where that depends on a setting
    replicates.py   the replicate from a seed, or by counting repetitions
    names.py        names that clash or cannot be written, and how a sentence shows them

Reading never changes anything: no file is created, no database is written to, no lock is taken.
"""

from sensitivity.reading.csv_files import read_csv_table
from sensitivity.reading.frames import from_frame
from sensitivity.reading.opening import open_study
from sensitivity.reading.runs import read_run
from sensitivity.reading.studies import from_study, read_study
from sensitivity.request import Reading, Request
from sensitivity.study import Study

__all__ = [
    "Reading",
    "Request",
    "Study",
    "from_frame",
    "from_study",
    "open_study",
    "read_csv_table",
    "read_run",
    "read_study",
]
