"""Pairs: what each cell of two settings reaches, against two plain pandas lines."""

import time

import numpy as np
import pandas as pd
import pytest

from sensitivity.estimators.curves.remarks import FEW_CONFIGURATIONS
from sensitivity.measures.measure import names as computed
from sensitivity.measures.pairs import BINNED, COLUMNS, SOME, pairs
from sensitivity.reading.frames import from_frame
from sensitivity.remarks import Remarks
from sensitivity.study import Study
from sweeps.space import FloatRange, Setting, Space, Variant


def cells(table, first, second, branch="all"):
    """Rows of a pair by the levels of both."""
    rows = table[(table["branch"] == branch) & (table["first"] == first) & (table["second"] == second)]
    return rows.set_index(["first_level", "second_level"])


@pytest.fixture
def trials(nested_space, tabulate):
    rng = np.random.default_rng(0)
    made = tabulate(nested_space, lambda _c, _r: rng.uniform(0.02, 0.2), 3)
    fast = made["learning_rate"] > 0.5
    made.loc[fast & (made["optimizer"] == "momentum") & (made["replicate"] > 0), "outcome"] = "diverged"
    made.loc[fast & (made["optimizer"] == "sgd"), ["outcome", "value"]] = ["diverged", 0.9]
    return made


def test_a_cell_is_its_best_configuration_and_the_mean_of_all_its_trials(trials, nested_space):
    """Best: lowest mean over replicates; mean, spread and diverged share: over all trials."""
    found = cells(pairs(Study(trials, nested_space)), "optimizer", "learning_rate")
    by = ["optimizer", "learning_rate"]
    means = trials.fillna({"beta": -1}).groupby([*by, "beta"])["value"].agg(["mean", "std"])
    best = means.loc[means["mean"].groupby(level=[0, 1]).idxmin()].droplevel("beta")
    best.index = best.index.set_levels(best.index.levels[1].round(12), level=1)
    found.index = pd.MultiIndex.from_tuples([(a, round(b, 12)) for a, b in found.index], names=by)
    whole = trials.assign(
        learning_rate=trials["learning_rate"].round(12), bad=trials["outcome"] == "diverged"
    )
    whole = whole.groupby(by).agg(mean=("value", "mean"), sd=("value", "std"), bad=("bad", "mean"))
    assert len(found) == 12
    best, whole = best.reindex(found.index), whole.reindex(found.index)
    np.testing.assert_allclose(found["best"], best["mean"])
    np.testing.assert_allclose(found["best_sd"], best["std"], atol=1e-15)
    np.testing.assert_allclose(found["mean"], whole["mean"])
    np.testing.assert_allclose(found["sd"], whole["sd"], atol=1e-15)
    np.testing.assert_allclose(found["diverged_share"], whole["bad"])
    assert found["replicates"].eq(3).all()
    first = trials.set_index("number").loc[found["best_trial"].to_numpy()]
    assert first["optimizer"].tolist() == found.index.get_level_values(0).tolist()


def test_branches_are_the_optimizers_and_what_varies_inside(trials, nested_space):
    """Sgd has no β and so no pair; the others have one, of the trials of theirs only."""
    table = pairs(Study(trials, nested_space))
    assert list(table.columns) == computed(COLUMNS)
    assert set(table["branch"]) == {"all", "optimizer=momentum", "optimizer=adam"}
    inside = cells(table, "learning_rate", "beta", "optimizer=adam")
    assert inside["trials"].eq(3).all()
    assert cells(table, "learning_rate", "beta")["trials"].eq(6).all()
    assert not table["remarks"].map(bool).any()


def test_search_trials_and_lonely_replicates_do_not_win(trials, nested_space):
    """A lucky search trial, or a configuration of which one replicate is left, is not what is reachable."""
    before = pairs(Study(trials, nested_space))
    lucky = trials.iloc[:1].assign(phase="search", value=0.0001)
    pd.testing.assert_frame_equal(pairs(Study(pd.concat([trials, lucky]), nested_space)), before)
    index = trials[(trials["optimizer"] == "adam") & (trials["beta"] == 0.5)].index
    cut = trials.drop(index[4:]).assign(value=lambda t: t["value"].where(t.index != index[0], 0.0001))
    found = cells(pairs(Study(cut, nested_space)), "optimizer", "learning_rate")
    assert found["best"].min() > 0.0001


def test_many_learning_rates_are_binned(tabulate, setting):
    """A continuous range falls into ten log bins whose middles stand for them, and the verdict says so."""
    space = Space(
        [setting("optimizer", "a", "b"), Setting("learning_rate", (Variant(FloatRange(1e-4, 1, log=True)),))]
    )
    points = np.random.default_rng(0).random((500, 2))
    table = tabulate(space, lambda c, _: c["learning_rate"], 1, [space.configuration(p) for p in points])
    found = pairs(Study(table, space))
    middles = sorted(set(found["second_level"]))
    assert len(middles) == 10
    np.testing.assert_allclose(np.diff(np.log10(middles)), 4 / 10, rtol=0.01)
    assert found["trials"].sum() == 500
    assert set(found["remarks"]) == {Remarks(BINNED("learning_rate"))}


def test_bins_are_even_on_the_scale_of_the_setting(tabulate, setting):
    """A linear range from 0 that was drawn from far down stays linear, a narrow log range logarithmic."""
    ranges = {"dropout": FloatRange(0, 0.6), "rate": FloatRange(1, 4, log=True)}
    space = Space([setting("x", "a", "b"), *(Setting(n, (Variant(d),)) for n, d in ranges.items())])
    points = np.random.default_rng(0).random((300, 3))
    table = tabulate(space, lambda *_: 0.5, 1, [space.configuration(p) for p in points])
    found = pairs(Study(table, space))
    assert table["dropout"].max() / table["dropout"].min() > 20
    dropout = sorted(set(cells(found, "x", "dropout").index.get_level_values(1)))
    rate = sorted(set(cells(found, "x", "rate").index.get_level_values(1)))
    np.testing.assert_allclose(np.diff(dropout), 0.6 / 10, rtol=0.02)
    np.testing.assert_allclose(np.diff(np.log(rate)), np.log(4) / 10, rtol=0.02)


def test_levels_keep_their_order_and_type(tabulate, setting):
    """Choices as in their range, numbers ascending, whole numbers whole; few configurations are remarked."""
    space = Space([setting("x", "b", "a"), setting("y", 64, 16)])
    found = pairs(Study(tabulate(space, lambda *_: 0.5, 2), space))
    assert list(zip(found["first_level"], found["second_level"], strict=True)) == [
        ("b", 16),
        ("b", 64),
        ("a", 16),
        ("a", 64),
    ]
    assert set(found["remarks"]) == {Remarks(FEW_CONFIGURATIONS(4))}


def test_of_very_many_settings_the_important_ones_are_kept():
    """Pairs among the 8 of 14 settings whose level means differ most; it says so, and is quick."""
    rng = np.random.default_rng(0)
    names = [f"s{number}" for number in range(14)]
    space = Space([Setting(name, (Variant(FloatRange(0, 1)),)) for name in names])
    frame = pd.DataFrame(rng.random((20_000, 14)), columns=names)
    frame["value"] = frame[names[6:]].sum(axis=1) + rng.normal(0, 0.1, 20_000)
    study = from_frame(frame, space)
    start = time.process_time()
    found = pairs(study)
    assert time.process_time() - start < 3  # far more than it takes, for slow machines
    assert set(found["first"]) | set(found["second"]) == set(names[6:])
    assert all(cell.has(SOME) for cell in found["remarks"])
    assert found["remarks"][0].words == (
        "s6 in bins; s7 in bins; pairs of the 8 of 14 settings whose level means differ most"
    )


def test_a_single_setting_and_no_trials_have_no_pairs(tabulate, setting, nested_space):
    """No rows, but the columns."""
    space = Space([setting("x", 1, 2, 3)])
    for table in (
        pairs(Study(tabulate(space, lambda *_: 0.5), space)),
        pairs(Study(tabulate(nested_space, None, 1, []), nested_space)),
    ):
        assert len(table) == 0
        assert list(table.columns) == computed(COLUMNS)
