"""Which engine trained is said; one that would be ignored is refused; a batch system's end is a sentence."""

import importlib.util
import json
import signal
import subprocess
import sys

import pytest

from sensitivity.commands.progress import Tally
from sensitivity.reporting.provenance import versions
from sensitivity.study import Study
from sweeps.run_folder import RunFolder


def test_a_finished_run_refuses_another_engine(command, finished, assert_one_sentence, contents):
    """By NumPy it was trained: numba by name is refused, NumPy by name is fine."""
    if importlib.util.find_spec("numba") is None:
        pytest.skip("numba is not installed")
    line = ("sweep", "--no-report", "--workers", 1, "--out", finished)
    assert command(*line)[0] == 0
    before = contents(finished)
    outcome = command(*line, "--engine", "numba")
    assert_one_sentence(outcome, "begun with engine numpy", "leave --engine numba out")
    code, text, _ = command(*line, "--engine", "numpy")
    assert (code, text.count("Already complete: 11 trials.")) == (0, 1)
    assert "learning rate" in text
    assert contents(finished) == before


def test_a_cluster_that_nothing_is_left_for_is_not_ignored_silently(command, finished, assert_one_sentence):
    """Whichever engine is named; and an address that is none is refused all the same."""
    pytest.importorskip("distributed")
    line = ("sweep", "--no-report", "--workers", 1, "--out", finished)
    command(*line)
    assert "--cluster is not used" in command(*line, "--cluster", "local:2")[1]
    assert "--cluster is not used" not in command(*line)[1]
    assert_one_sentence(command(*line, "--cluster", "nowhere"), "--cluster takes the address")


def test_the_first_line_names_the_engine(command, tiny, finished, tmp_path):
    """Of a new run the one that will train, of another the one that did; none of a function."""
    line = ("sweep", "--no-report", "--workers", 1)
    assert ", trained by numpy →" in command(*line, tiny, "--out", tmp_path / "new")[1]
    journal = finished / "study.journal"
    lines = journal.read_text(encoding="utf-8").splitlines(keepends=True)
    assert RunFolder(finished).engine() == "numpy"
    (place,) = (place for place, each in enumerate(lines) if '"versions"' in each)
    record = json.loads(lines[place])
    record["user_attr"]["versions"]["numba"] = "0"
    lines[place] = json.dumps(record, separators=(",", ":")) + "\n"
    journal.write_text("".join(lines), encoding="utf-8")
    assert RunFolder(finished).engine() == "numba"
    journal.write_text('{"versions"', encoding="utf-8")
    assert RunFolder(finished).engine() is None
    journal.unlink()
    assert RunFolder(finished).engine() is None


@pytest.mark.parametrize(
    ("definition", "recorded", "said"),
    [
        ('name = "x"', {"numpy": "2"}, "numpy"),
        ('name = "x"', {"numpy": "2", "numba": "0"}, "numba"),
        ('objective = "mine:f"', {"numpy": "2"}, None),
        ('name = "x"', {}, None),
    ],
)
def test_the_page_names_the_engine(definition, recorded, said):
    """Beside the versions that it was trained with; nothing where no network was trained or none knows."""
    study = object.__new__(Study)
    for name, value in (("definition", definition), ("trained_with", recorded)):
        object.__setattr__(study, name, value)
    assert dict(versions(study)).get("trained by") == said


def test_an_unknown_engine_is_listed_once(command, tmp_path, assert_one_sentence):
    """The names it could have are said a single time."""
    outcome = command("sweep", "digits", "--engine", "foo", "--out", tmp_path / "run")
    assert_one_sentence(outcome, "engine 'foo' is not known; choose from auto, numpy, numba")
    assert outcome[2].count("numpy, numba") == 1


def test_a_tally_says_whose_diverged(make):
    """What others have trained is counted, and no more is known of it."""
    tally = Tally(9)
    tally.add([make(0, {}, outcome="diverged"), make(1, {})])
    assert "here" not in tally.words()
    tally.done += 5
    tally.elsewhere += 5
    assert "7/9 trials" in tally.words()
    assert "2 trained here: 1 diverged" in tally.words()


SLOW = """
import sys, time
from sweeps import tasks
from sensitivity.commands.cli import main

if __name__ == "__main__":
    def train(*arguments):
        print("training", flush=True)
        time.sleep(60)
    tasks.train = train
    main()
"""
EXPLAINING = SLOW.replace("from sweeps import tasks", "from sensitivity.commands import sweep").replace(
    "tasks.train", "sweep.definition_of"
)


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        (SLOW, "0 of 11 trials are recorded. Go on with: "),
        (EXPLAINING, "nothing is lost; give the same command again"),
    ],
)
def test_termination_is_answered_like_ctrl_c(script, sentence, tiny, tmp_path):
    """SIGTERM while training and elsewhere: one sentence, exit code 143, nothing of Python's own."""
    (tmp_path / "slow.py").write_text(script, encoding="utf-8")
    line = [sys.executable, tmp_path / "slow.py", "sweep", tiny, "--workers", "1", "--out", tmp_path / "run"]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        while "training" not in running.stdout.readline().split():
            assert running.poll() is None
        running.send_signal(signal.SIGTERM)
        error = running.communicate()[1]
    assert running.returncode == 143, error
    assert error.startswith("Interrupted: ")
    assert sentence in error
    assert error.count("\n") == 1
