"""Everything that the study notes contain runs from a command: row by row, as it would be typed."""

import ast
import shlex
import tempfile
import tomllib
from functools import cache
from pathlib import Path

import nbformat
import pytest
from typer.main import get_command

from sensitivity.claims.ledger import named
from sensitivity.commands.cli import app
from sensitivity.commands.overrides import Overrides, definition_of
from sweeps.definition import load
from sweeps.optimizers import OPTIMIZERS
from sweeps.run import prepare, run
from sweeps.schedules import SCHEDULES
from sweeps.surfaces import known_name

NOTEBOOK = Path(__file__).parents[3] / "notebooks" / "06_the_notes_put_to_the_test.ipynb"
ROWS = tomllib.loads(Path(__file__).with_name("documents.toml").read_text(encoding="utf-8"))
# What makes a sweep small and leaves what the row is about.
TINY = "--epochs 2 --set search=0 --set replicates=1 --set network.hidden=[3]"
IRIS = "--dataset iris"
RATES = "--set space.learning_rate=[0.01,0.1]"


def parsed(line):
    """Name of the command and its parameters, as the command line reads them; a wrong option raises."""
    group, words = get_command(app), shlex.split(line)
    with group.make_context("sensitivity", list(words)) as context:
        name, command, rest = group.resolve_command(context, words)
        return name, command.make_context(name, rest, parent=context).params


def defined(line):
    """Definition of a sweep's command line."""
    _, given = parsed(line)
    keys, (dataset,) = ("seed", "design", "epochs"), given["dataset"] or [None]
    overrides = Overrides(
        **{key: given[key] for key in keys}, dataset=dataset, assignments=given["assignments"] or []
    )
    return definition_of(given["definition"], overrides, given["out"])[0]


def tiny(row):
    """The row's command, made small: iris unless it needs other data, two rates unless it has its own."""
    line = row["command"]
    source = parsed(line)[1]["definition"] or "digits"
    line = f"{line} {'' if 'data' in load(source) else IRIS} {TINY if 'network.hidden' not in line else ''}"
    line += "" if "learning_rate" in line else f" {RATES}"
    return f"{line} {row.get('tiny', '')}"


SWEEPS = [row for kind in ("weights", "rates", "network") for row in ROWS[kind] if "has" in row]


@cache
def trained(line):
    """Sweep of a command line and its trials; rows that share a command are trained once."""
    sweep = prepare(defined(line))
    with tempfile.TemporaryDirectory() as folder:
        return sweep, run(sweep, f"journal://{folder}/study.journal")


@pytest.mark.parametrize("row", SWEEPS, ids=[row["name"] for row in SWEEPS])
def test_a_row_trains(row):
    """Its command, made small, trains networks, and some of them have what the row is about."""
    sweep, trials = trained(tiny(row))
    assert len(trials) == sweep.total > 0
    whole = [sweep.work.complete(trial.planned.configuration) for trial in trials]
    has = {name: value for name, value in row["has"].items() if name != "switch"}
    assert any(has.items() <= c.items() for c in whole)
    if "switch" in row["has"]:  # of which training knows a part of the run
        entry = sweep.definition.space["switch"]
        assert row["has"]["switch"] in (entry if isinstance(entry, list) else [entry])


EVERY = [row for rows in ROWS.values() for row in rows]


@pytest.mark.parametrize("row", EVERY, ids=[row["name"] for row in EVERY])
def test_a_row_has_a_command(row):
    """It is one that the command line takes as it stands, and what it names is there."""
    name, given = parsed(row["command"])
    if name == "sweep":
        assert load(given["definition"] or "digits")
    elif name == "claims":
        assert named(given["names"])
    elif name == "trajectories":
        assert given["surface"] is None or known_name(given["surface"])
    else:
        assert name in {"versus", "lr-find"}


def test_the_rows_cover_what_is_in_the_notes():
    """Every update rule and schedule that they name, and their twelve questions."""
    named_there = {row["name"] for row in ROWS["weights"]} & set(OPTIMIZERS)
    assert named_there == set(OPTIMIZERS) - {"adamw", "lion"}  # which are younger than the notes
    assert {row["name"] for row in ROWS["rates"]} & set(SCHEDULES) == {
        *("constant", "power", "exponential", "piecewise", "performance", "one_cycle"),
    }
    assert len(ROWS["questions"]) == 12


def test_a_mistyped_row_would_be_seen():
    """An option that is none, or a setting that is none, does not pass."""
    with pytest.raises(Exception, match="No such option"):
        parsed("sweep quick --epoch 3")
    with pytest.raises(Exception, match="is not a setting"):
        defined("sweep quick --set space.optimiser=sgd")


def test_the_notebook_answers_the_same_questions():
    """Its index has the commands of the rows, in their order, and names claims that there are."""
    cells = nbformat.read(NOTEBOOK, as_version=4).cells
    (source,) = [cell.source for cell in cells if cell.source.startswith("questions = [")]
    (first, *_) = ast.parse(source).body
    index = ast.literal_eval(first.value)
    assert [command for _, command, _ in index] == [row["command"] for row in ROWS["questions"]]
    assert all(named(claims) for _, _, claims in index)
