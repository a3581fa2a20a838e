"""Which configuration to take: on plans whose plateau and spike are planted."""

import numpy as np
import pandas as pd
import pytest

from sensitivity.estimators.choosing import choose, default_configuration, noise, tried
from sensitivity.measures.confirm import candidates, curse, decide, neighbours_of
from sensitivity.study import Study
from sweeps.definition import parse
from sweeps.space import Choices, FloatRange, Setting, Space, Variant

RATES, WIDTHS = np.geomspace(1e-4, 1, 9), np.arange(5)
SPIKE = (1, 1)
NOISE, SHARED = 0.01, 0.01
SEEDS, FRESH = 3, 10


def planted():
    """Truth on a grid: a plateau of 0.10 (5 × 3), slopes around it, and a spike of 0.098 among 0.4."""
    truth = np.full((9, 5), 0.4)
    truth[3:8, 1:4] = 0.10
    truth[2, 1:4] = truth[8, 1:4] = 0.2
    truth[SPIKE] = 0.098
    return truth


def study_of(values):
    """Study of a grid's results (rates, widths, replicates)."""
    rows = [
        {"rate": rate, "width": float(width), "replicate": seed, "value": values[i, j, seed]}
        for seed in range(values.shape[2])
        for i, rate in enumerate(RATES)
        for j, width in enumerate(WIDTHS)
    ]
    table = pd.DataFrame(rows).assign(number=range(len(rows)), phase="plan", outcome="trained")
    space = Space(
        (
            Setting("rate", (Variant(FloatRange(1e-4, 1, log=True, levels=9)),)),
            Setting("width", (Variant(FloatRange(0, 4, levels=5)),)),
        ),
        {},
    )
    return Study(table, space)


def drawn(rng, truth, seeds):
    """Results with noise of each trial's own and a part that all trials of a seed share."""
    return (
        truth[..., None]
        + SHARED * rng.standard_normal(seeds)
        + NOISE * rng.standard_normal((*truth.shape, seeds))
    )


def place_of(configuration):
    """Row and column of a configuration on the grid."""
    return int(np.argmin(abs(RATES - configuration["rate"]))), int(configuration["width"])


def run(seed):
    """Sweep, candidates and fresh results of one seed."""
    rng, truth = np.random.default_rng(seed), planted()
    found = tried(study_of(drawn(rng, truth, SEEDS)))
    default = {"rate": RATES[4], "width": 2.0}
    chosen = candidates(found, choose(found), 5, default)
    fresh = drawn(rng, truth, FRESH)
    values = np.array([fresh[place_of(one.configuration)] for one in chosen])
    return found, chosen, values


def test_the_plateau_is_taken_not_the_spike():
    """The spike is as good as the plateau to within the noise and sits among bad neighbours."""
    inside = spiked = 0
    for seed in range(50):
        found, chosen, values = run(seed)
        take = decide(values, neighbours_of(found, chosen)).take
        row, column = place_of(chosen[take].configuration)
        inside += 3 <= row <= 7 and 1 <= column <= 3
        spiked += any(place_of(one.configuration) == SPIKE for one in chosen)
    assert inside >= 0.8 * 50
    assert spiked >= 10  # the spike was there to be taken


def test_a_spike_that_is_clearly_better_is_best():
    """The rule takes the forgiving one only where the seeds cannot tell."""
    rng = np.random.default_rng(0)
    values = np.array([0.1, 0.05])[:, None] + 0.005 * rng.standard_normal((2, 10))
    decision = decide(values, np.array([0.1, 0.4]))
    assert (decision.best, decision.take, decision.tied) == (1, 1, [])


def test_two_by_hand():
    """Differences 0.01, 0.03: mean 0.02, standard error 0.01, and t for one degree of freedom is 12.706."""
    decision = decide(np.array([[0.11, 0.13], [0.10, 0.10]]), np.array([0.2, 0.3]))
    assert decision.best == 1
    assert decision.behind[0] == pytest.approx(0.02)
    assert decision.high[0] - decision.behind[0] == pytest.approx(0.1270620, rel=1e-6)
    assert decision.tied == [0]
    assert decision.take == 1  # 0.02 is more than one standard error


def test_the_best_of_many_has_been_lucky():
    """On a flat truth the best five by mean look better than they are, and fresh seeds say by how much."""
    sizes = []
    for seed in range(30):
        rng = np.random.default_rng(seed)
        truth = np.full((9, 5), 0.1)
        found = tried(study_of(drawn(rng, truth, SEEDS)))
        chosen = candidates(found, choose(found), 5, {"rate": RATES[0], "width": 0.0})
        fresh = drawn(rng, truth, FRESH)
        values = np.array([fresh[place_of(one.configuration)] for one in chosen])
        sizes.append(curse(found, chosen, values).size)
    # Expected mean of the five lowest of 45 standard normal numbers: −1.71, by numerical integration.
    assert np.mean(sizes) == pytest.approx(1.71 * NOISE / np.sqrt(SEEDS), rel=0.35)


def test_noise_is_told_from_what_all_share():
    """Of 50 configurations in 400 seeds: own 0.01; alone √(0.01² + 0.02²)."""
    rng = np.random.default_rng(0)
    truth = np.zeros((9, 5))
    values = truth[..., None] + 0.02 * rng.standard_normal(400) + 0.01 * rng.standard_normal((9, 5, 400))
    found = noise(tried(study_of(values)))
    assert found.beside == pytest.approx(0.01, rel=0.05)
    assert found.alone == pytest.approx(np.hypot(0.01, 0.02), rel=0.1)
    assert 390 < found.freedom < 800


def test_neighbours_are_one_step_away():
    """The worst neighbour of the middle of a slope is one step up; a corner has two neighbours."""
    truth = np.arange(9.0)[:, None] + 0.1 * np.arange(5.0)
    found = tried(study_of(truth[..., None] + np.zeros(2)))
    worst = choose(found, [4 * 5 + 2, 0]).worst
    assert worst[4 * 5 + 2] == pytest.approx(5.2)
    assert worst[0] == pytest.approx(1.0)


def test_the_default_is_the_nearest_level():
    """Of a range with levels the level nearest on its scale, else the middle."""
    space = Space(
        (
            Setting("rate", (Variant(FloatRange(1e-3, 1, log=True, levels=4)),)),
            Setting("kind", (Variant(Choices(("a", "b", "c"))),)),
            Setting("far", (Variant(FloatRange(2, 4)),)),
        ),
        {},
    )
    wanted = {"rate": 0.02, "kind": "c", "far": 9.0}
    assert default_configuration(space, lambda name, _: wanted[name]) == {
        "rate": 0.01,
        "kind": "c",
        "far": 3.0,
    }


def test_the_default_is_that_of_tunability():
    """One tool, one default: on a grid both say the same."""
    from sensitivity.commands.confirming import defaults_of
    from sensitivity.measures.tunability import default_configuration as of_levels

    definition = parse(
        {
            "space": {
                "optimizer": ["sgd", "adamw"],
                "learning_rate": {"low": 1e-3, "high": 1.0, "log": True, "levels": 4},
                "weight_decay": [0.0, 0.01],
                "batch_size": [16, 64],
                "beta": [0.5, 0.9],
            }
        }
    )
    space = definition.build_space()
    grid = list(space.grid())
    rows = [{**one, "replicate": seed, "value": 0.1 * seed} for one in grid for seed in (0, 1)]
    table = pd.DataFrame(rows).assign(number=range(len(rows)), phase="plan", outcome="trained")
    study = Study(table, space, definition=definition.to_toml())
    from sensitivity.estimators.curves.virtual_grid import reachable

    ours = default_configuration(space, defaults_of(definition))
    assert ours == of_levels(space, reachable(study), {})
