"""Every option of a request: offered by both commands, obeyed or refused, repeated in the command."""

import re
from pathlib import Path

import optuna
import pytest

from sensitivity.commands.report import again
from sensitivity.request import RUN, STUDY, TABLE, Request, flags, options

OPTIONS = list(options())
VALUES = {
    "maximise": True,
    "minimise": True,
    "cap": 2.5,
    "failed": "ignore",
    "tolerance": 0.2,
    "scale": "rank",
    "settings": ("lr",),
    "ignore": ("lr",),
    "log": ("lr",),
    "linear": ("lr",),
    "categorical": ("depth",),
    "rate": "lr",
    "branch": "depth",
    "replicate": "depth",
    "fidelity": "depth",
    "metric": "loss",
    "objective": "0",
    "study": "s",
    "storage": "journal:///tmp/a.journal",
}

each_option = pytest.mark.parametrize("known", OPTIONS, ids=lambda known: known.name)


def typed(known, value):
    """An option as it is typed."""
    name = flags(known)[0]
    if value is True:
        return [name]
    return [name, value[0] if isinstance(value, tuple) else str(value)]


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    """One of each kind of input: a table, an Optuna study; a run folder that holds a definition only."""
    folder = tmp_path_factory.mktemp("inputs")
    table = folder / "a.csv"
    rows = [f"{0.001 * 2**place},{place % 3},{place * 0.1}" for place in range(12)]
    table.write_text("\n".join(["lr,depth,loss", *rows]), encoding="utf-8")
    study = optuna.create_study(storage=f"sqlite:///{folder}/a.db", study_name="s")
    study.add_trial(
        optuna.trial.create_trial(
            value=1.0,
            params={"lr": 0.5},
            distributions={"lr": optuna.distributions.FloatDistribution(0.1, 1.0)},
        )
    )
    run = folder / "run"
    run.mkdir()
    (run / "sweep.toml").write_text('name = "run"\n', encoding="utf-8")
    return {TABLE: table, STUDY: folder / "a.db", RUN: run}


@pytest.mark.parametrize("name", ["measure", "report"])
def test_both_commands_offer_them(command, name):
    """Every option of one is an option of the other, with its help."""
    _, output, _ = command(name, "--help")
    plain = " ".join(re.sub(r"[│╭╮╰╯─]", " ", output).split())
    assert OPTIONS
    for known in OPTIONS:
        assert flags(known)[0] in plain
        assert " ".join(known.metadata["help"].split()[:3]) in plain


@each_option
@pytest.mark.parametrize("kind", [RUN, STUDY, TABLE])
def test_it_is_obeyed_or_refused(command, inputs, tmp_path, known, kind):
    """An input that an option means nothing to refuses it by name; none is accepted in silence."""
    value = VALUES[known.name]
    code, _, error = command("measure", inputs[kind], *typed(known, value), "--out", tmp_path / "out")
    refused = f"leave out {flags(known)[0]}" in error
    if kind in known.metadata["of"]:
        assert not refused
    else:
        assert (code, error.count("\n")) == (2, 1)
        assert refused


@each_option
def test_the_command_for_again_repeats_it(known):
    """What was typed stands in the command that makes the page again."""
    value = VALUES[known.name]
    words = again(Request(path=Path("a.csv"), **{known.name: value}), Path("out"))
    assert words == f"python -m sensitivity report a.csv {' '.join(typed(known, value))} --out out"


def test_every_option_has_a_value_here():
    """A new option is added to the table above, or this test tells."""
    assert set(VALUES) == {known.name for known in OPTIONS}
