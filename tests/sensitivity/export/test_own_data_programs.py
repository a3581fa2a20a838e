"""Own data in programs and fitted models: the sweep's numbers, from the user's own file."""

import importlib.util
import json
import os
import random
import runpy
import subprocess
import sys

import joblib
import numpy as np
import pandas as pd
import pytest

from sensitivity.export.code import program
from sensitivity.export.fitted import fitted
from sensitivity.export.own_table import own_table
from sensitivity.export.taken import Taken
from sweeps.definition import parse
from sweeps.errors import DefinitionError
from sweeps.named_data import own_examples
from sweeps.objectives import objective_named
from sweeps.run import prepare
from sweeps.trial import PlannedTrial

ROWS = 90
RUNNER = """
import contextlib, io, json, runpy, sys
found = []
for path in sys.argv[1:]:
    with contextlib.redirect_stdout(io.StringIO()):
        made = runpy.run_path(path)
    found.append((made["validation_loss"], made["validation_error"]))
print(json.dumps(found))
"""
FUNCTIONS = """
import numpy as np, pandas as pd

def frame():
    x = pd.DataFrame({"a": rng0().normal(size=60), "kind": ["u", "v", None] * 20})
    return x, pd.Series(["no", "yes"] * 30, name="left")

def rng0():
    return np.random.default_rng(3)

def array():
    x = rng0().normal(size=(60, 3))
    return x, x @ [1.0, 2.0, 3.0]
"""


def cells(row, draw):
    """A row of a shop in Europe: gaps, decimal commas, a postcode, a word that is rare, a class or none."""
    age = "?" if row % 9 == 0 else f"{draw.uniform(18, 80):.3f}".replace(".", ",")
    plan = "" if row % 7 == 0 else draw.choice([*"abc"] * 5 + [f"rare {row % 24}"])
    left = "" if row % 11 == 0 else draw.choice(("yes", "no"))
    spent = f"{draw.gauss(0, 1):.6f}".replace(".", ",")
    return [str(row), age, plan, draw.choice(("00123", "0456")), left, spent]


@pytest.fixture
def shop(tmp_path):
    """The file of that shop."""
    draw = random.Random(1)
    lines = [";".join(cells(row, draw)) for row in range(ROWS)]
    path = tmp_path / "shop.csv"
    path.write_text("\n".join(["number;age;plan;zip;left;spent", *lines]) + "\n", encoding="utf-8")
    return path


def taken(dataset, fixed=None, **data):
    """A configuration on own data, in the sweep's second replicate."""
    raw = {
        "dataset": str(dataset),
        "epochs": 2,
        "network": {"hidden": [8], "precision": "float64"},
        "data": data,
        "space": {
            "optimizer": "momentum",
            "learning_rate": 0.03,
            "batch_size": 16,
            **(fixed or {}),
            "initial_scale": [1.0, 2.0],
        },
    }
    return Taken(prepare(parse(raw)).definition, {"initial_scale": 1.0}, "by hand", 1)


def trained(what):
    """Validation loss and error that our engine gives."""
    work = objective_named("network").prepare(what.definition, what.definition.build_space())
    (task,) = work.tasks([PlannedTrial(0, what.configuration, what.replicate)], None)
    (trial,) = work.start()(task)
    return trial.final["validation_loss"], trial.final["validation_error"]


def outcomes(texts, folder):
    """What programs of a framework reach, in a fresh process."""
    paths = [folder / f"program{place}.py" for place in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "KERAS_BACKEND": "torch"}
    answer = subprocess.run(
        [sys.executable, "-c", RUNNER, *map(str, paths)],
        check=True,
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment,
    )
    return [tuple(one) for one in json.loads(answer.stdout.splitlines()[-1])]


def outcome(text, folder):
    """What a program reaches that needs no framework but what is imported here already."""
    (folder / "best.py").write_text(text, encoding="utf-8")
    made = runpy.run_path(str(folder / "best.py"))
    return made["validation_loss"], made["validation_error"]


def cases(shop):
    """Classes with gaps and texts, numbers, some of the classes with few examples of each."""
    spread = {"optimizer": "sgd", "learning_rate": 0.01}
    return [
        taken(shop, target="left", text=["zip"]),
        taken(shop, spread, target="spent"),
        taken(shop, {"batch_size": 8}, target="plan", classes=[0, 1, 2], per_class=4),
    ]


@pytest.mark.parametrize("framework", ["torch", "optax", "keras", "sklearn"])
def test_programs_of_own_files_reach_our_numbers(framework, shop, tmp_path):
    """The whole way from the file: pandas, split, encoder fitted on the training part, network.

    Of two classes scikit-learn's network has one output and starts from weights of its own.
    """
    needed = {"keras": ("keras", "torch"), "optax": ("optax", "jax")}.get(framework, (framework,))
    if any(importlib.util.find_spec(name) is None for name in needed):
        pytest.skip(f"{framework} is not installed")
    wanted = cases(shop)[1:] if framework == "sklearn" else cases(shop)
    texts = [program(one, framework) for one in wanted]
    found = (
        [outcome(text, tmp_path) for text in texts] if framework == "sklearn" else outcomes(texts, tmp_path)
    )
    close = 1e-6 if framework == "keras" else 1e-10
    for one, reached in zip(wanted, found, strict=True):
        assert reached == pytest.approx(trained(one), rel=close, abs=close)


def test_a_program_says_how_the_file_is_read(shop):
    """Separator, decimal comma, gaps and kinds, as our reader decided them."""
    text = program(taken(shop, target="left", text=["zip"]), "torch")
    for words in (
        f'"{shop}"',
        'sep=";"',
        'decimal=","',
        'na_values=["", "?"]',
        'texts = ["plan", "zip"]',
        "handle_unknown",
    ):
        assert words in text
    assert "encoder.fit(x.iloc[train])" in text


@pytest.mark.parametrize("name", ["frame", "array"])
def test_functions_are_imported(name, tmp_path, monkeypatch):
    """A program of data that a function returns finds it, wherever it is run."""
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "shopdata.py").write_text(FUNCTIONS, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "source")
    what = taken(f"shopdata:{name}", {"optimizer": "sgd", "learning_rate": 0.01})
    text = program(what, "sklearn")
    assert f"from shopdata import {name}" in text
    if name == "array":
        assert outcome(text, tmp_path) == pytest.approx(trained(what), rel=1e-10)
    else:
        compile(text, "best.py", "exec")


@pytest.mark.usefixtures("openml")
@pytest.mark.parametrize(("dataset", "target"), [("openml:iris", None), ("openml:40945", "fare")])
def test_openml_is_fetched_by_its_id(dataset, target, tmp_path):
    """Irises, all numbers; passengers of the Titanic, with texts and gaps."""
    what = taken(dataset, {"optimizer": "sgd", "learning_rate": 0.001, "batch_size": 64}, target=target)
    text = program(what, "sklearn")
    assert f"fetch_openml(data_id={what.definition.dataset[7:]}," in text
    assert outcome(text, tmp_path) == pytest.approx(trained(what), rel=1e-10)


def test_what_pandas_reads_otherwise_is_refused(tmp_path):
    """A text that is a gap to no one, in one row 'x ' and in another 'x', is two categories to pandas."""
    lines = [f"{row / 7:.3f},{('x ', 'x', 'y')[row % 3]},{'ab'[row % 2]}" for row in range(30)]
    path = tmp_path / "odd.csv"
    path.write_text("\n".join(["size,kind,left", *lines]), encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"pandas does not read odd\.csv as this sweep did"):
        own_table(taken(path, target="left").definition)


def test_a_fitted_model_takes_raw_rows_in_a_fresh_process(shop, tmp_path):
    """Loaded elsewhere it predicts the file's class names; numbers are those of inputs encoded by hand."""
    what = taken(shop, {"optimizer": "adam", "learning_rate": 0.01}, target="left", text=["zip"])
    model, count = fitted(what.definition, what.configuration)
    assert count == ROWS - len(range(0, ROWS, 11))
    joblib.dump(model, tmp_path / "model.joblib")
    code = (
        "import joblib, json, pandas as pd; model = joblib.load('model.joblib'); "
        f"rows = pd.read_csv({str(shop)!r}, sep=';', dtype={{'zip': str}}); "
        "print(json.dumps([model.predict(rows).tolist(), model.predict_proba(rows).tolist()]))"
    )
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    answer = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=tmp_path, env=paths
    )
    names, probabilities = json.loads(answer.stdout)
    assert (len(names), set(names)) == (ROWS, {"yes", "no"})
    examples = own_examples(what.definition)
    features = examples.dataset.features
    by_hand = model[-1].predict_proba(examples.dataset.encoding.fit(features).inputs_of(features))
    known = pd.read_csv(shop, sep=";")["left"].notna().to_numpy()
    assert np.array(probabilities)[known] == pytest.approx(by_hand, abs=1e-6)


def test_a_fitted_model_knows_classes_that_are_numbers_and_numbers(shop, tmp_path):
    """Classes 3 and 5 stay whole numbers; a regression predicts in the file's unit."""
    frame = pd.read_csv(shop, sep=";", decimal=",", na_values="?", dtype={"zip": str, "plan": str})
    frame = frame.assign(stars=np.where(frame["age"] > 50, 5, 3), pay=1e6 + 1e3 * frame["age"].fillna(50))
    path = tmp_path / "stars.csv"
    frame.to_csv(path, index=False)
    adam = {"optimizer": "adam", "learning_rate": 0.03}
    stars = taken(path, adam, target="stars")
    model, _ = fitted(stars.definition, stars.configuration)
    assert set(model.predict(frame).tolist()) <= {3, 5}
    assert model.predict(frame).dtype.kind == "i"
    pay = taken(path, adam, target="pay")
    model, _ = fitted(pay.definition, pay.configuration)
    assert model.predict(frame).mean() == pytest.approx(frame["pay"].mean(), rel=0.01)
