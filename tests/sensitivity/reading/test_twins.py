"""What changes together is one setting; what was drawn on its own is not, however often it was run."""

import numpy as np
import pandas as pd
import pytest

from sensitivity.reading import read_csv_table

TWIN = "goes one to one with another setting"


@pytest.fixture
def read(tmp_path):
    """Read a frame as a file: frame → study."""

    def from_frame(table):
        path = tmp_path / "trials.csv"
        table.to_csv(path, index=False)
        return read_csv_table(path, "loss")

    return from_frame


def searched(configurations, seeds, number=0, **columns):
    """Random search of a rate and dropout, every configuration once per seed."""
    rng = np.random.default_rng(number)
    table = pd.DataFrame(
        {"lr": 10 ** rng.uniform(-4, -1, configurations), "dropout": rng.uniform(0, 0.5, configurations)}
    )
    for name, made in columns.items():
        table[name] = made(table, rng)
    table = table.loc[table.index.repeat(seeds)].reset_index(drop=True)
    loss = (np.log10(table["lr"]) + 2.5) ** 2 + table["dropout"] + rng.normal(0, 0.1, len(table))
    seed = {"seed": np.arange(len(table)) % seeds} if seeds > 1 else {}
    return table.assign(**seed, loss=loss)


def twins(study):
    """Columns left out as another's twin."""
    return study.read.left_out.get(TWIN, ())


@pytest.mark.parametrize("seeds", [1, 2, 3, 5])
def test_settings_drawn_on_their_own_are_no_twins(read, seeds):
    """With and without names that everybody knows, however often each configuration was run."""
    table = searched(40, seeds, seeds, psi=lambda table, rng: rng.uniform(2, 9, len(table)))
    study = read(table.rename(columns={"dropout": "theta"}))
    assert study.space.names == ["lr", "psi", "theta"]
    assert not twins(study)


@pytest.mark.parametrize("seeds", [1, 2, 4])
@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("log_lr", lambda table, _: np.log10(table["lr"])),
        ("learning_rate", lambda table, _: table["lr"]),
        ("lr_rounded", lambda table, _: table["lr"].map("{:.3g}".format).astype(float)),
        ("keep_rate", lambda table, _: 1 - table["dropout"]),
    ],
)
def test_a_copy_of_a_setting_is_its_twin(read, seeds, name, made):
    """The same numbers, their logarithm, rounded, turned round: one setting, and the other is named."""
    study = read(searched(40, seeds, 7, **{name: made}))
    assert len(study.space.names) == 2
    assert len(twins(study)) == 1
    assert set(twins(study)) < {"lr", "dropout", name}


def test_a_name_beside_its_number_is_a_twin(read):
    """On a plan: a model and its size; a number of the configuration is no setting, either."""
    rows = [(size, rate, seed) for size in (1, 2, 3) for rate in (0.1, 0.2, 0.4) for seed in range(3)]
    table = pd.DataFrame(rows, columns=["model_index", "lr", "seed"])
    table["model"] = table["model_index"].map({1: "small", 2: "base", 3: "large"})
    table["cfg_number"] = np.arange(len(table)) // 3
    table["loss"] = table["model_index"] + table["lr"] + table["seed"] / 100
    study = read(table)
    assert len(study.space.names) == 2
    assert "lr" in study.space.names


def test_one_factor_at_a_time_has_no_twins(read):
    """All but one setting stay at the base: little is paired, and what each does can be told."""
    rows = [(0.1, 32, 0.0)] + [(rate, 32, 0.0) for rate in (0.2, 0.3, 0.5, 0.7, 1.0, 1.3)]
    rows += [(0.1, width, 0.0) for width in (64, 128, 256)] + [(0.1, 32, drop) for drop in (0.1, 0.2, 0.3)]
    table = pd.DataFrame(rows * 2, columns=["lr", "width", "dropout"])
    study = read(table.assign(loss=table.sum(axis=1) + np.arange(len(table)) / 100))
    assert study.space.names == ["dropout", "lr", "width"]


@pytest.mark.parametrize("number", range(12))
def test_lists_that_nobody_knows_by_name_stay_settings_over_seeds(read, number):
    """Chance makes ten draws uneven; five seeds of each draw do not make that a dependence."""
    rng = np.random.default_rng(number)
    table = pd.DataFrame({name: rng.choice([1, 2, 5], 16) for name in ("psi", "theta")})
    table["phi"] = rng.uniform(0, 1, 16)
    table = table.loc[table.index.repeat(6)].reset_index(drop=True)
    table["seed"] = np.arange(len(table)) % 6
    study = read(
        table.assign(loss=table["psi"] + table["theta"] * table["phi"] + rng.normal(0, 1, len(table)))
    )
    assert study.space.names == ["phi", "psi", "theta"]


def test_twins_are_one_setting_in_every_format(tmp_path):
    """A configuration that says the width twice, as a number and in a list: the number stays."""
    rng = np.random.default_rng(0)
    width = rng.choice([64, 128], 40)
    table = pd.DataFrame({"config.lr": 10 ** rng.uniform(-4, -1, 40), "config.width": width})
    table["config.layers"] = [f"[{each}, {each}]" for each in width]
    table["loss"] = np.log10(table["config.lr"]) ** 2 + width / 64
    table.to_csv(tmp_path / "t.csv", index=False)
    study = read_csv_table(tmp_path / "t.csv", "loss")
    assert study.space.names == ["lr", "width"]
    assert study.read.left_out["goes one to one with another setting"] == ("config.layers",)
