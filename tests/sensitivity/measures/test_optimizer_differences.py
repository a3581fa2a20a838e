"""Differences between optimizers: paired, with intervals, and never beyond what the range shows."""

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sensitivity.measures.measuring import all_tables
from sensitivity.measures.optimizer_differences import (
    ALIKE,
    BOUND,
    NOT_REACHED,
    NOWHERE,
    UNRANKED,
    first_and_last,
    optimizer_differences,
)
from sensitivity.measures.tunability import tunability
from sensitivity.reading import open_study
from sensitivity.remarks import Judgement
from sensitivity.reporting.answer import how_much_it_forgives
from sensitivity.request import Request
from sensitivity.study import Study
from sweeps.space import FloatRange, Setting, Space, Variant


def space_of(setting, *optimizers):
    rate = FloatRange(1e-4, 1.0, log=True, levels=17)
    return Space(
        [
            setting("optimizer", *optimizers),
            Setting("learning_rate", (Variant(rate),)),
            setting("batch", 1, 2),
        ]
    )


def trials_of(tabulate, setting, shapes, noise=0.002, replicates=3, seed=0):
    """Study of optimizers with a flat bottom: (centre, half width, error there), a steep rise beside it."""
    space, rng = space_of(setting, *shapes), np.random.default_rng(seed)
    shared = rng.normal(0, 5 * noise, replicates)

    def response(c, r):
        centre, half, low = shapes[c["optimizer"]]
        beyond = max(abs(np.log10(c["learning_rate"]) - centre) - half, 0)
        return min(low + 0.4 * beyond, 0.9) + shared[r] + noise * rng.normal()

    return Study(tabulate(space, response, replicates), space, cap=0.9)


def pair(table, quantity, one, other):
    rows = table[(table["quantity"] == quantity) & (table["one"] == f"optimizer={one}")]
    (row,) = rows[rows["other"] == f"optimizer={other}"].to_dict("records")
    return row


def test_wider_and_lower_are_told_with_intervals(tabulate, setting):
    """Half widths 1 and 0.5 differ by a decade: replicates differ by five times the noise."""
    shapes = {"a": (-2, 1.0, 0.1), "b": (-2, 0.5, 0.1), "c": (-2, 1.0, 0.13)}
    table = optimizer_differences(trials_of(tabulate, setting, shapes))
    row = pair(table, "decades", "a", "b")
    assert (row["judgement"], row["better"]) == (Judgement.ABOVE, "optimizer=a")
    assert row["low"] <= 1.0 <= row["high"]
    row = pair(table, "best", "a", "b")
    assert (row["judgement"], row["better"]) == (Judgement.NOT_ABOVE, "")
    assert row["remarks"].has(ALIKE)
    row = pair(table, "best", "a", "c")
    assert (row["judgement"], row["better"]) == (Judgement.ABOVE, "optimizer=a")
    assert row["low"] <= -0.03 <= row["high"] < 0


@pytest.mark.parametrize(
    ("other", "remark", "better"),
    [
        ((-2, 0.5, 0.1), None, "optimizer=a"),  # a is at least 1.5 wide and b is one decade
        ((-1.2, 1.6, 0.1), BOUND, ""),  # both go on beyond the range
        ((-2, 2.5, 0.1), UNRANKED, ""),
        ((-2, 1.0, 0.5), NOWHERE, ""),
        ((-2, 2.0 - 0.6, 0.1), BOUND, ""),  # b is wider as far as one sees, a may be wider yet
    ],
)
def test_a_band_cut_by_the_range_is_a_bound(tabulate, setting, other, remark, better):
    """Band of a: from 0.03 up to the end of the range at 1 and perhaps beyond."""
    study = trials_of(tabulate, setting, {"a": (-0.5, 1.0, 0.1), "b": other})
    row = pair(optimizer_differences(study), "decades", "a", "b")
    assert row["better"] == better
    assert (row["judgement"] == Judgement.ABOVE) == bool(better)
    assert remark is None or row["remarks"].has(remark)


def test_optimizers_that_are_alike_are_seldom_told_apart(tabulate, setting):
    """Thirty sweeps of three alike: a difference is seen in at most 5 % of the pairs, 4 or 5 of 90.

    What moves a whole replicate is no noise: with it in the draws all would move as one, and one pair in five
    would be told apart.
    """
    shapes = dict.fromkeys("abc", (-2, 1.0, 0.1))
    wrong = {"decades": 0, "best": 0}
    for seed in range(30):
        table = optimizer_differences(trials_of(tabulate, setting, shapes, 0.01, 5, seed))
        for quantity in wrong:
            wrong[quantity] += (table["quantity"].eq(quantity) & table["better"].ne("")).sum()
    assert max(wrong.values()) <= 7


def alike(space, replicates, along, across, rng):
    """Trials of two optimizers that are the same, whose noise is correlated from rate to rate, and batch.

    Parameters
    ----------
    along, across
        Correlation of neighbouring rates and of batches, and of the two optimizers.
    """
    apart = np.abs(np.subtract.outer(np.arange(17), np.arange(17)))
    one, two = (np.full((2, 2), rho) + (1 - rho) * np.eye(2) for rho in (across, along))
    root = np.linalg.cholesky(np.kron(np.kron(one, along**apart), two))
    grid = pd.DataFrame(list(space.grid())).sort_values(["optimizer", "learning_rate", "batch"])
    mean = 0.1 + 0.15 * np.maximum(np.abs(np.log10(grid["learning_rate"]) + 2) - 0.8, 0) ** 1.5
    sd = 0.01 + 0.1 * np.maximum(mean - 0.12, 0)
    parts = [
        grid.assign(replicate=r, value=mean + sd * (root @ rng.normal(size=len(grid))) + 0.02 * rng.normal())
        for r in range(replicates)
    ]
    nothing = pd.array([pd.NA] * len(grid) * replicates, dtype="Int64")
    trials = pd.concat(parts, ignore_index=True).assign(phase="plan", outcome="trained")
    return trials.assign(number=range(len(trials)), epochs_to_target=nothing)


@pytest.mark.slow
@pytest.mark.parametrize("replicates", [2, 3])
@pytest.mark.parametrize("along", [0.0, 0.5, 0.7])
@pytest.mark.parametrize("shared", [False, True])
def test_alike_with_noise_that_hangs_together(setting, replicates, along, shared):
    """Two that are the same: in 400 sweeps at most 5 % are told apart, or an optimizer is said to cost.

    Two standard errors of 5 % in 400 are 2.2 %. Neighbouring cells of real sweeps correlate by .5 to .75.
    """
    space, rng, wrong = space_of(setting, "a", "b"), np.random.default_rng(7), Counter()
    for _ in range(400):
        trials = alike(space, replicates, along, along if shared else 0.0, rng)
        study = Study(trials, space, cap=0.9)
        for row in optimizer_differences(study).to_dict("records"):
            wrong[row["quantity"]] += row["better"] != ""
        cost = tunability(study).query("branch == 'all' and setting == 'optimizer'")
        for row in cost.to_dict("records"):
            wrong[row["kind"]] += row["judgement"] == Judgement.ABOVE
            assert (row["low"] > 0) == (row["judgement"] == Judgement.ABOVE)
    print(replicates, along, shared, {name: count / 400 for name, count in wrong.items()})
    assert max(wrong.values()) <= 400 * 0.072


def test_epochs_to_the_target_are_compared(tabulate, setting):
    """The fewest epochs, rest tuned; who never arrives has no number, and is not compared."""
    study = trials_of(tabulate, setting, {"a": (-2, 1.0, 0.1), "b": (-2, 1.0, 0.1), "c": (-2, 1.0, 0.1)})
    epochs = study.trials["optimizer"].map({"a": 3, "b": 9}).astype("Int64")
    table = optimizer_differences(Study(study.trials.assign(epochs_to_target=epochs), study.space, cap=0.9))
    row = pair(table, "epochs", "a", "b")
    assert (row["difference"], row["better"]) == (-6, "optimizer=a")
    row = pair(table, "epochs", "b", "c")
    assert row["value"] == 9
    assert np.isnan([row["other_value"], row["difference"], row["low"], row["high"]]).all()
    assert (row["better"], row["judgement"]) == ("", Judgement.UNKNOWN)
    assert row["remarks"].has(NOT_REACHED)
    never = study.trials.assign(epochs_to_target=pd.array([pd.NA] * len(epochs), dtype="Int64"))
    assert "epochs" not in set(optimizer_differences(Study(never, study.space, cap=0.9))["quantity"])


def test_an_optimizer_without_the_rate_does_not_stop_the_comparison_of_the_others(tabulate, setting):
    """Random search has no rate: the half widths 1 and 0.5 of the other two differ by a decade as before."""
    rng = np.random.default_rng(5)
    halves, rate = {"a": 1.0, "b": 0.5}, FloatRange(1e-4, 1.0, log=True, levels=17)
    has_rate = Variant(rate, {"optimizer": ("a", "b")})
    space = Space([setting("optimizer", "a", "b", "search"), Setting("learning_rate", (has_rate,))])

    def response(c, _):
        away = abs(np.log10(c["learning_rate"]) + 2) if c["optimizer"] in halves else 9.0
        beyond = max(away - halves.get(c["optimizer"], 0.0), 0)
        return min(0.1 + 0.4 * beyond, 0.8) + rng.normal(0, 0.002)

    study = Study(tabulate(space, response, 3), space, "validation error", cap=0.9)
    table = optimizer_differences(study)
    row = pair(table, "decades", "a", "b")
    assert row["better"] == "optimizer=a"
    assert row["low"] <= 1.0 <= row["high"]
    assert len(table[table["quantity"] == "decades"]) == 1
    assert len(table[table["quantity"] == "best"]) == 3
    tables = all_tables(study)
    sides = tables["optimizer_comparison"].set_index("branch")
    assert sides["decades_place"].to_dict() == {
        "optimizer=a": "1",
        "optimizer=b": "2",
        "optimizer=search": "",
    }
    assert sides.loc["optimizer=search", "best"] == pytest.approx(0.8, abs=0.01)
    assert "no interval" not in how_much_it_forgives(tables, study)


def test_without_replicates_nothing_is_told(tabulate, setting):
    study = trials_of(tabulate, setting, {"a": (-2, 1.0, 0.1), "b": (-2, 0.5, 0.2)}, replicates=1)
    table = optimizer_differences(study)
    assert set(table["judgement"]) == {Judgement.UNKNOWN}
    assert table["low"].isna().all()


def test_ties_are_found_from_pairs(tabulate, setting):
    """Of three, a and b are alike at the top and c is the last alone."""
    shapes = {"a": (-2, 1.0, 0.1), "b": (-2, 1.0, 0.1), "c": (-2, 0.3, 0.1)}
    table = optimizer_differences(trials_of(tabulate, setting, shapes, 0.01))
    rows = table[table["quantity"] == "decades"]
    best, worst = first_and_last(rows, ["optimizer=b", "optimizer=a", "optimizer=c"])
    assert best == ["optimizer=b", "optimizer=a"]
    assert worst == ["optimizer=c"]


def test_an_optimizer_that_is_flat_but_never_good_forgives_nothing(tmp_path):
    """Adam is best at one rate, sgd is as good everywhere and never as good as that: no superlative.

    Nor a never: of single trials there is no interval of the difference.
    """
    path = Path(tmp_path) / "trials.csv"
    lines = ["optimizer,learning_rate,batch_size,val_accuracy"]
    rates = (0.001, 0.01, 0.1)
    heights = {"adam": (0.784, 0.700, 0.501), "sgd": (0.734, 0.741, 0.738)}
    for name, height in heights.items():
        for k, rate in enumerate(rates):
            lines += [f"{name},{rate},{batch},{height[k] + batch * 1e-6}" for batch in (16, 64, 256)]
    path.write_text("\n".join(lines) + "\n")
    study = open_study(Request(path=path, metric="val_accuracy", maximise=True))
    text = how_much_it_forgives(all_tables(study), study)
    assert "whether sgd comes within the tolerance of the best cannot be told, though" in text
    assert "forgive" not in text
