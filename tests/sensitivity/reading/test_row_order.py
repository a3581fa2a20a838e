"""The same trials in any order of rows: the same settings, replicates and tables, to the digit."""

import json
from itertools import product

import numpy as np
import optuna
import pandas as pd
import pytest

from sensitivity.measures.measuring import all_tables
from sensitivity.measures.registry import TABLES
from sensitivity.reading import Request, from_study, open_study

optuna.logging.set_verbosity(optuna.logging.ERROR)
pytestmark = pytest.mark.usefixtures("few_trees")


def result(table, rng):
    """A bowl over the rate that the kind moves, and noise; two digits, so that there are ties."""
    height = (np.log10(table["lr"]) + 2.5 + 0.5 * (table["kind"] == "b")) ** 2 + 0.2 * table["drop"]
    return (height + rng.normal(0, 0.2, len(table))).round(2)


def random_search():
    """Seventy random places."""
    rng = np.random.default_rng(5)
    table = pd.DataFrame(
        {
            "lr": 10 ** rng.uniform(-4, -1, 70),
            "kind": rng.choice(["a", "b", "c"], 70),
            "drop": rng.uniform(0, 0.5, 70),
        }
    )
    return table.assign(loss=result(table, rng))


def repeated_grid():
    """A grid with three tries of each configuration, and nothing that says which is which."""
    rng = np.random.default_rng(6)
    levels = [[1e-4, 1e-3, 1e-2, 1e-1], ["a", "b"], [0.0, 0.25, 0.5]]
    table = pd.MultiIndex.from_product(levels, names=["lr", "kind", "drop"]).to_frame(index=False)
    table = pd.concat([table] * 3, ignore_index=True)
    return table.assign(loss=result(table, rng))


def uneven_grid():
    """The same with holes, and a configuration that was tried more often than the others."""
    table = repeated_grid().drop(index=[3, 11, 40, 41])
    return pd.concat([table, table.iloc[:2].assign(loss=[0.31, 2.2])], ignore_index=True)


def seeded_list():
    """Draws from lists, the same configuration several times within a seed."""
    rng = np.random.default_rng(8)
    table = pd.DataFrame(
        {
            "lr": rng.choice([1e-3, 1e-2, 1e-1], 80),
            "kind": rng.choice(["a", "b"], 80),
            "drop": rng.choice([0.0, 0.5], 80),
        }
    )
    return table.assign(seed=np.arange(80) % 4, loss=result(table, rng))


def failing():
    """A random search whose fastest trials have no result."""
    table = random_search()
    return table.assign(loss=table["loss"].where(table["lr"] < 0.03))


MADE = [random_search, repeated_grid, uneven_grid, seeded_list, failing]


def as_csv(table, path):
    """Plain columns."""
    table.to_csv(path / "t.csv", index=False)
    return open_study(Request(path=path / "t.csv", metric="loss"))


def as_wandb(table, path):
    """Names of runs, states and running times beside them."""
    names = [f"run-{row!r}".encode().hex()[-12:] for row in table.to_numpy().tolist()]
    export = pd.DataFrame({"Name": names, "State": "finished", "Runtime": 60.0}).join(
        table.reset_index(drop=True)
    )
    return as_csv(export, path)


def as_ray(table, path):
    """A folder per trial, whose names say nothing but its place."""
    for place, row in enumerate(table.to_dict(orient="records")):
        folder = path / "ray" / f"train_{place:05}"
        folder.mkdir(parents=True)
        config = {name: value for name, value in row.items() if name != "loss"}
        reported = {"loss": row["loss"], "training_iteration": 1, "config": config}
        (folder / "result.json").write_text(json.dumps(reported) + "\n")
    return open_study(Request(path=path / "ray", metric="loss"))


def as_cv_results(table, path):
    """scikit-learn's table with two folds."""
    names = [name for name in table if name not in {"loss", "seed"}]
    found = table[names].add_prefix("param_")
    splits = {"split0_test_score": -table["loss"] - 0.25, "split1_test_score": -table["loss"] + 0.25}
    found.assign(**splits, mean_test_score=-table["loss"]).to_csv(path / "c.csv")
    return open_study(Request(path=path / "c.csv"))


def as_optuna(table, path):
    """A study in memory, its trials in the order of the rows."""
    del path
    study = optuna.create_study()
    kinds = {
        "lr": optuna.distributions.FloatDistribution(1e-4, 1e-1, log=True),
        "kind": optuna.distributions.CategoricalDistribution(["a", "b", "c"]),
        "drop": optuna.distributions.FloatDistribution(0, 0.5),
    }
    for row in table.to_dict(orient="records"):
        params = {name: row[name] for name in kinds}
        lost = np.isnan(row["loss"])
        study.add_trial(
            optuna.trial.create_trial(
                params=params,
                distributions=kinds,
                value=None if lost else row["loss"],
                state=optuna.trial.TrialState.FAIL if lost else optuna.trial.TrialState.COMPLETE,
                user_attrs={"seed": int(row["seed"])} if "seed" in row else {},
            )
        )
    return from_study(study)


def facts(study):
    """Settings with their domains, roles, notes, and every trial but its number, sorted."""
    trials = study.trials.drop(columns=["number", "seconds"])
    rows = sorted(map(str, trials.itertuples(index=False)))
    return study.space.settings, study.rate, study.branch, sorted(study.notes), rows


def written(study, only=tuple(TABLES)):
    """Tables as text; a trial is named by its settings, its number is its place in the file."""
    numbered = study.trials.set_index("number")[study.space.names]
    configuration = {number: str(row) for number, *row in numbered.itertuples()}
    return {
        name: table.assign(**{n: table[n].map(configuration) for n in table if n == "best_trial"}).to_csv()
        for name, table in all_tables(study, only=only).items()
        if name != "trials"
    }


@pytest.mark.parametrize("made", MADE, ids=lambda f: f.__name__)
def test_every_table_is_the_same_in_any_order(made, tmp_path):
    """All measures, to the byte."""
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    table = made()
    one = as_csv(table, tmp_path / "one")
    other = as_csv(table.sample(frac=1, random_state=3), tmp_path / "other")
    assert facts(one) == facts(other)
    assert written(one) == written(other)


@pytest.mark.parametrize(
    ("source", "made"),
    [
        *product([as_wandb, as_ray, as_cv_results], [random_search, repeated_grid]),
        *product([as_optuna], MADE),
    ],
    ids=lambda f: f.__name__,
)
def test_other_formats_in_any_order(source, made, tmp_path):
    """Settings, replicates and shares do not follow rows or folders."""
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    table = made()
    one = source(table, tmp_path / "one")
    other = source(table.sample(frac=1, random_state=4), tmp_path / "other")
    assert facts(one) == facts(other)
    only = ["variance_decomposition", "stability"]
    assert written(one, only) == written(other, only)


def test_tries_without_a_seed_are_not_sorted_by_their_results(tmp_path):
    """The number of a try goes with nothing: were they numbered from the best, blocks would be found."""
    trials = as_csv(repeated_grid(), tmp_path).trials
    place = trials.groupby(["lr", "kind", "drop"])["value"].rank(method="first")
    pairs = pd.crosstab(place, trials["replicate"]).to_numpy()
    assert pairs.shape == (3, 3)
    assert pairs.max() <= 16
    assert pairs.min() >= 1


@pytest.mark.parametrize("made", [random_search, repeated_grid], ids=lambda f: f.__name__)
def test_a_shuffled_export_of_a_study_gives_its_shares(made, tmp_path):
    """Optuna's trials keep their numbers; its table, shuffled and without numbers, has the same shares."""
    table = made()
    study = as_optuna(table, tmp_path)
    assert study.trials["number"].tolist() == list(range(len(table)))
    exported = as_csv(table.sample(frac=1, random_state=9), tmp_path)
    columns = ["branch", "kind", "setting"]
    one, other = (
        all_tables(each, only=["variance_decomposition"])["variance_decomposition"].set_index(columns)
        for each in (study, exported)
    )
    pd.testing.assert_series_equal(one["share"], other["share"], check_exact=True)


def test_a_counter_without_a_name_is_no_setting_in_any_order(tmp_path):
    """1 … n, each once, says which row it is, wherever the rows stand."""
    table = random_search().assign(x=np.arange(70))
    for place, each in enumerate([table, table.sample(frac=1, random_state=1)]):
        folder = tmp_path / str(place)
        folder.mkdir()
        assert as_csv(each, folder).space.names == ["drop", "kind", "lr"]
