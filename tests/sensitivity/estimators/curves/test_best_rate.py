"""The best rate as a number: the middle of a flat bottom, the vertex of a sharp one."""

import numpy as np
import pytest

from sensitivity.estimators.curves.best_rate import best_rate, depth

RATES = np.arange(-4.0, 1.5, 0.5)


def test_without_noise_it_is_the_vertex():
    """A parabola about 10^−1.3, the same in all replicates."""
    response = np.repeat(((RATES + 1.3) ** 2)[:, None], 8, axis=1)
    assert depth(response) == 0.0
    assert best_rate(RATES, response) == pytest.approx(-1.3)


def test_a_flat_bottom_is_answered_by_its_middle():
    """Flat from 10^−3 to 10^−1 with noise: the lowest level jumps about, the middle stays near 10^−2."""
    rng = np.random.default_rng(0)
    truth = np.where(np.abs(RATES + 2) <= 1.01, 0.0, 1.0)[:, None]
    noisy = [truth + rng.normal(0, 0.05, (11, 8)) for _ in range(200)]
    places = np.array([best_rate(RATES, one) for one in noisy])
    lowest = np.array([RATES[one.mean(axis=1).argmin()] for one in noisy])
    assert abs(np.median(places) + 2) < 0.1
    assert places.std() < 0.4 * lowest.std()
