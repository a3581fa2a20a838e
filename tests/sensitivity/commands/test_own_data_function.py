"""Data that a function beside the definition returns, in the commands that a user types elsewhere."""

import os
import sys

import pytest

DATA = """
import numpy as np

def load():
    random = np.random.default_rng(1)
    x = random.normal(size=(60, 2))
    return x, (x[:, 0] > 0).astype(int)
"""
DEFINITION = """
name = "mine"
dataset = "{module}:load"
epochs = 2
search = 0
replicates = 2
network = {{ hidden = [4] }}
[space]
learning_rate = [0.01, 0.1]
batch_size = 16
"""


@pytest.fixture
def forgetting(monkeypatch, command):
    """Type a command as in a new process: nothing was imported, nothing is on the path but what was."""

    def typed(*arguments):
        monkeypatch.setattr(sys, "path", before[:])
        for name in [name for name in sys.modules if name.startswith("my_numbers_")]:
            del sys.modules[name]
        from sweeps.own_data import _load
        from sweeps.returned_data import look_in

        _load.cache_clear()
        look_in([])
        return command(*arguments)

    before = sys.path[:]
    return typed


def test_a_function_beside_its_definition_is_found_from_anywhere(
    tmp_path, monkeypatch, forgetting, assert_one_sentence
):
    """By the sweep, by what resumes it, by what trains its best again, and by what fits it."""
    beside, elsewhere = tmp_path / "beside", tmp_path / "elsewhere"
    beside.mkdir()
    elsewhere.mkdir()
    module = f"my_numbers_{os.getpid()}"
    (beside / f"{module}.py").write_text(DATA, encoding="utf-8")
    (beside / "mine.toml").write_text(DEFINITION.format(module=module), encoding="utf-8")
    monkeypatch.chdir(elsewhere)
    run = ("--workers", 1, "--no-report")
    code, _, error = forgetting("sweep", beside / "mine.toml", "--out", "run", *run)
    assert (code, error) == (0, "")
    (elsewhere / "run" / "study.journal").unlink()
    assert forgetting("sweep", "--out", "run", *run)[::2] == (0, "")
    code, _, error = forgetting("confirm", "run", "--top", 1, "--replicates", 2, "--workers", 1)
    assert (code, error) == (0, "")
    code, _, error = forgetting("best", "run", "--fit", "model.joblib")
    assert (code, error) == (0, "")
    (elsewhere / "run" / "objective.json").unlink()
    assert_one_sentence(forgetting("best", "run", "--fit", "again.joblib"), f"No module named '{module}'")
