"""How many steps a training needs to a target loss, between the epochs at which the loss was recorded.

The loss of an epoch is the mean over its minibatches, each before its update. With n steps per epoch that is
the loss at the middle of these: e − (n + 1)/(2n) epochs after the start for epoch e = 1, 2, …, which is the
start itself for the first epoch of full-batch training. The last point is the loss after the last step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from sensitivity.arrays import Floats

CENSORED: Final = 2.0  # times the budget: what a training counts with that never gets there


def steps_to_target(losses: Floats, target: Floats | float, steps_per_epoch: int) -> Floats:
    """First step at which the loss is at the target, by linear interpolation.

    Parameters
    ----------
    losses
        At initialisation, of every epoch, and after the last, shape (…, epochs + 2); NaN from where training
        stopped being finite.
    target
        Of each training, or of all.
    steps_per_epoch
        Minibatches of an epoch.

    Returns
    -------
    Steps, shape (…): twice the budget where the target is never met.
    """
    epochs = losses.shape[-1] - 2
    middle = (steps_per_epoch + 1) / (2 * steps_per_epoch)
    times = np.array([0.0, *(epoch - middle for epoch in range(1, epochs + 1)), epochs]) * steps_per_epoch
    goal = np.broadcast_to(np.asarray(target, dtype=np.float64), losses.shape[:-1])
    there = losses <= goal[..., None]  # NaN is nowhere
    first = np.argmax(there, axis=-1)
    before = np.maximum(first - 1, 0)
    high, low = (np.take_along_axis(losses, at[..., None], -1)[..., 0] for at in (before, first))
    with np.errstate(invalid="ignore", divide="ignore"):
        part = np.where(first > 0, np.clip((high - goal) / (high - low), 0.0, 1.0), 0.0)
    steps = times[before] + part * (times[first] - times[before])
    found: Floats = np.where(there.any(axis=-1), steps, CENSORED * epochs * steps_per_epoch)
    return found
