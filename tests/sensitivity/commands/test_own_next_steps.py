"""`best`, `confirm`, `zoom` and `plan` of a function and of a table of one's own, as a user types them."""

import tomllib

import joblib
import pandas as pd
import pytest

MODULE = """
def score(configuration, seed):
    x = configuration["x"]
    if configuration["kind"] == "b" and x == 0.6 and seed in {unlucky}:
        raise ValueError("no good")
    return {{"accuracy": 0.9 - (x - 0.65) ** 2 + 0.05 * (configuration["kind"] == "b") + seed % 7 / 1e3 * x}}
"""
DEFINITION = """
name = "mine"
objective = "{module}:score"
metric = "accuracy"
maximise = true
timeout = 60
replicates = 3
search = 0
[space]
x = {{ low = 0.0, high = 1.0, levels = 6 }}
kind = ["a", "b"]
"""
TABLE = """
name = "shop"
dataset = "shop.csv"
epochs = 2
search = 0
data = { target = "left", text = ["zip"] }
network = { hidden = [4] }
[space]
optimizer = ["sgd", "adam"]
learning_rate = [0.01, 0.1]
batch_size = 16
"""


def fresh_seeds(count):
    """Seeds of the calls in replicates that the sweep does not have."""
    from sweeps.seeds import Purpose, integer_seed

    return [integer_seed(0, replicate, Purpose.FUNCTION) for replicate in range(3, 3 + count)]


@pytest.fixture
def mine(tmp_path, monkeypatch, command):
    """Run folder of a function that stands beside its definition, not where the command is typed.

    The best configuration fails with the second of the fresh seeds.
    """
    beside = tmp_path / "beside"
    beside.mkdir()
    module = f"score_{abs(hash(str(tmp_path))) % 10**9}"
    text = MODULE.format(unlucky=[fresh_seeds(2)[1]])
    (beside / f"{module}.py").write_text(text, encoding="utf-8")
    (beside / "mine.toml").write_text(DEFINITION.format(module=module), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert command("sweep", beside / "mine.toml", "--out", "run", "--workers", 1, "--no-report")[0] == 0
    return tmp_path / "run", beside / f"{module}.py"


def test_the_best_of_a_function_is_said_in_its_own_sign(mine, command, assert_one_sentence):
    """Configuration and interval of an accuracy; its settings as a definition; no code, no model."""
    run, module = mine
    code, output, _ = command("best", run)
    assert code == 0
    assert "kind b, x 0.6" in output
    assert "accuracy 0.9" in output
    _, text, _ = command("best", run, "--as", "toml")
    raw = tomllib.loads(text)
    assert (raw["objective"], raw["metric"], raw["maximise"]) == (f"{module.stem}:score", "accuracy", True)
    assert raw["space"] == {"kind": "b", "x": 0.6}
    for framework in ("torch", "optax", "keras", "sklearn"):
        assert_one_sentence(command("best", run, "--as", framework), "--as toml")
    assert_one_sentence(command("best", run, "--fit", run / "m.joblib"), "--as toml")


def test_confirm_calls_a_function_again_and_tells_what_failed(mine, command, assert_one_sentence):
    """Found beside its definition; the candidate whose call fails is left out; a changed file is refused."""
    run, module = mine
    code, output, error = command("confirm", run, "--top", 3, "--replicates", 4, "--workers", 1)
    assert code == 0, error
    said = " ".join(output.split())
    assert "kind b, x 0.6 (best 1" in said
    assert "gave no result with 1 of 4 fresh seeds: 1 failed; it is left out." in said
    table = pd.read_csv(run / "tables" / "confirmed.csv")
    assert len(table) == 2
    assert table["configuration"][0] == "kind b, x 0.8"
    assert table["confirmed"].between(0.9, 1).any()
    assert (table["confirmed_low"] <= table["confirmed_high"]).all()
    again = pd.read_csv(run / "confirm.csv")
    assert again["outcome"].value_counts().to_dict() == {"trained": 11, "failed": 1}
    assert again["value"].isna().sum() == 1
    _, best, _ = command("best", run)
    assert "fresh seeds" in best
    assert "kind b, x 0.8" in best
    module.write_text(module.read_text(encoding="utf-8") + "\n# another\n", encoding="utf-8")
    outcome = command("confirm", run, "--top", 2, "--workers", 1)
    assert_one_sentence(outcome, "sweep")
    (run / "confirm.csv").unlink()
    assert_one_sentence(command("confirm", run, "--top", 2, "--workers", 1), "has changed since this sweep")
    module.unlink()
    assert_one_sentence(command("confirm", run, "--top", 2, "--workers", 1), "there is no module")


def test_the_next_sweep_of_a_function_keeps_what_it_is(mine, tmp_path, command):
    """Objective, metric, maximise and timeout; it says where the function is, and runs there."""
    run, module = mine
    code, _, error = command("zoom", run, "--out", "next.toml")
    assert code == 0, error
    raw = tomllib.loads((tmp_path / "next.toml").read_text(encoding="utf-8"))
    asked = {key: raw[key] for key in ("objective", "metric", "maximise", "timeout")}
    assert asked == {
        "objective": f"{module.stem}:score",
        "metric": "accuracy",
        "maximise": True,
        "timeout": 60,
    }
    assert "trials instead of 36" in error
    assert "networks" not in error
    assert str(module.parent) in error.replace("\n", "")
    (tmp_path / "next.toml").rename(module.parent / "next.toml")
    more = ("--out", "second", "--workers", 1, "--no-report")
    assert command("sweep", module.parent / "next.toml", *more)[0] == 0


def test_more_of_a_function_is_planned_and_found(mine, command):
    """What `plan RUN` says to type finds the function, and a definition is planned by calling it."""
    run, module = mine
    code, output, _ = command("plan", run, "--more", 12)
    assert code == 0
    assert "--set replicates=4" in output
    more = ("--set", "replicates=4", "--out", "run-more", "--workers", 1, "--no-report")
    assert command("sweep", run / "sweep.toml", *more)[0] == 0
    code, output, error = command("plan", module.parent / "mine.toml")
    assert code == 0, error
    assert "The pilot ran 36 trials" in " ".join(output.split())
    assert "network" not in output


def test_a_pilot_whose_calls_fail_says_so(tmp_path, monkeypatch, command, assert_one_sentence):
    """A plan of numbers that are not there would be none."""
    (tmp_path / "raises_always.py").write_text("def score(c, seed):\n    raise OSError('no disk')\n")
    text = DEFINITION.format(module="raises_always")
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert_one_sentence(command("plan", "mine.toml"), "gave no result", "OSError: no disk")


@pytest.fixture
def shop(tmp_path, monkeypatch, command):
    """Run folder of a table of one's own, and the table."""
    places, answers = ("0123", "0456", "0789"), ("no", "yes")
    lines = [
        f"{row * 37 % 50 if row % 9 else ''},{places[row % 3]},{answers[row * 7 % 5 > 2]}"
        for row in range(60)
    ]
    (tmp_path / "shop.csv").write_text("\n".join(["age,zip,left", *lines]), encoding="utf-8")
    (tmp_path / "shop.toml").write_text(TABLE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert command("sweep", "shop.toml", "--out", "run", "--workers", 1, "--no-report")[0] == 0
    return tmp_path / "run", tmp_path / "shop.csv"


def test_the_best_on_a_table_becomes_code_a_model_and_a_definition(shop, command):
    """The program names the file; the model predicts from its rows; the definition can be swept."""
    run, table = shop
    code, text, error = command("best", run, "--as", "torch")
    assert code == 0, error
    compile(text, "best.py", "exec")
    assert f'"{table}"' in text
    code, output, _ = command("best", run, "--fit", "m.joblib")
    assert code == 0
    assert "60 examples, which predicts from rows" in output
    rows = pd.read_csv(table, dtype={"zip": str})
    assert set(joblib.load("m.joblib").predict(rows)) <= {"yes", "no"}
    raw = tomllib.loads(command("best", run, "--as", "toml")[1])
    assert (raw["dataset"], raw["data"]["target"], raw["data"]["text"]) == (str(table), "left", ["zip"])
    assert "contents" not in raw["data"]


def test_confirm_needs_the_table_and_says_when_it_is_gone(shop, command, assert_one_sentence):
    """There it trains; gone or changed it is one sentence; plain `best` needs none."""
    run, table = shop
    text = table.read_text(encoding="utf-8")
    code, output, error = command("confirm", run, "--top", 2, "--replicates", 2, "--workers", 1)
    assert code == 0, error
    assert "Take " in output
    table.unlink()
    gone = (("confirm", run, "--top", 4), ("best", run, "--as", "torch"), ("best", run, "--fit", "m.joblib"))
    for words in gone:
        assert_one_sentence(command(*words), table, "no such file any more")
    assert command("best", run)[0] == 0
    assert command("best", run, "--as", "toml")[0] == 0
    table.write_text(text.replace("yes", "maybe"), encoding="utf-8")
    for words in gone:
        assert_one_sentence(command(*words), "are not those of this sweep")


def test_the_next_sweep_on_a_table_has_its_path_and_target(shop, command):
    """Written by the function behind `zoom`, for two replicates are too few for a judgement."""
    from sensitivity.planning import definition as planning
    from sensitivity.planning.narrowing import Narrowed, Part
    from sensitivity.reading.runs import read_run
    from sweeps.definition import parse
    from sweeps.space import Choices

    run, table = shop
    study = read_run(run)
    parts = (
        Part("optimizer", {}, Choices(("adam",)), ()),
        Part("learning_rate", {}, Choices((0.01, 0.1)), ()),
    )
    old = parse(tomllib.loads(study.definition))
    text, new = planning.next_definition(study, old, Narrowed(parts, {}))
    raw = tomllib.loads(text)
    assert raw["dataset"] == str(table)
    assert raw["data"] == {"target": "left", "text": ["zip"]}
    assert new.build_space().grid_size() == 2
    code, output, error = command("plan", "shop.toml")
    assert code == 0, error
    assert "The pilot trained" in output
    assert command("plan", run)[0] == 0
