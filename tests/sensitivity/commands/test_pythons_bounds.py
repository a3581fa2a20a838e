"""What Python itself refuses, by depth or by digits, and what has no end, is one sentence as any mistake."""

import os

import pytest

DEEP = "[" * 5000 + "]" * 5000
LONG = "9" * 5000


@pytest.mark.parametrize("value", [DEEP, LONG], ids=["deep", "digits"])
def test_a_definition_beyond_pythons_bounds_is_one_sentence(command, tmp_path, value, assert_one_sentence):
    """Brackets five thousand deep, and a number of five thousand digits."""
    path = tmp_path / "d.toml"
    path.write_text(f"epochs = {value}\n", encoding="utf-8")
    assert_one_sentence(command("sweep", path, "--out", tmp_path / "run"), "d.toml", "too deeply")
    assert_one_sentence(command("sweep", "--set", f"epochs={value}"), "--set epochs", "too deeply")


@pytest.mark.parametrize("value", [DEEP, LONG], ids=["deep", "digits"])
@pytest.mark.parametrize("text", ['[{{"lr": {0}}}]', '{{"lr": {0}}}\n{{"lr": 1}}\n'])
def test_records_beyond_pythons_bounds_are_one_sentence(command, tmp_path, text, value, assert_one_sentence):
    """The same in records, in a list or a line each."""
    path = tmp_path / "t.json"
    path.write_text(text.format(value), encoding="utf-8")
    assert_one_sentence(
        command("measure", path, "--metric", "lr", "--out", tmp_path / "out"), "t.json", "too deeply"
    )


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("result.json", b'{"loss": 1}\n\xff\n'),
        ("progress.csv", b"loss\n\xff\n"),
        ("params.json", DEEP.encode()),
        ("trial.json", b'{"hyperparameters": [1]}'),
        ("trial.json", b'{"metrics": {"metrics": {"a": 1}}}'),
    ],
)
def test_a_damaged_folder_of_results_is_one_sentence(command, tmp_path, name, content, assert_one_sentence):
    """Of Ray Tune's or keras-tuner's: other bytes, another shape."""
    trial = tmp_path / "results" / "trial_1"
    trial.mkdir(parents=True)
    (trial / name).write_bytes(content)
    assert_one_sentence(
        command("measure", tmp_path / "results", "--metric", "loss", "--out", tmp_path / "out"), "remove"
    )


def test_a_note_that_is_a_pipe_is_none(command, finished):
    """Where a module was is asked of a file, not of what may never answer."""
    os.mkfifo(finished / "objective.json")
    assert command("sweep", "--no-report", "--out", finished, "--workers", 1)[0] == 0


def test_a_deep_note_of_the_storage_is_one_sentence(command, finished, assert_one_sentence):
    """It is damaged."""
    (finished / "storage.json").write_text(DEEP, encoding="utf-8")
    assert_one_sentence(command("sweep", "--no-report", "--out", finished), "storage.json", "damaged")
