"""The notebooks: stored with their output, and a fresh kernel gives the same again."""

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "notebooks"
PICTURES = {
    "01_a_first_sweep": 4,
    "02_reading_each_measure": 10,
    "03_learning_rate_and_beta": 3,
    "04_schedules_and_batch_size": 4,
    "05_adding_an_optimizer": 3,
    "06_the_notes_put_to_the_test": 2,
    "07_your_own_training_code": 4,
}
LARGEST = 1_500_000  # bytes
# These train, and are run with -m slow: tests/gold has every number of a table, test_agreement.py those of a
# training, a rule of one's own is trained in contract/test_optimizers.py, a function in test_functions.py.
LONG = tuple(name for name in PICTURES if name != "06_the_notes_put_to_the_test")

each_notebook = pytest.mark.parametrize("name", PICTURES)


def read(path):
    """Notebook, checked against the format."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    return notebook


def code(notebook):
    """Its cells with code."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def texts(notebook):
    """Plain text of every output that is no picture, a list per cell with code."""
    return [
        [
            output.get("text") or output["data"]["text/plain"]
            for output in cell.outputs
            if "image/png" not in output.get("data", {})
        ]
        for cell in code(notebook)
    ]


def numbers(text):
    """Decimal numbers in a text; 0.1 and 0.100 are one."""
    return {float(number) for number in re.findall(r"\d+\.\d+", text)}


def test_every_notebook_is_here():
    """A new notebook has to be added to the table above."""
    assert {path.stem for path in FOLDER.glob("*.ipynb")} == set(PICTURES)


@each_notebook
def test_stored_with_its_output(name):
    """Every cell was run, in order, without error or warning, and the pictures are there."""
    notebook = read(FOLDER / f"{name}.ipynb")
    cells = code(notebook)
    outputs = [output for cell in cells for output in cell.outputs]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert not [output for output in outputs if output.output_type == "error"]
    assert not [output for output in outputs if output.get("name") == "stderr"]
    assert sum("image/png" in output.get("data", {}) for output in outputs) == PICTURES[name]
    assert (FOLDER / f"{name}.ipynb").stat().st_size < LARGEST


@each_notebook
def test_what_was_found_stands_in_the_output(name):
    """The words under a picture name no number that is neither in the code nor in its output."""
    notebook = read(FOLDER / f"{name}.ipynb")
    shown = numbers(f"{texts(notebook)} {[cell.source for cell in code(notebook)]}")
    prose = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    found = [part for part in prose.split("\n\n") if part.startswith("**Found:**")]
    assert found
    for paragraph in found:
        assert numbers(paragraph) <= shown, paragraph


@each_notebook
def test_what_it_imports_is_there(name):
    """Every name that it takes from the two packages, also where it is not run here."""
    trees = [ast.parse(cell.source) for cell in code(read(FOLDER / f"{name}.ipynb"))]
    imports = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    ours = [node for node in imports if node.module.partition(".")[0] in {"sensitivity", "sweeps"}]
    for node in ours:
        for alias in node.names:
            assert found(node.module, alias.name), f"from {node.module} import {alias.name}"


def found(module, name):
    """Whether ``from module import name`` works."""
    try:
        return hasattr(importlib.import_module(module), name) or importlib.import_module(f"{module}.{name}")
    except ModuleNotFoundError:
        return False


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] * (name in LONG)) for name in PICTURES]
)
def test_runs_top_to_bottom_and_gives_the_same(name, tmp_path):
    """A fresh kernel runs it without error and prints what is stored, to the last digit."""
    command = [sys.executable, str(FOLDER / "refresh.py"), f"{name}.ipynb", "--into", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr[-3000:]
    fresh, stored = read(tmp_path / f"{name}.ipynb"), read(FOLDER / f"{name}.ipynb")
    assert [len(cell.outputs) for cell in code(fresh)] == [len(cell.outputs) for cell in code(stored)]
    if fresh.metadata.made_with != stored.metadata.made_with:
        pytest.skip(f"it runs; the stored numbers are of {dict(stored.metadata.made_with)}")
    assert texts(fresh) == texts(stored), (
        "store them anew: python notebooks/refresh.py, and read the words again"
    )
