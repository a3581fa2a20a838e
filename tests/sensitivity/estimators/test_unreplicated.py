"""The noise of a factorial that was run once."""

import numpy as np
import pytest

from sensitivity.estimators import effects as e
from sensitivity.estimators.cells import cell_table
from sensitivity.estimators.factorial import decomposition
from sensitivity.estimators.identical import repeating
from sensitivity.estimators.unreplicated import differences, unreplicated
from sensitivity.study import Study
from sweeps.space import FloatRange, Setting, Space, Variant

BEST = {"sgd": -0.7, "momentum": -1.5, "adam": -2.6}


@pytest.fixture
def empty(setting, tabulate):
    """Make the table of a grid without responses: levels of the rate (0: none), and of other settings."""

    def make(levels, *others):
        rate = [Setting("rate", (Variant(FloatRange(1e-4, 1.0, log=True, levels=levels)),))] if levels else []
        space = Space([*rate, *(setting(f"s{at}", *values) for at, values in enumerate(others))])
        return cell_table(Study(tabulate(space, lambda *_: 0.0, 1), space))

    return make


def test_differences_do_not_see_polynomials():
    """Contrasts of order m are of length 1 and blind to degree m − 1 on uneven levels."""
    place = np.array([0.0, 0.1, 0.35, 0.5, 0.9, 1.0])
    for order in (2, 3, 4):
        found = differences(place, order)
        np.testing.assert_allclose(found @ np.vander(place, order), 0, atol=1e-12)
        np.testing.assert_allclose((found**2).sum(axis=1), 1)


def bowl(table):
    """A smooth response with interactions of the rate, an optimizer and a batch size."""
    centre = [BEST[c["s0"]] - 0.2 * np.log2(c["s1"] / 16) for c in table.configurations]
    distance = np.array([np.log10(c["rate"]) for c in table.configurations]) - np.array(centre)
    return 0.02 * distance**2 + 0.01 * np.tanh(2 * distance)


@pytest.mark.parametrize("levels", [6, 8, 9])
@pytest.mark.parametrize("sd", [0.003, 0.01, 0.03])
def test_noise_from_smoothness(empty, levels, sd):
    """Of independent noise σ is within a factor of 1.5 in nine of ten grids, in the mean within a sixth."""
    table, rng = empty(levels, BEST, (16, 32, 64, 128)), np.random.default_rng(levels)
    found = []
    for _ in range(40):
        noisy = table.with_values((bowl(table) + sd * rng.normal(size=len(table.rows)))[:, None])
        estimate = unreplicated(noisy, alike=0.0)
        assert estimate.source == e.FROM_SMOOTHNESS("rate")
        found.append(np.sqrt(estimate.variance) / sd)
    assert np.mean((np.array(found) > 1 / 1.5) & (np.array(found) < 1.5)) >= 0.9
    assert np.mean(found) == pytest.approx(1, abs=1 / 6)


SHAPES = [(0, "abc", "xyz", "uv"), (0, "ab", "xy"), (7, "xyz"), (6, "xy", "uvw", "ab"), (0, "abcd", "vwxyz")]


@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_is_above_pure_noise(empty, shape):
    """Of 40 grids of pure noise at most one in ten has any judgement "above" (200 of all shapes: 5 %)."""
    table, rng = empty(*shape), np.random.default_rng(0)
    wrong = 0
    for _ in range(40):
        found = decomposition(table.with_values(rng.normal(size=(len(table.rows), 1))))
        wrong += bool((found["judgement"] == "above").any())
    assert wrong <= 4


def test_an_effect_is_found_above_the_highest_interactions(empty):
    """A setting that moves everything is above, with an interval; the noise says where it is from."""
    table, rng = empty(0, "abc", "xyz", "uv"), np.random.default_rng(1)
    strong = np.array([10.0 * (c["s0"] == "a") for c in table.configurations]) + rng.normal(size=18)
    found = decomposition(table.with_values(strong[:, None])).set_index(["kind", "setting"])
    assert found.loc[("total", "s0"), "judgement"] == "above"
    assert found.loc[("total", "s0"), "low"] < found.loc[("total", "s0"), "high"]
    assert found.loc[("noise", "seed"), "remarks"].has(e.FROM_INTERACTIONS)


def values_of(trainings, rng):
    """One value per different training, shape (C, 1)."""
    known = {one: rng.normal(1, 0.1) for one in dict.fromkeys(trainings)}
    return np.array([[known[one]] for one in trainings])


@pytest.mark.parametrize("live", [(), ("x",)])
def test_the_same_training_twice_shows_no_noise(empty, live):
    """A rate that nothing depends on, or in one optimizer of three only: no interval, nothing above."""
    table, rng = empty(5, "abcd", "xyz"), np.random.default_rng(0)
    trainings = [(c["rate"] if c["s1"] in live else 0, c["s0"], c["s1"]) for c in table.configurations]
    for _ in range(5):
        once = table.with_values(values_of(trainings, rng))
        assert unreplicated(once) is None
        found = decomposition(once)
        assert set(found["judgement"].dropna()) == {"unknown"}
        assert found["low"].isna().all()


def test_rounded_values_are_no_repeated_trainings(empty):
    """Accuracies in whole per cent, and a grid half at the cap, are equal by chance."""
    table, rng = empty(7, "abcde", "xy"), np.random.default_rng(1)
    noise = rng.normal(0.5, 0.03, (len(table.rows), 1))
    assert unreplicated(table.with_values(noise.round(2))) is not None
    assert unreplicated(table.with_values(np.minimum(noise, 0.5))) is not None


@pytest.mark.parametrize("step", [0.02, 0.1, 0.3])
def test_ties_of_rounding_take_no_intervals(empty, step):
    """Noise rounded to a part of its sd: of 100 grids at most one in ten is said to repeat trainings.

    Nothing but chance makes two of its values equal; a row that does is still found where values are rounded.
    """
    table, rng = empty(5, "abcd", "xyz"), np.random.default_rng(0)
    noise = np.round(rng.normal(size=(100, len(table.rows), 1)) / step) * step
    assert np.mean([repeating(table.with_values(one)) is not None for one in noise]) <= 0.1
    first = [(c["rate"] if c["s0"] != "a" else 0, c["s0"], c["s1"]) for c in table.configurations]
    assert repeating(table.with_values(values_of(first, rng).round(3))) == "rate"
