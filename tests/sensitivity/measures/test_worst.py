"""What the worst value costs: of new replicates of sweeps whose truth is known."""

import numpy as np
import pandas as pd
import pytest

from sensitivity.estimators.curves import costs as along
from sensitivity.estimators.curves.curves import retuned
from sensitivity.estimators.curves.virtual_grid import reachable
from sensitivity.measures.isolation import isolation_curves
from sensitivity.measures.tolerance import WITHIN_LUCK, tolerance
from sensitivity.measures.tunability import tunability
from sensitivity.measures.worst import worst_of
from sensitivity.study import Study
from sweeps.space import FloatRange, Setting, Space, Variant

NOISE = 0.02


def study_of(values):
    """Study of results of shape (levels of a, levels of b, replicates)."""
    index = pd.MultiIndex.from_product([range(n) for n in values.shape], names=["a", "b", "replicate"])
    table = pd.DataFrame({"value": values.ravel()}, index=index).reset_index()
    table = table.sort_values(["replicate", "a", "b"], kind="stable", ignore_index=True)
    names = [name for name, size in zip("ab", values.shape[:2], strict=True) if size > 1]
    ranges = {
        name: FloatRange(0, size - 1, levels=size)
        for name, size in zip("ab", values.shape[:2], strict=True)
        if size > 1
    }
    table = table[[*names, "replicate", "value"]].astype(dict.fromkeys(names, float))
    table = table.assign(number=range(len(table)), phase="plan", outcome="trained")
    return Study(table, Space([Setting(name, (Variant(ranges[name]),)) for name in names]))


def truth_of(kind, levels, others):
    """Expected response, shape (levels, others)."""
    a, b = np.linspace(-1, 1, levels)[:, None], np.arange(others) - others // 2
    flat = np.zeros((levels, others))
    return {
        "null": flat,
        "null, rest tuned": flat + 0.03 * b**2,
        "one bad": flat + 0.1 * (a == a[levels // 2]),
        "valley": flat + 0.1 * a**2 + 0.03 * b**2,
        "slope": flat + 0.015 * (a + 1),
    }[kind]


def noise_of(kind, rng, shape):
    """Noise of each trial; ``alike``: neighbouring levels resemble each other, and all of a level do."""
    drawn = rng.standard_normal(shape)
    if kind == "uneven":
        return np.linspace(0.004, 0.064, shape[0])[:, None, None] * drawn
    if kind == "skewed":
        return NOISE * (rng.exponential(1.0, shape) - 1)
    if kind == "alike":
        apart = np.abs(np.subtract.outer(np.arange(shape[0]), np.arange(shape[0])))
        of_level = np.linalg.cholesky(np.exp(-apart / 2)) @ rng.standard_normal((shape[0], shape[2]))
        return NOISE * (np.sqrt(0.6) * of_level[:, None] + np.sqrt(0.4) * drawn)
    return NOISE * drawn


def repeated(kind, noise, shape, times):
    """Share of intervals that hold the truth of the named pair, share above 0, mean error, and raw."""
    truth = truth_of(kind, *shape[:2])
    reached, found = truth.min(axis=1), []
    for seed in range(times):
        values = truth[..., None] + noise_of(noise, np.random.default_rng([seed, *shape]), shape)
        row = worst_of(study_of(values), "a")
        assert row["worst_low"] <= row["worst_cost"] <= row["worst_high"]
        assert 0 <= row["cost_low"] <= row["cost"] <= min(row["cost_high"], row["worst_cost"])
        seen = values.mean(axis=2).min(axis=1)
        assert row["worst_at"] == np.argmax(seen)
        cost = reached[np.argmax(seen)] - reached[np.argmin(seen)]
        held = row["worst_low"] <= cost + 1e-12 and cost <= row["worst_high"] + 1e-12
        found.append((held, row["worst_low"] > 0, row["worst_cost"] - cost, np.ptp(seen) - cost))
    return np.mean(found, axis=0)


def test_of_values_that_do_the_same_none_is_worse():
    """Eight levels, two replicates, forty sweeps: the named pair lies 0.04 apart and nothing is claimed."""
    held, above, error, raw = repeated("null", "even", (8, 1, 2), 40)
    assert held >= 0.9
    assert above <= 0.1
    assert raw > 0.03
    assert abs(error) < 0.2 * raw


def blind(kind, shape, times):
    """Share of intervals of a blind choice that hold its true cost, share above 0, mean error, and raw."""
    truth, found = truth_of(kind, *shape[:2]), []
    reached = truth.min(axis=1)
    half = np.concatenate([[0.5], np.ones(shape[0] - 2), [0.5]]) / (shape[0] - 1)  # under the prior
    for seed in range(times):
        values = truth[..., None] + noise_of("even", np.random.default_rng([seed, *shape]), shape)
        row, seen = worst_of(study_of(values), "a"), values.mean(axis=2).min(axis=1)
        cost = float(half @ reached - reached.min())
        held = row["cost_low"] - 1e-12 <= cost <= row["cost_high"] + 1e-12
        found.append((held, row["cost_low"] > 0, row["cost"] - cost, half @ seen - seen.min() - cost))
    return np.mean(found, axis=0)


def test_a_blind_choice_among_values_that_do_the_same_costs_nothing():
    """Eight levels, two replicates, forty sweeps: the mean lies 0.02 above the best, by its luck alone."""
    held, above, error, raw = blind("null", (8, 1, 2), 40)
    assert held >= 0.9
    assert above <= 0.1
    assert raw > 0.015
    assert abs(error) < 0.2 * raw


def test_a_blind_choice_costs_what_it_costs():
    """One level of eight is 0.1 worse: a seventh of the range, as far as it is known."""
    held, _, error, raw = blind("one bad", (8, 5, 3), 20)
    assert held >= 0.9
    assert abs(error) < 0.005 < raw


@pytest.mark.parametrize("seed", range(20))
def test_a_blind_choice_never_costs_more_than_the_worst_value(seed):
    """Any number of levels, of other settings and of replicates, also one; any spread beside the noise."""
    rng = np.random.default_rng(seed)
    shape = (int(rng.integers(2, 9)), int(rng.integers(1, 4)), int(rng.integers(1, 4)))
    spread = 10 ** rng.uniform(-3, 1)
    values = spread * rng.standard_normal(shape[:2])[..., None] + rng.standard_normal(shape)
    study = study_of(values)
    row = worst_of(study, "a")
    assert 0 <= row["cost"] <= row["worst_cost"]
    retuned = tolerance(study).query("branch == 'all' and setting == 'a' and method == 're-tuned'")
    assert retuned["regret"].tolist() == [row["cost"]]
    again = tunability(study).query("branch == 'all' and setting == 'a' and kind == 'cost re-tuned'")
    assert again["amount"].tolist() == pytest.approx([row["worst_cost"]], abs=1e-12)


@pytest.mark.parametrize(("step", "good"), [(0.0, True), (0.2, False)])
def test_a_value_that_costs_less_than_the_tolerance_is_good(step, good):
    """Three levels that do the same, or of which one is worse; ten times more is lost by another setting.

    As they lie the worst of those that do the same is beyond the tolerance; less the luck it is within.
    """
    rng = np.random.default_rng(3)
    values = np.array([0.0, 0.0, step])[:, None, None] + np.array([0.0, 0.05, 0.1])[None, :, None]
    values = values + 0.01 * rng.standard_normal((3, 3, 2))
    study = study_of(values)
    row = tolerance(study).query("branch == 'all' and setting == 'a' and method == 're-tuned'").iloc[0]
    lowest = values.mean(axis=2).min(axis=1)
    assert np.ptp(lowest) > row["bar"] - lowest.min()
    assert (worst_of(study, "a")["worst_cost"] <= row["bar"] - lowest.min()) == good
    assert (row["fraction"] == 1, row["remarks"].has(WITHIN_LUCK)) == (good, good)


def test_a_bad_value_costs_what_it_costs():
    """One level of eight is 0.1 worse, in any sweep told from 0."""
    held, above, error, _ = repeated("one bad", "even", (8, 5, 3), 20)
    assert (held >= 0.9, above) == (True, 1.0)
    assert abs(error) < 0.01


def test_upper_ends_reach_as_far_as_the_noise_of_few_trials_may(monkeypatch):
    """Twice the reach, twice as far above the plain differences."""
    values = np.arange(4.0)[:, None, None] + np.random.default_rng(0).standard_normal((4, 3, 2))
    seen = values.mean(axis=2).min(axis=1)
    raw = np.array([np.ptp(seen), [1 / 6, 1 / 3, 1 / 3, 1 / 6] @ seen - seen.min()])
    monkeypatch.setattr(along, "_more_of_few", lambda *_: 1.0)
    above = []
    for reach in (1.0, 2.0):
        monkeypatch.setattr(along, "reach_of", lambda _, reach=reach: reach)
        row = worst_of(study_of(values), "a")
        above.append(np.array([row["worst_high"], row["cost_high"]]) - raw)
    assert above[1] == pytest.approx(2 * above[0])
    assert (above[0] > 0).all()


def test_without_replicates_nothing_is_taken_off():
    """One level of eight is 0.1 worse: the difference as the curve has it, and no interval of it."""
    values = truth_of("one bad", 8, 5)[..., None] + noise_of("even", np.random.default_rng(0), (8, 5, 1))
    study = study_of(values)
    row, seen = worst_of(study, "a"), retuned(reachable(study), "a", np.ones(40, dtype=bool)).best
    assert row["worst_cost"] == pytest.approx(np.ptp(seen))
    assert row["cost"] == pytest.approx(np.array([0.5, *[1] * 6, 0.5]) / 7 @ seen - seen.min())
    assert np.isnan(row["worst_low"])
    assert row["cost_low"] <= row["cost"] <= row["cost_high"]


def test_without_noise_it_is_the_difference():
    """1, 4 and 6 in both replicates, the best of b at each: 5, for certain."""
    values = np.array([[1.0, 2.0], [4.0, 9.0], [7.0, 6.0]])[..., None] + np.zeros(2)
    row = worst_of(study_of(values), "a")
    assert row["worst_at"] == 2.0
    assert [row[f"worst_{end}"] for end in ("cost", "low", "high")] == pytest.approx([5.0, 5.0, 5.0])


def test_of_single_trials_there_is_no_interval():
    """Nor is there anything of a setting that does not vary."""
    row = worst_of(study_of(np.arange(6.0).reshape(3, 2, 1)), "a")
    assert row["worst_at"] == 2.0
    assert np.isnan([row["worst_low"], row["worst_high"]]).all()
    assert worst_of(study_of(np.arange(3.0).reshape(3, 1, 1)), "b") == {}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "noise", "shape", "least"),
    [
        *[("null", "even", (levels, 1, seeds), 0.92) for levels in (2, 3, 8, 24) for seeds in (2, 3, 5)],
        ("null", "even", (8, 5, 2), 0.92),
        ("null", "even", (3, 25, 2), 0.92),
        ("null, rest tuned", "even", (8, 5, 2), 0.92),
        ("null", "skewed", (8, 5, 3), 0.92),
        ("null", "uneven", (8, 5, 3), 0.9),
        ("null", "alike", (8, 5, 3), 0.92),
        ("null", "alike", (8, 5, 2), 0.87),
        ("null", "alike", (3, 25, 2), 0.84),
        ("one bad", "even", (8, 5, 2), 0.92),
        ("one bad", "even", (8, 1, 3), 0.92),
        ("one bad", "alike", (5, 10, 2), 0.9),
        ("valley", "even", (8, 5, 2), 0.92),
        ("valley", "uneven", (9, 5, 3), 0.92),
        ("valley", "alike", (9, 5, 3), 0.92),
        ("slope", "even", (8, 5, 3), 0.92),
        ("slope", "even", (8, 1, 2), 0.92),
        ("slope", "alike", (8, 5, 2), 0.9),
        ("slope", "uneven", (8, 5, 3), 0.86),
    ],
)
def test_new_replicates(kind, noise, shape, least):
    """300 sweeps of each kind: how often the interval holds the true cost of the pair it names.

    Measured: 93 to 99.8 % where trials scatter independently and evenly; worst where two replicates move all
    of a level alike, which leaves two or three deviations to tell the noise by (88 to 91 %).
    """
    held, above, error, raw = repeated(kind, noise, shape, 300)
    print(
        f"{kind}, {noise}, {shape}: {held:.1%}, above 0 {above:.1%}, error {error:+.4f}, unallowed {raw:+.4f}"
    )
    assert held >= least - 0.02  # of 300 sweeps, one standard error
    assert abs(error) < max(abs(raw), 0.015)


def reachable_held(truth, levels, others, replicates, times):
    """Share of levels whose interval holds the mean of the configuration that is best there."""
    held = []
    for seed in range(times):
        rng = np.random.default_rng([seed, levels, others, replicates])
        of_level = np.linspace(0, {"equal": 0.0, "spread": 0.1}[truth], others)
        true = rng.permuted(np.tile(of_level, (levels, 1)), axis=1)
        values = true[..., None] + noise_of("even", rng, (levels, others, replicates))
        table = isolation_curves(study_of(values)).query("branch == 'all' and setting == 'a'")
        chosen = np.take_along_axis(true, values.mean(axis=2).argmin(axis=1)[:, None], axis=1)[:, 0]
        held.append((table["low"].to_numpy() <= chosen) & (chosen <= table["high"].to_numpy()))
    return float(np.mean(held))


@pytest.mark.parametrize("truth", ["equal", "spread"])
def test_what_can_be_reached_at_a_level_allows_for_the_best_of_many(truth):
    """Five levels of thirty, three replicates, ten sweeps: 86 and 79 % before luck was allowed for."""
    assert reachable_held(truth, 5, 30, 3, 10) >= 0.92


@pytest.mark.slow
@pytest.mark.parametrize("truth", ["equal", "spread"])
@pytest.mark.parametrize("size", [(3, 10), (10, 10), (3, 100), (10, 100), (4, 300)])
@pytest.mark.parametrize("replicates", [2, 3, 5])
def test_new_replicates_of_what_can_be_reached(truth, size, replicates):
    """Before luck was allowed for 78 to 91 % where all are equal, 78 to 97 % where they are spread."""
    share = reachable_held(truth, *size, replicates, 20)
    print(f"{truth}, {size} × {replicates}: {share:.1%}")
    assert share >= 0.88


@pytest.mark.slow
@pytest.mark.parametrize("shape", [(3, 1, 2), (8, 1, 3), (24, 1, 2), (24, 1, 5), (8, 5, 2)])
@pytest.mark.parametrize("kind", ["null", "one bad", "valley", "slope"])
def test_new_replicates_of_a_blind_choice(kind, shape):
    """300 sweeps of each: inside in 95 to 100 %; where values differ by less than the noise, too little."""
    held, above, error, raw = blind(kind, shape, 300)
    print(f"{kind}, {shape}: {held:.1%}, above 0 {above:.1%}, error {error:+.4f}, unallowed {raw:+.4f}")
    assert held >= 0.92
    assert error < 0.5 * raw
