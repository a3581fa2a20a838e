"""A sweep's journal read record by record gives what Optuna's replay of it gives."""

import json
import re

import optuna
import pandas as pd
import pytest

from sensitivity.reading import own_studies, read_study, studies
from sensitivity.reading.journals import read_own_journal
from sweeps.definition import parse
from sweeps.journal import LockedJournal
from sweeps.run import fingerprint
from sweeps.study import open_study
from sweeps.trial import PlannedTrial, finish

CAP = 0.9
DEFINITION = {
    "name": "own",
    "dataset": "digits",
    "design": "random",
    "trials": 12,
    "replicates": 2,
    "search": 0,
    "epochs": 2,
    "target": 0.2,
    "space": {
        "optimizer": ["sgd", "adam"],
        "learning_rate": {"low": 1e-3, "high": 1.0, "log": True},
        "batch_size": [16, 32],
    },
}


def finished(number):
    """Trial whose curves fall, or end at once."""
    given = {
        "optimizer": ["sgd", "adam"][number % 2],
        "learning_rate": 10 ** (-3 + number / 5),
        "batch_size": 16 + 16 * (number % 3 > 0),
    }
    ended = number % 4 > 0
    last = 0.1 + 0.01 * number
    curves = {"validation_error": [CAP, 0.5, last], "training_loss": [2.3, 1.0, last]}
    final = {name: curve[-1] for name, curve in curves.items()}
    planned = PlannedTrial(number, given, number % 2)
    if not ended:
        return finish(
            planned,
            {name: curve[:1] for name, curve in curves.items()},
            {},
            "validation_error",
            CAP,
            0.5,
            0.1,
        )
    return finish(planned, curves, final, "validation_error", CAP, None, 0.1, 6.0)


@pytest.fixture
def journal(tmp_path):
    """Twelve trials of a sweep in a journal."""
    definition, path = parse(DEFINITION), tmp_path / "study.journal"
    attributes = {"definition": definition.to_toml(), "cap": CAP, "versions": {"numpy": "2"}}
    space, known = definition.build_space(), fingerprint(definition)
    with open_study(f"journal://{path}", "own", space, known, attributes) as study:
        study.record([finished(number) for number in range(12)])
    return path


def both(path, monkeypatch):
    """The study of a journal, read by itself and by Optuna."""
    own = read_study(f"journal://{path}")
    monkeypatch.setattr(studies, "_own_journal", lambda *_: None)
    return own, read_study(f"journal://{path}")


def assert_same(one, other):
    pd.testing.assert_frame_equal(one.trials, other.trials)
    for name in ("curves", "notes", "cap", "name", "definition", "trained_with"):
        assert getattr(one, name) == getattr(other, name)


def add(path, *, running=False):
    """Another trial in the study, by somebody with plain Optuna."""
    backend = LockedJournal(path)
    study = optuna.load_study(study_name="own", storage=backend.storage())
    if running:
        study.ask()
    else:
        study.add_trial(optuna.trial.create_trial(value=0.0))
    backend.close()


@pytest.mark.parametrize("also", ["nothing", "a torn line", "a stranger's trial"])
def test_the_same_study_either_way(journal, monkeypatch, also):
    """All trials, their curves and all that is known; a torn last line is none, a stranger's is left out."""
    if also == "a torn line":
        with journal.open("a") as file:
            file.write('{"op_code":4,"worker')
    if also == "a stranger's trial":
        add(journal)
    assert len(read_own_journal(journal, own_studies.settings_of).finished) == 12
    own, by_optuna = both(journal, monkeypatch)
    assert_same(own, by_optuna)
    assert ("1 trial was not made by the sweep and left out." in own.notes) == (also == "a stranger's trial")


def test_what_a_sweep_does_not_write_is_left_to_optuna(journal, monkeypatch):
    """A trial that runs, a record without a value: whoever knows the format says what it is."""
    add(journal, running=True)
    assert read_own_journal(journal, own_studies.settings_of) is None
    assert_same(*both(journal, monkeypatch))


def test_a_record_that_makes_no_sense_is_left_to_optuna(journal):
    lines = re.sub(',"check":"[^"]*"', "", journal.read_text()).splitlines()  # marks came later
    record = json.loads(lines[-1])
    del record["params"]
    journal.write_text("\n".join([*lines[:-1], json.dumps(record)]) + "\n")
    assert read_own_journal(journal, own_studies.settings_of) is None
