"""The architecture: one arrow between the packages, and light workers."""

import ast
import graphlib
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOOLS = {"test", "lint", "bench"}  # extras of which the packages import nothing
OPTUNA = {"study", "recorded_trials", "storages", "journal", "databases", "grpc_proxy", "search"}


@cache
def parsed(path):
    """Tree of a file, which several tests below walk through."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes(path):
    """Every import of a file, wherever it stands."""
    return [node for node in ast.walk(parsed(path)) if isinstance(node, ast.Import | ast.ImportFrom)]


def imported(path):
    """Top-level names of the packages a file imports anywhere."""
    for node in nodes(path):
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
MATHEMATICS |= {"datasets", "splits", "encoding", "cell_values", "columns", "own_data", "named_data"}
MATHEMATICS |= {"optimizers", "schedules"}
DOOR = ["definition", "parsing", "designs", "search", "study", "execution", "objective", "run", "trial"]
DOOR += ["recorder", "recorded_trials"]


@pytest.mark.parametrize("stem", DOOR)
def test_the_loop_knows_objectives_but_no_networks(stem):
    """What asks, plans, carries out and records imports nothing that the network's objective is made of."""
    text = (ROOT / "sweeps" / f"{stem}.py").read_text(encoding="utf-8")
    assert not set(re.findall(r"^\s*from sweeps\.(\w+) import", text, re.MULTILINE)) & MATHEMATICS


def test_what_is_imported_is_declared():
    """Every package that an import names is a dependency of its own, not only somebody else's."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[><=]", line)[0].replace("-", "_") for line in project["dependencies"]}
    extras = [
        line
        for name, lines in project["optional-dependencies"].items()
        for line in lines
        if name not in TOOLS
    ]
    optional = {re.split(r"[><=]", line)[0].replace("-", "_") for line in extras}
    files = [path for package in ("sweeps", "sensitivity") for path in (ROOT / package).rglob("*.py")]

    def packages(paths):
        names = {name for path in paths for name in imported(path)} - {"sweeps", "sensitivity"}
        return {
            {"sklearn": "scikit_learn", "fluent": "fluent.runtime", "fontTools": "fonttools"}.get(name, name)
            for name in names - sys.stdlib_module_names
        }

    assert packages(files) - optional == declared
    fast = {re.split(r"[><=]", line)[0] for line in project["optional-dependencies"]["fast"]}
    assert not packages(path for path in files if path.parent.name != "compiled") & fast


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


# Every room of the package from the top floor down: a room imports from those below it, and from no other.
FLOORS = (
    ("__main__",),
    ("__init__",),
    ("commands",),
    ("export",),
    ("claims", "planning"),
    ("reporting",),
    ("reporting.cautions",),
    ("pictures",),
    ("pictures.marks",),
    ("pictures.labels",),
    ("pictures.picture",),
    ("pictures.saving",),
    ("pictures.notes",),
    ("pictures.style", "pictures.ticks_once", "pictures.light_fonts"),
    ("across",),
    ("measures",),
    ("reading",),
    ("estimators.curves",),
    ("estimators.surrogate",),
    ("estimators",),
    ("about",),
    ("files", "study"),
    ("order",),
    ("trials", "axis", "scale"),
    ("coding",),
    ("remarks", "request", "arrays", "version", "vocabulary"),
    ("branch",),
    ("words",),
    ("language",),
)
FLOOR = {room: len(FLOORS) - place for place, rooms in enumerate(FLOORS) for room in rooms}
# Arrows between rooms of one floor, or up, that are there for a reason.
GRANTED = {
    ("estimators", "estimators.surrogate"),  # branches, each with the estimator that its design allows
}


def room_of(module):
    """Most special room that a module of the package lies in."""
    parts = module.split(".")
    names = [".".join(parts[:count]) for count in range(len(parts), 0, -1)]
    return next(name for name in names if name in FLOOR)


def arrows():
    """Room and imported room of every import of the package by itself, and the line's file."""
    for path in sorted((ROOT / "sensitivity").rglob("*.py")):
        module = ".".join(path.relative_to(ROOT / "sensitivity").with_suffix("").parts)
        here = room_of(module.removesuffix(".__init__") if module != "__init__" else module)
        for node in nodes(path):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sensitivity."):
                known = node.module.removeprefix("sensitivity.")
                for alias in node.names:
                    whole = ROOT / "sensitivity" / f"{known}.{alias.name}".replace(".", "/")
                    inside = whole.is_dir() or whole.with_suffix(".py").exists()
                    yield here, room_of(f"{known}.{alias.name}" if inside else known), path.name


def test_every_room_has_its_floor_and_imports_only_go_down():
    """The list above is the whole architecture: no arrow goes up, none to a room that is not in it."""
    wrong = {
        (here, there, name)
        for here, there, name in arrows()
        if here != there and FLOOR[here] <= FLOOR[there] and (here, there) not in GRANTED
    }
    assert not wrong


# Every module of `sweeps` from the top floor down: it imports from those below it, for types as well.
SWEEPS = (
    ("sharing",),
    ("shared_terms",),
    ("run",),
    ("designs", "finder", "gradient_noise", "recorder", "run_folder"),
    ("definition",),
    ("objectives",),
    ("network_objective",),
    ("network_checks",),
    ("measured_forms", "named_data", "study", "tasks"),
    ("again", "estimator", "functions", "several", "transfer"),
    ("compiled",),
    ("objective", "own_data", "recorded_trials", "storages"),
    ("keys", "own_settings", "parsing", "search", "shared_results", "training", "trajectories"),
    ("population", "settings", "trial", "watched"),
    ("optimizers",),
    ("adaptive", "columns", "direct_search", "momentum"),
    (
        "cell_values",
        "cluster",
        "databases",
        "journal",
        "optimizer",
        "process_family",
        "raw_rows",
        "returned_data",
        "splits",
    ),
    (
        "calls",
        "datasets",
        "execution",
        "file_locks",
        "function_state",
        "grpc_proxy",
        "handed",
        "local_cluster",
        "network",
        "shared_folder",
        "space",
        "surfaces",
        "table_files",
    ),
    ("worker_processes",),
    (
        "activations",
        "batch_norm",
        "closed_forms",
        "deaths",
        "deadlines",
        "encoding",
        "garbage",
        "handout",
        "losses",
        "owner",
        "record_chain",
        "schedules",
        "seeds",
        "urls",
        "versions",
    ),
    ("engines", "small_files", "subnormals"),
    ("errors",),
)


def test_every_module_of_sweeps_has_its_floor_and_imports_only_go_down():
    """Imports under TYPE_CHECKING and inside functions count: what a module speaks of lies below it."""
    floor = {module: len(SWEEPS) - place for place, modules in enumerate(SWEEPS) for module in modules}
    paths = [path.relative_to(ROOT / "sweeps") for path in (ROOT / "sweeps").rglob("*.py")]
    files = [(path.with_suffix("").parts[0], ROOT / "sweeps" / path) for path in paths]
    files = [(here, path) for here, path in files if here not in {"__init__", "ready_made"}]
    assert {here for here, _ in files} == set(floor)
    for here, path in files:
        for node in nodes(path):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sweeps."):
                there = node.module.split(".")[1]
                assert floor[there] < floor[here] or here == there == "compiled", f"{here} → {there}"


def _inside(line):
    """What a line would import if the names were modules."""
    return [f"{line.module}.{alias.name}" for alias in line.names]


def test_no_files_import_each_other_in_a_circle():
    """Whatever is imported when a module is loaded; graphlib raises at the first circle."""
    graph = {}
    for package in ("sweeps", "sensitivity"):
        for path in (ROOT / package).rglob("*.py"):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            body = parsed(path).body
            lines = [node for node in body if isinstance(node, ast.ImportFrom) and node.module]
            graph[name] = {other for line in lines for other in (line.module, *_inside(line))}
    rooms = {name.rpartition(".")[0] for name in graph}  # the map of a room imports what is in it
    known = {name: {o for o in others if o in graph and o not in rooms} for name, others in graph.items()}
    assert list(graphlib.TopologicalSorter(known).static_order())


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
