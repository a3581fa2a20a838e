import time

import numpy as np
import pandas as pd
import pytest

from sensitivity.estimators.factorial import exact_decomposition
from sensitivity.estimators.proportions import Clusters, wilson
from sensitivity.estimators.training_curves import curve_matrix
from sensitivity.measures.measure import names
from sensitivity.measures.over_epochs import COLUMNS as OVER_EPOCHS_COLUMNS
from sensitivity.measures.over_epochs import EARLY_OR_LATE, compared, sensitivity_over_epochs
from sensitivity.measures.training_speed import COLUMNS, NEVER, NO_CURVES, NO_TARGET, training_speed
from sensitivity.remarks import Remarks, has, worded
from sensitivity.study import Study
from sweeps.space import FloatRange, Setting, Space, Variant


@pytest.fixture
def race(setting, tabulate):
    """Two optimizers, schedules and replicates; hand-made epochs to the target and curves of 4 epochs."""
    space = Space([setting("optimizer", "sgd", "adam"), setting("schedule", "constant", "one_cycle")])
    table = tabulate(space, lambda _c, _r: 0.1, 2)
    # sgd constant: never, 4; sgd one_cycle: never, never; adam constant: 1, 2; adam one_cycle: 2, 3
    epochs = {("sgd", "constant"): (None, 4), ("sgd", "one_cycle"): (None, None)}
    epochs |= {("adam", "constant"): (1, 2), ("adam", "one_cycle"): (2, 3)}
    rows = zip(table["optimizer"], table["schedule"], table["replicate"], strict=True)
    reached = [epochs[o, s][r] for o, s, r in rows]
    table = table.assign(epochs_to_target=pd.array(reached, dtype="Int64"))
    curves = {n: [0.8] + [0.2 if e is not None and k >= e else 0.6 for k in range(1, 5)]
              for n, e in zip(table["number"], reached, strict=True)}  # fmt: skip
    return table, space, curves


def test_medians_count_those_that_never_arrive(race):
    """Half of adam arrive by epoch 2 (1, 2, 2, 3); of sgd one in four, so there is no median."""
    table, space, curves = race
    found = training_speed(Study(table, space, curves=curves))
    assert list(found.columns) == names(COLUMNS)
    found = worded(found[found["branch"] == "all"]).set_index(["setting", "level"])
    adam, sgd = found.loc[("optimizer", "adam")], found.loc[("optimizer", "sgd")]
    assert (adam["reached_share"], adam["median_epochs"], adam["fastest_epochs"]) == (1, 2, 1.5)
    assert sgd["reached_share"] == 0.25
    assert np.isnan(sgd["median_epochs"])
    assert np.isnan(sgd["fastest_epochs"])  # no configuration arrives in both replicates
    assert sgd["verdict"] == (
        "only 2 configurations: fewer than half (25%) reach the target within 4 epochs: no median"
    )


def test_area_by_hand(race):
    """A curve 0.8, 0.2, 0.2, 0.2, 0.2 has the area (0.5 + 3 · 0.2) / 4 = 0.275."""
    table, space, curves = race
    found = training_speed(Study(table, space, curves=curves))
    found = found[found["branch"] == "all"].set_index(["setting", "level"])
    # adam constant: epochs 1 and 2: 0.275 and (0.7 + 0.4 + 0.2 + 0.2) / 4 = 0.375
    assert found.loc[("optimizer", "adam"), "best_area"] == pytest.approx((0.275 + 0.375) / 2)
    assert found.loc[("schedule", "one_cycle"), "area"] == pytest.approx((0.375 + 0.475 + 2 * 0.625) / 4)


def test_branches_have_their_schedules(race):
    """Each optimizer has a row per schedule."""
    table, space, curves = race
    found = training_speed(Study(table, space, curves=curves))
    adam = found[(found["branch"] == "optimizer=adam") & (found["setting"] == "schedule")]
    assert adam["level"].tolist() == ["constant", "one_cycle"]
    assert adam["median_epochs"].tolist() == [1, 2]


def test_curves_are_capped_and_filled(race):
    """A curve that ends by divergence goes on at the cap; one that was stopped keeps its last value."""
    table, _, _ = race
    plan = table.head(4).assign(outcome=["diverged", "trained", "diverged", "trained"])
    numbers = plan["number"].tolist()
    curves = {numbers[0]: [0.8, np.nan], numbers[1]: [0.8, 0.5, 5.0], numbers[2]: [], numbers[3]: [0.8, 0.4]}
    found = curve_matrix(plan, curves, cap=0.9)
    expected = [[0.8, 0.9, 0.9], [0.8, 0.5, 0.9], [0.9, 0.9, 0.9], [0.8, 0.4, 0.4]]
    np.testing.assert_allclose(found, expected)
    assert curve_matrix(plan, {}).shape == (4, 0)


def test_the_median_is_covered():
    """The interval of the median holds the true one in ≥ 90 % of 300 sweeps; slow trials are censored."""
    rng = np.random.default_rng(0)
    truth, covered = 8, []  # exponential times of mean 11.2: median 7.76, reached by epoch 8
    for _ in range(300):
        times = np.repeat(rng.exponential(11.2, size=40), 2) * np.exp(0.1 * rng.normal(size=80))
        clusters = Clusters(np.zeros(80, dtype=int), np.repeat(np.arange(40), 2), 1)
        reached = (times[:, None] <= np.arange(1, 21)).astype(float)
        _, low, high, _ = wilson(clusters, reached)
        first, last = (int((band[0] < 0.5).sum()) + 1 for band in (high, low))
        covered.append(first <= truth <= last)
    assert np.mean(covered) >= 0.9


def growing(space, tabulate, epochs, rng, noise=0.02, replicates=2):
    """Curves in which the learning rate matters early and the batch size late."""
    table = tabulate(space, lambda _c, _r: 0.1, replicates)
    curves = {}
    for row in table.to_dict("records"):
        late = np.linspace(0, 1, epochs)
        rate = np.log10(row["learning_rate"]) / 3
        curve = (1 - late) * rate + late * row["batch_size"] / 256 + noise * rng.normal(size=epochs)
        curves[row["number"]] = [5.0, *(1 + curve)]
    return table, curves


@pytest.fixture
def plain_space(setting):
    return Space(
        [
            Setting("learning_rate", (Variant(FloatRange(1e-3, 1.0, log=True, levels=7)),)),
            setting("batch_size", 16, 64, 256),
        ]
    )


def test_each_epoch_has_its_exact_shares(plain_space, tabulate):
    """The row of epoch e is the exact decomposition of the curves' values after epoch e."""
    table, curves = growing(plain_space, tabulate, 5, np.random.default_rng(0))
    found = worded(sensitivity_over_epochs(Study(table, plain_space, curves=curves)))
    assert list(found.columns) == [column.name for column in OVER_EPOCHS_COLUMNS]
    for epoch in (1, 3, 5):
        value = [curves[number][epoch] for number in table["number"]]
        exact = worded(exact_decomposition(Study(table.assign(value=value), plain_space), branches=False))
        for kind in ("main", "total"):
            rows = found[(found["epoch"] == epoch) & (found["kind"] == kind)]
            possible = exact[exact["kind"] == kind]["share"].clip(0, 1)
            np.testing.assert_allclose(rows["share"], possible, atol=1e-12)


def test_early_and_late_are_told_apart(plain_space, tabulate):
    """The learning rate matters early, the batch size late, in words and numbers."""
    table, curves = growing(plain_space, tabulate, 8, np.random.default_rng(1))
    found = worded(
        compared(worded(sensitivity_over_epochs(Study(table, plain_space, curves=curves))))
    ).set_index("setting")
    assert list(found.reset_index()[[column.name for column in EARLY_OR_LATE]].columns) == [
        column.name for column in EARLY_OR_LATE
    ]
    assert found.loc["learning_rate", "verdict"].startswith("matters early: ")
    assert found.loc["batch_size", "verdict"].startswith("matters late: ")
    assert found.loc["learning_rate", "peak_epoch"] == 1
    assert found.loc["batch_size", "peak_epoch"] == 8


@pytest.mark.parametrize(("end", "words"), [(0.03, "grows a little: "), (0.0, "as much early as late: ")])
def test_a_small_change_that_is_told_from_zero_is_a_little_one(end, words):
    """Shares of 4 and 7 % with intervals of one point: the change is small, and it is there."""
    share = np.array([0.04, 0.04 + end])
    rows = {"branch": "all", "epoch": [1, 20], "kind": "total", "setting": "beta", "share": share}
    found = worded(compared(pd.DataFrame(rows | {"low": share - 0.01, "high": share + 0.01})))
    assert found["verdict"][0].startswith(words)


def test_without_target_or_curves_nobody_failed_to_reach_it(race):
    """Nobody recorded when the target was reached: no share of 0 % that never got there."""
    table, space, curves = race
    bare = table.assign(epochs_to_target=pd.array([pd.NA] * len(table), dtype="Int64"))
    found = training_speed(Study(bare, space))
    assert found["reached_share"].isna().all()
    assert set(found["remarks"]) == {Remarks(NO_CURVES)}
    found = training_speed(Study(bare.assign(validation_error=np.nan), space, curves=curves))
    assert found["reached_share"].isna().all()
    assert found["area"].notna().all()
    assert set(found["remarks"]) == {Remarks(NO_TARGET)}
    found = training_speed(Study(bare, space, curves=curves))
    assert all(has(found["remarks"], NEVER))


def test_a_plan_that_is_no_factorial_has_main_effects_over_epochs(plain_space, tabulate):
    """With over a tenth missing, shares come by bins: main effects only, and the story is the same."""
    table, curves = growing(plain_space, tabulate, 4, np.random.default_rng(2))
    found = worded(
        sensitivity_over_epochs(
            Study(table.drop(table.index[[0, 8, 16, 24, 32]]), plain_space, curves=curves)
        )
    )
    assert set(found["kind"]) == {"binned", "binned_noise"}
    share = found.set_index(["setting", "epoch"])["share"]
    assert share["learning_rate", 1] > 0.95
    assert share["learning_rate", 3] < 0.1
    assert share["batch_size", 4] > 0.95


def test_without_curves_there_is_still_a_table(race):
    """No curves: no rows over epochs, empty areas, and medians all the same."""
    table, space, _ = race
    assert len(worded(sensitivity_over_epochs(Study(table, space, curves={})))) == 0
    assert len(worded(compared(worded(sensitivity_over_epochs(Study(table, space, curves={})))))) == 0
    found = training_speed(Study(table, space))
    assert found["area"].isna().all()
    assert found["median_epochs"].notna().any()


@pytest.mark.parametrize("size", [0, 1, 3])
def test_any_number_of_trials_gives_a_table(race, size):
    """No trials, one, three: rows with words."""
    table, space, curves = race
    found = training_speed(Study(table[:size], space, curves=curves))
    assert len(found)
    assert found["remarks"].map(bool).all()
    worded(compared(worded(sensitivity_over_epochs(Study(table[:size], space, curves=curves)))))


def test_six_thousand_curves_take_seconds(setting, tabulate):
    """Sensitivity over 20 epochs of 6,048 trials, with intervals: 3 s."""
    levels = {"optimizer": "abcdef", "x": range(6), "y": range(6), "d": range(7), "e": range(2)}
    space = Space([setting(name, *values) for name, values in levels.items()])
    table = tabulate(space, lambda _c, _r: 0.1, 2)
    draws = np.random.default_rng(3).random((len(table), 21)).tolist()
    curves = dict(zip(table["number"].tolist(), draws, strict=True))
    start = time.process_time()
    worded(sensitivity_over_epochs(Study(table, space, curves=curves)))
    assert time.process_time() - start < 6  # of this process: others share the machine
