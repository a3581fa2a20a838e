"""The command line, in this process and in one of its own."""

import gc
import gzip
import importlib.resources
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError

import numpy as np
import pytest
import scipy.linalg  # noqa: F401 (brings a BLAS of its own, to be limited below)
from threadpoolctl import threadpool_limits

# Stored numbers are those of the NumPy path, whatever is installed; tests of the other one name it.
os.environ["SENSITIVITY_ENGINE"] = "numpy"
# Processes that tests start read what one of them has compiled.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False  # else every worker compiles all files of tests anew
# Machine code takes 40 s to compile: it is kept where it outlives a clone, and is found again by its content.
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path.home() / ".cache" / "sensitivity-tests"))


def pytest_addoption(parser):
    """Options of the gold files (tests/sensitivity/reporting/test_gold.py) and of the benchmarks."""
    parser.addoption("--accept", action="store_true", help="write the gold files anew")
    parser.addoption("--bench-out", type=Path, help="folder for tables and figures of the benchmarks")
    parser.addoption("--bench-quick", action="store_true", help="benchmarks at a glance: small and noisy")


# Files that take longest. They come first, so that with -n no process is left alone with one at the end.
LONGEST = (
    "test_gold",
    "test_agreement",
    "test_pictures",
    "test_measures",
    "test_browser",
    "test_sharing",
    "test_cluster",
    "test_reproducibility",
    "test_surrogate_decomposition",
    "test_training",
    "test_mistakes",
    "test_executors",
    "test_kills",
    "test_databases",
    "test_ledger",
    "test_study",
    "test_row_order",
    "test_possible_shares",
    "test_virtual_grid",
    "test_robust_reading",
    "test_random_studies",
    "test_lack_of_fit",
    "test_tolerance",
    "test_noise_sources",
    "test_variance",
    "test_valley",
    "test_functions",
    "test_zoom",
    "test_notebooks",
    "test_fuzz",
    "test_claims_command",
)


def pytest_collection_modifyitems(items):
    """Longest files first; within a file as it is written."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(places)))


def pytest_collection_finish():
    """Modules and collected tests stay to the end: no collection of garbage need look at them again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def one_blas_thread():
    """Leave the other cores to other tests: a thread that waits for the next small matrix only burns time."""
    with threadpool_limits(1):
        yield


@pytest.fixture(scope="session")
def machine_code():
    """Machine code of the compiled path: whoever comes first compiles it, others wait and load it."""
    pytest.importorskip("numba")
    from sweeps.compiled.run import make_ready
    from sweeps.errors import StudyError
    from sweeps.file_locks import take_lock

    path = Path(os.environ["NUMBA_CACHE_DIR"]) / "compiling.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        for _ in range(600):
            try:
                take_lock(file.fileno(), path)
                break
            except StudyError:
                time.sleep(0.5)
        for kind in (np.float32, np.float64):
            make_ready(kind)


@pytest.fixture(scope="module")
def few_trees():
    """Forests of 40 trees in place of 100, for tests of what holds with any forest."""
    from sensitivity.estimators.surrogate import trees

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trees, "MUCH", 1)
        yield


@pytest.fixture
def accept(request):
    """Whether the gold files shall be written."""
    return request.config.getoption("--accept")


@pytest.fixture
def command(monkeypatch, capsys):
    """Call the command line in this process: arguments in, (exit code, output, errors) out."""

    def call(*arguments):
        from sensitivity.commands.cli import main

        monkeypatch.setattr(sys, "argv", ["sensitivity", *map(str, arguments)])
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = stop.code or 0
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.fixture
def process():
    """Start the command line in a process of its own; killed at the end of the test if it still runs."""
    started = []

    def start(*arguments):
        line = [sys.executable, "-m", "sensitivity", *map(str, arguments)]
        running = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        started.append(running)
        return running

    yield start
    for running in started:
        if running.poll() is None:
            running.kill()
        running.communicate()


URLS = {
    "api-v1-jd-{}.json": "api/v1/json/data/{}",
    "api-v1-jdf-{}.json": "api/v1/json/data/features/{}",
    "api-v1-jdq-{}.json": "api/v1/json/data/qualities/{}",
}
FILES = {
    61: ("data-v1-dl-61.arff", "data/v1/download/61/iris.arff"),
    40945: ("data-v1-dl-16826755.arff", "data/v1/download/16826755/Titanic.arff"),
}


@pytest.fixture
def openml(tmp_path, monkeypatch):
    """A data home with what OpenML answered when scikit-learn's own tests were recorded; no network."""
    from sklearn.datasets import _openml as fetcher

    from sweeps.own_data import _fetched

    recorded = importlib.resources.files("sklearn.datasets.tests.data.openml")
    home = tmp_path / "home" / "openml" / "openml.org"

    def place(source, path):
        goal = home / f"{path}.gz"
        goal.parent.mkdir(parents=True, exist_ok=True)
        with gzip.open(goal, "wb") as file, gzip.open(recorded / source, "rb") as found:
            shutil.copyfileobj(found, file)

    for number, (name, path) in FILES.items():
        place(f"id_{number}/{name}.gz", path)
        for source, url in URLS.items():
            place(f"id_{number}/{source.format(number)}.gz", url.format(number))
    listed = "api/v1/json/data/list/data_name/iris/limit/2/status/active/"
    place("id_61/api-v1-jdl-dn-iris-l-2-s-act-.json.gz", listed)

    def no_network(*_, **__):
        raise URLError("Temporary failure in name resolution")

    monkeypatch.setattr(fetcher, "urlopen", no_network)
    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(tmp_path / "home"))
    _fetched.clear()
    yield
    _fetched.clear()
