"""Evidence beats names: measurements called like settings, settings called like results."""

import numpy as np
import optuna
import pandas as pd
import pytest

from sensitivity.reading import read_csv_table
from sensitivity.reading.against_names import measured
from sensitivity.reading.cells import Column


def read(path, table, metric):
    """Study of a table."""
    table.to_csv(path / "t.csv", index=False)
    return read_csv_table(path / "t.csv", metric)


def search(seed, rows=60):
    """A random search whose loss depends on the rate and the depth."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame({"lr": 10 ** rng.uniform(-4, -1, rows), "layers": rng.integers(1, 6, rows)})
    loss = 0.3 + 0.1 * (np.log10(table["lr"]) + 2.5) ** 2 + 0.02 * table["layers"]
    return table, loss + rng.normal(0, 0.01, rows), rng


@pytest.mark.parametrize("seed", range(6))
def test_a_measurement_called_like_a_setting_is_none(seed, tmp_path):
    """It follows the result, or depends on two settings that know nothing of each other."""
    table, loss, rng = search(seed)
    table = table.assign(
        rank=loss.rank().astype(int),
        grad_noise=1 / loss + rng.normal(0, 0.05, 60),
        epsilon=1.3 * loss + rng.normal(0, 0.01, 60),
        noise_sigma=table["layers"] - 2 * np.log10(table["lr"]) + rng.normal(0, 0.3, 60),
    )
    study = read(tmp_path, table.assign(val_loss=loss), "val_loss")
    assert study.space.names == ["layers", "lr"]
    assert {"rank", "grad_noise", "epsilon"} <= set(study.read.left_out["another result"])


@pytest.mark.parametrize("seed", range(6))
def test_a_setting_that_rules_alone_is_kept(seed, tmp_path):
    """The loss falls with the rate and nothing else: called like a setting, drawn like one."""
    table, _, rng = search(seed)
    loss = -np.log10(table["lr"]) + 0.01 * table["layers"] + rng.normal(0, 0.02, 60)
    assert read(tmp_path, table.assign(val_loss=loss), "val_loss").space.names == ["layers", "lr"]


@pytest.mark.parametrize("seed", range(6))
def test_a_setting_called_like_a_result_is_one_or_in_doubt(seed, tmp_path):
    """Drawn levels are settings; of a number without levels nobody can tell, and that is said."""
    table, loss, rng = search(seed)
    table["kappa"] = rng.choice([0.5, 1, 2], 60)
    table["nms_iou"] = rng.uniform(0.3, 0.7, 60)
    table["recall"] = (1 - loss + rng.normal(0, 0.03, 60)).round(2)
    study = read(tmp_path, table.assign(val_loss=loss), "val_loss")
    assert study.space.names == ["kappa", "layers", "lr"]
    assert study.read.left_out["in doubt"] == ("nms_iou",)
    assert study.read.left_out["another result"] == ("recall",)


@pytest.mark.parametrize("seed", range(8))
def test_settings_of_a_search_that_learns_are_kept(seed):
    """They crowd where it is good and so depend on each other, and on the result."""
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed, multivariate=seed % 2 == 1))

    def loss(trial):
        rate = trial.suggest_float("lr", 1e-5, 1e-1, log=True)
        dropout, decay = trial.suggest_float("dropout", 0, 1), trial.suggest_float("wd", 0, 1)
        return (np.log10(rate) + 3 + 2 * dropout) ** 2 + 3 * (dropout - 0.3) ** 2 + 0.1 * decay

    study.optimize(loss, 100)
    columns = {name: Column([t.params[name] for t in study.trials]) for name in ("lr", "dropout", "wd")}
    assert measured(columns, list(columns), np.array([t.value for t in study.trials])) == {}
