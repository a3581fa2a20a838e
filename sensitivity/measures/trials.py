"""The table of trials in words; `sensitivity.trials` makes it."""

from __future__ import annotations

from typing import Final

from sensitivity import trials as t
from sensitivity.measures.measure import AMOUNT, COUNT, Column, Table

EACH_SETTING: Final = "each_setting"  # stands for the columns of the settings

TABLE: Final = Table(
    "trials",
    (
        Column(t.NUMBER, "Number of the trial in the sweep, from 0.", COUNT),
        Column(
            t.PHASE,
            "``plan``, ``search`` for trials that a sampler proposed, or ``crossed`` for those that share "
            "draws with several replicates.",
        ),
        Column(EACH_SETTING, "A column per setting, with its value; empty where the setting is inactive."),
        Column(
            t.REPLICATE,
            "Which seeds and split, from 0; shared by all configurations. Where noise is crossed, the draws "
            f"of each source follow: {', '.join(f'``{name}``' for name in t.DRAWS)}.",
            COUNT,
        ),
        Column(
            t.OUTCOME,
            "``trained`` or ``diverged``; of a function of your own also ``failed``, ``timed_out``, "
            "``out_of_memory`` or ``killed``, which have no value.",
        ),
        Column(t.MESSAGE, "Why a function of your own gave no result. Only where one did not."),
        Column(t.DIVERGED_AT, "Epoch, fractional, at which it diverged, if that is known.", AMOUNT),
        Column(t.LOSS_ROSE, "Whether the training loss ended above its start."),
        Column(
            t.VALUE,
            "What was measured, lower is better, never above the cap, which also counts where training "
            "stopped being finite. Of a function of your own as it was, and empty where there was no result; "
            "a column per metric that it gave follows.",
            AMOUNT,
        ),
        *(
            Column(name, "After the last epoch, uncapped; empty where training did not reach it.", AMOUNT)
            for name in (t.VALIDATION_ERROR, t.VALIDATION_LOSS, t.TRAINING_LOSS)
        ),
        *(
            Column(name, "The best after any epoch.", AMOUNT)
            for name in (t.BEST_VALIDATION_ERROR, t.BEST_VALIDATION_LOSS, t.BEST_TRAINING_LOSS)
        ),
        Column(
            t.EPOCHS_TO_TARGET,
            "First epoch, from 1, after which the validation error is at or below the target; empty if there "
            "is none.",
            COUNT,
        ),
        Column(
            t.EVALUATIONS,
            "What training cost, in forward passes over the training set, a step along a gradient counting "
            "three of its minibatch: three an epoch, for searches too. Only where it was recorded.",
            AMOUNT,
        ),
        Column(
            t.SECONDS,
            "Seconds: the trial's share of the time its population took; of a stranger's trial how long it "
            "took.",
            AMOUNT,
        ),
    ),
)
