"""The same definition gives the same table to the byte: any workers, populations and resuming.

After kills too: ``tests/contract/test_kills.py``.
"""

import shutil

import pytest
from trial_rows import recorded_rows

DEFINITION = """
name = "mixed"
dataset = "iris"
epochs = 4
search = 20
replicates = 2

[network]
hidden = [12]

[space]
optimizer = ["sgd", "nesterov", "rmsprop", "adam"]
learning_rate = { low = 1e-3, high = 1e3, log = true, levels = 3 }
beta = [0.5, 0.99]
batch_size = [7, 32]
schedule = ["constant", "one_cycle", "performance"]
"""
PLANNED = (1 + 3 * 2) * 3 * 2 * 3 * 2
TOTAL = PLANNED + 20


@pytest.fixture(scope="module")
def definition(tmp_path_factory):
    """A sweep with conditional settings, divergence, uneven batches and a search; a few seconds long."""
    path = tmp_path_factory.mktemp("definition") / "mixed.toml"
    path.write_text(DEFINITION, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def reference(definition, tmp_path_factory):
    """Folder of an uninterrupted run in this process."""
    from sensitivity.commands.overrides import Overrides
    from sensitivity.commands.sweep import sweep_command

    out = tmp_path_factory.mktemp("reference") / "run"
    sweep_command(str(definition), Overrides(), out, None, workers=1, population=None, report=False)
    return out


@pytest.fixture(scope="module")
def expected(reference):
    """Its table."""
    return recorded_rows(reference)


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
    assert recorded_rows(tmp_path / "run") == expected


def test_resuming_a_finished_run_changes_nothing(reference, expected, command, tmp_path):
    """The folder alone is enough to show the result again; the study does not grow."""
    out = shutil.copytree(reference, tmp_path / "run")
    before = (out / "study.journal").read_bytes()
    code, text, error = command("sweep", "--no-report", "--out", out)
    assert (code, error) == (0, "")
    assert "learning rate" in text
    assert (out / "study.journal").read_bytes() == before
    assert recorded_rows(out) == expected
