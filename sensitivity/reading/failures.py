"""FAILED trials of Optuna's: a training that diverged is a result, a program that crashed is none.

Optuna calls both FAILED. Versions before 3 wrote down why; since then only what a trial reported on its way
can tell. Of one without such a sign the settings are asked (`sensitivity.reading.missing`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from optuna.trial import TrialState

from sensitivity.study import is_finite
from sensitivity.words import counted

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


def unexplained(trial: FrozenTrial) -> bool:
    """Whether a trial FAILED with settings to blame and nothing says why: an error, or NaN returned."""
    failed = trial.state == TrialState.FAIL and bool(trial.params)
    return failed and REASON not in trial.system_attrs and not diverged(trial)


def crashed(number: int) -> list[str]:
    """Sentence about FAILED trials that are known to have crashed."""
    verb = "was" if number == 1 else "were"
    return [f"{counted(number, 'trial')} crashed without a result and {verb} left out."] if number else []
