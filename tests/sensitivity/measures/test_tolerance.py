from itertools import product

import known_problems as known
import numpy as np
import pandas as pd
import pytest

from sensitivity.estimators.curves.remarks import FEW_CONFIGURATIONS
from sensitivity.estimators.curves.untuned import weighted_median
from sensitivity.measures.measure import names
from sensitivity.measures.tolerance import (
    COLUMNS,
    NOWHERE,
    OF_A_SLICE,
    SEPARATE,
    TOLERANCE,
    tolerance,
)
from sensitivity.remarks import has, worded
from sensitivity.study import Study
from sweeps.space import FloatRange, IntegerRange, Setting, Space, Variant


def pick(table, **wanted):
    """The one row with these values."""
    rows = table
    for name, value in wanted.items():
        rows = rows[rows[name] == value]
    assert len(rows) == 1
    return rows.iloc[0]


def known_cases():
    """Three problems, three margins; the largest grid, of 227,000 cells, at each margin only when asked."""
    for problem, epsilon in product(["opt_lr", "diverged", "skewed_loss"], ["0.05", "0.1", "0.2"]):
        large = problem == "skewed_loss" and epsilon != "0.1"
        yield pytest.param(problem, epsilon, marks=[pytest.mark.slow] * large)


@pytest.mark.parametrize(("problem", "epsilon"), [*known_cases()])
def test_known_answers(problem, epsilon):
    """Fractions, decades and regrets of the known problems on dense grids, overall and per optimizer.

    To 0.01 of the range, 0.03 decades: the grid has 120 rates per decade, wd 20 steps, and the grid's median
    counts the ends of the range in full. An optimizer's slice is checked inside it: overall, three tie. So do
    batch sizes in skewed_loss: 1e-9 times the distance from the file's choice makes that one the best.
    """
    found, trials = known.grid(problem, 601, 21)
    if problem == "skewed_loss":
        chosen = trials["optimizer"].map({"sgd": 6, "momentum": 4, "adam": 4})
        trials = trials.assign(value=trials["value"] + 1e-9 * (trials["batch_log2"] - chosen) ** 2)
    table = tolerance(Study(trials, found, tolerance=float(epsilon)))
    answers = known.KNOWN[problem]
    branches = {"all": answers["practical"]} | {
        f"optimizer={name}": branch["practical"] for name, branch in answers["per_optimizer_branch"].items()
    }
    checked = 0
    for branch, truth in branches.items():
        for name in found.names:
            for method, key, regret in (
                ("re-tuned", "tol_width_retuned", "retuned_regret"),
                ("slice", "tol_width_slice", "slice_regret_wortsman"),
            ):
                if name not in truth or (branch == "all" and method == "slice"):
                    continue
                row = pick(table, branch=branch, setting=name, method=method, against="own best")
                assert row["fraction"] == pytest.approx(truth[name][key][epsilon], abs=0.01), (branch, name)
                assert row["regret"] == pytest.approx(truth[name][regret], rel=0.01, abs=0.005)
                if name == "lr":
                    decades = truth[name][key.replace("width", "decades")][epsilon]
                    assert row["decades"] == pytest.approx(decades, abs=0.03)
                checked += 1
    assert checked >= 15


def line(levels, low=1e-4, high=1.0, name="lr"):
    return Setting(name, (Variant(FloatRange(low, high, log=True, levels=levels)),))


def test_hand_worked_bands(tabulate, setting):
    """Five rates, two batches: ends, width and regret agree with the numbers worked out by hand.

    lr      1e-4 1e-3 1e-2 1e-1 1      median of the ten: sorted 0 1 1.5 2 2 | 3 4 5 9 9 → 2.5
    batch 1   4    2    0    2   9     ε = 0.4: threshold 0.4 · 2.5 = 1
    batch 2   5    3    1    1.5 9     re-tuned 4 2 0 1.5 9
    Re-tuned: from 1e-3 + ½ step (2 → 0 meets 1 half-way) to 1e-2 + 2/3 step (0 → 1.5): 1/2 + 2/3 = 7/6 of
    four decades. Mean over the prior (trapezoid): (4/2 + 2 + 0 + 1.5 + 9/2) / 4 = 2.5.
    Slice (batch 1): 4 2 0 2 9, half a step on both sides: 1 decade; mean (2 + 2 + 0 + 2 + 4.5) / 4 = 2.625.
    """
    responses = {1: [4, 2, 0, 2, 9], 2: [5, 3, 1, 1.5, 9]}
    space = Space([line(5), setting("batch", 1, 2)])
    place = {key: k for k, key in enumerate(space.settings[0].variants[0].domain.level_values())}
    trials = tabulate(
        space, lambda c, _: responses[c["batch"]][place[c["lr"]]], 2
    )  # twice the same: no noise
    table = tolerance(Study(trials, space, tolerance=0.4))
    free = pick(table, setting="lr", method="re-tuned")
    assert free["decades"] == pytest.approx(7 / 6)
    assert free["fraction"] == pytest.approx(7 / 24)
    assert free["from"] == pytest.approx(10**-2.5)
    assert free["to"] == pytest.approx(10 ** (-2 + 2 / 3))
    assert free["regret"] == pytest.approx(2.5)
    assert (free["intervals"], free["best_at"], free["band"]) == (1, 1e-2, "0.00316 to 0.0464")
    assert free["decades_low"] <= free["decades"] <= free["decades_high"]
    cut = pick(table, setting="lr", method="slice")
    assert (cut["decades"], cut["regret"]) == (pytest.approx(1.0), pytest.approx(2.625))
    batch = pick(table, setting="batch", method="re-tuned")
    assert (batch["fraction"], batch["regret"]) == (1.0, pytest.approx(0.5))


def test_edges_and_separate_intervals_are_said(tabulate):
    """A best value at the end of the range is a warning; two valleys are two intervals."""
    space = Space([line(21)])
    falling = tolerance(Study(tabulate(space, lambda c, _: -np.log10(c["lr"])), space))
    assert falling[["at_edge", "cut_low", "cut_high"]].iloc[0].tolist() == ["high", False, True]
    assert worded(falling)["verdict"][0] == (
        "best at the high end of the range, so the optimum may lie beyond; the good values reach one end of "
        "the range and may go on"
    )
    valleys = tabulate(space, lambda c, _: abs(abs(np.log10(c["lr"]) + 2) - 1))
    row = tolerance(Study(valleys, space)).iloc[0]
    assert (row["intervals"], row["best_at"], row["at_edge"]) == (2, pytest.approx(1e-3), "")
    assert row["remarks"].has(SEPARATE)
    assert not row["cut_low"]
    assert not row["cut_high"]


def test_the_common_bar_counts_from_the_cap(tabulate):
    """The tolerance is ε of the way from the best to a constant prediction, not to the median.

    |log10 lr + 2| on [1e-4, 1] and the cap 4: ε = 0.25 allows 1 on both sides of 1e-2, two decades.
    """
    space = Space([line(41)])
    trials = tabulate(space, lambda c, _: abs(np.log10(c["lr"]) + 2))
    table = tolerance(Study(trials, space, tolerance=0.25, cap=4.0))
    row = pick(table, method="re-tuned", against="common bar")
    assert row["decades"] == pytest.approx(2)
    assert pick(table, method="re-tuned", against="own best")["decades"] < 1


def test_whole_numbers_between_levels_count(tabulate):
    """A range of whole numbers with few levels is judged at every number, interpolated, equally likely.

    |n − 5| at 1, 5, 9 is exact in between; median 4, ε = 0.5 allows 2: the numbers 3 … 7 of 1 … 9.
    """
    space = Space([Setting("n", (Variant(IntegerRange(1, 9, levels=3)),))])
    row = tolerance(Study(tabulate(space, lambda c, _: abs(c["n"] - 5)), space, tolerance=0.5)).iloc[0]
    assert (row["fraction"], row["from"], row["to"]) == (pytest.approx(5 / 9), 3, 7)


def test_ranges_that_differ_between_optimizers(setting, tabulate):
    """Each optimizer is measured on its own range; over all, on the union, by the lower envelope.

    sgd |log lr + 1| on [1e-3, 1] and adam |log lr + 3| on [1e-5, 1e-2]; limit 0.4: 0.8 decades each, of
    three, and 1.6 of five together.
    """
    ranges = (
        Variant(FloatRange(1e-3, 1.0, log=True, levels=31), {"optimizer": ("sgd",)}),
        Variant(FloatRange(1e-5, 1e-2, log=True, levels=31), {"optimizer": ("adam",)}),
    )
    space = Space([setting("optimizer", "sgd", "adam"), Setting("lr", ranges)])
    trials = tabulate(space, lambda c, _: abs(np.log10(c["lr"]) + (1 if c["optimizer"] == "sgd" else 3)))
    table = tolerance(Study(trials, space, tolerance=0.1, cap=4.0))
    free = table[
        (table["setting"] == "lr") & (table["method"] == "re-tuned") & (table["against"] == "common bar")
    ]
    np.testing.assert_allclose(free["fraction"], [1.6 / 5, 0.8 / 3, 0.8 / 3], atol=1e-9)
    assert free["intervals"].tolist() == [2, 1, 1]


def test_branches_against_the_overall_best(setting, tabulate):
    """An optimizer that never comes near the overall best is within its own tolerance only."""
    space = Space([setting("optimizer", "good", "bad"), line(9)])
    trials = tabulate(space, lambda c, _: abs(np.log10(c["lr"]) + 2) + (c["optimizer"] == "bad"))
    table = tolerance(Study(trials, space))
    bad = table[(table["branch"] == "optimizer=bad") & (table["method"] == "re-tuned")].set_index("against")
    assert bad.loc["own best", "fraction"] > 0
    assert bad.loc["overall best", "fraction"] == 0
    assert bad.loc["overall best", "remarks"].has(NOWHERE)


def test_the_common_bar_is_one_for_all_branches(setting, tabulate):
    """One optimizer is worse by a constant: the bar stays that of the whole plan, whatever its own best.

    |log10 lr + 2| on [1e-4, 1] and the same + 0.5; best 0, cap 4, ε = 0.25: the bar is 1 for everyone. The
    good one is below it one decade to either side, 2 of 4, the bad one half a decade, 1 of 4. Means over the
    prior less the best of all: (2/2 + 1 + 0 + 1 + 2/2) / 4 = 1, and 1.5.
    """
    space = Space([setting("optimizer", "good", "bad"), line(5)])
    trials = tabulate(space, lambda c, _: abs(np.log10(c["lr"]) + 2) + 0.5 * (c["optimizer"] == "bad"))
    table = tolerance(Study(trials, space, tolerance=0.25, cap=4.0))
    assert "common bar" not in set(tolerance(Study(trials, space, tolerance=0.25))["against"])
    for method in ("re-tuned", "slice"):
        for branch, decades, regret in (("all", 2, 1), ("optimizer=good", 2, 1), ("optimizer=bad", 1, 1.5)):
            row = pick(table, branch=branch, setting="lr", method=method, against="common bar")
            assert row["decades"] == pytest.approx(decades)
            assert row["fraction"] == pytest.approx(decades / 4)
            assert row["regret"] == pytest.approx(regret)
    bad = pick(table, branch="optimizer=bad", setting="lr", method="re-tuned", against="common bar")
    assert (bad["from"], bad["to"]) == (pytest.approx(10**-2.5), pytest.approx(10**-1.5))


@pytest.mark.parametrize("size", [0, 1, 2, 5])
def test_few_trials(tabulate, setting, size):
    """No trials, one, a few: a table with the columns, the estimate marked."""
    space = Space([setting("optimizer", "sgd", "adam"), line(5)])
    trials = tabulate(space, lambda c, _: abs(np.log10(c["lr"]) + 2), 1, list(space.grid())[:size])
    table = tolerance(Study(trials, space))
    assert list(table.columns) == names(COLUMNS)
    if size == 5:
        assert all(has(table["remarks"], FEW_CONFIGURATIONS))
        assert table["fraction"].notna().all()


def test_search_trials_and_missing_values_are_left_out(tabulate):
    """Trials of the search phase and rows without a finite value change nothing."""
    space = Space([line(9)])
    trials = tabulate(space, lambda c, _: abs(np.log10(c["lr"]) + 2))
    extra = trials.assign(phase="search", value=-9.0)
    lost = trials.head(2).assign(value=[np.nan, np.inf])
    pd.testing.assert_frame_equal(
        tolerance(Study(pd.concat([trials, extra, lost]), space)), tolerance(Study(trials, space))
    )


def test_weighted_median():
    """Half of the weight lies on either side; where a value ends exactly at half, the mean of two."""
    assert weighted_median(np.array([3.0, 1.0, 2.0]), np.array([0.2, 0.2, 0.6])) == 2
    assert weighted_median(np.array([4.0, 1.0, 2.0, 3.0]), np.full(4, 0.25)) == 2.5
    assert weighted_median(np.array([7.0]), np.ones(1)) == 7


def test_no_noise_gives_intervals_of_the_grid_alone(tabulate):
    """Replicates that agree exactly leave no doubt but that of the grid: every other level says how much.

    A slice has no interval. The regret has no part of the grid: its interval is the estimate.
    """
    space = Space([line(9), Setting("m", (Variant(FloatRange(0.0, 1.0, levels=5)),))])
    trials = tabulate(space, lambda c, r: (np.log10(c["lr"]) + 2) ** 2 + c["m"] ** 2 + r, 2)
    table = tolerance(Study(trials, space))
    slices = table[table["method"] == "slice"]
    assert len(slices)
    assert slices[["low", "high", "decades_low", "regret_low"]].isna().all(axis=None)
    assert all(has(slices["remarks"], OF_A_SLICE))
    table = table.drop(slices.index)
    np.testing.assert_allclose(table["regret_low"], table["regret"], atol=1e-6)
    np.testing.assert_allclose(table["regret_high"], table["regret"], atol=1e-6)
    row = pick(table, setting="lr", method="re-tuned")
    widths = []
    for kept in ((0, 2, 4, 6, 8), (0, 1, 3, 5, 7, 8)):
        levels = np.array(sorted(trials["lr"].unique()))[list(kept)]
        part = tolerance(Study(trials[trials["lr"].isin(levels) & (trials["replicate"] == 0)], space))
        widths.append(pick(part, setting="lr", method="re-tuned")["fraction"])
    assert min(widths) < row["fraction"] < max(widths)  # without the best level the bar is higher
    assert row["low"] == pytest.approx(row["fraction"] - (max(widths) - row["fraction"]) / 2, abs=1e-6)
    # One level is in the band: the parabola through it and its neighbours is exact here, and wider.
    bar = TOLERANCE * trials.loc[trials["replicate"] == 0, "value"].median()
    assert row["high"] == pytest.approx(2 * np.sqrt(bar) / 4, abs=1e-6)
    assert row["high"] > row["fraction"] + (row["fraction"] - min(widths)) / 2


def test_a_grid_that_loses_nothing_adds_nothing(tabulate):
    """All of the range is good, whichever levels are left out: the interval is the estimate."""
    space = Space([line(9)])
    trials = tabulate(space, lambda c, r: max(abs(np.log10(c["lr"]) + 2), 0.5) + r, 2)
    row = pick(tolerance(Study(trials, space, tolerance=0.5, cap=6.5)), method="untuned")
    assert (row["decades"], row["decades_low"], row["decades_high"]) == pytest.approx((4, 4, 4), abs=1e-6)


def test_untuned_is_the_median_over_the_rest(tabulate, setting):
    """At each rate the median over the batch sizes: 1, 5 and 9 above |log10 lr + 2| give 5 above it.

    The cap is 8, the best 1: a tenth of the way is 1.7, which the medians, 5 at best, never reach; half of
    the way is 4.5; 0.6 of it is 5.2, which they keep within 0.2 decades of 1e-2.
    """
    above = {16: 1.0, 64: 5.0, 256: 9.0}
    space = Space([line(41), setting("batch", *above)])
    trials = tabulate(space, lambda c, _: above[c["batch"]] + abs(np.log10(c["lr"]) + 2))
    studies = {share: Study(trials, space, tolerance=share, cap=8.0) for share in (0.1, 0.5, 0.6)}
    rows = {share: tolerance(study).query("setting == 'lr' and method == 'untuned'")
            for share, study in studies.items()}  # fmt: skip
    assert [row["decades"].item() for row in rows.values()] == pytest.approx([0, 0, 0.4])
    assert [row["against"].item() for row in rows.values()] == ["common bar"] * 3
    assert rows[0.6]["best_at"].item() == pytest.approx(1e-2)
    assert "untuned" not in set(tolerance(Study(trials, space))["method"])


def test_untuned_counts_what_weighs_more(tabulate, setting):
    """An optimizer with three values of β has a third of its weight in each: the median is over the prior."""
    space = Space(
        [
            setting("optimizer", "sgd", "momentum"),
            line(5),
            setting("beta", 0.1, 0.5, 0.9, when={"optimizer": ("momentum",)}),
        ]
    )
    trials = tabulate(space, lambda c, _: 1.0 if c["optimizer"] == "sgd" else 3.0 + 10 * c["beta"])
    row = tolerance(Study(trials, space, tolerance=0.5, cap=20.0)).query(
        "branch == 'all' and setting == 'lr' and method == 'untuned'"
    )
    # sgd weighs one half at 1; momentum a sixth at 4, 8 and 12: the median lies between 1 and 4.
    assert row["regret"].item() == pytest.approx(1.5)
