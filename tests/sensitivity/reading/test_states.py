"""A trial that failed is never a good one: every word for how it ended is known, or said to be unknown."""

import numpy as np
import pandas as pd
import pytest

from sensitivity.reading import Reading, read_csv_table
from sensitivity.reading.states import End, end_of


@pytest.fixture
def read(tmp_path):
    """Read forty trials with this column of states: (name, row → state) → study."""

    def from_states(name, states, **options):
        rng = np.random.default_rng(5)
        table = pd.DataFrame({"lr": 10 ** rng.uniform(-4, -1, 40), "width": rng.choice([8, 16, 32], 40)})
        usual = "1" if set(states.values()) == {"0"} else "finished"
        column = [states.get(row, usual) for row in range(40)]
        table = table.assign(loss=np.log10(table["lr"]) ** 2 + 1 / table["width"], **{name: column})
        table.to_csv(tmp_path / "a.csv", index=False)
        return read_csv_table(tmp_path / "a.csv", "loss", Reading(**options))

    return from_states


@pytest.mark.parametrize(
    ("cell", "end"),
    [
        ("COMPLETE", End.DONE),
        ("TrialState.COMPLETE", End.DONE),
        ("terminated", End.DONE),
        ("timeout", End.FAILED),
        ("Timed out", End.FAILED),
        ("OOM", End.FAILED),
        ("CUDA out of memory", End.FAILED),
        ("error", End.FAILED),
        ("finished with errors", End.FAILED),
        ("nan loss", End.FAILED),
        ("crashed", End.FAILED),
        ("TrialState.FAIL", End.FAILED),
        ("preempted", End.LOST),
        ("not finished", End.LOST),
        ("cancelled", End.LOST),
        ("Early-Stopped", End.LOST),
        ("in progress", End.LOST),
        ("running", End.LOST),
        ("wobbly", End.UNKNOWN),
        ("", End.UNKNOWN),
    ],
)
def test_words_for_an_end(cell, end):
    """Whatever tool wrote them; the worst of several words counts."""
    assert end_of("status", cell) == end


@pytest.mark.parametrize("word", ["timeout", "OOM", "error", "nan"])
def test_a_failed_trial_has_no_result_whatever_stands_there(read, word):
    """It counts as failed, or is left out; the number beside it does not count, and that is said."""
    study = read("status", dict.fromkeys((3, 17), word), failed="diverged")
    assert (study.trials["outcome"] == "diverged").sum() == 2
    assert "2 trials failed, as status says: what stands in loss there counts as no result." in study.notes
    assert len(read("status", {3: word}, failed="ignore").trials) == 39


@pytest.mark.parametrize("word", ["preempted", "stopped", "cancelled", "running"])
def test_a_trial_that_did_not_end_is_left_out(read, word):
    """Its result is that of another length of training."""
    study = read("trial_state", {3: word, 4: word})
    assert len(study.trials) == 38
    assert f"2 {word} trials were left out." in study.notes


def test_a_word_that_nobody_knows_is_said(read):
    """With a result it counts by that, and the word is named; a blank one, too."""
    study = read("state", {3: "wobbly", 9: ""})
    assert len(study.trials) == 40
    said = [note for note in study.notes if "does not say whether it ended well" in note]
    assert [note[:24] for note in said] == ["1 trial is 'wobbly' in s", "1 trial has nothing in s"]
    assert study.read.left_out["says how the trial ended"] == ("state",)


@pytest.mark.parametrize(("name", "cell"), [("failed", "true"), ("success", "0"), ("Diverged", "yes")])
def test_a_yes_or_no_says_it_too(read, name, cell):
    """A column called failed, or success."""
    other = {"true": "false", "yes": "no", "0": "1"}[cell]
    states = {row: cell if row in {2, 5} else other for row in range(40)}
    study = read(name, states, failed="diverged")
    assert (study.trials["outcome"] == "diverged").sum() == 2


@pytest.mark.parametrize(
    ("cell", "maximise"),
    [("-inf", False), ("inf", True), ("inf", False), ("1e300", True), ("1e400", False), ("-1e309", True)],
)
def test_what_is_no_finite_result_failed_whatever_its_sign(tmp_path, cell, maximise):
    """Minus infinity is no record; a number too large to be squared is said to be that, not infinite."""
    lines = [f"{2**place},{place / 7}" for place in range(12)]
    (tmp_path / "a.csv").write_text("\n".join(["lr,y", *lines, f"3,{cell}"]))
    study = read_csv_table(tmp_path / "a.csv", "y", Reading(maximise=maximise, minimise=not maximise))
    last = study.trials.iloc[-1]
    assert last["outcome"] == "diverged"
    assert last["value"] == study.trials["value"].max()
    large = "In 1 trial y is too large to be measured, such as 1e300: counted as failed."
    assert (large in study.notes) == (cell == "1e300")
    assert any("without a finite y" in note for note in study.notes) == (cell != "1e300")
