"""Choices of a study and its own table; records in cells; levels a decade apart; names run together."""

import json

import numpy as np
import optuna
import pandas as pd
import pytest

from sensitivity.measures.measuring import all_tables
from sensitivity.reading import Reading, from_study, read_csv_table
from sensitivity.reading.guesses import are_decades
from sensitivity.vocabulary import tokens


@pytest.mark.parametrize("trials", [40, 90])
def test_choices_of_numbers_and_none_give_the_shares_of_their_table(trials, tmp_path):
    """A table cannot know that numbers were choices, nor that a blank is one: both are read alike."""
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=trials))

    def loss(trial):
        rate = trial.suggest_categorical("lr", [1e-4, 1e-3, 1e-2, 1e-1])
        units = trial.suggest_categorical("units", list(range(32, 513, 32)))
        trial.suggest_categorical("decay", [0.0, 1e-4, 1e-2])
        trial.suggest_categorical("limit", [None, 1, 2])
        trial.suggest_categorical("norm", [None, "batch"])
        return (np.log10(rate) + 2.5) ** 2 + 1e-5 * (units - 200) ** 2

    study.optimize(loss, trials)
    study.trials_dataframe().sample(frac=1, random_state=0).to_csv(tmp_path / "t.csv", index=False)
    table = read_csv_table(tmp_path / "t.csv", reading=Reading(minimise=True))
    one, other = (all_tables(each, only=["ranking"])["ranking"] for each in (from_study(study), table))
    pd.testing.assert_frame_equal(one, other)
    assert {"limit", "norm"} <= set(one["setting"])


@pytest.mark.parametrize("sampler", [optuna.samplers.TPESampler, optuna.samplers.RandomSampler])
def test_a_search_and_its_table_agree_on_what_matters(sampler, tmp_path):
    """A uniform setting under TPE, whose good values crowd near 0, keeps its scale and so its share.

    The ends of the ranges are the table's own, the least and greatest value tried: shares differ by a little.
    """
    study = optuna.create_study(sampler=sampler(seed=4))
    noise = np.random.default_rng(4)

    def loss(trial):
        rate = trial.suggest_float("lr", 1e-5, 1e-1, log=True)
        momentum = trial.suggest_float("mom", 0, 1)
        return (np.log10(rate) + 3) ** 2 + 2 * momentum + noise.normal(0, 0.05)

    study.optimize(loss, 100)
    study.trials_dataframe().to_csv(tmp_path / "t.csv", index=False)
    table = read_csv_table(tmp_path / "t.csv", reading=Reading(minimise=True))
    one, other = (all_tables(each, only=["ranking"])["ranking"] for each in (from_study(study), table))
    one, other = (each.set_index("setting").loc[["lr", "mom"]] for each in (one, other))
    assert one["judgement"].tolist() == other["judgement"].tolist()
    assert other["total_effect"].tolist() == pytest.approx(one["total_effect"].tolist(), abs=0.05)


@pytest.mark.parametrize("write", [json.dumps, str])
def test_a_record_in_a_cell_is_a_column_per_entry(write, tmp_path):
    """As tools write configurations into one column, in JSON or as Python does."""
    rng = np.random.default_rng(0)
    rows = [
        (write({"lr": rate, "net": {"depth": depth}}), seed, depth + np.log10(rate) ** 2 + rng.normal(0, 0.1))
        for rate in (0.01, 0.1, 1.0)
        for depth in (3, 5)
        for seed in (0, 1)
    ]
    pd.DataFrame(rows, columns=["config", "seed", "loss"]).to_csv(tmp_path / "t.csv", index=False)
    study = read_csv_table(tmp_path / "t.csv", "loss")
    assert study.space.names == ["lr", "net.depth"]
    assert study.rate == "lr"
    assert study.trials["replicate"].nunique() == 2
    sets = pd.DataFrame({"kind": ["{a}", "{b}"] * 6, "lr": [0.1, 0.2, 0.4] * 4, "loss": np.arange(12)})
    sets.to_csv(tmp_path / "t.csv", index=False)
    assert read_csv_table(tmp_path / "t.csv", "loss").space.names == ["kind", "lr"]


@pytest.mark.parametrize(
    ("levels", "decades"),
    [
        ([0.001, 0.01, 0.1, 0.5], True),
        ([1, 10, 100, 1000], True),
        ([0.01, 0.03, 0.1], True),
        ([1, 2, 5, 10, 20], True),
        ([16, 32, 64], False),
        ([1, 3, 5, 7, 9, 11], False),
        ([0.0, 0.01, 0.1], False),
        ([1, 90, 100], False),
    ],
)
def test_levels_a_decade_apart_lie_on_a_log_scale(levels, decades):
    """About evenly in the logarithm, and over a decade at least."""
    assert are_decades(levels) is decades


def test_words_that_run_together():
    """Capitals behind small letters begin a word."""
    assert tokens("areaUnderROC") == ["area", "under", "roc"]
    assert tokens("valMSE") == ["val", "mse"]
    assert tokens("mAP") == ["map"]
