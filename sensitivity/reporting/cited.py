"""A number, a table or a figure as it can stand in a paper: with all that belongs to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sensitivity.estimators.effects import BRANCH, KIND, LACK_OF_FIT, SETTING
from sensitivity.language import say
from sensitivity.language.metrics import metric_words
from sensitivity.measures.measure import TEXT
from sensitivity.measures.ranking import RANK
from sensitivity.remarks import VERDICT
from sensitivity.reporting.shown import cells, columns_of
from sensitivity.words import level_text, named

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from sensitivity.about import About
    from sensitivity.measures.measure import Column
    from sensitivity.reporting.shown import Cell

MOST: Final = 8  # rows that are cited at once
_NAMES: Final = (SETTING, BRANCH, "dataset")  # columns whose cells speak for themselves
_COUNTED: Final = ("k", "epoch")  # numbers that say which row it is
SHARES: Final = ("ranking", "variance_decomposition", "sensitivity_over_epochs", "momentum_rescaling")
_VARIANCES: Final = (
    *SHARES,
    "early_or_late",
    "capped_and_survivors",
    "comparison",
)  # shares of the result's
_ACROSS: Final = ("across", "across_settings", "across_datasets")  # of scores
_CURVES: Final = ("tolerance", "tunability", "isolation_curves", "moving_optimum", "optimizer_differences")
_PROPORTIONS: Final = ("divergence_by_level", "divergence_by_pair", "training_speed")


def cited_in(
    name: str, known: About, *, fitted: bool, title: str = "", table: pd.DataFrame | None = None
) -> list[str]:
    """Sentences for a page: what a figure or the ranks of a table say, and what belongs to them.

    Parameters
    ----------
    name
        Of the table that the numbers come from.
    known, fitted
        See `belonging`.
    title
        Of the figure, where it is one.
    table
        Rows whose numbers are said, with their rank; None: the numbers stand beside it.
    """
    first = [say("figures.cited", title=title)] if title else []
    if table is not None:
        columns = columns_of(name, table)
        rows = table[table[RANK].notna()].sort_values(RANK, kind="stable").head(MOST)
        first = [sentence(row, columns, of(name, known.metric)) for row in cells(rows, columns)]
    return [*first, *belonging(name, known, fitted=fitted)]


def of(name: str, metric: str) -> str:
    """Of what the numbers of a table are."""
    metric = metric_words(metric)
    if name in _VARIANCES:
        return say("cite.shares", metric=metric)
    return say("cite.score-of", metric=metric) if name in _ACROSS else say("cite.metric", metric=metric)


def sentence(row: Sequence[Cell], columns: Sequence[Column], about: str) -> str:
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
    return f"{', '.join(names)}: {'; '.join(numbers)} ({about})."


def belonging(name: str, known: About, *, fitted: bool) -> list[str]:
    """Sentences that belong to every number of a table: its interval, the trials, ranges and version.

    Parameters
    ----------
    fitted
        Whether its shares come from a surrogate, see `from_surrogate`.
    """
    origin = say("cite.origin", table=name, version=known.version)
    return list(filter(None, [_interval_words(name, fitted=fitted), *_trials(known), origin]))


def _interval_words(name: str, *, fitted: bool) -> str:
    """Of what kind the intervals of a table are."""
    if name in SHARES:
        return say("cite.surrogate") if fitted else say("cite.score")
    if name in _CURVES:
        return say("cite.draws")
    if name in _PROPORTIONS:
        return say("cite.proportion")
    if name in _ACROSS:
        return say("cite.fresh")
    return say("cite.bootstrap") if name == "best_after_k" else say("cite.other")


def from_surrogate(shares: pd.DataFrame) -> bool:
    """Whether the shares of the table `variance_decomposition` come from a surrogate, not from the grid."""
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
