"""The command line, in this process and in one of its own."""

import subprocess
import sys

import pytest


def pytest_addoption(parser):
    """Accept what the gold files are compared with, see tests/sensitivity/reporting/test_gold.py."""
    parser.addoption("--accept", action="store_true", help="write the gold files anew")


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
