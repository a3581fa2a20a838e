"""The command that finds learning rates: its files, the valley beneath, what it refuses."""

import math

import numpy as np
import pandas as pd
import pytest

from sensitivity.measures.found_rates import Valley, over_replicates, surely_good
from sweeps.optimizers import OPTIMIZERS

QUICK = ("--dataset", "iris", "--steps", "40", "--replicates", "3")


def test_all_optimizers_of_a_dataset(command, tmp_path):
    """A row each but for searches; the suggestion is a tenth of the breaking rate, intervals hold both."""
    code, text, _ = command("lr-find", *QUICK, "--out", tmp_path)
    assert code == 0
    table = pd.read_csv(tmp_path / "tables" / "found_rates.csv")
    assert table["optimizer"].tolist() == [name for name, rule in OPTIMIZERS.items() if not rule.searches]
    assert (table["replicates"] == 3).all()
    known = table[table["broke"] == 3]
    np.testing.assert_allclose(known["breaks_at"], 10 * known["suggested"])
    for name in ("suggested", "breaks"):
        middle = known["breaks_at" if name == "breaks" else name]
        assert ((known[f"{name}_low"] <= middle) & (middle <= known[f"{name}_high"])).all()
    assert all(name in text for name in table["optimizer"])
    svg = (tmp_path / "figures" / "found_rates.svg").read_text(encoding="utf-8")
    assert "momentum ema: " in svg
    assert (tmp_path / "figures" / "found_rates.png").stat().st_size > 10_000


def test_the_same_bytes_every_time(command, tmp_path, contents):
    """Table and pictures."""
    for name in ("a", "b"):
        arguments = (*QUICK, "--optimizer", "sgd", "--optimizer", "adam", "--out", tmp_path / name)
        assert command("lr-find", *arguments)[0] == 0
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_any_key_of_a_definition_can_be_set(command, tmp_path):
    """Batch size, seed and network change what is found, and an optimizer can be named there too."""
    found = []
    for more in ([], ["--set", "space.batch_size=8"], ["--seed", "1"], ["--set", "network.hidden=[]"]):
        arguments = (*QUICK, "--set", "space.optimizer=adam", *more, "--out", tmp_path)
        assert command("lr-find", *arguments)[0] == 0
        table = pd.read_csv(tmp_path / "tables" / "found_rates.csv")
        assert table["optimizer"].tolist() == ["adam"]
        found.append(table["suggested"].iloc[0])
    assert len(set(found)) == 4


def test_the_ends_of_the_ramp_are_those_asked_for(command, tmp_path):
    """A ramp that ends before anything breaks gives a bound, and says so."""
    arguments = (*QUICK, "--optimizer", "sgd", "--lowest", "1e-3", "--highest", "0.2", "--out", tmp_path)
    code, text, _ = command("lr-find", *arguments)
    assert code == 0
    row = pd.read_csv(tmp_path / "tables" / "found_rates.csv").iloc[0]
    assert (row["end_of_range"], row["broke"]) == (0.2, 0)
    assert math.isnan(row["breaks_at"])
    assert row["suggested"] == pytest.approx(0.02)
    assert "≥ 0.02" in text
    assert "sgd broke in 0 of 3 seeds below 0.2" in text


def test_a_run_lays_the_suggestion_over_its_valley(command, tmp_path):
    """The best rate is the table of trials' own, the distance a logarithm."""
    keys = ("dataset=iris", "search=0", "network.hidden=[8]", "space.batch_size=[8, 32]")
    rates = "space.learning_rate={ low = 1e-3, high = 1.0, log = true, levels = 4 }"
    sets = [part for key in (*keys, rates) for part in ("--set", key)]
    assert (
        command("sweep", "quick", *sets, "--no-report", "--workers", "1", "--out", tmp_path / "run")[0] == 0
    )
    arguments = ("--run", tmp_path / "run", "--steps", "40", "--out", tmp_path / "found")
    code, text, _ = command("lr-find", *arguments)
    assert code == 0
    table = pd.read_csv(tmp_path / "found" / "tables" / "found_rates.csv", index_col="optimizer")
    assert table.index.tolist() == ["sgd", "momentum", "rmsprop", "adam"]
    trials = pd.read_csv(tmp_path / "run" / "tables" / "trials.csv")
    for name, row in table.iterrows():
        same = (trials["optimizer"] == name) & (trials["batch_size"] == 32)
        means = trials[same].groupby("learning_rate")["value"].mean()
        assert row["best_error"] == pytest.approx(means.min())
        assert row["best_rate"] == means.idxmin()
        assert row["decades_off"] == pytest.approx(math.log10(row["suggested"] / means.idxmin()))
        assert row["good_low"] <= row["best_rate"] <= row["good_high"]
    assert "decades in the median" in text
    assert "batch size 32." in text


def test_a_suggestion_is_surely_good_with_its_whole_interval():
    """The point inside and an end outside is not; one replicate has no interval, and the point decides."""
    rows = [(0.1, 0.05, 0.2), (0.1, 0.01, 0.2), (0.1, math.nan, math.nan), (0.9, math.nan, math.nan)]
    table = pd.DataFrame(rows, columns=["suggested", "suggested_low", "suggested_high"])
    assert surely_good(table.assign(good_low=0.03, good_high=0.5)).tolist() == [True, False, True, False]


def test_the_batch_size_is_said(command, tmp_path):
    """And how many steps the ramp had: 20 epochs of 8 at most."""
    arguments = ("--dataset", "iris", "--optimizer", "sgd", "--replicates", "2", "--out", tmp_path)
    _, text, _ = command("lr-find", *arguments, "--set", "space.batch_size=16")
    assert "steps with batches of 16 (20 epochs at most)" in " ".join(text.split())


def test_a_valley_worked_by_hand():
    """Errors 0.5, 0.1, 0.1, 0.3 of a cap of 0.6: good up to 0.15, an eighth and a quarter of the way out."""
    valley = Valley({}, np.array([1e-3, 1e-2, 1e-1, 1.0]), np.array([0.5, 0.1, 0.1, 0.3]), 0.6)
    low, high = valley.good()
    assert math.log10(low) == pytest.approx(-2 - 0.125)
    assert math.log10(high) == pytest.approx(-1 + 0.25)
    assert valley.at(10**-0.5) == pytest.approx(0.2)
    assert math.isnan(valley.at(10.0))


def test_an_interval_of_rates_worked_by_hand():
    """Decades −2, −1, 0: the mean −1 ± 4.303/√3 decades (t with two degrees of freedom)."""
    middle, low, high = over_replicates(np.array([0.01, 0.1, 1.0]))
    assert middle == pytest.approx(0.1)
    assert math.log10(high) == pytest.approx(-1 + 4.30265 / math.sqrt(3), abs=1e-4)
    assert math.log10(low) == pytest.approx(-1 - 4.30265 / math.sqrt(3), abs=1e-4)
    assert over_replicates(np.array([0.1]))[1:] == pytest.approx((math.nan, math.nan), nan_ok=True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--optimizer", "random_search"], ["random_search", "leave it out"]),
        (["--optimizer", "adm"], ["'adm'", "did you mean 'adam'"]),
        (["--dataset", "iri"], ["'iri'", "did you mean 'iris'"]),
        (["--lowest", "0"], ["positive", "--lowest"]),
        (["--lowest", "nan"], ["nan"]),
        (["--lowest", "1", "--highest", "0.1"], ["from 1 to 0.1"]),
        (["--highest", "inf"], ["inf"]),
        (["--steps", "3"], ["10 to 100,000", "3"]),
        (["--replicates", "0"], ["--replicates"]),
        (["--set", "space.batch_size=[8, 16]"], ["batch_size", "one value"]),
        (["nowhere"], ["nowhere", "no run folder"]),
    ],
    ids=" ".join,
)
def test_what_cannot_be_is_one_sentence(command, tmp_path, arguments, words, assert_one_sentence):
    """And nothing is written."""
    assert_one_sentence(command("lr-find", *arguments, "--out", tmp_path / "out"), *words)
    assert not (tmp_path / "out").exists()


def test_a_run_and_a_dataset_contradict_each_other(command, finished, tmp_path, assert_one_sentence):
    """A run has its own; one with two rates has no valley; an optimizer that it lacks is named."""
    out = ("--out", tmp_path / "out")
    assert_one_sentence(command("lr-find", finished, "--dataset", "iris", *out), "its own dataset")
    assert_one_sentence(command("lr-find", finished, *out), "2 learning rates", "factorial")
    assert_one_sentence(command("lr-find", finished, "--optimizer", "lion", *out), "no trial of lion", "sgd")
