"""What can be said at once: as what a table was read, in at most eight lines; a first look at many trials.

It is printed before anything is measured: so a mistake is seen, and nobody waits for a word.
"""

from __future__ import annotations

import shlex
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
from rich.cells import cell_len
from rich.text import Text

from sensitivity.axis import common_scale
from sensitivity.branch import spaced
from sensitivity.commands.terminal import plain
from sensitivity.estimators.branches import BinnedProjection
from sensitivity.files import make_folder
from sensitivity.language import say, say_of, speaking
from sensitivity.language.lists import joined
from sensitivity.reading.by_column import Why
from sensitivity.reading.directions import BY_NAME, TOLD
from sensitivity.reading.opening import kind_of, open_study
from sensitivity.reading.sampled import sampled
from sensitivity.request import TABLE, repeated
from sensitivity.trials import REPLICATE, VALUE
from sensitivity.words import enumerated, named, percent
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
HEAD: Final = 11  # columns of the terminal
MANY: Final = 1000  # trials from which there is something to wait for
WORTH_SAYING: Final = 0.01  # of the variance


def first_look(console: Console, study: Study) -> None:
    """Print at once what of many trials can be had at once: which settings move the result by themselves.

    Main effects by levels and bins take a moment; totals, intervals and the noise take the rest of the time.
    """
    text = first_words(study) if len(study.trials) >= MANY else ""
    if text:
        head = f"{say('first_screen.first-look')} "
        console.print(Text(head, style="bold").append(plain(text), style="not bold"))
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
    which = f"{say('first_screen.first-look-at', count=len(found[0].trials), all=found[1])} "
    console.print(Text(which, style="bold").append(plain(text), style="not bold"))
    console.print()
    return True


def first_words(study: Study) -> str:
    """The three largest main effects; empty where none can be told."""
    values = study.scaled.plan[VALUE].to_numpy(dtype=np.float64, na_value=np.nan)
    rows = np.flatnonzero(np.isfinite(values))
    found = BinnedProjection.of(study, rows, study.space.names).shares(values[:, None]).main[:, 0]
    order = [place for place in np.argsort(-found, kind="stable").tolist() if found[place] >= WORTH_SAYING]
    parts = [f"{_called(study.space.names[place])} {percent(float(found[place]))}" for place in order[:3]]
    if not parts:
        return ""
    return say("first_screen.by-itself", shares=", ".join(parts))


def show_reading(console: Console, study: Study, request: Request, command: str) -> None:
    """Print it, where it had to be read; nothing for a run of ours."""
    if study.read is None or not len(study.trials):
        return
    with speaking(voice=study.voice):
        lines = reading_lines(study, request, command)
    for words, text in lines:
        head = words + " " * max(HEAD - cell_len(words), 1)
        console.print(Text(head, style="bold").append(plain(text), style="not bold"), soft_wrap=True)
    console.print()


def reading_lines(study: Study, request: Request, command: str) -> list[tuple[str, str]]:
    """Lines as what they are about and what is said."""
    read = study.read
    if read is None:
        return []
    settings = "; ".join(_short(study.space.names, partial(_setting, study)))
    lines = [(say("first_screen.settings"), settings or say("first_screen.no-settings"))]
    result = say(
        "first_screen.better", metric=_called(study.metric), better="higher" if study.turned else "lower"
    )
    by = f" ({_said_by(read.direction_by)})" if read.direction_by else ""
    lines.append((say("first_screen.result"), f"{result}{by}"))
    lines.append((say("first_screen.replicates"), _replicates(study, read)))
    lines += [(say("first_screen.taken-as"), text) for text in _roles(study)]
    lines += [(say("first_screen.left-out"), text) for text in _left_out(read)]
    lines.append((say("first_screen.otherwise"), _otherwise(study, read, request, command)))
    return lines[:MOST_LINES]


def _called(name: object) -> str:
    """Name of a setting or a value; where it is long or would break the line, quoted and cut."""
    return spaced(named(str(name)))


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
    conditions = [
        say(
            "first_screen.condition",
            name=_called(parent),
            levels=joined(_short([_called(level) for level in levels]), "two-or", "two-or"),
        )
        for parent, levels in setting.variants[0].when.items()
    ]
    where = joined(conditions, "two-conditions", "two-conditions")
    tried = int(study.trials[name].nunique())
    what = say("first_screen.setting", scale=_scale(study, name), count=tried)
    condition = say("first_screen.where", conditions=where) if where else ""
    return f"{_called(name)} ({', '.join(filter(None, [what, condition]))})"


def _short(names: Sequence[str], of: Callable[[str], str] = str) -> list[str]:
    """What is said of the first of some names, and how many more there are."""
    more = [say("first_screen.more", count=len(names) - MOST)] if len(names) > MOST else []
    return [*map(of, names[:MOST]), *more]


def _replicates(study: Study, read: ReadAs) -> str:
    count = int(study.trials[REPLICATE].nunique())
    if count < 2:
        return say("first_screen.no-replicates")
    if 1 < len(read.replicates) < count:
        return f"{count:,} ({enumerated(read.replicates)})"
    if len(read.replicates) > 1:
        return say("first_screen.folds", count=count, first=named(read.replicates[0]))
    up_to = say("first_screen.up-to", count=count)
    return f"{up_to} ({named(read.replicates[0])})" if read.replicates else up_to


def _roles(study: Study) -> list[str]:
    names = study.space.names
    parts = [say("first_screen.branches-by", name=_called(study.branch))] if study.branch in names else []
    parts += [say("first_screen.rate", name=_called(study.rate))] if study.rate in names else []
    return ["; ".join(parts)] if parts else []


def _left_out(read: ReadAs) -> list[str]:
    """What is in doubt in a line of its own, then everything else."""
    doubt = read.left_out.get(Why.DOUBT, ())
    lines = [f"{say('first_screen.in-doubt')}: {enumerated(_short(doubt))}"] if doubt else []
    nameless = say("first_screen.no-name")
    rest = [
        f"{_why(why)}: {enumerated(_short([name or nameless for name in names]))}"
        for why, names in read.left_out.items()
        if why != Why.DOUBT
    ]
    return [*lines, *(["; ".join(rest)] if rest else [])]


def _said_by(what: str) -> str:
    """What says which way is better."""
    if what == BY_NAME:
        return say("first_screen.by-name")
    return say("first_screen.as-told") if what == TOLD else say("first_screen.by-study")


def _why(why: str) -> str:
    """Why columns are no settings."""
    return say_of("first_screen", f"why-{Why(why).name.lower()}")


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
