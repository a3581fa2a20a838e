"""Which configuration to take: on plans whose plateau and spikes are planted."""

import numpy as np
import pandas as pd
import pytest

from sensitivity.estimators.choosing import choose, compared, two_way
from sensitivity.estimators.fresh_seeds import Fresh, decide
from sensitivity.estimators.tried import tried
from sensitivity.measures.confirm import candidates, curse, neighbours_of
from sensitivity.study import Study
from sweeps.space import FloatRange, Setting, Space, Variant

RATES, WIDTHS = np.geomspace(1e-4, 1, 9), np.arange(5)
SPIKES = ((0, 0), (0, 2), (0, 4))
NOISE, SHARED = 0.01, 0.01
SEEDS, FRESH = 3, 10


def planted():
    """Truth on a grid: a plateau of 0.10 (5 × 3), slopes around it, and spikes of 0.09 among 0.4."""
    truth = np.full((9, 5), 0.4)
    truth[3:8, 1:4] = 0.10
    truth[2, 1:4] = truth[8, 1:4] = 0.2
    for spike in SPIKES:
        truth[spike] = 0.09
    return truth


def study_of(values):
    """Study of a grid's results (rates, widths, replicates); NaN where a trial never ran."""
    rows = [
        {"rate": rate, "width": float(width), "replicate": seed, "value": values[i, j, seed]}
        for seed in range(values.shape[2])
        for i, rate in enumerate(RATES)
        for j, width in enumerate(WIDTHS)
        if np.isfinite(values[i, j, seed])
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


def drawn(rng, truth, seeds, noise=NOISE):
    """Results with noise of each trial's own and a part that all trials of a seed share."""
    return (
        truth[..., None]
        + SHARED * rng.standard_normal(seeds)
        + noise * rng.standard_normal((*truth.shape, seeds))
    )


def place_of(configuration):
    """Row and column of a configuration on the grid."""
    return int(np.argmin(abs(RATES - configuration["rate"]))), int(configuration["width"])


def run(seed, noise):
    """Sweep, candidates and fresh results of one seed."""
    rng, truth = np.random.default_rng(seed), planted()
    found = tried(study_of(drawn(rng, truth, SEEDS, noise)))
    default = {"rate": RATES[4], "width": 2.0}
    chosen = candidates(found, choose(found), 5, default)
    fresh = drawn(rng, truth, FRESH, noise)
    values = np.array([fresh[place_of(one.configuration)] for one in chosen])
    return found, chosen, Fresh(values, neighbours_of(found, chosen), np.zeros(len(values), np.int64))


def inside(configuration):
    """Whether a configuration is on the plateau."""
    row, column = place_of(configuration)
    return 3 <= row <= 7 and 1 <= column <= 3


def test_the_plateau_is_taken_not_the_spikes():
    """The spikes are 0.01 lower, which seeds hardly see; who takes the lowest mean often takes a spike."""
    ours = by_sweep = by_fresh = 0
    for seed in range(50):
        found, chosen, fresh = run(seed, noise=0.04)
        decision = decide(fresh)
        ours += inside(chosen[decision.take].configuration)
        by_sweep += inside(found.configurations[choose(found).best])
        by_fresh += inside(chosen[decision.best].configuration)
    assert ours >= 0.8 * 50
    assert by_sweep <= ours - 5
    assert by_fresh <= ours - 5


def whole():
    """Results without noise of rates about the best, 0.1, in three replicates of which one is hard."""
    truth = 0.1 + 0.1 * abs(np.arange(9.0) - 4)[:, None] + 0.01 * np.arange(5.0)
    return truth[..., None] + np.array([0.0, 0.05, 0.3])


def test_one_trial_more_makes_nobody_the_best():
    """A bad configuration that ran once more than all others."""
    values = np.concatenate([whole(), np.full((9, 5, 1), np.nan)], axis=2)
    values[8, 4, 3] = 0.5
    choice = choose(tried(study_of(values)))
    assert choice.best == 4 * 5
    assert len(choice.order) == 45


@pytest.mark.parametrize("further", [1, 3, 22, 44])
def test_an_interrupted_sweep_has_its_best(further):
    """Replicate 0 is whole, and of the next only some trials, the first of which are of a corner."""
    values = whole()[..., :2]
    values.reshape(45, 2)[further:, 1] = np.nan
    choice = choose(tried(study_of(values)))
    assert (choice.best, len(choice.order)) == (4 * 5, 45)
    assert np.isnan(choice.step) == (further < 23)  # of so few that ran again nobody knows the noise


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_one_that_failed_once_can_be_the_best(missing):
    """Whichever replicate it lacks, the easy or the hard one."""
    values = whole()
    values[4, 0, missing] = np.nan
    found = tried(study_of(values))
    choice = choose(found)
    assert choice.best == found.row({"rate": RATES[4], "width": 0.0})
    assert not choice.equal


def test_who_missed_the_hard_replicate_is_not_the_better():
    """The second best, 0.01 behind, without the replicate that costs 0.3."""
    values = whole()
    values[4, 1, 2] = np.nan
    found = tried(study_of(values))
    assert choose(found).best == found.row({"rate": RATES[4], "width": 0.0})
    # Its mean had it run everywhere: 0.11 and the mean of 0, 0.05 and 0.3.
    assert compared(found).means[found.row({"rate": RATES[4], "width": 1.0})] == pytest.approx(
        0.11 + 0.35 / 3
    )


def test_what_a_search_ran_once_is_not_compared():
    """With two replicates, one result is half as many; it was proposed where somebody was lucky."""
    study = study_of(whole()[..., :2])
    lucky = study.trials.iloc[:1].assign(rate=0.5, width=2.5, value=0.01, phase="search", number=90)
    found = tried(Study(pd.concat([study.trials, lucky], ignore_index=True), study.space))
    choice = choose(found)
    assert choice.best == 4 * 5
    assert any("best of the search" in one.roles for one in candidates(found, choice, 5, None))


def test_crossed_replicates_are_not_results_of_their_own():
    """Of k² = 9 replicates only the three that share no draw count."""
    study = study_of(np.random.default_rng(0).normal(size=(9, 5, 9)))
    phases = np.where(study.trials.replicate < 3, "plan", "crossed")
    found = tried(Study(study.trials.assign(phase=phases), study.space))
    assert found.counts.tolist() == [3] * 45


def test_who_failed_more_often_is_not_forgiving():
    """All are as good; the one with the best neighbours diverged once, though its mean does not show it."""
    rng = np.random.default_rng(1)
    study = study_of(0.3 + 0.001 * rng.standard_normal((9, 5, 3)))
    calm = choose(tried(study))
    assert calm.forgiving != calm.best
    row = tried(study).configurations[calm.forgiving]
    trials = study.trials.copy()
    at = (trials.rate == row["rate"]) & (trials.width == row["width"]) & (trials.replicate == 1)
    trials.loc[at, "outcome"] = "diverged"
    wild = choose(tried(Study(trials, study.space)))
    assert wild.best == calm.best
    assert wild.forgiving != calm.forgiving
    assert wild.failing == 1


def test_an_incomplete_table_is_fitted_by_least_squares():
    """Against numpy's own, with a column of zeros and ones for every row and column of the table."""
    rng = np.random.default_rng(0)
    values = rng.normal(size=(10, 3)) + np.array([0.0, 1.0, 3.0])
    values[0, 1] = values[4, 2] = values[5, 1] = np.nan
    places = np.argwhere(np.isfinite(values))
    design = np.zeros((len(places), 13))
    design[np.arange(27), places[:, 0]] = design[np.arange(27), 10 + places[:, 1]] = 1
    results = values[tuple(places.T)]
    fitted, _, rank, _ = np.linalg.lstsq(design, results)
    effects, noise = two_way(values)
    assert effects == pytest.approx(fitted[10:] - fitted[10:].mean())
    assert noise == pytest.approx(np.sqrt(((results - design @ fitted) ** 2).sum() / (27 - rank)))


def test_seeds_that_nobody_shares_are_noise():
    """1, 2 with their own seeds and 1, 3 with others: squares 0.5 and 2 on two degrees of freedom."""
    gap = np.nan
    effects, noise = two_way(np.array([[1, 2, gap, gap], [gap, gap, 1, 3]]))
    assert not effects.any()
    assert noise == pytest.approx(np.sqrt(2.5 / 2))


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
    """Of 45 configurations in 400 seeds: own noise 0.01, beside 0.02 that all share."""
    rng = np.random.default_rng(0)
    values = 0.02 * rng.standard_normal(400) + 0.01 * rng.standard_normal((9, 5, 400))
    fair = compared(tried(study_of(values)))
    assert fair.noise == pytest.approx(0.01, rel=0.05)
    assert fair.step(0, np.array([1]))[0] == pytest.approx(0.01 * np.sqrt(2 / 400), rel=0.05)


def test_neighbours_are_one_step_away():
    """The worst neighbour of the middle of a slope is one step up; a corner has two neighbours."""
    truth = np.arange(9.0)[:, None] + 0.1 * np.arange(5.0)
    found = tried(study_of(truth[..., None] + np.zeros(2)))
    worst = choose(found, [4 * 5 + 2, 0]).worst
    assert worst[4 * 5 + 2] == pytest.approx(5.2)
    assert worst[0] == pytest.approx(1.0)
