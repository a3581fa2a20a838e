"""What tools write beside settings and results: rounds, runs, compounds, clocks, drawn seeds."""

import itertools

import numpy as np
import pandas as pd
import pytest

from sensitivity.reading import read_csv_table
from sensitivity.reading.cells import column
from sensitivity.reading.replicates import replicates
from sensitivity.reading.twins import compounds_among
from sensitivity.vocabulary import is_budget, is_identity, is_seed


def read(path, table, metric):
    """Study of a table."""
    table.to_csv(path / "t.csv", index=False)
    return read_csv_table(path / "t.csv", metric)


def test_the_rounds_of_a_tuner_are_no_settings(tmp_path):
    """Hyperband's epochs are a fidelity, its bracket and round bookkeeping, though they stand beside hp/."""
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"hp/units": rng.choice([32, 64, 96], 60), "hp/lr": 10 ** rng.uniform(-4, -2, 60)})
    table["hp/tuner/epochs"], table["hp/tuner/bracket"] = np.repeat([2, 4, 10], 20), rng.integers(0, 3, 60)
    study = read(tmp_path, table.assign(score=-np.log10(table["hp/lr"])), "score")
    assert study.space.names == ["lr", "units"]
    assert len(study.trials) == 20
    assert "Explained is the largest hp/tuner/epochs, 10: 40 rows with less were left out." in study.notes
    assert is_budget("tuner/epochs")
    assert not is_budget("hp/warmup_epochs")


def test_results_of_an_experimenter(tmp_path):
    """Weka's runs and folds are replicates; its options in one text are made up of other columns."""
    rows = [
        (run, fold, f"-C {c} -M {m}", c, m, 90 + 3 * (c > 0.1) - m, (run + fold + m) % 8 / 1000 + 0.001)
        for c, m in itertools.product((0.05, 0.1, 0.25, 0.5), (1, 2, 5, 10))
        for run, fold in itertools.product((1, 2, 3), (1, 2, 3))
    ]
    names = [
        "Key_Run",
        "Key_Fold",
        "Key_Scheme_options",
        "C",
        "M",
        "Percent_correct",
        "Elapsed_Time_training",
    ]
    table = pd.DataFrame(rows, columns=names)
    table["Percent_correct"] += np.random.default_rng(1).normal(0, 0.5, len(table))
    study = read(tmp_path, table, "Percent_correct")
    assert study.space.names == ["C", "M"]
    assert study.trials["replicate"].nunique() == 9
    assert study.read.left_out["made up of other settings"] == ("Key_Scheme_options",)
    assert study.read.left_out["time or resources"] == ("Elapsed_Time_training",)
    assert is_seed("Key_Run")
    assert not is_seed("Key_Scheme")


def test_a_compound_has_every_combination_of_what_it_is_made_of():
    """A family of models that fixes two numbers without crossing them is none; nor is a product in part."""
    grid = [(d, w, k) for d in (1, 2, 3) for w in (64, 128) for k in "ab"] * 2
    texts = {name: [str(row[at]) for row in grid] for at, name in enumerate(("depth", "width", "kind"))}
    columns = {name: column(cells) for name, cells in texts.items()}
    columns["net"] = column([f"{d}x{w}" for d, w, _ in grid])
    columns["number"] = column([str(7 * d + w) for d, w, _ in grid])
    assert set(compounds_among(columns, ["depth", "width", "kind", "net"])) == {"net"}
    assert set(compounds_among(columns, ["depth", "width", "kind", "number"])) == {"number"}
    family = {"s": (1, 64), "m": (2, 64), "l": (2, 128)}
    names = list(family) * 6
    models = {
        "model": column(names),
        "depth": column([str(family[name][0]) for name in names]),
        "width": column([str(family[name][1]) for name in names]),
    }
    assert compounds_among(models, list(models)) == []


def test_seeds_that_were_drawn_are_no_blocks():
    """Of fifty seeds below a thousand a few meet by chance: tries are counted, not seeds."""
    rng = np.random.default_rng(3)
    configurations = [(int(level),) for level in rng.integers(0, 30, 50)]
    seeds = rng.integers(0, 1000, 50).tolist()
    seeds[1] = seeds[0]
    numbers, notes = replicates(configurations, seeds, range(50), "seed")
    assert max(numbers) < 10
    assert "repetitions were found" in notes[0]
    blocks = [(level,) for level in range(10) for _ in range(3)]
    assert max(replicates(blocks, [5, 7, 9] * 10, range(30), "seed")[0]) == 2


@pytest.mark.parametrize(
    ("name", "kept"), [("time_limit", True), ("window_hours", True), ("wall_time", False)]
)
def test_a_planned_time_is_a_setting_and_a_measured_one_none(name, kept, tmp_path):
    """Few round levels were planned, all the steps of a clock were counted."""
    rng = np.random.default_rng(4)
    levels = [10, 20, 40] if kept else np.arange(1, 8) / 100
    table = pd.DataFrame({"lr": 10 ** rng.uniform(-4, -1, 70), name: rng.choice(levels, 70)})
    study = read(tmp_path, table.assign(loss=np.log10(table["lr"]) ** 2), "loss")
    assert (name in study.space.names) is kept


def test_a_numbered_batch_of_a_tuner_says_which_row_it_is(tmp_path):
    """mlr3 counts the batches that it tried together; a batch size is a setting."""
    rng = np.random.default_rng(5)
    table = pd.DataFrame(
        {"classif.rpart.cp": rng.uniform(-10, -1, 50), "batch_nr": np.repeat(range(1, 6), 10)}
    )
    study = read(tmp_path, table.assign(**{"classif.ce": table["classif.rpart.cp"] ** 2}), "classif.ce")
    assert study.space.names == ["classif.rpart.cp"]
    assert is_identity("Lauf-Nr")
    assert not is_identity("batch_size")


@pytest.mark.parametrize(
    "written",
    [
        *("%d.%m.%Y", "%d.%m.%y %H:%M", "%m/%d/%Y", "%Y/%m/%d", "%Y-%m-%d %H:%M:%S", "%d-%b-%Y", "%b %d, %Y"),
        *("%d. März %Y", "%d de marzo de %Y", "%d août %Y, %H:%M"),
    ],
)
def test_a_date_is_no_setting_however_it_is_written(written, tmp_path):
    """Several trials a day, so that each comes again; the name says nothing."""
    rng = np.random.default_rng(2)
    days = pd.Timestamp("2024-03-01 14:20") + pd.to_timedelta(rng.integers(0, 28, 60), unit="D")
    table = pd.DataFrame({"wann": days.strftime(written), "lr": 10 ** rng.uniform(-4, -2, 60)})
    study = read(tmp_path, table.assign(score=-np.log10(table["lr"])), "score")
    assert study.space.names == ["lr"]
    assert study.read.left_out == {"time or resources": ("wann",)}


@pytest.mark.parametrize(
    "levels", [("16-8-16", "32-16-8"), ("64-32-2048", "16-8-2048"), ("2048-64-32", "8/1/1")]
)
def test_three_numbers_are_not_always_a_date(levels, tmp_path):
    """Layers of a network, parts of a split."""
    rng = np.random.default_rng(2)
    table = pd.DataFrame({"net": rng.choice(levels, 60), "lr": 10 ** rng.uniform(-4, -2, 60)})
    study = read(tmp_path, table.assign(score=-np.log10(table["lr"])), "score")
    assert study.space.names == ["lr", "net"]
