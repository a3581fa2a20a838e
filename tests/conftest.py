"""The command line, in this process and in one of its own."""

import subprocess
import sys

import pytest
import scipy.linalg  # noqa: F401 (brings a BLAS of its own, to be limited below)
from threadpoolctl import threadpool_limits


def pytest_addoption(parser):
    """Accept what the gold files are compared with, see tests/sensitivity/reporting/test_gold.py."""
    parser.addoption("--accept", action="store_true", help="write the gold files anew")


# Files that take longest. They come first, so that with -n no process is left alone with one at the end.
LONGEST = (
    "test_measures",
    "test_notebooks",
    "test_pictures",
    "test_agreement",
    "test_browser",
    "test_gold",
    "test_reproducibility",
    "test_surrogate_decomposition",
    "test_study",
    "test_row_order",
    "test_virtual_grid",
    "test_robust_reading",
    "test_mistakes",
    "test_random_studies",
    "test_lack_of_fit",
    "test_valley",
    "test_ledger",
)


def pytest_collection_modifyitems(items):
    """Longest files first; within a file as it is written."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(places)))


@pytest.fixture(scope="session", autouse=True)
def one_blas_thread():
    """Leave the other cores to other tests: a thread that waits for the next small matrix only burns time."""
    with threadpool_limits(1):
        yield


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
