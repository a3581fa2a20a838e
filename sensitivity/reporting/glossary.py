"""The words of the page, each with what it means; a stranger's trials need no words of training networks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sensitivity.trials import DIVERGED, OUTCOME, REPLICATE
from sensitivity.words import named

if TYPE_CHECKING:
    from sensitivity.study import Study

_TRAINED: Final = {
    "setting": "a hyperparameter, such as the learning rate",
    "configuration": "one value for each setting that is active",
    "trial": "a configuration trained with the seed of a replicate: its weights, minibatches and split",
    "main effect": "share of the variance that a setting explains by itself (first-order Sobol index)",
    "total effect": (
        "that and every interaction it takes part in (total Sobol index); totals overlap, so they"
        " may add up to more than 100\u00a0%"
    ),
    "noise of the seed": "share of the variance that is left between trials of one configuration",
    "[a, b]": "95\u00a0% interval; a dash: unknown",
    "told from the noise": (
        "an effect that the seed alone would hardly show (tested at 5 %, Holm's correction); it "
        "may still be small: look at its share"
    ),
    "replicate, split and seed": (
        "what all trials of one replicate share, such as an easy validation split; hardly known "
        "with two of them"
    ),
    "branch": "all trials, or those of one optimizer",
    "tuned again, re-tuned": "every other setting at its best for this value",
    "untuned": "the median over all choices of the other settings",
    "slice": "every other setting as in the best configuration",
    "common bar": (
        "what is good enough for every optimizer alike: a tenth of the way from the best of all "
        "to a constant prediction"
    ),
    "the cap": (
        "the value that a diverged trial counts with, and no trial counts with more: a constant prediction's"
    ),
    "diverged": (
        "loss or weights became infinite, or the training loss ended above where it began; such a"
        " trial counts with the value of a constant prediction and is never dropped"
    ),
}
# What is only true of trainings of ours, and what is said of other trials instead; empty: nothing.
_OTHERWISE: Final = {
    "trial": "one run of a configuration",
    "noise of the seed": "share of the variance that is left between trials of one configuration",
    "told from the noise": (
        "an effect that the noise alone would hardly show (tested at 5 %, Holm's correction); it may "
        "still be small: look at its share"
    ),
    "replicate, split and seed": "what all trials of one replicate share; hardly known with two of them",
    "common bar": "",
    "the cap": "the value that a failed trial counts with, and no trial counts with more",
    "diverged": "a trial without a finite result; it counts with the cap and is never dropped",
}


_OF_SEEDS: Final = {term: _TRAINED[term] for term in ("noise of the seed", "told from the noise")}


def glossary(study: Study) -> list[tuple[str, str]]:
    """Terms and meanings, of subjects that the trials have."""
    if study.read is None and study.of_networks:
        return list(_TRAINED.items())
    words = {**_TRAINED, **_OTHERWISE}
    if study.read is None:
        words |= {"trial": "a configuration with the seed of a replicate", **_OF_SEEDS}
    if int(study.trials[REPLICATE].nunique()) < 2:
        words["replicate, split and seed"] = ""
    if not (study.trials[OUTCOME] == DIVERGED).any():
        words["diverged"] = words["the cap"] = ""
    branches = study.branch in study.space.names
    words["branch"] = f"all trials, or those of one {named(study.branch)}" if branches else ""
    return [(term, meaning) for term, meaning in words.items() if meaning]
