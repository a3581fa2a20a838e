"""The scale of a setting in the table of a search: crowding near a good value is no logarithm."""

import numpy as np
import optuna
import pandas as pd
import pytest

from sensitivity.reading import Reading, read_csv_table
from sensitivity.reading.guesses import looks_logarithmic

optuna.logging.set_verbosity(optuna.logging.ERROR)

UNIFORM = {"dropout": 0.5, "mom": 1.0}
LOGARITHMIC = {"lr": (1e-5, 1e-1), "q": (1e-4, 1e-2)}
TRIALS = 100
STUDIES = 15


def searched(seed, sampler):
    """Table of a search whose best dropout lies near 0, so that good values crowd there."""
    noise = np.random.default_rng(seed)

    def loss(trial):
        rate, width = (trial.suggest_float(name, *ends, log=True) for name, ends in LOGARITHMIC.items())
        values = {name: trial.suggest_float(name, 0, high) for name, high in UNIFORM.items()}
        far = (np.log10(rate) + 1.5 + seed % 4) ** 2 + (np.log10(width) + 3) ** 2
        return far + 3 * (values["dropout"] - 0.02) ** 2 + 0.5 * values["mom"] + noise.normal(0, 0.05)

    study = optuna.create_study(sampler=sampler(seed=seed))
    study.optimize(loss, TRIALS)
    return study.trials_dataframe()


def read_as_log(table, path):
    """Settings with a logarithmic scale."""
    table.to_csv(path, index=False)
    study = read_csv_table(path, "value", reading=Reading(minimise=True))
    return {one.name for one in study.space.settings if getattr(one.variants[0].domain, "log", False)}


@pytest.mark.parametrize("sampler", [optuna.samplers.TPESampler, optuna.samplers.RandomSampler])
def test_of_thirty_uniform_settings_at_most_one_is_read_as_logarithmic(sampler, tmp_path):
    """And of thirty logarithmic ones over four decades and two, 28 at least are."""
    logs = [read_as_log(searched(seed, sampler), tmp_path / f"{seed}.csv") for seed in range(STUDIES)]
    assert sum(name in found for found in logs for name in UNIFORM) <= 1
    assert sum(name in found for found in logs for name in LOGARITHMIC) >= 28


def test_the_order_of_the_rows_is_that_of_the_trial_numbers(tmp_path):
    """An export that was sorted by its result is read as before."""
    table = searched(0, optuna.samplers.TPESampler)
    turned = table.sort_values("value")
    found = read_as_log(table, tmp_path / "t.csv")
    assert read_as_log(turned, tmp_path / "t.csv") == found
    assert "lr" in found
    plain = pd.DataFrame(turned).rename(columns={"number": "Trial"}).drop(columns="state")
    plain.columns = plain.columns.str.removeprefix("params_")
    plain = plain[["Trial", *LOGARITHMIC, *UNIFORM, "value"]]
    assert read_as_log(plain, tmp_path / "t.csv") == found


def test_the_first_trials_decide_where_the_later_ones_are_elsewhere():
    """Eleven places by hand, evenly over 0 … 1, then 60 within the lowest hundredth; and in decades."""
    even = np.linspace(0.04, 0.96, 11)
    crowd = np.geomspace(1e-4, 1e-2, 60)
    assert looks_logarithmic(np.append(crowd[::6], even))  # nothing says that it is a search
    assert not looks_logarithmic(np.append(even, crowd))
    assert looks_logarithmic(np.append(10 ** np.linspace(-4, -1, 11), np.linspace(0.02, 0.03, 60)))


def test_over_a_decade_a_known_name_needs_less():
    """Eleven places a little lower than even: more likely logarithmic, not e³ times."""
    first = np.append(np.linspace(0.1, 0.6, 10), 1.0)
    numbers = np.append(first, np.linspace(0.6, 0.7, 60))
    assert looks_logarithmic(numbers, known=True)
    assert not looks_logarithmic(numbers)


def test_the_clocks_of_an_export_are_called_clocks(tmp_path):
    """When a trial began and how long it took; its number says which row it is."""
    searched(0, optuna.samplers.RandomSampler).to_csv(tmp_path / "t.csv", index=False)
    left = read_csv_table(tmp_path / "t.csv", reading=Reading(minimise=True)).read.left_out
    assert left["time or resources"] == ("datetime_start", "datetime_complete", "duration")
    assert left["says which row it is"] == ("number",)
