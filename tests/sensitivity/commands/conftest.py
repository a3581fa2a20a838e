"""A sweep of eleven trials, as a definition and finished; what is true of every mistake."""

import shutil

import pytest

TINY = """
name = "tiny"
dataset = "iris"
epochs = 2
search = 3
network = { hidden = [3] }

[space]
optimizer = ["sgd", "adam"]
learning_rate = { low = 0.01, high = 0.1, log = true, levels = 2 }
batch_size = [8]
"""


@pytest.fixture
def tiny(tmp_path):
    """Definition of eleven trials."""
    path = tmp_path / "tiny.toml"
    path.write_text(TINY, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """Folder of a finished run of it, trained once; a test that writes takes a copy, `finished`."""
    from sensitivity.commands.overrides import Overrides
    from sensitivity.commands.sweep import sweep_command

    folder = tmp_path_factory.mktemp("trained")
    (folder / "tiny.toml").write_text(TINY, encoding="utf-8")
    source, out = str(folder / "tiny.toml"), folder / "run"
    sweep_command(source, Overrides(), out, None, workers=1, population=None, report=False)
    return out


@pytest.fixture
def finished(trained, tmp_path):
    """Folder of a finished run that a test may change."""
    return shutil.copytree(trained, tmp_path / "finished")


def read_all(folder):
    """Bytes of every file."""
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def check_one_sentence(outcome, *words):
    """Exit code 2, one line on standard error, no traceback, with the words."""
    code, _, error = outcome
    assert code == 2, error
    assert error.startswith("Error: ")
    assert error.count("\n") == 1
    for word in words:
        assert str(word) in error


@pytest.fixture(scope="session")
def contents():
    """Bytes of every file of a folder: (folder) → {path: bytes}."""
    return read_all


@pytest.fixture(scope="session")
def assert_one_sentence():
    """Assert that a command ended in one sentence: (outcome, words)."""
    return check_one_sentence
