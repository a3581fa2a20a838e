"""A setting that decides nearly everything goes with the result, as another result does: told apart."""

import numpy as np
import pandas as pd
import pytest

from sensitivity.commands.first_screen import reading_lines
from sensitivity.reading import Reading, Request, read_csv_table


def read(table, path):
    """Study of a table whose result is r."""
    table.to_csv(path / "t.csv", index=False)
    return read_csv_table(path / "t.csv", "r", Reading(minimise=True))


def search(seed, rows=80):
    """Three settings without names, of which x1 rules; x2 and x3 matter a little."""
    rng = np.random.default_rng(seed)
    draws = {"x1": rng.uniform(0, 1, rows), "x2": rng.uniform(0, 1, rows), "x3": rng.choice([1, 2, 4], rows)}
    table = pd.DataFrame(draws)
    if seed % 2:
        table["x1"] = 10 ** (3 * table["x1"] - 4)
    ruled = np.log(table["x1"]) / 2 if seed % 2 else 4 * table["x1"]
    return table.assign(r=ruled + 0.9 * table["x2"] + 0.1 * table["x3"] + rng.normal(0, 0.02, rows))


@pytest.mark.parametrize("seed", range(8))
def test_an_evenly_spread_setting_is_one_whatever_its_correlation(seed, tmp_path):
    """What it leaves of the result depends on the other settings: of another result it would be noise."""
    table = search(seed)
    assert abs(table["x1"].corr(table["r"], method="spearman")) > 0.9
    assert read(table, tmp_path).space.names == ["x1", "x2", "x3"]


@pytest.mark.parametrize("seed", range(8))
def test_another_result_of_such_trials_is_none(seed, tmp_path):
    """Beside the ruling setting a column follows the result: it never is a setting."""
    table = search(seed)
    rng = np.random.default_rng(seed)
    other = np.exp(-table["r"]) if seed % 3 else 3 * table["r"] + 1
    study = read(table.assign(x9=other + rng.normal(0, 0.01, len(table))), tmp_path)
    assert "x9" not in study.space.names
    left = [name for names in study.read.left_out.values() for name in names]
    assert {"x1", "x2", "x3"} <= {*study.space.names, *study.read.left_out.get("in doubt", ())}
    assert "x9" in left


@pytest.mark.parametrize("name", ["gain", "score", "precision", "f1_recall"])
def test_levels_crossed_with_the_other_settings_are_planned(name, tmp_path):
    """A grid's levels are chosen, whatever they are called and however they go with the result."""
    levels = [[0.1, 0.3, 0.5, 0.9], [16, 64, 256], ["a", "b"]]
    table = pd.MultiIndex.from_product(levels, names=[name, "batch_size", "kind"]).to_frame(index=False)
    noise = np.random.default_rng(1).normal(0, 0.02, len(table))
    study = read(table.assign(r=5 * table[name] + 0.01 * table["batch_size"] ** 0.5 + noise), tmp_path)
    assert name in study.space.names


@pytest.mark.parametrize("name", ["accuracy", "f1", "val_score"])
def test_a_rounded_result_is_no_setting(name, tmp_path):
    """Few values that follow the settings, as often as they happen to come."""
    levels = [[0.1, 0.3, 0.5, 0.9], [16, 64, 256], ["a", "b"], [0, 1]]
    names = ["rate", "batch_size", "kind", "seed"]
    table = pd.MultiIndex.from_product(levels, names=names).to_frame(index=False)
    loss = 3 * (table["rate"] - 0.4) ** 2 + np.random.default_rng(2).normal(0, 0.05, len(table))
    study = read(table.assign(r=loss, **{name: (0.9 - loss / 4).round(1)}), tmp_path)
    assert name not in study.space.names


def test_doubt_is_said_with_the_option_that_reads_it_otherwise(tmp_path):
    """Where nothing else matters, a ruling column may be either: the first screen says how to decide."""
    rng = np.random.default_rng(4)
    table = pd.DataFrame({"x1": rng.uniform(0, 1, 60), "x2": rng.uniform(0, 1, 60)})
    study = read(table.assign(r=3 * table["x1"] + rng.normal(0, 0.05, 60)), tmp_path)
    request = Request(path=tmp_path / "t.csv", metric="r", minimise=True)
    lines = dict(reading_lines(study, request, "report"))
    assert "x1" in study.space.names or (
        "in doubt" in lines["left out"] and "--setting x1" in lines["otherwise"]
    )
