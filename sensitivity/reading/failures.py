"""FAILED trials of Optuna's: a training that diverged is a result, a program that crashed is none.

Optuna calls both FAILED. Versions before 3 wrote down why; since then only what a trial reported on its way
can tell, so one without such a sign counts as crashed: a crash that counts with the worst value would be
an effect that is not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sensitivity.study import is_finite
from sensitivity.words import counted, were

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial

REASON: Final = "fail_reason"  # system attribute of versions before 3
_RETURNED_NAN: Final = "returned nan"


def diverged(trial: FrozenTrial) -> bool:
    """Whether a FAILED trial is known to have diverged: it returned NaN, or what it reported last is none."""
    if REASON in trial.system_attrs:
        return _RETURNED_NAN in str(trial.system_attrs[REASON]).lower()
    steps = trial.intermediate_values
    return bool(steps) and not is_finite(steps[max(steps)])


def left_out(crashed: int, unknown: int) -> list[str]:
    """Sentences about FAILED trials left out: known to have crashed, and those of which nothing is known."""
    notes = []
    if crashed:
        verb = "was" if crashed == 1 else "were"
        notes.append(f"{counted(crashed, 'trial')} crashed without a result and {verb} left out.")
    if unknown:
        notes.append(
            f"{were(unknown, 'FAILED trial')} left out as crashed without a result: Optuna does not record "
            "whether an objective raised an error or returned NaN. Where NaN means that training diverged, "
            "return infinity instead, or report the NaN: then the trial counts as diverged."
        )
    return notes
