"""Columns taken as settings that go with the result almost one to one: most likely they are results too."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final

import pandas as pd

from sensitivity.branch import in_sentence
from sensitivity.language import say
from sensitivity.reporting.cautions.kinds import COPIES, Caution
from sensitivity.trials import DIVERGED, OUTCOME, VALUE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sensitivity.study import Study

ALMOST: Final = 0.95  # rank correlation, in absolute value
FEWEST_TRIALS: Final = 10
FEWEST_VALUES: Final = 11  # a list of a few values is a setting


def copies(study: Study) -> Iterator[Caution]:
    """Numbers that were guessed to be settings, whose ranks are those of the result, or the reverse.

    Only a file whose columns do not say what they are can mistake a result for a setting. A setting alone
    that moves a result without noise looks the same, so one among others at least is asked for.
    """
    if len(study.space.names) < 2 or not study.guessed:
        return
    trained = study.plan[study.plan[OUTCOME] != DIVERGED]
    sign = -1 if study.turned else 1
    for name in study.space.names:
        found = sign * rank_correlation(trained[name], trained[VALUE])
        if abs(found) >= ALMOST:
            yield Caution(
                COPIES,
                say(
                    "cautions.copy",
                    name=in_sentence(name),
                    correlation=f"{found:.2f}".replace("-", "−"),
                    quoted=shlex.quote(name),
                ),
                name,
            )


def rank_correlation(setting: pd.Series, value: pd.Series) -> float:
    """Spearman's correlation over the trials that have both; 0 for what is no number or has few values."""
    if not pd.api.types.is_numeric_dtype(setting) or pd.api.types.is_bool_dtype(setting):
        return 0.0
    both = pd.DataFrame({"setting": setting, "value": value}).dropna()
    if len(both) < FEWEST_TRIALS or both["setting"].nunique() < FEWEST_VALUES or both["value"].nunique() < 2:
        return 0.0
    ranks = both.rank()
    return float(ranks["setting"].corr(ranks["value"]))
