import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sensitivity.estimators import cells, forms, noise, significance
from sensitivity.estimators.effects import COLUMNS
from sensitivity.estimators.factorial import decomposition, exact_decomposition
from sensitivity.estimators.shares import corrected_shares
from sensitivity.files import write_csv
from sensitivity.measures.ranking import rank, with_noise
from sensitivity.measures.variance import variance_decomposition
from sensitivity.remarks import worded
from sensitivity.study import Study
from sensitivity.trials import read_csv
from sweeps.space import FloatRange, Setting, Space, Variant

# Two settings a, b of three levels, two replicates. Cell means     b1 b2 b3 | mean
#                                                              a1    1  2  3 | 2
#                                                              a2    4  5  6 | 5
#                                                              a3   10 11 15 | 12
# Replicate 0 lies 1 below, replicate 1 lies 1 above; cell (a1, b1) has ∓0.5 more, cell (a2, b1) ±0.5.
HAND = {(1, 1): 1, (1, 2): 2, (1, 3): 3, (2, 1): 4, (2, 2): 5, (2, 3): 6, (3, 1): 10, (3, 2): 11, (3, 3): 15}
EXTRA = {(1, 1): 0.5, (2, 1): -0.5}


def shares(found, kind, branch="all"):
    """Shares of one kind by setting."""
    rows = found[(found["branch"] == branch) & (found["kind"] == kind)]
    return rows.set_index("setting")["share"]


def sum_of_parts(found):
    """What main effects, interactions and the noise of each branch add up to."""
    return found[found["kind"].isin(["main", "interaction", "noise"])].groupby("branch")["share"].sum()


@pytest.fixture
def hand(setting, tabulate):
    space = Space([setting("a", 1, 2, 3), setting("b", 1, 2, 3)])

    def response(c, replicate):
        place = (c["a"], c["b"])
        return HAND[place] + (1 + EXTRA.get(place, 0)) * (1 if replicate else -1)

    return tabulate(space, response, 2), space


def test_hand_worked_table(hand):
    """Shares, noise and tests of a 3 × 3 × 2 table agree with the numbers worked out by hand.

    Grand mean 57/9 = 19/3. Means of a 2, 5, 12: deviations −13/3, −4/3, 17/3, τ²_a = 474/27 = 158/9.
    Means of b 5, 6, 8: deviations −4/3, −1/3, 5/3, τ²_b = 42/27 = 14/9.
    Sum of squares of the cells 1+4+9+16+25+36+100+121+225 = 537; V = 537/9 − 361/9 = 176/9.
    Residuals: +0.5 and −0.5 in two cells, both replicates: 4 · 0.25 = 1; df (9−1)(2−1) = 8; σ² = 1/8.
    Noise in the means σ²/R = 1/16; it adds df/C: 2/9 to a and b, 8/9 to V:
    a 158/9 − 1/72 = 1263/72, b 14/9 − 1/72 = 111/72, V 176/9 − 4/72 = 1404/72, V_y = V + 9/72 = 1413/72.
    Total of a: V − b = 1293/72, of b: V − a = 141/72; interaction 30/72.
    Replicate means ∓1: sample variance 2, less σ²/9 = 1/72: 143/72.
    """
    table, space = hand
    found = worded(exact_decomposition(Study(table, space)))
    assert tuple(found.columns) == (*COLUMNS, "verdict")
    kinds = ["main", "main", "total", "total", "interaction", "noise", "replicate"]
    assert found["kind"].tolist() == kinds
    assert found["setting"].tolist() == ["a", "b", "a", "b", "a × b", "seed", "split and seed"]
    expected = np.array([1263, 111, 1293, 141, 30, 9, 143]) / 1413
    np.testing.assert_allclose(found["share"], expected, rtol=1e-12)
    *others, replicate = zip(found["low"], found["share"], found["high"], strict=True)
    assert all(low <= share <= high for low, share, high in others)
    assert np.isnan(replicate[::2]).all()
    assert found["verdict"].iloc[-1] == "two replicates give it no interval"


def test_box_is_the_analysis_of_variance_where_variances_are_equal(hand):
    """With one σ² everywhere F and both degrees of freedom are those of the analysis of variance.

    F of a: 2·9·(158/9)/2 / (1/8) = 1264, of b 2·9·(14/9)/2 / (1/8) = 112, all terms of b: main
    2·9·(14/9) = 28, interaction 2·(176 − 158 − 14) = 8, (28 + 8)/6 / (1/8) = 48.
    """
    table = cells.cell_table(Study(*hand))
    variance = np.full(9, 1 / 16)
    found = forms.evaluate(table, [forms.pure([0]), forms.pure([1]), forms.total(1, 2)], variance)
    expected = found.diagonal @ variance
    np.testing.assert_allclose(found.value / expected, [1264, 112, 48], rtol=1e-12)
    squares = np.diag(found.spread) / 2 + found.diagonal**2 @ variance**2
    np.testing.assert_allclose(expected**2 / squares, [2, 2, 6], rtol=0.15)  # drawn signs


def test_hand_worked_ranking(hand):
    """Setting a comes first; best level 1 (mean 2), worst level 3 (mean 12), where tuning b reaches 10."""
    table, space = hand
    first = rank(worded(variance_decomposition(Study(table, space))), Study(table, space)).iloc[0]
    columns = [
        "rank",
        "setting",
        "value_in_best_configuration",
        "best_level_mean",
        "worst_level_mean",
        "worst_level_retuned",
    ]
    assert first[columns].tolist() == [1, "a", 1, 2.0, 12.0, 10.0]


def test_pure_interaction_has_no_main_effect(setting, tabulate):
    """For exclusive or of two settings, the third idle, everything is their interaction."""
    space = Space([setting("a", 0, 1), setting("b", 0, 1), setting("c", 0, 1, 2)])
    rng = np.random.default_rng(7)
    found = worded(
        exact_decomposition(
            Study(tabulate(space, lambda c, _: (c["a"] ^ c["b"]) + rng.normal(0, 1e-3), 2), space)
        )
    )
    np.testing.assert_allclose(shares(found, "main"), [0, 0, 0], atol=1e-4)
    np.testing.assert_allclose(shares(found, "total"), [1, 1, 0], atol=1e-4)
    np.testing.assert_allclose(shares(found, "interaction"), [1, 0, 0, 0], atol=1e-4)
    above = found[found["verdict"] == "above the noise of the seed"]
    assert above[["kind", "setting"]].to_numpy().tolist() == [
        ["total", "a"],
        ["total", "b"],
        ["interaction", "a × b"],
    ]


def test_three_settings_together_are_of_higher_order(setting, tabulate):
    """Parity of three settings is neither main effect nor pair; the row of the higher orders has it all."""
    space = Space([setting(name, 0, 1) for name in "abc"])
    found = worded(
        exact_decomposition(Study(tabulate(space, lambda c, _: c["a"] ^ c["b"] ^ c["c"], 2), space))
    )
    assert shares(found, "interaction").tolist() == pytest.approx([0, 0, 0, 1])


def test_pure_noise_is_noise(nested_space, tabulate):
    """Without any effect the noise has all of the variance; some row is above it in about 5 % of sweeps.

    The noise of adam at the largest rate is ten times the others': a pooled F test would be wrong far more
    often.
    """
    rng = np.random.default_rng(1)
    array = cells.cell_table(Study(tabulate(nested_space, lambda _c, _r: 0.0, 2), nested_space))
    loud = [
        [10.0 if c["optimizer"] == "adam" and c["learning_rate"] == 1.0 else 1.0]
        for c in array.configurations
    ]
    wrong, seed = 0, []
    for _ in range(100):
        drawn = array.with_values(rng.normal(size=(28, 2)) * loud + np.array([0, 3]))
        found = decomposition(drawn)
        seed.append(found.loc[found["kind"] == "noise", "share"].item())
        wrong += (found["judgement"] == "above").any()
    assert np.median(seed) == pytest.approx(1, abs=0.1)
    assert wrong <= 12  # 5 ± 2.2 at most


@pytest.mark.parametrize("replicates", [2, 5])
def test_box_tests_keep_their_level(nested_space, tabulate, replicates):
    """With noise that varies tenfold, each test rejects at 10 % in at most about 10 % of 400 sweeps."""
    rng = np.random.default_rng(2)
    array = cells.cell_table(Study(tabulate(nested_space, lambda _c, _r: 0.0, replicates), nested_space))
    spread = np.where(rng.random(28) < 0.3, 10.0, 1.0)[:, None]
    terms = [*(forms.pure([axis]) for axis in range(3)), *(forms.total(axis, 3) for axis in range(3))]
    rows = []
    for _ in range(400):
        drawn = array.with_values(rng.normal(size=(28, replicates)) * spread)
        seed = noise.estimate(drawn)
        parts = forms.evaluate(drawn, terms, seed.local / replicates)
        rows.append(significance.box_tests(parts, seed, 0.0))
    assert ((np.array(rows) < 0.1).mean(axis=0) < 0.15).all()  # 3.3 standard errors


def test_rows_add_up(nested_space, tabulate):
    """Main effects, pairs, higher orders and noise make 1 in every branch, with a third of sgd's cells."""
    rng = np.random.default_rng(9)
    found = worded(
        exact_decomposition(Study(tabulate(nested_space, lambda _c, _r: rng.normal(), 3), nested_space))
    )
    sums = sum_of_parts(found)
    assert sums.index.tolist() == ["all", "optimizer=adam", "optimizer=momentum", "optimizer=sgd"]
    np.testing.assert_allclose(sums, 1, atol=1e-10)
    between = shares(found, "between")["optimizer"]
    assert between == shares(found, "main")["optimizer"]


def test_an_uncrossed_setting_makes_branches_where_there_is_no_optimizer(setting, tabulate):
    """The setting of names with the largest total effect makes the branches; numbers never do."""
    space = Space([setting("kernel", "rbf", "linear"), setting("scaled", True, False), setting("c", 1, 10)])
    table = tabulate(space, lambda c, r: 3 * c["scaled"] + (c["kernel"] == "rbf") * c["c"] / 9 + r / 10, 2)
    branches = worded(exact_decomposition(Study(table, space)))["branch"].unique().tolist()
    assert branches == ["all", "scaled=true", "scaled=false"]
    numbers = Space([setting("a", 1, 2), setting("b", 1, 2)])
    alone = worded(exact_decomposition(Study(tabulate(numbers, lambda c, _: c["a"], 2), numbers)))
    assert alone["branch"].unique().tolist() == ["all"]


def test_branches_add_up(nested_space, tabulate):
    """Σ w V_branch + Var(branch means) = V to 1e-10 although sgd has a third of the configurations."""
    rng = np.random.default_rng(3)
    table = tabulate(nested_space, lambda _c, _r: rng.normal(), 2)
    whole = cells.cell_table(Study(table, nested_space))

    def closed(cells, axes):
        return forms.evaluate(cells, [{axes: 1}], np.zeros(len(cells.configurations))).value[0]

    inside = [closed(whole.branch(0, level), (0, 1)[: 2 if level else 1]) for level in range(3)]
    means = table.groupby("optimizer")["value"].mean()
    total = closed(whole, (0, 1, 2))
    assert np.mean(inside) + means.var(ddof=0) == pytest.approx(total, abs=1e-10)
    assert closed(whole, (0,)) == pytest.approx(means.var(ddof=0), abs=1e-10)
    # The same from plain sums of squares: every configuration with its own weight.
    cell = table.groupby(["optimizer", "learning_rate", "beta"], dropna=False)["value"].mean()
    weight = np.array([1 / 12 if np.isnan(beta) else 1 / 36 for *_, beta in cell.index])
    assert weight @ (cell - weight @ cell) ** 2 == pytest.approx(total, abs=1e-10)


def test_a_branch_is_the_decomposition_of_its_own_trials(nested_space, tabulate):
    """Inside sgd, say, the shares are those of a factorial of sgd's trials alone; β is left out there."""
    rng = np.random.default_rng(8)
    table = tabulate(nested_space, lambda _c, _r: rng.normal(), 3)
    found = worded(exact_decomposition(Study(table, nested_space)))
    alone = {
        "sgd": Space([nested_space.settings[1]]),
        "adam": Space(
            [
                nested_space.settings[1],
                replace(
                    nested_space.settings[2], variants=(Variant(nested_space.settings[2].variants[0].domain),)
                ),
            ]
        ),
    }
    for name, space in alone.items():
        rows = found[found["branch"] == f"optimizer={name}"].drop(columns="branch")
        expected = worded(exact_decomposition(Study(table[table["optimizer"] == name], space))).drop(
            columns="branch"
        )
        pd.testing.assert_frame_equal(rows.reset_index(drop=True), expected)


def test_inactive_setting_counts_as_ignored(nested_space, tabulate):
    """β acts in 2 of 3 optimizers with variance 2/3: total 4/9, main (2/3)² · 2/3 = 8/27 (hand-worked)."""
    beta = {None: 0, 0.5: -1, 0.9: 0, 0.99: 1}
    table = tabulate(nested_space, lambda c, _: beta[c.get("beta")])
    array = cells.cell_table(Study(table, nested_space))
    found = forms.evaluate(array, [forms.total(2, 3), forms.pure([2])], np.zeros(28))
    assert found.value.tolist() == pytest.approx([4 / 9, 8 / 27])


@pytest.mark.parametrize("loud", [0.0, 2.0])
def test_corrected_shares_are_unbiased(nested_space, tabulate, loud):
    """Mean over 500 sweeps equals the noise-free share to 0.006, also where one optimizer is far noisier."""
    rng = np.random.default_rng(4)

    def truth(c, _):
        return np.log10(c["learning_rate"]) * (c["optimizer"] != "sgd") + 3 * c.get("beta", 0.9)

    table = tabulate(nested_space, truth, 2)
    array = cells.cell_table(Study(table, nested_space))
    spread = [[0.3 + loud * (c["optimizer"] == "adam")] for c in array.configurations]
    clean = array.values.copy()  # noqa: PD011 (no pandas)
    # Every optimizer has a third of the weight, so σ² is a third of adam's variance and two of the others'.
    sigma = (2 * 0.3**2 + (0.3 + loud) ** 2) / 3
    terms = [*(forms.pure([axis]) for axis in range(3)), *(forms.total(axis, 3) for axis in range(3))]
    exact = forms.evaluate(array, [*terms, {(0, 1, 2): 1}], np.zeros(28)).value
    expected = exact[:-1] / (exact[-1] + sigma)
    found = []
    for _ in range(500):
        noisy = clean + rng.normal(size=(28, 2)) * spread + np.array([0, 0.5])
        drawn = array.with_values(noisy)
        found.append(corrected_shares(drawn, terms, noise.estimate(drawn))[1][:6])
    tolerance = 0.006 if loud == 0 else 0.02  # the ratio's own bias: the denominator of a loud sweep is loud
    np.testing.assert_allclose(np.mean(found, axis=0), expected, atol=tolerance)


def test_without_replicates_the_verdict_says_so(hand):
    """One replicate takes the highest interaction for the noise, says so, and knows nothing of the block."""
    table, space = hand
    found = worded(exact_decomposition(Study(table[table["replicate"] == 0], space)))
    rows = found.set_index("kind")
    assert rows.loc["noise", "verdict"] == (
        "nothing was run twice; what only many settings together would explain is taken for noise"
    )
    assert rows.loc["interaction", "share"] == pytest.approx(0, abs=1e-9)
    assert rows.loc["replicate", "verdict"] == "cannot be judged: nothing was run twice"
    assert rows.loc["replicate", ["share", "low", "high"]].isna().all()
    assert sum_of_parts(found)["all"] == pytest.approx(1)


def test_constant_response_is_no_division_by_zero(hand):
    """Where every trial ends alike there is nothing to share out, and the verdict says that."""
    table, space = hand
    found = worded(exact_decomposition(Study(table.assign(value=0.9), space)))
    assert found["share"].isna().all()
    assert (found["verdict"] == "cannot be judged, as every trial counts with the same value").all()


def test_replicates_that_agree_exactly_leave_no_noise(hand):
    """Without any noise the intervals are points, and what has an effect is above it."""
    table, space = hand
    found = worded(exact_decomposition(Study(table.assign(value=table["a"] * 1.0), space)))
    assert shares(found, "main").tolist() == pytest.approx([1, 0])
    np.testing.assert_allclose(found["high"], found["low"], atol=1e-9)
    assert found["verdict"][:2].tolist() == ["above the noise of the seed", "not above the noise"]


def test_a_setting_of_one_level_says_that_it_does_not_vary(setting, tabulate):
    """It has no share, no interaction, and no say in the correction over settings."""
    space = Space([setting("a", 1, 2, 3), setting("still", "only")])
    rng = np.random.default_rng(3)
    found = worded(
        exact_decomposition(Study(tabulate(space, lambda c, _: c["a"] + rng.normal(0, 0.1), 2), space))
    )
    rows = found[found["setting"].isin(["still", "a × still"])]
    assert (rows["verdict"] == "cannot be judged: it does not vary").all()
    np.testing.assert_allclose(rows["share"], 0, atol=1e-12)
    assert shares(found, "main")["a"] > 0.9


def test_incomplete_plans_are_no_factorial(hand):
    """Many missing, a doubled or foreign trial hand over to another estimator; search trials never count."""
    table, space = hand
    assert exact_decomposition(Study(table.iloc[3:], space)) is None
    assert exact_decomposition(Study(pd.concat([table, table.iloc[:1]]), space)) is None
    assert exact_decomposition(Study(table.assign(a=table["a"] + 1), space)) is None
    searched = pd.concat([table, table.iloc[:3].assign(phase="search", value=-100.0)])
    pd.testing.assert_frame_equal(
        worded(exact_decomposition(Study(searched, space))), worded(exact_decomposition(Study(table, space)))
    )
    assert len(worded(variance_decomposition(Study(table.iloc[3:], space))))


def test_missing_responses_are_left_out_and_said(hand):
    """Diverged trials without the metric leave a marked table; where none has it, a table without numbers."""
    table, space = hand
    some = worded(
        variance_decomposition(Study(table.assign(value=table["value"].where(table["a"] < 3, np.inf)), space))
    )
    assert some["verdict"].str.contains("without 6 of 18 trials, which have no value").all()
    assert some["share"].notna().any()
    none = worded(variance_decomposition(Study(table.assign(value=np.nan), space)))
    assert (none["verdict"] == "cannot be judged: no trial has a value").all()
    assert set(none["setting"]) >= {"a", "b"}
    integers = table.assign(value=pd.array([pd.NA, *range(17)], dtype="Int64"))
    assert len(rank(variance_decomposition(Study(integers, space)), Study(integers, space))) == 2


def test_a_table_from_a_file_gives_the_same_shares(nested_space, tabulate, tmp_path):
    """The levels are found again after a trip through CSV, rounded learning rates included."""
    rng = np.random.default_rng(5)
    table = tabulate(nested_space, lambda _c, _r: rng.random(), 2)
    write_csv(table, tmp_path / "trials.csv")
    found = worded(exact_decomposition(Study(read_csv(tmp_path / "trials.csv"), nested_space)))
    pd.testing.assert_frame_equal(found, worded(exact_decomposition(Study(table, nested_space))), rtol=1e-5)


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
    found = worded(exact_decomposition(Study(table, space)))
    np.testing.assert_allclose(shares(found, "main"), [0, 1, 0], atol=1e-12)
    moved = found[found["verdict"].str.contains("by place in the range")]
    assert moved["setting"].str.contains("learning_rate").all()
    assert len(moved) == 4  # main, total and two pairs; inside a branch nothing moves


def test_uneven_ranges_are_compared_by_position_too(setting, tabulate):
    """With 3 and 2 levels the rows still add up, the total needs no position, each branch has its own.

    sgd: 0, 1, 2 by level, variance 2/3; adam: 0, 3, variance 9/4, means 1 and 3/2; b: ±1/2, variance 1/4.
    By sixths of the range the mean over both is 0, 0, 1/2, 2, 5/2, 5/2: variance 14.75/6 − (5/4)².
    """
    space = with_ranges(setting, 2)
    level = {("sgd", 0.01): 0, ("sgd", 0.1): 1, ("sgd", 1.0): 2, ("adam", 1e-4): 0, ("adam", 1e-2): 3}
    table = tabulate(space, lambda c, _: level[c["optimizer"], c["learning_rate"]] + c["b"])
    found = worded(exact_decomposition(Study(table, space)))
    whole = (2 / 3 + 9 / 4) / 2 + 1 / 16 + 1 / 4
    main, total = shares(found, "main"), shares(found, "total")
    assert total["learning_rate"] == pytest.approx((2 / 3 + 9 / 4) / 2 / whole)
    assert main["optimizer"] == pytest.approx(1 / 16 / whole)
    assert [main["b"], total["b"]] == pytest.approx([1 / 4 / whole] * 2)
    by_sixths = np.array([0, 0, 1 / 2, 2, 5 / 2, 5 / 2])
    assert main["learning_rate"] == pytest.approx(by_sixths.var() / whole)
    np.testing.assert_allclose(sum_of_parts(found), 1, atol=1e-10)
    inside = [shares(found, "main", f"optimizer={name}")["learning_rate"] for name in ("sgd", "adam")]
    assert inside == pytest.approx([(2 / 3) / (2 / 3 + 1 / 4), (9 / 4) / (9 / 4 + 1 / 4)])


def test_ranking_has_the_decomposition_s_numbers(nested_space, tabulate):
    """Every share, interval and verdict of the ranking stands in the table of the decomposition."""
    rng = np.random.default_rng(4)
    table = tabulate(nested_space, lambda c, _: np.log10(c["learning_rate"]) + rng.normal(0, 0.3), 2)
    found = worded(variance_decomposition(Study(table, nested_space)))
    ranking = rank(found, Study(table, nested_space))
    assert ranking["rank"].tolist() == [1, 2, 3]
    assert ranking["total_effect"].is_monotonic_decreasing
    for kind, names in (
        ("main", "main_effect main_low main_high"),
        ("total", "total_effect total_low total_high"),
    ):
        rows = found[(found["branch"] == "all") & (found["kind"] == kind)].set_index("setting")
        expected = rows.loc[ranking["setting"], ["share", "low", "high"]]
        np.testing.assert_array_equal(ranking[names.split()], expected)
    beneath = with_noise(ranking, found)
    assert beneath["setting"][3:].tolist() == ["seed", "split and seed"]
    assert beneath["rank"].isna().tolist() == [False] * 3 + [True] * 2


def test_holm_by_hand():
    """0.01, 0.04, 0.03 become 0.03, 0.06, 0.06: factors 3, 2, 1 in ascending order, never decreasing."""
    assert significance.holm([0.01, 0.04, np.nan, 0.03]) == pytest.approx(
        [0.03, 0.06, np.nan, 0.06], nan_ok=True
    )


def test_thousands_of_trials_take_less_than_two_seconds(setting, tabulate):
    """All rows of 6,000 trials of five settings, intervals and four branches included, on one core."""
    space = Space(
        [
            setting("optimizer", *"abcd"),
            setting("b", *range(6)),
            *(setting(name, *range(5)) for name in "cde"),
        ]
    )
    rng = np.random.default_rng(6)
    table = tabulate(space, lambda _c, _r: rng.random(), 2)
    start = time.process_time()
    rank(worded(variance_decomposition(Study(table, space))), Study(table, space))
    assert len(table) == 6000
    assert time.process_time() - start < 2
