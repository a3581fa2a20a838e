"""What to know of trials that diverged: how many, where all of them, and of a loss that rose all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sensitivity.branch import in_sentence
from sensitivity.estimators import effects as e
from sensitivity.language import say
from sensitivity.reporting.cautions.kinds import DIVERGENCE, Caution, percent_words, rows_of
from sensitivity.trials import DIVERGED, OUTCOME, VALUE, rose
from sensitivity.words import enumerated, short

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from sensitivity.study import Study

MUCH_DIVERGED: Final = 0.2
MANY_ROSE: Final = 5


def divergence(study: Study, tables: Mapping[str, pd.DataFrame]) -> Iterator[Caution]:
    """Sentences about divergence, at least one trial given."""
    plan = study.plan
    diverged = int((plan[OUTCOME] == DIVERGED).sum())
    if diverged == len(plan):
        yield Caution(DIVERGENCE, say("cautions.all-diverged", count=diverged))
        return
    if diverged >= MUCH_DIVERGED * len(plan):
        share = percent_words(diverged / len(plan))
        text = say("cautions.much-diverged", share=share, count=diverged, all=len(plan))
        yield Caution(DIVERGENCE, text)
    levels = rows_of(tables, "divergence_by_level", branch=e.ALL)
    for setting in study.space.names:
        dead = levels[(levels[e.SETTING] == setting) & (levels["diverged"] == levels["trials"])]
        if len(dead):
            text = say(
                "cautions.level-diverged",
                name=in_sentence(setting),
                levels=enumerated(dead["level"], in_sentence),
            )
            yield Caution(DIVERGENCE, text, setting, e.ALL)


def loss_rose(study: Study) -> Iterator[Caution]:
    """Trials whose training loss ended above its start although their metric is good: told, and no more.

    With cross-entropy and large rates a network ends that way which is right nearly always and very sure
    where it is wrong. It counts with its own metric.
    """
    plan = study.plan
    values = plan.loc[rose(plan) & (plan[OUTCOME] != DIVERGED), VALUE]
    if len(values) >= MANY_ROSE:
        median = short(float(values.median()), 3)
        text = say("cautions.rose", count=len(values), metric=in_sentence(study.metric), median=median)
        yield Caution(DIVERGENCE, text)
