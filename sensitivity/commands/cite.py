"""What the command ``cite`` does: a number as it can stand in a paper, and the entry of the software."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from sensitivity.about import read_about
from sensitivity.branch import ALL, level_of
from sensitivity.commands.show import TRIALS, read_table
from sensitivity.commands.terminal import plain
from sensitivity.estimators.effects import BRANCH
from sensitivity.language import speaking
from sensitivity.measures.measure import TEXT
from sensitivity.reporting.cited import MOST, SHARES, belonging, from_surrogate, sentence
from sensitivity.reporting.shown import cells, columns_of
from sensitivity.version import __version__
from sensitivity.words import counted, level_text, listed, named, offer
from sweeps.errors import StudyError
from sweeps.run_folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from sensitivity.measures.measure import Column


def cite_command(run: Path, name: str, words: Sequence[str]) -> None:
    """Print numbers of a table with all that belongs to them.

    Parameters
    ----------
    words
        What the rows must hold, in any of their texts: a setting, a branch, a level.

    Raises
    ------
    StudyError
        When there is no such table or row, or more rows than anybody cites.
    """
    table = read_table(run, name)
    known = read_about(RunFolder(run).about)
    if known is None or name == TRIALS:
        what = "trials are no estimate" if name == TRIALS else f"{run} does not say of what trials it is"
        raise StudyError(f"{what}; make the tables again: python -m sensitivity measure {run}")
    columns = columns_of(name, table)
    rows = _chosen(table, columns, words)
    fitted = name in SHARES and from_surrogate(read_table(run, "variance_decomposition"))
    with speaking(voice=known.voice):
        lines = [sentence(row, columns, known) for row in cells(rows, columns)]
        parts = [*lines, *belonging(name, known, fitted=fitted)]
    sys.stdout.write("\n".join(plain(part) for part in parts if part) + f"\n\n{BIBTEX}")


def _chosen(table: pd.DataFrame, columns: Sequence[Column], words: Sequence[str]) -> pd.DataFrame:
    """Rows that hold every word; of all trials together where no word names a branch."""
    texts = [column.name for column in columns if column.kind == TEXT and column.name in table]
    if BRANCH in table and BRANCH not in texts:
        texts.append(BRANCH)
    found = table
    for word in words:
        holds = found[texts].map(lambda text, word=word: _is(text, word)).any(axis=1)
        if not holds.any():
            there = list(dict.fromkeys(level_text(value) for name in texts for value in table[name]))
            raise StudyError(
                f"no row holds {word!r}; {offer(word, [one for one in there if one], 'there are')}"
            )
        found = found[holds]
    if BRANCH in found and (found[BRANCH] == ALL).any():
        found = found[found[BRANCH] == ALL]
    if len(found) > MOST:
        kinds = [
            f"{name} {named(level_text(found[name].iloc[0]))}" for name in texts if len(set(found[name])) > 1
        ]
        more = f"; name one, such as {listed(kinds[:3])}" if kinds else ""
        raise StudyError(f"{counted(len(found), 'row')} fit, and at most {MOST} are cited{more}")
    return found


def _is(text: object, word: str) -> bool:
    """Whether a cell is this word, an underscore as good as a space and a branch as its optimizer."""
    written = level_text(text).casefold().replace(" ", "_")
    return word.casefold().replace(" ", "_") in {written, level_of(written)}


BIBTEX: Final = f"""@software{{sensitivity,
  title   = {{sensitivity: how sensitive training is to its settings}},
  version = {{{__version__}}},
  note    = {{Python package, \\texttt{{python -m sensitivity}}}}
}}
"""
