"""The surrogate path of the variance decomposition: known answers at n = 300 and what can go wrong."""

import time

import numpy as np
import pandas as pd
import pytest
from problems import PROBLEMS

from sensitivity.estimators.effects import COLUMNS, CONSTANT
from sensitivity.estimators.surrogate.decomposition import surrogate_decomposition
from sensitivity.remarks import has, worded
from sweeps.space import Choices, FloatRange, IntegerRange, Setting, Space, Variant

# Mean absolute error over settings allowed at n = 300, seed 1: three times the mean error over seeds.
TOLERANCE = {"ishigami": (0.006, 0.01), "conditional": (0.001, 0.001), "diverged": (0.03, 0.04)}


def of(table, kind, branch="all"):
    return table[(table["kind"] == kind) & (table["branch"] == branch)].set_index("setting")


@pytest.fixture(scope="module")
def conditional():
    problem = PROBLEMS["conditional"]
    return worded(surrogate_decomposition(problem.draw(300, 1), problem.space))


@pytest.mark.parametrize("name", TOLERANCE)
def test_known_answers(name):
    """Main and total effects at n = 300 lie within the stated tolerance of the exact ones."""
    problem = PROBLEMS[name]
    found = worded(surrogate_decomposition(problem.draw(300, 1), problem.space, branches=False))
    for kind, truth, tolerance in zip(
        ("main", "total"), (problem.main, problem.total), TOLERANCE[name], strict=True
    ):
        rows = of(found, kind)
        assert rows.index.tolist() == problem.space.names
        assert np.abs(rows["share"] - [truth[setting] for setting in rows.index]).mean() < tolerance


def test_diverged_trials_do_not_put_the_batch_first():
    """With capped losses the learning rate leads and the batch size comes last, at n = 100 too."""
    problem = PROBLEMS["diverged"]
    for count in (100, 300):
        total = of(
            worded(surrogate_decomposition(problem.draw(count, 2), problem.space, branches=False)), "total"
        )
        assert total["share"].sort_values().index.tolist() == ["batch_log2", "optimizer", "lr"]


def test_branches_match_the_exact_ones(conditional):
    """Within-branch shares equal the closed forms, and β has no row where it is inactive."""
    from problems import ANSWERS

    for level, answer in ANSWERS["conditional"]["per_optimizer_branch"].items():
        for kind, name in (("main", "S1"), ("total", "ST")):
            rows = of(conditional, kind, f"optimizer={level}")
            assert set(rows.index) == set(answer[name])
            np.testing.assert_allclose(rows["share"], [answer[name][s] for s in rows.index], atol=2e-3)


def test_rows_add_up(conditional):
    """Main effects, interactions of all orders, noise and lack of fit sum to 1; so do the branches."""
    assert tuple(conditional.columns) == (*COLUMNS, "verdict")
    rows = conditional[conditional["branch"] == "all"]
    rows = rows[rows["kind"].isin(["main", "interaction", "noise", "lack_of_fit"])]
    assert rows["share"].sum() == pytest.approx(1, abs=1e-9)
    between = of(conditional, "between")["share"]
    assert between["optimizer"] == of(conditional, "main")["share"]["optimizer"]


def test_interactions_of_pairs(conditional):
    """Pairs have their exact second-order share; pairs without an interaction are not above the noise."""
    from problems import ANSWERS

    rows = of(conditional, "interaction")
    for pair, truth in ANSWERS["conditional"]["capped_or_plain"]["S2"].items():
        row = rows.loc[pair.replace("*", " × ")]
        assert row["share"] == pytest.approx(truth, abs=2e-3)
        assert row["verdict"].startswith("above") == (truth > 1e-3)


def test_pure_noise_is_reported_as_noise():
    """Without any effect no setting is above the noise, and the noise has nearly the whole variance."""
    problem = PROBLEMS["const_noise"]
    found = worded(surrogate_decomposition(problem.draw(200, 1), problem.space, branches=False))
    assert (of(found, "main")["verdict"] == "not above the noise").all()
    assert of(found, "noise")["share"].iloc[0] > 0.9


def test_replicates_give_the_noise():
    """With half of Var(y) noise and 60 pairs of replicates the noise's interval covers 0.5 and is narrow."""
    problem = PROBLEMS["noisy50"]
    rng = np.random.default_rng(4)
    configurations = [problem.space.configuration(unit) for unit in rng.random((140, 5))]
    replicate = np.repeat([0, 1], [140, 60])
    table = problem.tabulate([*configurations, *configurations[:60]], rng, replicate)
    found = worded(surrogate_decomposition(table.assign(value=table["value"] + 3 * replicate), problem.space))
    noise = of(found, "noise").iloc[0]
    assert noise["low"] < 0.5 < noise["high"] < 0.95
    assert of(found, "replicate")["share"].iloc[0] > 1


@pytest.mark.parametrize("count", [0, 1, 2, 4, 5, 8, 20])
def test_few_trials_are_said_so(count):
    """Any number of trials gives a table; too few are named as the reason."""
    problem = PROBLEMS["const_noise"]
    found = worded(surrogate_decomposition(problem.draw(max(count, 1), 3).iloc[:count], problem.space))
    assert set(of(found, "main")["verdict"]) == {f"{count} trials are too few to estimate it"}
    assert of(found, "total")["share"].notna().all() == (count >= 5)


def test_foreign_studies_with_gaps():
    """No optimizer, no replicates, a setting of one value, missing responses, an unknown choice."""
    space = Space(
        [
            Setting("rate", (Variant(FloatRange(0.0, 1.0)),)),
            Setting("kernel", (Variant(Choices(("a", "b", "c"))),)),
            Setting("fixed", (Variant(FloatRange(2.0, 2.0)),)),
            Setting("stuck", (Variant(IntegerRange(0, 10)),)),
        ]
    )
    rng = np.random.default_rng(5)
    table = pd.DataFrame({"rate": rng.random(80), "kernel": rng.choice(["a", "b", "c"], 80)})
    table = table.assign(fixed=2.0, stuck=3, number=range(80), phase="search", replicate=0)
    table["value"] = table["rate"] + (table["kernel"] == "a")
    table.loc[3, "value"] = np.nan
    table.loc[4, "kernel"] = "z"
    found = worded(surrogate_decomposition(table, space))
    assert set(found["branch"]) == {"all", "kernel=a", "kernel=b", "kernel=c"}
    # Variances 1/12 and 2/9: shares 3/11 and 8/11 whatever the sample.
    np.testing.assert_allclose(of(found, "total")["share"].iloc[:2], [3 / 11, 8 / 11], atol=1e-3)
    assert (
        of(found, "total")["verdict"].iloc[2:]
        == "cannot be judged: it does not vary (only one value was tried)"
    ).all()


def test_a_constant_response_has_nothing_to_share():
    """Where every trial ends alike the verdict says so."""
    problem = PROBLEMS["additive"]
    found = worded(surrogate_decomposition(problem.draw(30, 1).assign(value=0.9), problem.space))
    assert set(found["verdict"]) == {"cannot be judged, as every trial counts with the same value"}


def test_a_branch_of_one_value_has_nothing_to_share():
    """Where all trials of one optimizer end alike, its rows say so, and those of the other have shares."""
    space = Space(
        [
            Setting("optimizer", (Variant(Choices(("sgd", "adam"))),)),
            Setting("x", (Variant(FloatRange(0.0, 1.0)),)),
        ]
    )
    rng = np.random.default_rng(7)
    table = pd.DataFrame({"optimizer": rng.choice(["sgd", "adam"], 60), "x": rng.random(60)})
    table = table.assign(number=range(60), phase="plan", replicate=0)
    table["value"] = (table["optimizer"] == "adam") * (table["x"] > 0.5).astype(float)
    found = surrogate_decomposition(table, space)
    still = found[found["branch"] == "optimizer=sgd"]
    assert still["setting"].tolist() == ["x", "x", "seed"]
    assert still["share"].isna().all()
    assert all(has(still["remarks"], CONSTANT))
    assert of(found, "main", "optimizer=adam")["share"]["x"] > 0.5


def test_adaptive_trials_are_integrated_over_the_prior():
    """Crowded at good values, shares still are those of the whole range, wider, and the verdict warns.

    f = x² on [0, 1] and 2 y: variances 4/45 and 1/3: shares 4/19 and 15/19.
    """
    space = Space([Setting(name, (Variant(FloatRange(0.0, 1.0)),)) for name in "xy"])
    rng = np.random.default_rng(6)
    table = pd.DataFrame({"x": rng.random(150) ** 3, "y": rng.random(150) ** 2})
    table = table.assign(
        number=range(150), phase="search", replicate=0, value=table["x"] ** 2 + 2 * table["y"]
    )
    found = worded(surrogate_decomposition(table, space))
    np.testing.assert_allclose(of(found, "main")["share"], [4 / 19, 15 / 19], atol=0.02)
    assert of(found, "main")["verdict"].str.contains("not spread evenly over the ranges").all()


def test_a_thousand_trials_take_less_than_ten_seconds():
    """Whole table with branches at n = 1,000, processor time of one core."""
    problem = PROBLEMS["skewed_loss"]
    table = problem.draw(1000, 1)
    begin = time.process_time()
    worded(surrogate_decomposition(table, problem.space))
    assert time.process_time() - begin < 10
