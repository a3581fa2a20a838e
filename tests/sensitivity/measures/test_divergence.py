import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sensitivity.estimators.branches import branches
from sensitivity.estimators.proportions import Clusters, mean_interval, replicate_correlation, wilson
from sensitivity.measures.divergence import (
    ALL_DIVERGED,
    LEVEL_TABLE,
    NOISE_OF_TWO,
    NONE_DIVERGED,
    PAIR_TABLE,
    REPLICATES_AGREE,
    divergence_by_level,
    divergence_by_pair,
    divergence_effects,
)
from sensitivity.measures.measuring import all_tables
from sensitivity.measures.survivors import COLUMNS, capped_and_survivors, survivor_shares
from sensitivity.remarks import Judgement, Remarks, has, worded
from sensitivity.study import Study
from sweeps.space import Choices, FloatRange, IntegerRange, Setting, Space, Variant

KNOWN = json.loads((Path(__file__).parents[2] / "statistics" / "known_answers.json").read_text())


@pytest.fixture
def cliff(nested_space, tabulate):
    """Table of `nested_space`, two replicates: 1.0 diverges always, 0.1 with momentum in replicate 0 only."""

    def response(c, replicate):
        return np.log10(c["learning_rate"]) ** 2 / 10 + 0.01 * replicate + 0.1 * c.get("beta", 0)

    table = tabulate(nested_space, response, 2)
    sometimes = (
        (table["optimizer"] == "momentum") & (table["learning_rate"] == 0.1) & (table["replicate"] == 0)
    )
    diverged = (table["learning_rate"] == 1) | sometimes
    return table.assign(
        outcome=np.where(diverged, "diverged", "trained"), value=np.where(diverged, 0.9, table["value"])
    )


def test_counts_are_those_of_pandas(cliff, nested_space):
    """Trials, diverged and fraction at every level are those of a groupby."""
    found = worded(divergence_by_level(Study(cliff, nested_space)))
    assert list(found.columns) == [column.name for column in LEVEL_TABLE]
    rows = found[(found["branch"] == "all") & (found["setting"] == "learning_rate")]
    expected = (cliff["outcome"] == "diverged").groupby(cliff["learning_rate"]).agg(["size", "sum", "mean"])
    np.testing.assert_allclose(rows["level_from"], expected.index)
    assert rows["level"].tolist() == ["0.001", "0.01", "0.1", "1"]
    np.testing.assert_allclose(rows[["trials", "diverged", "fraction"]], expected)
    assert rows["configurations"].tolist() == [7, 7, 7, 7]
    assert found[found["branch"] == "optimizer=sgd"]["setting"].unique().tolist() == ["", "learning_rate"]


def test_pairs_are_those_of_pandas(cliff, nested_space):
    """The fraction of every pair of levels that occurs is that of a pivot table."""
    found = worded(divergence_by_pair(Study(cliff, nested_space)))
    assert list(found.columns) == [column.name for column in PAIR_TABLE]
    rows = found[(found["branch"] == "all") & (found["first"] == "optimizer")]
    rows = rows[rows["second"] == "learning_rate"].pivot_table("fraction", "first_level", "second_level")
    flags = cliff.assign(flag=(cliff["outcome"] == "diverged").astype(float))
    expected = flags.pivot_table("flag", "optimizer", "learning_rate")
    np.testing.assert_allclose(rows.loc[expected.index, ["0.001", "0.01", "0.1", "1"]], expected)


def test_verdicts_compare_with_the_whole(cliff, nested_space):
    """A level that always diverges, one that never does, and the whole are told in words."""
    found = worded(divergence_by_level(Study(cliff, nested_space))).set_index(["branch", "setting", "level"])[
        "verdict"
    ]
    assert found["all", "learning_rate", "1"] == "all 14 diverged"
    assert found["all", "learning_rate", "0.001"].startswith("none of 14 diverged; up to")
    assert found["all", "", ""] == "17 of 56 diverged"


def test_wilson_without_replicates_is_wilson():
    """For configurations of one trial each the interval is SciPy's Wilson interval."""
    cell = np.repeat([0, 1, 2], [10, 20, 30])
    success = np.concatenate([np.arange(10) < 3, np.zeros(20), np.arange(30) < 29]).astype(float)
    fraction, low, high, effective = wilson(Clusters(cell, np.arange(60), 3), success)
    assert effective.tolist() == [10, 20, 30]
    for place, (hits, count) in enumerate([(3, 10), (0, 20), (29, 30)]):
        expected = stats.binomtest(hits, count).proportion_ci(method="wilson")
        assert (fraction[place], low[place], high[place]) == pytest.approx(
            (hits / count, expected.low, expected.high), abs=1e-9
        )


def test_replicates_that_always_agree_count_once():
    """Three identical replicates of each configuration have ρ = 1 and the interval of one."""
    flags = np.array([1.0, 0, 0, 1, 0, 0, 0, 1])
    once = wilson(Clusters(np.zeros(8, dtype=int), np.arange(8), 1), flags)
    thrice = wilson(Clusters(np.zeros(24, dtype=int), np.repeat(np.arange(8), 3), 1), np.repeat(flags, 3))
    np.testing.assert_allclose(thrice, once)


def test_nothing_diverged_counts_configurations_not_trials():
    """Where all replicates agree on "never", two replicates make the interval no narrower."""
    clusters = Clusters(np.zeros(20, dtype=int), np.repeat(np.arange(10), 2), 1)
    _, low, high, effective = wilson(clusters, np.zeros(20))
    assert (low[0], effective[0]) == (0, 10)
    assert high[0] == pytest.approx(stats.binomtest(0, 10).proportion_ci(method="wilson").high)


def test_correlation_by_hand():
    """Pairs (1,1), (1,0), (0,0), (0,0): MSB = 11/24, MSW = 1/8, ρ = (11/24 − 3/24) / (11/24 + 3/24) = 4/7.

    Means 1, ½, 0, 0 about 3/8: 2 (25/64 + 1/64 + 9/64 + 9/64) / 3 = 11/24. Within: ½ over 4.
    """
    clusters = Clusters(np.zeros(8, dtype=int), np.repeat(np.arange(4), 2), 1)
    found = replicate_correlation(clusters, np.array([1, 1, 1, 0, 0, 0, 0, 0.0]))
    assert found == pytest.approx(4 / 7)


def proportions_covered(sweeps, configurations, replicates, spread):
    """How often the interval holds the truth where configurations have probabilities of their own."""
    rng = np.random.default_rng(0)
    levels = np.array([-3.0, -1.0, 1.0])
    draw = 1 / (1 + np.exp(-(levels[:, None] + spread * rng.normal(size=(3, 200_000)))))
    truth = draw.mean(axis=1)
    cell = np.repeat(np.arange(3), configurations * replicates)
    cluster = np.repeat(np.arange(3 * configurations), replicates)
    covered = []
    for _ in range(sweeps):
        own = 1 / (
            1 + np.exp(-(np.repeat(levels, configurations) + spread * rng.normal(size=3 * configurations)))
        )
        flags = (rng.random(len(cell)) < np.repeat(own, replicates)).astype(float)
        _, low, high, _ = wilson(Clusters(cell, cluster, 3), flags)
        covered.append((low <= truth) & (truth <= high))
    return np.mean(covered, axis=0)


def test_intervals_of_fractions_cover():
    """Replicates of one configuration alike or not, at least 90 % of 300 sweeps hold the truth."""
    assert proportions_covered(300, 30, 2, 3.0).min() >= 0.9


@pytest.mark.slow
@pytest.mark.parametrize("replicates", [1, 2, 5])
@pytest.mark.parametrize("spread", [0.0, 1.5, 4.0])
@pytest.mark.parametrize("configurations", [10, 100])
def test_coverage_of_fractions(replicates, spread, configurations):
    """4,000 sweeps: at least 92 % at each of three levels."""
    covered = proportions_covered(4000, configurations, replicates, spread)
    print(f"R = {replicates}, spread = {spread}, k = {configurations}: covered {covered.round(3)}")
    assert covered.min() >= 0.92


def test_mean_interval_is_students():
    """Mean over configurations of one trial each: the one-sample t interval; NaN ends for a single one."""
    values = np.array([1.0, 2, 4, 7, 3])
    mean, low, high = mean_interval(Clusters(np.array([0, 0, 0, 0, 1]), np.arange(5), 2), values)
    expected = stats.ttest_1samp(values[:4], 0).confidence_interval()
    assert (mean[0], low[0], high[0]) == pytest.approx((3.5, expected.low, expected.high))
    assert (mean[1], np.isnan(low[1]), np.isnan(high[1])) == (3, True, True)


def test_effects_of_the_indicator_by_hand(cliff, nested_space):
    """Divergence at 1.0 alone is the learning rate's: main and total effect 1, all others 0."""
    table = cliff.assign(outcome=np.where(cliff["learning_rate"] == 1, "diverged", "trained"))
    found = worded(divergence_effects(Study(table, nested_space)))
    rows = found[(found["branch"] == "all") & found["kind"].isin(["main", "total"])]
    assert rows["share"].tolist() == pytest.approx([0, 1, 0, 0, 1, 0], abs=1e-9)
    assert (table["value"] == cliff["value"]).all()


def test_known_divergence(tabulate):
    """On 4,000 random trials of the known problem the indicator has the recorded main effects to 0.03."""
    edges = {"sgd": -0.25, "momentum": -0.7, "adam": -1.3}
    space = Space(
        [
            Setting("optimizer", (Variant(Choices(tuple(edges))),)),
            Setting("lr", (Variant(FloatRange(1e-5, 1.0, log=True)),)),
            Setting("batch_log2", (Variant(IntegerRange(4, 9)),)),
        ]
    )
    points = [space.configuration(u) for u in np.random.default_rng(0).random((4000, 3))]
    table = tabulate(space, lambda c, _: float(np.log10(c["lr"]) > edges[c["optimizer"]]), 1, points)
    table = table.assign(outcome=np.where(table["value"] == 1, "diverged", "trained"))
    found = worded(divergence_effects(Study(table, space)))
    main = found[(found["branch"] == "all") & (found["kind"] == "main")].set_index("setting")["share"]
    for name, share in KNOWN["diverged"]["divergence_indicator_exact"]["S1"].items():
        assert main[name] == pytest.approx(share, abs=0.03)
    whole = worded(divergence_by_level(Study(table, space))).iloc[0]
    assert whole["low"] <= KNOWN["diverged"]["p_diverge"] <= whole["high"]


def test_no_divergence_is_said(nested_space, tabulate):
    """Where nothing diverged the shares are empty and the verdict says so; the survivors are everybody."""
    table = tabulate(nested_space, lambda c, r: c["learning_rate"] + 0.1 * r * c.get("beta", 1), 2)
    found = worded(divergence_effects(Study(table, nested_space)))
    rows = found[(found["branch"] == "all") & (found["kind"] == "main")]
    assert all(has(rows["remarks"], NONE_DIVERGED))
    assert rows["share"].isna().all()
    both = worded(capped_and_survivors(Study(table, nested_space)))
    np.testing.assert_allclose(both["survivors_share"], both["capped_share"], atol=1e-12)
    np.testing.assert_allclose(both["survivors_high"], both["capped_high"], atol=1e-9)
    assert both["verdict"].str.startswith("no trial diverged").all()


def test_survivors_by_hand(setting, tabulate):
    """Without cell (2, 2) of y = 0, 1, 2: S_a = 3/4, T_a = T_b = 1/6 · 3 …, worked below.

    Cells (1,1) = 0, (1,2) = 1, (2,1) = 2, equal weights; mean 1, variance 2/3. Given a: ½ twice, 2 once, so
    Var E[y|a] = (2 · ¼ + 1) / 3 = ½, S_a = 3/4; given b: 1 twice and 1, S_b = 0. Given b = 1 a moves y by
    0 or 2, variance 1, weight 2/3: T_a = (2/3) / (2/3) = 1. Given a = 1 b moves y by 0 or 1: T_b = ¼.
    """
    space = Space([setting("a", 1, 2), setting("b", 1, 2)])
    table = tabulate(space, lambda c, _: 2 * c["a"] + c["b"] - 3, 2)
    survived = ~((table["a"] == 2) & (table["b"] == 2)).to_numpy(dtype=bool)
    study = Study(table, space)
    plan, found = study.plan, branches(study)
    main, total = survivor_shares(found[0].projection, plan["value"].to_numpy(), survived)
    np.testing.assert_allclose(main, [3 / 4, 0], atol=1e-12)
    np.testing.assert_allclose(total, [1, 1 / 4], atol=1e-12)


def test_survivor_shares_are_unbiased(nested_space, tabulate):
    """Over 200 sweeps with noise the survivors' totals average to the noise-free ones, scaled by V / V_y."""
    rng = np.random.default_rng(1)
    table = tabulate(nested_space, lambda c, _: np.log10(c["learning_rate"]) * (1 + c.get("beta", 0)), 3)
    study = Study(table, nested_space)
    plan, found = study.plan, branches(study)
    clean, projection = plan["value"].to_numpy(), found[0].projection
    survived = ((plan["learning_rate"] < 0.5) | (plan["optimizer"] == "sgd")).to_numpy(dtype=bool)
    truth = survivor_shares(projection, clean, survived)[1]
    weights = np.where(survived, found[0].weights, 0)
    mean = weights @ clean / weights.sum()
    variance = weights @ (clean - mean) ** 2 / weights.sum()
    draws = [
        survivor_shares(projection, clean + 0.5 * rng.normal(size=len(clean)), survived)[1]
        for _ in range(200)
    ]
    np.testing.assert_allclose(np.mean(draws, axis=0), truth * variance / (variance + 0.25), atol=0.02)


def test_a_branch_in_which_all_diverged_is_said_whatever_makes_it(setting, tabulate):
    """Every trial of b diverged, of a those at 1: b's rows say so, and a's have all their variance in x."""
    space = Space([setting("model", "a", "b"), setting("x", 1, 2, 3, 4)])
    table = tabulate(space, lambda c, _: c["x"], 2)
    table = table.assign(outcome=np.where((table["model"] == "b") | (table["x"] == 1), "diverged", "trained"))
    found = divergence_effects(Study(table, space))
    assert set(found[found["branch"] == "model=b"]["remarks"]) == {Remarks(ALL_DIVERGED)}
    assert found[(found["branch"] == "model=a") & (found["kind"] == "main")]["share"].tolist() == [1.0]


def test_a_rank_that_changes_is_flagged(setting, tabulate):
    """What decides divergence ranks first with the cap, and falls when only survivors count."""
    space = Space([setting("cliff", 0, 1, 2), setting("fine", *range(4))])
    rng = np.random.default_rng(0)
    table = tabulate(space, lambda c, _: 5.0 * (c["cliff"] == 2) + 0.1 * c["fine"] + 0.001 * rng.random(), 2)
    table = table.assign(outcome=np.where(table["cliff"] == 2, "diverged", "trained"))
    found = worded(capped_and_survivors(Study(table, space))).set_index("setting")
    assert list(found.reset_index().columns.sort_values()) == sorted(column.name for column in COLUMNS)
    assert found.loc["cliff", "verdict"].startswith("falls from rank 1 to rank 2 without the diverged trials")
    assert "no Sobol' index" in found.loc["fine", "verdict"]
    assert found.loc["fine", "survivors_share"] == pytest.approx(1, abs=0.01)


def test_shares_by_bins_are_said_to_be(cliff, nested_space):
    """A grid that lacks a fifth is no factorial: the ranks come from another estimator than the ranking's."""
    words = worded(capped_and_survivors(Study(cliff, nested_space)))["verdict"]
    assert not words.str.contains("by ranges of values").any()
    words = worded(capped_and_survivors(Study(cliff.iloc[len(cliff) // 5 :], nested_space)))["verdict"]
    assert words.str.endswith("computed another way than in the ranking").all()


@pytest.mark.parametrize("size", [0, 1, 3])
def test_any_number_of_trials_gives_tables_with_words(nested_space, tabulate, size):
    """No trials, one, three: no exception, no empty table, every row has its words."""
    table = tabulate(nested_space, lambda c, _: c["learning_rate"])[:size]
    for measure in (divergence_by_level, divergence_by_pair, divergence_effects, capped_and_survivors):
        found = worded(measure(Study(table, nested_space)))
        assert len(found)
        assert found["verdict"].str.len().min() > 0


def test_search_trials_do_not_count(cliff, nested_space):
    """Trials of an adaptive search went where it is good: they are in no fraction."""
    searched = pd.concat([cliff, cliff.assign(phase="search", outcome="trained")], ignore_index=True)
    pd.testing.assert_frame_equal(
        worded(divergence_by_level(Study(searched, nested_space))),
        worded(divergence_by_level(Study(cliff, nested_space))),
    )


def test_the_label_changes_no_number(tabulate, nested_space):
    """Called trained or diverged, trials give the same tables, but for those that count the label."""
    rng = np.random.default_rng(3)
    trials = tabulate(nested_space, lambda *_: float(rng.uniform(0.1, 0.9)), 2)
    label = pd.Series(np.where(trials["number"] % 5 == 0, "diverged", "trained"), dtype="str")
    about_it = {"divergence_by_level", "divergence_by_pair", "divergence_effects", "capped_and_survivors"}
    counting = {
        "pairs": ["diverged_share"],
        "isolation_curves": ["diverged_share"],
        "optimizer_comparison": ["failed", "failed_low", "failed_high", "failed_place", "remarks"],
    }
    one, other = (all_tables(Study(t, nested_space, cap=0.9)) for t in (trials, trials.assign(outcome=label)))
    for name in one.keys() - about_it:
        left = [column for column in one[name] if column not in counting.get(name, [])]
        pd.testing.assert_frame_equal(one[name][left], other[name][left])


def test_without_two_replicates_that_differ_divergence_has_no_interval(setting, tabulate):
    """Rates above 0.1 diverge with every seed: the shares stand, what another seed would do was not seen.

    With one network that diverges against its twin there is an interval again.
    """
    space = Space([setting("lr", 0.01, 0.1, 1.0, 10.0), setting("batch", 16, 64, 256)])
    table = tabulate(space, lambda c, r: c["lr"] + 0.1 * r, 2)
    table["outcome"] = np.where(table["lr"] > 0.1, "diverged", "trained")
    found = divergence_effects(Study(table, space))
    row = found[(found["kind"] == "main") & (found["setting"] == "lr")].iloc[0]
    assert row["share"] == pytest.approx(1)
    assert found["low"].isna().all()
    assert found["high"].isna().all()
    assert set(found["judgement"].dropna()) == {Judgement.UNKNOWN}
    assert all(cell.has(REPLICATES_AGREE) for cell in found["remarks"])
    table.loc[table.index[0], "outcome"] = "diverged"
    found = divergence_effects(Study(table, space))
    assert found.loc[found["kind"] == "main", "low"].notna().all()
    assert not any(cell.has(REPLICATES_AGREE) for cell in found["remarks"])


@pytest.mark.parametrize(("replicates", "told"), [(2, False), (3, True)])
def test_two_replicates_give_the_noise_of_divergence_no_interval(setting, tabulate, replicates, told):
    """Of two networks that end otherwise nobody knows how often a third would; the settings keep theirs."""
    space = Space([setting("lr", 0.01, 0.1, 1.0, 10.0), setting("batch", 16, 64, 256)])
    table = tabulate(space, lambda c, r: c["lr"] + 0.1 * r, replicates)
    table["outcome"] = np.where(table["lr"] > 0.1, "diverged", "trained")
    table.loc[table.index[[0, 5]], "outcome"] = "diverged"
    found = divergence_effects(Study(table, space)).set_index("kind")
    assert found.loc["main", ["low", "high"]].notna().all(axis=None)
    assert found.loc["noise", ["low", "high"]].notna().all() == told
    assert found.loc["noise", "share"] > 0
    assert found.loc["noise", "remarks"].has(NOISE_OF_TWO) != told
    assert not any(cell.has(NOISE_OF_TWO) for cell in found.loc["main", "remarks"])


def test_configurations_of_a_replicate_that_are_as_one_do_not_narrow_a_mean():
    """Ten configurations at .8, .9 and 1 with three seeds: 0.9 ± 4.30 · 0.1/√3, hand worked.

    With two seeds, one difference is all that tells it: no interval. With one, nothing is known of seeds.
    """
    number = np.repeat(np.arange(10), 3)
    clusters = Clusters(np.zeros(30, dtype=int), number, 1)
    mean, low, high = mean_interval(clusters, np.tile([0.8, 0.9, 1.0], 10), np.tile([0, 1, 2], 10))
    half = stats.t.ppf(0.975, 2) * 0.1 / np.sqrt(3)
    assert (mean[0], low[0], high[0]) == pytest.approx((0.9, 0.9 - half, 0.9 + half))
    two = Clusters(np.zeros(20, dtype=int), np.repeat(np.arange(10), 2), 1)
    assert np.isnan(mean_interval(two, np.tile([0.8, 0.9], 10), np.tile([0, 1], 10))[1][0])
    assert mean_interval(two, np.tile([0.8, 0.9], 10), np.zeros(20, dtype=int))[1][0] == pytest.approx(0.85)
