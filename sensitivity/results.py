"""What a finished sweep leaves in its run folder: tables, figures, and the words for the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from sensitivity.measures.ranking import rank, with_noise
from sensitivity.measures.variance import variance_decomposition
from sensitivity.plots.learning_rate_by_optimizer import figure
from sensitivity.plots.saving import save
from sensitivity.terminal import ranking_text
from sensitivity.trials import trials_table, write_csv

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import RenderableType

    from sweeps.run import Sweep
    from sweeps.run_folder import RunFolder
    from sweeps.trial import FinishedTrial


@dataclass(frozen=True)
class Results:
    """Files written, and what to print."""

    files: list[Path]
    renderables: list[RenderableType]


def write_results(folder: RunFolder, sweep: Sweep, finished: Sequence[FinishedTrial]) -> Results:
    """Write tables and figures of a sweep.

    Parameters
    ----------
    finished
        All trials, by number.
    """
    definition = sweep.definition
    metric = definition.metric.replace("_", " ")
    cap = sweep.job.dataset.constant_prediction()["validation_error"]
    trials = trials_table(finished, sweep.space.names, cap, definition.epochs, definition.target)
    shares = variance_decomposition(trials, sweep.space)
    ranking = rank(shares, trials, sweep.space)
    files = [folder.tables / "trials.csv", folder.tables / "ranking.csv"]
    write_csv(trials, files[0])
    write_csv(with_noise(ranking, shares), files[1])
    drawn = figure(trials, metric, ranking["setting"].tolist())
    files += save(drawn, folder.figures / "learning_rate_by_optimizer")
    words = ranking_text(ranking, shares, metric)
    return Results(files, [words, _outcome(sweep, finished)])


def _outcome(sweep: Sweep, finished: Sequence[FinishedTrial]) -> Text:
    """Best configuration, and how many diverged."""
    diverged = sum(trial.outcome == "diverged" for trial in finished)
    text = f"{diverged:,} of {len(finished):,} trials diverged ({diverged / len(finished):.1%})."
    trained = [trial for trial in finished if trial.outcome == "trained"]
    if trained:
        best = min(trained, key=lambda trial: (trial.value, trial.number))
        settings = ", ".join(f"{name} {_short(value)}" for name, value in best.planned.configuration.items())
        metric = sweep.definition.metric.replace("_", " ")
        text += f" Best single trial: {metric} {best.value:.4g} ({settings})."
    return Text(text)


def _short(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
