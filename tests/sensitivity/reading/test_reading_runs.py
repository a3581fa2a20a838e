"""Run folders of ours are read with all they know, at any time, and left as they are."""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sensitivity.files import write_csv
from sensitivity.reading import read_csv_table, read_run, read_study
from sensitivity.trials import read_csv
from sweeps.definition import parse
from sweeps.errors import StudyError, SweepError
from sweeps.run import prepare, run
from sweeps.run_folder import RunFolder

DEFINITION = {
    "name": "tiny run",
    "dataset": "iris",
    "epochs": 3,
    "search": 3,
    "network": {"hidden": [3]},
    "space": {
        "optimizer": ["sgd", "adam"],
        "learning_rate": {"low": 0.01, "high": 100.0, "log": True, "levels": 3},
        "beta": [0.5, 0.9],
        "batch_size": 8,
    },
}

CLOSE = {"rtol": 1e-6, "atol": 1e-4}  # the file gives nine digits, and seconds to four places


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """Folder of a finished run with its table of trials."""
    from sensitivity.reporting.results import write_tables

    folder = RunFolder(tmp_path_factory.mktemp("runs") / "tiny")
    sweep = prepare(parse(DEFINITION))
    folder.adopt(sweep.definition)
    run(sweep, folder.storage_url(None, None))
    write_tables(folder, read_run(folder.path), trials=True)
    return folder.path


@pytest.fixture
def folder(finished, tmp_path):
    """Copy of it to work on."""
    return shutil.copytree(finished, tmp_path / "run")


def contents(folder):
    """Bytes of every file."""
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_run_is_read_as_its_sweep_wrote_it(folder):
    """Table, space, cap, curves and metric are the sweep's own; nothing in the folder changes."""
    before = contents(folder)
    study = read_run(folder)
    assert contents(folder) == before
    pd.testing.assert_frame_equal(study.trials, read_csv(folder / "tables" / "trials.csv"), **CLOSE)
    assert study.space.names == parse(DEFINITION).build_space().names
    assert (study.name, study.metric) == ("tiny run", "validation error")
    assert study.cap == pytest.approx(2 / 3)  # the error of guessing one of three classes
    assert study.notes == ()
    number = int(study.trials["number"][0])
    assert len(study.curves[number]) == 4
    assert study.curves[number][-1] == pytest.approx(study.trials["validation_error"][0])


def test_a_running_sweep_is_read_as_far_as_it_is(folder):
    """A journal that another process holds open, torn in its last line, gives the trials before it."""
    from sweeps.journal import LockedJournal

    journal = folder / "study.journal"
    with LockedJournal(journal) as writer, journal.open("ab") as file:
        file.write(b'{"op_code":4,"worker_id":"w","stu')
        file.flush()
        before = journal.read_bytes()
        assert len(read_run(folder).trials) == 21
        assert journal.read_bytes() == before
        assert writer.path == journal


def test_a_run_without_its_study_is_read_from_its_table(folder):
    """The study is away (its URL has a password nobody remembers): the table serves, and a note says so."""
    whole = read_run(folder)
    (folder / "study.journal").unlink()
    (folder / "storage.json").write_text(json.dumps({"storage": "postgresql://me:***@host/db"}))
    study = read_run(folder)
    pd.testing.assert_frame_equal(study.trials, whole.trials, **CLOSE)
    assert study.cap == pytest.approx(whole.cap)
    assert study.curves == {}
    assert "tables/trials.csv was read instead, which holds no curves" in study.notes[0]
    (folder / "tables" / "trials.csv").unlink()
    with pytest.raises(SweepError, match="give that URL with --storage"):
        read_run(folder)


def test_the_url_of_a_study_of_ours_is_enough(folder):
    """Its definition stands in it, so space and cap are the sweep's, conditions included."""
    by_url, by_folder = read_study(f"journal://{folder / 'study.journal'}", "tiny run"), read_run(folder)
    pd.testing.assert_frame_equal(by_url.trials, by_folder.trials)
    assert by_url.space.settings == by_folder.space.settings
    assert by_url.space.settings[2].variants[0].when["optimizer"][:2] == ("momentum", "momentum_ema")
    assert read_run(folder, storage_url=str(folder / "study.journal")).trials.equals(by_folder.trials)


def test_the_table_of_a_run_is_recognised(folder, tmp_path):
    """In its folder it is read with the definition; elsewhere space and grid are inferred, results kept."""
    own = read_csv(folder / "tables" / "trials.csv")
    inside = read_csv_table(folder / "tables" / "trials.csv")
    assert inside.space.settings == read_run(folder).space.settings
    shutil.copy(folder / "tables" / "trials.csv", tmp_path / "elsewhere.csv")
    outside = read_csv_table(tmp_path / "elsewhere.csv")
    pd.testing.assert_frame_equal(outside.trials[own.columns], own)
    assert outside.cap == pytest.approx(2 / 3)
    beta = next(setting for setting in outside.space.settings if setting.name == "beta")
    assert beta.variants[0].when == {"optimizer": ("adam",)}
    loss = read_csv_table(tmp_path / "elsewhere.csv", "validation_loss").trials
    trained = own["outcome"] == "trained"
    np.testing.assert_allclose(loss["value"][trained], own["validation_loss"][trained])


def test_another_cap_replaces_the_sweeps_own(folder):
    """Trials that stopped being finite count with the new cap, others with their own value up to it."""
    lower, higher = read_run(folder, cap=0.5).trials, read_run(folder, cap=0.9).trials
    plain = read_run(folder).trials
    stopped = plain["diverged_at"] < DEFINITION["epochs"]
    assert stopped.any()
    assert set(higher["value"][stopped]) == {0.9}
    assert lower["value"].max() == 0.5
    np.testing.assert_allclose(lower["value"][~stopped], plain["validation_error"][~stopped].clip(upper=0.5))
    with pytest.raises(StudyError, match="worse than the cap"):
        read_run(folder, cap=-1.0)


def test_what_is_no_run_is_one_sentence(folder, tmp_path):
    """A folder without sweep.toml, one in which nothing was trained, a table that was edited."""
    with pytest.raises(StudyError, match=r"no run folder: it holds no sweep\.toml"):
        read_run(tmp_path)
    (folder / "study.journal").unlink()
    table = folder / "tables" / "trials.csv"
    table.write_text(table.read_text().replace("plan", "plan,"))
    with pytest.raises(StudyError, match="no table of trials"):
        read_run(folder)
    table.unlink()
    with pytest.raises(StudyError, match="nothing has been trained yet"):
        read_run(folder)


def test_trials_that_somebody_added_are_left_out(folder):
    """Somebody went on with the study in Optuna itself; those trials lack a replicate, and do not count."""
    import optuna
    from optuna.storages.journal import JournalFileBackend

    backend = JournalFileBackend(str(folder / "study.journal"))
    storage = optuna.storages.JournalStorage(backend)
    optuna.load_study(study_name="tiny run", storage=storage).add_trial(optuna.trial.create_trial(value=0.1))
    study = read_run(folder)
    assert len(study.trials) == 21
    assert study.notes == ("1 trial was not made by the sweep and left out.",)


def as_before(folder):
    """The study of a run as it was recorded by the first rule: cap for every trial whose loss rose."""
    journal = folder / "study.journal"
    kept = []
    for line in journal.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        record.pop("check", None)  # marks came later
        if "user_attr" in record and "value_rule" in record["user_attr"]:
            continue
        attributes = record.get("user_attrs", {})
        if attributes.pop("loss_rose", False):
            attributes |= {"outcome": "diverged", "diverged_at": 3.0}
            record["value"] = 2 / 3
        kept.append(json.dumps(record, separators=(",", ":")))
    journal.write_text("\n".join(kept) + "\n", encoding="utf-8")


def test_a_run_recorded_by_the_first_rule_is_read_by_todays(folder):
    """Final metrics are recorded uncapped, so every value comes back, in the study and in the old table."""
    now = read_run(folder)
    assert now.trials["loss_rose"].any()
    as_before(folder)
    before = read_run(folder)
    pd.testing.assert_frame_equal(before.trials, now.trials)
    assert before.notes[0].startswith("These trials were recorded when a rise of the training loss alone")
    with pytest.raises(StudyError, match="two rules must not be mixed"):
        run(prepare(parse(DEFINITION)), RunFolder(folder).storage_url(None, None))
    table = read_csv(folder / "tables" / "trials.csv")
    rose = table["loss_rose"]
    old = table.assign(
        outcome=table["outcome"].mask(rose, "diverged"),
        diverged_at=table["diverged_at"].mask(rose, 3.0),
        value=table["value"].mask(rose, 2 / 3),
    ).drop(columns="loss_rose")
    write_csv(old, folder / "tables" / "trials.csv")
    again = read_csv_table(folder / "tables" / "trials.csv")
    pd.testing.assert_frame_equal(again.trials, table, **CLOSE)
    assert again.notes[0].startswith("These trials were recorded when")


def test_a_cap_of_the_readers_changes_only_what_is_above_it(folder):
    """--cap 0.5: every trial counts with min(its own error, 0.5), one that stopped being finite with 0.5."""
    own, capped = read_run(folder).trials, read_run(folder, cap=0.5).trials
    expected = np.minimum(own["validation_error"].fillna(1.0), 0.5)
    np.testing.assert_allclose(capped["value"], expected)
    assert (capped["outcome"] == own["outcome"]).all()


def test_a_run_of_the_first_rule_as_it_was_recorded_then(tmp_path):
    """Every value is the error in the journal, at most the cap; training that stopped counts with the cap."""
    folder = shutil.copytree(Path(__file__).with_name("old_run"), tmp_path / "old")
    study = read_run(folder)
    records = [json.loads(line) for line in (folder / "study.journal").read_text("utf-8").splitlines()]
    of_trials = [record["user_attrs"] for record in records if "final_validation_error" in str(record)]
    final = {known["number"]: known.get("final_validation_error") for known in of_trials}
    ended = [final.get(number) for number in study.trials["number"]]
    expected = [study.cap if error is None else min(error, study.cap) for error in ended]
    np.testing.assert_array_equal(study.trials["value"], expected)
    assert (study.trials["loss_rose"] & (study.trials["outcome"] == "trained")).any()
    assert any(note.startswith("These trials were recorded when") for note in study.notes)
    with pytest.raises(StudyError, match="two rules must not be mixed"):
        run(prepare(RunFolder(folder).definition()), RunFolder(folder).storage_url(None, None))
