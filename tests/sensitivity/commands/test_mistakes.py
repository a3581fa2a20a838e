"""Bad input gets one sentence and exit code 2, and leaves what was recorded as it was."""

import errno
import os
import shutil
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("mistakes")  # a run is trained once

SERIAL = ("--workers", 1)
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


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Folder of a finished run of it, trained once; a test that writes takes a copy, `finished`."""
    from sensitivity.commands.sweep import Overrides, sweep_command

    folder = tmp_path_factory.mktemp("trained")
    (folder / "tiny.toml").write_text(TINY, encoding="utf-8")
    source, out = str(folder / "tiny.toml"), folder / "run"
    sweep_command(source, Overrides(), out, None, workers=1, population=None, report=False)
    return out


@pytest.fixture
def finished(trained, tmp_path):
    """Folder of a finished run that a test may change."""
    return shutil.copytree(trained, tmp_path / "finished")


def contents(folder):
    """Bytes of every file."""
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def assert_one_sentence(outcome, *words):
    """Exit code 2, one line on standard error, no traceback, with the words."""
    code, _, error = outcome
    assert code == 2, error
    assert error.startswith("Error: ")
    assert error.count("\n") == 1
    for word in words:
        assert str(word) in error


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["quik"], ["'quik'", "did you mean 'quick'"]),
        (["missing.toml"], ["no file missing.toml"]),
        (["--dataset", "digit"], ["'digit'", "did you mean 'digits'"]),
        (["--design", "sobl"], ["'sobl'", "did you mean 'sobol'"]),
        (["--design", "grid"], ["grid"]),
        (["--epochs", "0"], ["epochs = 0"]),
        (["--seed", "-1"], ["seed = -1"]),
        (["--set", "epochs"], ["KEY=VALUE", "'epochs'"]),
        (["--set", "epoch=3"], ["'epoch'", "did you mean 'epochs'"]),
        (["--set", "space.learning_rate.low=0"], ["learning_rate", "above zero"]),
        (["--set", "space.optimizer.low=1"], ["optimizer", "no keys of its own"]),
        (["--set", "space.batch_size=[4000]"], ["batch size 4000", "1437 training examples"]),
        (["--dataset", "iris"], ["batch size 256", "120 training examples", "--set 'space.batch_size="]),
        (["--storage", "nonsense"], ["nonsense"]),
        (["--storage", "sqlite:////nowhere/at/all.db"], ["sqlite:////nowhere/at/all.db"]),
        (["--set", "data.noise=1"], ["digits", "no noise"]),
        (["--set", "space.optimizer=[sgd,adam]"], ["need quotes"]),
        (["--set", "learning_rate=0.1"], ["learning_rate is a setting", "[space]"]),
        (["--set", "network.hidden=32"], ["network.hidden = 32", "write a list"]),
        (["--set", 'network.batch_norm="yes"'], ["'yes'", "true or false"]),
    ],
    ids=lambda value: " ".join(map(str, value)) if isinstance(value, list) else None,
)
def test_a_mistake_on_the_command_line_is_one_sentence(command, tmp_path, arguments, words):
    """The sentence names the value given and the way out; no folder is left half made."""
    assert_one_sentence(
        command("sweep", "--no-report", *arguments, *SERIAL, "--out", tmp_path / "run"), *words
    )
    assert not (tmp_path / "run").exists()


def test_a_wrong_option_is_exit_code_two(command):
    """Typer's own complaints have the same exit code."""
    assert command("sweep", "--no-report", "--worker", "2")[0] == 2
    assert command("swep")[0] == 2
    assert command("sweep", "--no-report", "--workers", "0")[0] == 2


@pytest.mark.parametrize(
    "text", ["", "x = ", "\x00", "[space]\noptimizer = 3\n", "space = 7\n", "space = []\n"]
)
def test_a_broken_file_is_one_sentence(command, tmp_path, text):
    """An empty file, broken TOML, a table of the wrong kind."""
    path = tmp_path / "broken.toml"
    path.write_text(text, encoding="utf-8")
    assert_one_sentence(command("sweep", "--no-report", path, "--out", tmp_path / "run"))


def test_a_binary_file_is_one_sentence(command, tmp_path):
    """A picture is no definition."""
    path = tmp_path / "picture.toml"
    path.write_bytes(bytes(range(256)))
    assert_one_sentence(command("sweep", "--no-report", path, "--out", tmp_path / "run"), "UTF-8")


def test_another_definition_is_refused_and_nothing_is_touched(command, tiny, finished):
    """A run folder keeps to its definition; the sentence says what differs."""
    before = contents(finished)
    outcome = command(
        "sweep", "--no-report", tiny, "--out", finished, "--seed", 5, "--epochs", 9, "--workers", 1
    )
    assert_one_sentence(outcome, "another sweep", "seed: 0 → 5", "epochs: 2 → 9")
    assert contents(finished) == before


def test_a_damaged_study_is_refused_and_left_alone(command, finished):
    """A line in the middle that is no record: named by its number, the file as it was."""
    journal = finished / "study.journal"
    lines = journal.read_bytes().splitlines(keepends=True)
    lines[5] = b"garbage\n"
    journal.write_bytes(b"".join(lines))
    before = contents(finished)
    assert_one_sentence(command("sweep", "--no-report", "--out", finished), "study.journal", "line 6")
    assert contents(finished) == before


def test_a_torn_last_line_is_mended(command, finished):
    """What a kill tears is trained again; the table comes out the same."""
    journal, table = finished / "study.journal", finished / "tables" / "trials.csv"
    rows = [line.rsplit(",", 1)[0] for line in table.read_text(encoding="utf-8").splitlines()]
    whole = journal.read_bytes()
    journal.write_bytes(whole[: len(whole) - 700])
    assert command("sweep", "--no-report", "--out", finished, "--workers", 1)[0] == 0
    assert [line.rsplit(",", 1)[0] for line in table.read_text(encoding="utf-8").splitlines()] == rows


def test_a_foreign_study_is_refused_and_left_alone(command, tiny, tmp_path):
    """A study of the same name that somebody else made is not written to."""
    import optuna

    url = f"sqlite:///{tmp_path / 'foreign.db'}"
    study = optuna.create_study(storage=url, study_name="tiny")
    study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=2)
    assert_one_sentence(
        command("sweep", "--no-report", tiny, "--out", tmp_path / "run", "--storage", url), "'tiny'"
    )
    assert len(optuna.load_study(storage=url, study_name="tiny").trials) == 2


def test_a_missing_definition_beside_a_study_is_refused(command, tiny, finished):
    """Without sweep.toml nobody knows what the study holds."""
    (finished / "sweep.toml").unlink()
    assert_one_sentence(command("sweep", "--no-report", tiny, "--out", finished), "no sweep.toml")


def test_an_unwritable_folder_is_one_sentence(command, tiny, tmp_path, monkeypatch):
    """No permission to make the folder, or to write into it: said so, with the path."""
    closed = tmp_path / "closed"
    closed.mkdir()

    def refusing(real):
        def method(path, *arguments, **named):
            if closed in path.parents:
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
            return real(path, *arguments, **named)

        return method

    for name, words in (("mkdir", "Permission denied"), ("open", "permission denied")):
        with monkeypatch.context() as patch:  # root may write anywhere, so permissions alone would not do
            patch.setattr(Path, name, refusing(getattr(Path, name)))
            assert_one_sentence(command("sweep", "--no-report", tiny, "--out", closed / "run"), words, closed)


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder nobody can write to")
def test_a_folder_that_cannot_be_is_one_sentence(command, tiny):
    """Not even root makes a folder in /proc."""
    assert_one_sentence(
        command("sweep", "--no-report", tiny, "--out", "/proc/nowhere/run"), "/proc/nowhere/run", "--out"
    )


def test_a_file_in_the_way_is_one_sentence(command, tiny, tmp_path):
    """--out names a file, or lies below one."""
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for out in (tmp_path / "file", tmp_path / "file" / "below"):
        assert_one_sentence(command("sweep", "--no-report", tiny, "--out", out), "file")
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_a_full_disk_is_one_sentence_and_resumes(command, tiny, trained, tmp_path, monkeypatch):
    """The disk fills while trials are recorded: what was recorded stays, and the run goes on later."""
    import sweeps.journal

    out, real, written = tmp_path / "run", os.write, []

    def write(descriptor, data):
        written.append(len(data))
        if len(written) > 12:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(descriptor, data)

    with monkeypatch.context() as patch:
        patch.setattr(sweeps.journal.os, "write", write)
        arguments = ("sweep", "--no-report", tiny, "--out", out, "--workers", 1, "--population", 1)
        assert_one_sentence(command(*arguments), "the disk is full")
    recorded = (out / "study.journal").read_bytes()
    assert command("sweep", "--no-report", "--out", out, "--workers", 1)[0] == 0
    assert (out / "study.journal").read_bytes().startswith(recorded[: recorded.rfind(b"\n") + 1])
    tables = [(folder / "tables" / "trials.csv").read_text(encoding="utf-8") for folder in (out, trained)]
    stripped = [[line.rsplit(",", 1)[0] for line in text.splitlines()] for text in tables]
    assert stripped[0] == stripped[1]


def test_two_sweeps_at_once_are_refused(command, finished):
    """The study of a running sweep is locked; the second one says so at once."""
    from sweeps.journal import LockedJournal

    shutil.rmtree(finished / "tables")
    with LockedJournal(finished / "study.journal"):
        assert_one_sentence(command("sweep", "--no-report", "--out", finished), "study.journal")


def test_a_bug_shows_its_traceback(command, tiny, tmp_path, monkeypatch):
    """What the user cannot mend is not dressed up as the user's mistake."""
    import sweeps.tasks

    monkeypatch.setattr(sweeps.tasks, "train", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        command("sweep", "--no-report", tiny, "--out", tmp_path / "run", "--workers", 1)


def test_a_password_never_shows(command, tiny, tmp_path):
    """An unreachable database is named without its password, on the screen and in the folder."""
    url = "postgresql://somebody:s3cret@127.0.0.1:1/none"
    code, out, error = command("sweep", "--no-report", tiny, "--out", tmp_path / "run", "--storage", url)
    assert code == 2
    assert "s3cret" not in out + error
    assert not any(b"s3cret" in data for data in contents(tmp_path / "run").values())


def test_a_mistyped_storage_does_not_stick_to_the_folder(command, tiny, tmp_path):
    """A storage that could not be opened is forgotten: the next command may name another, or none."""
    out = tmp_path / "run"
    assert command("sweep", "--no-report", tiny, "--out", out, "--storage", "foo", "--workers", 1)[0] == 2
    assert command("sweep", "--no-report", tiny, "--out", out, "--workers", 1)[0] == 0


def test_a_folder_with_other_files_is_not_taken(command, tiny, tmp_path):
    """A sweep does not scatter its files among somebody's own."""
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    assert_one_sentence(command("sweep", "--no-report", tiny, "--out", tmp_path), "other files", tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.txt", "tiny.toml"]


def test_an_interrupted_sweep_says_what_is_kept(command, tiny, tmp_path, monkeypatch):
    """Ctrl-C: how many trials are recorded, the command that goes on, exit code 130."""
    import sweeps.tasks

    real, calls = sweeps.tasks.train, []

    def train(*arguments):
        calls.append(1)
        if len(calls) > 3:
            raise KeyboardInterrupt
        return real(*arguments)

    out = tmp_path / "run"
    with monkeypatch.context() as patch:
        patch.setattr(sweeps.tasks, "train", train)
        code, _, error = command(
            "sweep", "--no-report", tiny, "--out", out, "--workers", 1, "--population", 1
        )
    assert code == 130
    assert "3 of 11 trials" in error
    assert f"sweep --out {out}" in error
    code, text, _ = command("sweep", "--no-report", "--out", out, "--workers", 1)
    assert code == 0
    assert "Going on after 3 recorded trials" in text


def test_a_folder_of_the_same_name_does_not_hide_a_ready_made_sweep(command, tmp_path, monkeypatch):
    """Names of ready-made sweeps come before paths."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "quick").mkdir()
    assert_one_sentence(command("sweep", "--no-report", "quick", "--epochs", "0"), "epochs = 0")


@pytest.mark.parametrize("name", ["..", ".hidden", "a/b", "-x", ""])
def test_a_name_is_no_path(command, tmp_path, monkeypatch, name):
    """The name becomes a folder in runs/, so it begins with a letter or digit."""
    monkeypatch.chdir(tmp_path)
    assert_one_sentence(command("sweep", "--no-report", "quick", "--set", f'name="{name}"'), "name = ")
    assert not list(tmp_path.iterdir())


def test_brackets_in_a_path_are_no_markup(command, tiny, tmp_path):
    """A folder may be called [/x]."""
    code, text, _ = command("sweep", "--no-report", tiny, "--out", tmp_path / "[" / "x]", "--workers", 1)
    assert code == 0
    assert "x]" in text


@pytest.mark.parametrize("damage", [b'"seconds": "x"', b'"seconds": null'])
def test_a_trial_changed_by_hand_is_refused(command, finished, damage):
    """A record that is JSON but no trial of ours: one sentence."""
    import re

    journal = finished / "study.journal"
    journal.write_bytes(re.sub(rb'"seconds": ?[0-9.e-]+', damage, journal.read_bytes(), count=1))
    assert_one_sentence(command("sweep", "--no-report", "--out", finished), "changed by hand")


def test_a_note_says_when_versions_changed(command, tiny, tmp_path, monkeypatch):
    """A run begun with another NumPy goes on with a warning: its last digits may differ."""
    import sweeps.run

    out = tmp_path / "run"
    with monkeypatch.context() as patch:
        patch.setattr(sweeps.run, "_versions", lambda: {"numpy": "1.0"})
        patch.setattr(sweeps.run, "_search", lambda *_: None)
        command("sweep", "--no-report", tiny, "--out", out, "--workers", 1)
    code, text, _ = command("sweep", "--no-report", "--out", out, "--workers", 1)
    assert code == 0
    assert "last digits may differ" in text


def test_two_sweeps_on_one_database_heal(command, tiny, tmp_path):
    """Trials that two sweeps recorded twice count once, and the run goes on."""
    import optuna

    url = f"sqlite:///{tmp_path / 'shared.db'}"
    assert (
        command("sweep", "--no-report", tiny, "--out", tmp_path / "one", "--storage", url, "--workers", 1)[0]
        == 0
    )
    study = optuna.load_study(storage=url, study_name="tiny")
    for trial in study.get_trials()[3:6]:
        study.add_trial(trial)
    assert command("sweep", "--no-report", "--out", tmp_path / "one", "--workers", 1)[0] == 0
    with (tmp_path / "one" / "tables" / "trials.csv").open(encoding="utf-8") as file:
        assert [int(line.split(",")[0]) for line in list(file)[1:]] == list(range(11))


@pytest.mark.parametrize("design", ["random", "sobol", "tpe"])
def test_one_trial_is_a_sweep(command, tmp_path, design):
    """A plan of one trial has tables without numbers and a page that says why nothing is drawn."""
    path = tmp_path / "one.toml"
    text = TINY.replace("search = 3", f'search = 0\ndesign = "{design}"\ntrials = 1')
    path.write_text(text, encoding="utf-8")
    code, text, error = command("sweep", path, "--out", tmp_path / "run", "--workers", 1)
    assert (code, error) == (0, "")
    assert "cannot say which setting matters" in text
    assert "No picture of" in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert (tmp_path / "run" / "tables" / "ranking.csv").is_file()


@pytest.mark.parametrize("path", ["/dev/zero", "PIPE"])
@pytest.mark.parametrize("name", ["measure", "report", "sweep", "storage"])
def test_what_has_no_end_is_refused(command, tmp_path, name, path):
    """A device or a pipe in place of a file is one sentence, at once; nothing is written."""
    if path == "PIPE":
        path = tmp_path / "pipe"
        os.mkfifo(path)
    out = ["--out", tmp_path / "out"]
    asked = {
        "sweep": ["sweep", path, *out],
        "storage": ["measure", "--storage", f"journal://{path}", *out],
    }
    code, _, error = command(*asked.get(name, [name, path, "--metric", "loss", *out]))
    assert (code, error.count("\n")) == (2, 1)
    assert "device" in error
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("size", "words"), [(2**28 + 1, "at most"), (2**28, "its first line")])
def test_a_huge_file_is_refused_before_it_is_read(command, tmp_path, size, words):
    """A quarter of a gigabyte without a line: one sentence, and the memory of the header only."""
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(size)
    tracemalloc.start()
    outcome = command("measure", path, "--metric", "loss", "--out", tmp_path / "out")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert_one_sentence(outcome, "huge.csv", words)
    assert most < 2**26


def test_a_folder_that_is_gone_meanwhile_is_one_sentence(command, tmp_path, monkeypatch):
    """Somebody deletes the folder of the results while they are made: what and where, exit code 2."""
    from sensitivity.commands import measure

    (tmp_path / "a.csv").write_text("lr,loss\n0.1,1\n0.2,2\n0.3,1.5\n", encoding="utf-8")
    monkeypatch.setattr(measure, "make_folder", lambda _: None)
    code, _, error = command("measure", tmp_path / "a.csv", "--metric", "loss", "--out", tmp_path / "out")
    assert (code, error.count("\n")) == (2, 1)
    assert "not there any more" in error
    assert "kept" not in error  # nothing is


def test_without_docstrings_everything_works(tmp_path):
    """With -OO Python strips docstrings and assertions; a report needs neither."""
    rows = [f"{0.001 * 2**place},{place % 3},{place * 0.1}" for place in range(12)]
    (tmp_path / "a.csv").write_text("\n".join(["lr,depth,loss", *rows]), encoding="utf-8")
    words = ["report", "a.csv", "--metric", "loss", "--out", "out"]
    line = [sys.executable, "-OO", "-m", "sensitivity", *words]
    subprocess.run(line, check=True, capture_output=True, cwd=tmp_path)
    assert (tmp_path / "out" / "report.html").exists()
