"""A test of whether a result goes with a setting, and what few trials say by it."""

import itertools

import numpy as np
import pandas as pd
import pytest

from sensitivity.estimators import effects as e
from sensitivity.estimators.permutation import association
from sensitivity.measures.variance import variance_decomposition
from sensitivity.reading.frames import from_frame
from sensitivity.remarks import Judgement, has
from sweeps.space import Choices, FloatRange, Setting, Space, Variant

SPACE = Space(
    [
        Setting("lr", (Variant(FloatRange(1e-4, 1e-1, log=True)),)),
        Setting("batch", (Variant(Choices((16, 32, 64))),)),
        Setting("depth", (Variant(Choices((2, 3, 4, 5))),)),
    ]
)


def drawn(rng, count, effect, noise):
    """Study of so many random trials with a valley in the learning rate."""
    rows = [SPACE.configuration(unit) for unit in rng.random((count, 3))]
    distance = np.array([np.log10(row["lr"]) + 2.5 for row in rows])
    value = effect * distance**2 + noise * rng.normal(size=count)
    return from_frame(pd.DataFrame(rows).assign(value=value), SPACE)


def test_it_is_the_share_of_all_deals():
    """Two names of five trials each: of all 252 ways to deal them 2 part the results as well."""
    response, place = np.arange(10.0), np.repeat([0.0, 1.0], 5)
    parted = [abs(sum(five) - (45 - sum(five))) for five in itertools.combinations(range(10), 5)]
    exact = np.mean(np.array(parted) >= 25)
    assert exact == pytest.approx(2 / 252)
    assert association(response, place, named=True).p == pytest.approx(exact, abs=0.006)


def test_it_does_not_see_the_order_of_trials_nor_the_scale():
    """The same to the bit."""
    rng = np.random.default_rng(3)
    response, place, order = rng.normal(size=24), rng.random(24), rng.permutation(24)
    one = association(response, place, named=False)
    assert association(response[order], place[order], named=False) == one
    assert association(response, place**3, named=False) == one


def test_it_sees_a_valley():
    """A result that is best in the middle, without any trend."""
    place = np.linspace(0, 1, 15)
    found = association((place - 0.5) ** 2 + 0.01 * np.cos(40 * place), place, named=False)
    assert found.p < 0.001
    assert 0.5 < found.low < found.explained <= 1


@pytest.mark.parametrize("named", [True, False])
def test_pure_noise_is_found_as_often_as_promised(named):
    """One in twenty at 5 %, whatever the distribution; and its lower end is 0 in all but 2.5 %."""
    rng = np.random.default_rng(5)
    place = np.arange(18) % 3 if named else np.arange(18.0)
    found = [association(rng.normal(size=18), rng.permutation(place), named=named) for _ in range(200)]
    assert np.mean([one.p <= 0.05 for one in found]) <= 0.08
    assert np.mean([one.low > 0 for one in found]) <= 0.05


def test_a_lower_end_is_one():
    """R² in all possible trials is ½: in 200 samples of twenty few lower ends lie above it, most above 0."""
    rng = np.random.default_rng(7)
    low = []
    for _ in range(200):
        place = rng.random(20)
        response = place + rng.normal(size=20) / np.sqrt(12)
        low.append(association(response, place, named=False).low)
    assert np.mean(np.array(low) > 0.5) <= 0.05
    assert np.mean(np.array(low) > 0) > 0.6


def test_nothing_is_said_of_a_handful():
    """Nor of a setting of one value, nor of results that are all the same."""
    few = np.arange(9.0)
    assert association(few, few, named=False) is None
    assert association(np.arange(20.0), np.zeros(20), named=False) is None
    assert association(np.full(20, 0.3), np.arange(20.0), named=False) is None


def test_twenty_trials_tell_a_plain_valley():
    """The learning rate is above the noise, from its lower end to all; nothing else is."""
    table = variance_decomposition(drawn(np.random.default_rng(11), 20, 0.2, 0.08))
    rows = table[table["kind"] == e.TOTAL].set_index("setting")
    assert rows.loc["lr", "judgement"] == Judgement.ABOVE
    assert 0.05 < rows.loc["lr", "low"] < rows.loc["lr", "share"] <= rows.loc["lr", "high"]
    assert (rows.loc[["batch", "depth"], "judgement"] != Judgement.ABOVE).all()


@pytest.mark.slow
@pytest.mark.parametrize("count", [14, 20])
def test_few_trials_without_effects_are_not_judged_above(count):
    """Of studies of pure noise 3 to 4 % have anything above it, 50 of them at most 5."""
    wrong = 0
    for seed in range(50):
        table = variance_decomposition(drawn(np.random.default_rng(seed), count, 0.0, 1.0))
        wrong += (table["judgement"] == Judgement.ABOVE).any()
    assert wrong <= 5


@pytest.mark.slow
def test_few_trials_with_one_effect_find_it_and_no_other():
    """Of 40 studies of twenty trials, most by this test; a wrong one in at most one of twenty."""
    found = wrong = by_it = 0
    for seed in range(40):
        table = variance_decomposition(drawn(np.random.default_rng(seed), 20, 0.2, 0.08))
        rows = table[table["kind"] == e.TOTAL].set_index("setting")
        found += rows.loc["lr", "judgement"] == Judgement.ABOVE
        by_it += any(has([rows.loc["lr", "remarks"]], e.BY_PERMUTATION))
        wrong += (rows.loc[["batch", "depth"], "judgement"] == Judgement.ABOVE).any()
    assert found >= 30
    assert by_it > 0
    assert wrong <= 2
