"""A bar for work that takes longer than a moment."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

if TYPE_CHECKING:
    from typing import Self

SECONDS_BEFORE_BAR = 2.0


class SlowBar:
    """A bar for work of a known number of steps; shown in a terminal only, once it takes longer than 2 s.

    Parameters
    ----------
    what
        What is being done, in a word.
    total
        Number of steps.
    shown
        False: never.
    """

    def __init__(self, what: str, total: int, *, shown: bool = True) -> None:
        console = Console(stderr=True)
        columns = (TextColumn(f"[bold]{what}"), BarColumn(bar_width=20), TextColumn("{task.fields[step]}"))
        self._bar = Progress(*columns, console=console, refresh_per_second=4, transient=True)
        self._task = self._bar.add_task(what, total=total, step="")
        self._begun = -1
        self._timer = threading.Timer(SECONDS_BEFORE_BAR, self._bar.start)
        self._timer.daemon = True
        self._shown = shown and console.is_terminal

    def __enter__(self) -> Self:
        if self._shown:
            self._timer.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._timer.cancel()
        if self._timer.ident is not None:
            self._timer.join()  # it may be starting the bar right now
        if self._bar.live.is_started:
            self._bar.stop()

    def next(self, step: str) -> None:
        """Say which step begins; the ones before it are done."""
        self._begun += 1
        self._bar.update(self._task, completed=self._begun, step=step.replace("_", " "))
