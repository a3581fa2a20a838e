"""Optimizers side by side: places by hand, ties included; numbers are those of the tables they come from."""

import numpy as np
import pandas as pd
import pytest

from sensitivity.measures.divergence import divergence_by_level
from sensitivity.measures.measuring import all_tables
from sensitivity.measures.optimizer_comparison import COLUMNS, optimizer_comparison
from sensitivity.measures.optimizer_differences import optimizer_differences
from sensitivity.study import Study
from sweeps.space import FloatRange, Setting, Space, Variant

NOISE = np.random.default_rng(0).normal(0, 0.002, 6)


@pytest.fixture
def study(tabulate, setting):
    """Two good optimizers that are alike, and a bad one; six replicates with little noise."""
    rate = Setting("learning_rate", (Variant(FloatRange(1e-4, 1.0, log=True, levels=17)),))
    space = Space([setting("optimizer", "adam", "nadam", "sgd"), rate])

    def response(c, r):
        away = np.log10(c["learning_rate"] / 0.01)
        narrow = 3.0 if c["optimizer"] == "sgd" else 1.0
        twin = NOISE[(r + 3) % 6] if c["optimizer"] == "nadam" else NOISE[r]
        return min(0.1 + 0.05 * (c["optimizer"] == "sgd") + 0.1 * narrow * away**2 + twin, 0.9)

    return Study(tabulate(space, response, 6), space, "validation error", cap=0.9)


def test_twins_tie_and_the_other_comes_third(study):
    """By quality and by tolerance adam and nadam share the first two places, sgd is third."""
    table = optimizer_comparison(study).set_index("branch")
    for name in ("best_place", "decades_place"):
        assert table[name].to_dict() == {
            "optimizer=adam": "1 to 2",
            "optimizer=nadam": "1 to 2",
            "optimizer=sgd": "3",
        }
    assert table.loc["optimizer=sgd", "best"] == pytest.approx(0.15 + NOISE.mean())
    assert table["failed_place"].unique().tolist() == ["1 to 3"]


def test_numbers_are_those_of_their_tables(study):
    """Differences of the pairs, and shares of what diverged."""
    table = optimizer_comparison(study).set_index("branch")
    pairs = optimizer_differences(study)
    for row in pairs[pairs["quantity"].isin(["best", "decades"])].to_dict("records"):
        assert table.loc[row["one"], row["quantity"]] == row["value"]
        assert table.loc[row["other"], row["quantity"]] == row["other_value"]
    levels = divergence_by_level(study)
    whole = levels[levels["setting"].isna() | (levels["setting"] == "")].set_index("branch")
    for branch in table.index:
        assert table.loc[branch, "failed"] == whole.loc[branch, "fraction"]


def test_no_interval_holds_what_cannot_be(tabulate, setting):
    """Two noisy replicates: bands, epochs and errors are never below 0."""
    rate = Setting("learning_rate", (Variant(FloatRange(1e-4, 1.0, log=True, levels=9)),))
    rng = np.random.default_rng(1)

    def response(c, _r):
        return abs(0.02 * np.log10(c["learning_rate"] / 0.01) ** 2 + rng.normal(0, 0.05))

    space = Space([setting("optimizer", "adam", "sgd"), rate])
    table = optimizer_comparison(Study(tabulate(space, response, 2), space, "validation error", cap=0.9))
    assert (table[["best_low", "decades_low"]] >= 0).all(axis=None)


def test_who_never_reaches_the_target_has_no_epochs_and_costs_are_told(study):
    """Sgd never does; a whole training costs 60 evaluations, one of sgd that diverged at half the way 30."""
    trials = study.trials
    epochs = trials["optimizer"].map({"adam": 4, "nadam": 6}).astype("Int64")
    costs = pd.Series(60.0, index=trials.index).where(trials.index > 0, 30.0)
    told = Study(trials.assign(epochs_to_target=epochs, evaluations=costs), study.space, cap=0.9)
    table = all_tables(told, only=("optimizer_comparison",))["optimizer_comparison"].set_index("branch")
    assert table["epochs"].dropna().to_dict() == {"optimizer=adam": 4.0, "optimizer=nadam": 6.0}
    assert table.loc["optimizer=sgd", "epochs_place"] == ""
    assert table["epochs_place"].tolist()[:2] == ["1", "2"]
    assert table.loc["optimizer=sgd", "verdict"].endswith("sgd does not reach the target")
    assert "not reach" not in table.loc["optimizer=adam", "verdict"]
    assert table["evaluations"].tolist() == [60.0] * 3


def test_who_is_first_is_said(study):
    """In words made of places, last."""
    said = all_tables(study, only=("optimizer_comparison",))["optimizer_comparison"]
    said = said.set_index("branch")["verdict"]
    assert "quality" in said["optimizer=adam"]
    assert "quality" not in said["optimizer=sgd"]


def test_one_optimizer_has_nobody_beside_it(tabulate, setting):
    """No row, but all columns."""
    space = Space([setting("schedule", "a", "b"), setting("learning_rate", 0.1, 1.0)])
    study = Study(tabulate(space, lambda _c, _r: 0.5, 2), space, "validation error", cap=0.9)
    table = optimizer_comparison(study)
    assert table.empty
    assert list(table.columns) == [column.name for column in COLUMNS if column.name != "verdict"]
