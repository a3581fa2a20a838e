"""Where randomness comes from: (sweep seed, replicate, purpose), and nothing else.

Two purposes never share a stream, so changing how one of them draws leaves all others as they were; all
configurations of a replicate share its streams (common random numbers).
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np


class Purpose(IntEnum):
    """What random numbers are for. The numbers are part of every recorded result: never change one."""

    SPLIT = 0
    WEIGHTS = 1
    ORDER = 2
    DATA = 3
    DESIGN = 4
    SEARCH = 5


def generator(seed: int, replicate: int, purpose: Purpose) -> np.random.Generator:
    """Stream of random numbers of one replicate for one purpose, at its start.

    Parameters
    ----------
    seed
        The sweep's seed.
    replicate
        Replicate, from 0; 0 for what all replicates share (data, design); the generation of a search.
    purpose
        What the numbers are for.
    """
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(replicate, int(purpose))))


def integer_seed(seed: int, replicate: int, purpose: Purpose) -> int:
    """Whole number from 0 to 2³² − 1 for libraries that take no generator (scikit-learn, Optuna)."""
    return int(generator(seed, replicate, purpose).integers(2**32))
