"""Words that several pictures share: what was measured, which way is better, and which trials."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sensitivity.branch import words
from sensitivity.measures.pairs import REPLICATES
from sensitivity.study import LOWER_IS_BETTER
from sensitivity.trials import DIVERGED, OUTCOME

if TYPE_CHECKING:
    import pandas as pd

    from sensitivity.study import Study

ENOUGH: Final = 5  # replicates whose standard deviation is worth comparing: its error is a third of it
RESPONSE: Final = "response"  # label, never drawn, of Axes whose vertical axis is the response
FAILED: Final = "every trial diverged"  # why there is no picture
UNNAMED: Final = "trials"  # `Study.name` where nobody gave one


def metric_label(study: Study) -> str:
    """What the responses are, and which way is better; a maximised metric stands with its sign changed."""
    sign = "−" if study.turned else ""
    return f"{sign}{words(study.metric)} ({LOWER_IS_BETTER})"


def whole_plan_failed(study: Study) -> bool:
    """Whether no trial of the plan has a result: then nothing was reached."""
    return bool(len(study.plan)) and bool((study.plan[OUTCOME] == DIVERGED).all())


def direction_words(study: Study) -> str:
    """Sentence about a metric that has been turned round, with a space before; empty for any other."""
    return f" {words(study.direction, 200)}." if study.turned else ""


def about(study: Study) -> str:
    """Which trials: "digits, 6,072 trials". Where there is no plan all of them count."""
    number = study.plan_size or len(study.trials)
    name = "" if study.name == UNNAMED else f"{words(study.name)}, "
    return f"{name}{number:,} trial{'' if number == 1 else 's'}"


def scatter_words(pairs: pd.DataFrame) -> str:
    """Sentence that a ± of a few replicates is no measure of the noise; empty for five or more, or one."""
    replicates = int(pairs[REPLICATES].max()) if len(pairs) else 0
    if not 1 < replicates < ENOUGH:
        return ""
    return f"A ± of {replicates} replicates says little by itself: compare by the 95 % intervals"
