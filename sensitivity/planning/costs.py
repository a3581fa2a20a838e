"""How long trainings will take, by what trainings like them took."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sensitivity.language import say
from sensitivity.trials import SECONDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sensitivity.study import Study
    from sweeps.trial import PlannedTrial

DECIDE: Final = ("optimizer", "batch_size", "depth", "width")  # what the time of a training depends on most


def seconds_of(study: Study, planned: Sequence[PlannedTrial]) -> float:
    """Seconds that trials will take one after the other; NaN where no time was recorded.

    Each as long as the mean of those recorded with the same optimizer, batch size, depth and width, as far as
    these vary; one that nobody had before as long as the mean of all.
    """
    names = [name for name in DECIDE if name in study.space.names]
    known = study.trials[[*names, SECONDS]].dropna()
    mean = float(known[SECONDS].mean())
    like = known.groupby(names)[SECONDS].mean().to_dict() if names and len(known) else {}
    total = 0.0
    for trial in planned:
        values = tuple({**study.space.fixed, **trial.configuration}.get(name) for name in names)
        total += like.get(values if len(values) != 1 else values[0], mean)
    return total


def lasting(seconds: float) -> str:
    """A time for people: 8 seconds, 3 minutes, 2 hours."""
    for size, unit, most in ((1, "second", 99), (60, "minute", 90), (3600, "hour", 48)):
        count = max(1, round(seconds / size))
        if count <= most:
            return say("plan.lasting", unit=unit, count=count)
    return say("plan.lasting", unit="day", count=round(seconds / 86400))
