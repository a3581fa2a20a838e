"""Trainings that were never trained: losses that fall exponentially, as fast as it is planted."""

import numpy as np

from sensitivity.claims.arms import DATASETS, REFERENCE
from sensitivity.claims.trainings import Trained
from sensitivity.claims.world import World

RATES = 10 ** np.arange(-4.0, 1.25, 0.5)
EPOCHS, STEPS, REPLICATES = 40, 20, 8
CONSTANT = 0.9


def worlds(seed, effects, spread=0.05, noise=0.1):
    """Seven datasets with the reference and more arms.

    Parameters
    ----------
    effects
        Arm → log of its steps, added; the reference without an entry has 0.
    spread
        Standard deviation over the datasets of what an arm does there.
    noise
        Standard deviation of the log steps of a training, beside what all of its replicate share.
    """
    rng = np.random.default_rng(seed)
    found = {}
    for dataset in DATASETS:
        shared = rng.normal(0, noise, REPLICATES)
        arms = {
            arm: _trained(rng, effects.get(arm, 0.0) + rng.normal(0, spread), shared, noise)
            for arm in (*REFERENCE, *(set(effects) - set(REFERENCE)))
        }
        found[dataset] = World(dataset, arms)
    return found


def _trained(rng, effect, shared, noise):
    """Steps lowest at a rate of 0.1, doubled per half decade away from it; errors likewise."""
    away = np.abs(np.log10(RATES) + 1.0)[:, None]
    own = rng.normal(0, noise, (len(RATES), REPLICATES))
    steps = 100.0 * np.exp(effect + 2 * np.log(2) * away + shared + own)
    middle = np.arange(1, EPOCHS + 1) * STEPS - (STEPS + 1) / 2
    times = np.array([0.0, *middle, EPOCHS * STEPS])
    losses = np.exp(-np.log(10) * times / steps[..., None])
    error = np.minimum(0.1 + 0.2 * away + 0.01 * own, CONSTANT)
    return Trained(RATES, error, losses, np.zeros_like(error), CONSTANT, STEPS)
