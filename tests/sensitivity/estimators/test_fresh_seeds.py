"""What fresh seeds decide: by hand, and how often their intervals hold the truth."""

import numpy as np
import pytest

from sensitivity.estimators.fresh_seeds import Fresh, decide


def fresh(values, worst, failed=None, **limits):
    """Results, none of which failed unless said so."""
    failed = np.zeros(len(values), np.int64) if failed is None else np.array(failed)
    return Fresh(np.asarray(values), np.asarray(worst), failed, **limits)


def test_a_spike_that_is_clearly_better_is_best():
    """The rule takes the forgiving one only where the seeds cannot tell."""
    rng = np.random.default_rng(0)
    values = np.array([0.1, 0.05])[:, None] + 0.005 * rng.standard_normal((2, 10))
    decision = decide(fresh(values, [0.1, 0.4]))
    assert (decision.best, decision.take, decision.tied) == (1, 1, [])


def test_two_by_hand():
    """Differences 0.01, 0.03: mean 0.02, standard error 0.01, and t for one degree of freedom is 12.706."""
    decision = decide(fresh([[0.11, 0.13], [0.10, 0.10]], [0.2, 0.3]))
    assert decision.best == 1
    assert decision.behind[0] == pytest.approx(0.02)
    assert decision.high[0] - decision.behind[0] == pytest.approx(0.1270620, rel=1e-6)
    assert decision.tied == [0]
    assert decision.take == 1  # 0.02 is more than one standard error


@pytest.mark.parametrize("others", [0, 5])
def test_one_bad_seed_of_ten_is_not_within_one_standard_error(others):
    """0.9 instead of 0.05 once: the mean is as far behind as its own standard error, whatever the size."""
    rng = np.random.default_rng(0)
    for _ in range(100):
        values = 0.05 + 0.005 * rng.standard_normal((2 + others, 10))
        values[1, 3] = 0.9
        assert decide(fresh(values, [0.2, 0.1, *[0.3] * others])).take != 1


def test_who_failed_in_a_fresh_seed_is_not_taken():
    """Neither cares for the size of what failing costs; A itself may have failed as often."""
    rng = np.random.default_rng(1)
    values = 0.3 + 0.01 * rng.standard_normal((1, 10)) + 0.001 * rng.standard_normal((2, 10))
    values[1] += values[0].mean() - values[1].mean() + 1e-6  # the second is as good, and more forgiving
    assert decide(fresh(values, [0.2, 0.1])).take == 1
    decision = decide(fresh(values, [0.2, 0.1], failed=[0, 1]))
    assert (decision.take, decision.within, decision.failing) == (0, [0], [1])
    assert decide(fresh(values, [0.2, 0.1], failed=[1, 1])).take == 1


def test_the_interval_of_the_best_holds_though_the_same_seeds_chose_it():
    """Six as good as each other: an interval for one alone would hold 0 in fewer than nine of ten."""
    rng = np.random.default_rng(0)
    ours = alone = 0
    for _ in range(1000):
        one = fresh(rng.standard_normal((6, 10)), np.zeros(6))
        low, high = one.intervals()
        best = decide(one).best
        ours += low[best] <= 0 <= high[best]
        half = 2.262157 * one.values[best].std(ddof=1) / np.sqrt(10)  # t for nine degrees of freedom
        alone += abs(one.means[best]) <= half
    assert ours >= 950
    assert alone < 900


def test_intervals_end_where_results_do():
    """Of an error rate between 0 and 0.9: 0.02 ± 0.13 begins at 0, and 0.88 ends at the cap."""
    values = np.array([[0.01, 0.03], [0.87, 0.89]])
    low, high = fresh(values, [0.1, 0.1], least=0.0, most=0.9).intervals()
    assert low[0] == 0
    assert high[1] == 0.9
    half = 0.01 * 25.451700  # t for one degree of freedom and two intervals
    assert high[0] == pytest.approx(0.02 + half)
    assert low[1] == pytest.approx(0.88 - half)
