"""What to run next: one command, chosen by what the trials can tell."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sensitivity.measures.advice import TUNE, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.study import Study


class Step(StrEnum):
    """What comes next."""

    ZOOM = "zoom"  # the next, narrower sweep
    CONFIRM = "confirm"  # the best again with fresh seeds
    MORE = "more"  # trials, as nothing can be judged
    PLAN = "plan"  # what more trials would buy, as nothing can be judged
    AGAIN = "again"  # the best few again by hand, as nothing is left to tune
    MEND = "mend"  # what fails
    START = "start"  # there are no trials, or nothing varies


@dataclass(frozen=True)
class Following:
    """What comes next.

    Attributes
    ----------
    command
        To type; empty where none of ours does it.
    others
        Further commands for the same trials, each with what it does.
    """

    step: Step
    command: str
    others: tuple[tuple[Step, str], ...] = ()


def following(study: Study, told: Sequence[str], failed: bool, source: Sequence[str]) -> Following:
    """The next step.

    Parameters
    ----------
    told
        The advice on each setting; none where nothing can be said of any.
    failed
        Whether every trial failed.
    source
        Words of a command line that name the trials, the path of a run first.
    """
    run = bool(study.definition) and study.read is None and bool(source) and not source[0].startswith("-")
    if failed or not told:
        show = _command("show", source[0], "trials") if run and failed else ""
        return Following(Step.MEND if failed else Step.START, show)
    judged, tune = any(one != UNKNOWN for one in told), TUNE in told
    confirm: tuple[tuple[Step, str], ...] = ((Step.CONFIRM, _command("confirm", source[0])),) if run else ()
    if not source:  # made in Python, of a study that no command line names
        return Following(Step.AGAIN if judged else Step.MORE, "")
    if tune:
        out = ("--out", "next.toml") if run else ()
        return Following(Step.ZOOM, _command("zoom", *source, *out), confirm)
    if run:
        plan = Following(Step.PLAN, _command("plan", source[0], "--more", "400"), confirm)
        return Following(*confirm[0]) if judged else plan
    return Following(Step.AGAIN if judged else Step.MORE, _command("report", *source))


def _command(*words: str) -> str:
    return f"python -m sensitivity {shlex.join(words)}"
