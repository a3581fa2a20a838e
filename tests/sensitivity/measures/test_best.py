"""The best configuration and the most forgiving one: what is named, and what its interval holds."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sensitivity.estimators.choosing import choose, compared
from sensitivity.estimators.tried import tried
from sensitivity.measures.best import BEST, FORGIVING, best
from sensitivity.measures.measuring import all_tables
from sensitivity.reporting.decision import decision
from sensitivity.reporting.first import first_screen
from sensitivity.study import ReadAs, Study
from sweeps.space import FloatRange, Setting, Space, Variant

NEEDED = ("ranking", "advice", "best", "tolerance", "isolation_curves", "variance_decomposition", "question")


def study_of(values):
    """Study of results of shape (values of x, replicates)."""
    index = pd.MultiIndex.from_product([range(n) for n in values.shape], names=["x", "replicate"])
    table = pd.DataFrame({"value": values.ravel()}, index=index).reset_index().astype({"x": float})
    table = table.sort_values(["replicate", "x"], kind="stable", ignore_index=True)
    table = table.assign(number=range(len(table)), phase="plan", outcome="trained")
    x = Setting("x", (Variant(FloatRange(0, len(values) - 1, levels=len(values))),))
    return Study(table, Space([x]), "loss")


def screen_of(study):
    """What the first screen says of the best: heads, configurations, results."""
    return first_screen(study, decision(study, all_tables(study, only=NEEDED), [])).best


def named(table, which):
    """Rows of one of the two."""
    return table[table["which"] == which].drop(columns="which").reset_index(drop=True)


def test_of_single_runs_none_is_named_the_most_forgiving():
    """Nothing was run twice: nothing is within an unknown error, not even an equal mean; the page agrees."""
    study = study_of(np.array([3.0, 1.0, 2.0, 1.0, 4.0])[:, None])
    choice, table = choose(tried(study)), best(study)
    assert (choice.within, choice.forgiving) == (1, choice.best)
    assert np.isnan(choice.step)
    assert table["which"].unique().tolist() == [BEST]
    assert table[["low", "high"]].isna().all(axis=None)
    assert table["equal"].tolist() == [2]
    last = screen_of(study)[-1]
    assert last.head == "Most forgiving"
    assert last.result.startswith("How forgiving it is cannot be weighed")


def valley(places):
    """Twice run, a hundredth apart, so that the seeds' own noise is known: a valley with a narrow spike."""
    noise = 0.005 * np.resize([1, -1, -1, 1], len(places))
    return np.stack([places + noise, places - noise], axis=1)


def test_the_best_that_is_the_most_forgiving_too_is_said_to_be():
    """0.1 in the middle of a flat floor: its neighbours are best, and so it has rows of both names, alike."""
    study = study_of(valley(np.array([0.5, 0.3, 0.101, 0.1, 0.101, 0.3, 0.5, 0.7])))
    table = best(study)
    pd.testing.assert_frame_equal(named(table, BEST), named(table, FORGIVING))
    assert table["within"].iloc[0] > 1
    found = decision(study, all_tables(study, only=NEEDED), [])
    assert found.best.forgiving is True
    assert found.forgiving is None
    told = first_screen(study, found).best
    assert [one.head for one in told] == ["Best configuration", "Most forgiving"]
    assert told[1].result.startswith("The best one is also the most forgiving")


def test_another_is_named_where_the_best_stands_alone():
    """A spike at 0.099 beside 0.9, and a floor of 0.1: the middle of the floor, with its own row and ends."""
    study = study_of(valley(np.array([0.9, 0.099, 0.9, 0.2, 0.1, 0.1, 0.1, 0.2])))
    table = best(study)
    assert named(table, BEST)["level"].tolist() == [1.0]
    assert named(table, FORGIVING)["level"].tolist() == [5.0]
    assert table["low"].lt(table["mean"]).all()
    assert table["high"].gt(table["mean"]).all()
    found = decision(study, all_tables(study, only=NEEDED), [])
    assert found.best.forgiving is False
    assert found.forgiving.chosen == {"x": 5.0}


def test_where_all_values_are_drawn_there_is_no_neighbour_and_no_most_forgiving():
    """Ten places in a square, each run twice: nothing agrees in all but one number, so nothing is weighed."""
    rng = np.random.default_rng(0)
    place = np.repeat(rng.uniform(size=(10, 2)), 2, axis=0)
    value = 1 + 0.3 * rng.standard_normal(20)
    trials = pd.DataFrame({"x": place[:, 0], "y": place[:, 1], "value": value})
    trials = trials.assign(replicate=np.tile([0, 1], 10), number=range(20), phase="plan", outcome="trained")
    space = Space([Setting(name, (Variant(FloatRange(0.0, 1.0)),)) for name in "xy"])
    study = Study(trials, space, "loss")
    choice, table = choose(tried(study)), best(study)
    assert choice.within > 1
    assert not choice.weighed
    assert table["which"].unique().tolist() == [BEST]
    assert table["worst_neighbour"].isna().all()
    said = screen_of(study)
    assert "worst neighbour" not in said[0].result
    assert said[-1].result.startswith("How forgiving it is cannot be weighed: no configuration differs")


def test_the_interval_is_that_of_the_configuration_named():
    """Of two equal means the ranking takes the first; results of a tie far away do not widen its interval."""
    values = valley(np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 0.1]))
    calm, wild = study_of(values), values.copy()
    wild[-1] += [0.02, -0.02]
    first = named(best(study_of(wild)), BEST).iloc[0]
    assert first["level"] == 0.0
    assert first["equal"] == 2
    assert 0 < first["high"] - first["low"] < 20 * (np.ptp(best(calm)[["low", "high"]].to_numpy()[0]))


def test_by_hand_one_competes():
    """Ten, a unit apart, residuals ±0.01 in two replicates that share nothing: t of nine degrees of freedom.

    Noise: 20 squares of 0.01² on 10 − 1 degrees; of the mean of two its part by √2.
    """
    sign = np.resize([0.01, -0.01], 10)[:, None]
    study = study_of(1 + np.arange(10.0)[:, None] + np.hstack([sign, -sign]))
    row = named(best(study), BEST).iloc[0]
    half = 2.262157 * np.sqrt(20 * 1e-4 / 9 / 2)
    assert [row["low"], row["high"]] == pytest.approx([1 - half, 1 + half], rel=1e-6)


def drawn(kind, rng, size, seeds):
    """Noise of a hundredth; ``block``: what all of a replicate share on top, twice as large."""
    if kind == "skewed":
        return 0.01 * (rng.exponential(1.0, (size, seeds)) - 1)
    noise = rng.standard_normal((size, seeds))
    if kind == "uneven":
        noise *= np.linspace(0.2, 3, size)[:, None]
    return 0.01 * (noise + (2 * rng.standard_normal(seeds) if kind == "block" else 0))


def held(truth, noise, size, seeds, times):
    """Share of sweeps whose interval holds the true mean of the configuration that is named best."""
    inside = []
    for seed in range(times):
        rng = np.random.default_rng([seed, size, seeds])
        true = rng.permutation(np.linspace(0, {"equal": 0.0, "spread": 0.05}[truth], size))
        found = tried(study_of(true[:, None] + drawn(noise, rng, size, seeds)))
        fair, row = compared(found), choose(found).best
        low, high = fair.interval(row)
        inside.append(low <= true[row] <= high)
    return np.mean(inside)


@pytest.mark.parametrize("truth", ["equal", "spread"])
def test_the_best_of_many_is_not_as_good_as_it_looks_and_the_interval_knows(truth):
    """Fifty configurations, three replicates, forty sweeps."""
    assert held(truth, "even", 50, 3, 40) >= 0.88


@pytest.mark.slow
@pytest.mark.parametrize("noise", ["even", "skewed", "block", "uneven"])
@pytest.mark.parametrize("truth", ["equal", "spread"])
@pytest.mark.parametrize(("size", "seeds"), [(10, 2), (10, 5), (100, 2), (100, 3), (1000, 2), (3000, 3)])
def test_new_replicates_of_the_best(truth, noise, size, seeds):
    """The true mean is inside in 91 to 100 %; without allowing for the choice it was in 42 to 85 %."""
    share = held(truth, noise, size, seeds, 200 if size < 1000 else 40)
    print(f"{truth}, {noise}, {size} × {seeds}: {share:.1%}")
    assert share >= (0.87 if size < 1000 else 0.84)


def test_the_mean_is_the_one_that_it_was_chosen_by():
    """Two replicates are 0.5 harder: 6, best by 0.1, ran in these alone, and 3 in the others alone."""
    values = 1 + 0.1 * np.abs(np.arange(10.0) - 6)[:, None] + np.array([0.0, 0.0, 0.5, 0.5])
    values = values + 0.005 * np.random.default_rng(0).standard_normal(values.shape)
    whole = study_of(values)
    ran = [("x", 6.0, (2, 3)), ("x", 3.0, (0, 1))]
    lost = np.any([(whole.trials[n] == x) & ~whole.trials["replicate"].isin(r) for n, x, r in ran], axis=0)
    study = Study(whole.trials[~lost].reset_index(drop=True), whole.space, "loss")
    row = named(best(study), BEST).iloc[0]
    assert (row["level"], row["replicates"]) == (6.0, 2)
    assert row["mean"] == pytest.approx(1.25, abs=0.01)
    assert row["low"] < row["mean"] < row["high"]
    assert row["high"] - row["mean"] == pytest.approx(row["mean"] - row["low"], rel=0.05)


def test_what_a_stranger_measures_may_be_negative():
    """A reward of −0.0155 may as well be above 0: nothing is cut off of a table read from elsewhere."""
    study = study_of(valley(np.linspace(0.001, 0.5, 9)))
    read = replace(study, read=ReadAs({}))
    assert named(best(read), BEST)["low"].iloc[0] < 0


def test_an_error_is_not_negative():
    """0.001 and thereabouts, as far as noise of 0.01 tells: nothing below 0 of a network's error."""
    study = study_of(valley(np.linspace(0.001, 0.5, 9)))
    assert named(best(study), BEST)["low"].iloc[0] == 0.0
    assert named(best(replace(study, of_networks=False)), BEST)["low"].iloc[0] < 0
