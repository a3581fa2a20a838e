"""What the command ``cite`` does: a number as it can stand in a paper, and the entry of the software."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from sensitivity.about import read_about
from sensitivity.commands.rows import rows_asked
from sensitivity.commands.show import read_table
from sensitivity.commands.terminal import plain
from sensitivity.estimators.effects import BRANCH, KIND, LACK_OF_FIT, SETTING
from sensitivity.language import say, speaking
from sensitivity.measures.measure import TEXT
from sensitivity.remarks import VERDICT
from sensitivity.reporting.shown import TRIALS, Cell, cells, columns_of
from sensitivity.version import __version__
from sensitivity.words import level_text, named
from sweeps.errors import StudyError
from sweeps.run_folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sensitivity.about import About
    from sensitivity.measures.measure import Column

_NAMES: Final = (SETTING, BRANCH, "dataset")  # columns whose cells speak for themselves
_COUNTED: Final = ("k", "epoch")  # numbers that say which row it is
_SHARES: Final = ("ranking", "variance_decomposition", "sensitivity_over_epochs", "momentum_rescaling")
_VARIANCES: Final = (
    *_SHARES,
    "early_or_late",
    "capped_and_survivors",
    "comparison",
)  # shares of the result's
_ACROSS: Final = ("across", "across_settings", "across_datasets")  # of scores
_CURVES: Final = ("tolerance", "tunability", "isolation_curves", "moving_optimum", "optimizer_differences")
_PROPORTIONS: Final = ("divergence_by_level", "divergence_by_pair", "training_speed")


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
    with speaking(voice=known.voice):
        of = _of(name, known.metric)
        lines = [_sentence(row, columns, of) for row in cells(rows, columns)]
        origin = say("cite.origin", table=name, version=known.version)
        parts = [*lines, _interval_words(run, name), *_trials(known), origin]
    sys.stdout.write("\n".join(plain(part) for part in parts if part) + f"\n\n{BIBTEX}")


def _of(name: str, metric: str) -> str:
    """Of what the numbers of a table are."""
    if name in _VARIANCES:
        return say("cite.shares", metric=metric)
    return say("cite.score-of", metric=metric) if name in _ACROSS else say("cite.metric", metric=metric)


def _sentence(row: Sequence[Cell], columns: Sequence[Column], of: str) -> str:
    """Names of a row and its numbers, each with its interval: those that have one, or all."""
    pairs = list(zip(columns, row, strict=True))
    names = [
        cell.text if column.name in _NAMES else f"{column.words} {cell.text}"
        for column, cell in pairs
        if (column.kind == TEXT or column.name in _COUNTED) and cell.text and column.name != VERDICT
    ]
    estimates = [(column, cell) for column, cell in pairs if column.ends and cell.text not in {"", "–"}]
    if not estimates or any(column.theirs for column in columns):
        estimates = [(column, cell) for column, cell in pairs if column.numeric and cell.text]
    numbers = [f"{column.words} {cell.text}" for column, cell in estimates]
    return f"{', '.join(names)}: {'; '.join(numbers)} ({of})."


def _interval_words(run: Path, name: str) -> str:
    """Of what kind the intervals of a table are."""
    if name in _SHARES:
        return say("cite.surrogate") if _fitted(run) else say("cite.score")
    if name in _CURVES:
        return say("cite.draws")
    if name in _PROPORTIONS:
        return say("cite.proportion")
    if name in _ACROSS:
        return say("cite.fresh")
    return say("cite.bootstrap") if name == "best_after_k" else say("cite.other")


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
        say("cite.dataset", dataset=known.dataset) if known.dataset else "",
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
