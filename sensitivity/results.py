"""What a finished sweep leaves in its run folder: tables, figures, and the words for the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from sensitivity.measures.pairs import pairs
from sensitivity.measures.ranking import rank, with_noise
from sensitivity.measures.variance import variance_decomposition
from sensitivity.plots.learning_rate_by_optimizer import picture
from sensitivity.plots.picture import NothingToDraw
from sensitivity.plots.saving import save
from sensitivity.reading.source import Source
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
    definition, dataset = sweep.definition, sweep.job.dataset
    cap = dataset.constant_prediction()["validation_error"]
    trials = trials_table(finished, sweep.space.names, cap, definition.epochs, definition.target)
    shares = variance_decomposition(trials, sweep.space)
    ranking = rank(shares, trials, sweep.space)
    files = [folder.tables / "trials.csv", folder.tables / "ranking.csv"]
    write_csv(trials, files[0])
    write_csv(with_noise(ranking, shares), files[1])
    metric, notes = metric_words(definition.metric, dataset.task), []
    source = Source(trials, sweep.space, metric, name=definition.name)
    try:
        drawn = picture(source, {"pairs": pairs(trials, sweep.space), "ranking": ranking})
        files += save(drawn, folder.figures / "learning_rate_by_optimizer")
    except NothingToDraw as nothing:  # one trial, or all at the same values: there is nothing to lay out
        notes.append(f"No heatmap: {nothing}.")
    words = ranking_text(ranking, shares, metric, notes)
    return Results(files, [words, _outcome(finished, metric)])


def metric_words(metric: str, task: str) -> str:
    """Metric with its unit, for people."""
    words = metric.replace("_", " ")
    if metric.endswith("validation_error"):
        return f"{words} ({'1 − R²' if task == 'regression' else '1 − accuracy'})"
    return f"{words} ({'squared error' if task == 'regression' else 'nats'})"


def _outcome(finished: Sequence[FinishedTrial], metric: str) -> Text:
    """Best configuration, and how many diverged."""
    diverged = sum(trial.outcome == "diverged" for trial in finished)
    text = f"{diverged:,} of {len(finished):,} trials diverged ({diverged / len(finished):.1%})."
    trained = [trial for trial in finished if trial.outcome == "trained"]
    if trained:
        best = min(trained, key=lambda trial: (trial.value, trial.number))
        settings = ", ".join(f"{name} {_short(value)}" for name, value in best.planned.configuration.items())
        ties = sum(trial.value == best.value for trial in trained)
        which = "Best single trial" if ties == 1 else f"Best single trial, one of {ties} equal ones"
        text += f" {which}: {metric} {best.value:.4g} ({settings})."
    return Text(text)


def _short(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
