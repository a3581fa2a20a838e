"""How far a sweep, or any slow work, is: a live bar in a terminal; elsewhere plain lines for a sweep."""

from __future__ import annotations

import math
import signal
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn
from rich.text import Text

from sensitivity.commands.escaping import on_one_line
from sensitivity.language import say
from sweeps.engines import COMPILING, COMPILING_EACH

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Self

    from rich.progress import Task

    from sweeps.trial import FinishedTrial

SECONDS_BETWEEN_LINES = 5.0
EXIT_INTERRUPTED: Final = 130
EXIT_TERMINATED: Final = 143


class Terminated(BaseException):
    """SIGTERM, which batch systems send: answered like Ctrl-C."""


STOPPED: Final = (KeyboardInterrupt, Terminated)
_said: list[str] = []  # after an interruption, in this process


def answer_termination() -> None:
    """From now on SIGTERM ends this process as Ctrl-C does; a second one changes nothing."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _terminated)


def _terminated(*_: object) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Terminated


def interrupted(sentence: str) -> NoReturn:
    """End after Ctrl-C, or SIGTERM: what is kept and how to go on."""
    _say(sentence)
    by_signal = isinstance(sys.exception(), Terminated)
    raise typer.Exit(EXIT_TERMINATED if by_signal else EXIT_INTERRUPTED)


def check_interrupted(code: object) -> None:
    """Say something after Ctrl-C that no command has answered: the parser of its options ends in silence."""
    if code == EXIT_INTERRUPTED and not _said:
        _say(say("progress.nothing-lost"))
    _said.clear()


def _say(sentence: str) -> None:
    _said.append(sentence)
    Console(stderr=True).print(f"Interrupted: {sentence}", markup=False, highlight=False, soft_wrap=True)


def complete(total: int) -> str:
    """Sentence on a sweep that has all its trials."""
    return say("progress.complete", count=total)


def show_paths(console: Console, page: Path | None, folders: Sequence[tuple[Path, str]]) -> None:
    """Print where the page and each folder lie, and what is there."""
    pages = [] if page is None else [(page, say("progress.open-it"))]
    for path, words in [*pages, *folders]:
        console.print(Text(f"→ {on_one_line(str(path))}  ({words})"), soft_wrap=True)


@dataclass
class Tally:
    """Counts over the trials of a sweep so far; ``begun`` and ``already`` date from when this run began.

    ``sign`` makes a value the metric as it is known outside; ``failed`` counts trials without a result. Of
    those trained ``elsewhere``, by other processes, nothing is known but their number.
    """

    total: int
    sign: float = 1.0
    done: int = 0
    already: int = 0
    diverged: int = 0
    failed: int = 0
    elsewhere: int = 0
    best: float | None = None
    begun: float = field(default_factory=time.monotonic)

    def add(self, trials: Sequence[FinishedTrial]) -> None:
        """Count trials."""
        self.done += len(trials)
        for trial in trials:
            self.diverged += trial.outcome == "diverged"
            self.failed += trial.outcome not in {"trained", "diverged"}
            if not math.isnan(trial.value):
                self.best = trial.value if self.best is None else min(self.best, trial.value)

    def rate(self) -> float:
        """Trials per second of this run."""
        return (self.done - self.already) / max(time.monotonic() - self.begun, 1e-9)

    def left(self) -> str:
        """Time left at that rate."""
        rate = self.rate()
        if rate == 0:
            return "–:––"
        minutes, seconds = divmod(round((self.total - self.done) / rate), 60)
        return f"{minutes}:{seconds:02d}"

    def words(self) -> str:
        """One line."""
        rate = self.rate()
        speed = f"{rate:.{0 if rate >= 1 or not rate else 1}f}"
        diverged = say("progress.diverged-so-far", count=self.diverged)
        if self.elsewhere:
            here = self.done - self.elsewhere
            diverged = say("progress.trained-here", count=here, diverged=diverged)
        parts = [
            say("progress.trials", done=self.done, all=self.total),
            f"{speed}/s",
            say("progress.left", time=self.left()),
            diverged,
        ]
        parts += [say("progress.failed", count=self.failed)] if self.failed else []
        parts += [] if self.best is None else [say("progress.best", value=f"{self.sign * self.best:.3g}")]
        return " · ".join(parts)


class _Words(ProgressColumn):
    """The tally beside the bar."""

    def __init__(self, tally: Tally) -> None:
        super().__init__()
        self._tally = tally

    def render(self, task: Task) -> Text:  # noqa: ARG002 (the tally knows)
        """Current words."""
        return Text(self._tally.words())


class SweepProgress:
    """Shows a tally while it grows.

    Parameters
    ----------
    console
        Where to write; decides between bar and lines.
    total
        Number of trials of the whole sweep.
    sign
        Of a value, so that it reads as the metric.
    """

    def __init__(self, console: Console, total: int, sign: float = 1.0) -> None:
        self.tally = Tally(total, sign)
        self._console = console
        self._last_line = 0.0
        self._told = False
        self._bar: Progress | None = None

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            columns = (BarColumn(bar_width=8), _Words(self.tally))  # one line of 80 columns
            self._bar = Progress(*columns, console=self._console, refresh_per_second=4, transient=True)
            self._task = self._bar.add_task("training", total=self.tally.total)
            self._bar.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()

    def opened(self, trials: Sequence[FinishedTrial]) -> None:
        """Trials found in the study: done before this run."""
        self.tally.add(trials)
        self.tally.already = self.tally.done
        self.tally.begun = time.monotonic()
        if self.tally.done == self.tally.total:
            self._console.print(complete(self.tally.total), highlight=False)
            return
        if self.tally.done:
            self._console.print(say("progress.going-on", count=self.tally.done), highlight=False)
        self._show()

    def recorded(self, trials: Sequence[FinishedTrial]) -> None:
        """Trials just recorded; why the first has no result is said at once, for it may be a mistake."""
        first = next((trial for trial in trials if trial.message), None) if not self._told else None
        if first is not None:
            self._told = True
            self.note(f"trial {first.number} {first.outcome.replace('_', ' ')}: {first.message}")
        self.tally.add(trials)
        self._show()

    def elsewhere(self, trials: int) -> None:
        """So many trials more that other processes have finished, before this one joined or since."""
        self.tally.done += trials
        self.tally.already += trials
        self.tally.elsewhere += trials
        self._show()

    def note(self, sentence: str) -> None:
        """A sentence above the bar."""
        told = say("progress.note", note=_in_words(sentence))
        self._console.print(Text(on_one_line(told), style="yellow"), soft_wrap=True)  # it may quote an error

    def _show(self) -> None:
        if self._bar is not None:
            self._bar.update(self._task, completed=self.tally.done)
            return
        now = time.monotonic()
        if now - self._last_line >= SECONDS_BETWEEN_LINES or self.tally.done == self.tally.total:
            self._last_line = now
            self._console.print(self.tally.words(), highlight=False, soft_wrap=True)


def _in_words(note: str) -> str:
    """What the engine says; faults of processes and files come as sentences."""
    if note == COMPILING:
        return say("progress.compiling")
    return say("progress.compiling-each") if note == COMPILING_EACH else note
