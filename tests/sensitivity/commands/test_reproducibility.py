"""The same definition gives the same table to the byte: any workers, populations and interruptions."""

import csv
import random
import shutil
import sys
import time
from pathlib import Path

import pytest

DEFINITION = """
name = "mixed"
dataset = "iris"
epochs = 4
search = 20
replicates = {replicates}

[network]
hidden = [12]

[space]
optimizer = ["sgd", "nesterov", "rmsprop", "adam"]
learning_rate = {{ low = 1e-3, high = 1e3, log = true, levels = 3 }}
beta = [0.5, 0.99]
batch_size = [7, 32]
schedule = ["constant", "one_cycle", "performance"]
"""
PLANNED = (1 + 3 * 2) * 3 * 2 * 3 * 2
TOTAL = PLANNED + 20


@pytest.fixture(scope="module", params=[2])
def replicates(request):
    """Two, or more where many kills need a longer sweep."""
    return request.param


@pytest.fixture(scope="module")
def definition(tmp_path_factory, replicates):
    """A sweep with conditional settings, divergence, uneven batches and a search; a few seconds long."""
    path = tmp_path_factory.mktemp("definition") / "mixed.toml"
    path.write_text(DEFINITION.format(replicates=replicates), encoding="utf-8")
    return path


def table(folder):
    """Rows of trials.csv without the column seconds."""
    with (Path(folder) / "tables" / "trials.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    seconds = rows[0].index("seconds")
    return [row[:seconds] + row[seconds + 1 :] for row in rows]


@pytest.fixture(scope="module")
def reference(definition, tmp_path_factory):
    """Folder of an uninterrupted run in this process."""
    from sensitivity.commands.sweep import Overrides, sweep_command

    out = tmp_path_factory.mktemp("reference") / "run"
    sweep_command(str(definition), Overrides(), out, None, workers=1, population=None, report=False)
    return out


@pytest.fixture(scope="module")
def expected(reference):
    """Its table."""
    return table(reference)


def test_the_reference_run_is_whole_and_has_both_outcomes(expected):
    """Every trial has a row, some diverged, the search is marked."""
    header, *rows = expected
    assert [int(row[header.index("number")]) for row in rows] == list(range(TOTAL))
    assert {row[header.index("outcome")] for row in rows} == {"trained", "diverged"}
    phases = [row[header.index("phase")] for row in rows]
    assert phases == ["plan"] * PLANNED + ["search"] * 20


@pytest.mark.parametrize(
    ("workers", "population"), [(1, 1), (1, 7), (2, 32), pytest.param(2, 7, marks=pytest.mark.slow)]
)
def test_workers_and_populations_do_not_change_a_byte(
    definition, expected, command, tmp_path, workers, population
):
    """Serial or two processes, populations of 1, 7 or 32: the same table."""
    code, _, error = command(
        "sweep",
        "--no-report",
        definition,
        "--out",
        tmp_path / "run",
        "--workers",
        workers,
        "--population",
        population,
    )
    assert (code, error) == (0, "")
    assert table(tmp_path / "run") == expected


def test_resuming_a_finished_run_changes_nothing(reference, expected, command, tmp_path):
    """The folder alone is enough to show the result again; the study does not grow."""
    out = shutil.copytree(reference, tmp_path / "run")
    before = (out / "study.journal").read_bytes()
    code, text, error = command("sweep", "--no-report", "--out", out)
    assert (code, error) == (0, "")
    assert "learning_rate" in text
    assert (out / "study.journal").read_bytes() == before
    assert table(out) == expected


def children(pid):
    """Processes that a process started (Linux)."""
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in text.split()]


def kill_at_a_random_moment(running, journal, most, rng):
    """Let the study grow by up to ``most`` bytes, then kill -9; True if the sweep was still running."""
    start = journal.stat().st_size if journal.exists() else 0
    goal = start + rng.randrange(1, most)
    while running.poll() is None and (not journal.exists() or journal.stat().st_size < goal):
        time.sleep(0.003)
    time.sleep(rng.random() * 0.02)
    alive = running.poll() is None
    workers = children(running.pid) if alive else []
    running.kill()
    running.communicate()
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in workers):
        assert time.monotonic() < deadline, "workers outlive a killed coordinator"
        time.sleep(0.01)
    return alive


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize(
    ("replicates", "wanted"), [(2, 2), pytest.param(4, 10, marks=pytest.mark.slow)], indirect=["replicates"]
)
def test_kills_lose_no_trial_and_repeat_none(
    definition, reference, expected, process, command, tmp_path, wanted
):
    """After kill -9 at random moments, each followed by a resume, the table is as if nothing happened."""
    out, rng = tmp_path / "run", random.Random(20261121)
    most = (reference / "study.journal").stat().st_size // 32  # ten kills leave most of it to the end
    kills, workers = 0, (2, 1)
    while kills < wanted:
        running = process("sweep", "--no-report", definition, "--out", out, "--workers", workers[kills % 2])
        alive = kill_at_a_random_moment(running, out / "study.journal", most, rng)
        assert alive, f"the sweep ended after {kills} kills; make it longer"
        kills += 1
    code, _, error = command("sweep", "--no-report", "--out", out, "--workers", 1)
    assert (code, error) == (0, "")
    assert table(out) == expected
