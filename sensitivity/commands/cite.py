"""What the command ``cite`` does: a number as it can stand in a paper, and the entry of the software."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from sensitivity.about import read_about
from sensitivity.branch import ALL, level_of
from sensitivity.commands.show import TRIALS, read_table
from sensitivity.commands.terminal import plain
from sensitivity.estimators.effects import BRANCH, KIND, LACK_OF_FIT, SETTING
from sensitivity.language import say, speaking
from sensitivity.language.metrics import metric_words
from sensitivity.measures.measure import SHARE, TEXT
from sensitivity.remarks import VERDICT
from sensitivity.reporting.shown import Cell, cells, columns_of
from sensitivity.version import __version__
from sensitivity.words import counted, level_text, listed, named, offer
from sweeps.errors import StudyError
from sweeps.run_folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from sensitivity.about import About
    from sensitivity.measures.measure import Column

MOST: Final = 8  # rows that are cited at once
_NAMES: Final = (SETTING, BRANCH)  # columns whose cells speak for themselves
_SHARES: Final = ("ranking", "variance_decomposition", "sensitivity_over_epochs", "momentum_rescaling")
_CURVES: Final = ("tolerance", "tunability", "isolation_curves", "moving_optimum", "optimizer_differences")
_PROPORTIONS: Final = ("divergence_by_level", "divergence_by_pair", "training_speed")


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
    with speaking(voice=known.voice):
        lines = [_sentence(row, columns, known) for row in cells(rows, columns)]
        origin = say("cite.origin", table=name, version=known.version)
        parts = [*lines, _interval_words(run, name), *_trials(known), origin]
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


def _sentence(row: Sequence[Cell], columns: Sequence[Column], known: About) -> str:
    """Names of a row and its numbers, each with its interval."""
    pairs = list(zip(columns, row, strict=True))
    names = [
        cell.text if column.name in _NAMES else f"{column.words} {cell.text}"
        for column, cell in pairs
        if column.kind == TEXT and cell.text and column.name != VERDICT
    ]
    numbers = [
        f"{column.words} {cell.text}" for column, cell in pairs if column.ends and cell.text not in {"", "–"}
    ]
    if not numbers:
        numbers = [f"{column.words} {cell.text}" for column, cell in pairs if column.numeric and cell.text]
    share = any(column.kind == SHARE and column.ends for column in columns)
    metric = metric_words(known.metric)
    of = say("cite.shares", metric=metric) if share else say("cite.metric", metric=metric)
    return f"{', '.join(names)}: {'; '.join(numbers)} ({of})."


def _interval_words(run: Path, name: str) -> str:
    """Of what kind the intervals of a table are."""
    if name in _SHARES:
        return say("cite.surrogate") if _fitted(run) else say("cite.score")
    if name in _CURVES:
        return say("cite.draws")
    if name in _PROPORTIONS:
        return say("cite.proportion")
    if name == "best_after_k":
        return say("cite.bootstrap")
    return say("cite.other")


def _fitted(run: Path) -> bool:
    """Whether the shares come from a surrogate, not from the grid itself."""
    shares = read_table(run, "variance_decomposition")
    return bool((shares[KIND] == LACK_OF_FIT).any())


def _trials(known: About) -> list[str]:
    """Sentences about the trials: how many, of what, over which ranges."""
    ranges = "; ".join(f"{name} {_range(tried)}" for name, tried in known.ranges.items())
    lines = [
        say("cite.trials", trials=known.plan, configurations=known.configurations, name=named(known.name)),
        say("cite.replicates", replicates=known.replicates),
        say("cite.dataset", dataset=named(known.dataset)) if known.dataset else "",
        say("cite.ranges", ranges=ranges),
    ]
    if known.scale == "raw":
        return lines
    return [*lines, say("cite.scale", scale=known.scale)]


def _range(tried: Mapping[str, Any]) -> str:
    """Values of a setting that were swept."""
    if "values" in tried:
        shown = ", ".join(level_text(value) for value in tried["values"])
        return shown if tried["of"] <= len(tried["values"]) else f"{shown}, … ({tried['of']})"
    low, high = level_text(float(tried["low"])), level_text(float(tried["high"]))
    return say("cite.log", low=low, high=high) if tried["log"] else say("cite.linear", low=low, high=high)


BIBTEX: Final = f"""@software{{sensitivity,
  title   = {{sensitivity: how sensitive training is to its settings}},
  version = {{{__version__}}},
  note    = {{Python package, \\texttt{{python -m sensitivity}}}}
}}
"""
