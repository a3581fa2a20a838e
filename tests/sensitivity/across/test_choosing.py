"""What one configuration for all costs, where the best setting moves across datasets by a known amount."""

import numpy as np
import pandas as pd
import pytest

from sensitivity.across import tables
from sensitivity.across.choosing import loss, one_for_all, score, set_once, tuned
from sensitivity.across.dimension import effective_dimension
from sensitivity.across.scores import scores_of
from sensitivity.language import speaking
from sensitivity.reporting.across import sentences
from sweeps.space import Choices, Setting, Space, Variant

LEVELS = tuple(range(7))
SPACE = Space([Setting(name, (Variant(Choices(LEVELS), {}),)) for name in ("a", "b")], {})


def table(shift, noise=0.0, replicates=2, seed=0, common=0.0):
    """Value 0.05 ((a − 3 − shift e)² + (b − 3)²) on datasets e = −1, 0, 1."""
    rng = np.random.default_rng(seed)
    luck = common * rng.standard_normal((3, replicates))
    return pd.DataFrame(
        {
            "a": a,
            "b": b,
            "dataset": f"data{e}",
            "replicate": r,
            "value": 0.05 * ((a - 3 - shift * (e - 1)) ** 2 + (b - 3) ** 2)
            + noise * rng.standard_normal()
            + luck[e, r],
        }
        for a in LEVELS
        for b in LEVELS
        for e in range(3)
        for r in range(replicates)
    )


def scores(shift, **how):
    return scores_of(table(shift, **how), SPACE, normalise=False)


@pytest.mark.parametrize(("shift", "cost"), [(1, 0.05 * 2 / 3), (2, 0.05 * 8 / 3)])
def test_a_best_value_that_moves_costs_its_known_amount(shift, cost):
    """Only a moves: one configuration, and a set once, cost the mean of 0.05 (shift e)²; b costs nothing."""
    found = scores(shift)
    every = loss(found, one_for_all)
    assert (every.as_defined, every.corrected, every.low, every.high) == pytest.approx((cost,) * 4)
    assert loss(found, set_once(found.levels[:, 0])).corrected == pytest.approx(cost)
    assert loss(found, set_once(found.levels[:, 1])).high == pytest.approx(0)
    dimension = effective_dimension(scores(shift))
    assert dimension.scores == pytest.approx((-cost, 0, 0))
    assert dimension.sets[1] == ("a",)


def test_one_best_for_all_costs_nothing_and_is_set_once():
    """Without a shift the interval begins at 0, and both settings are set once at their best."""
    found = scores_of(table(0, noise=0.01, replicates=4), SPACE)
    every = tables.all_of(found)[tables.ALL].iloc[0]
    assert every["cost_low"] == 0 < every["cost_high"] < 0.05
    assert every["effective_dimension"] == 0
    settings = tables.of_settings(found)
    assert settings["verdict"].tolist() == [tables.ONCE] * 2
    assert settings["level"].tolist() == ["3"] * 2


def test_a_setting_that_moves_is_tuned_and_another_set_once():
    """The verdict of each follows its own cost; where noise hides it there is none."""
    found = tables.of_settings(scores_of(table(2, noise=0.02, replicates=4), SPACE)).set_index("setting")
    assert found["verdict"].to_dict() == {"a": tables.PER_DATASET, "b": tables.ONCE}
    assert found["own_levels"]["a"] == "data0: 1; data1: 3; data2: 5"
    hidden = tables.of_settings(scores_of(table(1, noise=0.6), SPACE))
    assert tables.UNKNOWN in hidden["verdict"].tolist()


def test_all_set_once_costs_no_less_than_one_setting_set_once():
    """Whatever luck there is in either, the numbers do not contradict each other."""
    for seed in range(5):
        found = tables.all_of(scores_of(table(2, noise=0.6, seed=seed), SPACE))
        every, settings = found[tables.ALL].iloc[0], found[tables.SETTINGS]
        for column in ("cost", "cost_low", "cost_high"):
            assert every[column] >= settings[column].max()


def test_without_replicates_the_cost_has_no_interval():
    """Nothing says how much of it is luck, so no setting is judged."""
    found = tables.of_settings(scores(2, replicates=1))
    assert found["cost"].max() == pytest.approx(0.05 * 8 / 3)
    assert found["cost_low"].isna().all()
    assert found["verdict"].eq(tables.UNKNOWN).all()


def test_results_that_are_missing_leave_an_interval():
    """Of an unfinished sweep: whatever ran counts; where a dataset has one replicate, there is none."""
    rows = table(2, noise=0.01, replicates=4)
    some = rows.sample(frac=0.9, random_state=0).sort_index()
    found = loss(scores_of(some, SPACE, normalise=False), one_for_all)
    assert found.low <= 0.05 * 8 / 3 <= found.high
    half = loss(scores_of(rows[_but(rows, 2)], SPACE, normalise=False), one_for_all)
    assert half.low <= 0.05 * 8 / 3 <= half.high
    assert np.isnan(loss(scores_of(rows[_but(rows, 4)], SPACE, normalise=False), one_for_all).high)


def _but(rows, step):
    """Rows but those of one dataset whose replicate is no multiple."""
    return (rows["dataset"] != "data1") | (rows["replicate"] % step == 0)


def test_scores_are_placed_between_percentiles():
    """The 5th percentile of a dataset's values scores 1, the 95th 0, whatever unit it is measured in."""
    rows = table(1, noise=0.1)
    found = scores_of(rows, SPACE)
    ends = np.percentile(rows.loc[rows["dataset"] == "data0", "value"], [5, 95])
    assert (found.one[0], found.zero[0]) == pytest.approx(tuple(ends))
    other = rows.assign(value=rows["value"].where(rows["dataset"] != "data0", 1000 * rows["value"] + 7))
    assert np.allclose(scores_of(other, SPACE).scores, found.scores)


def test_an_inactive_setting_is_not_bound():
    """A value set once binds only the configurations in which the setting is active."""
    rows = pd.DataFrame(
        [("x", None, "one", 0.0), ("x", None, "two", 1.0), ("y", 1.0, "one", 1.0), ("y", 1.0, "two", 0.0)],
        columns=["kind", "beta", "dataset", "value"],
    )
    space = Space(
        [
            Setting("kind", (Variant(Choices(("x", "y")), {}),)),
            Setting("beta", (Variant(Choices((1.0, 2.0)), {"kind": ("y",)}),)),
        ],
        {},
    )
    found = scores_of(rows, space, normalise=False)
    assert loss(found, set_once(found.levels[:, 1])).as_defined == 0
    assert loss(found, set_once(found.levels[:, 0])).as_defined == 0.5


@pytest.mark.parametrize(
    ("shift", "noise", "replicates", "sentence", "ends"),
    [
        (0, 0.01, 4, "none of the 2 settings has to be tuned again", (0, 0)),
        (1, 0.3, 2, "Between 0 and 2 settings have to be tuned", (0, 2)),
        (2, 0.01, 4, "One setting tuned for each dataset (a)", (1, 1)),
        (2, 0.01, 1, "In these trials, luck included, one setting", (None, None)),
    ],
)
def test_how_few_settings_are_enough_is_said_as_surely_as_it_is_known(
    shift, noise, replicates, sentence, ends
):
    """“None” only where the upper end is 0, and then every setting is set once."""
    found = tables.all_of(scores_of(table(shift, noise=noise, replicates=replicates), SPACE))
    with speaking("en"):
        assert sentence in " ".join(sentences(tables.ALL, found[tables.ALL]))
    row = found[tables.ALL].iloc[0]
    known = [row["effective_dimension_low"], row["effective_dimension_high"]]
    assert [None if pd.isna(end) else int(end) for end in known] == list(ends)
    if ends == (0, 0):
        assert set(found[tables.SETTINGS]["verdict"]) == {tables.ONCE}


@pytest.mark.slow
@pytest.mark.parametrize("shift", [0, 1, 2])
@pytest.mark.parametrize("noise", [0.01, 0.03, 0.1])
@pytest.mark.parametrize("replicates", [2, 4])
def test_the_interval_covers_the_true_cost(shift, noise, replicates):
    """In at least 91 of 100 draws of new replicates: 95 % less two standard errors of so many."""
    held = []
    for seed in range(100):
        found = scores(shift, noise=noise, replicates=replicates, seed=seed, common=0.05)
        truth = scores(shift, replicates=1)
        for rule in (one_for_all, set_once(found.levels[:, 0]), set_once(found.levels[:, 1])):
            true = score(truth, tuned) - score(truth, rule)
            one = loss(found, rule)
            held.append(one.low - 1e-9 <= true <= one.high + 1e-9)
    assert np.reshape(held, (-1, 3)).mean(axis=0).min() >= 0.91


def failing(shift, noise, replicates, seed=0):
    """The same with a large value of a failing in every trial, as the worst result of its dataset."""
    rows = table(shift, noise, replicates, seed, common=0.05)
    lost = (rows["a"] == 6) & (rows["b"] > 2)
    worst = rows["value"].where(~lost).groupby(rows["dataset"]).transform("max")
    return scores_of(rows.assign(value=rows["value"].where(~lost, worst)), SPACE)


@pytest.mark.slow
@pytest.mark.parametrize(("shift", "noise"), [(0, 0.03), (1, 0.03), (1, 0.1), (2, 0.1)])
@pytest.mark.parametrize("replicates", [2, 4])
def test_the_interval_covers_normalised_scores_with_failures(shift, noise, replicates):
    """In at least 88 of 100 new draws: 92 % less two standard errors of so many, rounded up.

    The truth is that of 200 replicates, placed between the percentiles of all their results.
    """
    truth = failing(shift, noise, 200, seed=1)
    held = []
    for seed in range(100):
        found = failing(shift, noise, replicates, seed=1000 + seed)
        for rule in (one_for_all, set_once(found.levels[:, 0])):
            true = score(truth, tuned) - score(truth, rule)
            one = loss(found, rule)
            held.append(one.low - 1e-9 <= true <= one.high + 1e-9)
    assert np.reshape(held, (-1, 2)).mean(axis=0).min() >= 0.88
