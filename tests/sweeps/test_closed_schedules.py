"""Schedules that no library recorded, against closed forms written down here."""

import numpy as np
import pytest

from sweeps.schedules import learning_rates
from sweeps.settings import complete


def rates(steps, **settings):
    """Learning rate of each step."""
    return learning_rates(steps, complete({"learning_rate": 0.5, **settings}))


@pytest.mark.parametrize("steps", [1, 2, 7, 300])
def test_linear_falls_in_a_line_that_ends_at_zero(steps):
    """As PyTorch's LinearLR from 1 to 0 in as many steps as the run has: its last step is one above zero."""
    expected = [0.5 * (steps - step) / steps for step in range(steps)]
    np.testing.assert_allclose(rates(steps, schedule="linear"), expected, rtol=1e-14)


def test_a_warm_up_comes_before_the_line():
    """The line has the rest of the run."""
    found = rates(10, schedule="linear", warmup=0.2)
    expected = [0.0, 0.25, *(0.5 * (8 - step) / 8 for step in range(8))]
    np.testing.assert_allclose(found, expected, rtol=1e-14)


@pytest.mark.parametrize(("warm", "decay"), [(0.1, 0.2), (0.05, 0.5), (0.5, 0.5), (0.0, 0.3), (0.3, 0.0)])
def test_wsd_rises_stays_and_falls(warm, decay):
    """Three pieces on 200 steps, with the corners where they were asked for."""
    found, up, down = rates(200, schedule="wsd", wsd_warmup=warm, wsd_decay=decay), 200 * warm, 200 * decay
    for step, rate in enumerate(found):
        if step < up:
            assert rate == pytest.approx(0.5 * (step + 1) / up)
        elif step > 200 - down:
            assert rate == pytest.approx(0.5 * (200 - step) / down)
        else:
            assert rate == 0.5
    assert found.max() == 0.5


def test_wsd_without_room_for_a_flat_part_is_a_tent():
    """Where both ends meet, the lower of the two lines counts."""
    found = rates(10, schedule="wsd", wsd_warmup=0.8, wsd_decay=0.8)
    lines = [min(step + 1, 10 - step) / 8 * 0.5 for step in range(10)]
    np.testing.assert_allclose(found, lines, rtol=1e-14)


def test_wsd_with_neither_end_is_constant():
    """Nothing else is done to the rate."""
    np.testing.assert_array_equal(rates(9, schedule="wsd", wsd_warmup=0.0, wsd_decay=0.0), 0.5)
