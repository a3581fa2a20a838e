"""The architecture: one arrow between the packages, and light workers."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OPTUNA = {"study", "storages", "journal", "search"}


def imported(path):
    """Top-level names of the packages a file imports anywhere."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("path", sorted((ROOT / "sweeps").rglob("*.py")), ids=lambda path: path.stem)
def test_sweeps_knows_nothing_of_sensitivity(path):
    """Trials come before tables and pictures; only the study's files know Optuna."""
    names = set(imported(path))
    assert not names & {"sensitivity", "pandas", "seaborn", "matplotlib", "typer", "rich"}
    assert "optuna" not in names or path.stem in OPTUNA


MATHEMATICS = {"network", "activations", "batch_norm", "population", "training", "tasks"}
MATHEMATICS |= {"datasets", "optimizers", "schedules"}
DOOR = ["definition", "parsing", "designs", "search", "study", "execution", "objective", "run", "trial"]


@pytest.mark.parametrize("stem", DOOR)
def test_the_loop_knows_objectives_but_no_networks(stem):
    """What asks, plans, carries out and records imports nothing that the network's objective is made of."""
    text = (ROOT / "sweeps" / f"{stem}.py").read_text(encoding="utf-8")
    assert not set(re.findall(r"^\s*from sweeps\.(\w+) import", text, re.MULTILINE)) & MATHEMATICS


def test_what_is_imported_is_declared():
    """Every package that an import names is a dependency of its own, not only somebody else's."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[><=]", line)[0].replace("-", "_") for line in project["dependencies"]}
    files = [path for package in ("sweeps", "sensitivity") for path in (ROOT / package).rglob("*.py")]
    names = {name for path in files for name in imported(path)} - {"sweeps", "sensitivity"}
    others = {{"sklearn": "scikit_learn"}.get(name, name) for name in names - sys.stdlib_module_names}
    assert others == declared


def test_a_worker_process_is_light():
    """What a worker imports to train brings none of the heavy packages."""
    heavy = "{'pandas', 'seaborn', 'matplotlib', 'optuna', 'pydantic', 'sklearn', 'scipy', 'typer', 'rich'}"
    modules = "sys, sensitivity, sweeps.execution, sweeps.objective, sweeps.tasks"
    code = f"import {modules}; print(sorted({heavy} & set(sys.modules)))"
    answer = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
    )
    assert answer.stdout.strip() == "[]"


def test_help_is_light():
    """--help imports neither NumPy nor anything slower."""
    heavy = "{'numpy', 'pandas', 'optuna', 'pydantic'}"
    code = f"import sys, sensitivity.commands.cli; print(sorted({heavy} & set(sys.modules)))"
    answer = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
    )
    assert answer.stdout.strip() == "[]"


@pytest.mark.parametrize("room", ["estimators", "surrogates", "retuning"])
def test_measures_are_made_of_estimators_and_not_the_other_way_round(room):
    """What gives a number its interval knows neither the measure nor the picture nor the page."""
    for path in (ROOT / "sensitivity" / room).glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not re.findall(r"^\s*from sensitivity\.(?:measures|plots|report)\b.*", text, re.MULTILINE), (
            path
        )


def test_a_sweep_begins_to_train_before_tables_and_pictures_are_loaded():
    """What the command imports until its networks are trained draws nothing and knows no table."""
    heavy = "{'pandas', 'seaborn', 'matplotlib', 'scipy.stats'}"
    code = f"import sys, sensitivity.commands.sweep; print(sorted({heavy} & set(sys.modules)))"
    answer = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
    )
    assert answer.stdout.strip() == "[]"


def test_importing_the_package_imports_nothing_heavy():
    """A worker process that imports the package pays for neither pandas nor seaborn nor numpy."""
    code = (
        "import sys, sensitivity, sensitivity.measures, sensitivity.pictures;"
        "print({'numpy', 'pandas', 'seaborn', 'matplotlib', 'rich'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
