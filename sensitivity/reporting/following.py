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
    DRAW = "draw"  # the next trials from the good values, by code
    CONFIRM = "confirm"  # the best again with fresh seeds
    MORE = "more"  # trials, as nothing can be judged
    PLAN = "plan"  # what more trials would buy, as nothing can be judged
    AGAIN = "again"  # the best few again by hand, as nothing is left to tune
    MEND = "mend"  # what fails
    WHY = "why"  # it failed, to be looked at first
    WHERE = "where"  # the same of trials that do not say why
    NAME = "name"  # the column of the result, as the one named is empty
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


def following(
    study: Study, told: Sequence[str], failed: bool, source: Sequence[str], folder: str = ""
) -> Following:
    """The next step.

    Parameters
    ----------
    told
        The advice on each setting; none where nothing can be said of any.
    failed
        Whether every trial failed.
    source
        Words of a command line that name the trials, the path of a run first.
    folder
        Where the tables lie; empty where nowhere.
    """
    run = bool(study.definition) and study.read is None and bool(source) and not source[0].startswith("-")
    if failed or not told:
        return _mending(study, source[0] if run else "", folder) if failed else Following(Step.START, "")
    judged, tune = UNKNOWN not in told, TUNE in told
    confirm: tuple[tuple[Step, str], ...] = ((Step.CONFIRM, _command("confirm", source[0])),) if run else ()
    if not source:  # made in Python, of a study that no command line names
        return Following(Step.AGAIN if judged and not tune else Step.MORE, "")
    if run and tune:
        return Following(Step.ZOOM, _command("zoom", *source, "--out", "next.toml"), confirm)
    if run:
        plan = Following(Step.PLAN, _command("plan", source[0], "--more", "400"), confirm)
        return Following(*confirm[0]) if judged else plan
    if judged and not tune:
        return Following(Step.AGAIN, _command("report", *source))
    return Following(Step.DRAW if tune else Step.MORE, _command("zoom", *source))


def _mending(study: Study, run: str, folder: str) -> Following:
    """What to look at where everything failed; nothing where the column of the result is empty."""
    if study.read is not None and study.read.empty:
        return Following(Step.NAME, "")
    if run:
        return Following(Step.WHY, _command("show", run, "trials"))
    if folder:
        return Following(Step.WHERE, _command("show", folder, "divergence_by_level"))
    return Following(Step.MEND, "")


def _command(*words: str) -> str:
    return f"python -m sensitivity {shlex.join(words)}"
