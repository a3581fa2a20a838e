"""Intervals whose sample is the datasets: textbook numbers, others' formulas, coverage by simulation."""

import numpy as np
import pytest
from scipy import stats

from sensitivity.estimators.over_datasets import Mean, Share, Smallest, mean_of, visible


def test_the_mean_is_that_of_a_t_test():
    """SciPy's interval of the same sample, at two levels."""
    values = np.array([0.3, -0.1, 0.8, 0.2, 0.5, 0.1, 0.4])
    for level in (0.95, 0.999):
        theirs = stats.ttest_1samp(values, 0.0).confidence_interval(level)
        assert mean_of(values).interval(level) == pytest.approx(tuple(theirs))


def test_a_share_of_alike_datasets_has_nearly_all_its_pairs():
    """All 56 pairs hold: no dataset differs, so only the degrees of freedom of seven datasets widen it.

    n* = 56 (t₅₅/t₆)² = 37.56; the lower end of Clopper & Pearson is then 0.025^(1/n*) = 0.9065.
    """
    low, high = Share(np.full(7, 8.0), np.full(7, 8.0)).interval()
    assert high == 1.0
    assert low == pytest.approx(0.025 ** (1 / (56 * (2.0040448 / 2.4469119) ** 2)), abs=1e-6)


def test_a_share_that_datasets_decide_counts_datasets():
    """Four datasets always, three never: seven things were seen, less for the degrees of freedom."""
    share = Share(np.array([8.0, 8, 8, 8, 0, 0, 0]), np.full(7, 8.0))
    assert share.effective() < 7
    low, high = share.interval()
    assert low < 0.15
    assert high > 0.9


def test_the_share_covers():
    """Datasets whose own shares differ: of 400 new experiments 93 % at least cover the share of all."""
    rng = np.random.default_rng(0)
    covered = []
    for _ in range(400):
        own = rng.beta(6.0, 2.0, 7)  # mean 0.75
        low, high = Share(rng.binomial(8, own).astype(float), np.full(7, 8.0)).interval()
        covered.append(low <= 0.75 <= high)
    assert np.mean(covered) > 0.93


def test_the_smallest_is_above_where_all_are_and_below_where_one_is():
    """Ends are the lowest of theirs, the upper one at Bonferroni's level."""
    parts = [Mean(1.0, 0.1, 7), Mean(2.0, 0.1, 7), Mean(-1.0, 0.2, 7)]
    low, high = Smallest(parts).interval()
    assert low == pytest.approx(-1 - stats.t.isf(0.025, 7) * 0.2)
    assert high == pytest.approx(-1 + stats.t.isf(0.025 / 3, 7) * 0.2)
    assert Smallest(parts).value == -1.0


def test_with_the_error_known_the_visible_effect_is_that_of_the_normal_distribution():
    """(1.960 + 0.842) standard errors; an exact number sees everything."""
    assert visible(1.959964, 0.95, np.inf) == pytest.approx(1.959964 + 0.841621, abs=1e-5)
    assert visible(0.0, 0.95, np.inf) == 0.0


def test_the_visible_effect_is_found_in_four_of_five():
    """Simulated: an effect of that size is told from 0 with a power of 80 %."""
    rng, error = np.random.default_rng(1), 1 / 7**0.5
    half = stats.t.isf(0.025, 6) * error
    effect = visible(half, 0.95, 6)
    found = [mean_of(rng.normal(effect, 1.0, 7)).interval()[0] > 0 for _ in range(4000)]
    assert np.mean(found) == pytest.approx(0.8, abs=0.05)
