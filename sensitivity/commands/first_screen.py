"""What can be said at once: as what a table was read, in at most eight lines; a first look at many trials.

It is printed before anything is measured: so a mistake is seen, and nobody waits for a word.
"""

from __future__ import annotations

import shlex
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
from rich.text import Text

from sensitivity.axis import common_scale
from sensitivity.commands.terminal import plain
from sensitivity.estimators.branches import BinnedProjection
from sensitivity.files import make_folder
from sensitivity.reading.by_column import Why
from sensitivity.reading.opening import kind_of, open_study
from sensitivity.reading.sampled import sampled
from sensitivity.request import TABLE, repeated
from sensitivity.trials import REPLICATE, VALUE
from sensitivity.words import counted, listed, named, percent
from sweeps.space import Choices
from sweeps.urls import masked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console

    from sensitivity.request import Request
    from sensitivity.study import ReadAs, Study
    from sweeps.run_folder import RunFolder

MOST: Final = 8  # names in a line
MOST_LINES: Final = 8
MANY: Final = 1000  # trials from which there is something to wait for
WORTH_SAYING: Final = 0.01  # of the variance


def first_look(console: Console, study: Study) -> None:
    """Print at once what of many trials can be had at once: which settings move the result by themselves.

    Main effects by levels and bins take a moment; totals, intervals and the noise take the rest of the time.
    """
    text = first_words(study) if len(study.trials) >= MANY else ""
    if text:
        console.print(Text("first look ", style="bold").append(plain(text), style="not bold"))
        console.print()


def opened(console: Console, request: Request, folder: RunFolder, command: str) -> Study:
    """Read the trials that a command explains, make the folder of its results, say what can be said at once.

    A large file is looked at before all of it is read.

    Raises
    ------
    SweepError
        When they cannot be read, or the folder cannot be made.
    """
    looked_at = early_look(console, request)
    study = open_study(request)
    make_folder(folder)
    show_reading(console, study, request, command)
    if not looked_at:
        first_look(console, study)
    return study


def early_look(console: Console, request: Request) -> bool:
    """Print the same of some trials of a large file before all are read; whether there was something."""
    found = sampled(request)
    text = "" if found is None else first_words(found[0])
    if found is None or not text:
        return False
    which = f"first look at {len(found[0].trials):,} of some {found[1]:,} trials: "
    console.print(Text(which, style="bold").append(plain(text), style="not bold"))
    console.print()
    return True


def first_words(study: Study) -> str:
    """The three largest main effects; empty where none can be told."""
    values = study.scaled.plan[VALUE].to_numpy(dtype=np.float64, na_value=np.nan)
    rows = np.flatnonzero(np.isfinite(values))
    found = BinnedProjection.of(study, rows, study.space.names).shares(values[:, None]).main[:, 0]
    order = [place for place in np.argsort(-found, kind="stable").tolist() if found[place] >= WORTH_SAYING]
    parts = [f"{study.space.names[place]} {percent(float(found[place]))}" for place in order[:3]]
    if not parts:
        return ""
    return f"by itself, a setting explains of the variance: {', '.join(parts)}; interactions and noise follow"


def show_reading(console: Console, study: Study, request: Request, command: str) -> None:
    """Print it, where it had to be read; nothing for a run of ours."""
    if study.read is None or not len(study.trials):
        return
    for words, text in reading_lines(study, request, command):
        console.print(
            Text(f"{words:<11}", style="bold").append(plain(text), style="not bold"), soft_wrap=True
        )
    console.print()


def reading_lines(study: Study, request: Request, command: str) -> list[tuple[str, str]]:
    """Lines as what they are about and what is said."""
    read = study.read
    if read is None:
        return []
    lines = [("settings", "; ".join(_short(study.space.names, partial(_setting, study))) or "none")]
    better = "higher" if study.turned else "lower"
    by = f" ({read.direction_by})" if read.direction_by else ""
    lines.append(("result", f"{named(study.metric)}, {better} is better{by}"))
    lines.append(("replicates", _replicates(study, read)))
    lines += [("taken as", text) for text in _roles(study)]
    lines += [("left out", text) for text in _left_out(read)]
    lines.append(("otherwise", _otherwise(study, read, request, command)))
    return lines[:MOST_LINES]


def _scale(study: Study, name: str) -> str:
    """What kind of scale a setting has."""
    setting = next(one for one in study.space.settings if one.name == name)
    column = study.trials[name].dropna()
    if column.dtype.kind in "fiu" and len(column):  # of many numbers only the ends matter
        column = column.iloc[[int(column.argmin()), int(column.argmax())]]
    values = column.unique().tolist()
    if any(isinstance(value, str | bool) for value in values):
        return "names"
    scale = common_scale([variant.domain for variant in setting.variants], values)
    return "list" if isinstance(scale, Choices) else "log" if scale.log else "linear"


def _setting(study: Study, name: str) -> str:
    """Name, scale, number of values and condition."""
    setting = next(one for one in study.space.settings if one.name == name)
    where = " and ".join(
        f"{named(parent)} is {' or '.join(map(str, _short([str(level) for level in levels])))}"
        for parent, levels in setting.variants[0].when.items()
    )
    tried = counted(study.trials[name].nunique(), "value")
    return f"{named(name)} ({_scale(study, name)}, {tried}{', where ' if where else ''}{where})"


def _short(names: Sequence[str], of: Callable[[str], str] = str) -> list[str]:
    """What is said of the first of some names, and how many more there are."""
    return [*map(of, names[:MOST]), *([f"{len(names) - MOST:,} more"] if len(names) > MOST else [])]


def _replicates(study: Study, read: ReadAs) -> str:
    count = int(study.trials[REPLICATE].nunique())
    if count < 2:
        return "none: every configuration was run once, so the noise between repetitions is not known"
    if 1 < len(read.replicates) < count:
        return f"{count:,} ({listed(read.replicates)})"
    if len(read.replicates) > 1:
        return f"the {count} folds ({named(read.replicates[0])}, …)"
    return f"up to {count:,} of a configuration{f' ({named(read.replicates[0])})' if read.replicates else ''}"


def _roles(study: Study) -> list[str]:
    names = study.space.names
    parts = [f"branches by {named(study.branch)}"] if study.branch in names else []
    parts += [f"learning rate: {named(study.rate)}"] if study.rate in names else []
    return ["; ".join(parts)] if parts else []


def _left_out(read: ReadAs) -> list[str]:
    """What is in doubt in a line of its own, then everything else."""
    doubt = read.left_out.get(Why.DOUBT, ())
    lines = [f"in doubt, so not ranked: {listed(_short(doubt))}"] if doubt else []
    rest = [
        f"{why}: {listed(_short([name or '(no name)' for name in names]))}"
        for why, names in read.left_out.items()
        if why != Why.DOUBT
    ]
    return [*lines, *(["; ".join(rest)] if rest else [])]


def _otherwise(study: Study, read: ReadAs, request: Request, command: str) -> str:
    """Command, to be pasted as it stands, that reads the most doubtful column otherwise."""
    if request.storage is not None:
        request = replace(request, storage=masked(request.storage))
    words = [command, *repeated(request)]
    start = "python -m sensitivity " + " ".join(shlex.quote(word) for word in words)
    if kind_of(request) != TABLE:  # settings, scales and direction are the study's own
        option = "--scale rank" if request.scale is None else "" if request.failed else "--failed ignore"
        return f"{start} {option}".rstrip()
    return f"{start} {_changed(study, read, request)}".rstrip()


def _changed(study: Study, read: ReadAs, request: Request) -> str:
    """Options that take back a guess: what was in doubt, a scale, a direction, a setting."""
    said = {*request.log, *request.linear, *request.categorical, *request.settings}
    names = [name for name in study.space.names if name not in said]
    doubt = read.left_out.get(Why.DOUBT, ())
    if doubt and not request.settings and len(study.space.names) + len(doubt) <= 3 * MOST:
        return " ".join(f"--setting {shlex.quote(name)}" for name in [*study.space.names, *doubt])
    plainest = sorted(names, key=lambda name: (name == study.rate, name))
    log = next((name for name in plainest if _scale(study, name) == "log"), None)
    if log is not None:
        return f"--linear {shlex.quote(log)}"
    if not request.maximise and not request.minimise:
        return "--minimize" if study.turned else "--maximize"
    return f"--ignore {shlex.quote(names[-1])}" if names and len(study.space.names) > 1 else ""
