"""Each at its own best level, chosen by the others: hand-worked, and unbiased where choosing flatters."""

import numpy as np

from sensitivity.estimators.own_best import at_level, drawn_again, own_best, own_level


def test_the_level_is_chosen_on_the_other_half():
    """Even replicates like level 0, odd ones level 1: each is judged at the level of the others."""
    choosing = np.array([[1.0, 5.0, 1.0, 5.0], [3.0, 2.0, 3.0, 2.0]])
    assert own_level(choosing).tolist() == [1, 0, 1, 0]
    assert own_best(choosing).tolist() == [3.0, 5.0, 3.0, 5.0]
    assert own_best(choosing, 10 * choosing).tolist() == [30.0, 50.0, 30.0, 50.0]


def test_what_stands_between_is_done_one_by_one():
    """A batch of draws gives what each draw gives alone."""
    rng = np.random.default_rng(0)
    values, picked = rng.normal(size=(5, 8)), drawn_again(8, 20, rng)
    together = own_best(values[:, picked])
    assert together.shape == (20, 8)
    assert np.array_equal(together, [own_best(values[:, one]) for one in picked])


def test_a_bootstrap_keeps_the_halves_apart():
    """No even replicate stands in an odd place: what chooses must not judge."""
    drawn = drawn_again(8, 50, np.random.default_rng(1))
    assert (drawn[:, ::2] % 2 == 0).all()
    assert (drawn[:, 1::2] % 2 == 1).all()
    assert len(np.unique(drawn[:, ::2])) == 4


def test_choosing_does_not_flatter():
    """Eleven levels of pure noise: the smallest mean is below 0, the cross-fitted one is not."""
    rng = np.random.default_rng(2)
    noise = rng.normal(size=(4000, 11, 8))
    fitted = np.array([own_best(one).mean() for one in noise])
    assert noise.mean(axis=2).min(axis=1).mean() < -0.5
    assert abs(fitted.mean()) < 4 * fitted.std() / 4000**0.5


def test_no_such_level_is_not_a_number():
    """Levels beyond the ends have no value."""
    values = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    found = at_level(values, np.array([-1, 1, 2]))
    assert np.isnan(found).tolist() == [True, False, True]
    assert found[1] == 5.0
