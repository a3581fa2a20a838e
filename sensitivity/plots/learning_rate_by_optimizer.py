"""What each optimizer reaches at each learning rate, and how often it diverges there.

A mean over all other settings would hide what is reachable: a cell shows its *re-tuned* configuration, the
one with the lowest mean over replicates among all other settings, as mean ± standard deviation over the
replicates. (It is the lowest of many noisy means, so it flatters a little.) The share of diverged trials is
over *all* trials of the cell: how forgiving the place is. Search trials are left out of both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd
from matplotlib.figure import Figure

from sensitivity.plots.binned_axis import BINS, binned, places
from sensitivity.plots.heatmap import draw
from sensitivity.trials import DIVERGED, NUMBER, OUTCOME, VALUE, planned, settings_of
from sweeps.errors import SweepError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["axes_of", "caption", "draw", "figure", "heatmap_table"]

RETUNED_MEAN: Final = "retuned_mean"
RETUNED_SD: Final = "retuned_sd"
REPLICATES: Final = "replicates"
DIVERGED_SHARE: Final = "diverged_share"
TRIALS: Final = "trials"
BEST_TRIAL: Final = "best_trial"
ALL_TRIALS: Final = "all trials"


def axes_of(trials: pd.DataFrame, ranking: Sequence[str] = ()) -> tuple[str, str]:
    """Settings of the rows and of the columns: the optimizer and the learning rate where they vary.

    One that does not vary is replaced by the most important other setting, ``ranking`` first, then the order
    of the table. Where a single setting varies there is one row, ``all trials``.
    """
    plan = planned(trials)
    varied = [name for name in settings_of(trials) if len(set(plan[name].dropna())) > 1]
    if not varied:
        raise SweepError("a heatmap needs a setting that varies; give one a range in [space]")
    order = [name for name in dict.fromkeys([*ranking, *varied]) if name in varied]
    numeric = [name for name in order if pd.api.types.is_numeric_dtype(plan[name])]
    others = [name for name in order if name != "optimizer"]
    columns = "learning_rate" if "learning_rate" in varied else next(iter([*numeric, *others, *order]))
    rest = [name for name in order if name != columns]
    rows = "optimizer" if "optimizer" in rest else next(iter(rest), ALL_TRIALS)
    return rows, columns


def heatmap_table(
    trials: pd.DataFrame,
    rows: str = "optimizer",
    columns: str = "learning_rate",
    bins: int = BINS,
    value: str = VALUE,
) -> pd.DataFrame:
    """Numbers of the heatmap, one row per cell that has trials.

    Parameters
    ----------
    trials
        Table of `sensitivity.trials`.
    rows, columns
        Settings of the axes; ``rows = "all trials"`` for a single row.
    bins
        Bins of a setting with more than 16 distinct values.
    value
        Column that holds the response.

    Returns
    -------
    DataFrame with columns ``rows``, ``columns`` and
        ``retuned_mean``, ``retuned_sd`` (sample standard deviation; empty for one replicate) and
        ``replicates`` of the best configuration, ``best_trial`` its first trial; ``diverged_share`` and
        ``trials`` of the whole cell. Configurations that lack a replicate others have do not compete.
    """
    plan = planned(trials)
    settings = settings_of(plan)
    frame = pd.DataFrame(
        {
            rows: places(plan[rows], bins) if rows in plan else ALL_TRIALS,
            columns: places(plan[columns], bins),
            "configuration": plan.groupby(settings, dropna=False, sort=False).ngroup(),
            NUMBER: plan[NUMBER],
            VALUE: plan[value],
            DIVERGED: plan[OUTCOME] == DIVERGED,
        }
    ).dropna(subset=[rows, columns])
    best = _best_configurations(frame, rows, columns)
    cells = frame.groupby([rows, columns], sort=True)[DIVERGED].agg(["mean", "size"]).reset_index()
    cells = cells.rename(columns={"mean": DIVERGED_SHARE, "size": TRIALS})
    return best.merge(cells, on=[rows, columns]).sort_values([rows, columns], ignore_index=True)


def _best_configurations(frame: pd.DataFrame, rows: str, columns: str) -> pd.DataFrame:
    """Re-tuned configuration of each cell: the lowest mean among those with the most replicates."""
    grouped = frame.groupby([rows, columns, "configuration"], sort=True)
    means = grouped.agg(
        **{
            RETUNED_MEAN: (VALUE, "mean"),
            RETUNED_SD: (VALUE, "std"),
            REPLICATES: (VALUE, "size"),
            BEST_TRIAL: (NUMBER, "min"),
        }
    ).reset_index()
    means = means.sort_values(
        [REPLICATES, RETUNED_MEAN, BEST_TRIAL], ascending=[False, True, True], kind="stable"
    )
    return means.drop_duplicates([rows, columns]).drop(columns="configuration")


def caption(trials: pd.DataFrame, table: pd.DataFrame, metric: str) -> str:
    """Sentences under the figure: what a cell shows, what each mark means."""
    rows, columns = table.columns[:2]
    several = int(table[REPLICATES].max()) > 1
    spread = " ± standard deviation over the replicates" if several else " (one replicate: no ± known)"
    parts = [f"Each cell: {metric}{spread}, all other settings tuned for that cell (best configuration)."]
    if (table[DIVERGED_SHARE] > 0).any():
        parts.append("div.: share of the cell's trials that diverged; hatched from 50 %, grey where all did.")
    parts.append("Framed: best of the row, ties included. Blank: no trial.")
    plan = planned(trials)
    shown = [name for name in (rows, columns) if name in plan]
    parts += [
        f"Trials in which {_words(name)} is inactive are left out." for name in shown if plan[name].hasnans
    ]
    parts += [
        f"Values of {_words(name)} are binned; the label is the middle of the bin."
        for name in shown
        if binned(plan[name])
    ]
    return " ".join(parts)


def figure(
    trials: pd.DataFrame,
    metric: str = "validation error",
    ranking: Sequence[str] = (),
    value: str = VALUE,
) -> Figure:
    """Heatmap with its title and caption, ready for `sensitivity.plots.saving.save`.

    Parameters
    ----------
    metric
        What ``value`` is, in words; lower is better.
    ranking
        Settings by importance, for spaces without an optimizer or a learning rate.
    """
    rows, columns = axes_of(trials, ranking)
    table = heatmap_table(trials, rows, columns, value=value)
    width = 3.4 + 0.92 * max(table[columns].nunique(), 5)
    height = 2.1 + 0.66 * max(table[rows].nunique(), 2)
    drawn = Figure(figsize=(width, height), layout="constrained")
    axes = drawn.add_subplot()
    draw(table, axes, metric)
    by = "" if rows == ALL_TRIALS else f" and {_words(rows)}"
    axes.set_title(f"Best {metric} by {_words(columns)}{by}", loc="left", fontsize=13, pad=10)
    text = drawn.supxlabel(caption(trials, table, metric), x=0.01, ha="left", fontsize=9, color="#444444")
    text.set_wrap(True)
    return drawn


def _words(name: str) -> str:
    return name.replace("_", " ")
