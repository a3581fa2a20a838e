"""Learning curves along the slice through the best configuration, by hand."""

import time

import numpy as np
import pytest

from sensitivity.measures.learning_curves import (
    ALONE,
    COLUMNS,
    EDGE,
    LOST,
    NOTHING_TO_FOLLOW,
    ONE_REPLICATE,
    learning_curves,
)
from sensitivity.measures.measure import names
from sensitivity.measures.measuring import all_tables
from sensitivity.remarks import Remarks, has, worded
from sensitivity.study import Study
from sweeps.space import FloatRange, Setting, Space, Variant

RATES = (1e-3, 1e-2, 1e-1, 1.0)


def goal(configuration, replicate=0):
    """The optimizer sgd is best at 0.1, adam at 0.01, batch 16 better than 64; replicates differ by 0.02."""
    best = {"sgd": 0.1, "adam": 0.01}[configuration["optimizer"]]
    distance = abs(np.log10(configuration["learning_rate"] / best))
    return 0.1 + 0.1 * distance + 0.02 * replicate + (0.05 if configuration["batch_size"] == 64 else 0.0)


@pytest.fixture
def sweep(setting, tabulate):
    """Two optimizers, four rates, two batch sizes, two replicates; curves of two epochs; rate 1 diverges."""
    space = Space([setting("optimizer", "sgd", "adam"), setting("learning_rate", *RATES),
                   setting("batch_size", 16, 64)])  # fmt: skip
    trials = tabulate(space, goal, 2)
    lost = trials["learning_rate"] == 1.0
    trials.loc[lost, ["outcome", "diverged_at", "value"]] = ["diverged", 1.4, 0.9]
    curves = {
        number: [0.9, 0.5] if diverged else [0.9, 0.5, value]
        for number, diverged, value in zip(trials["number"], lost, trials["value"], strict=True)
    }
    return trials, space, curves


def test_the_slice_holds_everything_else_at_the_best(sweep):
    """Four rates per optimizer at batch size 16; mean, lowest and highest of the two replicates."""
    trials, space, curves = sweep
    table = learning_curves(Study(trials, space, curves=curves, cap=0.9))
    assert table.columns.tolist() == names(COLUMNS)
    assert table["branch"].unique().tolist() == ["optimizer=sgd", "optimizer=adam"]
    assert set(table["configuration"]) == {"batch_size 16"}
    assert table.groupby("branch")["level"].unique().map(list).tolist() == [list(RATES)] * 2
    sgd = table[table["branch"] == "optimizer=sgd"].set_index(["level", "epoch"])
    assert sgd.loc[(0.1, 2), ["mean", "low", "high"]].tolist() == pytest.approx([0.11, 0.1, 0.12])
    assert sgd.loc[(0.001, 2), "mean"] == pytest.approx(0.31)
    assert sgd.index[sgd["is_best"]].get_level_values("level").unique().tolist() == [0.1]
    assert set(sgd["replicates"]) == {2}


def test_diverged_runs_are_counted_from_then_on_and_filled_with_the_cap(sweep):
    """At 1.4 epochs: none has diverged after epoch 1, both after epoch 2."""
    trials, space, curves = sweep
    table = learning_curves(Study(trials, space, curves=curves, cap=0.9))
    lost = table[(table["branch"] == "optimizer=adam") & (table["level"] == 1.0)]
    assert lost["diverged"].tolist() == [0, 0, 2]
    assert lost["mean"].tolist() == [0.9, 0.5, 0.9]
    assert set(lost["remarks"]) == {Remarks(LOST(2, 2))}
    assert set(worded(lost)["verdict"]) == {"2 of 2 replicates diverged"}
    unknown = trials.assign(diverged_at=np.nan)  # then the curve's end says when
    again = learning_curves(Study(unknown, space, curves=curves, cap=0.9))
    assert again["diverged"].tolist() == table["diverged"].tolist()


def test_without_an_optimizer_or_a_rate(setting, tabulate):
    """One branch, along the numeric setting that matters most; choices alone leave the best configuration."""
    space = Space([setting("width", 8, 16, 32), setting("depth", 1, 2), setting("kind", "a", "b")])
    trials = tabulate(space, lambda c, _: 1 / c["width"] + 0.001 * c["depth"])
    curves = {number: [1.0, value] for number, value in zip(trials["number"], trials["value"], strict=True)}
    table = learning_curves(Study(trials, space, curves=curves))
    assert set(table["branch"]) == {"all"}
    assert set(table["setting"]) == {"width"}
    assert table[table["epoch"] == 1]["level"].tolist() == [8, 16, 32]
    assert set(table["configuration"]) == {"depth 1, kind a"}
    assert table["remarks"][0].has(ONE_REPLICATE)
    assert table[table["is_best"]]["remarks"].iloc[0].has(EDGE)
    named = Space([setting("kind", "a", "b"), setting("form", "x", "y")])
    trials = tabulate(named, lambda c, _: float(c["kind"] == "a"))
    table = learning_curves(Study(trials, named, curves={number: [1.0, 0.5] for number in trials["number"]}))
    assert len(table) == 2
    assert table["level"].isna().all()
    assert table["remarks"][0].has(NOTHING_TO_FOLLOW)


def test_a_plan_without_repeated_values_has_its_best_alone(setting, tabulate):
    """Nothing else lies on the slice, and the verdict says so."""
    rate = Setting("learning_rate", (Variant(FloatRange(1e-4, 1.0, log=True)),))
    space = Space([setting("optimizer", "sgd", "adam"), rate, Setting("x", (Variant(FloatRange(0, 1)),))])
    rng = np.random.default_rng(0)
    drawn = [{"optimizer": ("sgd", "adam")[k % 2], "learning_rate": float(10 ** rng.uniform(-4, 0)),
              "x": float(rng.uniform())} for k in range(60)]  # fmt: skip
    trials = tabulate(space, lambda c, _: c["x"] + c["learning_rate"], 1, drawn)
    curves = {number: [2.0, value] for number, value in zip(trials["number"], trials["value"], strict=True)}
    table = learning_curves(Study(trials, space, curves=curves))
    assert len(table) == 4
    assert table["is_best"].all()
    assert all(has(table["remarks"], ALONE))


def test_no_curves_are_an_empty_table_that_is_marked(sweep):
    """Nothing recorded, nothing drawn; among all tables it says so."""
    trials, space, _ = sweep
    assert learning_curves(Study(trials, space)).empty
    marked = all_tables(Study(trials, space), only=("learning_curves",))["learning_curves"]
    assert marked["verdict"].tolist() == ["nothing of the kind in these trials"]
    assert marked["mean"].isna().all()


def test_twenty_thousand_trials_are_fast(setting, tabulate):
    """Far below a second: the report must not wait for it."""
    rates = tuple(10.0 ** (-k / 4) for k in range(20))
    space = Space([setting("optimizer", *"abcdefgh"), setting("learning_rate", *rates),
                   setting("batch_size", *range(16, 24)), setting("schedule", *"tuvwx")])  # fmt: skip
    trials = tabulate(space, lambda c, r: c["learning_rate"] + 0.01 * r, 3)
    curves = dict.fromkeys(trials["number"], [1.0] * 21)
    study = Study(trials, space, curves=curves, cap=1.0)
    learning_curves(study)  # finding the layout is shared with every other measure
    start = time.process_time()
    table = learning_curves(study)
    assert time.process_time() - start < 1.0
    assert len(table) == 8 * 20 * 21
