"""The command ``zoom``: a file that `sweep` takes, code for strangers' trials, refusals of one sentence."""

import re
import tomllib

import numpy as np
import pandas as pd
import pytest

from sweeps.definition import load, parse

TOML = """
name = "rates"
dataset = "wine"
replicates = 4
search = 0
epochs = 4
network = { hidden = [8] }

[space]
optimizer = "adam"
learning_rate = { low = 1e-4, high = 10.0, log = true, levels = 6 }
batch_size = [16, 32]
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Folder of a finished run of 48 networks."""
    from sensitivity.commands.overrides import Overrides
    from sensitivity.commands.sweep import sweep_command

    folder = tmp_path_factory.mktemp("zoom")
    (folder / "rates.toml").write_text(TOML, encoding="utf-8")
    where = folder / "run"
    sweep_command(
        str(folder / "rates.toml"), Overrides(), where, None, workers=1, population=None, report=False
    )
    return where


@pytest.fixture
def table(tmp_path):
    """A stranger's table: the best depth is 3, its units do not matter."""
    rng, path = np.random.default_rng(0), tmp_path / "t.csv"
    rows = [
        {"lr": rate, "units": units, "seed": seed, "loss": (np.log10(rate) + 2) ** 2 + 0.02 * rng.normal()}
        for rate in (1e-4, 1e-3, 1e-2, 1e-1, 1.0)
        for units in (32, 64)
        for seed in range(4)
    ]
    pd.DataFrame(rows).to_csv(path, index=False)
    return path


def test_the_file_is_what_was_printed_and_a_sweep_takes_it(command, run, tmp_path):
    """The rate is cut; the new file is a definition of its own; what to type next is said apart from it."""
    code, out, err = command("zoom", run, "--out", tmp_path / "next.toml")
    assert code == 0, err
    text = (tmp_path / "next.toml").read_text(encoding="utf-8")
    assert out.strip() == text.strip()
    new, old = parse(tomllib.loads(text)), parse(load(run / "sweep.toml"))
    assert new.seed == old.seed + 1
    assert new.space["learning_rate"]["low"] >= 1e-4
    assert new.space["learning_rate"]["high"] / new.space["learning_rate"]["low"] < 1e5
    assert f"python -m sensitivity sweep {tmp_path / 'next.toml'}" in err
    assert "networks instead of 48" in err


def test_code_of_an_own_run(command, run):
    """``--as optuna`` prints a function and nothing else."""
    code, out, _ = command("zoom", run, "--as", "optuna")
    assert code == 0
    scope = {}
    exec(out, scope)  # noqa: S102 (our own)
    assert callable(scope["configuration"])
    assert 'trial.suggest_float("learning_rate", ' in out


def test_trials_of_a_stranger_give_code(command, table):
    """Columns keep their names; what was read as what goes to standard error."""
    code, out, err = command("zoom", table, "--metric", "loss")
    assert code == 0, err
    assert re.findall(r'chosen\["lr"\] = (.*)', out) == ['trial.suggest_float("lr", 5e-3, 0.02, log=True)']
    assert 'chosen["units"] = ' in out
    assert "settings" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere"], ["no file nowhere"]),
        ([], ["say what to measure"]),
        (["TABLE", "--metric", "loss", "--as", "toml"], ["--as optuna"]),
        (["TABLE", "--metric", "loss", "--as", "torch"], ["toml or optuna", "'torch'"]),
        (["TABLE", "--metric", "loss", "--out", "TABLE"], ["exists"]),
    ],
    ids=["no run", "nothing", "no definition", "no such code", "a file in the way"],
)
def test_a_mistake_is_one_sentence(command, table, assert_one_sentence, arguments, words):
    """What to do instead stands in it."""
    given = [str(table) if each == "TABLE" else each for each in arguments]
    assert_one_sentence(command("zoom", *given), *words)


def test_what_judges_nothing_gives_the_ranges_to_draw_from(command, tmp_path):
    """A handful of trials: all that was tried, one step wider where the best so far is the last of it."""
    few = tmp_path / "few.csv"
    few.write_text("lr,units,loss\n0.2,3,0.5\n0.1,4,0.4\n0.3,5,0.3\n", encoding="utf-8")
    code, out, err = command("zoom", few, "--metric", "loss")
    assert code == 0, err
    assert 'trial.suggest_float("lr", 0.1, 0.4)' in out
    assert 'trial.suggest_int("units", 3, 6)' in out


def test_trials_that_all_failed_are_one_sentence(command, tmp_path, assert_one_sentence):
    """Nothing says which values are good."""
    failed = tmp_path / "failed.csv"
    failed.write_text("lr,units,loss\n0.1,3,\n0.2,4,\n0.3,5,\n", encoding="utf-8")
    assert_one_sentence(command("zoom", failed, "--metric", "loss"))


def test_a_sweep_that_has_just_begun(command, finished, assert_one_sentence):
    """Eleven trials of the shared fixture without a replicate that judges: a file or one sentence."""
    code, out, _ = outcome = command("zoom", finished)
    if code:
        assert_one_sentence(outcome)
    else:
        assert parse(tomllib.loads(out))


def test_plan_of_a_run_and_its_refusals(command, run, table, assert_one_sentence):
    """Half widths now and then; what is asked of the wrong thing is refused."""
    code, out, err = command("plan", run, "--more", "48")
    assert code == 0, err
    assert "learning rate" in out
    assert "then" in out
    assert "--set replicates=8" in " ".join(out.split())
    assert_one_sentence(command("plan", run, "--within", "3"), "--more")
    assert_one_sentence(command("plan", "quick", "--more", "100"), "run folder")
    assert_one_sentence(command("plan", "sobol"), "only a factorial")
    assert_one_sentence(command("plan", table))


def test_plan_of_a_definition(command, run, monkeypatch):
    """A pilot of a second: a row per setting, a column per number of replicates, and what is enough."""
    monkeypatch.setattr("sensitivity.planning.pilot.SECONDS", 0.5)
    code, out, err = command("plan", run.parent / "rates.toml", "--within", "20")
    assert code == 0, err
    plain = " ".join(out.split())
    assert "learning rate" in plain
    assert "±20 for every setting:" in plain
