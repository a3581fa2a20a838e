import itertools
import math

import numpy as np
import pytest

from sensitivity.estimators.chosen import lowest_of_largest
from sensitivity.estimators.curves.curves import retuned
from sensitivity.estimators.curves.differences import stands_out
from sensitivity.estimators.curves.remarks import FEW_CONFIGURATIONS
from sensitivity.estimators.curves.responses import responses
from sensitivity.measures.best_after_k import best_after_k, minimum_weights
from sensitivity.measures.isolation import COLUMNS as CURVE_COLUMNS
from sensitivity.measures.isolation import isolation_curves
from sensitivity.measures.measure import names
from sensitivity.measures.tunability import (
    COLUMNS,
    GAIN,
    INACTIVE,
    UNTRAINED,
    _largest,
    default_configuration,
    tunability,
)
from sensitivity.remarks import Judgement, Remarks, has, worded
from sensitivity.study import Study
from sweeps.space import FloatRange, Setting, Space, Variant


def rate(levels=5, low=1e-4, high=1.0):
    return Setting("learning_rate", (Variant(FloatRange(low, high, log=True, levels=levels)),))


@pytest.fixture
def small(setting):
    """Two optimizers, three rates, β for one of them: 3 + 6 = 9 configurations."""
    return Space(
        [
            setting("optimizer", "sgd", "adam"),
            rate(3, 1e-3, 1e-1),
            setting("beta", 0.5, 0.9, when={"optimizer": ("adam",)}),
        ]
    )


# rate      1e-3 1e-2 1e-1
# sgd         9    6    1
# adam .5     2    4    8
# adam .9     5    3    7
RESPONSES = {"sgd": [9, 6, 1], 0.5: [2, 4, 8], 0.9: [5, 3, 7]}


def hand(c, _replicate=0):
    line = RESPONSES[c.get("beta", "sgd")]
    return float(line[round(math.log10(c["learning_rate"])) + 3])


def test_hand_worked_gains_and_costs(small, tabulate):
    """Default adam, 1e-2, 0.9 has 3 twice: gains and costs agree with the numbers worked out by hand.

    Optimizer alone: sgd at 1e-2 has 6, so no gain, cost 3. Rate alone: 5 3 7, no gain, cost 4. β alone: 4,
    no gain, cost 1. Jointly 3 − 1 = 2. Worst level re-tuned, against 1: adam reaches 2 (1), rates 2 3 1 (2),
    β 2 3 (2, but the curve's own best is 2: cost 1). In branch sgd the default has 6: rate gains 5, costs 3.
    """
    found = tunability(Study(tabulate(small, hand, 2), small)).set_index(["branch", "setting", "kind"])
    assert set(found.reset_index().columns) == set(names(COLUMNS))
    amounts = found["amount"]
    expected = {
        ("all", "optimizer"): (0, 3, 1),
        ("all", "learning_rate"): (0, 4, 2),
        ("all", "beta"): (0, 1, 1),
        ("optimizer=sgd", "learning_rate"): (5, 3, 8),
        ("optimizer=adam", "learning_rate"): (0, 4, 5),
        ("optimizer=adam", "beta"): (0, 1, 1),
    }
    for place, numbers in expected.items():
        kinds = ("gain", "cost at default", "cost re-tuned")
        assert [amounts[(*place, kind)] for kind in kinds] == pytest.approx(numbers), place
    assert amounts["all", "all together", "gain"] == 2
    assert amounts["optimizer=sgd", "all together", "gain"] == 5
    assert found.loc[("all", "optimizer", "gain"), "default"] == "adam"
    assert found.loc[("optimizer=sgd", "learning_rate", "gain"), "level"] == pytest.approx(0.1)


def test_defaults_can_be_given(small, tabulate):
    """Given defaults win: from sgd at 1e-3 (9), tuning the rate gains 8."""
    found = tunability(Study(tabulate(small, hand), small), {"optimizer": "sgd", "learning_rate": 1e-3})
    row = found[
        (found["branch"] == "all") & (found["setting"] == "learning_rate") & (found["kind"] == "gain")
    ]
    assert row["amount"].tolist() == [8]
    beta = found[(found["branch"] == "all") & (found["setting"] == "beta")]
    assert beta["remarks"].iloc[0].has(INACTIVE)


def test_default_is_the_nearest_level_or_the_middle(setting, tabulate):
    """A known default inside the range gives the nearest level; any other the middle of the prior."""
    space = Space(
        [
            rate(5, 1e-4, 1.0),  # 0.01 is a level
            setting("batch_size", 64, 128, 256),  # 32 lies outside
            setting("schedule", "one_cycle", "cosine", "power"),  # constant is not among them
            Setting("alpha", (Variant(FloatRange(0.0, 1.0, levels=5)),)),  # unknown
            setting("beta", 0.5, 0.85, 0.99),  # 0.9 lies between
        ]
    )
    trials = tabulate(space, lambda _c, _r: 1.0)
    assert default_configuration(space, responses(Study(trials, space)), {}) == {
        "learning_rate": 0.01,
        "batch_size": 128,
        "schedule": "cosine",
        "alpha": 0.5,
        "beta": 0.85,
    }


def test_an_untrained_default_is_said(small, tabulate):
    """Without the default configuration there is no gain, but the re-tuned cost still stands."""
    trials = tabulate(small, hand)
    lost = (trials["optimizer"] == "adam") & (trials["learning_rate"] == 0.01) & (trials["beta"] == 0.9)
    found = tunability(Study(trials[~lost], small))
    gains = found[(found["kind"] == "gain") & (found["branch"] == "all")]
    assert set(gains["remarks"]) == {Remarks(FEW_CONFIGURATIONS(8), UNTRAINED)}
    assert set(gains["judgement"]) == {Judgement.UNKNOWN}
    assert set(worded(gains)["verdict"]) == {
        "only 8 configurations; cannot be judged: the default configuration was not trained"
    }
    assert found[found["kind"] == "cost re-tuned"]["amount"].notna().all()


def test_gains_are_judged_against_the_noise(small, tabulate):
    """A gain far above the noise is above it; with pure noise the verdict is wrong in few of 40 sweeps."""
    rng = np.random.default_rng(0)
    clear = tabulate(small, lambda c, _: hand(c) + rng.normal(0, 0.05), 2)
    row = (
        worded(tunability(Study(clear, small)))
        .set_index(["branch", "setting", "kind"])
        .loc[("optimizer=sgd", "learning_rate", "gain")]
    )
    assert row["verdict"] == "above the noise of the seed; only 9 configurations"
    assert row["low"] < 5 < row["high"]
    wrong = 0
    for _ in range(40):
        found = tunability(Study(tabulate(small, lambda _c, _r: rng.normal(), 2), small))
        joint = found[(found["branch"] == "all") & (found["setting"] == "all together")]
        wrong += joint["judgement"].iloc[0] == Judgement.ABOVE
    assert wrong <= 6


def test_isolation_curves_are_the_lowest_means(small, tabulate):
    """Each level's best mean, spread over replicates and diverged share, against plain pandas."""
    rng = np.random.default_rng(1)
    trials = tabulate(small, lambda c, r: hand(c) + 0.1 * rng.normal() + 5 * r, 3)
    trials.loc[trials["learning_rate"] == 0.1, "outcome"] = "diverged"
    found = isolation_curves(Study(trials, small))
    level = found[(found["branch"] == "optimizer=adam") & (found["setting"] == "learning_rate")]
    adam = trials[trials["optimizer"] == "adam"]
    cells = adam.groupby(["learning_rate", "beta"])["value"].mean().groupby(level=0).min()
    np.testing.assert_allclose(level["best"], cells.to_numpy())
    assert level["diverged_share"].tolist() == [0, 0, 1]
    assert level["trials"].tolist() == [6, 6, 6]
    assert (level["replicates"] == 3).all()
    np.testing.assert_allclose(level["sd"], 5, atol=0.5)  # as observed: 0, 5, 10
    assert (level["high"] - level["low"] < 1).all()  # the replicate's block of 5 is off


def test_best_of_k_is_the_mean_over_all_subsets(setting, tabulate):
    """The estimate equals the mean of the minimum over every subset of k, worked out by enumeration."""
    space = Space([setting("a", *range(7))])
    values = [5.0, 1.0, 4.0, 1.0, 9.0, 2.0, 6.0]
    found = best_after_k(Study(tabulate(space, lambda c, _: values[c["a"]]), space))
    expected = [np.mean([min(s) for s in itertools.combinations(values, k)]) for k in range(1, 8)]
    np.testing.assert_allclose(found["best"], expected)
    assert found["k"].tolist() == list(range(1, 8))
    np.testing.assert_allclose(minimum_weights(7, 7).sum(axis=0), 1)


def test_best_of_k_known_distribution(setting, tabulate):
    """For uniform draws E[min of k] = 1/(k + 1): no bias over 100 samples, intervals cover in ≥ 88 %."""
    space = Space([Setting("a", (Variant(FloatRange(0.0, 1.0)),)), setting("b", 1)])
    rng = np.random.default_rng(2)
    table = tabulate(space, lambda c, _: c["a"], 1, [{"a": float(k) / 200, "b": 1} for k in range(200)])
    ks = [1, 5, 20, 50]
    errors, covered = [], []
    for _ in range(100):
        found = best_after_k(Study(table.assign(value=rng.random(200)), space)).set_index("k").loc[ks]
        truth = 1 / (np.array(ks) + 1)
        errors.append(found["best"].to_numpy() / truth - 1)
        covered.append((found["low"] <= truth) & (truth <= found["high"]))
    np.testing.assert_allclose(np.mean(errors, axis=0), 0, atol=0.05)
    assert np.mean(covered) >= 0.88


def test_best_of_k_stops_at_100_and_at_n(small, tabulate, setting):
    """Curves have min(n, 100) points per branch and never rise."""
    found = best_after_k(Study(tabulate(small, hand), small))
    assert found.groupby("branch")["k"].max().to_dict() == {"all": 9, "optimizer=adam": 6, "optimizer=sgd": 3}
    assert all(has(found["remarks"], FEW_CONFIGURATIONS))
    big = Space([setting("a", *range(150))])
    many = best_after_k(Study(tabulate(big, lambda c, _: float(c["a"])), big))
    assert many["k"].max() == 100
    assert (np.diff(many["best"]) <= 0).all()


@pytest.mark.parametrize("size", [0, 1, 2])
def test_few_trials(small, tabulate, size):
    """None, one, two trials: tables with columns, no error."""
    study = Study(tabulate(small, hand, 1, list(small.grid())[:size]), small)
    assert list(tunability(study).columns) == names(COLUMNS)
    assert list(isolation_curves(study).columns) == names(CURVE_COLUMNS)
    assert best_after_k(study).groupby("branch")["k"].max().get("all", 0) == size


@pytest.mark.parametrize("size", [0.01, 0.3])
def test_levels_are_compared_both_ways_round(setting, tabulate, size):
    """The verdict of the re-tuned cost is that of all pairs of levels at once."""
    space = Space([setting("a", *range(7)), setting("b", 0, 1)])
    rng = np.random.default_rng(5)
    trials = tabulate(space, lambda c, _: size * (c["a"] == 3) + 0.05 * rng.normal(), 3)
    found = responses(Study(trials, space))
    curve = retuned(found, "a", np.ones(14, dtype=bool))
    one, other = (~np.eye(7, dtype=bool)).nonzero()
    expected = stands_out(curve.best[one] - curve.best[other], curve.draws[:, one] - curve.draws[:, other])
    table = tunability(Study(trials, space)).set_index(["branch", "setting", "kind"])["judgement"]
    assert table["all", "a", "cost re-tuned"] == (Judgement.ABOVE if expected else Judgement.NOT_ABOVE)
    assert expected == (size > 0.1)


def test_a_gain_that_grows_never_loses_its_lower_end():
    """One of eight levels stands out more and more: the allowed end, 0 until it is above, never less."""
    draws = np.random.default_rng(0).normal(size=(2000, 8))
    draws[:, 0] = 0.0
    lows = []
    for top in np.arange(2.0, 4.0, 0.05):
        amounts = np.where(np.arange(8) == 3, top, 0.0)
        row = _largest(GAIN, amounts, draws + amounts, list(range(8)), np.array(np.nan))
        lows.append(row["low"])
        assert row["low"] == pytest.approx(max(lowest_of_largest(amounts, draws), 0.0))
        assert row["low"] > 0 or row["judgement"] != Judgement.ABOVE
    assert lows[0] == 0 < lows[-1]
    assert (np.diff(lows) >= 0).all()


def test_the_noisiest_level_does_not_set_the_bar():
    """A difference of six of its own standard deviations stands out beside one whose noise is larger still.

    Without noise any positive difference does, and none where all are 0.
    """
    noise = np.random.default_rng(4).normal(size=(400, 2)) * [0.05, 3.0]
    amounts = np.array([0.3, 0.1])
    assert stands_out(amounts, amounts + noise)
    assert not stands_out(np.array([0.05, 0.1]), noise)
    assert stands_out(amounts, np.tile(amounts, (5, 1)))
    assert not stands_out(np.zeros(2), np.zeros((5, 2)))


@pytest.mark.parametrize("scale", [1.0, 1e-300])
def test_rounding_is_no_gain(small, tabulate, scale):
    """0.1 + 0.2 beside 0.3, whatever the unit: nothing is gained and nothing lost."""
    found = tunability(
        Study(
            tabulate(small, lambda c, _=0: scale * (0.3 if c["learning_rate"] == 0.01 else 0.1 + 0.2)), small
        )
    )
    assert set(found["amount"].dropna()) == {0.0}
