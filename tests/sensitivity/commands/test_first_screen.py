"""What a study was read as, and the command that reads it otherwise."""

from pathlib import Path

import optuna
import pytest

from sensitivity.commands.first_screen import reading_lines
from sensitivity.reading.opening import open_study
from sensitivity.request import Request


@pytest.fixture
def storage(tmp_path):
    """A study of twenty trials that nobody ran twice."""
    url = f"sqlite:///{tmp_path / 'mine.db'}"
    study = optuna.create_study(storage=url, sampler=optuna.samplers.RandomSampler(seed=1))
    study.optimize(lambda trial: trial.suggest_float("lr", 0.1, 1.0) ** 2, 20)
    return url


def test_a_study_says_with_which_options_it_reads_otherwise(storage):
    """Its settings are its own: what remains are failures, the cap and the scale; what was given stays."""
    lines = dict(reading_lines(open_study(Request(storage=storage)), Request(storage=storage), "measure"))
    start = f"python -m sensitivity measure --storage {storage}"
    assert lines["otherwise"] == f"{start} --failed ignore --cap VALUE --scale rank"
    assert lines["replicates"].endswith("so what the seed alone changes is not known")
    request = Request(path=Path(storage.removeprefix("sqlite:///")), scale="log", failed="ignore")
    lines = dict(reading_lines(open_study(request), request, "report"))
    assert lines["otherwise"].endswith("mine.db --failed ignore --scale log --cap VALUE")


def test_a_password_is_not_shown_again(storage):
    """The address of the storage is repeated with its password masked."""
    study = open_study(Request(storage=storage))
    lines = dict(reading_lines(study, Request(storage="postgresql://me:secret@host/db"), "report"))
    assert "secret" not in lines["otherwise"]
