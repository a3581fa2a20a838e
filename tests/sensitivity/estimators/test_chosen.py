"""What the choice of the best, or of the worst and the best, does to their numbers: by hand, by formula."""

import numpy as np
import pytest
import scipy

from sensitivity.estimators.chosen import (
    gap,
    lowest_of_largest,
    luck_of_lowest,
    luckiest,
    mean_gap,
    studentized_range,
)

# Four draws of three values, means 0: ranges 2, 2, 4, 4.
DRAWS = np.array([[1.0, -1.0, 0.0], [-1.0, 1.0, 0.0], [2.0, 0.0, -2.0], [-2.0, 0.0, 2.0]])


def test_all_values_compete_where_the_noise_reaches_further_than_they_do():
    """The luck is the range of each draw, 3 in the mean: of a range of 3.5 half is left, of 2 nothing."""
    found = gap(np.array([0.0, 1.0, 3.5]), DRAWS, 1.0)
    assert found.cost == pytest.approx(0.5)
    assert found.low == pytest.approx(3.5 - 4.0)
    assert gap(np.array([0.0, 1.0, 2.0]), DRAWS, 1.0).cost == 0.0


def test_values_that_stand_apart_owe_nothing_to_luck():
    """Only the pair's own noise is left, which has a mean of 0: −1, 1, −4, 4 for last less first."""
    found = gap(np.array([0.0, 50.0, 100.0]), DRAWS, 1.0)
    assert found.cost == pytest.approx(100.0)
    assert found.low == pytest.approx(100 - np.quantile([-1, 1, -4, 4], 0.975))


def test_of_two_that_are_as_bad_the_luckier_is_named():
    """0 stands apart; 99 and 100 compete: the larger of both, less the first."""
    luck = [0 - 1, 1 + 1, 0 - 2, 2 + 2]
    found = gap(np.array([0.0, 99.0, 100.0]), DRAWS, 1.0)
    assert found.cost == pytest.approx(100 - np.mean(luck))
    assert found.low == pytest.approx(100 - np.quantile(luck, 0.975))


def test_only_the_noise_of_draws_counts_and_reaches_as_far_as_told():
    """Where draws lie does not matter; twice the reach moves the low end twice as far."""
    levels = np.array([0.0, 1.0, 3.5])
    assert gap(levels, DRAWS + 7, 1.0) == gap(levels, DRAWS, 1.0)
    assert gap(levels, DRAWS, 2.0).low == pytest.approx(3.5 - 2 * 4.0)


def test_of_a_mean_the_low_end_alone_is_lucky():
    """Means of the draws are 0, and the lowest of each −1, −1, −2, −2: 1.5 is taken off where all compete."""
    levels, even = np.array([0.0, 3.0, 3.0]), np.full(3, 1 / 3)
    found = mean_gap(levels, DRAWS, 1.0, even, 9.0)
    assert found.cost == pytest.approx(2.0 - 1.5)
    assert found.low == pytest.approx(2.0 - 2.0)
    apart = mean_gap(levels + np.array([0.0, 50.0, 50.0]), DRAWS, 1.0, even, 99.0)
    assert apart.cost == pytest.approx(106 / 3)  # the first stands apart, and its own noise has a mean of 0
    assert mean_gap(levels, DRAWS, 1.0, even, 0.2).cost == 0.2
    assert mean_gap(levels / 3, DRAWS, 1.0, even, 9.0).cost == 0.0


def test_the_luck_of_the_lowest_is_that_of_those_that_compete():
    """Of a hundred that are alike the formula's; alone, or beside wild ones far off, Student's of one."""
    noise = np.random.default_rng(0).standard_normal((20_000, 100))
    of_many = scipy.stats.norm.isf(1 - 0.975**0.01)
    assert luck_of_lowest(np.zeros(100), 0.1 * noise) == pytest.approx(0.1 * of_many, rel=0.03)
    apart = np.where(np.arange(100) == 7, 0.0, 5.0)
    wild = np.where(np.arange(100) == 7, 0.1, 3.0)
    assert luck_of_lowest(apart, 0.1 * noise) == pytest.approx(0.196, rel=0.03)
    assert luck_of_lowest(apart, wild * noise + 4) == pytest.approx(0.196, rel=0.03)
    assert luck_of_lowest(apart, 0 * noise) == 0.0


@pytest.mark.parametrize(("levels", "freedom"), [(2, 5), (8, 7), (24, 24)])
def test_studentized_range_is_that_of_scipy(levels, freedom):
    """By simulation, within 3 %."""
    exact = scipy.stats.studentized_range.ppf(0.95, levels, freedom)
    assert studentized_range(levels, freedom) == pytest.approx(exact, rel=0.03)


def test_luckiest_of_one_and_of_many():
    """Of one the interval of Student's t; of 100 normal ones half of the quantile's tail is 0.025 / 100."""
    assert luckiest(1, 10) == pytest.approx((-2.228, 0.0, 2.228), abs=1e-3)
    low, middle, high = luckiest(100, 1e9)
    assert high == pytest.approx(scipy.stats.norm.isf(1 - 0.975**0.01))
    assert 0 < low < middle < high


def test_the_largest_owes_to_luck_what_its_rivals_could_have_had():
    """Alone its own noise, 1, −1, 2, −2; beside another that is as large the larger of both."""
    own = np.quantile([1, -1, 2, -2], 0.975)
    assert lowest_of_largest(np.array([100.0, 50.0, 0.0]), DRAWS) == pytest.approx(100 - own)
    both = np.quantile([1, 1, 2, 0], 0.975)
    assert lowest_of_largest(np.array([100.0, 99.0, 0.0]), DRAWS) == pytest.approx(100 - both)
