"""Steps to a target between recorded epochs: hand-worked numbers and a loss that is known at every step."""

import numpy as np
import pytest

from sensitivity.estimators.steps_to_target import steps_to_target


def test_hand_worked():
    """Four steps per epoch: epoch e is the loss at 4e − 2.5 steps, the last point at the end."""
    losses = np.array([10.0, 8.0, 4.0, 2.0])  # at 0, 1.5, 5.5 and 8 steps
    assert steps_to_target(losses, 9.0, 4) == pytest.approx(0.75)
    assert steps_to_target(losses, 8.0, 4) == pytest.approx(1.5)
    assert steps_to_target(losses, 6.0, 4) == pytest.approx(3.5)
    assert steps_to_target(losses, 3.0, 4) == pytest.approx(6.75)
    assert steps_to_target(losses, 1.0, 4) == 2 * 2 * 4


def test_of_the_whole_set_the_first_epoch_is_the_start():
    """One step per epoch: its loss is measured before it, so epoch e is at e − 1."""
    assert steps_to_target(np.array([4.0, 4.0, 2.0, 1.0]), 3.0, 1) == pytest.approx(0.5)


def test_what_stopped_never_gets_there_and_the_first_crossing_counts():
    """NaN is nowhere; a loss that rises again later was there."""
    losses = np.array([[4.0, np.nan, np.nan, np.nan], [4.0, 2.0, 8.0, 8.0]])
    found = steps_to_target(losses, np.array([3.0, 3.0]), 10)
    assert found.tolist() == [40.0, pytest.approx(2.25)]


@pytest.mark.parametrize("steps_per_epoch", [1, 5, 45])
def test_a_known_curve(steps_per_epoch):
    """Loss e^(−t/τ), recorded as training does it: the mean before each update; found within 3 %."""
    epochs, scale = 40, 4.0 * steps_per_epoch
    loss = np.exp(-np.arange(epochs * steps_per_epoch + 1) / scale)
    means = loss[:-1].reshape(epochs, steps_per_epoch).mean(axis=1)
    found = steps_to_target(np.array([1.0, *means, loss[-1]]), 0.1, steps_per_epoch)
    assert found == pytest.approx(scale * np.log(10), rel=0.03)
