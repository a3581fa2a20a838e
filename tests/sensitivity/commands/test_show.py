"""The command that prints a table of a run."""

import dataclasses

from sensitivity.files import write_csv
from sensitivity.trials import trials_table


def test_a_number_that_ends_in_zero_is_a_number(command, make, tmp_path):
    """Seconds are written with four decimals: 0.0500 is read back as 0.05, whatever its last digit."""
    (tmp_path / "tables").mkdir()
    trials = [make(number, {"rate": 0.1 * (number + 1)}) for number in range(3)]
    trials = [dataclasses.replace(trial, seconds=0.05 * (trial.number + 1)) for trial in trials]
    write_csv(trials_table(trials, ["rate"], 0.9, 1, None), tmp_path / "tables" / "trials.csv")
    code, output, error = command("show", tmp_path, "trials")
    assert (code, error) == (0, "")
    assert {"0.05", "0.1", "0.15"} <= set(output.split())


def test_a_branch_is_named_by_its_level(command, tmp_path):
    """--branch takes the label of a branch or its level; another name is one sentence with what there is."""
    (tmp_path / "tables").mkdir()
    text = "branch,setting,share\nall,rate,0.5\noptimizer=adam,rate,0.25\n"
    (tmp_path / "tables" / "mine.csv").write_text(text, encoding="utf-8")
    for name in ("adam", "optimizer=adam"):
        code, output, _ = command("show", tmp_path, "mine", "--branch", name)
        assert code == 0
        assert "0.25" in output
        assert "0.5 " not in output
    code, _, error = command("show", tmp_path, "mine", "--branch", "adm")
    assert (code, error.count("\n")) == (2, 1)
    assert "did you mean 'adam'?" in error


def test_where_tables_come_from_is_said_for_what_was_given(command, tmp_path):
    """A folder that is not there, a table, an empty folder: none of them is sent round in a circle."""
    table = tmp_path / "t.csv"
    table.write_text("lr,loss\n0.1,1\n", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    for path, words in (
        (tmp_path / "nope", "there is no folder"),
        (table, f"measure it first: python -m sensitivity measure {table} --out DIR"),
        (tmp_path / "empty", "give the folder that a sweep, measure or report wrote to"),
    ):
        code, _, error = command("show", path)
        assert (code, error.count("\n")) == (2, 1)
        assert words in error


def test_a_folder_without_trials_is_refused_for_that(command, tmp_path):
    """Whatever options were given with it; a table in it is named."""
    (tmp_path / "empty").mkdir()
    for options in ([], ["--metric", "x"], ["--maximize", "--out", tmp_path / "out"]):
        code, _, error = command("measure", tmp_path / "empty", *options)
        assert (code, error.count("\n")) == (2, 1)
        assert "empty is no run folder: it holds no sweep.toml" in error
    (tmp_path / "empty" / "mine.csv").write_text("lr,loss\n0.1,1\n", encoding="utf-8")
    code, _, error = command("report", tmp_path / "empty", "--metric", "loss", "--out", tmp_path / "out")
    assert code == 2
    assert f"give the table itself: {tmp_path / 'empty' / 'mine.csv'}" in error
