"""A run that was interrupted, damaged, locked or changed: it goes on, or is refused and left alone."""

import errno
import os
import shutil

import pytest


def test_another_definition_is_refused_and_nothing_is_touched(
    command, tiny, finished, assert_one_sentence, contents
):
    """A run folder keeps to its definition; the sentence says what differs."""
    before = contents(finished)
    outcome = command(
        "sweep", "--no-report", tiny, "--out", finished, "--seed", 5, "--epochs", 9, "--workers", 1
    )
    assert_one_sentence(outcome, "another sweep", "seed: 0 → 5", "epochs: 2 → 9")
    assert contents(finished) == before


def test_a_damaged_study_is_refused_and_left_alone(command, finished, assert_one_sentence, contents):
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


def test_a_foreign_study_is_refused_and_left_alone(command, tiny, tmp_path, assert_one_sentence):
    """A study of the same name that somebody else made is not written to."""
    import optuna

    url = f"sqlite:///{tmp_path / 'foreign.db'}"
    study = optuna.create_study(storage=url, study_name="tiny")
    study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=2)
    assert_one_sentence(
        command("sweep", "--no-report", tiny, "--out", tmp_path / "run", "--storage", url), "'tiny'"
    )
    assert len(optuna.load_study(storage=url, study_name="tiny").trials) == 2


def test_a_missing_definition_beside_a_study_is_refused(command, tiny, finished, assert_one_sentence):
    """Without sweep.toml nobody knows what the study holds."""
    (finished / "sweep.toml").unlink()
    assert_one_sentence(command("sweep", "--no-report", tiny, "--out", finished), "no sweep.toml")


def test_a_full_disk_is_one_sentence_and_resumes(
    command, tiny, trained, tmp_path, monkeypatch, assert_one_sentence
):
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


def test_two_sweeps_at_once_are_refused(command, finished, assert_one_sentence):
    """The study of a running sweep is locked; the second one says so at once."""
    from sweeps.journal import LockedJournal

    shutil.rmtree(finished / "tables")
    with LockedJournal(finished / "study.journal"):
        assert_one_sentence(command("sweep", "--no-report", "--out", finished), "study.journal")


def test_a_mistyped_storage_does_not_stick_to_the_folder(command, tiny, tmp_path):
    """A storage that could not be opened is forgotten: the next command may name another, or none."""
    out = tmp_path / "run"
    assert command("sweep", "--no-report", tiny, "--out", out, "--storage", "foo", "--workers", 1)[0] == 2
    assert command("sweep", "--no-report", tiny, "--out", out, "--workers", 1)[0] == 0


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


@pytest.mark.parametrize("damage", [b'"seconds": "x"', b'"seconds": null'])
def test_a_trial_changed_by_hand_is_refused(command, finished, damage, assert_one_sentence):
    """A record that is JSON but no trial of ours: one sentence."""
    import re

    journal = finished / "study.journal"
    journal.write_bytes(re.sub(rb'"seconds": ?[0-9.e-]+', damage, journal.read_bytes(), count=1))
    assert_one_sentence(command("sweep", "--no-report", "--out", finished), "changed")


def test_a_note_says_when_versions_changed(command, tiny, tmp_path, monkeypatch):
    """A run begun with another NumPy goes on with a warning: its last digits may differ."""
    import sweeps.run

    out = tmp_path / "run"
    with monkeypatch.context() as patch:
        patch.setattr(sweeps.run, "versions", lambda _="numpy": {"numpy": "1.0"})
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


def test_a_folder_without_a_sweep_is_not_taken_for_the_default_sweep(command, tmp_path, assert_one_sentence):
    """Who names a folder alone means to go on: one that is there is refused, and stays as it is."""
    (tmp_path / "mine").mkdir()
    outcome = command("sweep", "--out", tmp_path / "mine")
    assert_one_sentence(outcome, "holds no sweep to go on with", "sweep digits --out")
    assert list((tmp_path / "mine").iterdir()) == []


def test_the_default_sweep_says_that_there_was_nothing_to_go_on_with(tmp_path):
    """A folder that is not there is begun, and the first lines say with what."""
    from sensitivity.commands.overrides import Overrides, definition_of

    definition, notes = definition_of(None, Overrides(), tmp_path / "new")
    assert definition.name == "digits"
    assert notes == [f"there is no sweep {tmp_path / 'new'} to go on with: this is the default sweep digits."]
    assert definition_of(None, Overrides(epochs=2), tmp_path / "new")[1] == []


def test_the_definition_is_there_before_anything_takes_time(command, tiny, tmp_path, monkeypatch):
    """Killed while data are read or the plan is drawn, the folder says what was asked, and goes on."""
    import sensitivity.commands.sweep as module

    def killed(*_):
        raise RuntimeError("killed")

    monkeypatch.setattr(module, "prepare", killed)
    with pytest.raises(RuntimeError, match="killed"):
        command("sweep", tiny, "--out", tmp_path / "run")
    monkeypatch.undo()
    assert [path.name for path in (tmp_path / "run").glob("*.*")] == ["sweep.toml"]
    code, said, error = command("sweep", "--no-report", "--out", tmp_path / "run", "--workers", 1)
    assert code == 0, error
    assert said.startswith("tiny: 8 networks planned")


def test_what_was_killed_while_its_data_were_read_goes_on(command, tmp_path, monkeypatch):
    """The definition begun has no contents of the data yet; going on adds them."""
    import sensitivity.commands.sweep as module

    monkeypatch.chdir(tmp_path)
    rows = [f"{i % 7},{'ab'[i % 2]}" for i in range(40)]
    (tmp_path / "t.csv").write_text("\n".join(["x,y", *rows]), encoding="utf-8")
    words = ("--set", "space.learning_rate=[0.01, 0.1]", "--set", "space.optimizer=sgd", "--epochs", 2)
    more = ("--set", "space.batch_size=8", "--set", "search=0", "--set", "replicates=1")

    def killed(*_):
        raise RuntimeError("killed")

    monkeypatch.setattr(module, "prepare", killed)
    with pytest.raises(RuntimeError, match="killed"):
        command("sweep", "quick", "--dataset", "t.csv", "--target", "y", *words, *more, "--out", "run")
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    assert "contents" not in (tmp_path / "run" / "sweep.toml").read_text(encoding="utf-8")
    code, _, error = command("sweep", "--no-report", "--out", "run", "--workers", 1)
    assert code == 0, error
    assert "digest" in (tmp_path / "run" / "sweep.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("sensitivity.commands.sweep.definition_of", "nothing is lost; give the same command again"),
        ("sensitivity.commands.sweep.prepare", "no trial is recorded yet; {out} holds the definition. Go on"),
        ("sensitivity.commands.sweep.Explaining.done", "what was recorded is kept in {out}. Go on with: "),
    ],
)
def test_an_interruption_at_any_moment_says_how_to_go_on(command, tiny, tmp_path, monkeypatch, where, said):
    """Before there is a folder, before a network trains, and after all have."""

    def stop(*_, **__):
        raise KeyboardInterrupt

    out = tmp_path / "run"
    arguments = ("sweep", "--no-report", tiny, "--out", out, "--workers", 1)
    if "Explaining" in where:
        assert command(*arguments)[0] == 0
    with monkeypatch.context() as patch:
        patch.setattr(where, stop)
        code, _, error = command(*arguments)
    assert code == 130
    assert said.format(out=out) in error
    if "prepare" in where:
        assert f"python -m sensitivity sweep --out {out}" in error
        code, text, _ = command("sweep", "--no-report", "--out", out, "--workers", 1)
        assert code == 0
        assert ", trained by numpy → " in text.splitlines()[0]


def test_a_command_that_says_nothing_of_an_interruption_has_it_said(command, monkeypatch):
    """Whatever it was doing: the parser of its options ends in silence."""

    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("sensitivity.commands.catalogue.catalogue", stop)
    code, _, error = command("list")
    assert code == 130
    assert error.strip() == "Interrupted: nothing is lost; give the same command again."


def test_ctrl_c_while_a_process_is_started_is_answered_afterwards():
    """It is not lost, and what was started is not met by it."""
    import signal
    import subprocess
    import sys

    from sweeps.worker_processes import no_interrupt

    line = "import signal; print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []))"
    before, met = signal.default_int_handler, []
    found = signal.signal(signal.SIGINT, before)  # whoever starts tests in the background ignores it

    def start():
        with no_interrupt():
            signal.raise_signal(signal.SIGINT)
            met.append(subprocess.check_output([sys.executable, "-c", line], text=True))

    try:
        with pytest.raises(KeyboardInterrupt):
            start()
        assert met == ["True\n"]
        assert signal.getsignal(signal.SIGINT) is before
    finally:
        signal.signal(signal.SIGINT, found)
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])
