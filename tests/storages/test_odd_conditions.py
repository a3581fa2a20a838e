"""What may happen around a sweep while it records: a sentence or the right trials, no wait without end."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from sweeps.definition import parse
from sweeps.errors import StudyError
from sweeps.run import prepare, run
from sweeps.storages import open_storage

ROOT = Path(__file__).resolve().parents[2]
DEFINITION = {
    "dataset": "iris",
    "epochs": 2,
    "network": {"hidden": [4]},
    "space": {"optimizer": ["sgd", "adam"], "learning_rate": [0.01, 0.1]},
}
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="no FIFO, and no file is deleted while open")


def without_seconds(trials):
    return [replace(trial, seconds=0.0) for trial in trials]


@pytest.fixture(scope="module")
def sweep():
    return prepare(parse(DEFINITION))


@pytest.fixture(scope="module")
def expected(sweep, tmp_path_factory):
    """Trials of the sweep when nothing happens."""
    return without_seconds(run(sweep, f"journal://{tmp_path_factory.mktemp('quiet') / 'study.journal'}"))


def deleted(path):
    shutil.rmtree(path.parent)


def moved(path):
    path.rename(path.with_name("elsewhere"))


def replaced(path):
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content)


def cut(path):
    os.truncate(path, path.stat().st_size - 100)


@posix_only
@pytest.mark.parametrize("happens", [deleted, moved, replaced, cut])
def test_a_journal_that_goes_away_under_a_sweep(sweep, expected, tmp_path, happens):
    """Its folder deleted, it moved, replaced or cut: the sweep ends at the next batch, and can go on."""
    path = tmp_path / "run" / "study.journal"
    path.parent.mkdir()

    def once(trials):
        if trials[0].number == 0:
            happens(path)

    with pytest.raises((StudyError, FileNotFoundError)) as caught:
        run(sweep, f"journal://{path}", population=1, on_record=once)
    assert str(path) in str(caught.value)
    path.parent.mkdir(exist_ok=True)
    assert without_seconds(run(sweep, f"journal://{path}")) == expected


@pytest.mark.parametrize("kind", ["journal", "sqlite"])
def test_a_second_sweep_while_one_runs(sweep, expected, tmp_path, kind):
    """It is refused at once, and the first goes on as if nothing had been."""
    url = f"{kind}://{'/' if kind == 'sqlite' else ''}{tmp_path / 'study'}"
    refused = []

    def second(_):
        with pytest.raises(StudyError, match="another sweep is writing to") as caught:
            run(sweep, url)
        refused.append(caught.value)

    assert without_seconds(run(sweep, url, on_record=second)) == expected
    assert refused
    assert str(refused[0]).endswith("give another " + ("--storage" if kind == "sqlite" else "--out"))


@posix_only
@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize("scheme", ["journal://", "sqlite:///"])
@pytest.mark.parametrize("kind", ["device", "pipe", "folder"])
def test_what_is_no_file_is_no_storage(tmp_path, scheme, kind, read_only):
    """A device has no end, and a pipe nobody at its other end: neither is opened."""
    path = tmp_path / "x"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path = "/dev/zero"
    with pytest.raises(StudyError, match=r"is not a file|is no file but a folder, a device or a pipe"):
        open_storage(f"{scheme}{path}", read_only=read_only)


LIMITED = """
import resource, sys
from sweeps.definition import parse
from sweeps.errors import StudyError
from sweeps.run import prepare, run
sweep = prepare(parse(eval(sys.argv[2])))
resource.setrlimit(resource.RLIMIT_FSIZE, (6000, resource.RLIM_INFINITY))
try:
    run(sweep, sys.argv[1], population=1)
except (OSError, StudyError) as error:
    print(type(error).__name__, error)
"""


@posix_only
def test_a_file_that_can_grow_no_more(sweep, expected, tmp_path):
    """Where the disk ends, the sweep does; what was recorded is whole, and with more room it goes on."""
    url = f"journal://{tmp_path / 'study'}"
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, url, repr(DEFINITION)],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert "File too large" in done.stdout
    opened = open_storage(url, read_only=True)
    (study,) = opened.storage.get_all_studies()
    assert 0 < len(opened.storage.get_all_trials(study._study_id)) < len(expected)
    opened.close()
    assert without_seconds(run(sweep, url)) == expected
