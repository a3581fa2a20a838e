import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sensitivity.measures import cells, noise
from sensitivity.measures.effects import UNEVEN
from sensitivity.measures.ranking import rank
from sensitivity.measures.variance import (
    branch_effects,
    branch_space,
    decomposition,
    effects,
    interactions,
    is_balanced_factorial,
    main_effects,
)
from sensitivity.trials import read_csv, write_csv
from sweeps.space import FloatRange, Setting, Space, Variant

# Two settings a, b of three levels, two replicates. Cell means     b1 b2 b3 | mean
#                                                              a1    1  2  3 | 2
#                                                              a2    4  5  6 | 5
#                                                              a3   10 11 15 | 12
# Replicate 0 lies 1 below, replicate 1 lies 1 above; cell (a1, b1) has ∓0.5 more, cell (a2, b1) ±0.5.
HAND = {(1, 1): 1, (1, 2): 2, (1, 3): 3, (2, 1): 4, (2, 2): 5, (2, 3): 6, (3, 1): 10, (3, 2): 11, (3, 3): 15}
EXTRA = {(1, 1): 0.5, (2, 1): -0.5}


@pytest.fixture
def hand(setting, tabulate):
    space = Space([setting("a", 1, 2, 3), setting("b", 1, 2, 3)])

    def response(c, replicate):
        place = (c["a"], c["b"])
        return HAND[place] + (1 + EXTRA.get(place, 0)) * (1 if replicate else -1)

    return tabulate(space, response, 2), space


def test_hand_worked_table(hand):
    """Shares, noise and F tests of a 3 × 3 × 2 table agree with the numbers worked out by hand.

    Grand mean 57/9 = 19/3. Means of a 2, 5, 12: deviations −13/3, −4/3, 17/3, τ²_a = 474/27 = 158/9.
    Means of b 5, 6, 8: deviations −4/3, −1/3, 5/3, τ²_b = 42/27 = 14/9.
    Sum of squares of the cells 1+4+9+16+25+36+100+121+225 = 537; V = 537/9 − 361/9 = 176/9.
    Residuals: +0.5 and −0.5 in two cells, both replicates: 4 · 0.25 = 1; df (9−1)(2−1) = 8; σ² = 1/8.
    Noise in the means σ²/R = 1/16; it adds df/C: 2/9 to a and b, 8/9 to V:
    a 158/9 − 1/72 = 1263/72, b 14/9 − 1/72 = 111/72, V 176/9 − 4/72 = 1404/72, V_y = V + 9/72 = 1413/72.
    Total of a: V − b = 1293/72, of b: V − a = 141/72.
    F: a 2·9·(158/9)/2 / (1/8) = 1264, b 2·9·(14/9)/2 / (1/8) = 112.
    Replicate means ∓1: sample variance 2, less σ²/9 = 1/72: 143/72.
    """
    table, space = hand
    found = main_effects(table, space)
    assert found["setting"].tolist() == ["a", "b", "seed (noise)", "split and seed of the replicate"]
    expected = np.array([1263, 111, 9, 143]) / 1413
    np.testing.assert_allclose(found["main_effect"], expected, rtol=1e-12)
    np.testing.assert_allclose(found["total_effect"], np.array([1293, 141, 9, 143]) / 1413, rtol=1e-12)
    array = cells.cell_table(table, space)
    seed = noise.estimate(array.values)
    of_a, of_b = (noise.main_effect_test(array, array.means(), axis, seed) for axis in (0, 1))
    assert (of_a.df, of_a.statistic, of_b.statistic) == (2, pytest.approx(1264), pytest.approx(112))
    # All terms of b: main 2·9·(14/9) = 28, interaction 2·(176 − 158 − 14) = 8, 2 + 4 df: 6 / (1/8) = 48.
    total = noise.total_effect_test(array, 1, seed)
    assert (total.df, total.statistic) == (6, pytest.approx(48))


def test_hand_worked_ranking(hand):
    """Setting a comes first; best level 1 (mean 2), worst level 3 (mean 12), where tuning b reaches 10."""
    table, space = hand
    first = rank(effects(table, space), table, space).iloc[0]
    columns = ["rank", "setting", "best_value", "best_level_mean", "worst_level_mean", "worst_level_retuned"]
    assert first[columns].tolist() == [1, "a", 1, 2.0, 12.0, 10.0]


def test_pure_interaction_has_no_main_effect(setting, tabulate):
    """For exclusive or every main effect is 0, every total 1, and the interaction everything."""
    space = Space([setting("a", 0, 1), setting("b", 0, 1)])
    table = tabulate(space, lambda c, _: c["a"] ^ c["b"], 2)
    found = main_effects(table, space)
    np.testing.assert_allclose(found["main_effect"], [0, 0, 0, 0], atol=1e-12)
    np.testing.assert_allclose(found["total_effect"], [1, 1, 0, 0], atol=1e-12)
    assert interactions(table, space)["interaction"].tolist() == [pytest.approx(1)]
    assert (found["verdict"][:2] == "above the noise of the seed").all()


def test_pure_noise_is_rarely_above_the_noise(nested_space, tabulate):
    """Where nothing has an effect, some setting is called above the noise in about 5 % of 400 sweeps."""
    rng = np.random.default_rng(1)
    array = cells.cell_table(tabulate(nested_space, lambda _c, _r: 0.0, 2), nested_space)
    wrong = 0
    for _ in range(400):
        drawn = replace(array, values=rng.normal(size=(28, 2)) + np.array([0, 3]))
        wrong += (decomposition(drawn)["p_value"] < 0.05).any()
    assert 4 <= wrong <= 34  # Bonferroni and Holm: at most 5 %, here 20 ± 4.4


def test_each_f_test_is_uniform_under_its_hypothesis(nested_space, tabulate):
    """Tests of main effects and of totals reject at 10 % what is true in 10 % of 600 sweeps, β included."""
    rng = np.random.default_rng(2)
    array = cells.cell_table(tabulate(nested_space, lambda _c, _r: 0.0, 3), nested_space)
    rows = []
    for _ in range(600):
        drawn = replace(array, values=rng.normal(size=(28, 3)))
        rows.append(decomposition(drawn)[["main_p", "total_p"]][:3].to_numpy().ravel())
    np.testing.assert_allclose((np.array(rows) < 0.1).mean(axis=0), 0.1, atol=0.04)  # 3.3 standard errors


def test_branches_add_up(nested_space, tabulate):
    """Σ w V_branch + Var(branch means) = V to 1e-10 although sgd has a third of the configurations."""
    rng = np.random.default_rng(3)
    table = tabulate(nested_space, lambda _c, _r: rng.normal(), 2)
    whole = cells.cell_table(table, nested_space).means()
    inside, means = [], []
    for name in ("sgd", "momentum", "adam"):
        rows = table[table["optimizer"] == name]
        inside.append(cells.cell_table(rows, branch_space(nested_space, "optimizer", name)).means().var())
        means.append(rows["value"].mean())
    assert np.mean(inside) + np.var(means) == pytest.approx(whole.var(), abs=1e-10)
    assert cells.closed_variance(whole, [0]) == pytest.approx(np.var(means), abs=1e-10)


def test_inactive_setting_counts_as_ignored(nested_space, tabulate):
    """β acts in 2 of 3 optimizers with variance 2/3: total 4/9, main (2/3)² · 2/3 = 8/27 (hand-worked)."""
    beta = {None: 0, 0.5: -1, 0.9: 0, 0.99: 1}
    table = tabulate(nested_space, lambda c, _: beta[c.get("beta")])
    array = cells.cell_table(table, nested_space)
    means, quiet = array.means(), np.zeros(28)
    assert cells.total_variance(array, means, 2, quiet) == pytest.approx(4 / 9)
    assert cells.corrected_variance(array, means, [2], quiet) == pytest.approx(8 / 27)


@pytest.mark.parametrize("loud", [0.0, 2.0])
def test_corrected_shares_are_unbiased(nested_space, tabulate, loud):
    """Mean over 500 sweeps equals the noise-free share to 0.006, also where one optimizer is far noisier."""
    rng = np.random.default_rng(4)

    def truth(c, _):
        return np.log10(c["learning_rate"]) * (c["optimizer"] != "sgd") + 3 * c.get("beta", 0.9)

    table = tabulate(nested_space, truth, 2)
    array = cells.cell_table(table, nested_space)
    spread = [[0.3 + loud * (c["optimizer"] == "adam")] for c in array.configurations]
    quiet, means, clean = np.zeros(28), array.means(), array.values.copy()  # noqa: PD011 (no pandas)
    # Every optimizer has a third of the weight, so σ² is a third of adam's variance and two of the others'.
    sigma = (2 * 0.3**2 + (0.3 + loud) ** 2) / 3
    mains = [cells.corrected_variance(array, means, [axis], quiet) for axis in range(3)]
    totals = [cells.total_variance(array, means, axis, quiet) for axis in range(3)]
    expected = np.array([mains, totals]) / (means.var() + sigma)
    found = []
    for _ in range(500):
        noisy = clean + rng.normal(size=(28, 2)) * spread + np.array([0, 0.5])
        drawn = replace(array, values=noisy)
        found.append(decomposition(drawn)[["main_effect", "total_effect"]][:3].to_numpy().T)
    tolerance = 0.006 if loud == 0 else 0.02  # the ratio's own bias: the denominator of a loud sweep is loud
    np.testing.assert_allclose(np.mean(found, axis=0), expected, atol=tolerance)


def test_without_replicates_the_verdict_says_so(hand):
    """One replicate gives numbers but no verdict, and an empty row of the seed."""
    table, space = hand
    found = main_effects(table[table["replicate"] == 0], space)
    assert (found["verdict"] == "cannot be judged: no replicates").all()
    assert found["main_effect"].isna().tolist() == [False, False, True, True]


def test_constant_response_is_no_division_by_zero(hand):
    """Where every trial ends alike there is nothing to share out, and the verdict says that."""
    table, space = hand
    found = main_effects(table.assign(value=0.9), space)
    assert found["main_effect"].isna().all()
    assert found["verdict"][0] == "cannot be judged: every trial gave the same value"


def test_incomplete_plans_are_no_factorial(hand):
    """A missing, doubled or foreign trial hands over to the bins; search trials never count."""
    table, space = hand
    assert is_balanced_factorial(table, space)
    assert not is_balanced_factorial(table.iloc[1:], space)
    assert not is_balanced_factorial(pd.concat([table, table.iloc[:1]]), space)
    assert not is_balanced_factorial(table.assign(a=table["a"] + 1), space)
    searched = pd.concat([table, table.iloc[:3].assign(phase="search", value=-100.0)])
    pd.testing.assert_frame_equal(main_effects(searched, space), main_effects(table, space))
    assert effects(table.iloc[1:], space)["total_effect"][:2].isna().all()


def test_a_table_from_a_file_gives_the_same_shares(nested_space, tabulate, tmp_path):
    """The levels are found again after a trip through CSV, rounded learning rates included."""
    rng = np.random.default_rng(5)
    table = tabulate(nested_space, lambda _c, _r: rng.random(), 2)
    write_csv(table, tmp_path / "trials.csv")
    found = main_effects(read_csv(tmp_path / "trials.csv"), nested_space)
    pd.testing.assert_frame_equal(found, main_effects(table, nested_space), rtol=1e-6)


def with_ranges(setting, levels):
    """Learning rate with another range for adam, of ``levels`` levels where the others have 3."""
    low = Variant(FloatRange(1e-4, 1e-2, log=True, levels=levels), {"optimizer": ("adam",)})
    high = Variant(FloatRange(1e-2, 1.0, log=True, levels=3))
    return Space(
        [setting("optimizer", "sgd", "adam"), Setting("learning_rate", (low, high)), setting("b", 1, 2)]
    )


def test_moved_range_is_compared_by_position(setting, tabulate):
    """With equally many levels, the middle of each range is one level, and the verdict says so."""
    space = with_ranges(setting, 3)
    best = {"sgd": 0.1, "adam": 1e-3}
    table = tabulate(space, lambda c, _: abs(np.log10(c["learning_rate"] / best[c["optimizer"]])), 2)
    found = main_effects(table, space).set_index("setting")
    np.testing.assert_allclose(found["main_effect"][:3], [0, 1, 0], atol=1e-12)
    assert "by position" in found.loc["learning_rate", "verdict"]


def test_uneven_ranges_are_reported_inside_each_branch_only(setting, tabulate):
    """With 3 and 2 levels the learning rate has no share of the whole; the others keep theirs, exactly."""
    space = with_ranges(setting, 2)
    # sgd: 0, 1, 2 by level, variance 2/3; adam: 0, 3, variance 9/4, means 1 and 3/2; b: ±1/2, variance 1/4.
    level = {("sgd", 0.01): 0, ("sgd", 0.1): 1, ("sgd", 1.0): 2, ("adam", 1e-4): 0, ("adam", 1e-2): 3}
    table = tabulate(space, lambda c, _: level[c["optimizer"], c["learning_rate"]] + c["b"])
    found = main_effects(table, space).set_index("setting")
    whole = (2 / 3 + 9 / 4) / 2 + 1 / 16 + 1 / 4
    assert found.loc["learning_rate", "verdict"] == UNEVEN
    assert np.isnan(found.loc["learning_rate", "total_effect"])
    assert found.loc["optimizer", "main_effect"] == pytest.approx(1 / 16 / whole)
    assert found.loc["b", ["main_effect", "total_effect"]].tolist() == pytest.approx([1 / 4 / whole] * 2)
    inside = branch_effects(table, space).set_index(["branch", "setting"])["main_effect"]
    assert inside["sgd", "learning_rate"] == pytest.approx((2 / 3) / (2 / 3 + 1 / 4))
    assert inside["adam", "learning_rate"] == pytest.approx((9 / 4) / (9 / 4 + 1 / 4))


def test_holm_by_hand():
    """0.01, 0.04, 0.03 become 0.03, 0.06, 0.06: factors 3, 2, 1 in ascending order, never decreasing."""
    assert noise.holm([0.01, 0.04, np.nan, 0.03]) == pytest.approx([0.03, 0.06, np.nan, 0.06], nan_ok=True)


def test_thousands_of_trials_take_less_than_three_seconds(setting, tabulate):
    """The decomposition and the ranking of 6,048 trials are quick enough to run after every sweep."""
    space = Space(
        [setting(name, *range(6)) for name in "abc"] + [setting("d", *range(7)), setting("e", 0, 1)]
    )
    rng = np.random.default_rng(6)
    table = tabulate(space, lambda _c, _r: rng.random(), 2)
    start = time.perf_counter()
    rank(effects(table, space), table, space)
    assert len(table) == 6048
    assert time.perf_counter() - start < 3
