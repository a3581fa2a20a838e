"""What the command ``cite`` does: a number as it can stand in a paper, and the entry of the software."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from sensitivity.about import read_about
from sensitivity.commands.rows import rows_asked
from sensitivity.commands.show import read_table
from sensitivity.commands.terminal import plain
from sensitivity.language import speaking
from sensitivity.reporting.cited import SHARES, belonging, from_surrogate, of, sentence
from sensitivity.reporting.shown import TRIALS, cells, columns_of
from sensitivity.version import AUTHORS, YEAR, __version__
from sweeps.errors import StudyError
from sweeps.run_folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def cite_command(run: Path, name: str, words: Sequence[str]) -> None:
    """Print numbers of a table with all that belongs to them.

    Parameters
    ----------
    words
        What the rows must hold, see `sensitivity.commands.rows`.

    Raises
    ------
    StudyError
        When there is no such table or row, a word may mean several, or more fit than anybody cites.
    """
    table = read_table(run, name)
    known = read_about(RunFolder(run).about)
    if known is None or name == TRIALS:
        what = "trials are no estimate" if name == TRIALS else f"{run} does not say of what trials it is"
        raise StudyError(f"{what}; make the tables again: python -m sensitivity measure {run}")
    columns = columns_of(name, table)
    rows = rows_asked(table, columns, words)
    fitted = name in SHARES and from_surrogate(read_table(run, "variance_decomposition"))
    with speaking(voice=known.voice):
        about = of(name, known.metric)
        lines = [sentence(row, columns, about) for row in cells(rows, columns)]
        parts = [*lines, *belonging(name, known, fitted=fitted)]
    sys.stdout.write("\n".join(plain(part) for part in parts if part) + f"\n\n{BIBTEX}")


BIBTEX: Final = f"""@software{{sensitivity,
  author  = {{{{{AUTHORS}}}}},
  title   = {{sensitivity: how sensitive training is to its settings}},
  year    = {{{YEAR}}},
  version = {{{__version__}}},
  note    = {{Python package, \\texttt{{python -m sensitivity}}}}
}}
"""
