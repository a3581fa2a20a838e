"""Where randomness comes from: (sweep seed, replicate, purpose), and nothing else.

Two purposes never share a stream, so changing how one of them draws leaves all others as they were; all
configurations of a replicate share its streams (common random numbers).

A replicate has a stream of its own for each purpose, or, where noise is *crossed*, one of k initial weights,
one of k minibatch orders and one of k splits: `crossed`.
"""

from __future__ import annotations

import math
from enum import IntEnum
from typing import NamedTuple

import numpy as np

FEWEST_DRAWS = 3  # two of each source would leave nothing to tell what they do together from what each does


class Purpose(IntEnum):
    """What random numbers are for. The numbers are part of every recorded result: never change one."""

    SPLIT = 0
    WEIGHTS = 1
    ORDER = 2
    DATA = 3
    DESIGN = 4
    SEARCH = 5
    TRIES = 6
    PRETRAINING = 7
    FUNCTION = 8


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


class Draws(NamedTuple):
    """Which draw of each source of noise a trial trains with, from 0."""

    weights: int
    order: int
    split: int

    def of(self, purpose: Purpose) -> int:
        """Draw for a purpose that is a source of noise."""
        return {Purpose.WEIGHTS: self.weights, Purpose.ORDER: self.order, Purpose.SPLIT: self.split}[purpose]


def crossed_draws(replicates: int) -> int | None:
    """Draws k of each source in k² crossed replicates; None where the number is no such square."""
    draws = math.isqrt(replicates)
    return draws if draws * draws == replicates and draws >= FEWEST_DRAWS else None


def crossed(replicate: int, draws: int) -> Draws:
    """Draws of one of k² crossed replicates: a Latin square, so any two draws of two sources meet once.

    The square is idempotent: replicates 0 … k − 1 stand on its diagonal, have the draws (r, r, r) and share
    none, as replicates do that are not crossed. The others follow row by row.

    Parameters
    ----------
    replicate
        From 0 to k² − 1.
    draws
        Draws k of each source, at least 3.
    """
    if replicate < draws:
        return Draws(replicate, replicate, replicate)
    row, place = divmod(replicate - draws, draws - 1)
    column = place + (place >= row)
    return Draws(row, column, _latin(row, column, draws))


def _latin(row: int, column: int, size: int) -> int:
    """Symbol of an idempotent Latin square of at least three rows: (row + column) / 2 modulo an odd size.

    An even one is the odd one below it, prolonged along the diagonal beside the main one: its symbols move to
    a new row and column and leave their places to a new symbol.
    """
    if size % 2:
        return (row + column) * (size + 1) // 2 % size
    last = size - 1
    if row == column == last or (max(row, column) < last and column == (row + 1) % last):
        return last
    if column == last:
        column = (row + 1) % last
    elif row == last:
        row = (column - 1) % last
    return _latin(row, column, last)
