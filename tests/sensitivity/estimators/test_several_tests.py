"""Holm's levels against the textbook's step-down test, and intervals that give the same verdict."""

import numpy as np
import pytest
from scipy import stats

from sensitivity.estimators.several_tests import ALPHA, NEVER, holm_levels, smallest_alpha


def test_hand_worked():
    """0.01 ≤ 0.05/4, 0.012 ≤ 0.05/3, 0.03 > 0.05/2: two are decided, the rest stays at 0.05/2."""
    assert holm_levels([0.03, 0.01, 0.04, 0.012], 4) == pytest.approx([0.025, 0.0125, 0.025, 0.05 / 3])


def test_the_verdict_is_that_of_the_step_down_test():
    """Random p-values: decided at its level is decided by Holm's adjusted p-value (max of (m − i + 1) p)."""
    rng = np.random.default_rng(0)
    for _ in range(200):
        alphas = rng.beta(0.3, 3.0, 12)
        order = np.argsort(alphas)
        stepped = np.maximum.accumulate(alphas[order] * np.arange(12, 0, -1))
        assert [alphas[one] <= level for one, level in enumerate(holm_levels(alphas, 12))] == [
            bool(stepped[list(order).index(one)] <= ALPHA) for one in range(12)
        ]


def test_those_that_are_not_there_count_as_undecided():
    """One claim of forty is judged as the surest of forty; asked among all it can only be firmer."""
    assert holm_levels([0.001], 40) == [ALPHA / 40]
    assert holm_levels([0.001, 0.9], 40)[0] == ALPHA / 40


def test_the_smallest_alpha_is_the_p_value():
    """A t interval leaves 0 out at the level of its test's p-value."""
    values = np.array([0.3, -0.1, 0.8, 0.2, 0.5, 0.1, 0.4])
    test = stats.ttest_1samp(values, 0.0)
    assert smallest_alpha(lambda a: test.confidence_interval(1 - a)[0] > 0) == pytest.approx(test.pvalue)
    assert smallest_alpha(lambda _: False) == NEVER
    assert smallest_alpha(lambda _: True) < 1e-9
