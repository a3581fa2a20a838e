import time

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sensitivity.estimators.branches import branches
from sensitivity.estimators.rankable import RANKS
from sensitivity.estimators.subsets import random_subsets, totals_of_subsets
from sensitivity.measures.concordance import COLUMNS as COMPARE_COLUMNS
from sensitivity.measures.concordance import chance_of_agreement, compare, concordance, kendall_tau
from sensitivity.measures.measure import whole
from sensitivity.measures.stability import COLUMNS, OTHER_HALF, OTHER_REPLICATES, stability
from sensitivity.remarks import worded
from sensitivity.study import Study
from sweeps.space import FloatRange, Setting, Space, Variant


@pytest.fixture
def clear(setting, tabulate):
    """Three settings of clearly different weight in a little noise: 6 × 5 × 4 × 2 replicates."""
    space = Space([setting("a", *range(6)), setting("b", *range(5)), setting("c", *range(4))])
    rng = np.random.default_rng(0)
    table = tabulate(space, lambda p, _: 9 * p["a"] + 3 * p["b"] + p["c"] + 0.1 * rng.normal(), 2)
    return table, space


def test_all_configurations_give_the_exact_totals(nested_space, tabulate):
    """The estimate from pairs *is* the exact total effect when nothing is missing, in branches too."""
    rng = np.random.default_rng(1)
    table = tabulate(nested_space, lambda c, _: np.log10(c["learning_rate"]) * rng.random(), 2)
    study = Study(table, nested_space)
    plan, found = study.plan, branches(study)
    response = plan[["value"]].to_numpy()
    for branch in found:
        projection = branch.projection
        totals = totals_of_subsets(projection, response, np.ones((1, len(projection.rows)), dtype=bool))[:, 0]
        exact = projection.shares(response).total[:, 0]
        np.testing.assert_allclose(totals / totals[0], exact / exact[0], atol=1e-12)


def test_subsets_tend_to_the_exact_totals(nested_space, tabulate):
    """The mean over 2,000 random halves is exact to 5 %, that of larger subsets to 1 %, and scatters less."""
    rng = np.random.default_rng(2)
    table = tabulate(nested_space, lambda c, _: np.log10(c["learning_rate"]) * (1 + c.get("beta", 0)), 1)
    study = Study(table, nested_space)
    plan, found = study.plan, branches(study)
    response, projection = plan[["value"]].to_numpy(), found[0].projection
    count = len(projection.rows)
    exact = totals_of_subsets(projection, response, np.ones((1, count), dtype=bool))
    scatter = []
    for size, near in ((count // 2, 0.05), (count - 4, 0.01)):
        totals = totals_of_subsets(projection, response, random_subsets(rng, count, size, 2000))
        np.testing.assert_allclose(np.nanmean(totals, axis=1), exact[:, 0], atol=near * exact.max())
        scatter.append(np.nanstd(totals, axis=1))
    assert (scatter[1] < scatter[0]).all()


def test_noise_is_taken_off_subsets_and_replicates(nested_space, tabulate):
    """Pure noise gives totals that average to zero in halves and in single replicates."""
    rng = np.random.default_rng(3)
    table = tabulate(nested_space, lambda _c, _r: 0.0, 2)
    study = Study(table, nested_space)
    plan, found = study.plan, branches(study)
    projection = found[0].projection
    halves, single = [], []
    for _ in range(400):
        response = rng.normal(size=(len(plan), 1))
        halves.append(totals_of_subsets(projection, response, random_subsets(rng, 28, 14, 1))[:, 0])
        single.append(totals_of_subsets(projection, response, np.ones((1, 28), dtype=bool), 0)[:, 0])
    assert abs(np.nanmean(halves, axis=0)).max() < 0.06
    assert abs(np.nanmean(single, axis=0)).max() < 0.06


def test_a_clear_ranking_is_stable_everywhere(clear):
    """Settings of weights 9, 3 and 1 keep their order across replicates, metrics, subsets and halves."""
    table, space = clear
    found = worded(stability(Study(table, space)))
    assert list(found.columns) == [column.name for column in COLUMNS]
    assert (found["tau"] == 1).all()
    assert found["comparison"].unique().tolist() == ["replicates", "metrics", "subsets", "halves"]
    assert set(found[found["comparison"] == "metrics"]["against"]) == {
        RANKS,
        "validation_error",
        "validation_loss",
    }
    last = found.iloc[-1]
    assert last["trials"] == 120
    assert last["verdict"] == (
        "large enough for the first three: halves of the 240 trials have the same first three in 100% of the"
        " splits"
    )
    assert "from about 60 of 240 trials on the first three stay" in found["verdict"][4]


def test_a_ranking_of_chance_is_called_too_small(nested_space, tabulate):
    """In pure noise the halves disagree, and the verdict says that the sweep is too small to rank by."""
    rng = np.random.default_rng(4)
    found = whole(
        worded(stability(Study(tabulate(nested_space, lambda _c, _r: rng.normal(), 2), nested_space)))
    )
    assert found.iloc[-1]["verdict"].startswith("too small to rank by: halves of the 56 trials")


def test_two_equal_settings_change_places(setting, tabulate):
    """Where two settings weigh the same the words name the two."""
    space = Space([setting("a", *range(6)), setting("b", *range(4)), setting("c", *range(4))])
    rng = np.random.default_rng(5)
    table = tabulate(space, lambda p, _: 9 * p["a"] + p["b"] + p["c"] + 0.5 * rng.normal(), 1)
    last = worded(stability(Study(table, space))).iloc[-1]
    assert last["verdict"].startswith("large enough for the first setting only: ")
    assert last["verdict"].endswith("b and c change places")


def test_random_designs_are_ranked_by_bins(tabulate):
    """A plan that is no factorial is compared as well: subsets of its configurations, no replicates."""
    space = Space([Setting(name, (Variant(FloatRange(0.0, 1.0)),)) for name in "abc"])
    points = [space.configuration(u) for u in np.random.default_rng(6).random((400, 3))]
    found = worded(
        stability(Study(tabulate(space, lambda p, _: 4 * p["a"] + 2 * p["b"] + p["c"], 1, points), space))
    )
    assert found["verdict"][0] == "cannot be judged: nothing was run twice"
    assert found.iloc[-1]["same_top3"] >= 0.9


@pytest.mark.parametrize("size", [0, 1, 3, 20])
def test_any_number_of_trials_gives_a_table(nested_space, tabulate, size):
    """Too few trials are said in words."""
    table = tabulate(nested_space, lambda c, _: c["learning_rate"])[:size]
    found = worded(stability(Study(table, nested_space)))
    assert len(found)
    assert found["verdict"].str.len().min() > 0


def test_one_absurd_loss_does_not_rule_the_ranking(clear):
    """The validation loss is capped at the trained trials' training loss: one of 1e9 changes nothing."""
    table, space = clear
    absurd = table.assign(validation_loss=table["validation_loss"].where(table["number"] != 7, 1e9))
    found = worded(stability(Study(absurd, space)))
    assert found[found["against"] == "validation_loss"]["tau"].tolist() == [1]


@pytest.mark.parametrize("seed", range(5))
def test_kendall_tau_is_scipys(seed):
    """τ_b with ties agrees with SciPy."""
    first, second = np.random.default_rng(seed).integers(0, 4, size=(2, 8)).astype(float)
    assert kendall_tau(first, second) == pytest.approx(stats.kendalltau(first, second).statistic)


def test_concordance_by_hand():
    """Ranks (1,2,3), (1,2,3), (1,3,2): sums 3, 7, 8, S = 14, W = 12 · 14 / (9 · 24) = 7/9."""
    ranks = np.array([[1, 2, 3], [1, 2, 3], [1, 3, 2.0]])
    assert concordance(ranks) == pytest.approx(7 / 9)
    assert concordance(ranks[:2]) == pytest.approx(1)
    # 6³ = 216 arrangements; W ≥ 7/9 in those with S ≥ 14: sums {3, 6, 9} or {3, 7, 8} or {4, 5, 9}.
    assert chance_of_agreement(ranks) == pytest.approx(42 / 216, abs=0.015)


def test_concordance_of_two_is_spearman():
    """With two runs W = (1 + ρ) / 2, ties included."""
    ranks = np.array([[1, 2.5, 2.5, 4, 5], [2, 1, 3, 5, 4.0]])
    rho = stats.spearmanr(*ranks).statistic
    assert concordance(ranks) == pytest.approx((1 + rho) / 2, abs=0.01)


def decomposition(**totals):
    rows = [("all", kind, name, share) for kind in ("main", "total") for name, share in totals.items()]
    return pd.DataFrame(rows, columns=["branch", "kind", "setting", "share"])


def test_runs_side_by_side():
    """Ranks per run, their mean and W; a setting that one run lacks is outside W and says so."""
    tables = {
        "digits": decomposition(rate=0.8, beta=0.1, batch=0.3),
        "moons": decomposition(rate=0.7, beta=0.2, batch=0.1, depth=0.05),
        "wine": decomposition(rate=0.9, beta=0.1, batch=0.2),
    }
    found = compare(tables)
    assert list(found.columns) == [column.name for column in COMPARE_COLUMNS]
    ranks = found.pivot_table("rank", "run", "setting")
    assert ranks["rate"].tolist() == [1, 1, 1]
    assert ranks["beta"].tolist() == [3, 2, 3]
    assert found["setting"].drop_duplicates().tolist() == ["rate", "batch", "beta", "depth"]
    assert found["kendall_w"].unique() == pytest.approx([7 / 9])
    words = found.drop_duplicates("setting").set_index("setting")["verdict"]
    chance = "no more agreement than chance would give: unrelated rankings of 3 settings agree as much as "
    assert words["rate"] == f"{chance}these 3 runs (W = 0.78) in 20% of cases; rank 1"
    assert words["depth"].endswith("rank 4 in the 1 of 3 runs that have it")


def test_one_run_or_none_is_no_comparison():
    """One run has ranks and no W; none has no rows."""
    found = compare({"digits": decomposition(rate=0.8, beta=0.1)})
    assert found["kendall_w"].isna().all()
    assert found["verdict"][0] == "nothing to compare with: one run; rank 1"
    assert len(compare({})) == 0


def test_runs_without_totals_are_compared_by_main_effects():
    """Where one run has main effects only, all are ranked by them."""
    whole = decomposition(rate=0.8, beta=0.1)
    found = compare({"grid": whole, "random": whole[whole["kind"] == "main"]})
    assert found["kind"].unique().tolist() == ["main"]


def test_six_thousand_trials_take_less_than_a_second(setting, tabulate):
    """The stability of 6,048 trials in seven branches, 20 subsets of each size."""
    levels = {"optimizer": "abcdef", "x": range(6), "y": range(6), "d": range(7), "e": range(2)}
    space = Space([setting(name, *values) for name, values in levels.items()])
    rng = np.random.default_rng(7)
    table = tabulate(space, lambda _c, _r: rng.random(), 2)
    start = time.process_time()
    worded(stability(Study(table, space)))
    assert time.process_time() - start < 2  # of this process: others share the machine


@pytest.mark.parametrize("replicates", [2, 3, 4])
def test_halves_of_a_replicated_plan_are_halves_of_the_replicates(setting, tabulate, replicates):
    """Each half has every configuration: 4 × 4 cells that half the configurations could not rank."""
    space = Space([setting("a", *range(4)), setting("b", *range(4))])
    rng = np.random.default_rng(0)
    place = rng.permutation(16).reshape(4, 4)
    table = tabulate(
        space, lambda c, r: place[c["a"], c["b"]] + 2.5 * c["a"] + 9 * r + 1e-3 * rng.normal(), replicates
    )
    found = stability(Study(table, space)).set_index("comparison").loc["halves"]
    assert found["against"] == OTHER_REPLICATES
    assert found["trials"] == 16 * (replicates // 2)
    assert (found["same_first"], found["same_order"], found["tau"]) == (1, 1, 1)


def test_replicates_of_a_plan_without_a_grid_are_halved_too():
    """Random points, each run twice; a single repetition elsewhere is no second replicate of the plan."""
    rng = np.random.default_rng(1)
    points = pd.DataFrame(rng.random((60, 2)), columns=["x", "y"])
    space = Space([Setting(name, (Variant(FloatRange(0.0, 1.0)),)) for name in "xy"])
    parts = [
        points.assign(phase="plan", outcome="trained", replicate=r, value=3 * points["x"] + points["y"])
        for r in (0, 1)
    ]
    for rows, against in ((60, OTHER_REPLICATES), (5, OTHER_HALF)):
        table = pd.concat([parts[0], parts[1].iloc[:rows]], ignore_index=True)
        table["value"] += 1e-3 * rng.normal(size=len(table))
        study = Study(table.assign(number=range(len(table))), space)
        assert stability(study).set_index("comparison").loc["halves", "against"] == against


def test_equal_settings_change_places_between_halves_of_replicates(setting, tabulate):
    """Two settings that weigh the same in truth are not settled: many splits of eight sweeps swap."""
    space = Space([setting("a", *range(6)), setting("b", *range(4)), setting("c", *range(4))])
    same = []
    for seed in range(8):
        rng = np.random.default_rng(seed)
        table = tabulate(space, lambda p, _, rng=rng: 9 * p["a"] + p["b"] + p["c"] + 2 * rng.normal(), 2)
        halves = stability(Study(table, space)).set_index("comparison").loc["halves"]
        assert halves["same_first"] == 1
        same.append(halves["same_top3"])
    assert np.mean(same) < 0.8
