"""The PyTorch example beside the notebooks: the stored table is the definition's, and PyTorch runs it."""

import importlib.util
import tomllib
from pathlib import Path

import numpy as np
import pytest

from sensitivity.trials import read_csv
from sweeps.definition import load, parse
from sweeps.objectives import objective_named
from sweeps.run import prepare, run

FOLDER = Path(__file__).parent.parent.parent.parent / "notebooks"


def test_the_stored_trials_are_those_of_the_definition():
    """Every configuration of the file beside the example, once per replicate, each with its result."""
    definition = parse(load(FOLDER / "pytorch_objective.toml"))
    table = read_csv(FOLDER / "pytorch/trials.csv")
    assert definition.differences(parse(load(FOLDER / "pytorch/sweep.toml"))) == []
    assert len(table) == definition.build_space().grid_size() * definition.replicates
    assert (table["outcome"] == "trained").all()
    assert np.allclose(table["value"], table["error"])


def test_the_example_has_thirty_lines():
    """As the page says: a model of thirty lines is all that it takes."""
    assert len((FOLDER / "pytorch_objective.py").read_text(encoding="utf-8").splitlines()) <= 30


@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="PyTorch is not installed")
def test_pytorch_gives_curves_and_the_same_with_two_workers(tmp_path):
    """Two configurations of the example: ten epochs each, bit by bit the same in another process."""
    raw = tomllib.loads((FOLDER / "pytorch_objective.toml").read_text(encoding="utf-8"))
    space = {"optimizer": "adam", "learning_rate": [0.001, 0.01], "dropout": 0.5}
    definition = parse(raw | {"space": space, "replicates": 1})
    ready = prepare(definition, objective_named(definition.objective, [str(FOLDER)]))
    one, two = (run(ready, f"journal://{tmp_path}/{n}.journal", workers=n) for n in (1, 2))
    assert [trial.curves for trial in one] == [trial.curves for trial in two]
    assert [len(trial.curves["error"]) for trial in one] == [10, 10]
    assert one[1].value < 0.3  # chance is 0.9
