"""What a study was read as, and the command that reads it otherwise."""

import shlex
from pathlib import Path

import numpy as np
import optuna
import pandas as pd
import pytest
from typer.testing import CliRunner

from sensitivity.commands.cli import app
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
    """Its settings are its own: what remains are the scale and failures; what was given stays."""
    lines = dict(reading_lines(open_study(Request(storage=storage)), Request(storage=storage), "measure"))
    start = f"python -m sensitivity measure --storage {storage}"
    assert lines["otherwise"] == f"{start} --scale rank"
    assert lines["replicates"].endswith("so the noise between repetitions is not known")
    request = Request(path=Path(storage.removeprefix("sqlite:///")), scale="log")
    lines = dict(reading_lines(open_study(request), request, "report"))
    assert lines["otherwise"].endswith("mine.db --scale log --failed ignore")


def test_a_password_is_not_shown_again(storage):
    """The address of the storage is repeated with its password masked."""
    study = open_study(Request(storage=storage))
    lines = dict(reading_lines(study, Request(storage="postgresql://me:secret@host/db"), "report"))
    assert "secret" not in lines["otherwise"]


@pytest.mark.parametrize(
    ("names", "options", "changed"),
    [
        (("lr", "weight decay"), {}, "--linear 'weight decay'"),
        (("lr", "q"), {"linear": ("q",)}, "--linear lr"),
        (("lr", "q"), {"linear": ("q", "lr")}, "--maximize"),
        (("lr", "q"), {"linear": ("q", "lr"), "minimise": True}, "--ignore kind"),
    ],
)
def test_a_table_names_the_command_that_takes_back_its_most_doubtful_guess(tmp_path, names, options, changed):
    """A scale that the numbers alone gave, then the rate's, the direction, a setting; it can be pasted."""
    rng = np.random.default_rng(0)
    table = pd.DataFrame({name: 10 ** rng.uniform(-4, -1, 60) for name in names})
    table["kind"] = rng.choice(["a", "b", "c"], 60)
    table.assign(loss=np.log(table["lr"]) ** 2 + rng.normal(0, 0.1, 60)).to_csv(
        tmp_path / "t.csv", index=False
    )
    request = Request(path=tmp_path / "t.csv", metric="loss", **options)
    line = dict(reading_lines(open_study(request), request, "report"))["otherwise"]
    assert line.endswith(changed)
    assert not {"COLUMN", "ONLY", "VALUE"} & set(shlex.split(line))
    again = CliRunner().invoke(app, [*shlex.split(line)[3:], "--out", str(tmp_path / "out"), "--help"])
    assert again.exit_code == 0
