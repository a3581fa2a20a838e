"""The same trials through every format give the same shares, to the last digit."""

import json

import joblib
import numpy as np
import optuna
import pandas as pd
import pytest

from sensitivity.measures.variance import variance_decomposition
from sensitivity.reading import Request, open_study
from sensitivity.reading.csv_files import read_search
from sweeps.errors import StudyError
from sweeps.space import Choices

optuna.logging.set_verbosity(optuna.logging.ERROR)
pytestmark = pytest.mark.usefixtures("few_trees")


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """Study of sixty random trials in a database, copied there at once: its file, and the trials."""
    path = tmp_path_factory.mktemp("recorded") / "a.db"
    memory, sampler = optuna.storages.InMemoryStorage(), optuna.samplers.RandomSampler(seed=2)
    study = optuna.create_study(storage=memory, study_name="s", sampler=sampler)
    study.set_metric_names(["loss"])

    def objective(trial):
        rate = trial.suggest_float("lr", 1e-4, 1e-1, log=True)
        drop = trial.suggest_float("dropout", 0.0, 0.5)
        layers = trial.suggest_int("layers", 1, 4)
        kind = trial.suggest_categorical("optimizer", ["sgd", "adam"])
        best = -2.5 if kind == "adam" else -1.5
        return (np.log10(rate) - best) ** 2 + drop + 0.1 * layers

    study.optimize(objective, n_trials=60)
    optuna.copy_study(from_study_name="s", from_storage=memory, to_storage=f"sqlite:///{path}")
    return path, study


@pytest.fixture(scope="module")
def shares(recorded):
    """Study as it is read from the database, and its shares."""
    storage = open_study(Request(path=recorded[0]))
    return storage, variance_decomposition(storage).set_index(COLUMNS)["share"]


COLUMNS = ["branch", "kind", "setting"]


def as_optuna_csv(study, path):
    """What Optuna's own table is; its column of results is called like the metric."""
    study.trials_dataframe().to_csv(path / "a.csv", index=False)
    return Request(path=path / "a.csv")


def as_wandb(study, path):
    """Names, state and times beside plain columns, newest run first as the site writes it."""
    rows = [
        {
            "Name": f"calm-{t.number}",
            "State": "finished",
            "Created": "2031-03-04T10:11:12.000Z",
            "Runtime": 100 + t.number % 7,
            **dict(sorted(t.params.items())),
            "_step": 1000,
            "loss": t.value,
        }
        for t in study.trials
    ]
    pd.DataFrame(rows).to_csv(path / "w.csv", index=False)
    return Request(path=path / "w.csv", metric="loss")


def as_mlflow(study, path):
    """What ``search_runs`` gives, parameters as texts."""
    rows = [
        {
            "run_id": f"{t.number:032x}",
            "status": "FINISHED",
            **{f"params.{name}": str(value) for name, value in t.params.items()},
            "metrics.loss": t.value,
            "tags.mlflow.user": "someone",
        }
        for t in study.trials
    ]
    pd.DataFrame(rows).to_csv(path / "m.csv", index=False)
    return Request(path=path / "m.csv", metric="loss")


def as_ray(study, path):
    """A folder per trial with its parameters and two reported rows."""
    for t in study.trials:
        folder = path / "ray" / f"train_{t.number:05}_lr={t.params['lr']:.4f}"
        folder.mkdir(parents=True)
        (folder / "params.json").write_text(json.dumps(t.params))
        rows = [
            {"loss": t.value + 1 / step - 0.5, "training_iteration": step, "pid": 7, "config": t.params}
            for step in (1, 2)
        ]
        rows[-1]["loss"] = t.value
        (folder / "result.json").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return Request(path=path / "ray", metric="loss")


def cv_results(study):
    """A search of scikit-learn's: parameters, a score to maximise, times."""
    frame = pd.DataFrame(
        {f"param_{name}": [t.params[name] for t in study.trials] for name in study.best_params}
    )
    return frame.assign(
        mean_fit_time=1.0 + np.arange(len(frame)) % 5,
        params=[str(t.params) for t in study.trials],
        mean_test_score=[-t.value for t in study.trials],
        rank_test_score=np.arange(len(frame)) % 9,
    )


def as_cv_results(study, path):
    """Its CSV file."""
    cv_results(study).to_csv(path / "c.csv")
    return Request(path=path / "c.csv")


def as_joblib(study, path):
    """The dictionary as joblib stores it."""
    joblib.dump(cv_results(study).to_dict(orient="list"), path / "c.joblib")
    return Request(path=path / "c.joblib")


def as_json_lines(study, path):
    """An object per trial."""
    lines = [
        json.dumps({"params": t.params, "loss": t.value, "trial_id": f"x{t.number}"}) for t in study.trials
    ]
    (path / "a.jsonl").write_text("\n".join(lines))
    return Request(path=path / "a.jsonl", metric="loss")


FORMATS = [as_optuna_csv, as_wandb, as_mlflow, as_ray, as_cv_results, as_joblib, as_json_lines]


@pytest.mark.parametrize("written", FORMATS, ids=lambda written: written.__name__)
def test_the_same_trials_give_the_same_shares(recorded, shares, tmp_path, written):
    """Settings, values and shares are those of the storage, to the last digit."""
    storage, theirs = shares
    found = open_study(written(recorded[1], tmp_path))
    assert found.turned == (written in {as_cv_results, as_joblib})
    assert set(found.space.names) == set(storage.space.names)
    assert (found.trials["value"] == storage.trials["value"]).all()
    ours = variance_decomposition(found).set_index(COLUMNS)["share"]
    pd.testing.assert_series_equal(ours.reindex(theirs.index), theirs, check_exact=True)


def test_a_fitted_search_is_read_with_its_folds():
    """Folds of scikit-learn's own search are replicates on common splits; the score is maximised."""
    from sklearn.datasets import load_iris
    from sklearn.model_selection import GridSearchCV
    from sklearn.tree import DecisionTreeClassifier

    grid = {"max_depth": [1, 2, None], "criterion": ["gini", "entropy"], "min_samples_leaf": [1, 5, 20]}
    search = GridSearchCV(DecisionTreeClassifier(random_state=0), grid, cv=4).fit(*load_iris(return_X_y=True))
    study = read_search(search)
    assert study.space.names == ["criterion", "max_depth", "min_samples_leaf"]
    assert len(study.trials) == 18 * 4
    domains = {setting.name: setting.variants[0].domain for setting in study.space.settings}
    assert domains["max_depth"] == Choices(("1", "2", "None"))
    folds = np.stack([search.cv_results_[f"split{k}_test_score"] for k in range(4)], axis=1)
    np.testing.assert_array_equal(-study.trials["value"].to_numpy().reshape(18, 4), folds)
    assert study.turned


def test_a_project_of_keras_tuner_is_read(tmp_path):
    """Values, scales and direction stand in its files; the tuner's own entries are no settings."""
    space = [
        {
            "class_name": "Float",
            "config": {"name": "lr", "min_value": 1e-4, "max_value": 0.1, "sampling": "log"},
        },
        {
            "class_name": "Int",
            "config": {"name": "units", "min_value": 8, "max_value": 64, "sampling": "linear"},
        },
    ]
    (tmp_path / "oracle.json").write_text(
        json.dumps({"objective": {"name": "val_accuracy", "direction": "max"}})
    )
    for number in range(12):
        folder = tmp_path / f"trial_{number:02}"
        folder.mkdir()
        score = None if number == 5 else 0.5 + number / 100
        values = {"lr": 1e-4 * 1.7**number, "units": 8 + number * 5 % 23, "tuner/epochs": 3}
        trial = {
            "trial_id": f"{number:02}",
            "hyperparameters": {"space": space, "values": values},
            "metrics": {"metrics": {"val_accuracy": {"observations": [{"value": [score], "step": 2}]}}},
            "score": score,
            "best_step": 2,
            "status": "FAILED" if score is None else "COMPLETED",
        }
        if score is None:
            trial["metrics"] = {"metrics": {}}
        (folder / "trial.json").write_text(json.dumps(trial))
    study = open_study(Request(path=tmp_path))
    assert study.space.names == ["lr", "units"]
    assert study.turned
    assert study.metric == "score"
    assert len(study.trials) == 11
    domains = {setting.name: setting.variants[0].domain for setting in study.space.settings}
    assert domains["lr"].log
    assert not domains["units"].log


def test_parquet_is_read_where_pyarrow_is(tmp_path):
    """As the table it holds; without pyarrow one sentence says what to install."""
    table = pd.DataFrame({"lr": [0.1, 0.2, 0.4] * 4, "kind": list("aabb") * 3, "loss": np.arange(12.0)})
    path = tmp_path / "a.parquet"
    try:
        table.to_parquet(path)
    except ImportError:
        path.write_bytes(b"PAR1" + bytes(64))
        with pytest.raises(StudyError, match="which pyarrow reads: pip install pyarrow"):
            open_study(Request(path=path, metric="loss"))
        return
    assert open_study(Request(path=path, metric="loss")).trials["value"].tolist() == list(range(12))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.jsonl", b'{"lr": 1, "loss": 2}\n{"lr": \n', "line 2 is not JSON"),
        ("a.json", b"[{]", "is not JSON"),
        ("a.joblib", b"nonsense", "cannot be loaded"),
    ],
)
def test_a_damaged_file_is_one_sentence(tmp_path, name, content, words):
    """What is wrong, and where."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(StudyError, match=words):
        open_study(Request(path=tmp_path / name, metric="loss"))


@pytest.mark.parametrize("config", ['"{}"', "[1]", "3"])
def test_a_config_of_ray_that_is_no_record_is_one_sentence(recorded, tmp_path, config):
    """Its file is named: text in quotes, a list or a number has no settings."""
    request = as_ray(recorded[1], tmp_path)
    file = next(request.path.rglob("params.json"))
    file.write_text(config)
    with pytest.raises(StudyError, match=r"^[^\n]*params\.json is no record of settings[^\n]*$"):
        open_study(request)


def test_results_of_ray_need_a_folder_of_their_own(command, recorded, tmp_path):
    """Nothing is written into somebody's result folder; a crashed trial is left out and said."""
    request = as_ray(recorded[1], tmp_path)
    crashed = request.path / "train_99999"
    crashed.mkdir()
    (crashed / "params.json").write_text(
        json.dumps({"lr": 0.1, "dropout": 0.1, "layers": 2, "optimizer": "sgd"})
    )
    (crashed / "error.txt").write_text("out of memory")
    before = sorted(request.path.rglob("*"))
    code, _, error = command("measure", request.path, "--metric", "loss")
    assert (code, error.count("\n")) == (2, 1)
    code, output, _ = command("measure", request.path, "--metric", "loss", "--out", tmp_path / "out")
    assert code == 0
    assert "1 of 61 trials has no result" in output
    assert sorted(request.path.rglob("*")) == before
