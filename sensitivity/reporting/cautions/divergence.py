"""Warnings about trials that diverged: how many, where all of them, and those that learned all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sensitivity.estimators import effects as e
from sensitivity.reporting.cautions.kinds import DIVERGENCE, Caution, percent_words, rows_of
from sensitivity.trials import DIVERGED, OUTCOME, TRAINING_LOSS, VALIDATION_ERROR, VALIDATION_LOSS, planned
from sensitivity.words import counted, listed, named, short

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from sensitivity.study import Study

MUCH_DIVERGED: Final = 0.2
MUCH_LEARNED: Final = 0.1  # of the diverged trials
MANY_LEARNED: Final = 5
_LAST: Final = (VALIDATION_ERROR, VALIDATION_LOSS, TRAINING_LOSS)  # columns after the last epoch, uncapped


def divergence(study: Study, tables: Mapping[str, pd.DataFrame]) -> Iterator[Caution]:
    """Warnings about divergence, at least one trial given."""
    yield from _diverged(study, tables)
    yield from _learned(study, tables)


def _diverged(study: Study, tables: Mapping[str, pd.DataFrame]) -> Iterator[Caution]:
    plan = planned(study.trials)
    diverged = int((plan[OUTCOME] == DIVERGED).sum())
    if diverged == len(plan):
        yield Caution(DIVERGENCE, f"All {counted(diverged, 'trial')} diverged: no setting can be judged.")
        return
    if diverged >= MUCH_DIVERGED * len(plan):
        yield Caution(
            DIVERGENCE,
            f"{percent_words(diverged / len(plan))} of the trials diverged ({diverged:,} of {len(plan):,}). "
            "All of them count with one and the same value: a good part of every effect is about what "
            "diverges, not about how well the rest trains.",
        )
    levels = rows_of(tables, "divergence_by_level", branch=e.ALL)
    for setting in study.space.names:
        dead = levels[(levels[e.SETTING] == setting) & (levels["diverged"] == levels["trials"])]
        if len(dead):
            yield Caution(
                DIVERGENCE,
                f"Every trial with {named(setting)} at {listed(dead['level'])} diverged: narrow the "
                "range, or most of this effect is that they diverge.",
                setting,
                e.ALL,
            )


def _learned(study: Study, tables: Mapping[str, pd.DataFrame]) -> Iterator[Caution]:
    """Diverged trials whose metric after the last epoch is closer to the best than to the cap.

    They reached the last epoch, so nothing became infinite: the training loss ended above where it began, as
    that of a network does which is right nearly always and very sure where it is wrong.
    """
    column = study.metric.removeprefix("best ").replace(" ", "_")
    if study.cap is None or column not in _LAST or column not in study.trials:
        return
    plan = planned(study.trials)
    last = plan[column]
    diverged = plan[OUTCOME] == DIVERGED
    learned = int((diverged & (last < (float(last.min()) + study.cap) / 2)).sum())
    if learned < max(MANY_LEARNED, MUCH_LEARNED * diverged.sum()):
        return
    early_or_late = rows_of(tables, "early_or_late", branch=e.ALL)["late_share"].notna().any()
    where = " Shares by the last epoch's own value: see early and late." if early_or_late else ""
    yield Caution(
        DIVERGENCE,
        f"{learned:,} of {counted(int(diverged.sum()), 'diverged trial')} ended with a "
        f"{column.replace('_', ' ')} better than halfway from the cap to the best (their training loss had "
        f"risen above its start); they count with the cap, {short(study.cap, 3)}, as in the definition of "
        f"divergence.{where}",
    )
