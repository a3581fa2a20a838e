"""The shift that replicates share: by hand, and in simulated sweeps with wild trials at the edge."""

import numpy as np
import pytest

from sensitivity.estimators.curves.local_noise import local_sd, shared_shift
from sensitivity.estimators.curves.responses import responses
from sensitivity.measures.isolation import isolation_curves
from sensitivity.measures.pairs import pairs
from sensitivity.study import Study
from sweeps.space import Space


def differing(*differences):
    """Two replicates of configurations 0, 10, 20, …, the second larger by the differences."""
    first = 10.0 * np.arange(len(differences))
    return np.column_stack([first, first + differences])


def test_mean_of_the_middle_half():
    """Of −40, 0, 1, 2, 2, 5, 6, 60 the middle half is 1, 2, 2, 5: 2.5 apart, where the plain mean is 4.5."""
    values = differing(-40, 1, 60, 2, 0, 5, 6, 2)
    np.testing.assert_allclose(shared_shift(values, np.zeros(8, dtype=bool)), [-1.25, 1.25])


def test_diverged_and_incomplete_configurations_do_not_count():
    """Six at the cap in both replicates and two without the second: the shift of the other two, 1 and 3."""
    values = differing(1, 3, 0, 0, 0, 0, 0, 0, np.nan, np.nan)
    diverged = np.arange(10) // 2 > 0
    np.testing.assert_allclose(shared_shift(values, diverged), [-1, 1])
    np.testing.assert_allclose(shared_shift(values[2:8], diverged[2:8]), [0, 0])
    np.testing.assert_allclose(shared_shift(values[8:], diverged[8:]), [0, 0])


def test_three_replicates_that_differ_by_their_shift_only():
    """Shifts −4, 1, 3 of configurations without noise come back exactly."""
    values = np.add.outer([5.0, 7.0, 70.0, 8.0], [-4, 1, 3])
    np.testing.assert_allclose(shared_shift(values, np.zeros(4, dtype=bool)), [-4, 1, 3])


@pytest.mark.parametrize("block", [0.0, 0.02])
@pytest.mark.parametrize("replicates", [2, 3])
def test_wild_trials_at_the_edge_do_not_rule_it(block, replicates):
    """1,000 configurations, a fifth of them with 25 times the noise of 0.004, with and without a real block.

    In 40 sweeps the shift is within 0.0002 of the truth where the plain mean misses by 0.0008 (both root mean
    squares), and the noise of the quiet ones is found within 3 % (and the 5 % that `local_sd` adds).
    """
    rng = np.random.default_rng(replicates)
    truth = np.linspace(0.02, 0.9, 1000)
    sd = np.where(truth < truth[800], 0.004, 0.1)
    shift = block * (np.arange(replicates) - (replicates - 1) / 2)
    errors, plain, quiet = [], [], []
    for _ in range(40):
        values = truth[:, None] + shift + sd[:, None] * rng.normal(size=(1000, replicates))
        found = shared_shift(values, np.zeros(1000, dtype=bool))
        errors.append(found - shift)
        plain.append(values.mean(axis=0) - values.mean() - shift)
        low = truth < truth[300]
        quiet.append(np.median(local_sd(values - found)[low]))
    assert np.sqrt(np.mean(np.square(errors))) < 0.0002
    assert np.sqrt(np.mean(np.square(plain))) > 0.0008
    assert np.mean(quiet) / 0.004 == pytest.approx(1.05, abs=0.03)


def test_a_missing_replicate_is_made_up_for_by_the_shift(setting, tabulate):
    """Second replicates are 2 higher but for one wild trial 90 lower; one has the second only: 5 − 1 = 4."""
    space = Space([setting("a", *range(9))])
    trials = tabulate(space, lambda c, r: c["a"] + 2.0 * r - (92.0 if (c["a"], r) == (8, 1) else 0.0), 2)
    trials = trials.drop(trials[(trials["a"] == 3) & (trials["replicate"] == 0)].index)
    found = responses(Study(trials, space))
    np.testing.assert_allclose(found.block, [-1, 1])
    means = dict(zip(found.column("a").tolist(), found.means.tolist(), strict=True))
    assert means[3] == pytest.approx(4)
    assert means[0] == pytest.approx(1)


def test_scatter_of_isolation_curves_is_that_of_pairs(setting, tabulate):
    """Values of the best: 1 and 4, sample sd 3/√2, whatever the replicates share; ties go to the first."""
    space = Space([setting("a", 0, 1), setting("b", 0, 1, 2)])
    values = {(0, 0): (1.0, 4.0), (0, 1): (2.5, 2.5), (0, 2): (9.0, 6.0), (1, 0): (3.0, 5.0)}
    trials = tabulate(space, lambda c, r: values.get((c["a"], c["b"]), (7.0, 9.0))[r], 2)
    study = Study(trials, space)
    curve = isolation_curves(study).set_index(["setting", "level"])["sd"]
    cells = pairs(study).set_index(["first_level", "second_level"])["best_sd"]
    assert curve["a", 0] == cells[0, 0] == pytest.approx(3 / np.sqrt(2))
    assert curve["b", 1] == cells[0, 1] == 0
    assert curve["a", 1] == cells[1, 0] == pytest.approx(np.sqrt(2))


def test_equally_good_configurations_are_judged_together(setting, tabulate):
    """First replicates 1, 1, 2 and second 5, 3, 3: (5 + 3)/2 and (1 + 2)/2, whose mean is 2.75."""
    space = Space([setting("a", 0, 1, 2)])
    values = {0: (1.0, 5.0), 1: (1.0, 3.0), 2: (2.0, 3.0)}
    found = responses(Study(tabulate(space, lambda c, r: values[c["a"]][r], 2), space))
    judged = found.held_out(np.arange(3), np.zeros(3, dtype=np.int64))
    np.testing.assert_allclose(judged, [2.75])
